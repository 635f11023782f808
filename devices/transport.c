/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/transport.h"

#include "devices/transport-classes.h"

#include <string.h>

G_DEFINE_QUARK (chs-link-error-quark, chs_link_error)

static const ChsTransportClass *const classes[] = {
  &chs_transport_serial,
  &chs_transport_usb,
  &chs_transport_tty,
  &chs_transport_tcp,
  &chs_transport_dialogue,
};

#define BAUD_MIN 50
#define BAUD_MAX 4000000

/* ---- line settings ---- */

static gboolean
parse_frame (const char *text, ChsLine *line)
{
  if (strlen (text) != 3)
    return FALSE;
  line->data_bits = (unsigned) (text[0] - '0');
  line->stop_bits = (unsigned) (text[2] - '0');
  switch (g_ascii_tolower (text[1])) {
  case 'n':
    line->parity = CHS_PARITY_NONE;
    break;
  case 'e':
    line->parity = CHS_PARITY_EVEN;
    break;
  case 'o':
    line->parity = CHS_PARITY_ODD;
    break;
  default:
    return FALSE;
  }
  return (line->data_bits == 7 || line->data_bits == 8) && (line->stop_bits == 1 || line->stop_bits == 2);
}

static gboolean
parse_signal (const char *text, ChsLine *line)
{
  int *signal = g_str_has_prefix (text, "rts=") ? &line->rts : g_str_has_prefix (text, "dtr=") ? &line->dtr : NULL;

  if (signal == NULL || (strcmp (text + 4, "0") != 0 && strcmp (text + 4, "1") != 0))
    return FALSE;
  *signal = text[4] - '0';
  return TRUE;
}

gboolean
chs_line_parse (const char *text, ChsLine *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, "/", -1);
  ChsLine parsed = { .rts = -1, .dtr = -1 };
  guint64 baud = 0;
  gboolean good = g_strv_length (words) >= 2
                  && g_ascii_string_to_unsigned (words[0], 10, BAUD_MIN, BAUD_MAX, &baud, NULL)
                  && parse_frame (words[1], &parsed);

  for (guint i = 2; good && words[i] != NULL; i++)
    good = parse_signal (words[i], &parsed);
  if (!good) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS,
                 "line settings \"%s\" cannot be understood: write them as 9600/8n1 or 19200/8e1/rts=1/dtr=0", text);
    return FALSE;
  }
  parsed.baud = (unsigned) baud;
  *line = parsed;
  return TRUE;
}

gint64
chs_line_ns_per_byte (const ChsLine *line)
{
  unsigned bits = 1 + line->data_bits + (line->parity != CHS_PARITY_NONE ? 1 : 0) + line->stop_bits;

  return G_GINT64_CONSTANT (1000000000) * bits / line->baud;
}

/* ---- addresses ---- */

typedef struct {
  const ChsTransportClass *klass;
  char                    *where;
  ChsLine                  line;
} Address;

static void
address_clear (Address *address)
{
  g_clear_pointer (&address->where, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Address, address_clear)

static const ChsTransportClass *
find_class (const char *address, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    if (g_str_has_prefix (address, classes[i]->prefix))
      return classes[i];
    g_string_append_printf (known, " %s", classes[i]->prefix);
  }
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS, "address \"%s\" begins with none of%s", address, known->str);
  return NULL;
}

static gboolean
parse_address (const char *text, const char *default_line, Address *address, GError **error)
{
  const char *line = strrchr (text, '?');

  address->klass = find_class (text, error);
  if (address->klass == NULL)
    return FALSE;
  text += strlen (address->klass->prefix);
  address->where = line != NULL ? g_strndup (text, (gsize) (line - text)) : g_strdup (text);
  if (address->where[0] == '\0') {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS, "address \"%s\" names no port",
                 address->klass->prefix);
    return FALSE;
  }
  if (line != NULL && !address->klass->has_line) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS,
                 "address \"%s%s\" has line settings, which %s does not take: leave \"%s\" out", address->klass->prefix, text,
                 address->klass->prefix, line);
    return FALSE;
  }
  return chs_line_parse (line != NULL ? line + 1 : default_line, &address->line, error);
}

/* ---- public ---- */

const char *const *
chs_transport_prefixes (void)
{
  static const char *prefixes[G_N_ELEMENTS (classes) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    prefixes[i] = classes[i]->prefix;
  return prefixes;
}

gboolean
chs_transport_check (const char *address, const char *default_line, GError **error)
{
  g_auto (Address) parsed = { NULL };

  return parse_address (address, default_line, &parsed, error);
}

ChsTransport *
chs_transport_open (const char *address, const char *default_line, gboolean read_only, GError **error)
{
  g_auto (Address) parsed = { NULL };

  if (!parse_address (address, default_line, &parsed, error))
    return NULL;
  return parsed.klass->open (parsed.where, &parsed.line, read_only, error);
}

gboolean
chs_transport_has_line (const char *address)
{
  const ChsTransportClass *klass = find_class (address, NULL);

  return klass != NULL && klass->has_line;
}

guint64
chs_transport_presence (const char *address)
{
  g_auto (Address) parsed = { NULL };

  /* Any line will do: only the place is asked for. */
  if (!parse_address (address, "9600/8n1", &parsed, NULL) || parsed.klass->presence == NULL)
    return 0;
  return parsed.klass->presence (parsed.where);
}

gboolean
chs_transport_is_open (ChsTransport *self)
{
  return self->klass->is_open == NULL || self->klass->is_open (self);
}

void
chs_transport_close (ChsTransport *self)
{
  self->klass->close (self);
}
