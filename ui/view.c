/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/view.h"

typedef struct {
  ChsScene     *scene;
  GSignalGroup *signals;
} ChsViewPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChsView, chs_view, GTK_TYPE_WIDGET)

enum { PROP_0, PROP_SCENE, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
on_refresh (ChsView *self)
{
  if (CHS_VIEW_GET_CLASS (self)->refresh)
    CHS_VIEW_GET_CLASS (self)->refresh (self);
}

static void
on_restyled (ChsView *self)
{
  if (CHS_VIEW_GET_CLASS (self)->restyled)
    CHS_VIEW_GET_CLASS (self)->restyled (self);
  else
    on_refresh (self);
}

static void
on_renewed (ChsView *self)
{
  if (CHS_VIEW_GET_CLASS (self)->renewed)
    CHS_VIEW_GET_CLASS (self)->renewed (self);
}

static void
chs_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCENE)
    g_value_set_object (value, chs_view_get_scene (object));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCENE)
    chs_view_set_scene (object, g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_view_dispose (GObject *object)
{
  ChsView        *self = CHS_VIEW (object);
  ChsViewPrivate *priv = chs_view_get_instance_private (self);
  GtkWidget      *child;

  g_signal_group_set_target (priv->signals, NULL);
  g_clear_object (&priv->scene);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (chs_view_parent_class)->dispose (object);
}

static void
chs_view_finalize (GObject *object)
{
  ChsViewPrivate *priv = chs_view_get_instance_private (CHS_VIEW (object));

  g_object_unref (priv->signals);
  G_OBJECT_CLASS (chs_view_parent_class)->finalize (object);
}

static void
chs_view_class_init (ChsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = chs_view_get_property;
  object_class->set_property = chs_view_set_property;
  object_class->dispose = chs_view_dispose;
  object_class->finalize = chs_view_finalize;

  props[PROP_SCENE] = g_param_spec_object ("scene", NULL, NULL, CHS_TYPE_SCENE,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
chs_view_init (ChsView *self)
{
  ChsViewPrivate *priv = chs_view_get_instance_private (self);

  priv->signals = g_signal_group_new (CHS_TYPE_SCENE);
  g_signal_group_connect_swapped (priv->signals, "refresh", G_CALLBACK (on_refresh), self);
  g_signal_group_connect_swapped (priv->signals, "restyled", G_CALLBACK (on_restyled), self);
  g_signal_group_connect_swapped (priv->signals, "renewed", G_CALLBACK (on_renewed), self);
}

ChsScene *
chs_view_get_scene (gpointer self)
{
  ChsViewPrivate *priv = chs_view_get_instance_private (CHS_VIEW (self));

  return priv->scene;
}

void
chs_view_set_scene (gpointer self, ChsScene *scene)
{
  ChsViewPrivate *priv = chs_view_get_instance_private (CHS_VIEW (self));

  if (!g_set_object (&priv->scene, scene))
    return;

  g_signal_group_set_target (priv->signals, scene);
  if (scene)
    on_restyled (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SCENE]);
}

void
chs_view_snapshot_as_one (GtkWidget *widget, GtkSnapshot *snapshot)
{
  GtkSnapshot              *inner = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  graphene_rect_t           bounds;
  cairo_t                  *cr;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    gtk_widget_snapshot_child (widget, child, inner);
  node = gtk_snapshot_free_to_node (inner);
  if (node == NULL)
    return;
  gsk_render_node_get_bounds (node, &bounds);
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
}
