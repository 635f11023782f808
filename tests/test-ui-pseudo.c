/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ini.h"
#include "tests/pseudo.h"
#include "tests/ui-test.h"
#include "ui/pages.h"
#include "ui/language.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* Nothing that a nurse sees or hears read out is in no language, and nothing is turned round in one that runs from right to left: every case of tests/draw-cases.c, every page with every key of it
 * touched, what is typed and refused, every alarm of the shipped profile with what it tells. How: tests/pseudo.h. */

static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;

/* ---- the monitor ---- */

#define CALLS                                                                                                                   \
  "{\"calls\":[{\"patient_id\":\"A-17\",\"session_id\":\"s1\",\"therapy\":\"Hydration, 1 L 0.9 % saline\",\"end_s\":1795000000,"  \
  "\"due\":true,\"overdue\":true},{\"patient_id\":\"B-2\",\"session_id\":\"s2\",\"therapy\":\"Ketamine 0.5 mg/kg in 100 mL\","   \
  "\"end_s\":1795090000,\"due\":true,\"not_reached\":2,\"pain_before\":7,\"pain_after\":4},{\"patient_id\":\"C-3\","              \
  "\"session_id\":\"s3\",\"end_s\":1794990000,\"due\":false,\"call\":\"reached\",\"how\":\"better\",\"pain_call\":2}]}"

#define HEALTH                                                                                                                  \
  "{\"version\":\"1.0\",\"started\":\"2026-11-20T10:00:00Z\",\"uptime_s\":90000,\"starts\":3,\"unclean_ends\":1,"               \
  "\"temperature_c\":87,\"sound\":{\"good\":false,\"why\":null},\"storage\":{\"free_bytes\":90000000,\"total_bytes\":9000000000,"   \
  "\"days_left\":2},\"clock\":{\"set\":false},\"links\":[{\"state\":\"up\"},{\"state\":\"lost\"}],\"findings\":[\"no_sound\","       \
  "\"sound_not_heard\",\"recording_failed\",\"storage_full\",\"clock_not_set\",\"storage_low\",\"link_down\",\"screen_lost\","      \
  "\"hot\",\"clock_not_synchronised\",\"sound_test_due\",\"no_pin\"]}"

static gboolean
answer_admin (gpointer user_data, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer answer_data)
{
  const char          *text = strcmp (method, "Calls") == 0 ? CALLS : strcmp (method, "Health") == 0 ? HEALTH : NULL;
  g_autoptr (GVariant) json = text ? g_variant_ref_sink (g_variant_new ("(s)", text)) : NULL;

  if (args)
    g_variant_unref (g_variant_ref_sink (args));
  answer (json, json ? NULL : "", answer_data);

  return TRUE;
}

static gboolean
take_nurse (gpointer user_data, const ChsNurse *nurse)
{
  return TRUE;
}

static gboolean
take_setup (gpointer user_data, const ChsSetup *keys, gsize n)
{
  return TRUE;
}

static gboolean
take_session (gpointer user_data)
{
  return TRUE;
}

#define LINKS                                                                                                                   \
  "{\"name\":\"monitor\",\"driver\":\"ivy-450c\",\"label\":\"Ivy 450C monitor\",\"bench\":0,\"address\":\"/dev/ttyUSB0\",\"line\":"       \
  "\"9600/8n1\",\"state\":\"lost\",\"reason\":\"/dev/ttyUSB0: hung up\",\"last_error\":\"/dev/ttyUSB0: cannot be opened: No such file or "  \
  "directory\",\"causes\":[\"The adapter was pulled out, or its plug is loose.\"],\"frames_ok\":12,\"parity_errors\":1,\"framing_errors\":2," \
  "\"overruns\":0,\"bytes_rx\":123,\"bytes_tx\":0,\"opened\":2,\"reconnects\":1,\"last_byte_ms\":1000,\"last_frame_ms\":null}\n"             \
  "{\"name\":\"pump1\",\"driver\":\"harvard-phd\",\"label\":\"Harvard 11 Elite, PHD Ultra, KDS Legato (laboratory)\",\"bench\":1,"          \
  "\"address\":\"tcp:10.0.0.7:4001\",\"line\":\"115200/8n1\",\"state\":\"silent\",\"reason\":\"nothing heard for 5.0 s\",\"frames_ok\":9,"    \
  "\"bytes_rx\":99,\"bytes_tx\":9,\"rtt_ms\":12.5,\"rtt_jitter_ms\":1.25,\"poll_ms\":1000,\"poll_jitter_ms\":4,\"last_bytes\":\"3A\"}\n"

static gboolean
ask_links (gpointer user_data)
{
  chs_scene_take_links (scene, LINKS);

  return TRUE;
}

static const ChsSceneActions actions = { .links = ask_links, .nurse = take_nurse, .setup = take_setup, .new_session = take_session, .admin = answer_admin };

/* ---- opening ---- */

/* Each loop goes through all of its cases once for each language. */
static void
open_case (const char *name, PseudoLanguage language)
{
  pseudo_begin (language);
  pseudo_allow ("moved to the other arm family called"); /* what the nurse of a case has typed */
  draw_case_use_fonts ();
  ui_test_init ();
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  scene = ui_test_scene (name, CHS_SCENE_LIVE);
  chs_scene_set_rtl (scene, chs_language_is_rtl ());
  chs_scene_set_actions (scene, &actions, NULL);
  chs_scene_take_health (scene, HEALTH);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, 1920, 1080, 15.6);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (200);
}

static void
close_case (void)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (20);
  g_clear_pointer (&style, chs_look_provider_free);
  g_object_unref (scene); /* a notice that can still be undone may hold it a while */
  pseudo_end ();
}

START_TEST (a_chair_is_in_words_of_the_language)
{
  const char *name = draw_cases[(guint) _i / PSEUDO_N].name;

  open_case (name, _i % PSEUDO_N);
  pseudo_look (name, GTK_WIDGET (window));
  close_case ();
}
END_TEST

/* ---- pages ---- */

typedef struct {
  const char *name, *scene, *page;
  int         tab;   /* of the session page, 1 = first; 0 = as it opens */
  guint8      phase; /* ChsPhase; of the session */
} Opening;

static const Opening openings[] = {
  { "more", "busy", "more" },
  { "why", "medium", "why" },
  { "symptom", "busy", "symptom" },
  { "site", "busy", "site" },
  { "patient", "quiet", "session", 1, CHS_PHASE_PREPARED },
  { "therapy", "quiet", "session", 2, CHS_PHASE_PREPARED },
  { "checks", "quiet", "session", 3, CHS_PHASE_PREPARED },
  { "baseline", "quiet", "session", 4, CHS_PHASE_BASELINE },
  { "no baseline", "nothing", "session", 4, CHS_PHASE_BASELINE },
  { "course", "quiet", "session", 5, CHS_PHASE_INFUSING },
  { "held", "quiet", "session", 5, CHS_PHASE_HELD },
  { "observation", "quiet", "session", 5, CHS_PHASE_OBSERVE },
  { "going home", "quiet", "session", 3, CHS_PHASE_OBSERVE },
  { "closed", "quiet", "session", 5, CHS_PHASE_CLOSED },
  { "reaction", "busy", "reaction" },
  { "no reaction", "quiet", "reaction" },
  { "limits", "quiet", "limits" },
  { "alarms", "history", "alarms" },
  { "review", "busy", "review" },
  { "calls", "quiet", "calls" },
  { "devices", "link-lost", "devices" },
  { "settings", "quiet", "settings" },
  { "ruler", "quiet", "ruler" },
  { "sound", "quiet", "sound" },
  { "power", "quiet", "power" },
  { "service", "quiet", "service" },
};

static void
find_buttons (GtkWidget *widget, GPtrArray *buttons)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_BUTTON (widget) && gtk_widget_is_sensitive (widget))
    g_ptr_array_add (buttons, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    find_buttons (child, buttons);
}

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  GtkWidget *found = gtk_widget_get_mapped (widget) && g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);

  return found;
}

static GPtrArray *
list_buttons (void)
{
  GPtrArray *buttons = g_ptr_array_new ();
  GtkWidget *page = find_type (GTK_WIDGET (window), CHS_TYPE_PAGE);

  if (page)
    find_buttons (page, buttons);

  return buttons;
}

static void
open_page (const Opening *opening)
{
  chs_window_open_page (window, "chair", NULL);
  chs_window_open_page (window, opening->page, g_variant_new_uint32 (1));
  ui_test_run (40);
  if (opening->tab > 0) {
    g_autoptr (GPtrArray) buttons = list_buttons ();
    int                   n = 0;

    for (guint k = 0; k < buttons->len; k++)
      if (gtk_widget_has_css_class (buttons->pdata[k], "tab") && ++n == opening->tab)
        g_signal_emit_by_name (buttons->pdata[k], "clicked");
    ui_test_run (40);
  }
}

static GtkWidget *
find_ok (GtkWidget *widget)
{
  GtkWidget *found = CHS_IS_KEY (widget) && gtk_widget_get_mapped (widget) && g_str_equal (chs_key_get_title (CHS_KEY (widget)), _("OK")) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_ok (child);

  return found;
}

/* What no number can be, and what no chair can have. */
static void
answer_wrongly (const char *state)
{
  static const char *const answers[] = { "1.300", "99999", "-1" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    GtkWidget *entry = find_type (GTK_WIDGET (window), GTK_TYPE_ENTRY), *ok = find_ok (GTK_WIDGET (window));

    if (entry == NULL || ok == NULL)
      return;
    gtk_editable_set_text (GTK_EDITABLE (entry), answers[i]);
    g_signal_emit_by_name (ok, "clicked");
    ui_test_run (180);
    pseudo_look (state, GTK_WIDGET (window));
  }
}

START_TEST (a_page_is_in_words_of_the_language)
{
  const Opening        *opening = &openings[_i / PSEUDO_N];
  g_autoptr (GPtrArray) first = NULL;

  open_case (opening->scene, _i % PSEUDO_N);
  if (opening->phase)
    fake_engine.session.phase = opening->phase;
  open_page (opening);
  pseudo_look (opening->name, GTK_WIDGET (window));
  first = list_buttons ();
  ck_assert_uint_gt (first->len, 0);
  for (guint i = 0; i < first->len; i++) {
    g_autoptr (GPtrArray) buttons = NULL;

    open_page (opening);
    buttons = list_buttons ();
    if (i >= buttons->len)
      break;
    g_signal_emit_by_name (buttons->pdata[i], "clicked");
    ui_test_run (60);
    pseudo_look (opening->name, GTK_WIDGET (window));
    answer_wrongly (opening->name);
  }
  close_case ();
}
END_TEST

START_TEST (a_lost_monitor_is_in_words_of_the_language)
{
  g_autofree char *why = NULL;

  open_case ("quiet", _i);
  why = chs_say_reason ("cannot reach the monitor at /run/chairside/monitor: Connection refused");
  chs_window_set_stopped (window, why);
  ui_test_run (60);
  pseudo_look ("stopped", GTK_WIDGET (window));
  close_case ();
}
END_TEST

/* ---- alarms ---- */

/* What an alarm says, and all ids that there are as its reasons, a few with each. */
static void
show_alarm (ChsLabel label, guint8 priority)
{
  ChsActiveAlarm *active = &fake_engine.alarms[0];
  GString        *ids = g_string_new (NULL);

  for (guint i = label; fake_evidence_id (i); i += CHS_N_LABELS)
    g_string_append_printf (ids, "%s,", fake_evidence_id (i));
  fake_engine.n_alarms = 1;
  *active = (ChsActiveAlarm){ .alarm = { .id = 1, .label = (guint8) label, .priority = priority, .param = CHS_PARAM_HR, .value = 130,
                                         .limit = 120, .baseline = NAN, .cause_us = CHS_TIME_NONE },
                              .state = CHS_ALARM_STATE_ACTIVE, .raised_us = CASE_NOW, .changed_us = CASE_NOW };
  g_strlcpy (active->alarm.evidence, ids->str, sizeof active->alarm.evidence);
  g_strlcpy (active->alarm.missing, "HR,SPO2,RR,TEMP,NIBP,PUMP,WEIGHT,BASELINE,THERAPY", sizeof active->alarm.missing);
  g_strlcpy (active->alarm.also, "hypotension,vasovagal", sizeof active->alarm.also);
  g_string_free (ids, TRUE);
  chs_window_open_page (window, "chair", NULL);
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  ui_test_run (60);
  pseudo_look (chs_label_id (label), GTK_WIDGET (window));
  chs_window_open_page (window, "why", g_variant_new_uint32 (1));
  ui_test_run (60);
  pseudo_look (chs_label_id (label), GTK_WIDGET (window));
}

typedef struct {
  char    *title;    /* of the label that is being read */
  gboolean is_shown; /* the second time: all have their words then, and name each other */
} Reading;

/* A title stands before its action; a HIGH may have its own of both. */
static gboolean
on_text (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  ChsLabel label = g_str_has_prefix (group, "text.") ? chs_label_from_id (group + strlen ("text.")) : CHS_LABEL_NONE;
  Reading *self = user_data;

  if (label == CHS_LABEL_NONE || key == NULL)
    return TRUE;
  if (g_str_has_prefix (key, "title")) {
    g_free (self->title);
    self->title = g_strdup (value);
    return TRUE;
  }
  fake_engine_take_text (label, self->title, value);
  if (self->is_shown)
    show_alarm (label, g_str_has_suffix (key, "_high") ? CHS_PRIORITY_HIGH : CHS_PRIORITY_MEDIUM);

  return TRUE;
}

START_TEST (every_alarm_is_in_words_of_the_language)
{
  g_autofree char   *path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autoptr (GError) error = NULL;
  Reading            reading = { NULL, FALSE };

  open_case ("quiet", _i);
  for (guint i = 0; i < 2; i++, reading.is_shown = TRUE)
    ck_assert_msg (chs_ini_load (path, on_text, &reading, &error), "%s", error ? error->message : "");
  g_free (reading.title);
  close_case ();
}
END_TEST

/* ---- what the monitor, the ports and the computer say in English ---- */

static const struct {
  const char *text;
  const char *want; /* of it, in the language */
} reasons[] = {
  { "nothing heard for 5.0 s", "⟦nothing heard for ⟧5.0⟦ s⟧" },
  { "bytes come, but nothing valid for 12.0 s: wrong line settings or driver?",
    "⟦bytes come, but nothing valid for ⟧12.0⟦ s: wrong line settings or driver?⟧" },
  { "this sounds like ivy-450c: adapters or cables swapped?", "⟦this sounds like ⟧ivy-450c⟦: adapters or cables swapped?⟧" },
  { "/dev/ttyUSB0: cannot be opened: Permission denied", "/dev/ttyUSB0⟦: ⟧⟦cannot be opened⟧⟦: ⟧⟦Permission denied⟧" },
  { "/dev/ttyUSB0: hung up (unplugged?)", "/dev/ttyUSB0⟦: ⟧⟦hung up (unplugged?)⟧" },
  { "tcp:10.0.0.7:4001: cannot connect: Connection refused", "tcp:10.0.0.7:4001⟦: ⟧⟦cannot connect⟧⟦: ⟧⟦Connection refused⟧" },
  { "limit.HR.high cannot be 580 /min: outside the safe range 100 to 160 /min",
    "⟦HR⟧⟦, upper limit⟧⟦ cannot be ⟧580⟦ ⟧⟦/min⟧⟦: outside the safe range ⟧100⟦ to ⟧160⟦ ⟧⟦/min⟧" },
  { "alarm_pause: only before a session, while nothing flows; pause the sound instead",
    "⟦Pause of the alarms⟧⟦: ⟧⟦only before a session, while nothing flows; pause the sound instead⟧" },
  { "audio_off is not offered here: the alarm profile says alarm.audio_off = 0",
    "⟦Sound off⟧⟦ is not offered here: the alarm profile says ⟧alarm.audio_off⟦ = 0⟧" },
  { "audio_off: too many wrong PINs: wait 30 s", "⟦Sound off⟧⟦: ⟧⟦too many wrong PINs: wait ⟧30⟦ s⟧" },
  { "only the newest change of phase can be corrected", "⟦only the newest change of phase can be corrected⟧" },
  { "cannot reach the monitor at /run/chairside/monitor: Connection refused",
    "⟦cannot reach the monitor at ⟧/run/chairside/monitor⟦: ⟧⟦Connection refused⟧" },
  { "", "" },
  { "5 %s of 100 %n", "5 %s of 100 %n" }, /* a stranger's words are no format */
};

START_TEST (a_reason_is_said_in_the_language)
{
  g_autofree char *words = NULL;

  pseudo_begin (PSEUDO_WORDS);
  words = chs_say_reason (reasons[_i].text);
  ck_assert_str_eq (words, reasons[_i].want);
  pseudo_end ();
}
END_TEST

/* ---- counts ---- */

static const struct {
  guint       n;
  const char *want;
} counts[] = { /* the six forms of Arabic */
  { 0, "لا إنذارات" },  { 1, "إنذار واحد" },   { 2, "إنذاران" },    { 3, "3 إنذارات" },
  { 11, "11 إنذارًا" }, { 100, "100 إنذار" }, { 103, "103 إنذارات" },
};

START_TEST (a_count_has_its_form)
{
  g_autofree char *words = NULL;

  pseudo_begin (PSEUDO_ARABIC);
  words = g_strdup_printf (ngettext ("%u alarm", "%u alarms", counts[_i].n), counts[_i].n);
  ck_assert_str_eq (words, counts[_i].want);
  pseudo_end ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-pseudo");
  TCase *tcase = tcase_create ("chairs");

  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, a_chair_is_in_words_of_the_language, 0, PSEUDO_N * (int) n_draw_cases);
  suite_add_tcase (suite, tcase);

  tcase = tcase_create ("pages");
  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, a_lost_monitor_is_in_words_of_the_language, 0, PSEUDO_N);
  tcase_add_loop_test (tcase, a_page_is_in_words_of_the_language, 0, PSEUDO_N * G_N_ELEMENTS (openings));
  suite_add_tcase (suite, tcase);

  tcase = tcase_create ("reasons");
  tcase_add_loop_test (tcase, a_reason_is_said_in_the_language, 0, G_N_ELEMENTS (reasons));
  suite_add_tcase (suite, tcase);

  tcase = tcase_create ("counts");
  tcase_add_loop_test (tcase, a_count_has_its_form, 0, G_N_ELEMENTS (counts));
  suite_add_tcase (suite, tcase);

  tcase = tcase_create ("alarms");
  tcase_set_timeout (tcase, 120);
  tcase_add_loop_test (tcase, every_alarm_is_in_words_of_the_language, 0, PSEUDO_N);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)
