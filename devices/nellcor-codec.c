/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nellcor-codec.h"

#include "devices/ascii.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* In the order of the bits. */
static const char codes[][3] = { "AO", "AS", "LB", "LM", "LP", "MO", "PH", "PL", "PS", "SH", "SL", "SD", "SO" };
#define N_CODES (sizeof codes / sizeof codes[0])
#define MAX_CODES 4

/* "105", "105*" (outside its limit) or "---". */
static bool
read_number (ChsWord word, double high, double *value)
{
  uint32_t number;

  *value = (double) NAN;
  if (word.n == 3 && memcmp (word.text, "---", 3) == 0)
    return true;
  if (word.n > 1 && word.text[word.n - 1] == '*')
    word.n--;
  if (word.n > 3 || !chs_ascii_unsigned (word.text, word.n, &number) || number > high)
    return false;
  *value = number;
  return true;
}

static bool
read_code (ChsWord word, uint32_t *status)
{
  for (unsigned i = 0; i < N_CODES; i++) {
    if (word.n != 2 || memcmp (word.text, codes[i], 2) != 0)
      continue;
    *status |= 1u << i;
    return true;
  }
  return false;
}

static bool
is_date (ChsWord word)
{
  return chs_text_word_is (word, "99-AAA-99");
}

static bool
decode_data (const char *text, ChsNellcorLine *out)
{
  ChsWord date = chs_text_word (&text), time = chs_text_word (&text);
  unsigned n_codes = 0;

  *out = (ChsNellcorLine) { .kind = CHS_NELLCOR_DATA };
  if (!is_date (date) || !chs_text_word_is (time, "99:99:99"))
    return false;
  snprintf (out->clock, sizeof out->clock, "%.9s %.8s", date.text, time.text);
  if (!read_number (chs_text_word (&text), 100, &out->spo2) || !read_number (chs_text_word (&text), 300, &out->pr)
      || !read_number (chs_text_word (&text), 255, &out->amplitude))
    return false;
  for (ChsWord word = chs_text_word (&text); word.n > 0; word = chs_text_word (&text))
    if (++n_codes > MAX_CODES || !read_code (word, &out->status))
      return false;
  return true;
}

/* "95-100%", "59-148BPM" behind @name. */
static bool
read_limits (const char *text, const char *name, unsigned *low, unsigned *high)
{
  const char *at = strstr (text, name);

  return at != NULL && sscanf (at + strlen (name), " %3u-%3u", low, high) == 2 && *low <= *high && *high <= 300;
}

static bool
decode_heading (const char *text, ChsNellcorLine *out)
{
  const char *rest = text;
  ChsWord model = chs_text_word (&rest), word = chs_text_word (&rest), version = chs_text_word (&rest);

  *out = (ChsNellcorLine) { .kind = CHS_NELLCOR_HEADING };
  if (word.n != 7 || memcmp (word.text, "VERSION", 7) != 0 || model.n + version.n + 2 > sizeof out->model)
    return false;
  snprintf (out->model, sizeof out->model, "%.*s %.*s", (int) model.n, model.text, (int) version.n, version.text);
  return read_limits (text, "SpO2 Limit:", &out->spo2_low, &out->spo2_high)
         && read_limits (text, "PR Limit:", &out->pr_low, &out->pr_high);
}

/* A line that holds a time was meant to be data; if it does not begin with a date it is torn. */
static bool
looks_like_data (const char *text)
{
  for (ChsWord word = chs_text_word (&text); word.n > 0; word = chs_text_word (&text))
    if (is_date (word) || chs_text_word_is (word, "99:99:99"))
      return true;
  return false;
}

static bool
decode (const char *text, ChsNellcorLine *out)
{
  if (decode_data (text, out) || decode_heading (text, out))
    return true;
  *out = (ChsNellcorLine) { .kind = CHS_NELLCOR_OTHER };
  return !looks_like_data (text);
}

ChsFeed
chs_nellcor_feed (ChsNellcor *self, const uint8_t *bytes, size_t n, size_t *used, ChsNellcorLine *out)
{
  ChsFeed result = chs_text_line_feed (&self->line, bytes, n, used);

  if (result == CHS_FEED_MORE)
    return CHS_FEED_MORE;
  if (result == CHS_FEED_BAD || !decode (self->line.text, out)) {
    self->counters.frames_bad++;
    self->counters.bytes_skipped += self->line.n;
    self->lost = true;
    return CHS_FEED_BAD;
  }
  if (out->kind == CHS_NELLCOR_OTHER) { /* may be a torn line too: it proves nothing */
    self->counters.unknown++;
    return CHS_FEED_FRAME;
  }
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

/* ---- encoder ---- */

static void
put_column (ChsBytesOut *out, double value, bool is_outside)
{
  char text[16];

  if (isnan (value))
    snprintf (text, sizeof text, "%-8s", "---");
  else
    snprintf (text, sizeof text, "%.0f%-5s", value, is_outside ? "*" : "");
  chs_ascii_put (out, text);
  chs_ascii_put (out, " ");
}

static void
put_data (ChsBytesOut *out, const ChsNellcorLine *line)
{
  chs_ascii_put (out, line->clock);
  chs_ascii_put (out, "   ");
  put_column (out, line->spo2, (line->status & (CHS_NELLCOR_SH | CHS_NELLCOR_SL)) != 0);
  put_column (out, line->pr, (line->status & (CHS_NELLCOR_PH | CHS_NELLCOR_PL)) != 0);
  put_column (out, line->amplitude, false);
  for (unsigned i = 0; i < N_CODES; i++) {
    if ((line->status & 1u << i) == 0)
      continue;
    chs_ascii_put (out, "  ");
    chs_ascii_put (out, codes[i]);
  }
  chs_ascii_put (out, "\r\n");
}

static void
put_headings (ChsBytesOut *out, const ChsNellcorLine *line)
{
  const char *blank = strchr (line->model, ' ');
  char text[160];

  snprintf (text, sizeof text, "%.*s    VERSION %s    CRC:XXXX  SpO2 Limit: %u-%u%%    PR Limit: %u-%uBPM\r\n",
            (int) (blank - line->model), line->model, blank + 1, line->spo2_low, line->spo2_high, line->pr_low, line->pr_high);
  chs_ascii_put (out, text);
  chs_ascii_put (out, "                             ADULT           0SAT-S\r\n");
  chs_ascii_put (out, "TIME                 %SpO2   BPM     PA     Status\r\n");
}

size_t
chs_nellcor_encode (const ChsNellcorLine *line, uint8_t *bytes, size_t size)
{
  ChsBytesOut out = chs_bytes_out (bytes, size);

  if (line->kind == CHS_NELLCOR_DATA)
    put_data (&out, line);
  else
    put_headings (&out, line);
  return chs_bytes_out_used (&out);
}
