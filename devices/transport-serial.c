/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/transport-classes.h"

#include "devices/port-node.h"
#include "devices/ports.h"

#include <errno.h>
#include <libserialport.h>
#include <termios.h>

/* Real ports, through libserialport. Its reads say 0 both for "none now" and after an
 * unplug (shared/design.md, seen with ftdi_sio), so poll() is asked before each read:
 * readable and yet empty, or hung up, is the loss. */

typedef struct {
  ChsTransport    transport;
  ChsPortNode     node;
  struct sp_port *port;
  int             fd;
  gboolean        is_opened;
} Serial;

static gboolean
fail (GError **error, ChsLinkError code, const char *path, const char *what, enum sp_return reason)
{
  int saved = errno;

  g_set_error (error, CHS_LINK_ERROR, (int) code, "%s: %s: %s", path, what,
               reason == SP_ERR_FAIL ? g_strerror (saved)
               : reason == SP_ERR_SUPP ? "the port cannot do this"
               : reason == SP_ERR_ARG ? "no such serial port"
                                       : "out of memory");
  return FALSE;
}

static gboolean
check (enum sp_return reason, const char *path, const char *what, GError **error)
{
  return reason == SP_OK || fail (error, CHS_LINK_ERROR_LINE, path, what, reason);
}

static gboolean
set_line (struct sp_port *port, const char *path, const ChsLine *line, GError **error)
{
  const enum sp_parity parities[] = {
    [CHS_PARITY_NONE] = SP_PARITY_NONE, [CHS_PARITY_EVEN] = SP_PARITY_EVEN, [CHS_PARITY_ODD] = SP_PARITY_ODD
  };

  return check (sp_set_flowcontrol (port, SP_FLOWCONTROL_NONE), path, "flow control cannot be switched off", error)
         && check (sp_set_baudrate (port, (int) line->baud), path, "baud rate refused", error)
         && check (sp_set_bits (port, (int) line->data_bits), path, "number of data bits refused", error)
         && check (sp_set_parity (port, parities[line->parity]), path, "parity refused", error)
         && check (sp_set_stopbits (port, (int) line->stop_bits), path, "number of stop bits refused", error)
         && (line->rts < 0 || check (sp_set_rts (port, line->rts ? SP_RTS_ON : SP_RTS_OFF), path, "RTS refused", error))
         && (line->dtr < 0 || check (sp_set_dtr (port, line->dtr ? SP_DTR_ON : SP_DTR_OFF), path, "DTR refused", error));
}

static void
serial_close (ChsTransport *transport)
{
  Serial *self = (Serial *) transport;

  if (self->is_opened) {
    chs_port_node_clear (&self->node);
    sp_close (self->port);
  }
  sp_free_port (self->port);
  g_free (self);
}

static gboolean
open_port (Serial *self, const char *path, const ChsLine *line, gboolean read_only, GError **error)
{
  enum sp_return reason = sp_get_port_by_name (path, &self->port);

  if (reason == SP_OK)
    reason = sp_open (self->port, read_only ? SP_MODE_READ : SP_MODE_READ_WRITE);
  if (reason != SP_OK)
    return fail (error, CHS_LINK_ERROR_OPEN, path, "cannot be opened", reason);
  self->is_opened = TRUE;
  sp_get_port_handle (self->port, &self->fd);
  return chs_port_node_init (&self->node, path, self->fd, error) && set_line (self->port, path, line, error);
}

static ChsTransport *
serial_open (const char *where, const ChsLine *line, gboolean read_only, GError **error)
{
  Serial *self = g_new0 (Serial, 1);

  self->transport.klass = &chs_transport_serial;
  if (!open_port (self, where, line, read_only, error)) {
    serial_close (&self->transport);
    return NULL;
  }
  return &self->transport;
}

static int
serial_fd (ChsTransport *transport)
{
  return ((Serial *) transport)->fd;
}

static gssize
lose (Serial *self, const char *why, GError **error)
{
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: %s", self->node.path, why);
  return -1;
}

static gssize
serial_read (ChsTransport *transport, guint8 *bytes, gsize size, GError **error)
{
  Serial *self = (Serial *) transport;
  gboolean readable = FALSE;
  gboolean is_hung_up = chs_port_node_is_hung_up (self->fd, &readable);
  gssize n = readable ? sp_nonblocking_read (self->port, bytes, size) : 0;

  if (n > 0)
    return n;
  if (n < 0)
    return lose (self, g_strerror (errno), error);
  if (is_hung_up)
    return lose (self, "hung up (unplugged?)", error);
  if (readable)
    return lose (self, "readable but empty (unplugged?)", error);
  return 0;
}

static gssize
serial_write (ChsTransport *transport, const guint8 *bytes, gsize n, GError **error)
{
  Serial *self = (Serial *) transport;
  gssize taken = sp_nonblocking_write (self->port, bytes, n);

  if (taken >= 0)
    return taken;
  fail (error, errno == EBADF ? CHS_LINK_ERROR_TX : CHS_LINK_ERROR_LOST, self->node.path,
        errno == EBADF ? "opened for listening only" : "lost while writing", SP_ERR_FAIL);
  return -1;
}

static gboolean
serial_alive (ChsTransport *transport, gint64 now_us, GError **error)
{
  return chs_port_node_alive (&((Serial *) transport)->node, now_us, error);
}

static gboolean
serial_errors (ChsTransport *transport, ChsLineErrors *errors)
{
  return chs_port_node_errors (&((Serial *) transport)->node, errors);
}

const ChsTransportClass chs_transport_serial = {
  .prefix = "serial:",
  .has_line = TRUE,
  .open = serial_open,
  .presence = chs_port_node_presence,
  .fd = serial_fd,
  .read = serial_read,
  .write = serial_write,
  .alive = serial_alive,
  .errors = serial_errors,
  .close = serial_close,
};

/* ---- usb: the same, found by what the adapter is ---- */

static ChsTransport *
usb_open (const char *where, const ChsLine *line, gboolean read_only, GError **error)
{
  g_autofree char *device = chs_ports_find (NULL, where, error);

  return device != NULL ? serial_open (device, line, read_only, error) : NULL;
}

/* Any node that comes or goes changes /dev; going through sysfs ten times a second would be too much for this. */
static guint64
usb_presence (const char *where G_GNUC_UNUSED)
{
  return chs_port_node_presence ("/dev");
}

const ChsTransportClass chs_transport_usb = {
  .prefix = "usb:",
  .has_line = TRUE,
  .open = usb_open,
  .presence = usb_presence,
  .fd = serial_fd,
  .read = serial_read,
  .write = serial_write,
  .alive = serial_alive,
  .errors = serial_errors,
  .close = serial_close,
};
