/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A Unix socket that one process owns. */

typedef struct _ChsSocketListen ChsSocketListen;

/**
 * chs_socket_listen_new:
 * @path: where; its folder is made (mode 0700) when it is missing
 * @error: return location; G_IO_ERROR_ADDRESS_IN_USE with the pid of the other one when another process has it
 *
 * Takes a lock beside the socket (@path.lock), which ends with the process however it ends; only its holder may
 * remove a socket left behind. Mode of the socket 0600; 0660 in a folder that is shared (data/folder.h).
 *
 * Returns: (transfer full) (nullable): a listening socket
 */
ChsSocketListen *chs_socket_listen_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_socket_listen_free:
 * @self: (nullable) (transfer full): a listening socket
 *
 * Closes and removes it.
 */
void chs_socket_listen_free (ChsSocketListen *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSocketListen, chs_socket_listen_free)

GSocket *chs_socket_listen_get_socket (ChsSocketListen *self); /* borrowed; non-blocking */
gboolean chs_socket_listen_is_shared (const ChsSocketListen *self);  /* the group of its folder may connect, too */
