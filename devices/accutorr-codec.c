/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/accutorr-codec.h"

#include "devices/ascii.h"

#include <math.h>
#include <string.h>

#define FIELDS 9

/* Gates: what a cuff and an oximeter can show. */
static const double highs[FIELDS] = { 100, 300, 300, 300, 300, 255, 255, 255, 999 };

/* A field of three, filled with blanks or zeros; "--" is none. */
static bool
read_field (const char *text, size_t n, double high, double *value)
{
  uint32_t number;

  while (n > 0 && text[0] == ' ')
    text++, n--;
  while (n > 0 && text[n - 1] == ' ')
    n--;
  *value = (double) NAN;
  if (n >= 2 && n <= 3 && memcmp (text, "---", n) == 0)
    return true;
  if (n > 3 || !chs_ascii_unsigned (text, n, &number) || number > high)
    return false;
  *value = number;
  return true;
}

static bool
read_fields (const char *text, double values[FIELDS])
{
  for (unsigned i = 0; i < FIELDS; i++) {
    size_t n = strcspn (text, ",");

    if (!read_field (text, n, highs[i], &values[i]) || (text[n] == ',') != (i + 1 < FIELDS))
      return false;
    text += n + (text[n] == ',');
  }
  return true;
}

/* Pressures count only in an order that can be: sys > mean > dia, or else with the last two the other way round. */
static void
order_pressures (ChsAccutorrReply *out, double third, double fourth)
{
  bool fits = out->sys > third && third > fourth;
  bool fits_swapped = out->sys > fourth && fourth > third;

  out->is_swapped = fits_swapped;
  out->mean = fits_swapped ? fourth : third;
  out->dia = fits_swapped ? third : fourth;
  if (!fits && !fits_swapped)
    out->sys = out->mean = out->dia = (double) NAN;
}

static bool
decode (const char *text, ChsAccutorrReply *out)
{
  double v[FIELDS];

  if (strncmp (text, "P:", 2) != 0 || !read_fields (text + 2, v))
    return false;
  *out = (ChsAccutorrReply) { .spo2 = v[0], .pulse = v[1], .sys = v[2], .minutes = v[8] };
  order_pressures (out, v[3], v[4]);
  return true;
}

static ChsAccutorrFeed
finish (ChsAccutorr *self, bool is_text, ChsAccutorrReply *out)
{
  const char *text = self->line.text;

  while (is_text && *text == CHS_ACCUTORR_PROMPT) /* the prompt stands on the line of the reply */
    text++;
  if (is_text && decode (text, out)) {
    chs_counters_good (&self->counters, &self->lost);
    return CHS_ACCUTORR_DATA;
  }
  self->counters.bytes_skipped += self->line.n;
  if (is_text && strstr (text, "ACCUTORR") != NULL) { /* the line at power-on */
    self->counters.unknown++;
    return CHS_ACCUTORR_MORE;
  }
  self->counters.frames_bad++;
  self->lost = true;
  return CHS_ACCUTORR_BAD;
}

ChsAccutorrFeed
chs_accutorr_feed (ChsAccutorr *self, const uint8_t *bytes, size_t n, size_t *used, ChsAccutorrReply *out)
{
  for (size_t i = 0; i < n; i++) {
    size_t one;
    ChsFeed result = chs_text_line_feed (&self->line, bytes + i, 1, &one);

    *used = i + 1;
    if (result != CHS_FEED_MORE) {
      ChsAccutorrFeed found = finish (self, result == CHS_FEED_FRAME, out);

      if (found != CHS_ACCUTORR_MORE)
        return found;
    } else if (bytes[i] == CHS_ACCUTORR_PROMPT) {
      return CHS_ACCUTORR_READY;
    }
  }
  *used = n;
  return CHS_ACCUTORR_MORE;
}
