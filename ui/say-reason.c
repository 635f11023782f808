/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include "ui/language.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* Why something is not so, as the monitor, a port or the operating system says it. On the wire and in a recording it is one
 * English sentence made by a known format; here the format is found again, and what it was filled with, and both are said in
 * the language of the screen. So a log, a tool and an old recording need nothing else, and nothing translated is ever stored.
 *
 * tests/lint/po.py holds the table against the sources: each row stands in the file that says it. */

static const char *const formats[] = {
  /* app/command-check.c */
  N_("what is missing"),
  N_("there is no alarm label \"%s\""),
  N_("there is no symptom \"%s\""),
  N_("there is no phase \"%s\""),
  N_("\"%s\" has no alarms of its own; write HR, SPO2, RR, NIBP_SYS or TEMP"),
  N_("value %g is not between %g and %g"),
  N_("its time is not in this session"),
  N_("only before a session, while nothing flows; pause the sound instead"),
  N_("%s is not offered here: the alarm profile says %s = 0"),
  N_("%s cannot be \"%s\": unknown key, or a value out of range"),
  /* app/alarm-limits.c */
  N_("there is no \"%s\" to be set for a session"),
  N_("%s cannot be \"%s\": not a number; give %g to %g %s"),
  N_("%s cannot be %s %s: beyond the extreme limit of %g %s, which stays"),
  N_("%s cannot be %s %s: outside the safe range %g to %g %s"),
  /* app/correction.c */
  N_("there is no such reason"),
  N_("only the newest change of phase can be corrected"),
  N_("a phase cannot begin before the one that it followed"),
  /* app/monitor.c, app/pin.c */
  N_("%s asks for the technician's PIN, and the chair's configuration has none: see chairside-tool pin"),
  N_("that is not the technician's PIN"),
  N_("too many wrong PINs: wait %u s"),
  /* app/admin.c */
  N_("another thing is being done; try again"),
  N_("this needs the technician's PIN"),
  N_("no PIN is set; see chairside-tool pin"),
  N_("a session is running: a test tone could be taken for an alarm"),
  N_("a session is running; take it when the chair is free"),
  N_("there is no stick at %s"),
  N_("the stick is not the one that was looked at"),
  N_("the monitor ends"),
  /* app/client.c */
  N_("the monitor has stopped or closed the connection"),
  N_("the monitor sent something that cannot be read"),
  N_("the monitor does not answer"),
  N_("cannot reach the monitor at %s"),
  N_("no answer at %s"),
  N_("%s speaks protocol %u, this program %d: update the older one"),
  /* app/annunciator.c, app/sound.c */
  N_("sound system does not answer"),
  N_("not opened yet"),
  /* devices/link.c */
  N_("this sounds like %s: adapters or cables swapped?"),
  N_("bytes come, but nothing valid for %.1f s: wrong line settings or driver?"),
  N_("nothing heard for %.1f s"),
  N_("hung up"),
  /* devices/transport-*.c, devices/ports.c */
  N_("hung up (unplugged?)"),
  N_("readable but empty (unplugged?)"),
  N_("closed by the other end"),
  N_("opened for listening only"),
  N_("lost while reading"),
  N_("lost while writing"),
  N_("cannot be opened"),
  N_("cannot connect"),
  N_("no answer within %d s"),
  N_("no such serial port"),
  N_("line settings refused"),
  N_("no such adapter is plugged in (see chairside-tool ports)"),
  N_("more than one port answers to this; name it as chairside-tool ports does"),
};

/* errno, in the words of the C library. */
static const char *const failures[] = {
  N_("No such file or directory"), N_("Permission denied"),        N_("Device or resource busy"), N_("Input/output error"),
  N_("No such device"),            N_("No space left on device"),  N_("Read-only file system"),   N_("Connection refused"),
  N_("Connection reset by peer"),  N_("Connection timed out"),     N_("No route to host"),        N_("Network is unreachable"),
  N_("Name or service not known"),
};

/* Ids that stand in refusals. */
static const struct {
  const char *id, *words;
} ids[] = {
  { "ack", N_("Seen") },
  { "audio_pause", N_("Pause of the sound") },
  { "audio_off", N_("Sound off") },
  { "alarm_pause", N_("Pause of the alarms") },
  { "alarm_off", N_("Alarms off") },
  { "symptom", N_("Symptom") },
  { "phase", N_("Phase") },
  { "correction", N_("Correction") },
  { "score", N_("Score") },
  { "site_check", N_("Site check") },
};

/* ---- a format and what it was filled with ---- */

#define MOST_ARGS 6
#define LONGEST 500 /* bytes; what is longer is no reason, and each ": " in it would be looked at */

/* Behind the directive that begins at @at, and which argument it is where it says so ("%2$s"), else @next. */
static const char *
skip_directive (const char *at, guint *next)
{
  char *end;

  at++;
  if (g_ascii_isdigit (*at) && strtoul (at, &end, 10) > 0 && *end == '$')
    *next = (guint) strtoul (at, &end, 10) - 1;
  while (*at && !g_ascii_isalpha (*at))
    at++;

  return *at ? at + 1 : at;
}

static const char *
find_directive (const char *format)
{
  const char *at = strchr (format, '%');

  return at ? at : format + strlen (format);
}

/* @args: what stands in @text in the places of the directives of @format. */
static gboolean
match (const char *format, const char *text, char **args)
{
  guint n = 0, unused = 0;

  for (;;) {
    const char      *directive = find_directive (format), *behind, *end;
    g_autofree char *next = NULL;

    if (strncmp (text, format, (gsize) (directive - format)) != 0)
      return FALSE;
    text += directive - format;
    if (*directive == '\0')
      return *text == '\0';
    behind = skip_directive (directive, &unused);
    next = g_strndup (behind, (gsize) (find_directive (behind) - behind));
    end = *next ? strstr (text, next) : text + strlen (text);
    if (end == NULL || end == text || n == MOST_ARGS)
      return FALSE;
    args[n++] = g_strndup (text, (gsize) (end - text));
    text = end;
    format = behind;
  }
}

/* Nothing but text is put in, whatever the directive. */
static char *
fill (const char *format, char **args)
{
  GString *text = g_string_new (NULL);
  guint    next = 0;

  for (;;) {
    const char      *directive = find_directive (format);
    g_autofree char *words = NULL;

    g_string_append_len (text, format, directive - format);
    if (*directive == '\0')
      return g_string_free (text, FALSE);
    format = skip_directive (directive, &next);
    words = next < MOST_ARGS && args[next] ? chs_say_reason (args[next]) : NULL;
    g_string_append (text, words ? words : "");
    next++;
  }
}

static char *
say_format (const char *text)
{
  char *words = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (formats) && words == NULL; i++) {
    char *args[MOST_ARGS] = { NULL };

    if (match (formats[i], text, args))
      words = fill (_(formats[i]), args);
    for (guint k = 0; k < MOST_ARGS; k++)
      g_free (args[k]);
  }

  return words;
}

/* ---- what is no sentence ---- */

static char *
say_id (const char *text)
{
  const ChsLimitInfo *limit = chs_limit_find (text);
  ChsUnit             unit = chs_unit_from_ucum (text);

  if (limit)
    return chs_say_limit (limit);
  if (unit != CHS_UNIT_NONE)
    return g_strdup (_(chs_unit_info (unit)->label));
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    if (strcmp (ids[i].id, text) == 0)
      return g_strdup (_(ids[i].words));
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (strcmp (failures[i], text) == 0)
      return g_strdup (_(failures[i]));

  return NULL;
}

/* An address, a path, a number: left as it is, and by itself in a line that runs from right to left. */
static char *
say_argument (const char *arg)
{
  char *words = say_id (arg);

  if (words)
    return words;

  return chs_language_is_rtl () ? g_strdup_printf ("\u2068%s\u2069", arg) : g_strdup (arg);
}

/* The place first, the reason behind it: "/dev/ttyUSB0: cannot be opened: Permission denied". */
static char *
say_parts (const char *text)
{
  const char      *colon = strstr (text, ": ");
  g_autofree char *head = colon ? g_strndup (text, (gsize) (colon - text)) : NULL, *place = NULL, *rest = NULL;

  if (colon == NULL)
    return say_argument (text);
  place = chs_say_reason (head);
  rest = chs_say_reason (colon + 2);

  /* Translators: a place or an entry, and what is wrong with it */
  return g_strdup_printf (_("%1$s: %2$s"), place, rest);
}

char *
chs_say_reason (const char *text)
{
  char *words = strlen (text) <= LONGEST ? say_format (text) : g_strdup (text);

  return words ? words : say_parts (text);
}

char *
chs_say_outcome (const char *refused, const char *done)
{
  return refused ? chs_say_reason (refused) : g_strdup (done);
}
