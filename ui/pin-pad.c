/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pin-pad.h"

#include "app/pin.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <string.h>

#define ERASE "⌫"

struct _ChsPinPad {
  GtkWidget parent_instance;

  GtkLabel *dots, *words;
  char      typed[CHS_PIN_MAX + 1];
};

G_DEFINE_FINAL_TYPE (ChsPinPad, chs_pin_pad, GTK_TYPE_WIDGET)

enum { SIGNAL_ENTERED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
show (ChsPinPad *self)
{
  GString *dots = g_string_new (NULL);

  for (gsize i = 0; i < strlen (self->typed); i++)
    g_string_append (dots, "● ");
  gtk_label_set_label (self->dots, dots->len ? dots->str : "–");
  g_string_free (dots, TRUE);
}

static void
type (ChsPinPad *self, char digit)
{
  gsize n = strlen (self->typed);

  if (n < CHS_PIN_MAX)
    self->typed[n] = digit;
  show (self);
}

static void
erase (ChsPinPad *self)
{
  gsize n = strlen (self->typed);

  if (n > 0)
    self->typed[n - 1] = '\0';
  show (self);
}

static void
enter (ChsPinPad *self)
{
  if (self->typed[0])
    g_signal_emit (self, signals[SIGNAL_ENTERED], 0, self->typed);
  chs_pin_pad_clear (self);
}

static void
on_key (GtkButton *key, gpointer user_data)
{
  ChsPinPad  *self = CHS_PIN_PAD (user_data);
  const char *title = chs_key_get_title (CHS_KEY (key));

  if (g_str_equal (title, ERASE))
    erase (self);
  else if (g_ascii_isdigit (title[0]))
    type (self, title[0]);
  else
    enter (self);
}

static gboolean
on_typed (GtkEventController *controller, guint keyval, guint code, GdkModifierType state, gpointer user_data)
{
  ChsPinPad *self = CHS_PIN_PAD (user_data);

  if (keyval >= GDK_KEY_0 && keyval <= GDK_KEY_9)
    type (self, (char) ('0' + keyval - GDK_KEY_0));
  else if (keyval >= GDK_KEY_KP_0 && keyval <= GDK_KEY_KP_9)
    type (self, (char) ('0' + keyval - GDK_KEY_KP_0));
  else if (keyval == GDK_KEY_BackSpace)
    erase (self);
  else if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    enter (self);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

void
chs_pin_pad_clear (ChsPinPad *self)
{
  g_return_if_fail (CHS_IS_PIN_PAD (self));

  explicit_bzero (self->typed, sizeof self->typed);
  show (self);
}

void
chs_pin_pad_tell (ChsPinPad *self, const char *text)
{
  g_return_if_fail (CHS_IS_PIN_PAD (self));

  gtk_label_set_label (self->words, text);
}

/* ---- life ---- */

static void
chs_pin_pad_dispose (GObject *object)
{
  GtkWidget *child;

  explicit_bzero (CHS_PIN_PAD (object)->typed, sizeof CHS_PIN_PAD (object)->typed);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (chs_pin_pad_parent_class)->dispose (object);
}

static void
chs_pin_pad_class_init (ChsPinPadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_pin_pad_dispose;
  signals[SIGNAL_ENTERED] = g_signal_new ("entered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                          1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
  gtk_widget_class_set_css_name (widget_class, "pinpad");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
add_keys (ChsPinPad *self)
{
  /* Translators: key that ends the entry of a PIN */
  const char *const titles[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9", ERASE, "0", C_("key", "OK") };
  GtkWidget        *grid = gtk_grid_new ();

  gtk_widget_add_css_class (grid, "key-grid");
  gtk_widget_set_direction (grid, GTK_TEXT_DIR_LTR); /* digits stand as on every keypad, in every language */
  gtk_widget_set_halign (grid, GTK_ALIGN_CENTER);
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    GtkWidget *key = chs_key_new (titles[i], NULL);

    gtk_widget_set_focusable (key, FALSE); /* typing stays with the pad */
    gtk_widget_add_css_class (key, "pin");
    g_signal_connect (key, "clicked", G_CALLBACK (on_key), self);
    gtk_grid_attach (GTK_GRID (grid), key, (int) (i % 3), (int) (i / 3), 1, 1);
  }
  gtk_widget_set_parent (grid, GTK_WIDGET (self));
}

static GtkLabel *
add_label (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, css_class);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
chs_pin_pad_init (ChsPinPad *self)
{
  GtkEventController *keyboard = gtk_event_controller_key_new ();
  GtkWidget          *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (column, "pin-column");
  add_label (column, _("The technician's PIN"), "pad-title");
  self->dots = add_label (column, "–", "pin-dots");
  self->words = add_label (column, "", "pin-words");
  gtk_widget_set_parent (column, GTK_WIDGET (self));
  add_keys (self);
  g_signal_connect (keyboard, "key-pressed", G_CALLBACK (on_typed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keyboard);
}

GtkWidget *
chs_pin_pad_new (void)
{
  return g_object_new (CHS_TYPE_PIN_PAD, NULL);
}
