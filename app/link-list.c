/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/link-list.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define MAX_LINKS 64 /* more than a chair can have; a bound for hostile text */

static void
row_free (gpointer data)
{
  ChsLinkRow *row = data;
  char *texts[] = { row->name, row->label, row->driver, row->address, row->line, row->reason, row->last_error, row->last_frame, row->last_bytes };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  for (guint i = 0; i < row->n_causes; i++)
    g_free (row->causes[i]);
  g_free (row);
}

/* ---- members that may be missing, or of another type ---- */

static char *
dup_text (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return g_strdup (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "");
}

static double
get_number (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}

static guint64
get_count (JsonObject *object, const char *key)
{
  double count = get_number (object, key);

  return count >= 0 && count < 9e15 ? (guint64) count : 0;
}

static ChsLinkState
get_state (JsonObject *object)
{
  g_autofree char *id = dup_text (object, "state");

  for (ChsLinkState state = CHS_LINK_CLOSED; state <= CHS_LINK_FAILED; state++)
    if (strcmp (chs_link_state_id (state), id) == 0)
      return state;
  return CHS_LINK_CLOSED;
}

static void
read_causes (JsonObject *object, ChsLinkRow *row)
{
  JsonNode *node = json_object_get_member (object, "causes");
  JsonArray *causes = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = causes != NULL ? json_array_get_length (causes) : 0;

  for (guint i = 0; i < n && row->n_causes < CHS_LINK_CAUSES_MAX; i++) {
    JsonNode *cause = json_array_get_element (causes, i);

    if (JSON_NODE_HOLDS_VALUE (cause) && json_node_get_value_type (cause) == G_TYPE_STRING)
      row->causes[row->n_causes++] = json_node_dup_string (cause);
  }
}

static ChsLinkRow *
read_row (JsonObject *object)
{
  ChsLinkRow *row = g_new0 (ChsLinkRow, 1);

  *row = (ChsLinkRow) {
    .name = dup_text (object, "name"), .label = dup_text (object, "label"), .driver = dup_text (object, "driver"),
    .address = dup_text (object, "address"), .line = dup_text (object, "line"), .state = get_state (object),
    .reason = dup_text (object, "reason"), .last_error = dup_text (object, "last_error"), .is_bench = get_count (object, "bench") > 0,
    .frames_ok = get_count (object, "frames_ok"), .frames_bad = get_count (object, "frames_bad"),
    .resyncs = get_count (object, "resyncs"), .bytes_skipped = get_count (object, "bytes_skipped"),
    .unknown = get_count (object, "unknown"), .parity_errors = get_number (object, "parity_errors"),
    .framing_errors = get_number (object, "framing_errors"), .overruns = get_number (object, "overruns"),
    .bytes_rx = get_count (object, "bytes_rx"), .bytes_tx = get_count (object, "bytes_tx"), .opened = get_count (object, "opened"),
    .reconnects = get_count (object, "reconnects"), .last_byte_ms = get_number (object, "last_byte_ms"),
    .last_frame_ms = get_number (object, "last_frame_ms"), .rtt_ms = get_number (object, "rtt_ms"),
    .rtt_jitter_ms = get_number (object, "rtt_jitter_ms"), .poll_ms = get_number (object, "poll_ms"),
    .poll_jitter_ms = get_number (object, "poll_jitter_ms"), .last_frame = dup_text (object, "last_frame"),
    .last_bytes = dup_text (object, "last_bytes"),
  };
  read_causes (object, row);
  return row;
}

GPtrArray *
chs_link_list_parse (const char *json)
{
  g_auto (GStrv) lines = g_strsplit (json, "\n", MAX_LINKS + 1);
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);

  for (guint i = 0; lines[i] != NULL && i < MAX_LINKS; i++) {
    g_autoptr (JsonNode) node = json_from_string (lines[i], NULL);
    ChsLinkRow *row = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? read_row (json_node_get_object (node)) : NULL;

    if (row != NULL && row->name[0] != '\0')
      g_ptr_array_add (rows, row);
    else if (row != NULL)
      row_free (row);
  }
  return rows;
}
