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
  guint64        last_seq; /* of the blocks that were seen */
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
    account->last_seq = MAX (account->last_seq, block.last_seq);
    chs_block_clear (&block);
  }
  if (cursor.n_bad > n_bad)
    finding (account, expected, "%s: unreadable from event %" G_GUINT64_FORMAT " on", chs_streams[stream].table, expected);
  account->check->blocks_bad += cursor.n_bad;
  chs_block_cursor_close (&cursor);
  return ok;
}

/* ---- names of sources and tracks, once more from the journal ---- */

typedef struct {
  GArray *sources; /* of ChsStoreSource: of the last LINK event of each */
  GArray *tracks;  /* of ChsStoreTrack: of the CONFIG event of an import */
} Names;

static void
note_link (GArray *sources, const ChsEvent *event)
{
  ChsStoreSource source = { .source = event->source };

  chs_text_copy (source.name, sizeof source.name, event->link.name);
  chs_text_copy (source.driver, sizeof source.driver, event->link.driver);
  for (guint i = 0; i < sources->len; i++)
    if (g_array_index (sources, ChsStoreSource, i).source == source.source) {
      g_array_index (sources, ChsStoreSource, i) = source;
      return;
    }
  g_array_append_val (sources, source);
}

static void
note_tracks (GArray *tracks, const ChsConfigText *config)
{
  g_autofree char *text = g_strndup (config->text, config->n);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) words = g_strsplit (*line, "\t", 5);
    ChsStoreTrack track = { 0 };

    if (g_strv_length (words) != 5)
      continue;
    track.source = (guint8) g_ascii_strtoull (words[0], NULL, 10);
    track.channel = (guint8) g_ascii_strtoull (words[1], NULL, 10);
    track.param = (guint8) chs_param_from_name (words[2]);
    chs_text_copy (track.name, sizeof track.name, words[3]);
    chs_text_copy (track.unit, sizeof track.unit, words[4]);
    g_array_append_val (tracks, track);
  }
}

static gboolean
note_names (ChsStream stream, const ChsBlock *block, gpointer user_data)
{
  Names *self = user_data;
  g_autoptr (GBytes) bytes = chs_block_inflate (block);
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  const guint8 *p = g_bytes_get_data (bytes, NULL), *end = p + g_bytes_get_size (bytes);
  ChsEvent event;

  while (chs_event_unpack (state, &p, end, &event, NULL, 0) == CHS_UNPACK_EVENT) {
    if (event.type == CHS_EVENT_LINK && event.source != CHS_SOURCE_MONITOR)
      note_link (self->sources, &event);
    else if (event.type == CHS_EVENT_CONFIG && strcmp (event.config.name, CHS_STORE_TRACKS_CONFIG) == 0)
      note_tracks (self->tracks, &event.config);
  }
  return TRUE;
}

static void
names_clear (Names *self)
{
  g_array_unref (self->sources);
  g_array_unref (self->tracks);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

/* What the journal of @db tells. */
static Names
load_names (sqlite3 *db)
{
  Names names = { .sources = g_array_new (FALSE, TRUE, sizeof (ChsStoreSource)), .tracks = g_array_new (FALSE, TRUE, sizeof (ChsStoreTrack)) };
  ChsStoreCheck check = { 0 };
  Account nobody = { .check = &check, .text = g_string_new (NULL) };

  walk_stream (db, CHS_STREAM_JOURNAL, "", &nobody, note_names, &names);
  g_string_free (nobody.text, TRUE);
  return names;
}

static gboolean
has_track (const GArray *tracks, const ChsStoreTrack *track)
{
  for (guint i = 0; i < tracks->len; i++) {
    const ChsStoreTrack *other = &g_array_index (tracks, ChsStoreTrack, i);

    if (other->source == track->source && other->channel == track->channel && other->param == track->param)
      return TRUE;
  }
  return FALSE;
}

/* Calls for each row that the journal tells of and the tables lack. Sources are few and stand on one page: they are lost
 * all together. */
static gboolean
foreach_lost (sqlite3 *db, gboolean (*on_source) (const ChsStoreSource *source, gpointer user_data),
              gboolean (*on_track) (const ChsStoreTrack *track, gpointer user_data), gpointer user_data, GError **error)
{
  g_auto (Names) names = load_names (db);
  g_autoptr (GArray) sources = chs_store_load_sources (db, error);
  g_autoptr (GArray) tracks = sources != NULL ? chs_store_load_tracks (db, error) : NULL;
  gboolean more = tracks != NULL;

  for (guint i = 0; more && sources->len == 0 && i < names.sources->len; i++)
    more = on_source (&g_array_index (names.sources, ChsStoreSource, i), user_data);
  for (guint i = 0; more && i < names.tracks->len; i++) {
    const ChsStoreTrack *track = &g_array_index (names.tracks, ChsStoreTrack, i);

    more = has_track (tracks, track) || on_track (track, user_data);
  }
  return more;
}

/* Not every writer names its sources; what the tables of one page have lost shows in SQLite's own check. */
static gboolean
skip_source (const ChsStoreSource *source, gpointer user_data)
{
  return TRUE;
}

static gboolean
tell_track (const ChsStoreTrack *track, gpointer user_data)
{
  finding (user_data, 0, "track: the row of \"%s\" is lost; recover makes it anew", track->name);
  return TRUE;
}

static void
check_tracks (sqlite3 *db, Account *account)
{
  g_autoptr (GError) error = NULL;

  if (!foreach_lost (db, skip_source, tell_track, account, &error) && error != NULL)
    finding (account, 0, "%s", error->message);
}

/* A damaged file has NULL where the schema forbids it, and bytes that are no text. */
static char *
dup_column (sqlite3_stmt *stmt, int column)
{
  const char *text = (const char *) sqlite3_column_text (stmt, column);

  return g_utf8_make_valid (text != NULL ? text : "", -1);
}

static void
check_sqlite (sqlite3 *db, Account *account)
{
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2 (db, "PRAGMA integrity_check(20)", -1, &stmt, NULL);

  while (rc == SQLITE_OK && (rc = sqlite3_step (stmt)) == SQLITE_ROW) {
    g_autofree char *line = dup_column (stmt, 0);

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
    g_autofree char *stream = dup_column (stmt, 0);
    g_autofree char *why = dup_column (stmt, 3);

    finding (account, (guint64) sqlite3_column_int64 (stmt, 1), "%s: events %lld to %lld were damaged and moved aside: %s",
             stream, (long long) sqlite3_column_int64 (stmt, 1),
             (long long) sqlite3_column_int64 (stmt, 2), why);
  }
}

/* A chain does not show that its last links are gone; the number of the last event does. */
static void
check_end (const ChsStoreMeta *meta, Account *account)
{
  if (meta->complete && meta->last_seq > 0 && account->last_seq < (guint64) meta->last_seq)
    finding (account, account->last_seq + 1, "the recording was closed with event %" G_GINT64_FORMAT ", the last one in it is %" G_GUINT64_FORMAT
             ": its end was taken away", meta->last_seq, account->last_seq);
}

gboolean
chs_store_check (const char *path, ChsStoreCheck *check, GError **error)
{
  g_autoptr (sqlite3) db = chs_store_open_read (path, error);
  Account account = { .check = check };
  ChsStoreMeta meta = { 0 };

  *check = (ChsStoreCheck) { 0 };
  if (db == NULL || !chs_store_exec (db, "BEGIN", error) || !chs_store_load_meta (db, &meta, error))
    return FALSE;
  account.text = g_string_new (NULL);
  check_sqlite (db, &account);
  for (guint i = 0; i < CHS_N_STREAMS; i++)
    walk_stream (db, i, meta.session_id != NULL ? meta.session_id : "", &account, NULL, NULL);
  check_end (&meta, &account);
  check_tracks (db, &account);
  check_aside (db, &account);
  chs_store_meta_clear (&meta);
  account_end (&account);
  return account.n_findings == 0;
}

/* ---- recovering ---- */

typedef struct {
  sqlite3 *to;
  GError **error;
  guint    n_restored; /* rows of sources and tracks */
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
copy_facts (sqlite3 *to, const ChsStoreMeta *meta, GError **error)
{
  return chs_store_save_meta (to, "session_id", meta->session_id, error) && chs_store_save_meta (to, "chair", meta->chair, error)
         && chs_store_save_meta (to, "boot_id", meta->boot_id, error) && chs_store_save_meta (to, "program", meta->program, error)
         && chs_store_save_meta_int (to, "start_wall_us", meta->start_wall_us, error)
         && chs_store_save_meta_int (to, "start_mono_us", meta->start_mono_us, error)
         && chs_store_save_meta_int (to, "last_seq", meta->last_seq, error)
         && chs_store_save_meta_int (to, "complete", meta->complete, error);
}

/* Rows that can still be read; what is lost is made anew from the journal afterwards. */
static gboolean
copy_names (sqlite3 *from, Copy *copy, Account *account)
{
  g_autoptr (GError) lost_sources = NULL;
  g_autoptr (GError) lost_tracks = NULL;
  g_autoptr (GArray) sources = chs_store_load_sources (from, &lost_sources);
  g_autoptr (GArray) tracks = chs_store_load_tracks (from, &lost_tracks);

  if (sources == NULL)
    finding (account, 0, "source: %s", lost_sources->message);
  if (tracks == NULL)
    finding (account, 0, "track: %s", lost_tracks->message);
  for (guint i = 0; sources != NULL && i < sources->len; i++)
    if (!chs_store_save_source (copy->to, &g_array_index (sources, ChsStoreSource, i), copy->error))
      return FALSE;
  for (guint i = 0; tracks != NULL && i < tracks->len; i++)
    if (!chs_store_save_track (copy->to, &g_array_index (tracks, ChsStoreTrack, i), copy->error))
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

static gboolean
overlaps (sqlite3 *db, ChsStream stream, const ChsBlock *block)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE seq <= %" G_GUINT64_FORMAT " AND last_seq >= %" G_GUINT64_FORMAT,
                                          chs_streams[stream].table, block->last_seq, block->first_seq);
  g_autoptr (sqlite3_stmt) stmt = NULL;

  return sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK || sqlite3_step (stmt) != SQLITE_DONE;
}

static ChsStream
stream_of_block (GBytes *bytes)
{
  gsize n;
  const guint8 *p = g_bytes_get_data (bytes, &n), *end = p + n;
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  g_autofree gint16 *samples = g_new (gint16, CHS_WAVE_MAX);
  ChsEvent event = { 0 };

  chs_event_unpack (state, &p, end, &event, samples, CHS_WAVE_MAX);
  return chs_stream_of (event.type);
}

/* Blocks that lie in the file but that no tree leads to any more. */
static gboolean
add_salvage (const char *path, Copy *copy, Account *account)
{
  g_autoptr (GArray) blocks = chs_store_salvage (path, copy->error);
  guint n = 0;

  if (blocks == NULL)
    return FALSE;
  for (guint i = 0; i < blocks->len; i++) {
    const ChsBlock *block = &g_array_index (blocks, ChsBlock, i);
    g_autoptr (GBytes) bytes = chs_block_inflate (block);
    ChsStream stream = stream_of_block (bytes);

    if (count_events (bytes, block, stream) != block->n_events || overlaps (copy->to, stream, block))
      continue;
    if (!copy_block (stream, block, copy))
      return FALSE;
    account->check->blocks_ok++;
    account->check->events += block->n_events;
    n++;
  }
  if (n > 0)
    finding (account, 0, "%u blocks were found in pages that no table leads to any more", n);
  return TRUE;
}

/* The facts may be lost while blocks are not: an identity of its own, and the start that the first event tells. */
static gboolean
invent_facts (sqlite3 *to, GError **error)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return chs_store_save_meta (to, "session_id", uuid, error) && chs_store_save_meta (to, "program", "recovered", error)
         && chs_store_save_meta_int (to, "complete", 0, error);
}

static gboolean
save_start (sqlite3 *to, GError **error)
{
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  g_autoptr (GBytes) bytes = NULL;
  ChsBlockCursor cursor;
  ChsBlock block = { 0 };
  ChsEvent event = { 0 };

  chs_block_cursor_open (&cursor, to, CHS_STREAM_JOURNAL, 0);
  if (chs_block_cursor_next (&cursor, &block))
    bytes = chs_block_inflate (&block);
  if (bytes != NULL) {
    const guint8 *p = g_bytes_get_data (bytes, NULL);

    chs_event_unpack (state, &p, p + g_bytes_get_size (bytes), &event, NULL, 0);
  }
  chs_block_clear (&block);
  chs_block_cursor_close (&cursor);
  return chs_store_save_meta_int (to, "start_wall_us", event.wall_us - event.t_us, error);
}

/* Another version's file is whole, only not ours to touch. */
static gboolean
is_of_other_version (const char *path)
{
  enum { USER_VERSION = 60, APPLICATION_ID = 68 }; /* places in SQLite's header */
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  const guint8 *p = file != NULL ? (const guint8 *) g_mapped_file_get_contents (file) : NULL;
  guint32 version, id;

  if (p == NULL || g_mapped_file_get_length (file) < APPLICATION_ID + sizeof id)
    return FALSE;
  memcpy (&version, p + USER_VERSION, sizeof version);
  memcpy (&id, p + APPLICATION_ID, sizeof id);
  return GUINT32_FROM_BE (id) == CHS_STORE_APPLICATION_ID && version != 0 && GUINT32_FROM_BE (version) != CHS_STORE_VERSION;
}

/* What SQLite can still reach. */
static gboolean
copy_reachable (const char *path, Copy *copy, Account *account, GError **why_not)
{
  g_autoptr (sqlite3) from = chs_store_open_read (path, why_not);
  ChsStoreMeta meta = { 0 };
  gboolean ok;

  if (from == NULL || !chs_store_exec (from, "BEGIN", why_not) || !chs_store_load_meta (from, &meta, why_not))
    return FALSE;
  ok = copy_facts (copy->to, &meta, copy->error) && copy_names (from, copy, account);
  for (guint i = 0; i < CHS_N_STREAMS && ok; i++)
    ok = walk_stream (from, i, meta.session_id != NULL ? meta.session_id : "", account, copy_block, copy);
  chs_store_meta_clear (&meta);
  return ok;
}

static gboolean
copy_all (const char *path, Copy *copy, Account *account)
{
  g_autoptr (GError) why_not = NULL;

  if (!copy_reachable (path, copy, account, &why_not)) {
    if (copy->error != NULL && *copy->error != NULL)
      return FALSE;
    finding (account, 0, "the tables cannot be read: %s", why_not->message);
    if (is_of_other_version (path) || !add_salvage (path, copy, account) || account->check->blocks_ok == 0) {
      g_clear_error (copy->error);
      g_propagate_error (copy->error, g_steal_pointer (&why_not));
      return FALSE;
    }
    return invent_facts (copy->to, copy->error) && save_start (copy->to, copy->error);
  }
  return account->n_findings == 0 || add_salvage (path, copy, account);
}

static gboolean
restore_source (const ChsStoreSource *source, gpointer user_data)
{
  Copy *copy = user_data;

  copy->n_restored++;
  return chs_store_save_source (copy->to, source, copy->error);
}

static gboolean
restore_track (const ChsStoreTrack *track, gpointer user_data)
{
  Copy *copy = user_data;

  copy->n_restored++;
  return chs_store_save_track (copy->to, track, copy->error);
}

static gboolean
restore_names (Copy *copy, Account *account)
{
  gboolean ok = foreach_lost (copy->to, restore_source, restore_track, copy, copy->error);

  if (ok && copy->n_restored > 0)
    finding (account, 0, "%u rows of sources and tracks were lost and are made anew from the journal; ports are not told there", copy->n_restored);
  return ok;
}

gboolean
chs_store_recover (const char *path, const char *out_path, ChsStoreCheck *check, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (sqlite3) to = create_output (out_path, error);
  Account account = { .check = check };
  Copy copy = { .to = to, .error = &trouble };
  gboolean ok;

  *check = (ChsStoreCheck) { 0 };
  if (to == NULL)
    return FALSE;
  account.text = g_string_new (NULL);
  ok = copy_all (path, &copy, &account) && restore_names (&copy, &account) && chs_store_exec (to, "COMMIT", &trouble);
  account_end (&account);
  if (!ok) {
    g_unlink (out_path);
    chs_store_check_clear (check);
    g_propagate_error (error, g_steal_pointer (&trouble));
  }
  return ok;
}
