/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/* The other end of app/link-json.h: what the monitor tells of its links, for a page that shows them. */

#define CHS_LINK_CAUSES_MAX 8

typedef struct {
  char        *name;       /* of the configuration */
  char        *label;      /* of the instrument, in English, to be translated */
  char        *driver;     /* id */
  char        *address;
  char        *line;       /* "9600/8n1" */
  ChsLinkState state;
  char        *reason;     /* why it is not up, in English; "" = it is */
  char        *last_error; /* of the last failed try to open, in English; "" = none */
  gboolean     is_bench;   /* an instrument of the laboratory, not for patients */
  guint        n_causes;
  char        *causes[CHS_LINK_CAUSES_MAX]; /* likely ones, the first first, in English, to be translated */
  guint64      frames_ok, frames_bad, resyncs, bytes_skipped, unknown;
  double       parity_errors, framing_errors, overruns; /* NAN = the port does not count them */
  guint64      bytes_rx, bytes_tx, opened, reconnects;
  double       last_byte_ms, last_frame_ms;             /* session time; NAN = none yet */
  double       rtt_ms, rtt_jitter_ms, poll_ms, poll_jitter_ms; /* NAN = nothing was asked */
  char        *last_frame; /* in words, "" = none */
  char        *last_bytes; /* "48 37 32" */
} ChsLinkRow;

/**
 * chs_link_list_parse:
 * @json: lines of chs_link_to_json()
 *
 * Hostile text is no harm: what is no object, or lacks a name, is passed over; what is missing in one is absent.
 *
 * Returns: (transfer full) (element-type ChsLinkRow): in the order of the configuration
 */
GPtrArray *chs_link_list_parse (const char *json) G_GNUC_WARN_UNUSED_RESULT;
