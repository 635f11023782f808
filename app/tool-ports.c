/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "devices/ports.h"

#include <stdio.h>

static void
print_json (const ChsPort *port)
{
  g_autoptr (GString) line = g_string_new ("{");
  g_autofree char *vid = port->vid != 0 ? g_strdup_printf ("%04x", port->vid) : NULL;
  g_autofree char *pid = port->vid != 0 ? g_strdup_printf ("%04x", port->pid) : NULL;

  chs_json_text (line, "address", port->address);
  chs_json_text (line, "device", port->device);
  chs_json_text (line, "driver", port->driver);
  chs_json_text (line, "vendor", port->vendor);
  chs_json_text (line, "product", port->product);
  chs_json_text (line, "serial", port->serial);
  chs_json_text (line, "vid", vid);
  chs_json_text (line, "pid", pid);
  chs_json_text (line, "usb_path", port->usb_path);
  chs_json_number (line, "interface", port->interface);
  chs_json_text (line, "by_id", port->by_id);
  chs_json_key (line, "usable");
  g_string_append (line, port->is_usable ? "true" : "false");
  puts (g_string_append_c (line, '}')->str);
}

static void
print_words (const ChsPort *port)
{
  printf ("%s\n", port->address);
  printf ("  device  %s%s%s%s\n", port->device, port->driver[0] != '\0' ? " (" : "", port->driver,
          port->driver[0] != '\0' ? ")" : "");
  if (port->vid != 0)
    printf ("  adapter %s %s, serial number %s, USB socket %s\n", port->vendor, port->product,
            port->serial[0] != '\0' ? port->serial : "none", port->usb_path);
  if (!port->is_usable)
    printf ("  refused this user may not open it: add the user to the group \"dialout\" and log in again\n");
  printf ("\n");
}

int
chs_tool_ports (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GPtrArray) ports = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  ports = chs_ports_list (NULL);
  for (guint i = 0; i < ports->len; i++)
    if (json)
      print_json (ports->pdata[i]);
    else
      print_words (ports->pdata[i]);
  if (ports->len == 0)
    fprintf (stderr, "chairside-tool ports: this machine has no serial port; is the adapter plugged in?\n");
  return CHS_TOOL_DONE;
}
