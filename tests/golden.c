/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/golden.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 24
#define BAD_SHARE 2000

static bool
is_updating (void)
{
  return g_strcmp0 (g_getenv ("CHS_GOLDEN_UPDATE"), "1") == 0;
}

static char *
golden_path (const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_build_filename (g_getenv ("CHS_TEST_DATA"), "golden", file, NULL);
}

static char *
error_path (const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, ".err", suffix, NULL);

  return g_build_filename (g_getenv ("CHS_TEST_BUILD"), "meson-logs", file, NULL);
}

static uint32_t
pixel (cairo_surface_t *surface, int x, int y)
{
  const unsigned char *row = cairo_image_surface_get_data (surface) + (size_t) y * (size_t) cairo_image_surface_get_stride (surface);
  uint32_t value;

  memcpy (&value, row + 4 * x, sizeof value);
  return value & 0xFFFFFFu;
}

static bool
is_near (uint32_t a, uint32_t b)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (abs ((int) ((a >> shift) & 0xFF) - (int) ((b >> shift) & 0xFF)) > TOLERANCE)
      return false;
  return true;
}

static long
count_bad (cairo_surface_t *got, cairo_surface_t *want, cairo_t *marks)
{
  int w = cairo_image_surface_get_width (got), h = cairo_image_surface_get_height (got);
  long bad = 0;

  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      if (!is_near (pixel (got, x, y), pixel (want, x, y))) {
        bad++;
        if (marks != NULL)
          cairo_rectangle (marks, 2 * w + x, y, 1, 1);
      }
  return bad;
}

/* Got, wanted, and the pixels that differ, side by side. */
static void
write_difference (cairo_surface_t *got, cairo_surface_t *want, const char *name)
{
  g_autofree char *path = error_path (name, ".png");
  int w = cairo_image_surface_get_width (got), h = cairo_image_surface_get_height (got);
  cairo_surface_t *sheet = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 3 * w, h);
  cairo_t *cr = cairo_create (sheet);

  cairo_set_source_surface (cr, got, 0, 0);
  cairo_paint (cr);
  if (want != NULL) {
    cairo_set_source_surface (cr, want, w, 0);
    cairo_paint (cr);
    count_bad (got, want, cr);
    cairo_set_source_rgb (cr, 1, 1, 1);
    cairo_fill (cr);
  }
  cairo_destroy (cr);
  cairo_surface_write_to_png (sheet, path);
  cairo_surface_destroy (sheet);
  g_printerr ("golden: %s differs, see %s\n", name, path);
}

/* The same pixels in fewer bytes (a palette where there are few colours), where ImageMagick is there to do it. */
static void
pack (const char *path)
{
  const char *const argv[] = { "mogrify", "-strip", "-define", "png:compression-level=9", path, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static bool
update (cairo_surface_t *surface, const char *path)
{
  if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
    return false;
  pack (path);
  return true;
}

bool
golden_check_picture (cairo_surface_t *surface, const char *name)
{
  g_autofree char *path = golden_path (name, ".png");
  int w = cairo_image_surface_get_width (surface), h = cairo_image_surface_get_height (surface);
  cairo_surface_t *want = cairo_image_surface_create_from_png (path);
  bool is_same = cairo_surface_status (want) == CAIRO_STATUS_SUCCESS && cairo_image_surface_get_width (want) == w
                 && cairo_image_surface_get_height (want) == h, is_shaped = is_same;

  cairo_surface_flush (surface);
  is_same = is_same && count_bad (surface, want, NULL) <= (long) w * h / BAD_SHARE;
  if (!is_same && is_updating ())
    is_same = update (surface, path);
  else if (!is_same)
    write_difference (surface, is_shaped ? want : NULL, name);
  cairo_surface_destroy (want);
  return is_same;
}

bool
golden_check_text (const char *text, const char *name)
{
  g_autofree char *path = golden_path (name, ".txt"), *error = error_path (name, ".txt"), *want = NULL;

  if (is_updating ())
    return g_file_set_contents (path, text, -1, NULL);
  if (g_file_get_contents (path, &want, NULL, NULL) && strcmp (want, text) == 0)
    return true;
  g_file_set_contents (error, text, -1, NULL);
  g_printerr ("golden: %s differs, see %s\n", name, error);
  return false;
}
