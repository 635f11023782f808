/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/draw-cases.h"
#include "tests/fake-engine.h"
#include "ui/language.h"
#include "ui/look.h"
#include "ui/page.h"
#include "ui/window.h"

#include <stdlib.h>
#include <string.h>

/* Whole windows over the cases of tests/draw-cases.c, as pictures to look at:
 * ui-gallery [OPTION...] CASE OUT.png. Not a test; needs a display. */

static char    *size = NULL, *page = NULL, *look = NULL, *language = NULL;
static double   diagonal = 10.1, text_scale = 1.0;
static int      delay_ms = 400;

static const GOptionEntry entries[] = {
  { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Of the window", "1280x800" },
  { "diagonal", 0, 0, G_OPTION_ARG_DOUBLE, &diagonal, "Of the panel", "INCHES" },
  { "look", 0, 0, G_OPTION_ARG_STRING, &look, "day, night, contrast", "LOOK" },
  { "text", 0, 0, G_OPTION_ARG_DOUBLE, &text_scale, "Text size", "1.3" },
  { "language", 0, 0, G_OPTION_ARG_STRING, &language, "Of the texts; taken by chs_language_init()", "LL" },
  { "page", 0, 0, G_OPTION_ARG_STRING, &page, "Page to open", "NAME" },
  { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "Before the picture", "MS" },
  G_OPTION_ENTRY_NULL,
};

static gboolean
on_time (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
wait_ms (int ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add ((guint) ms, on_time, loop);
  g_main_loop_run (loop);
}

static void
take_picture (GtkWidget *window, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot)  snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture)   texture = NULL;
  int                      width = gtk_widget_get_width (window), height = gtk_widget_get_height (window);

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_save_to_png (texture, path);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext)  options = g_option_context_new ("CASE OUT.png");
  g_autoptr (GError)          error = NULL;
  g_autoptr (ChsScene)        scene = NULL;
  g_autoptr (ChsLookProvider) style = NULL;
  ChsProfile                 *profile;
  ChsWindow                  *window;
  int                         width = 1280, height = 800;

  chs_language_init (argc, argv, "");
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || argc != 3) {
    g_printerr ("%s\n", error ? error->message : "CASE OUT.png");
    return 2;
  }
  if (size)
    sscanf (size, "%dx%d", &width, &height);

  gtk_init ();
  if (chs_language_is_rtl ())
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  profile = fake_profile_new ();
  scene = chs_scene_new (profile, CHS_SCENE_LIVE);
  chs_profile_free (profile);
  chs_scene_take_model (scene, draw_case_new (argv[1]));
  chs_scene_set_rtl (scene, chs_language_is_rtl ());
  chs_scene_set_text_scale (scene, text_scale);
  if (look)
    chs_scene_set_look (scene, g_str_equal (look, "night") ? CHS_LOOK_NIGHT : CHS_LOOK_CONTRAST);
  style = chs_look_provider_new (gdk_display_get_default (), scene);

  window = chs_window_new (NULL, scene, width, height, diagonal);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  wait_ms (delay_ms);
  if (page)
    chs_window_open_page (window, page, g_variant_new_uint32 (1));
  wait_ms (delay_ms);
  take_picture (GTK_WIDGET (window), argv[2]);
  gtk_window_destroy (GTK_WINDOW (window));

  return 0;
}
