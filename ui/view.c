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

/* A child as it was when it changed last. */
typedef struct {
  GskRenderNode *seen; /* as GTK gave it */
  GskRenderNode *one;  /* the same as one node */
} Still;

static void
still_free (gpointer data)
{
  Still *still = data;

  gsk_render_node_unref (still->seen);
  gsk_render_node_unref (still->one);
  g_free (still);
}

static GskRenderNode *
make_one (GskRenderNode *node)
{
  graphene_rect_t bounds;
  GskRenderNode  *one;
  cairo_t        *cr;

  gsk_render_node_get_bounds (node, &bounds);
  one = gsk_cairo_node_new (&bounds);
  cr = gsk_cairo_node_get_draw_context (one);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);

  return one;
}

/* GTK keeps the node of a widget that did not change and only wraps it into its place anew. */
static gboolean
is_same_node (GskRenderNode *a, GskRenderNode *b)
{
  if (a == b)
    return TRUE;

  return gsk_render_node_get_node_type (a) == GSK_TRANSFORM_NODE && gsk_render_node_get_node_type (b) == GSK_TRANSFORM_NODE
         && gsk_transform_node_get_child (a) == gsk_transform_node_get_child (b)
         && gsk_transform_equal (gsk_transform_node_get_transform (a), gsk_transform_node_get_transform (b));
}

void
chs_view_snapshot_still (GtkWidget *widget, GtkWidget *child, GtkSnapshot *snapshot)
{
  GtkSnapshot              *inner = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  Still                    *still = g_object_get_data (G_OBJECT (child), "chs-still");

  gtk_widget_snapshot_child (widget, child, inner);
  node = gtk_snapshot_free_to_node (inner);
  if (node == NULL)
    return;
  if (still == NULL || !is_same_node (still->seen, node)) {
    still = g_new (Still, 1);
    *still = (Still){ gsk_render_node_ref (node), make_one (node) };
    g_object_set_data_full (G_OBJECT (child), "chs-still", still, still_free);
  }
  gtk_snapshot_append_node (snapshot, still->one);
}

void
chs_view_snapshot_all_still (GtkWidget *widget, GtkSnapshot *snapshot)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    chs_view_snapshot_still (widget, child, snapshot);
}
