/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/transport-classes.h"

#include "devices/port-node.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Plain termios: ptys of simulators and of socat, and ports that libserialport does not know. */

typedef struct {
  ChsTransport transport;
  ChsPortNode  node;
  int          fd;
} Tty;

static const struct {
  unsigned baud;
  speed_t  speed;
} speeds[] = {
  { 50, B50 },         { 75, B75 },         { 110, B110 },       { 134, B134 },       { 150, B150 },
  { 200, B200 },       { 300, B300 },       { 600, B600 },       { 1200, B1200 },     { 1800, B1800 },
  { 2400, B2400 },     { 4800, B4800 },     { 9600, B9600 },     { 19200, B19200 },   { 38400, B38400 },
  { 57600, B57600 },   { 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 }, { 500000, B500000 },
  { 576000, B576000 }, { 921600, B921600 }, { 1000000, B1000000 },
};

static gboolean
fail (GError **error, ChsLinkError code, const char *path, const char *what)
{
  int saved = errno;

  g_set_error (error, CHS_LINK_ERROR, (int) code, "%s: %s: %s", path, what, g_strerror (saved));
  return FALSE;
}

static gboolean
find_speed (unsigned baud, speed_t *speed)
{
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    if (speeds[i].baud == baud) {
      *speed = speeds[i].speed;
      return TRUE;
    }
  return FALSE;
}

static tcflag_t
frame_flags (const ChsLine *line)
{
  return (line->data_bits == 7 ? CS7 : CS8) | (line->parity != CHS_PARITY_NONE ? PARENB : 0u)
         | (line->parity == CHS_PARITY_ODD ? PARODD : 0u) | (line->stop_bits == 2 ? CSTOPB : 0u);
}

/* tcsetattr() succeeds when it could do any part of what was asked; only reading back tells. */
static gboolean
set_line (Tty *self, const ChsLine *line, GError **error)
{
  const tcflag_t frame_mask = CSIZE | PARENB | PARODD | CSTOPB;
  struct termios t, got;
  speed_t speed;

  if (!find_speed (line->baud, &speed)) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LINE, "%s: tty: knows no %u baud; try serial:", self->node.path, line->baud);
    return FALSE;
  }
  if (tcgetattr (self->fd, &t) < 0)
    return fail (error, CHS_LINK_ERROR_LINE, self->node.path, "not a terminal");
  cfmakeraw (&t);
  t.c_iflag &= ~(tcflag_t) (IXOFF | IXANY | INPCK);
  t.c_cflag &= ~(frame_mask | CRTSCTS | HUPCL);
  t.c_cflag |= frame_flags (line) | CREAD | CLOCAL;
  /* At least one byte: so that a read of nothing means the end and not "none now". */
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  cfsetispeed (&t, speed);
  cfsetospeed (&t, speed);
  if (tcsetattr (self->fd, TCSANOW, &t) < 0 || tcgetattr (self->fd, &got) < 0)
    return fail (error, CHS_LINK_ERROR_LINE, self->node.path, "line settings refused");
  if (!self->node.is_pty && (cfgetospeed (&got) != speed || ((got.c_cflag ^ t.c_cflag) & frame_mask) != 0)) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LINE, "%s: the port cannot do %u baud with these bits and parity",
                 self->node.path, line->baud);
    return FALSE;
  }
  return TRUE;
}

static gboolean
set_signal (Tty *self, int bit, int value, GError **error)
{
  if (value < 0 || !self->node.has_modem)
    return TRUE;
  if (ioctl (self->fd, value ? TIOCMBIS : TIOCMBIC, &bit) < 0)
    return fail (error, CHS_LINK_ERROR_LINE, self->node.path, "cannot set RTS or DTR");
  return TRUE;
}

static void
tty_close (ChsTransport *transport)
{
  Tty *self = (Tty *) transport;

  chs_port_node_clear (&self->node);
  close (self->fd);
  g_free (self);
}

static ChsTransport *
tty_open (const char *where, const ChsLine *line, gboolean read_only, GError **error)
{
  int fd = open (where, (read_only ? O_RDONLY : O_RDWR) | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  Tty *self;

  if (fd < 0) {
    fail (error, CHS_LINK_ERROR_OPEN, where, "cannot be opened");
    return NULL;
  }
  self = g_new0 (Tty, 1);
  self->transport.klass = &chs_transport_tty;
  self->fd = fd;
  if (!chs_port_node_init (&self->node, where, fd, error) || !set_line (self, line, error)
      || !set_signal (self, TIOCM_RTS, line->rts, error) || !set_signal (self, TIOCM_DTR, line->dtr, error)) {
    tty_close (&self->transport);
    return NULL;
  }
  return &self->transport;
}

static int
tty_fd (ChsTransport *transport)
{
  return ((Tty *) transport)->fd;
}

static gssize
tty_read (ChsTransport *transport, guint8 *bytes, gsize size, GError **error)
{
  Tty *self = (Tty *) transport;
  gssize n = read (self->fd, bytes, size);

  if (n > 0)
    return n;
  if (n == 0) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: closed by the other end", self->node.path);
    return -1;
  }
  if (errno == EAGAIN || errno == EINTR)
    return 0;
  fail (error, CHS_LINK_ERROR_LOST, self->node.path, "lost while reading");
  return -1;
}

static gssize
tty_write (ChsTransport *transport, const guint8 *bytes, gsize n, GError **error)
{
  Tty *self = (Tty *) transport;
  gssize taken = write (self->fd, bytes, n);

  if (taken >= 0)
    return taken;
  if (errno == EAGAIN || errno == EINTR)
    return 0;
  fail (error, errno == EBADF ? CHS_LINK_ERROR_TX : CHS_LINK_ERROR_LOST, self->node.path,
        errno == EBADF ? "opened for listening only" : "lost while writing");
  return -1;
}

static gboolean
tty_alive (ChsTransport *transport, gint64 now_us, GError **error)
{
  return chs_port_node_alive (&((Tty *) transport)->node, now_us, error);
}

static gboolean
tty_errors (ChsTransport *transport, ChsLineErrors *errors)
{
  return chs_port_node_errors (&((Tty *) transport)->node, errors);
}

const ChsTransportClass chs_transport_tty = {
  .prefix = "tty:",
  .has_line = TRUE,
  .open = tty_open,
  .presence = chs_port_node_presence,
  .fd = tty_fd,
  .read = tty_read,
  .write = tty_write,
  .alive = tty_alive,
  .errors = tty_errors,
  .close = tty_close,
};
