/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/heartbeat.h"

#include "app/sd-notify.h"

static gboolean
on_due (gpointer user_data)
{
  chs_sd_notify ("WATCHDOG=1");

  return G_SOURCE_CONTINUE;
}

static void
on_mapped (GtkWidget *window, gpointer user_data)
{
  chs_sd_notify ("READY=1\nSTATUS=Showing the chair");
}

void
chs_heartbeat_start (GtkWindow *window)
{
  guint64 watchdog_us = chs_sd_watchdog_us ();

  g_signal_connect (window, "map", G_CALLBACK (on_mapped), NULL);
  if (watchdog_us > 0)
    g_timeout_add ((guint) (watchdog_us / 1000), on_due, NULL);
}
