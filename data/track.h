/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* Tracks: what a recording holds, in figures. One track is all values of one
 * parameter from one channel of one source; a pump's status counts as one track a
 * field. The figures are over the values as stored, absent ones left out. */

typedef enum {
  CHS_TRACK_NUMERIC,
  CHS_TRACK_WAVE,
  CHS_TRACK_TEXT, /* texts of an instrument (CHS_DEVICE_TEXT) */
  CHS_N_TRACK_KINDS
} ChsTrackKind;

typedef struct {
  guint8 source, channel;
  guint8 param; /* ChsParam; NONE for texts */
  guint8 kind;  /* ChsTrackKind */
  char   name[96]; /* as its origin called it, else "monitor/HR", "pump1/PUMP_RATE 2" with the channel when not 0 */
  char   unit[16]; /* as its origin told it, else UCUM; "" = none */
  double rate_hz;  /* of a wave; NAN = none or changing */
  guint64 count;   /* values; samples in waves */
  guint64 absent;  /* values that were not there: not in the other figures */
  double min, mean, max;    /* in @unit; NAN without values */
  gint64 first_us, last_us; /* session time of the first and last value; CHS_TIME_NONE without */
} ChsTrack;

typedef struct _ChsTrackTable ChsTrackTable;

ChsTrackTable *chs_track_table_new (void) G_GNUC_WARN_UNUSED_RESULT; /* (transfer full): an empty table */
void           chs_track_table_free (ChsTrackTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsTrackTable, chs_track_table_free)

/**
 * chs_track_table_add:
 * @self: a table
 * @event: any event; those without values are left alone
 */
void chs_track_table_add (ChsTrackTable *self, const ChsEvent *event);

/**
 * chs_track_table_name:
 * @self: a table
 * @reader: where names of sources and tracks are
 *
 * Fills in names and units.
 */
void chs_track_table_name (ChsTrackTable *self, ChsStoreReader *reader);

/**
 * chs_track_table_get:
 * @self: a table
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): tracks in the order in which they appeared
 */
const ChsTrack *chs_track_table_get (ChsTrackTable *self, guint *n);

/**
 * chs_track_kind_id:
 * @kind: a kind
 *
 * Returns: "numeric", "wave" or "text"
 */
const char *chs_track_kind_id (ChsTrackKind kind);
