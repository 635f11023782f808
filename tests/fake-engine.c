/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fake-engine.h"

#include "app/evidence.h"

#include <math.h>
#include <string.h>

FakeEngine fake_engine;

struct _ChsEngine {
  int nothing;
};

static const struct {
  ChsLabel    label;
  const char *title, *advice;
} texts[] = { /* as shipped, so that they are translated */
  { CHS_LABEL_MG_HYPOTENSION, "Pressure falling with magnesium",
    "Slow or stop the magnesium. Lay flat. Cuff again in 2 min. Calcium at hand per plan." },
  { CHS_LABEL_INFUSION_REACTION, "Possible severe reaction",
    "Stop the infusion. Call for help. Lay flat, legs up (sit up if breathless). Clinic anaphylaxis plan. Keep the vein." },
  { CHS_LABEL_MG_RATE, "Pump is faster than the limit for this drug", "Check the rate on the pump." },
  { CHS_LABEL_LINK_PUMP, "No data from pump", "Watch the pump itself. Check cable and power. Volume is estimated." },
  { CHS_LABEL_LINK_MONITOR, "No data from monitor", "Watch the monitor itself. Check cable and power." },
  { CHS_LABEL_TACHYCARDIA, "Fast heart rate", "Look at the patient. Check the ECG on the monitor. Cuff now." },
  { CHS_LABEL_DESATURATION, "Low oxygen saturation",
    "Look at the patient, open the airway, check the sensor. Oxygen per plan." },
  { CHS_LABEL_NO_ALARM_SOUND, "NO ALARM SOUND", "Watch the patient directly. Call the technician." },
};

void
fake_engine_reset (void)
{
  memset (&fake_engine, 0, sizeof fake_engine);
  chs_session_init (&fake_engine.session);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    fake_engine.limits[i] = (ChsLimits) { NAN, NAN, false };
  fake_engine.annunciation.paused_until_us = fake_engine.annunciation.alarm_pause_until_us = CHS_TIME_NONE;
  fake_engine.annunciation.break_until_us = CHS_TIME_NONE;
  fake_engine.baseline.taken_us = fake_engine.scores.t_us = CHS_TIME_NONE;
}

ChsProfile *
fake_profile_new (void)
{
  ChsProfile *self = g_new0 (ChsProfile, 1);

  for (guint i = 0; i < CHS_N_KEYS; i++)
    self->value[i] = NAN;
  return self;
}

ChsProfile *
chs_profile_copy (const ChsProfile *self G_GNUC_UNUSED)
{
  return fake_profile_new ();
}

void
chs_profile_free (ChsProfile *self)
{
  g_free (self);
}

static double
fake_staleness (const char *key)
{
  bool is_dim = g_str_has_suffix (key, "dim_s");

  if (strstr (key, "nibp") != NULL)
    return is_dim ? 600.0 : 3600.0;
  if (strstr (key, "temp") != NULL)
    return is_dim ? 960.0 : 3600.0;
  return is_dim ? 5.0 : 15.0;
}

/* Numbers that pages show as the profile's. */
static const struct {
  const char *key;
  double      value;
} numbers[] = {
  { "limit.hr_low", 45 },    { "limit.hr_high", 125 },  { "limit.spo2_low", 90 },  { "bp.abs_low", 90 },
  { "limit.sys_high", 180 }, { "limit.dia_high", 112 }, { "bp.map_low", 65 },      { "limit.rr_low", 8 },
  { "limit.rr_high", 30 },   { "limit.temp_low", 35 },  { "temp.fever", 38 },      { "alarm.audio_pause", 120 },
  { "alarm.clear_hold", 15 }, { "alarm.high_clear_hold", 60 }, { "news2.low", 5 }, { "news2.medium", 7 },
  { "osm.watch_low", 240 },  { "osm.watch_high", 600 },
};

double
chs_profile_get (const ChsProfile *self G_GNUC_UNUSED, const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (strcmp (numbers[i].key, key) == 0)
      return numbers[i].value;
  return fake_staleness (key);
}

static char *shipped[CHS_N_LABELS][2]; /* title, action; NULL = that of the table, or the label's id */

void
fake_engine_take_text (ChsLabel label, const char *title, const char *action)
{
  char **mine = shipped[label];

  g_free (mine[0]);
  g_free (mine[1]);
  mine[0] = g_strdup (title);
  mine[1] = g_strdup (action);
}

const char *
chs_profile_title (const ChsProfile *self G_GNUC_UNUSED, ChsLabel label, ChsPriority priority G_GNUC_UNUSED)
{
  if (shipped[label][0])
    return shipped[label][0];
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].label == label)
      return texts[i].title;
  return chs_label_id (label);
}

const char *
chs_profile_action (const ChsProfile *self G_GNUC_UNUSED, ChsLabel label, ChsPriority priority G_GNUC_UNUSED)
{
  if (shipped[label][1])
    return shipped[label][1];
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].label == label)
      return texts[i].advice;
  return "";
}

ChsEngine *
chs_engine_new (const ChsProfile *profile G_GNUC_UNUSED)
{
  return g_new0 (ChsEngine, 1);
}

void
chs_engine_free (ChsEngine *self)
{
  g_free (self);
}

/* It has no state of its own: all copies show @fake_engine. */
gsize
chs_engine_state_size (void)
{
  return sizeof (ChsEngine);
}

void
chs_engine_save (const ChsEngine *self, gpointer state)
{
  *(ChsEngine *) state = *self;
}

void
chs_engine_restore (ChsEngine *self, gconstpointer state)
{
  *self = *(const ChsEngine *) state;
}

void
chs_engine_feed (ChsEngine *self G_GNUC_UNUSED, const ChsEvent *event, ChsEngineFunc func, gpointer user_data)
{
  if (event->type == CHS_EVENT_ALARM)
    func (event, user_data);
}

const ChsActiveAlarm *
chs_engine_get_alarms (const ChsEngine *self G_GNUC_UNUSED, guint *n)
{
  *n = fake_engine.n_alarms;
  return fake_engine.alarms;
}

const ChsSession *
chs_engine_get_session (const ChsEngine *self G_GNUC_UNUSED)
{
  return &fake_engine.session;
}

const ChsScores *
chs_engine_get_scores (const ChsEngine *self G_GNUC_UNUSED)
{
  return &fake_engine.scores;
}

int64_t
chs_engine_get_sedation_us (const ChsEngine *self G_GNUC_UNUSED)
{
  return CHS_TIME_NONE;
}

const ChsBaseline *
chs_engine_get_baseline (const ChsEngine *self G_GNUC_UNUSED)
{
  return &fake_engine.baseline;
}

ChsLimits
chs_engine_get_limits (const ChsEngine *self G_GNUC_UNUSED, ChsParam param)
{
  return fake_engine.limits[param];
}

guint
chs_engine_ask_limit (const ChsEngine *self G_GNUC_UNUSED, const char *key G_GNUC_UNUSED, const char *value G_GNUC_UNUSED,
                      ChsLabel *labels G_GNUC_UNUSED, guint n G_GNUC_UNUSED)
{
  return 0; /* it stands still: no limit ends an alarm */
}

bool
chs_engine_is_alarm_off (const ChsEngine *self G_GNUC_UNUSED, ChsParam param)
{
  return fake_engine.alarm_off == param && param != CHS_PARAM_NONE;
}

bool
chs_engine_find_phase_step (const ChsEngine *self G_GNUC_UNUSED, uint64_t seq, ChsPhaseStep *step, bool *is_last)
{
  *step = (ChsPhaseStep) { .from_us = CHS_TIME_NONE };
  *is_last = seq != 0 && seq == fake_engine.last_phase_seq;
  if (*is_last)
    *step = (ChsPhaseStep) { .seq = seq, .from = CHS_PHASE_BASELINE, .from_us = 0 };
  return *is_last;
}

bool
chs_engine_can_pause_alarms (const ChsEngine *self G_GNUC_UNUSED)
{
  return fake_engine.session.phase <= CHS_PHASE_PREPARED;
}

bool
chs_engine_can_switch_off (ChsParam param)
{
  return param == CHS_PARAM_HR || param == CHS_PARAM_SPO2;
}

const ChsDose *
chs_engine_get_doses (const ChsEngine *self G_GNUC_UNUSED, guint *n)
{
  *n = fake_engine.n_doses;
  return fake_engine.doses;
}

const ChsAnnunciation *
chs_engine_get_annunciation (const ChsEngine *self G_GNUC_UNUSED)
{
  return &fake_engine.annunciation;
}

const char *
fake_evidence_id (guint i)
{
#define ID_OF(index, id, input, hold, meaning) id,
  static const char *const ids[] = { CHS_EVIDENCE (ID_OF) };
#undef ID_OF

  return i < G_N_ELEMENTS (ids) ? ids[i] : NULL;
}
