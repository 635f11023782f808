/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/transport.h"

#include <glib.h>
#include <sys/types.h>

/* The device node behind an open terminal, alike for tty: and serial:. It keeps
 * others out and sees the node vanish: after an unplug reads may go on returning
 * nothing for ever (shared/design.md), but the node is gone or is another one. */

typedef struct {
  char    *path;      /* as opened */
  int      fd;        /* borrowed */
  dev_t    dev, rdev; /* of the node when it was opened */
  ino_t    ino;
  gboolean is_pty;    /* has no wire: no parity, no modem lines */
  gboolean has_modem; /* modem lines could be read when it was opened */
  gboolean has_counts; /* the chip counts errors of the line */
  ChsLineErrors before; /* its counts when it was opened */
  gint64   next_us;   /* time of the next look */
} ChsPortNode;

/**
 * chs_port_node_init:
 * @self: (out): a node
 * @path: path that was opened
 * @fd: its descriptor; must outlive @self
 * @error: return location; %CHS_LINK_ERROR_OPEN when somebody else holds the port
 *
 * Locks the port: flock() for programs that ask, TIOCEXCL for those that do not. A pty gets no TIOCEXCL, which
 * would stay set after a crash of ours for as long as the other end lives.
 *
 * Returns: whether the port is ours now
 */
gboolean chs_port_node_init (ChsPortNode *self, const char *path, int fd, GError **error);
void     chs_port_node_clear (ChsPortNode *self);

/**
 * chs_port_node_alive:
 * @self: a node
 * @now_us: session time
 * @error: return location; %CHS_LINK_ERROR_LOST
 *
 * Looks at most twice a second: path gone or another device, modem lines dead, hung up.
 *
 * Returns: whether the port that was opened is still there
 */
gboolean chs_port_node_alive (ChsPortNode *self, gint64 now_us, GError **error);

/**
 * chs_port_node_errors:
 * @self: a node
 * @errors: (out): counts since it was opened
 *
 * Returns: whether the chip counts
 */
gboolean chs_port_node_errors (const ChsPortNode *self, ChsLineErrors *errors);

/**
 * chs_port_node_presence:
 * @path: a path
 *
 * Returns: see ChsTransportClass.presence; 1 when there is nothing
 */
guint64 chs_port_node_presence (const char *path);

/**
 * chs_port_node_is_hung_up:
 * @fd: a terminal
 * @readable: (out) (optional): whether it is readable
 *
 * Returns: whether poll() tells of a hang-up or an error
 */
gboolean chs_port_node_is_hung_up (int fd, gboolean *readable);
