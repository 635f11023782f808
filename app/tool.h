/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* chairside-tool: the technician's command line. A table of commands in tool.c, one
 * file a command (tool-<name>.c), all printing machine-readable lines on request
 * (shared/design.md, "Contracts of the command line").
 *
 * Output goes to stdout and nothing else does; words for people go to stderr.
 * Numbers are in the C locale, nothing is translated. */

typedef enum {
  CHS_TOOL_DONE = 0,     /* did what was asked */
  CHS_TOOL_FINDINGS = 1, /* did it, and found something; or could do a part only */
  CHS_TOOL_USAGE = 2,    /* the command line makes no sense */
  CHS_TOOL_REFUSED = 3,  /* the input cannot be used; nothing was written */
} ChsToolStatus;

typedef struct {
  const char *name;  /* "decode" */
  const char *usage; /* what follows the name: "--driver=ID FILE|-" */
  const char *help;  /* one line */
  int (*run) (int argc, char **argv); /* argv[0] is the name; returns a ChsToolStatus */
} ChsToolCommand;

/* Each command, in the order of the table. */
int chs_tool_audit (int argc, char **argv);
int chs_tool_check (int argc, char **argv);
int chs_tool_course (int argc, char **argv);
int chs_tool_decode (int argc, char **argv);
int chs_tool_decode_again (int argc, char **argv);
int chs_tool_deidentify (int argc, char **argv);
int chs_tool_demo (int argc, char **argv);
int chs_tool_discover (int argc, char **argv);
int chs_tool_drivers (int argc, char **argv);
int chs_tool_evaluate (int argc, char **argv);
int chs_tool_export (int argc, char **argv);
int chs_tool_health (int argc, char **argv);
int chs_tool_import (int argc, char **argv);
int chs_tool_info (int argc, char **argv);
int chs_tool_links (int argc, char **argv);
int chs_tool_nurse (int argc, char **argv);
int chs_tool_pin (int argc, char **argv);
int chs_tool_ports (int argc, char **argv);
int chs_tool_provision (int argc, char **argv);
int chs_tool_record (int argc, char **argv);
int chs_tool_recover (int argc, char **argv);
int chs_tool_replay (int argc, char **argv);
int chs_tool_retain (int argc, char **argv);
int chs_tool_session (int argc, char **argv);
int chs_tool_setup (int argc, char **argv);
int chs_tool_rules (int argc, char **argv);
int chs_tool_sound (int argc, char **argv);
int chs_tool_tx_ledger (int argc, char **argv);
int chs_tool_watch (int argc, char **argv);

/* Rows of options that several commands have. */
#define CHS_TOOL_OPTION_JSON(into) { "json", 0, 0, G_OPTION_ARG_NONE, into, "One JSON object a line", NULL }
#define CHS_TOOL_OPTION_SOCKET(into) { "socket", 0, 0, G_OPTION_ARG_FILENAME, into, "Socket of the monitor", "PATH" }

/**
 * chs_tool_parse:
 * @argc: (inout): arguments; what the options took is removed
 * @argv: (inout): arguments; argv[0] is the name of the command
 * @entries: options of the command, ended by %G_OPTION_ENTRY_NULL
 * @n_min: fewest words that may remain
 * @n_max: most words that may remain, -1 = any number
 * @status: (out): what to return from the command, set on %FALSE
 *
 * Reads the options of a command. "--help" prints its help and ends it with status 0; anything that does not fit
 * is told on stderr with the usage line.
 *
 * Returns: whether the command should go on
 */
gboolean chs_tool_parse (int                *argc,
                         char             ***argv,
                         const GOptionEntry *entries,
                         int                 n_min,
                         int                 n_max,
                         int                *status);

/**
 * chs_tool_usage:
 * @name: a command
 * @format: what is wrong with its command line, without a full stop
 *
 * Returns: %CHS_TOOL_USAGE, having told so on stderr with the usage line
 */
int chs_tool_usage (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * chs_tool_refuse:
 * @name: a command
 * @error: why the input cannot be used
 *
 * Returns: %CHS_TOOL_REFUSED, having told so on stderr
 */
int chs_tool_refuse (const char *name, const GError *error);

/**
 * chs_tool_connect:
 * @socket_path: (nullable): of a running monitor; NULL = the usual one
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a connection on which nothing was said yet
 */
GDBusConnection *chs_tool_connect (const char *socket_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
