/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"
#include "ui/key.h"
#include "ui/pages.h"

#include <math.h>
#include <string.h>

/* Whole windows, in each look and size, with each page: nothing asks for more room than the panel has, no text of an
 * alarm, a key or a title is cut, no key is smaller than a gloved finger needs. */

typedef struct {
  const char *name, *scene, *page;
  int         width, height;
  double      px_mm;
  ChsLook     look;
  double      text_scale;
  gboolean    is_rtl;
} Row;

/* 10.1 inch, 15.6 inch, 21.5 inch, 15.6 inch upright */
#define SMALL 1280, 800, 5.88
#define LARGE 1920, 1080, 5.56
#define WALL 1920, 1080, 4.03
#define TALL 1080, 1920, 5.56

static const Row rows[] = {
  { "quiet", "quiet", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "quiet large", "quiet", "chair", LARGE, CHS_LOOK_DAY, 1.0 },
  { "quiet wall", "quiet", "chair", WALL, CHS_LOOK_DAY, 1.0 },
  { "quiet tall", "quiet", "chair", TALL, CHS_LOOK_DAY, 1.0 },
  { "night", "medium", "chair", SMALL, CHS_LOOK_NIGHT, 1.0 },
  { "contrast", "medium", "chair", SMALL, CHS_LOOK_CONTRAST, 1.0 },
  { "high", "high", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "high tall", "high", "chair", TALL, CHS_LOOK_DAY, 1.0 },
  { "high rtl", "high", "chair", SMALL, CHS_LOOK_DAY, 1.0, TRUE },
  { "medium with large text", "medium", "chair", SMALL, CHS_LOOK_DAY, 1.3 },
  { "quiet with large text", "quiet", "chair", LARGE, CHS_LOOK_DAY, 1.3 },
  { "many seen", "many-seen", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "many seen large text", "many-seen", "chair", SMALL, CHS_LOOK_NIGHT, 1.3 },
  { "four pumps", "pumps", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "nothing", "nothing", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "stale", "stale", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "link lost", "link-lost", "chair", SMALL, CHS_LOOK_DAY, 1.0 },
  { "why", "medium", "why", SMALL, CHS_LOOK_DAY, 1.0 },
  { "why in a pile", "high", "why", SMALL, CHS_LOOK_DAY, 1.0 },
  { "symptoms", "medium", "symptom", SMALL, CHS_LOOK_DAY, 1.0 },
  { "symptoms tall", "medium", "symptom", TALL, CHS_LOOK_DAY, 1.0 },
  { "symptoms large text", "quiet", "symptom", SMALL, CHS_LOOK_DAY, 1.3 },
  { "site", "medium", "site", SMALL, CHS_LOOK_DAY, 1.0 },
  { "session", "medium", "session", SMALL, CHS_LOOK_DAY, 1.0 },
  { "session rtl", "quiet", "session", SMALL, CHS_LOOK_DAY, 1.0, TRUE },
  { "session tall", "quiet", "session", TALL, CHS_LOOK_DAY, 1.0 },
  { "reaction", "medium", "reaction", SMALL, CHS_LOOK_DAY, 1.0 },
  { "review", "busy", "review", SMALL, CHS_LOOK_DAY, 1.0 },
  { "limits", "medium", "limits", SMALL, CHS_LOOK_DAY, 1.0 },
  { "limits large text", "quiet", "limits", SMALL, CHS_LOOK_DAY, 1.3 },
  { "limits tall", "quiet", "limits", TALL, CHS_LOOK_NIGHT, 1.0 },
  { "limits rtl", "quiet", "limits", LARGE, CHS_LOOK_CONTRAST, 1.0, TRUE },
  { "alarms", "history", "alarms", SMALL, CHS_LOOK_DAY, 1.0 },
  { "alarms large text", "history", "alarms", SMALL, CHS_LOOK_CONTRAST, 1.3 },
  { "alarms tall", "history", "alarms", TALL, CHS_LOOK_NIGHT, 1.0, TRUE },
  { "calls", "medium", "calls", SMALL, CHS_LOOK_DAY, 1.0 },
  { "instruments", "medium", "devices", SMALL, CHS_LOOK_DAY, 1.0 },
  { "instruments large", "quiet", "devices", LARGE, CHS_LOOK_DAY, 1.0, TRUE },
  { "instruments tall large text", "quiet", "devices", TALL, CHS_LOOK_CONTRAST, 1.3 },
  { "settings", "medium", "settings", SMALL, CHS_LOOK_DAY, 1.0 },
  { "settings large text", "quiet", "settings", SMALL, CHS_LOOK_NIGHT, 1.3 },
  { "settings tall", "quiet", "settings", TALL, CHS_LOOK_CONTRAST, 1.0 },
  { "ruler", "medium", "ruler", SMALL, CHS_LOOK_DAY, 1.3 },
  { "ruler tall", "quiet", "ruler", TALL, CHS_LOOK_DAY, 1.0, TRUE },
  { "more", "medium", "more", SMALL, CHS_LOOK_DAY, 1.0 },
  { "more tall", "quiet", "more", TALL, CHS_LOOK_NIGHT, 1.0, TRUE },
};

/* Two links as the monitor tells of them: one lost, one of the laboratory. */
static const char links_json[] =
  "{\"name\":\"monitor\",\"driver\":\"ivy-450c\",\"label\":\"Ivy 450C monitor\",\"bench\":0,\"address\":\"usb:0403:6001:CHAIR-17-LEFT-HAND-SIDE\","
  "\"line\":\"9600/8n1\",\"state\":\"lost\",\"reason\":\"/dev/ttyUSB0: hung up\",\"last_error\":\"no adapter usb:0403:6001 is plugged in\","
  "\"causes\":[\"The adapter was pulled out, or its plug is loose.\",\"A USB hub lost its power.\"],\"frames_ok\":123456,\"frames_bad\":2,"
  "\"bytes_skipped\":300,\"resyncs\":2,\"unknown\":1,\"parity_errors\":1,\"framing_errors\":2,\"overruns\":0,\"bytes_rx\":12345678,"
  "\"bytes_tx\":0,\"opened\":2,\"reconnects\":1,\"last_byte_ms\":1000,\"last_frame_ms\":null,\"last_frame\":\"message with waves and numerics\","
  "\"last_bytes\":\"FB FB FB FB FB FB FB FB FB FB FB FB FB FB 48 52 3D 31 3B 37 34 3B 45 43 47 2D 49 49 2D 44 49 41 47 3B 0D 52 52 3D 31\"}\n"
  "{\"name\":\"pump1\",\"driver\":\"harvard-phd\",\"label\":\"Harvard 11 Elite, PHD Ultra, KDS Legato (laboratory)\",\"bench\":1,"
  "\"address\":\"tcp:10.0.0.7:4001\",\"line\":\"115200/8n1\",\"state\":\"up\",\"frames_ok\":9,\"bytes_rx\":99,\"bytes_tx\":9,\"rtt_ms\":12.5,"
  "\"rtt_jitter_ms\":1.25,\"poll_ms\":1000,\"poll_jitter_ms\":4,\"last_frame\":\"status\",\"last_bytes\":\"3A\"}\n";

static gboolean
ask_links (gpointer user_data)
{
  chs_scene_take_links (user_data, links_json);

  return TRUE;
}

static const ChsSceneActions actions = { .links = ask_links };

static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;

static void
open_row (const Row *row)
{
  ui_test_init ();
  gtk_widget_set_default_direction (row->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  scene = ui_test_scene (row->scene, CHS_SCENE_LIVE);
  chs_scene_set_actions (scene, &actions, scene);
  chs_scene_set_rtl (scene, row->is_rtl);
  chs_scene_set_text_scale (scene, row->text_scale);
  chs_scene_set_look (scene, row->look);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, row->width, row->height, ui_test_diagonal (row->px_mm));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  chs_window_open_page (window, row->page, g_variant_ref_sink (g_variant_new_uint32 (1)));
  ui_test_run (150);
  ui_test_settle (GTK_WIDGET (window));
}

static void
close_row (void)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (20);
  g_clear_pointer (&style, chs_look_provider_free);
  g_assert_finalize_object (scene);
}

START_TEST (a_window_fits_its_panel)
{
  int least_w, least_h;

  open_row (&rows[_i]);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &least_w, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_VERTICAL, rows[_i].width, &least_h, NULL, NULL, NULL);
  ck_assert_msg (least_w <= rows[_i].width, "%s: wants %d px of width", rows[_i].name, least_w);
  ck_assert_msg (least_h <= rows[_i].height, "%s: wants %d px of height", rows[_i].name, least_h);
  close_row ();
}
END_TEST

/* ---- texts ---- */

static void
check_labels (const Row *row, GtkWidget *widget)
{
  ui_test_check_labels (row->name, widget);
}

START_TEST (no_text_is_cut)
{
  open_row (&rows[_i]);
  check_labels (&rows[_i], GTK_WIDGET (window));
  close_row ();
}
END_TEST

/* ---- keys ---- */

static void
check_keys (const Row *row, GtkWidget *widget)
{
  ui_test_check_keys (row->name, widget, chs_scene_get_theme (scene)->px_mm);
}

START_TEST (keys_are_large_enough_for_a_glove)
{
  open_row (&rows[_i]);
  check_keys (&rows[_i], GTK_WIDGET (window));
  close_row ();
}
END_TEST

/* ---- the steps of a session, and the pad ---- */

static void
find_keys (GtkWidget *widget, const char *css_class, GPtrArray *keys)
{
  if (CHS_IS_KEY (widget) && gtk_widget_has_css_class (widget, css_class) && gtk_widget_get_mapped (widget))
    g_ptr_array_add (keys, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    find_keys (child, css_class, keys);
}

static void
check_fit (const Row *row, const char *what)
{
  int least_w, least_h;

  ui_test_run (60);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_HORIZONTAL, -1, &least_w, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (window), GTK_ORIENTATION_VERTICAL, row->width, &least_h, NULL, NULL, NULL);
  ck_assert_msg (least_w <= row->width && least_h <= row->height, "%s, %s: wants %d x %d", row->name, what, least_w, least_h);
  check_labels (row, GTK_WIDGET (window));
}

static const Row sessions[] = {
  { "session small", "medium", "session", SMALL, CHS_LOOK_DAY, 1.0 },
  { "session large text", "quiet", "session", SMALL, CHS_LOOK_DAY, 1.3 },
  { "session tall", "quiet", "session", TALL, CHS_LOOK_DAY, 1.0 },
};

START_TEST (every_step_of_a_session_fits)
{
  g_autoptr (GPtrArray) tabs = g_ptr_array_new ();

  open_row (&sessions[_i]);
  find_keys (GTK_WIDGET (window), "tab", tabs);
  ck_assert_uint_eq (tabs->len, 5);
  for (guint i = 0; i < tabs->len; i++) {
    g_signal_emit_by_name (tabs->pdata[i], "clicked");
    check_fit (&sessions[_i], chs_key_get_title (tabs->pdata[i]));
  }
  close_row ();
}
END_TEST

START_TEST (the_pad_fits)
{
  g_autoptr (GPtrArray) tabs = g_ptr_array_new (), fields = g_ptr_array_new ();

  open_row (&sessions[_i]);
  find_keys (GTK_WIDGET (window), "tab", tabs);
  g_signal_emit_by_name (tabs->pdata[0], "clicked");
  ui_test_run (60);
  find_keys (GTK_WIDGET (window), "field", fields);
  g_signal_emit_by_name (fields->pdata[0], "clicked"); /* text */
  check_fit (&sessions[_i], "keyboard");
  g_signal_emit_by_name (fields->pdata[1], "clicked"); /* number */
  check_fit (&sessions[_i], "keypad");
  close_row ();
}
END_TEST

static const Row limits[] = {
  { "limits small", "medium", "limits", SMALL, CHS_LOOK_DAY, 1.0 },
  { "limits large text", "medium", "limits", SMALL, CHS_LOOK_DAY, 1.3 },
  { "limits tall", "high", "limits", TALL, CHS_LOOK_DAY, 1.0 },
};

START_TEST (the_pad_of_a_limit_fits)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  open_row (&limits[_i]);
  find_keys (GTK_WIDGET (window), "limit", keys);
  ck_assert_uint_ge (keys->len, 11);
  g_signal_emit_by_name (keys->pdata[0], "clicked");
  check_fit (&limits[_i], "keypad");
  close_row ();
}
END_TEST

/* ---- pages and the alarm bar ---- */

static GtkWidget *
find_named (GtkWidget *widget, const char *css_name)
{
  if (g_strcmp0 (gtk_widget_get_css_name (widget), css_name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_named (child, css_name);

    if (found)
      return found;
  }

  return NULL;
}

/* Hazard H26: whatever page is open, the uppermost alarm is there, whole and on top. */
static void
check_uppermost (const char *page)
{
  GtkWidget      *bar = find_named (GTK_WIDGET (window), "alarmrow"), *picked;
  graphene_rect_t bounds;

  ck_assert_ptr_nonnull (bar);
  ck_assert (gtk_widget_get_mapped (bar));
  ck_assert (gtk_widget_compute_bounds (bar, GTK_WIDGET (window), &bounds));
  ck_assert_msg (bounds.origin.y >= 0 && bounds.size.height > 60, "%s: %.0f px", page, (double) bounds.size.height);
  picked = gtk_widget_pick (GTK_WIDGET (window), (double) (bounds.origin.x + bounds.size.width / 4),
                            (double) (bounds.origin.y + bounds.size.height / 2), GTK_PICK_DEFAULT);
  ck_assert_msg (picked && (picked == bar || gtk_widget_is_ancestor (picked, bar)), "%s covers it", page);
}

START_TEST (no_page_hides_an_alarm)
{
  const Row          row = { "high", "high", "chair", SMALL, CHS_LOOK_DAY, 1.0 };
  guint              n;
  const ChsPageInfo *pages = chs_pages (&n);

  open_row (&row);
  check_uppermost ("chair");
  for (guint i = 0; i < n; i++) {
    chs_window_open_page (window, pages[i].id, NULL);
    ui_test_run (60);
    check_uppermost (pages[i].id);
  }
  close_row ();
}
END_TEST

START_TEST (a_lost_monitor_covers_everything)
{
  const Row  row = { "quiet", "quiet", "chair", SMALL, CHS_LOOK_DAY, 1.0 };
  GtkWidget *red;

  open_row (&row);
  ck_assert (!chs_window_is_stopped (window));
  chs_window_set_stopped (window, "connection lost");
  ui_test_run (50);
  red = find_named (GTK_WIDGET (window), "stoppedpage");
  ck_assert (gtk_widget_get_mapped (red));
  ck_assert_int_eq (gtk_widget_get_allocated_width (red), gtk_widget_get_width (GTK_WIDGET (window)));
  ck_assert_int_ge (gtk_widget_get_allocated_height (red), 790);
  gtk_test_accessible_assert_role (red, GTK_ACCESSIBLE_ROLE_ALERT);
  chs_window_set_stopped (window, NULL);
  ck_assert (!chs_window_is_stopped (window));
  close_row ();
}
END_TEST

/* ---- contrast ---- */

static double
channel (double v)
{
  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

static double
luminance (const char *name, const char *css)
{
  g_autofree char *key = g_strdup_printf ("@define-color %s #", name);
  const char      *p = strstr (css, key);
  guint            rgb;

  ck_assert_msg (p != NULL, "%s is not defined", name);
  rgb = (guint) g_ascii_strtoull (p + strlen (key), NULL, 16);

  return 0.2126 * channel ((rgb >> 16 & 255) / 255.0) + 0.7152 * channel ((rgb >> 8 & 255) / 255.0) +
         0.0722 * channel ((rgb & 255) / 255.0);
}

/* Every pair of letters and ground of the style sheet. WCAG 2: 4.5. */
static const struct {
  const char *text, *ground;
} pairs[] = {
  { "text", "background" },        { "label", "background" },       { "good", "background" },
  { "text", "key" },               { "label", "key" },              { "text", "key_pressed" },
  { "background", "text" },        { "background", "replay" },      { "replay", "background" },
  { "text", "panel" },             { "caution", "background" },     { "alarm_high_text", "alarm_high" },
  { "alarm_high_text", "alarm_high_dim" },                          { "alarm_medium_text", "alarm_medium" },
  { "alarm_medium_text", "alarm_medium_dim" },                      { "alarm_low_text", "alarm_low" },
};

START_TEST (letters_can_be_read_on_their_ground)
{
  ChsTheme         theme;
  g_autofree char *css = NULL;

  chs_theme_init (&theme, (ChsLook) _i, 5.83);
  css = chs_look_dup_colours (&theme);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    double a = luminance (pairs[i].text, css), b = luminance (pairs[i].ground, css);
    double ratio = (MAX (a, b) + 0.05) / (MIN (a, b) + 0.05);

    ck_assert_msg (ratio >= 4.5, "look %d: %s on %s has %.2f", _i, pairs[i].text, pairs[i].ground, ratio);
  }
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-window");
  TCase *tcase = tcase_create ("window");

  tcase_set_timeout (tcase, 20);
  tcase_add_loop_test (tcase, a_window_fits_its_panel, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tcase, no_text_is_cut, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tcase, keys_are_large_enough_for_a_glove, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tcase, every_step_of_a_session_fits, 0, G_N_ELEMENTS (sessions));
  tcase_add_loop_test (tcase, the_pad_fits, 0, G_N_ELEMENTS (sessions));
  tcase_add_loop_test (tcase, the_pad_of_a_limit_fits, 0, G_N_ELEMENTS (limits));
  tcase_add_test (tcase, no_page_hides_an_alarm);
  tcase_add_test (tcase, a_lost_monitor_covers_everything);
  tcase_add_loop_test (tcase, letters_can_be_read_on_their_ground, CHS_LOOK_DAY, CHS_LOOK_PAPER);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)
