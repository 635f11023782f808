/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

#include <gio/gio.h>

/* The bytes of one link around a moment of a recording, and what they were decoded to: which bytes are a frame, what
 * the driver calls it, which events it gave. Bytes to frame and frame to bytes.
 *
 * The link's own driver is run over the bytes one at a time, from %CHS_RAW_BEFORE_US before the moment, so that each
 * event is known to come from the byte that completed it. A frame begins where the driver says so, else behind the
 * frame before; bytes in between belong to no frame and are a row of their own, not decoded.
 *
 * Thread: the caller's; loading may run in any. */

#define CHS_RAW_BEFORE_US (30 * G_USEC_PER_SEC)
#define CHS_RAW_AFTER_US (5 * G_USEC_PER_SEC)
#define CHS_RAW_BYTES (256 * 1024) /* held at most; the oldest are left out */

typedef struct {
  gint64   t_us;     /* session time at which its last byte was there */
  guint    at, n;    /* its bytes, from the first one held */
  guint    first_event, n_events;
  gboolean is_good;  /* decoded; FALSE: refused, or belonging to no frame */
  char     words[64]; /* as the driver calls it; "" = it does not say */
} ChsRawFrame;

typedef struct {
  char     words[96]; /* chs_event_words() */
  gboolean is_wave;
} ChsRawEvent;

typedef struct _ChsRawView ChsRawView;

/**
 * chs_raw_view_load:
 * @path: a recording
 * @source: number of the link
 * @around_us: session time
 * @error: return location: it cannot be read, or its driver is not known
 *
 * Returns: (transfer full) (nullable): the bytes around; none is not an error
 */
ChsRawView *chs_raw_view_load (const char *path, guint8 source, gint64 around_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        chs_raw_view_free (ChsRawView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsRawView, chs_raw_view_free)

const guint8      *chs_raw_view_get_bytes (const ChsRawView *self, guint *n);  /* (transfer none) (array length=n): as received */
const ChsRawFrame *chs_raw_view_get_frames (const ChsRawView *self, guint *n); /* (transfer none) (array length=n): in order; every byte is in one of them or behind the last */
const ChsRawEvent *chs_raw_view_get_events (const ChsRawView *self, guint *n); /* (transfer none) (array length=n): in order */

/**
 * chs_raw_view_get_offset:
 * @self: a view
 *
 * Returns: how many bytes of this link the recording holds before the first one held here: what to skip in a file
 *   of the link's bytes
 */
guint64 chs_raw_view_get_offset (const ChsRawView *self);

/**
 * chs_raw_view_frame_at:
 * @self: a view
 * @t_us: session time
 *
 * Returns: the last frame that was complete by then; 0 when there is none
 */
guint chs_raw_view_frame_at (const ChsRawView *self, gint64 t_us);

/**
 * chs_raw_view_frame_of:
 * @self: a view
 * @at: a byte, from the first one held
 * @frame: (out): the frame that it belongs to
 *
 * Returns: whether it belongs to one
 */
gboolean chs_raw_view_frame_of (const ChsRawView *self, guint at, guint *frame);
