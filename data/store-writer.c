/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/folder.h"
#include "data/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* One thread owns the database. Events come to it through a queue of bytes, are
 * packed into the open block of their stream, and are written in one transaction:
 * at once after an urgent event, else COMMIT_US after the first that waits.
 *
 * The open block is written again with each commit as it grows, and sealed when it
 * is full; so a committed event is in a whole block with a right hash at any
 * instant, and blocks are as large as they should be.
 *
 * When a commit fails nothing is thrown away: sealed blocks and rows wait in memory
 * and are written by a later commit. A hash is computed when its block is written,
 * so blocks that had to be dropped in between leave a gap and not a broken chain.
 *
 * g_get_monotonic_time() is used here for waiting only; no time from it is stored. */

#define COMMIT_US (800 * 1000)             /* leaves 200 ms of the promised second for the writing itself */
#define RETRY_FIRST_US G_TIME_SPAN_SECOND  /* after a failure; doubled up to RETRY_LAST_US */
#define RETRY_LAST_US (8 * G_TIME_SPAN_SECOND)
#define CLOSE_TRIES 4
#define CLOSE_RETRY_US (100 * 1000)
#define SLOW_US (5 * G_TIME_SPAN_SECOND)   /* a write that takes so long is a condition to be told */
#define BUSY_MS 3000                       /* a reader that is just looking */
#define CLOSE_BUSY_MS 5000

/* Bytes that may wait in the queue before kinds of events are dropped, the least precious first. */
static const gsize queue_limits[CHS_N_STREAMS] = {
  [CHS_STREAM_WAVE] = 4 * 1024 * 1024,
  [CHS_STREAM_RAW] = 8 * 1024 * 1024,
  [CHS_STREAM_JOURNAL] = 32 * 1024 * 1024,
};

#define ROOM_BYTES (1024 * 1024) /* an importer waits above it; well below the first limit */

/* Bytes of sealed blocks that may wait for a disk that fails. */
static const gsize backlog_limits[CHS_N_STREAMS] = {
  [CHS_STREAM_WAVE] = 16 * 1024 * 1024,
  [CHS_STREAM_RAW] = 16 * 1024 * 1024,
  [CHS_STREAM_JOURNAL] = 64 * 1024 * 1024,
};

typedef struct {
  guint32 event_size;    /* bytes of the event, rounded up to 8 */
  guint32 borrowed_size; /* bytes behind it */
  gint64  padding;       /* keeps the event aligned */
} QueueHead;

typedef struct {
  ChsPackState state;
  GByteArray  *open;           /* packed events of the open block */
  ChsBlock     block;          /* its row, without data and hashes */
  GQueue       sealed;         /* of ChsBlock: full, not committed yet */
  gsize        sealed_bytes;
  gboolean     dirty;          /* the open block has grown since the last commit */
  guint8       head[CHS_HASH_SIZE]; /* hash of the last sealed block that is committed */
} Stream;

struct _ChsStoreWriter {
  char       *path;
  ChsStoreLock lock;
  GThread    *thread;
  GMainContext *context;
  ChsStoreStateFunc func;
  gpointer    user_data;
  gboolean    bulk;      /* synced once, at the end */
  guint64     first_seq; /* next one when the file was opened */
  gint64      first_us;

  /* Shared with the appending thread, under the mutex. */
  GMutex      mutex;
  GCond       wake, done;
  GByteArray *queue;
  GArray     *sources;          /* of ChsStoreSource, not written yet */
  GArray     *tracks;           /* of ChsStoreTrack, likewise */
  gint64      first_wait_us;    /* when the oldest event in the queue came; 0 = queue empty */
  gboolean    urgent, flush, stop, complete;
  guint64     last_seq;         /* of the last event appended */
  guint64     committed_seq;
  guint64     flushes;          /* attempts to commit that were finished */
  guint64     dropped[CHS_N_STREAMS];
  gint64      writing_since_us; /* when the commit under way began; 0 = none */
  GError     *trouble;          /* why the last commit failed */
  GSource    *report;           /* waiting to tell */

  /* The writer thread's own. */
  sqlite3    *db;
  Stream      stream[CHS_N_STREAMS];
  GArray     *readable;         /* of ChsEvent: alarm and nurse rows not committed */
  GByteArray *work;             /* the queue being packed; swapped */
  GArray     *work_sources, *work_tracks;
  guint64     packed_seq;
  guint64     dropped_told;
  gint64      retry_us;
};

/* ---- opening ---- */

/* SQLite alone would make the file 0644, and leave its name to chance until the disk feels like writing the folder.
 * Nothing to do when it is there. SQLite gives the files that it makes beside it the same mode. */
static void
create_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    return;
  if (chs_folder_is_shared (folder) && fchmod (fd, 0640) != 0)
    g_debug ("the group of %s cannot read %s", folder, path);
  close (fd);
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync (fd);
    close (fd);
  }
}

static gboolean
open_database (ChsStoreWriter *self, GError **error)
{
  static const char durable[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL";
  static const char bulk[] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF";
  static const char pragmas[] = "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; "
                                "PRAGMA cache_size=-256"; /* KiB: it only appends; the default of 2 MiB fills in an hour */
  int rc = sqlite3_open_v2 (self->path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  if (rc != SQLITE_OK) {
    chs_store_set_error (error, self->db, rc, "cannot open %s", self->path);
    return FALSE;
  }
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_busy_timeout (self->db, BUSY_MS);
  return chs_store_exec (self->db, self->bulk ? bulk : durable, error) && chs_store_exec (self->db, pragmas, error);
}

static void
close_database (ChsStoreWriter *self)
{
  sqlite3_close (self->db);
  self->db = NULL;
}

static gint64
query_int (ChsStoreWriter *self, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 value = 0;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW)
    value = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return value;
}

static gboolean
save_facts (ChsStoreWriter *self, const ChsStoreMeta *meta, gboolean is_new, GError **error)
{
  g_autofree char *uuid = is_new && meta->session_id == NULL ? g_uuid_string_random () : NULL;
  sqlite3 *db = self->db;

  if (is_new && !(chs_store_save_meta (db, "session_id", uuid != NULL ? uuid : meta->session_id, error)
                  && chs_store_save_meta (db, "chair", meta->chair, error)
                  && chs_store_save_meta_int (db, "start_wall_us", meta->start_wall_us, error)))
    return FALSE;
  return chs_store_save_meta (db, "boot_id", meta->boot_id, error)
         && chs_store_save_meta_int (db, "start_mono_us", meta->start_mono_us, error)
         && chs_store_save_meta (db, "program", meta->program, error)
         && chs_store_save_meta_int (db, "complete", 0, error);
}

static gboolean
is_whole (const ChsBlock *block, char **why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = chs_block_unpack (block, &error);

  if (bytes == NULL)
    *why = g_strdup (error->message);
  return bytes != NULL;
}

static gboolean
move_aside (ChsStoreWriter *self, ChsStream stream, gint64 seq, const char *why, GError **error)
{
  const char *table = chs_streams[stream].table;
  char *sql = sqlite3_mprintf ("INSERT INTO aside SELECT %Q, seq, last_seq, data, %Q, %lld FROM %s WHERE seq = %lld; "
                               "DELETE FROM %s WHERE seq = %lld",
                               table, why, (sqlite3_int64) g_get_real_time (), table, (sqlite3_int64) seq, table,
                               (sqlite3_int64) seq);
  gboolean ok = chs_store_exec (self->db, sql, error);

  sqlite3_free (sql);
  return ok;
}

/* Finds the last whole block of a stream; damaged ones behind it are moved aside. */
static gboolean
resume_stream (ChsStoreWriter *self, ChsStream stream, const char *session_id, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT " CHS_BLOCK_COLUMNS " FROM %s ORDER BY seq DESC LIMIT 1", chs_streams[stream].table);

  chs_chain_seed (session_id, stream, self->stream[stream].head);
  for (;;) {
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2 (self->db, sql, -1, &stmt, NULL);
    ChsBlock block = { 0 };
    g_autofree char *why = NULL;
    gboolean sane;
    gint64 seq;

    rc = rc == SQLITE_OK ? sqlite3_step (stmt) : rc;
    if (rc != SQLITE_ROW) {
      sqlite3_finalize (stmt);
      if (rc != SQLITE_DONE)
        chs_store_set_error (error, self->db, rc, "cannot read the end of %s", self->path);
      return rc == SQLITE_DONE;
    }
    seq = sqlite3_column_int64 (stmt, 0);
    sane = chs_block_from_row (stmt, &block);
    sqlite3_finalize (stmt);
    if (sane && is_whole (&block, &why)) {
      memcpy (self->stream[stream].head, block.hash, CHS_HASH_SIZE);
      self->first_us = MAX (self->first_us, block.to_us);
      chs_block_clear (&block);
      return TRUE;
    }
    chs_block_clear (&block);
    if (!move_aside (self, stream, seq, why != NULL ? why : "the row makes no sense", error))
      return FALSE;
  }
}

static gboolean
resume (ChsStoreWriter *self, GError **error)
{
  ChsStoreMeta meta = { 0 };
  gboolean ok;
  gint64 last;

  if (!chs_store_check_format (self->db, self->path, error) || !chs_store_load_meta (self->db, &meta, error))
    return FALSE;
  /* Numbers are never given twice, not even those of blocks that were moved aside. */
  last = query_int (self, "SELECT max(s) FROM (SELECT max(last_seq) s FROM journal UNION ALL SELECT max(last_seq) FROM wave "
                          "UNION ALL SELECT max(last_seq) FROM raw UNION ALL SELECT max(last_seq) FROM aside "
                          "UNION ALL SELECT max(seq) FROM alarm UNION ALL SELECT max(seq) FROM nurse)");
  ok = last >= 0 && last < G_MAXINT64 / 4;
  if (!ok)
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED, "%s: the numbers of its events make no sense", self->path);
  for (guint i = 0; i < CHS_N_STREAMS && ok; i++)
    ok = resume_stream (self, i, meta.session_id != NULL ? meta.session_id : "", error);
  self->first_seq = (guint64) last + 1;
  chs_store_meta_clear (&meta);
  return ok;
}

static gboolean
begin_new (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
{
  ChsStoreMeta facts = { 0 };

  self->first_seq = 1;
  if (!chs_store_create (self->db, error) || !save_facts (self, meta, TRUE, error) || !chs_store_load_meta (self->db, &facts, error))
    return FALSE;
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    chs_chain_seed (facts.session_id, i, self->stream[i].head);
  chs_store_meta_clear (&facts);
  return TRUE;
}

static gboolean
prepare_file (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
{
  gboolean ok = chs_store_exec (self->db, "BEGIN IMMEDIATE", error);

  if (!ok)
    return FALSE;
  if (query_int (self, "SELECT count(*) FROM sqlite_schema") == 0)
    ok = begin_new (self, meta, error);
  else
    ok = resume (self, error) && save_facts (self, meta, FALSE, error);
  ok = ok && chs_store_exec (self->db, "COMMIT", error);
  if (!ok)
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return ok;
}

static gboolean
open_and_prepare (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
{
  if (open_database (self, error) && prepare_file (self, meta, error))
    return TRUE;
  close_database (self);
  return FALSE;
}

/* The file is so damaged that SQLite will not go on with it. It gets another name, what is whole in it is the
 * beginning of the new one. */
static gboolean
begin_after_damage (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
{
  static const char *const parts[] = { "", "-wal" };
  g_autofree char *aside = NULL;
  g_autoptr (GError) lost = NULL;
  ChsStoreCheck check = { 0 };

  for (guint i = 1; aside == NULL || g_file_test (aside, G_FILE_TEST_EXISTS); i++) {
    g_free (aside);
    aside = g_strdup_printf ("%s.damaged-%u", self->path, i);
  }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *from = g_strconcat (self->path, parts[i], NULL), *to = g_strconcat (aside, parts[i], NULL);

    if (g_rename (from, to) != 0 && errno != ENOENT) {
      g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "cannot move %s aside: %s", from, g_strerror (errno));
      return FALSE;
    }
  }
  if (!chs_store_recover (aside, self->path, &check, &lost))
    g_message ("recording: nothing recovered from %s: %s", aside, lost->message);
  g_message ("recording: %s was damaged and is now %s", self->path, aside);
  chs_store_check_clear (&check);
  create_file (self->path);
  return open_and_prepare (self, meta, error);
}

static gboolean
begin (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
{
  g_autoptr (GError) first = NULL;

  create_file (self->path);
  if (open_and_prepare (self, meta, &first))
    return TRUE;
  if (g_error_matches (first, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED))
    return begin_after_damage (self, meta, error);
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* ---- telling of trouble ---- */

static gboolean
on_report (gpointer data)
{
  ChsStoreWriter *self = data;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->report, g_source_unref);
  error = self->trouble != NULL ? g_error_copy (self->trouble) : NULL;
  g_mutex_unlock (&self->mutex);
  self->func (error, self->user_data);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void
tell (ChsStoreWriter *self)
{
  if (self->func == NULL || self->report != NULL)
    return;
  self->report = g_idle_source_new ();
  g_source_set_priority (self->report, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->report, on_report, self, NULL);
  g_source_attach (self->report, self->context);
}

static guint64
count_dropped (ChsStoreWriter *self)
{
  return self->dropped[CHS_STREAM_JOURNAL] + self->dropped[CHS_STREAM_WAVE] + self->dropped[CHS_STREAM_RAW];
}

/* With the mutex held. @error: why the commit failed, NULL when it did not. */
static void
note_outcome (ChsStoreWriter *self, GError *error)
{
  gboolean was_bad = self->trouble != NULL;

  if (error == NULL && count_dropped (self) != self->dropped_told)
    error = g_error_new (CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE,
                         "%s: storage is too slow; not recorded so far: %" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT
                         " wave blocks, %" G_GUINT64_FORMAT " raw blocks",
                         self->path, self->dropped[CHS_STREAM_JOURNAL], self->dropped[CHS_STREAM_WAVE],
                         self->dropped[CHS_STREAM_RAW]);
  self->dropped_told = count_dropped (self);
  g_clear_error (&self->trouble);
  self->trouble = error;
  if (error != NULL || was_bad)
    tell (self);
}

/* With the mutex held. The writer's thread is stuck in the kernel and cannot tell by itself. */
static void
note_slow (ChsStoreWriter *self, gint64 now_us)
{
  if (self->writing_since_us == 0 || now_us - self->writing_since_us < SLOW_US || self->trouble != NULL)
    return;
  self->trouble = g_error_new (CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "recording into %s: storage has not answered for %d s",
                               self->path, (int) (SLOW_US / G_TIME_SPAN_SECOND));
  tell (self);
}

/* ---- packing ---- */

static void
seal (Stream *stream, const ChsStreamInfo *info)
{
  ChsBlock *block;

  if (stream->open->len == 0)
    return;
  block = g_memdup2 (&stream->block, sizeof stream->block);
  chs_block_set_data (block, stream->open->data, stream->open->len, info->compress);
  stream->sealed_bytes += g_bytes_get_size (block->data);
  g_queue_push_tail (&stream->sealed, block);
  g_byte_array_set_size (stream->open, 0);
  stream->block = (ChsBlock) { 0 };
  stream->state = (ChsPackState) { 0 };
}

static void
block_free (gpointer data)
{
  chs_block_clear (data);
  g_free (data);
}

/* A disk that has failed for so long that memory is at stake: the oldest blocks go. */
static void
bound_backlog (ChsStoreWriter *self, ChsStream kind)
{
  Stream *stream = &self->stream[kind];

  while (stream->sealed_bytes > backlog_limits[kind] && !g_queue_is_empty (&stream->sealed)) {
    ChsBlock *block = g_queue_pop_head (&stream->sealed);

    stream->sealed_bytes -= g_bytes_get_size (block->data);
    g_mutex_lock (&self->mutex);
    self->dropped[kind] += block->n_events;
    g_mutex_unlock (&self->mutex);
    block_free (block);
  }
}

static void
pack (ChsStoreWriter *self, const ChsEvent *event)
{
  ChsStream kind = chs_stream_of (event->type);
  Stream *stream = &self->stream[kind];
  gsize bound = chs_event_pack_bound (event), used, n;

  if (stream->open->len > 0 && stream->open->len + bound > chs_streams[kind].limit) {
    seal (stream, &chs_streams[kind]);
    bound_backlog (self, kind);
  }
  used = stream->open->len;
  g_byte_array_set_size (stream->open, (guint) (used + bound));
  n = chs_event_pack (&stream->state, event, stream->open->data + used, bound);
  g_byte_array_set_size (stream->open, (guint) (used + n));
  if (n == 0) {
    g_critical ("recording: event %" G_GUINT64_FORMAT " of type %s cannot be packed", event->seq, chs_event_type_id (event->type));
    return;
  }
  if (stream->block.n_events == 0) {
    stream->block.first_seq = event->seq;
    stream->block.from_us = event->t_us;
  }
  stream->block.last_seq = event->seq;
  stream->block.to_us = event->t_us;
  stream->block.n_events++;
  stream->dirty = TRUE;
  self->packed_seq = event->seq;
  if (event->type == CHS_EVENT_ALARM || event->type == CHS_EVENT_NURSE)
    g_array_append_vals (self->readable, event, 1);
}

static void
pack_work (ChsStoreWriter *self)
{
  ChsEvent event;

  for (gsize at = 0; at < self->work->len;) {
    const QueueHead *head = (const QueueHead *) (self->work->data + at);

    at += sizeof *head;
    memcpy (&event, self->work->data + at, MIN (head->event_size, sizeof event));
    at += head->event_size;
    chs_event_set_borrowed (&event, self->work->data + at);
    at += head->borrowed_size;
    pack (self, &event);
  }
  g_byte_array_set_size (self->work, 0);
}

/* ---- committing ---- */

static gboolean
put (ChsStoreWriter *self, ChsStream kind, ChsBlock *block, guint8 chain[CHS_HASH_SIZE], const guint8 *packed, GError **error)
{
  memcpy (block->prev, chain, CHS_HASH_SIZE);
  chs_block_hash (block, packed, block->hash);
  return chs_store_put_block (self->db, kind, block, error);
}

static gboolean
put_sealed (ChsStoreWriter *self, ChsStream kind, ChsBlock *block, guint8 chain[CHS_HASH_SIZE], GError **error)
{
  g_autoptr (GBytes) packed = chs_block_inflate (block);

  g_assert (packed != NULL);
  if (!put (self, kind, block, chain, g_bytes_get_data (packed, NULL), error))
    return FALSE;
  memcpy (chain, block->hash, CHS_HASH_SIZE);
  return TRUE;
}

static gboolean
put_stream (ChsStoreWriter *self, ChsStream kind, guint8 chain[CHS_HASH_SIZE], GError **error)
{
  Stream *stream = &self->stream[kind];
  gboolean ok = TRUE;

  memcpy (chain, stream->head, CHS_HASH_SIZE);
  for (GList *l = stream->sealed.head; l != NULL && ok; l = l->next)
    ok = put_sealed (self, kind, l->data, chain, error);
  if (ok && stream->dirty && stream->open->len > 0) {
    ChsBlock block = stream->block;

    chs_block_set_data (&block, stream->open->data, stream->open->len, chs_streams[kind].compress);
    ok = put (self, kind, &block, chain, stream->open->data, error);
    chs_block_clear (&block);
  }
  return ok;
}

static gboolean
put_everything (ChsStoreWriter *self, guint8 chains[CHS_N_STREAMS][CHS_HASH_SIZE], gboolean complete, GError **error)
{
  for (guint i = 0; i < self->work_sources->len; i++)
    if (!chs_store_save_source (self->db, &g_array_index (self->work_sources, ChsStoreSource, i), error))
      return FALSE;
  for (guint i = 0; i < self->work_tracks->len; i++)
    if (!chs_store_save_track (self->db, &g_array_index (self->work_tracks, ChsStoreTrack, i), error))
      return FALSE;
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    if (!put_stream (self, i, chains[i], error))
      return FALSE;
  for (guint i = 0; i < self->readable->len; i++)
    if (!chs_store_put_readable (self->db, &g_array_index (self->readable, ChsEvent, i), error))
      return FALSE;
  return !complete || (chs_store_save_meta_int (self->db, "last_seq", (gint64) self->packed_seq, error)
                       && chs_store_save_meta_int (self->db, "complete", 1, error));
}

static void
forget_committed (ChsStoreWriter *self, guint8 chains[CHS_N_STREAMS][CHS_HASH_SIZE])
{
  for (guint i = 0; i < CHS_N_STREAMS; i++) {
    Stream *stream = &self->stream[i];

    memcpy (stream->head, chains[i], CHS_HASH_SIZE);
    g_queue_clear_full (&stream->sealed, block_free);
    stream->sealed_bytes = 0;
    stream->dirty = FALSE;
  }
  g_array_set_size (self->readable, 0);
  g_array_set_size (self->work_sources, 0);
  g_array_set_size (self->work_tracks, 0);
}

/* One transaction with all that waits. After a failure everything still waits, and the connection is made anew:
 * the file may have been on a disk that went away. */
static gboolean
commit (ChsStoreWriter *self, gboolean complete, GError **error)
{
  guint8 chains[CHS_N_STREAMS][CHS_HASH_SIZE];

  if (self->db == NULL && !open_database (self, error)) {
    close_database (self);
    return FALSE;
  }
  if (chs_store_exec (self->db, "BEGIN IMMEDIATE", error) && put_everything (self, chains, complete, error)
      && chs_store_exec (self->db, "COMMIT", error)) {
    forget_committed (self, chains);
    return TRUE;
  }
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  close_database (self);
  g_prefix_error (error, "recording into %s: ", self->path);
  return FALSE;
}

/* ---- the thread ---- */

/* With the mutex held. Waits until there is a reason to write. */
static void
wait_for_work (ChsStoreWriter *self)
{
  while (!self->stop && !self->flush) {
    gint64 due = self->retry_us > 0          ? self->retry_us
                 : self->urgent              ? 0
                 : self->first_wait_us > 0   ? self->first_wait_us + COMMIT_US
                 : self->sources->len > 0 || self->tracks->len > 0 ? 0
                                                                   : G_MAXINT64;

    if (due <= g_get_monotonic_time ())
      return;
    if (due == G_MAXINT64)
      g_cond_wait (&self->wake, &self->mutex);
    else
      g_cond_wait_until (&self->wake, &self->mutex, due);
  }
}

/* With the mutex held. */
static void
take_work (ChsStoreWriter *self)
{
  GByteArray *empty = self->work;

  self->work = self->queue;
  self->queue = empty;
  g_array_append_vals (self->work_sources, self->sources->data, self->sources->len);
  g_array_append_vals (self->work_tracks, self->tracks->data, self->tracks->len);
  g_array_set_size (self->sources, 0);
  g_array_set_size (self->tracks, 0);
  self->first_wait_us = 0;
  self->urgent = self->flush = FALSE;
}

/* One round: what waits is packed and committed. Called and left with the mutex held. */
static gboolean
write_work (ChsStoreWriter *self, gboolean complete)
{
  GError *error = NULL;
  gboolean ok;

  take_work (self);
  g_cond_broadcast (&self->done); /* there is room: an importer goes on while this is written */
  self->writing_since_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
  pack_work (self);
  ok = commit (self, complete, &error);
  g_mutex_lock (&self->mutex);
  self->writing_since_us = 0;
  if (ok)
    self->committed_seq = MAX (self->committed_seq, self->packed_seq);
  note_outcome (self, error);
  self->flushes++;
  g_cond_broadcast (&self->done);
  return ok;
}

static gpointer
run (gpointer data)
{
  ChsStoreWriter *self = data;
  gint64 delay = RETRY_FIRST_US;

  g_mutex_lock (&self->mutex);
  while (!self->stop) {
    wait_for_work (self);
    if (self->stop)
      break;
    self->retry_us = 0;
    if (write_work (self, FALSE))
      delay = RETRY_FIRST_US;
    else {
      self->retry_us = g_get_monotonic_time () + delay;
      delay = MIN (delay * 2, RETRY_LAST_US);
    }
  }
  for (guint tries = 1; !write_work (self, self->complete) && tries < CLOSE_TRIES; tries++) {
    g_mutex_unlock (&self->mutex);
    g_usleep (CLOSE_RETRY_US);
    g_mutex_lock (&self->mutex);
  }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* ---- public ---- */

static void
writer_free (ChsStoreWriter *self)
{
  for (guint i = 0; i < CHS_N_STREAMS; i++) {
    g_byte_array_unref (self->stream[i].open);
    g_queue_clear_full (&self->stream[i].sealed, block_free);
  }
  g_byte_array_unref (self->queue);
  g_byte_array_unref (self->work);
  g_array_unref (self->sources);
  g_array_unref (self->work_sources);
  g_array_unref (self->tracks);
  g_array_unref (self->work_tracks);
  g_array_unref (self->readable);
  g_clear_error (&self->trouble);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->wake);
  g_cond_clear (&self->done);
  g_free (self->path);
  g_free (self);
}

static ChsStoreWriter *
writer_alloc (const char *path, GMainContext *context, ChsStoreStateFunc func, gpointer user_data)
{
  ChsStoreWriter *self = g_new0 (ChsStoreWriter, 1);

  self->path = g_strdup (path);
  self->lock.fd = -1;
  self->context = context != NULL ? g_main_context_ref (context) : NULL;
  self->func = func;
  self->user_data = user_data;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->wake);
  g_cond_init (&self->done);
  self->queue = g_byte_array_new ();
  self->work = g_byte_array_new ();
  self->sources = g_array_new (FALSE, FALSE, sizeof (ChsStoreSource));
  self->work_sources = g_array_new (FALSE, FALSE, sizeof (ChsStoreSource));
  self->tracks = g_array_new (FALSE, FALSE, sizeof (ChsStoreTrack));
  self->work_tracks = g_array_new (FALSE, FALSE, sizeof (ChsStoreTrack));
  self->readable = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  for (guint i = 0; i < CHS_N_STREAMS; i++) {
    self->stream[i].open = g_byte_array_new ();
    g_queue_init (&self->stream[i].sealed);
  }
  return self;
}

static ChsStoreWriter *
start (ChsStoreWriter *self, const char *path, const ChsStoreMeta *meta, GError **error)
{
  if (!chs_store_lock (&self->lock, path, error) || !begin (self, meta, error)) {
    chs_store_unlock (&self->lock);
    writer_free (self);
    return NULL;
  }
  self->last_seq = self->committed_seq = self->packed_seq = self->first_seq - 1;
  self->thread = g_thread_new ("store", run, self);
  return self;
}

ChsStoreWriter *
chs_store_writer_new (const char         *path,
                      const ChsStoreMeta *meta,
                      GMainContext       *context,
                      ChsStoreStateFunc   func,
                      gpointer            user_data,
                      GError            **error)
{
  g_return_val_if_fail (path != NULL && meta != NULL, NULL);
  return start (writer_alloc (path, context, func, user_data), path, meta, error);
}

ChsStoreWriter *
chs_store_writer_new_bulk (const char *path, const ChsStoreMeta *meta, GError **error)
{
  ChsStoreWriter *self;

  g_return_val_if_fail (path != NULL && meta != NULL, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN, "%s is there already", path);
    return NULL;
  }
  self = writer_alloc (path, NULL, NULL, NULL);
  self->bulk = TRUE;
  return start (self, path, meta, error);
}

guint64
chs_store_writer_get_next_seq (ChsStoreWriter *self)
{
  guint64 seq;

  g_mutex_lock (&self->mutex);
  seq = self->last_seq + 1;
  g_mutex_unlock (&self->mutex);
  return seq;
}

gint64
chs_store_writer_get_start_us (ChsStoreWriter *self)
{
  return self->first_us;
}

guint64
chs_store_writer_get_committed_seq (ChsStoreWriter *self)
{
  guint64 seq;

  g_mutex_lock (&self->mutex);
  seq = self->committed_seq;
  g_mutex_unlock (&self->mutex);
  return seq;
}

static void
add_row (ChsStoreWriter *self, GArray *rows, gconstpointer row)
{
  g_mutex_lock (&self->mutex);
  g_array_append_vals (rows, row, 1);
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
}

void
chs_store_writer_add_source (ChsStoreWriter *self, const ChsStoreSource *source)
{
  add_row (self, self->sources, source);
}

void
chs_store_writer_add_track (ChsStoreWriter *self, const ChsStoreTrack *track)
{
  add_row (self, self->tracks, track);
}

static gboolean
is_urgent (ChsEventType type)
{
  return type == CHS_EVENT_ALARM || type == CHS_EVENT_NURSE || type == CHS_EVENT_SETUP || type == CHS_EVENT_CONFIG
         || type == CHS_EVENT_CLOCK;
}

static void
enqueue (ChsStoreWriter *self, const ChsEvent *event)
{
  static const guint8 zeros[8];
  gsize size = chs_event_size (event), n;
  const void *bytes = chs_event_borrowed (event, &n);
  QueueHead head = { (guint32) (size + 7) & ~7u, (guint32) (n + 7) & ~7u, 0 };

  g_byte_array_append (self->queue, (const guint8 *) &head, sizeof head);
  g_byte_array_append (self->queue, (const guint8 *) event, (guint) size);
  g_byte_array_append (self->queue, zeros, head.event_size - (guint) size);
  if (n > 0)
    g_byte_array_append (self->queue, bytes, (guint) n);
  g_byte_array_append (self->queue, zeros, head.borrowed_size - (guint) n);
}

void
chs_store_writer_append (ChsStoreWriter *self, const ChsEvent *event)
{
  ChsStream kind = chs_stream_of (event->type);
  gint64 now_us = g_get_monotonic_time ();

  g_mutex_lock (&self->mutex);
  note_slow (self, now_us);
  if (event->seq <= self->last_seq)
    g_critical ("recording: event %" G_GUINT64_FORMAT " comes after %" G_GUINT64_FORMAT, event->seq, self->last_seq);
  else if (self->queue->len > queue_limits[kind])
    self->dropped[kind]++;
  else {
    self->last_seq = event->seq;
    enqueue (self, event);
    if (self->first_wait_us == 0) {
      self->first_wait_us = now_us;
      g_cond_signal (&self->wake);
    }
    if (is_urgent (event->type) && !self->urgent) {
      self->urgent = TRUE;
      g_cond_signal (&self->wake);
    }
  }
  g_mutex_unlock (&self->mutex);
}

gboolean
chs_store_writer_flush (ChsStoreWriter *self, GError **error)
{
  guint64 wanted, tries;
  gboolean ok;

  g_mutex_lock (&self->mutex);
  wanted = self->last_seq;
  /* A commit may be under way with an older batch: its end does not count, that of the next one does. */
  tries = self->flushes + 2;
  while (self->committed_seq < wanted && self->flushes < tries) {
    self->flush = TRUE;
    g_cond_signal (&self->wake);
    g_cond_wait (&self->done, &self->mutex);
  }
  ok = self->committed_seq >= wanted;
  if (!ok && self->trouble != NULL)
    g_propagate_error (error, g_error_copy (self->trouble));
  g_mutex_unlock (&self->mutex);
  return ok;
}

gboolean
chs_store_writer_wait_room (ChsStoreWriter *self)
{
  gboolean ok;

  g_mutex_lock (&self->mutex);
  while (self->queue->len > ROOM_BYTES && self->trouble == NULL) {
    self->flush = TRUE;
    g_cond_signal (&self->wake);
    g_cond_wait (&self->done, &self->mutex);
  }
  ok = self->trouble == NULL;
  g_mutex_unlock (&self->mutex);
  return ok;
}

/* WAL back into the file, and the file plain: one file to carry away. A reader that holds on leaves it in WAL mode,
 * which is as safe; the next who opens it can do it. */
static void
make_plain (ChsStoreWriter *self)
{
  sqlite3_busy_timeout (self->db, CLOSE_BUSY_MS);
  sqlite3_exec (self->db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
}

static gboolean
sync_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (!synced)
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "cannot write %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return synced;
}

gboolean
chs_store_writer_close (ChsStoreWriter *self, gboolean complete, GError **error)
{
  gboolean ok;

  g_mutex_lock (&self->mutex);
  self->stop = TRUE;
  self->complete = complete;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);
  ok = self->committed_seq >= self->last_seq && self->db != NULL;
  if (!ok && self->trouble != NULL)
    g_propagate_error (error, g_error_copy (self->trouble));
  if (self->report != NULL)
    g_source_destroy (self->report);
  g_clear_pointer (&self->report, g_source_unref);
  if (self->db != NULL && !self->bulk)
    make_plain (self);
  close_database (self);
  if (self->bulk && ok)
    ok = sync_file (self->path, error);
  chs_store_unlock (&self->lock);
  writer_free (self);
  return ok;
}
