/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/**
 * chs_event_words:
 * @event: any event
 * @text: (out): room
 * @size: of it, bytes
 *
 * One event in one line for a technician: "HR 72 /min", "pump infusing 150 mL/h", "link up". Identifiers as recordings
 * carry them, not translated. Always ends with a NUL; cut when there is no room.
 */
void chs_event_words (const ChsEvent *event, char *text, gsize size);
