/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/job-bar.h"

#include "ui/key.h"

#include <glib/gi18n.h>

#define LOOK_MS 100
#define PARTS 1000 /* of the whole, as an atomic integer */

struct _ChsJob {
  ChsJobBar     *bar;
  ChsJobFunc     func;
  gpointer       data;
  GDestroyNotify free_data;
  ChsJobDoneFunc done;
  gpointer       user_data;
  int            parts; /* atomic */
};

struct _ChsJobBar {
  GtkWidget parent_instance;

  GtkWidget    *title, *progress, *cancel;
  ChsJob       *job; /* (nullable): that runs; owned by its task */
  GCancellable *cancellable;
  guint         look_id;
};

G_DEFINE_FINAL_TYPE (ChsJobBar, chs_job_bar, GTK_TYPE_WIDGET)

static void
job_free (gpointer data)
{
  ChsJob *job = data;

  g_object_unref (job->bar);
  job->free_data (job->data);
  g_free (job);
}

void
chs_job_progress (double fraction, gpointer job)
{
  g_atomic_int_set (&((ChsJob *) job)->parts, (int) (CLAMP (fraction, 0.0, 1.0) * PARTS));
}

static gboolean
on_look (gpointer user_data)
{
  ChsJobBar *self = CHS_JOB_BAR (user_data);

  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), (double) g_atomic_int_get (&self->job->parts) / PARTS);

  return G_SOURCE_CONTINUE;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ChsJob *job = data;
  GError *error = NULL;
  char   *text = job->func (job, job->data, cancellable, &error);

  if (text)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChsJob            *job = g_task_get_task_data (G_TASK (result));
  ChsJobBar         *self = job->bar;
  g_autoptr (GError) error = NULL;
  g_autofree char   *text = g_task_propagate_pointer (G_TASK (result), &error);

  self->job = NULL;
  g_clear_handle_id (&self->look_id, g_source_remove);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (gtk_widget_get_parent (GTK_WIDGET (self)) == NULL) /* its page has gone, and with it who wants to know */
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    job->done (_("Cancelled. Nothing was written."), FALSE, job->user_data);
  else
    job->done (text ? text : error->message, text != NULL, job->user_data);
}

void
chs_job_bar_run (ChsJobBar     *self,
                 const char    *title,
                 ChsJobFunc     func,
                 gpointer       data,
                 GDestroyNotify free_data,
                 ChsJobDoneFunc done,
                 gpointer       user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CHS_IS_JOB_BAR (self) && self->job == NULL);

  self->job = g_new0 (ChsJob, 1);
  *self->job = (ChsJob){ g_object_ref (self), func, data, free_data, done, user_data, 0 };
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_ready, NULL);
  g_task_set_task_data (task, self->job, job_free);
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), 0.0);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  self->look_id = g_timeout_add (LOOK_MS, on_look, self);
  g_task_run_in_thread (task, run_in_thread);
}

gboolean
chs_job_bar_is_busy (ChsJobBar *self)
{
  return self->job != NULL;
}

static void
on_cancel (ChsJobBar *self)
{
  g_cancellable_cancel (self->cancellable);
}

static void
chs_job_bar_dispose (GObject *object)
{
  ChsJobBar *self = CHS_JOB_BAR (object);
  GtkWidget *child;

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->look_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (chs_job_bar_parent_class)->dispose (object);
}

static void
chs_job_bar_finalize (GObject *object)
{
  g_clear_object (&CHS_JOB_BAR (object)->cancellable);
  G_OBJECT_CLASS (chs_job_bar_parent_class)->finalize (object);
}

static void
chs_job_bar_class_init (ChsJobBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_job_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_job_bar_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "jobbar");
}

static void
chs_job_bar_init (ChsJobBar *self)
{
  self->title = gtk_label_new (NULL);
  self->progress = gtk_progress_bar_new ();
  self->cancel = chs_key_new (_("Cancel"), NULL);
  gtk_widget_set_hexpand (self->progress, TRUE);
  gtk_widget_set_valign (self->progress, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->cancel, "clicked", G_CALLBACK (on_cancel), self);
  gtk_widget_set_parent (self->title, GTK_WIDGET (self));
  gtk_widget_set_parent (self->progress, GTK_WIDGET (self));
  gtk_widget_set_parent (self->cancel, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
chs_job_bar_new (void)
{
  return g_object_new (CHS_TYPE_JOB_BAR, NULL);
}
