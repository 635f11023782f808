/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/long-session.h"

#include "app/markers.h"
#include "data/store.h"
#include "devices/driver.h"
#include "devices/simulator.h"

#include <math.h>
#include <string.h>

#define STEP_US 20000 /* ChsSimulator.tick */
#define STEPS_A_SECOND (G_USEC_PER_SEC / STEP_US)
#define CUFF_S 120
#define SILENT_FROM_S (9 * 60)
#define SILENT_TO_S (10 * 60)
#define SEED 7
#define N_LINES 2

/* An instrument, its line and its driver. */
typedef struct {
  const ChsDriver    *driver;
  const ChsSimulator *simulator;
  gpointer            state, sim;
  ChsSink             sink;
  ChsSimOut           out;
  guint8              source;
  GByteArray         *heard; /* of this step */
  GByteArray         *asked;
  struct _Talk       *talk;
} Line;

typedef struct _Talk {
  ChsStoreWriter *writer;
  ChsSimPatient   patient;
  Line            lines[N_LINES];
  gint64          t_us;
} Talk;

static void
append (Talk *talk, guint8 source, const ChsEvent *event)
{
  ChsEvent copy = *event;

  copy.seq = chs_store_writer_get_next_seq (talk->writer);
  copy.t_us = talk->t_us;
  copy.wall_us = LONG_SESSION_START_WALL_US + talk->t_us;
  copy.source = source;
  chs_store_writer_append (talk->writer, &copy);
}

/* ---- a line ---- */

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Line *line = sink->user;

  append (line->talk, line->source, event);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  Line  *line = sink->user;
  guint8 frame[256];

  g_assert (n <= sizeof frame);
  if (line->driver->wrap)
    n = line->driver->wrap (line->state, payload, n, frame, sizeof frame);
  else
    memcpy (frame, payload, n);
  g_byte_array_append (line->asked, frame, (guint) n);
}

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  g_byte_array_append (((Line *) out->user)->heard, bytes, (guint) n);
}

static void
link_event (Talk *talk, const Line *line, ChsLinkState state, const char *reason)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = (guint8) state, .kind = (guint8) line->driver->kind } };

  chs_text_copy (event.link.name, sizeof event.link.name, line->driver->kind == CHS_KIND_MONITOR ? "monitor" : "pump1");
  chs_text_copy (event.link.reason, sizeof event.link.reason, reason);
  append (talk, line->source, &event);
}

static void
open_line (Talk *talk, guint8 source, const char *name, const char *driver)
{
  Line          *line = &talk->lines[source - 1];
  ChsStoreSource facts = { .source = source };

  *line = (Line){ .driver = chs_driver_find (driver), .simulator = chs_simulator_find (driver), .source = source,
                  .heard = g_byte_array_new (), .asked = g_byte_array_new (), .talk = talk };
  line->sink = (ChsSink){ .event = on_event, .request = on_request, .user = line };
  line->out = (ChsSimOut){ .write = on_write, .user = line };
  line->state = g_malloc0 (line->driver->state_size);
  line->sim = g_malloc0 (line->simulator->state_size);
  g_strlcpy (facts.name, name, sizeof facts.name);
  g_strlcpy (facts.driver, driver, sizeof facts.driver);
  chs_driver_version (line->driver, facts.version, sizeof facts.version);
  chs_store_writer_add_source (talk->writer, &facts);
  line->simulator->start (line->sim, &talk->patient, SEED, 0);
  line->driver->opened (line->state, 0, &line->sink);
  link_event (talk, line, CHS_LINK_UP, "");
}

static void
close_line (Line *line)
{
  g_free (line->state);
  g_free (line->sim);
  g_byte_array_unref (line->heard);
  g_byte_array_unref (line->asked);
}

static void
step_line (Talk *talk, Line *line)
{
  g_byte_array_set_size (line->asked, 0);
  if (line->driver->tick)
    line->driver->tick (line->state, talk->t_us, &line->sink);
  if (line->asked->len > 0)
    line->simulator->feed (line->sim, &talk->patient, line->asked->data, line->asked->len, talk->t_us, &line->out);
  line->simulator->tick (line->sim, &talk->patient, talk->t_us, &line->out);
  if (line->heard->len == 0)
    return;
  append (talk, line->source, &(ChsEvent){ .type = CHS_EVENT_RAW, .raw = { .n = line->heard->len, .bytes = line->heard->data } });
  line->driver->feed (line->state, line->heard->data, line->heard->len, talk->t_us, &line->sink);
  g_byte_array_set_size (line->heard, 0);
}

/* ---- what happens ---- */

/* Straight from @from at @from_s to @to at @to_s. */
static double
ramp (double t_s, double from_s, double to_s, double from, double to)
{
  return from + (to - from) * CLAMP ((t_s - from_s) / (to_s - from_s), 0, 1);
}

static void
move_patient (ChsSimPatient *patient, guint s)
{
  double      t = s, sway = sin (t / 240);
  double      fall = ramp (t, LONG_SESSION_UP_S + 120, LONG_SESSION_UP_S + 540, 0, 44)
                   - ramp (t, LONG_SESSION_DOWN_S, LONG_SESSION_DOWN_S + 600, 0, 40);
  ChsSimPump *pump = &patient->pumps[0];

  patient->hr = patient->pr = 72 + round (2 * sway + fall / 4);
  patient->spo2 = 97 + round (sin (t / 310));
  patient->rr = 14 + round (sin (t / 170));
  patient->temp_c = 36.7;
  patient->monitor_on = s < SILENT_FROM_S || s >= SILENT_TO_S;
  if (s % CUFF_S == CUFF_S - 1) {
    patient->nibp_count++;
    patient->nibp_sys = 124 + round (2 * sway - fall);
    patient->nibp_dia = 77 + round (sway - fall * 0.6);
    patient->nibp_mean = round ((patient->nibp_sys + 2 * patient->nibp_dia) / 3);
  }
  pump->present = TRUE;
  pump->state = s < 5 * 60 ? CHS_PUMP_READY : CHS_PUMP_INFUSING;
  pump->rate_ml_h = s < LONG_SESSION_UP_S ? 125 : s < LONG_SESSION_DOWN_S ? 375 : 60;
  pump->vtbi_ml = 250;
  g_strlcpy (pump->drug, "Magnesium", sizeof pump->drug);
  if (pump->state == CHS_PUMP_INFUSING)
    pump->volume_ml += pump->rate_ml_h / 3600;
}

static const struct {
  guint           s;
  ChsNurseAction  action;
  const char     *what;
} entries[] = {
  { 1, CHS_NURSE_PHASE, "baseline" },
  { 4 * 60, CHS_NURSE_SITE_CHECK, "ok" },
  { 4 * 60 + 40, CHS_NURSE_BASELINE, "" },
  { 5 * 60, CHS_NURSE_PHASE, "infusing" },
  { 19 * 60, CHS_NURSE_SYMPTOM, "heat" },
  { 24 * 60, CHS_NURSE_SYMPTOM, "lightheaded" },
};

static void
tell_entries (Talk *talk, guint s)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    ChsEvent event = { .type = CHS_EVENT_NURSE,
                       .nurse = { .action = (guint8) entries[i].action, .at_us = CHS_TIME_NONE, .value = (double) NAN } };

    chs_text_copy (event.nurse.what, sizeof event.nurse.what, entries[i].what);
    if (entries[i].s == s)
      append (talk, CHS_SOURCE_NURSE, &event);
  }
}

static void
tell_setup (Talk *talk)
{
  static const char *const keys[][2] = {
    { "patient.id", "2207" }, { "patient.age", "46" }, { "patient.weight_kg", "70" }, { "patient.flags", "none" },
    { "therapy.id", "mag_2g" }, { "therapy.name", "Magnesium sulfate 2 g" }, { "therapy.bag_volume_ml", "250" },
    { "therapy.ordered_rate_ml_h", "125" }, { "therapy.mg_mmol_per_ml", "0.065" }, { "therapy.mg_soft_mmol_min", "0.3" },
    { "therapy.mg_hard_mmol_min", "0.609" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    ChsEvent event = { .type = CHS_EVENT_SETUP };

    chs_text_copy (event.setup.key, sizeof event.setup.key, keys[i][0]);
    chs_text_copy (event.setup.value, sizeof event.setup.value, keys[i][1]);
    append (talk, CHS_SOURCE_NURSE, &event);
  }
}

static void
tell_silence (Talk *talk, guint s)
{
  if (s == SILENT_FROM_S + 5)
    link_event (talk, &talk->lines[0], CHS_LINK_SILENT, "nothing for 5 s");
  if (s == SILENT_TO_S)
    link_event (talk, &talk->lines[0], CHS_LINK_UP, "");
}

static void
run_second (Talk *talk, guint s)
{
  move_patient (&talk->patient, s);
  tell_entries (talk, s);
  tell_silence (talk, s);
  for (guint i = 0; i < STEPS_A_SECOND; i++, talk->t_us += STEP_US)
    for (guint k = 0; k < N_LINES; k++)
      step_line (talk, &talk->lines[k]);
  append (talk, CHS_SOURCE_MONITOR, &(ChsEvent){ .type = CHS_EVENT_TICK });
}

static void
write_markers (const char *path)
{
  g_autoptr (ChsMarkers) markers = chs_markers_load (path, NULL);

  g_assert (chs_markers_set (markers, LONG_SESSION_UP_S * G_USEC_PER_SEC, "Rate turned up", NULL));
  g_assert (chs_markers_set (markers, 26 * 60 * G_USEC_PER_SEC, "Look again: late cuff?", NULL));
}

void
long_session_write (const char *path)
{
  static const ChsStoreMeta meta = { .session_id = (char *) "6f1c9d7e-0000-4000-8000-000000000002", .chair = (char *) "chair 4",
                                     .start_wall_us = LONG_SESSION_START_WALL_US, .program = (char *) "chairside test" };
  Talk                      talk = { .writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL) };

  g_assert (talk.writer != NULL);
  chs_sim_patient_init (&talk.patient);
  move_patient (&talk.patient, 0);
  tell_setup (&talk);
  open_line (&talk, 1, "monitor", "ivy-450c");
  open_line (&talk, 2, "pump1", "alaris-asena");
  for (guint s = 0; s < LONG_SESSION_S; s++)
    run_second (&talk, s);
  for (guint k = 0; k < N_LINES; k++)
    close_line (&talk.lines[k]);
  g_assert (chs_store_writer_close (talk.writer, TRUE, NULL));
  write_markers (path);
}
