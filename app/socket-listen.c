/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/socket-listen.h"

#include "data/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct _ChsSocketListen {
  char *path;
  gboolean is_shared;
  int lock_fd;
  GSocket *socket;
};

#define BACKLOG 8

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "cannot %s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

static gboolean
fail_in_use (int fd, const char *path, GError **error)
{
  char pid[16] = { 0 };

  if (pread (fd, pid, sizeof pid - 1, 0) <= 0)
    pid[0] = '?';
  g_strstrip (pid);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "another chairsided (pid %s) is already on %s", pid, path);
  return FALSE;
}

static gboolean
take_lock (ChsSocketListen *self, GError **error)
{
  g_autofree char *lock_path = g_strconcat (self->path, ".lock", NULL);
  g_autofree char *pid = g_strdup_printf ("%d\n", (int) getpid ());

  self->lock_fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd < 0)
    return fail (error, "open", lock_path);
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK ? fail_in_use (self->lock_fd, self->path, error) : fail (error, "lock", lock_path);
  /* The pid is for the message above only: the lock itself is what counts. */
  if (ftruncate (self->lock_fd, 0) != 0 || pwrite (self->lock_fd, pid, strlen (pid), 0) < 0)
    g_debug ("cannot note the pid in %s: %s", lock_path, g_strerror (errno));
  return TRUE;
}

/* Removes what a killed process left behind; never anything that is not a socket. */
static gboolean
remove_stale (const char *path, GError **error)
{
  GStatBuf st;

  if (g_lstat (path, &st) != 0)
    return TRUE;
  if (!S_ISSOCK (st.st_mode)) {
    errno = EEXIST;
    return fail (error, "listen on", path);
  }
  return g_unlink (path) == 0 || fail (error, "remove", path);
}

static gboolean
bind_and_listen (ChsSocketListen *self, int fd, GError **error)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *path = self->path;
  mode_t before;
  int bound;

  strcpy (address.sun_path, path); /* length was checked */
  /* So that there is no moment at which others could connect. */
  before = umask (self->is_shared ? 0117 : 0177);
  bound = bind (fd, (struct sockaddr *) &address, sizeof address);
  umask (before);
  return (bound == 0 && listen (fd, BACKLOG) == 0) || fail (error, "listen on", path);
}

static gboolean
open_socket (ChsSocketListen *self, GError **error)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0)
    return fail (error, "make", self->path);
  if (!bind_and_listen (self, fd, error)) {
    close (fd);
    return FALSE;
  }
  self->socket = g_socket_new_from_fd (fd, error);
  if (self->socket == NULL)
    close (fd);
  return self->socket != NULL;
}

ChsSocketListen *
chs_socket_listen_new (const char *path, GError **error)
{
  g_autoptr (ChsSocketListen) self = g_new0 (ChsSocketListen, 1);
  g_autofree char *folder = g_path_get_dirname (path);

  self->path = g_strdup (path);
  self->lock_fd = -1;
  if (strlen (path) >= sizeof ((struct sockaddr_un *) NULL)->sun_path) {
    errno = ENAMETOOLONG;
    fail (error, "listen on", path);
    return NULL;
  }
  if (g_mkdir_with_parents (folder, 0700) != 0) {
    fail (error, "make the folder", folder);
    return NULL;
  }
  self->is_shared = chs_folder_is_shared (folder);
  if (!take_lock (self, error) || !remove_stale (path, error) || !open_socket (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
chs_socket_listen_free (ChsSocketListen *self)
{
  if (self == NULL)
    return;
  if (self->socket != NULL) {
    g_socket_close (self->socket, NULL);
    g_object_unref (self->socket);
    g_unlink (self->path);
  }
  /* The lock file stays: removing it would let two processes lock two files of one name. */
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->path);
  g_free (self);
}

GSocket *
chs_socket_listen_get_socket (ChsSocketListen *self)
{
  return self->socket;
}

gboolean
chs_socket_listen_is_shared (const ChsSocketListen *self)
{
  return self->is_shared;
}
