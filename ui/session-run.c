/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-run.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* The second touch of a two-step key must come within this. */
#define ARMED_US (5 * G_USEC_PER_SEC)

#define MAX_SCORE 10
#define US_PER_MIN ((int64_t) 60 * G_USEC_PER_SEC)

struct _ChsSessionRun {
  ChsSessionStep parent_instance;

  ChsSessionChecks *checks;
  GtkLabel         *state;
  GtkLabel         *warning;
  GtkWidget        *fix; /* takes the newest change of phase back */
  GtkWidget        *reasons; /* why a session is closed without what is asked before going home */
  GtkWidget        *facts; /* what is due, the plan, pain and fatigue before and after */
  GtkWidget        *entries; /* keys: scores, note, break */
  GtkLabel         *due, *plan;
  GtkLabel         *scores[2];
  GtkWidget        *start, *hold, *observe, *close, *next, *rest;

  GtkWidget *armed; /* key that was touched once */
  gint64     armed_us;
};

G_DEFINE_FINAL_TYPE (ChsSessionRun, chs_session_run, CHS_TYPE_SESSION_STEP)

/* ---- phases ---- */

static gboolean
is_second_touch (ChsSessionRun *self, GtkWidget *key)
{
  gint64   now_us = g_get_monotonic_time ();
  gboolean is_second = self->armed == key && now_us - self->armed_us < ARMED_US;

  self->armed = is_second ? NULL : key;
  self->armed_us = now_us;

  return is_second;
}

static void
go_to (ChsSessionRun *self, ChsPhase phase)
{
  chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_PHASE, chs_phase_id (phase), NAN);
}

/* @text: (transfer full) */
static void
note_override (ChsSessionRun *self, char *words)
{
  ChsNurse         note = { .action = CHS_NURSE_NOTE, .at_us = CHS_TIME_NONE, .value = (double) NAN, .what = "override" };
  g_autofree char *text = words;

  chs_text_copy (note.text, sizeof note.text, text);
  chs_scene_nurse_full (chs_view_get_scene (self), &note);
}

/* Shown, and read aloud; "" takes it away. */
static void
warn (ChsSessionRun *self, const char *text)
{
  gtk_label_set_label (self->warning, text);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), *text != '\0');
  if (*text)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
on_start (ChsSessionRun *self)
{
  g_autofree char *missing = self->checks ? chs_session_checks_dup_missing (self->checks, CHS_CHECKS_BEFORE) : NULL;

  if (missing && !is_second_touch (self, self->start)) {
    /* Translators: items of the checklist that are open follow */
    g_autofree char *text = g_strdup_printf (_("Not confirmed: %s. Touch again to start in spite of it; it is noted."),
                                             missing);

    warn (self, text);
    return;
  }
  warn (self, "");
  if (missing)
    note_override (self, g_strdup_printf (_("started without: %s"), missing));
  go_to (self, CHS_PHASE_INFUSING);
}

static void
on_hold (ChsSessionRun *self)
{
  gboolean is_held = chs_session_step_get_session (self)->phase == CHS_PHASE_HELD;

  go_to (self, is_held ? CHS_PHASE_INFUSING : CHS_PHASE_HELD);
}

static void
on_observe (ChsSessionRun *self)
{
  go_to (self, CHS_PHASE_OBSERVE);
}

/* The newest change of phase that can be corrected; 0 = none. */
static uint64_t
find_last_step (ChsSessionRun *self)
{
  ChsScene      *scene = chs_view_get_scene (self);
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);
  ChsPhaseStep   step;
  bool           is_last;

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_PHASE && !marks[n].undone &&
        chs_engine_find_phase_step (chs_scene_get_engine (scene), marks[n].seq, &step, &is_last) && is_last)
      return marks[n].seq;

  return 0;
}

static void
on_fix (ChsSessionRun *self)
{
  uint64_t seq = find_last_step (self);

  if (seq > 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.correct", "t", seq);
}

static int64_t
observation_left_us (ChsSessionRun *self)
{
  const ChsSession *session = chs_session_step_get_session (self);
  double            minutes = session->therapy.observe_min;

  if (session->phase != CHS_PHASE_OBSERVE || isnan (minutes))
    return 0;

  return session->phase_us + (int64_t) (minutes * (double) US_PER_MIN) -
         chs_scene_get_now_us (chs_view_get_scene (self));
}

/* ---- closing ---- */

static const struct {
  const char *id, *title;
} reasons[] = {
  /* Translators: keys: why a session is closed before all checks for going home are done */
  { "emergency", N_("Emergency, handed over") },
  { "leaves", N_("Leaves at own wish") },
  { "seen", N_("Checked, not entered") },
  { "other", N_("Other reason …") },
};

static void
show_reasons (ChsSessionRun *self, gboolean are_shown)
{
  gtk_widget_set_visible (self->reasons, are_shown);
  gtk_widget_set_visible (self->facts, !are_shown);
  gtk_widget_set_visible (self->entries, !are_shown);
}

/* Items that should be ticked before the patient goes home; NULL when all are, or when nothing was infused. */
static char *
dup_open_checks (ChsSessionRun *self)
{
  guint8 phase = chs_session_step_get_session (self)->phase;

  return self->checks && phase >= CHS_PHASE_INFUSING && phase <= CHS_PHASE_OBSERVE
           ? chs_session_checks_dup_missing (self->checks, CHS_CHECKS_DISCHARGE) : NULL;
}

static void
close_session (ChsSessionRun *self)
{
  warn (self, "");
  show_reasons (self, FALSE);
  go_to (self, CHS_PHASE_CLOSED);
}

static void
close_without (ChsSessionRun *self, const char *reason)
{
  g_autofree char *missing = dup_open_checks (self);

  if (missing)
    /* Translators: note in the record: 1 why, 2 items of the checklist that were open */
    note_override (self, g_strdup_printf (_("closed: %1$s; without: %2$s"), reason, missing));
  close_session (self);
}

static void
take_reason (const char *value, gpointer self)
{
  if (*value)
    close_without (CHS_SESSION_RUN (self), value);
}

static void
on_reason (GtkWidget *key, ChsSessionRun *self)
{
  if (strcmp (gtk_widget_get_name (key), "other") == 0)
    chs_entry_pad_ask_text (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Why is the session closed?"), "", 40, take_reason, self);
  else
    close_without (self, chs_key_get_title (CHS_KEY (key)));
}

/* The pumps that still run, a sentence each, with a blank behind; "" when none does. Nobody can stop them from here. Returns: (transfer full) */
static char *
dup_running (ChsSessionRun *self)
{
  ChsScene            *scene = chs_view_get_scene (self);
  const ChsChairModel *model = chs_scene_get_model (scene);
  GString             *text = g_string_new (NULL);
  guint                n;
  const ChsPumpView   *pumps = chs_chair_model_get_pumps (model, &n);

  for (guint i = 0; i < n; i++) {
    float flow_ml_h = pumps[i].n_steps ? pumps[i].steps[pumps[i].n_steps - 1].flow_ml_h : 0.0f;

    if (flow_ml_h > 0.0f) {
      g_autofree char *name = chs_words_pump (model, &pumps[i], chs_scene_get_theme (scene));

      /* Translators: 1 name of a pump, 2 its rate; asked to close the session */
      g_string_append_printf (text, _("%1$s still runs, %2$.0f mL/h."), name, (double) flow_ml_h);
      g_string_append_c (text, ' ');
    }
  }

  return g_string_free (text, FALSE);
}

static void
on_close (ChsSessionRun *self)
{
  g_autofree char *missing = dup_open_checks (self);
  g_autofree char *running = dup_running (self), *question = NULL, *text = NULL;

  if (missing) {
    /* Translators: items of the checklist for going home that are open follow; keys with reasons stand below */
    question = g_strdup_printf (_("Not confirmed before going home: %s. Why close all the same?"), missing);
    text = g_strconcat (running, question, NULL);
    warn (self, text);
    show_reasons (self, TRUE);
    return;
  }
  if (!is_second_touch (self, self->close)) {
    text = g_strconcat (running, observation_left_us (self) > 0 ? _("The observation is not over. Touch again to close the session now.")
                                                                : _("Touch again to close the session. Its alarms end with it."), NULL);
    warn (self, text);
    return;
  }
  close_session (self);
}

static void
on_next (ChsSessionRun *self)
{
  if (!is_second_touch (self, self->next)) {
    warn (self, _("Touch again for a new patient. Every value goes blank first."));
    return;
  }
  warn (self, "");
  chs_scene_new_session (chs_view_get_scene (self));
}

static gboolean
is_on_break (ChsSessionRun *self)
{
  return chs_engine_get_annunciation (chs_scene_get_engine (chs_view_get_scene (self)))->break_until_us != CHS_TIME_NONE;
}

static void
on_rest (ChsSessionRun *self)
{
  ChsScene              *scene = chs_view_get_scene (self);
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));

  /* Before a session everything may wait while sensors are put on; in a session only what a loose sensor says. */
  if (chs_engine_can_pause_alarms (chs_scene_get_engine (scene)))
    chs_scene_nurse (scene, CHS_NURSE_ALARM_PAUSE, NULL,
                     heard->alarm_pause_until_us != CHS_TIME_NONE ? 0 : chs_scene_get_number (scene, "alarm.break_max") * 60);
  else
    chs_scene_nurse (scene, CHS_NURSE_BREAK, NULL, is_on_break (self) ? 0.0 : 1.0);
}

/* ---- scores ---- */

static gboolean
is_before (ChsSessionRun *self)
{
  return chs_session_step_get_session (self)->phase < CHS_PHASE_INFUSING;
}

static void
take_score (ChsSessionRun *self, const char *before, const char *after, const char *value)
{
  if (*value)
    chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_SCORE, is_before (self) ? before : after,
                     g_ascii_strtod (value, NULL));
}

static void
take_pain (const char *value, gpointer self)
{
  take_score (self, "pain_before", "pain_after", value);
}

static void
take_fatigue (const char *value, gpointer self)
{
  take_score (self, "fatigue_before", "fatigue_after", value);
}

static void
take_sedation (const char *value, gpointer self)
{
  take_score (self, "sedation", "sedation", value);
}

static void
take_note (const char *value, gpointer self)
{
  ChsNurse note = { .action = CHS_NURSE_NOTE, .at_us = CHS_TIME_NONE, .value = (double) NAN };

  chs_text_copy (note.text, sizeof note.text, value);
  if (*value)
    chs_scene_nurse_full (chs_view_get_scene (self), &note);
}

static void
on_pain (ChsSessionRun *self)
{
  chs_entry_pad_ask_number (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Pain now"), "", 0, MAX_SCORE, take_pain, self);
}

static void
on_fatigue (ChsSessionRun *self)
{
  chs_entry_pad_ask_number (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Fatigue now"), "", 0, MAX_SCORE,
                            take_fatigue, self);
}

static void
on_sedation (ChsSessionRun *self)
{
  /* Translators: scale of sedation */
  chs_entry_pad_ask_number (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Sedation: 0 awake, 3 hard to rouse"), "", 0, 3,
                            take_sedation, self);
}

static void
on_note (ChsSessionRun *self)
{
  chs_entry_pad_ask_text (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Note"), "", 90, take_note, self);
}

/* ---- showing ---- */

static char *
state_words (ChsSessionRun *self)
{
  const ChsSession *session = chs_session_step_get_session (self);
  ChsScene         *scene = chs_view_get_scene (self);
  int64_t           left_us = observation_left_us (self);
  g_autofree char  *age = chs_say_age (chs_scene_get_now_us (scene) - session->phase_us);
  g_autofree char  *left = NULL;

  if (session->phase == CHS_PHASE_OBSERVE && left_us > 0) {
    left = chs_say_countdown (left_us);
    return g_strdup_printf (_("%s, %s left"), chs_say_phase (session->phase), left);
  }
  if (session->phase == CHS_PHASE_IDLE)
    return g_strdup (chs_say_phase (session->phase));

  /* Translators: phase of the session and for how long: "Infusing, for 12 min" */
  return g_strdup_printf (_("%s, for %s"), chs_say_phase (session->phase), age);
}

static void
show_break (ChsSessionRun *self)
{
  ChsScene              *scene = chs_view_get_scene (self);
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));
  g_autofree char       *left = NULL;

  if (chs_engine_can_pause_alarms (chs_scene_get_engine (scene))) {
    gboolean is_paused = heard->alarm_pause_until_us != CHS_TIME_NONE;

    left = is_paused ? chs_say_countdown (heard->alarm_pause_until_us - chs_scene_get_now_us (scene)) : NULL;
    /* Translators: key before a session: no alarms while sensors are put on, for ten minutes at most */
    chs_key_set_title (CHS_KEY (self->rest), is_paused ? _("Alarms on") : _("Pause alarms"));
    chs_key_set_hint (CHS_KEY (self->rest), is_paused ? left : _("while sensors are put on"));
    return;
  }
  if (!is_on_break (self)) {
    chs_key_set_title (CHS_KEY (self->rest), _("Break"));
    chs_key_set_hint (CHS_KEY (self->rest), _("sensors off on purpose"));
    return;
  }
  left = chs_say_countdown (heard->break_until_us - chs_scene_get_now_us (scene));
  chs_key_set_title (CHS_KEY (self->rest), _("Break is over"));
  chs_key_set_hint (CHS_KEY (self->rest), left);
}

static void
show_scores (GtkLabel *label, double before, double after)
{
  g_autofree char *first = isnan (before) ? g_strdup ("–") : g_strdup_printf ("%.4g", before);
  g_autofree char *second = isnan (after) ? g_strdup ("–") : g_strdup_printf ("%.4g", after);
  /* Translators: scores of 0 to 10 before and after the infusion, side by side */
  g_autofree char *words = g_strdup_printf (_("before %1$s, after %2$s"), first, second);
  g_autofree char *change = isnan (after - before) ? NULL
                                                   : g_strdup_printf (after < before ? "%s  (\xE2\x80\x8E−%.4g)" : "%s  (\xE2\x80\x8E+%.4g)",
                                                                      words, fabs (after - before));

  gtk_label_set_label (label, change ? change : words);
}

static void
show_outcome (ChsSessionRun *self)
{
  ChsOutcome outcome = chs_chair_model_get_outcome (chs_scene_get_model (chs_view_get_scene (self)));

  show_scores (self->scores[0], outcome.pain_before, outcome.pain_after);
  show_scores (self->scores[1], outcome.fatigue_before, outcome.fatigue_after);
}

/* "cuff in 2:00 · 250 mL/h in 4:00": all that has words; the site has a key of its own. Returns: (transfer full) (nullable) */
static char *
dup_due (ChsSessionRun *self)
{
  GString *text = g_string_new (NULL);

  for (int kind = 0; kind < CHS_N_DUES; kind++) {
    g_autofree char *words = chs_say_due_of (chs_view_get_scene (self), (ChsDueKind) kind);

    if (words)
      g_string_append_printf (text, "%s%s", text->len ? "  ·  " : "", words);
  }

  return g_string_free (text, text->len == 0);
}

static void
show_facts (ChsSessionRun *self)
{
  g_autofree char *due = dup_due (self), *plan = chs_say_plan (&chs_session_step_get_session (self)->therapy);

  gtk_label_set_label (self->due, due ? due : _("nothing"));
  gtk_label_set_label (self->plan, plan ? plan : _("no steps"));
  show_outcome (self);
}

static void
chs_session_run_refresh (ChsView *view)
{
  ChsSessionRun   *self = CHS_SESSION_RUN (view);
  guint8           phase = chs_session_step_get_session (self)->phase;
  g_autofree char *state = state_words (self);

  gtk_label_set_label (self->state, state);
  gtk_widget_set_visible (self->fix, find_last_step (self) > 0);
  gtk_widget_set_sensitive (self->start, phase < CHS_PHASE_INFUSING);
  gtk_widget_set_sensitive (self->hold, phase == CHS_PHASE_INFUSING || phase == CHS_PHASE_HELD);
  chs_key_set_title (CHS_KEY (self->hold), phase == CHS_PHASE_HELD ? _("Go on") : _("Hold"));
  gtk_widget_set_sensitive (self->observe, phase == CHS_PHASE_INFUSING || phase == CHS_PHASE_HELD);
  gtk_widget_set_sensitive (self->close, phase != CHS_PHASE_IDLE && phase != CHS_PHASE_CLOSED);
  gtk_widget_set_sensitive (self->next, phase == CHS_PHASE_CLOSED || phase == CHS_PHASE_IDLE);
  if (phase == CHS_PHASE_CLOSED)
    show_reasons (self, FALSE);
  show_facts (self);
  show_break (self);
}

static char *
chs_session_run_summary (ChsSessionStep *step)
{
  return g_strdup (chs_say_phase (chs_session_step_get_session (step)->phase));
}

/* ---- life ---- */

static GtkWidget *
add_row (GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_set_vexpand (row, TRUE); /* larger panels have larger keys, and no hole */
  gtk_widget_add_css_class (row, "key-row");
  gtk_box_append (GTK_BOX (box), row);

  return row;
}

static void
chs_session_run_class_init (ChsSessionRunClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_session_run_refresh;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_run_summary;
}

static void
add_phases (ChsSessionRun *self, GtkWidget *box)
{
  GtkWidget *row = add_row (box);

  self->start = chs_session_step_add_field (self, row, _("Infusion starts"), G_CALLBACK (on_start));
  self->hold = chs_session_step_add_field (self, row, _("Hold"), G_CALLBACK (on_hold));
  self->observe = chs_session_step_add_field (self, row, _("Infusion is over, observe"), G_CALLBACK (on_observe));
  self->close = chs_session_step_add_field (self, row, _("Close session"), G_CALLBACK (on_close));
  self->next = chs_session_step_add_field (self, row, _("New patient"), G_CALLBACK (on_next));
  gtk_widget_add_css_class (self->start, "primary");
  for (GtkWidget *key = self->start; key; key = gtk_widget_get_next_sibling (key))
    gtk_widget_add_css_class (key, "large");
}

static void
add_reasons (ChsSessionRun *self, GtkWidget *box)
{
  self->reasons = add_row (box);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
    GtkWidget *key = chs_key_new (_(reasons[i].title), NULL);

    gtk_widget_set_name (key, reasons[i].id);
    g_signal_connect (key, "clicked", G_CALLBACK (on_reason), self);
    gtk_box_append (GTK_BOX (self->reasons), key);
  }
  gtk_widget_set_visible (self->reasons, FALSE);
}

static GtkLabel *
add_fact (ChsSessionRun *self, int column, int row, const char *name)
{
  GtkWidget *left = gtk_label_new (name), *right = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (left), 0.0f);
  gtk_label_set_xalign (GTK_LABEL (right), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_set_valign (left, GTK_ALIGN_BASELINE);
  gtk_widget_set_valign (right, GTK_ALIGN_BASELINE);
  gtk_widget_add_css_class (left, "fact-name");
  gtk_widget_add_css_class (right, "course-fact");
  gtk_grid_attach (GTK_GRID (self->facts), left, 2 * column, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->facts), right, 2 * column + 1, row, 1, 1);

  return GTK_LABEL (right);
}

static void
add_facts (ChsSessionRun *self, GtkWidget *box)
{
  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  /* Translators: beside it stands what is to be done next, and in how many minutes */
  self->due = add_fact (self, 0, 0, _("Due"));
  self->plan = add_fact (self, 0, 1, _("Planned rate"));
  self->scores[0] = add_fact (self, 1, 0, _("Pain"));
  self->scores[1] = add_fact (self, 1, 1, _("Fatigue"));
  gtk_box_append (GTK_BOX (box), self->facts);
}

static void
chs_session_run_init (ChsSessionRun *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *row;

  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_parent (chs_scroller_new (box), GTK_WIDGET (self));
  self->state = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->state, 0.0f);
  gtk_widget_add_css_class (GTK_WIDGET (self->state), "page-title");
  gtk_widget_set_hexpand (GTK_WIDGET (self->state), TRUE);
  gtk_label_set_wrap (self->state, TRUE);
  gtk_box_append (GTK_BOX (top), GTK_WIDGET (self->state));
  /* Translators: key: the last change of phase was wrong: take it back, or set its time */
  self->fix = chs_key_new (_("Correct this step"), NULL);
  g_signal_connect_swapped (self->fix, "clicked", G_CALLBACK (on_fix), self);
  gtk_box_append (GTK_BOX (top), self->fix);
  gtk_box_append (GTK_BOX (box), top);
  add_facts (self, box);
  add_phases (self, box);
  add_reasons (self, box); /* over the words, however long they are */
  self->warning = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->warning, 0.0f);
  gtk_label_set_wrap (self->warning, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->warning), "advice");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->warning));
  row = self->entries = add_row (box);
  chs_session_step_add_field (self, row, _("Pain"), G_CALLBACK (on_pain));
  chs_session_step_add_field (self, row, _("Fatigue"), G_CALLBACK (on_fatigue));
  chs_session_step_add_field (self, row, _("Sedation"), G_CALLBACK (on_sedation));
  chs_session_step_add_field (self, row, _("Note"), G_CALLBACK (on_note));
  self->rest = chs_session_step_add_field (self, row, _("Break"), G_CALLBACK (on_rest));
}

void
chs_session_run_set_checks (ChsSessionRun *self, ChsSessionChecks *checks)
{
  self->checks = checks;
}
