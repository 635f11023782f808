/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/import-formats.h"
#include "app/replay.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Quiet by proof (issue 4 item 10): real recordings of intensive care and theatre, imported and replayed with the default
 * profile. Each HIGH or MEDIUM alarm of a patient must rest on evidence that is true at that moment, and show a value that is
 * possible and outside its limit. Skipped without shared/cases. CHS_QUIET_LIST=1 prints the alarms. */

static char *dir;

/* Which side of its limit a plain limit alarm must show; the gates of shared/clinical.md 2.1 as the test's own copy. */
static const struct {
  ChsLabel label;
  int      side; /* -1 below, 1 above */
} sides[] = {
  { CHS_LABEL_HYPOTENSION, -1 },   { CHS_LABEL_HYPERTENSION, 1 },   { CHS_LABEL_TACHYCARDIA, 1 }, { CHS_LABEL_BRADYCARDIA, -1 },
  { CHS_LABEL_DESATURATION, -1 },  { CHS_LABEL_RESP_RATE_LOW, -1 }, { CHS_LABEL_RESP_RATE_HIGH, 1 },
};

static const struct {
  ChsParam param;
  double   least, most;
} gates[] = {
  { CHS_PARAM_HR, 20, 300 },      { CHS_PARAM_SPO2, 50, 100 },     { CHS_PARAM_RR, 3, 70 },
  { CHS_PARAM_TEMP, 30, 42.5 },   { CHS_PARAM_NIBP_SYS, 40, 280 }, { CHS_PARAM_NIBP_DIA, 20, 220 },
};

#define FALL_30 0.70 /* of baseline: a fall that counts above the limit, too */

typedef struct {
  const char *name;
  guint       n;
  gboolean    is_listed;
} Listening;

static void
check_value (const char *name, const ChsAlarm *alarm, double at_s)
{
  for (guint i = 0; i < G_N_ELEMENTS (gates); i++)
    if (gates[i].param == alarm->param && !(isnan (alarm->value) && alarm->label >= CHS_LABEL_SENSOR_OFF_SPO2)) /* a lost sensor has none */
      ck_assert_msg (alarm->value >= gates[i].least && alarm->value <= gates[i].most, "%s, %.0f s: %s shows %g", name, at_s,
                     chs_label_id ((ChsLabel) alarm->label), alarm->value);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    bool by_share = alarm->label == CHS_LABEL_HYPOTENSION && alarm->value <= FALL_30 * alarm->baseline;

    if (sides[i].label != alarm->label || isnan (alarm->limit) || by_share)
      continue;
    ck_assert_msg (sides[i].side * (alarm->value - alarm->limit) >= 0, "%s, %.0f s: %s shows %g within its limit of %g", name, at_s,
                   chs_label_id ((ChsLabel) alarm->label), alarm->value, alarm->limit);
  }
}

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  Listening *self = user_data;
  const ChsAlarm *alarm = &event->alarm;
  double at_s = (double) event->t_us / 1e6;

  if (event->type != CHS_EVENT_ALARM || (alarm->action != CHS_ALARM_RAISE && alarm->action != CHS_ALARM_ESCALATE) || alarm->priority < CHS_PRIORITY_MEDIUM)
    return;
  self->n++;
  if (self->is_listed)
    printf ("# %s %.0f s %s %s %s value %g limit %g\n", self->name, at_s, chs_priority_id ((ChsPriority) alarm->priority),
            chs_label_id ((ChsLabel) alarm->label), alarm->rule, alarm->value, alarm->limit);
  ck_assert_msg (alarm->evidence[0] != '\0', "%s, %.0f s: %s rests on nothing", self->name, at_s, chs_label_id ((ChsLabel) alarm->label));
  check_value (self->name, alarm, at_s);
}

/* Returns whether it could be imported: broken files are the importers' tests. */
static gboolean
listen_to (const char *path, Listening *self)
{
  g_autofree char *out = g_build_filename (dir, "out.chairside", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (ChsImportResult) result = { 0 };
  const ChsImporter *const *formats;
  const ChsImporter *importer;
  gboolean done;
  guint n;

  formats = chs_import_formats (&n);
  importer = chs_import_find (formats, n, path, NULL);
  if (importer == NULL || !chs_import_run (importer, path, out, NULL, NULL, NULL, &result, NULL))
    return FALSE;
  done = chs_replay_run (out, NULL, on_event, self, NULL, &error);
  ck_assert_msg (done, "%s: %s", path, error != NULL ? error->message : "");
  chs_store_remove (out, NULL);
  return TRUE;
}

static const char *const folders[] = { "vital", "bidmc", "eicu-demo", "mimic3-demo", "philips-csv", "ge-s5", "datex-csv", "wfdb" };

START_TEST (alarms_of_real_recordings_rest_on_real_values)
{
  g_autofree char *folder = g_build_filename (g_getenv ("CHS_TEST_CASES"), "recordings", folders[_i], NULL);
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_read = 0;

  if (open == NULL) {
    printf ("# skipped: there is no %s\n", folder);
    return;
  }
  dir = g_dir_make_tmp ("chs-quiet-XXXXXX", NULL);
  while ((name = g_dir_read_name (open)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    Listening listening = { .name = name, .is_listed = g_getenv ("CHS_QUIET_LIST") != NULL };

    n_read += listen_to (path, &listening);
  }
  ck_assert_uint_gt (n_read, 0);
  g_rmdir (dir);
  g_clear_pointer (&dir, g_free);
}
END_TEST

static Suite *
quiet_suite (void)
{
  Suite *suite = suite_create ("quiet");
  TCase *tc = tcase_create ("quiet");

  tcase_set_timeout (tc, 300);
  tcase_add_loop_test (tc, alarms_of_real_recordings_rest_on_real_values, 0, G_N_ELEMENTS (folders));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (quiet_suite)
