/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/text-line.h"

/* Datascope Accutorr 3, "PC interface": it prints a prompt, takes one character, prints
 * a line, prints the prompt again.
 *
 *   > P
 *   P:--,85,120, 80, 45,000,010,000, 5     SpO2, pulse, systolic, mean, diastolic, three status bytes, minutes
 *
 * There is no checksum. The printed example of the manual contradicts its own order of
 * mean and diastolic: shared/protocols/datascope-accutorr.md. C library only. */

#define CHS_ACCUTORR_PROMPT '>'
#define CHS_ACCUTORR_NEVER_MIN 99 /* the count stops there */

typedef struct {
  double spo2, pulse;    /* NAN = "--" */
  double sys, mean, dia; /* mmHg, put in order; NAN = "--", or they fit in no order */
  bool   is_swapped;     /* they fit only as systolic, diastolic, mean */
  double minutes;        /* since the reading; NAN = not told */
} ChsAccutorrReply;

typedef struct {
  ChsCounters counters;
  ChsTextLine line;
  bool        lost;
} ChsAccutorr;

typedef enum {
  CHS_ACCUTORR_MORE,
  CHS_ACCUTORR_READY, /* a prompt */
  CHS_ACCUTORR_DATA,  /* a reply to P */
  CHS_ACCUTORR_BAD,   /* a line that was meant to be one */
} ChsAccutorrFeed;

/**
 * chs_accutorr_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the reply, set only on %CHS_ACCUTORR_DATA
 *
 * Returns: what came of it
 */
ChsAccutorrFeed chs_accutorr_feed (ChsAccutorr *self, const uint8_t *bytes, size_t n, size_t *used, ChsAccutorrReply *out);
