/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Long work in a thread, with how far it is and a key that stops it: export, import, report. One job at a time; the
 * bar is only there while one runs. A job that is under way when the bar goes away is cancelled. */

#define CHS_TYPE_JOB_BAR (chs_job_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChsJobBar, chs_job_bar, CHS, JOB_BAR, GtkWidget)

typedef struct _ChsJob ChsJob;

/**
 * ChsJobFunc:
 * @job: for chs_job_progress()
 * @user_data: as given
 * @cancellable: look at it
 * @error: return location
 *
 * Thread:  one of its own
 *
 * Returns: (transfer full) (nullable): a translated sentence that says what was done; NULL with @error
 */
typedef char *(*ChsJobFunc) (ChsJob *job, gpointer user_data, GCancellable *cancellable, GError **error);

/* @text: what was done, or why it was not; translated. After its key Cancel: that nothing was written. */
typedef void (*ChsJobDoneFunc) (const char *text, gboolean is_done, gpointer user_data);

/**
 * chs_job_bar_new:
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a bar that is not seen
 */
GtkWidget *chs_job_bar_new (void) G_GNUC_WARN_UNUSED_RESULT;
gboolean   chs_job_bar_is_busy (ChsJobBar *self); /* a job is under way: another one has to wait */

/**
 * chs_job_bar_run:
 * @self: a bar that is not busy
 * @title: translated; what is being done
 * @func: does it
 * @data: (transfer full): for @func
 * @free_data: frees @data
 * @done: called in the main thread
 * @user_data: for @done; must outlive the bar
 */
void chs_job_bar_run (ChsJobBar     *self,
                      const char    *title,
                      ChsJobFunc     func,
                      gpointer       data,
                      GDestroyNotify free_data,
                      ChsJobDoneFunc done,
                      gpointer       user_data);

/* From the job's thread: how much is done, 0..1. Fits the progress functions of export and import. */
void chs_job_progress (double fraction, gpointer job);
