/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-private.h"

#include <string.h>

/* A reader opens the file anew for each question and closes it again (a fraction of
 * a millisecond): so a screen that looks at a recording never keeps the monitor from
 * folding the WAL back and leaving one plain file.
 *
 * The three streams are read side by side and merged by seq. Times never go back
 * along seq, so the first block of a range is found by bisection over the primary
 * key; the cost does not depend on where it lies. */

struct _ChsStoreReader {
  char        *path;
  ChsStoreMeta meta;
  GArray      *sources; /* of ChsStoreSource */
  GArray      *tracks;  /* of ChsStoreTrack */
  guint64      last_seq;
  gint64       last_us;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* ---- one stream ---- */

void
chs_block_cursor_open (ChsBlockCursor *self, sqlite3 *db, ChsStream stream, guint64 first_seq)
{
  g_autofree char *sql
    = g_strdup_printf ("SELECT " CHS_BLOCK_COLUMNS " FROM %s WHERE seq >= ?1 ORDER BY seq", chs_streams[stream].table);

  *self = (ChsBlockCursor) { .next_seq = first_seq };
  self->rc = sqlite3_prepare_v2 (db, sql, -1, &self->stmt, NULL);
  if (self->rc == SQLITE_OK)
    sqlite3_bind_int64 (self->stmt, 1, (sqlite3_int64) first_seq);
}

void
chs_block_cursor_close (ChsBlockCursor *self)
{
  g_clear_pointer (&self->stmt, sqlite3_finalize);
}

static int
seek (ChsBlockCursor *self, guint64 seq)
{
  sqlite3_reset (self->stmt);
  sqlite3_bind_int64 (self->stmt, 1, (sqlite3_int64) seq);
  return sqlite3_step (self->stmt);
}

static gboolean
is_damage (int rc)
{
  return rc != SQLITE_ROW && rc != SQLITE_DONE;
}

/* A page cannot be read. The rows behind it can be reached with larger keys: first by doubling steps, then back by
 * bisection to the smallest key that works. */
static int
skip_damage (ChsBlockCursor *self)
{
  guint64 low = self->next_seq, step = 1, high;
  int rc;

  do {
    high = self->next_seq + step;
    step *= 2;
    rc = seek (self, high);
  } while (is_damage (rc) && step < (guint64) 1 << 48);
  if (is_damage (rc))
    return SQLITE_DONE;
  while (high - low > 1) {
    guint64 middle = low + (high - low) / 2;

    if (is_damage (seek (self, middle)))
      low = middle;
    else
      high = middle;
  }
  return seek (self, high);
}

gboolean
chs_block_cursor_next (ChsBlockCursor *self, ChsBlock *block)
{
  for (;;) {
    int rc = self->stmt != NULL ? sqlite3_step (self->stmt) : self->rc;

    if (is_damage (rc)) {
      self->n_bad++;
      rc = self->stmt != NULL && (rc & 0xFF) != SQLITE_BUSY ? skip_damage (self) : SQLITE_DONE;
    }
    if (rc != SQLITE_ROW)
      return FALSE;
    if (chs_block_from_row (self->stmt, block) && block->first_seq >= self->next_seq) {
      self->next_seq = block->last_seq + 1;
      return TRUE;
    }
    chs_block_clear (block);
    self->n_bad++;
    self->next_seq = MAX (self->next_seq, (guint64) MAX (sqlite3_column_int64 (self->stmt, 0), 0) + 1);
  }
}

/* ---- events of one stream ---- */

typedef struct {
  ChsBlockCursor blocks;
  gint64         from_us, to_us;
  GBytes        *bytes; /* of the present block */
  const guint8  *p, *end;
  ChsPackState   state;
  ChsBlock       block;
  ChsEvent       event;
  gint16         samples[CHS_WAVE_MAX];
  guint64        n_bad, first_bad_seq; /* blocks; seq from which something is missing */
  gboolean       has_event;
} EventCursor;

static void
note_bad (EventCursor *self, guint64 seq)
{
  self->n_bad++;
  if (self->first_bad_seq == 0)
    self->first_bad_seq = seq;
}

static gboolean
next_block (EventCursor *self)
{
  guint64 bad = self->blocks.n_bad, expected = self->blocks.next_seq;
  gboolean more;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  do {
    chs_block_clear (&self->block);
    more = chs_block_cursor_next (&self->blocks, &self->block);
    for (; bad < self->blocks.n_bad; bad++)
      note_bad (self, expected);
    if (!more || self->block.from_us > self->to_us)
      return FALSE;
    if (self->block.to_us < self->from_us)
      continue;
    self->bytes = chs_block_unpack (&self->block, NULL);
    if (self->bytes == NULL)
      note_bad (self, self->block.first_seq);
  } while (self->bytes == NULL);
  self->p = g_bytes_get_data (self->bytes, NULL);
  self->end = self->p + g_bytes_get_size (self->bytes);
  self->state = (ChsPackState) { 0 };
  return TRUE;
}

static void
advance (EventCursor *self)
{
  for (;;) {
    ChsUnpack got = CHS_UNPACK_END;

    if (self->bytes != NULL)
      got = chs_event_unpack (&self->state, &self->p, self->end, &self->event, self->samples, CHS_WAVE_MAX);
    if (got == CHS_UNPACK_BAD)
      note_bad (self, self->state.seq + 1);
    self->has_event = got == CHS_UNPACK_EVENT && self->event.t_us <= self->to_us;
    if (self->has_event && self->event.t_us >= self->from_us)
      return;
    if (got == CHS_UNPACK_EVENT && self->event.t_us > self->to_us)
      return;
    if (got != CHS_UNPACK_EVENT && !next_block (self)) {
      self->has_event = FALSE;
      return;
    }
  }
}

/* The first block whose events may reach into the range: the last one that begins before it. */
static guint64
find_start (sqlite3 *db, ChsStream stream, gint64 from_us)
{
  g_autofree char *sql
    = g_strdup_printf ("SELECT seq, from_us FROM %s WHERE seq >= ?1 ORDER BY seq LIMIT 1", chs_streams[stream].table);
  g_autofree char *max_sql = g_strdup_printf ("SELECT max(seq) FROM %s", chs_streams[stream].table);
  g_autoptr (sqlite3_stmt) probe = NULL;
  g_autoptr (sqlite3_stmt) max = NULL;
  gint64 low = 0, high = 0;

  if (from_us == CHS_TIME_NONE || sqlite3_prepare_v2 (db, sql, -1, &probe, NULL) != SQLITE_OK
      || sqlite3_prepare_v2 (db, max_sql, -1, &max, NULL) != SQLITE_OK || sqlite3_step (max) != SQLITE_ROW)
    return 0;
  high = sqlite3_column_int64 (max, 0);
  while (low < high) {
    gint64 middle = low + (high - low + 1) / 2;

    sqlite3_reset (probe);
    sqlite3_bind_int64 (probe, 1, middle);
    if (sqlite3_step (probe) == SQLITE_ROW && sqlite3_column_int64 (probe, 1) < from_us)
      low = MAX (middle, sqlite3_column_int64 (probe, 0));
    else
      high = middle - 1;
  }
  return (guint64) MAX (low, 0);
}

static EventCursor *
event_cursor_new (sqlite3 *db, ChsStream stream, gint64 from_us, gint64 to_us)
{
  EventCursor *self = g_new0 (EventCursor, 1);

  chs_block_cursor_open (&self->blocks, db, stream, find_start (db, stream, from_us));
  self->from_us = from_us;
  self->to_us = to_us;
  advance (self);
  return self;
}

static void
event_cursor_free (EventCursor *self)
{
  chs_block_cursor_close (&self->blocks);
  chs_block_clear (&self->block);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/* ---- merging ---- */

static EventCursor *
earliest (EventCursor *cursors[CHS_N_STREAMS])
{
  EventCursor *first = NULL;

  for (guint i = 0; i < CHS_N_STREAMS; i++)
    if (cursors[i] != NULL && cursors[i]->has_event && (first == NULL || cursors[i]->event.seq < first->event.seq))
      first = cursors[i];
  return first;
}

static gboolean
account (EventCursor *cursors[CHS_N_STREAMS], const char *path, GError **error)
{
  guint64 n_bad = 0, first = 0;

  for (guint i = 0; i < CHS_N_STREAMS; i++)
    if (cursors[i] != NULL && cursors[i]->n_bad > 0) {
      n_bad += cursors[i]->n_bad;
      first = first == 0 ? cursors[i]->first_bad_seq : MIN (first, cursors[i]->first_bad_seq);
    }
  if (n_bad > 0)
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED,
                 "%s: %" G_GUINT64_FORMAT " damaged blocks were left out, the first at event %" G_GUINT64_FORMAT, path,
                 n_bad, first);
  return n_bad == 0;
}

gboolean
chs_store_reader_foreach (ChsStoreReader *self,
                          gint64          from_us,
                          gint64          to_us,
                          ChsReadFlags    flags,
                          ChsStoreFunc    func,
                          gpointer        user_data,
                          GError        **error)
{
  static const ChsReadFlags flag_of[CHS_N_STREAMS] = { CHS_READ_NUMERICS, CHS_READ_WAVES, CHS_READ_RAW };
  g_autoptr (sqlite3) db = chs_store_open_read (self->path, error);
  EventCursor *cursors[CHS_N_STREAMS] = { NULL }, *cursor;
  gboolean whole, go_on = TRUE;

  /* One transaction: the three streams are seen as of one instant. */
  if (db == NULL || !chs_store_exec (db, "BEGIN", error))
    return FALSE;
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    if (flags & flag_of[i])
      cursors[i] = event_cursor_new (db, i, from_us, to_us);
  while (go_on && (cursor = earliest (cursors)) != NULL) {
    go_on = func (&cursor->event, user_data);
    if (go_on)
      advance (cursor);
  }
  whole = account (cursors, self->path, error);
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    g_clear_pointer (&cursors[i], event_cursor_free);
  return whole;
}

/* ---- the rest ---- */

static void
load_end (ChsStoreReader *self, sqlite3 *db)
{
  for (guint i = 0; i < CHS_N_STREAMS; i++) {
    g_autofree char *sql = g_strdup_printf ("SELECT last_seq, to_us FROM %s ORDER BY seq DESC LIMIT 1", chs_streams[i].table);
    g_autoptr (sqlite3_stmt) stmt = NULL;

    if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step (stmt) != SQLITE_ROW)
      continue;
    self->last_seq = MAX (self->last_seq, (guint64) MAX (sqlite3_column_int64 (stmt, 0), 0));
    self->last_us = MAX (self->last_us, sqlite3_column_int64 (stmt, 1));
  }
}

static gboolean
load (ChsStoreReader *self, GError **error)
{
  g_autoptr (sqlite3) db = chs_store_open_read (self->path, error);
  ChsStoreMeta meta = { 0 };
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GArray) tracks = NULL;

  if (db == NULL || !chs_store_load_meta (db, &meta, error))
    return FALSE;
  sources = chs_store_load_sources (db, error);
  tracks = sources != NULL ? chs_store_load_tracks (db, error) : NULL;
  if (tracks == NULL) {
    chs_store_meta_clear (&meta);
    return FALSE;
  }
  chs_store_meta_clear (&self->meta);
  self->meta = meta;
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->tracks, g_array_unref);
  self->sources = g_steal_pointer (&sources);
  self->tracks = g_steal_pointer (&tracks);
  load_end (self, db);
  return TRUE;
}

ChsStoreReader *
chs_store_reader_new (const char *path, GError **error)
{
  g_autoptr (ChsStoreReader) self = g_new0 (ChsStoreReader, 1);

  g_return_val_if_fail (path != NULL, NULL);
  self->path = g_strdup (path);
  return load (self, error) ? g_steal_pointer (&self) : NULL;
}

void
chs_store_reader_free (ChsStoreReader *self)
{
  if (self == NULL)
    return;
  chs_store_meta_clear (&self->meta);
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->tracks, g_array_unref);
  g_free (self->path);
  g_free (self);
}

const char *
chs_store_reader_get_path (ChsStoreReader *self)
{
  return self->path;
}

const ChsStoreMeta *
chs_store_reader_get_meta (ChsStoreReader *self)
{
  return &self->meta;
}

const ChsStoreSource *
chs_store_reader_get_sources (ChsStoreReader *self, guint *n)
{
  *n = self->sources->len;
  return (const ChsStoreSource *) (gpointer) self->sources->data;
}

const ChsStoreTrack *
chs_store_reader_get_tracks (ChsStoreReader *self, guint *n)
{
  *n = self->tracks->len;
  return (const ChsStoreTrack *) (gpointer) self->tracks->data;
}

guint64
chs_store_reader_get_last_seq (ChsStoreReader *self)
{
  return self->last_seq;
}

gint64
chs_store_reader_get_last_us (ChsStoreReader *self)
{
  return self->last_us;
}

void
chs_store_reader_refresh (ChsStoreReader *self)
{
  g_autoptr (GError) error = NULL;

  if (!load (self, &error))
    g_message ("recording: %s", error->message);
}
