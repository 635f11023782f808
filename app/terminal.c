/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/terminal.h"

#include <glib-unix.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define PLAIN_WIDTH 100
#define PLAIN_HEIGHT 30

/* ECMA-48 and xterm control sequences. */
#define ENTER "\033[?1049h\033[?25l" /* alternate screen, no cursor */
#define LEAVE "\033[?25h\033[?1049l"
#define HOME "\033[H"
#define TO_END_OF_LINE "\033[K"
#define TO_END_OF_SCREEN "\033[J"

struct _ChsTerminal {
  gboolean is_live;
  struct termios before;
  guint key_source;
  ChsTerminalKeyFunc func;
  gpointer user_data;
};

static gboolean
on_keys (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer user_data)
{
  ChsTerminal *self = user_data;
  char keys[16];
  gssize n = read (fd, keys, sizeof keys);

  if (n <= 0) {
    self->key_source = 0;
    return G_SOURCE_REMOVE;
  }
  /* Cursor and function keys come as sequences that begin with ESC: none of them means anything here. */
  if (keys[0] == '\033')
    return G_SOURCE_CONTINUE;
  for (gssize i = 0; i < n; i++)
    self->func (keys[i], self->user_data);
  return G_SOURCE_CONTINUE;
}

ChsTerminal *
chs_terminal_new (ChsTerminalKeyFunc func, gpointer user_data)
{
  ChsTerminal *self = g_new0 (ChsTerminal, 1);
  struct termios raw;

  self->func = func;
  self->user_data = user_data;
  self->is_live = isatty (STDIN_FILENO) && isatty (STDOUT_FILENO) && tcgetattr (STDIN_FILENO, &self->before) == 0;
  if (!self->is_live)
    return self;
  raw = self->before;
  raw.c_lflag &= ~(tcflag_t) (ICANON | ECHO);
  tcsetattr (STDIN_FILENO, TCSANOW, &raw);
  self->key_source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_keys, self);
  fputs (ENTER, stdout);
  fflush (stdout);
  return self;
}

void
chs_terminal_free (ChsTerminal *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->key_source, g_source_remove);
  if (self->is_live) {
    fputs (LEAVE, stdout);
    fflush (stdout);
    tcsetattr (STDIN_FILENO, TCSANOW, &self->before);
  }
  g_free (self);
}

gboolean
chs_terminal_is_live (const ChsTerminal *self)
{
  return self->is_live;
}

static int
from_environment (const char *name, int otherwise)
{
  guint64 value;
  const char *text = g_getenv (name);

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 1, 1000, &value, NULL) ? (int) value : otherwise;
}

void
chs_terminal_get_size (const ChsTerminal *self, int *width, int *height)
{
  struct winsize size;

  *width = from_environment ("COLUMNS", PLAIN_WIDTH);
  *height = from_environment ("LINES", PLAIN_HEIGHT);
  if (!self->is_live || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return;
  *width = size.ws_col;
  *height = size.ws_row;
}

void
chs_terminal_show (ChsTerminal *self, const char *frame)
{
  if (!self->is_live) {
    printf ("%s\n\n", frame);
    fflush (stdout);
    return;
  }
  fputs (HOME, stdout);
  for (const char *p = frame; *p != '\0'; p++) {
    if (*p == '\n')
      fputs (TO_END_OF_LINE, stdout);
    putchar (*p);
  }
  fputs (TO_END_OF_LINE TO_END_OF_SCREEN, stdout);
  fflush (stdout);
}
