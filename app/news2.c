/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/news2.h"

#include "app/profile-private.h"

#include <math.h>

/* Points up to and including a bound, rising; the last band has none. */
typedef struct {
  ChsKey upto;
  int8_t points;
} Band;

#define UPTO(key, points) { CHS_KEY_NEWS2_##key, points }
#define ABOVE(points) { CHS_KEY_NONE, points }

static const Band rr[] = { UPTO (RR_3, 3), UPTO (RR_1, 1), UPTO (RR_0, 0), UPTO (RR_2, 2), ABOVE (3) };
static const Band scale_1[] = { UPTO (SPO2_3, 3), UPTO (SPO2_2, 2), UPTO (SPO2_1, 1), ABOVE (0) };
static const Band scale_2_air[] = { UPTO (COPD_3, 3), UPTO (COPD_2, 2), UPTO (COPD_1, 1), ABOVE (0) };
static const Band scale_2_oxygen[] = { UPTO (COPD_3, 3), UPTO (COPD_2, 2), UPTO (COPD_1, 1), UPTO (COPD_0, 0),
                                       UPTO (COPD_OXYGEN_1, 1), UPTO (COPD_OXYGEN_2, 2), ABOVE (3) };
static const Band sbp[] = { UPTO (SBP_3, 3), UPTO (SBP_2, 2), UPTO (SBP_1, 1), UPTO (SBP_0, 0), ABOVE (3) };
static const Band pulse[] = { UPTO (PULSE_3, 3), UPTO (PULSE_1, 1), UPTO (PULSE_0, 0), UPTO (PULSE_1_HIGH, 1), UPTO (PULSE_2, 2), ABOVE (3) };
static const Band temp[] = { UPTO (TEMP_3, 3), UPTO (TEMP_1, 1), UPTO (TEMP_0, 0), UPTO (TEMP_1_HIGH, 1), ABOVE (2) };

static const char *const part_ids[CHS_N_NEWS2] = { "RR", "SPO2", "OXYGEN", "SBP", "PULSE", "CONSCIOUS", "TEMP" };

const char *
chs_news2_part_id (ChsNews2Part part)
{
  return (unsigned) part < CHS_N_NEWS2 ? part_ids[part] : "";
}

/* @step: what the number is shown in; a bound belongs to the band that it ends. */
static int8_t
points_of (const ChsProfile *profile, const Band *band, double value, double step)
{
  if (isnan (value))
    return -1;
  while (band->upto != CHS_KEY_NONE && round (value / step) > round (profile->value[band->upto] / step))
    band++;
  return band->points;
}

static int8_t
saturation (const ChsProfile *profile, const ChsNews2Input *in)
{
  if (!in->scale_2)
    return points_of (profile, scale_1, in->spo2, 1);
  if (in->oxygen < 0 && round (in->spo2) > profile->value[CHS_KEY_NEWS2_COPD_0])
    return -1;
  return points_of (profile, in->oxygen > 0 ? scale_2_oxygen : scale_2_air, in->spo2, 1);
}

/* What is either so or not: -1 unknown. */
static int8_t
either (const ChsProfile *profile, int is_so, ChsKey points)
{
  return is_so < 0 ? -1 : is_so > 0 ? (int8_t) profile->value[points] : 0;
}

void
chs_news2_score (const ChsProfile *profile, const ChsNews2Input *in, ChsNews2 *score)
{
  int not_alert = in->alert < 0 ? -1 : in->alert == 0;

  *score = (ChsNews2) {
    .points = {
      [CHS_NEWS2_RR] = points_of (profile, rr, in->rr, 1),
      [CHS_NEWS2_SPO2] = saturation (profile, in),
      [CHS_NEWS2_OXYGEN] = either (profile, in->oxygen, CHS_KEY_NEWS2_OXYGEN),
      [CHS_NEWS2_SBP] = points_of (profile, sbp, in->sbp, 1),
      [CHS_NEWS2_PULSE] = points_of (profile, pulse, in->pulse, 1),
      [CHS_NEWS2_CONSCIOUS] = either (profile, not_alert, CHS_KEY_NEWS2_CONSCIOUS),
      [CHS_NEWS2_TEMP] = points_of (profile, temp, in->temp_c, 0.1),
    },
  };
  for (unsigned i = 0; i < CHS_N_NEWS2; i++) {
    if (score->points[i] < 0)
      continue;
    score->known++;
    score->total += (uint8_t) score->points[i];
    score->has_three |= score->points[i] == 3;
  }
}
