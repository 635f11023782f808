/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/clock.h"
#include "data/event.h"
#include "devices/driver.h"
#include "devices/transport.h"

/* A link: one transport with one driver. It opens the port, reads, feeds the
 * driver, lets the driver's permitted requests out, sees loss within 2 s, and
 * tries again with back-off. Its events leave through one callback with source,
 * t_us and wall_us filled; raw bytes leave the same way as RAW events before the
 * events decoded from them.
 *
 * All work happens in the context given to chs_link_new(), which is the engine's. */

#define CHS_TYPE_LINK (chs_link_get_type ())
G_DECLARE_FINAL_TYPE (ChsLink, chs_link, CHS, LINK, GObject)

typedef void (*ChsLinkEventFunc) (ChsLink *link, const ChsEvent *event, gpointer user_data);

typedef struct {
  const char *name;    /* "monitor", "pump1"; unique in the chair's configuration */
  const char *address; /* see devices/transport.h */
  const char *driver;  /* driver id, or "described:FILE" (devices/described.h) */
  const char *const *options; /* (nullable) (array zero-terminated=1): "key=value" for the driver */
} ChsLinkConfig;

/**
 * chs_link_new:
 * @config: what to open; copied
 * @source: number of this link in events, 1..250
 * @clock: (transfer none): must outlive the link
 * @context: (nullable): context all work happens in
 * @func: called for each event
 * @user_data: for @func
 * @error: return location; unknown driver, bad option, driver that is never driven
 *
 * Returns: (transfer full): a link, closed
 */
ChsLink *chs_link_new (const ChsLinkConfig *config,
                       guint8               source,
                       ChsClock            *clock,
                       GMainContext        *context,
                       ChsLinkEventFunc     func,
                       gpointer             user_data,
                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_link_new_for_driver:
 * @config: what to open; its driver is not looked at
 * @driver: must outlive the link
 *
 * The same with a driver that is not in the table: one described by a file, or a test's.
 *
 * Returns: (transfer full): a link, closed
 */
ChsLink *chs_link_new_for_driver (const ChsLinkConfig *config,
                                  const ChsDriver     *driver,
                                  guint8               source,
                                  ChsClock            *clock,
                                  GMainContext        *context,
                                  ChsLinkEventFunc     func,
                                  gpointer             user_data,
                                  GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_link_start:
 * @self: a link
 *
 * Opens as soon as the context runs, and keeps trying until chs_link_stop(): after 250 ms, doubling to 5 s, and at once when
 * something new appears at the address. Failures are LINK events, not errors: an instrument that is not there yet is no
 * reason to refuse to start.
 *
 * A port that was open and is gone stays LOST until it can be opened again; FAILED is one that could not be opened since
 * the start. Back-off begins anew with the first valid frame.
 */
void chs_link_start (ChsLink *self);

/**
 * chs_link_stop:
 * @self: a link
 *
 * Lets the driver say goodbye, closes the port, emits CLOSED. May be called from the event callback.
 *
 * Thread:  the engine thread
 */
void chs_link_stop (ChsLink *self);

const char      *chs_link_get_name (ChsLink *self);    /* as configured */
const char      *chs_link_get_address (ChsLink *self); /* as configured */
const ChsDriver *chs_link_get_driver (ChsLink *self); /* never NULL */
ChsLinkState     chs_link_get_state (ChsLink *self);
guint8           chs_link_get_source (ChsLink *self);

/* What a technician sees of a link. Times in microseconds; CHS_TIME_NONE = unknown. */
typedef struct {
  ChsLinkState state;
  char         reason[96];    /* why it is not up, "" = it is */
  char         last_error[160]; /* of the last failed try to open, "" = none */
  ChsCounters  counters;
  gboolean     has_line_errors; /* the port counts them */
  ChsLineErrors line_errors;   /* since it was last opened */
  guint64      bytes_rx, bytes_tx;
  gint64       last_byte_us;  /* session time */
  gint64       last_frame_us; /* session time of the last valid frame */
  guint        tries;         /* to open, since the start */
  guint        opened;        /* times that the port was opened */
  guint        reconnects;    /* times that valid frames came back after a loss */
  guint64      tx_refused;    /* requests that were not in the driver's table: a defect of ours */
  guint64      events_refused; /* events of the driver that made no sense: a defect of ours */
  guint64      floods;        /* times that reading was held back because too much came */
  gint64       rtt_us;        /* last poll's round trip: request out to valid frame in */
  gint64       rtt_jitter_us; /* smoothed difference of consecutive round trips (as RFC 3550 A.8 does it) */
  gint64       poll_us;       /* between the last two requests */
  gint64       poll_jitter_us; /* smoothed difference of consecutive spacings of requests */
  guint8       last_bytes[64]; /* the newest bytes, oldest first */
  gsize        n_last_bytes;
  char         last_frame[160]; /* the last frame in words, "" = none */
} ChsLinkView;

/**
 * chs_link_get_view:
 * @self: a link
 * @view: (out): filled
 *
 * Thread:  the engine thread
 */
void chs_link_get_view (ChsLink *self, ChsLinkView *view);
