/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/event-maker.h"

#include <math.h>
#include <string.h>

void
chs_event_maker_init (ChsEventMaker *self, guint32 seed)
{
  *self = (ChsEventMaker) { .rand = g_rand_new_with_seed (seed), .t_us = 1000, .offset_us = G_GINT64_CONSTANT (1750000000000000) };
}

void
chs_event_maker_clear (ChsEventMaker *self)
{
  g_clear_pointer (&self->rand, g_rand_free);
}

static guint
below (ChsEventMaker *self, guint n)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) n);
}

static double
number (ChsEventMaker *self)
{
  switch (below (self, 7)) {
  case 0:
    return NAN;
  case 1:
    return below (self, 300);
  case 2:
    return below (self, 1000) / 10.0;
  case 3:
    return -(double) below (self, 100000) / 100.0;
  case 4:
    return g_rand_double_range (self->rand, -1e6, 1e6);
  case 5:
    return INFINITY;
  default:
    return -0.0;
  }
}

static gint64
near_time (ChsEventMaker *self, gint64 t_us)
{
  return below (self, 3) == 0 ? CHS_TIME_NONE : t_us - (gint64) below (self, 600000000);
}

static void
text (ChsEventMaker *self, char *dst, gsize size)
{
  static const char *const words[] = { "", "a", "pump 1", "Verstopfung \xC3\xBC", "150 \xE2\x86\x92 375 mL/h", "occlusion downstream" };
  GString *s = g_string_new (NULL);

  for (guint n = below (self, 8); n > 0; n--)
    g_string_append (s, words[below (self, G_N_ELEMENTS (words))]);
  chs_text_copy (dst, size, s->str);
  g_string_free (s, TRUE);
}

#define TEXT(member) text (self, member, sizeof member)

static void
make_wave (ChsEventMaker *self, ChsWave *wave)
{
  wave->param = (guint8) (CHS_PARAM_ECG_WAVE + below (self, 3));
  wave->flags = (guint8) below (self, 256);
  wave->n = (guint16) (below (self, 20) == 0 ? CHS_WAVE_MAX : below (self, 200));
  wave->rate_hz = 250;
  wave->scale = 0.01f;
  wave->offset = (float) below (self, 10);
  for (guint i = 0; i < wave->n; i++)
    self->samples[i] = (gint16) (below (self, 50) == 0 ? CHS_WAVE_ABSENT
                                 : below (self, 9) == 0 ? g_rand_int_range (self->rand, G_MININT16 + 1, G_MAXINT16 + 1)
                                                        : (gint32) below (self, 100) - 50);
  wave->samples = self->samples;
}

static void
make_pump (ChsEventMaker *self, ChsPumpStatus *pump)
{
  chs_pump_status_init (pump);
  pump->state = (guint8) below (self, CHS_N_PUMP_STATES);
  pump->rate_kind = (guint8) below (self, 2);
  pump->time_kind = (guint8) below (self, 2);
  pump->pressure_unit = (guint8) below (self, CHS_N_UNITS);
  pump->alarms = g_rand_int (self->rand);
  pump->rate_ml_h = number (self);
  pump->volume_ml = number (self);
  pump->vtbi_ml = number (self);
  pump->remaining_s = number (self);
  pump->pressure = number (self);
  pump->battery_min = number (self);
  pump->on_mains = (gint8) ((gint) below (self, 3) - 1);
  TEXT (pump->slot);
  TEXT (pump->model);
  TEXT (pump->serial);
  TEXT (pump->drug);
  TEXT (pump->text);
}

static void
make_alarm (ChsEventMaker *self, ChsAlarm *alarm, gint64 t_us)
{
  alarm->action = (guint8) (1 + below (self, CHS_ALARM_CLEAR));
  alarm->label = (guint8) below (self, CHS_N_LABELS);
  alarm->priority = (guint8) below (self, CHS_PRIORITY_HIGH + 1);
  alarm->param = (guint8) below (self, CHS_N_PARAMS);
  alarm->demo = (guint8) below (self, 2);
  alarm->cause_source = (guint8) below (self, 256);
  alarm->cause_channel = (guint8) below (self, 256);
  alarm->id = g_rand_int (self->rand);
  alarm->onset_us = near_time (self, t_us);
  alarm->value = number (self);
  alarm->baseline = number (self);
  alarm->limit = number (self);
  alarm->cause_us = near_time (self, t_us);
  alarm->cause_from_ml_h = number (self);
  alarm->cause_to_ml_h = number (self);
  TEXT (alarm->rule);
  TEXT (alarm->evidence);
  TEXT (alarm->missing);
  TEXT (alarm->also);
}

static void
make_numeric (ChsEventMaker *self, ChsNumeric *numeric, gint64 t_us)
{
  numeric->param = (guint8) (1 + below (self, CHS_PARAM_ECG_WAVE - 1));
  numeric->value = number (self);
  numeric->quality = (guint8) (isnan (numeric->value) ? (guint) CHS_QUALITY_ABSENT : below (self, CHS_QUALITY_ABSENT));
  numeric->flags = (guint8) (below (self, 4) == 0 ? below (self, 256) : 0);
  numeric->time_mark = (guint8) (below (self, 4) == 0 ? below (self, 4) : 0);
  numeric->meas_us = below (self, 4) == 0 ? near_time (self, t_us) : CHS_TIME_NONE;
}

static void
make_payload (ChsEventMaker *self, ChsEvent *event)
{
  switch ((ChsEventType) event->type) {
  case CHS_EVENT_NUMERIC:
    make_numeric (self, &event->numeric, event->t_us);
    break;
  case CHS_EVENT_WAVE:
    make_wave (self, &event->wave);
    break;
  case CHS_EVENT_PUMP:
    make_pump (self, &event->pump);
    break;
  case CHS_EVENT_LINK:
    event->link.state = (guint8) below (self, CHS_LINK_FAILED + 1);
    event->link.kind = (guint8) below (self, 2);
    TEXT (event->link.name);
    TEXT (event->link.driver);
    TEXT (event->link.reason);
    break;
  case CHS_EVENT_DEVICE:
    event->device.code = (guint8) (1 + below (self, CHS_DEVICE_FROZEN));
    event->device.param = (guint8) below (self, CHS_N_PARAMS);
    event->device.priority = (guint8) below (self, CHS_PRIORITY_HIGH + 1);
    event->device.value = number (self);
    TEXT (event->device.text);
    break;
  case CHS_EVENT_NURSE:
    event->nurse.action = (guint8) (1 + below (self, CHS_NURSE_ALARM_OFF));
    event->nurse.at_us = near_time (self, event->t_us);
    event->nurse.value = number (self);
    TEXT (event->nurse.what);
    TEXT (event->nurse.who);
    TEXT (event->nurse.text);
    break;
  case CHS_EVENT_SETUP:
    TEXT (event->setup.key);
    TEXT (event->setup.value);
    break;
  case CHS_EVENT_CONFIG:
    TEXT (event->config.name);
    event->config.n = below (self, sizeof self->bytes);
    event->config.text = (const char *) self->bytes;
    break;
  case CHS_EVENT_ALARM:
    make_alarm (self, &event->alarm, event->t_us);
    break;
  case CHS_EVENT_CLOCK:
    event->clock.code = (guint8) (1 + below (self, CHS_CLOCK_ZONE));
    event->clock.utc_offset_min = (gint16) g_rand_int_range (self->rand, -840, 841);
    event->clock.step_us = (gint64) g_rand_int (self->rand) * 1000 - G_GINT64_CONSTANT (2000000000000);
    break;
  case CHS_EVENT_RAW:
    event->raw.from_host = (guint8) below (self, 2);
    event->raw.n = below (self, 300);
    event->raw.bytes = self->bytes;
    break;
  case CHS_EVENT_STATE:
    event->state.code = (guint8) (1 + below (self, CHS_STATE_CLOCK));
    event->state.value = number (self);
    TEXT (event->state.text);
    break;
  case CHS_EVENT_NONE:
  case CHS_EVENT_TICK:
  case CHS_N_EVENTS:
    break;
  }
}

void
chs_event_maker_next (ChsEventMaker *self, ChsEventType type, ChsEvent *event)
{
  memset (event, 0, sizeof *event);
  for (guint i = 0; i < 16; i++)
    self->bytes[below (self, sizeof self->bytes)] = (guint8) below (self, 256);
  self->seq += below (self, 20) == 0 ? 1 + below (self, 1000) : 1;
  self->t_us += below (self, 3) == 0 ? 0 : below (self, 2000000);
  if (below (self, 100) == 0)
    self->offset_us += (gint64) below (self, 7200000) * 1000 - 3600000000;
  event->seq = self->seq;
  event->t_us = self->t_us;
  event->wall_us = self->t_us + self->offset_us;
  event->type = (guint8) (type != CHS_EVENT_NONE ? (guint) type : 1 + below (self, CHS_N_EVENTS - 1));
  event->source = (guint8) below (self, 4);
  event->channel = (guint8) below (self, 3);
  make_payload (self, event);
}

/* ---- comparing ---- */

static gboolean
same (double a, double b)
{
  return (isnan (a) && isnan (b)) || memcmp (&a, &b, sizeof a) == 0;
}

static gboolean
same_borrowed (const ChsEvent *a, const ChsEvent *b)
{
  gsize n, m;
  const void *p = chs_event_borrowed (a, &n), *q = chs_event_borrowed (b, &m);

  return n == m && (n == 0 || memcmp (p, q, n) == 0);
}

static gboolean
same_numeric (const ChsNumeric *a, const ChsNumeric *b)
{
  return a->param == b->param && a->quality == b->quality && a->flags == b->flags && a->time_mark == b->time_mark
         && same (a->value, b->value) && a->meas_us == b->meas_us;
}

static gboolean
same_pump (const ChsPumpStatus *a, const ChsPumpStatus *b)
{
  return a->state == b->state && a->rate_kind == b->rate_kind && a->time_kind == b->time_kind
         && a->pressure_unit == b->pressure_unit && a->alarms == b->alarms && same (a->rate_ml_h, b->rate_ml_h)
         && same (a->volume_ml, b->volume_ml) && same (a->vtbi_ml, b->vtbi_ml) && same (a->remaining_s, b->remaining_s)
         && same (a->pressure, b->pressure) && same (a->battery_min, b->battery_min) && a->on_mains == b->on_mains
         && !strcmp (a->slot, b->slot) && !strcmp (a->model, b->model) && !strcmp (a->serial, b->serial)
         && !strcmp (a->drug, b->drug) && !strcmp (a->text, b->text);
}

static gboolean
same_alarm (const ChsAlarm *a, const ChsAlarm *b)
{
  return a->action == b->action && a->label == b->label && a->priority == b->priority && a->param == b->param
         && a->demo == b->demo && a->cause_source == b->cause_source && a->cause_channel == b->cause_channel
         && a->id == b->id && a->onset_us == b->onset_us && same (a->value, b->value) && same (a->baseline, b->baseline)
         && same (a->limit, b->limit) && a->cause_us == b->cause_us && same (a->cause_from_ml_h, b->cause_from_ml_h)
         && same (a->cause_to_ml_h, b->cause_to_ml_h) && !strcmp (a->rule, b->rule) && !strcmp (a->evidence, b->evidence)
         && !strcmp (a->missing, b->missing) && !strcmp (a->also, b->also);
}

static gboolean
same_payload (const ChsEvent *a, const ChsEvent *b)
{
  switch ((ChsEventType) a->type) {
  case CHS_EVENT_NUMERIC:
    return same_numeric (&a->numeric, &b->numeric);
  case CHS_EVENT_WAVE:
    return a->wave.param == b->wave.param && a->wave.flags == b->wave.flags && same ((double) a->wave.rate_hz, (double) b->wave.rate_hz)
           && same ((double) a->wave.scale, (double) b->wave.scale) && same ((double) a->wave.offset, (double) b->wave.offset)
           && same_borrowed (a, b);
  case CHS_EVENT_PUMP:
    return same_pump (&a->pump, &b->pump);
  case CHS_EVENT_LINK:
    return a->link.state == b->link.state && a->link.kind == b->link.kind && !strcmp (a->link.name, b->link.name)
           && !strcmp (a->link.driver, b->link.driver) && !strcmp (a->link.reason, b->link.reason);
  case CHS_EVENT_DEVICE:
    return a->device.code == b->device.code && a->device.param == b->device.param && a->device.priority == b->device.priority
           && same (a->device.value, b->device.value) && !strcmp (a->device.text, b->device.text);
  case CHS_EVENT_NURSE:
    return a->nurse.action == b->nurse.action && a->nurse.at_us == b->nurse.at_us && same (a->nurse.value, b->nurse.value)
           && !strcmp (a->nurse.what, b->nurse.what) && !strcmp (a->nurse.who, b->nurse.who)
           && !strcmp (a->nurse.text, b->nurse.text);
  case CHS_EVENT_SETUP:
    return !strcmp (a->setup.key, b->setup.key) && !strcmp (a->setup.value, b->setup.value);
  case CHS_EVENT_CONFIG:
    return !strcmp (a->config.name, b->config.name) && same_borrowed (a, b);
  case CHS_EVENT_ALARM:
    return same_alarm (&a->alarm, &b->alarm);
  case CHS_EVENT_CLOCK:
    return a->clock.code == b->clock.code && a->clock.utc_offset_min == b->clock.utc_offset_min
           && a->clock.step_us == b->clock.step_us;
  case CHS_EVENT_RAW:
    return a->raw.from_host == b->raw.from_host && same_borrowed (a, b);
  case CHS_EVENT_STATE:
    return a->state.code == b->state.code && same (a->state.value, b->state.value) && !strcmp (a->state.text, b->state.text);
  case CHS_EVENT_TICK:
    return TRUE;
  case CHS_EVENT_NONE:
  case CHS_N_EVENTS:
    break;
  }
  return FALSE;
}

gboolean
chs_events_equal (const ChsEvent *a, const ChsEvent *b)
{
  return a->type == b->type && a->seq == b->seq && a->t_us == b->t_us && a->wall_us == b->wall_us && a->source == b->source
         && a->channel == b->channel && same_payload (a, b);
}
