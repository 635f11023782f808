/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store.h"

#include "data/store-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

G_DEFINE_QUARK (chs-store-error-quark, chs_store_error)

#define TRACKS_MAX 65536
#define READ_BUSY_MS 2000 /* a writer that opens or closes the file holds it for milliseconds */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

void
chs_store_meta_clear (ChsStoreMeta *meta)
{
  g_clear_pointer (&meta->session_id, g_free);
  g_clear_pointer (&meta->chair, g_free);
  g_clear_pointer (&meta->boot_id, g_free);
  g_clear_pointer (&meta->program, g_free);
}

void
chs_store_check_clear (ChsStoreCheck *check)
{
  g_clear_pointer (&check->account, g_free);
}

/* ---- errors ---- */

static ChsStoreError
error_code (int rc)
{
  switch (rc & 0xFF) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return CHS_STORE_ERROR_BUSY;
  case SQLITE_NOTADB:
    return CHS_STORE_ERROR_FORMAT;
  case SQLITE_CORRUPT:
    return CHS_STORE_ERROR_DAMAGED;
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return CHS_STORE_ERROR_OPEN;
  default:
    return CHS_STORE_ERROR_WRITE;
  }
}

void
chs_store_set_error (GError **error, sqlite3 *db, int rc, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CHS_STORE_ERROR, error_code (rc), "%s: %s", what, db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (rc));
}

gboolean
chs_store_exec (sqlite3 *db, const char *sql, GError **error)
{
  int rc = sqlite3_exec (db, sql, NULL, NULL, NULL);

  if (rc != SQLITE_OK)
    chs_store_set_error (error, db, rc, "cannot run \"%.40s\"", sql);
  return rc == SQLITE_OK;
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);

  if (rc != SQLITE_OK)
    chs_store_set_error (error, db, rc, "cannot prepare \"%.40s\"", sql);
  return stmt;
}

static gboolean
run (sqlite3 *db, sqlite3_stmt *stmt, const char *what, GError **error)
{
  int rc = sqlite3_step (stmt);

  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    chs_store_set_error (error, db, rc, "cannot %s", what);
  return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

/* ---- blocks ---- */

void
chs_block_clear (ChsBlock *block)
{
  g_clear_pointer (&block->data, g_bytes_unref);
}

void
chs_block_set_data (ChsBlock *block, const guint8 *bytes, gsize n, gboolean compress)
{
  g_clear_pointer (&block->data, g_bytes_unref);
  block->size = n;
  if (compress) {
    uLongf packed = compressBound ((uLong) n);
    g_autofree guint8 *buf = g_malloc (packed);

    if (compress2 (buf, &packed, bytes, (uLong) n, Z_DEFAULT_COMPRESSION) == Z_OK && packed < n)
      block->data = g_bytes_new (buf, packed);
  }
  if (block->data == NULL)
    block->data = g_bytes_new (bytes, n);
}

static void
hash_u64 (GChecksum *sum, guint64 v)
{
  guint64 le = GUINT64_TO_LE (v);

  g_checksum_update (sum, (const guchar *) &le, sizeof le);
}

void
chs_block_hash (const ChsBlock *block, const guint8 *bytes, guint8 hash[CHS_HASH_SIZE])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize n = CHS_HASH_SIZE;

  g_checksum_update (sum, block->prev, CHS_HASH_SIZE);
  hash_u64 (sum, block->first_seq);
  hash_u64 (sum, block->last_seq);
  hash_u64 (sum, block->n_events);
  hash_u64 (sum, (guint64) block->from_us);
  hash_u64 (sum, (guint64) block->to_us);
  hash_u64 (sum, block->size);
  g_checksum_update (sum, bytes, (gssize) block->size);
  g_checksum_get_digest (sum, hash, &n);
}

void
chs_chain_seed (const char *session_id, ChsStream stream, guint8 hash[CHS_HASH_SIZE])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *seed = g_strdup_printf ("chairside %s %s", chs_streams[stream].table, session_id);
  gsize n = CHS_HASH_SIZE;

  g_checksum_update (sum, (const guchar *) seed, -1);
  g_checksum_get_digest (sum, hash, &n);
}

GBytes *
chs_block_inflate (const ChsBlock *block)
{
  gsize stored;
  const guint8 *data = g_bytes_get_data (block->data, &stored);
  uLongf n = (uLongf) block->size;
  g_autofree guint8 *buf = NULL;

  if (stored == block->size)
    return g_bytes_ref (block->data);
  buf = g_malloc (block->size);
  if (uncompress (buf, &n, data, (uLong) stored) != Z_OK || n != block->size)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&buf), n);
}

GBytes *
chs_block_unpack (const ChsBlock *block, GError **error)
{
  g_autoptr (GBytes) bytes = chs_block_inflate (block);
  guint8 hash[CHS_HASH_SIZE];

  if (bytes != NULL)
    chs_block_hash (block, g_bytes_get_data (bytes, NULL), hash);
  if (bytes == NULL || memcmp (hash, block->hash, CHS_HASH_SIZE) != 0) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED,
                 "block of events %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " is damaged: %s", block->first_seq,
                 block->last_seq, bytes == NULL ? "cannot be decompressed" : "hash differs");
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

static gboolean
get_hash (sqlite3_stmt *stmt, int column, guint8 hash[CHS_HASH_SIZE])
{
  const void *bytes = sqlite3_column_blob (stmt, column);

  if (bytes == NULL || sqlite3_column_bytes (stmt, column) != CHS_HASH_SIZE)
    return FALSE;
  memcpy (hash, bytes, CHS_HASH_SIZE);
  return TRUE;
}

gboolean
chs_block_is_sane (const ChsBlock *block, gsize stored)
{
  return block->first_seq >= 1 && block->first_seq <= G_MAXINT64 && block->last_seq >= block->first_seq
         && block->last_seq <= G_MAXINT64 && block->n_events >= 1 && block->n_events <= block->last_seq - block->first_seq + 1
         && block->size >= 1 && block->size <= CHS_BLOCK_MAX && stored >= 1 && stored <= block->size;
}

gboolean
chs_block_from_row (sqlite3_stmt *stmt, ChsBlock *block)
{
  const void *data = sqlite3_column_blob (stmt, 6);
  gsize n = (gsize) sqlite3_column_bytes (stmt, 6);

  *block = (ChsBlock) { .first_seq = (guint64) sqlite3_column_int64 (stmt, 0),
                        .last_seq = (guint64) sqlite3_column_int64 (stmt, 1),
                        .n_events = (guint64) sqlite3_column_int64 (stmt, 2),
                        .from_us = sqlite3_column_int64 (stmt, 3),
                        .to_us = sqlite3_column_int64 (stmt, 4),
                        .size = (gsize) sqlite3_column_int64 (stmt, 5) };
  if (data == NULL || !chs_block_is_sane (block, n) || !get_hash (stmt, 7, block->prev) || !get_hash (stmt, 8, block->hash))
    return FALSE;
  block->data = g_bytes_new (data, n);
  return TRUE;
}

gboolean
chs_store_put_block (sqlite3 *db, ChsStream stream, const ChsBlock *block, GError **error)
{
  g_autofree char *sql
    = g_strdup_printf ("INSERT OR REPLACE INTO %s (" CHS_BLOCK_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?)", chs_streams[stream].table);
  g_autoptr (sqlite3_stmt) stmt = prepare (db, sql, error);
  const gint64 v[6] = { (gint64) block->first_seq, (gint64) block->last_seq, (gint64) block->n_events,
                        block->from_us, block->to_us, (gint64) block->size };
  gsize n;
  const void *data = g_bytes_get_data (block->data, &n);

  if (stmt == NULL)
    return FALSE;
  for (int i = 0; i < 6; i++)
    sqlite3_bind_int64 (stmt, i + 1, v[i]);
  sqlite3_bind_blob64 (stmt, 7, data, n, SQLITE_STATIC);
  sqlite3_bind_blob (stmt, 8, block->prev, CHS_HASH_SIZE, SQLITE_STATIC);
  sqlite3_bind_blob (stmt, 9, block->hash, CHS_HASH_SIZE, SQLITE_STATIC);
  return run (db, stmt, "write a block", error);
}

/* ---- plain rows ---- */

static void
bind_text (sqlite3_stmt *stmt, const char *name, const char *value)
{
  sqlite3_bind_text (stmt, sqlite3_bind_parameter_index (stmt, name), value, -1, SQLITE_STATIC);
}

static void
bind_int (sqlite3_stmt *stmt, const char *name, gint64 value)
{
  if (value != CHS_TIME_NONE)
    sqlite3_bind_int64 (stmt, sqlite3_bind_parameter_index (stmt, name), value);
}

/* SQLite stores NAN as NULL by itself. */
static void
bind_number (sqlite3_stmt *stmt, const char *name, double value)
{
  sqlite3_bind_double (stmt, sqlite3_bind_parameter_index (stmt, name), value);
}

static void
bind_times (sqlite3_stmt *stmt, const ChsEvent *event)
{
  bind_int (stmt, "@seq", (gint64) event->seq);
  bind_int (stmt, "@t_us", event->t_us);
  bind_int (stmt, "@wall_us", event->wall_us);
}

static gboolean
put_alarm (sqlite3 *db, const ChsEvent *event, GError **error)
{
  const ChsAlarm *alarm = &event->alarm;
  g_autoptr (sqlite3_stmt) stmt = prepare (
    db,
    "INSERT OR REPLACE INTO alarm VALUES (@seq, @t_us, @wall_us, @id, @action, @label, @priority, @onset_us, @param, "
    "@value, @baseline, @limit, @cause_source, @cause_channel, @cause_us, @cause_from, @cause_to, @rule, @evidence, "
    "@missing, @also, @demo)",
    error);

  if (stmt == NULL)
    return FALSE;
  bind_times (stmt, event);
  bind_int (stmt, "@id", alarm->id);
  bind_text (stmt, "@action", chs_alarm_action_id (alarm->action));
  bind_text (stmt, "@label", chs_label_id (alarm->label));
  bind_text (stmt, "@priority", chs_priority_id (alarm->priority));
  bind_int (stmt, "@onset_us", alarm->onset_us);
  bind_text (stmt, "@param", chs_param_info (alarm->param)->name);
  bind_number (stmt, "@value", alarm->value);
  bind_number (stmt, "@baseline", alarm->baseline);
  bind_number (stmt, "@limit", alarm->limit);
  if (alarm->cause_us != CHS_TIME_NONE) {
    bind_int (stmt, "@cause_source", alarm->cause_source);
    bind_int (stmt, "@cause_channel", alarm->cause_channel);
    bind_int (stmt, "@cause_us", alarm->cause_us);
    bind_number (stmt, "@cause_from", alarm->cause_from_ml_h);
    bind_number (stmt, "@cause_to", alarm->cause_to_ml_h);
  }
  bind_text (stmt, "@rule", alarm->rule);
  bind_text (stmt, "@evidence", alarm->evidence);
  bind_text (stmt, "@missing", alarm->missing);
  bind_text (stmt, "@also", alarm->also);
  bind_int (stmt, "@demo", alarm->demo);
  return run (db, stmt, "write an alarm", error);
}

static gboolean
put_nurse (sqlite3 *db, const ChsEvent *event, GError **error)
{
  const ChsNurse *nurse = &event->nurse;
  g_autoptr (sqlite3_stmt) stmt = prepare (
    db, "INSERT OR REPLACE INTO nurse VALUES (@seq, @t_us, @wall_us, @at_us, @action, @what, @value, @who, @text)", error);

  if (stmt == NULL)
    return FALSE;
  bind_times (stmt, event);
  bind_int (stmt, "@at_us", nurse->at_us);
  bind_text (stmt, "@action", chs_nurse_action_id (nurse->action));
  bind_text (stmt, "@what", nurse->what);
  bind_number (stmt, "@value", nurse->value);
  bind_text (stmt, "@who", nurse->who);
  bind_text (stmt, "@text", nurse->text);
  return run (db, stmt, "write a nurse's action", error);
}

gboolean
chs_store_put_readable (sqlite3 *db, const ChsEvent *event, GError **error)
{
  if (event->type == CHS_EVENT_ALARM)
    return put_alarm (db, event, error);
  if (event->type == CHS_EVENT_NURSE)
    return put_nurse (db, event, error);
  return TRUE;
}

/* ---- meta and sources ---- */

static gboolean
save_meta (sqlite3 *db, const char *key, const char *text, gint64 number, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "INSERT OR REPLACE INTO meta VALUES (@key, @value)", error);

  if (stmt == NULL)
    return FALSE;
  bind_text (stmt, "@key", key);
  if (text != NULL)
    bind_text (stmt, "@value", text);
  else
    bind_int (stmt, "@value", number);
  return run (db, stmt, "write the facts of the recording", error);
}

gboolean
chs_store_save_meta (sqlite3 *db, const char *key, const char *value, GError **error)
{
  return save_meta (db, key, value != NULL ? value : "", 0, error);
}

gboolean
chs_store_save_meta_int (sqlite3 *db, const char *key, gint64 value, GError **error)
{
  return save_meta (db, key, NULL, value, error);
}

static void
take_meta (ChsStoreMeta *meta, const char *key, sqlite3_stmt *stmt)
{
  const struct {
    const char *key;
    char **text;
    gint64 *number;
  } rows[] = {
    { "session_id", &meta->session_id, NULL },       { "chair", &meta->chair, NULL },
    { "boot_id", &meta->boot_id, NULL },             { "program", &meta->program, NULL },
    { "start_wall_us", NULL, &meta->start_wall_us }, { "start_mono_us", NULL, &meta->start_mono_us },
    { "last_seq", NULL, &meta->last_seq },
  };
  const char *value = (const char *) sqlite3_column_text (stmt, 1);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (key, rows[i].key) == 0 && rows[i].number != NULL)
      *rows[i].number = sqlite3_column_int64 (stmt, 1);
    else if (g_strcmp0 (key, rows[i].key) == 0 && value != NULL) {
      g_free (*rows[i].text);
      *rows[i].text = g_utf8_make_valid (value, -1);
    }
  if (g_strcmp0 (key, "complete") == 0)
    meta->complete = sqlite3_column_int64 (stmt, 1) == 1;
}

gboolean
chs_store_load_meta (sqlite3 *db, ChsStoreMeta *meta, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "SELECT key, value FROM meta ORDER BY key", error);
  int rc;

  *meta = (ChsStoreMeta) { 0 };
  if (stmt == NULL)
    return FALSE;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW)
    take_meta (meta, (const char *) sqlite3_column_text (stmt, 0), stmt);
  if (rc != SQLITE_DONE) {
    chs_store_meta_clear (meta);
    chs_store_set_error (error, db, rc, "cannot read the facts of the recording");
    return FALSE;
  }
  return TRUE;
}

gboolean
chs_store_save_source (sqlite3 *db, const ChsStoreSource *source, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "INSERT OR REPLACE INTO source VALUES (@source, @name, @driver, @address, @version)", error);

  if (stmt == NULL)
    return FALSE;
  bind_int (stmt, "@source", source->source);
  bind_text (stmt, "@name", source->name);
  bind_text (stmt, "@driver", source->driver);
  bind_text (stmt, "@address", source->address);
  bind_text (stmt, "@version", source->version);
  return run (db, stmt, "write a source", error);
}

GArray *
chs_store_load_sources (sqlite3 *db, GError **error)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, TRUE, sizeof (ChsStoreSource));
  g_autoptr (sqlite3_stmt) stmt
    = prepare (db, "SELECT source, name, driver, address, version FROM source WHERE source BETWEEN 0 AND 255 ORDER BY source", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW && sources->len <= G_MAXUINT8) {
    ChsStoreSource source = { .source = (guint8) sqlite3_column_int (stmt, 0) };

    chs_text_copy (source.name, sizeof source.name, (const char *) sqlite3_column_text (stmt, 1));
    chs_text_copy (source.driver, sizeof source.driver, (const char *) sqlite3_column_text (stmt, 2));
    chs_text_copy (source.address, sizeof source.address, (const char *) sqlite3_column_text (stmt, 3));
    chs_text_copy (source.version, sizeof source.version, (const char *) sqlite3_column_text (stmt, 4));
    g_array_append_val (sources, source);
  }
  if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
    chs_store_set_error (error, db, rc, "cannot read the sources");
    return NULL;
  }
  return g_steal_pointer (&sources);
}

gboolean
chs_store_save_track (sqlite3 *db, const ChsStoreTrack *track, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "INSERT OR REPLACE INTO track VALUES (@source, @channel, @param, @name, @unit)", error);

  if (stmt == NULL)
    return FALSE;
  bind_int (stmt, "@source", track->source);
  bind_int (stmt, "@channel", track->channel);
  bind_text (stmt, "@param", chs_param_info (track->param)->name);
  bind_text (stmt, "@name", track->name);
  bind_text (stmt, "@unit", track->unit);
  return run (db, stmt, "write a track", error);
}

GArray *
chs_store_load_tracks (sqlite3 *db, GError **error)
{
  g_autoptr (GArray) tracks = g_array_new (FALSE, TRUE, sizeof (ChsStoreTrack));
  g_autoptr (sqlite3_stmt) stmt = prepare (
    db, "SELECT source, channel, param, name, unit FROM track WHERE source BETWEEN 0 AND 255 AND channel BETWEEN 0 AND 255", error);
  int rc;

  if (stmt == NULL)
    return NULL;
  while ((rc = sqlite3_step (stmt)) == SQLITE_ROW && tracks->len < TRACKS_MAX) {
    const char *param = (const char *) sqlite3_column_text (stmt, 2);
    ChsStoreTrack track = { .source = (guint8) sqlite3_column_int (stmt, 0), .channel = (guint8) sqlite3_column_int (stmt, 1),
                            .param = (guint8) chs_param_from_name (param != NULL ? param : "") };

    chs_text_copy (track.name, sizeof track.name, (const char *) sqlite3_column_text (stmt, 3));
    chs_text_copy (track.unit, sizeof track.unit, (const char *) sqlite3_column_text (stmt, 4));
    g_array_append_val (tracks, track);
  }
  if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
    chs_store_set_error (error, db, rc, "cannot read the tracks");
    return NULL;
  }
  return g_steal_pointer (&tracks);
}

/* ---- opening ---- */

static gboolean
get_pragma (sqlite3 *db, const char *sql, gint64 *value, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, sql, error);

  if (stmt == NULL || !run (db, stmt, "read the header", error))
    return FALSE;
  *value = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

/* A hostile file may carry views, virtual or generated columns under our names; none of them has our text. */
static gboolean
check_tables (sqlite3 *db, const char *path, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = prepare (db, "SELECT sql FROM sqlite_schema WHERE name = @name", error);

  if (stmt == NULL) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  for (guint i = 0; i < chs_n_store_tables; i++) {
    sqlite3_reset (stmt);
    bind_text (stmt, "@name", chs_store_tables[i].name);
    if (!run (db, stmt, "read the schema", error))
      return FALSE;
    if (g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), chs_store_tables[i].sql) != 0) {
      g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_FORMAT, "%s: table %s is missing or not as in a recording",
                   path, chs_store_tables[i].name);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
chs_store_check_format (sqlite3 *db, const char *path, GError **error)
{
  gint64 id = 0, version = 0;

  if (!get_pragma (db, "PRAGMA application_id", &id, error) || !get_pragma (db, "PRAGMA user_version", &version, error)) {
    g_prefix_error (error, "%s: ", path);
    return FALSE;
  }
  if (id != CHS_STORE_APPLICATION_ID) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_FORMAT, "%s is not a Chairside recording", path);
    return FALSE;
  }
  if (version != CHS_STORE_VERSION) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_FORMAT,
                 "%s is a recording of version %" G_GINT64_FORMAT ", this program reads version %d: use %s", path, version,
                 CHS_STORE_VERSION, version > CHS_STORE_VERSION ? "a newer one" : "the one that made it");
    return FALSE;
  }
  return check_tables (db, path, error);
}

static void
harden (sqlite3 *db)
{
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_limit (db, SQLITE_LIMIT_LENGTH, 2 * CHS_BLOCK_MAX);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_exec (db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", NULL, NULL, NULL);
  sqlite3_busy_timeout (db, READ_BUSY_MS);
}

/* A file that was cut off: SQLite refuses it as a whole, because it is shorter than its header says, unless the schema may
 * be doubted. Read-only, and with the tables compared to ours, that is safe; the pages that are there can be read. */
static gboolean
check_cut_off (sqlite3 *db, const char *path)
{
  if (sqlite3_errcode (db) != SQLITE_CORRUPT)
    return FALSE;
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
  return chs_store_check_format (db, path, NULL);
}

static sqlite3 *
try_open (const char *name, int flags, const char *path, GError **error)
{
  sqlite3 *db = NULL;
  int rc = sqlite3_open_v2 (name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | flags, NULL);

  if (rc != SQLITE_OK)
    chs_store_set_error (error, db, rc, "cannot open %s", path);
  else {
    g_autoptr (GError) refused = NULL;

    harden (db);
    if (chs_store_check_format (db, path, &refused) || check_cut_off (db, path))
      return db;
    g_propagate_error (error, g_steal_pointer (&refused));
  }
  sqlite3_close (db);
  return NULL;
}

/* On a medium that cannot be written SQLite refuses a file in WAL mode, for want of its shared memory. Nobody writes
 * there, so it can be read as it stands, if nothing of it is still in the WAL. */
static sqlite3 *
open_immutable (const char *path, GError **error)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, error);
  g_autofree char *name = g_strconcat (uri != NULL ? uri : "", "?immutable=1", NULL);
  GStatBuf st;

  if (uri == NULL)
    return NULL;
  if (g_stat (wal, &st) == 0 && st.st_size > 0) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN,
                 "%s was not closed properly: copy it together with %s to a folder that can be written", path, wal);
    return NULL;
  }
  return try_open (name, SQLITE_OPEN_URI, path, error);
}

/* Whether a journal of one file lies beside it. One that names a further file (it ends with SQLite's magic then) is none of
 * ours: SQLite would delete the file that it names. */
static gboolean
has_own_journal (const char *path)
{
  static const guint8 magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7 };
  g_autofree char *name = g_strconcat (path, "-journal", NULL);
  guint8 end[sizeof magic] = { 0 };
  int fd = open (name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  off_t size = fd >= 0 ? lseek (fd, 0, SEEK_END) : 0;
  gboolean is_own = size > (off_t) sizeof end && pread (fd, end, sizeof end, size - (off_t) sizeof end) == (ssize_t) sizeof end
                    && memcmp (end, magic, sizeof end) != 0;

  if (fd >= 0)
    close (fd);
  return is_own;
}

/* The power went while a closed recording was made one plain file. Only somebody who may write can undo that last step;
 * reading is enough to have it undone. */
static void
roll_back (const char *path)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
    harden (db);
    sqlite3_exec (db, "PRAGMA user_version", NULL, NULL, NULL);
  }
  sqlite3_close (db);
}

sqlite3 *
chs_store_open_read (const char *path, GError **error)
{
  g_autoptr (GError) first = NULL;
  sqlite3 *db = try_open (path, 0, path, &first);

  if (db == NULL && has_own_journal (path)) {
    roll_back (path);
    g_clear_error (&first);
    db = try_open (path, 0, path, &first);
  }
  if (db != NULL)
    return db;
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_error_matches (first, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN)
      && g_access (path, R_OK) == 0)
    return open_immutable (path, error);
  g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}

gboolean
chs_store_create (sqlite3 *db, GError **error)
{
  g_autofree char *header = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%d", CHS_STORE_APPLICATION_ID,
                                             CHS_STORE_VERSION);

  if (!chs_store_exec (db, header, error))
    return FALSE;
  for (guint i = 0; i < chs_n_store_tables; i++)
    if (!chs_store_exec (db, chs_store_tables[i].sql, error))
      return FALSE;
  return TRUE;
}
