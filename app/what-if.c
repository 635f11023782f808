/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/what-if.h"

#include "app/alarm-limits.h"
#include "app/command-check.h"
#include "app/engine.h"
#include "app/profile-private.h"
#include "app/therapy.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define CANCEL_EVENTS 4096 /* between two looks at the cancellable */

/* A value of the session without a known range goes from 0 to so many times what was recorded. */
#define FREE_RANGE 4.0
#define STEPS_OF_RANGE 50.0
#define WHOLE_RANGE 10.0 /* from here on a range between whole numbers has whole steps */

/* ---- the journal, packed ---- */

/* One numeric; or, with param NONE, an event of another kind: @meas_us is its place in @others, or -1 for a tick. */
typedef struct {
  int64_t t_us;
  double  value;
  int64_t meas_us;
  uint8_t source, channel, param, quality, flags, time_mark;
} Packed;

#define TICK (-1)

struct _ChsWhatIf {
  gatomicrefcount refs;
  GArray         *packed; /* of Packed */
  GArray         *others; /* of ChsEvent, that borrow nothing */
  int64_t         end_us;
  int64_t         wall_offset_us; /* of the first event: wall time is not looked at by any rule */

  ChsProfile *recorded, *wanted;
  GHashTable *last_setup; /* key: place in @others of its last SETUP + 1 */
  GArray     *rows;        /* of ChsWhatIfRow; NULL before they were asked for */
  GStringChunk *texts;
};

struct _ChsWhatIfTask {
  ChsWhatIf  *what_if;
  ChsProfile *profile;
  GHashTable *setups; /* key to text of the SETUP keys that are not as recorded */
};

ChsWhatIf *
chs_what_if_new (const ChsProfile *profile)
{
  ChsWhatIf *self = g_new0 (ChsWhatIf, 1);

  g_atomic_ref_count_init (&self->refs);
  self->packed = g_array_new (FALSE, FALSE, sizeof (Packed));
  self->others = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  self->recorded = chs_profile_copy (profile);
  self->wanted = chs_profile_copy (profile);
  self->last_setup = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->texts = g_string_chunk_new (1024);

  return self;
}

ChsWhatIf *
chs_what_if_ref (ChsWhatIf *self)
{
  g_atomic_ref_count_inc (&self->refs);

  return self;
}

void
chs_what_if_unref (ChsWhatIf *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->packed);
  g_array_unref (self->others);
  chs_profile_free (self->recorded);
  chs_profile_free (self->wanted);
  g_hash_table_unref (self->last_setup);
  g_clear_pointer (&self->rows, g_array_unref);
  g_string_chunk_free (self->texts);
  g_free (self);
}

static void
add_other (ChsWhatIf *self, const ChsEvent *event)
{
  Packed   packed = { .t_us = event->t_us, .meas_us = self->others->len };
  ChsEvent copy = *event;

  if (event->type == CHS_EVENT_SETUP)
    g_hash_table_insert (self->last_setup, g_strdup (event->setup.key), GUINT_TO_POINTER (self->others->len + 1));
  g_array_append_val (self->others, copy);
  g_array_append_val (self->packed, packed);
}

void
chs_what_if_add (ChsWhatIf *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  Packed            packed = { .t_us = event->t_us, .meas_us = TICK };

  if (event->type == CHS_EVENT_WAVE || event->type == CHS_EVENT_RAW || event->type == CHS_EVENT_ALARM ||
      event->type == CHS_EVENT_CONFIG)
    return;
  if (self->packed->len == 0)
    self->wall_offset_us = event->wall_us - event->t_us;
  self->end_us = MAX (self->end_us, event->t_us);
  if (event->type == CHS_EVENT_NUMERIC && numeric->param != CHS_PARAM_NONE) {
    packed = (Packed){ .t_us = event->t_us, .value = numeric->value, .meas_us = numeric->meas_us, .source = event->source,
                       .channel = event->channel, .param = numeric->param, .quality = numeric->quality,
                       .flags = numeric->flags, .time_mark = numeric->time_mark };
    g_array_append_val (self->packed, packed);
  } else if (event->type == CHS_EVENT_TICK) {
    g_array_append_val (self->packed, packed);
  } else {
    add_other (self, event);
  }
}

guint
chs_what_if_get_n_events (const ChsWhatIf *self)
{
  return self->packed->len;
}

int64_t
chs_what_if_get_end_us (const ChsWhatIf *self)
{
  return self->end_us;
}

/* ---- rows ---- */

/* Keys of the session carry their unit at the end of their name. The longer ones first. */
static const struct {
  const char *suffix, *unit;
} units[] = {
  { "_mmol_per_ml", "mmol/mL" }, { "_mg_per_ml", "mg/mL" }, { "_mosm_l", "mosm/L" }, { "_mmol_min", "mmol/min" },
  { "_mg_kg_h", "mg/kg/h" },     { "_mg_min", "mg/min" },   { "_g_min", "g/min" },   { "_mg_kg", "mg/kg" },
  { "_mg_h", "mg/h" },           { "_ml_h", "mL/h" },       { "_mg", "mg" },         { "_ml", "mL" },
  { "_kg", "kg" },               { "_min", "min" },         { "_cm", "cm" },         { "_s", "s" },
};

/* What of the patient and the session is a number that a rule looks at; limits are the profile's own. */
static const struct {
  const char *key;
  double      least, most; /* as app/session.c takes them */
} session_keys[] = {
  { "session.cuff_interval_s", 150, 900 },
  { "patient.age", 0, 130 },
  { "patient.weight_kg", 20, 350 },
  { "patient.height_cm", 80, 250 },
};

static const char *
unit_of (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_suffix (key, units[i].suffix))
      return units[i].unit;

  return "";
}

/* The therapy's part of "therapy.KEY" and "pump.S.C.KEY". */
static const char *
therapy_key_of (const char *key)
{
  if (g_str_has_prefix (key, "therapy."))
    return key + strlen ("therapy.");
  if (g_str_has_prefix (key, "pump."))
    return strrchr (key, '.') + 1;

  return NULL;
}

static gboolean
range_of_limit (const char *key, ChsWhatIfRow *row)
{
  const ChsLimitInfo *info = chs_limit_find (key);

  if (info == NULL)
    return FALSE;
  chs_limit_range (info, &row->least, &row->most);
  row->unit = chs_unit_info (chs_key_info (chs_key_from_name (info->profile_key))->unit)->ucum;

  return TRUE;
}

/* Only numbers that a rule or a dose watch looks at; FALSE for everything else. */
static gboolean
range_of_setup (const char *key, double recorded, ChsWhatIfRow *row)
{
  const char *therapy_key = therapy_key_of (key);

  if (therapy_key != NULL) {
    if (unit_of (therapy_key)[0] == '\0')
      return FALSE;
    if (!chs_therapy_key_range (therapy_key, &row->least, &row->most)) {
      row->least = 0;
      row->most = FREE_RANGE * recorded;
    }
    return row->most > row->least;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (session_keys); i++)
    if (strcmp (session_keys[i].key, key) == 0) {
      row->least = session_keys[i].least;
      row->most = session_keys[i].most;
      return TRUE;
    }

  return g_str_has_prefix (key, "limit.") && range_of_limit (key, row);
}

static gboolean
is_whole (double value)
{
  return fabs (value - round (value)) < 1e-9;
}

/* A round step of about a fiftieth of the range: 1, 2 or 5 times a power of ten. */
static double
step_of (double least, double most)
{
  double raw = (most - least) / STEPS_OF_RANGE, power = pow (10, floor (log10 (raw))), part = raw / power;
  double step = (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10) * power;

  return is_whole (least) && is_whole (most) && most - least >= WHOLE_RANGE ? MAX (1.0, step) : step;
}

static void
add_setup_row (ChsWhatIf *self, const char *key)
{
  guint           place = GPOINTER_TO_UINT (g_hash_table_lookup (self->last_setup, key)) - 1;
  const ChsSetup *setup = &g_array_index (self->others, ChsEvent, place).setup;
  ChsWhatIfRow    row = { .group = "session", .source = "", .is_session = TRUE };
  char           *end;
  double          value = g_ascii_strtod (setup->value, &end), least, most;

  if (end == setup->value || *end != '\0' || !isfinite (value))
    return;
  row.unit = unit_of (key);
  if (!range_of_setup (key, value, &row))
    return;
  row.key = g_string_chunk_insert_const (self->texts, key);
  row.recorded = row.value = value;
  row.is_therapy = therapy_key_of (key) != NULL && chs_therapy_key_range (therapy_key_of (key), &least, &most);
  row.least = MIN (row.least, value);
  row.most = MAX (row.most, value);
  row.step = step_of (row.least, row.most);
  g_array_append_val (self->rows, row);
}

static void
add_profile_row (ChsWhatIf *self, ChsKey key)
{
  const ChsKeyInfo *info = chs_key_info (key);
  g_autofree char  *group = g_strndup (info->name, strcspn (info->name, "."));
  ChsWhatIfRow      row = { .key = info->name, .unit = chs_unit_info (info->unit)->ucum, .least = info->least,
                            .most = info->most, .step = step_of (info->least, info->most),
                            .recorded = self->recorded->value[key], .source = self->recorded->source[key] };

  row.group = g_string_chunk_insert_const (self->texts, group);
  row.value = row.recorded;
  g_array_append_val (self->rows, row);
}

static void
make_rows (ChsWhatIf *self)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (self->last_setup), (GCompareFunc) strcmp);

  self->rows = g_array_new (FALSE, FALSE, sizeof (ChsWhatIfRow));
  for (GList *l = keys; l; l = l->next)
    add_setup_row (self, l->data);
  for (int i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++)
    add_profile_row (self, (ChsKey) i);
}

static GArray *
ensure_rows (ChsWhatIf *self)
{
  if (self->rows == NULL)
    make_rows (self);

  return self->rows;
}

const ChsWhatIfRow *
chs_what_if_get_rows (ChsWhatIf *self, guint *n)
{
  *n = ensure_rows (self)->len;

  return (const ChsWhatIfRow *) (gpointer) self->rows->data;
}

static ChsWhatIfRow *
find_row (ChsWhatIf *self, const char *key)
{
  for (guint i = 0; i < ensure_rows (self)->len; i++)
    if (strcmp (g_array_index (self->rows, ChsWhatIfRow, i).key, key) == 0)
      return &g_array_index (self->rows, ChsWhatIfRow, i);

  return NULL;
}

static gboolean
is_changed (const ChsWhatIfRow *row)
{
  return fabs (row->value - row->recorded) > 1e-9 * MAX (1.0, fabs (row->recorded));
}

static void
write_number (char *text, gsize size, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_strlcpy (text, g_ascii_formatd (buffer, sizeof buffer, "%.9g", value), size);
}

/* ---- checks of the session's own values ---- */

/* The therapy that a pump would have with what is asked for, to see that no soft limit is above its hard one. */
static gboolean
check_therapy (ChsWhatIf *self, const ChsWhatIfRow *row, double value, GError **error)
{
  const char *name = therapy_key_of (row->key);
  gsize       n_prefix = name != NULL ? (gsize) (name - row->key) : 0;
  ChsTherapy  therapy;
  char        text[G_ASCII_DTOSTR_BUF_SIZE];

  if (name == NULL)
    return TRUE;
  chs_therapy_clear (&therapy);
  for (guint i = 0; i < self->rows->len; i++) {
    const ChsWhatIfRow *other = &g_array_index (self->rows, ChsWhatIfRow, i);

    if (!other->is_session || strncmp (other->key, row->key, n_prefix) != 0)
      continue;
    write_number (text, sizeof text, other == row ? value : other->value);
    chs_therapy_setup (&therapy, other->key + n_prefix, text);
  }

  return chs_therapy_check (&therapy, error);
}

static gboolean
set_session (ChsWhatIf *self, ChsWhatIfRow *row, double value, GError **error)
{
  ChsSession session;
  ChsSetup   setup;

  if (!isfinite (value) || value < row->least || value > row->most) {
    g_set_error (error, CHS_COMMAND_ERROR, CHS_COMMAND_ERROR_VALUE, "%s = %g %s is outside the safe range %g to %g", row->key,
                 value, row->unit, row->least, row->most);
    return FALSE;
  }
  chs_session_init (&session);
  chs_text_copy (setup.key, sizeof setup.key, row->key);
  write_number (setup.value, sizeof setup.value, value);
  if (!chs_command_check_setup (&session, self->recorded, &setup, 1, error) || !check_therapy (self, row, value, error))
    return FALSE;
  row->value = value;

  return TRUE;
}

gboolean
chs_what_if_set (ChsWhatIf *self, const char *key, double value, GError **error)
{
  ChsWhatIfRow *row = find_row (self, key);

  if (row != NULL && row->is_session)
    return set_session (self, row, value, error);
  if (!chs_profile_set (self->wanted, key, value, error))
    return FALSE;
  row->value = value;

  return TRUE;
}

void
chs_what_if_revert (ChsWhatIf *self)
{
  chs_profile_free (self->wanted);
  self->wanted = chs_profile_copy (self->recorded);
  for (guint i = 0; i < ensure_rows (self)->len; i++)
    g_array_index (self->rows, ChsWhatIfRow, i).value = g_array_index (self->rows, ChsWhatIfRow, i).recorded;
}

static gboolean
is_of (const ChsWhatIfRow *row, ChsWhatIfPart part)
{
  return part == CHS_WHAT_IF_ALL || (part == CHS_WHAT_IF_PROFILE ? !row->is_session : row->is_therapy);
}

guint
chs_what_if_get_n_changed (ChsWhatIf *self, ChsWhatIfPart part)
{
  guint n = 0;

  for (guint i = 0; i < ensure_rows (self)->len; i++) {
    const ChsWhatIfRow *row = &g_array_index (self->rows, ChsWhatIfRow, i);

    n += is_changed (row) && is_of (row, part);
  }

  return n;
}

/* ---- running ---- */

ChsWhatIfTask *
chs_what_if_task_new (ChsWhatIf *self, gboolean as_recorded)
{
  ChsWhatIfTask *task = g_new0 (ChsWhatIfTask, 1);

  task->what_if = chs_what_if_ref (self);
  task->profile = chs_profile_copy (as_recorded ? self->recorded : self->wanted);
  task->setups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < ensure_rows (self)->len && !as_recorded; i++) {
    const ChsWhatIfRow *row = &g_array_index (self->rows, ChsWhatIfRow, i);
    char                text[G_ASCII_DTOSTR_BUF_SIZE];

    if (!row->is_session || !is_changed (row))
      continue;
    write_number (text, sizeof text, row->value);
    g_hash_table_insert (task->setups, g_strdup (row->key), g_strdup (text));
  }

  return task;
}

void
chs_what_if_task_free (ChsWhatIfTask *self)
{
  if (self == NULL)
    return;
  chs_what_if_unref (self->what_if);
  chs_profile_free (self->profile);
  g_hash_table_unref (self->setups);
  g_free (self);
}

static void
unpack (const ChsWhatIf *self, const Packed *packed, ChsEvent *event)
{
  event->type = CHS_EVENT_NUMERIC;
  event->t_us = packed->t_us;
  event->wall_us = packed->t_us + self->wall_offset_us;
  event->source = packed->source;
  event->channel = packed->channel;
  event->numeric = (ChsNumeric){ .param = packed->param, .quality = packed->quality, .flags = packed->flags,
                                 .time_mark = packed->time_mark, .value = packed->value, .meas_us = packed->meas_us };
  if (packed->param == CHS_PARAM_NONE)
    event->type = CHS_EVENT_TICK;
}

static void
feed_other (const ChsWhatIfTask *self, ChsEngine *engine, const ChsEvent *event, ChsEngineFunc func, gpointer user_data)
{
  const char *value = event->type == CHS_EVENT_SETUP ? g_hash_table_lookup (self->setups, event->setup.key) : NULL;
  ChsEvent    changed;

  if (value == NULL) {
    chs_engine_feed (engine, event, func, user_data);
    return;
  }
  changed = *event;
  chs_text_copy (changed.setup.value, sizeof changed.setup.value, value);
  chs_engine_feed (engine, &changed, func, user_data);
}

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  chs_alarm_track_feed (user_data, output);
}

ChsAlarmTrack *
chs_what_if_task_run (const ChsWhatIfTask *self, GCancellable *cancellable)
{
  const ChsWhatIf          *what_if = self->what_if;
  const Packed             *packed = (const Packed *) (gpointer) what_if->packed->data;
  g_autoptr (ChsEngine)     engine = chs_engine_new (self->profile);
  g_autoptr (ChsAlarmTrack) track = chs_alarm_track_new ();
  ChsEvent                  event = { 0 };

  for (guint i = 0; i < what_if->packed->len; i++) {
    if (i % CANCEL_EVENTS == 0 && g_cancellable_is_cancelled (cancellable))
      return NULL;
    if (packed[i].param == CHS_PARAM_NONE && packed[i].meas_us != TICK) {
      feed_other (self, engine, &g_array_index (what_if->others, ChsEvent, packed[i].meas_us), on_output, track);
      continue;
    }
    unpack (what_if, &packed[i], &event);
    chs_engine_feed (engine, &event, on_output, track);
  }
  track->end_us = MAX (track->end_us, what_if->end_us);

  return g_steal_pointer (&track);
}

/* ---- saving ---- */

/* Latin letters and digits of @name, in small, with @between for what lies between them. */
static char *
dup_id (const char *name, char between, const char *otherwise)
{
  GString *id = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (id, g_ascii_tolower (*c));
    else if (id->len > 0 && id->str[id->len - 1] != between)
      g_string_append_c (id, between);
  while (id->len > 0 && id->str[id->len - 1] == between)
    g_string_truncate (id, id->len - 1);
  if (id->len == 0) /* a name without a Latin letter */
    g_string_printf (id, "%s%c%08x", otherwise, between, g_str_hash (name));

  return g_string_free (id, FALSE);
}

/* Returns: (nullable): the file to be; NULL: a text is missing, or the file is there */
static char *
begin_saving (const char *folder, const ChsWhatIfLabel *label, const char *kind, GError **error)
{
  g_autofree char *id = dup_id (label->name, '-', kind), *file = g_strconcat (id, ".ini", NULL);
  g_autofree char *full = g_build_filename (folder, file, NULL);
  const char      *missing = label->name[0] == '\0' ? "a name" : label->author[0] == '\0' ? "an author" : "a reason";

  if (label->name[0] == '\0' || label->author[0] == '\0' || label->reason[0] == '\0')
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the %s needs %s", kind, missing);
  else if (g_file_test (full, G_FILE_TEST_EXISTS))
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "%s: there is a %s of this name already", full, kind);
  else
    return g_steal_pointer (&full);

  return NULL;
}

static gboolean
finish_saving (const char *folder, char *full, const char *text, gsize n, char **path, GError **error)
{
  if (g_mkdir_with_parents (folder, 0755) != 0) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ACCES, "cannot make the folder %s", folder);
    return FALSE;
  }
  if (!g_file_set_contents (full, text, (gssize) n, error))
    return FALSE;
  if (path != NULL)
    *path = g_strdup (full);

  return TRUE;
}

gboolean
chs_what_if_save_profile (ChsWhatIf *self, const char *folder, const ChsWhatIfLabel *label, char **path, GError **error)
{
  g_autofree char       *full = begin_saving (folder, label, "profile", error), *text = NULL;
  g_autofree char       *comment = g_strdup_printf ("%s: %s (what-if over %s)", label->author, label->reason, label->session);
  g_autofree char       *note = g_strconcat ("what-if over ", label->session, NULL);
  g_autoptr (ChsProfile) checked = NULL;
  gsize                  n;

  if (full == NULL)
    return FALSE;
  text = chs_profile_dup_edited (self->wanted, label->name, comment, note, &n);
  checked = chs_profile_parse (text, n, full, error);

  return checked != NULL && finish_saving (folder, full, text, n, path, error);
}

/* "therapy." of "therapy.KEY", "pump.1.0." of "pump.1.0.KEY" */
static char *
prefix_of (const ChsWhatIfRow *row)
{
  return g_strndup (row->key, (gsize) (therapy_key_of (row->key) - row->key));
}

/* Returns: (nullable): the entry that what begins with @prefix is of */
static const ChsTherapyEntry *
find_entry (ChsWhatIf *self, const ChsTherapyLibrary *library, const char *prefix, GError **error)
{
  g_autofree char       *key = g_strconcat (prefix, "id", NULL);
  guint                  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->last_setup, key));
  const char            *id = place > 0 ? g_array_index (self->others, ChsEvent, place - 1).setup.value : "";
  const ChsTherapyEntry *entry = chs_therapy_library_find (library, id);

  if (entry == NULL)
    g_set_error (error, CHS_THERAPY_ERROR, CHS_THERAPY_ERROR_MISSING, "the recorded therapy \"%s\" is in no library here", id);

  return entry;
}

static GArray *
collect_changes (ChsWhatIf *self, const char *prefix)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (ChsTherapyChange));

  for (guint i = 0; i < self->rows->len; i++) {
    const ChsWhatIfRow *row = &g_array_index (self->rows, ChsWhatIfRow, i);
    ChsTherapyChange    change = { .value = row->value };

    if (!row->is_therapy || !is_changed (row) || !g_str_has_prefix (row->key, prefix))
      continue;
    change.key = therapy_key_of (row->key);
    g_array_append_val (changes, change);
  }

  return changes;
}

/* @number: of the entry in its file */
static gboolean
append_entry (
    ChsWhatIf *self, GString *out, const ChsTherapyLibrary *library, const ChsWhatIfLabel *label, const char *prefix, guint number,
    GError **error)
{
  const ChsTherapyEntry *entry = find_entry (self, library, prefix, error);
  g_autoptr (GArray)     changes = collect_changes (self, prefix);
  g_autofree char       *id = dup_id (label->name, '_', "therapy"), *source = NULL, *full_id = NULL, *text = NULL;
  g_autofree char       *numbered = number > 1 ? g_strdup_printf ("_%u", number) : g_strdup ("");

  if (entry == NULL)
    return FALSE;
  full_id = g_strdup_printf ("%.*s%s", (int) (sizeof entry->id - 1 - strlen (numbered)), id, numbered);
  source = g_strdup_printf ("%s: %s; from %s (%s)", label->author, label->reason, entry->id, entry->source);
  text = chs_therapy_entry_dup_edited (entry, full_id, label->name, source, (const ChsTherapyChange *) (gpointer) changes->data,
                                       changes->len);
  g_string_append_printf (out, "\n%s", text);

  return TRUE;
}

static gboolean
append_entries (ChsWhatIf *self, GString *out, const ChsTherapyLibrary *library, const ChsWhatIfLabel *label, GError **error)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    const ChsWhatIfRow *row = &g_array_index (self->rows, ChsWhatIfRow, i);
    g_autofree char    *prefix = row->is_therapy && is_changed (row) ? prefix_of (row) : NULL;

    if (prefix == NULL || g_hash_table_contains (done, prefix))
      continue;
    if (!append_entry (self, out, library, label, prefix, g_hash_table_size (done) + 1, error))
      return FALSE;
    g_hash_table_add (done, g_steal_pointer (&prefix));
  }

  return TRUE;
}

gboolean
chs_what_if_save_therapy (ChsWhatIf *self, const char *folder, const ChsWhatIfLabel *label, char **path, GError **error)
{
  g_autofree char              *full = begin_saving (folder, label, "therapy", error);
  g_autofree char              *words = g_strdup_printf ("%s: %s (what-if over %s)", label->author, label->reason, label->session);
  g_autoptr (ChsTherapyLibrary) library = NULL;
  g_autoptr (GString)           text = g_string_new ("# ");
  char                          comment[400];

  if (full == NULL)
    return FALSE;
  library = chs_therapy_library_load_default (error);
  chs_text_copy (comment, sizeof comment, words);
  g_string_append_printf (text, "%s\n", comment);
  ensure_rows (self);

  return library != NULL && append_entries (self, text, library, label, error) &&
         chs_therapy_library_add_text (library, text->str, text->len, full, error) &&
         finish_saving (folder, full, text->str, text->len, path, error);
}
