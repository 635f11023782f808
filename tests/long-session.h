/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A recording of 45 minutes as a chair makes one: magnesium that is turned up too far, a fall of pressure, symptoms, what the
 * nurse did, a monitor that was silent for a minute. The values are what real drivers decoded from what simulated instruments
 * said, and the bytes are kept beside them. The same every time. */

#define LONG_SESSION_START_WALL_US 1767621600000000LL /* 2026-01-05T14:00:00Z */
#define LONG_SESSION_S (45 * 60)
#define LONG_SESSION_UP_S (15 * 60)   /* the pump is turned up */
#define LONG_SESSION_DOWN_S (28 * 60) /* and down again */

/**
 * long_session_write:
 * @path: recording to create, and its file of markers beside it
 */
void long_session_write (const char *path);
