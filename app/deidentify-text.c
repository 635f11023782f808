/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deidentify-text.h"

#include "app/command-check.h"
#include "app/profile.h"
#include "app/symptom.h"
#include "app/therapy.h"
#include "data/event-codec.h"
#include "data/share.h"
#include "devices/driver.h"

#include <math.h>
#include <string.h>

#define AGE_MAX 89 /* above it the age tells the person: HIPAA safe harbour, 45 CFR 164.514 (b)(2)(i)(C) */
#define AGE_OLD "90"
#define REMOVED "removed"

struct _ChsTextMask {
  gboolean           keep_notes;
  const char        *patient, *session;
  GPtrArray         *operators, *identities, *links; /* names as they were; the place is the new name */
  ChsTherapyLibrary *library;                        /* (nullable): the shipped and the clinic's own */
  GString           *config;                         /* of the event that was masked last */
  ChsTextMaskCount   count;
};

ChsTextMask *
chs_text_mask_new (gboolean keep_notes, const char *patient, const char *session)
{
  ChsTextMask *self = g_new0 (ChsTextMask, 1);

  self->keep_notes = keep_notes;
  self->patient = patient;
  self->session = session;
  self->operators = g_ptr_array_new_with_free_func (g_free);
  self->identities = g_ptr_array_new_with_free_func (g_free);
  self->links = g_ptr_array_new_with_free_func (g_free);
  self->library = chs_therapy_library_load_shipped (NULL);
  self->config = g_string_new (NULL);
  return self;
}

void
chs_text_mask_free (ChsTextMask *self)
{
  g_ptr_array_unref (self->operators);
  g_ptr_array_unref (self->identities);
  g_ptr_array_unref (self->links);
  if (self->library != NULL)
    chs_therapy_library_free (self->library);
  g_string_free (self->config, TRUE);
  g_free (self);
}

ChsTextMaskCount
chs_text_mask_get_count (const ChsTextMask *self)
{
  ChsTextMaskCount count = self->count;

  count.operators = self->operators->len;
  return count;
}

/* ---- shapes ---- */

/* Whether all of @text is of @letters and beyond ASCII nothing. */
static gboolean
is_of (const char *text, const char *letters)
{
  return text[strspn (text, letters)] == '\0';
}

#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define LARGE "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static gboolean
is_number (const char *text)
{
  char *end;

  g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

/* ---- one text ---- */

typedef void (*MaskFunc) (ChsTextMask *self, const ChsEvent *event, char *text, gsize size);

static void
go (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  self->count.texts += text[0] != '\0';
  text[0] = '\0';
}

static void
note (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (!self->keep_notes)
    go (self, event, text, size);
}

/* "WORD 1" for the first name that is met, and so on: that two are not the same stays visible. */
static void
rename_by (GPtrArray *names, const char *word, char *text, gsize size)
{
  guint i;

  if (text[0] == '\0')
    return;
  for (i = 0; i < names->len; i++)
    if (strcmp (names->pdata[i], text) == 0)
      break;
  if (i == names->len)
    g_ptr_array_add (names, g_strdup (text));
  g_snprintf (text, size, "%s %u", word, i + 1);
}

static void
operator_name (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  rename_by (self->operators, "operator", text, size);
}

/* Names as the manual and the sample configuration have them stay: "monitor", "pump2". */
static gboolean
is_usual_link (const char *name)
{
  static const char *const usual[] = { "monitor", "pump", "rack", "oximeter", "cuff", "import" };

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (g_str_has_prefix (name, usual[i]) && is_of (name + strlen (usual[i]), DIGITS))
      return TRUE;
  return FALSE;
}

static void
link_name (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (!self->keep_notes && !is_usual_link (text))
    rename_by (self->links, "link", text, size);
}

/* A described instrument has the name of its file in its id. */
static void
driver_id (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (text[0] != '\0' && chs_driver_find (text) == NULL && !is_of (text, SMALL DIGITS "-"))
    g_strlcpy (text, "described", size);
}

static void
slot (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (strlen (text) > 3 || !is_of (text, LARGE DIGITS "/"))
    go (self, event, text, size);
}

static void
device_text (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (event->device.code == CHS_DEVICE_IDENTITY)
    rename_by (self->identities, "instrument", text, size);
  else
    note (self, event, text, size);
}

/* An id of a list stays; where anything may stand ("ack" of all, a mark, a note), only what is on a list. */
static void
nurse_what (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  ChsNurse bare = event->nurse;
  gboolean is_free = bare.action == CHS_NURSE_MARK || bare.action == CHS_NURSE_NOTE || bare.action == CHS_NURSE_BASELINE ||
                     bare.action == CHS_NURSE_REACTION || bare.action == CHS_NURSE_CORRECTION;

  bare.at_us = CHS_TIME_NONE;
  if (is_free ? chs_symptom_find (text) == NULL && chs_label_from_id (text) == CHS_LABEL_NONE
              : !chs_command_check_nurse (&bare, 0, NULL) ||
                  !(is_of (text, SMALL DIGITS "_") || chs_param_from_name (text) != CHS_PARAM_NONE))
    note (self, event, text, size);
}

static void
rule_id (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (!is_of (text, SMALL DIGITS "_.,"))
    go (self, event, text, size);
}

static void
evidence_ids (ChsTextMask *self, const ChsEvent *event, char *text, gsize size)
{
  if (!is_of (text, LARGE DIGITS "_-,"))
    go (self, event, text, size);
}

/* Keyed by the name that the codec has for it. What is not here goes. */
static const struct {
  const char *name;
  MaskFunc    mask;
} masks[] = {
  { "pump.slot", slot },
  { "pump.drug", note },
  { "pump.text", note },
  { "pump.model", note },
  { "link.name", link_name },
  { "link.driver", driver_id },
  { "device.text", device_text },
  { "nurse.what", nurse_what },
  { "nurse.who", operator_name },
  { "nurse.text", note },
  { "alarm.rule", rule_id },
  { "alarm.evidence", evidence_ids },
  { "alarm.missing", evidence_ids },
  { "alarm.also", rule_id },
};

static MaskFunc
find_mask (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (masks); i++)
    if (strcmp (masks[i].name, name) == 0)
      return masks[i].mask;
  return go;
}

static void
mask_texts (ChsTextMask *self, ChsEvent *event)
{
  gsize at, size;
  const char *name;

  for (guint i = 0; (name = chs_event_text ((ChsEventType) event->type, i, &at, &size)) != NULL; i++)
    find_mask (name) (self, event, (char *) event + at, size);
}

/* ---- keys of the session ---- */

/* Only keys that the program knows, with values that it takes: no clinic's own, and no text in the place of a number. */
static gboolean
is_known_setup (const ChsSetup *setup)
{
  ChsSession scratch;

  chs_session_init (&scratch);
  return chs_command_check_setup (&scratch, NULL, setup, 1, NULL);
}

/* "copd,allergy:latex" becomes "copd,allergy:removed". */
static void
mask_flags (ChsTextMask *self, ChsSetup *setup)
{
  g_auto (GStrv) flags = g_strsplit (setup->value, ",", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (char **flag = flags; *flag != NULL; flag++) {
    const char *id = g_strstrip (*flag);
    gsize n = strcspn (id, ":");

    self->count.texts += id[n] == ':';
    g_string_append_printf (out, "%s%.*s%s", out->len > 0 ? "," : "", (int) n, id, id[n] == ':' ? ":" REMOVED : "");
  }
  chs_text_copy (setup->value, sizeof setup->value, out->str);
}

/* What is shipped has no person in its name. */
static gboolean
is_shipped_therapy (const ChsTextMask *self, const char *value)
{
  const ChsTherapyEntry *entry;

  for (guint i = 0; self->library != NULL && (entry = chs_therapy_library_get (self->library, i)) != NULL; i++)
    if (strcmp (entry->id, value) == 0 || strcmp (entry->name, value) == 0)
      return TRUE;
  return FALSE;
}

static void
mask_value (ChsTextMask *self, ChsSetup *setup)
{
  const struct {
    const char *key, *value;
  } replaced[] = { { "patient.id", self->patient }, { "session.id", self->session }, { "session.chair", "chair" } };
  gboolean is_therapy = g_str_has_prefix (setup->key, "therapy.") || g_str_has_prefix (setup->key, "pump.");

  for (guint i = 0; i < G_N_ELEMENTS (replaced); i++)
    if (strcmp (setup->key, replaced[i].key) == 0 && setup->value[0] != '\0') {
      chs_text_copy (setup->value, sizeof setup->value, replaced[i].value);
      return;
    }
  if (strcmp (setup->key, "patient.flags") == 0 && !self->keep_notes)
    mask_flags (self, setup);
  else if (strcmp (setup->key, "patient.age") == 0 && g_ascii_strtod (setup->value, NULL) > AGE_MAX)
    chs_text_copy (setup->value, sizeof setup->value, AGE_OLD);
  else if (is_therapy && (g_str_has_suffix (setup->key, ".id") || g_str_has_suffix (setup->key, ".name")) && !self->keep_notes &&
           !is_shipped_therapy (self, setup->value) && setup->value[0] != '\0')
    chs_text_copy (setup->value, sizeof setup->value, "own"), self->count.texts++;
  else if (strcmp (setup->key, "session.checks") == 0 && !is_of (setup->value, SMALL DIGITS "_,"))
    go (self, NULL, setup->value, sizeof setup->value);
}

static gboolean
mask_setup (ChsTextMask *self, ChsSetup *setup)
{
  if (!is_known_setup (setup)) {
    self->count.keys++;
    return FALSE;
  }
  mask_value (self, setup);
  return TRUE;
}

/* ---- the alarm profile: its numbers stay, its people and reasons go ---- */

/* "group.key" to the line, of the profile that is built in */
static GHashTable *
load_shipped_lines (void)
{
  GHashTable *lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (ChsProfile) builtin = chs_profile_new_builtin ();
  gsize n;
  const char *file = chs_profile_get_text (builtin, &n);
  g_autofree char *text = g_strndup (file, n), *group = g_strdup ("");
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);

  for (char **line = all; *line != NULL; line++) {
    g_autofree char *key = g_strndup (*line, strcspn (*line, "="));

    if ((*line)[0] == '[') {
      g_free (group);
      group = g_strndup (*line + 1, strcspn (*line + 1, "]"));
    } else if (strchr (*line, '=') != NULL) {
      g_hash_table_insert (lines, g_strconcat (group, ".", g_strstrip (key), NULL), g_strdup (*line));
    }
  }
  return lines;
}

/* "80 /min | Dr Who" becomes "80 /min | removed". */
static void
append_number (GString *out, const char *key, const char *value)
{
  gsize n = strcspn (value, "|");
  char *end;

  g_ascii_strtod (value, &end);
  if (end != value && end <= value + n)
    g_string_append_printf (out, "%s =%.*s| " REMOVED "\n", key, (int) n, value);
}

static void
append_profile_line (ChsTextMask *self, GHashTable *shipped, const char *group, const char *line)
{
  g_autofree char *key = g_strstrip (g_strndup (line, strcspn (line, "="))), *full = g_strconcat (group, ".", key, NULL);
  const char *value = strchr (line, '=') + 1, *known = g_hash_table_lookup (shipped, full);

  if (g_strcmp0 (known, line) == 0 || (known != NULL && g_str_has_prefix (group, "text."))) {
    g_string_append_printf (self->config, "%s\n", known);
  } else if (strcmp (full, "profile.name") == 0 || strcmp (full, "profile.reviewed_by") == 0) {
    g_string_append_printf (self->config, "%s = %s\n", key, strcmp (key, "name") == 0 ? "clinic's own" : "");
  } else if (strcmp (full, "profile.version") == 0) {
    g_string_append_printf (self->config, "version = %s\n", is_of (value, DIGITS " .") ? value : "0");
  } else if (is_of (key, SMALL DIGITS "_")) {
    append_number (self->config, key, value);
  }
}

static void
mask_profile (ChsTextMask *self, const char *text)
{
  g_autoptr (GHashTable) shipped = load_shipped_lines ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *group = g_strdup ("");

  for (char **line = lines; *line != NULL; line++) {
    if ((*line)[0] == '[') {
      g_free (group);
      group = g_strndup (*line + 1, strcspn (*line + 1, "]"));
      if (is_of (group, SMALL DIGITS "_."))
        g_string_append_printf (self->config, "[%s]\n", group);
    } else if ((*line)[0] != '#' && (*line)[0] != ';' && strchr (*line, '=') != NULL) {
      append_profile_line (self, shipped, group, *line);
    }
  }
}

/* ---- imported tracks ---- */

static gboolean
is_known_param (guint8 param)
{
  return param != CHS_PARAM_NONE && param != CHS_PARAM_OTHER && param != CHS_PARAM_OTHER_WAVE;
}

void
chs_text_mask_track (ChsTextMask *self, ChsStoreTrack *track)
{
  if (self->keep_notes)
    return;
  self->count.texts++;
  if (is_known_param (track->param))
    g_strlcpy (track->name, chs_param_info ((ChsParam) track->param)->name, sizeof track->name);
  else
    g_snprintf (track->name, sizeof track->name, "track %u/%u", track->source, track->channel);
  if (chs_unit_from_ucum (track->unit) == CHS_UNIT_NONE)
    track->unit[0] = '\0';
}

/* source, channel, parameter, name, unit, with tabs between: as data/import.c writes it. */
static void
mask_tracks (ChsTextMask *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) cells = g_strsplit (*line, "\t", -1);
    ChsStoreTrack track = { 0 };

    if (g_strv_length (cells) != 5 || !is_number (cells[0]) || !is_number (cells[1]))
      continue;
    track.source = (guint8) g_ascii_strtoull (cells[0], NULL, 10);
    track.channel = (guint8) g_ascii_strtoull (cells[1], NULL, 10);
    track.param = (guint8) chs_param_from_name (cells[2]);
    chs_text_copy (track.name, sizeof track.name, cells[3]);
    chs_text_copy (track.unit, sizeof track.unit, cells[4]);
    chs_text_mask_track (self, &track);
    g_string_append_printf (self->config, "%u\t%u\t%s\t%s\t%s\n", track.source, track.channel, chs_param_info ((ChsParam) track.param)->name,
                            track.name, track.unit);
  }
}

/* A rule's profile and the names of an import's tracks are needed to read it; the rest has names and addresses. */
static const struct {
  const char *name;
  void (*mask) (ChsTextMask *self, const char *text);
} configs[] = {
  { "profile", mask_profile },
  { CHS_STORE_TRACKS_CONFIG, mask_tracks },
};

static gboolean
mask_config (ChsTextMask *self, ChsConfigText *config)
{
  g_autofree char *text = g_strndup (config->text != NULL ? config->text : "", config->n);

  for (guint i = 0; i < G_N_ELEMENTS (configs); i++) {
    if (strcmp (config->name, configs[i].name) != 0)
      continue;
    g_string_truncate (self->config, 0);
    configs[i].mask (self, text);
    config->text = self->config->str;
    config->n = (guint32) self->config->len;
    return TRUE;
  }
  self->count.configs++;
  return FALSE;
}

/* ---- events and rows ---- */

gboolean
chs_text_mask_event (ChsTextMask *self, ChsEvent *event)
{
  if (event->type == CHS_EVENT_CONFIG)
    return mask_config (self, &event->config);
  if (event->type == CHS_EVENT_SETUP)
    return mask_setup (self, &event->setup);
  mask_texts (self, event);
  /* words of an instrument without the words are nothing */
  return event->type != CHS_EVENT_DEVICE || event->device.code != CHS_DEVICE_TEXT || event->device.text[0] != '\0';
}

void
chs_text_mask_source (ChsTextMask *self, ChsStoreSource *source)
{
  link_name (self, NULL, source->name, sizeof source->name);
  driver_id (self, NULL, source->driver, sizeof source->driver);
  source->address[0] = '\0';
  if (!is_of (source->version, SMALL DIGITS ".-"))
    source->version[0] = '\0';
}
