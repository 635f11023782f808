/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-writer-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define COMMIT_US (800 * 1000)             /* leaves 200 ms of the promised second for the writing itself */
#define RETRY_FIRST_US G_TIME_SPAN_SECOND  /* after a failure; doubled up to RETRY_LAST_US */
#define RETRY_LAST_US (8 * G_TIME_SPAN_SECOND)
#define CLOSE_TRIES 4
#define CLOSE_RETRY_US (100 * 1000)
#define SLOW_US (5 * G_TIME_SPAN_SECOND)   /* a write that takes so long is a condition to be told */
#define CLOSE_BUSY_MS 5000

/* Bytes that may wait in the queue before kinds of events are dropped, the least precious first. */
static const gsize queue_limits[CHS_N_STREAMS] = {
  [CHS_STREAM_WAVE] = 4 * 1024 * 1024,
  [CHS_STREAM_RAW] = 8 * 1024 * 1024,
  [CHS_STREAM_JOURNAL] = 32 * 1024 * 1024,
};

#define ROOM_BYTES (1024 * 1024) /* an importer waits above it; well below the first limit */

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
  chs_store_writer_pack_work (self);
  ok = chs_store_writer_commit (self, complete, &error);
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
    g_queue_clear_full (&self->stream[i].sealed, chs_store_writer_free_block);
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
  if (!chs_store_lock (&self->lock, path, error) || !chs_store_writer_begin (self, meta, error)) {
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
  ChsWriterQueueHead head = { (guint32) (size + 7) & ~7u, (guint32) (n + 7) & ~7u, 0 };

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
  chs_store_writer_close_database (self);
  if (self->bulk && ok)
    ok = sync_file (self->path, error);
  chs_store_unlock (&self->lock);
  writer_free (self);
  return ok;
}
