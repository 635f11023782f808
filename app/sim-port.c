/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sim-port.h"

#include <glib-unix.h>
#include <glib/gstdio.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define UNREAD_US 300000 /* a host that lives reads many times a second */

struct _ChsSimPort {
  ChsSimPortFunc func;
  gpointer       user_data;
  char          *address;
  char          *link;     /* pty: the symbolic link, or NULL */
  char          *target;   /* pty: what it points to while plugged */
  int            fd;       /* master, or the connected client; -1 = none */
  int            slave;    /* pty: held open, or the settings would be lost between two hosts */
  int            listener; /* TCP; -1 = not plugged */
  guint16        port;     /* TCP; 0 = pty */
  guint          fd_source, listener_source;
  gint64         read_us;  /* when the host was last seen to have read everything */
};

static gboolean
refuse (GError **error, const char *what, const char *where)
{
  int saved = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (saved), "cannot %s %s: %s", what, where, g_strerror (saved));
  return FALSE;
}

static void
drop_fd (ChsSimPort *self)
{
  g_clear_handle_id (&self->fd_source, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  ChsSimPort *self = user_data;
  guint8 bytes[1024];
  gssize n = read (fd, bytes, sizeof bytes);

  if (n > 0) {
    self->func (self, bytes, (gsize) n, self->user_data);
    return G_SOURCE_CONTINUE;
  }
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  self->fd_source = 0;
  drop_fd (self); /* a TCP client that went away; the slave of a pty is ours and stays */
  return G_SOURCE_REMOVE;
}

static void
take_fd (ChsSimPort *self, int fd)
{
  self->fd = fd;
  self->fd_source = g_unix_fd_add (fd, G_IO_IN, on_readable, self);
  self->read_us = g_get_monotonic_time ();
}

/* ---- pty ---- */

static gboolean
make_link (ChsSimPort *self, GError **error)
{
  struct stat info;

  if (self->link == NULL)
    return TRUE;
  if (lstat (self->link, &info) == 0 && !S_ISLNK (info.st_mode)) {
    errno = EEXIST;
    return refuse (error, "make the link", self->link);
  }
  g_unlink (self->link);
  return symlink (self->target, self->link) == 0 ? TRUE : refuse (error, "make the link", self->link);
}

static void
remove_link (ChsSimPort *self)
{
  g_autofree char *target = self->link != NULL ? g_file_read_link (self->link, NULL) : NULL;

  /* Somebody else's by now? Then it is not ours to remove. */
  if (target != NULL && g_strcmp0 (target, self->target) == 0)
    g_unlink (self->link);
}

static gboolean
open_pty (ChsSimPort *self, GError **error)
{
  struct termios raw;
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  char name[64];

  if (master < 0 || grantpt (master) != 0 || unlockpt (master) != 0 || ptsname_r (master, name, sizeof name) != 0) {
    refuse (error, "open", "a pseudo terminal");
    if (master >= 0)
      close (master);
    return FALSE;
  }
  self->slave = open (name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->slave >= 0 && tcgetattr (self->slave, &raw) == 0) {
    cfmakeraw (&raw);
    tcsetattr (self->slave, TCSANOW, &raw);
  }
  take_fd (self, master);
  g_free (self->target);
  self->target = g_strdup (name);
  if (self->link == NULL) {
    g_free (self->address);
    self->address = g_strconcat ("tty:", name, NULL);
  }
  return make_link (self, error);
}

static void
close_pty (ChsSimPort *self)
{
  remove_link (self);
  drop_fd (self);
  if (self->slave >= 0)
    close (self->slave);
  self->slave = -1;
}

/* ---- TCP ---- */

static gboolean
on_client (int listener, GIOCondition condition, gpointer user_data)
{
  ChsSimPort *self = user_data;
  int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0)
    return G_SOURCE_CONTINUE;
  drop_fd (self); /* one client: the newest */
  take_fd (self, fd);
  return G_SOURCE_CONTINUE;
}

static gboolean
open_tcp (ChsSimPort *self, GError **error)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons (self->port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof where;
  const int yes = 1;

  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->listener < 0)
    return refuse (error, "open", "a socket");
  setsockopt (self->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind (self->listener, (struct sockaddr *) &where, size) != 0 || listen (self->listener, 1) != 0
      || getsockname (self->listener, (struct sockaddr *) &where, &size) != 0) {
    g_autofree char *name = g_strdup_printf ("on port %u", self->port);

    return refuse (error, "listen", name);
  }
  self->port = ntohs (where.sin_port);
  self->listener_source = g_unix_fd_add (self->listener, G_IO_IN, on_client, self);
  g_free (self->address);
  self->address = g_strdup_printf ("tcp:127.0.0.1:%u", self->port);
  return TRUE;
}

static void
close_tcp (ChsSimPort *self)
{
  drop_fd (self);
  g_clear_handle_id (&self->listener_source, g_source_remove);
  if (self->listener >= 0)
    close (self->listener);
  self->listener = -1;
}

/* ---- both ---- */

static ChsSimPort *
port_new (ChsSimPortFunc func, gpointer user_data)
{
  ChsSimPort *self = g_new0 (ChsSimPort, 1);

  self->func = func;
  self->user_data = user_data;
  self->fd = self->slave = self->listener = -1;
  return self;
}

ChsSimPort *
chs_sim_port_new_pty (const char *link, ChsSimPortFunc func, gpointer user_data, GError **error)
{
  g_autoptr (ChsSimPort) self = port_new (func, user_data);

  self->link = g_strdup (link);
  if (link != NULL)
    self->address = g_strconcat ("tty:", link, NULL);
  return open_pty (self, error) ? g_steal_pointer (&self) : NULL;
}

ChsSimPort *
chs_sim_port_new_tcp (guint16 port, ChsSimPortFunc func, gpointer user_data, GError **error)
{
  g_autoptr (ChsSimPort) self = port_new (func, user_data);

  self->port = port;
  return open_tcp (self, error) ? g_steal_pointer (&self) : NULL;
}

void
chs_sim_port_free (ChsSimPort *self)
{
  if (self == NULL)
    return;
  close_pty (self);
  close_tcp (self);
  g_free (self->address);
  g_free (self->link);
  g_free (self->target);
  g_free (self);
}

const char *
chs_sim_port_get_address (const ChsSimPort *self)
{
  return self->address;
}

/* A host that comes later must not find the bytes of an hour ago. */
static void
drop_unread (ChsSimPort *self)
{
  gint64 now_us = g_get_monotonic_time ();
  int unread = 0;

  if (self->slave < 0 || ioctl (self->slave, FIONREAD, &unread) != 0 || unread == 0)
    self->read_us = now_us;
  else if (now_us - self->read_us > UNREAD_US)
    tcflush (self->slave, TCIFLUSH);
}

void
chs_sim_port_write (ChsSimPort *self, const guint8 *bytes, gsize n)
{
  if (self->fd < 0)
    return;
  drop_unread (self);
  while (n > 0) {
    gssize taken = self->port != 0 ? send (self->fd, bytes, n, MSG_NOSIGNAL) : write (self->fd, bytes, n);

    if (taken <= 0)
      return; /* full, or gone: lost, as on a line */
    bytes += taken;
    n -= (gsize) taken;
  }
}

gboolean
chs_sim_port_set_plugged (ChsSimPort *self, gboolean plugged, GError **error)
{
  gboolean is_plugged = self->port != 0 ? self->listener >= 0 : self->slave >= 0;

  if (plugged == is_plugged)
    return TRUE;
  if (plugged)
    return self->port != 0 ? open_tcp (self, error) : open_pty (self, error);
  if (self->port != 0)
    close_tcp (self);
  else
    close_pty (self);
  return TRUE;
}
