/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/kiosk.h"

#include "app/lockdown.h"
#include "ui/pages.h"

#include <string.h>

static const char *const forgotten[] = { "GTK_DEBUG", "GDK_DEBUG", "GTK_MODULES", "GTK_PATH", "GTK_EXE_PREFIX", "GTK_DATA_PREFIX",
                                         "GTK_THEME", "GTK_IM_MODULE_FILE", "GIO_EXTRA_MODULES", "GTK_CSD" };

void
chs_kiosk_prepare (int argc, char **argv)
{
  gboolean is_kiosk = FALSE;

  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    is_kiosk |= strcmp (argv[i], "--kiosk") == 0;
  if (!is_kiosk)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (forgotten); i++)
    g_unsetenv (forgotten[i]);
  chs_lockdown_process ();
}

static gboolean
is_shortcut (guint key)
{
  guint              n;
  const ChsPageInfo *pages = chs_pages (&n);

  for (guint i = 0; i < n; i++)
    if (pages[i].key != 0 && pages[i].key == key)
      return TRUE;

  return key == GDK_KEY_z;
}

gboolean
chs_kiosk_lets_through (guint key, GdkModifierType state)
{
  if (state & (GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK | GDK_HYPER_MASK))
    return FALSE;
  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && (state & GDK_SHIFT_MASK)))
    return FALSE; /* menus of text fields */
  if (state & GDK_CONTROL_MASK)
    return (state & GDK_SHIFT_MASK) == 0 && is_shortcut (key);

  return TRUE;
}

static gboolean
on_key (GtkEventController *controller, guint key, guint code, GdkModifierType state, gpointer user_data)
{
  return chs_kiosk_lets_through (key, state) ? GDK_EVENT_PROPAGATE : GDK_EVENT_STOP;
}

/* A second button opens menus; a chair has a finger. */
static void
on_button (GtkGestureClick *gesture, int n, double x, double y, gpointer user_data)
{
  if (gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) > GDK_BUTTON_PRIMARY)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  else
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
}

static gboolean
on_close_request (GtkWindow *window, gpointer user_data)
{
  return TRUE;
}

static gboolean
on_enable_debugging (GtkWindow *window, gboolean toggle, gpointer user_data)
{
  g_signal_stop_emission_by_name (window, "enable-debugging");

  return TRUE;
}

void
chs_kiosk_guard (GtkWindow *window)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture         *buttons = gtk_gesture_click_new ();

  gtk_window_set_deletable (window, FALSE);
  gtk_window_set_decorated (window, FALSE);
  g_signal_connect (window, "close-request", G_CALLBACK (on_close_request), NULL);
  g_signal_connect (window, "enable-debugging", G_CALLBACK (on_enable_debugging), NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), NULL);
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (buttons), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (buttons), GTK_PHASE_CAPTURE);
  g_signal_connect (buttons, "pressed", G_CALLBACK (on_button), NULL);
  gtk_widget_add_controller (GTK_WIDGET (window), GTK_EVENT_CONTROLLER (buttons));
}
