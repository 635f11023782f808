/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Verifying and saving recordings. Both walk every block of every stream; what is
 * whole is what chs_block_unpack() and the codec agree with. */

#define FINDINGS_MAX 20 /* lines of an account; the rest is a number */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef struct {
  ChsStoreCheck *check;
  GString       *text;
  guint          n_findings;
} Account;

static void G_GNUC_PRINTF (3, 4)
finding (Account *self, guint64 seq, const char *format, ...)
{
  va_list args;

  if (seq > 0 && (self->check->first_bad_seq == 0 || seq < self->check->first_bad_seq))
    self->check->first_bad_seq = seq;
  if (self->n_findings++ >= FINDINGS_MAX)
    return;
  va_start (args, format);
  g_string_append_vprintf (self->text, format, args);
  va_end (args);
  g_string_append_c (self->text, '\n');
}

static void
account_end (Account *self)
{
  if (self->n_findings > FINDINGS_MAX)
    g_string_append_printf (self->text, "and %u more\n", self->n_findings - FINDINGS_MAX);
  self->check->account = g_string_free (self->text, FALSE);
}

/* ---- one block ---- */

static guint64
count_events (GBytes *bytes, const ChsBlock *block, ChsStream stream)
{
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n), *end = p + n;
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  g_autofree gint16 *samples = g_new (gint16, CHS_WAVE_MAX);
  ChsUnpack got;
  ChsEvent event;
  guint64 count = 0;

  while ((got = chs_event_unpack (state, &p, end, &event, samples, CHS_WAVE_MAX)) == CHS_UNPACK_EVENT) {
    if (event.seq < block->first_seq || event.seq > block->last_seq || chs_stream_of (event.type) != stream)
      return 0;
    count++;
  }
  return got == CHS_UNPACK_END ? count : 0;
}

static gboolean
block_is_whole (const ChsBlock *block, ChsStream stream, Account *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = chs_block_unpack (block, &error);

  if (bytes == NULL) {
    finding (account, block->first_seq, "%s: %s", chs_streams[stream].table, error->message);
    return FALSE;
  }
  if (count_events (bytes, block, stream) != block->n_events) {
    finding (account, block->first_seq, "%s: events of block %" G_GUINT64_FORMAT " cannot be read", chs_streams[stream].table,
             block->first_seq);
    return FALSE;
  }
  return TRUE;
}

/* ---- a whole stream ---- */

/* Returns FALSE to stop. */
typedef gboolean (*BlockFunc) (ChsStream stream, const ChsBlock *block, gpointer user_data);

static gboolean
walk_stream (sqlite3 *db, ChsStream stream, const char *session_id, Account *account, BlockFunc func, gpointer user_data)
{
  ChsBlockCursor cursor;
  ChsBlock block = { 0 };
  guint8 chain[CHS_HASH_SIZE];
  guint64 n_bad = 0, expected = 1;
  gboolean ok = TRUE;

  chs_chain_seed (session_id, stream, chain);
  chs_block_cursor_open (&cursor, db, stream, 0);
  while (ok && chs_block_cursor_next (&cursor, &block)) {
    if (cursor.n_bad > n_bad)
      finding (account, expected, "%s: unreadable between events %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
               chs_streams[stream].table, expected, block.first_seq);
    n_bad = cursor.n_bad;
    if (memcmp (chain, block.prev, CHS_HASH_SIZE) != 0)
      finding (account, block.first_seq, "%s: chain of hashes is broken before event %" G_GUINT64_FORMAT
               ": something was changed or is missing there", chs_streams[stream].table, block.first_seq);
    if (block_is_whole (&block, stream, account)) {
      account->check->blocks_ok++;
      account->check->events += block.n_events;
      ok = func == NULL || func (stream, &block, user_data);
    } else
      account->check->blocks_bad++;
    memcpy (chain, block.hash, CHS_HASH_SIZE);
    expected = block.last_seq + 1;
    chs_block_clear (&block);
  }
  if (cursor.n_bad > n_bad)
    finding (account, expected, "%s: unreadable from event %" G_GUINT64_FORMAT " on", chs_streams[stream].table, expected);
  account->check->blocks_bad += cursor.n_bad;
  chs_block_cursor_close (&cursor);
  return ok;
}

static void
check_sqlite (sqlite3 *db, Account *account)
{
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, "PRAGMA integrity_check(20)", -1, &stmt, NULL);

  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW) {
    g_autofree char *line = g_utf8_make_valid ((const char *) sqlite3_column_text (stmt, 0), -1);

    if (g_strcmp0 (line, "ok") != 0)
      finding (account, 0, "SQLite: %s", line);
    rc = SQLITE_OK;
  }
  if (rc != SQLITE_OK && rc != SQLITE_DONE)
    finding (account, 0, "SQLite: %s", sqlite3_errmsg (db));
  sqlite3_finalize (stmt);
}

static void
check_aside (sqlite3 *db, Account *account)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT stream, seq, last_seq, why FROM aside", -1, &stmt, NULL) != SQLITE_OK)
    return;
  while (sqlite3_step (stmt) == SQLITE_ROW) {
    g_autofree char *why = g_utf8_make_valid ((const char *) sqlite3_column_text (stmt, 3), -1);

    finding (account, (guint64) sqlite3_column_int64 (stmt, 1), "%s: events %lld to %lld were damaged and moved aside: %s",
             sqlite3_column_text (stmt, 0), (long long) sqlite3_column_int64 (stmt, 1),
             (long long) sqlite3_column_int64 (stmt, 2), why);
  }
}

gboolean
chs_store_check (const char *path, ChsStoreCheck *check, GError **error)
{
  g_autoptr (sqlite3) db = chs_store_open_read (path, error);
  Account account = { check, NULL, 0 };
  ChsStoreMeta meta = { 0 };

  *check = (ChsStoreCheck) { 0 };
  if (db == NULL || !chs_store_exec (db, "BEGIN", error) || !chs_store_load_meta (db, &meta, error))
    return FALSE;
  account.text = g_string_new (NULL);
  check_sqlite (db, &account);
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    walk_stream (db, i, meta.session_id != NULL ? meta.session_id : "", &account, NULL, NULL);
  check_aside (db, &account);
  chs_store_meta_clear (&meta);
  account_end (&account);
  return account.n_findings == 0;
}

/* ---- recovering ---- */

typedef struct {
  sqlite3 *to;
  GError **error;
} Copy;

static gboolean
copy_readable (Copy *copy, GBytes *bytes)
{
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n), *end = p + n;
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  ChsEvent event;

  while (chs_event_unpack (state, &p, end, &event, NULL, 0) == CHS_UNPACK_EVENT)
    if (!chs_store_put_readable (copy->to, &event, copy->error))
      return FALSE;
  return TRUE;
}

/* The row is copied with its hashes: where the chain has a hole, the hole stays provable. */
static gboolean
copy_block (ChsStream stream, const ChsBlock *block, gpointer user_data)
{
  Copy *copy = user_data;
  g_autoptr (GBytes) bytes = NULL;

  if (!chs_store_put_block (copy->to, stream, block, copy->error))
    return FALSE;
  if (stream != CHS_STREAM_JOURNAL)
    return TRUE;
  bytes = chs_block_inflate (block);
  return copy_readable (copy, bytes);
}

static gboolean
copy_facts (sqlite3 *from, sqlite3 *to, ChsStoreMeta *meta, GError **error)
{
  g_autoptr (GArray) sources = chs_store_load_sources (from, error);
  g_autoptr (GArray) tracks = sources != NULL ? chs_store_load_tracks (from, error) : NULL;

  if (tracks == NULL || !chs_store_save_meta (to, "session_id", meta->session_id, error)
      || !chs_store_save_meta (to, "chair", meta->chair, error) || !chs_store_save_meta (to, "boot_id", meta->boot_id, error)
      || !chs_store_save_meta (to, "program", meta->program, error)
      || !chs_store_save_meta_int (to, "start_wall_us", meta->start_wall_us, error)
      || !chs_store_save_meta_int (to, "start_mono_us", meta->start_mono_us, error)
      || !chs_store_save_meta_int (to, "complete", meta->complete, error))
    return FALSE;
  for (guint i = 0; i < sources->len; i++)
    if (!chs_store_save_source (to, &g_array_index (sources, ChsStoreSource, i), error))
      return FALSE;
  for (guint i = 0; i < tracks->len; i++)
    if (!chs_store_save_track (to, &g_array_index (tracks, ChsStoreTrack, i), error))
      return FALSE;
  return TRUE;
}

static sqlite3 *
create_output (const char *path, GError **error)
{
  sqlite3 *db = NULL;
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

  if (fd < 0) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "cannot create %s: %s", path, g_strerror (errno));
    return NULL;
  }
  close (fd);
  rc = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc == SQLITE_OK && chs_store_exec (db, "BEGIN", error) && chs_store_create (db, error))
    return db;
  if (rc != SQLITE_OK)
    chs_store_set_error (error, db, rc, "cannot open %s", path);
  sqlite3_close (db);
  return NULL;
}

gboolean
chs_store_recover (const char *path, const char *out_path, ChsStoreCheck *check, GError **error)
{
  g_autoptr (sqlite3) from = chs_store_open_read (path, error);
  g_autoptr (sqlite3) to = NULL;
  Account account = { check, NULL, 0 };
  ChsStoreMeta meta = { 0 };
  Copy copy;
  gboolean ok;

  *check = (ChsStoreCheck) { 0 };
  if (from == NULL || !chs_store_exec (from, "BEGIN", error) || !chs_store_load_meta (from, &meta, error))
    return FALSE;
  to = create_output (out_path, error);
  if (to == NULL) {
    chs_store_meta_clear (&meta);
    return FALSE;
  }
  account.text = g_string_new (NULL);
  copy = (Copy) { to, error };
  ok = copy_facts (from, to, &meta, error);
  for (guint i = 0; i < CHS_N_STREAMS && ok; i++)
    ok = walk_stream (from, i, meta.session_id != NULL ? meta.session_id : "", &account, copy_block, &copy);
  ok = ok && chs_store_exec (to, "COMMIT", error);
  chs_store_meta_clear (&meta);
  account_end (&account);
  if (!ok)
    g_unlink (out_path);
  return ok;
}
