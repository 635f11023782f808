/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fault-vfs.h"

#include <sqlite3.h>
#include <string.h>

#define SECTOR 512

/* A write that no sync has followed yet. */
typedef struct {
  gint64  at;
  GBytes *before; /* shorter than @after where the file ended */
  GBytes *after;  /* NULL: truncated at @at, @before is the tail */
} Write;

typedef struct {
  sqlite3_file  base;
  sqlite3_file *real;
  char         *name;
} File;

static struct {
  sqlite3_vfs vfs;
  sqlite3_vfs *real;
  GMutex mutex;
  guint nth[CHS_N_FAULTS], times[CHS_N_FAULTS], calls[CHS_N_FAULTS];
  guint hits;
  gint64 space;
  GHashTable *unsynced; /* name : GPtrArray of Write */
} disk;

static void
write_free (gpointer data)
{
  Write *w = data;

  g_bytes_unref (w->before);
  g_clear_pointer (&w->after, g_bytes_unref);
  g_free (w);
}

/* With the mutex held. */
static gboolean
fails (ChsFault fault)
{
  guint call = ++disk.calls[fault];
  gboolean hit = disk.times[fault] > 0 && call >= disk.nth[fault] && call - disk.nth[fault] < disk.times[fault];

  disk.hits += hit;
  return hit;
}

static GPtrArray *
unsynced (const char *name)
{
  GPtrArray *writes = g_hash_table_lookup (disk.unsynced, name);

  if (writes == NULL) {
    writes = g_ptr_array_new_with_free_func (write_free);
    g_hash_table_insert (disk.unsynced, g_strdup (name), writes);
  }
  return writes;
}

#define HANG_LOOK_US 5000

static GBytes *
read_old (File *file, gint64 at, gint64 n)
{
  sqlite3_int64 size = 0;
  guint8 *buf;

  file->real->pMethods->xFileSize (file->real, &size);
  n = CLAMP (size - at, 0, n);
  buf = g_malloc0 ((gsize) n + 1);
  if (n > 0)
    file->real->pMethods->xRead (file->real, buf, (int) n, at);
  return g_bytes_new_take (buf, (gsize) n);
}

static void
remember (File *file, gint64 at, gint64 n, const void *after)
{
  Write *w = g_new0 (Write, 1);

  w->at = at;
  w->before = read_old (file, at, n);
  w->after = after != NULL ? g_bytes_new (after, (gsize) n) : NULL;
  g_ptr_array_add (unsynced (file->name), w);
}

/* ---- files ---- */

#define REAL(f) (((File *) (f))->real)

static int
file_close (sqlite3_file *f)
{
  int rc = REAL (f)->pMethods->xClose (REAL (f));

  g_free (((File *) f)->name);
  g_free (REAL (f));
  return rc;
}

static int
file_read (sqlite3_file *f, void *buf, int n, sqlite3_int64 at)
{
  gboolean hit;

  g_mutex_lock (&disk.mutex);
  hit = fails (CHS_FAULT_READ);
  g_mutex_unlock (&disk.mutex);
  return hit ? SQLITE_IOERR_READ : REAL (f)->pMethods->xRead (REAL (f), buf, n, at);
}

static gint hanging; /* atomic */

static int
file_write (sqlite3_file *f, const void *buf, int n, sqlite3_int64 at)
{
  int rc;

  while (g_atomic_int_get (&hanging))
    g_usleep (HANG_LOOK_US);
  g_mutex_lock (&disk.mutex);
  if (fails (CHS_FAULT_WRITE))
    rc = SQLITE_IOERR_WRITE;
  else if (disk.space < n) {
    disk.hits++;
    rc = SQLITE_FULL;
  } else {
    disk.space -= n;
    if (((File *) f)->name != NULL)
      remember ((File *) f, at, n, buf);
    rc = REAL (f)->pMethods->xWrite (REAL (f), buf, n, at);
  }
  g_mutex_unlock (&disk.mutex);
  return rc;
}

static int
file_truncate (sqlite3_file *f, sqlite3_int64 size)
{
  int rc = SQLITE_IOERR_TRUNCATE;

  g_mutex_lock (&disk.mutex);
  if (!fails (CHS_FAULT_TRUNCATE)) {
    if (((File *) f)->name != NULL)
      remember ((File *) f, size, G_MAXINT32, NULL);
    rc = REAL (f)->pMethods->xTruncate (REAL (f), size);
  }
  g_mutex_unlock (&disk.mutex);
  return rc;
}

static int
file_sync (sqlite3_file *f, int flags)
{
  int rc = SQLITE_IOERR_FSYNC;

  g_mutex_lock (&disk.mutex);
  if (!fails (CHS_FAULT_SYNC)) {
    if (((File *) f)->name != NULL)
      g_ptr_array_set_size (unsynced (((File *) f)->name), 0);
    rc = REAL (f)->pMethods->xSync (REAL (f), flags);
  }
  g_mutex_unlock (&disk.mutex);
  return rc;
}

static int
file_size (sqlite3_file *f, sqlite3_int64 *size)
{
  return REAL (f)->pMethods->xFileSize (REAL (f), size);
}

static int
file_lock (sqlite3_file *f, int lock)
{
  return REAL (f)->pMethods->xLock (REAL (f), lock);
}

static int
file_unlock (sqlite3_file *f, int lock)
{
  return REAL (f)->pMethods->xUnlock (REAL (f), lock);
}

static int
file_check_lock (sqlite3_file *f, int *out)
{
  return REAL (f)->pMethods->xCheckReservedLock (REAL (f), out);
}

static int
file_control (sqlite3_file *f, int op, void *arg)
{
  return REAL (f)->pMethods->xFileControl (REAL (f), op, arg);
}

static int
file_sector_size (sqlite3_file *f)
{
  return SECTOR;
}

static int
file_characteristics (sqlite3_file *f)
{
  return 0; /* nothing is promised: not even that one page does not spoil its neighbour */
}

static int
file_shm_map (sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
  return REAL (f)->pMethods->xShmMap (REAL (f), page, size, extend, out);
}

static int
file_shm_lock (sqlite3_file *f, int offset, int n, int flags)
{
  return REAL (f)->pMethods->xShmLock (REAL (f), offset, n, flags);
}

static void
file_shm_barrier (sqlite3_file *f)
{
  REAL (f)->pMethods->xShmBarrier (REAL (f));
}

static int
file_shm_unmap (sqlite3_file *f, int del)
{
  return REAL (f)->pMethods->xShmUnmap (REAL (f), del);
}

static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = file_close,
  .xRead = file_read,
  .xWrite = file_write,
  .xTruncate = file_truncate,
  .xSync = file_sync,
  .xFileSize = file_size,
  .xLock = file_lock,
  .xUnlock = file_unlock,
  .xCheckReservedLock = file_check_lock,
  .xFileControl = file_control,
  .xSectorSize = file_sector_size,
  .xDeviceCharacteristics = file_characteristics,
  .xShmMap = file_shm_map,
  .xShmLock = file_shm_lock,
  .xShmBarrier = file_shm_barrier,
  .xShmUnmap = file_shm_unmap,
};

/* ---- the VFS ---- */

static int
vfs_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
  File *file = (File *) f;
  gboolean hit;
  int rc;

  memset (file, 0, sizeof *file);
  g_mutex_lock (&disk.mutex);
  hit = fails (CHS_FAULT_OPEN);
  g_mutex_unlock (&disk.mutex);
  if (hit)
    return SQLITE_CANTOPEN;
  file->real = g_malloc0 ((gsize) disk.real->szOsFile);
  rc = disk.real->xOpen (disk.real, name, file->real, flags, out_flags);
  if (rc != SQLITE_OK) {
    g_free (file->real);
    return rc;
  }
  file->name = g_strdup (name);
  file->base.pMethods = &methods;
  return rc;
}

static int
vfs_delete (sqlite3_vfs *vfs, const char *name, int sync)
{
  int rc;

  g_mutex_lock (&disk.mutex);
  rc = disk.real->xDelete (disk.real, name, sync);
  if (rc == SQLITE_OK)
    g_hash_table_remove (disk.unsynced, name);
  g_mutex_unlock (&disk.mutex);
  return rc;
}

void
chs_fault_install (void)
{
  disk.real = sqlite3_vfs_find (NULL);
  disk.vfs = *disk.real;
  disk.vfs.zName = "fault";
  disk.vfs.szOsFile = sizeof (File);
  disk.vfs.xOpen = vfs_open;
  disk.vfs.xDelete = vfs_delete;
  disk.unsynced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  chs_fault_heal ();
  sqlite3_vfs_register (&disk.vfs, 1);
}

void
chs_fault_arm (ChsFault fault, guint nth, guint times)
{
  g_mutex_lock (&disk.mutex);
  disk.calls[fault] = 0;
  disk.nth[fault] = nth;
  disk.times[fault] = times;
  g_mutex_unlock (&disk.mutex);
}

void
chs_fault_heal (void)
{
  g_mutex_lock (&disk.mutex);
  memset (disk.times, 0, sizeof disk.times);
  memset (disk.calls, 0, sizeof disk.calls);
  disk.space = G_MAXINT64;
  disk.hits = 0;
  g_mutex_unlock (&disk.mutex);
}

void
chs_fault_set_space (gint64 bytes)
{
  g_mutex_lock (&disk.mutex);
  disk.space = bytes;
  g_mutex_unlock (&disk.mutex);
}

guint
chs_fault_get_hits (void)
{
  guint hits;

  g_mutex_lock (&disk.mutex);
  hits = disk.hits;
  g_mutex_unlock (&disk.mutex);
  return hits;
}

/* ---- the power cut ---- */

static void
put (GByteArray *content, gint64 at, const guint8 *bytes, gsize n)
{
  if (n == 0)
    return;
  if (content->len < (gsize) at + n) {
    guint was = content->len;

    g_byte_array_set_size (content, (guint) ((gsize) at + n));
    memset (content->data + was, 0, content->len - was);
  }
  memcpy (content->data + at, bytes, n);
}

static void
undo (GByteArray *content, const Write *w)
{
  gsize n;
  const guint8 *bytes = g_bytes_get_data (w->before, &n);

  if (w->after != NULL && n < g_bytes_get_size (w->after) && content->len > (gsize) w->at + n)
    g_byte_array_set_size (content, (guint) ((gsize) w->at + n));
  put (content, w->at, bytes, n);
}

/* A third of the writes never came, a third came in part, whole sectors at a time. */
static void
redo (GByteArray *content, const Write *w, GRand *rand)
{
  gsize n;
  const guint8 *bytes;

  if (g_rand_int_range (rand, 0, 3) == 0)
    return;
  if (w->after == NULL) {
    if (content->len > w->at)
      g_byte_array_set_size (content, (guint) w->at);
    return;
  }
  bytes = g_bytes_get_data (w->after, &n);
  if (g_rand_boolean (rand))
    n = (gsize) g_rand_int_range (rand, 0, (gint32) n + 1) / SECTOR * SECTOR;
  put (content, w->at, bytes, n);
}

static void
cut_file (const char *name, const char *to, GRand *rand)
{
  GPtrArray *writes = g_hash_table_lookup (disk.unsynced, name);
  g_autoptr (GByteArray) content = NULL;
  char *bytes;
  gsize n;

  if (!g_file_get_contents (name, &bytes, &n, NULL))
    return;
  content = g_byte_array_new_take ((guint8 *) bytes, n);
  for (guint i = writes != NULL ? writes->len : 0; i-- > 0;)
    undo (content, g_ptr_array_index (writes, i));
  for (guint i = 0; writes != NULL && i < writes->len; i++)
    redo (content, g_ptr_array_index (writes, i), rand);
  g_file_set_contents (to, (const char *) content->data, content->len, NULL);
}

void
chs_fault_power_cut (const char *name, const char *to, GRand *rand)
{
  g_autofree char *wal = g_strconcat (name, "-wal", NULL), *to_wal = g_strconcat (to, "-wal", NULL);

  g_mutex_lock (&disk.mutex);
  cut_file (name, to, rand);
  cut_file (wal, to_wal, rand);
  g_mutex_unlock (&disk.mutex);
}

void
chs_fault_hang (gboolean hangs)
{
  g_atomic_int_set (&hanging, hangs);
}
