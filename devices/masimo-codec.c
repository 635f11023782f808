/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/masimo-codec.h"

#include "devices/ascii.h"

#include <math.h>
#include <string.h>

/* Forms of a value, '9' for a digit, as printed by the models seen; another number of digits is a torn line. A percent
 * sign may follow or not. Gates: the instrument's own range. */
static const struct {
  const char *key;
  const char *form;
  double      high;
} values[CHS_N_MASIMO_VALUES] = {
  [CHS_MASIMO_SPO2] = { "SPO2", "999", 100 },  [CHS_MASIMO_BPM] = { "BPM", "999", 300 },
  [CHS_MASIMO_PI] = { "PI", "99.99", 20.0 },   [CHS_MASIMO_SPCO] = { "SPCO", NULL, 100 },
  [CHS_MASIMO_SPMET] = { "SPMET", NULL, 100 }, [CHS_MASIMO_SPHB] = { "SPHB", NULL, 25 },
  [CHS_MASIMO_PVI] = { "PVI", NULL, 100 },
};

/* Keys that are known and not used. */
static const char *const others[] = { "DESAT", "PIDELTA", "SPOC", "RESVD", "EXC1" };

#define SEEN_SERIAL (1u << CHS_N_MASIMO_VALUES)
#define SEEN_ALARM (2u << CHS_N_MASIMO_VALUES)
#define SEEN_EXC (4u << CHS_N_MASIMO_VALUES)
#define NEEDED (1u << CHS_MASIMO_SPO2 | 1u << CHS_MASIMO_BPM | SEEN_ALARM | SEEN_EXC)

static bool
is_dashes (ChsWord value, const char *form)
{
  char dashes[8];
  size_t n = strlen (form);

  for (size_t i = 0; i <= n; i++)
    dashes[i] = form[i] == '9' ? '-' : form[i];
  return value.n == n && memcmp (value.text, dashes, n) == 0;
}

/* Values without a form differ between models: dashes anywhere mean no value, else a plain number. */
static bool
read_value (ChsWord value, unsigned id, double *out)
{
  const char *form = values[id].form;

  if (value.n > 0 && value.text[value.n - 1] == '%')
    value.n--;
  *out = (double) NAN;
  if (value.n == 0)
    return false;
  if (form != NULL ? is_dashes (value, form) : memchr (value.text, '-', value.n) != NULL)
    return true;
  if (form != NULL && !chs_text_word_is (value, form))
    return false;
  return chs_ascii_number (value.text, value.n, out) && *out <= values[id].high;
}

/* Two to eight digits; how many is kept in four bits of @layout. */
static bool
read_hex (ChsWord value, uint32_t *out, uint16_t *layout)
{
  *layout = (uint16_t) (*layout << 4 | (value.n & 15));
  return value.n >= 2 && chs_ascii_hex (value.text, value.n, out);
}

static bool
read_serial (ChsWord value, char serial[11])
{
  if (value.n != 10)
    return false;
  for (size_t i = 0; i < value.n; i++)
    if (value.text[i] != '-' && (value.text[i] < '0' || value.text[i] > '9'))
      return false;
  memcpy (serial, value.text, value.n);
  serial[value.text[0] == '-' ? 0 : value.n] = '\0';
  return true;
}

static bool
key_is (ChsWord key, const char *name)
{
  return strlen (name) == key.n && memcmp (key.text, name, key.n) == 0;
}

/* Once a line: a key that stands twice is two lines run together. */
static bool
mark (unsigned *seen, unsigned bit)
{
  bool is_new = (*seen & bit) == 0;

  *seen |= bit;
  return is_new;
}

static bool
read_pair (ChsWord key, ChsWord value, ChsMasimoLine *out, unsigned *seen, uint16_t *layout, uint64_t *unknown)
{
  for (unsigned i = 0; i < CHS_N_MASIMO_VALUES; i++)
    if (key_is (key, values[i].key))
      return mark (seen, 1u << i) && read_value (value, i, &out->value[i]);
  if (key_is (key, "SN"))
    return mark (seen, SEEN_SERIAL) && read_serial (value, out->serial);
  if (key_is (key, "ALARM"))
    return mark (seen, SEEN_ALARM) && read_hex (value, &out->alarm, layout);
  if (key_is (key, "EXC"))
    return mark (seen, SEEN_EXC) && read_hex (value, &out->exceptions, layout);
  for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++)
    if (key_is (key, others[i]))
      return true;
  *unknown += 1;
  return true;
}

/* Another number of digits is believed when two lines in a row have it. */
static bool
has_known_layout (ChsMasimo *self, uint16_t layout)
{
  bool fits = self->layout == 0 || layout == self->layout || layout == self->refused_layout;

  self->refused_layout = fits ? 0 : layout;
  if (fits)
    self->layout = layout;
  return fits;
}

static bool
decode (ChsMasimo *self, const char *text, ChsMasimoLine *out)
{
  ChsWord date = chs_text_word (&text), time = chs_text_word (&text);
  uint16_t layout = 0;
  unsigned seen = 0;

  *out = (ChsMasimoLine) { 0 };
  for (unsigned i = 0; i < CHS_N_MASIMO_VALUES; i++)
    out->value[i] = (double) NAN;
  if (!chs_text_word_is (date, "99/99/99") || !chs_text_word_is (time, "99:99:99"))
    return false;
  memcpy (out->clock, date.text, 17); /* one blank between them, or the next test fails */
  if (time.text != date.text + 9)
    return false;
  for (ChsWord word = chs_text_word (&text); word.n > 0; word = chs_text_word (&text)) {
    const char *equals = memchr (word.text, '=', word.n);
    size_t key_n = equals != NULL ? (size_t) (equals - word.text) : 0;

    if (key_n == 0
        || !read_pair ((ChsWord) { word.text, key_n }, (ChsWord) { equals + 1, word.n - key_n - 1 }, out, &seen, &layout,
                       &self->counters.unknown))
      return false;
  }
  return (seen & NEEDED) == NEEDED && has_known_layout (self, layout);
}

ChsFeed
chs_masimo_feed (ChsMasimo *self, const uint8_t *bytes, size_t n, size_t *used, ChsMasimoLine *out)
{
  ChsFeed result = chs_text_line_feed (&self->line, bytes, n, used);

  if (result == CHS_FEED_MORE)
    return CHS_FEED_MORE;
  if (result == CHS_FEED_BAD || !decode (self, self->line.text, out)) {
    self->counters.frames_bad++;
    self->counters.bytes_skipped += self->line.n;
    self->lost = true;
    return CHS_FEED_BAD;
  }
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

/* ---- encoder ---- */

/* Zero-filled to the width that the instrument prints. */
static void
put_value (ChsBytesOut *out, double value, unsigned whole, unsigned decimals, const char *dashes)
{
  unsigned long scale = decimals == 2 ? 100 : decimals == 1 ? 10 : 1;

  if (isnan (value)) {
    chs_ascii_put (out, dashes);
    return;
  }
  chs_ascii_put_digits (out, (uint64_t) lround (value * (double) scale) / scale, whole);
  if (decimals == 0)
    return;
  chs_bytes_put_u8 (out, '.');
  chs_ascii_put_digits (out, (uint64_t) lround (value * (double) scale) % scale, decimals);
}

static void
put_hex (ChsBytesOut *out, uint32_t value, unsigned digits)
{
  while (digits-- > 0)
    chs_bytes_put_u8 (out, (uint8_t) "0123456789ABCDEF"[value >> (4 * digits) & 15]);
}

size_t
chs_masimo_encode (const ChsMasimoLine *line, uint8_t *bytes, size_t size)
{
  ChsBytesOut out = chs_bytes_out (bytes, size);

  chs_ascii_put (&out, line->clock);
  chs_ascii_put (&out, " SN=");
  chs_ascii_put (&out, line->serial[0] != '\0' ? line->serial : "----------");
  chs_ascii_put (&out, " SPO2=");
  put_value (&out, line->value[CHS_MASIMO_SPO2], 3, 0, "---");
  chs_ascii_put (&out, "% BPM=");
  put_value (&out, line->value[CHS_MASIMO_BPM], 3, 0, "---%"); /* a Rad-8 does print that percent sign */
  chs_ascii_put (&out, " PI=");
  put_value (&out, line->value[CHS_MASIMO_PI], 2, 2, "--.--");
  chs_ascii_put (&out, "% SPCO=");
  put_value (&out, line->value[CHS_MASIMO_SPCO], 2, 1, "--.-");
  chs_ascii_put (&out, "% SPMET=");
  put_value (&out, line->value[CHS_MASIMO_SPMET], 2, 1, "--.-");
  chs_ascii_put (&out, "% DESAT=-- PIDELTA=+-- ALARM=");
  put_hex (&out, line->alarm, 4);
  chs_ascii_put (&out, " EXC=");
  put_hex (&out, line->exceptions, 6);
  chs_ascii_put (&out, "\r\n");
  return chs_bytes_out_used (&out);
}
