/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/what-if-page.h"

#include "app/draw/alarm-tracks.h"
#include "app/rules-text.h"
#include "app/therapy.h"
#include "app/what-if.h"
#include "ui/canvas.h"
#include "ui/key.h"
#include "ui/language.h"
#include "ui/scroller.h"
#include "ui/number.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define TRACKS_MM 21.0
#define MAX_RULES 40
#define NAME_LETTERS 40
#define REASON_LETTERS 100

enum { ANSWER_NAME, ANSWER_AUTHOR, ANSWER_REASON, N_ANSWERS };

struct _ChsWhatIfPage {
  ChsWorkPage parent_instance;

  ChsWhatIf     *what_if; /* NULL until the journal was taken in */
  ChsAlarmTrack *before, *after;
  GCancellable  *cancellable;
  gboolean       is_running, is_wanted; /* a run is under way; another one is due behind it */
  char          *group;
  char          *key; /* (nullable): of the row that is being changed */
  gboolean       is_setting; /* the slider is moved by us */
  char          *answers[N_ANSWERS]; /* to what is asked before saving; the author is kept */
  guint          n_answers;

  GtkWidget *tracks, *groups, *rows, *counts;
  GtkWidget *name, *value, *source, *slider, *editor;
  GtkWidget *revert, *save;
};

G_DEFINE_FINAL_TYPE (ChsWhatIfPage, chs_what_if_page, CHS_TYPE_WORK_PAGE)

static void run (ChsWhatIfPage *self);

/* ---- small things ---- */

static void
empty (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

static GtkWidget *
add_label (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static const ChsWhatIfRow *
find_row (ChsWhatIfPage *self, const char *key)
{
  guint               n;
  const ChsWhatIfRow *rows = self->what_if ? chs_what_if_get_rows (self->what_if, &n) : NULL;

  for (guint i = 0; rows && key && i < n; i++)
    if (strcmp (rows[i].key, key) == 0)
      return &rows[i];

  return NULL;
}

/* As people write it: files have "mm[Hg]" and "Cel". */
static const char *
unit_of (const ChsWhatIfRow *row)
{
  ChsUnit unit = chs_unit_from_ucum (row->unit);

  return unit == CHS_UNIT_NONE ? row->unit : _(chs_unit_info (unit)->label);
}

static char *
value_words (const ChsWhatIfRow *row, double value)
{
  g_autofree char *text = g_strdup_printf ("%.6g %s", value, unit_of (row));

  return chs_language_isolate (text);
}

static gboolean
is_changed (const ChsWhatIfRow *row)
{
  return fabs (row->value - row->recorded) > 1e-9 * MAX (1.0, fabs (row->recorded));
}

/* ---- what is shown ---- */

static void
draw_tracks (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, gpointer user_data)
{
  ChsWhatIfPage *self = CHS_WHAT_IF_PAGE (user_data);
  ChsReplayer   *replayer = chs_work_page_get_replayer (self);

  chs_draw_alarm_tracks (cr, rect, self->before, self->after, replayer ? chs_replayer_get_position_us (replayer) : CHS_TIME_NONE,
                         theme);
}

/* What the alarm of a rule says; its id where the profile has no words for it. */
static char *
dup_title (ChsWhatIfPage *self, const char *id)
{
  ChsReplayer *replayer = chs_work_page_get_replayer (self);
  const char  *title = replayer ? chs_rules_title (chs_replayer_get_profile (replayer), id) : "";

  return g_strdup (title[0] ? _(title) : id);
}

static void
add_rule (ChsWhatIfPage *self, const ChsRuleCount *count)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const char      *css_class = count->before == count->after ? "rule" : "rule-changed";
  g_autofree char *title = dup_title (self, count->rule);
  g_autofree char *text = g_strdup_printf ("%s   %u → %u   (%.1f → %.1f /h)", count->rule, count->before, count->after,
                                           chs_alarm_track_per_hour (self->before, count->before),
                                           chs_alarm_track_per_hour (self->after, count->after));

  add_label (row, title, css_class);
  add_label (row, text, css_class);
  gtk_box_append (GTK_BOX (self->counts), row);
}

static void
show_counts (ChsWhatIfPage *self)
{
  g_autoptr (GArray) counts = chs_alarm_track_compare (self->before, self->after);
  g_autofree char   *words = g_strdup_printf (_("Alarms: %u as it was, %u with the changes"), self->before->spans->len,
                                              self->after->spans->len);

  empty (self->counts);
  add_label (self->counts, _("Alarms by rule"), "heading");
  for (guint i = 0; i < MIN (counts->len, MAX_RULES); i++)
    add_rule (self, &g_array_index (counts, ChsRuleCount, i));
  if (counts->len == 0)
    add_label (self->counts, _("No alarms"), "rule");
  chs_canvas_set_text (CHS_CANVAS (self->tracks), words);
  chs_pane_redraw (CHS_PANE (self->tracks));
}

static void
show_editor (ChsWhatIfPage *self)
{
  const ChsWhatIfRow *row = find_row (self, self->key);
  g_autofree char    *value = row ? value_words (row, row->value) : NULL;
  g_autofree char    *before = row ? value_words (row, row->recorded) : NULL;
  g_autofree char    *range = row ? g_strdup_printf ("%.6g – %.6g", row->least, row->most) : NULL;
  /* Translators: recorded value; safe range; where the number is from follows */
  g_autofree char    *facts = row ? g_strdup_printf (_("recorded %s · safe %s"), before, range) : NULL;
  g_autofree char    *source = row && row->source[0] ? g_strconcat (facts, " · ", row->source, NULL) : g_strdup (facts);

  gtk_widget_set_sensitive (self->editor, row != NULL);
  gtk_label_set_label (GTK_LABEL (self->name), row ? row->key : _("Choose a value"));
  gtk_label_set_label (GTK_LABEL (self->value), row ? value : "");
  gtk_label_set_label (GTK_LABEL (self->source), row ? source : "");
  if (row == NULL)
    return;
  self->is_setting = TRUE;
  gtk_range_set_range (GTK_RANGE (self->slider), row->least, row->most);
  gtk_range_set_increments (GTK_RANGE (self->slider), row->step, 10 * row->step);
  gtk_range_set_value (GTK_RANGE (self->slider), row->value);
  self->is_setting = FALSE;
}

static void
show_row (ChsWhatIfPage *self, GtkWidget *key, const ChsWhatIfRow *row)
{
  g_autofree char *value = value_words (row, row->value), *before = value_words (row, row->recorded);
  g_autofree char *hint = is_changed (row) ? g_strdup_printf ("%s → %s", before, value) : g_strdup (value);

  chs_key_set_hint (CHS_KEY (key), hint);
  chs_key_set_active (key, g_strcmp0 (row->key, self->key) == 0);
  if (is_changed (row))
    gtk_widget_add_css_class (key, "changed");
  else
    gtk_widget_remove_css_class (key, "changed");
}

static void
show_values (ChsWhatIfPage *self)
{
  for (GtkWidget *line = gtk_widget_get_first_child (self->rows); line; line = gtk_widget_get_next_sibling (line))
    for (GtkWidget *key = gtk_widget_get_first_child (line); key; key = gtk_widget_get_next_sibling (key)) {
      const ChsWhatIfRow *row = find_row (self, g_object_get_data (G_OBJECT (key), "key"));

      if (row)
        show_row (self, key, row);
    }
  gtk_widget_set_sensitive (self->revert, self->what_if && chs_what_if_get_n_changed (self->what_if, CHS_WHAT_IF_ALL) > 0);
  gtk_widget_set_sensitive (self->save, self->what_if && (chs_what_if_get_n_changed (self->what_if, CHS_WHAT_IF_PROFILE) > 0 ||
                                                          chs_what_if_get_n_changed (self->what_if, CHS_WHAT_IF_THERAPY) > 0));
  show_editor (self);
}

/* ---- rows and groups ---- */

static void
on_row (GtkWidget *key, ChsWhatIfPage *self)
{
  g_free (self->key);
  self->key = g_strdup (g_object_get_data (G_OBJECT (key), "key"));
  show_values (self);
}

#define ROWS_A_LINE 2

static void
show_rows (ChsWhatIfPage *self)
{
  guint               n, shown = 0;
  const ChsWhatIfRow *rows = chs_what_if_get_rows (self->what_if, &n);
  GtkWidget          *line = NULL;

  empty (self->rows);
  for (guint i = 0; i < n; i++) {
    GtkWidget *key;

    if (g_strcmp0 (rows[i].group, self->group) != 0)
      continue;
    if (shown++ % ROWS_A_LINE == 0) {
      line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
      gtk_widget_add_css_class (line, "key-row");
      gtk_box_set_homogeneous (GTK_BOX (line), TRUE);
      gtk_box_append (GTK_BOX (self->rows), line);
    }
    key = chs_key_new (rows[i].is_session ? rows[i].key : strchr (rows[i].key, '.') + 1, NULL);
    gtk_widget_add_css_class (key, "what-if-row");
    gtk_widget_add_css_class (key, "field");
    gtk_widget_set_hexpand (key, TRUE);
    g_object_set_data_full (G_OBJECT (key), "key", g_strdup (rows[i].key), g_free);
    g_signal_connect (key, "clicked", G_CALLBACK (on_row), self);
    gtk_box_append (GTK_BOX (line), key);
  }
  if (shown % ROWS_A_LINE != 0)
    gtk_box_append (GTK_BOX (line), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  show_values (self);
}

static void
choose_group (ChsWhatIfPage *self, const char *group)
{
  g_free (self->group);
  self->group = g_strdup (group);
  for (GtkWidget *key = gtk_widget_get_first_child (self->groups); key; key = gtk_widget_get_next_sibling (key))
    chs_key_set_active (key, g_strcmp0 (g_object_get_data (G_OBJECT (key), "group"), group) == 0);
  show_rows (self);
}

static void
on_group (GtkWidget *key, ChsWhatIfPage *self)
{
  choose_group (self, g_object_get_data (G_OBJECT (key), "group"));
}

static void
add_group (ChsWhatIfPage *self, const char *group)
{
  /* Translators: the values that were set for one session, beside the groups of the alarm profile */
  GtkWidget *key = chs_key_new (strcmp (group, "session") == 0 ? _("Session") : group, NULL);

  for (GtkWidget *before = gtk_widget_get_first_child (self->groups); before; before = gtk_widget_get_next_sibling (before))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (before), "group"), group) == 0) {
      g_object_ref_sink (key);
      g_object_unref (key);
      return;
    }
  g_object_set_data_full (G_OBJECT (key), "group", g_strdup (group), g_free);
  gtk_widget_add_css_class (key, "tab");
  g_signal_connect (key, "clicked", G_CALLBACK (on_group), self);
  gtk_box_append (GTK_BOX (self->groups), key);
}

/* What is changed most comes first: limits, then the session's own, then the profile in its order. */
static void
show_groups (ChsWhatIfPage *self)
{
  guint               n;
  const ChsWhatIfRow *rows = chs_what_if_get_rows (self->what_if, &n);

  empty (self->groups);
  add_group (self, "limit");
  for (guint i = 0; i < n; i++)
    add_group (self, rows[i].group);
  choose_group (self, "limit");
}

/* ---- running: one at a time, the newest value next ---- */

static void
run_in_thread (GTask *task, gpointer source, gpointer what_if_task, GCancellable *cancellable)
{
  g_task_return_pointer (task, chs_what_if_task_run (what_if_task, cancellable), (GDestroyNotify) chs_alarm_track_free);
}

static void
on_run_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsWhatIfPage) self = CHS_WHAT_IF_PAGE (user_data);
  ChsAlarmTrack            *track = g_task_propagate_pointer (G_TASK (result), NULL);

  self->is_running = FALSE;
  if (track == NULL)
    return;
  g_clear_pointer (&self->after, chs_alarm_track_free);
  self->after = track;
  show_counts (self);
  if (self->is_wanted)
    run (self);
}

static void
run (ChsWhatIfPage *self)
{
  g_autoptr (GTask) task = NULL;

  self->is_wanted = self->is_running;
  if (self->is_running || self->what_if == NULL)
    return;
  self->is_running = TRUE;
  task = g_task_new (NULL, self->cancellable, on_run_ready, g_object_ref (self));
  g_task_set_task_data (task, chs_what_if_task_new (self->what_if, FALSE), (GDestroyNotify) chs_what_if_task_free);
  g_task_run_in_thread (task, run_in_thread);
}

/* ---- taking the journal in ---- */

typedef struct {
  ChsReplayer   *replayer;
  ChsWhatIf     *what_if;
  ChsAlarmTrack *before;
} Taking;

static void
taking_free (gpointer data)
{
  Taking *self = data;

  g_object_unref (self->replayer);
  chs_what_if_unref (self->what_if);
  chs_alarm_track_free (self->before);
  g_free (self);
}

static gboolean
take_event (const ChsEvent *event, gpointer what_if)
{
  chs_what_if_add (what_if, event);

  return TRUE;
}

static void
take_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Taking                   *self = data;
  g_autoptr (ChsWhatIfTask) recorded = NULL;

  chs_replayer_foreach (self->replayer, take_event, self->what_if);
  recorded = chs_what_if_task_new (self->what_if, TRUE);
  self->before = chs_what_if_task_run (recorded, cancellable);
  g_task_return_boolean (task, self->before != NULL);
}

static void
on_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsWhatIfPage) self = CHS_WHAT_IF_PAGE (user_data);
  Taking                   *taking = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  self->what_if = chs_what_if_ref (taking->what_if);
  self->before = g_steal_pointer (&taking->before);
  show_groups (self);
  run (self);
}

static void
take_journal (ChsWhatIfPage *self)
{
  ChsReplayer      *replayer = chs_work_page_get_replayer (self);
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_taken, g_object_ref (self));
  Taking           *taking = g_new0 (Taking, 1);

  taking->replayer = g_object_ref (replayer);
  taking->what_if = chs_what_if_new (chs_replayer_get_profile (replayer));
  g_task_set_task_data (task, taking, taking_free);
  g_task_run_in_thread (task, take_in_thread);
}

/* ---- changing ---- */

static void
set_value (ChsWhatIfPage *self, double value)
{
  g_autoptr (GError) error = NULL;

  if (self->key == NULL)
    return;
  if (chs_what_if_set (self->what_if, self->key, value, &error)) {
    run (self);
  } else {
    g_autofree char *why = chs_say_reason (error->message);
    /* Translators: a value was refused; why follows */
    g_autofree char *text = g_strdup_printf (_("Not possible: %s"), why);

    chs_work_page_tell (self, text);
  }
  show_values (self);
}

static void
on_slider (ChsWhatIfPage *self)
{
  const ChsWhatIfRow *row = find_row (self, self->key);
  double              value = gtk_range_get_value (GTK_RANGE (self->slider));

  if (self->is_setting || row == NULL)
    return;
  value = row->least + round ((value - row->least) / row->step) * row->step;
  set_value (self, CLAMP (value, row->least, row->most));
}

static void
step (ChsWhatIfPage *self, int direction)
{
  const ChsWhatIfRow *row = find_row (self, self->key);

  if (row)
    set_value (self, CLAMP (row->value + direction * row->step, row->least, row->most));
}

static void
on_less (ChsWhatIfPage *self)
{
  step (self, -1);
}

static void
on_more (ChsWhatIfPage *self)
{
  step (self, 1);
}

static void
take_number (const char *value, gpointer user_data)
{
  if (*value)
    set_value (CHS_WHAT_IF_PAGE (user_data), g_ascii_strtod (value, NULL));
}

static void
on_number (ChsWhatIfPage *self)
{
  const ChsWhatIfRow *row = find_row (self, self->key);

  if (row)
    chs_entry_pad_ask_number (chs_work_page_ask (self), row->key, unit_of (row), row->least, row->most, take_number, self);
}

static void
on_revert (ChsWhatIfPage *self)
{
  if (self->what_if == NULL)
    return;
  chs_what_if_revert (self->what_if);
  show_values (self);
  run (self);
}

/* ---- saving: what it is called, who, why ---- */

static const struct {
  const char *title;
  guint       letters;
} questions[N_ANSWERS] = {
  [ANSWER_NAME] = { N_("Name of what is saved"), NAME_LETTERS },
  [ANSWER_AUTHOR] = { N_("Your name"), NAME_LETTERS },
  [ANSWER_REASON] = { N_("Reason for the change"), REASON_LETTERS },
};

typedef gboolean (*SaveFunc) (ChsWhatIf *what_if, const char *folder, const ChsWhatIfLabel *label, char **path, GError **error);

/* What is changed decides what is saved: a profile, a therapy, or both under one name. */
static const struct {
  ChsWhatIfPart part;
  char *(*dup_folder) (void);
  SaveFunc save;
} kinds[] = {
  { CHS_WHAT_IF_PROFILE, chs_profile_dup_clinic_folder, chs_what_if_save_profile },
  { CHS_WHAT_IF_THERAPY, chs_therapy_dup_clinic_folder, chs_what_if_save_therapy },
};

static gboolean
save_kinds (ChsWhatIfPage *self, const ChsWhatIfLabel *label, GString *paths, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *folder = kinds[i].dup_folder (), *path = NULL;

    if (chs_what_if_get_n_changed (self->what_if, kinds[i].part) == 0)
      continue;
    if (!kinds[i].save (self->what_if, folder, label, &path, error))
      return FALSE;
    g_string_append_printf (paths, "%s%s", paths->len > 0 ? ", " : "", path);
  }

  return TRUE;
}

static void
save (ChsWhatIfPage *self)
{
  g_autofree char     *session = g_path_get_basename (chs_replayer_get_path (chs_work_page_get_replayer (self))), *text = NULL;
  const ChsWhatIfLabel label = { self->answers[ANSWER_NAME], self->answers[ANSWER_AUTHOR], self->answers[ANSWER_REASON], session };
  g_autoptr (GString)  paths = g_string_new (NULL);
  g_autoptr (GError)   error = NULL;

  if (save_kinds (self, &label, paths, &error))
    /* Translators: one or two file names follow */
    text = g_strdup_printf (_("Saved as %s. Nobody has reviewed it yet."), paths->str);
  else
    text = g_strdup_printf (_("Not possible: %s"), error->message);
  chs_work_page_tell (self, text);
}

static void take_answer (const char *answer, gpointer user_data);

static void
ask_next (ChsWhatIfPage *self)
{
  guint i = self->n_answers;

  chs_entry_pad_ask_text (chs_work_page_ask (self), _(questions[i].title), i == ANSWER_AUTHOR && self->answers[i] ? self->answers[i] : "",
                          questions[i].letters, take_answer, self);
}

static void
take_answer (const char *answer, gpointer user_data)
{
  ChsWhatIfPage *self = CHS_WHAT_IF_PAGE (user_data);

  g_free (self->answers[self->n_answers]);
  self->answers[self->n_answers++] = g_strdup (answer);
  if (self->n_answers < N_ANSWERS)
    ask_next (self);
  else
    save (self);
}

static void
on_save (ChsWhatIfPage *self)
{
  self->n_answers = 0;
  ask_next (self);
}

static void
on_tracks_touched (ChsWhatIfPage *self, double x, double y)
{
  ChsRect rect = { 0, 0, gtk_widget_get_width (self->tracks), gtk_widget_get_height (self->tracks) };

  if (self->before)
    chs_replayer_seek (chs_work_page_get_replayer (self),
                       chs_alarm_tracks_t (&rect, self->before->end_us, chs_scene_get_theme (chs_view_get_scene (self)), x));
}

/* ---- life ---- */

static void
chs_what_if_page_moved (ChsWorkPage *page)
{
  chs_pane_redraw (CHS_PANE (CHS_WHAT_IF_PAGE (page)->tracks));
}

/* "What if: 2207, Magnesium sulfate 2 g": whose limits they are, where the header's words are cut. */
static void
show_title (ChsWhatIfPage *self)
{
  const ChsSession *session = chs_engine_get_session (chs_scene_get_engine (chs_view_get_scene (self)));
  const char       *id = session->patient_id[0] ? session->patient_id : _("No patient");
  /* Translators: title of a page: 1 number of the patient, 2 therapy */
  g_autofree char  *title = session->therapy.name[0]
                              ? g_strdup_printf (_("What if: %1$s, %2$s"), id, _(session->therapy.name)) : g_strdup (_("What if"));

  chs_page_set_title (CHS_PAGE (self), title);
}

static void
chs_what_if_page_opened (ChsPage *page, GVariant *target)
{
  ChsWhatIfPage *self = CHS_WHAT_IF_PAGE (page);

  show_title (self);

  CHS_PAGE_CLASS (chs_what_if_page_parent_class)->opened (page, target);
  chs_view_set_scene (self->tracks, chs_view_get_scene (self));
  if (self->what_if == NULL)
    take_journal (self);
}

static void
chs_what_if_page_dispose (GObject *object)
{
  ChsWhatIfPage *self = CHS_WHAT_IF_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (chs_what_if_page_parent_class)->dispose (object);
}

static void
chs_what_if_page_finalize (GObject *object)
{
  ChsWhatIfPage *self = CHS_WHAT_IF_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->what_if, chs_what_if_unref);
  g_clear_pointer (&self->before, chs_alarm_track_free);
  g_clear_pointer (&self->after, chs_alarm_track_free);
  g_free (self->group);
  g_free (self->key);
  for (guint i = 0; i < N_ANSWERS; i++)
    g_free (self->answers[i]);
  G_OBJECT_CLASS (chs_what_if_page_parent_class)->finalize (object);
}

static void
chs_what_if_page_class_init (ChsWhatIfPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_what_if_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_what_if_page_finalize;
  CHS_PAGE_CLASS (klass)->opened = chs_what_if_page_opened;
  CHS_WORK_PAGE_CLASS (klass)->moved = chs_what_if_page_moved;
}

static GtkWidget *
add_scrolled (GtkWidget *parent, gboolean is_wide)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scroller = chs_scroller_new (box);

  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_hexpand (scroller, is_wide);
  gtk_box_append (GTK_BOX (parent), scroller);

  return box;
}

static void
add_editor (ChsWhatIfPage *self, GtkWidget *content)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->editor = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->editor, "key-row");
  chs_work_page_add_key (self, self->editor, "−", NULL, G_CALLBACK (on_less));
  self->slider = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->slider), FALSE);
  gtk_widget_set_hexpand (self->slider, TRUE);
  g_signal_connect_swapped (self->slider, "value-changed", G_CALLBACK (on_slider), self);
  gtk_widget_add_css_class (words, "key-row");
  self->name = add_label (words, "", "fact-name");
  self->value = add_label (words, "", "what-if-value");
  self->source = add_label (words, "", "review-time");
  gtk_widget_set_hexpand (self->source, TRUE);
  gtk_box_append (GTK_BOX (box), words);
  gtk_box_append (GTK_BOX (box), self->slider);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (self->editor), box);
  chs_work_page_add_key (self, self->editor, "+", NULL, G_CALLBACK (on_more));
  /* Translators: opens the keypad */
  chs_work_page_add_key (self, self->editor, "123", _("Type"), G_CALLBACK (on_number));
  gtk_widget_set_direction (self->editor, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->slider, GTK_TEXT_DIR_LTR);
  gtk_box_append (GTK_BOX (content), self->editor);
}

static void
chs_what_if_page_init (ChsWhatIfPage *self)
{
  GtkWidget *content = chs_work_page_get_content (self), *middle = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->cancellable = g_cancellable_new ();
  chs_page_set_title (CHS_PAGE (self), _("What if"));
  self->save = chs_key_new (_("Save"), NULL);
  self->revert = chs_key_new (_("As recorded"), NULL);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (on_save), self);
  g_signal_connect_swapped (self->revert, "clicked", G_CALLBACK (on_revert), self);
  chs_page_add_key (CHS_PAGE (self), self->save);
  chs_page_add_key (CHS_PAGE (self), self->revert);

  self->tracks = chs_canvas_new (draw_tracks, self, TRACKS_MM);
  g_signal_connect_swapped (self->tracks, "touched", G_CALLBACK (on_tracks_touched), self);
  gtk_box_append (GTK_BOX (content), self->tracks);
  add_editor (self, content);
  gtk_widget_add_css_class (middle, "key-row");
  self->groups = add_scrolled (middle, FALSE);
  self->rows = add_scrolled (middle, TRUE);
  self->counts = add_scrolled (middle, FALSE);
  gtk_widget_add_css_class (self->counts, "counts");
  gtk_box_append (GTK_BOX (content), middle);
  show_values (self);
}
