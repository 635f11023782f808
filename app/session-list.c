/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session-list.h"

#include "app/alarm-track.h"
#include "app/replay.h"
#include "data/store.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUFFIX ".chairside"
#define INDEX_TYPE "a(sxxxxsssuubs)"
#define ROW_TYPE "(sxxxxsssuubs)"
#define ROW_READ "(&sxxxx&s&s&suub&s)"
#define MAX_ROWS 100000 /* of a hostile folder */

struct _ChsSessionList {
  char   *folder, *index;
  GArray *rows; /* of ChsSessionRow */
};

/* ---- the index ---- */

static char *
dup_index_path (const char *folder)
{
  g_autofree char *full = g_canonicalize_filename (folder, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, full, -1);
  g_autofree char *name = g_strdup_printf ("sessions-%.16s.index", hash);

  return g_build_filename (g_get_user_cache_dir (), "chairside", name, NULL);
}

static void
take_known (GHashTable *known, GVariant *entry)
{
  ChsSessionRow *row = g_new0 (ChsSessionRow, 1);
  const char    *name, *patient, *therapy, *chair, *damage;

  g_variant_get (entry, ROW_READ, &name, &row->size, &row->changed_us, &row->start_us, &row->duration_us, &patient, &therapy,
                 &chair, &row->n_alarms, &row->n_high, &row->is_complete, &damage);
  row->is_known = TRUE;
  g_strlcpy (row->name, name, sizeof row->name);
  chs_text_copy (row->patient_id, sizeof row->patient_id, patient);
  chs_text_copy (row->therapy, sizeof row->therapy, therapy);
  chs_text_copy (row->chair, sizeof row->chair, chair);
  chs_text_copy (row->damage, sizeof row->damage, damage);
  g_hash_table_insert (known, row->name, row);
}

/* By name; empty when there is no index or it is not one. */
static GHashTable *
load_index (const char *path)
{
  GHashTable      *known = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *bytes = NULL;
  gsize            n;

  if (g_file_get_contents (path, &bytes, &n, NULL)) {
    g_autoptr (GBytes)   content = g_bytes_new (bytes, n);
    g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (INDEX_TYPE), content, FALSE));

    if (g_variant_is_normal_form (all))
      for (gsize i = 0; i < g_variant_n_children (all); i++) {
        g_autoptr (GVariant) entry = g_variant_get_child_value (all, i);

        take_known (known, entry);
      }
  }

  return known;
}

gboolean
chs_session_list_save (const ChsSessionList *self, GError **error)
{
  g_autoptr (GVariantBuilder) builder = g_variant_builder_new (G_VARIANT_TYPE (INDEX_TYPE));
  g_autoptr (GVariant)        all = NULL;
  g_autofree char            *folder = g_path_get_dirname (self->index);

  for (guint i = 0; i < self->rows->len; i++) {
    const ChsSessionRow *row = &g_array_index (self->rows, ChsSessionRow, i);

    if (row->is_known)
      g_variant_builder_add (builder, ROW_TYPE, row->name, row->size, row->changed_us, row->start_us, row->duration_us,
                             row->patient_id, row->therapy, row->chair, row->n_alarms, row->n_high, row->is_complete, row->damage);
  }
  all = g_variant_ref_sink (g_variant_builder_end (builder));
  g_mkdir_with_parents (folder, 0700); /* when it fails, so does the next line, with the reason */

  return g_file_set_contents_full (self->index, g_variant_get_data (all), (gssize) g_variant_get_size (all),
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* ---- the list ---- */

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const ChsSessionRow *x = a, *y = b;

  if (x->start_us != y->start_us)
    return x->start_us < y->start_us ? 1 : -1;

  return strcmp (x->name, y->name);
}

static void
add_file (ChsSessionList *self, GHashTable *known, const char *name)
{
  g_autofree char     *path = g_build_filename (self->folder, name, NULL);
  const ChsSessionRow *before = g_hash_table_lookup (known, name);
  ChsSessionRow        row = { 0 };
  GStatBuf             st;

  if (strlen (name) >= sizeof row.name || !g_utf8_validate (name, -1, NULL) || g_stat (path, &st) != 0 || !S_ISREG (st.st_mode))
    return;
  g_strlcpy (row.name, name, sizeof row.name);
  row.size = st.st_size;
  row.changed_us = (gint64) st.st_mtim.tv_sec * G_USEC_PER_SEC + st.st_mtim.tv_nsec / 1000;
  row.start_us = row.changed_us;
  if (before != NULL && before->size == row.size && before->changed_us == row.changed_us)
    row = *before;
  g_array_append_val (self->rows, row);
}

ChsSessionList *
chs_session_list_new (const char *folder, const char *index, GError **error)
{
  g_autoptr (ChsSessionList) self = g_new0 (ChsSessionList, 1);
  g_autoptr (GHashTable)     known = NULL;
  g_autoptr (GDir)           dir = NULL;
  const char                *name;

  self->folder = g_strdup (folder);
  self->index = index != NULL ? g_strdup (index) : dup_index_path (folder);
  self->rows = g_array_new (FALSE, FALSE, sizeof (ChsSessionRow));
  dir = g_dir_open (folder, 0, error);
  if (dir == NULL)
    return NULL;
  known = load_index (self->index);
  while ((name = g_dir_read_name (dir)) != NULL && self->rows->len < MAX_ROWS)
    if (g_str_has_suffix (name, SUFFIX))
      add_file (self, known, name);
  g_array_sort (self->rows, newest_first);

  return g_steal_pointer (&self);
}

void
chs_session_list_free (ChsSessionList *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self->index);
  g_array_unref (self->rows);
  g_free (self);
}

const char *
chs_session_list_get_folder (const ChsSessionList *self)
{
  return self->folder;
}

const ChsSessionRow *
chs_session_list_get (const ChsSessionList *self, guint *n)
{
  *n = self->rows->len;

  return (const ChsSessionRow *) (gpointer) self->rows->data;
}

void
chs_session_list_put (ChsSessionList *self, const ChsSessionRow *row)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (strcmp (g_array_index (self->rows, ChsSessionRow, i).name, row->name) == 0)
      g_array_index (self->rows, ChsSessionRow, i) = *row;
  g_array_sort (self->rows, newest_first);
}

/* ---- one recording ---- */

typedef struct {
  ChsSessionRow *row;
  ChsAlarmTrack *track;
} Reading;

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Reading        *self = user_data;
  const ChsSetup *setup = &event->setup;

  chs_alarm_track_feed (self->track, event);
  if (event->type != CHS_EVENT_SETUP)
    return TRUE;
  if (strcmp (setup->key, "patient.id") == 0)
    chs_text_copy (self->row->patient_id, sizeof self->row->patient_id, setup->value);
  else if (strcmp (setup->key, "therapy.name") == 0 || (strcmp (setup->key, "therapy.id") == 0 && self->row->therapy[0] == '\0'))
    chs_text_copy (self->row->therapy, sizeof self->row->therapy, setup->value);

  return TRUE;
}

static void
on_replayed (const ChsEvent *event, gpointer track)
{
  chs_alarm_track_feed (track, event);
}

static void
read_meta (ChsSessionRow *row, ChsStoreReader *reader)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (reader);

  row->start_us = meta->start_wall_us;
  row->duration_us = chs_store_reader_get_last_us (reader);
  row->is_complete = meta->complete;
  chs_text_copy (row->chair, sizeof row->chair, meta->chair);
}

void
chs_session_row_read (ChsSessionRow *row, const char *folder)
{
  g_autofree char           *path = g_build_filename (folder, row->name, NULL);
  g_autoptr (GError)         error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  g_autoptr (ChsAlarmTrack)  track = chs_alarm_track_new ();
  Reading                    reading = { row, track };

  row->is_known = TRUE;
  row->patient_id[0] = row->therapy[0] = row->damage[0] = '\0';
  if (reader != NULL) {
    read_meta (row, reader);
    chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, on_event, &reading, &error);
  }
  if (track->spans->len == 0 && row->damage[0] == '\0' && error == NULL)
    chs_replay_run (path, NULL, on_replayed, track, NULL, NULL); /* an import has no alarms of its own: those it would have had */
  row->n_alarms = track->spans->len;
  row->n_high = track->n_by_priority[CHS_PRIORITY_HIGH];
  if (error != NULL)
    chs_text_copy (row->damage, sizeof row->damage, error->message);
}

/* ---- search ---- */

gboolean
chs_session_row_matches (const ChsSessionRow *row, const char *search)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local (row->start_us / G_USEC_PER_SEC);
  g_autofree char      *date = start != NULL ? g_date_time_format (start, "%Y-%m-%d") : g_strdup ("");
  g_autofree char      *all = g_strjoin (" ", row->patient_id, row->therapy, row->chair, row->name, date, NULL);
  g_autofree char      *hay = g_utf8_casefold (all, -1), *needle = g_utf8_casefold (search, -1);
  g_auto (GStrv)        words = g_strsplit_set (needle, " \t", -1);

  for (char **word = words; *word != NULL; word++)
    if (strstr (hay, *word) == NULL)
      return FALSE;

  return TRUE;
}
