/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/client.h"
#include "app/pin.h"
#include "chs-monitor-dbus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Commands to a running monitor, for scripts: nurse, setup, session, links. Each asks
 * once and prints the answer. */

#define OBJECT_PATH "/org/chairside/Monitor1"
#define ANSWER_MS 3000

GDBusConnection *
chs_tool_connect (const char *socket_path, GError **error)
{
  g_autofree char *path = socket_path != NULL ? g_strdup (socket_path) : chs_socket_dup_path ();
  g_autofree char *escaped = g_dbus_address_escape_value (path);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL, error);

  if (connection == NULL)
    g_prefix_error (error, "cannot reach the monitor at %s: ", path);
  return connection;
}

/* Connects and says Hello. */
static ChsDbusMonitor1 *
open_monitor (const char *socket_path, GError **error)
{
  g_autoptr (GDBusConnection) connection = chs_tool_connect (socket_path, error);
  g_autoptr (ChsDbusMonitor1) proxy = NULL;
  guint version = 0;

  if (connection == NULL)
    return NULL;
  proxy = chs_dbus_monitor1_proxy_new_sync (
      connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, OBJECT_PATH,
      NULL, error);
  if (proxy == NULL)
    return NULL;
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (proxy), ANSWER_MS);
  if (!chs_dbus_monitor1_call_hello_sync (proxy, CHS_PROTOCOL_VERSION, "chairside-tool", &version, NULL, NULL, NULL,
                                          NULL, NULL, NULL, error))
    return NULL;
  if (version == CHS_PROTOCOL_VERSION)
    return g_steal_pointer (&proxy);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the monitor speaks protocol %u, this program %d", version,
               CHS_PROTOCOL_VERSION);
  return NULL;
}

static int
refuse (const char *name, GError *error)
{
  g_dbus_error_strip_remote_error (error);
  return chs_tool_refuse (name, error);
}

static int
print_seq (guint64 seq)
{
  printf ("{\"seq\":%" G_GUINT64_FORMAT "}\n", seq);
  return CHS_TOOL_DONE;
}

static ChsNurseAction
find_action (const char *id)
{
  for (guint8 action = 1; chs_nurse_action_id (action)[0] != '\0'; action++)
    if (strcmp (chs_nurse_action_id (action), id) == 0)
      return action;
  return 0;
}

/* Not an argument: those can be read by everybody on the machine. */
static void
read_pin (char **text)
{
  char line[CHS_PIN_MAX + 3];

  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  g_free (*text);
  *text = g_strdup (g_strchomp (line));
}

int
chs_tool_nurse (int argc, char **argv)
{
  g_autofree char *socket_path = NULL, *value_text = NULL, *text = NULL, *who = NULL;
  gboolean has_pin = FALSE;
  gint64 at_ms = -1;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_SOCKET (&socket_path),
    { "value", 0, 0, G_OPTION_ARG_STRING, &value_text, "A number, as the action asks", "N" },
    { "text", 0, 0, G_OPTION_ARG_STRING, &text, "Free text", "TEXT" },
    { "at-ms", 0, 0, G_OPTION_ARG_INT64, &at_ms, "When it was, in milliseconds of the session; default now", "MS" },
    { "pin", 0, 0, G_OPTION_ARG_NONE, &has_pin, "Read the technician's PIN from standard input", NULL },
    { "who", 0, 0, G_OPTION_ARG_STRING, &who, "Who did it", "NAME" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsDbusMonitor1) monitor = NULL;
  g_autoptr (GError) error = NULL;
  double value = NAN;
  char *end = NULL;
  guint64 seq = 0;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 2, &status))
    return status;
  if (find_action (argv[1]) == 0)
    return chs_tool_usage (argv[0], "there is no action \"%s\"", argv[1]);
  if (value_text != NULL)
    value = g_ascii_strtod (value_text, &end);
  if (end != NULL && (end == value_text || *end != '\0'))
    return chs_tool_usage (argv[0], "--value=%s is not a number", value_text);
  if (has_pin)
    read_pin (&text);
  monitor = open_monitor (socket_path, &error);
  if (monitor == NULL
      || !chs_dbus_monitor1_call_nurse_sync (monitor, find_action (argv[1]), argc > 2 ? argv[2] : "", value,
                                             text != NULL ? text : "", who != NULL ? who : "",
                                             at_ms < 0 ? CHS_TIME_NONE : at_ms * 1000, &seq,
                                             NULL, &error))
    return refuse (argv[0], error);
  return print_seq (seq);
}

/* "KEY=VALUE" words as the keys of one call; NULL when one has no "=". */
static GVariant *
read_keys (int n, char **words)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (int i = 0; i < n; i++) {
    g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

    if (g_strv_length (pair) != 2)
      return NULL;
    g_variant_builder_add (&builder, "(ss)", pair[0], pair[1]);
  }
  return g_variant_builder_end (&builder);
}

int
chs_tool_setup (int argc, char **argv)
{
  g_autofree char *socket_path = NULL;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_SOCKET (&socket_path),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsDbusMonitor1) monitor = NULL;
  g_autoptr (GVariant) keys = NULL;
  g_autoptr (GError) error = NULL;
  guint64 seq = 0;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, -1, &status))
    return status;
  keys = read_keys (argc - 1, argv + 1);
  if (keys == NULL)
    return chs_tool_usage (argv[0], "write KEY=VALUE");
  g_variant_ref_sink (keys);
  monitor = open_monitor (socket_path, &error);
  if (monitor == NULL || !chs_dbus_monitor1_call_setup_sync (monitor, keys, &seq, NULL, &error))
    return refuse (argv[0], error);
  return print_seq (seq);
}

int
chs_tool_session (int argc, char **argv)
{
  g_autofree char *socket_path = NULL, *recording = NULL;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_SOCKET (&socket_path),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsDbusMonitor1) monitor = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (strcmp (argv[1], "new") != 0)
    return chs_tool_usage (argv[0], "\"%s\" is not \"new\"", argv[1]);
  monitor = open_monitor (socket_path, &error);
  if (monitor == NULL || !chs_dbus_monitor1_call_new_session_sync (monitor, &recording, NULL, &error))
    return refuse (argv[0], error);
  printf ("%s\n", recording);
  return CHS_TOOL_DONE;
}

int
chs_tool_links (int argc, char **argv)
{
  g_autofree char *socket_path = NULL, *json = NULL;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_SOCKET (&socket_path),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsDbusMonitor1) monitor = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  monitor = open_monitor (socket_path, &error);
  if (monitor == NULL || !chs_dbus_monitor1_call_links_sync (monitor, &json, NULL, &error))
    return refuse (argv[0], error);
  fputs (json, stdout);
  return CHS_TOOL_DONE;
}
