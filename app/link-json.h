/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/link.h"

/**
 * chs_link_to_json:
 * @link: a link
 * @out: one line is appended, with its newline: all that a technician may want to know of it
 *
 * Times are milliseconds, of the session where they are points; unknown is null. "causes" are likely ones, the first first, in
 * English; "last_bytes" are hexadecimal.
 *
 * Thread:  the engine thread
 */
void chs_link_to_json (ChsLink *link, GString *out);
