/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/fhir-rules.h"
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The rules of R4 are tests/fhir-rules.c; here is what we promise beyond them, after shared/formats/fhir-r4.md: what is
 * always told, which profile is claimed, how many of each. */

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

/* ---- the rules of R4 ---- */

START_TEST (it_is_by_the_rules_of_r4)
{
  g_autofree char *wrong = fhir_check (json_parser_get_root (parser));

  ck_assert_msg (wrong == NULL, "%s", wrong);
}
END_TEST

/* Each is one change that makes a file of R4 none any more, and what is said then. */
static const struct {
  const char *name, *from, *to, *want;
} broken[] = {
  { "an element that is not R4's", "\"gender\":", "\"sex\":\"F\",\"gender\":", "has no element \"sex\"" },
  { "one of another resource", "\"severity\":", "\"component\":[],\"severity\":", "has no element \"component\"" },
  { "a required one is missing", "\"status\":\"finished\",", "", "Encounter without status" },
  { "a code of no binding", "\"gender\":\"female\"", "\"gender\":\"F\"", "is none of male" },
  { "a resource that is not written", "\"resourceType\":\"Patient\"", "\"resourceType\":\"Person\"", "no rules for the resource" },
  { "no array", "\"deviceName\":[{\"name\":\"Chairside\",\"type\":\"user-friendly-name\"}]",
    "\"deviceName\":{\"name\":\"Chairside\",\"type\":\"user-friendly-name\"}", "no array" },
  { "an array", "\"class\":{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"AMB\",\"display\":\"ambulatory\"}",
    "\"class\":[{\"code\":\"AMB\"}]", "an array" },
  { "a time without its zone", "\"start\":\"2026-01-05T14:00:00.000Z\"", "\"start\":\"2026-01-05T14:00:00\"", "is no dateTime" },
  { "a month of none", "\"start\":\"2026-01-05T14", "\"start\":\"2026-13-05T14", "is no dateTime" },
  { "it ends before it begins", "\"start\":\"2026-01-05T14:00:00.000Z\"", "\"start\":\"2027-01-05T14:00:00.000Z\"", "per-1" },
  { "a number in quotes", "\"value\":97,", "\"value\":\"97\",", "no number" },
  { "an empty text", "\"text\":\"Blood pressure\"", "\"text\":\"\"", "is no string" },
  { "a code with a blank at its end", "\"code\":\"85354-9\"", "\"code\":\"85354-9 \"", "is no code" },
  { "a unit that is no vital sign's", "\"code\":\"Cel\"", "\"code\":\"K\"", "the unit of a vital sign" },
  { "a system of nobody", "\"system\":\"http://loinc.org\"", "\"system\":\"http://loink.org\"", "code system" },
  { "a value, and why there is none", "\"dataAbsentReason\":", "\"valueBoolean\":true,\"dataAbsentReason\":", "obs-6" },
  { "two values", "\"valueBoolean\":true", "\"valueBoolean\":true,\"valueQuantity\":{\"value\":1}", "two values" },
  { "neither dose nor rate", "\"rateQuantity\":", "\"text2\":", "has no element" },
  { "a request in a collection", "\"fullUrl\":", "\"request\":{\"method\":\"POST\"},\"fullUrl\":", "has no element \"request\"" },
};

static JsonNode *
change_first (const char *from, const char *to, JsonParser *into)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL, *changed = NULL;
  const char *at;

  json_generator_set_root (generator, json_parser_get_root (parser));
  text = json_generator_to_data (generator, NULL);
  at = strstr (text, from);
  ck_assert_msg (at != NULL, "there is no %s", from);
  changed = g_strdup_printf ("%.*s%s%s", (int) (at - text), text, to, at + strlen (from));
  ck_assert (json_parser_load_from_data (into, changed, -1, NULL));
  return json_parser_get_root (into);
}

START_TEST (what_is_not_r4_is_found)
{
  g_autoptr (JsonParser) changed = json_parser_new ();
  g_autofree char *wrong = fhir_check (change_first (broken[_i].from, broken[_i].to, changed));

  ck_assert_msg (wrong != NULL && strstr (wrong, broken[_i].want) != NULL, "%s: %s", broken[_i].name, wrong != NULL ? wrong : "taken");
}
END_TEST

static char *
url_of (guint i)
{
  return g_strdup (json_object_get_string_member (json_array_get_object_element (entries, i), "fullUrl"));
}

START_TEST (references_are_looked_at)
{
  g_autoptr (JsonParser) dangling = json_parser_new (), wrong_type = json_parser_new (), twice = json_parser_new ();
  g_autofree char *patient = url_of (0), *encounter = url_of (1), *from = g_strdup_printf ("\"reference\":\"%s\"", patient);
  g_autofree char *to = g_strdup_printf ("\"reference\":\"%s\"", encounter);
  g_autofree char *wrong = fhir_check (change_first (from, "\"reference\":\"urn:uuid:0\"", dangling));
  g_autofree char *wrong2 = fhir_check (change_first (from, to, wrong_type)), *wrong3 = NULL;
  g_autofree char *first = g_strdup_printf ("\"fullUrl\":\"%s\"", patient), *second = g_strdup_printf ("\"fullUrl\":\"%s\"", encounter);

  ck_assert_ptr_nonnull (strstr (wrong, "leads nowhere"));
  ck_assert_ptr_nonnull (strstr (wrong2, "leads to Encounter, allowed is Patient"));
  wrong3 = fhir_check (change_first (second, first, twice));
  ck_assert_ptr_nonnull (strstr (wrong3, "bdl-7"));
}
END_TEST

/* ---- a session that was cut off, of somebody of whom nothing is known ---- */

static void
append (ChsStoreWriter *writer, gint64 t_s, guint8 source, ChsEvent event)
{
  event.seq = chs_store_writer_get_next_seq (writer);
  event.t_us = t_s * G_USEC_PER_SEC;
  event.wall_us = SMALL_SESSION_START_WALL_US + event.t_us;
  event.source = source;
  chs_store_writer_append (writer, &event);
}

static GBytes *
export_cut_off (void)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-fhir-XXXXXX", NULL), *path = g_build_filename (dir, "a.chairside", NULL), *missing = NULL;
  const ChsStoreMeta meta = { .session_id = (char *) "cut", .start_wall_us = SMALL_SESSION_START_WALL_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (ChsStoreReader) reader = NULL;
  ChsEvent pump = { .type = CHS_EVENT_PUMP }, mean = chs_numeric (CHS_PARAM_NIBP_MEAN, 80);

  chs_pump_status_init (&pump.pump);
  pump.pump.state = CHS_PUMP_INFUSING;
  pump.pump.rate_ml_h = 100;
  append (writer, 1, 2, pump); /* no drug, no volume */
  append (writer, 2, 1, mean); /* of a cuff that told only this */
  append (writer, 3, 1, chs_numeric (CHS_PARAM_HR, (double) NAN));
  append (writer, 4, 0, (ChsEvent) { .type = CHS_EVENT_ALARM, .alarm = { .action = CHS_ALARM_RAISE, .label = CHS_LABEL_HYPOTENSION,
                                     .priority = CHS_PRIORITY_LOW, .id = 1, .value = NAN, .baseline = NAN, .limit = NAN,
                                     .cause_us = CHS_TIME_NONE, .cause_from_ml_h = NAN, .cause_to_ml_h = NAN } });
  append (writer, 5, CHS_SOURCE_NURSE, (ChsEvent) { .type = CHS_EVENT_NURSE, .nurse = { .action = CHS_NURSE_SCORE, .at_us = CHS_TIME_NONE,
                                        .value = 3, .what = " a score  of no list\n" } });
  append (writer, 6, CHS_SOURCE_NURSE, (ChsEvent) { .type = CHS_EVENT_NURSE, .nurse = { .action = CHS_NURSE_SYMPTOM, .at_us = CHS_TIME_NONE,
                                        .value = NAN, .what = " " } });
  chs_store_writer_close (writer, FALSE, NULL);
  reader = chs_store_reader_new (path, NULL);
  ck_assert (chs_export_run (chs_exporter_find ("fhir"), reader, NULL, out, NULL, NULL, NULL, &missing, NULL));
  g_output_stream_close (out, NULL, NULL);
  chs_store_remove (path, NULL);
  g_rmdir (dir);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* Of an undated session nothing goes into a record, in no format that is one; the rest goes out. */
START_TEST (a_session_without_a_date_is_refused)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-fhir-XXXXXX", NULL), *path = g_build_filename (dir, "a.chairside", NULL);
  const ChsStoreMeta meta = { .session_id = (char *) "undated" };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (ChsStoreReader) reader = NULL;
  ChsEvent hr = chs_numeric (CHS_PARAM_HR, 70);
  guint n;
  const ChsExporter *all = chs_exporters (&n);

  hr.seq = 1;
  hr.source = 1;
  chs_store_writer_append (writer, &hr);
  chs_store_writer_close (writer, TRUE, NULL);
  reader = chs_store_reader_new (path, NULL);
  for (guint i = 0; i < n; i++) {
    g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
    g_autofree char *missing = NULL;
    g_autoptr (GError) error = NULL;
    gboolean done = chs_export_run (&all[i], reader, NULL, out, NULL, NULL, NULL, &missing, &error);

    ck_assert_msg (done == !(strcmp (all[i].id, "fhir") == 0 || strcmp (all[i].id, "hl7") == 0), "%s: %s", all[i].id,
                   error != NULL ? error->message : "taken");
  }
  g_clear_pointer (&reader, chs_store_reader_free);
  chs_store_remove (path, NULL);
  g_rmdir (dir);
}
END_TEST

START_TEST (a_session_that_was_cut_off_is_by_the_rules)
{
  g_autoptr (GBytes) out = export_cut_off ();
  g_autoptr (JsonParser) cut = json_parser_new ();
  g_autofree char *wrong = NULL;

  ck_assert (json_parser_load_from_data (cut, g_bytes_get_data (out, NULL), (gssize) g_bytes_get_size (out), NULL));
  wrong = fhir_check (json_parser_get_root (cut));
  ck_assert_msg (wrong == NULL, "%s", wrong);
  /* nothing is said to be over of which nobody knows */
  ck_assert_ptr_null (memmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out), "\"completed\"", 11));
  ck_assert_ptr_null (memmem (g_bytes_get_data (out, NULL), g_bytes_get_size (out), "\"finished\"", 10));
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
  tcase_add_test (tcase, it_is_by_the_rules_of_r4);
  tcase_add_loop_test (tcase, what_is_not_r4_is_found, 0, G_N_ELEMENTS (broken));
  tcase_add_test (tcase, references_are_looked_at);
  tcase_add_test (tcase, a_session_that_was_cut_off_is_by_the_rules);
  tcase_add_test (tcase, a_session_without_a_date_is_refused);
  tcase_add_loop_test (tcase, required_elements_are_there, 0, G_N_ELEMENTS (resources));
  tcase_add_loop_test (tcase, profiles_hold, 0, G_N_ELEMENTS (profiles));
  tcase_add_test (tcase, an_absent_value_is_no_zero);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
