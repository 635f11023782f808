/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fhir-rules.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name, *type;
  const char *many;  /* "1" once, "?" at most once, "+" array of at least one, "*" array or not there */
  const char *codes; /* code: those of the required binding, blanks between; Reference: types it may lead to; else NULL */
} Element;

typedef struct {
  const char    *type;
  const Element *elements;
} Type;

/* ---- data types ---- */

static const Element period[] = { { "start", "dateTime", "?" }, { "end", "dateTime", "?" }, { NULL } };
static const Element coding[] = { { "system", "uri", "1" }, { "version", "string", "?" }, { "code", "code", "1" },
                                  { "display", "string", "?" }, { NULL } };
static const Element concept[] = { { "coding", "Coding", "*" }, { "text", "string", "?" }, { NULL } };
static const Element quantity[] = { { "value", "decimal", "1" }, { "comparator", "code", "?", "< <= >= >" }, { "unit", "string", "?" },
                                    { "system", "uri", "?" }, { "code", "code", "?" }, { NULL } };
static const Element reference[] = { { "reference", "string", "1" }, { NULL } };
static const Element identifier[] = { { "use", "code", "?", "usual official temp secondary old" }, { "system", "uri", "?" },
                                      { "value", "string", "?" }, { NULL } };
static const Element meta[] = { { "profile", "canonical", "*" }, { NULL } };

/* ---- resources ---- */

static const Element bundle[] = {
  { "resourceType", "code", "1", "Bundle" },
  { "type", "code", "1", "document message transaction transaction-response batch batch-response history searchset collection" },
  { "timestamp", "instant", "?" },
  { "entry", "Entry", "*" },
  { NULL },
};
/* request, response and search are for other kinds of bundle: bdl-2, bdl-3, bdl-4 */
static const Element entry[] = { { "fullUrl", "uri", "1" }, { "resource", "Resource", "1" }, { NULL } };

static const Element patient[] = {
  { "resourceType", "code", "1", "Patient" }, { "id", "id", "?" }, { "identifier", "Identifier", "*" },
  { "gender", "code", "?", "male female other unknown" }, { NULL },
};
static const Element encounter[] = {
  { "resourceType", "code", "1", "Encounter" }, { "id", "id", "?" },
  { "status", "code", "1", "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown" },
  { "class", "Coding", "1" }, { "subject", "Reference", "?", "Patient Group" }, { "period", "Period", "?" }, { NULL },
};
static const Element procedure[] = {
  { "resourceType", "code", "1", "Procedure" }, { "id", "id", "?" },
  { "status", "code", "1", "preparation in-progress not-done on-hold stopped completed entered-in-error unknown" },
  { "code", "CodeableConcept", "?" }, { "subject", "Reference", "1", "Patient Group" },
  { "encounter", "Reference", "?", "Encounter" }, { "performedPeriod", "Period", "?" }, { NULL },
};
static const Element device[] = {
  { "resourceType", "code", "1", "Device" }, { "id", "id", "?" }, { "deviceName", "DeviceName", "*" }, { "version", "DeviceVersion", "*" },
  { NULL },
};
static const Element device_name[] = {
  { "name", "string", "1" },
  { "type", "code", "1", "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other" }, { NULL },
};
static const Element device_version[] = { { "value", "string", "1" }, { NULL } };
static const Element observation[] = {
  { "resourceType", "code", "1", "Observation" }, { "id", "id", "?" }, { "meta", "Meta", "?" },
  { "status", "code", "1", "registered preliminary final amended corrected cancelled entered-in-error unknown" },
  { "category", "CodeableConcept", "*" }, { "code", "CodeableConcept", "1" },
  { "subject", "Reference", "?", "Patient Group Device Location" }, { "encounter", "Reference", "?", "Encounter" },
  { "effectiveDateTime", "dateTime", "?" }, { "valueQuantity", "Quantity", "?" }, { "valueBoolean", "boolean", "?" },
  { "dataAbsentReason", "CodeableConcept", "?" }, { "device", "Reference", "?", "Device DeviceMetric" },
  { "component", "ObservationComponent", "*" }, { NULL },
};
static const Element component[] = {
  { "code", "CodeableConcept", "1" }, { "valueQuantity", "Quantity", "?" }, { "dataAbsentReason", "CodeableConcept", "?" }, { NULL },
};
static const Element administration[] = {
  { "resourceType", "code", "1", "MedicationAdministration" }, { "id", "id", "?" },
  { "partOf", "Reference", "*", "MedicationAdministration Procedure" },
  { "status", "code", "1", "in-progress not-done on-hold completed entered-in-error stopped unknown" },
  { "medicationCodeableConcept", "CodeableConcept", "1" }, /* of medication[x] the one that we write */
  { "subject", "Reference", "1", "Patient Group" }, { "context", "Reference", "?", "Encounter EpisodeOfCare" },
  { "effectivePeriod", "Period", "1" }, /* likewise */
  { "device", "Reference", "*", "Device" }, { "dosage", "Dosage", "?" }, { NULL },
};
static const Element dosage[] = {
  { "text", "string", "?" }, { "dose", "Quantity", "?" }, { "rateQuantity", "Quantity", "?" }, { NULL },
};
static const Element issue[] = {
  { "resourceType", "code", "1", "DetectedIssue" }, { "id", "id", "?" },
  { "status", "code", "1", "registered preliminary final amended corrected cancelled entered-in-error unknown" },
  { "code", "CodeableConcept", "?" }, { "severity", "code", "?", "high moderate low" }, { "patient", "Reference", "?", "Patient" },
  { "identifiedPeriod", "Period", "?" }, { "author", "Reference", "?", "Practitioner PractitionerRole Device" },
  { "implicated", "Reference", "*", "" /* any */ }, { "detail", "string", "?" }, { "mitigation", "Mitigation", "*" }, { NULL },
};
static const Element mitigation[] = { { "action", "CodeableConcept", "1" }, { "date", "dateTime", "?" }, { NULL } };

static const Type types[] = {
  { "Period", period }, { "Coding", coding }, { "CodeableConcept", concept }, { "Quantity", quantity }, { "Reference", reference },
  { "Identifier", identifier }, { "Meta", meta }, { "Bundle", bundle }, { "Entry", entry }, { "DeviceName", device_name },
  { "DeviceVersion", device_version }, { "ObservationComponent", component }, { "Dosage", dosage }, { "Mitigation", mitigation },
  { "Patient", patient }, { "Encounter", encounter }, { "Procedure", procedure }, { "Device", device }, { "Observation", observation },
  { "MedicationAdministration", administration }, { "DetectedIssue", issue },
};

/* A year that is none is 0000; a leap second is allowed. */
#define DATE "(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])"
#define CLOCK "T([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?(Z|[+-]((0\\d|1[0-3]):[0-5]\\d|14:00))"

static const struct {
  const char *type, *pattern;
} texts[] = {
  { "string", "^[ \\r\\n\\t\\S]+$" },     { "code", "^\\S+(\\s\\S+)*$" }, { "id", "^[A-Za-z0-9.-]{1,64}$" },
  { "uri", "^\\S+$" },                    { "canonical", "^\\S+$" },      { "instant", "^" DATE CLOCK "$" },
  { "dateTime", "^((?!0000)\\d{4}(-(0[1-9]|1[0-2]))?|" DATE "(" CLOCK ")?)$" },
};

/* Code systems that we name. */
static const char *const systems[] = {
  "http://loinc.org", "http://unitsofmeasure.org", "urn:iso:std:iso:11073:10101", "urn:chairside:patient", "urn:chairside:alarm",
  "urn:chairside:symptom", "urn:chairside:score", "http://terminology.hl7.org/CodeSystem/observation-category",
  "http://terminology.hl7.org/CodeSystem/data-absent-reason", "http://terminology.hl7.org/CodeSystem/v3-ActCode",
};

/* ---- walking ---- */

typedef struct {
  GHashTable *resources; /* fullUrl: JsonObject */
  GString    *path;
  char       *wrong;
} Check;

static gboolean G_GNUC_PRINTF (2, 3)
fail (Check *self, const char *format, ...)
{
  g_autofree char *words = NULL;
  va_list args;

  va_start (args, format);
  words = g_strdup_vprintf (format, args);
  va_end (args);
  if (self->wrong == NULL)
    self->wrong = g_strdup_printf ("%s: %s", self->path->str, words);
  return FALSE;
}

static const Element *
elements_of (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].type, type) == 0)
      return types[i].elements;
  return NULL;
}

static gboolean
is_word (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

static gboolean
check_text (Check *self, const Element *element, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].type, element->type) == 0 && !g_regex_match_simple (texts[i].pattern, text, G_REGEX_DOLLAR_ENDONLY, 0))
      return fail (self, "\"%s\" is no %s", text, element->type);
  if (element->codes != NULL && !is_word (element->codes, text))
    return fail (self, "\"%s\" is none of %s", text, element->codes);
  if (strcmp (element->name, "system") == 0 && !g_strv_contains (systems, text))
    return fail (self, "code system %s", text);
  return TRUE;
}

static gboolean
check_primitive (Check *self, const Element *element, JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (strcmp (element->type, "boolean") == 0)
    return type == G_TYPE_BOOLEAN || fail (self, "no boolean");
  if (strcmp (element->type, "decimal") == 0)
    return ((type == G_TYPE_DOUBLE || type == G_TYPE_INT64) && isfinite (json_node_get_double (node))) || fail (self, "no number");
  return type == G_TYPE_STRING ? check_text (self, element, json_node_get_string (node)) : fail (self, "no text");
}

static gboolean
check_reference (Check *self, const Element *element, JsonObject *object)
{
  const char *url = json_object_get_string_member_with_default (object, "reference", "");
  JsonObject *target = g_hash_table_lookup (self->resources, url);

  if (target == NULL)
    return fail (self, "%s leads nowhere", url);
  if (element->codes[0] != '\0' && !is_word (element->codes, json_object_get_string_member (target, "resourceType")))
    return fail (self, "leads to %s, allowed is %s", json_object_get_string_member (target, "resourceType"), element->codes);
  return TRUE;
}

static gboolean check_object (Check *self, const char *type, JsonObject *object);

static gboolean
check_one (Check *self, const Element *element, JsonNode *node)
{
  const char *type = element->type;

  if (strcmp (type, "Resource") == 0)
    type = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_string_member_with_default (json_node_get_object (node), "resourceType", "") : "";
  if (elements_of (type) == NULL)
    return strcmp (element->type, "Resource") == 0 ? fail (self, "no rules for the resource \"%s\"", type)
                                                   : check_primitive (self, element, node);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (self, "no object");
  return check_object (self, type, json_node_get_object (node)) &&
         (strcmp (type, "Reference") != 0 || check_reference (self, element, json_node_get_object (node)));
}

static gboolean
check_element (Check *self, const Element *element, JsonNode *node)
{
  gsize here = self->path->len;
  JsonArray *array;
  gboolean good = TRUE;

  g_string_append_printf (self->path, ".%s", element->name);
  if (strchr ("1?", element->many[0]) != NULL) {
    good = JSON_NODE_HOLDS_ARRAY (node) ? fail (self, "an array") : check_one (self, element, node);
  } else if (!JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) == 0) {
    good = fail (self, "no array, or an empty one");
  } else {
    array = json_node_get_array (node);
    for (guint i = 0; good && i < json_array_get_length (array); i++) {
      gsize before = self->path->len;

      g_string_append_printf (self->path, "[%u]", i);
      good = check_one (self, element, json_array_get_element (array, i));
      g_string_truncate (self->path, before);
    }
  }
  g_string_truncate (self->path, here);
  return good;
}

/* ---- what no table holds ---- */

static gboolean
has (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name);
}

static gboolean
check_period (Check *self, JsonObject *object)
{
  const char *start = json_object_get_string_member_with_default (object, "start", "");
  const char *end = json_object_get_string_member_with_default (object, "end", "9");

  /* all are UTC with milliseconds, so their order is that of their letters */
  return strcmp (start, end) <= 0 || fail (self, "per-1: it ends before it begins");
}

static gboolean
check_quantity (Check *self, JsonObject *object)
{
  return !has (object, "code") || has (object, "system") || fail (self, "qty-3: a code without its system");
}

static guint
count_values (JsonObject *object)
{
  return (guint) has (object, "valueQuantity") + (guint) has (object, "valueBoolean");
}

/* One value[x] at most, and obs-6; by the vital-signs profile a component needs one of the two (vs-3). */
static gboolean
check_value (Check *self, JsonObject *object, gboolean is_needed)
{
  if (count_values (object) > 1)
    return fail (self, "two values");
  if (count_values (object) == 1 && has (object, "dataAbsentReason"))
    return fail (self, "obs-6: a value, and why there is none");
  return !is_needed || count_values (object) == 1 || has (object, "dataAbsentReason") || fail (self, "vs-2, vs-3: neither a value nor why");
}

static gboolean
has_coding (JsonObject *concept_object, const char *system, const char *code)
{
  JsonArray *codings = has (concept_object, "coding") ? json_object_get_array_member (concept_object, "coding") : NULL;

  for (guint i = 0; codings != NULL && i < json_array_get_length (codings); i++) {
    JsonObject *one = json_array_get_object_element (codings, i);

    if (strcmp (json_object_get_string_member (one, "system"), system) == 0 &&
        (code == NULL || strcmp (json_object_get_string_member (one, "code"), code) == 0))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_component (Check *self, JsonObject *object)
{
  return check_value (self, object, TRUE);
}

/* Vital signs of R4: subject, time, category, UCUM unit of the closed set. */
static gboolean
check_vital (Check *self, JsonObject *object)
{
  static const char units[] = "% cm [in_i] kg g [lb_av] Cel [degF] mm[Hg] /min kg/m2 m2";
  JsonObject *value = has (object, "valueQuantity") ? json_object_get_object_member (object, "valueQuantity") : NULL;

  if (!has (object, "subject") || !has (object, "effectiveDateTime"))
    return fail (self, "a vital sign without subject or time");
  if (strlen (json_object_get_string_member (object, "effectiveDateTime")) < strlen ("2026-01-01"))
    return fail (self, "vs-1: no day");
  if (value != NULL && (!has (value, "unit") || !has (value, "code") || !is_word (units, json_object_get_string_member (value, "code"))))
    return fail (self, "the unit of a vital sign");
  return TRUE;
}

static gboolean
check_observation (Check *self, JsonObject *object)
{
  JsonArray *categories = has (object, "category") ? json_object_get_array_member (object, "category") : NULL;
  gboolean is_vital = FALSE;

  for (guint i = 0; categories != NULL && i < json_array_get_length (categories); i++)
    is_vital |= has_coding (json_array_get_object_element (categories, i), "http://terminology.hl7.org/CodeSystem/observation-category",
                            "vital-signs");
  if (has (object, "meta") && !is_vital)
    return fail (self, "claims a profile of vital signs and is in another category");
  if (has (object, "component") && count_values (object) > 0)
    return fail (self, "a value beside components");
  return check_value (self, object, !has (object, "component")) && (!is_vital || !has (object, "meta") || check_vital (self, object));
}

static gboolean
check_dosage (Check *self, JsonObject *object)
{
  return has (object, "dose") || has (object, "rateQuantity") || fail (self, "mad-1: neither dose nor rate");
}

static gboolean
check_concept (Check *self, JsonObject *object)
{
  return has (object, "coding") || has (object, "text") || fail (self, "a concept of nothing");
}

static gboolean
check_entry (Check *self, JsonObject *object)
{
  return g_regex_match_simple ("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$",
                               json_object_get_string_member (object, "fullUrl"), 0, 0) ||
         fail (self, "fullUrl is no urn:uuid of ours");
}

static const struct {
  const char *type;
  gboolean (*check) (Check *self, JsonObject *object);
} invariants[] = {
  { "Period", check_period },           { "Quantity", check_quantity },       { "Observation", check_observation },
  { "ObservationComponent", check_component }, { "Dosage", check_dosage },    { "CodeableConcept", check_concept },
  { "Entry", check_entry },
};

static gboolean
check_object (Check *self, const char *type, JsonObject *object)
{
  const Element *elements = elements_of (type);
  g_autoptr (GList) members = json_object_get_members (object);

  if (members == NULL)
    return fail (self, "an empty object");
  for (const Element *element = elements; element->name != NULL; element++)
    if (strchr ("1+", element->many[0]) != NULL && !has (object, element->name))
      return fail (self, "%s without %s", type, element->name);
  for (GList *l = members; l != NULL; l = l->next) {
    const Element *element = elements;

    while (element->name != NULL && strcmp (element->name, l->data) != 0)
      element++;
    if (element->name == NULL)
      return fail (self, "%s has no element \"%s\"", type, (const char *) l->data);
    if (!check_element (self, element, json_object_get_member (object, l->data)))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (invariants); i++)
    if (strcmp (invariants[i].type, type) == 0 && !invariants[i].check (self, object))
      return FALSE;
  return TRUE;
}

/* bdl-7: a fullUrl once; what references lead to. */
static gboolean
collect (Check *self, JsonObject *object)
{
  JsonArray *entries = has (object, "entry") && JSON_NODE_HOLDS_ARRAY (json_object_get_member (object, "entry"))
                         ? json_object_get_array_member (object, "entry") : NULL;

  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++) {
    JsonNode *node = json_array_get_element (entries, i);
    JsonObject *one = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (one == NULL || !has (one, "fullUrl") || !has (one, "resource") || !JSON_NODE_HOLDS_OBJECT (json_object_get_member (one, "resource")))
      continue; /* told later */
    if (!g_hash_table_insert (self->resources, (gpointer) json_object_get_string_member (one, "fullUrl"),
                              json_object_get_object_member (one, "resource")))
      return fail (self, "bdl-7: %s is there twice", json_object_get_string_member (one, "fullUrl"));
  }
  return TRUE;
}

char *
fhir_check (JsonNode *root)
{
  Check self = { .resources = g_hash_table_new (g_str_hash, g_str_equal), .path = g_string_new ("Bundle") };

  if (!JSON_NODE_HOLDS_OBJECT (root))
    fail (&self, "no object");
  else if (collect (&self, json_node_get_object (root)))
    check_object (&self, "Bundle", json_node_get_object (root));
  g_hash_table_unref (self.resources);
  g_string_free (self.path, TRUE);
  return self.wrong;
}
