/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/admin.h"
#include "app/course.h"
#include "app/health.h"
#include "app/pin.h"
#include "chs-admin-dbus.h"

/* The inside of the admin, shared by its files:
 *
 *   admin.c            callers, health, power, the admin itself
 *   admin-job.c        what takes time, in a thread
 *   admin-pin.c        whom the PIN let in
 *   admin-settings.c   what may be changed at the chair
 *   admin-provision.c  a configuration from and to a stick
 *   admin-calls.c      calls to patients after a session
 *   admin-rounds.c     what is looked after by itself
 *
 * All run in the context of the admin but the work of a job. */

/* Marks a string for xgettext; the screen translates what it is refused with. */
#define N_(s) (s)

#define CHS_ADMIN_LOOK_MS 30000 /* how often the rounds are made */

struct _ChsAdmin {
  gatomicrefcount refs; /* the owner, and what is being done */
  gboolean is_over;     /* the owner is gone */
  ChsMonitor *monitor;
  ChsChairConfig *config;
  char *state;    /* folder */
  char *sessions; /* folder of recordings and audit log */
  void (*restart) (gpointer user_data);
  gpointer user_data;
  GMainContext *context;
  GSource *tick;
  gboolean is_busy;
  gboolean is_calling; /* calls of patients are read or written: nothing else of the machine waits for that */

  ChsPinGate gate;
  ChsStarts starts;
  gint64 started_us, born_us; /* wall, monotonic */
  gint64 retention_due_us; /* monotonic */
  double bytes_day, days_left;
  ChsRoom room; /* as it was told last */

  gboolean test_due, test_heard;
  gint64 test_us;  /* wall */
  int last_minute; /* of the day, that shifts were looked at; -1 = never */
};

struct _ChsAdminPeer {
  ChsAdmin *admin;
  ChsDbusAdmin1 *object;
  gint64 open_until_us; /* monotonic */
};

void chs_admin_unref (ChsAdmin *self); /* of the last owner: frees it */

/* ---- what takes time ---- */

typedef struct _ChsAdminJob ChsAdminJob;
struct _ChsAdminJob {
  ChsAdmin *admin;
  ChsDbusAdmin1 *object;
  GDBusMethodInvocation *invocation;  /* NULL: nobody waits */
  ChsAdminPeer *peer;                 /* only looked at while the admin is not over */
  gboolean *is_busy;                  /* of the admin: while it is being done, another of its kind is refused */
  void (*work) (ChsAdminJob *job);    /* in a thread: nothing of the monitor is touched; sets @error, or what @answer tells */
  void (*answer) (ChsAdminJob *job);  /* in our context; not called when @error is set and somebody waits: that is the answer */
  char *key, *value;                  /* what was asked */
  char *config_path, *keys, *medium;  /* copies */
  ChsRetention policy;
  ChsRetentionResult retention;
  GError *error;
  char *json;
  gboolean is_right;
  ChsCourseCall call;
  ChsChairConfig *config; /* a new one, when there is one */
};

/* A job that nobody waits for. (transfer full), to chs_admin_start_job() */
ChsAdminJob *chs_admin_new_job (ChsAdmin *self, void (*work) (ChsAdminJob *job), void (*answer) (ChsAdminJob *job));

/* For a caller: one thing of a kind at a time, of that of @is_busy, or of those that touch the machine. NULL = another is
 * being done, and the caller was told. */
ChsAdminJob *chs_admin_new_job_of (ChsAdminPeer *peer, gboolean *is_busy, GDBusMethodInvocation *invocation, void (*work) (ChsAdminJob *job),
                                   void (*answer) (ChsAdminJob *job));
ChsAdminJob *chs_admin_new_job_for (ChsAdminPeer *peer, GDBusMethodInvocation *invocation, void (*work) (ChsAdminJob *job),
                                    void (*answer) (ChsAdminJob *job));
void         chs_admin_start_job (ChsAdminJob *job); /* (transfer full): freed when it was answered */

/* Into the audit log, as the technician at the chair; in @work. */
void chs_admin_audit (ChsAdminJob *job, const char *action, const char *what, const char *why, GError **error);

void chs_admin_refuse (GDBusMethodInvocation *invocation, const char *message); /* takes the invocation */

/* ---- the PIN ---- */

gboolean chs_admin_has_pin (const ChsChairConfig *config);
gboolean chs_admin_is_open (ChsAdminPeer *peer, GDBusMethodInvocation *invocation); /* and stays so; else it is refused */

/* ---- the chair's file, and the rounds ---- */

char *chs_admin_read_config (const char *path, GError **error); /* (transfer full) (nullable): its text */

gboolean                        chs_admin_on_tick (gpointer admin); /* a GSourceFunc: storage, shifts, clock */
extern const ChsMonitorObserver chs_admin_observer;                 /* of sound tests; user_data is the admin */

/* ---- methods of Admin1; each is true: it was handled ---- */

gboolean chs_admin_on_unlock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *pin, ChsAdminPeer *peer);
gboolean chs_admin_on_lock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer);
gboolean chs_admin_on_settings (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer);
gboolean chs_admin_on_set (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *key, const char *value, ChsAdminPeer *peer);
gboolean chs_admin_on_provision_look (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer);
gboolean chs_admin_on_provision_take (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *digest, ChsAdminPeer *peer);
gboolean chs_admin_on_provision_out (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer);
gboolean chs_admin_on_calls (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer);
gboolean chs_admin_on_add_call (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *patient_id, const char *session_id,
                                const char *outcome, double pain, double fatigue, const char *how, const char *note, ChsAdminPeer *peer);
