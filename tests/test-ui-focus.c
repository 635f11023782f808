/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"
#include "ui/pages.h"

#include <math.h>
#include <string.h>

/* Every page by keyboard and by finger: Tab comes to each control once and in reading order, from either side; Escape leaves;
 * nothing that is touched or read lies over another; keys and the gaps between them are as large as a glove needs
 * (shared/design.md, "Sizes"); and a press is answered in the next frame. */

typedef struct {
  const char *name;
  int         width, height;
  double      px_mm;
  gboolean    is_rtl;
} Panel;

static const Panel panels[] = {
  { "10.1 inch", 1280, 800, 5.88, FALSE },
  { "10.1 inch, right to left", 1280, 800, 5.88, TRUE },
  { "21.5 inch", 1920, 1080, 4.03, FALSE },
};

#define MAX_STOPS 400
#define LAYOUT_MS 30
#define N_FRAMES 4
#define PATIENCE_MS 3000

static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;

/* ---- a window ---- */

/* On a busy machine a page takes its time to be laid out. */
static void
wait_frames (void)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gint64         until = gdk_frame_clock_get_frame_counter (clock) + N_FRAMES;

  for (int ms = 0; ms < PATIENCE_MS && gdk_frame_clock_get_frame_counter (clock) < until; ms += LAYOUT_MS) {
    gtk_widget_queue_draw (GTK_WIDGET (window));
    ui_test_run (LAYOUT_MS);
  }
}

static void
open_window (const Panel *panel, const char *name)
{
  ui_test_init ();
  gtk_widget_set_default_direction (panel->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  scene = ui_test_scene (name, CHS_SCENE_LIVE);
  chs_scene_set_rtl (scene, panel->is_rtl);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, panel->width, panel->height, ui_test_diagonal (panel->px_mm));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  wait_frames ();
}

static void
close_window (void)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (20);
  g_clear_pointer (&style, chs_look_provider_free);
  g_assert_finalize_object (scene);
}

static void
open_page (const char *id)
{
  chs_window_open_page (window, id, strcmp (id, "why") == 0 ? g_variant_new_uint32 (1) : NULL);
  wait_frames ();
}

typedef void (*PageFunc) (const Panel *panel, const char *page);

static void
on_each_page (int index, PageFunc func)
{
  guint              n;
  const ChsPageInfo *pages = chs_pages (&n);

  open_window (&panels[index], "medium");
  func (&panels[index], "chair");
  for (guint i = 0; i < n; i++) {
    open_page (pages[i].id);
    func (&panels[index], pages[i].id);
  }
  close_window ();
}

/* ---- what is there ---- */

static const char *
name_of (GtkWidget *widget)
{
  return CHS_IS_KEY (widget)    ? chs_key_get_title (CHS_KEY (widget))
         : GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget))
                                 : gtk_widget_get_css_name (widget);
}

static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_ENTRY (widget) || GTK_IS_SCALE (widget);
}

static void
collect (GtkWidget *widget, gboolean with_labels, GPtrArray *found)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (is_control (widget) || (with_labels && GTK_IS_LABEL (widget) && *gtk_label_get_label (GTK_LABEL (widget)))) {
    g_ptr_array_add (found, widget);
    return; /* a key's own letters are part of it */
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    collect (child, with_labels, found);
}

/* As far as it can be seen: a scroller cuts off what is not. */
static gboolean
visible_bounds (GtkWidget *widget, graphene_rect_t *bounds)
{
  if (!gtk_widget_compute_bounds (widget, GTK_WIDGET (window), bounds))
    return FALSE;
  for (GtkWidget *above = gtk_widget_get_parent (widget); above; above = gtk_widget_get_parent (above)) {
    graphene_rect_t view;

    if (GTK_IS_VIEWPORT (above) && (!gtk_widget_compute_bounds (above, GTK_WIDGET (window), &view) ||
                                    !graphene_rect_intersection (bounds, &view, bounds)))
      return FALSE;
  }

  return bounds->size.width > 1 && bounds->size.height > 1;
}

/* ---- Tab ---- */

static gboolean
is_reached_by_tab (GtkWidget *widget)
{
  return gtk_widget_get_focusable (widget) && gtk_widget_is_sensitive (widget) && gtk_widget_get_can_focus (widget);
}

/* Of two with the same parent: whether @b is read before @a. */
static gboolean
is_before (GtkWidget *b, GtkWidget *a, gboolean is_rtl)
{
  GtkWidget      *parent = gtk_widget_get_parent (a);
  graphene_rect_t box_a, box_b;

  if (parent != gtk_widget_get_parent (b) || !gtk_widget_compute_bounds (a, parent, &box_a) ||
      !gtk_widget_compute_bounds (b, parent, &box_b))
    return FALSE;
  if (graphene_rect_intersection (&box_a, &box_b, NULL))
    return FALSE; /* a key on a chart */
  if (box_b.origin.y + box_b.size.height <= box_a.origin.y + 1)
    return TRUE;
  if (box_a.origin.y + box_a.size.height <= box_b.origin.y + 1)
    return FALSE;
  if (gtk_widget_get_direction (parent) == GTK_TEXT_DIR_LTR)
    is_rtl = FALSE; /* keys of a replay and of a number pad run left to right in every language */

  return is_rtl ? box_b.origin.x > box_a.origin.x + 1 : box_b.origin.x < box_a.origin.x - 1;
}

static GPtrArray *
tab_through (GtkDirectionType direction)
{
  GPtrArray *stops = g_ptr_array_new ();

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  while (stops->len < MAX_STOPS && gtk_widget_child_focus (GTK_WIDGET (window), direction)) {
    if (g_ptr_array_find (stops, gtk_window_get_focus (GTK_WINDOW (window)), NULL)) /* round */
      break;
    g_ptr_array_add (stops, gtk_window_get_focus (GTK_WINDOW (window)));
  }

  return stops;
}

static void
check_tab (const Panel *panel, const char *page)
{
  g_autoptr (GPtrArray) controls = g_ptr_array_new (), stops = tab_through (GTK_DIR_TAB_FORWARD);
  g_autoptr (GPtrArray) back = tab_through (GTK_DIR_TAB_BACKWARD);

  collect (GTK_WIDGET (window), FALSE, controls);
  ck_assert_msg (stops->len < MAX_STOPS, "%s, %s: Tab never comes to an end", panel->name, page);
  ck_assert_msg (stops->len == back->len, "%s, %s: %u stops forwards, %u backwards", panel->name, page, stops->len, back->len);
  for (guint i = 0; i < controls->len; i++)
    ck_assert_msg (GTK_IS_ENTRY (controls->pdata[i]) || !is_reached_by_tab (controls->pdata[i]) ||
                     g_ptr_array_find (stops, controls->pdata[i], NULL),
                   "%s, %s: Tab does not come to \"%s\"", panel->name, page, name_of (controls->pdata[i]));
  for (guint i = 1; i < stops->len; i++)
    ck_assert_msg (!is_before (stops->pdata[i], stops->pdata[i - 1], panel->is_rtl), "%s, %s: \"%s\" comes after \"%s\"",
                   panel->name, page, name_of (stops->pdata[i]), name_of (stops->pdata[i - 1]));
}

START_TEST (tab_visits_everything_in_reading_order)
{
  on_each_page (_i, check_tab);
}
END_TEST

/* ---- Escape ---- */

static GtkShortcut *
find_shortcut (guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (window));

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

    for (guint k = 0; GTK_IS_SHORTCUT_CONTROLLER (controller) && k < g_list_model_get_n_items (G_LIST_MODEL (controller)); k++) {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), k);
      GtkShortcutTrigger     *trigger = gtk_shortcut_get_trigger (shortcut);

      if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval)
        return shortcut; /* the controller holds it */
    }
  }

  return NULL;
}

static void
check_escape (const Panel *panel, const char *page)
{
  GtkShortcut *shortcut = find_shortcut (GDK_KEY_Escape);

  ck_assert_ptr_nonnull (shortcut);
  gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), GTK_SHORTCUT_ACTION_EXCLUSIVE, GTK_WIDGET (window),
                                gtk_shortcut_get_arguments (shortcut));
  ck_assert_msg (strcmp (chs_window_get_page (window), "chair") == 0, "Escape does not leave %s", page);
}

START_TEST (escape_leaves_every_page)
{
  on_each_page (_i, check_escape);
}
END_TEST

/* ---- nothing over another ---- */

static void
check_overlap (const Panel *panel, const char *page)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  graphene_rect_t       a, b, common;

  collect (GTK_WIDGET (window), TRUE, found);
  for (guint i = 0; i < found->len; i++)
    for (guint k = i + 1; k < found->len; k++)
      if (visible_bounds (found->pdata[i], &a) && visible_bounds (found->pdata[k], &b) &&
          graphene_rect_intersection (&a, &b, &common))
        ck_assert_msg (common.size.width <= 1 || common.size.height <= 1, "%s, %s: \"%s\" and \"%s\" share %.0f x %.0f px",
                       panel->name, page, name_of (found->pdata[i]), name_of (found->pdata[k]), (double) common.size.width,
                       (double) common.size.height);
}

START_TEST (nothing_lies_over_another)
{
  on_each_page (_i, check_overlap);
}
END_TEST

/* ---- millimetres ---- */

#define ROUNDING_MM 0.35 /* pixels of two edges */
#define FRAMES_MM 0.75   /* GTK tells bounds with the frames of both keys outside of them; what is painted is nearer to the truth */

/* Keys that are smaller than 15 mm, and why. */
static const struct {
  const char *css_class, *inside; /* one of them is NULL */
  double      high_mm, wide_mm, gap_mm;
} smaller[] = {
  { "chip", NULL, 9, 15, 3 },         /* on the chart: its window, which nobody needs in a hurry; the standard's least */
  { NULL, "alarmbar", 12, 15, 0.6 },  /* under a pile of alarms; rows touch, and each has one row of keys */
  { NULL, "page-top", 15, 15, 2 },    /* the row over a page keeps away from what it heads by less than keys of a group */
  { NULL, "review-row", 10, 15, 2 },  /* a long list: corrections at leisure */
};

static void
least_of (GtkWidget *key, double *high_mm, double *wide_mm, double *gap_mm)
{
  *high_mm = *wide_mm = 15.0;
  *gap_mm = 3.0;
  if (gtk_widget_has_css_class (key, "large"))
    *high_mm = 20.0;
  for (guint i = 0; i < G_N_ELEMENTS (smaller); i++) {
    gboolean is_it = smaller[i].css_class && gtk_widget_has_css_class (key, smaller[i].css_class);

    for (GtkWidget *above = key; above && smaller[i].inside; above = gtk_widget_get_parent (above))
      is_it |= strcmp (gtk_widget_get_css_name (above), smaller[i].inside) == 0 ||
               gtk_widget_has_css_class (above, smaller[i].inside);
    if (is_it) {
      *high_mm = smaller[i].high_mm;
      *wide_mm = smaller[i].wide_mm;
      *gap_mm = smaller[i].gap_mm;
    }
  }
}

/* Between a page and the bar under it: a small panel has no more to give, and "Reaction" touched in its place is undone by one touch. */
#define OVER_BAR_MM 1.5

static gboolean
is_of_bar (GtkWidget *key)
{
  return strcmp (gtk_widget_get_css_name (gtk_widget_get_parent (key)), "keybar") == 0;
}

/* Between two boxes that stand beside or over each other; HUGE_VAL for others. */
static double
gap_between (const graphene_rect_t *a, const graphene_rect_t *b)
{
  double dx = MAX (a->origin.x, b->origin.x) - MIN (a->origin.x + a->size.width, b->origin.x + b->size.width);
  double dy = MAX (a->origin.y, b->origin.y) - MIN (a->origin.y + a->size.height, b->origin.y + b->size.height);

  return dx > 0 && dy > 0 ? HUGE_VAL : MAX (dx, dy);
}

static void
check_key (const Panel *panel, const char *page, GPtrArray *keys, guint i, double px_mm)
{
  graphene_rect_t a, b, whole;
  double          high_mm, wide_mm, gap_mm;

  least_of (keys->pdata[i], &high_mm, &wide_mm, &gap_mm);
  if (!visible_bounds (keys->pdata[i], &a) || !gtk_widget_compute_bounds (keys->pdata[i], GTK_WIDGET (window), &whole))
    return;
  ck_assert_msg ((double) whole.size.height / px_mm >= high_mm - ROUNDING_MM && (double) whole.size.width / px_mm >= wide_mm - ROUNDING_MM,
                 "%s, %s: \"%s\" is %.1f x %.1f mm", panel->name, page, name_of (keys->pdata[i]),
                 (double) whole.size.width / px_mm, (double) whole.size.height / px_mm);
  for (guint k = 0; k < keys->len; k++) {
    double other_high, other_wide, other_gap, gap;

    if (k == i || !visible_bounds (keys->pdata[k], &b))
      continue;
    least_of (keys->pdata[k], &other_high, &other_wide, &other_gap);
    gap = gap_between (&a, &b) / px_mm;
    if (is_of_bar (keys->pdata[i]) != is_of_bar (keys->pdata[k]))
      other_gap = OVER_BAR_MM;
    ck_assert_msg (gap >= MIN (gap_mm, other_gap) - FRAMES_MM, "%s, %s: %.1f mm between \"%s\" and \"%s\"", panel->name, page,
                   gap, name_of (keys->pdata[i]), name_of (keys->pdata[k]));
  }
}

static void
check_millimetres (const Panel *panel, const char *page)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  collect (GTK_WIDGET (window), FALSE, keys);
  for (guint i = 0; i < keys->len; i++)
    check_key (panel, page, keys, i, chs_scene_get_theme (scene)->px_mm);
}

START_TEST (keys_and_gaps_have_their_millimetres)
{
  on_each_page (_i, check_millimetres);
}
END_TEST

/* ---- the next frame ---- */

typedef struct {
  gint64 pressed, answered; /* frames of the clock */
} Frames;

static void
on_before_paint (GdkFrameClock *clock, Frames *frames)
{
  if (frames->answered == 0 && strcmp (chs_window_get_page (window), "more") == 0)
    frames->answered = gdk_frame_clock_get_frame_counter (clock);
}

static GtkWidget *
find_key (GtkWidget *widget, const char *title)
{
  GtkWidget *found = CHS_IS_KEY (widget) && gtk_widget_get_mapped (widget) && strcmp (chs_key_get_title (CHS_KEY (widget)), title) == 0
                       ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_key (child, title);

  return found;
}

START_TEST (a_press_is_answered_in_the_next_frame)
{
  Frames         frames = { 0 };
  GdkFrameClock *clock;

  open_window (&panels[0], "quiet");
  ui_test_run (300);
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_before_paint), &frames);
  frames.pressed = gdk_frame_clock_get_frame_counter (clock);
  g_signal_emit_by_name (find_key (GTK_WIDGET (window), "More"), "clicked");
  ui_test_run (400);
  ck_assert_int_gt (frames.answered, 0);
  ck_assert_msg (frames.answered - frames.pressed <= 1, "painted %d frames after the press", (int) (frames.answered - frames.pressed));
  g_signal_handlers_disconnect_by_data (clock, &frames);
  close_window ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-focus");
  TCase *tcase = tcase_create ("pages");

  tcase_set_timeout (tcase, 60);
  tcase_add_loop_test (tcase, tab_visits_everything_in_reading_order, 0, G_N_ELEMENTS (panels));
  tcase_add_loop_test (tcase, escape_leaves_every_page, 0, G_N_ELEMENTS (panels));
  tcase_add_loop_test (tcase, nothing_lies_over_another, 0, G_N_ELEMENTS (panels));
  tcase_add_loop_test (tcase, keys_and_gaps_have_their_millimetres, 0, G_N_ELEMENTS (panels));
  tcase_add_test (tcase, a_press_is_answered_in_the_next_frame);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)
