/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/intellivue-alerts.h"

#include "devices/intellivue-numerics.h"

#include <stdio.h>

static const struct {
  uint16_t    code;
  const char *words;
} alert_words[] = {
  { 40, "high" },           { 62, "low" },           { 61830, "extremely high" },  { 61832, "extremely low" },
  { 3246, "desaturation" }, { 3072, "apnoea" },      { 3076, "asystole" },         { 3086, "extreme bradycardia" },
  { 3122, "extreme tachycardia" }, { 61444, "ventricular fibrillation or tachycardia" }, { 22, "disconnected" },
  { 268, "lead off" },      { 274, "leads off" },    { 308, "sensor disconnected" }, { 312, "sensor problem" },
  { 356, "measurement failed" }, { 362, "measurement interrupted" }, { 230, "cuff not deflated" }, { 232, "cuff over-pressure" },
  { 380, "signal low" },    { 6226, "off" },         { 6228, "standby" },
};

static ChsPriority
alert_priority (uint16_t type)
{
  return type & 0x0404 ? CHS_PRIORITY_HIGH : type & 0x0202 ? CHS_PRIORITY_MEDIUM : CHS_PRIORITY_LOW;
}

static void
tell_alert (const ChsIvAlert *alert, bool on, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .device = { .code = CHS_DEVICE_ALARM, .priority = (uint8_t) alert_priority (alert->type), .value = on ? 1.0 : 0.0 },
  };

  event.device.param = (uint8_t) chs_iv_param (alert->source);
  chs_text_copy (event.device.text, sizeof event.device.text, alert->text);
  sink->event (sink, &event);
}

static void
alert_text (const ChsIvAlert *alert, ChsBytes *string, char *text, size_t size)
{
  ChsParam param = chs_iv_param (alert->source);
  const char *words = NULL, *what = "";

  if (string != NULL) {
    chs_iv_string (string, text, size);
    if (text[0] != '\0')
      return;
  }
  for (unsigned i = 0; i < sizeof alert_words / sizeof alert_words[0]; i++)
    if (alert_words[i].code == (alert->code & 0xFFFE))
      words = alert_words[i].words;
  if (param != CHS_PARAM_NONE)
    what = chs_param_info (param)->name;
  if (words != NULL)
    snprintf (text, size, "%s%s%s", what, what[0] != '\0' ? " " : "", words);
  else
    snprintf (text, size, "alert %u of %04X", alert->code, alert->source);
}

static void
alert_entry (ChsIvAlerts *self, ChsBytes *b, ChsSink *sink)
{
  ChsIvAlert alert = { .still = true };
  uint16_t info;
  ChsBytes details;

  alert.source = chs_bytes_u16be (b);
  alert.code = chs_bytes_u16be (b);
  alert.type = chs_bytes_u16be (b);
  chs_bytes_skip (b, 2 + 6); /* state, object */
  info = chs_bytes_u16be (b);
  details = chs_bytes_sub (b, chs_bytes_u16be (b));
  if (b->bad)
    return;
  for (unsigned i = 0; i < self->n_alerts; i++)
    if (self->alerts[i].source == alert.source && self->alerts[i].code == alert.code && self->alerts[i].type == alert.type) {
      self->alerts[i].still = true;
      return;
    }
  chs_bytes_skip (&details, 2 + 4 + 2 + 2);
  alert_text (&alert, info == 516 && !details.bad ? &details : NULL, alert.text, sizeof alert.text);
  if (self->n_alerts < CHS_IV_ALERTS)
    self->alerts[self->n_alerts++] = alert;
  tell_alert (&alert, true, sink);
}

void
chs_iv_alerts_object (ChsIvAlerts *self, ChsIvObject *object, ChsSink *sink)
{
  ChsIvAttribute a;
  bool any = false;

  for (unsigned i = 0; i < self->n_alerts; i++)
    self->alerts[i].still = false;
  while (chs_iv_attribute_next (&object->attributes, &a)) {
    ChsBytes list = chs_bytes (a.value, a.n);

    if (a.id != CHS_IV_ATTR_ALERT_P && a.id != CHS_IV_ATTR_ALERT_T)
      continue;
    any = true;
    chs_bytes_skip (&list, 4);
    while (chs_bytes_left (&list) > 0 && !list.bad)
      alert_entry (self, &list, sink);
  }
  for (unsigned i = 0; any && i < self->n_alerts;)
    if (self->alerts[i].still)
      i++;
    else {
      tell_alert (&self->alerts[i], false, sink);
      self->alerts[i] = self->alerts[--self->n_alerts];
    }
}
