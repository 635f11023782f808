/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/health.h"

#include "app/event-json.h"
#include "data/export.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define MADE_US (G_GINT64_CONSTANT (1793491200) * G_USEC_PER_SEC) /* 2026-11-01: no chair has a clock before its program */
#define DAYS_LOW 14
#define BYTES_LOW (G_GUINT64_CONSTANT (1) << 30)
#define BYTES_FULL (G_GUINT64_CONSTANT (100) << 20)
#define HOT_C 85

/* ---- findings ---- */

#define EASE 1.25 /* of what made an alarm, to end it */

static gboolean
has_less (const ChsHealth *h, guint64 bytes, double factor)
{
  return h->total_bytes > 0 && (double) h->free_bytes < (double) bytes * factor;
}

ChsRoom
chs_health_get_room (const ChsHealth *self, ChsRoom before)
{
  double low = before <= CHS_ROOM_LOW ? EASE : 1.0;

  if (has_less (self, BYTES_FULL, before == CHS_ROOM_FULL ? EASE : 1.0))
    return CHS_ROOM_FULL;
  return self->days_left < DAYS_LOW * low || has_less (self, BYTES_LOW, low) ? CHS_ROOM_LOW : CHS_ROOM_GOOD;
}

gboolean
chs_health_has_clock (gint64 wall_us)
{
  return wall_us >= MADE_US;
}

static gboolean is_full (const ChsHealth *h) { return chs_health_get_room (h, CHS_ROOM_GOOD) == CHS_ROOM_FULL; }
static gboolean is_low (const ChsHealth *h) { return chs_health_get_room (h, CHS_ROOM_GOOD) == CHS_ROOM_LOW; }
static gboolean has_no_sound (const ChsHealth *h) { return !h->has_sound; }
static gboolean has_no_recording (const ChsHealth *h) { return !h->has_storage; }
static gboolean was_not_heard (const ChsHealth *h) { return h->test_us != 0 && !h->test_heard; }
static gboolean is_test_due (const ChsHealth *h) { return h->test_due; }
static gboolean has_no_clock (const ChsHealth *h) { return !chs_health_has_clock (h->wall_us); }
static gboolean has_no_sync (const ChsHealth *h) { return !has_no_clock (h) && h->sync == CHS_CLOCK_SYNC_NO; }
static gboolean has_no_screen (const ChsHealth *h) { return !h->has_screen; }
static gboolean has_link_down (const ChsHealth *h) { return h->links_down > 0; }
static gboolean is_hot (const ChsHealth *h) { return h->temperature_c >= HOT_C; }
static gboolean has_no_pin (const ChsHealth *h) { return !h->has_pin; }

/* The worst first. */
static const struct {
  const char *id;
  gboolean (*is_so) (const ChsHealth *health);
} findings[] = {
  { "no_sound", has_no_sound },
  { "sound_not_heard", was_not_heard },
  { "recording_failed", has_no_recording },
  { "storage_full", is_full },
  { "clock_not_set", has_no_clock },
  { "storage_low", is_low },
  { "link_down", has_link_down },
  { "screen_lost", has_no_screen },
  { "hot", is_hot },
  { "clock_not_synchronised", has_no_sync },
  { "sound_test_due", is_test_due },
  { "no_pin", has_no_pin },
};

char **
chs_health_findings (const ChsHealth *self)
{
  GPtrArray *ids = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (findings); i++)
    if (findings[i].is_so (self))
      g_ptr_array_add (ids, g_strdup (findings[i].id));
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

/* ---- JSON ---- */

static void
put_bool (GString *out, const char *key, gboolean value)
{
  chs_json_key (out, key);
  g_string_append (out, value ? "true" : "false");
}

static void
put_time (GString *out, const char *key, gint64 us)
{
  chs_json_key (out, key);
  g_string_append (out, us == 0 ? "null" : "\"");
  if (us == 0)
    return;
  chs_export_time (out, us);
  g_string_append_c (out, '"');
}

static void
begin (GString *out, const char *key)
{
  chs_json_key (out, key);
  g_string_append_c (out, '{');
}

static void
put_clock (GString *out, const ChsHealth *self)
{
  begin (out, "clock");
  put_time (out, "wall", self->wall_us);
  put_bool (out, "set", !has_no_clock (self));
  if (self->sync == CHS_CLOCK_SYNC_UNKNOWN)
    g_string_append (out, ",\"synchronised\":null");
  else
    put_bool (out, "synchronised", self->sync == CHS_CLOCK_SYNC_YES);
  g_string_append_c (out, '}');
}

static void
put_storage (GString *out, const ChsHealth *self)
{
  begin (out, "storage");
  chs_json_number (out, "free_bytes", (double) self->free_bytes);
  chs_json_number (out, "total_bytes", (double) self->total_bytes);
  chs_json_number (out, "bytes_day", self->bytes_day);
  chs_json_number (out, "days_left", self->days_left); /* not finite: null */
  g_string_append_c (out, '}');
}

static void
put_sound (GString *out, const ChsHealth *self)
{
  begin (out, "sound");
  put_bool (out, "good", self->has_sound);
  chs_json_text (out, "why", self->sound_why);
  put_bool (out, "test_due", self->test_due);
  put_time (out, "tested", self->test_us);
  put_bool (out, "heard", self->test_heard);
  g_string_append_c (out, '}');
}

static void
put_links (GString *out, const char *links)
{
  g_auto (GStrv) lines = g_strsplit (links != NULL ? links : "", "\n", -1);
  gboolean first = TRUE;

  chs_json_key (out, "links");
  g_string_append_c (out, '[');
  for (char **line = lines; *line != NULL; line++) {
    if ((*line)[0] == '\0')
      continue;
    g_string_append_printf (out, "%s%s", first ? "" : ",", *line);
    first = FALSE;
  }
  g_string_append_c (out, ']');
}

static void
put_findings (GString *out, const ChsHealth *self)
{
  g_auto (GStrv) ids = chs_health_findings (self);

  chs_json_key (out, "findings");
  g_string_append_c (out, '[');
  for (guint i = 0; ids[i] != NULL; i++)
    g_string_append_printf (out, "%s\"%s\"", i == 0 ? "" : ",", ids[i]);
  g_string_append_c (out, ']');
}

char *
chs_health_to_json (const ChsHealth *self)
{
  GString *out = g_string_new ("{\"type\":\"health\",\"running\":true");

  chs_json_text (out, "version", CHS_VERSION);
  chs_json_text (out, "chair", self->chair);
  put_time (out, "started", self->started_us);
  chs_json_number (out, "uptime_s", (double) self->uptime_s);
  chs_json_number (out, "starts", self->n_starts);
  chs_json_number (out, "unclean_ends", self->n_unclean);
  chs_json_text (out, "phase", self->phase);
  chs_json_text (out, "recording", self->recording);
  put_bool (out, "recording_good", self->has_storage);
  put_bool (out, "screen_attached", self->has_screen);
  put_bool (out, "pin_set", self->has_pin);
  chs_json_number (out, "temperature_c", self->temperature_c);
  put_sound (out, self);
  put_storage (out, self);
  put_clock (out, self);
  put_links (out, self->links);
  put_findings (out, self);
  return g_string_free (g_string_append_c (out, '}'), FALSE);
}

/* ---- the machine ---- */

double
chs_health_get_temperature (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  double hottest = NAN;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, "temp", NULL), *text = NULL;
    gint64 milli;

    if (!g_str_has_prefix (name, "thermal_zone") || !g_file_get_contents (path, &text, NULL, NULL))
      continue;
    if (g_ascii_string_to_signed (g_strchomp (text), 10, -50000, 200000, &milli, NULL))
      hottest = isnan (hottest) ? (double) milli / 1000 : fmax (hottest, (double) milli / 1000);
  }
  return hottest;
}

ChsClockSync
chs_health_get_sync (const char *folder)
{
  g_autofree char *mark = g_build_filename (folder, "synchronized", NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return CHS_CLOCK_SYNC_UNKNOWN;
  return g_file_test (mark, G_FILE_TEST_EXISTS) ? CHS_CLOCK_SYNC_YES : CHS_CLOCK_SYNC_NO;
}

void
chs_health_get_disk (const char *folder, guint64 *free_bytes, guint64 *total_bytes)
{
  struct statvfs disk;

  *free_bytes = *total_bytes = 0;
  if (statvfs (folder, &disk) != 0)
    return;
  *free_bytes = (guint64) disk.f_bavail * disk.f_frsize;
  *total_bytes = (guint64) disk.f_blocks * disk.f_frsize;
}

/* ---- starts ---- */

#define STARTS_FILE "starts"

static void
write_starts (const char *folder, const ChsStarts *starts, gboolean is_running)
{
  g_autofree char *path = g_build_filename (folder, STARTS_FILE, NULL);
  g_autofree char *text = g_strdup_printf ("%u %u %d\n", starts->n_starts, starts->n_unclean, is_running);

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL))
    g_debug ("cannot count starts in %s", path);
}

ChsStarts
chs_starts_begin (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, STARTS_FILE, NULL), *text = NULL;
  ChsStarts starts = { 0 };
  int was_running = 0;

  if (!g_file_get_contents (path, &text, NULL, NULL)
      || sscanf (text, "%u %u %d", &starts.n_starts, &starts.n_unclean, &was_running) != 3)
    starts = (ChsStarts){ 0 };
  starts.n_starts++;
  starts.n_unclean += was_running == 1;
  write_starts (folder, &starts, TRUE);
  return starts;
}

void
chs_starts_end (const char *folder, const ChsStarts *starts)
{
  write_starts (folder, starts, FALSE);
}
