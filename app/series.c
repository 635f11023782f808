/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/series.h"

#include <math.h>
#include <string.h>

bool
chs_series_add (ChsSeries *self, int64_t t_us, float value)
{
  if (self->n > 0 && t_us - chs_series_last_us (self) < CHS_SERIES_SPACING_US)
    return false;
  self->t_us[self->n % CHS_SERIES_SIZE] = t_us;
  self->value[self->n % CHS_SERIES_SIZE] = value;
  self->n++;
  return true;
}

int64_t
chs_series_last_us (const ChsSeries *self)
{
  return self->n > 0 ? self->t_us[(self->n - 1) % CHS_SERIES_SIZE] : INT64_MIN;
}

float
chs_series_last (const ChsSeries *self)
{
  return self->n > 0 ? self->value[(self->n - 1) % CHS_SERIES_SIZE] : (float) NAN;
}

/* First place whose value is not below @value. */
static unsigned
place_of (const ChsWindow *self, float value)
{
  const float *at = self->sorted;
  unsigned n = self->n;

  /* Without a branch that noise would mispredict. */
  while (n > 1) {
    unsigned half = n / 2;

    at += half * (unsigned) (at[half - 1] < value);
    n -= half;
  }
  return (unsigned) (at - self->sorted) + (n == 1 && *at < value);
}

static void
insert (ChsWindow *self, float value)
{
  unsigned at = place_of (self, value);

  memmove (&self->sorted[at + 1], &self->sorted[at], (self->n - at) * sizeof self->sorted[0]);
  self->sorted[at] = value;
  self->n++;
}

static void
take_out (ChsWindow *self, float value)
{
  unsigned at = place_of (self, value);

  self->n--;
  memmove (&self->sorted[at], &self->sorted[at + 1], (self->n - at) * sizeof self->sorted[0]);
}

/* One comes and one goes: only what lies between their places moves. */
static void
replace (ChsWindow *self, float gone, float come)
{
  float *sorted = self->sorted;
  unsigned from, to;

  if (!(gone < come) && !(gone > come))
    return;
  from = place_of (self, gone);
  to = place_of (self, come);
  if (from < to)
    memmove (&sorted[from], &sorted[from + 1], (--to - from) * sizeof sorted[0]);
  else
    memmove (&sorted[to + 1], &sorted[to], (from - to) * sizeof sorted[0]);
  sorted[to] = come;
}

void
chs_window_move (ChsWindow *self, const ChsSeries *series, int64_t from_us, int64_t to_us)
{
  while (self->first < self->next && self->next < series->n && series->t_us[self->first % CHS_SERIES_SIZE] < from_us &&
         series->t_us[self->next % CHS_SERIES_SIZE] <= to_us)
    replace (self, series->value[self->first++ % CHS_SERIES_SIZE], series->value[self->next++ % CHS_SERIES_SIZE]);
  while (self->first < series->n && series->t_us[self->first % CHS_SERIES_SIZE] < from_us) {
    if (self->first < self->next)
      take_out (self, series->value[self->first % CHS_SERIES_SIZE]);
    else
      self->next++;
    self->first++;
  }
  while (self->next < series->n && series->t_us[self->next % CHS_SERIES_SIZE] <= to_us)
    insert (self, series->value[self->next++ % CHS_SERIES_SIZE]);
}

double
chs_window_quantile (const ChsWindow *self, double share)
{
  double place = share * (self->n - 1);
  unsigned below = (unsigned) place;

  if (self->n == 0)
    return (double) NAN;
  if (place - below < 1e-9)
    return (double) self->sorted[below];
  return ((double) self->sorted[below] + (double) self->sorted[below + 1]) / 2.0;
}

/* Those below @limit (or equal to it) come first; returns where the others begin. Each value is moved, whether it must be or
 * not: a branch that noise decides costs more. */
static unsigned
part (float *values, unsigned from, unsigned to, float limit, bool or_equal)
{
  for (unsigned i = from; i < to; i++) {
    float value = values[i];

    values[i] = values[from];
    values[from] = value;
    from += (unsigned) (value < limit) | (unsigned) (or_equal && value <= limit);
  }
  return from;
}

/* The k-th smallest; what is below it stands before it afterwards (selection after Hoare). */
static float
select_kth (float *values, unsigned n, unsigned k)
{
  unsigned low = 0, high = n;

  for (;;) {
    float pivot = values[(low + high) / 2];
    unsigned first = part (values, low, high, pivot, false), last;

    if (k < first) {
      high = first;
      continue;
    }
    last = part (values, first, high, pivot, true);
    if (k < last)
      return pivot;
    low = last;
  }
}

double
chs_median (float *values, unsigned n)
{
  float upper, lower;

  if (n == 0)
    return (double) NAN;
  upper = select_kth (values, n, n / 2);
  lower = upper;
  if (n % 2 == 0) {
    lower = values[0];
    for (unsigned i = 1; i < n / 2; i++)
      lower = values[i] > lower ? values[i] : lower;
  }
  return ((double) lower + (double) upper) / 2.0;
}

double
chs_window_unrest (const ChsWindow *self, const ChsSeries *series)
{
  double steps = 0;

  if (self->n < 2)
    return 0;
  for (uint32_t i = self->first + 1; i < self->next; i++)
    steps += fabs ((double) (series->value[i % CHS_SERIES_SIZE] - series->value[(i - 1) % CHS_SERIES_SIZE]));
  return steps - fabs ((double) (series->value[(self->next - 1) % CHS_SERIES_SIZE] - series->value[self->first % CHS_SERIES_SIZE]));
}

double
chs_series_median (const ChsSeries *self, int64_t from_us, int64_t to_us, unsigned *n)
{
  float values[CHS_SERIES_SIZE];
  unsigned kept = self->n < CHS_SERIES_SIZE ? self->n : CHS_SERIES_SIZE;

  *n = 0;
  for (uint32_t i = self->n - kept; i < self->n; i++) {
    int64_t t_us = self->t_us[i % CHS_SERIES_SIZE];

    if (t_us >= from_us && t_us <= to_us)
      values[(*n)++] = self->value[i % CHS_SERIES_SIZE];
  }
  return chs_median (values, *n);
}
