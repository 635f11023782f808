/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* Sorted by name. A command: its own file app/tool-<name>.c, a prototype in tool.h,
 * a row here, a line in meson.build. */
static const ChsToolCommand commands[] = {
  { "audit", "[--json] --config=FILE|DIR", "who changed what at a chair, and whether the log is whole", chs_tool_audit },
  { "check", "[--json] FILE...", "recordings and configuration files: whole, or what is wrong with them", chs_tool_check },
  { "course", "[--folder=DIR] [--json] PATIENT-ID [--call=SESSION-ID [--pain=N] [--fatigue=N] [--by=NAME]] | --due",
    "the sessions of one patient, pain and fatigue, and the calls after them", chs_tool_course },
  { "decode", "--driver=ID [--option=KEY=VALUE]... FILE|-", "raw bytes of an instrument to events, one JSON object a line",
    chs_tool_decode },
  { "decode-again", "[--json] SESSION", "the raw bytes of a session through today's decoders: what differs", chs_tool_decode_again },
  { "deidentify", "[--key=FILE] [--keep-notes] [--keep-raw] SESSION --out=SESSION",
    "a recording without the person; tells what is still in it", chs_tool_deidentify },
  { "demo", "[--scenario=NAME|FILE] [--screen|--bare] [--seconds=N]", "a chair with simulated instruments, to look at",
    chs_tool_demo },
  { "discover", "[--json] [--seconds=S] ADDRESS", "what is talking at a port, by listening alone", chs_tool_discover },
  { "drivers", "[--json]", "the instruments that can be listened to, and how well each is proven", chs_tool_drivers },
  { "evaluate", "[--truth=DIR] [--profile=FILE] [--jobs=N] [--findings] [--json] PATH...",
    "the engine judged on labelled scenarios: sensitivity, delays, false alarms", chs_tool_evaluate },
  { "export", "--format=FORMAT [--at=S] [--language=ID] [--deidentify [--key=FILE] [--keep-notes]] SESSION --out=FILE|--mllp=HOST:PORT", "a recording in the format of another tool", chs_tool_export },
  { "health", "[--json] [--socket=PATH]", "how a running monitor and its machine are; findings give status 1", chs_tool_health },
  { "import", "[--json] FILE --out=SESSION.chairside", "a file of another make as a recording; says what is missing",
    chs_tool_import },
  { "info", "[--json] SESSION", "a recording at a glance: patient, therapy, tracks, gaps, alarms", chs_tool_info },
  { "links", "[--socket=PATH]", "the instruments of a running monitor, for the technician", chs_tool_links },
  { "nurse", "[--socket=PATH] [--value=N] [--text=TEXT] [--pin] [--who=NAME] ACTION [WHAT]",
    "an action of the nurse, told to a running monitor", chs_tool_nurse },
  { "pin", "[--config=FILE]", "asks for the technician's PIN on the terminal, prints or sets its hash", chs_tool_pin },
  { "ports", "[--json]", "the serial ports of this machine, with names that stay", chs_tool_ports },
  { "provision", "[--config=FILE] [--json] keygen SECRET PUBLIC | export [--key=FILE] STICK | verify [--keys=FILE] STICK | import STICK",
    "a chair's configuration on a USB stick, signed", chs_tool_provision },
  { "record", "--config=FILE --out=DIR [--duration=S] [--no-sound]", "record a chair; prints its alarms", chs_tool_record },
  { "recover", "SESSION --out=SESSION", "saves what is whole in a damaged recording into a new one", chs_tool_recover },
  { "replay", "[--therapy=ID] [--profile=FILE] [--speed=N|max] [--alarm-log=FILE.csv] [--json] SESSION|SCENARIO.csv",
    "the alarms of the engine over a recording or a scenario", chs_tool_replay },
  { "retain", "[--keep-days=N] [--min-free-mib=N] [--remove-unexported] [--dry-run] [--json] FOLDER | --config=FILE",
    "removes old recordings by the chair's policy; each removal is in the audit log", chs_tool_retain },
  { "session", "[--socket=PATH] new", "ends the session of a running monitor and begins another one", chs_tool_session },
  { "setup", "[--socket=PATH] KEY=VALUE...", "keys of the session, told to a running monitor", chs_tool_setup },
  { "rules", "[--format=markdown|json] [--profile=FILE]", "every alarm rule with its evidence, delays, priority and source",
    chs_tool_rules },
  { "sound", "[--priority=ID] [--melody=ID] [--out=FILE.wav]", "an alarm sound, played or written to a file", chs_tool_sound },
  { "tx-ledger", "[--json] [DRIVER|SESSION]", "all that can ever be sent to an instrument, or was sent in a session",
    chs_tool_tx_ledger },
  { "watch", "[--socket=PATH] [--once] [--json] [--screen]", "what a running monitor sees", chs_tool_watch },
};

static const ChsToolCommand *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
print_help (FILE *out)
{
  fputs ("Usage: chairside-tool COMMAND [ARGUMENTS]\n"
         "\n"
         "Commands (each with --help):\n",
         out);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (out, "  %-12s %s\n", commands[i].name, commands[i].help);
  fputs ("\n"
         "Exit status: 0 done, 1 findings or done in part, 2 wrong usage, 3 input refused.\n"
         "Chairside only listens to instruments. It is not a certified medical device.\n",
         out);
}

int
chs_tool_usage (const char *name, const char *format, ...)
{
  const ChsToolCommand *command = find_command (name);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "chairside-tool %s: %s\n", name, text);
  fprintf (stderr, "usage: chairside-tool %s %s\n", name, command != NULL ? command->usage : "");
  return CHS_TOOL_USAGE;
}

int
chs_tool_refuse (const char *name, const GError *error)
{
  fprintf (stderr, "chairside-tool %s: %s\n", name, error->message);
  return CHS_TOOL_REFUSED;
}

static gboolean
wants_help (int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--") == 0)
      return FALSE;
    if (strcmp (argv[i], "--help") == 0 || strcmp (argv[i], "-h") == 0)
      return TRUE;
  }
  return FALSE;
}

/* A "--" that ended the options is not a word of the command. */
static void
drop_double_dash (int *argc, char **argv)
{
  if (*argc < 2 || strcmp (argv[1], "--") != 0)
    return;
  memmove (&argv[1], &argv[2], (gsize) (*argc - 1) * sizeof *argv);
  *argc -= 1;
}

gboolean
chs_tool_parse (int                *argc,
                char             ***argv,
                const GOptionEntry *entries,
                int                 n_min,
                int                 n_max,
                int                *status)
{
  const ChsToolCommand *command = find_command ((*argv)[0]);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *name = (*argv)[0];

  g_return_val_if_fail (command != NULL, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  /* GOption's own help would print the program's name without the command and leave the process. */
  g_option_context_set_help_enabled (context, FALSE);
  if (wants_help (*argc, *argv)) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    const char *options = strstr (help, "\n\n"); /* behind a usage line without the command */

    printf ("Usage: chairside-tool %s %s\n\n%s%s", name, command->usage, command->help, options != NULL ? options : "\n");
    *status = CHS_TOOL_DONE;
    return FALSE;
  }
  if (!g_option_context_parse (context, argc, argv, &error)) {
    *status = chs_tool_usage (name, "%s", error->message);
    return FALSE;
  }
  drop_double_dash (argc, *argv);
  if (*argc - 1 < n_min || (n_max >= 0 && *argc - 1 > n_max)) {
    *status = chs_tool_usage (name, *argc - 1 < n_min ? "something is missing" : "\"%s\" is too much", (*argv)[*argc - 1]);
    return FALSE;
  }
  return TRUE;
}

int
main (int argc, char **argv)
{
  const ChsToolCommand *command;
  int status;

  /* Only the character set: numbers stay as in the C locale. */
  setlocale (LC_CTYPE, "");
  if (argc < 2) {
    print_help (stderr);
    return CHS_TOOL_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
    print_help (stdout);
    return CHS_TOOL_DONE;
  }
  if (strcmp (argv[1], "--version") == 0) {
    puts ("chairside-tool " CHS_VERSION);
    return CHS_TOOL_DONE;
  }
  command = find_command (argv[1]);
  if (command == NULL) {
    fprintf (stderr, "chairside-tool: there is no command \"%s\"; see chairside-tool --help\n", argv[1]);
    return CHS_TOOL_USAGE;
  }
  status = command->run (argc - 1, argv + 1);
  if (fflush (stdout) != 0) {
    fprintf (stderr, "chairside-tool %s: cannot write the output: %s\n", command->name, g_strerror (errno));
    return CHS_TOOL_FINDINGS;
  }
  return status;
}
