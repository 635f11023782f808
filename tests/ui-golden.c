/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-golden.h"

#include "tests/golden.h"

#include <math.h>
#include <string.h>

static const char *const languages[] = { "en", "de", "ar" };
static const struct {
  const char *name;
  ChsLook     look;
} looks[] = { { "day", CHS_LOOK_DAY }, { "night", CHS_LOOK_NIGHT } };
static const UiGoldenSize sizes[] = { { "small", 1280, 800, 10.1, 2 }, { "large", 1920, 1080, 15.6, 3 } };

/* On the tests' display a 10.1" panel is drawn 2.7 % larger than it is (least room of the layouts): what asks for a little more than
 * the window is squeezed in the picture, and fits on the panel. More than this fits nowhere. */
#define DRAWN_LARGER 1.02

#define FRAME_MS 30
#define LIT_FRAMES 4
#define PATIENCE_MS 4000

G_STATIC_ASSERT (G_N_ELEMENTS (languages) * G_N_ELEMENTS (looks) * G_N_ELEMENTS (sizes) == UI_GOLDEN_N_SETTINGS);

static char *
dup_name (const UiGoldenSetting *setting)
{
  return g_strdup_printf ("%s-%s-%s", setting->language, setting->look == CHS_LOOK_NIGHT ? "night" : "day", setting->size.name);
}

gboolean
ui_golden_begin (guint index, UiGoldenSetting *setting)
{
  const char      *alone = g_getenv ("CHS_GOLDEN_SETTING");
  g_autofree char *name = NULL, *option = NULL;
  char            *argv[] = { (char *) "test", NULL };

  setting->language = languages[index % G_N_ELEMENTS (languages)];
  setting->look = looks[index / G_N_ELEMENTS (languages) % G_N_ELEMENTS (looks)].look;
  setting->size = sizes[index / (G_N_ELEMENTS (languages) * G_N_ELEMENTS (looks))];
  name = dup_name (setting);
  if (alone && strcmp (alone, name) != 0)
    return FALSE;
  argv[1] = option = g_strdup_printf ("--language=%s", setting->language);
  chs_language_init (2, argv, NULL);
  draw_case_use_fonts ();
  ui_test_init ();
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);

  return TRUE;
}

ChsLookProvider *
ui_golden_dress (ChsScene *scene, const UiGoldenSetting *setting)
{
  chs_scene_set_rtl (scene, chs_language_is_rtl ());
  chs_scene_set_look (scene, setting->look);

  return chs_look_provider_new (gdk_display_get_default (), scene);
}

/* They show themselves for a moment and fade: when the picture is taken, nobody knows. */
static void
hide_scroll_bars (GtkWidget *widget)
{
  if (GTK_IS_SCROLLED_WINDOW (widget)) {
    gtk_widget_set_opacity (gtk_scrolled_window_get_vscrollbar (GTK_SCROLLED_WINDOW (widget)), 0.0);
    gtk_widget_set_opacity (gtk_scrolled_window_get_hscrollbar (GTK_SCROLLED_WINDOW (widget)), 0.0);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    hide_scroll_bars (child);
}

static gboolean
any_has_class (GtkWidget *widget, const char *css_name, const char *css_class)
{
  if (g_strcmp0 (gtk_widget_get_css_name (widget), css_name) == 0 && gtk_widget_has_css_class (widget, css_class))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (any_has_class (child, css_name, css_class))
      return TRUE;

  return FALSE;
}

/* What the window shows; NULL before its first frame. */
static GskRenderNode *
get_node (GtkWidget *window, int width, int height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  GtkSnapshot             *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, width, height);

  return gtk_snapshot_free_to_node (snapshot);
}

static cairo_surface_t *
paint (GtkWidget *window, int width, int height)
{
  g_autoptr (GskRenderNode) node = get_node (window, width, height);
  cairo_surface_t          *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t                  *cr = cairo_create (surface);

  for (int ms = 0; ms < PATIENCE_MS && node == NULL; ms += FRAME_MS) {
    ui_test_run (FRAME_MS);
    node = get_node (window, width, height);
  }
  ck_assert_msg (node != NULL, "the window was never drawn");
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  cairo_surface_flush (surface);

  return surface;
}

/* The mean of @part x @part pixels, channel by channel, in 16 steps: finer ones only make the file larger. */
static guint32
mean (const guint8 *data, int stride, int x, int y, int part)
{
  guint sums[3] = { 0, 0, 0 };

  for (int i = 0; i < part * part; i++) {
    guint32 pixel;

    memcpy (&pixel, data + (gsize) (y + i / part) * (gsize) stride + 4 * (gsize) (x + i % part), sizeof pixel);
    for (int c = 0; c < 3; c++)
      sums[c] += pixel >> (8 * c) & 0xFF;
  }

  return (sums[0] / (guint) (part * part) | sums[1] / (guint) (part * part) << 8 | sums[2] / (guint) (part * part) << 16) & 0xF0F0F0;
}

static cairo_surface_t *
shrink (cairo_surface_t *whole, int part)
{
  int              width = cairo_image_surface_get_width (whole) / part, height = cairo_image_surface_get_height (whole) / part;
  cairo_surface_t *small = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  const guint8    *from = cairo_image_surface_get_data (whole);
  guint8          *to = cairo_image_surface_get_data (small);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      guint32 pixel = mean (from, cairo_image_surface_get_stride (whole), x * part, y * part, part);

      memcpy (to + (gsize) y * (gsize) cairo_image_surface_get_stride (small) + 4 * (gsize) x, &pixel, sizeof pixel);
    }
  cairo_surface_mark_dirty (small);

  return small;
}

/* To look at: letters that the golden's size only hints at. */
static void
write_whole (cairo_surface_t *whole, const char *name)
{
  const char      *folder = g_getenv ("CHS_GOLDEN_WHOLE");
  g_autofree char *path = folder ? g_strdup_printf ("%s/%s.png", folder, name) : NULL;

  if (path)
    cairo_surface_write_to_png (whole, path);
}

gboolean
ui_golden_check (ChsWindow *window, const char *state, const UiGoldenSetting *setting)
{
  g_autofree char *which = dup_name (setting), *name = g_strdup_printf ("window-%s-%s", state, which);
  cairo_surface_t *whole, *small;
  gboolean         is_same;

  ui_test_check_fit (name, GTK_WIDGET (window), (int) (setting->size.width * DRAWN_LARGER), (int) (setting->size.height * DRAWN_LARGER));
  hide_scroll_bars (GTK_WIDGET (window));
  /* Lit for some frames on end: the picture is of the last one that was drawn. Half a flash takes 250 ms and more. */
  for (int ms = 0, n_lit = 0; ms < PATIENCE_MS && n_lit < LIT_FRAMES; ms += FRAME_MS) {
    ui_test_run (FRAME_MS);
    n_lit = any_has_class (GTK_WIDGET (window), "alarmrow", "dim") ? 0 : n_lit + 1;
  }
  whole = paint (GTK_WIDGET (window), setting->size.width, setting->size.height);
  small = shrink (whole, setting->size.part);
  write_whole (whole, name);
  is_same = golden_check_picture (small, name);
  cairo_surface_destroy (small);
  cairo_surface_destroy (whole);

  return is_same;
}
