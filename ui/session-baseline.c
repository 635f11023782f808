/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-baseline.h"

#include "ui/key.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ChsSessionBaseline {
  ChsSessionStep parent_instance;

  GtkLabel *name; /* whose number that is: it is not the pressure of now */
  GtkLabel *pressure;
  GtkLabel *others;
  GtkLabel *quality;
  GtkWidget *begin, *accept;
};

G_DEFINE_FINAL_TYPE (ChsSessionBaseline, chs_session_baseline, CHS_TYPE_SESSION_STEP)

static const ChsBaseline *
get_baseline (gpointer self)
{
  return chs_engine_get_baseline (chs_scene_get_engine (chs_view_get_scene (self)));
}

static void
on_begin (ChsSessionBaseline *self)
{
  chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_PHASE, chs_phase_id (CHS_PHASE_BASELINE), NAN);
}

static void
on_accept (ChsSessionBaseline *self)
{
  chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_BASELINE, NULL, NAN);
}

static char *
quality_words (const ChsBaseline *b)
{
  if (b->confirmed)
    return g_strdup_printf (ngettext ("Confirmed, from %u cuff reading", "Confirmed, from %u cuff readings", b->n_cuffs),
                            b->n_cuffs);

  switch ((ChsBaselineQuality) b->quality) {
  case CHS_BASELINE_GOOD:
    return g_strdup_printf (ngettext ("Good: %u cuff reading agrees", "Good: %u cuff readings agree", b->n_cuffs),
                            b->n_cuffs);
  case CHS_BASELINE_PROVISIONAL:
    return g_strdup (_("Provisional: one cuff reading, or readings far apart. Take another one."));
  case CHS_BASELINE_NONE:
  default:
    return g_strdup (_("None yet: only absolute limits watch. Start the cuff at the monitor."));
  }
}

static void
add_value (GString *text, const char *name, double value, const char *unit)
{
  if (!isnan (value))
    g_string_append_printf (text, "%s%s %.4g %s", text->len ? "    " : "", name, value, unit);
}

static void
chs_session_baseline_refresh (ChsView *view)
{
  ChsSessionBaseline  *self = CHS_SESSION_BASELINE (view);
  const ChsBaseline   *b = get_baseline (self);
  g_autoptr (GString)  others = g_string_new (NULL);
  g_autofree char     *quality = quality_words (b), *clock = NULL, *name = NULL;
  g_autofree char     *pressure = b->quality == CHS_BASELINE_NONE || isnan (b->sbp)
                                    ? g_strdup ("– –")
                                    : g_strdup_printf ("%.0f/%.0f", b->sbp, b->dbp);

  if (b->quality != CHS_BASELINE_NONE) {
    add_value (others, _("HR"), b->hr, _("/min"));
    add_value (others, _("SpO₂"), b->spo2, "%");
    add_value (others, _("RR"), b->rr, _("/min"));
    add_value (others, _("Temp"), b->temp_c, _("°C"));
  }
  clock = b->taken_us == CHS_TIME_NONE ? NULL : chs_scene_dup_clock (chs_view_get_scene (self), b->taken_us, FALSE);
  name = g_strdup_printf (clock ? "%s · %s · %s" : "%s · %s", _("Baseline"), _(chs_unit_info (CHS_UNIT_MMHG)->label), clock);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->pressure, pressure);
  gtk_label_set_label (self->others, others->str);
  gtk_label_set_label (self->quality, quality);
  chs_key_set_title (CHS_KEY (self->accept), b->confirmed ? _("Accept as new baseline") : _("Accept as baseline"));
  gtk_widget_set_sensitive (self->accept, b->quality != CHS_BASELINE_NONE);
  /* What is asked for next is bright; another baseline while one is confirmed is not. */
  if (b->confirmed)
    gtk_widget_remove_css_class (self->accept, "primary");
  else
    gtk_widget_add_css_class (self->accept, "primary");
}

static char *
chs_session_baseline_summary (ChsSessionStep *step)
{
  const ChsBaseline *b = get_baseline (step);

  if (b->quality == CHS_BASELINE_NONE || isnan (b->sbp))
    return g_strdup (_("none yet"));

  return g_strdup_printf ("%.0f/%.0f%s", b->sbp, b->dbp, b->confirmed ? " ✓" : "");
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
chs_session_baseline_class_init (ChsSessionBaselineClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_session_baseline_refresh;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_baseline_summary;
}

static void
chs_session_baseline_init (ChsSessionBaseline *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_hexpand (box, TRUE);
  self->name = add_label (box, "heading");
  self->pressure = add_label (box, "big-number");
  self->others = add_label (box, "fact");
  self->quality = add_label (box, "heading");
  gtk_widget_set_vexpand (GTK_WIDGET (self->quality), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->quality), GTK_ALIGN_START);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  self->begin = chs_session_step_add_field (self, row, _("Sensors are on, take baseline"), G_CALLBACK (on_begin));
  self->accept = chs_session_step_add_field (self, row, _("Accept as baseline"), G_CALLBACK (on_accept));
  gtk_widget_add_css_class (self->accept, "large");
  gtk_box_append (GTK_BOX (box), row);
  gtk_widget_set_parent (chs_scroller_new (box), GTK_WIDGET (self));
}
