/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described-private.h"

#include "data/ini.h"

#include <math.h>
#include <string.h>

/* The simulator of a key file: lines from the templates of its [sim], which the driver never looks at.
 *
 *   %{rate}  %{rate:2}  %{volume:x4}     a field of the file, as its instrument would say it: with so many decimals (0),
 *                                        or as so many hexadecimal digits
 *   %{state}                             the key of the state in its map
 *   %{time_s:1}                          seconds since the start
 *   %%                                   a percent sign
 *
 * Numbers are turned from the patient's units into those of the file by the field's own scale, offset and unit the
 * other way round, so that driver and simulator agree or the file is wrong. */

#define DEFAULT_DROPS 20.0 /* drops a millilitre, unless set otherwise */
#define HEARD_MAX 128

typedef struct {
  const ChsDescribed *def;
  double  drop_factor;
  gint64  start_us, due_us;
  guint8  heard[HEARD_MAX];
  gsize   n_heard;
} State;

/* ---- templates ---- */

typedef struct {
  char name[16];
  guint decimals;
  guint hex; /* digits; 0 = decimal */
} Place;

/* Reads the place behind "%{"; moves @text behind its "}". */
static gboolean
read_place (const char **text, Place *place)
{
  const char *end = strchr (*text, '}'), *colon;
  gsize n;

  *place = (Place) { 0 };
  if (end == NULL)
    return FALSE;
  colon = memchr (*text, ':', (gsize) (end - *text));
  n = (gsize) ((colon != NULL ? colon : end) - *text);
  if (n == 0 || n >= sizeof place->name)
    return FALSE;
  memcpy (place->name, *text, n);
  if (colon != NULL) {
    gboolean is_hex = colon[1] == 'x';

    if (end - colon != (is_hex ? 3 : 2) || !g_ascii_isdigit (end[-1]))
      return FALSE;
    *(is_hex ? &place->hex : &place->decimals) = (guint) (end[-1] - '0');
  }
  *text = end + 1;
  return TRUE;
}

static int
field_of (const char *name)
{
  for (int i = 0; chs_field_ids[i] != NULL; i++)
    if (strcmp (chs_field_ids[i], name) == 0)
      return i;
  return -1;
}

static gboolean
refuse (GError **error, const char *template, const char *why)
{
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "template \"%s\": %s", template, why);
  return FALSE;
}

static gboolean
check_template (const ChsDescribed *self, const char *template, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (strlen (template) + 1);
  const char *p = template;
  gsize n;
  Place place;

  if (!chs_described_unescape (template, bytes, &n))
    return refuse (error, template, "an escape is none of \\r \\n \\t \\\\ \\xHH");
  while ((p = strchr (p, '%')) != NULL) {
    if (p[1] == '%') {
      p += 2;
      continue;
    }
    if (p[1] != '{')
      return refuse (error, template, "a percent sign is written %%");
    p += 2;
    if (!read_place (&p, &place))
      return refuse (error, template, "a place is %{NAME}, %{NAME:DECIMALS} or %{NAME:xDIGITS}");
    if (strcmp (place.name, "time_s") != 0 && (field_of (place.name) < 0 || self->field[field_of (place.name)].line == 0))
      return refuse (error, template, "a place names no field of the file, and is not time_s");
  }
  return TRUE;
}

/* ---- what the instrument says ---- */

static double
patient_value (const ChsSimPump *pump, ChsField field)
{
  gboolean flows = pump->state == CHS_PUMP_INFUSING || pump->state == CHS_PUMP_BOLUS || pump->state == CHS_PUMP_KVO;

  switch (field) {
  case CHS_FIELD_RATE:
    return flows ? pump->rate_ml_h : 0.0;
  case CHS_FIELD_VOLUME:
    return pump->volume_ml;
  case CHS_FIELD_VTBI:
    return pump->vtbi_ml;
  case CHS_FIELD_REMAINING:
    return flows && pump->rate_ml_h > 0.0 ? (pump->vtbi_ml - pump->volume_ml) * 3600.0 / pump->rate_ml_h : 0.0;
  case CHS_FIELD_PRESSURE:
    return pump->pressure_mmhg;
  case CHS_FIELD_BATTERY:
    return 90.0;
  case CHS_FIELD_DRUG:
  case CHS_FIELD_STATE:
  case CHS_FIELD_SERIAL:
  case CHS_N_FIELDS:
  default:
    return (double) NAN;
  }
}

/* The key whose meaning is nearest: the state with its alarm, then the state. */
static const char *
state_key (const ChsFieldRule *rule, const ChsSimPump *pump)
{
  const ChsFieldWord *found = NULL;

  for (guint i = 0; i < rule->map->len; i++) {
    const ChsFieldWord *word = &g_array_index (rule->map, ChsFieldWord, i);

    if (word->state == pump->state && (word->alarms == 0 || (word->alarms & pump->alarms) != 0)
        && (found == NULL || word->alarms != 0))
      found = word;
  }
  return found != NULL ? found->key : g_array_index (rule->map, ChsFieldWord, 0).key;
}

static void
put_number (GString *out, const Place *place, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE], format[8];

  if (isnan (value))
    value = 0.0;
  if (place->hex > 0) {
    g_string_append_printf (out, "%0*X", (int) place->hex, (guint) CLAMP (round (value), 0.0, 4294967295.0));
    return;
  }
  g_snprintf (format, sizeof format, "%%.%uf", place->decimals);
  g_string_append (out, g_ascii_formatd (text, sizeof text, format, value));
}

static void
put_time (GString *out, double seconds)
{
  guint s = (guint) CLAMP (seconds, 0.0, 359999.0);

  g_string_append_printf (out, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

static void
put_field (const State *self, const Place *place, const ChsSimPump *pump, GString *out)
{
  ChsField field = (ChsField) field_of (place->name);
  const ChsFieldRule *rule = &self->def->field[field];
  double value = patient_value (pump, field);

  if (field == CHS_FIELD_STATE)
    g_string_append (out, state_key (rule, pump));
  else if (field == CHS_FIELD_DRUG)
    g_string_append (out, pump->drug);
  else if (field == CHS_FIELD_SERIAL)
    g_string_append (out, "SIM0001");
  else if (rule->type == CHS_FIELD_TIME)
    put_time (out, value);
  else
    put_number (out, place, (value / chs_described_factor (rule, self->drop_factor) - rule->offset) / rule->scale);
}

static char *
fill (const State *self, const char *template, const ChsSimPump *pump, gint64 now_us)
{
  GString *out = g_string_new (NULL);
  Place place;

  for (const char *p = template; *p != '\0';) {
    if (*p != '%')
      g_string_append_c (out, *p++);
    else if (p[1] == '%') {
      g_string_append_c (out, '%');
      p += 2;
    } else {
      p += 2;
      (void) read_place (&p, &place);
      if (strcmp (place.name, "time_s") == 0)
        put_number (out, &place, (double) (now_us - self->start_us) / G_USEC_PER_SEC);
      else
        put_field (self, &place, pump, out);
    }
  }
  return g_string_free (out, FALSE);
}

static void
say (const State *self, const char *template, const ChsSimPatient *patient, gint64 now_us, ChsSimOut *out)
{
  const ChsFrameRule *rule = &self->def->frame;
  g_autofree char *text = fill (self, template, &patient->pumps[0], now_us);
  g_autofree guint8 *body = g_malloc (strlen (text) + 1);
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 sum[8];
  gsize n;

  if (!patient->pump_on || !patient->pumps[0].present || !chs_described_unescape (text, body, &n))
    return;
  g_byte_array_append (frame, rule->start.bytes, (guint) rule->start.n);
  g_byte_array_append (frame, body, (guint) n);
  n = chs_described_sum (rule, frame->data, frame->len, sum);
  g_byte_array_append (frame, sum, (guint) n);
  g_byte_array_append (frame, rule->end.bytes, (guint) rule->end.n);
  out->write (out, frame->data, frame->len);
}

/* ---- the hooks ---- */

static void
sim_bind (void *state, const ChsSimulator *simulator)
{
  State *self = state;

  self->def = (const ChsDescribed *) ((const char *) simulator - G_STRUCT_OFFSET (ChsDescribed, simulator));
  self->drop_factor = DEFAULT_DROPS;
}

static bool
sim_option (void *state, const char *key, const char *value)
{
  return strcmp (key, "drop_factor") == 0 && chs_described_read_drop_factor (value, &((State *) state)->drop_factor);
}

static void
sim_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  self->start_us = self->due_us = now_us;
  self->n_heard = 0;
}

static void
sim_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  if (self->def->sim_line == NULL || now_us < self->due_us)
    return;
  self->due_us += (gint64) self->def->sim_interval_ms * G_TIME_SPAN_MILLISECOND;
  say (self, self->def->sim_line, patient, now_us, out);
}

/* Answers what is asked word for word; all else falls on deaf ears, as with the real one. */
static void
hear (State *self, const ChsSimPatient *patient, guint8 byte, gint64 now_us, ChsSimOut *out)
{
  if (self->n_heard == HEARD_MAX)
    memmove (self->heard, self->heard + 1, --self->n_heard);
  self->heard[self->n_heard++] = byte;
  for (guint i = 0; i < self->def->n_queries; i++) {
    const ChsPart *part = &self->def->queries[i].parts[0];

    if (self->n_heard < part->n || memcmp (self->heard + self->n_heard - part->n, part->bytes, part->n) != 0)
      continue;
    self->n_heard = 0;
    if (self->def->sim_reply[i] != NULL)
      say (self, self->def->sim_reply[i], patient, now_us, out);
    return;
  }
}

static void
sim_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  for (size_t i = 0; i < n; i++)
    hear (state, patient, bytes[i], now_us, out);
}

gboolean
chs_described_make_simulator (ChsDescribed *self, GError **error)
{
  if (self->sim_line != NULL && !check_template (self, self->sim_line, error))
    return FALSE;
  for (guint i = 0; i < CHS_DESCRIBED_QUERIES; i++) {
    if (self->sim_reply[i] == NULL)
      continue;
    if (i >= self->n_queries)
      return refuse (error, self->sim_reply[i], "answers a query that is not there");
    if (!check_template (self, self->sim_reply[i], error))
      return FALSE;
  }
  self->simulator = (ChsSimulator) {
    .driver_id = self->id,
    .label = self->name,
    .state_size = sizeof (State),
    .bind = sim_bind,
    .option = sim_option,
    .start = sim_start,
    .tick = sim_tick,
    .feed = self->n_queries > 0 ? sim_feed : NULL,
  };
  return TRUE;
}
