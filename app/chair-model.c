/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model.h"

#include "app/wave-ring.h"
#include "data/ini.h"

#include "devices/driver.h"

#include <math.h>
#include <string.h>

/* Marks a string for xgettext; the screen translates it when it draws. */
#define N_(s) (s)

#define US_PER_S G_GINT64_CONSTANT (1000000)

/* Bounds of memory, own choice: a day of anything that happens, 9 h of seconds per trend before thinning. */
#define MAX_POINTS 32768
#define MAX_ROWS   4096
#define MAX_ENTRIES 1024
#define MAX_PUMPS  16
#define MAX_LINKS  32
#define MAX_WAVES  8
#define WAVE_S     30    /* seconds of wave kept: the slowest sweep of the widest screen */
#define MAX_WAVE   16384 /* samples; 30 s of 500 Hz */

/* The same reading told twice (two parameters of it, or again after a reconnect) differs by less than this. */
#define SAME_CUFF_US (2 * US_PER_S)

typedef struct {
  ChsNumeric numeric;
  int64_t    t_us;
  uint8_t    source;
  bool       is_present;
} Latest;

typedef struct {
  char name[24], label[24];
} LinkLabel;

struct _ChsChairModel {
  ChsProfile *profile;
  ChsEngine  *engine;

  Latest  latest[CHS_N_PARAMS];
  GArray *trends[CHS_N_PARAMS]; /* (nullable): of ChsPoint */
  GArray *cuffs;                /* of ChsCuffReading */
  GArray *scores;               /* of ChsScores */
  GArray *pumps;                /* of ChsPumpView; steps point into @steps */
  GArray *steps[MAX_PUMPS];     /* (nullable): of ChsFlowStep, one a pump */
  GArray *marks;                /* of ChsMark */
  GArray *alarm_log;            /* of ChsAlarmEntry */
  GArray *setups;               /* of ChsSetupEntry */
  GArray *gaps;                 /* of ChsGap */
  GArray *links;                /* of ChsLinkInfo */
  GArray *labels;               /* of LinkLabel: what the chair's configuration calls them */
  ChsWaveRing waves[MAX_WAVES];
  ChsWaveView wave_views[MAX_WAVES];
  guint       n_waves;
  int64_t     dim_us[CHS_N_PARAMS], gone_us[CHS_N_PARAMS]; /* ages of the profile's staleness group */
  int64_t     last_data_us[256]; /* by source; CHS_TIME_NONE = nothing came yet */

  ChsOutcome outcome;
  int64_t  now_us;
  int64_t  wall_offset_us;
  int      utc_offset_min;
  uint64_t serial;
  bool     has_begun; /* anything but CLOCK, SETUP and CONFIG has come */
  uint64_t feeding_seq; /* of the event that the engine is looking at */
};

/* ---- small helpers ---- */

/* Adds a row; the oldest quarter goes when the array is full. */
static gpointer
append_row (GArray *rows, gconstpointer row, guint max)
{
  if (rows->len >= max)
    g_array_remove_range (rows, 0, max / 4);
  g_array_append_vals (rows, row, 1);
  return rows->data + (gsize) (rows->len - 1) * g_array_get_element_size (rows);
}

static ChsLinkInfo *
find_link (const ChsChairModel *self, uint8_t source)
{
  for (guint i = 0; i < self->links->len; i++) {
    ChsLinkInfo *info = &g_array_index (self->links, ChsLinkInfo, i);

    if (info->source == source)
      return info;
  }
  return NULL;
}

/* Events of a source can come before its first LINK event: in a scenario there is none. */
static ChsLinkInfo *
ensure_link (ChsChairModel *self, const ChsEvent *event, uint8_t kind)
{
  ChsLinkInfo *info = find_link (self, event->source);
  ChsLinkInfo fresh = { .source = event->source, .t_us = event->t_us, .status = { .state = CHS_LINK_UP, .kind = kind } };

  if (info != NULL || self->links->len >= MAX_LINKS)
    return info;
  return append_row (self->links, &fresh, MAX_LINKS);
}

/* ---- what the configuration calls the links ---- */

#define LINK_GROUP "link."

static gboolean
on_config_line (guint line G_GNUC_UNUSED, const char *group, const char *key, const char *value, gpointer user_data, GError **error G_GNUC_UNUSED)
{
  LinkLabel label = { .name = "" };

  if (key == NULL || strcmp (key, "label") != 0 || !g_str_has_prefix (group, LINK_GROUP))
    return TRUE;
  chs_text_copy (label.name, sizeof label.name, group + strlen (LINK_GROUP));
  chs_text_copy (label.label, sizeof label.label, value);
  append_row (user_data, &label, MAX_LINKS);
  return TRUE;
}

static void
label_link (const ChsChairModel *self, ChsLinkInfo *link)
{
  for (guint i = 0; i < self->labels->len; i++) {
    const LinkLabel *label = &g_array_index (self->labels, LinkLabel, i);

    if (strcmp (label->name, link->status.name) == 0)
      chs_text_copy (link->label, sizeof link->label, label->label);
  }
}

static void
feed_config (ChsChairModel *self, const ChsEvent *event)
{
  if (strcmp (event->config.name, "chair") != 0)
    return;
  g_array_set_size (self->labels, 0);
  chs_ini_parse (event->config.text, event->config.n, "chair", on_config_line, self->labels, NULL); /* was good when it was recorded */
  for (guint i = 0; i < self->links->len; i++)
    label_link (self, &g_array_index (self->links, ChsLinkInfo, i));
}

/* ---- trends ---- */

/* Which of @n points stand for all of them: the lowest, the highest and the first gap. */
static void
pick_points (const ChsPoint *points, guint n, bool *is_kept)
{
  guint low = n, high = n, gap = n;

  for (guint k = 0; k < n; k++) {
    if (isnan (points[k].value)) {
      gap = MIN (gap, k);
      continue;
    }
    low = low == n || points[k].value < points[low].value ? k : low;
    high = high == n || points[k].value > points[high].value ? k : high;
  }
  for (guint k = 0; k < n; k++)
    is_kept[k] = k == low || k == high || k == gap;
}

/* A day at one point a second does not fit: of each four old points the lowest and the highest stay, and gaps. */
static void
thin_older_half (GArray *points)
{
  const guint half = points->len / 2;
  ChsPoint *all = (ChsPoint *) (gpointer) points->data;
  bool is_kept[4];
  guint kept = 0;

  for (guint i = 0; i < half; i += 4) {
    guint n = MIN (4, half - i);

    pick_points (&all[i], n, is_kept);
    for (guint k = 0; k < n; k++)
      if (is_kept[k])
        all[kept++] = all[i + k];
  }
  g_array_remove_range (points, kept, half - kept);
}

static void
append_point (ChsChairModel *self, ChsParam param, const ChsPoint *point)
{
  GArray *points = self->trends[param];
  ChsPoint *last;

  if (points == NULL)
    points = self->trends[param] = g_array_new (FALSE, FALSE, sizeof (ChsPoint));
  last = points->len > 0 ? &g_array_index (points, ChsPoint, points->len - 1) : NULL;
  if (last != NULL && isnan (last->value) && isnan (point->value))
    return;
  if (last != NULL && last->t_us / US_PER_S == point->t_us / US_PER_S && isnan (last->value) == isnan (point->value)) {
    *last = *point;
    return;
  }
  if (points->len >= MAX_POINTS)
    thin_older_half (points);
  g_array_append_val (points, *point);
}

static void
begin_trend_gap (ChsChairModel *self, ChsParam param)
{
  GArray *points = self->trends[param];

  if (points == NULL || points->len == 0)
    return;
  append_point (self, param,
                &(ChsPoint) { g_array_index (points, ChsPoint, points->len - 1).t_us, NAN, CHS_QUALITY_ABSENT, 0 });
}

/* The profile's staleness group: when a value is dimmed, and when it gives way to dashes. */
static const struct {
  ChsParam    param;
  const char *dim_key, *gone_key;
} staleness[] = {
  { CHS_PARAM_HR, "staleness.hr_dim_s", "staleness.hr_gone_s" },
  { CHS_PARAM_PR, "staleness.pr_dim_s", "staleness.pr_gone_s" },
  { CHS_PARAM_SPO2, "staleness.spo2_dim_s", "staleness.spo2_gone_s" },
  { CHS_PARAM_PI, "staleness.spo2_dim_s", "staleness.spo2_gone_s" },
  { CHS_PARAM_NIBP_SYS, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_DIA, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_MEAN, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_PR, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_RR, "staleness.rr_dim_s", "staleness.rr_gone_s" },
  { CHS_PARAM_CO2_RR, "staleness.rr_dim_s", "staleness.rr_gone_s" },
  { CHS_PARAM_TEMP, "staleness.temp_dim_s", "staleness.temp_gone_s" },
  { CHS_PARAM_TEMP2, "staleness.temp_dim_s", "staleness.temp_gone_s" },
  { CHS_PARAM_NONE, "staleness.other_dim_s", "staleness.other_gone_s" },
};

/* Seconds of the profile as microseconds; a profile without the number never lets a value age. */
static int64_t
age_of (const ChsProfile *profile, const char *key)
{
  double seconds = chs_profile_get (profile, key);

  return isnan (seconds) ? INT64_MAX : (int64_t) (seconds * (double) US_PER_S);
}

/* Asked for with each value: worked out once. */
static void
take_staleness (ChsChairModel *self)
{
  for (guint param = 0; param < CHS_N_PARAMS; param++) {
    guint row = 0;

    while (staleness[row].param != param && staleness[row].param != CHS_PARAM_NONE)
      row++;
    self->dim_us[param] = age_of (self->profile, staleness[row].dim_key);
    self->gone_us[param] = age_of (self->profile, staleness[row].gone_key);
  }
}

/* ---- numerics ---- */

static bool
is_cuff_part (ChsParam param)
{
  return param == CHS_PARAM_NIBP_SYS || param == CHS_PARAM_NIBP_DIA || param == CHS_PARAM_NIBP_MEAN;
}

static ChsCuffReading *
cuff_of (ChsChairModel *self, int64_t t_us)
{
  ChsCuffReading fresh = { .t_us = t_us, .sys = NAN, .dia = NAN, .mean = NAN };

  for (guint i = self->cuffs->len; i > 0; i--) {
    ChsCuffReading *cuff = &g_array_index (self->cuffs, ChsCuffReading, i - 1);

    if (!cuff->failed && ABS (cuff->t_us - t_us) < SAME_CUFF_US)
      return cuff;
    if (cuff->t_us < t_us - SAME_CUFF_US)
      break;
  }
  return append_row (self->cuffs, &fresh, MAX_ROWS);
}

static void
feed_cuff (ChsChairModel *self, const ChsNumeric *numeric, int64_t t_us)
{
  ChsCuffReading *cuff;
  float value = numeric->quality == CHS_QUALITY_INVALID ? NAN : (float) numeric->value;

  if (isnan (value))
    return;
  cuff = cuff_of (self, t_us);
  if (numeric->param == CHS_PARAM_NIBP_SYS)
    cuff->sys = value;
  else if (numeric->param == CHS_PARAM_NIBP_DIA)
    cuff->dia = value;
  else
    cuff->mean = value;
  cuff->quality = MAX (cuff->quality, numeric->quality);
  cuff->flags |= numeric->flags;
  cuff->time_mark = numeric->time_mark;
}

static void
feed_numeric (ChsChairModel *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  int64_t t_us = numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us;
  bool is_absent = numeric->quality >= CHS_QUALITY_INVALID || isnan (numeric->value);
  Latest *latest;

  if (numeric->param == CHS_PARAM_NONE || numeric->param >= CHS_N_PARAMS)
    return;
  latest = &self->latest[numeric->param];
  ensure_link (self, event, CHS_KIND_MONITOR);
  if (is_cuff_part (numeric->param)) {
    feed_cuff (self, numeric, t_us);
    if (is_absent) /* a cuff reading stays until the next one, with its age */
      return;
  } else {
    if (latest->is_present && t_us - latest->t_us > self->dim_us[numeric->param])
      begin_trend_gap (self, numeric->param);
    append_point (self, numeric->param,
                  &(ChsPoint) { t_us, is_absent ? NAN : (float) numeric->value, numeric->quality, numeric->flags });
  }
  *latest = (Latest) { *numeric, t_us, event->source, latest->is_present || !is_absent };
}

/* ---- pumps ---- */

static void
append_step (ChsChairModel *self, guint index, int64_t t_us, double flow_ml_h)
{
  ChsPumpView *pump = &g_array_index (self->pumps, ChsPumpView, index);
  GArray *steps = self->steps[index];
  const ChsFlowStep *last = steps->len > 0 ? &g_array_index (steps, ChsFlowStep, steps->len - 1) : NULL;
  ChsFlowStep step = { t_us, (float) flow_ml_h };

  if (last != NULL && (isnan (last->flow_ml_h) ? isnan (flow_ml_h) : fabs ((double) last->flow_ml_h - flow_ml_h) < 0.005))
    return;
  append_row (steps, &step, MAX_ROWS);
  pump->steps = &g_array_index (steps, ChsFlowStep, 0);
  pump->n_steps = steps->len;
}

/* The name of the link, and the slot where one link carries several pumps. */
static void
name_pumps (ChsChairModel *self, uint8_t source)
{
  const ChsLinkInfo *link = find_link (self, source);
  guint n = 0;

  for (guint i = 0; i < self->pumps->len; i++)
    n += g_array_index (self->pumps, ChsPumpView, i).source == source;
  for (guint i = 0; i < self->pumps->len; i++) {
    ChsPumpView *pump = &g_array_index (self->pumps, ChsPumpView, i);
    const char *name = link != NULL ? link->status.name : "";
    g_autofree char *full = NULL;

    if (pump->source != source)
      continue;
    full = n > 1 && pump->status.slot[0] != '\0' ? g_strdup_printf ("%s %s", name, pump->status.slot) : g_strdup (name);
    chs_text_copy (pump->name, sizeof pump->name, full);
  }
}

static void
feed_pump (ChsChairModel *self, const ChsEvent *event)
{
  guint index = 0;
  ChsPumpView *pump;

  ensure_link (self, event, CHS_KIND_PUMP);
  while (index < self->pumps->len
         && (g_array_index (self->pumps, ChsPumpView, index).source != event->source
             || g_array_index (self->pumps, ChsPumpView, index).channel != event->channel))
    index++;
  if (index == MAX_PUMPS)
    return;
  if (index == self->pumps->len) {
    ChsPumpView fresh = { .source = event->source, .channel = event->channel };

    g_array_append_val (self->pumps, fresh);
    self->steps[index] = g_array_new (FALSE, FALSE, sizeof (ChsFlowStep));
  }
  pump = &g_array_index (self->pumps, ChsPumpView, index);
  pump->status = event->pump;
  pump->t_us = event->t_us;
  name_pumps (self, event->source);
  append_step (self, index, event->t_us, chs_pump_flow_ml_h (&event->pump));
}

/* Nothing is known of a pump's flow from the last word it gave. */
static void
lose_flows (ChsChairModel *self, uint8_t source, int64_t t_us)
{
  for (guint i = 0; i < self->pumps->len; i++)
    if (g_array_index (self->pumps, ChsPumpView, i).source == source)
      append_step (self, i, MAX (t_us, g_array_index (self->pumps, ChsPumpView, i).t_us), NAN);
}

/* ---- gaps and links ---- */

static ChsGap *
open_gap_of (ChsChairModel *self, uint8_t source, uint8_t param)
{
  for (guint i = self->gaps->len; i > 0; i--) {
    ChsGap *gap = &g_array_index (self->gaps, ChsGap, i - 1);

    if (gap->source == source && gap->param == param && gap->to_us == CHS_TIME_NONE)
      return gap;
  }
  return NULL;
}

static void
begin_gap (ChsChairModel *self, const ChsGap *gap)
{
  ChsGap *open = open_gap_of (self, gap->source, gap->param);

  if (open != NULL)
    memcpy (open->why, gap->why, sizeof open->why); /* silent became lost: the same hole */
  else
    append_row (self->gaps, gap, MAX_ROWS);
}

static const char *
gap_reason (uint8_t state)
{
  switch ((ChsLinkState) state) {
  case CHS_LINK_SILENT:
    return N_ ("silent");
  case CHS_LINK_LOST:
    return N_ ("link lost");
  case CHS_LINK_FAILED:
    return N_ ("cannot be opened");
  case CHS_LINK_CLOSED:
    return N_ ("link closed");
  case CHS_LINK_CONNECTING:
  case CHS_LINK_UP:
  default:
    return N_ ("no data");
  }
}

static void
lose_source (ChsChairModel *self, uint8_t source, uint8_t kind, int64_t t_us, const char *why)
{
  int64_t last_us = self->last_data_us[source];
  ChsGap gap = { .source = source, .kind = kind, .to_us = CHS_TIME_NONE };

  gap.from_us = last_us != CHS_TIME_NONE ? last_us : t_us;
  chs_text_copy (gap.why, sizeof gap.why, why);
  begin_gap (self, &gap);
  lose_flows (self, source, gap.from_us);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    if (self->latest[i].is_present && self->latest[i].source == source)
      begin_trend_gap (self, (ChsParam) i);
}

static void
feed_link (ChsChairModel *self, const ChsEvent *event)
{
  ChsLinkInfo *info = ensure_link (self, event, event->link.kind);
  ChsGap *gap = open_gap_of (self, event->source, CHS_PARAM_NONE);

  if (info == NULL)
    return;
  if (info->status.state != event->link.state)
    info->t_us = event->t_us;
  info->status = event->link;
  label_link (self, info);
  name_pumps (self, event->source);
  if (event->link.state == CHS_LINK_UP) {
    if (gap != NULL)
      gap->to_us = event->t_us;
  } else if (event->link.state != CHS_LINK_CONNECTING && self->last_data_us[event->source] != CHS_TIME_NONE)
    lose_source (self, event->source, event->link.kind, event->t_us, gap_reason (event->link.state));
}

static void
feed_sensor_off (ChsChairModel *self, const ChsEvent *event)
{
  ChsGap *open = open_gap_of (self, event->source, event->device.param);
  ChsGap gap = { .from_us = event->t_us, .to_us = CHS_TIME_NONE, .source = event->source, .kind = CHS_KIND_MONITOR };

  if (event->device.param == CHS_PARAM_NONE || event->device.param >= CHS_N_PARAMS)
    return;
  /* a monitor also tells of sensors that nobody ever put on: no gap without something before it */
  if (event->device.value > 0.0 && self->latest[event->device.param].is_present) {
    gap.param = event->device.param;
    chs_text_copy (gap.why, sizeof gap.why, N_ ("sensor off"));
    begin_gap (self, &gap);
  } else if (open != NULL)
    open->to_us = event->t_us;
}

static void
feed_device (ChsChairModel *self, const ChsEvent *event)
{
  ChsLinkInfo *info = ensure_link (self, event, CHS_KIND_MONITOR);
  ChsCuffReading failed = { .t_us = event->t_us, .sys = NAN, .dia = NAN, .mean = NAN, .failed = true };

  if (info == NULL)
    return;
  switch ((ChsDeviceCode) event->device.code) {
  case CHS_DEVICE_IDENTITY:
    chs_text_copy (info->identity, sizeof info->identity, event->device.text);
    break;
  case CHS_DEVICE_DEMO:
    info->demo = event->device.value > 0.0;
    break;
  case CHS_DEVICE_BENCH:
    info->bench = true;
    break;
  case CHS_DEVICE_SENSOR_OFF:
    feed_sensor_off (self, event);
    break;
  case CHS_DEVICE_NIBP_FAILED:
    append_row (self->cuffs, &failed, MAX_ROWS);
    break;
  case CHS_DEVICE_ALARM:
  case CHS_DEVICE_NIBP_START:
  case CHS_DEVICE_RESTART:
  case CHS_DEVICE_REMOVED:
  case CHS_DEVICE_TEXT:
  case CHS_DEVICE_FROZEN:
  default:
    break;
  }
}

bool
chs_chair_model_is_bench (const ChsChairModel *self, uint8_t source)
{
  for (guint i = 0; i < self->links->len; i++) {
    const ChsLinkInfo *info = &g_array_index (self->links, ChsLinkInfo, i);

    if (info->source == source && info->bench)
      return true;
  }
  return false;
}

/* ---- marks ---- */

static void
add_mark (ChsChairModel *self, const ChsMark *mark)
{
  guint at;

  append_row (self->marks, mark, MAX_ROWS);
  for (at = self->marks->len - 1; at > 0 && g_array_index (self->marks, ChsMark, at - 1).t_us > mark->t_us; at--)
    g_array_index (self->marks, ChsMark, at) = g_array_index (self->marks, ChsMark, at - 1);
  g_array_index (self->marks, ChsMark, at) = *mark;
}

static void
undo_symptom (ChsChairModel *self, const char *what)
{
  for (guint i = self->marks->len; i > 0; i--) {
    ChsMark *mark = &g_array_index (self->marks, ChsMark, i - 1);

    if (mark->kind == CHS_MARK_SYMPTOM && mark->action == CHS_NURSE_SYMPTOM && !mark->undone
        && strcmp (mark->what, what) == 0) {
      mark->undone = true;
      return;
    }
  }
}

static void
correct_mark (ChsChairModel *self, guint i, const ChsNurse *nurse)
{
  ChsMark mark = g_array_index (self->marks, ChsMark, i);

  chs_text_copy (mark.why, sizeof mark.why, nurse->text[0] != '\0' ? nurse->text : nurse->what);
  if (nurse->at_us == CHS_TIME_NONE) {
    mark.undone = true;
    g_array_index (self->marks, ChsMark, i) = mark;
    return;
  }
  mark.was_us = mark.was_us == CHS_TIME_NONE ? mark.t_us : mark.was_us;
  mark.t_us = nurse->at_us;
  g_array_remove_index (self->marks, i);
  add_mark (self, &mark);
}

static void
feed_correction (ChsChairModel *self, const ChsNurse *nurse)
{
  for (guint i = 0; i < self->marks->len; i++) {
    const ChsMark *mark = &g_array_index (self->marks, ChsMark, i);

    if (mark->kind != CHS_MARK_ALARM && fabs ((double) mark->seq - nurse->value) < 0.5) {
      correct_mark (self, i, nurse);
      return;
    }
  }
}

/* Which actions leave a mark on the chart, and which of their texts stands there. */
static const struct {
  ChsNurseAction action;
  ChsMarkKind    kind;
  bool           is_free_text;
} mark_rows[] = {
  { CHS_NURSE_MARK, CHS_MARK_NURSE, true },         { CHS_NURSE_NOTE, CHS_MARK_NURSE, true },
  { CHS_NURSE_DONE, CHS_MARK_NURSE, false },        { CHS_NURSE_BASELINE, CHS_MARK_NURSE, false },
  { CHS_NURSE_SITE_CHECK, CHS_MARK_NURSE, false },  { CHS_NURSE_SYMPTOM, CHS_MARK_SYMPTOM, false },
  { CHS_NURSE_SYMPTOM_CLEAR, CHS_MARK_SYMPTOM, false }, { CHS_NURSE_PHASE, CHS_MARK_PHASE, false },
  { CHS_NURSE_REACTION, CHS_MARK_REACTION, false },
};

static void
feed_score (ChsOutcome *outcome, const ChsNurse *nurse)
{
  const struct {
    const char *what;
    double     *into;
  } scores[] = {
    { "pain_before", &outcome->pain_before },       { "pain_after", &outcome->pain_after },
    { "fatigue_before", &outcome->fatigue_before }, { "fatigue_after", &outcome->fatigue_after },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    if (strcmp (scores[i].what, nurse->what) == 0)
      *scores[i].into = nurse->value;
}

static void
feed_nurse (ChsChairModel *self, const ChsEvent *event)
{
  const ChsNurse *nurse = &event->nurse;
  ChsMark mark = { .t_us = nurse->at_us != CHS_TIME_NONE ? nurse->at_us : event->t_us, .seq = event->seq,
                   .action = nurse->action, .was_us = CHS_TIME_NONE };

  if (nurse->action == CHS_NURSE_SYMPTOM_UNDO)
    undo_symptom (self, nurse->what);
  else if (nurse->action == CHS_NURSE_CORRECTION)
    feed_correction (self, nurse);
  else if (nurse->action == CHS_NURSE_SCORE)
    feed_score (&self->outcome, nurse);
  for (guint i = 0; i < G_N_ELEMENTS (mark_rows); i++)
    if (mark_rows[i].action == (ChsNurseAction) nurse->action) {
      mark.kind = (uint8_t) mark_rows[i].kind;
      chs_text_copy (mark.what, sizeof mark.what, mark_rows[i].is_free_text ? nurse->text : nurse->what);
      chs_text_copy (mark.text, sizeof mark.text, nurse->text);
      add_mark (self, &mark);
    }
}

static void
feed_clock (ChsChairModel *self, const ChsEvent *event)
{
  ChsMark mark = { .t_us = event->t_us, .seq = event->seq, .kind = CHS_MARK_CLOCK, .action = event->clock.code, .was_us = CHS_TIME_NONE };
  ChsGap gap = { .to_us = event->t_us, .kind = CHS_GAP_BOTH };

  self->utc_offset_min = event->clock.utc_offset_min;
  if (!self->has_begun) /* a recording opens with its offset: no seam */
    return;
  add_mark (self, &mark);
  if (event->clock.code != CHS_CLOCK_RESUME)
    return;
  gap.from_us = MAX (0, event->t_us - event->clock.step_us);
  chs_text_copy (gap.why, sizeof gap.why, N_ ("monitor restarted"));
  append_row (self->gaps, &gap, MAX_ROWS);
  for (guint i = 0; i < self->pumps->len; i++)
    append_step (self, i, MAX (gap.from_us, g_array_index (self->pumps, ChsPumpView, i).t_us), NAN);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    begin_trend_gap (self, (ChsParam) i);
}

static void
feed_setup (ChsChairModel *self, const ChsEvent *event)
{
  const ChsSetupEntry entry = { .t_us = event->t_us, .source = event->source, .setup = event->setup };

  append_row (self->setups, &entry, MAX_ENTRIES);
}

static void
add_entry (ChsChairModel *self, const ChsAlarm *alarm, int64_t t_us)
{
  const ChsAlarmEntry entry = { .alarm = *alarm, .raised_us = t_us, .escalated_us = CHS_TIME_NONE, .seen_us = CHS_TIME_NONE,
                                .gone_us = CHS_TIME_NONE, .over_us = CHS_TIME_NONE };

  append_row (self->alarm_log, &entry, MAX_ENTRIES);
}

static ChsAlarmEntry *
find_entry (ChsChairModel *self, guint32 id)
{
  for (guint i = self->alarm_log->len; i > 0; i--) {
    ChsAlarmEntry *entry = &g_array_index (self->alarm_log, ChsAlarmEntry, i - 1);

    if (entry->alarm.id == id)
      return entry;
  }
  return NULL;
}

static void
log_alarm (ChsChairModel *self, const ChsAlarm *alarm, int64_t t_us)
{
  ChsAlarmEntry *entry = alarm->action == CHS_ALARM_RAISE ? NULL : find_entry (self, alarm->id);

  if (alarm->action == CHS_ALARM_RAISE)
    add_entry (self, alarm, t_us);
  if (entry == NULL)
    return;
  switch ((ChsAlarmAction) alarm->action) {
  case CHS_ALARM_ESCALATE:
    entry->alarm = *alarm;
    entry->escalated_us = t_us;
    entry->gone_us = CHS_TIME_NONE;
    break;
  case CHS_ALARM_ACK:
    if (entry->seen_us == CHS_TIME_NONE)
      entry->seen_us = t_us;
    break;
  case CHS_ALARM_LATCH:
    entry->gone_us = t_us;
    break;
  case CHS_ALARM_CLEAR:
  case CHS_ALARM_SUSPEND:
    entry->over_us = t_us;
    break;
  case CHS_ALARM_RAISE:
  case CHS_ALARM_DEESCALATE:
  case CHS_ALARM_ACK_EXPIRED:
  default:
    break;
  }
}

static void
on_engine_output (const ChsEvent *output, gpointer user_data)
{
  ChsChairModel *self = user_data;
  const ChsAlarm *alarm = &output->alarm;
  ChsMark mark = { .t_us = output->t_us, .seq = self->feeding_seq, .kind = CHS_MARK_ALARM, .priority = alarm->priority,
                   .label = alarm->label, .action = alarm->action, .param = alarm->param, .was_us = CHS_TIME_NONE };

  if (output->type != CHS_EVENT_ALARM)
    return;
  log_alarm (self, alarm, output->t_us);
  if (alarm->action != CHS_ALARM_RAISE && alarm->action != CHS_ALARM_ESCALATE)
    return;
  chs_text_copy (mark.what, sizeof mark.what, chs_label_id ((ChsLabel) alarm->label));
  add_mark (self, &mark);
}

/* ---- waves ---- */

static void
feed_wave (ChsChairModel *self, const ChsEvent *event)
{
  const ChsWave *in = &event->wave;
  guint size = (guint) CLAMP (in->rate_hz * WAVE_S, 64, MAX_WAVE), i = 0;

  if (in->n == 0 || in->samples == NULL || !(in->rate_hz > 0.0f) || !chs_param_info (in->param)->is_wave)
    return;
  while (i < self->n_waves && self->waves[i].view.param != in->param)
    i++;
  if (i == MAX_WAVES)
    return;
  chs_wave_ring_feed (&self->waves[i], in, event->t_us, size);
  self->n_waves = MAX (self->n_waves, i + 1);
  self->wave_views[i] = self->waves[i].view;
}

/* ---- scores ---- */

static void
keep_scores (ChsChairModel *self)
{
  const ChsScores *now = chs_engine_get_scores (self->engine);
  const ChsScores *last = self->scores->len > 0 ? &g_array_index (self->scores, ChsScores, self->scores->len - 1) : NULL;

  if (now->t_us != CHS_TIME_NONE && (last == NULL || now->t_us > last->t_us))
    append_row (self->scores, now, MAX_ROWS);
}

/* ---- the fold ---- */

void
chs_chair_model_feed (ChsChairModel *self, const ChsEvent *event)
{
  g_return_if_fail (self != NULL && event != NULL);

  if (event->type == CHS_EVENT_RAW || event->type == CHS_EVENT_NONE || event->type >= CHS_N_EVENTS)
    return;
  self->now_us = MAX (self->now_us, event->t_us);
  if (event->wall_us != 0)
    self->wall_offset_us = event->wall_us - event->t_us;

  switch ((ChsEventType) event->type) {
  case CHS_EVENT_NUMERIC:
    feed_numeric (self, event);
    break;
  case CHS_EVENT_WAVE:
    feed_wave (self, event);
    break;
  case CHS_EVENT_PUMP:
    feed_pump (self, event);
    break;
  case CHS_EVENT_LINK:
    feed_link (self, event);
    break;
  case CHS_EVENT_DEVICE:
    feed_device (self, event);
    break;
  case CHS_EVENT_NURSE:
    feed_nurse (self, event);
    break;
  case CHS_EVENT_CLOCK:
    feed_clock (self, event);
    break;
  case CHS_EVENT_SETUP:
    feed_setup (self, event);
    break;
  case CHS_EVENT_CONFIG:
    feed_config (self, event);
    break;
  case CHS_EVENT_ALARM:
  case CHS_EVENT_TICK:
  case CHS_EVENT_STATE:
  case CHS_EVENT_NONE:
  case CHS_EVENT_RAW:
  case CHS_N_EVENTS:
  default:
    break;
  }
  if (event->type == CHS_EVENT_NUMERIC || event->type == CHS_EVENT_PUMP || event->type == CHS_EVENT_WAVE)
    self->last_data_us[event->source] = event->t_us;
  if (event->type != CHS_EVENT_CLOCK && event->type != CHS_EVENT_SETUP && event->type != CHS_EVENT_CONFIG)
    self->has_begun = true;
  self->feeding_seq = event->seq;
  chs_engine_feed (self->engine, event, on_engine_output, self);
  keep_scores (self);
  if (event->type != CHS_EVENT_WAVE) /* a sweep asks for its own frames */
    self->serial++;
}

static void
clear (ChsChairModel *self)
{
  g_clear_pointer (&self->engine, chs_engine_free);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    g_clear_pointer (&self->trends[i], g_array_unref);
  for (guint i = 0; i < MAX_PUMPS; i++)
    g_clear_pointer (&self->steps[i], g_array_unref);
  for (guint i = 0; i < MAX_WAVES; i++)
    g_clear_pointer (&self->waves[i].ring, g_free);
  g_clear_pointer (&self->cuffs, g_array_unref);
  g_clear_pointer (&self->scores, g_array_unref);
  g_clear_pointer (&self->pumps, g_array_unref);
  g_clear_pointer (&self->marks, g_array_unref);
  g_clear_pointer (&self->alarm_log, g_array_unref);
  g_clear_pointer (&self->setups, g_array_unref);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->labels, g_array_unref);
}

static void
start (ChsChairModel *self, ChsProfile *profile, uint64_t serial)
{
  *self = (ChsChairModel) { .profile = profile, .serial = serial, .outcome = { NAN, NAN, NAN, NAN } };
  self->engine = chs_engine_new (profile);
  take_staleness (self);
  self->cuffs = g_array_new (FALSE, FALSE, sizeof (ChsCuffReading));
  self->scores = g_array_new (FALSE, FALSE, sizeof (ChsScores));
  self->pumps = g_array_new (FALSE, FALSE, sizeof (ChsPumpView));
  self->marks = g_array_new (FALSE, FALSE, sizeof (ChsMark));
  self->alarm_log = g_array_new (FALSE, FALSE, sizeof (ChsAlarmEntry));
  self->setups = g_array_new (FALSE, FALSE, sizeof (ChsSetupEntry));
  self->gaps = g_array_new (FALSE, FALSE, sizeof (ChsGap));
  self->links = g_array_new (FALSE, FALSE, sizeof (ChsLinkInfo));
  self->labels = g_array_new (FALSE, FALSE, sizeof (LinkLabel));
  for (guint i = 0; i < G_N_ELEMENTS (self->last_data_us); i++)
    self->last_data_us[i] = CHS_TIME_NONE;
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    self->latest[i].t_us = CHS_TIME_NONE;
}

ChsChairModel *
chs_chair_model_new (const ChsProfile *profile)
{
  ChsChairModel *self = g_new (ChsChairModel, 1);

  start (self, chs_profile_copy (profile), 0);
  return self;
}

static void
copy_engine (ChsChairModel *copy, const ChsChairModel *self)
{
  g_autofree gpointer state = g_malloc (chs_engine_state_size ());

  copy->engine = chs_engine_new (copy->profile);
  chs_engine_save (self->engine, state);
  chs_engine_restore (copy->engine, state);
}

static GArray *
copy_rows (GArray *rows)
{
  return rows != NULL ? g_array_copy (rows) : NULL;
}

ChsChairModel *
chs_chair_model_copy (const ChsChairModel *self)
{
  ChsChairModel *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ChsChairModel, 1);
  *copy = *self;
  copy->profile = chs_profile_copy (self->profile);
  copy_engine (copy, self);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    copy->trends[i] = copy_rows (self->trends[i]);
  copy->cuffs = copy_rows (self->cuffs);
  copy->scores = copy_rows (self->scores);
  copy->pumps = copy_rows (self->pumps);
  copy->marks = copy_rows (self->marks);
  copy->alarm_log = copy_rows (self->alarm_log);
  copy->setups = copy_rows (self->setups);
  copy->gaps = copy_rows (self->gaps);
  copy->links = copy_rows (self->links);
  copy->labels = copy_rows (self->labels);
  for (guint i = 0; i < MAX_PUMPS; i++)
    copy->steps[i] = copy_rows (self->steps[i]);
  for (guint i = 0; i < copy->pumps->len; i++)
    if (copy->steps[i] != NULL)
      g_array_index (copy->pumps, ChsPumpView, i).steps = (const ChsFlowStep *) copy->steps[i]->data;
  for (guint i = 0; i < MAX_WAVES; i++) {
    chs_wave_ring_copy (&self->waves[i], &copy->waves[i]);
    copy->wave_views[i] = copy->waves[i].view;
  }
  return copy;
}

void
chs_chair_model_reset (ChsChairModel *self)
{
  g_return_if_fail (self != NULL);

  clear (self);
  start (self, self->profile, self->serial + 1);
}

void
chs_chair_model_free (ChsChairModel *self)
{
  if (self == NULL)
    return;
  clear (self);
  chs_profile_free (self->profile);
  g_free (self);
}

/* ---- what drawing asks ---- */

/* While its instrument cannot be heard a value is not of now, however young it is. */
static bool
is_heard (const ChsChairModel *self, uint8_t source)
{
  const ChsLinkInfo *link = find_link (self, source);

  return link == NULL || link->status.state == CHS_LINK_UP;
}

ChsTileValue
chs_chair_model_get_value (const ChsChairModel *self, ChsParam param, int64_t now_us)
{
  const Latest *latest = &self->latest[(guint) param < CHS_N_PARAMS ? param : CHS_PARAM_NONE];
  ChsTileValue value = { .value = NAN, .quality = CHS_QUALITY_ABSENT, .freshness = CHS_FRESH_NEVER, .t_us = CHS_TIME_NONE };
  int64_t age_us;

  if (latest->t_us == CHS_TIME_NONE)
    return value;
  age_us = MAX (0, now_us - latest->t_us);
  value = (ChsTileValue) {
    .value = latest->numeric.quality >= CHS_QUALITY_INVALID ? (double) NAN : latest->numeric.value,
    .quality = latest->numeric.quality,
    .flags = latest->numeric.flags,
    .time_mark = latest->numeric.time_mark,
    .freshness = age_us > self->gone_us[param]                                ? CHS_FRESH_GONE
                 : age_us > self->dim_us[param] || !is_heard (self, latest->source) ? CHS_FRESH_DIM
                                                                              : CHS_FRESH,
    .t_us = latest->t_us,
    .source = latest->source,
  };
  return value;
}

gboolean
chs_chair_model_is_present (const ChsChairModel *self, ChsParam param)
{
  return (guint) param < CHS_N_PARAMS && self->latest[param].is_present;
}

const ChsScores *
chs_chair_model_get_scores (const ChsChairModel *self, guint *n)
{
  *n = self->scores->len;
  return (const ChsScores *) (gconstpointer) self->scores->data;
}

const ChsPoint *
chs_chair_model_get_trend (const ChsChairModel *self, ChsParam param, guint *n)
{
  GArray *points = (guint) param < CHS_N_PARAMS ? self->trends[param] : NULL;

  *n = points != NULL ? points->len : 0;
  return *n > 0 ? (const ChsPoint *) (gconstpointer) points->data : NULL;
}

const ChsCuffReading *
chs_chair_model_get_cuffs (const ChsChairModel *self, guint *n)
{
  *n = self->cuffs->len;
  return (const ChsCuffReading *) (gconstpointer) self->cuffs->data;
}

const ChsPumpView *
chs_chair_model_get_pumps (const ChsChairModel *self, guint *n)
{
  *n = self->pumps->len;
  return (const ChsPumpView *) (gconstpointer) self->pumps->data;
}

const ChsSetupEntry *
chs_chair_model_get_setups (const ChsChairModel *self, guint *n)
{
  *n = self->setups->len;
  return (const ChsSetupEntry *) (gconstpointer) self->setups->data;
}

const ChsAlarmEntry *
chs_chair_model_get_alarm_log (const ChsChairModel *self, guint *n)
{
  *n = self->alarm_log->len;
  return (const ChsAlarmEntry *) (gconstpointer) self->alarm_log->data;
}

const ChsMark *
chs_chair_model_get_marks (const ChsChairModel *self, guint *n)
{
  *n = self->marks->len;
  return (const ChsMark *) (gconstpointer) self->marks->data;
}

const ChsGap *
chs_chair_model_get_gaps (const ChsChairModel *self, guint *n)
{
  *n = self->gaps->len;
  return (const ChsGap *) (gconstpointer) self->gaps->data;
}

const ChsLinkInfo *
chs_chair_model_get_links (const ChsChairModel *self, guint *n)
{
  *n = self->links->len;
  return (const ChsLinkInfo *) (gconstpointer) self->links->data;
}

const ChsWaveView *
chs_chair_model_get_waves (const ChsChairModel *self, guint *n)
{
  *n = self->n_waves;
  return self->wave_views;
}

ChsOutcome
chs_chair_model_get_outcome (const ChsChairModel *self)
{
  return self->outcome;
}

const ChsEngine *
chs_chair_model_get_engine (const ChsChairModel *self)
{
  return self->engine;
}

const ChsProfile *
chs_chair_model_get_profile (const ChsChairModel *self)
{
  return self->profile;
}

int64_t
chs_chair_model_get_now_us (const ChsChairModel *self)
{
  return self->now_us;
}

int64_t
chs_chair_model_get_wall_offset_us (const ChsChairModel *self)
{
  return self->wall_offset_us;
}

int
chs_chair_model_get_utc_offset_min (const ChsChairModel *self)
{
  return self->utc_offset_min;
}

uint64_t
chs_chair_model_get_serial (const ChsChairModel *self)
{
  return self->serial;
}
