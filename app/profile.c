/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/profile.h"

#include "app/profile-private.h"

#include "chs-app-resources.h"
#include "data/ini.h"
#include "data/read-file.h"
#include "data/share.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (chs-profile-error-quark, chs_profile_error)

#define TEXT_GROUP "text."

typedef struct {
  ChsProfile *profile;
  guint       lines[CHS_N_KEYS]; /* where each key stood */
} Loading;

static gboolean
refuse_unknown (const char *name, GError **error)
{
  const char *words[CHS_N_KEYS + 1] = { NULL };
  const char *near;

  for (unsigned i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++)
    words[i - 1] = chs_key_info ((ChsKey) i)->name;
  near = chs_ini_suggest (name, words);
  g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"%s\"%s%s%s", name,
               near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
  return FALSE;
}

static gboolean
check_range (ChsKey key, double value, GError **error)
{
  const ChsKeyInfo *info = chs_key_info (key);

  if (isfinite (value) && value >= info->least && value <= info->most)
    return TRUE;
  g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_RANGE, "%s = %g %s is outside the safe range %g to %g", info->name,
               value, chs_unit_info (info->unit)->ucum, info->least, info->most);
  return FALSE;
}

/* "90 mm[Hg] | WAO 2020": number, unit, source. */
static gboolean
parse_number (Loading *self, ChsKey key, const char *value, GError **error)
{
  const ChsKeyInfo *info = chs_key_info (key);
  const char *bar = strchr (value, '|');
  g_autofree char *left = bar != NULL ? g_strndup (value, (gsize) (bar - value)) : g_strdup (value);
  g_autofree char *source = g_strdup (bar != NULL ? bar + 1 : "");
  double number;
  char *end;

  number = g_ascii_strtod (left, &end);
  if (end == left) {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_SYNTAX, "%s: expected \"number unit | source\"", info->name);
    return FALSE;
  }
  if (strcmp (g_strstrip (end), chs_unit_info (info->unit)->ucum) != 0) {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNIT, "%s: %s \"%s\"; it is given in %s", info->name,
                 end[0] == '\0' ? "unit is missing" : "wrong unit", end, chs_unit_info (info->unit)->ucum);
    return FALSE;
  }
  if (g_strstrip (source)[0] == '\0') {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_SOURCE, "%s: source is missing; write where the number is from behind \"|\"",
                 info->name);
    return FALSE;
  }
  if (!check_range (key, number, error))
    return FALSE;
  self->profile->value[key] = number;
  chs_text_copy (self->profile->source[key], sizeof self->profile->source[key], source);
  return TRUE;
}

static gboolean
copy_text (char *dst, gsize size, const char *key, const char *value, GError **error)
{
  if (value[0] != '\0' && chs_text_copy (dst, size, value))
    return TRUE;
  g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_SYNTAX, "%s: text is %s (at most %" G_GSIZE_FORMAT " bytes)", key,
               value[0] == '\0' ? "missing" : "too long", size - 1);
  return FALSE;
}

static gboolean
parse_text (Loading *self, const char *label_id, const char *key, const char *value, GError **error)
{
  ChsLabel label = chs_label_from_id (label_id);
  ChsLabelText *text = &self->profile->text[label];
  const struct {
    const char *key;
    char       *dst;
    gsize       size;
  } fields[] = {
    { "title", text->title, sizeof text->title },
    { "action", text->action, sizeof text->action },
    { "title_high", text->title_high, sizeof text->title_high },
    { "action_high", text->action_high, sizeof text->action_high },
  };

  if (label == CHS_LABEL_NONE) {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNKNOWN_KEY, "unknown label \"%s\"", label_id);
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (key != NULL && strcmp (fields[i].key, key) == 0)
      return copy_text (fields[i].dst, fields[i].size, key, value, error);
  if (key == NULL)
    return TRUE;
  g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"%s\"; a label has title, action, title_high, action_high",
               key);
  return FALSE;
}

static gboolean
parse_head (ChsProfile *profile, const char *key, const char *value, GError **error)
{
  if (strcmp (key, "name") == 0)
    return copy_text (profile->name, sizeof profile->name, key, value, error);
  if (strcmp (key, "version") == 0)
    return copy_text (profile->version, sizeof profile->version, key, value, error);
  if (strcmp (key, "reviewed_by") == 0) {
    chs_text_copy (profile->reviewed_by, sizeof profile->reviewed_by, value);
    return TRUE;
  }
  g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"%s\"; [profile] has name, version, reviewed_by", key);
  return FALSE;
}

static gboolean
is_group (const char *group)
{
  gsize n = strlen (group);

  for (unsigned i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++)
    {
      const char *name = chs_key_info ((ChsKey) i)->name;

      if (strncmp (name, group, n) == 0 && name[n] == '.')
        return TRUE;
    }
  return strcmp (group, "profile") == 0;
}

static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Loading *self = user_data;
  g_autofree char *name = NULL;
  ChsKey index;

  if (g_str_has_prefix (group, TEXT_GROUP))
    return parse_text (self, group + strlen (TEXT_GROUP), key, value, error);
  if (!is_group (group)) {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_UNKNOWN_KEY, "unknown group [%s]", group);
    return FALSE;
  }
  if (key == NULL)
    return TRUE;
  if (strcmp (group, "profile") == 0)
    return parse_head (self->profile, key, value, error);
  name = g_strconcat (group, ".", key, NULL);
  if (chs_key_is_retired (name))
    return TRUE;
  index = chs_key_from_name (name);
  if (index == CHS_KEY_NONE)
    return refuse_unknown (name, error);
  self->lines[index] = line;
  return parse_number (self, index, value, error);
}

/* Pairs that make sense in one order only: a soft limit is not above the hard one. */
static const struct {
  ChsKey low, high;
} orders[] = {
  { CHS_KEY_FLUID_SOFT_VOLUME, CHS_KEY_FLUID_HARD_VOLUME },
  { CHS_KEY_FLUID_SOFT_RATE, CHS_KEY_FLUID_HARD_RATE },
  { CHS_KEY_FLUID_RISK_SOFT_VOLUME, CHS_KEY_FLUID_RISK_HARD_VOLUME },
  { CHS_KEY_FLUID_RISK_SOFT_RATE, CHS_KEY_FLUID_RISK_HARD_RATE },
  { CHS_KEY_MAGNESIUM_SOFT_RATE, CHS_KEY_MAGNESIUM_HARD_RATE },
  { CHS_KEY_KETAMINE_SOFT_RATE, CHS_KEY_KETAMINE_HARD_RATE },
  { CHS_KEY_LIDOCAINE_SOFT_RATE, CHS_KEY_LIDOCAINE_HARD_RATE },
  { CHS_KEY_BP_FALL_30, CHS_KEY_BP_FALL_20 },
  { CHS_KEY_BP_FALL_20, CHS_KEY_BP_FALL_15 },
  { CHS_KEY_BP_EXTREME_SBP, CHS_KEY_BP_ABS_LOW },
  { CHS_KEY_LIMIT_HR_LOW, CHS_KEY_LIMIT_HR_HIGH },
  { CHS_KEY_LIMIT_HR_LOW_EXTREME, CHS_KEY_LIMIT_HR_LOW },
  { CHS_KEY_LIMIT_HR_HIGH_CAP, CHS_KEY_LIMIT_HR_EXTREME },
  { CHS_KEY_LIMIT_RR_LOW, CHS_KEY_LIMIT_RR_HIGH },
  { CHS_KEY_LIMIT_SPO2_EXTREME, CHS_KEY_LIMIT_SPO2_LOW },
  { CHS_KEY_LIMIT_SYS_HIGH, CHS_KEY_LIMIT_SYS_EXTREME },
  { CHS_KEY_TEMP_FEVER, CHS_KEY_TEMP_FEVER_ALONE },
  { CHS_KEY_LIMIT_TEMP_LOW, CHS_KEY_TEMP_FEVER },
};

static gboolean
check_orders (const ChsProfile *profile, const guint *lines, const char *name, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (orders); i++) {
    ChsKey low = orders[i].low, high = orders[i].high;

    if (profile->value[low] <= profile->value[high])
      continue;
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_RANGE, "%s:%u: %s = %g is above %s = %g", name,
                 MAX (lines[low], lines[high]), chs_key_info (low)->name, profile->value[low], chs_key_info (high)->name, profile->value[high]);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_complete (const Loading *self, const char *name, GError **error)
{
  const char *missing = NULL;

  if (self->profile->name[0] == '\0')
    missing = "profile.name";
  else if (self->profile->version[0] == '\0')
    missing = "profile.version";
  for (unsigned i = CHS_KEY_NONE + 1; i < CHS_N_KEYS && missing == NULL; i++)
    if (self->lines[i] == 0)
      missing = chs_key_info ((ChsKey) i)->name;
  if (missing != NULL) {
    g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_MISSING, "%s: %s is missing", name, missing);
    return FALSE;
  }
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS; i++)
    if (self->profile->text[i].title[0] == '\0' || self->profile->text[i].action[0] == '\0') {
      g_set_error (error, CHS_PROFILE_ERROR, CHS_PROFILE_ERROR_MISSING, "%s: [text.%s] needs title and action", name,
                   chs_label_id ((ChsLabel) i));
      return FALSE;
    }
  return check_orders (self->profile, self->lines, name, error);
}

/* What @self lacks, as @other has it. */
static void
fill_in (Loading *self, const ChsProfile *other)
{
  for (unsigned i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++)
    if (self->lines[i] == 0) {
      self->lines[i] = 1;
      self->profile->value[i] = other->value[i];
      memcpy (self->profile->source[i], other->source[i], sizeof other->source[i]);
    }
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS; i++)
    if (self->profile->text[i].title[0] == '\0' && self->profile->text[i].action[0] == '\0')
      self->profile->text[i] = other->text[i];
}

/* @stand_in: (nullable): for what the text lacks */
static ChsProfile *
parse (const char *text, gsize n, const char *name, const ChsProfile *stand_in, GError **error)
{
  g_autoptr (ChsProfile) profile = g_new0 (ChsProfile, 1);
  g_autofree Loading *self = g_new0 (Loading, 1);

  self->profile = profile;
  profile->file = g_memdup2 (text, n);
  profile->n_file = n;
  if (!chs_ini_parse (text, n, name, on_line, self, error))
    return NULL;
  if (stand_in != NULL)
    fill_in (self, stand_in);
  return check_complete (self, name, error) ? g_steal_pointer (&profile) : NULL;
}

ChsProfile *
chs_profile_parse (const char *text, gsize n, const char *name, GError **error)
{
  return parse (text, n, name, NULL, error);
}

ChsProfile *
chs_profile_parse_recorded (const char *text, gsize n, const char *name, GError **error)
{
  g_autoptr (ChsProfile) builtin = chs_profile_new_builtin ();

  return parse (text, n, name, builtin, error);
}

ChsProfile *
chs_profile_new_builtin (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (chs_app_get_resource (), "/org/chairside/app/alarms/adult.ini", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;
  ChsProfile *profile;
  gsize n;
  const char *text;

  g_assert (bytes != NULL);
  text = g_bytes_get_data (bytes, &n);
  profile = chs_profile_parse (text, n, "built-in alarm profile", &error);
  g_assert_no_error (error); /* a test reads the same file */
  return profile;
}

ChsProfile *
chs_profile_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize n;

  text = chs_read_file (path, CHS_INI_MAX_BYTES, &n, &local);
  if (text == NULL) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read alarm profile: %s", local->message);
    return NULL;
  }
  return chs_profile_parse (text, n, path, error);
}

ChsProfile *
chs_profile_copy (const ChsProfile *self)
{
  ChsProfile *copy = g_memdup2 (self, sizeof *self);

  copy->file = g_memdup2 (self->file, self->n_file);
  return copy;
}

void
chs_profile_free (ChsProfile *self)
{
  g_free (self->file);
  g_free (self);
}

const char *
chs_profile_get_name (const ChsProfile *self)
{
  return self->name;
}

const char *
chs_profile_get_version (const ChsProfile *self)
{
  return self->version;
}

const char *
chs_profile_get_reviewed_by (const ChsProfile *self)
{
  return self->reviewed_by;
}

static const ChsLabelText *
words_of (const ChsProfile *self, ChsLabel label)
{
  return &self->text[(guint) label < CHS_N_LABELS ? label : CHS_LABEL_NONE];
}

const char *
chs_profile_title (const ChsProfile *self, ChsLabel label, ChsPriority priority)
{
  const ChsLabelText *words = words_of (self, label);

  return priority == CHS_PRIORITY_HIGH && words->title_high[0] != '\0' ? words->title_high : words->title;
}

const char *
chs_profile_action (const ChsProfile *self, ChsLabel label, ChsPriority priority)
{
  const ChsLabelText *words = words_of (self, label);

  return priority == CHS_PRIORITY_HIGH && words->action_high[0] != '\0' ? words->action_high : words->action;
}

const char *
chs_profile_get_text (const ChsProfile *self, gsize *n)
{
  *n = self->n_file;
  return self->file;
}

/* ---- writing ---- */

/* What stands in a text that goes into one line of an ini file. */
static void
append_clean (GString *out, const char *text, gsize most)
{
  g_autofree char *clean = g_malloc (most + 1);

  chs_text_copy (clean, most + 1, text);
  g_string_append (out, clean);
}

#define MAX_COMMENT 400

/* "90 mm[Hg] | WAO 2020" becomes "85 mm[Hg] | NOTE, before 90: WAO 2020". */
static void
append_edited (GString *out, const char *line, ChsKey key, double value, const char *note)
{
  char        number[G_ASCII_DTOSTR_BUF_SIZE];
  const char *equals = strchr (line, '=');
  char       *end;
  double      before = g_ascii_strtod (equals + 1, &end);
  const char *bar = strchr (end, '|');

  g_string_append_len (out, line, equals - line);
  g_string_append_printf (out, "= %s %s | ", g_ascii_formatd (number, sizeof number, "%.9g", value),
                          chs_unit_info (chs_key_info (key)->unit)->ucum);
  append_clean (out, note, 60);
  g_string_append_printf (out, ", before %s:", g_ascii_formatd (number, sizeof number, "%.9g", before));
  g_string_append (out, bar != NULL ? bar + 1 : " unknown");
}

static void
append_head (GString *out, const char *key, const char *line, const char *name, const char *comment)
{
  if (strcmp (key, "name") == 0) {
    g_string_append (out, "# ");
    append_clean (out, comment, MAX_COMMENT);
    g_string_append (out, "\nname = ");
    append_clean (out, name, 63);
  } else {
    g_string_append (out, strcmp (key, "reviewed_by") == 0 ? "reviewed_by =" : line);
  }
}

static void
append_line (GString *out, const ChsProfile *self, const char *group, const char *line, const char *name, const char *comment,
             const char *note)
{
  const char      *equals = strchr (line, '=');
  g_autofree char *key = g_strstrip (g_strndup (line, equals != NULL ? (gsize) (equals - line) : 0));
  g_autofree char *full = g_strconcat (group, ".", key, NULL);
  ChsKey           index = chs_key_from_name (full);

  if (equals != NULL && strcmp (group, "profile") == 0)
    append_head (out, key, line, name, comment);
  else if (index != CHS_KEY_NONE && fabs (g_ascii_strtod (equals + 1, NULL) - self->value[index]) > 1e-9)
    append_edited (out, line, index, self->value[index], note);
  else
    g_string_append (out, line);
}

char *
chs_profile_dup_edited (const ChsProfile *self, const char *name, const char *comment, const char *note, gsize *n)
{
  GString         *out = g_string_new (NULL);
  g_autofree char *text = g_strndup (self->file, self->n_file);
  g_auto (GStrv)   lines = g_strsplit (text, "\n", -1);
  g_autofree char *group = g_strdup ("");

  for (char **line = lines; *line != NULL; line++) {
    const char *trimmed = *line + strspn (*line, " \t");

    if (trimmed[0] == '[') {
      g_free (group);
      group = g_strndup (trimmed + 1, strcspn (trimmed + 1, "]"));
    }
    if (trimmed[0] == '#' || trimmed[0] == ';' || trimmed[0] == '[')
      g_string_append (out, *line);
    else
      append_line (out, self, group, *line, name, comment, note);
    if (line[1] != NULL)
      g_string_append_c (out, '\n');
  }
  *n = out->len;
  return g_string_free (out, FALSE);
}

char *
chs_profile_dup_clinic_folder (void)
{
  return chs_share_dup_clinic_folder ("CHAIRSIDE_PROFILES", "profiles", TRUE);
}

gboolean
chs_profile_set (ChsProfile *self, const char *key, double value, GError **error)
{
  static const guint no_lines[CHS_N_KEYS];
  ChsKey index = chs_key_from_name (key);
  double before;

  if (index == CHS_KEY_NONE)
    return refuse_unknown (key, error);
  if (!check_range (index, value, error))
    return FALSE;
  before = self->value[index];
  self->value[index] = value;
  if (check_orders (self, no_lines, self->name, error))
    return TRUE;
  self->value[index] = before;
  return FALSE;
}

double
chs_profile_get (const ChsProfile *self, const char *key)
{
  ChsKey index = chs_key_from_name (key);

  return index == CHS_KEY_NONE ? (double) NAN : self->value[index];
}

char *
chs_profile_dup_default_path (void)
{
  char *path = chs_share_dup_path ("alarms", "adult.ini");

  return path != NULL ? path : g_build_filename (CHS_DATADIR, "alarms", "adult.ini", NULL);
}
