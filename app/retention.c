/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/retention.h"

#include "app/audit.h"
#include "app/markers.h"
#include "data/ini.h"
#include "data/store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/statvfs.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define RESUMABLE_US DAY_US   /* a session of this day may be gone on with (app/monitor.h) */
#define MEAN_DAYS 30          /* over which the daily need is taken; own choice */
#define KEEP_DAYS_MAX 36500
#define MIN_FREE_MIB_MAX 1000000
#define SUFFIX ".chairside"

/* ---- the policy ---- */

static gboolean
read_count (const char *key, const char *value, guint max, guint *out, GError **error)
{
  guint64 n = 0;

  if (!g_ascii_string_to_unsigned (value, 10, 0, max, &n, NULL)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s is \"%s\"; write a whole number from 0 to %u", key, value, max);
    return FALSE;
  }
  *out = (guint) n;
  return TRUE;
}

static const char *const keys[] = { "keep_days", "min_free_mib", "keep_unexported", NULL };

const char *const *
chs_retention_keys (void)
{
  return keys;
}

gboolean
chs_retention_set (ChsRetention *self, const char *key, const char *value, GError **error)
{
  if (strcmp (key, "keep_days") == 0)
    return read_count (key, value, KEEP_DAYS_MAX, &self->keep_days, error);
  if (strcmp (key, "min_free_mib") == 0)
    return read_count (key, value, MIN_FREE_MIB_MAX, &self->min_free_mib, error);
  if (strcmp (key, "keep_unexported") != 0)
    return chs_ini_unknown (error, "key", key, keys);
  if (strcmp (value, "yes") != 0 && strcmp (value, "no") != 0) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s is \"%s\"; write yes or no", key, value);
    return FALSE;
  }
  self->keep_unexported = value[0] == 'y';
  return TRUE;
}

const char *
chs_retention_fate_id (ChsRetentionFate fate)
{
  static const char *const ids[] = { "kept", "running", "unexported", "unreadable", "removed_age", "removed_space", "failed" };

  return (guint) fate < G_N_ELEMENTS (ids) ? ids[fate] : "";
}

/* ---- what is there ---- */

typedef struct {
  const ChsRetention *policy;
  const char *folder;
  gint64      now_us;
  gboolean    dry;
  ChsRetentionSpaceFunc space;
  gpointer    user_data;
  ChsRetentionResult *result;
  guint64     spared; /* bytes that a dry run would have freed */
} Run;

static void
item_free (gpointer data)
{
  ChsRetentionItem *item = data;

  g_free (item->name);
  g_free (item->session_id);
  g_free (item->message);
  g_free (item);
}

void
chs_retention_result_clear (ChsRetentionResult *result)
{
  g_clear_pointer (&result->items, g_ptr_array_unref);
}

static guint64
ask_file_system (const char *folder, gpointer user_data)
{
  struct statvfs fs;

  return statvfs (folder, &fs) == 0 ? (guint64) fs.f_bavail * fs.f_frsize : G_MAXUINT64;
}

static guint64
count_bytes (const char *path)
{
  GStatBuf st;

  return g_stat (path, &st) == 0 ? (guint64) st.st_blocks * 512 : 0;
}

static gboolean
note_exported (const ChsAuditLine *line, gpointer user_data)
{
  if (strcmp (line->action, "export") == 0)
    g_hash_table_add (user_data, g_strdup (line->what));
  return TRUE;
}

static ChsRetentionItem *
look_at (Run *run, const char *name, GHashTable *exported)
{
  ChsRetentionItem *item = g_new0 (ChsRetentionItem, 1);
  g_autofree char *path = g_build_filename (run->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  const ChsStoreMeta *meta;

  item->name = g_strdup (name);
  item->bytes = count_bytes (path);
  if (reader == NULL) {
    item->fate = CHS_RETENTION_KEPT_UNREADABLE;
    item->message = g_strdup (error->message);
    return item;
  }
  meta = chs_store_reader_get_meta (reader);
  item->session_id = g_strdup (meta->session_id != NULL ? meta->session_id : "");
  item->end_us = meta->start_wall_us + chs_store_reader_get_last_us (reader);
  item->exported = g_hash_table_contains (exported, item->session_id);
  item->message = g_strdup ("");
  if (ABS (run->now_us - item->end_us) < RESUMABLE_US)
    item->fate = CHS_RETENTION_KEPT_RUNNING;
  return item;
}

static int
by_age (gconstpointer left, gconstpointer right)
{
  const ChsRetentionItem *a = *(const ChsRetentionItem *const *) left, *b = *(const ChsRetentionItem *const *) right;

  return a->end_us != b->end_us ? (a->end_us < b->end_us ? -1 : 1) : strcmp (a->name, b->name);
}

static gboolean
look_around (Run *run, GError **error)
{
  g_autoptr (GHashTable) exported = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (run->folder, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  /* A broken chain is for the technician to look into (`check`), and no reason to fill the disk. */
  chs_audit_foreach (run->folder, note_exported, exported, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, SUFFIX))
      g_ptr_array_add (run->result->items, look_at (run, name, exported));
  g_ptr_array_sort (run->result->items, by_age);
  return TRUE;
}

/* ---- what goes ---- */

static guint64
count_free (Run *run)
{
  guint64 bytes = run->space (run->folder, run->user_data);

  return bytes > G_MAXUINT64 - run->spared ? bytes : bytes + run->spared;
}

static gboolean
remove_item (Run *run, ChsRetentionItem *item, ChsRetentionFate fate, GError **error)
{
  g_autofree char *path = g_build_filename (run->folder, item->name, NULL);
  g_autofree char *markers = g_strconcat (path, CHS_MARKERS_SUFFIX, NULL);
  g_autofree char *why
    = g_strdup_printf ("session %s, %" G_GUINT64_FORMAT " bytes, %s, %s", item->session_id, item->bytes,
                       fate == CHS_RETENTION_REMOVED_AGE ? "older than keep_days" : "less free than min_free_mib",
                       item->exported ? "exported" : "never exported");

  if (run->dry)
    run->spared += item->bytes;
  else if (!chs_audit_append (run->folder, run->now_us, "retention", "remove", item->name, why, error))
    return FALSE;
  else if (!chs_store_remove (path, error)) {
    chs_audit_append (run->folder, run->now_us, "retention", "remove_failed", item->name, *error != NULL ? (*error)->message : NULL, NULL);
    return FALSE;
  }
  if (!run->dry)
    g_unlink (markers); /* what a technician noted about it goes with it; mostly there is none */
  item->fate = fate;
  run->result->n_removed++;
  run->result->bytes_removed += item->bytes;
  return TRUE;
}

static gboolean
should_go (Run *run, const ChsRetentionItem *item, ChsRetentionFate *fate)
{
  const ChsRetention *policy = run->policy;

  if (policy->keep_days > 0 && run->now_us - item->end_us > policy->keep_days * DAY_US)
    *fate = CHS_RETENTION_REMOVED_AGE;
  else if (policy->min_free_mib > 0 && count_free (run) / (1024 * 1024) < policy->min_free_mib)
    *fate = CHS_RETENTION_REMOVED_SPACE;
  else
    return FALSE;
  return TRUE;
}

static void
decide (Run *run, ChsRetentionItem *item, GError **first)
{
  g_autoptr (GError) error = NULL;
  ChsRetentionFate fate;

  if (item->fate != CHS_RETENTION_KEPT || !should_go (run, item, &fate))
    return;
  if (run->policy->keep_unexported && !item->exported) {
    item->fate = CHS_RETENTION_KEPT_UNEXPORTED;
    return;
  }
  if (remove_item (run, item, fate, &error))
    return;
  item->fate = g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_BUSY) ? CHS_RETENTION_KEPT_RUNNING : CHS_RETENTION_FAILED;
  g_free (item->message);
  item->message = g_strdup (error->message);
  if (item->fate == CHS_RETENTION_FAILED && *first == NULL)
    *first = g_steal_pointer (&error);
}

static void
look_ahead (Run *run)
{
  ChsRetentionResult *result = run->result;
  guint64 bytes = 0, kept = (guint64) run->policy->min_free_mib * 1024 * 1024;

  for (guint i = 0; i < result->items->len; i++) {
    const ChsRetentionItem *item = result->items->pdata[i];

    if (item->session_id != NULL && item->end_us <= run->now_us && run->now_us - item->end_us < MEAN_DAYS * DAY_US)
      bytes += item->bytes;
  }
  result->bytes_free = count_free (run);
  result->bytes_day = (double) bytes / MEAN_DAYS;
  result->days_left = INFINITY;
  if (bytes > 0)
    result->days_left = result->bytes_free > kept ? (double) (result->bytes_free - kept) / result->bytes_day : 0;
}

gboolean
chs_retention_run (const ChsRetention *self, const char *folder, gint64 now_us, gboolean dry, ChsRetentionSpaceFunc space,
                   gpointer user_data, ChsRetentionResult *result, GError **error)
{
  Run run = { self, folder, now_us, dry, space != NULL ? space : ask_file_system, user_data, result, 0 };
  GError *first = NULL;

  *result = (ChsRetentionResult) { .items = g_ptr_array_new_with_free_func (item_free) };
  if (!look_around (&run, error))
    return FALSE;
  for (guint i = 0; i < result->items->len; i++)
    decide (&run, result->items->pdata[i], &first);
  look_ahead (&run);
  if (first != NULL)
    g_propagate_error (error, first);
  return first == NULL;
}

gboolean
chs_retention_note_export (const char *session_path, gint64 now_us, const char *who, const char *format, const char *out, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (session_path), *log = g_build_filename (folder, CHS_AUDIT_NAME, NULL);
  g_autofree char *name = g_path_get_basename (session_path);
  g_autofree char *why = g_strdup_printf ("%s as %s%s%s", name, format, out != NULL ? " to " : "", out != NULL ? out : "");
  g_autoptr (ChsStoreReader) reader = NULL;
  const ChsStoreMeta *meta;

  if (!g_file_test (log, G_FILE_TEST_EXISTS))
    return TRUE;
  reader = chs_store_reader_new (session_path, error);
  if (reader == NULL)
    return FALSE;
  meta = chs_store_reader_get_meta (reader);
  return chs_audit_append (folder, now_us, who, "export", meta->session_id != NULL ? meta->session_id : "", why, error);
}
