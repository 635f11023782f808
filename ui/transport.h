/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/replayer.h"
#include "ui/view.h"

/* The keys of a replay, in the place of the live keys: start, previous and next
 * alarm, event by event, play, speed; over them the whole recording as a line. "Tools"
 * opens a second row: A-B loop, markers, what if, bytes, export, list of recordings;
 * these open pages of the window by name ("markers", "what-if", "bytes", "export", "sessions"). */

#define CHS_TYPE_TRANSPORT (chs_transport_get_type ())
G_DECLARE_FINAL_TYPE (ChsTransport, chs_transport, CHS, TRANSPORT, ChsView)

/**
 * chs_transport_new:
 * @replayer: what it moves
 * @scene: the replayer's scene
 *
 * Returns: (transfer floating): a transport
 */
GtkWidget *chs_transport_new (ChsReplayer *replayer, ChsScene *scene) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  CHS_TRANSPORT_ALL,   /* with the tools, where they are open */
  CHS_TRANSPORT_KEYS,  /* without the tools */
  CHS_TRANSPORT_LINE,  /* only the line of the recording */
} ChsTransportRows;

/* How much room a page leaves it. */
void chs_transport_set_rows (ChsTransport *self, ChsTransportRows rows);
