/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pty-serial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* libserialport refuses a pty: it wants to find the port in sysfs and to read its modem
 * lines (shared/design.md). A program that links this file answers for both in place of the C library, so
 * that the real libserialport runs on a pty. What goes through is the library's own
 * open, line settings, read and write. */

int pty_serial_modem_lines;
gboolean pty_serial_modem_is_dead;

static const char sysfs[] = "/sys/class/tty/pts/";

static gboolean
is_of_pty (const char *path)
{
  return g_str_has_prefix (path, sysfs);
}

/* lstat() of the C library that Debian 12's libserialport was built for. */
int __lxstat (int version, const char *path, struct stat *st);

int
__lxstat (int version G_GNUC_UNUSED, const char *path, struct stat *st)
{
  if (is_of_pty (path)) {
    memset (st, 0, sizeof *st);
    st->st_mode = S_IFLNK | 0777;
    return 0;
  }
  return fstatat (AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

ssize_t
readlink (const char *path, char *target, size_t size)
{
  static const char device[] = "../../devices/platform/pts/tty/pts";

  if (is_of_pty (path)) {
    memcpy (target, device, MIN (size, sizeof device - 1));
    return (ssize_t) MIN (size, sizeof device - 1);
  }
  return readlinkat (AT_FDCWD, path, target, size);
}

/* The rest of the arguments are read before it is known whether they are needed: on a pty they do no harm. */
int
ioctl (int fd, unsigned long request, ...)
{
  va_list args;
  int *value;

  va_start (args, request);
  value = va_arg (args, int *);
  va_end (args);
  switch (request) {
  case TIOCMGET:
    *value = pty_serial_modem_lines;
    break;
  case TIOCMSET:
    pty_serial_modem_lines = *value;
    break;
  case TIOCMBIS:
    pty_serial_modem_lines |= *value;
    break;
  case TIOCMBIC:
    pty_serial_modem_lines &= ~*value;
    break;
  default:
    return (int) syscall (SYS_ioctl, fd, request, value);
  }
  errno = EIO;
  return pty_serial_modem_is_dead ? -1 : 0;
}

char *
pty_serial_dup_address (const PtyPeer *peer, const char *line)
{
  g_autofree char *device = g_file_read_link (peer->link, NULL);

  pty_serial_modem_lines = TIOCM_RTS | TIOCM_DTR | TIOCM_CTS;
  pty_serial_modem_is_dead = FALSE;
  return g_strconcat ("serial:", device, line != NULL ? "?" : NULL, line, NULL);
}
