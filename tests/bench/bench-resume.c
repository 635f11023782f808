/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/resume.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

/* How long a monitor needs to go on after a crash late in the day: eight hours at the pace of two instruments. The
 * ratio is to the 3 s in which it has to be back. */

#define S G_GINT64_CONSTANT (1000000)
#define SECONDS (8 * 3600)
#define NUMERICS 8 /* a second */

static guint64 seq;

static void
put (ChsStoreWriter *writer, ChsEvent event, gint64 t_us)
{
  event.t_us = t_us;
  event.wall_us = t_us;
  event.seq = ++seq;
  chs_store_writer_append (writer, &event);
}

static void
put_profile (ChsStoreWriter *writer)
{
  g_autofree char *path = chs_profile_dup_default_path ();
  g_autoptr (ChsProfile) profile = chs_profile_load (path, NULL);
  ChsEvent config = { .type = CHS_EVENT_CONFIG, .config = { .name = "profile" } };
  gsize n;

  config.config.text = chs_profile_get_text (profile, &n);
  config.config.n = (uint32_t) n;
  put (writer, config, 0);
}

static void
put_second (ChsStoreWriter *writer, gint64 t_us, int s)
{
  static const ChsParam params[NUMERICS] = { CHS_PARAM_HR, CHS_PARAM_PR,   CHS_PARAM_SPO2, CHS_PARAM_PI,
                                             CHS_PARAM_RR, CHS_PARAM_TEMP, CHS_PARAM_HR,   CHS_PARAM_SPO2 };
  static const double calm[NUMERICS] = { 72, 72, 98, 3, 14, 36.7, 72, 98 };

  for (int i = 0; i < NUMERICS; i++) {
    ChsEvent event = chs_numeric (params[i], calm[i] + (s % 3 == 0 && i < 2));

    event.source = 1;
    put (writer, event, t_us);
  }
  put (writer, (ChsEvent){ .type = CHS_EVENT_TICK }, t_us);
  if (s % 1000 == 0)
    chs_store_writer_flush (writer, NULL);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-bench-XXXXXX", NULL);
  g_autofree char *path = chs_recording_dup_new_path (folder, "bench", 0);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  const ChsStoreMeta meta = { .session_id = (char *) "s", .chair = (char *) "bench", .boot_id = (char *) "b" };
  const ChsResumeNow now = { SECONDS * S, SECONDS * S, "b", zone };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsResume *resume;
  gint64 begun;

  put_profile (writer);
  for (int s = 0; s < SECONDS; s++)
    put_second (writer, s * S, s);
  chs_store_writer_close (writer, FALSE, NULL);
  begun = g_get_monotonic_time ();
  resume = chs_resume_find (folder, "bench", &now, 30);
  begun = g_get_monotonic_time () - begun;
  printf ("resume after 8 h: %" G_GUINT64_FORMAT " events in %.0f ms, %.3f of 3 s\n", resume->last_seq,
          (double) begun / 1000, (double) begun / (3 * S));
  chs_resume_free (resume);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}
