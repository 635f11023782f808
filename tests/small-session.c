/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <math.h>

static const ChsStoreMeta facts = { .session_id = (char *) SMALL_SESSION_ID, .chair = (char *) "chair 3",
                                    .start_wall_us = SMALL_SESSION_START_WALL_US, .program = (char *) "chairside test" };

static void
append (ChsStoreWriter *writer, double t_s, guint8 source, ChsEvent event)
{
  event.seq = chs_store_writer_get_next_seq (writer);
  event.t_us = (gint64) (t_s * G_USEC_PER_SEC);
  event.wall_us = SMALL_SESSION_START_WALL_US + event.t_us;
  event.source = source;
  chs_store_writer_append (writer, &event);
}

static ChsEvent
setup_key (const char *key, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  return event;
}

static ChsEvent
nurse (ChsNurseAction action, const char *what, double value, const char *text)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .nurse = { .action = (guint8) action, .at_us = CHS_TIME_NONE, .value = value, .who = "RN 7" } };

  chs_text_copy (event.nurse.what, sizeof event.nurse.what, what);
  chs_text_copy (event.nurse.text, sizeof event.nurse.text, text);
  return event;
}

static ChsEvent
link_state (ChsLinkState state, guint8 kind, const char *reason)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = (guint8) state, .kind = kind } };

  chs_text_copy (event.link.name, sizeof event.link.name, kind == 0 ? "monitor" : "pump1");
  chs_text_copy (event.link.reason, sizeof event.link.reason, reason);
  return event;
}

static ChsEvent
pump (ChsPumpState state, double rate_ml_h, double volume_ml)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  chs_pump_status_init (&event.pump);
  event.pump.state = (guint8) state;
  event.pump.rate_ml_h = rate_ml_h;
  event.pump.volume_ml = volume_ml;
  event.pump.vtbi_ml = 250;
  chs_text_copy (event.pump.drug, sizeof event.pump.drug, "Magnesium");
  return event;
}

static ChsEvent
alarm_event (ChsAlarmAction action, gint64 cause_us)
{
  ChsEvent event = { .type = CHS_EVENT_ALARM,
                     .alarm = { .action = (guint8) action, .label = CHS_LABEL_MG_HYPOTENSION, .priority = CHS_PRIORITY_HIGH,
                                .param = CHS_PARAM_NIBP_SYS, .cause_source = 2, .id = 1, .onset_us = 480 * G_USEC_PER_SEC,
                                .value = 84, .baseline = 122, .limit = 90, .cause_us = cause_us, .cause_from_ml_h = 125,
                                .cause_to_ml_h = 375, .rule = "R-MG-BP", .evidence = "E-BP30,C-MG", .missing = "SPO2" } };

  return event;
}

static ChsEvent
value (ChsParam param, double number, ChsQuality quality, guint8 flags)
{
  ChsEvent event = chs_numeric (param, number);

  event.numeric.quality = (guint8) quality;
  event.numeric.flags = flags;
  return event;
}

static void
cuff (ChsStoreWriter *writer, double t_s, double measured_s, double sys, double dia, double mean)
{
  const struct {
    ChsParam param;
    double   value;
  } parts[] = { { CHS_PARAM_NIBP_SYS, sys }, { CHS_PARAM_NIBP_DIA, dia }, { CHS_PARAM_NIBP_MEAN, mean } };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    ChsEvent event = chs_numeric (parts[i].param, parts[i].value);

    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    event.numeric.meas_us = (gint64) (measured_s * G_USEC_PER_SEC);
    append (writer, t_s, 1, event);
  }
}

static void
write_people (ChsStoreWriter *writer)
{
  static const char *const keys[][2] = {
    { "patient.id", "P-0042" }, { "patient.age", "54" }, { "patient.sex", "F" }, { "patient.weight_kg", "70" },
    { "patient.height_cm", "168" }, { "patient.flags", "renal,asthma" }, { "therapy.id", "mag_2g" },
    { "therapy.name", "Magnesium sulfate 2 g" }, { "therapy.bag_volume_ml", "250" }, { "therapy.ordered_rate_ml_h", "125" },
    { "therapy.mg_mmol_per_ml", "0.0325" }, { "therapy.mg_soft_mmol_min", "0.1" }, { "therapy.mg_hard_mmol_min", "0.2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    append (writer, 0, CHS_SOURCE_NURSE, setup_key (keys[i][0], keys[i][1]));
  append (writer, 5, CHS_SOURCE_NURSE, nurse (CHS_NURSE_SCORE, "pain_before", 6, ""));
  append (writer, 6, CHS_SOURCE_NURSE, nurse (CHS_NURSE_SITE_CHECK, "ok", (double) NAN, ""));
  append (writer, 10, CHS_SOURCE_NURSE, nurse (CHS_NURSE_NOTE, "", (double) NAN, "=2+3|\"quoted\", \\ & ~ ^"));
}

/* A second of a wave at 4 Hz with a sample that did not come; the last one is of 61 s. */
static void
write_wave (ChsStoreWriter *writer)
{
  static const gint16 samples[] = { 100, CHS_WAVE_ABSENT, -100, 300 };
  const ChsEvent event = { .type = CHS_EVENT_WAVE,
                           .wave = { .param = CHS_PARAM_ECG_WAVE, .n = 4, .rate_hz = 4, .scale = 0.01f, .samples = samples } };

  append (writer, 61, 1, event);
}

static void
write_vitals (ChsStoreWriter *writer)
{
  for (int minute = 0; minute < 12; minute++) {
    double t_s = 60.0 * minute + 20.0;

    if (minute == 1)
      write_wave (writer);
    append (writer, t_s, 1, value (CHS_PARAM_HR, 70 + minute, CHS_QUALITY_OK, 0));
    append (writer, t_s, 1, minute == 3 ? chs_numeric (CHS_PARAM_SPO2, (double) NAN) : value (CHS_PARAM_SPO2, 97, CHS_QUALITY_OK, 0));
    if (minute == 4)
      append (writer, t_s, 1, value (CHS_PARAM_RR, 14, CHS_QUALITY_QUESTIONABLE, CHS_FLAG_MOTION));
    if (minute == 5)
      append (writer, t_s, 1, value (CHS_PARAM_TEMP, 36.7, CHS_QUALITY_OK, 0));
    if (minute == 2)
      cuff (writer, t_s + 10, t_s + 5, 122, 78, 93);
    if (minute == 2)
      append (writer, t_s + 20, 2, pump (CHS_PUMP_INFUSING, 125, 0));
    if (minute == 6)
      append (writer, t_s, 2, pump (CHS_PUMP_INFUSING, 375, 8.3));
    if (minute == 8) {
      cuff (writer, t_s + 10, t_s + 5, 84, 41, 55);
      append (writer, t_s + 11, 0, alarm_event (CHS_ALARM_RAISE, 380 * G_USEC_PER_SEC));
      append (writer, t_s + 30, CHS_SOURCE_NURSE, nurse (CHS_NURSE_ACK, "mg_hypotension", (double) NAN, ""));
      append (writer, t_s + 30, 0, alarm_event (CHS_ALARM_ACK, 380 * G_USEC_PER_SEC));
      append (writer, t_s + 32, 2, pump (CHS_PUMP_PAUSED, 0, 20.6));
      append (writer, t_s + 35, CHS_SOURCE_NURSE, nurse (CHS_NURSE_SYMPTOM, "dizzy", (double) NAN, ""));
    }
    if (minute == 10)
      append (writer, t_s, 1, link_state (CHS_LINK_LOST, 0, "unplugged"));
    if (minute == 10)
      append (writer, t_s + 30, 1, link_state (CHS_LINK_UP, 0, ""));
  }
  append (writer, 705, 0, alarm_event (CHS_ALARM_CLEAR, 380 * G_USEC_PER_SEC));
  append (writer, 710, CHS_SOURCE_NURSE, nurse (CHS_NURSE_SCORE, "pain_after", 3, ""));
}

void
small_session_write (const char *path)
{
  static const ChsStoreSource sources[] = {
    { .source = 1, .name = "monitor", .driver = "ivy-450c", .address = "tty:/dev/null" },
    { .source = 2, .name = "pump1", .driver = "graseby-3400", .address = "tty:/dev/null" },
  };
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);

  g_assert (writer != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    chs_store_writer_add_source (writer, &sources[i]);
  write_people (writer);
  append (writer, 15, 1, link_state (CHS_LINK_UP, 0, ""));
  append (writer, 15, 2, link_state (CHS_LINK_UP, 1, ""));
  write_vitals (writer);
  g_assert (chs_store_writer_close (writer, TRUE, NULL));
}

GBytes *
small_session_export (const ChsExporter *exporter)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.chairside", NULL);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = NULL;

  small_session_write (path);
  reader = chs_store_reader_new (path, &error);
  if (!(reader != NULL))
    g_error ("%s", error != NULL ? error->message : "");
  if (!(chs_export_run (exporter, reader, NULL, out, NULL, NULL, NULL, &missing, &error)))
    g_error ("%s", error != NULL ? error->message : "");
  g_assert (missing == NULL);
  g_assert (g_output_stream_write_all (out, "", 1, NULL, NULL, NULL));
  g_assert (g_output_stream_close (out, NULL, NULL));
  g_clear_pointer (&reader, chs_store_reader_free);
  g_unlink (path);
  g_rmdir (dir);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}
