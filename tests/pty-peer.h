/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The instrument's end of a pty, and a name for the other end that can be moved: links
 * of tests open @link, a symbolic link, so that a peer can go away and come back. */
typedef struct {
  int   master; /* non-blocking; -1 = unplugged */
  char *dir, *link;
} PtyPeer;

static inline void
pty_peer_unplug (PtyPeer *self)
{
  if (self->master >= 0)
    close (self->master);
  self->master = -1;
  g_unlink (self->link);
}

static inline void
pty_peer_plug (PtyPeer *self)
{
  struct termios t;
  char name[64];

  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (self->master, >=, 0);
  g_assert_cmpint (grantpt (self->master), ==, 0);
  g_assert_cmpint (unlockpt (self->master), ==, 0);
  g_assert_cmpint (ptsname_r (self->master, name, sizeof name), ==, 0);
  /* Raw from the start: a fresh pty would echo what is said before anybody opens it, and edit lines. */
  g_assert_cmpint (tcgetattr (self->master, &t), ==, 0);
  cfmakeraw (&t);
  g_assert_cmpint (tcsetattr (self->master, TCSANOW, &t), ==, 0);
  g_unlink (self->link);
  g_assert_cmpint (symlink (name, self->link), ==, 0);
}

static inline void
pty_peer_init (PtyPeer *self)
{
  self->dir = g_dir_make_tmp ("chs-pty-XXXXXX", NULL);
  self->link = g_build_filename (self->dir, "port", NULL);
  pty_peer_plug (self);
}

static inline void
pty_peer_clear (PtyPeer *self)
{
  pty_peer_unplug (self);
  g_rmdir (self->dir);
  g_free (self->dir);
  g_free (self->link);
}

static inline void
pty_peer_say (PtyPeer *self, const char *text)
{
  g_assert_cmpint (write (self->master, text, strlen (text)), ==, (gssize) strlen (text));
}

/* What the host sent up to now, as text. */
static inline gsize
pty_peer_hear (PtyPeer *self, char *text, gsize size)
{
  gssize n = read (self->master, text, size - 1);

  text[MAX (n, 0)] = '\0';
  return (gsize) MAX (n, 0);
}
