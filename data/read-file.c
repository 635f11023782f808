/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/read-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* O_NONBLOCK: a FIFO without a writer must not hold anybody up. */
#define OPEN_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static int
fail (const char *path, GError **error)
{
  int code = errno;

  if (code == ELOOP)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS, "%s is or lies behind a symbolic link, which is not followed",
                 path);
  else
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "cannot open %s: %s", path, g_strerror (code));
  return -1;
}

static char *
read_all (int fd, const char *path, gsize size, gsize *n, GError **error)
{
  g_autofree char *bytes = g_malloc (size + 1);
  gsize done = 0;

  while (done < size) {
    gssize got = read (fd, bytes + done, size - done);

    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0) {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "cannot read %s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
    if (got == 0)
      break;
    done += (gsize) got;
  }
  bytes[done] = '\0';
  *n = done;
  return g_steal_pointer (&bytes);
}

static char *
read_regular (int fd, const char *path, gsize max, gsize *n, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) != 0) {
    fail (path, error);
    return NULL;
  }
  if (!S_ISREG (st.st_mode)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file", path);
    return NULL;
  }
  if ((guint64) st.st_size > max) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "%s has %" G_GINT64_FORMAT " bytes; at most %" G_GSIZE_FORMAT
                 " are taken", path, (gint64) st.st_size, max);
    return NULL;
  }
  return read_all (fd, path, (gsize) st.st_size, n, error);
}

char *
chs_read_file (const char *path, gsize max, gsize *n, GError **error)
{
  int fd = open (path, OPEN_FLAGS);
  char *bytes = NULL;

  *n = 0;
  if (fd < 0) {
    fail (path, error);
    return NULL;
  }
  bytes = read_regular (fd, path, max, n, error);
  close (fd);
  return bytes;
}

static gboolean
is_plain (const char *name)
{
  return name[0] != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0;
}

/* Returns a descriptor of @name below @folder, or -1. */
static int
open_below (const char *folder, const char *name, const char *path, GError **error)
{
  g_auto (GStrv) steps = g_strsplit (name, "/", -1);
  int fd = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return fail (folder, error);
  if (steps[0] == NULL) {
    close (fd);
    errno = EINVAL;
    return fail (path, error);
  }
  for (guint i = 0; steps[i] != NULL; i++) {
    int flags = steps[i + 1] != NULL ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC : OPEN_FLAGS | O_NOFOLLOW;
    int next = is_plain (steps[i]) ? openat (fd, steps[i], flags) : -1;

    if (!is_plain (steps[i]))
      errno = EINVAL;
    else if (next < 0 && errno == ENOTDIR)
      errno = ELOOP; /* O_DIRECTORY and O_NOFOLLOW say so of a link, and of a file in the place of a folder */
    if (next < 0)
      fail (path, error);
    close (fd);
    fd = next;
    if (fd < 0)
      return -1;
  }
  return fd;
}

char *
chs_read_file_below (const char *folder, const char *name, gsize max, gsize *n, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = open_below (folder, name, path, error);
  char *bytes;

  *n = 0;
  if (fd < 0)
    return NULL;
  bytes = read_regular (fd, path, max, n, error);
  close (fd);
  return bytes;
}
