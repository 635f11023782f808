/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A recording as a file: who writes into it, and its removal. */

static gboolean
lock_is_current (int fd, const char *lock_path)
{
  struct stat mine, there;

  return fstat (fd, &mine) == 0 && stat (lock_path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

gboolean
chs_store_lock (ChsStoreLock *self, const char *path, GError **error)
{
  self->path = g_strconcat (path, "-lock", NULL);
  for (;;) {
    self->fd = open (self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (self->fd < 0) {
      int e = errno;

      g_set_error (error, CHS_STORE_ERROR, e == EROFS || e == EACCES || e == ENOSPC ? CHS_STORE_ERROR_WRITE : CHS_STORE_ERROR_OPEN,
                   "cannot create %s: %s", self->path, g_strerror (e));
      return FALSE;
    }
    if (flock (self->fd, LOCK_EX | LOCK_NB) != 0) {
      g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_BUSY, "another program is recording into %s", path);
      g_clear_pointer (&self->path, g_free); /* not ours to remove */
      return FALSE;
    }
    if (lock_is_current (self->fd, self->path))
      return TRUE;
    close (self->fd);
  }
}

void
chs_store_unlock (ChsStoreLock *self)
{
  if (self->path != NULL && self->fd >= 0)
    g_unlink (self->path);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->path, g_free);
}

static gboolean
remove_files (const char *path, GError **error)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *file = g_strconcat (path, endings[i], NULL);

    if (g_unlink (file) != 0 && errno != ENOENT) {
      g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "cannot remove %s: %s", file, g_strerror (errno));
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
chs_store_remove (const char *path, GError **error)
{
  ChsStoreLock lock;
  gboolean gone = chs_store_lock (&lock, path, error) && remove_files (path, error);

  chs_store_unlock (&lock);
  return gone;
}
