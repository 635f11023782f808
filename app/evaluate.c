/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/evaluate.h"

#include "app/burden.h"
#include "app/event-json.h"
#include "app/replay.h"
#include "data/ini.h"
#include "data/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS(t_us) ((double) (t_us) / 1e6)

/* ---- what really happened ---- */

typedef struct {
  char       *class, *chair;
  GPtrArray  *events, *allows; /* GHashTable of key to value */
} Truth;

static void
truth_clear (Truth *self)
{
  g_free (self->class);
  g_free (self->chair);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->allows, g_ptr_array_unref);
}

static gboolean
on_truth (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Truth *self = user_data;
  GPtrArray *list = g_str_has_prefix (group, "event.") ? self->events : g_str_has_prefix (group, "allow.") ? self->allows : NULL;

  if (list != NULL && key == NULL)
    g_ptr_array_add (list, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free));
  else if (list != NULL)
    g_hash_table_insert (list->pdata[list->len - 1], g_strdup (key), g_strdup (value));
  else if (key != NULL && strcmp (key, "class") == 0)
    self->class = g_strdup (value);
  else if (key != NULL && strcmp (key, "chair") == 0)
    self->chair = g_strdup (value);
  return TRUE;
}

static gboolean
truth_load (Truth *self, const char *path, GError **error)
{
  *self = (Truth) { 0 };
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  self->allows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  return chs_ini_load (path, on_truth, self, error);
}

static const char *
text_of (GHashTable *section, const char *key)
{
  const char *value = g_hash_table_lookup (section, key);

  return value != NULL ? value : "";
}

static double
number_of (GHashTable *section, const char *key)
{
  return g_ascii_strtod (text_of (section, key), NULL);
}

static gboolean
is_listed (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);

  for (char **w = words; *w != NULL; w++)
    if (strcmp (g_strstrip (*w), word) == 0)
      return TRUE;
  return FALSE;
}

static int
rank_of (const char *priority)
{
  return g_ascii_strcasecmp (priority, "high") == 0     ? CHS_PRIORITY_HIGH
         : g_ascii_strcasecmp (priority, "medium") == 0 ? CHS_PRIORITY_MEDIUM
         : g_ascii_strcasecmp (priority, "low") == 0    ? CHS_PRIORITY_LOW
                                                        : CHS_PRIORITY_NONE;
}

/* ---- one session ---- */

typedef struct {
  char *hazard, *chair;
  gboolean in_time, best, partial;
  double   delay_s; /* from criteria to the right alarm; NAN = never */
} Judged;

typedef struct {
  char      *path, *truth_path;
  GArray    *alarms;   /* ChsEvent: raise and escalate */
  GArray    *judged;   /* Judged */
  ChsAlarmTrack *track, *compared; /* as the profile asked for has it, or as recorded; with the profile when that is compared */
  GString   *findings;
  double     hours;
  guint      false_high, false_medium, high, wrong_high;
  char      *chair;
  char      *damage; /* (nullable): why not all of a recording could be read */
  GError    *error;
  const ChsEvaluateOptions *options;
} Case;

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  Case *self = user_data;

  self->hours = SECONDS (event->t_us) / 3600.0;
  chs_alarm_track_feed (self->track, event);
  if (event->type == CHS_EVENT_ALARM && (event->alarm.action == CHS_ALARM_RAISE || event->alarm.action == CHS_ALARM_ESCALATE))
    g_array_append_val (self->alarms, *event);
}

static void
find (Case *self, const char *type, const ChsEvent *alarm, const char *what, double t_s)
{
  g_autofree char *id = g_path_get_basename (self->path);

  if (!self->options->findings)
    return;
  g_string_append_c (self->findings, '{');
  chs_json_text (self->findings, "type", type);
  chs_json_text (self->findings, "session", id);
  chs_json_number (self->findings, "t_s", t_s);
  if (alarm != NULL) {
    chs_json_text (self->findings, "label", chs_label_id ((ChsLabel) alarm->alarm.label));
    chs_json_text (self->findings, "priority", chs_priority_id ((ChsPriority) alarm->alarm.priority));
    chs_json_text (self->findings, "rule", alarm->alarm.rule);
    chs_json_text (self->findings, "evidence", alarm->alarm.evidence);
  }
  chs_json_text (self->findings, "event", what);
  g_string_append (self->findings, "}\n");
}

static void
judge_event (Case *self, GHashTable *event, const char *chair)
{
  double onset = number_of (event, "onset_s"), deadline = number_of (event, "deadline_s"), criteria = number_of (event, "criteria_s");
  Judged judged = { .hazard = g_strdup (text_of (event, "type")), .chair = g_strdup (chair), .delay_s = NAN };
  const char *ok = text_of (event, "labels_ok"), *partial = text_of (event, "labels_partial");
  int least = rank_of (text_of (event, "min_priority"));

  for (guint i = 0; i < self->alarms->len; i++) {
    const ChsEvent *alarm = &g_array_index (self->alarms, ChsEvent, i);
    const char *label = chs_label_id ((ChsLabel) alarm->alarm.label);
    double t_s = SECONDS (alarm->t_us);

    if (t_s < onset - CHS_EVALUATE_EARLY_S || t_s > number_of (event, "end_s") || alarm->alarm.priority < least)
      continue;
    judged.partial |= t_s <= deadline && is_listed (partial, label);
    if (!is_listed (ok, label))
      continue;
    if (isnan (judged.delay_s))
      judged.delay_s = t_s - criteria;
    judged.in_time |= t_s <= deadline;
    judged.best |= t_s <= deadline && strcmp (label, text_of (event, "label_best")) == 0;
  }
  if (!judged.in_time)
    find (self, "miss", NULL, judged.hazard, deadline);
  g_array_append_val (self->judged, judged);
}

static gboolean
is_allowed (const Truth *truth, const ChsEvent *alarm, double t_s)
{
  for (guint i = 0; i < truth->allows->len; i++) {
    GHashTable *allow = truth->allows->pdata[i];

    if (t_s >= number_of (allow, "from_s") && t_s <= number_of (allow, "to_s") &&
        is_listed (text_of (allow, "labels"), chs_label_id ((ChsLabel) alarm->alarm.label)) &&
        alarm->alarm.priority <= rank_of (text_of (allow, "max_priority")))
      return TRUE;
  }
  return FALSE;
}

static void
judge_alarm (Case *self, const Truth *truth, const ChsEvent *alarm)
{
  double t_s = SECONDS (alarm->t_us);
  const char *label = chs_label_id ((ChsLabel) alarm->alarm.label), *inside = NULL;
  gboolean named = FALSE;

  self->high += alarm->alarm.priority == CHS_PRIORITY_HIGH;
  for (guint i = 0; i < truth->events->len; i++) {
    GHashTable *event = truth->events->pdata[i];

    if (t_s < number_of (event, "onset_s") - CHS_EVALUATE_EARLY_S || t_s > number_of (event, "end_s") + CHS_EVALUATE_AFTER_S)
      continue;
    inside = text_of (event, "type");
    named |= is_listed (text_of (event, "labels_ok"), label) || is_listed (text_of (event, "labels_partial"), label);
  }
  if (alarm->alarm.priority < CHS_PRIORITY_MEDIUM || named || is_allowed (truth, alarm, t_s))
    return;
  if (inside == NULL) {
    self->false_high += alarm->alarm.priority == CHS_PRIORITY_HIGH;
    self->false_medium += alarm->alarm.priority == CHS_PRIORITY_MEDIUM;
    find (self, "false", alarm, "", t_s);
  } else if (alarm->alarm.priority == CHS_PRIORITY_HIGH) {
    self->wrong_high++;
    find (self, "wrong", alarm, inside, t_s);
  }
}

static void
on_compared_event (const ChsEvent *event, gpointer user_data)
{
  chs_alarm_track_feed (user_data, event);
}

/* Recordings come as they are: one that is damaged is judged as far as it goes, and told; a scenario must be right. */
static gboolean
replay (Case *self, const ChsReplayOptions *options, ChsEngineFunc func, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (chs_replay_run (self->path, options, func, user_data, NULL, &error))
    return TRUE;
  if (self->truth_path != NULL || error->domain != CHS_STORE_ERROR) {
    g_propagate_error (&self->error, g_steal_pointer (&error));
    return FALSE;
  }
  if (self->damage == NULL)
    self->damage = g_strdup (error->message);
  return TRUE;
}

static void
judge_truth (Case *self, const Truth *truth)
{
  self->chair = g_strdup (truth->chair != NULL ? truth->chair : "full");
  for (guint i = 0; i < truth->events->len; i++)
    judge_event (self, truth->events->pdata[i], self->chair);
  for (guint i = 0; i < self->alarms->len; i++)
    judge_alarm (self, truth, &g_array_index (self->alarms, ChsEvent, i));
}

static void
judge (gpointer data, gpointer user_data)
{
  Case *self = data;
  gboolean is_compared = self->options->compare;
  ChsReplayOptions options = { .profile_path = is_compared ? NULL : self->options->profile_path };
  ChsReplayOptions other = { .profile_path = self->options->profile_path };
  Truth truth = { 0 };

  if (self->truth_path != NULL && !truth_load (&truth, self->truth_path, &self->error)) {
    truth_clear (&truth);
    return;
  }
  if (replay (self, &options, on_event, self) && self->truth_path != NULL)
    judge_truth (self, &truth);
  if (self->error == NULL && is_compared)
    replay (self, &other, on_compared_event, self->compared);
  truth_clear (&truth);
}

static void
case_free (gpointer data)
{
  Case *self = data;

  for (guint i = 0; i < self->judged->len; i++) {
    g_free (g_array_index (self->judged, Judged, i).hazard);
    g_free (g_array_index (self->judged, Judged, i).chair);
  }
  g_array_unref (self->judged);
  g_array_unref (self->alarms);
  g_string_free (self->findings, TRUE);
  g_free (self->path);
  g_free (self->truth_path);
  g_free (self->chair);
  g_free (self->damage);
  chs_alarm_track_free (self->track);
  chs_alarm_track_free (self->compared);
  g_clear_error (&self->error);
  g_free (self);
}

/* ---- which sessions ---- */

/* Of a scenario ID.csv: ID.truth.ini, where it is. */
static char *
dup_truth_path (const char *path, const ChsEvaluateOptions *options)
{
  g_autofree char *base = g_path_get_basename (path), *id = g_strndup (base, strlen (base) - strlen (".csv"));
  g_autofree char *dir = options->truth_dir != NULL ? g_strdup (options->truth_dir) : g_path_get_dirname (path);
  g_autofree char *name = g_strconcat (id, ".truth.ini", NULL);

  return g_build_filename (dir, name, NULL);
}

static void
add_case (GPtrArray *cases, const char *path, const ChsEvaluateOptions *options)
{
  gboolean is_scenario = g_str_has_suffix (path, ".csv");
  g_autofree char *truth = is_scenario ? dup_truth_path (path, options) : NULL;
  Case *self;

  if (is_scenario && !g_file_test (truth, G_FILE_TEST_EXISTS))
    return; /* an index, or a session of which nothing is known */
  if (!is_scenario && !g_str_has_suffix (path, ".chairside"))
    return;
  self = g_new0 (Case, 1);
  self->path = g_strdup (path);
  self->truth_path = g_steal_pointer (&truth);
  self->alarms = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  self->judged = g_array_new (FALSE, FALSE, sizeof (Judged));
  self->track = chs_alarm_track_new ();
  self->compared = options->compare ? chs_alarm_track_new () : NULL;
  self->findings = g_string_new (NULL);
  self->options = options;
  g_ptr_array_add (cases, self);
}

static gboolean
add_path (GPtrArray *cases, const char *path, const ChsEvaluateOptions *options, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    add_case (cases, path, options);
    return TRUE;
  }
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *full = g_build_filename (path, name, NULL);

    add_case (cases, full, options);
  }
  return TRUE;
}

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Case *const *) a)->path, (*(Case *const *) b)->path);
}

/* ---- the figures ---- */

typedef struct {
  guint   events, in_time, best, partial;
  GArray *delays; /* double */
  double  hours;
  guint   false_high, false_medium;
} Tally;

static Tally *
tally_of (GTree *tree, const char *name)
{
  Tally *tally = g_tree_lookup (tree, name);

  if (tally == NULL) {
    tally = g_new0 (Tally, 1);
    tally->delays = g_array_new (FALSE, FALSE, sizeof (double));
    g_tree_insert (tree, g_strdup (name), tally);
  }
  return tally;
}

static void
tally_free (gpointer data)
{
  g_array_unref (((Tally *) data)->delays);
  g_free (data);
}

static int
compare_text (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

static int
compare_double (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
quantile (GArray *values, double share)
{
  g_array_sort (values, compare_double);
  return values->len == 0 ? (double) NAN : g_array_index (values, double, (guint) (share * (values->len - 1)));
}

static void
count (Tally *tally, const Judged *judged)
{
  tally->events++;
  tally->in_time += judged->in_time;
  tally->best += judged->best;
  tally->partial += judged->partial && !judged->in_time;
  if (!isnan (judged->delay_s))
    g_array_append_val (tally->delays, judged->delay_s);
}

typedef struct {
  GString    *out;
  const char *type, *name;
} Printing;

static void
add_tally (GString *out, Tally *tally)
{
  chs_json_number (out, "events", tally->events);
  chs_json_number (out, "in_time", tally->in_time);
  chs_json_number (out, "sensitivity", tally->events > 0 ? (double) tally->in_time / tally->events : (double) NAN);
  chs_json_number (out, "best_label", tally->best);
  chs_json_number (out, "partial_only", tally->partial);
  chs_json_number (out, "delay_median_s", quantile (tally->delays, 0.5));
  chs_json_number (out, "delay_p90_s", quantile (tally->delays, 0.9));
  if (tally->hours > 0) {
    chs_json_number (out, "hours", round (tally->hours * 10) / 10);
    chs_json_number (out, "false_high_per_h", tally->false_high / tally->hours);
    chs_json_number (out, "false_high_medium_per_h", (tally->false_high + tally->false_medium) / tally->hours);
  }
}

static gboolean
print_tally (gpointer key, gpointer value, gpointer user_data)
{
  Printing *self = user_data;

  g_string_append_c (self->out, '{');
  chs_json_text (self->out, "type", self->type);
  chs_json_text (self->out, self->name, key);
  add_tally (self->out, value);
  g_string_append (self->out, "}\n");
  return FALSE;
}

static gboolean
print_rule (gpointer key, gpointer value, gpointer user_data)
{
  Printing *self = user_data;

  g_string_append_c (self->out, '{');
  chs_json_text (self->out, "type", "rule");
  chs_json_text (self->out, "rule", key);
  chs_json_number (self->out, "alarms", GPOINTER_TO_UINT (value));
  g_string_append (self->out, "}\n");
  return FALSE;
}

typedef struct {
  GTree *hazards, *chairs, *rules;
  Tally  all;
  guint  sessions, high, wrong_high;
  ChsBurden *burden;
  guint  labelled, damaged;
} Figures;

static void
add_up (Figures *f, const Case *one)
{
  Tally *chair;

  f->sessions++;
  f->damaged += one->damage != NULL;
  chs_burden_add (f->burden, one->track, one->compared);
  for (guint i = 0; i < one->alarms->len; i++) {
    const char *rule = g_array_index (one->alarms, ChsEvent, i).alarm.rule;

    g_tree_insert (f->rules, g_strdup (rule), GUINT_TO_POINTER (GPOINTER_TO_UINT (g_tree_lookup (f->rules, rule)) + 1));
  }
  if (one->truth_path == NULL)
    return; /* nobody knows what happened: only its burden counts */
  f->labelled++;
  chair = tally_of (f->chairs, one->chair);
  f->high += one->high;
  f->wrong_high += one->wrong_high;
  for (guint i = 0; i < one->judged->len; i++) {
    const Judged *judged = &g_array_index (one->judged, Judged, i);

    count (tally_of (f->hazards, judged->hazard), judged);
    count (chair, judged);
    count (&f->all, judged);
  }
  chair->hours += one->hours;
  chair->false_high += one->false_high;
  chair->false_medium += one->false_medium;
  f->all.hours += one->hours;
  f->all.false_high += one->false_high;
  f->all.false_medium += one->false_medium;
}

static void
print_all (Figures *f, GString *out)
{
  Printing printing = { .out = out, .type = "hazard", .name = "hazard" };

  g_tree_foreach (f->hazards, print_tally, &printing);
  printing.type = printing.name = "chair";
  g_tree_foreach (f->chairs, print_tally, &printing);
  g_tree_foreach (f->rules, print_rule, &printing);
  chs_burden_print (f->burden, out);
  g_string_append_c (out, '{');
  chs_json_text (out, "type", "summary");
  chs_json_number (out, "sessions", f->sessions);
  add_tally (out, &f->all);
  chs_json_number (out, "high_alarms", f->high);
  chs_json_number (out, "wrong_high", f->wrong_high);
  chs_json_number (out, "wrong_high_share", f->high > 0 ? (double) f->wrong_high / f->high : 0);
  chs_json_number (out, "labelled", f->labelled);
  chs_json_number (out, "damaged", f->damaged);
  g_string_append (out, "}\n");
}

static void
print_damage (GString *out, const Case *one)
{
  g_autofree char *id = g_path_get_basename (one->path);

  g_string_append_c (out, '{');
  chs_json_text (out, "type", "damaged");
  chs_json_text (out, "session", id);
  chs_json_text (out, "why", one->damage);
  g_string_append (out, "}\n");
}

gboolean
chs_evaluate_run (const char *const *paths, const ChsEvaluateOptions *options, GString *out, GError **error)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (case_free);
  g_autoptr (GTree) hazards = g_tree_new_full (compare_text, NULL, g_free, tally_free);
  g_autoptr (GTree) chairs = g_tree_new_full (compare_text, NULL, g_free, tally_free);
  g_autoptr (GTree) rules = g_tree_new_full (compare_text, NULL, g_free, NULL);
  g_autoptr (ChsBurden) burden = chs_burden_new ();
  Figures figures = { .hazards = hazards, .chairs = chairs, .rules = rules, .burden = burden };
  GThreadPool *pool;
  gboolean good = TRUE;

  for (; *paths != NULL; paths++)
    if (!add_path (cases, *paths, options, error))
      return FALSE;
  g_ptr_array_sort (cases, compare_cases);
  pool = g_thread_pool_new (judge, NULL, (int) MAX (options->jobs, 1), TRUE, NULL);
  for (guint i = 0; i < cases->len; i++)
    g_thread_pool_push (pool, cases->pdata[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  figures.all.delays = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < cases->len && good; i++) {
    Case *one = cases->pdata[i];

    good = one->error == NULL;
    if (!good) {
      g_propagate_error (error, g_steal_pointer (&one->error));
      break;
    }
    g_string_append_len (out, one->findings->str, (gssize) one->findings->len);
    if (one->damage != NULL)
      print_damage (out, one);
    add_up (&figures, one);
  }
  if (good)
    print_all (&figures, out);
  g_array_unref (figures.all.delays);
  return good;
}
