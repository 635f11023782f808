/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/resume.h"

#include <string.h>

#define SUFFIX ".chairside"

static char *
dup_slug (const char *chair)
{
  GString *slug = g_string_new (NULL);

  for (const char *p = chair; *p != '\0'; p++)
    g_string_append_c (slug, g_ascii_isalnum (*p) ? g_ascii_tolower (*p) : '-');
  return g_string_free (slug, FALSE);
}

char *
chs_recording_dup_new_path (const char *folder, const char *chair, gint64 wall_us)
{
  g_autofree char *slug = dup_slug (chair);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (date, "%Y%m%d-%H%M%S");
  g_autofree char *stem = g_strdup_printf ("%s" G_DIR_SEPARATOR_S "%s-%s", folder, slug, stamp);
  char *path = g_strconcat (stem, SUFFIX, NULL);

  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++) {
    g_free (path);
    path = g_strdup_printf ("%s_%u" SUFFIX, stem, i);
  }
  return path;
}

/* "chair-1-20260101-101500" is of "chair-1" and not of "chair". */
static gboolean
is_of_chair (const char *name, const char *slug)
{
  gsize n = strlen (slug);

  return g_str_has_suffix (name, SUFFIX) && strncmp (name, slug, n) == 0 && name[n] == '-'
         && strspn (name + n + 1, "0123456789") == strlen ("YYYYMMDD");
}

static char *
dup_newest (const char *folder, const char *chair)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *slug = dup_slug (chair);
  g_autofree char *newest = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (is_of_chair (name, slug) && (newest == NULL || strcmp (name, newest) > 0)) {
      g_free (newest);
      newest = g_strdup (name);
    }
  return newest != NULL ? g_build_filename (folder, newest, NULL) : NULL;
}

/* ---- feeding the recorded journal ---- */

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  ChsResume *self = user_data;

  g_array_append_vals (self->unwritten, output, 1);
}

static gboolean
on_recorded (const ChsEvent *event, gpointer user_data)
{
  ChsResume *self = user_data;

  if (event->type == CHS_EVENT_CONFIG && self->engine == NULL && strcmp (event->config.name, "profile") == 0) {
    self->profile = chs_profile_parse_recorded (event->config.text, event->config.n, self->path, NULL);
    if (self->profile == NULL)
      return FALSE;
    self->engine = chs_engine_new (self->profile);
  }
  if (self->engine == NULL)
    return TRUE;
  self->last_seq = event->seq;
  self->last_us = event->t_us;
  if (event->type == CHS_EVENT_STATE && event->state.code == CHS_STATE_SCREEN)
    self->had_screen = event->state.value > 0;
  if (event->type != CHS_EVENT_ALARM)
    chs_engine_feed (self->engine, event, on_output, self);
  else if (self->unwritten->len > 0)
    g_array_remove_index (self->unwritten, 0);
  return TRUE;
}

static void
copy_sources (ChsResume *self, ChsStoreReader *reader)
{
  guint n;
  const ChsStoreSource *sources = chs_store_reader_get_sources (reader, &n);

  g_array_append_vals (self->sources, sources, n);
}

static ChsResume *
load (const char *path, ChsStoreReader *reader)
{
  g_autoptr (ChsResume) self = g_new0 (ChsResume, 1);
  g_autoptr (GError) error = NULL;

  self->path = g_strdup (path);
  self->sources = g_array_new (FALSE, TRUE, sizeof (ChsStoreSource));
  self->unwritten = g_array_new (FALSE, TRUE, sizeof (ChsEvent));
  /* A damaged end has given all that is whole: that is what can be gone on with. */
  if (!chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, on_recorded, self, &error))
    g_message ("%s: %s", path, error->message);
  if (self->engine == NULL) {
    g_message ("%s cannot be resumed: its first events are missing", path);
    return NULL;
  }
  copy_sources (self, reader);
  return g_steal_pointer (&self);
}

/* ---- is it to be gone on with? ---- */

/* Session time now. On the clock of the recording's boot that is exact; after a reboot UTC has to do. */
static gint64
time_now (const ChsStoreMeta *meta, gint64 last_us, const ChsResumeNow *now)
{
  gint64 t_us = now->mono_us - meta->start_mono_us;

  if (g_strcmp0 (meta->boot_id, now->boot_id) == 0 && t_us >= last_us)
    return t_us;
  return MAX (last_us, now->wall_us - meta->start_wall_us);
}

static gboolean
is_same_day (GTimeZone *zone, gint64 a_wall_us, gint64 b_wall_us)
{
  g_autoptr (GDateTime) a_utc = g_date_time_new_from_unix_utc (a_wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) b_utc = g_date_time_new_from_unix_utc (b_wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) a = g_date_time_to_timezone (a_utc, zone);
  g_autoptr (GDateTime) b = g_date_time_to_timezone (b_utc, zone);

  return g_date_time_get_year (a) == g_date_time_get_year (b)
         && g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

static gboolean
is_recent (const ChsStoreMeta *meta, gint64 hole_us, const ChsResumeNow *now, gint64 resume_s)
{
  return meta->complete ? hole_us <= resume_s * G_USEC_PER_SEC
                        : is_same_day (now->zone, now->wall_us - hole_us, now->wall_us);
}

static gboolean
is_treated (const ChsResume *self)
{
  guint phase = chs_engine_get_session (self->engine)->phase;

  return phase != CHS_PHASE_IDLE && phase != CHS_PHASE_CLOSED;
}

ChsResume *
chs_resume_find (const char *folder, const char *chair, const ChsResumeNow *now, gint64 resume_s)
{
  g_autofree char *path = dup_newest (folder, chair);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = path != NULL ? chs_store_reader_new (path, &error) : NULL;
  g_autoptr (ChsResume) self = NULL;
  const ChsStoreMeta *meta;
  gint64 last_us, now_us;

  if (error != NULL)
    g_message ("%s cannot be resumed: %s", path, error->message);
  if (reader == NULL)
    return NULL;
  meta = chs_store_reader_get_meta (reader);
  last_us = chs_store_reader_get_last_us (reader);
  now_us = time_now (meta, last_us, now);
  if (g_strcmp0 (meta->chair, chair) != 0 || !is_recent (meta, now_us - last_us, now, resume_s))
    return NULL;
  self = load (path, reader);
  if (self == NULL || (meta->complete && !is_treated (self)))
    return NULL;
  self->now_us = now_us;
  return g_steal_pointer (&self);
}

void
chs_resume_free (ChsResume *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_clear_pointer (&self->engine, chs_engine_free);
  g_clear_pointer (&self->profile, chs_profile_free);
  if (self->sources != NULL)
    g_array_unref (self->sources);
  if (self->unwritten != NULL)
    g_array_unref (self->unwritten);
  g_free (self);
}
