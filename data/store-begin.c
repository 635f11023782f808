/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-writer-private.h"

#include "data/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUSY_MS 3000 /* a reader that is just looking */

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

gboolean
chs_store_writer_open_database (ChsStoreWriter *self, GError **error)
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

void
chs_store_writer_close_database (ChsStoreWriter *self)
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
  if (chs_store_writer_open_database (self, error) && prepare_file (self, meta, error))
    return TRUE;
  chs_store_writer_close_database (self);
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

gboolean
chs_store_writer_begin (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error)
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
