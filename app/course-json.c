/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/course-json.h"

#include "app/event-json.h"

static void
put_scores (GString *out, const char *when, const ChsCourseScores *scores)
{
  g_autofree char *pain = g_strconcat ("pain_", when, NULL), *fatigue = g_strconcat ("fatigue_", when, NULL);

  chs_json_number (out, pain, scores->pain);
  chs_json_number (out, fatigue, scores->fatigue);
}

void
chs_course_session_to_json (const ChsCourseSession *row, GString *out)
{
  chs_json_text (out, "patient_id", row->patient_id);
  chs_json_text (out, "session_id", row->session_id);
  chs_json_text (out, "therapy", row->therapy);
  put_scores (out, "before", &row->before);
  put_scores (out, "after", &row->after);
  put_scores (out, "call", &row->call);
  chs_json_text (out, "call", chs_call_outcome_id (row->call_outcome));
  chs_json_text (out, "how", chs_call_how_id (row->call_how));
  chs_json_text (out, "note", row->call_note);
  chs_json_number (out, "not_reached", row->call_tries);
}
