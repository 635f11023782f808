/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sd-notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
chs_sd_notify (const char *state)
{
  const char *where = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize n = where != NULL ? strlen (where) : 0;
  int fd;

  if (n < 2 || n >= sizeof address.sun_path || (where[0] != '/' && where[0] != '@'))
    return;
  memcpy (address.sun_path, where, n);
  if (where[0] == '@')
    address.sun_path[0] = '\0';
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return;
  if (sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address,
              (socklen_t) (offsetof (struct sockaddr_un, sun_path) + n))
      < 0)
    g_debug ("systemd does not take \"%s\"", state);
  close (fd);
}

guint64
chs_sd_watchdog_us (void)
{
  const char *usec = g_getenv ("WATCHDOG_USEC");
  const char *pid = g_getenv ("WATCHDOG_PID");

  if (usec == NULL || (pid != NULL && g_ascii_strtoll (pid, NULL, 10) != getpid ()))
    return 0;
  return g_ascii_strtoull (usec, NULL, 10) / 2;
}
