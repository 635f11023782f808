/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described.h"

#include <string.h>

/* The words that command a pump, of every protocol that the notes know. Matched in capitals.
 *
 * Tokens are runs of letters, digits and "_"; the digits before a token's first letter are an address. */

typedef enum {
  ANYWHERE, /* wherever it stands, in a longer word too */
  TOKEN,    /* as a token of its own */
  NUMBERED, /* as the beginning of a token that goes on to a digit: a query becomes a setting by its argument */
  ARGUMENT, /* as a token that another one follows */
} Where;

static const struct {
  const char *word;
  Where       where;
} words[] = {
  /* start, stop, hold */
  { "RUN", ANYWHERE }, { "STP", ANYWHERE }, { "STOP", ANYWHERE }, { "START", ANYWHERE }, { "STRT", ANYWHERE },
  { "PAUS", ANYWHERE }, { "RESUM", ANYWHERE }, { "EXIT", TOKEN }, { "HEXW", ANYWHERE },
  /* Alaris Asena, NeuroWave: remote control */
  { "INF_", ANYWHERE }, { "REMOTE", ANYWHERE }, { "REMQUERY", ANYWHERE }, { "CNTLREQ", ANYWHERE }, { "INFPROG", ANYWHERE },
  { "INFPAUS", ANYWHERE }, { "INFRESM", ANYWHERE },
  /* rates, volumes, boluses */
  { "RATE=", ANYWHERE }, { "PRIRATE", ANYWHERE }, { "VTBI", ANYWHERE }, { "BOL", ANYWHERE }, { "CHGR", ANYWHERE },
  { "CHKR", ANYWHERE }, { "TVOLUME", ANYWHERE }, { "RATE", ARGUMENT }, { "IRATE", ARGUMENT }, { "WRATE", ARGUMENT },
  { "VOLUME", ARGUMENT }, { "MLH", TOKEN }, { "MLM", TOKEN }, { "ULH", TOKEN }, { "ULM", TOKEN }, { "MMD", TOKEN }, { "MLT", TOKEN },
  { "RAT", NUMBERED }, { "VOL", NUMBERED }, { "VOLML", TOKEN }, { "VOLUL", TOKEN }, { "DIA", NUMBERED }, { "DIAM", ANYWHERE },
  /* counters cleared */
  { "CLR", ANYWHERE }, { "CLV", ANYWHERE }, { "CLT", ANYWHERE }, { "CLD", ANYWHERE }, { "CIV", ANYWHERE }, { "CWV", ANYWHERE },
  { "CTV", ANYWHERE }, { "ZTOT", ANYWHERE },
  /* directions, phases, programs, safety */
  { "PUR", ANYWHERE }, { "SAF", ANYWHERE }, { "REV", TOKEN }, { "DIR", TOKEN }, { "DIRINF", ANYWHERE }, { "DIRREV", ANYWHERE },
  { "DIRWDR", ANYWHERE }, { "PHN", NUMBERED }, { "FUN", ANYWHERE }, { "TRG", ANYWHERE }, { "OUT", NUMBERED }, { "LOC", NUMBERED },
  { "MODE", TOKEN }, { "SYRM", ANYWHERE }, { "LOAD", TOKEN }, { "FORCE", ANYWHERE }, { "SET", TOKEN },
  /* the line itself */
  { "ADR", NUMBERED }, { "ADDR", TOKEN }, { "BAUD", ANYWHERE }, { "ECHO", TOKEN }, { "POLL", TOKEN }, { "NVRAM", ANYWHERE },
  { "BP", NUMBERED }, { "AL", NUMBERED }, { "PF", NUMBERED },
  /* Graseby, Orchestra and Pilote: one or two letters */
  { "I", TOKEN }, { "O", TOKEN }, { "P", TOKEN }, { "MO", TOKEN }, { "PR", TOKEN }, { "PO", TOKEN }, { "PB", TOKEN },
  { "PF", TOKEN }, { "PV", TOKEN }, { "RV", TOKEN }, { "PP", TOKEN }, { "PS", TOKEN }, { "EP", TOKEN }, { "AP", TOKEN },
  { "EN", TOKEN }, { "RZ", TOKEN }, { "OF", TOKEN }, { "SI", TOKEN },
};

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Moves @text behind the next token; FALSE when there is none. */
static gboolean
next_token (const char **text, const char **token, gsize *n)
{
  const char *p = *text;

  while (*p != '\0' && !is_word_byte (*p))
    p++;
  *token = p;
  while (is_word_byte (*p))
    p++;
  *n = (gsize) (p - *token);
  *text = p;
  return *n > 0;
}

static void
skip_address (const char **token, gsize *n)
{
  while (*n > 1 && g_ascii_isdigit (**token)) {
    (*token)++;
    (*n)--;
  }
}

static gboolean
is_token (const char *token, gsize n, const char *rest, const char *word, Where where)
{
  gsize n_word = strlen (word);
  const char *more;
  gsize n_more;

  if (n < n_word || strncmp (token, word, n_word) != 0)
    return FALSE;
  if (where == NUMBERED)
    for (gsize i = n_word; i < n; i++)
      if (g_ascii_isdigit (token[i]))
        return TRUE;
  if (where == NUMBERED || n != n_word)
    return FALSE;
  return where == TOKEN || next_token (&rest, &more, &n_more);
}

static gboolean
stands_in (const char *text, const char *word, Where where)
{
  const char *token;
  gsize n;

  if (where == ANYWHERE)
    return strstr (text, word) != NULL;
  while (next_token (&text, &token, &n)) {
    skip_address (&token, &n);
    if (is_token (token, n, text, word, where))
      return TRUE;
  }
  return FALSE;
}

/* Zyno: W writes, K presses a key; behind it an index and hexadecimal digits. */
static gboolean
is_zyno_write (const guint8 *bytes, const char *text)
{
  const char *token;
  gsize n, n_hex = 1;

  if (bytes[0] == 0x02 && (text[1] == 'W' || text[1] == 'K'))
    return TRUE;
  if (!next_token (&text, &token, &n))
    return FALSE;
  skip_address (&token, &n);
  if (token[0] != 'W' && token[0] != 'K')
    return FALSE;
  while (n_hex < n && g_ascii_isxdigit (token[n_hex]))
    n_hex++;
  return n_hex == n;
}

/* Binary frames command instruments as well; only text is sent, with the marks that frame it. */
static gboolean
is_text_byte (guint8 c)
{
  return (c >= ' ' && c <= '~') || (c != '\0' && strchr ("\x02\x03\x04\x05\t\r\n", c) != NULL);
}

char *
chs_described_find_control (const guint8 *bytes, gsize n)
{
  g_autofree char *text = g_ascii_strup ((const char *) bytes, (gssize) n);
  gboolean says_something = FALSE;

  for (gsize i = 0; i < n; i++) {
    if (!is_text_byte (bytes[i]))
      return g_strdup_printf ("byte 0x%02X is not text: binary requests are not for a key file", bytes[i]);
    says_something |= g_ascii_isalnum (bytes[i]) || bytes[i] == '?' || bytes[i] == 0x05;
  }
  if (!says_something)
    return g_strdup ("nothing but line ends: a bare carriage return stops every pump of a Cole-Parmer or KDS chain");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (stands_in (text, words[i].word, words[i].where))
      return g_strdup_printf ("\"%s\" commands a pump", words[i].word);
  if (is_zyno_write (bytes, text))
    return g_strdup ("a frame that begins with W or K writes to a Zyno pump or presses its keys");
  return NULL;
}
