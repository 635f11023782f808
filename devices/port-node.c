/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/port-node.h"

#include <errno.h>
#include <linux/serial.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define LOOK_US (500 * G_TIME_SPAN_MILLISECOND)

/* Linux: Documentation/admin-guide/devices.txt, Unix98 pty slaves. */
#define PTY_MAJOR_FIRST 136
#define PTY_MAJOR_LAST 143

static gboolean
lose (GError **error, const char *path, const char *why)
{
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: %s", path, why);
  return FALSE;
}

static gboolean
read_counts (int fd, ChsLineErrors *counts)
{
  struct serial_icounter_struct c;

  if (ioctl (fd, TIOCGICOUNT, &c) < 0)
    return FALSE;
  *counts = (ChsLineErrors) { .parity = (guint64) c.parity, .framing = (guint64) c.frame,
                              .overrun = (guint64) c.overrun + (guint64) c.buf_overrun, .breaks = (guint64) c.brk };
  return TRUE;
}

gboolean
chs_port_node_init (ChsPortNode *self, const char *path, int fd, GError **error)
{
  struct stat st;
  int lines;

  if (fstat (fd, &st) < 0 || !S_ISCHR (st.st_mode)) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, "%s is not a serial port", path);
    return FALSE;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, "%s is in use by another program or another link", path);
    return FALSE;
  }
  *self = (ChsPortNode) { .path = g_strdup (path), .fd = fd, .dev = st.st_dev, .rdev = st.st_rdev, .ino = st.st_ino };
  self->is_pty = major (st.st_rdev) >= PTY_MAJOR_FIRST && major (st.st_rdev) <= PTY_MAJOR_LAST;
  if (!self->is_pty)
    ioctl (fd, TIOCEXCL);
  self->has_modem = ioctl (fd, TIOCMGET, &lines) == 0;
  self->has_counts = read_counts (fd, &self->before);
  return TRUE;
}

void
chs_port_node_clear (ChsPortNode *self)
{
  g_clear_pointer (&self->path, g_free);
}

gboolean
chs_port_node_alive (ChsPortNode *self, gint64 now_us, GError **error)
{
  struct stat st;
  int lines;

  if (now_us < self->next_us)
    return TRUE;
  self->next_us = now_us + LOOK_US;
  if (stat (self->path, &st) < 0)
    return lose (error, self->path, "the device is gone (unplugged?)");
  if (st.st_rdev != self->rdev || st.st_dev != self->dev || st.st_ino != self->ino)
    return lose (error, self->path, "another device has taken its place");
  if (self->has_modem && ioctl (self->fd, TIOCMGET, &lines) < 0)
    return lose (error, self->path, "the port does not answer any more (unplugged?)");
  if (chs_port_node_is_hung_up (self->fd, NULL))
    return lose (error, self->path, "hung up");
  return TRUE;
}

gboolean
chs_port_node_errors (const ChsPortNode *self, ChsLineErrors *errors)
{
  ChsLineErrors now;

  if (!self->has_counts || !read_counts (self->fd, &now))
    return FALSE;
  *errors = (ChsLineErrors) { now.parity - self->before.parity, now.framing - self->before.framing,
                              now.overrun - self->before.overrun, now.breaks - self->before.breaks };
  return TRUE;
}

guint64
chs_port_node_presence (const char *path)
{
  struct stat st;

  if (stat (path, &st) < 0)
    return 1;
  return (guint64) st.st_ino * 31 + (guint64) st.st_rdev * 1009 + (guint64) st.st_ctim.tv_sec * G_USEC_PER_SEC
         + (guint64) st.st_ctim.tv_nsec / 1000;
}

gboolean
chs_port_node_is_hung_up (int fd, gboolean *readable)
{
  struct pollfd p = { .fd = fd, .events = POLLIN };

  if (poll (&p, 1, 0) < 0)
    return FALSE;
  if (readable != NULL)
    *readable = (p.revents & POLLIN) != 0;
  return (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}
