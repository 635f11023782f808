/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The wire between a simulated instrument and a port: bytes leave at the speed of
 * the line, and what goes wrong on real lines goes wrong here, alike for every
 * instrument and reproducibly. No descriptor and no clock: see app/sim-port.h. */

#define CHS_SIM_LINE_SILENCES 8

typedef struct {
  double  drop, flip; /* probability that a byte is lost, that one of its bits is turned */
  gboolean tear;      /* bytes arrive in small pieces with pauses */
  gboolean parity;    /* the instrument sends an even parity bit where the listener awaits the stop bit */
  gboolean no_parity; /* the instrument sends its stop bit where the listener awaits a parity bit */
  gint64  delay_us;   /* added to every byte */
  struct {
    gint64 from_us, to_us;
  } silence[CHS_SIM_LINE_SILENCES]; /* nothing gets through in either direction */
  guint  n_silences;
  gint64 hangup_us, return_us; /* the port is gone in between; G_MAXINT64 = never */
} ChsSimFaults;

/**
 * chs_sim_faults_init:
 * @faults: (out): a good line
 */
void chs_sim_faults_init (ChsSimFaults *faults);

/**
 * chs_sim_faults_parse:
 * @text: "drop:0.001,flip:0.001,tear,parity,no-parity,delay:200,silence:30-45,hangup:60-65"; times in seconds, delay in milliseconds
 * @faults: (inout): the faults are added
 * @error: return location; %G_OPTION_ERROR
 *
 * Returns: whether it could be understood
 */
gboolean chs_sim_faults_parse (const char *text, ChsSimFaults *faults, GError **error);

typedef struct _ChsSimLine ChsSimLine;

/**
 * chs_sim_line_new:
 * @ns_per_byte: time that a byte takes on the wire
 * @faults: what goes wrong; copied
 * @seed: makes two runs alike
 *
 * Returns: (transfer full): an idle line
 */
ChsSimLine *chs_sim_line_new (gint64 ns_per_byte, const ChsSimFaults *faults, guint32 seed) G_GNUC_WARN_UNUSED_RESULT;
void        chs_sim_line_free (ChsSimLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSimLine, chs_sim_line_free)

/**
 * chs_sim_line_push:
 * @self: a line
 * @bytes: what the instrument sends
 * @n: how many; what does not fit any more is lost, as in a real buffer
 * @now_us: simulated time
 */
void chs_sim_line_push (ChsSimLine *self, const guint8 *bytes, gsize n, gint64 now_us);

/**
 * chs_sim_line_pop:
 * @self: a line
 * @bytes: (out caller-allocates): what has arrived at the host's end by now
 * @size: room
 * @now_us: simulated time
 *
 * Returns: how many bytes
 */
gsize chs_sim_line_pop (ChsSimLine *self, guint8 *bytes, gsize size, gint64 now_us);

/**
 * chs_sim_line_spoil:
 * @self: a line
 * @bytes: (inout): bytes from the host
 * @n: how many
 * @now_us: simulated time
 *
 * Returns: how many of them reach the instrument, at the beginning of @bytes
 */
gsize chs_sim_line_spoil (ChsSimLine *self, guint8 *bytes, gsize n, gint64 now_us);

/**
 * chs_sim_line_is_hung_up:
 * @self: a line
 * @now_us: simulated time
 *
 * Returns: whether the port is gone now
 */
gboolean chs_sim_line_is_hung_up (const ChsSimLine *self, gint64 now_us);
