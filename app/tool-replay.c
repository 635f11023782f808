/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/replay.h"
#include "data/store.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const ChsProfile *profile;
  gboolean          json;
  GString          *line;
  FILE             *log; /* (nullable) */
  guint             n_alarms;
} Printer;

/* The form of shared/cases/scenarios/README.md: rows where an alarm begins to sound, or ends. */
static gboolean
is_logged (guint8 action)
{
  return action == CHS_ALARM_RAISE || action == CHS_ALARM_ESCALATE || action == CHS_ALARM_ACK || action == CHS_ALARM_CLEAR;
}

static void
print_log (Printer *self, const ChsEvent *event)
{
  char line1[64], line2[512], seconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *priority = g_ascii_strup (chs_priority_id ((ChsPriority) event->alarm.priority), -1);
  g_autofree char *message = NULL;

  if (self->log == NULL || !is_logged (event->alarm.action))
    return;
  chs_alarm_text (self->profile, &event->alarm, line1, sizeof line1, line2, sizeof line2);
  message = g_strconcat (line1, ". ", line2, NULL);
  g_strdelimit (message, "\"", '\'');
  fprintf (self->log, "%s,%s,%s,%s,\"%s\"\n", g_ascii_formatd (seconds, sizeof seconds, "%.10g", (double) (event->t_us / 1000) / 1000.0),
           chs_alarm_action_id ((ChsAlarmAction) event->alarm.action), chs_label_id ((ChsLabel) event->alarm.label), priority, message);
}

static void
print_words (Printer *self, const ChsEvent *event)
{
  char line1[64], line2[512];
  long long seconds = (long long) (event->t_us / 1000000);

  chs_alarm_text (self->profile, &event->alarm, line1, sizeof line1, line2, sizeof line2);
  printf ("%2lld:%02lld:%02lld  %-8s %-6s %-18s %s. %s\n", seconds / 3600, seconds / 60 % 60, seconds % 60,
          chs_alarm_action_id ((ChsAlarmAction) event->alarm.action), chs_priority_id ((ChsPriority) event->alarm.priority),
          chs_label_id ((ChsLabel) event->alarm.label), line1, line2);
}

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  Printer *self = user_data;

  if (event->type != CHS_EVENT_ALARM)
    return;
  self->n_alarms++;
  print_log (self, event);
  if (!self->json) {
    print_words (self, event);
    return;
  }
  g_string_truncate (self->line, 0);
  chs_alarm_to_json (self->profile, event, self->line);
  fputs (self->line->str, stdout);
}

static gboolean
parse_speed (const char *text, double *speed)
{
  char *end;

  *speed = 0;
  if (text == NULL || strcmp (text, "max") == 0)
    return TRUE;
  *speed = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *speed > 0;
}

int
chs_tool_replay (int argc, char **argv)
{
  g_autofree char *therapy = NULL, *profile = NULL, *speed = NULL, *log = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "therapy", 0, 0, G_OPTION_ARG_STRING, &therapy, "Entry of the library to use instead of the recorded therapy", "ID" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, "Alarm profile to use instead of the recorded one", "FILE" },
    { "speed", 0, 0, G_OPTION_ARG_STRING, &speed, "1 = real time; max (the default) = as fast as it goes", "N" },
    { "alarm-log", 0, 0, G_OPTION_ARG_FILENAME, &log, "Also write t_s,action,label,priority,message", "FILE.csv" },
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Printer self = { .line = line };
  ChsReplayOptions options = { .profile = &self.profile };
  gboolean good;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (!parse_speed (speed, &options.speed))
    return chs_tool_usage (argv[0], "--speed=%s is neither a number above 0 nor \"max\"", speed);
  options.profile_path = profile;
  options.therapy_id = therapy;
  self.json = json;
  if (log != NULL && (self.log = g_fopen (log, "wb")) == NULL) {
    g_set_error (&error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "cannot write %s: %s", log, g_strerror (errno));
    return chs_tool_refuse (argv[0], error);
  }
  if (self.log != NULL)
    fputs ("t_s,action,label,priority,message\n", self.log);
  good = chs_replay_run (argv[1], &options, on_event, &self, NULL, &error);
  if (self.log != NULL)
    fclose (self.log);
  if (good)
    return CHS_TOOL_DONE;
  chs_tool_refuse (argv[0], error);
  /* Of a damaged recording, what is whole has been replayed. */
  return g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED) ? CHS_TOOL_FINDINGS : CHS_TOOL_REFUSED;
}
