/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* What becomes of each text of a recording that is de-identified. The texts of events are asked of the codec
 * (chs_event_text()); one that has no row in the table here goes. So a new field is removed until somebody has thought
 * about it. What stays is what the program says itself: ids, numbers, words that are shipped.
 *
 *   free text    goes, or stays by choice (keep_notes): the nurse's words, what somebody typed into a pump, texts of
 *                instruments, names of links and imported tracks that are not the usual ones
 *   names        get others: patient, session, chair, operators, instruments
 *   ids, numbers stay when they have the shape of one */

typedef struct _ChsTextMask ChsTextMask;

/**
 * chs_text_mask_new:
 * @keep_notes: free texts stay
 * @patient: the new name of the patient
 * @session: that of the session
 *
 * Returns: (transfer full): a mask for one recording
 */
ChsTextMask *chs_text_mask_new (gboolean keep_notes, const char *patient, const char *session) G_GNUC_WARN_UNUSED_RESULT;
void         chs_text_mask_free (ChsTextMask *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsTextMask, chs_text_mask_free)

/**
 * chs_text_mask_event:
 * @self: a mask
 * @event: (inout): its texts become others; what it borrows then is valid until the next call
 *
 * Returns: whether anything of it is left
 */
gboolean chs_text_mask_event (ChsTextMask *self, ChsEvent *event);

void chs_text_mask_source (ChsTextMask *self, ChsStoreSource *source); /* the same for a row of the instruments */
void chs_text_mask_track (ChsTextMask *self, ChsStoreTrack *track);    /* and of imported tracks */

/* How many went. */
typedef struct {
  guint64 texts, configs, keys;
  guint   operators; /* that have other names */
} ChsTextMaskCount;

ChsTextMaskCount chs_text_mask_get_count (const ChsTextMask *self); /* so far, over all calls */
