/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/machine.h"

#include "ui/preferences.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* ---- reading ---- */

static JsonNode *
get_value (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

const char *
chs_machine_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

double
chs_machine_get_number (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);
  GType     type = node ? json_node_get_value_type (node) : G_TYPE_NONE;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : (double) NAN;
}

gboolean
chs_machine_get_flag (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

JsonObject *
chs_machine_get_part (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Returns: (transfer full) (nullable) */
static JsonObject *
parse (const char *json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode              *root;

  if (!json_parser_load_from_data (parser, json, -1, NULL))
    return NULL;
  root = json_parser_get_root (parser);

  return root && JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root)) : NULL;
}

static int
in_day (double minutes, int fallback)
{
  return minutes >= 0 && minutes < 24 * 60 ? (int) minutes : fallback;
}

static double
in_range (double value, double least, double most)
{
  return value >= least && value <= most ? value : 0.0;
}

/* Returns: (transfer full) (nullable): the texts of an array; NULL when there is none */
static char **
dup_texts (JsonObject *object, const char *name)
{
  JsonNode                *node = object ? json_object_get_member (object, name) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray               *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (json_node_get_value_type (json_array_get_element (array, i)) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_array_get_string_element (array, i));

  return g_strv_builder_end (builder);
}

/* ---- answers ---- */

static void
take_screen (ChsMachine *self, JsonObject *answer)
{
  const char *language = chs_machine_get_text (answer, "language");

  g_strlcpy (self->language, language ? language : "", sizeof self->language);
  self->text_scale = in_range (chs_machine_get_number (answer, "text_scale"), CHS_TEXT_SCALE_MIN, CHS_TEXT_SCALE_MAX);
  self->diagonal_in = in_range (chs_machine_get_number (answer, "diagonal_in"), CHS_DIAGONAL_MIN_IN, CHS_DIAGONAL_MAX_IN);
}

gboolean
chs_machine_take_settings (ChsMachine *self, const char *json)
{
  g_autoptr (JsonObject) answer = parse (json);
  const char            *look = chs_machine_get_text (answer, "look");
  double                 dim = chs_machine_get_number (answer, "dim_min");

  if (answer == NULL)
    return FALSE;

  take_screen (self, answer);
  g_strfreev (self->therapies);
  self->therapies = dup_texts (answer, "therapies");
  g_strlcpy (self->look, look ? look : "auto", sizeof self->look);
  self->night_from = in_day (chs_machine_get_number (answer, "night_from"), self->night_from);
  self->night_to = in_day (chs_machine_get_number (answer, "night_to"), self->night_to);
  self->dim_min = dim >= 0 && dim <= 240 ? (guint) dim : 0;
  self->volume_db = chs_machine_get_number (answer, "volume_db");
  self->floor_db = chs_machine_get_number (answer, "floor_db");
  self->has_pin = chs_machine_get_flag (answer, "pin_set");
  self->is_known = TRUE;

  return TRUE;
}

gboolean
chs_machine_take_health (ChsMachine *self, const char *json)
{
  JsonObject *answer = parse (json);

  if (answer == NULL)
    return FALSE;

  g_clear_pointer (&self->health, json_object_unref);
  g_strfreev (self->findings);
  self->health = answer;
  self->findings = dup_texts (answer, "findings");

  return TRUE;
}

void
chs_machine_init (ChsMachine *self)
{
  *self = (ChsMachine){ .look = "auto", .volume_db = NAN, .floor_db = NAN };
}

void
chs_machine_clear (ChsMachine *self)
{
  g_clear_pointer (&self->health, json_object_unref);
  g_clear_pointer (&self->findings, g_strfreev);
  g_clear_pointer (&self->therapies, g_strfreev);
}

gboolean
chs_machine_is_night (const ChsMachine *self, int minute)
{
  if (self->night_from <= self->night_to)
    return minute >= self->night_from && minute < self->night_to;

  return minute >= self->night_from || minute < self->night_to;
}

/* ---- advice ---- */

/* Those that are alarms of their own are not told twice. */
static const struct {
  const char *id, *words;
} advice[] = {
  { "sound_not_heard", N_("Alarm sound not heard") },
  { "hot", N_("Computer too hot") },
  { "sound_test_due", N_("Sound test is due") },
  { "clock_not_synchronised", N_("Clock not compared") },
};

char *
chs_machine_dup_advice (const ChsMachine *self)
{
  double days = chs_machine_get_number (chs_machine_get_part (self->health, "storage"), "days_left");

  if (self->findings == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (advice); i++)
    if (g_strv_contains ((const char *const *) self->findings, advice[i].id))
      return g_strdup (_(advice[i].words));
  if (isnan (days) || !g_strv_contains ((const char *const *) self->findings, "storage_low"))
    return NULL; /* the alarm says it; the days are ours */

  /* Translators: room for recordings */
  return g_strdup_printf (ngettext ("Storage full in %.0f day",
                                       "Storage full in %.0f days", (gulong) fmax (days, 0)),
                          floor (fmax (days, 0)));
}
