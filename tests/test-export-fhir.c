/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/small-session.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Rules of our own after shared/formats/fhir-r4.md: what is required, from which code systems, that references
 * resolve. */

static JsonParser *parser;
static JsonArray  *entries;
static GHashTable *types; /* "urn:uuid:..." -> resourceType */

static void
setup (void)
{
  g_autoptr (GBytes) out = small_session_export (chs_exporter_find ("fhir"));
  g_autoptr (GError) error = NULL;
  JsonObject *bundle;

  parser = json_parser_new ();
  ck_assert_msg (json_parser_load_from_data (parser, g_bytes_get_data (out, NULL), -1, &error), "%s",
                 error != NULL ? error->message : "");
  bundle = json_node_get_object (json_parser_get_root (parser));
  ck_assert_str_eq (json_object_get_string_member (bundle, "resourceType"), "Bundle");
  ck_assert_str_eq (json_object_get_string_member (bundle, "type"), "collection");
  entries = json_object_get_array_member (bundle, "entry");
  types = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = json_array_get_object_element (entries, i);
    JsonObject *resource = json_object_get_object_member (entry, "resource");

    ck_assert_msg (g_hash_table_insert (types, (gpointer) json_object_get_string_member (entry, "fullUrl"),
                                        (gpointer) json_object_get_string_member (resource, "resourceType")),
                   "fullUrl is there twice");
    ck_assert (g_regex_match_simple ("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$",
                                     json_object_get_string_member (entry, "fullUrl"), 0, 0));
  }
}

static void
teardown (void)
{
  g_clear_object (&parser);
  g_clear_pointer (&types, g_hash_table_unref);
}

static JsonObject *
get_resource (guint i)
{
  return json_object_get_object_member (json_array_get_object_element (entries, i), "resource");
}

/* ---- whatever stands anywhere ---- */

static void check_node (JsonNode *node);

static void
check_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  ck_assert_msg (!json_node_is_null (node), "%s is null", name);
  if (strcmp (name, "reference") == 0)
    ck_assert_msg (g_hash_table_contains (types, json_node_get_string (node)), "%s leads nowhere", json_node_get_string (node));
  if (strcmp (name, "start") == 0 || strcmp (name, "end") == 0 || g_str_has_suffix (name, "DateTime"))
    ck_assert_msg (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$", json_node_get_string (node), 0, 0), "%s",
                   json_node_get_string (node));
  if (strcmp (name, "system") == 0)
    ck_assert_msg (g_regex_match_simple ("^(http://loinc\\.org|http://unitsofmeasure\\.org|urn:iso:std:iso:11073:10101|urn:chairside:"
                                         "(patient|alarm|symptom|score)|http://terminology\\.hl7\\.org/CodeSystem/(observation-category|"
                                         "data-absent-reason|v3-ActCode))$",
                                         json_node_get_string (node), 0, 0),
                   "code system %s", json_node_get_string (node));
  check_node (node);
}

static void
check_node (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    ck_assert_msg (json_object_get_size (json_node_get_object (node)) > 0, "an empty object");
    json_object_foreach_member (json_node_get_object (node), check_member, NULL);
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    ck_assert_msg (json_array_get_length (array) > 0, "an empty array");
    for (guint i = 0; i < json_array_get_length (array); i++)
      check_node (json_array_get_element (array, i));
  } else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    ck_assert_msg (json_node_get_string (node)[0] != '\0', "an empty string");
  }
}

START_TEST (nothing_is_empty_and_references_resolve)
{
  check_node (json_parser_get_root (parser));
}
END_TEST

/* ---- required elements ---- */

static const struct {
  const char *type, *required; /* blank-separated; "a|b" = one of them */
  guint       count;           /* 0 = any number */
} resources[] = {
  { "Patient", "identifier gender", 1 },
  { "Encounter", "status class subject period", 1 },
  { "Procedure", "status subject code performedPeriod", 1 },
  { "Device", "deviceName", 3 },
  { "Observation", "status category code subject effectiveDateTime valueQuantity|valueBoolean|component|dataAbsentReason", 0 },
  { "MedicationAdministration", "status medicationCodeableConcept subject effectivePeriod dosage device partOf", 2 },
  { "DetectedIssue", "status code severity patient identifiedPeriod author implicated detail mitigation", 1 },
};

static gboolean
has_one_of (JsonObject *resource, const char *names)
{
  g_auto (GStrv) list = g_strsplit (names, "|", -1);

  for (char **name = list; *name != NULL; name++)
    if (json_object_has_member (resource, *name))
      return TRUE;
  return FALSE;
}

START_TEST (required_elements_are_there)
{
  g_auto (GStrv) required = g_strsplit (resources[_i].required, " ", -1);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *resource = get_resource (i);

    if (strcmp (json_object_get_string_member (resource, "resourceType"), resources[_i].type) != 0)
      continue;
    n++;
    for (char **names = required; *names != NULL; names++)
      ck_assert_msg (has_one_of (resource, *names), "%s without %s", resources[_i].type, *names);
  }
  ck_assert_uint_gt (n, 0);
  if (resources[_i].count > 0)
    ck_assert_uint_eq (n, resources[_i].count);
}
END_TEST

/* ---- the vital-signs profiles ---- */

static const struct {
  const char *profile, *loinc, *unit; /* unit NULL: components */
  guint       count;
} profiles[] = {
  { "bp", "85354-9", NULL, 2 },         { "heartrate", "8867-4", "/min", 12 }, { "oxygensat", "2708-6", "%", 12 },
  { "resprate", "9279-1", "/min", 1 },  { "bodytemp", "8310-5", "Cel", 1 },    { "bodyweight", "29463-7", "kg", 1 },
};

static guint
count_code (JsonObject *object, const char *loinc)
{
  JsonArray *coding = json_object_get_array_member (json_object_get_object_member (object, "code"), "coding");
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (coding); i++)
    n += strcmp (json_object_get_string_member (json_array_get_object_element (coding, i), "code"), loinc) == 0;
  return n;
}

static void
check_quantity (JsonObject *object, const char *unit)
{
  JsonObject *quantity;

  ck_assert_msg (json_object_has_member (object, "valueQuantity") != json_object_has_member (object, "dataAbsentReason"),
                 "a value or the reason why there is none");
  if (!json_object_has_member (object, "valueQuantity"))
    return;
  quantity = json_object_get_object_member (object, "valueQuantity");
  ck_assert_str_eq (json_object_get_string_member (quantity, "system"), "http://unitsofmeasure.org");
  ck_assert_str_eq (json_object_get_string_member (quantity, "code"), unit);
  ck_assert (json_object_has_member (quantity, "unit"));
  ck_assert_double_gt (json_object_get_double_member (quantity, "value"), 0.0);
}

static void
check_pressure (JsonObject *observation)
{
  JsonArray *components = json_object_get_array_member (observation, "component");
  guint sys = 0, dia = 0;

  ck_assert (!json_object_has_member (observation, "valueQuantity"));
  for (guint i = 0; i < json_array_get_length (components); i++) {
    JsonObject *component = json_array_get_object_element (components, i);

    sys += count_code (component, "8480-6");
    dia += count_code (component, "8462-4");
    check_quantity (component, "mm[Hg]");
  }
  ck_assert_uint_eq (sys, 1);
  ck_assert_uint_eq (dia, 1);
}

START_TEST (profiles_hold)
{
  g_autofree char *url = g_strconcat ("http://hl7.org/fhir/StructureDefinition/", profiles[_i].profile, NULL);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *resource = get_resource (i);

    if (!json_object_has_member (resource, "meta")
        || strcmp (json_array_get_string_element (json_object_get_array_member (json_object_get_object_member (resource, "meta"), "profile"), 0), url) != 0)
      continue;
    n++;
    ck_assert_uint_eq (count_code (resource, profiles[_i].loinc), 1);
    if (profiles[_i].unit != NULL)
      check_quantity (resource, profiles[_i].unit);
    else
      check_pressure (resource);
  }
  ck_assert_uint_eq (n, profiles[_i].count);
}
END_TEST

START_TEST (an_absent_value_is_no_zero)
{
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    n += json_object_has_member (get_resource (i), "dataAbsentReason");
  ck_assert_uint_eq (n, 1); /* the oximeter's fourth minute */
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("export-fhir");
  TCase *tcase = tcase_create ("fhir");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, nothing_is_empty_and_references_resolve);
  tcase_add_loop_test (tcase, required_elements_are_there, 0, G_N_ELEMENTS (resources));
  tcase_add_loop_test (tcase, profiles_hold, 0, G_N_ELEMENTS (profiles));
  tcase_add_test (tcase, an_absent_value_is_no_zero);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
