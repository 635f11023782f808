/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The recent past of one measured quantity, and medians over time windows of it.
 *
 * A series keeps at most one value in SPACING (three quarters of a second), so
 * that its ring reaches back a known time however fast a monitor talks. A window
 * keeps its values sorted while they come and go: a median costs nothing.
 * All flat, no pointers: part of the engine's state. */

#define CHS_SERIES_SIZE 512          /* > 330 s / SPACING, the longest window */
#define CHS_SERIES_SPACING_US 750000

typedef struct {
  int64_t  t_us[CHS_SERIES_SIZE];
  float    value[CHS_SERIES_SIZE];
  uint32_t n; /* values ever; the newest is at (n - 1) % CHS_SERIES_SIZE */
} ChsSeries;

/* Values with now - from <= t <= now - to. Members are indices into the series. */
typedef struct {
  uint32_t first, next; /* [first, next) are inside */
  uint16_t n;
  float    sorted[CHS_SERIES_SIZE];
} ChsWindow;

/**
 * chs_series_add:
 * @self: a series
 * @t_us: session time, not before the last one
 * @value: accepted value
 *
 * Returns: whether it was taken; %FALSE when it follows the last one too closely
 */
bool chs_series_add (ChsSeries *self, int64_t t_us, float value);

/**
 * chs_series_last_us:
 * @self: a series
 *
 * Returns: time of the newest value; INT64_MIN when there is none
 */
int64_t chs_series_last_us (const ChsSeries *self);

/**
 * chs_series_last:
 * @self: a series
 *
 * Returns: the newest value; NAN when there is none
 */
float chs_series_last (const ChsSeries *self);

/**
 * chs_window_move:
 * @self: a window of @series
 * @series: its series
 * @from_us: oldest time inside
 * @to_us: newest time inside
 *
 * Bounds never go back.
 */
void chs_window_move (ChsWindow *self, const ChsSeries *series, int64_t from_us, int64_t to_us);

/**
 * chs_window_quantile:
 * @self: a window
 * @share: 0..1; 0.5 = median
 *
 * Returns: the value at that share, between neighbours the mean of both; NAN when it is empty
 */
double chs_window_quantile (const ChsWindow *self, double share);

/**
 * chs_median:
 * @values: (inout): numbers, none NAN; put in another order
 * @n: how many
 *
 * Returns: the median, of an even number the mean of the middle two; NAN when there is none
 */
double chs_median (float *values, unsigned n);

/**
 * chs_window_unrest:
 * @self: a window of @series
 * @series: its series
 *
 * How much the values go up and down: the sum of all steps without what they have come down or up in the whole.
 * A steady fall, however fast, has none; noise and motion have.
 *
 * Returns: in the unit of the series; 0 when there are fewer than two values
 */
double chs_window_unrest (const ChsWindow *self, const ChsSeries *series);

/**
 * chs_series_median:
 * @self: a series
 * @from_us: oldest time inside
 * @to_us: newest time inside
 * @n: (out): how many values it rests on
 *
 * Looks at every value: for rare questions.
 *
 * Returns: the median; NAN when there is none
 */
double chs_series_median (const ChsSeries *self, int64_t from_us, int64_t to_us, unsigned *n);
