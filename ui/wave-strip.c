/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wave-strip.h"

#include <glib/gi18n.h>
#include <math.h>

#define TILE_PX 128
#define MAX_WAVES 4
#define ERASE_MM 3.0
#define GUTTER_MM 11.0 /* at the left, for the name, as in the trends above */

/* Paper speeds that nurses know, millimetres a second. */
#define FAST_MM_S 25.0
#define SLOW_MM_S 6.25 /* breathing */

/* Blocks come a few times a second: what is shown lags by so much, so that the sweep never waits for the next one. */
#define LAG_S 0.6
#define MAX_LAG_S 2.0

/* Without a new sample for so long the strip gives its room back. */
#define GONE_US (10 * G_USEC_PER_SEC)

/* Two sweeps of one speed that are further apart, as part of the width, are brought together. */
#define OUT_OF_STEP 0.02

/* Over and under the trace, as part of its height. */
#define AIR 0.12

/* Columns of a lane as they were drawn, and the node that shows them. */
typedef struct {
  cairo_surface_t *image;
  GskRenderNode   *node;
} Tile;

typedef struct {
  guint8          param;
  double          origin;   /* sample at the left edge of the running sweep */
  double          shown;    /* samples since the beginning that are on the screen */
  double          low, high; /* values at the lane's edges during this sweep */
  GPtrArray      *tiles;    /* Tile or NULL = to be drawn whole */
  int             drawn_to; /* columns of this sweep that are in the tiles */
  GskRenderNode  *label;
} Lane;

struct _ChsWaveStrip {
  ChsView parent_instance;

  Lane   lanes[MAX_WAVES];
  guint  n_lanes;
  guint  tick_id;
  gint64 frame_us; /* time of the last frame; 0 = none yet */
};

G_DEFINE_FINAL_TYPE (ChsWaveStrip, chs_wave_strip, CHS_TYPE_VIEW)

/* ---- lanes ---- */

static void
tile_free (gpointer data)
{
  Tile *tile = data;

  if (tile == NULL)
    return;
  cairo_surface_destroy (tile->image);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  g_free (tile);
}

static void
lane_clear (Lane *lane)
{
  g_clear_pointer (&lane->tiles, g_ptr_array_unref);
  g_clear_pointer (&lane->label, gsk_render_node_unref);
}

static void
forget_lanes (ChsWaveStrip *self)
{
  for (guint i = 0; i < self->n_lanes; i++)
    lane_clear (&self->lanes[i]);
  self->n_lanes = 0;
}

static const ChsWaveView *
find_wave (ChsWaveStrip *self, guint8 param)
{
  guint              n;
  const ChsWaveView *waves = chs_chair_model_get_waves (chs_scene_get_model (chs_view_get_scene (self)), &n);

  for (guint i = 0; i < n; i++)
    if (waves[i].param == param)
      return &waves[i];

  return NULL;
}

static gboolean
is_live (ChsWaveStrip *self, const ChsWaveView *wave)
{
  return wave->n > 0 && wave->rate_hz > 0 && chs_scene_get_now_us (chs_view_get_scene (self)) - wave->t_us < GONE_US;
}

static guint
count_live (ChsWaveStrip *self)
{
  guint              n, n_live = 0;
  const ChsWaveView *waves = chs_chair_model_get_waves (chs_scene_get_model (chs_view_get_scene (self)), &n);

  for (guint i = 0; i < n; i++)
    n_live += is_live (self, &waves[i]);

  return MIN (n_live, MAX_WAVES);
}

/* "Waves: ECG, Pleth": which are sweeping. */
static void
name_for_readers (ChsWaveStrip *self)
{
  GString         *list = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->n_lanes; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", _(chs_param_info (self->lanes[i].param)->label));
  text = g_strdup_printf ("%s%s%s", _("Waves"), list->len > 0 ? ": " : "", list->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_string_free (list, TRUE);
}

static void
set_lanes (ChsWaveStrip *self)
{
  guint              n;
  const ChsWaveView *waves = chs_chair_model_get_waves (chs_scene_get_model (chs_view_get_scene (self)), &n);

  forget_lanes (self);
  for (guint i = 0; i < n && self->n_lanes < MAX_WAVES; i++)
    if (is_live (self, &waves[i]))
      self->lanes[self->n_lanes++] = (Lane){
        .param = waves[i].param,
        .origin = (double) waves[i].n,
        .shown = (double) waves[i].n,
        .tiles = g_ptr_array_new_with_free_func (tile_free),
      };
  name_for_readers (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- geometry: sample <-> place in the sweep ---- */

static double
gutter_px (ChsWaveStrip *self)
{
  return floor (GUTTER_MM * chs_scene_get_theme (chs_view_get_scene (self))->px_mm);
}

/* Width that the sweep has. */
static double
sweep_px (ChsWaveStrip *self)
{
  return MAX (1.0, gtk_widget_get_width (GTK_WIDGET (self)) - gutter_px (self));
}

static gboolean
is_slow (guint8 param)
{
  return param == CHS_PARAM_RESP_WAVE || param == CHS_PARAM_CO2_WAVE;
}

static double
paper_mm_s (guint8 param)
{
  return is_slow (param) ? SLOW_MM_S : FAST_MM_S;
}

static double
samples_per_sweep (ChsWaveStrip *self, const ChsWaveView *wave)
{
  double width_mm = sweep_px (self) / chs_scene_get_theme (chs_view_get_scene (self))->px_mm;

  return MAX (2.0, width_mm / paper_mm_s (wave->param) * (double) wave->rate_hz);
}

static int16_t
sample_at (const ChsWaveView *wave, gint64 index)
{
  if (index < 0 || index >= (gint64) wave->n || index < (gint64) wave->n - (gint64) wave->size)
    return CHS_WAVE_ABSENT;

  return wave->samples[(guint64) index % wave->size];
}

/* Widens [*low, *high] to the samples from @from on, up to @to. */
static void
widen (const ChsWaveView *wave, gint64 from, gint64 to, double *low, double *high)
{
  for (gint64 i = MAX (0, from); i < to; i++) {
    int16_t sample = sample_at (wave, i);
    double  value = (double) wave->offset + (double) wave->scale * sample;

    if (sample == CHS_WAVE_ABSENT)
      continue;
    *low = MIN (*low, value);
    *high = MAX (*high, value);
  }
}

static void
set_range (Lane *lane, const ChsWaveView *wave, double low, double high)
{
  double air;

  if (low > high)
    low = high = (double) wave->offset;
  air = MAX ((high - low) * AIR, (double) wave->scale);
  lane->low = low - air;
  lane->high = high + air;
}

/* The range of the newest sweep, with a little air; kept for a whole sweep so that the trace does not breathe. */
static void
scale_lane (ChsWaveStrip *self, Lane *lane, const ChsWaveView *wave)
{
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE;

  widen (wave, (gint64) wave->n - (gint64) samples_per_sweep (self, wave), (gint64) wave->n, &low, &high);
  set_range (lane, wave, low, high);
}

/* ---- drawing ---- */

static double
lane_height (ChsWaveStrip *self)
{
  return floor ((double) gtk_widget_get_height (GTK_WIDGET (self)) / MAX (1, self->n_lanes));
}

/* Draws the columns from @from up to @to, as far as they are in the tile, and nothing else of it: a trace is drawn once in a sweep,
 * not once in a frame. */
static void
draw_columns (ChsWaveStrip *self, const Lane *lane, const ChsWaveView *wave, Tile *tile, int index, int from, int to)
{
  const int     x = index * TILE_PX;
  const ChsRect rect = { 0, 0, sweep_px (self), lane_height (self) };
  cairo_t      *cr = cairo_create (tile->image);

  from = MAX (from, x);
  to = MIN (to, x + TILE_PX);
  cairo_translate (cr, -x, 0);
  cairo_rectangle (cr, from, 0, to - from, rect.h);
  cairo_clip (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cr);
  cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
  chs_draw_wave (cr, &rect, wave, lane->origin, lane->shown, paper_mm_s (lane->param), lane->low, lane->high, from, to,
                 chs_scene_get_theme (chs_view_get_scene (self)));
  cairo_destroy (cr);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
}

static Tile *
build_tile (ChsWaveStrip *self, const Lane *lane, const ChsWaveView *wave, int index)
{
  int   scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  Tile *tile = g_new0 (Tile, 1);

  tile->image = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, TILE_PX * scale, (int) ceil (lane_height (self)) * scale);
  cairo_surface_set_device_scale (tile->image, scale, scale);
  draw_columns (self, lane, wave, tile, index, index * TILE_PX, MIN ((int) sweep_px (self), (index + 1) * TILE_PX));

  return tile;
}

static GskRenderNode *
node_of_image (cairo_surface_t *image, double x, double height)
{
  GskRenderNode *node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT ((float) x, 0, TILE_PX, (float) height));
  cairo_t       *cr = gsk_cairo_node_get_draw_context (node);

  cairo_set_source_surface (cr, image, x, 0);
  cairo_paint (cr);
  cairo_destroy (cr);

  return node;
}

static void
append_tile (GtkSnapshot *snapshot, Tile *tile, double x, double height)
{
  if (tile->node == NULL)
    tile->node = node_of_image (tile->image, x, height);
  gtk_snapshot_append_node (snapshot, tile->node);
}

static GskRenderNode *
build_label (ChsWaveStrip *self, const Lane *lane, double height)
{
  const ChsTheme           *theme = chs_scene_get_theme (chs_view_get_scene (self));
  ChsColour                 colour = chs_param_colour (theme, lane->param);
  g_autoptr (PangoLayout)   layout = gtk_widget_create_pango_layout (GTK_WIDGET (self),
                                                                     _(chs_param_info (lane->param)->label));
  double                    indent = 0.8 * theme->px_mm;
  GskRenderNode            *node;
  cairo_t                  *cr;
  int                       text_height;

  /* In a right-to-left language the word ends at the end of its width. */
  pango_layout_set_width (layout, (int) ((gutter_px (self) - indent) * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, (float) gutter_px (self), (float) height));
  cr = gsk_cairo_node_get_draw_context (node);
  cairo_set_source_rgb (cr, colour.r, colour.g, colour.b);
  cairo_move_to (cr, indent, (height - text_height) / 2.0);
  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);

  return node;
}

static void
snapshot_lane (ChsWaveStrip *self, GtkSnapshot *snapshot, Lane *lane, double height)
{
  const ChsWaveView *wave = find_wave (self, lane->param);
  guint              n_tiles = (guint) (sweep_px (self) + TILE_PX - 1) / TILE_PX;

  if (wave == NULL)
    return;
  if (lane->tiles->len != n_tiles) {
    g_ptr_array_set_size (lane->tiles, 0);
    g_ptr_array_set_size (lane->tiles, (int) n_tiles);
    scale_lane (self, lane, wave);
  }
  if (lane->label == NULL)
    lane->label = build_label (self, lane, height);
  gtk_snapshot_append_node (snapshot, lane->label);

  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) gutter_px (self), 0));
  for (guint i = 0; i < n_tiles; i++) {
    if (lane->tiles->pdata[i] == NULL)
      lane->tiles->pdata[i] = build_tile (self, lane, wave, (int) i);
    append_tile (snapshot, lane->tiles->pdata[i], i * TILE_PX, height);
  }
}

static void
chs_wave_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ChsWaveStrip *self = CHS_WAVE_STRIP (widget);
  double        height = lane_height (self);

  for (guint i = 0; i < self->n_lanes; i++) {
    gtk_snapshot_save (snapshot);
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) (i * height)));
    snapshot_lane (self, snapshot, &self->lanes[i], height);
    gtk_snapshot_restore (snapshot);
  }
}

/* ---- sweeping ---- */

static void
drop_tiles (Lane *lane)
{
  guint n = lane->tiles->len;

  g_ptr_array_set_size (lane->tiles, 0);
  g_ptr_array_set_size (lane->tiles, (int) n);
}

static void
redraw (ChsWaveStrip *self, const Lane *lane, const ChsWaveView *wave, int from, int to)
{
  for (int i = from / TILE_PX; i <= (to - 1) / TILE_PX && i < (int) lane->tiles->len; i++)
    if (lane->tiles->pdata[i])
      draw_columns (self, lane, wave, lane->tiles->pdata[i], i, from, to);
}

/* Where the sweep of a lane is, as part of its width; 1 and more: over its end. */
static double
sweep_part (ChsWaveStrip *self, const Lane *lane, const ChsWaveView *wave)
{
  return (lane->shown - lane->origin) / samples_per_sweep (self, wave);
}

static void
begin_sweep (ChsWaveStrip *self, Lane *lane, const ChsWaveView *wave, double origin)
{
  lane->origin = origin;
  lane->drawn_to = 0;
  scale_lane (self, lane, wave);
}

/* The lanes of one paper speed sweep side by side, as on paper: one that lost its step (its data stopped for a while) begins anew with the
 * first. */
static void
fall_in_step (ChsWaveStrip *self, const Lane *leader)
{
  for (guint i = 0; i < self->n_lanes; i++) {
    Lane              *lane = &self->lanes[i];
    const ChsWaveView *wave = find_wave (self, lane->param);
    double             part = wave ? sweep_part (self, lane, wave) : 0.0;

    if (is_slow (lane->param) == is_slow (leader->param) && part > OUT_OF_STEP && part < 1.0 - OUT_OF_STEP)
      begin_sweep (self, lane, wave, lane->shown);
  }
}

/* Brings the columns up to the sweep and the bar before it into the tiles. Returns whether there were any: a slow wave does
 * not move a pixel in each frame. */
static gboolean
follow_sweep (ChsWaveStrip *self, Lane *lane, const ChsWaveView *wave)
{
  double px_mm = chs_scene_get_theme (chs_view_get_scene (self))->px_mm;
  double width = sweep_px (self), head = sweep_part (self, lane, wave) * width;

  if ((int) head == lane->drawn_to)
    return FALSE;
  if (head < lane->drawn_to) { /* the wave began anew */
    drop_tiles (lane);
    begin_sweep (self, lane, wave, lane->shown);
    return TRUE;
  }
  if (head >= width) {
    redraw (self, lane, wave, lane->drawn_to, (int) width);
    begin_sweep (self, lane, wave, lane->origin + floor (head / width) * samples_per_sweep (self, wave));
    head = fmod (head, width);
    if (lane == &self->lanes[0])
      fall_in_step (self, lane);
  }
  redraw (self, lane, wave, lane->drawn_to, (int) ceil (head + ERASE_MM * px_mm));
  lane->drawn_to = (int) head;

  return TRUE;
}

/* What is shown next may leave the lane: always in the first sweep, of which nothing was known. Cut off it would look like
 * another wave, so the lane is widened at once and drawn anew. */
static void
follow_range (Lane *lane, const ChsWaveView *wave, double from)
{
  double low = lane->low, high = lane->high;

  widen (wave, (gint64) from, (gint64) lane->shown + 1, &low, &high);
  if (low >= lane->low && high <= lane->high)
    return;
  set_range (lane, wave, low, high);
  drop_tiles (lane);
}

/* Moves what is shown on by @dt_s, following the newest sample at a steady distance. Returns whether it moved. */
static gboolean
advance (Lane *lane, const ChsWaveView *wave, double dt_s)
{
  double rate = (double) wave->rate_hz;
  double newest = (double) wave->n;
  double was = lane->shown;
  double behind_s = (newest - lane->shown) / rate;

  if (behind_s < 0.0 || behind_s > MAX_LAG_S)
    lane->shown = MAX (0.0, newest - LAG_S * rate);
  else
    lane->shown = MIN (newest, lane->shown + dt_s * rate * CLAMP (1.0 + 0.1 * (behind_s - LAG_S), 0.9, 1.2));

  return ABS (lane->shown - was) > 0.0;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ChsWaveStrip *self = CHS_WAVE_STRIP (widget);
  gint64        now_us = gdk_frame_clock_get_frame_time (clock);
  double        dt_s = self->frame_us ? (double) (now_us - self->frame_us) / G_USEC_PER_SEC : 0.0;
  gboolean      has_moved = FALSE;

  self->frame_us = now_us;
  for (guint i = 0; i < self->n_lanes; i++) {
    Lane              *lane = &self->lanes[i];
    const ChsWaveView *wave = find_wave (self, lane->param);
    double             was = lane->shown;

    if (wave == NULL || !advance (lane, wave, dt_s))
      continue;
    follow_range (lane, wave, was);
    has_moved |= follow_sweep (self, lane, wave);
  }
  if (has_moved)
    gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static void
follow_frames (ChsWaveStrip *self, gboolean follow)
{
  if (follow && self->tick_id == 0) {
    self->frame_us = 0;
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  } else if (!follow && self->tick_id != 0) {
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
    self->tick_id = 0;
  }
}

static void
chs_wave_strip_refresh (ChsView *view)
{
  ChsWaveStrip *self = CHS_WAVE_STRIP (view);
  guint         n_live = count_live (self);

  if (n_live != self->n_lanes)
    set_lanes (self);
  gtk_widget_set_visible (GTK_WIDGET (self), n_live > 0);
  follow_frames (self, n_live > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
chs_wave_strip_restyled (ChsView *view)
{
  forget_lanes (CHS_WAVE_STRIP (view));
  chs_wave_strip_refresh (view);
}

static void
chs_wave_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ChsWaveStrip *self = CHS_WAVE_STRIP (widget);

  for (guint i = 0; i < self->n_lanes; i++) {
    g_ptr_array_set_size (self->lanes[i].tiles, 0);
    g_clear_pointer (&self->lanes[i].label, gsk_render_node_unref);
  }
}

static void
chs_wave_strip_unmap (GtkWidget *widget)
{
  follow_frames (CHS_WAVE_STRIP (widget), FALSE);
  GTK_WIDGET_CLASS (chs_wave_strip_parent_class)->unmap (widget);
}

static void
chs_wave_strip_dispose (GObject *object)
{
  ChsWaveStrip *self = CHS_WAVE_STRIP (object);

  follow_frames (self, FALSE);
  forget_lanes (self);
  G_OBJECT_CLASS (chs_wave_strip_parent_class)->dispose (object);
}

static void
chs_wave_strip_class_init (ChsWaveStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_wave_strip_dispose;
  CHS_VIEW_CLASS (klass)->refresh = chs_wave_strip_refresh;
  CHS_VIEW_CLASS (klass)->restyled = chs_wave_strip_restyled;
  CHS_VIEW_CLASS (klass)->renewed = chs_wave_strip_restyled;
  widget_class->snapshot = chs_wave_strip_snapshot;
  widget_class->size_allocate = chs_wave_strip_size_allocate;
  widget_class->unmap = chs_wave_strip_unmap;
  gtk_widget_class_set_css_name (widget_class, "wavestrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
chs_wave_strip_init (ChsWaveStrip *self)
{
  /* Its tiles end where it ends: a clip, with its round corners, would be paid for at every frame. */
  name_for_readers (self);
}

gboolean
chs_wave_strip_has_waves (ChsWaveStrip *self)
{
  return self->n_lanes > 0;
}
