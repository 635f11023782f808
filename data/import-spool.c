/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import-spool.h"

#include "data/event-codec.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)
#define BYTES_MAX (G_GINT64_CONSTANT (16) << 30) /* own choice: more than a year of four waves */
#define RELEASE_EVERY 65536u                     /* events, after which pages that were read are given back */
#define ALIGN 8u

typedef struct {
  gint64  wall_us;
  guint64 at; /* place in the file: rises with the order of adding */
} Entry;

struct _ChsSpool {
  FILE    *file;
  char    *buffer;
  guint64  size;
  GArray  *entries; /* of Entry */
  gboolean sorted;  /* came in order so far */
  int      failed;  /* errno of a write */
  guint8  *map;
};

ChsSpool *
chs_spool_new (const char *beside, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.values-XXXXXX", beside);
  int fd = g_mkstemp (path);
  ChsSpool *self;

  if (fd < 0) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_WRITE, "cannot write beside %s: %s", beside, g_strerror (errno));
    return NULL;
  }
  g_unlink (path);
  self = g_new0 (ChsSpool, 1);
  self->file = fdopen (fd, "w+b");
  self->buffer = g_malloc (BUFFER_BYTES);
  setvbuf (self->file, self->buffer, _IOFBF, BUFFER_BYTES);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  self->sorted = TRUE;
  return self;
}

void
chs_spool_free (ChsSpool *self)
{
  if (self == NULL)
    return;
  if (self->map != NULL)
    munmap (self->map, self->size);
  fclose (self->file);
  g_free (self->buffer);
  g_array_unref (self->entries);
  g_free (self);
}

/* Written as it stands in memory, up to a multiple of eight: samples are read in place. */
static void
put (ChsSpool *self, const void *bytes, gsize n)
{
  static const char zeros[ALIGN];
  gsize pad = (ALIGN - n % ALIGN) % ALIGN;

  if (fwrite (bytes, 1, n, self->file) != n || fwrite (zeros, 1, pad, self->file) != pad)
    self->failed = errno;
  self->size += n + pad;
}

gboolean
chs_spool_add (ChsSpool *self, const ChsEvent *event)
{
  Entry entry = { event->wall_us, self->size };
  gsize n_borrowed = 0;
  const void *borrowed = chs_event_borrowed (event, &n_borrowed);

  if (self->failed != 0 || self->entries->len >= CHS_IMPORT_EVENTS_MAX || self->size > BYTES_MAX)
    return FALSE;
  if (self->entries->len > 0 && g_array_index (self->entries, Entry, self->entries->len - 1).wall_us > entry.wall_us)
    self->sorted = FALSE;
  put (self, event, chs_event_size (event));
  if (n_borrowed > 0)
    put (self, borrowed, n_borrowed);
  g_array_append_val (self->entries, entry);
  return self->failed == 0;
}

static int
compare (const void *left, const void *right)
{
  const Entry *a = left, *b = right;

  if (a->wall_us != b->wall_us)
    return a->wall_us < b->wall_us ? -1 : 1;
  return a->at < b->at ? -1 : a->at > b->at;
}

gsize
chs_spool_sort (ChsSpool *self, GError **error)
{
  if (self->failed == 0 && fflush (self->file) != 0)
    self->failed = errno;
  if (self->failed == 0 && self->entries->len > 0) {
    self->map = mmap (NULL, self->size, PROT_READ, MAP_PRIVATE, fileno (self->file), 0);
    if (self->map == MAP_FAILED) {
      self->map = NULL;
      self->failed = errno;
    }
  }
  if (self->failed != 0) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_WRITE, "cannot keep the values while they are sorted: %s; is there room?",
                 g_strerror (self->failed));
    return 0;
  }
  if (!self->sorted)
    qsort (self->entries->data, self->entries->len, sizeof (Entry), compare);
  return self->entries->len;
}

void
chs_spool_get (ChsSpool *self, gsize i, ChsEvent *event)
{
  guint64 at = g_array_index (self->entries, Entry, i).at;
  gsize size, n;

  if (i % RELEASE_EVERY == RELEASE_EVERY - 1)
    madvise (self->map, self->size, MADV_DONTNEED); /* they come back from the file when wanted */
  memcpy (event, self->map + at, MIN (sizeof *event, self->size - at));
  size = chs_event_size (event);
  size += (ALIGN - size % ALIGN) % ALIGN;
  if (chs_event_borrowed (event, &n) != NULL && n > 0)
    chs_event_set_borrowed (event, self->map + at + size);
}
