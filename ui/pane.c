/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pane.h"

#include <math.h>
#include <string.h>

/* How often what has the focus is described anew: a reader speaks each change of it. */
#define DESCRIBE_US (60 * G_USEC_PER_SEC)

typedef struct {
  guint64  shown;    /* fingerprint of what is on the screen */
  gboolean is_shown; /* FALSE: nothing yet */
  char    *text;     /* as last told to the accessible tree */
  guint    n_redraws;
  gint64   described_us; /* monotonic time of the last description */
  gboolean is_described;
} ChsPanePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChsPane, chs_pane, CHS_TYPE_VIEW)

guint64
chs_fingerprint (guint64 seed, gconstpointer data, gsize n)
{
  const guint8 *p = data;
  guint64       h = seed ? seed : G_GUINT64_CONSTANT (14695981039346656037);

  for (gsize i = 0; i < n; i++)
    h = (h ^ p[i]) * G_GUINT64_CONSTANT (1099511628211);

  return h;
}

guint64
chs_fingerprint_double (guint64 seed, double value, double step)
{
  gint64 n = isnan (value) ? G_MININT64 : (gint64) llround (value / step);

  return chs_fingerprint (seed, &n, sizeof n);
}

static void
tell (ChsPane *self, const char *text)
{
  ChsPanePrivate *priv = chs_pane_get_instance_private (self);

  if (g_strcmp0 (text, priv->text) == 0)
    return;

  g_free (priv->text);
  priv->text = g_strdup (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
describe (ChsPane *self)
{
  ChsPanePrivate  *priv = chs_pane_get_instance_private (self);
  gint64           now_us = g_get_monotonic_time ();
  g_autofree char *text = NULL;

  if (CHS_PANE_GET_CLASS (self)->describe == NULL ||
      (gtk_widget_has_focus (GTK_WIDGET (self)) && priv->is_described && now_us - priv->described_us < DESCRIBE_US))
    return;
  text = CHS_PANE_GET_CLASS (self)->describe (self);
  priv->is_described = *text != '\0';
  priv->described_us = now_us;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

void
chs_pane_redraw (ChsPane *self)
{
  ChsPanePrivate *priv = chs_pane_get_instance_private (self);

  priv->n_redraws++;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
chs_pane_get_n_redraws (ChsPane *self)
{
  ChsPanePrivate *priv = chs_pane_get_instance_private (self);

  return priv->n_redraws;
}

static void
chs_pane_refresh (ChsView *view)
{
  ChsPane        *self = CHS_PANE (view);
  ChsPanePrivate *priv = chs_pane_get_instance_private (self);
  ChsPaneClass   *klass = CHS_PANE_GET_CLASS (self);
  guint64         print = klass->fingerprint ? klass->fingerprint (self) : priv->shown + 1;

  if (klass->text) {
    g_autofree char *text = klass->text (self);

    tell (self, text);
    print = chs_fingerprint (print, text, strlen (text));
  }

  if (priv->is_shown && print == priv->shown)
    return;

  priv->shown = print;
  priv->is_shown = TRUE;
  describe (self);
  chs_pane_redraw (self);
}

static void
chs_pane_restyled (ChsView *view)
{
  ChsPanePrivate *priv = chs_pane_get_instance_private (CHS_PANE (view));

  priv->is_shown = FALSE;
  chs_pane_refresh (view);
  gtk_widget_queue_resize (GTK_WIDGET (view));
}

static void
chs_pane_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ChsPane *self = CHS_PANE (widget);
  ChsRect  rect = { 0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget) };
  cairo_t *cr;

  if (chs_view_get_scene (self) && rect.w >= 1 && rect.h >= 1) {
    cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) rect.w, (float) rect.h));
    CHS_PANE_GET_CLASS (self)->draw (self, cr, &rect);
    cairo_destroy (cr);
  }

  GTK_WIDGET_CLASS (chs_pane_parent_class)->snapshot (widget, snapshot);
}

static void
chs_pane_finalize (GObject *object)
{
  ChsPanePrivate *priv = chs_pane_get_instance_private (CHS_PANE (object));

  g_free (priv->text);
  G_OBJECT_CLASS (chs_pane_parent_class)->finalize (object);
}

static void
chs_pane_class_init (ChsPaneClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_pane_refresh;
  CHS_VIEW_CLASS (klass)->restyled = chs_pane_restyled;
  GTK_WIDGET_CLASS (klass)->snapshot = chs_pane_snapshot;
  G_OBJECT_CLASS (klass)->finalize = chs_pane_finalize;

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
chs_pane_init (ChsPane *self)
{
}
