/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Where a simulated instrument can be plugged in: the far end of a pty, with a
 * symbolic link as its name, or a TCP server for one client, as a serial device
 * server is. What nobody reads is thrown away: a real line does not wait. */

typedef struct _ChsSimPort ChsSimPort;

typedef void (*ChsSimPortFunc) (ChsSimPort *port, guint8 *bytes, gsize n, gpointer user_data);

/**
 * chs_sim_port_new_pty:
 * @link: (nullable): path of the symbolic link to make; a link of that name is replaced, nothing else is
 * @func: called when the host has sent something
 * @user_data: for @func
 * @error: return location
 *
 * Returns: (transfer full): an open port
 */
ChsSimPort *chs_sim_port_new_pty (const char *link, ChsSimPortFunc func, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_sim_port_new_tcp:
 * @port: on 127.0.0.1; 0 = any free one
 * @func: called when the host has sent something
 * @user_data: for @func
 * @error: return location
 *
 * Returns: (transfer full): an open port
 */
ChsSimPort *chs_sim_port_new_tcp (guint16 port, ChsSimPortFunc func, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void chs_sim_port_free (ChsSimPort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSimPort, chs_sim_port_free)

/**
 * chs_sim_port_get_address:
 * @self: a port
 *
 * Returns: (transfer none): address for a link: "tty:/run/x/monitor", "tcp:127.0.0.1:4001"
 */
const char *chs_sim_port_get_address (const ChsSimPort *self);

/**
 * chs_sim_port_write:
 * @self: a port
 * @bytes: what arrives at the host
 * @n: how many
 */
void chs_sim_port_write (ChsSimPort *self, const guint8 *bytes, gsize n);

/**
 * chs_sim_port_set_plugged:
 * @self: a port
 * @plugged: FALSE: the port vanishes, link and all, and whoever has it open is hung up on; TRUE: it is there again
 * @error: return location; set when it cannot come back
 *
 * Returns: whether it could be done
 */
gboolean chs_sim_port_set_plugged (ChsSimPort *self, gboolean plugged, GError **error);
