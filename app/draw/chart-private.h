/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw-private.h"

/* One chart while it is drawn: where its parts lie and what its axes span.
 *
 *   title        | Blood pressure mmHg                      60 min |
 *   pressure     | I-beams or band, limits, baseline    | gutter   |
 *   lanes        | flags: symptoms, alarms, phases, gaps           |
 *   rate_title   | Infusion rate mL/h   150 -> 375 mL/h            |  the last of the lanes
 *   rate         | filled steps                         | gutter   |
 *   times        | 10:00    10:15    10:30         now             | */

typedef struct {
  cairo_t             *cr;
  const ChsChairModel *model;
  const ChsTimeWindow *window;
  const ChsTheme      *theme;
  ChsRect rect;
  ChsRect title, pressure, lanes, rate_title, rate, times;
  double  p_low, p_high;    /* mmHg at the foot and the top of the pressure half */
  double  r_high, r_step;   /* mL/h at the top of the rate half; of one grid line */
  bool    is_rescaled;      /* the pressure axis is not the usual one */
} ChsChart;

#define CHS_LANE 1.08 /* height of a lane in lines of axis text */

double chs_chart_px (const ChsChart *chart, int64_t t_us); /* x of a time, cut to the plot */
double chs_pressure_y (const ChsChart *chart, double mmhg);
double chs_rate_y (const ChsChart *chart, double ml_h);
bool   chs_is_shown (const ChsChart *chart, int64_t from_us, int64_t to_us);

/* A label in the right gutter at the height of what it names; labels are pushed apart. */
typedef struct {
  double    y;
  char     *text;
  ChsColour colour;
  bool      is_bold;
} ChsGutterLabel;

void chs_gutter_add (GArray *labels, double y, ChsColour colour, bool is_bold, char *text /* (transfer full) */);
void chs_gutter_draw (const ChsChart *chart, const ChsRect *half, GArray *labels);
GArray *chs_gutter_new (void);

void chs_chart_draw_pressure (ChsChart *chart);
void chs_chart_draw_rates (ChsChart *chart);
void chs_chart_draw_flags (ChsChart *chart);
void chs_chart_draw_cursors (ChsChart *chart);
void chs_chart_draw_gaps (ChsChart *chart, guint kind, const ChsRect *half);

/* Spans the rate axis over what is in the window. */
void chs_chart_span_rates (ChsChart *chart);

/**
 * chs_nice_step:
 * @span: length of an axis, > 0
 * @most: largest number of steps wanted, >= 1
 *
 * Returns: 1, 2 or 5 times a power of ten, so that @span holds at most @most of it
 */
double chs_nice_step (double span, int most);

/**
 * chs_place_flag:
 * @taken: (element-type ChsRect): what is occupied; a placed flag is added
 * @lanes: where flags may lie
 * @lane_h: height of one lane
 * @x: where the pole stands
 * @width: of the flag
 * @flag: (out): its place: to the right of the pole, or to the left where the right is taken or ends
 *
 * Returns: whether there is a place; the first lane is tried first
 */
bool chs_place_flag (GArray *taken, const ChsRect *lanes, double lane_h, double x, double width, ChsRect *flag);
