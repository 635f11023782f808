/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/course-json.h"
#include "app/event-json.h"

#include <math.h>
#include <stdio.h>

static char *
dup_wall (gint64 wall_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);

  return time != NULL && wall_us > 0 ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

static void
print_session (const ChsCourseSession *row, guint k, const char *type, gboolean overdue)
{
  g_autoptr (GString) line = g_string_new ("{");
  g_autofree char *start = dup_wall (row->start_wall_us), *end = dup_wall (row->end_wall_us), *call = dup_wall (row->call_wall_us);

  chs_json_text (line, "type", type);
  if (k > 0)
    chs_json_number (line, "session", k);
  chs_course_session_to_json (row, line);
  chs_json_text (line, "start", start);
  chs_json_text (line, "end", end);
  chs_json_text (line, "called", call);
  chs_json_key (line, "complete");
  g_string_append (line, row->is_complete ? "true" : "false");
  if (k == 0) {
    chs_json_key (line, "overdue");
    g_string_append (line, overdue ? "true" : "false");
  }
  puts (g_string_append_c (line, '}')->str);
}

static void
print_words (const ChsCourseSession *row, guint k, guint n)
{
  g_autofree char *start = dup_wall (row->start_wall_us);
  const struct {
    const char *name;
    double      value;
  } scores[] = {
    { "pain", row->before.pain },       { "->", row->after.pain },    { "call", row->call.pain },
    { "fatigue", row->before.fatigue }, { "->", row->after.fatigue }, { "call", row->call.fatigue },
  };

  printf ("%s  %u of %u  %-24s", start, k, n, row->therapy);
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++) {
    if (isnan (scores[i].value))
      printf ("  %s -", scores[i].name);
    else
      printf ("  %s %g", scores[i].name, scores[i].value);
  }
  printf ("  %s %s%s%s  %s\n", chs_call_outcome_id (row->call_outcome), chs_call_how_id (row->call_how), row->call_note[0] != '\0' ? ": " : "",
          row->call_note, row->session_id);
}

static int
print_course (const char *folder, const char *patient_id, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsCourse) course = chs_course_read (folder, patient_id, &error);
  g_autoptr (GString) line = g_string_new ("{");
  guint n;

  if (course == NULL)
    return chs_tool_refuse ("course", error);
  n = MAX (course->planned, course->sessions->len);
  for (guint i = 0; i < course->sessions->len; i++) {
    if (json)
      print_session (&g_array_index (course->sessions, ChsCourseSession, i), i + 1, "session", FALSE);
    else
      print_words (&g_array_index (course->sessions, ChsCourseSession, i), i + 1, n);
  }
  chs_json_text (line, "type", "summary");
  chs_json_text (line, "patient_id", patient_id);
  chs_json_number (line, "sessions", course->sessions->len);
  chs_json_number (line, "planned", course->planned > 0 ? course->planned : (double) NAN);
  chs_json_number (line, "unreadable", course->unreadable);
  if (json)
    puts (g_string_append_c (line, '}')->str);
  if (course->unreadable > 0)
    fprintf (stderr, "chairside-tool course: %u recordings cannot be read: sessions may be missing\n", course->unreadable);
  return course->unreadable > 0 || course->sessions->len == 0 ? CHS_TOOL_FINDINGS : CHS_TOOL_DONE;
}

static int
print_due (const char *folder, gboolean json)
{
  g_autoptr (GError) error = NULL;
  gint64 now_us = g_get_real_time ();
  g_autoptr (GArray) recent = chs_course_recent (folder, now_us, &error);

  if (recent == NULL)
    return chs_tool_refuse ("course", error);
  for (guint i = 0; i < recent->len; i++) {
    const ChsCourseSession *row = &g_array_index (recent, ChsCourseSession, i);
    gboolean overdue = chs_course_is_overdue (row, now_us);
    g_autofree char *end = dup_wall (row->end_wall_us);

    if (!chs_course_is_due (row))
      continue;
    if (json)
      print_session (row, 0, "due", overdue);
    else
      printf ("%s  %-16s %s%s\n", end, row->patient_id, row->session_id, overdue ? "  overdue" : "");
  }
  return CHS_TOOL_DONE;
}

static gboolean
take_words (ChsCourseCall *call, const char *outcome, const char *how, const char *note)
{
  call->outcome = outcome != NULL ? chs_call_outcome_from_id (outcome) : CHS_CALL_REACHED;
  call->how = how != NULL ? chs_call_how_from_id (how) : CHS_CALL_HOW_NONE;
  return note == NULL || g_strlcpy (call->note, note, sizeof call->note) < sizeof call->note;
}

int
chs_tool_course (int argc, char **argv)
{
  gboolean json = FALSE, due = FALSE;
  g_autofree char *folder = NULL, *session = NULL, *by = NULL, *outcome = NULL, *how = NULL, *note = NULL;
  ChsCourseCall call = CHS_COURSE_CALL_EMPTY;
  const GOptionEntry entries[] = {
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "Of recordings; default this one", "DIR" },
    { "due", 0, 0, G_OPTION_ARG_NONE, &due, "The calls to make, 24 h after a session and later", NULL },
    { "call", 0, 0, G_OPTION_ARG_STRING, &session, "Enters a call after that session", "SESSION-ID" },
    { "pain", 0, 0, G_OPTION_ARG_DOUBLE, &call.scores.pain, "Of the call, 0 to 10", "N" },
    { "fatigue", 0, 0, G_OPTION_ARG_DOUBLE, &call.scores.fatigue, "Of the call, 0 to 10", "N" },
    { "outcome", 0, 0, G_OPTION_ARG_STRING, &outcome, "reached (default), not_reached or declined", "OUTCOME" },
    { "how", 0, 0, G_OPTION_ARG_STRING, &how, "How the patient is: better, same or worse", "HOW" },
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, "What else was said, up to 95 bytes", "TEXT" },
    { "by", 0, 0, G_OPTION_ARG_STRING, &by, "Who called", "NAME" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object a session", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  const char *where;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 1, &status))
    return status;
  where = folder != NULL ? folder : ".";
  if (due == (argc == 2))
    return chs_tool_usage ("course", "a patient's id, or --due");
  if (due)
    return print_due (where, json);
  if (!take_words (&call, outcome, how, note))
    return chs_tool_usage ("course", "a shorter note");
  if (session != NULL && !chs_course_add_call (where, argv[1], session, &call, by, g_get_real_time (), &error))
    return chs_tool_refuse ("course", error);
  return print_course (where, argv[1], json);
}
