/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include "app/course-json.h"
#include "app/event-json.h"

static void
put_call (GString *out, const ChsCourseSession *row, gint64 now_us)
{
  chs_course_session_to_json (row, out);
  chs_json_number (out, "end_s", (double) (row->end_wall_us / G_USEC_PER_SEC));
  g_string_append_printf (out, ",\"due\":%s,\"overdue\":%s", chs_course_is_due (row) ? "true" : "false",
                          chs_course_is_overdue (row, now_us) ? "true" : "false");
}

static void
work_calls (ChsAdminJob *job)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (GArray) recent = chs_course_recent (job->admin->sessions, now_us, &job->error);
  g_autoptr (GString) out = g_string_new ("{\"calls\":[");

  for (guint i = 0; recent != NULL && i < recent->len; i++) {
    g_string_append (out, i > 0 ? ",{" : "{");
    put_call (out, &g_array_index (recent, ChsCourseSession, i), now_us);
    g_string_append_c (out, '}');
  }
  job->json = g_strconcat (out->str, "]}", NULL);
}

static void
answer_calls (ChsAdminJob *job)
{
  chs_dbus_admin1_complete_calls (job->object, job->invocation, job->json);
}

gboolean
chs_admin_on_calls (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  ChsAdminJob *job = chs_admin_new_job_of (peer, &peer->admin->is_calling, invocation, work_calls, answer_calls);

  if (job != NULL)
    chs_admin_start_job (job);
  return TRUE;
}

static void
work_add_call (ChsAdminJob *job)
{
  chs_course_add_call (job->admin->sessions, job->key, job->value, &job->call, NULL, g_get_real_time (), &job->error);
}

static void
answer_add_call (ChsAdminJob *job)
{
  chs_dbus_admin1_complete_add_call (job->object, job->invocation);
}

gboolean
chs_admin_on_add_call (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *patient_id, const char *session_id,
             const char *outcome, double pain, double fatigue, const char *how, const char *note, ChsAdminPeer *peer)
{
  ChsAdminJob *job = chs_admin_new_job_of (peer, &peer->admin->is_calling, invocation, work_add_call, answer_add_call);

  if (job == NULL)
    return TRUE;
  job->key = g_strdup (patient_id);
  job->value = g_strdup (session_id);
  job->call = (ChsCourseCall){ .scores = { pain, fatigue }, .outcome = chs_call_outcome_from_id (outcome), .how = chs_call_how_from_id (how) };
  chs_text_copy (job->call.note, sizeof job->call.note, note);
  chs_admin_start_job (job);
  return TRUE;
}
