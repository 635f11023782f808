/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Transports: how bytes come and go. Chosen by the prefix of an address:
 *
 *   serial:/dev/ttyS0?9600/8n1         a real port, through libserialport
 *   usb:0403:6001:A5XK3RJT?9600/8n1   the same, found by the adapter's identity (devices/ports.h)
 *   tty:/path/to/pty?9600/8n1         plain termios: ptys of simulators, socat
 *   tcp:host:port                     a serial device server; its line is set at the server
 *   dialogue:/path/to/file            a recorded conversation (devices/dialogue.h)
 *
 * All are non-blocking. Loss is an error value, never silence: a read that finds
 * the port readable but empty, HUP, a vanished device node and a closed peer all
 * end in %CHS_LINK_ERROR_LOST (libserialport's own reads keep returning 0 after
 * an unplug: shared/design.md). */

#define CHS_LINK_ERROR (chs_link_error_quark ())
GQuark chs_link_error_quark (void);

typedef enum {
  CHS_LINK_ERROR_ADDRESS, /* address or line settings cannot be understood */
  CHS_LINK_ERROR_OPEN,    /* cannot be opened: missing, busy, not allowed */
  CHS_LINK_ERROR_LINE,    /* port refuses the line settings */
  CHS_LINK_ERROR_LOST,    /* was open, is gone */
  CHS_LINK_ERROR_TX,      /* a request was refused by the guard, or the port is read-only */
  CHS_LINK_ERROR_CONFIG,  /* unknown driver, unknown or bad option of a driver, a driver that is never driven */
} ChsLinkError;

typedef enum {
  CHS_PARITY_NONE,
  CHS_PARITY_EVEN,
  CHS_PARITY_ODD,
} ChsParity;

typedef struct {
  unsigned  baud;      /* bits a second */
  unsigned  data_bits; /* 7 or 8 */
  ChsParity parity;
  unsigned  stop_bits; /* 1 or 2 */
  int       rts;       /* 1 on, 0 off, -1 leave */
  int       dtr;       /* 1 on, 0 off, -1 leave */
} ChsLine;

/**
 * chs_line_parse:
 * @text: "9600/8n1", "19200/8e1/rts=1/dtr=0"
 * @line: (out): settings
 * @error: return location
 *
 * Returns: whether it could be understood
 */
gboolean chs_line_parse (const char *text, ChsLine *line, GError **error);

/**
 * chs_line_ns_per_byte:
 * @line: settings
 *
 * Returns: nanoseconds that one byte takes with its start, parity and stop bits
 */
gint64 chs_line_ns_per_byte (const ChsLine *line);

/* What the port's chip counted on its line since it was opened. */
typedef struct {
  guint64 parity;  /* bytes of wrong parity */
  guint64 framing; /* bytes without their stop bit: wrong speed, or noise */
  guint64 overrun; /* bytes lost because nobody took them in time */
  guint64 breaks;  /* line held low: the other end off, or a broken wire */
} ChsLineErrors;

typedef struct _ChsTransport ChsTransport;

typedef struct {
  const char *prefix;   /* "serial:" */
  gboolean    has_line; /* whether "?9600/8n1" means something to it */
  /* Opens the port; @where is the address without prefix and line. @read_only is enforced by the kernel where
   * the port has a mode. May return before a connection stands: see is_open. */
  ChsTransport *(*open) (const char *where, const ChsLine *line, gboolean read_only, GError **error);
  /* A number that changes when something new may be found at @where (a node appears, its mode is changed): then it is
   * worth trying again before the back-off is over. Cheap. NULL: cannot be known. */
  guint64 (*presence) (const char *where);
  /* FALSE while the connection is still being made; fd, read and write are not called then. NULL: open is open. */
  gboolean (*is_open) (ChsTransport *self);
  /* A pollable descriptor, -1 when the transport has none (dialogue: is driven by time). */
  int (*fd) (ChsTransport *self);
  /* Returns the number of bytes read, 0 when there are none now, -1 with CHS_LINK_ERROR_LOST. Never blocks. */
  gssize (*read) (ChsTransport *self, guint8 *bytes, gsize size, GError **error);
  /* Returns the number of bytes taken (may be fewer, also 0), -1 on error. Never blocks. Only devices/tx-guard.c calls it. */
  gssize (*write) (ChsTransport *self, const guint8 *bytes, gsize n, GError **error);
  /* Asked about every 100 ms. FALSE with CHS_LINK_ERROR_LOST when the port is gone although no read told so (vanished
   * node, dead modem lines), with CHS_LINK_ERROR_OPEN when the connection could not be made. */
  gboolean (*alive) (ChsTransport *self, gint64 now_us, GError **error);
  /* FALSE when the port does not count. NULL: has no line. */
  gboolean (*errors) (ChsTransport *self, ChsLineErrors *errors);
  void (*close) (ChsTransport *self);
} ChsTransportClass;

struct _ChsTransport {
  const ChsTransportClass *klass; /* each transport's own struct begins with this one */
};

/**
 * chs_transport_open:
 * @address: "prefix:where?line"; the line part may be missing
 * @default_line: the driver's line settings, used where the address names none
 * @read_only: open so that writes fail
 * @error: return location
 *
 * Thread:  the engine thread
 *
 * Returns: (transfer full) (nullable): an open transport, to be freed with chs_transport_close()
 */
ChsTransport *chs_transport_open (const char *address, const char *default_line, gboolean read_only, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_transport_prefixes:
 *
 * Returns: (transfer none) (array zero-terminated=1): "serial:", "usb:" ...
 */
const char *const *chs_transport_prefixes (void);

/**
 * chs_transport_check:
 * @address: "prefix:where?line"
 * @default_line: the driver's line settings
 * @error: return location; says what is wrong and which prefixes there are
 *
 * Reads the address without opening anything, for the check of a configuration.
 *
 * Returns: whether it could be understood
 */
gboolean chs_transport_check (const char *address, const char *default_line, GError **error);

/**
 * chs_transport_has_line:
 * @address: "prefix:where?line"
 *
 * Returns: whether line settings mean something there
 */
gboolean chs_transport_has_line (const char *address);

/**
 * chs_transport_presence:
 * @address: "prefix:where?line"
 *
 * Returns: a number that changes when it may be worth opening @address again; 0 when that cannot be known
 */
guint64 chs_transport_presence (const char *address);

/**
 * chs_transport_is_open:
 * @self: a transport
 *
 * Returns: FALSE while the connection is still being made
 */
gboolean chs_transport_is_open (ChsTransport *self);

/**
 * chs_transport_close:
 * @self: (transfer full): a transport
 *
 * Closes and frees.
 */
void chs_transport_close (ChsTransport *self);
