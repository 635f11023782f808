/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"

/* An engine that stands still: it shows what a test has put into @fake_engine, and gives each ALARM event that it is
 * fed out again as its own. Linked in the place of app/engine.c and app/profile.c, so that a picture depends on
 * drawing alone and not on the rules of the day. */

typedef struct {
  ChsSession      session;
  ChsBaseline     baseline;
  ChsScores       scores;
  ChsLimits       limits[CHS_N_PARAMS];
  ChsActiveAlarm  alarms[12];
  guint           n_alarms;
  ChsDose         doses[8];
  guint           n_doses;
  ChsAnnunciation annunciation;
  uint64_t        last_phase_seq; /* event that changed the phase last; 0 = none */
  uint8_t         alarm_off; /* ChsParam whose alarms are switched off, or NONE */
} FakeEngine;

extern FakeEngine fake_engine;

/* Nothing known, no alarm, sound on. */
void fake_engine_reset (void);

/* Makes a profile out of nothing; freed with chs_profile_free(). */
ChsProfile *fake_profile_new (void);

/* Gives a label words of its own: those of a shipped profile. */
void fake_engine_take_text (ChsLabel label, const char *title, const char *action);

/* Ids of app/evidence.h, by index; NULL = there are no more. */
const char *fake_evidence_id (guint i);
