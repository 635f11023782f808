/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event-words.h"

#include "data/alarm.h"
#include "data/param.h"

#include <math.h>

static void
numeric_words (const ChsNumeric *numeric, char *text, gsize size)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) numeric->param);
  char                value[G_ASCII_DTOSTR_BUF_SIZE] = "-";

  if (!isnan (numeric->value))
    g_ascii_formatd (value, sizeof value, "%g", numeric->value);
  g_snprintf (text, size, "%s %s %s%s%s", info->name, value, chs_unit_info (info->unit)->label,
              numeric->quality == CHS_QUALITY_OK ? "" : " ",
              numeric->quality == CHS_QUALITY_OK ? "" : chs_quality_id ((ChsQuality) numeric->quality));
}

static void
pump_words (const ChsEvent *event, char *text, gsize size)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE] = "-", volume[G_ASCII_DTOSTR_BUF_SIZE] = "-";

  if (!isnan (event->pump.rate_ml_h))
    g_ascii_formatd (rate, sizeof rate, "%g", event->pump.rate_ml_h);
  if (!isnan (event->pump.volume_ml))
    g_ascii_formatd (volume, sizeof volume, "%g", event->pump.volume_ml);
  g_snprintf (text, size, "pump %u %s %s mL/h, %s mL%s", event->channel, chs_pump_state_id ((ChsPumpState) event->pump.state), rate,
              volume, event->pump.alarms != 0 ? ", alarm" : "");
}

static void
nurse_words (const ChsNurse *nurse, char *text, gsize size)
{
  g_snprintf (text, size, "nurse %s %s%s%s", chs_nurse_action_id ((ChsNurseAction) nurse->action), nurse->what,
              nurse->text[0] != '\0' ? " " : "", nurse->text);
}

static void
alarm_words (const ChsAlarm *alarm, char *text, gsize size)
{
  g_snprintf (text, size, "alarm %s %s %s", chs_alarm_action_id ((ChsAlarmAction) alarm->action),
              chs_label_id ((ChsLabel) alarm->label), chs_priority_id ((ChsPriority) alarm->priority));
}

void
chs_event_words (const ChsEvent *event, char *text, gsize size)
{
  const char *type = chs_event_type_id ((ChsEventType) event->type);

  g_return_if_fail (size > 0);

  switch ((ChsEventType) event->type) {
  case CHS_EVENT_NUMERIC:
    numeric_words (&event->numeric, text, size);
    break;
  case CHS_EVENT_WAVE:
    g_snprintf (text, size, "%s, %u samples", chs_param_info ((ChsParam) event->wave.param)->name, event->wave.n);
    break;
  case CHS_EVENT_PUMP:
    pump_words (event, text, size);
    break;
  case CHS_EVENT_LINK:
    g_snprintf (text, size, "link %s %s %s", event->link.name, chs_link_state_id ((ChsLinkState) event->link.state),
                event->link.reason);
    break;
  case CHS_EVENT_DEVICE:
    g_snprintf (text, size, "device %s %s", chs_device_code_id ((ChsDeviceCode) event->device.code), event->device.text);
    break;
  case CHS_EVENT_NURSE:
    nurse_words (&event->nurse, text, size);
    break;
  case CHS_EVENT_SETUP:
    g_snprintf (text, size, "%s = %s", event->setup.key, event->setup.value);
    break;
  case CHS_EVENT_CONFIG:
    g_snprintf (text, size, "config %s, %u bytes", event->config.name, event->config.n);
    break;
  case CHS_EVENT_ALARM:
    alarm_words (&event->alarm, text, size);
    break;
  case CHS_EVENT_RAW:
    g_snprintf (text, size, "%u bytes", event->raw.n);
    break;
  case CHS_EVENT_NONE:
  case CHS_EVENT_TICK:
  case CHS_EVENT_CLOCK:
  case CHS_EVENT_STATE:
  case CHS_N_EVENTS:
  default:
    g_strlcpy (text, type, size);
    break;
  }
}
