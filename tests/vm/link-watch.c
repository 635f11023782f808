/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/link.h"
#include "tests/line-driver.h"

#include <stdio.h>

/* Runs in the virtual machine of usb-hotplug.py: one link on the address given, each of its events one line. */

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  if (event->type == CHS_EVENT_LINK)
    printf ("link %s %s\n", chs_link_state_id ((ChsLinkState) event->link.state), event->link.reason);
  else if (event->type == CHS_EVENT_NUMERIC)
    printf ("value %.0f\n", event->numeric.value);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  ChsLinkConfig config = { .name = "monitor", .address = argc > 1 ? argv[1] : "", .driver = "line-listen" };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsLink) link = NULL;
  ChsSystemClock clock;

  chs_system_clock_init (&clock, g_get_monotonic_time ());
  link = chs_link_new_for_driver (&config, &line_driver_listen, 1, &clock.clock, NULL, on_event, NULL, &error);
  if (link == NULL) {
    fprintf (stderr, "%s\n", error->message);
    return EXIT_FAILURE;
  }
  chs_link_start (link);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
