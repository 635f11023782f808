/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described-private.h"

#include "data/ini.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The loader. Every key stands in a table with its range; what only shows when all is read (a field without its
 * expression, a file that asks and nobody has reviewed) is checked at the end, and told at the line of its group. */

#define REGEX_MAX 256
/* A frame has 1024 bytes at most; an expression that tries more often than this is no reading of a frame. The limits
 * are PCRE's own, set in front of the expression; nothing in it can raise them. */
#define REGEX_LIMITS "(*LIMIT_MATCH=20000)(*LIMIT_DEPTH=2000)(*LIMIT_HEAP=512)"

const char *const chs_field_ids[]
    = { "rate", "volume", "vtbi", "remaining", "pressure", "drug", "battery", "state", "serial", NULL };

static const char *const kind_words[] = { "volumetric", "syringe", "drip", "laboratory", NULL };
static const char *const truth_words[] = { "false", "true", NULL };
static const char *const parity_words[] = { "none", "even", "odd", NULL };
static const char *const flow_words[] = { "none", NULL };
static const char *const sum_words[]
    = { "none", "sum8", "xor8", "ff-sum8", "sum16", "crc16-ccitt-false", "crc16-xmodem", "crc16-modbus", NULL };
static const char *const sum_form_words[] = { "hex2", "hex4", "dec5", "raw", NULL };
static const char *const sum_from_words[] = { "start", "after-start", NULL };
static const char *const sum_to_words[] = { "before-sum", NULL };
static const char *const mode_words[] = { "listen", "query", NULL };
static const char *const type_words[] = { "decimal", "hex", "text", "time", "map", NULL };

typedef enum { KEY_TEXT, KEY_NUMBER, KEY_WORD, KEY_MARK } KeyKind;

typedef struct {
  const char *group, *key;
  KeyKind     kind;
  gsize       offset;
  guint       least, most;         /* of a number; longest text */
  const char *const *words;
} Key;

#define AT(member) G_STRUCT_OFFSET (ChsDescribed, member)

static const Key keys[] = {
  { "device", "name", KEY_TEXT, AT (name), 1, 40, NULL },
  { "device", "source", KEY_TEXT, AT (source), 1, 200, NULL },
  { "device", "kind", KEY_WORD, AT (kind), 0, 0, kind_words },
  { "device", "clinical", KEY_WORD, AT (clinical), 0, 0, truth_words },
  { "serial", "baud", KEY_NUMBER, AT (baud), 300, 921600, NULL },
  { "serial", "bits", KEY_NUMBER, AT (bits), 7, 8, NULL },
  { "serial", "parity", KEY_WORD, AT (parity), 0, 0, parity_words },
  { "serial", "stop", KEY_NUMBER, AT (stop), 1, 2, NULL },
  { "serial", "flow", KEY_WORD, AT (flow), 0, 0, flow_words },
  { "frame", "start", KEY_MARK, AT (frame.start), 0, 0, NULL },
  { "frame", "end", KEY_MARK, AT (frame.end), 0, 0, NULL },
  { "frame", "max", KEY_NUMBER, AT (frame.max), 8, CHS_DESCRIBED_FRAME_MAX, NULL },
  { "frame", "idle_ms", KEY_NUMBER, AT (frame.idle_ms), 0, 10000, NULL },
  { "frame", "checksum", KEY_WORD, AT (frame.sum), 0, 0, sum_words },
  { "frame", "checksum_form", KEY_WORD, AT (frame.sum_form), 0, 0, sum_form_words },
  { "frame", "checksum_from", KEY_WORD, AT (frame.sum_from), 0, 0, sum_from_words },
  { "frame", "checksum_to", KEY_WORD, AT (frame.sum_to), 0, 0, sum_to_words },
  { "poll", "mode", KEY_WORD, AT (is_query), 0, 0, mode_words },
  { "poll", "queries", KEY_TEXT, AT (queries_text), 0, 400, NULL },
  { "poll", "reviewed_by", KEY_TEXT, AT (reviewed_by), 0, 80, NULL },
  { "poll", "interval_ms", KEY_NUMBER, AT (interval_ms), 200, 60000, NULL },
  { "poll", "timeout_ms", KEY_NUMBER, AT (timeout_ms), 50, 10000, NULL },
  { "poll", "lost_ms", KEY_NUMBER, AT (lost_ms), 500, 600000, NULL },
  { "drip", "no_drops_s", KEY_NUMBER, AT (no_drops_s), 5, 600, NULL },
  { "drip", "free_flow_s", KEY_NUMBER, AT (free_flow_s), 2, 60, NULL },
  { "sim", "interval_ms", KEY_NUMBER, AT (sim_interval_ms), 100, 60000, NULL },
  { "sim", "line", KEY_TEXT, AT (sim_line), 1, CHS_TEMPLATE_MAX, NULL },
};

static const char *const group_names[]
    = { "device", "serial", "frame", "poll", "drip", "sim", "field.NAME", "alarm.NAME", NULL };
static const char *const field_keys[] = { "regex", "group", "type", "scale", "offset", "unit", "map", "query", NULL };
static const char *const alarm_keys[] = { "regex", NULL };

/* Names of alarms in a file, and what they are to us. */
static const struct {
  const char *name;
  guint32     bit;
} alarm_names[CHS_DESCRIBED_ALARMS] = {
  { "occlusion", CHS_PUMP_ALARM_OCCLUSION },   { "air", CHS_PUMP_ALARM_AIR },
  { "end", CHS_PUMP_ALARM_END_VTBI },          { "near_end", CHS_PUMP_ALARM_NEAR_END },
  { "door", CHS_PUMP_ALARM_DOOR },             { "battery_low", CHS_PUMP_ALARM_BATTERY_LOW },
  { "battery_empty", CHS_PUMP_ALARM_BATTERY_EMPTY }, { "syringe", CHS_PUMP_ALARM_SYRINGE },
  { "pressure", CHS_PUMP_ALARM_OCCLUSION },     { "drop", CHS_PUMP_ALARM_DROP },
  { "free_flow", CHS_PUMP_ALARM_FREE_FLOW },   { "standby", CHS_PUMP_ALARM_STANDBY_END },
  { "fault", CHS_PUMP_ALARM_FAULT },           { "communication", CHS_PUMP_ALARM_COMMUNICATION },
  { "other", CHS_PUMP_ALARM_OTHER },
};

static const ChsFieldUnit units[] = {
  { CHS_FIELD_RATE, "ml/h", 1, FALSE, FALSE, 0 },
  { CHS_FIELD_RATE, "ml/min", 60, FALSE, FALSE, 0 },
  { CHS_FIELD_RATE, "ul/h", 1e-3, FALSE, FALSE, 0 },
  { CHS_FIELD_RATE, "ul/min", 0.06, FALSE, FALSE, 0 },
  { CHS_FIELD_RATE, "drops/min", 60, TRUE, FALSE, 0 },
  { CHS_FIELD_VOLUME, "ml", 1, FALSE, FALSE, 0 },
  { CHS_FIELD_VOLUME, "ul", 1e-3, FALSE, FALSE, 0 },
  { CHS_FIELD_VOLUME, "drops", 1, TRUE, FALSE, 0 },
  { CHS_FIELD_VTBI, "ml", 1, FALSE, FALSE, 0 },
  { CHS_FIELD_VTBI, "ul", 1e-3, FALSE, FALSE, 0 },
  { CHS_FIELD_REMAINING, "s", 1, FALSE, FALSE, 0 },
  { CHS_FIELD_REMAINING, "min", 60, FALSE, FALSE, 0 },
  { CHS_FIELD_REMAINING, "h", 3600, FALSE, FALSE, 0 },
  { CHS_FIELD_PRESSURE, "mmHg", 1, FALSE, FALSE, CHS_UNIT_MMHG },
  { CHS_FIELD_PRESSURE, "kPa", 7.50062, FALSE, FALSE, CHS_UNIT_MMHG },
  { CHS_FIELD_PRESSURE, "mbar", 0.750062, FALSE, FALSE, CHS_UNIT_MMHG },
  { CHS_FIELD_PRESSURE, "psi", 51.7149, FALSE, FALSE, CHS_UNIT_MMHG },
  { CHS_FIELD_PRESSURE, "%limit", 1, FALSE, FALSE, CHS_UNIT_PERCENT_LIMIT },
  { CHS_FIELD_PRESSURE, "step", 1, FALSE, FALSE, CHS_UNIT_STEP },
  { CHS_FIELD_BATTERY, "min", 1, FALSE, FALSE, 0 },
  { CHS_FIELD_BATTERY, "h", 60, FALSE, FALSE, 0 },
  { CHS_FIELD_BATTERY, "V", 1, FALSE, TRUE, 0 },
  { CHS_FIELD_BATTERY, "%", 1, FALSE, TRUE, 0 },
};

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CHS_INI_ERROR, CHS_INI_ERROR_VALUE, format, args));
  va_end (args);
  return FALSE;
}

/* ---- values ---- */

static gboolean
read_number (const char *key, const char *value, guint least, guint most, guint *out, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, least, most, &number, NULL))
    return refuse (error, "%s is \"%s\"; a whole number of %u to %u is wanted", key, value, least, most);
  *out = (guint) number;
  return TRUE;
}

static gboolean
read_real (const char *key, const char *value, double *out, GError **error)
{
  char *end;
  double number = g_ascii_strtod (value, &end);

  if (value[0] == '\0' || *end != '\0' || !isfinite (number) || fabs (number) > 1e9)
    return refuse (error, "%s is \"%s\", which is no number", key, value);
  *out = number;
  return TRUE;
}

static gboolean
read_word (const char *key, const char *value, const char *const *words, int *out, GError **error)
{
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], value) == 0) {
      *out = i;
      return TRUE;
    }
  return chs_ini_unknown (error, key, value, words);
}

static gboolean
read_text (const char *key, const char *value, guint least, guint most, char **out, GError **error)
{
  gsize n = strlen (value);

  if (n < least || n > most)
    return refuse (error, "%s has %" G_GSIZE_FORMAT " bytes; %u to %u are wanted", key, n, least, most);
  g_free (*out);
  *out = g_strdup (value);
  return TRUE;
}

static gboolean
read_mark (const char *key, const char *value, ChsMark *out, GError **error)
{
  guint8 *bytes = g_alloca (MIN (strlen (value), 4 * CHS_DESCRIBED_MARK_MAX + 1) + 1);
  gsize n;

  if (strlen (value) > 4 * CHS_DESCRIBED_MARK_MAX || !chs_described_unescape (value, bytes, &n) || n > CHS_DESCRIBED_MARK_MAX)
    return refuse (error, "%s is \"%s\"; at most %d bytes are wanted, with \\r \\n \\t \\\\ \\xHH", key, value, CHS_DESCRIBED_MARK_MAX);
  memcpy (out->bytes, bytes, n);
  out->n = n;
  return TRUE;
}

static gboolean
read_key (ChsDescribed *self, const Key *key, const char *value, GError **error)
{
  gpointer at = G_STRUCT_MEMBER_P (self, key->offset);

  switch (key->kind) {
  case KEY_NUMBER:
    return read_number (key->key, value, key->least, key->most, at, error);
  case KEY_WORD:
    return read_word (key->key, value, key->words, at, error);
  case KEY_MARK:
    return read_mark (key->key, value, at, error);
  case KEY_TEXT:
  default:
    return read_text (key->key, value, key->least, key->most, at, error);
  }
}

static gboolean
read_regex (const char *value, GRegex **out, GError **error)
{
  g_autofree char *limited = NULL;
  g_autoptr (GError) reason = NULL;

  if (value[0] == '\0' || strlen (value) > REGEX_MAX)
    return refuse (error, "regex has %" G_GSIZE_FORMAT " bytes; 1 to %d are wanted", strlen (value), REGEX_MAX);
  if (g_str_has_prefix (value, "(*"))
    return refuse (error, "regex begins with \"(*\": an expression does not set the rules of its own matching");
  limited = g_strconcat (REGEX_LIMITS, value, NULL);
  *out = g_regex_new (limited, G_REGEX_RAW, 0, &reason);
  return *out != NULL || refuse (error, "regex cannot be understood: %s", reason->message);
}

static guint32
alarm_bit (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (alarm_names); i++)
    if (strcmp (alarm_names[i].name, name) == 0)
      return alarm_names[i].bit;
  return 0;
}

static gboolean
unknown_alarm (const char *name, GError **error)
{
  const char *names[G_N_ELEMENTS (alarm_names) + 1] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (alarm_names); i++)
    names[i] = alarm_names[i].name;
  return chs_ini_unknown (error, "alarm", name, names);
}

/* ---- what a state's letter means ---- */

static gboolean
read_state (const char *word, ChsFieldWord *out, GError **error)
{
  if (g_str_has_prefix (word, "alarm.")) {
    out->state = CHS_PUMP_ALARM;
    out->alarms = alarm_bit (word + strlen ("alarm."));
    return out->alarms != 0 || unknown_alarm (word + strlen ("alarm."), error);
  }
  out->state = CHS_PUMP_READY;
  if (strcmp (word, "stopped") == 0)
    return TRUE;
  for (guint state = CHS_PUMP_OFF; state < CHS_N_PUMP_STATES; state++)
    if (strcmp (chs_pump_state_id ((ChsPumpState) state), word) == 0) {
      out->state = (uint8_t) state;
      return TRUE;
    }
  return refuse (error, "map: \"%s\" is no state; stopped, infusing, paused, bolus, kvo, complete, standby, alarm.NAME ...", word);
}

/* "KEY=STATE;KEY=STATE": the last "=" divides, so that a key may be one. */
static gboolean
read_map (const char *value, GArray *map, GError **error)
{
  g_auto (GStrv) pairs = g_strsplit (value, ";", -1);

  for (char **pair = pairs; *pair != NULL; pair++) {
    char *equals = strrchr (*pair, '=');
    ChsFieldWord word = { 0 };
    gsize n;

    if (equals == NULL || equals == *pair)
      return refuse (error, "map: \"%s\" is not KEY=STATE", *pair);
    *equals = '\0';
    if (!read_state (equals + 1, &word, error))
      return FALSE;
    word.key = g_malloc0 (strlen (*pair) + 1);
    g_array_append_val (map, word);
    if (!chs_described_unescape (*pair, (guint8 *) word.key, &n))
      return refuse (error, "map: \"%s\" has an escape that is none of \\r \\n \\t \\\\ \\xHH", *pair);
  }
  return TRUE;
}

/* ---- groups with a name in them ---- */

static gboolean
find_field (const char *name, ChsField *field, GError **error)
{
  for (guint i = 0; i < CHS_N_FIELDS; i++)
    if (strcmp (chs_field_ids[i], name) == 0) {
      *field = (ChsField) i;
      return TRUE;
    }
  return chs_ini_unknown (error, "field", name, chs_field_ids);
}

static gboolean
read_field_key (ChsFieldRule *rule, const char *key, const char *value, GError **error)
{
  int word = 0;

  if (strcmp (key, "regex") == 0)
    return read_regex (value, &rule->regex, error);
  if (strcmp (key, "group") == 0)
    return read_number (key, value, 0, 9, &rule->group, error);
  if (strcmp (key, "query") == 0)
    return read_number (key, value, 1, CHS_DESCRIBED_QUERIES, &rule->query, error);
  if (strcmp (key, "scale") == 0)
    return read_real (key, value, &rule->scale, error)
           && (fabs (rule->scale) > 1e-12 || refuse (error, "scale is 0: every value would be the same"));
  if (strcmp (key, "offset") == 0)
    return read_real (key, value, &rule->offset, error);
  if (strcmp (key, "unit") == 0)
    return read_text (key, value, 1, 16, &rule->unit_name, error);
  if (strcmp (key, "map") == 0)
    return read_text (key, value, 1, 300, &rule->map_text, error) && read_map (value, rule->map, error);
  if (strcmp (key, "type") != 0)
    return chs_ini_unknown (error, "key", key, field_keys);
  if (!read_word (key, value, type_words, &word, error))
    return FALSE;
  rule->type = (ChsFieldType) word;
  return TRUE;
}

static gboolean
on_field (ChsDescribed *self, guint line, const char *name, const char *key, const char *value, GError **error)
{
  ChsField field = CHS_FIELD_RATE;

  if (!find_field (name, &field, error))
    return FALSE;
  if (key != NULL)
    return read_field_key (&self->field[field], key, value, error);
  self->field[field].line = line;
  return TRUE;
}

static gboolean
on_alarm (ChsDescribed *self, const char *name, const char *key, const char *value, GError **error)
{
  gsize i = 0;

  while (i < CHS_DESCRIBED_ALARMS && strcmp (alarm_names[i].name, name) != 0)
    i++;
  if (i == CHS_DESCRIBED_ALARMS)
    return unknown_alarm (name, error);
  self->alarm[i].bit = alarm_names[i].bit;
  if (key == NULL)
    return TRUE;
  if (strcmp (key, "regex") != 0)
    return chs_ini_unknown (error, "key", key, alarm_keys);
  return read_regex (value, &self->alarm[i].regex, error);
}

typedef struct {
  ChsDescribed *self;
  guint         poll_line, frame_line, sim_line, device_line, drip_line; /* where the groups begin; 0 = not there */
  guint         queries_line;
} Loader;

static gboolean
on_plain_key (Loader *loader, guint line, const char *group, const char *key, const char *value, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  if (strcmp (group, "sim") == 0 && g_str_has_prefix (key, "reply.")) {
    guint number = 0;

    return read_number (key, key + strlen ("reply."), 1, CHS_DESCRIBED_QUERIES, &number, error)
           && read_text (key, value, 1, CHS_TEMPLATE_MAX, &loader->self->sim_reply[number - 1], error);
  }
  if (strcmp (key, "queries") == 0)
    loader->queries_line = line;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    if (strcmp (keys[i].group, group) != 0)
      continue;
    if (strcmp (keys[i].key, key) == 0)
      return read_key (loader->self, &keys[i], value, error);
    g_ptr_array_add (known, (gpointer) keys[i].key);
  }
  g_ptr_array_add (known, NULL);
  return chs_ini_unknown (error, "key", key, (const char *const *) known->pdata);
}

static void
note_group (Loader *loader, guint line, const char *group)
{
  const struct {
    const char *group;
    guint      *line;
  } places[] = { { "poll", &loader->poll_line }, { "frame", &loader->frame_line }, { "sim", &loader->sim_line },
                 { "device", &loader->device_line }, { "drip", &loader->drip_line } };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (strcmp (places[i].group, group) == 0)
      *places[i].line = line;
}

static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Loader *loader = user_data;

  if (g_str_has_prefix (group, "field."))
    return on_field (loader->self, line, group + strlen ("field."), key, value, error);
  if (g_str_has_prefix (group, "alarm."))
    return on_alarm (loader->self, group + strlen ("alarm."), key, value, error);
  if (!g_strv_contains (group_names, group))
    return chs_ini_unknown (error, "group", group, group_names);
  if (key != NULL)
    return on_plain_key (loader, line, group, key, value, error);
  note_group (loader, line, group);
  return TRUE;
}

/* ---- the whole ---- */

static const char *
keep (ChsDescribed *self, char *string)
{
  g_ptr_array_add (self->strings, string);
  return string;
}

static gboolean
is_reviewed (const char *reviewed_by)
{
  return reviewed_by != NULL && g_regex_match_simple ("^.*[^\\s,].*, *\\d{4}-\\d\\d-\\d\\d$", reviewed_by, 0, 0);
}

static gboolean
add_query (ChsDescribed *self, const char *text, GError **error)
{
  guint8 *bytes = (guint8 *) keep (self, g_malloc0 (strlen (text) + 1));
  g_autofree char *control = NULL;
  gsize n;

  if (self->n_queries == CHS_DESCRIBED_QUERIES)
    return refuse (error, "more than %d queries", CHS_DESCRIBED_QUERIES);
  if (!chs_described_unescape (text, bytes, &n))
    return refuse (error, "query \"%s\" has an escape that is none of \\r \\n \\t \\\\ \\xHH", text);
  if (n == 0 || n > 64)
    return refuse (error, "query \"%s\" has %" G_GSIZE_FORMAT " bytes; 1 to 64 are wanted", text, n);
  control = chs_described_find_control (bytes, n);
  if (control != NULL)
    return refuse (error, "query \"%s\" is never sent: %s", text, control);
  self->queries[self->n_queries++] = (ChsQuery) {
    .name = keep (self, g_strdup (text)),
    .note = keep (self, g_strdup_printf ("constant of the key file, reviewed by %s", self->reviewed_by)),
    .parts = { { CHS_PART_BYTES, (const char *) bytes, (uint16_t) n, 0 } },
  };
  return TRUE;
}

static gboolean
check_poll (Loader *loader, guint *line, GError **error)
{
  ChsDescribed *self = loader->self;
  g_auto (GStrv) queries = g_strsplit (self->queries_text != NULL ? self->queries_text : "", ";", -1);
  gboolean has_queries = queries[0] != NULL;

  *line = loader->poll_line;
  if (loader->poll_line == 0)
    return refuse (error, "[poll] with mode = listen or query is missing");
  if (self->timeout_ms > self->lost_ms)
    return refuse (error, "timeout_ms is longer than lost_ms: every answer would come too late");
  if (!self->is_query)
    return !has_queries || refuse (error, "queries are listed, and mode = listen never sends any");
  if (!has_queries)
    return refuse (error, "mode = query, and there are no queries");
  if (!is_reviewed (self->reviewed_by))
    return refuse (error, "queries are sent to the instrument, and nobody has reviewed them: reviewed_by = NAME, YYYY-MM-DD is missing");
  *line = loader->queries_line;
  for (char **query = queries; *query != NULL; query++)
    if (!add_query (self, *query, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_frame (Loader *loader, guint *line, GError **error)
{
  ChsFrameRule *frame = &loader->self->frame;

  *line = loader->frame_line;
  if (loader->frame_line == 0)
    return refuse (error, "[frame] is missing: what ends a frame?");
  if (frame->end.n == 0 && frame->idle_ms == 0)
    return refuse (error, "a frame never ends: end or idle_ms is wanted");
  if (frame->sum != CHS_SUM_NONE && frame->sum_form == CHS_SUM_RAW && frame->end.n > 0)
    return refuse (error, "checksum_form = raw with an end: the sum may look like the end; end frames by idle_ms");
  if (frame->sum >= CHS_SUM_SUM16 && frame->sum_form == CHS_SUM_HEX2)
    return refuse (error, "checksum_form = hex2 is too short for a sum of 16 bits");
  if (frame->start.n + frame->end.n + chs_described_sum_size (frame) >= frame->max)
    return refuse (error, "max leaves no room between the marks");
  return TRUE;
}

static gboolean
has_number (const ChsFieldRule *rule)
{
  return rule->type == CHS_FIELD_DECIMAL || rule->type == CHS_FIELD_HEX || rule->type == CHS_FIELD_TIME;
}

static gboolean
find_unit (ChsFieldRule *rule, ChsField field, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    if (units[i].field != field)
      continue;
    g_ptr_array_add (known, (gpointer) units[i].name);
    if (rule->unit_name != NULL && strcmp (units[i].name, rule->unit_name) == 0)
      rule->unit = &units[i];
  }
  g_ptr_array_add (known, NULL);
  if (rule->unit_name == NULL)
    return refuse (error, "[field.%s] has no unit", chs_field_ids[field]);
  return rule->unit != NULL || chs_ini_unknown (error, "unit", rule->unit_name, (const char *const *) known->pdata);
}

static gboolean
check_type (ChsFieldRule *rule, ChsField field, GError **error)
{
  gboolean is_text = field == CHS_FIELD_DRUG || field == CHS_FIELD_SERIAL;

  if (field == CHS_FIELD_STATE ? rule->type != CHS_FIELD_MAP : is_text ? rule->type != CHS_FIELD_TEXT : !has_number (rule))
    return refuse (error, "[field.%s] cannot have the type %s", chs_field_ids[field], type_words[rule->type]);
  if (rule->type == CHS_FIELD_TIME && field != CHS_FIELD_REMAINING && field != CHS_FIELD_BATTERY)
    return refuse (error, "[field.%s] is no time", chs_field_ids[field]);
  if (rule->type == CHS_FIELD_MAP && rule->map->len == 0)
    return refuse (error, "[field.%s] has no map", chs_field_ids[field]);
  return TRUE;
}

static gboolean
check_field (ChsDescribed *self, ChsField field, GError **error)
{
  ChsFieldRule *rule = &self->field[field];

  if (rule->regex == NULL)
    return refuse (error, "[field.%s] has no regex", chs_field_ids[field]);
  if (rule->group > (guint) g_regex_get_capture_count (rule->regex))
    return refuse (error, "group is %u, and the regex of [field.%s] has %d", rule->group, chs_field_ids[field],
                   g_regex_get_capture_count (rule->regex));
  if (rule->query > self->n_queries)
    return refuse (error, "query is %u, and there are %u", rule->query, self->n_queries);
  if (!check_type (rule, field, error) || (has_number (rule) && !find_unit (rule, field, error)))
    return FALSE;
  self->wants_drop_factor |= rule->unit != NULL && rule->unit->is_drops;
  return TRUE;
}

static gboolean
check_fields (Loader *loader, guint *line, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < CHS_N_FIELDS; i++) {
    *line = loader->self->field[i].line;
    if (*line == 0)
      continue;
    if (!check_field (loader->self, (ChsField) i, error))
      return FALSE;
    n++;
  }
  *line = loader->device_line;
  return n > 0 || refuse (error, "there is no [field.NAME]: nothing would be read");
}

static gboolean
check_device (Loader *loader, guint *line, GError **error)
{
  const ChsDescribed *self = loader->self;

  *line = MAX (loader->device_line, 1);
  if (self->name == NULL)
    return refuse (error, "[device] has no name");
  if (self->kind < 0)
    return refuse (error, "[device] has no kind");
  if (self->clinical < 0)
    return refuse (error, "[device] does not say whether it is clinical");
  if (self->clinical == 1 && (self->kind == CHS_DESCRIBED_LABORATORY || self->kind == CHS_DESCRIBED_DRIP))
    return refuse (error, "clinical = true, and a %s device of a key file is no medical device", kind_words[self->kind]);
  if (self->baud == 0)
    return refuse (error, "[serial] has no baud");
  *line = loader->drip_line;
  return loader->drip_line == 0 || self->kind == CHS_DESCRIBED_DRIP || refuse (error, "[drip] is for kind = drip");
}

static gboolean
check_sim (Loader *loader, guint *line, GError **error)
{
  *line = loader->sim_line;
  return loader->sim_line == 0 || chs_described_make_simulator (loader->self, error);
}

static gboolean
check_whole (Loader *loader, const char *name, GError **error)
{
  static gboolean (*const checks[]) (Loader *, guint *, GError **) = { check_device, check_poll, check_frame, check_fields, check_sim };
  guint line = 1;

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (!checks[i](loader, &line, error)) {
      g_prefix_error (error, "%s:%u: ", name, MAX (line, 1));
      return FALSE;
    }
  return TRUE;
}

/* ---- the object ---- */

static void
clear_word (gpointer data)
{
  g_free (((ChsFieldWord *) data)->key);
}

void
chs_described_free (ChsDescribed *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < CHS_N_FIELDS; i++) {
    g_clear_pointer (&self->field[i].regex, g_regex_unref);
    g_array_unref (self->field[i].map);
    g_free (self->field[i].unit_name);
    g_free (self->field[i].map_text);
  }
  for (guint i = 0; i < CHS_DESCRIBED_ALARMS; i++)
    g_clear_pointer (&self->alarm[i].regex, g_regex_unref);
  for (guint i = 0; i < CHS_DESCRIBED_QUERIES; i++)
    g_free (self->sim_reply[i]);
  g_free (self->text);
  g_free (self->name);
  g_free (self->source);
  g_free (self->queries_text);
  g_free (self->reviewed_by);
  g_free (self->sim_line);
  g_ptr_array_unref (self->strings);
  g_free (self);
}

static ChsDescribed *
new_described (void)
{
  ChsDescribed *self = g_new0 (ChsDescribed, 1);

  self->strings = g_ptr_array_new_with_free_func (g_free);
  self->kind = self->clinical = -1;
  self->bits = 8;
  self->stop = 1;
  self->frame.max = 256;
  self->interval_ms = self->timeout_ms = 1000;
  self->lost_ms = 5000;
  self->sim_interval_ms = 1000;
  for (guint i = 0; i < CHS_N_FIELDS; i++) {
    ChsFieldRule *rule = &self->field[i];

    rule->group = 1;
    rule->scale = 1.0;
    rule->type = i == CHS_FIELD_STATE ? CHS_FIELD_MAP : i == CHS_FIELD_DRUG || i == CHS_FIELD_SERIAL ? CHS_FIELD_TEXT : CHS_FIELD_DECIMAL;
    rule->map = g_array_new (FALSE, TRUE, sizeof (ChsFieldWord));
    g_array_set_clear_func (rule->map, clear_word);
  }
  return self;
}

static void
name_it (ChsDescribed *self, const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *id = NULL;

  if (g_str_has_suffix (base, ".pumpdef"))
    base[strlen (base) - strlen (".pumpdef")] = '\0';
  id = g_strconcat (CHS_DESCRIBED_PREFIX, base, NULL);
  chs_text_copy (self->id, sizeof self->id, id);
  g_snprintf (self->line, sizeof self->line, "%u/%u%c%u", self->baud, self->bits, "neo"[self->parity], self->stop);
}

ChsDescribed *
chs_described_parse (const char *text, gsize n, const char *name, GError **error)
{
  g_autoptr (ChsDescribed) self = new_described ();
  g_autofree char *sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, n);
  Loader loader = { .self = self };

  if (!chs_ini_parse (text, n, name, on_line, &loader, error) || !check_whole (&loader, name, error))
    return NULL;
  g_strlcpy (self->sha256, sha256, sizeof self->sha256);
  self->text = g_strndup (text, n);
  self->n_text = n;
  name_it (self, name);
  chs_described_make_driver (self);
  return g_steal_pointer (&self);
}
