/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A chair for tests of the engine: values are given, seconds are let pass, what the
 * engine said is kept. Time only moves when the test moves it. */

#define MAKER_MONITOR 1
#define MAKER_PUMP 2

typedef struct {
  ChsProfile *profile;
  ChsEngine  *engine;
  int64_t     t_s;
  double      hr, pr, spo2, pi, rr, temp; /* sent every second; NAN = not sent */
  double      rate_ml_h, volume_ml, pressure;
  uint8_t     pump_state;
  uint32_t    pump_alarms;
  bool        monitor_talks, pump_talks;
  GArray     *said; /* ChsEvent */
  GArray     *kept; /* (nullable): ChsEvent: what it was fed */
} Maker;

static inline ChsProfile *
maker_profile (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autoptr (GError) error = NULL;
  ChsProfile *profile = chs_profile_load (path, &error);

  g_assert_no_error (error);
  return profile;
}

static inline void
maker_on_said (const ChsEvent *output, gpointer user_data)
{
  g_array_append_val (((Maker *) user_data)->said, *output);
}

static inline void
maker_feed (Maker *self, ChsEvent *event, uint8_t source)
{
  event->t_us = self->t_s * CHS_SECOND;
  event->wall_us = event->t_us;
  event->source = source;
  if (self->kept != NULL)
    g_array_append_vals (self->kept, event, 1);
  chs_engine_feed (self->engine, event, maker_on_said, self);
}

static inline void
maker_numeric (Maker *self, ChsParam param, double value)
{
  ChsEvent event = chs_numeric (param, value);

  event.numeric.meas_us = CHS_TIME_NONE;
  maker_feed (self, &event, MAKER_MONITOR);
}

static inline void
maker_setup (Maker *self, const char *key, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  maker_feed (self, &event, CHS_SOURCE_NURSE);
}

static inline void
maker_nurse (Maker *self, ChsNurseAction action, const char *what, double value)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE };

  event.nurse.action = (uint8_t) action;
  event.nurse.at_us = CHS_TIME_NONE;
  event.nurse.value = value;
  chs_text_copy (event.nurse.what, sizeof event.nurse.what, what);
  maker_feed (self, &event, CHS_SOURCE_NURSE);
}

static inline void
maker_symptom (Maker *self, const char *id)
{
  maker_nurse (self, CHS_NURSE_SYMPTOM, id, NAN);
}

static inline void
maker_state (Maker *self, ChsStateCode code, double value)
{
  ChsEvent event = { .type = CHS_EVENT_STATE };

  event.state.code = (uint8_t) code;
  event.state.value = value;
  maker_feed (self, &event, CHS_SOURCE_MONITOR);
}

static inline void
maker_device (Maker *self, ChsDeviceCode code, double value, const char *text)
{
  ChsEvent event = { .type = CHS_EVENT_DEVICE };

  event.device.code = (uint8_t) code;
  event.device.value = value;
  event.device.priority = CHS_PRIORITY_MEDIUM;
  chs_text_copy (event.device.text, sizeof event.device.text, text);
  maker_feed (self, &event, MAKER_MONITOR);
}

static inline void
maker_cuff3 (Maker *self, double sys, double dia, double mean)
{
  maker_numeric (self, CHS_PARAM_NIBP_SYS, sys);
  maker_numeric (self, CHS_PARAM_NIBP_DIA, dia);
  maker_numeric (self, CHS_PARAM_NIBP_MEAN, mean);
}

/* A reading with a diastolic and mean that go with it. */
static inline void
maker_cuff (Maker *self, double sys)
{
  double pp = sys > 130 ? sys * 0.4 : MIN (40.0, sys * 0.35);

  maker_cuff3 (self, sys, sys - pp, sys - pp + 0.36 * pp);
}

static inline void
maker_pump (Maker *self)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  chs_pump_status_init (&event.pump);
  event.pump.state = self->pump_state;
  event.pump.alarms = self->pump_alarms;
  event.pump.rate_ml_h = self->rate_ml_h;
  event.pump.volume_ml = self->volume_ml;
  event.pump.pressure = self->pressure;
  event.pump.pressure_unit = CHS_UNIT_MMHG;
  maker_feed (self, &event, MAKER_PUMP);
}

/* One second of a chair. */
static inline void
maker_second (Maker *self)
{
  const struct {
    ChsParam param;
    double   value;
  } values[] = {
    { CHS_PARAM_HR, self->hr }, { CHS_PARAM_PR, self->pr }, { CHS_PARAM_SPO2, self->spo2 },
    { CHS_PARAM_PI, isnan (self->pi) ? self->pi : self->pi + 0.001 * (double) (self->t_s % 7) },
    { CHS_PARAM_RR, self->rr }, { CHS_PARAM_TEMP, self->temp },
  };
  ChsEvent tick = { .type = CHS_EVENT_TICK };

  self->t_s++;
  for (guint i = 0; i < G_N_ELEMENTS (values) && self->monitor_talks; i++)
    if (!isnan (values[i].value))
      maker_numeric (self, values[i].param, values[i].value);
  if (self->pump_state == CHS_PUMP_INFUSING)
    self->volume_ml += self->rate_ml_h / 3600.0;
  if (self->pump_talks)
    maker_pump (self);
  maker_feed (self, &tick, CHS_SOURCE_MONITOR);
}

static inline void
maker_run (Maker *self, int seconds)
{
  for (int i = 0; i < seconds; i++)
    maker_second (self);
}

/* A value that runs becomes @value from the next second on. Returns: whether it is one that does; a cuff is maker_cuff() */
static inline bool
maker_set (Maker *self, ChsParam param, double value)
{
  switch ((int) param) {
  case CHS_PARAM_HR:
    self->hr = self->pr = value;
    return true;
  case CHS_PARAM_SPO2:
    self->spo2 = value;
    return true;
  case CHS_PARAM_RR:
    self->rr = value;
    return true;
  case CHS_PARAM_TEMP:
    self->temp = value;
    return true;
  default:
    return false;
  }
}

/* Nobody in the chair yet; nothing sent. @profile is taken. */
static inline void
maker_init_with (Maker *self, ChsProfile *profile)
{
  *self = (Maker) { .profile = profile, .hr = NAN, .pr = NAN, .spo2 = NAN, .pi = NAN, .rr = NAN, .temp = NAN,
                    .pump_state = CHS_PUMP_READY, .pressure = NAN, .monitor_talks = true };
  self->engine = chs_engine_new (self->profile);
  self->said = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
}

static inline void
maker_init (Maker *self)
{
  maker_init_with (self, maker_profile ());
}

/* A calm patient with a good baseline of SBP 120, HR 75, RR 14, SpO2 98, T 36.7, and 100 mL/h of @therapy_key running for
 * ten minutes (so that windows are full and the reference of the pulse is settled). */
static inline void
maker_init_running (Maker *self, const char *drug_key, const char *per_ml)
{
  maker_init (self);
  maker_setup (self, "patient.age", "40");
  maker_setup (self, "patient.weight_kg", "70");
  maker_setup (self, "patient.flags", "none");
  maker_setup (self, "therapy.id", "test");
  maker_setup (self, "therapy.mg_mmol_per_ml", "0");
  maker_setup (self, "therapy.ketamine_mg_per_ml", "0");
  maker_setup (self, "therapy.lidocaine_mg_per_ml", "0");
  if (drug_key != NULL)
    maker_setup (self, drug_key, per_ml);
  maker_nurse (self, CHS_NURSE_PHASE, "baseline", NAN);
  self->hr = self->pr = 75;
  self->spo2 = 98;
  self->pi = 2.5;
  self->rr = 14;
  self->temp = 36.7;
  self->pressure = 30;
  self->pump_talks = true;
  for (int i = 0; i < 3; i++) {
    maker_cuff (self, 120);
    maker_run (self, 120);
  }
  self->pump_state = CHS_PUMP_INFUSING;
  self->rate_ml_h = 100;
  maker_run (self, 300);
  maker_cuff (self, 120);
  maker_run (self, 300);
  maker_cuff (self, 119);
  maker_run (self, 10);
  g_array_set_size (self->said, 0);
}

static inline void
maker_clear (Maker *self)
{
  chs_engine_free (self->engine);
  chs_profile_free (self->profile);
  g_array_unref (self->said);
}

static inline bool
maker_has (const Maker *self, ChsEvidence evidence)
{
  return chs_evidence_has (&self->engine->state.yes, evidence);
}

static inline bool
maker_is_unknown (const Maker *self, ChsEvidence evidence)
{
  return chs_evidence_has (&self->engine->state.unknown, evidence);
}

static inline const ChsCondition *
maker_condition (const Maker *self, ChsLabel label)
{
  return &self->engine->state.conditions[label];
}

/* The last thing said of a label; an alarm of no label when nothing was. */
static inline const ChsAlarm *
maker_last (const Maker *self, ChsLabel label)
{
  static const ChsAlarm nothing;

  for (guint i = self->said->len; i > 0; i--)
    if (g_array_index (self->said, ChsEvent, i - 1).alarm.label == label)
      return &g_array_index (self->said, ChsEvent, i - 1).alarm;
  return &nothing;
}

static inline bool
maker_heard (const Maker *self, ChsLabel label)
{
  return maker_last (self, label)->label == label;
}

static inline guint
maker_count (const Maker *self, ChsLabel label, ChsAlarmAction action)
{
  guint n = 0;

  for (guint i = 0; i < self->said->len; i++) {
    const ChsAlarm *alarm = &g_array_index (self->said, ChsEvent, i).alarm;

    n += alarm->label == label && alarm->action == action;
  }
  return n;
}
