/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"
#include "data/track.h"

/* A recording at a glance: for `chairside-tool info`, the list of sessions, and the
 * tests that compare imports with known figures. */

/* A time in which something was not seen or not recorded. */
typedef struct {
  guint8 source;  /* whose link; 0 = the recording itself */
  gint64 from_us;
  gint64 to_us;   /* end of the recording when it never came back */
  char   reason[96];
} ChsGap;

typedef struct {
  char   patient_id[24]; /* "" = not told */
  char   therapy[64];    /* therapy.id, else therapy.name; "" = none chosen */
  gint64 duration_us;    /* from session time 0 to the last event */
  guint64 n_events;
  guint64 n_alarms;      /* conditions raised */
  guint64 n_nurse;       /* actions of the nurse */
  GArray *gaps;          /* of ChsGap, by beginning */
  ChsTrackTable *tracks;
} ChsSummary;

void chs_summary_clear (ChsSummary *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChsSummary, chs_summary_clear)

/**
 * chs_summary_read:
 * @self: (out): the summary; filled in as far as the recording can be read, even on %FALSE
 * @reader: a recording
 * @error: return location; %CHS_STORE_ERROR_DAMAGED when a part could not be read
 *
 * Reads every event once.
 *
 * Returns: whether all could be read
 */
gboolean chs_summary_read (ChsSummary *self, ChsStoreReader *reader, GError **error);
