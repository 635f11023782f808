/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/profile-private.h"
#include "app/engine.h"
#include "app/event-json.h"
#include "app/replay.h"

#include <math.h>
#include <string.h>

/* Alarms in words and as JSON. English and in the C locale: logs are never translated. */

static void
add_number (GString *text, double value, int decimals)
{
  char format[8], buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_string_append (text, g_ascii_formatd (buf, sizeof buf, format, value));
}

static void
add_value (GString *text, const ChsAlarm *alarm)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) alarm->param);

  if (alarm->param == CHS_PARAM_NONE || isnan (alarm->value))
    return;
  g_string_append_printf (text, "%s ", info->name);
  add_number (text, alarm->value, info->decimals);
  g_string_append_printf (text, " %s", chs_unit_info (info->unit)->label);
  if (!isnan (alarm->baseline) && alarm->baseline > 0) {
    g_string_append (text, ", baseline ");
    add_number (text, alarm->baseline, info->decimals);
    g_string_append_printf (text, " (%+d %%)", (int) lround ((alarm->value / alarm->baseline - 1.0) * 100.0));
  }
  if (!isnan (alarm->limit)) {
    g_string_append (text, ", limit ");
    add_number (text, alarm->limit, info->decimals);
  }
  g_string_append (text, ". ");
}

/* The cause line: which change of an infusion preceded, and by how long. */
static void
add_cause (GString *text, const ChsAlarm *alarm)
{
  int64_t after_s;

  if (alarm->cause_us == CHS_TIME_NONE)
    return;
  after_s = MAX (0, (alarm->onset_us - alarm->cause_us) / 1000000);
  if (after_s < 90)
    g_string_append_printf (text, "%d s after ", (int) after_s);
  else
    g_string_append_printf (text, "%d min after ", (int) ((after_s + 30) / 60));
  g_string_append_printf (text, "pump %d/%d went ", alarm->cause_source, alarm->cause_channel);
  add_number (text, alarm->cause_from_ml_h, alarm->cause_from_ml_h < 10 ? 1 : 0);
  g_string_append (text, " to ");
  add_number (text, alarm->cause_to_ml_h, alarm->cause_to_ml_h < 10 ? 1 : 0);
  g_string_append (text, " mL/h. ");
}

static void
add_list (GString *text, const char *intro, const char *ids, const char *end)
{
  if (ids[0] == '\0')
    return;
  g_string_append (text, intro);
  for (; *ids != '\0'; ids++) {
    if (*ids == ',')
      g_string_append (text, ", ");
    else
      g_string_append_c (text, *ids);
  }
  g_string_append (text, end);
}

void
chs_alarm_text (const ChsProfile *profile, const ChsAlarm *alarm, char *line1, gsize n1, char *line2, gsize n2)
{
  g_autoptr (GString) text = g_string_new (NULL);

  chs_text_copy (line1, n1, chs_profile_title (profile, (ChsLabel) alarm->label, (ChsPriority) alarm->priority));
  add_value (text, alarm);
  add_cause (text, alarm);
  g_string_append (text, chs_profile_action (profile, (ChsLabel) alarm->label, (ChsPriority) alarm->priority));
  add_list (text, " Not available: ", alarm->missing, ".");
  add_list (text, " Also consider: ", alarm->also, ".");
  chs_text_copy (line2, n2, text->str);
}

static void
add_ids (GString *out, const char *key, const char *ids)
{
  g_auto (GStrv) words = g_strsplit (ids, ",", -1);

  chs_json_key (out, key);
  g_string_append_c (out, '[');
  for (char **word = words; *word != NULL; word++) {
    if (word != words)
      g_string_append_c (out, ',');
    chs_json_quote (out, *word);
  }
  g_string_append_c (out, ']');
}

static void
add_cause_json (GString *out, const ChsAlarm *alarm)
{
  bool is_known = alarm->cause_us != CHS_TIME_NONE;

  chs_json_number (out, "cause_ms", is_known ? (double) (alarm->cause_us / 1000) : (double) NAN);
  chs_json_number (out, "cause_from_ml_h", is_known ? alarm->cause_from_ml_h : (double) NAN);
  chs_json_number (out, "cause_to_ml_h", is_known ? alarm->cause_to_ml_h : (double) NAN);
  chs_json_number (out, "cause_source", is_known ? alarm->cause_source : (double) NAN);
  chs_json_number (out, "cause_channel", is_known ? alarm->cause_channel : (double) NAN);
}

void
chs_alarm_to_json (const ChsProfile *profile, const ChsEvent *event, GString *out)
{
  const ChsAlarm *alarm = &event->alarm;
  char line1[64], line2[512];
  g_autofree char *text = NULL;

  g_return_if_fail (event->type == CHS_EVENT_ALARM);
  chs_alarm_text (profile, alarm, line1, sizeof line1, line2, sizeof line2);
  text = g_strconcat (line1, ". ", line2, NULL);
  g_string_append_c (out, '{');
  chs_json_number (out, "t_ms", (double) (event->t_us / 1000));
  chs_json_text (out, "type", "alarm");
  chs_json_text (out, "rule", alarm->rule);
  chs_json_text (out, "label", chs_label_id ((ChsLabel) alarm->label));
  chs_json_text (out, "action", chs_alarm_action_id ((ChsAlarmAction) alarm->action));
  chs_json_text (out, "priority", chs_priority_id ((ChsPriority) alarm->priority));
  chs_json_number (out, "id", alarm->id);
  chs_json_number (out, "onset_ms", (double) (alarm->onset_us / 1000));
  chs_json_text (out, "text", text);
  chs_json_text (out, "param", alarm->param != CHS_PARAM_NONE ? chs_param_info ((ChsParam) alarm->param)->name : NULL);
  chs_json_number (out, "value", alarm->value);
  chs_json_number (out, "baseline", alarm->baseline);
  chs_json_number (out, "limit", alarm->limit);
  add_ids (out, "evidence", alarm->evidence);
  add_ids (out, "missing", alarm->missing);
  add_ids (out, "also", alarm->also);
  add_cause_json (out, alarm);
  if (alarm->demo)
    chs_json_number (out, "demo", 1);
  g_string_append (out, "}\n");
}
