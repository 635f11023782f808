/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* Decoding again: the raw bytes of an old session through the decoders of today, and what comes out against what was
 * recorded then.
 *
 * A driver is given the bytes at the times at which they came, its clock in between, and the options of the chair's
 * configuration as the journal holds it. Requests are not sent to anybody; the answers are in the recording.
 * Values, waves, pump statuses and conditions of an instrument are compared; links, alarms and the nurse are not the
 * decoders'. An event counts as the same when its content is and its time differs by less than CHS_DECODE_AGAIN_US: the
 * driver's clock ran between the bytes.
 *
 * Memory does not grow with the length of the session. */

#define CHS_DECODE_AGAIN_US (2 * G_USEC_PER_SEC)

typedef enum {
  CHS_DECODE_CHANGED, /* in the place of the recorded event there is another one */
  CHS_DECODE_LOST,    /* recorded then, not decoded today */
  CHS_DECODE_GAINED,  /* decoded today, not recorded then */
} ChsDecodeDifference;

/* One difference. @then or @now is NULL when there is none. Valid during the call. */
typedef void (*ChsDecodeFunc) (ChsDecodeDifference difference, const ChsEvent *then, const ChsEvent *now, gpointer user_data);

/* What came of one instrument. */
typedef struct {
  ChsStoreSource source;  /* with the version that decoded it then */
  char    version[24];    /* of today; "" = there is no driver of this name any more, or its option does not fit */
  char    trouble[160];   /* why it was not decoded, in English; "" when it was */
  guint64 bytes;          /* received and recorded */
  guint64 events, decoded; /* then, now */
  guint64 same, changed, lost, gained;
} ChsDecodeSource;

/**
 * chs_decode_again:
 * @reader: a recording
 * @func: (nullable): told of each difference, in the order of time
 * @user_data: for @func
 * @sources: (out) (transfer full): array of #ChsDecodeSource, those with raw bytes
 * @error: return location; %CHS_STORE_ERROR_DAMAGED after what is whole was decoded
 *
 * Returns: whether the whole recording was read
 */
gboolean chs_decode_again (ChsStoreReader *reader, ChsDecodeFunc func, gpointer user_data, GArray **sources, GError **error);

/**
 * chs_decode_difference_id:
 * @difference: a difference
 *
 * Returns: "changed", "lost" or "gained"
 */
const char *chs_decode_difference_id (ChsDecodeDifference difference);
