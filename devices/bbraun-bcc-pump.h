/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"
#include "devices/bbraun-bcc-codec.h"

/* What a BCC rack tells of one pump, and what that means. The rack can be configured
 * to send the states as INMx/INAx flags or as 32-bit words; both are merged into one
 * status. Names and bits: shared/protocols/bbraun-space.md, sections 4.3 to 5.
 * C library only. */

#define CHS_BCC_N_INM 15 /* INM1 .. INM14 */
#define CHS_BCC_N_INA 17 /* INA1 .. INA16 */

typedef struct {
  double   rate_ml_h, vtbi_ml, volume_ml, remaining_s, pressure_pct, battery_min; /* NAN = not told */
  int8_t   inm[CHS_BCC_N_INM]; /* 1, 0, -1 = not told */
  int8_t   ina[CHS_BCC_N_INA];
  uint32_t runstate, status1, alarm1, alarm2, prealarm;
  bool     has_runstate, has_status1; /* an absent alarm word is no alarm */
  bool     unreadable;                /* an alarm word was there that cannot be read */
  char     model[24];
  char     serial[20];
  char     drug[40];
  char     drug_short[40];
  char     last_alarm[16];
} ChsBccFields;

/**
 * chs_bcc_fields_init:
 * @fields: (out): nothing is known
 */
void chs_bcc_fields_init (ChsBccFields *fields);

/**
 * chs_bcc_fields_take:
 * @fields: (inout): of the pump that @quad is about
 * @quad: a quadruple
 *
 * Personal data (PATID, NURSEID ...) is passed over like everything else that a chair does not need.
 *
 * Returns: %false when its value makes no sense
 */
bool chs_bcc_fields_take (ChsBccFields *fields, const ChsBccQuad *quad);

/**
 * chs_bcc_fields_status:
 * @fields: of a pump, complete
 * @pillar: 1..3
 * @slot: 1..24
 * @status: (out): what it means
 */
void chs_bcc_fields_status (const ChsBccFields *fields, unsigned pillar, unsigned slot, ChsPumpStatus *status);

/**
 * chs_bcc_text:
 * @text: (out caller-allocates): where; UTF-8, cut to fit
 * @size: room
 * @bytes: a value
 * @n: bytes of it
 *
 * Characters of the pump's own display font (U+E000 .. U+F8FF) become U+FFFD; a CR at the end is dropped.
 */
void chs_bcc_text (char *text, size_t size, const char *bytes, size_t n);
