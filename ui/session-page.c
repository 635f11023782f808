/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-page.h"

#include "ui/key.h"
#include "ui/session-baseline.h"
#include "ui/session-checks.h"
#include "ui/session-patient.h"
#include "ui/session-run.h"
#include "ui/session-therapy.h"

#include <glib/gi18n.h>

enum { STEP_PATIENT, STEP_THERAPY, STEP_CHECKS, STEP_BASELINE, STEP_RUN, N_STEPS };

struct _ChsSessionPage {
  ChsPage parent_instance;

  GtkWidget *stack; /* steps, or the pad */
  GtkWidget *pages;
  GtkWidget *tabs[N_STEPS];
  GtkWidget *steps[N_STEPS];
  GtkWidget *pad;
};

G_DEFINE_FINAL_TYPE (ChsSessionPage, chs_session_page, CHS_TYPE_PAGE)

static void
show_step (ChsSessionPage *self, guint i)
{
  gtk_stack_set_visible_child (GTK_STACK (self->pages), self->steps[i]);
  for (guint k = 0; k < N_STEPS; k++)
    chs_key_set_active (self->tabs[k], k == i);
}

static void
on_tab (GtkButton *tab, gpointer user_data)
{
  ChsSessionPage *self = CHS_SESSION_PAGE (user_data);

  for (guint i = 0; i < N_STEPS; i++)
    if (self->tabs[i] == GTK_WIDGET (tab))
      show_step (self, i);
}

static void
on_ask (ChsSessionPage *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->pad);
  chs_page_set_keeps_open (CHS_PAGE (self), TRUE);
}

static void
on_pad_closed (ChsSessionPage *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "steps");
  chs_page_set_keeps_open (CHS_PAGE (self), FALSE);
}

static void
chs_session_page_refresh (ChsView *view)
{
  ChsSessionPage *self = CHS_SESSION_PAGE (view);

  for (guint i = 0; i < N_STEPS; i++) {
    g_autofree char *summary = NULL;

    chs_view_set_scene (self->steps[i], chs_view_get_scene (self));
    summary = chs_session_step_dup_summary (CHS_SESSION_STEP (self->steps[i]));
    chs_key_set_hint (CHS_KEY (self->tabs[i]), summary);
  }
}

/* Where the session stands is where the page opens. */
static void
chs_session_page_opened (ChsPage *page, GVariant *target)
{
  ChsSessionPage *self = CHS_SESSION_PAGE (page);
  guint8          phase = chs_session_step_get_session (self->steps[STEP_RUN])->phase;

  on_pad_closed (self);
  show_step (self, phase >= CHS_PHASE_INFUSING ? STEP_RUN : phase == CHS_PHASE_BASELINE ? STEP_BASELINE : STEP_PATIENT);
}

static void
chs_session_page_class_init (ChsSessionPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_session_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_session_page_opened;
}

static void
add_step (ChsSessionPage *self, GtkWidget *tabs, guint i, const char *name, GType type)
{
  g_autofree char *title = g_strdup_printf ("%u  %s", i + 1, name);

  self->tabs[i] = chs_key_new (title, NULL);
  gtk_widget_add_css_class (self->tabs[i], "tab");
  gtk_widget_set_hexpand (self->tabs[i], TRUE);
  g_signal_connect (self->tabs[i], "clicked", G_CALLBACK (on_tab), self);
  gtk_box_append (GTK_BOX (tabs), self->tabs[i]);

  self->steps[i] = g_object_new (type, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->steps[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  chs_session_step_set_pad (CHS_SESSION_STEP (self->steps[i]), CHS_ENTRY_PAD (self->pad));
  g_signal_connect_swapped (self->steps[i], "ask", G_CALLBACK (on_ask), self);
  gtk_stack_add_child (GTK_STACK (self->pages), self->steps[i]);
}

static void
chs_session_page_init (ChsSessionPage *self)
{
  GtkWidget *body = chs_page_get_body (CHS_PAGE (self));
  GtkWidget *all = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *tabs = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  chs_page_hide_top (CHS_PAGE (self), _("Session"));
  self->pad = chs_entry_pad_new ();
  g_signal_connect_swapped (self->pad, "closed", G_CALLBACK (on_pad_closed), self);
  self->pages = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->pages), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->pages), FALSE);
  gtk_widget_set_vexpand (self->pages, TRUE);

  gtk_widget_add_css_class (tabs, "key-row");
  add_step (self, tabs, STEP_PATIENT, _("Patient"), CHS_TYPE_SESSION_PATIENT);
  add_step (self, tabs, STEP_THERAPY, _("Therapy"), CHS_TYPE_SESSION_THERAPY);
  add_step (self, tabs, STEP_CHECKS, _("Checks"), CHS_TYPE_SESSION_CHECKS);
  add_step (self, tabs, STEP_BASELINE, _("Baseline"), CHS_TYPE_SESSION_BASELINE);
  add_step (self, tabs, STEP_RUN, _("Course"), CHS_TYPE_SESSION_RUN);
  chs_session_run_set_checks (CHS_SESSION_RUN (self->steps[STEP_RUN]), CHS_SESSION_CHECKS (self->steps[STEP_CHECKS]));
  gtk_box_append (GTK_BOX (tabs), chs_key_new (_("Back"), "win.back"));
  gtk_widget_add_css_class (all, "column");
  gtk_box_append (GTK_BOX (all), tabs);
  gtk_box_append (GTK_BOX (all), self->pages);

  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (self->stack), all, "steps");
  gtk_stack_add_named (GTK_STACK (self->stack), self->pad, "pad");
  gtk_box_append (GTK_BOX (body), self->stack);
}
