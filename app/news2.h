/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/profile.h"

/* NEWS2, the National Early Warning Score 2. Source: Royal College of Physicians, National Early Warning Score (NEWS) 2,
 * London 2017, who hold the copyright of the chart; table in data/share/alarms, group [news2].
 *
 * A trend, no substitute for a look at the patient. A part that nobody measured is not normal: it is missing, and the
 * score is told as partial, "at least so many points, 5 of 7 parts". */

typedef enum {
  CHS_NEWS2_RR = 0,
  CHS_NEWS2_SPO2,
  CHS_NEWS2_OXYGEN,
  CHS_NEWS2_SBP,
  CHS_NEWS2_PULSE,
  CHS_NEWS2_CONSCIOUS,
  CHS_NEWS2_TEMP,
  CHS_N_NEWS2
} ChsNews2Part;

/* NAN and -1: not known. */
typedef struct {
  double rr;      /* /min */
  double spo2;    /* % */
  double sbp;     /* mmHg */
  double pulse;   /* /min */
  double temp_c;  /* degree Celsius */
  int    oxygen;  /* 1: breathes oxygen, 0: air */
  int    alert;   /* 1: alert, 0: new confusion, voice, pain or unresponsive */
  bool   scale_2; /* target saturation 88-92 %: hypercapnic failure, here COPD */
} ChsNews2Input;

typedef struct {
  int8_t  points[CHS_N_NEWS2]; /* 0..3; -1 = part not known */
  uint8_t total;               /* 0..20; of the known parts: with parts missing "at least" */
  uint8_t known;               /* 0..7 parts; 7 = whole, fewer = partial */
  bool    has_three;           /* one part alone gives 3 */
} ChsNews2;

/**
 * chs_news2_score:
 * @profile: the table
 * @input: what was measured; compared as shown to people: whole numbers, temperature to a tenth
 * @score: (out): points
 *
 * Saturation scale 2 needs to know whether the patient breathes oxygen where it is above the target; unknown there is
 * a missing part.
 *
 * Thread: any; no allocation
 */
void chs_news2_score (const ChsProfile *profile, const ChsNews2Input *input, ChsNews2 *score);

const char *chs_news2_part_id (ChsNews2Part part); /* "RR", "SPO2", "OXYGEN", "SBP", "PULSE", "CONSCIOUS", "TEMP" */
