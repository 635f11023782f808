/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture.h"

#include "app/draw/draw-private.h"
#include "app/report-private.h"

#include <cairo-svg.h>
#include <math.h>

#define WIDTH_PX 1920
#define HEIGHT_PX 1080
#define WIDTH_MM 330.0   /* the picture is as a panel of this width would show it */
#define BACK_US (60 * CHS_US_PER_MIN) /* of an instant: what led to it */
#define MOST_PX 16384
#define LEFT_SHARE 0.62
#define TRENDS_SHARE 0.30

static const ChsParam tiles[] = { CHS_PARAM_HR, CHS_PARAM_SPO2, CHS_PARAM_RR, CHS_PARAM_TEMP };

static void
draw_left (cairo_t *cr, ChsRect side, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  ChsRect trends = chs_cut_bottom (&side, side.h * TRENDS_SHARE);

  chs_cut_bottom (&side, chs_mm (theme, 1.0));
  chs_draw_chart (cr, &side, model, window, theme);
  chs_draw_trends (cr, &trends, model, window, theme);
}

static void
draw_tiles (cairo_t *cr, ChsRect room, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  ChsRect top = chs_cut_top (&room, room.h * 0.38);
  double gap = chs_mm (theme, 1.0), w = (room.w - gap) / 2.0, h = (room.h - gap) / 2.0 - gap / 2.0;

  chs_draw_tile (cr, &top, model, CHS_PARAM_NIBP_SYS, now_us, theme);
  for (guint i = 0; i < G_N_ELEMENTS (tiles); i++)
    chs_draw_tile (cr, &(ChsRect) { room.x + (i % 2) * (w + gap), room.y + gap + (i / 2) * (h + gap), w, h }, model, tiles[i], now_us, theme);
}

static void
draw_pumps (cairo_t *cr, ChsRect room, guint n, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  double h = room.h / MAX (1, n);

  for (guint i = 0; i < n; i++)
    chs_draw_pump (cr, &(ChsRect) { room.x, room.y + i * h, room.w, h - chs_mm (theme, 1.0) }, model, i, now_us, theme);
}

void
chs_picture_draw (cairo_t             *cr,
                  const ChsRect       *rect,
                  const ChsChairModel *model,
                  const char          *title,
                  const ChsTimeWindow *window,
                  const ChsTheme      *theme)
{
  const ChsFont font = { CHS_EM_LABEL, true, theme->palette.text };
  int64_t now_us = MIN (window->now_us, window->to_us);
  ChsRect rest = chs_inset (rect, chs_mm (theme, 2.0)), line, bar, right, pumps;
  guint n;

  chs_colour (cr, theme->palette.background, 1.0);
  cairo_rectangle (cr, rect->x, rect->y, rect->w, rect->h);
  cairo_fill (cr);
  line = chs_cut_top (&rest, chs_line (theme, CHS_EM_LABEL) * 1.2);
  chs_text (cr, theme, &font, title, &line, CHS_ALIGN_START);
  bar = chs_cut_top (&rest, chs_alarm_bar_height (model, rest.w, theme));
  chs_draw_alarm_bar (cr, &bar, model, now_us, true, theme);
  chs_cut_top (&rest, chs_mm (theme, 1.0));
  right = chs_cut_end (&rest, rest.w * (1.0 - LEFT_SHARE), theme);
  chs_cut_end (&rest, chs_mm (theme, 1.0), theme);
  draw_left (cr, rest, model, window, theme);
  chs_chair_model_get_pumps (model, &n);
  pumps = chs_cut_bottom (&right, n > 0 ? right.h * MIN (0.5, 0.2 + 0.1 * n) : 0.0);
  chs_cut_bottom (&right, n > 0 ? chs_mm (theme, 1.0) : 0.0);
  draw_tiles (cr, right, model, now_us, theme);
  draw_pumps (cr, pumps, n, model, now_us, theme);
}

/* ---- the files ---- */

typedef struct {
  ChsChairModel *model;
  int64_t        until_us;
} Feeding;

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Feeding *feeding = user_data;

  if (event->t_us > feeding->until_us)
    return FALSE;
  chs_chair_model_feed (feeding->model, event);
  return TRUE;
}

/* "Chair 3 · 2026-01-05 14:18:31 UTC+02:00 · recorded" */
static char *
dup_title (ChsExport *export, const ChsChairModel *model, int64_t at_us, const ChsTheme *theme)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (export));
  int offset = chs_chair_model_get_utc_offset_min (model);
  int64_t local_us = meta->start_wall_us + at_us + offset * CHS_US_PER_MIN;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (local_us / CHS_US_PER_S);
  g_autofree char *clock = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : g_strdup ("");
  g_autofree char *zone = offset == 0 ? g_strdup ("UTC") : g_strdup_printf ("UTC%c%02d:%02d", offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);

  return g_strdup_printf ("%s · %s %s · %s", meta->chair != NULL ? meta->chair : "", clock, zone,
                          chs_tr (theme, N_ ("from a recording; not a certified medical device")));
}

static cairo_status_t
on_bytes (void *closure, const unsigned char *bytes, unsigned n)
{
  g_string_append_len (closure, (const char *) bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static void
size_of (const ChsExportOptions *options, guint *width, guint *height)
{
  *width = options->width_px > 0 ? MIN (options->width_px, MOST_PX) : WIDTH_PX;
  *height = options->height_px > 0 ? MIN (options->height_px, MOST_PX) : HEIGHT_PX;
}

static gboolean
draw_on (ChsExport *export, cairo_surface_t *surface, GError **error)
{
  const ChsExportOptions *options = chs_export_get_options (export);
  ChsStoreReader *reader = chs_export_get_reader (export);
  int64_t end_us = chs_store_reader_get_last_us (reader);
  int64_t at_us = options->at_us != CHS_TIME_NONE ? CLAMP (options->at_us, 0, end_us) : end_us;
  int64_t from_us = options->at_us != CHS_TIME_NONE ? MAX (0, at_us - BACK_US) : 0;
  ChsTimeWindow window = { from_us, MAX (at_us, from_us + CHS_US_PER_MIN), at_us, CHS_TIME_NONE, CHS_TIME_NONE };
  g_autoptr (ChsProfile) profile = chs_report_find_profile (reader, error);
  g_autoptr (ChsChairModel) model = NULL;
  g_autofree char *title = NULL;
  ChsTheme theme;
  cairo_t *cr;
  guint w, h;

  if (profile == NULL)
    return FALSE;
  model = chs_chair_model_new (profile);
  if (!chs_export_foreach (export, CHS_READ_NUMERICS, on_event, &(Feeding) { model, at_us }, error))
    return FALSE;
  size_of (options, &w, &h);
  chs_theme_init (&theme, CHS_LOOK_PAPER, w / WIDTH_MM);
  chs_theme_set_words (&theme, options->tr);
  title = dup_title (export, model, at_us, &theme);
  cr = cairo_create (surface);
  chs_picture_draw (cr, &(ChsRect) { 0, 0, w, h }, model, title, &window, &theme);
  cairo_destroy (cr);
  return TRUE;
}

static gboolean
check_status (cairo_status_t status, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the picture could not be drawn: %s", cairo_status_to_string (status));
  return FALSE;
}

gboolean
chs_picture_export_png (ChsExport *export, GError **error)
{
  cairo_surface_t *surface;
  gboolean done;
  guint w, h;

  size_of (chs_export_get_options (export), &w, &h);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) w, (int) h);
  done = draw_on (export, surface, error)
         && check_status (cairo_surface_write_to_png_stream (surface, on_bytes, chs_export_text (export)), error);
  cairo_surface_destroy (surface);
  return done;
}

gboolean
chs_picture_export_svg (ChsExport *export, GError **error)
{
  cairo_surface_t *surface;
  gboolean done;
  guint w, h;

  size_of (chs_export_get_options (export), &w, &h);
  surface = cairo_svg_surface_create_for_stream (on_bytes, chs_export_text (export), w, h);
  done = draw_on (export, surface, error);
  cairo_surface_finish (surface);
  done = done && check_status (cairo_surface_status (surface), error);
  cairo_surface_destroy (surface);
  return done;
}
