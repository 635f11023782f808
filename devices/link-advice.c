/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/link-advice.h"

#include <glib/gi18n.h>

/* What can be seen of a link. */
enum {
  IS_LOST = 1 << 0,
  IS_FAILED = 1 << 1,
  IS_SILENT = 1 << 2,
  IS_UP = 1 << 3,
  IS_PORT = 1 << 4,       /* not a network */
  IS_NETWORK = 1 << 5,
  IS_ASKED = 1 << 6,      /* the instrument speaks when it is asked */
  COMES_AND_GOES = 1 << 7,
  WAS_HEARD = 1 << 8,     /* at least one good frame since the start */
  NEVER_HEARD = 1 << 9,   /* not a byte since the start */
  IS_NOISE = 1 << 10,     /* bytes since the last good frame */
  HAS_LINE_ERRORS = 1 << 11,
  LOSES_BYTES = 1 << 12,  /* overruns */
  IS_DAMAGED = 1 << 13,   /* too many bad frames among the good ones */
};

#define FLAPS_FROM 3       /* reconnects; own choice */
#define BAD_FRAMES_FROM 10 /* and more than one in BAD_SHARE; own choice */
#define BAD_SHARE 50

/* All of @when must be seen. In the order in which they are told. */
static const struct {
  guint       when;
  const char *cause;
} rows[] = {
  { IS_LOST | IS_PORT | COMES_AND_GOES, N_ ("The port comes and goes: a hub without a power supply of its own, or a worn plug.") },
  { IS_LOST | IS_PORT, N_ ("The adapter was pulled out, or its plug is loose.") },
  { IS_LOST | IS_PORT, N_ ("A USB hub lost its power.") },
  { IS_LOST | IS_PORT, N_ ("A worn USB socket: try another one.") },
  { IS_LOST | IS_NETWORK, N_ ("The network cable, or the power of the device server.") },
  { IS_LOST | IS_NETWORK, N_ ("Another program took the device server's only connection.") },
  { IS_FAILED | IS_PORT, N_ ("The adapter is not plugged in, or the configuration names another one: see chairside-tool ports.") },
  { IS_FAILED | IS_PORT, N_ ("This user may not open the port (group dialout), or another program holds it.") },
  { IS_FAILED | IS_NETWORK, N_ ("The device server is off, or its address or port number is another.") },
  { IS_SILENT | IS_NOISE | HAS_LINE_ERRORS, N_ ("Wrong speed or parity: the port counts errors of the line.") },
  { IS_SILENT | IS_NOISE, N_ ("Another instrument than the configured one: see chairside-tool discover.") },
  { IS_SILENT | IS_NOISE, N_ ("Line settings that do not fit those in the instrument's menu.") },
  { IS_SILENT | IS_NOISE, N_ ("A damaged cable.") },
  { IS_SILENT | WAS_HEARD, N_ ("The instrument was switched off, or the cable pulled out at the instrument.") },
  { IS_SILENT | WAS_HEARD | IS_ASKED, N_ ("The instrument does not answer while somebody operates it.") },
  { IS_SILENT | NEVER_HEARD, N_ ("The data output is switched off in the instrument's menu, or set to another protocol.") },
  { IS_SILENT | NEVER_HEARD, N_ ("A straight cable where a crossed one (null modem) is needed, or the other way round.") },
  { IS_SILENT | NEVER_HEARD | IS_ASKED, N_ ("Another speed or address is set at the instrument than is asked with.") },
  { IS_SILENT | NEVER_HEARD, N_ ("The instrument is off, or hangs on another port: see chairside-tool discover.") },
  { IS_UP | IS_DAMAGED | LOSES_BYTES, N_ ("This computer is too slow for the line, or too busy: bytes are lost in the port.") },
  { IS_UP | IS_DAMAGED | HAS_LINE_ERRORS, N_ ("Disturbance on the line: a long or unshielded cable, a bad contact, a missing ground.") },
  { IS_UP | IS_DAMAGED, N_ ("A bad contact: some frames arrive damaged.") },
};

static guint
fact (gboolean is_true, guint bit)
{
  return is_true ? bit : 0;
}

static guint
see (const ChsLinkView *view, const ChsDriver *driver, const char *address)
{
  const ChsCounters *c = &view->counters;
  gboolean is_network = g_str_has_prefix (address, "tcp:");

  return fact (view->state == CHS_LINK_LOST, IS_LOST) | fact (view->state == CHS_LINK_FAILED, IS_FAILED)
         | fact (view->state == CHS_LINK_SILENT, IS_SILENT) | fact (view->state == CHS_LINK_UP, IS_UP)
         | (is_network ? IS_NETWORK : IS_PORT) | fact (driver->access == CHS_ACCESS_QUERY, IS_ASKED)
         | fact (view->reconnects >= FLAPS_FROM, COMES_AND_GOES) | fact (view->last_frame_us != CHS_TIME_NONE, WAS_HEARD)
         | fact (view->bytes_rx == 0, NEVER_HEARD)
         | fact (view->last_byte_us != CHS_TIME_NONE
                   && (view->last_frame_us == CHS_TIME_NONE || view->last_byte_us > view->last_frame_us),
                 IS_NOISE)
         | fact (view->has_line_errors && view->line_errors.parity + view->line_errors.framing > 0, HAS_LINE_ERRORS)
         | fact (view->has_line_errors && view->line_errors.overrun > 0, LOSES_BYTES)
         | fact (c->frames_bad >= BAD_FRAMES_FROM && c->frames_bad * BAD_SHARE > c->frames_ok + c->frames_bad, IS_DAMAGED);
}

guint
chs_link_advice (const ChsLinkView *view,
                 const ChsDriver   *driver,
                 const char        *address,
                 const char        *causes[CHS_LINK_ADVICE_MAX])
{
  guint seen = see (view, driver, address), n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows) && n < CHS_LINK_ADVICE_MAX; i++)
    if ((rows[i].when & ~seen) == 0)
      causes[n++] = rows[i].cause;
  return n;
}
