/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <gio/gio.h>

/* The screen's side of the socket: attaches to a running monitor, reads history
 * from its recording (read-only), then receives the journal live, without a hole
 * and without an event twice. Commands go up through it.
 *
 * Thread:  the one that made it; needs a running main context. */

#define CHS_TYPE_CLIENT (chs_client_get_type ())
G_DECLARE_FINAL_TYPE (ChsClient, chs_client, CHS, CLIENT, GObject)

#define CHS_PROTOCOL_VERSION 1

typedef enum {
  CHS_CLIENT_CONNECTING,
  CHS_CLIENT_LIVE,
  CHS_CLIENT_LOST, /* the monitor is gone, or has not been heard for 3 s */
} ChsClientState;

typedef void (*ChsClientEventFunc) (ChsClient *client, const ChsEvent *event, gpointer user_data);

/**
 * chs_client_new:
 * @socket_path: (nullable): the monitor's socket; NULL = chs_socket_dup_path()
 * @func: called for each event: first the history, then live, in order of seq; a new session begins with seq 1
 * @user_data: for @func
 *
 * Signals: "notify::state"; "refused" (const char *message): the monitor refused an action or a key, and why; "links"
 * (const char *json): the answer to chs_client_ask_links().
 * Starts to connect at once and keeps trying every second. After each connection the whole history comes again.
 *
 * It counts as the chair's screen: the monitor raises a technical alarm when its main context stands still for 5 s
 * or its connection dies.
 *
 * Returns: (transfer full): a client
 */
ChsClient *chs_client_new (const char *socket_path, ChsClientEventFunc func, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_client_new_observer:
 * @socket_path: as for chs_client_new()
 * @func: likewise
 * @user_data: likewise
 *
 * The same for one that only looks: its loss is no alarm.
 *
 * Returns: (transfer full): a client
 */
ChsClient *chs_client_new_observer (const char *socket_path, ChsClientEventFunc func, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

ChsClientState chs_client_get_state (ChsClient *self); /* as of now; "notify::state" tells changes */
const char    *chs_client_get_message (ChsClient *self);   /* why it is lost, in English; "" when live */
const char    *chs_client_get_recording (ChsClient *self); /* (nullable): path of the running recording */
gint64         chs_client_get_now_us (ChsClient *self);    /* the monitor's session time, as well as we know it */

/**
 * chs_client_nurse:
 * @self: a client
 * @nurse: what was done; @at_us CHS_TIME_NONE = now
 *
 * Sends and forgets: the answer is the event that comes back in the journal.
 *
 * Returns: whether it could be handed over
 */
gboolean chs_client_nurse (ChsClient *self, const ChsNurse *nurse);

gboolean chs_client_setup (ChsClient *self, const char *key, const char *value); /* one key of the session (app/session.h); whether it could be handed over */

/**
 * chs_client_setup_all:
 * @self: a client
 * @keys: (array length=n): keys and values; the monitor takes all or none
 * @n: how many
 *
 * Returns: whether they could be handed over
 */
gboolean chs_client_setup_all (ChsClient *self, const ChsSetup *keys, gsize n);

/**
 * chs_client_new_session:
 * @self: a client
 *
 * Ends the session and its recording; a new one begins with an event of seq 1.
 *
 * Returns: whether it could be handed over
 */
gboolean chs_client_new_session (ChsClient *self);

/* @answer NULL: refused, or the connection ended; @refused says why, in English. */
typedef void (*ChsClientAnswer) (GVariant *answer, const char *refused, gpointer user_data);

/**
 * chs_client_ask_admin:
 * @self: a client
 * @method: of org.chairside.Admin1 (data/share/dbus)
 * @args: (nullable): tuple of its arguments
 * @answer: called once when %TRUE is returned
 * @user_data: for @answer
 *
 * Returns: whether it could be asked
 */
gboolean chs_client_ask_admin (ChsClient *self, const char *method, GVariant *args, ChsClientAnswer answer, gpointer user_data);

/**
 * chs_client_ask_links:
 * @self: a client
 *
 * Asks how the links are (app/link-json.h, app/link-list.h). One question at a time: further ones until the answer came
 * count as asked.
 *
 * Returns: whether it could be asked
 */
gboolean chs_client_ask_links (ChsClient *self);

/**
 * chs_socket_dup_path:
 *
 * Returns: (transfer full): $CHAIRSIDE_SOCKET, else $RUNTIME_DIRECTORY/monitor.socket, else
 *   $XDG_RUNTIME_DIR/chairside/monitor.socket, else /run/chairside/monitor.socket; the last one also where only it is there
 */
char *chs_socket_dup_path (void);
