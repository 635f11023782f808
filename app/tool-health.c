/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

/* Asks a running monitor how it is. One that does not run is a finding, too: a script
 * that looks every night wants one answer and one status. */

#define OBJECT_PATH "/org/chairside/Monitor1"
#define ANSWER_MS 5000

static char *
ask (const char *socket_path, GError **error)
{
  g_autoptr (GDBusConnection) connection = chs_tool_connect (socket_path, error);
  g_autoptr (GVariant) answer = NULL;
  char *json = NULL;

  if (connection == NULL)
    return NULL;
  answer = g_dbus_connection_call_sync (connection, NULL, OBJECT_PATH, "org.chairside.Admin1", "Health", NULL,
                                        G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, ANSWER_MS, NULL, error);
  if (answer != NULL)
    g_variant_get (answer, "(s)", &json);
  return json;
}

static void
print_member (JsonObject *object G_GNUC_UNUSED, const char *name, JsonNode *node, gpointer user_data G_GNUC_UNUSED)
{
  g_autofree char *text = json_to_string (node, FALSE);

  if (g_strcmp0 (name, "type") != 0 && g_strcmp0 (name, "links") != 0)
    printf ("%-16s %s\n", name, text);
}

/* Returns whether there is no finding. */
static gboolean
print (const char *json, gboolean as_json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *health;

  if (!json_parser_load_from_data (parser, json, -1, NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return FALSE;
  health = json_node_get_object (json_parser_get_root (parser));
  if (as_json)
    puts (json);
  else
    json_object_foreach_member (health, print_member, NULL);
  return json_array_get_length (json_object_get_array_member (health, "findings")) == 0;
}

int
chs_tool_health (int argc, char **argv)
{
  g_autofree char *socket_path = NULL, *json = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket_path, "The monitor's socket", "PATH" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  json = ask (socket_path, &error);
  if (json != NULL)
    return print (json, as_json) ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
  if (as_json)
    puts ("{\"type\":\"health\",\"running\":false,\"findings\":[\"not_running\"]}");
  fprintf (stderr, "chairside-tool health: the monitor does not run: %s\n", error->message);
  return CHS_TOOL_FINDINGS;
}
