/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/event.h"

#include <math.h>
#include <string.h>

#define N_ELEMENTS(a) (sizeof (a) / sizeof ((a)[0]))

static const char *const type_ids[] = {
  "", "numeric", "wave", "pump", "link", "device", "nurse", "setup", "config", "alarm", "tick", "clock", "raw", "state",
};
_Static_assert (N_ELEMENTS (type_ids) == CHS_N_EVENTS, "one id for each event type");

static const char *const quality_ids[] = { "ok", "questionable", "invalid", "absent" };

static const char *const pump_state_ids[] = {
  "unknown", "off", "ready", "infusing", "bolus", "kvo", "paused", "standby", "priming", "complete", "alarm", "removed",
};
_Static_assert (N_ELEMENTS (pump_state_ids) == CHS_N_PUMP_STATES, "one id for each pump state");

static const char *const pump_alarm_ids[] = {
  "occlusion", "upstream", "air", "drop", "free_flow", "door", "syringe", "empty", "near_end", "end_vtbi", "end_time",
  "kvo_end", "standby_end", "battery_low", "battery_empty", "fault", "communication", "other", "unreadable",
};
_Static_assert (N_ELEMENTS (pump_alarm_ids) == CHS_N_PUMP_ALARMS, "one id for each pump alarm");

static const char *const link_state_ids[] = { "closed", "connecting", "up", "silent", "lost", "failed" };

static const char *const nurse_action_ids[] = {
  "", "ack", "audio_pause", "audio_resume", "mark", "symptom", "symptom_clear", "symptom_undo", "break", "baseline",
  "phase", "reaction", "done", "score", "site_check", "alarm_useful", "note", "correction", "self_test",
  "audio_off", "alarm_pause", "alarm_off",
};
_Static_assert (N_ELEMENTS (nurse_action_ids) == CHS_NURSE_ALARM_OFF + 1, "one id for each action");

static const char *const device_code_ids[] = {
  "", "identity", "demo", "sensor_off", "alarm", "nibp_start", "nibp_failed", "restart", "removed", "text", "frozen", "bench",
};
_Static_assert (N_ELEMENTS (device_code_ids) == CHS_DEVICE_BENCH + 1, "one id for each code");

static const char *
pick (const char *const *ids, size_t n, unsigned i)
{
  return ids[i < n ? i : 0];
}

const char *
chs_event_type_id (ChsEventType type)
{
  return pick (type_ids, N_ELEMENTS (type_ids), type);
}

const char *
chs_quality_id (ChsQuality quality)
{
  return (unsigned) quality < N_ELEMENTS (quality_ids) ? quality_ids[quality] : "absent";
}

const char *
chs_pump_state_id (ChsPumpState state)
{
  return pick (pump_state_ids, N_ELEMENTS (pump_state_ids), state);
}

const char *
chs_pump_alarm_id (unsigned bit)
{
  return bit < CHS_N_PUMP_ALARMS ? pump_alarm_ids[bit] : "";
}

const char *
chs_link_state_id (ChsLinkState state)
{
  return pick (link_state_ids, N_ELEMENTS (link_state_ids), state);
}

const char *
chs_nurse_action_id (ChsNurseAction action)
{
  return pick (nurse_action_ids, N_ELEMENTS (nurse_action_ids), action);
}

const char *
chs_device_code_id (ChsDeviceCode code)
{
  return pick (device_code_ids, N_ELEMENTS (device_code_ids), code);
}

ChsEvent
chs_numeric (ChsParam param, double value)
{
  return (ChsEvent) {
    .type = CHS_EVENT_NUMERIC,
    .numeric = {
      .param = (uint8_t) param,
      .quality = isnan (value) ? CHS_QUALITY_ABSENT : CHS_QUALITY_OK,
      .value = value,
      .meas_us = CHS_TIME_NONE,
    },
  };
}

void
chs_pump_status_init (ChsPumpStatus *status)
{
  *status = (ChsPumpStatus) {
    .state = CHS_PUMP_UNKNOWN,
    .rate_ml_h = NAN,
    .volume_ml = NAN,
    .vtbi_ml = NAN,
    .remaining_s = NAN,
    .pressure = NAN,
    .battery_min = NAN,
    .on_mains = -1,
  };
}

bool
chs_pump_is_delivering (const ChsPumpStatus *status)
{
  return status->state == CHS_PUMP_INFUSING || status->state == CHS_PUMP_BOLUS || status->state == CHS_PUMP_KVO;
}

double
chs_pump_flow_ml_h (const ChsPumpStatus *status)
{
  if (status->state == CHS_PUMP_UNKNOWN)
    return NAN;
  return chs_pump_is_delivering (status) ? status->rate_ml_h : 0.0;
}

/* Length of the well-formed UTF-8 character at @s, 0 when there is none. */
static size_t
utf8_length (const unsigned char *s)
{
  size_t n = s[0] < 0x80 ? 1 : s[0] >= 0xC2 && s[0] < 0xE0 ? 2 : s[0] >= 0xE0 && s[0] < 0xF0 ? 3 : s[0] >= 0xF0 && s[0] < 0xF5 ? 4 : 0;

  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xC0) != 0x80)
      return 0;
  if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) || (s[0] == 0xF0 && s[1] < 0x90)
      || (s[0] == 0xF4 && s[1] > 0x8F))
    return 0;
  return n;
}

bool
chs_text_copy (char *dst, size_t size, const char *src)
{
  const unsigned char *s = (const unsigned char *) (src != NULL ? src : "");
  size_t used = 0;

  while (*s != '\0') {
    size_t n = utf8_length (s);

    if (used + (n > 0 ? n : 1) >= size)
      break;
    if (n == 0)
      dst[used++] = '?';
    else if (n == 1 && (*s < 0x20 || *s == 0x7F))
      dst[used++] = ' ';
    else {
      memcpy (dst + used, s, n);
      used += n;
    }
    s += n > 0 ? n : 1;
  }
  dst[used] = '\0';
  return *s == '\0';
}
