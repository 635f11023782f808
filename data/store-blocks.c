/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-writer-private.h"

#include <string.h>

/* Bytes of sealed blocks that may wait for a disk that fails. */
static const gsize backlog_limits[CHS_N_STREAMS] = {
  [CHS_STREAM_WAVE] = 16 * 1024 * 1024,
  [CHS_STREAM_RAW] = 16 * 1024 * 1024,
  [CHS_STREAM_JOURNAL] = 64 * 1024 * 1024,
};

/* ---- packing ---- */

static void
seal (ChsWriterStream *stream, const ChsStreamInfo *info)
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

void
chs_store_writer_free_block (gpointer data)
{
  chs_block_clear (data);
  g_free (data);
}

/* A disk that has failed for so long that memory is at stake: the oldest blocks go. */
static void
bound_backlog (ChsStoreWriter *self, ChsStream kind)
{
  ChsWriterStream *stream = &self->stream[kind];

  while (stream->sealed_bytes > backlog_limits[kind] && !g_queue_is_empty (&stream->sealed)) {
    ChsBlock *block = g_queue_pop_head (&stream->sealed);

    stream->sealed_bytes -= g_bytes_get_size (block->data);
    g_mutex_lock (&self->mutex);
    self->dropped[kind] += block->n_events;
    g_mutex_unlock (&self->mutex);
    chs_store_writer_free_block (block);
  }
}

static void
pack (ChsStoreWriter *self, const ChsEvent *event)
{
  ChsStream kind = chs_stream_of (event->type);
  ChsWriterStream *stream = &self->stream[kind];
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

void
chs_store_writer_pack_work (ChsStoreWriter *self)
{
  ChsEvent event;

  for (gsize at = 0; at < self->work->len;) {
    const ChsWriterQueueHead *head = (const ChsWriterQueueHead *) (self->work->data + at);

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
  ChsWriterStream *stream = &self->stream[kind];
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
    ChsWriterStream *stream = &self->stream[i];

    memcpy (stream->head, chains[i], CHS_HASH_SIZE);
    g_queue_clear_full (&stream->sealed, chs_store_writer_free_block);
    stream->sealed_bytes = 0;
    stream->dirty = FALSE;
  }
  g_array_set_size (self->readable, 0);
  g_array_set_size (self->work_sources, 0);
  g_array_set_size (self->work_tracks, 0);
}

/* One transaction with all that waits. After a failure everything still waits, and the connection is made anew:
 * the file may have been on a disk that went away. */
gboolean
chs_store_writer_commit (ChsStoreWriter *self, gboolean complete, GError **error)
{
  guint8 chains[CHS_N_STREAMS][CHS_HASH_SIZE];

  if (self->db == NULL && !chs_store_writer_open_database (self, error)) {
    chs_store_writer_close_database (self);
    return FALSE;
  }
  if (chs_store_exec (self->db, "BEGIN IMMEDIATE", error) && put_everything (self, chains, complete, error)
      && chs_store_exec (self->db, "COMMIT", error)) {
    forget_committed (self, chains);
    return TRUE;
  }
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  chs_store_writer_close_database (self);
  g_prefix_error (error, "recording into %s: ", self->path);
  return FALSE;
}
