/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/key.h"

#include <glib/gi18n.h>

/* shared/alarm-standard.md section 9: a trembling or wet glove touches twice. */
#define DEBOUNCE_US (150 * 1000)

struct _ChsKey {
  GtkButton parent_instance;

  GtkLabel *title;
  GtkLabel *hint;
  gint64    clicked_us; /* monotonic time of the last touch that counted */
  char     *spoken;     /* (nullable): instead of title and hint */
  char     *told;       /* name in the accessible tree */
  gboolean  is_behind;  /* that name has old digits */
};

G_DEFINE_FINAL_TYPE (ChsKey, chs_key, GTK_TYPE_BUTTON)

enum { PROP_0, PROP_TITLE, PROP_HINT, N_PROPS };
static GParamSpec *props[N_PROPS];

static gboolean
only_digits_differ (const char *a, const char *b)
{
  for (;; a++, b++) {
    while (g_ascii_isdigit (*a))
      a++;
    while (g_ascii_isdigit (*b))
      b++;
    if (*a != *b || *a == '\0')
      return *a == *b;
  }
}

static char *
dup_name (ChsKey *self)
{
  const char *hint = gtk_label_get_label (self->hint), *title = gtk_label_get_label (self->title);

  if (self->spoken)
    return g_strdup (self->spoken);

  return *hint ? g_strdup_printf ("%s, %s", title, hint) : g_strdup (title);
}

static void
name_for_readers (ChsKey *self)
{
  g_autofree char *name = dup_name (self);

  self->is_behind = self->told && !self->spoken && gtk_widget_has_focus (GTK_WIDGET (self)) && only_digits_differ (name, self->told);
  if (self->is_behind || g_strcmp0 (name, self->told) == 0)
    return;
  g_free (self->told);
  self->told = g_steal_pointer (&name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->told, -1);
}

static void
on_focus (ChsKey *self)
{
  if (self->is_behind)
    name_for_readers (self);
}

static void
on_clicked (GtkButton *button)
{
  ChsKey *self = CHS_KEY (button);
  gint64  now_us = g_get_monotonic_time ();

  /* Runs before the handlers of others: stopping here keeps them from hearing a bounce. */
  if (now_us - self->clicked_us < DEBOUNCE_US) {
    g_signal_stop_emission_by_name (button, "clicked");
    return;
  }
  self->clicked_us = now_us;
  /* A press that comes through the accessible tree is no event of the window, and somebody is there all the same. */
  gtk_widget_activate_action (GTK_WIDGET (button), "win.awake", NULL);
}

static void
chs_key_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ChsKey *self = CHS_KEY (object);

  if (id == PROP_TITLE)
    g_value_set_string (value, chs_key_get_title (self));
  else if (id == PROP_HINT)
    g_value_set_string (value, chs_key_get_hint (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_key_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ChsKey *self = CHS_KEY (object);

  if (id == PROP_TITLE)
    chs_key_set_title (self, g_value_get_string (value));
  else if (id == PROP_HINT)
    chs_key_set_hint (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_key_finalize (GObject *object)
{
  ChsKey *self = CHS_KEY (object);

  g_free (self->spoken);
  g_free (self->told);
  G_OBJECT_CLASS (chs_key_parent_class)->finalize (object);
}

static void
chs_key_class_init (ChsKeyClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = chs_key_get_property;
  object_class->set_property = chs_key_set_property;
  object_class->finalize = chs_key_finalize;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "",
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, "",
                                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "key");
}

/* Height follows from width and never the other way round: wrapping lines answer the second question with other
 * numbers than the first, and a box of keys would be laid out wrong. */
static GtkSizeRequestMode
request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
         int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation,
                      orientation == GTK_ORIENTATION_HORIZONTAL ? -1 : for_size, minimum, natural, NULL, NULL);
}

static void
allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, -1, NULL);
}

static GtkLabel *
add_line (GtkBox *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);

  return GTK_LABEL (label);
}

static void
chs_key_init (ChsKey *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_layout_manager (GTK_WIDGET (self), gtk_custom_layout_new (request_mode, measure, allocate));
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  self->title = add_line (GTK_BOX (box), "title");
  self->hint = add_line (GTK_BOX (box), "hint");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), FALSE);
  gtk_button_set_child (GTK_BUTTON (self), box);
  g_signal_connect (self, "clicked", G_CALLBACK (on_clicked), NULL);
  g_signal_connect (self, "notify::has-focus", G_CALLBACK (on_focus), NULL);
}

GtkWidget *
chs_key_new (const char *title, const char *action)
{
  ChsKey *self = g_object_new (CHS_TYPE_KEY, "title", title, NULL);

  if (action)
    gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self), action);

  return GTK_WIDGET (self);
}

const char *
chs_key_get_title (ChsKey *self)
{
  return gtk_label_get_label (self->title);
}

void
chs_key_set_title (ChsKey *self, const char *title)
{
  if (g_strcmp0 (title, chs_key_get_title (self)) == 0)
    return;

  gtk_label_set_label (self->title, title ? title : "");
  name_for_readers (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TITLE]);
}

const char *
chs_key_get_hint (ChsKey *self)
{
  return gtk_label_get_label (self->hint);
}

void
chs_key_set_hint (ChsKey *self, const char *hint)
{
  if (g_strcmp0 (hint ? hint : "", chs_key_get_hint (self)) == 0)
    return;

  gtk_label_set_label (self->hint, hint ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), hint && *hint);
  name_for_readers (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HINT]);
}

void
chs_key_set_spoken (ChsKey *self, const char *name)
{
  g_return_if_fail (CHS_IS_KEY (self));

  g_free (self->spoken);
  self->spoken = g_strdup (name);
  name_for_readers (self);
}

void
chs_key_set_active (gpointer self, gboolean is_active)
{
  g_return_if_fail (CHS_IS_KEY (self));

  if (gtk_widget_has_css_class (self, "active") == is_active)
    return;
  gtk_accessible_update_state (self, GTK_ACCESSIBLE_STATE_PRESSED, is_active ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
  if (is_active) {
    gtk_widget_add_css_class (self, "active");
    /* Translators: read aloud by a screen reader, of a key: it is the chosen one, or what it stands for is entered */
    gtk_accessible_update_property (self, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _("chosen"), -1);
  } else {
    gtk_widget_remove_css_class (self, "active");
    gtk_accessible_reset_property (self, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  }
}
