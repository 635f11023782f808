/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/replayer.h"
#include "ui/view.h"

/* The keys of a replay, in the place of the live keys: start, previous and next
 * alarm, steps, play, speed; over them the whole recording as a line. */

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
