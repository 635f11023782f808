/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described.h"

#include "devices/ascii.h"
#include "devices/described-private.h"

#include <math.h>
#include <string.h>

/* The driver of a key file.
 *
 * Two differences to the drivers of the table: it matches frames with GRegex, which needs GLib and its memory (a frame
 * comes once a second, and matching is limited); and its state learns by bind() which file it is for. */

#define RATE_MAX_ML_H 2000.0 /* generic-ascii.md, 3.4: beyond it a rate is implausible */
#define VOLUME_FALL 0.9      /* the same: a volume that falls by more than 10 % without a change of state */
#define FLOW_SAMPLES 32      /* of the rate, to see it double */
#define FLOW_DOUBLE 2.0      /* generic-ascii.md, 4 */

typedef struct {
  const ChsDescribed *def;
  ChsCounters counters;
  gboolean    is_open, is_confirmed, has_told;
  double      drop_factor; /* drops a millilitre; NAN = nobody has said */

  /* framing */
  guint8   frame[CHS_DESCRIBED_FRAME_MAX];
  gsize    n;
  gboolean in_frame, is_torn; /* is_torn: what comes before the next end began before we listened */
  gint64   byte_us;

  /* asking */
  int    waiting; /* query, -1 = none */
  guint  next;
  gint64 asked_us, round_us, quiet_us;
  gboolean in_round, answered;

  /* what was read; times of the last match, CHS_TIME_NONE = never */
  double  value[CHS_N_FIELDS];
  gint64  t_us[CHS_N_FIELDS];
  char    drug[40], serial[20], told_battery[16];
  uint8_t state;
  guint32 state_alarms, alarms;

  /* plausibility and drops */
  double  volume_ml;     /* last plausible one; NAN = none */
  uint8_t volume_state;  /* state at that time */
  gint64  volume_us;
  gboolean is_implausible;
  gint64  drops_us;      /* when drops were last seen to fall */
  struct {
    gint64 t_us;
    double rate_ml_h;
  } flow[FLOW_SAMPLES];
  guint n_flow;
} State;

/* ---- reading a frame ---- */

/* Where the group of a rule stands in @body; FALSE when it does not match, or would take too long to. */
static gboolean
find_group (const ChsFieldRule *rule, const char *body, gsize n, const char **text, gsize *n_text)
{
  g_autoptr (GMatchInfo) match = NULL;
  gboolean found = g_regex_match_full (rule->regex, body, (gssize) n, 0, 0, &match, NULL);
  int from = -1, to = -1;

  if (!found || !g_match_info_fetch_pos (match, (int) rule->group, &from, &to) || from < 0 || to <= from)
    return FALSE;
  *text = body + from;
  *n_text = (gsize) (to - from);
  return TRUE;
}

/* "1:02:03" or "02:03". */
static gboolean
read_time (const char *text, gsize n, double *seconds)
{
  const char *end = text + n;
  double sum = 0.0;
  guint parts = 0;

  while (text <= end && parts < 3) {
    const char *colon = memchr (text, ':', (gsize) (end - text));
    const char *stop = colon != NULL ? colon : end;
    uint32_t part;

    if (stop == text || stop - text > 5 || !chs_ascii_unsigned (text, (size_t) (stop - text), &part) || (parts > 0 && part > 59))
      return FALSE;
    sum = sum * 60 + part;
    parts++;
    if (colon == NULL)
      break;
    text = colon + 1;
    if (parts == 3)
      return FALSE;
  }
  *seconds = sum;
  return parts >= 2;
}

static gboolean
read_value (const ChsFieldRule *rule, const char *text, gsize n, double *value)
{
  uint32_t hex;

  if (rule->type == CHS_FIELD_TIME)
    return read_time (text, n, value);
  if (rule->type == CHS_FIELD_HEX) {
    if (n > 8 || !chs_ascii_hex (text, n, &hex))
      return FALSE;
    *value = hex;
    return TRUE;
  }
  return chs_ascii_number (text, n, value);
}

static gboolean
take_word (State *self, const ChsFieldRule *rule, const char *text, gsize n)
{
  for (guint i = 0; i < rule->map->len; i++) {
    const ChsFieldWord *word = &g_array_index (rule->map, ChsFieldWord, i);

    if (strlen (word->key) == n && memcmp (word->key, text, n) == 0) {
      self->state = word->state;
      self->state_alarms = word->alarms;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
take_text (State *self, ChsField field, const char *text, gsize n)
{
  g_autofree char *copy = g_strndup (text, n);

  if (field == CHS_FIELD_DRUG)
    chs_text_copy (self->drug, sizeof self->drug, copy);
  else
    chs_text_copy (self->serial, sizeof self->serial, copy);
  return TRUE;
}

static gboolean
take_number (State *self, const ChsFieldRule *rule, ChsField field, const char *text, gsize n)
{
  double value;

  if (!read_value (rule, text, n, &value))
    return FALSE;
  value = value * rule->scale + rule->offset;
  self->value[field] = value * chs_described_factor (rule, self->drop_factor);
  return TRUE;
}

static gboolean
take_field (State *self, ChsField field, const char *body, gsize n, gint64 now_us)
{
  const ChsFieldRule *rule = &self->def->field[field];
  const char *text;
  gsize n_text;
  gboolean good;

  if (rule->regex == NULL || (rule->query != 0 && (int) rule->query != self->waiting + 1))
    return FALSE;
  if (!find_group (rule, body, n, &text, &n_text))
    return FALSE;
  good = rule->type == CHS_FIELD_MAP    ? take_word (self, rule, text, n_text)
         : rule->type == CHS_FIELD_TEXT ? take_text (self, field, text, n_text)
                                        : take_number (self, rule, field, text, n_text);
  if (good)
    self->t_us[field] = now_us;
  return good;
}

static gboolean
take_alarms (State *self, const char *body, gsize n)
{
  gboolean any = FALSE;

  for (guint i = 0; i < CHS_DESCRIBED_ALARMS; i++)
    if (self->def->alarm[i].regex != NULL
        && g_regex_match_full (self->def->alarm[i].regex, body, (gssize) n, 0, 0, NULL, NULL)) {
      self->alarms |= self->def->alarm[i].bit;
      any = TRUE;
    }
  return any;
}

/* ---- what cannot be ---- */

static gboolean
is_known (const State *self, ChsField field, gint64 now_us)
{
  return self->t_us[field] != CHS_TIME_NONE
         && now_us - self->t_us[field] <= (gint64) self->def->lost_ms * G_TIME_SPAN_MILLISECOND;
}

static double
get_value (const State *self, ChsField field, gint64 now_us)
{
  return is_known (self, field, now_us) ? self->value[field] : (double) NAN;
}

static void
check_rate (ChsPumpStatus *status)
{
  if (isnan (status->rate_ml_h) || (status->rate_ml_h >= 0.0 && status->rate_ml_h <= RATE_MAX_ML_H))
    return;
  g_snprintf (status->text, sizeof status->text, "implausible rate %.4g mL/h", status->rate_ml_h);
  status->rate_ml_h = (double) NAN;
}

/* A fall is a misreading, or a counter that somebody reset; when it stays, it was the latter. */
static void
check_volume (State *self, ChsPumpStatus *status, gint64 now_us)
{
  gboolean falls = status->volume_ml < self->volume_ml * VOLUME_FALL && status->state == self->volume_state;

  if (isnan (status->volume_ml))
    return;
  if (!isnan (self->volume_ml) && (falls || status->volume_ml < 0.0)
      && now_us - self->volume_us <= (gint64) self->def->lost_ms * G_TIME_SPAN_MILLISECOND) {
    g_snprintf (status->text, sizeof status->text, "implausible volume %.4g mL", status->volume_ml);
    status->volume_ml = (double) NAN;
    return;
  }
  self->volume_ml = status->volume_ml;
  self->volume_state = status->state;
  self->volume_us = now_us;
}

static void
tell_implausible (State *self, const ChsPumpStatus *status, ChsSink *sink)
{
  gboolean now = g_str_has_prefix (status->text, "implausible");

  if (now && !self->is_implausible)
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, status->text);
  self->is_implausible = now;
}

/* ---- gravity ---- */

static void
note_flow (State *self, double rate_ml_h, gint64 now_us)
{
  if (self->n_flow == FLOW_SAMPLES)
    memmove (self->flow, self->flow + 1, --self->n_flow * sizeof self->flow[0]);
  self->flow[self->n_flow].t_us = now_us;
  self->flow[self->n_flow++].rate_ml_h = rate_ml_h;
}

static gboolean
has_doubled (const State *self, double rate_ml_h, gint64 now_us)
{
  gint64 since_us = now_us - (gint64) self->def->free_flow_s * G_USEC_PER_SEC;

  for (guint i = 0; i < self->n_flow; i++)
    if (self->flow[i].t_us >= since_us && self->flow[i].rate_ml_h > 0.0 && rate_ml_h >= FLOW_DOUBLE * self->flow[i].rate_ml_h)
      return TRUE;
  return FALSE;
}

/* A drop counter has no alarms of its own: no drops may be an occlusion or an empty bag, twice the drops a free flow. */
static void
watch_drops (State *self, ChsPumpStatus *status, gint64 now_us)
{
  const ChsDescribed *def = self->def;
  double rate = status->rate_ml_h;

  if (def->kind != CHS_DESCRIBED_DRIP || isnan (rate))
    return;
  if (rate > 0.0)
    self->drops_us = now_us;
  if (status->state == CHS_PUMP_UNKNOWN && rate > 0.0)
    status->state = CHS_PUMP_INFUSING; /* it drips */
  if (def->no_drops_s > 0 && self->drops_us != CHS_TIME_NONE && now_us - self->drops_us >= (gint64) def->no_drops_s * G_USEC_PER_SEC) {
    status->alarms |= CHS_PUMP_ALARM_DROP;
    chs_text_copy (status->text, sizeof status->text, "no drops: occlusion, or empty?");
  }
  if (def->free_flow_s > 0 && has_doubled (self, rate, now_us)) {
    status->alarms |= CHS_PUMP_ALARM_FREE_FLOW;
    chs_text_copy (status->text, sizeof status->text, "rate doubled: free flow?");
  }
  note_flow (self, rate, now_us);
}

/* ---- telling ---- */

static void
tell_identity (State *self, ChsSink *sink)
{
  g_autofree char *words = g_strconcat (self->def->driver.label, self->serial[0] != '\0' ? " serial " : "", self->serial, NULL);

  if (self->has_told)
    return;
  self->has_told = TRUE;
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, words);
}

static void
tell_battery (State *self, double value, ChsSink *sink)
{
  const ChsFieldRule *rule = &self->def->field[CHS_FIELD_BATTERY];
  char words[sizeof self->told_battery + 16];
  char text[sizeof self->told_battery];

  g_snprintf (text, sizeof text, "%.1f", value);
  if (strcmp (text, self->told_battery) == 0)
    return;
  memcpy (self->told_battery, text, sizeof text);
  g_snprintf (words, sizeof words, "battery %s %s", text, rule->unit->name);
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, words);
}

static void
fill_numbers (State *self, ChsPumpStatus *status, gint64 now_us, ChsSink *sink)
{
  const ChsFieldRule *rules = self->def->field;
  double battery = get_value (self, CHS_FIELD_BATTERY, now_us);

  status->rate_ml_h = get_value (self, CHS_FIELD_RATE, now_us);
  status->volume_ml = get_value (self, CHS_FIELD_VOLUME, now_us);
  status->vtbi_ml = get_value (self, CHS_FIELD_VTBI, now_us);
  status->remaining_s = get_value (self, CHS_FIELD_REMAINING, now_us);
  status->pressure = get_value (self, CHS_FIELD_PRESSURE, now_us);
  if (rules[CHS_FIELD_PRESSURE].unit != NULL)
    status->pressure_unit = (uint8_t) rules[CHS_FIELD_PRESSURE].unit->pressure;
  if (isnan (battery))
    return;
  if (rules[CHS_FIELD_BATTERY].unit->is_told)
    tell_battery (self, battery, sink);
  else
    status->battery_min = battery;
}

static void
tell_status (State *self, gint64 now_us, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };
  ChsPumpStatus *status = &event.pump;

  tell_identity (self, sink);
  chs_pump_status_init (status);
  fill_numbers (self, status, now_us, sink);
  if (is_known (self, CHS_FIELD_STATE, now_us)) {
    status->state = self->state;
    status->alarms = self->state_alarms;
  }
  status->alarms |= self->alarms;
  self->alarms = 0;
  chs_text_copy (status->model, sizeof status->model, self->def->name);
  if (is_known (self, CHS_FIELD_DRUG, now_us))
    memcpy (status->drug, self->drug, sizeof status->drug);
  memcpy (status->serial, self->serial, sizeof status->serial);
  check_rate (status);
  check_volume (self, status, now_us);
  watch_drops (self, status, now_us);
  tell_implausible (self, status, sink);
  sink->event (sink, &event);
}

/* ---- asking ---- */

static void
ask (State *self, gint64 now_us, ChsSink *sink)
{
  const ChsPart *part = &self->def->queries[self->next].parts[0];

  self->waiting = (int) self->next++;
  self->asked_us = now_us;
  /* Unconfirmed it goes through the same motions, so that old bytes are decoded alike, and sends nothing. */
  if (self->is_confirmed)
    sink->request (sink, (unsigned) self->waiting, (const uint8_t *) part->bytes, part->n);
}

static void
go_on (State *self, gint64 now_us, ChsSink *sink)
{
  if (!self->in_round) {
    if (now_us - self->round_us < (gint64) self->def->interval_ms * G_TIME_SPAN_MILLISECOND)
      return;
    self->in_round = TRUE;
    self->answered = FALSE;
    self->next = 0;
    self->round_us = now_us;
  }
  if (self->next < self->def->n_queries) {
    ask (self, now_us, sink);
    return;
  }
  self->in_round = FALSE;
  if (self->answered)
    tell_status (self, now_us, sink);
}

/* After a time-out nothing is asked and nothing that comes is taken, for as long again: a late answer is not the next. */
static void
keep_asking (State *self, gint64 now_us, ChsSink *sink)
{
  gint64 timeout_us = (gint64) self->def->timeout_ms * G_TIME_SPAN_MILLISECOND;

  if (!self->is_open || self->def->n_queries == 0)
    return;
  if (self->waiting >= 0) {
    if (now_us - self->asked_us < timeout_us)
      return;
    self->waiting = -1;
    self->quiet_us = now_us + timeout_us;
  }
  if (now_us >= self->quiet_us)
    go_on (self, now_us, sink);
}

/* ---- frames ---- */

static void
show_frame (const State *self, const char *body, gsize n, ChsSink *sink)
{
  char words[120];
  gsize shown = MIN (n, sizeof words - 1);

  if (sink->frame == NULL)
    return;
  for (gsize i = 0; i < shown; i++)
    words[i] = body[i] >= ' ' && body[i] <= '~' ? body[i] : '.';
  words[shown] = '\0';
  sink->frame (sink, self->frame, self->n, words);
}

static void
take_body (State *self, const char *body, gsize n, gint64 now_us, ChsSink *sink)
{
  gboolean any;

  if (n == 0)
    return;
  show_frame (self, body, n, sink);
  any = take_alarms (self, body, n);
  for (guint i = 0; i < CHS_N_FIELDS; i++)
    any |= take_field (self, (ChsField) i, body, n, now_us);
  if (!any) {
    self->counters.unknown++;
    return;
  }
  self->counters.frames_ok++;
  if (self->def->n_queries == 0) {
    tell_status (self, now_us, sink);
    return;
  }
  self->answered = TRUE;
  if (self->waiting < 0)
    return;
  self->waiting = -1;
  if (self->is_open)
    go_on (self, now_us, sink);
}

/* The frame in self->frame is complete. */
static void
end_frame (State *self, gint64 now_us, ChsSink *sink)
{
  const ChsFrameRule *rule = &self->def->frame;
  gsize n_sum = chs_described_sum_size (rule), marks = rule->start.n + rule->end.n;
  guint8 sum[8];
  gsize at;

  if (self->n < marks + n_sum)
    self->counters.frames_bad++;
  else if (self->is_torn && rule->start.n == 0)
    self->counters.bytes_skipped += self->n;
  else {
    at = self->n - rule->end.n - n_sum;
    if (n_sum > 0 && (chs_described_sum (rule, self->frame, at, sum) != n_sum || memcmp (sum, self->frame + at, n_sum) != 0))
      self->counters.frames_bad++;
    else
      take_body (self, (const char *) self->frame + rule->start.n, at - rule->start.n, now_us, sink);
  }
  self->is_torn = FALSE;
  self->in_frame = FALSE;
  self->n = 0;
}

static gboolean
ends_with (const State *self, const ChsMark *mark)
{
  return mark->n > 0 && self->n >= mark->n && memcmp (self->frame + self->n - mark->n, mark->bytes, mark->n) == 0;
}

/* What was collected is no frame. */
static void
drop (State *self, gsize keep)
{
  self->counters.bytes_skipped += self->n - keep;
  memmove (self->frame, self->frame + self->n - keep, keep);
  self->n = keep;
}

/* Too long: the end was lost. All up to the next start or end is of no frame. */
static void
overflow (State *self)
{
  self->counters.frames_bad++;
  self->counters.resyncs++;
  drop (self, 0);
  self->in_frame = FALSE;
  self->is_torn = TRUE;
}

static void
push (State *self, guint8 byte, gint64 now_us, ChsSink *sink)
{
  const ChsFrameRule *rule = &self->def->frame;

  self->frame[self->n++] = byte;
  if (rule->start.n > 0 && ends_with (self, &rule->start)) {
    if (self->in_frame) {
      self->counters.frames_bad++; /* a frame inside a frame: the old one lost its end */
      self->counters.resyncs++;
    }
    drop (self, rule->start.n);
    self->in_frame = TRUE;
    return;
  }
  if (rule->start.n > 0 && !self->in_frame) {
    if (self->n >= rule->start.n)
      drop (self, rule->start.n - 1);
    return;
  }
  if (ends_with (self, &rule->end))
    end_frame (self, now_us, sink);
  else if (self->n == rule->max)
    overflow (self);
}

/* Silence. Where frames have an end, what waits for it is torn: half a number is a wrong number. */
static void
note_silence (State *self, gint64 now_us, ChsSink *sink)
{
  const ChsFrameRule *rule = &self->def->frame;

  if (rule->idle_ms == 0 || self->n == 0 || now_us - self->byte_us < (gint64) rule->idle_ms * G_TIME_SPAN_MILLISECOND)
    return;
  if (rule->end.n == 0 && (rule->start.n == 0 || self->in_frame)) {
    end_frame (self, now_us, sink);
    return;
  }
  self->counters.frames_bad += self->in_frame || rule->start.n == 0;
  drop (self, 0);
  self->in_frame = FALSE;
  self->is_torn = FALSE; /* what comes now begins now */
}

/* ---- the hooks ---- */

static void
described_bind (void *state, const ChsDriver *driver)
{
  State *self = state;

  self->def = (const ChsDescribed *) driver; /* its first member */
  self->drop_factor = (double) NAN;
}

static bool
described_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "drop_factor") == 0)
    return chs_described_read_drop_factor (value, &self->drop_factor);
  if (strcmp (key, "confirmed") != 0 || self->def->n_queries == 0)
    return false;
  self->is_confirmed = strcmp (value, self->def->sha256) == 0;
  return self->is_confirmed;
}

static const char *
described_missing (const void *state)
{
  const State *self = state;

  if (self->def->wants_drop_factor && isnan (self->drop_factor))
    return "option.drop_factor = 10, 15, 20 or 60 (drops a millilitre: it stands on the giving set)";
  if (self->def->n_queries > 0 && !self->is_confirmed)
    return "option.confirmed = SHA-256 of its file; look at the bytes it sends with chairside-tool tx-ledger first";
  return NULL;
}

static void
described_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->n = 0;
  self->in_frame = self->in_round = self->has_told = FALSE;
  self->is_torn = self->def->n_queries == 0 && chs_described_sum_size (&self->def->frame) == 0;
  self->is_open = TRUE;
  self->waiting = -1;
  self->quiet_us = now_us;
  self->round_us = now_us - (gint64) self->def->interval_ms * G_TIME_SPAN_MILLISECOND;
  self->byte_us = now_us;
  for (guint i = 0; i < CHS_N_FIELDS; i++)
    self->t_us[i] = CHS_TIME_NONE;
  self->volume_ml = (double) NAN;
  self->drops_us = CHS_TIME_NONE;
  self->n_flow = 0;
}

static void
described_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  note_silence (self, now_us, sink);
  for (size_t i = 0; i < n; i++) {
    self->byte_us = now_us;
    push (self, bytes[i], now_us, sink);
  }
}

static void
described_tick (void *state, int64_t now_us, ChsSink *sink)
{
  note_silence (state, now_us, sink);
  keep_asking (state, now_us, sink);
}

static const ChsCounters *
described_counters (const void *state)
{
  return &((const State *) state)->counters;
}

void
chs_described_make_driver (ChsDescribed *self)
{
  g_autofree char *label = g_strconcat (self->name, self->clinical == 1 ? "" : " (not a medical device)", NULL);
  GString *gives = g_string_new (NULL);

  for (guint i = 0; i < CHS_N_FIELDS; i++)
    if (self->field[i].line != 0)
      g_string_append_printf (gives, "%s%s", gives->len > 0 ? ", " : "", chs_field_ids[i]);
  g_ptr_array_add (self->strings, g_strdup (label));
  g_ptr_array_add (self->strings, gives->str);
  self->driver = (ChsDriver) {
    .id = self->id,
    .label = self->strings->pdata[self->strings->len - 2],
    .is_bench = self->clinical != 1,
    .kind = CHS_KIND_PUMP,
    .line = self->line,
    .access = self->n_queries > 0 ? CHS_ACCESS_QUERY : CHS_ACCESS_LISTEN,
    .proof = CHS_PROOF_IMPLEMENTATION,
    .gives = g_string_free (gives, FALSE),
    .source = self->source != NULL ? self->source : "key file",
    .queries = self->n_queries > 0 ? self->queries : NULL,
    .n_queries = self->n_queries,
    .silence_ms = self->lost_ms,
    .state_size = sizeof (State),
    .bind = described_bind,
    .option = described_option,
    .missing = described_missing,
    .opened = described_opened,
    .feed = described_feed,
    .tick = described_tick,
    .counters = described_counters,
  };
}

const ChsDriver *
chs_described_get_driver (const ChsDescribed *self)
{
  return &self->driver;
}

const ChsDescribed *
chs_described_of (const ChsDriver *driver)
{
  return driver->bind == described_bind ? (const ChsDescribed *) driver : NULL;
}

const ChsSimulator *
chs_described_get_simulator (const ChsDescribed *self)
{
  return self->simulator.tick != NULL ? &self->simulator : NULL;
}

const char *
chs_described_get_sha256 (const ChsDescribed *self)
{
  return self->sha256;
}

const char *
chs_described_get_text (const ChsDescribed *self, gsize *n)
{
  *n = self->n_text;
  return self->text;
}

gboolean
chs_described_is_clinical (const ChsDescribed *self)
{
  return self->clinical == 1;
}
