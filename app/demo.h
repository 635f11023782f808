/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The demonstration: simulated instruments and a monitor of its own, in a folder of
 * its own, gone without a trace when it ends. `chairside-tool demo` and
 * `chairside --demo` are its only users.
 *
 *   chairside-sim (two ptys, real wire formats) ──► chairsided (private socket) ──► whoever attaches
 *
 * What the scenario's nurse does (symptoms, actions) is done through the same socket
 * as a nurse would; what the scenario says is handed to the caller.
 *
 * Children die with this process, however it ends. */

typedef struct _ChsDemo ChsDemo;

/* @text: what happens now, in English, for a viewer; not translated (it stands in the scenario file). */
typedef void (*ChsDemoSayFunc) (const char *text, gpointer user_data);

/* A child ended by itself: the demonstration is over. */
typedef void (*ChsDemoEndedFunc) (const char *program, gpointer user_data);

/**
 * chs_demo_new:
 * @scenario: (nullable): name of a shipped scenario or path of one; NULL = "demo-magnesium"
 * @say: (nullable): told what happens
 * @ended: (nullable): told when a child ended
 * @user_data: for both
 * @error: return location
 *
 * Starts everything and waits, at most 5 s, until the monitor can be reached.
 *
 * Thread:  callbacks come in the thread-default context of the caller
 *
 * Returns: (transfer full) (nullable): a running demonstration
 */
ChsDemo *chs_demo_new (const char      *scenario,
                       ChsDemoSayFunc   say,
                       ChsDemoEndedFunc ended,
                       gpointer         user_data,
                       GError         **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends the children, at most 2 s each, and removes the folder. */
void chs_demo_free (ChsDemo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsDemo, chs_demo_free)

const char *chs_demo_get_socket (const ChsDemo *self); /* path of the monitor's socket */
const char *chs_demo_get_folder (const ChsDemo *self); /* where its recordings are, while it runs */

/**
 * chs_program_dup_path:
 * @name: one of our programs, "chairsided"
 *
 * Looks beside the running program, in the build folder around it, then in PATH.
 *
 * Returns: (transfer full): a path, or @name itself where none was found
 */
char *chs_program_dup_path (const char *name) G_GNUC_WARN_UNUSED_RESULT;
