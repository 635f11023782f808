/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/driver-check.h"

#include "tests/check-main.h"

#include <math.h>

/* What each simulated instrument can be brought to say, and what its driver makes of it: run here, and written as the table
 * "Simulated states" of devices/README.md, which this test holds to what it saw. */

#define NORMAL_S 15.0 /* the slowest start: a monitor that asks back first */
#define STATE_S 25.0  /* longer than anything is held by an instrument, or by its driver */
#define PARITY_S 5.0
#define BYTE_NS 100000

typedef enum { TORN, OFF, ALARM, DEMO, SILENT, OUT, PARITY, NO_PARITY, N_COLUMNS } Column;

typedef struct {
  DriverTalk       talk;
  const ChsDriver *driver;
  char             cells[N_COLUMNS][16];
} Row;

static gboolean
is_pump (const ChsDriver *driver)
{
  return driver->kind == CHS_KIND_PUMP;
}

static void
begin (Row *row, const char *faults)
{
  ChsSimPump *pump = &row->talk.patient.pumps[0];

  driver_talk_open (&row->talk, row->driver, NULL, faults, BYTE_NS);
  pump->present = TRUE;
  pump->state = CHS_PUMP_INFUSING;
  pump->rate_ml_h = 150.0;
  pump->volume_ml = 12.5;
}

static void
say (Row *row, Column column, const char *words)
{
  g_strlcpy (row->cells[column], words, sizeof row->cells[column]);
}

static char *
run (Row *row, double seconds)
{
  g_free (driver_talk_dup_new_events (&row->talk));
  driver_talk_run (&row->talk, seconds);
  return driver_talk_dup_new_events (&row->talk);
}

static guint64
frames (const Row *row)
{
  return row->driver->counters (row->talk.check.state)->frames_ok;
}

static void
see_torn_start (Row *row)
{
  const ChsCounters *counters = row->driver->counters (row->talk.check.state);

  say (row, TORN, counters->bytes_skipped > 0 || counters->frames_bad > 0 ? "yes" : "");
}

static void
take_sensors_off (ChsSimPatient *patient)
{
  patient->hr = patient->pr = patient->spo2 = patient->pi = patient->rr = patient->temp_c = patient->etco2_mmhg = (double) NAN;
}

/* No number may be told any more once the instrument has stopped holding its last ones. */
static void
see_sensor_off (Row *row)
{
  g_autofree char *changed = NULL, *late = NULL;
  gboolean is_told;

  if (is_pump (row->driver))
    return;
  take_sensors_off (&row->talk.patient);
  changed = run (row, STATE_S);
  late = run (row, STATE_S);
  is_told = strstr (changed, "\"sensor_off\"") != NULL || strstr (changed, "\"value\":null") != NULL;
  ck_assert_msg (strstr (late, "\"quality\":\"ok\"") == NULL, "%s: sensors off, and yet %.400s", row->driver->id, late);
  say (row, OFF, is_told ? "told" : "silent");
  chs_sim_patient_init (&row->talk.patient);
}

/* Some raise alarms by limits of their own, and know no others. */
static gboolean
alarms_by_limits (Row *row)
{
  g_autofree char *events = NULL;

  row->talk.patient.spo2 = 80;
  events = run (row, STATE_S);
  return strstr (events, "\"code\":\"alarm\"") != NULL;
}

static void
see_alarm (Row *row)
{
  ChsSimPump *pump = &row->talk.patient.pumps[0];
  g_autofree char *events = NULL;

  if (is_pump (row->driver)) {
    pump->alarms = CHS_PUMP_ALARM_OCCLUSION;
    pump->state = CHS_PUMP_ALARM;
  } else
    g_strlcpy (row->talk.patient.monitor_alarm, "TEST ALARM", sizeof row->talk.patient.monitor_alarm);
  events = run (row, STATE_S);
  if (strstr (events, "occlusion") != NULL || strstr (events, "TEST ALARM") != NULL)
    say (row, ALARM, "what");
  else if (strstr (events, "\"code\":\"alarm\"") != NULL || strstr (events, "\"alarms\":[\"") != NULL || strstr (events, "\"state\":\"alarm\"") != NULL)
    say (row, ALARM, "that");
  else if (!is_pump (row->driver) && alarms_by_limits (row))
    say (row, ALARM, "its limits");
}

static void
see_demo (Row *row)
{
  g_autofree char *events = NULL;

  if (is_pump (row->driver))
    return;
  row->talk.patient.demo = TRUE;
  events = run (row, STATE_S);
  say (row, DEMO, strstr (events, "\"demo\"") != NULL ? "told" : "");
}

/* Switched off nothing is told that looks like life; switched on it is heard again. */
static void
see_silence (Row *row)
{
  ChsSimPatient *patient = &row->talk.patient;
  g_autofree char *events = NULL;
  guint64 before;

  patient->monitor_on = patient->pump_on = FALSE;
  driver_talk_run (&row->talk, 2.0); /* what was on its way */
  before = frames (row);
  events = run (row, STATE_S);
  ck_assert_msg (frames (row) == before, "%s: switched off, and yet heard", row->driver->id);
  ck_assert_msg (strstr (events, "\"quality\":\"ok\"") == NULL && strstr (events, "\"infusing\"") == NULL, "%s: %.400s", row->driver->id, events);
  patient->monitor_on = patient->pump_on = TRUE;
  g_free (run (row, STATE_S));
  ck_assert_msg (row->driver->access == CHS_ACCESS_NEVER || frames (row) > before, "%s: does not come again", row->driver->id);
  say (row, SILENT, row->driver->access == CHS_ACCESS_NEVER ? "" : "comes again");
}

static void
see_taken_out (Row *row)
{
  g_autofree char *events = NULL;
  guint64 before = frames (row);

  if (!is_pump (row->driver))
    return;
  row->talk.patient.pumps[0].present = FALSE;
  events = run (row, STATE_S);
  ck_assert_msg (frames (row) >= before, "%s", row->driver->id);
  if (strstr (events, "\"removed\"") != NULL)
    say (row, OUT, "told");
  else if (strstr (events, "\"type\":\"pump\"") == NULL)
    say (row, OUT, "silent");
}

static void
see_wrong_parity (Row *row, const char *fault, int column)
{
  begin (row, fault);
  driver_talk_run (&row->talk, STATE_S);
  say (row, column, frames (row) == 0 ? "no frame" : strstr (row->talk.check.events->str, "\"quality\":\"ok\"") == NULL ? "no number" : "numbers");
  driver_talk_close (&row->talk);
}

static void
see_all (Row *row)
{
  void (*const see[]) (Row *row) = { see_sensor_off, see_alarm, see_demo, see_silence, see_taken_out };

  for (guint i = 0; i < G_N_ELEMENTS (see); i++) {
    begin (row, NULL);
    driver_talk_run (&row->talk, NORMAL_S);
    if (i == 0)
      see_torn_start (row);
    see[i](row);
    driver_talk_close (&row->talk);
  }
  see_wrong_parity (row, "parity", PARITY);
  see_wrong_parity (row, "no-parity", NO_PARITY);
}

static char *
dup_table (void)
{
  GString *table = g_string_new ("| driver | torn start | sensors off | alarm | demo | switched off | taken out | wrong parity | the other way |\n"
                                 "|---|---|---|---|---|---|---|---|---|\n");

  for (const ChsSimulator *const *s = chs_simulators (NULL); *s != NULL; s++) {
    Row row = { .driver = chs_driver_find ((*s)->driver_id) };

    see_all (&row);
    g_string_append_printf (table, "| `%s` |", row.driver->id);
    for (guint i = 0; i < N_COLUMNS; i++)
      g_string_append_printf (table, " %s |", row.cells[i][0] != '\0' ? row.cells[i] : "–");
    g_string_append_c (table, '\n');
  }
  return g_string_free (table, FALSE);
}

START_TEST (the_table_of_states_is_what_is_seen)
{
  g_autofree char *table = dup_table (), *readme = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_DATA"), "..", "devices", "README.md", NULL);

  ck_assert (g_file_get_contents (path, &readme, NULL, NULL));
  ck_assert_msg (strstr (readme, table) != NULL, "devices/README.md, \"Simulated states\", should have:\n%s", table);
}
END_TEST

/* Of a damaged byte a rule that wants two packages alike makes nothing; a wrong parity damages each package alike. So
 * this goes over many values: what is told as good must be what the patient has. */

static gboolean
is_true_number (const char *line, int spo2, int pr)
{
  g_autofree char *saturation = g_strdup_printf ("\"SPO2\",\"value\":%d,", spo2), *pulse = g_strdup_printf ("\"PR\",\"value\":%d,", pr);

  if (strstr (line, "\"quality\":\"ok\"") == NULL)
    return TRUE;
  if (strstr (line, "\"SPO2\"") != NULL)
    return strstr (line, saturation) != NULL;
  return strstr (line, "\"PR\"") == NULL || strstr (line, pulse) != NULL;
}

static void
check_numbers (const ChsDriver *driver, const char *fault, int spo2, int pr)
{
  Row row = { .driver = driver };
  g_auto (GStrv) lines = NULL;

  begin (&row, fault);
  row.talk.patient.spo2 = spo2;
  row.talk.patient.pr = row.talk.patient.hr = pr;
  driver_talk_run (&row.talk, PARITY_S);
  lines = g_strsplit (row.talk.check.events->str, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    ck_assert_msg (is_true_number (*line, spo2, pr), "%s, %s, of %d %% and %d/min: %.200s", driver->id, fault, spo2, pr, *line);
  driver_talk_close (&row.talk);
}

static const char *const faults[] = { "parity", "no-parity" };

/* What nothing in the protocol can tell: 127 is a byte of ones, which such a chip takes for rest; the four bytes of format 8
 * then are three, as of format 1, with a saturation of 32 % (which the engine does not believe: gate.spo2_min). */
static gboolean
is_blind_spot (const ChsDriver *driver, const char *fault, int pr)
{
  return strcmp (driver->id, "nonin-8") == 0 && strcmp (fault, "no-parity") == 0 && pr == 127;
}

START_TEST (no_wrong_number_comes_of_a_wrong_parity)
{
  for (const ChsSimulator *const *s = chs_simulators (NULL); *s != NULL; s++) {
    const ChsDriver *driver = chs_driver_find ((*s)->driver_id);

    for (int spo2 = 80; spo2 <= 100 && !is_pump (driver); spo2 += 2)
      for (int pr = 50; pr < 150; pr += 11)
        if (!is_blind_spot (driver, faults[_i], pr))
          check_numbers (driver, faults[_i], spo2, pr);
  }
}
END_TEST

static Suite *
sim_states_suite (void)
{
  Suite *suite = suite_create ("sim-states");
  TCase *tc = tcase_create ("states");

  tcase_set_timeout (tc, 120);
  tcase_add_test (tc, the_table_of_states_is_what_is_seen);
  tcase_add_loop_test (tc, no_wrong_number_comes_of_a_wrong_parity, 0, G_N_ELEMENTS (faults));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sim_states_suite)
