/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The technician's PIN: 4 to 12 digits, kept as a yescrypt hash (crypt(5), libcrypt) in
 * the chair's configuration. It is compared by the monitor and never by the screen; it
 * is in no log, no recording and on no command line.
 *
 * Digits are few, so guessing is made slow: a try is noted on the disk before it is
 * looked at, and behind every few wrong ones comes a wait that grows to a quarter of an
 * hour. A restart does not shorten it: it begins the wait anew. */

#define CHS_PIN_MIN 4
#define CHS_PIN_MAX 12

#define CHS_PIN_ERROR (chs_pin_error_quark ())
GQuark chs_pin_error_quark (void);

typedef enum {
  CHS_PIN_ERROR_NONE_SET, /* the configuration has no PIN */
  CHS_PIN_ERROR_WAIT,     /* too early after wrong ones; the message says how long */
  CHS_PIN_ERROR_WRONG,
  CHS_PIN_ERROR_WEAK,     /* not a PIN that can be set */
  CHS_PIN_ERROR_STATE,    /* the try cannot be noted, so it is not looked at */
} ChsPinError;

/**
 * chs_pin_hash:
 * @pin: digits
 * @error: return location, %CHS_PIN_ERROR_WEAK
 *
 * All the same digit, or one after the other, is refused.
 *
 * Thread:  any; takes some 0.1 s
 * Returns: (transfer full) (nullable): its hash, another one each time
 */
char *chs_pin_hash (const char *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_pin_matches:
 * @pin: what was entered
 * @hash: of the right one
 *
 * Thread:  any; takes some 0.1 s
 * Returns: whether they belong together
 */
gboolean chs_pin_matches (const char *pin, const char *hash);

/* Counts wrong tries, in a file of the state folder. */
typedef struct {
  char  *path;
  guint  n_wrong;
  gint64 free_us; /* monotonic time from which another try is looked at */
} ChsPinGate;

/**
 * chs_pin_gate_init:
 * @self: (out): a gate
 * @state_folder: where its file is; one that cannot be understood counts as many wrong tries
 * @now_us: monotonic
 */
void chs_pin_gate_init (ChsPinGate *self, const char *state_folder, gint64 now_us);
void chs_pin_gate_clear (ChsPinGate *self);

guint chs_pin_gate_wait_s (const ChsPinGate *self, gint64 now_us); /* seconds until a try is looked at; 0 = now */

/**
 * chs_pin_gate_begin:
 * @self: a gate
 * @now_us: monotonic
 * @error: return location: WAIT, STATE
 *
 * Notes a try as a wrong one.
 *
 * Returns: whether it may be looked at
 */
gboolean chs_pin_gate_begin (ChsPinGate *self, gint64 now_us, GError **error);

/**
 * chs_pin_gate_end:
 * @self: a gate
 * @is_right: what was found
 * @now_us: monotonic
 *
 * A right one forgets the wrong ones; behind a wrong one the wait begins.
 */
void chs_pin_gate_end (ChsPinGate *self, gboolean is_right, gint64 now_us);

/**
 * chs_pin_wait_s:
 * @n_wrong: wrong tries in a row
 *
 * Own choice: two slips are free; then 30 s, doubled each time, up to 15 min. A thousand tries take over ten days.
 *
 * Returns: seconds to wait
 */
guint chs_pin_wait_s (guint n_wrong);
