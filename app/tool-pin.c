/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/pin.h"
#include "app/provision.h"
#include "data/ini.h"
#include "data/read-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Asks for a PIN on the terminal, twice, without showing it, and prints its hash or sets
 * it. Never from the command line (others can see it) and never from a pipe (a history
 * would keep it). */

#define LINE_MAX_BYTES 64

/* Returns bytes read without the newline, or -1. */
static gssize
read_line (int fd, char *line)
{
  gsize n = 0;
  char c;

  while (n < LINE_MAX_BYTES - 1 && read (fd, &c, 1) == 1) {
    if (c == '\n') {
      line[n] = '\0';
      return (gssize) n;
    }
    line[n++] = c;
  }
  return -1;
}

static gboolean
say (int fd, const char *text)
{
  return write (fd, text, strlen (text)) == (gssize) strlen (text);
}

/* @out holds LINE_MAX_BYTES. */
static gboolean
ask (int fd, const char *prompt, char *out)
{
  struct termios before, silent;
  gboolean good;

  if (tcgetattr (fd, &before) != 0)
    return FALSE;
  silent = before;
  silent.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
  silent.c_lflag |= ICANON;
  tcsetattr (fd, TCSAFLUSH, &silent);
  good = say (fd, prompt) && read_line (fd, out) >= 0 && say (fd, "\n");
  tcsetattr (fd, TCSAFLUSH, &before);
  return good;
}

static gboolean
refuse (GError **error, ChsPinError code, const char *message)
{
  g_set_error_literal (error, CHS_PIN_ERROR, (int) code, message);
  return FALSE;
}

static char *
dup_hash (int fd, GError **error)
{
  char first[LINE_MAX_BYTES] = "", second[LINE_MAX_BYTES] = "";
  char *hash = NULL;

  if (!ask (fd, "New PIN (4 to 12 digits): ", first) || !ask (fd, "The same again: ", second))
    refuse (error, CHS_PIN_ERROR_STATE, "cannot read from the terminal");
  else if (strcmp (first, second) != 0)
    refuse (error, CHS_PIN_ERROR_WRONG, "these were two different PINs");
  else
    hash = chs_pin_hash (first, error);
  explicit_bzero (first, sizeof first);
  explicit_bzero (second, sizeof second);
  return hash;
}

static gboolean
set_in_file (const char *path, const char *hash, GError **error)
{
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (path, error);
  g_autofree char *who = g_strdup_printf ("user %s", g_get_user_name ()), *text = NULL, *next = NULL;
  gsize n;

  if (config == NULL || (text = chs_read_file (path, CHS_CHAIR_MAX_BYTES, &n, error)) == NULL)
    return FALSE;
  next = chs_ini_dup_set (text, "access", "pin_hash", hash);
  return chs_config_audit (config->recordings, g_get_real_time (), who, "setting", "access.pin_hash", "set on a terminal", error)
         && chs_config_write (path, next, error);
}

static int
finish (const char *config_path, const char *hash)
{
  g_autoptr (GError) error = NULL;

  if (config_path == NULL) {
    printf ("pin_hash = %s\n", hash);
    return CHS_TOOL_DONE;
  }
  if (!set_in_file (config_path, hash, &error))
    return chs_tool_refuse ("pin", error);
  fprintf (stderr, "set in %s. A running monitor takes it at its next start.\n", config_path);
  return CHS_TOOL_DONE;
}

int
chs_tool_pin (int argc, char **argv)
{
  g_autofree char *config_path = NULL, *hash = NULL;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config_path, "Set it in this configuration, instead of printing the line for it", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  int status, fd;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  fd = open ("/dev/tty", O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return chs_tool_usage ("pin", "a PIN is asked for on a terminal, and there is none here");
  hash = dup_hash (fd, &error);
  close (fd);
  return hash != NULL ? finish (config_path, hash) : chs_tool_refuse ("pin", error);
}
