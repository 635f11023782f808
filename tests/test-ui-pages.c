/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"
#include "ui/key.h"
#include "ui/language.h"
#include "ui/pages.h"
#include "ui/scroller.h"

#include <math.h>
#include <string.h>

/* What the pages beside the chair do: when they give way, what they let pass, what they refuse. */

static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;
static ChsSetup         set[96];
static gsize            n_set;

static gboolean
take_setup (gpointer user_data, const ChsSetup *keys, gsize n)
{
  for (gsize i = 0; i < n && n_set < G_N_ELEMENTS (set); i++)
    set[n_set++] = keys[i];

  return TRUE;
}

/* A monitor with two calls due and one made, until one of them is entered. */
static char    *called;
static gboolean has_calls = TRUE;

static gboolean
take_admin (gpointer user_data, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer answer_data)
{
  g_autoptr (GVariant) json = NULL;

  if (strcmp (method, "AddCall") == 0)
    called = g_variant_print (args, FALSE);
  else if (strcmp (method, "Calls") != 0)
    return FALSE;
  json = g_variant_ref_sink (g_variant_new ("(s)", has_calls && !called
    ? "{\"calls\":[{\"patient_id\":\"A-17\",\"session_id\":\"s1\",\"therapy\":null,\"end_s\":1795000000,\"due\":true,\"overdue\":true},"
      "{\"patient_id\":\"B-2\",\"session_id\":\"s2\",\"therapy\":\"Ketamine\",\"end_s\":1795090000,\"due\":true,"
      "\"overdue\":false,\"not_reached\":2,\"pain_before\":7,\"pain_after\":4},"
      "{\"patient_id\":\"C-3\",\"session_id\":\"s3\",\"end_s\":1795090000,\"due\":false,\"call\":\"reached\",\"how\":\"better\",\"pain_call\":2},7,{}]}"
    : "{\"calls\":[]}"));
  answer (json, NULL, answer_data);

  return TRUE;
}

/* What was entered last. */
static ChsNurse entered;
static char    *noted; /* last text of a note */

static gboolean
take_nurse (gpointer user_data, const ChsNurse *nurse)
{
  entered = *nurse;
  if (nurse->action == CHS_NURSE_NOTE) {
    g_free (noted);
    noted = g_strdup (nurse->text);
  }

  return TRUE;
}

static const ChsSceneActions actions = { .nurse = take_nurse, .setup = take_setup, .admin = take_admin };

static void
open_case (const char *name, const char *page)
{
  ui_test_init ();
  n_set = 0;
  scene = ui_test_scene (name, CHS_SCENE_LIVE);
  chs_scene_set_actions (scene, &actions, NULL);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, 1280, 800, 10.1);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (60);
  chs_window_open_page (window, page, NULL);
  ui_test_run (60);
}

static void
close_case (void)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (20);
  g_clear_pointer (&style, chs_look_provider_free);
  g_assert_finalize_object (scene);
}

/* ---- finding things ---- */

typedef gboolean (*Test) (GtkWidget *widget, const char *what);

static GtkWidget *
find (GtkWidget *widget, Test test, const char *what)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (test (widget, what))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, test, what);

    if (found)
      return found;
  }

  return NULL;
}

static gboolean
is_key (GtkWidget *widget, const char *title)
{
  return CHS_IS_KEY (widget) && gtk_widget_get_mapped (widget) && strcmp (chs_key_get_title (CHS_KEY (widget)), title) == 0;
}

static gboolean
is_label_with (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_label (GTK_LABEL (widget)), text);
}

static gboolean
is_entry (GtkWidget *widget, const char *nothing)
{
  return GTK_IS_ENTRY (widget) && gtk_widget_get_mapped (widget);
}

/* On a busy machine a page takes its time to be laid out. */
static GtkWidget *
wait_for (Test test, const char *what)
{
  GtkWidget *found = find (GTK_WIDGET (window), test, what);

  for (guint i = 0; i < 40 && found == NULL; i++) {
    ui_test_run (50);
    found = find (GTK_WIDGET (window), test, what);
  }

  return found;
}

/* Also waits out the time in which a second touch would be a bounce. */
static void
touch (const char *title)
{
  GtkWidget *key = wait_for (is_key, title);

  ck_assert_msg (key != NULL, "there is no key \"%s\"", title);
  g_signal_emit_by_name (key, "clicked");
  ui_test_run (180);
}

static void
type (const char *text)
{
  GtkWidget *entry = wait_for (is_entry, NULL);

  ck_assert_msg (entry != NULL, "nothing is asked");
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  touch ("OK");
}

/* ---- the registry ---- */

START_TEST (every_page_is_reached_and_left)
{
  guint              n;
  const ChsPageInfo *pages = chs_pages (&n);

  open_case ("quiet", "more");
  for (guint i = 0; i < n; i++) {
    if (pages[i].place == CHS_PAGE_OF_KEYS)
      continue;
    chs_window_open_page (window, "more", NULL);
    ui_test_run (30);
    touch (pages[i].title);
    ck_assert_str_eq (chs_window_get_page (window), pages[i].id);
    touch ("Back");
    ck_assert_msg (strcmp (chs_window_get_page (window), "chair") == 0, "no way out of %s", pages[i].id);
  }
  close_case ();
}
END_TEST

/* ---- a HIGH alarm ---- */

static void
raise_high (void)
{
  ChsActiveAlarm *alarm = &fake_engine.alarms[fake_engine.n_alarms++];

  *alarm = (ChsActiveAlarm){ .alarm = { .id = 77, .label = CHS_LABEL_INFUSION_REACTION, .priority = CHS_PRIORITY_HIGH,
                                        .value = NAN, .baseline = NAN, .limit = NAN, .cause_us = CHS_TIME_NONE },
                             .state = CHS_ALARM_STATE_ACTIVE, .raised_us = CASE_NOW, .changed_us = CASE_NOW };
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  ui_test_run (60);
}

static const struct {
  const char *page, *then;
} ways[] = { { "review", "chair" }, { "limits", "chair" }, { "session", "chair" },  { "reaction", "reaction" },
             { "symptom", "symptom" }, { "alarms", "alarms" } };

START_TEST (a_new_high_alarm_brings_the_chair_back)
{
  open_case ("quiet", ways[_i].page);
  raise_high ();
  ck_assert_msg (strcmp (chs_window_get_page (window), ways[_i].then) == 0, "%s: now %s", ways[_i].page,
                 chs_window_get_page (window));
  close_case ();
}
END_TEST

START_TEST (what_is_half_typed_stays)
{
  open_case ("quiet", "limits");
  touch ("120");
  raise_high ();
  ck_assert_str_eq (chs_window_get_page (window), "limits");
  close_case ();
}
END_TEST

/* ---- limits ---- */

static const struct {
  const char *typed;
  const char *value; /* what is set; NULL = refused */
  const char *says;  /* in the reason */
} entries[] = {
  { "580", NULL, "from 100 to 160" }, { "130", "130", NULL }, { "１３０", "130", NULL }, { "1.300", NULL, "not a number" },
  { "abc", NULL, "not a number" },
};

START_TEST (a_limit_outside_its_safe_range_is_refused)
{
  open_case ("quiet", "limits");
  touch ("120");
  type (entries[_i].typed);
  if (entries[_i].value) {
    ck_assert_uint_eq (n_set, 1);
    ck_assert_str_eq (set[0].key, "limit.HR.high");
    ck_assert_str_eq (set[0].value, entries[_i].value);
  } else {
    ck_assert_uint_eq (n_set, 0);
    ck_assert_msg (wait_for (is_label_with, entries[_i].says) != NULL, "\"%s\": the reason is not shown",
                   entries[_i].typed);
  }
  close_case ();
}
END_TEST

START_TEST (steps_stay_in_the_safe_range)
{
  open_case ("quiet", "limits");
  touch ("+"); /* of the first row: HR, lower limit, 50 */
  ck_assert_uint_eq (n_set, 1);
  ck_assert_str_eq (set[0].key, "limit.HR.low");
  ck_assert_str_eq (set[0].value, "55");
  fake_engine.limits[CHS_PARAM_HR].low = 55;
  touch ("+");
  ck_assert_uint_eq (n_set, 1);
  ck_assert_ptr_nonnull (wait_for (is_label_with, "cannot be 60"));
  close_case ();
}
END_TEST

START_TEST (a_limit_goes_back_to_the_profile)
{
  open_case ("quiet", "limits");
  touch ("120");
  touch ("As profile: 125");
  ck_assert_uint_eq (n_set, 1);
  ck_assert_str_eq (set[0].key, "limit.HR.high");
  ck_assert_str_eq (set[0].value, "");
  close_case ();
}
END_TEST

/* ---- alarm history ---- */

static guint
count_keys (GtkWidget *widget, const char *title)
{
  guint n = is_key (widget, title);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_keys (child, title);

  return n;
}

START_TEST (alarms_are_listed_by_priority)
{
  open_case ("history", "alarms");
  ck_assert_uint_eq (count_keys (GTK_WIDGET (window), "On the chart"), 5);
  ck_assert_ptr_nonnull (wait_for (is_label_with, "seen 10:21:37, after 1:27"));
  ck_assert_ptr_nonnull (wait_for (is_label_with, "not seen by anybody"));
  touch ("High");
  ck_assert_uint_eq (count_keys (GTK_WIDGET (window), "On the chart"), 1);
  touch ("On the chart");
  ck_assert_str_eq (chs_window_get_page (window), "chair");
  ck_assert_int_eq (chs_scene_get_time_view (scene)->cursor_us, 1210 * CASE_S);
  close_case ();
}
END_TEST

START_TEST (what_was_seen_shares_a_row)
{
  open_case ("many-seen", "limits");
  chs_window_open_page (window, "chair", NULL);
  ui_test_run (100);
  ck_assert_ptr_nonnull (wait_for (is_label_with, "Seen: !! Fast heart rate  ·  !! Pump is faster"));
  ck_assert_uint_eq (count_keys (GTK_WIDGET (window), "Seen"), 1);
  close_case ();
}
END_TEST

/* ---- calls ---- */

static void
touch_call (const char *patient)
{
  GtkWidget *label = wait_for (is_label_with, patient);

  ck_assert_msg (label != NULL, "%s is not to be called", patient);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
  ui_test_run (180);
}

static const struct {
  const char *patient;
  const char *pain, *fatigue; /* typed; "" = not asked; NULL = not touched */
  const char *how, *end;      /* keys that are touched; NULL = none */
  const char *want;           /* what the monitor is told; NULL = nothing */
} calls[] = {
  { "B-2", "3", "6", "Worse", "Save the call", "('B-2', 's2', 'reached', 3.0, 6.0, 'worse', '')" },
  { "B-2", "0", "", NULL, "Save the call", "('B-2', 's2', 'reached', 0.0, nan, '', '')" },
  { "B-2", NULL, "10", NULL, "Save the call", "('B-2', 's2', 'reached', nan, 10.0, '', '')" },
  { "A-17", NULL, NULL, "Same", "Save the call", "('A-17', 's1', 'reached', nan, nan, 'same', '')" },
  { "A-17", "4", NULL, NULL, "Not reached", "('A-17', 's1', 'not_reached', nan, nan, '', '')" },
  { "A-17", NULL, NULL, NULL, "Wants no call", "('A-17', 's1', 'declined', nan, nan, '', '')" },
  { "C-3", NULL, "5", NULL, "Save the call", "('C-3', 's3', 'reached', 2.0, 5.0, 'better', '')" }, /* corrected */
  { "A-17", NULL, NULL, NULL, "Save the call", NULL },
};

static void
answer_score (const char *field, const char *patient, const char *typed)
{
  g_autofree char *question = g_strdup_printf ("%s · \xE2\x81\xA8%s", field, patient);

  if (typed == NULL)
    return;
  touch (field);
  ck_assert_ptr_nonnull (wait_for (is_label_with, question));
  if (typed[0])
    type (typed);
  else
    touch ("Not asked");
}

START_TEST (a_call_is_entered_for_the_patient_that_was_touched)
{
  open_case ("quiet", "calls");
  ck_assert_ptr_nonnull (wait_for (is_label_with, "overdue"));
  ck_assert_ptr_nonnull (wait_for (is_label_with, "tried 2 times"));
  touch_call (calls[_i].patient);
  answer_score ("Pain now", calls[_i].patient, calls[_i].pain);
  answer_score ("Fatigue now", calls[_i].patient, calls[_i].fatigue);
  if (calls[_i].how)
    touch (calls[_i].how);
  if (calls[_i].how && strcmp (calls[_i].how, "Worse") == 0)
    ck_assert_ptr_nonnull (wait_for (is_label_with, "tell the physician"));
  touch (calls[_i].end);
  ck_assert_pstr_eq (called, calls[_i].want);
  ck_assert_ptr_nonnull (wait_for (is_label_with, calls[_i].want ? "The call is saved." : "Enter pain, fatigue or how"));
  if (calls[_i].want)
    ck_assert_ptr_nonnull (wait_for (is_label_with, "No call is due."));
  close_case ();
  g_clear_pointer (&called, g_free);
}
END_TEST

START_TEST (no_call_is_said_in_words)
{
  has_calls = FALSE;
  open_case ("quiet", "calls");
  ck_assert_ptr_nonnull (wait_for (is_label_with, "No call is due."));
  close_case ();
  has_calls = TRUE;
}
END_TEST

/* ---- corrections ---- */

static const ChsMark *
find_mark (guint8 action)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);

  while (n-- > 0)
    if (marks[n].kind != CHS_MARK_ALARM && marks[n].action == action && !marks[n].undone)
      return &marks[n];
  ck_abort_msg ("no such mark");
}

static const struct {
  guint8      action;
  const char *keys[3], *typed;
  const char *what, *text;
  int         moved_min; /* -1000 = taken back */
} corrections[] = {
  { CHS_NURSE_SYMPTOM, { "touched by mistake" }, NULL, "mistake", "", -1000 },
  { CHS_NURSE_SYMPTOM, { "−5 min", "−1 min", "Save this time" }, NULL, "time", "", -6 },
  { CHS_NURSE_REACTION, { "+1 min", "−10 min", "Save this time" }, NULL, "time", "", -9 },
  { CHS_NURSE_PHASE, { "too early" }, NULL, "early", "", -1000 },
  { CHS_NURSE_MARK, { "other reason" }, "wrong chair", "other", "wrong chair", -1000 },
};

START_TEST (an_entry_is_corrected)
{
  const ChsMark *mark;
  uint64_t       seq;
  int64_t        was_us;

  open_case ("busy", "review");
  fake_engine.last_phase_seq = find_mark (CHS_NURSE_PHASE)->seq;
  mark = find_mark (corrections[_i].action);
  seq = mark->seq;
  was_us = mark->t_us;
  gtk_widget_activate_action (GTK_WIDGET (window), "win.correct", "t", seq);
  ui_test_run (60);
  for (guint i = 0; i < 3 && corrections[_i].keys[i]; i++)
    touch (corrections[_i].keys[i]);
  if (corrections[_i].typed)
    type (corrections[_i].typed);
  ck_assert_int_eq (entered.action, CHS_NURSE_CORRECTION);
  ck_assert_double_eq (entered.value, (double) seq);
  ck_assert_str_eq (entered.what, corrections[_i].what);
  ck_assert_str_eq (entered.text, corrections[_i].text);
  ck_assert_int_eq (entered.at_us, corrections[_i].moved_min == -1000 ? CHS_TIME_NONE : was_us + corrections[_i].moved_min * CASE_MIN);
  ck_assert_ptr_nonnull (wait_for (is_key, "Correct")); /* the list again */
  close_case ();
}
END_TEST

/* ---- going home ---- */

START_TEST (a_session_is_closed_without_checks_for_a_reason)
{
  open_case ("quiet", "session"); /* magnesium runs */
  touch ("5  Course");
  touch ("Close session");
  ck_assert_int_ne (entered.action, CHS_NURSE_PHASE);
  ck_assert_ptr_nonnull (wait_for (is_label_with, "Not confirmed before going home: Pressure, pulse and oxygen"));
  touch ("Emergency, handed over");
  ck_assert_int_eq (entered.action, CHS_NURSE_PHASE);
  ck_assert_str_eq (entered.what, "closed");
  ck_assert_msg (g_str_has_prefix (noted, "closed: Emergency, handed over; without: Pressure"), "%s", noted);
  close_case ();
}
END_TEST

START_TEST (what_is_ticked_before_going_home_is_entered)
{
  open_case ("quiet", "session");
  touch ("3  Checks");
  touch ("Before going home");
  touch ("No weakness, not drowsy"); /* asked after magnesium */
  ck_assert_int_eq (entered.action, CHS_NURSE_DONE);
  ck_assert_str_eq (entered.what, "dc_mg_signs");
  ck_assert_str_eq (entered.text, "No weakness, not drowsy");
  close_case ();
}
END_TEST

/* ---- a reaction that is over ---- */

static void
happen (ChsNurseAction action, const char *what, int64_t t_us)
{
  static guint64 seq = 1000000;
  ChsEvent       event = { .type = CHS_EVENT_NURSE, .seq = ++seq, .t_us = CASE_NOW, .source = CHS_SOURCE_NURSE };

  event.nurse = (ChsNurse){ .action = action, .at_us = t_us, .value = NAN };
  chs_text_copy (event.nurse.what, sizeof event.nurse.what, what);
  chs_chair_model_feed (chs_scene_get_model (scene), &event);
}

/* y of the line that begins so in the report; a line that is not there fails. */
static double
height_of (const char *text)
{
  GtkWidget      *label = wait_for (is_label_with, text);
  graphene_rect_t box;

  ck_assert_msg (label != NULL, "the report does not say \"%s\"", text);
  ck_assert (gtk_widget_compute_bounds (label, GTK_WIDGET (window), &box));

  return (double) box.origin.y;
}

START_TEST (the_report_of_a_reaction_tells_things_as_they_followed)
{
  open_case ("quiet", "chair"); /* a cuff reading every 3 min */
  happen (CHS_NURSE_REACTION, "begin", CASE_NOW - 4 * CASE_MIN);
  happen (CHS_NURSE_REACTION, "end", CASE_NOW);
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  chs_window_open_page (window, "reaction", NULL);
  ui_test_run (100);
  ck_assert_double_lt (height_of ("Pressure"), height_of ("reaction over"));
  ck_assert_msg (find (GTK_WIDGET (window), is_key, "Reaction is over") == NULL, "what is over can be ended again");
  close_case ();
}
END_TEST

/* ---- who and what ---- */

/* Returns: (nullable): what was last set of this key */
static const char *
last_set (const char *key)
{
  for (gsize i = n_set; i > 0; i--)
    if (strcmp (set[i - 1].key, key) == 0)
      return set[i - 1].value;

  return NULL;
}

START_TEST (two_weights_that_differ_are_refused_in_words)
{
  open_case ("quiet", "session");
  touch ("1  Patient");
  touch ("Weight");
  type ("62");
  ck_assert_ptr_nonnull (wait_for (is_label_with, "Weight once more")); /* asked at once */
  type ("80");
  ck_assert_ptr_nonnull (wait_for (is_label_with, "62 and 80 kg do not agree"));
  ck_assert_ptr_null (last_set ("patient.weight_kg"));
  type ("80");
  type ("80");
  ck_assert_str_eq (last_set ("patient.weight_kg"), "80");
  close_case ();
}
END_TEST

START_TEST (half_a_weight_is_forgotten)
{
  open_case ("quiet", "session");
  touch ("1  Patient");
  touch ("Weight");
  type ("62");
  touch ("Cancel");
  touch ("Weight");
  type ("62");
  ck_assert_ptr_null (last_set ("patient.weight_kg")); /* the first of two again */
  close_case ();
}
END_TEST

START_TEST (another_number_is_another_patient)
{
  open_case ("quiet", "session"); /* 4711, magnesium runs */
  touch ("1  Patient");
  touch ("Number");
  type ("4712");
  ck_assert_ptr_nonnull (wait_for (is_label_with, "another patient"));
  ck_assert_ptr_null (last_set ("patient.id"));
  touch ("OK");
  ck_assert_str_eq (last_set ("patient.id"), "4712");
  close_case ();
}
END_TEST

START_TEST (a_finger_that_scrolls_does_not_change_what_is_infused)
{
  open_case ("quiet", "session");
  touch ("2  Therapy");
  touch ("Vitamin C 15 g in 500 mL");
  ck_assert_uint_eq (n_set, 0);
  ck_assert_ptr_nonnull (wait_for (is_label_with, "The record says Myers' cocktail in 250 mL is running"));
  touch ("Vitamin C 15 g in 500 mL");
  ck_assert_str_eq (last_set ("therapy.id"), "vitc_15g");
  close_case ();
}
END_TEST

START_TEST (steps_of_the_rate_are_planned)
{
  open_case ("quiet", "session");
  touch ("2  Therapy");
  touch ("Planned steps");
  type ("150");
  type ("15");
  type ("250");
  touch ("No further step");
  ck_assert_str_eq (last_set ("therapy.steps"), "0 150; 15 250");
  ck_assert_str_eq (last_set ("therapy.ordered_rate_ml_h"), "150");
  touch ("Planned steps");
  type ("120");
  touch ("No further step"); /* one rate alone is the order */
  ck_assert_str_eq (last_set ("therapy.steps"), "");
  ck_assert_str_eq (last_set ("therapy.ordered_rate_ml_h"), "120");
  close_case ();
}
END_TEST

static gboolean
is_second_pump (GtkWidget *widget, const char *nothing)
{
  return CHS_IS_KEY (widget) && GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "place")) == 2;
}

START_TEST (each_pump_may_have_a_bag_of_its_own)
{
  open_case ("pumps", "session");
  touch ("2  Therapy");
  ck_assert_ptr_nonnull (wait_for (is_key, "All pumps"));
  g_signal_emit_by_name (wait_for (is_second_pump, NULL), "clicked");
  ui_test_run (180);
  touch ("Vitamin C 15 g in 500 mL");
  if (n_set == 0)
    touch ("Vitamin C 15 g in 500 mL");
  ck_assert_ptr_null (last_set ("therapy.id"));
  ck_assert_msg (n_set > 0 && g_str_has_prefix (set[0].key, "pump.2.1."), "%s", n_set > 0 ? set[0].key : "nothing set");
  close_case ();
}
END_TEST

/* ---- lists that are worked through: every item in sight at 10.1", under an alarm, in every language ---- */

static const char *const tongues[] = { "en", "de", "es", "fr", "pt_BR", "zh_CN", "ar" };
static const struct {
  const char *page;
  int         tab;   /* of the session page, 1 = first; 0 = none */
  const char *list;  /* (nullable): its tab there, untranslated */
} worked[] = { { "reaction", 0, NULL }, { "session", 3, "Before the infusion" }, { "session", 3, "Before going home" } };

#define SMALL_PX_MM 5.88

static void
check_all_in_sight (GtkWidget *widget, const char *name)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (CHS_IS_SCROLLER (widget))
    ck_assert_msg (!chs_scroller_has_more (CHS_SCROLLER (widget)), "%s: not everything is in sight", name);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    check_all_in_sight (child, name);
}

static void
find_class (GtkWidget *widget, const char *css_class, GPtrArray *found)
{
  if (gtk_widget_has_css_class (widget, css_class) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (found, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    find_class (child, css_class, found);
}

static void
open_list (int tab, const char *list)
{
  g_autoptr (GPtrArray) tabs = g_ptr_array_new ();

  find_class (GTK_WIDGET (window), "tab", tabs);
  g_signal_emit_by_name (tabs->pdata[tab - 1], "clicked");
  ui_test_run (60);
  g_ptr_array_set_size (tabs, 0);
  find_class (GTK_WIDGET (window), "tab", tabs);
  for (guint i = 0; i < tabs->len; i++)
    if (strcmp (chs_key_get_title (tabs->pdata[i]), g_dgettext (NULL, list)) == 0)
      g_signal_emit_by_name (tabs->pdata[i], "clicked");
}

START_TEST (a_list_is_all_in_sight)
{
  const char      *language = tongues[_i % (int) G_N_ELEMENTS (tongues)];
  g_autofree char *option = g_strdup_printf ("--language=%s", language);
  char            *argv[] = { (char *) "test", option, NULL };
  int              row = _i / (int) G_N_ELEMENTS (tongues);

  chs_language_init (2, argv, NULL);
  ui_test_init ();
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  scene = ui_test_scene ("busy", CHS_SCENE_LIVE);
  chs_scene_set_rtl (scene, chs_language_is_rtl ());
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, 1280, 800, ui_test_diagonal (SMALL_PX_MM));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (60);
  chs_window_open_page (window, worked[row].page, NULL);
  ui_test_run (60);
  if (worked[row].tab > 0)
    open_list (worked[row].tab, worked[row].list);
  ui_test_run (200);
  check_all_in_sight (GTK_WIDGET (window), language);
  ui_test_check_fit (language, GTK_WIDGET (window), 1280, 800);
  ui_test_check_labels (language, GTK_WIDGET (window));
  close_case ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-pages");
  TCase *tcase = tcase_create ("pages");

  tcase_set_timeout (tcase, 30);
  tcase_add_test (tcase, every_page_is_reached_and_left);
  tcase_add_loop_test (tcase, a_new_high_alarm_brings_the_chair_back, 0, G_N_ELEMENTS (ways));
  tcase_add_test (tcase, what_is_half_typed_stays);
  tcase_add_loop_test (tcase, a_limit_outside_its_safe_range_is_refused, 0, G_N_ELEMENTS (entries));
  tcase_add_test (tcase, steps_stay_in_the_safe_range);
  tcase_add_test (tcase, a_limit_goes_back_to_the_profile);
  tcase_add_test (tcase, alarms_are_listed_by_priority);
  tcase_add_test (tcase, what_was_seen_shares_a_row);
  tcase_add_loop_test (tcase, a_call_is_entered_for_the_patient_that_was_touched, 0, G_N_ELEMENTS (calls));
  tcase_add_test (tcase, no_call_is_said_in_words);
  tcase_add_loop_test (tcase, a_list_is_all_in_sight, 0, G_N_ELEMENTS (tongues) * G_N_ELEMENTS (worked));
  suite_add_tcase (suite, tcase);

  tcase = tcase_create ("entries");
  tcase_set_timeout (tcase, 30);
  tcase_add_test (tcase, a_session_is_closed_without_checks_for_a_reason);
  tcase_add_test (tcase, what_is_ticked_before_going_home_is_entered);
  tcase_add_loop_test (tcase, an_entry_is_corrected, 0, G_N_ELEMENTS (corrections));
  tcase_add_test (tcase, the_report_of_a_reaction_tells_things_as_they_followed);
  tcase_add_test (tcase, two_weights_that_differ_are_refused_in_words);
  tcase_add_test (tcase, half_a_weight_is_forgotten);
  tcase_add_test (tcase, another_number_is_another_patient);
  tcase_add_test (tcase, a_finger_that_scrolls_does_not_change_what_is_infused);
  tcase_add_test (tcase, steps_of_the_rate_are_planned);
  tcase_add_test (tcase, each_pump_may_have_a_bag_of_its_own);
  tcase_add_loop_test (tcase, a_list_is_all_in_sight, 0, G_N_ELEMENTS (tongues) * G_N_ELEMENTS (worked));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)
