/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ivy-450c-codec.h"

#include "devices/ascii.h"

#include <math.h>
#include <string.h>

#define START 0xFF
#define END 0xFE
#define LINE_END '\r'
#define MAGIC "ANSAR-B "
#define MAGIC_N 8
#define WAVES_AT (1 + MAGIC_N)
#define TEXT_AT (WAVES_AT + CHS_IVY_ECG_N + 4 * CHS_IVY_SLOW_N)
#define MIN_BYTES 420 /* shared/protocols/ivy-450c-ansarb.md, section 3 */
#define MAX_FIELDS 8

/* Fields behind "NAME=n", each led by ';': v value, u pulse written as "PR=80 ", l label, a alarm text.
 * Gates: the widest figures that a patient monitor of this kind shows; beyond them it is noise. */
static const struct {
  const char *name;
  const char *fields;
  double      low, high;
  uint8_t     decimals;
  char        status; /* as recorded; its meaning is not public */
  bool        required;
  bool        ordered; /* systolic >= mean >= diastolic */
} lines[CHS_N_IVY_LINES] = {
  [CHS_IVY_HR] = { "HR", "vla", 0, 350, 0, '1', .required = true },
  [CHS_IVY_RR] = { "RR", "vla", 0, 200, 0, '1' },
  [CHS_IVY_ETCO2] = { "ETCO2", "vla", 0, 150, 0, '1' },
  [CHS_IVY_SPO2] = { "SPO2", "vua", 0, 100, 0, '1', .required = true },
  [CHS_IVY_NIBP] = { "NIBP", "vvvvla", 0, 350, 0, '4', .required = true, .ordered = true },
  [CHS_IVY_P1] = { "P1", "vvvla", -50, 350, 0, '3', .ordered = true },
  [CHS_IVY_P2] = { "P2", "vvvla", -50, 350, 0, '3', .ordered = true },
  [CHS_IVY_T1] = { "T1", "vla", 0, 50, 1, '1' },
  [CHS_IVY_T2] = { "T2", "vla", 0, 50, 1, '1' },
};

#define MAX_PULSE 350.0

typedef struct {
  const char *text;
  size_t      n;
} Piece;

static Piece
trim (Piece piece)
{
  while (piece.n > 0 && piece.text[0] == ' ') {
    piece.text++;
    piece.n--;
  }
  while (piece.n > 0 && piece.text[piece.n - 1] == ' ')
    piece.n--;
  return piece;
}

/* Cuts at each ';'. Returns the number of pieces, MAX_FIELDS + 1 when there are more. */
static size_t
split (Piece line, Piece pieces[MAX_FIELDS])
{
  size_t n = 0, from = 0;

  for (size_t i = 0; i <= line.n; i++) {
    if (i < line.n && line.text[i] != ';')
      continue;
    if (n == MAX_FIELDS)
      return MAX_FIELDS + 1;
    pieces[n++] = (Piece) { line.text + from, i - from };
    from = i + 1;
  }
  return n;
}

static bool
read_value (Piece piece, double low, double high, double *value)
{
  piece = trim (piece);
  if (piece.n == 0) {
    *value = (double) NAN;
    return true;
  }
  return chs_ascii_number (piece.text, piece.n, value) && *value >= low && *value <= high;
}

static bool
read_pulse (Piece piece, double *value)
{
  piece = trim (piece);
  if (piece.n >= 3 && memcmp (piece.text, "PR=", 3) == 0)
    piece = (Piece) { piece.text + 3, piece.n - 3 };
  return read_value (piece, 0.0, MAX_PULSE, value);
}

static bool
read_text (Piece piece, char text[CHS_IVY_TEXT])
{
  piece = trim (piece);
  if (piece.n >= CHS_IVY_TEXT)
    return false;
  for (size_t i = 0; i < piece.n; i++)
    if (piece.text[i] < ' ' || piece.text[i] > '~')
      return false;
  memcpy (text, piece.text, piece.n);
  text[piece.n] = '\0';
  return true;
}

static bool
in_order (const double value[CHS_IVY_VALUES])
{
  /* Each comparison is false with NAN on either side: absent is no contradiction. */
  return !(value[1] > value[0]) && !(value[2] > value[0]) && !(value[1] > value[2]);
}

static bool
read_fields (ChsIvyLineId id, const Piece *pieces, ChsIvyLine *line)
{
  unsigned n_values = 0;
  bool ok = true;

  for (size_t i = 0; i < CHS_IVY_VALUES; i++)
    line->value[i] = (double) NAN;
  for (size_t i = 0; ok && lines[id].fields[i] != '\0'; i++)
    switch (lines[id].fields[i]) {
    case 'v':
      ok = read_value (pieces[i], lines[id].low, lines[id].high, &line->value[n_values++]);
      break;
    case 'u':
      ok = read_pulse (pieces[i], &line->value[n_values++]);
      break;
    case 'l':
      ok = read_text (pieces[i], line->label);
      break;
    default:
      ok = read_text (pieces[i], line->alarm);
      break;
    }
  return ok && (!lines[id].ordered || in_order (line->value));
}

static ChsIvyLineId
find_line (Piece name)
{
  for (unsigned id = 0; id < CHS_N_IVY_LINES; id++)
    if (strlen (lines[id].name) == name.n && memcmp (lines[id].name, name.text, name.n) == 0)
      return (ChsIvyLineId) id;
  return CHS_N_IVY_LINES;
}

/* "NAME=n;field;...": a line of an unknown name is skipped, one of a known name must fit exactly. */
static bool
read_line (Piece text, ChsIvyMessage *out, uint64_t *unknown)
{
  const char *equals = memchr (text.text, '=', text.n);
  Piece pieces[MAX_FIELDS] = { { NULL, 0 } };
  ChsIvyLineId id;
  size_t n;

  if (equals == NULL)
    return false;
  id = find_line ((Piece) { text.text, (size_t) (equals - text.text) });
  if (id == CHS_N_IVY_LINES) {
    *unknown += 1;
    return true;
  }
  n = split (text, pieces);
  if (n != strlen (lines[id].fields) + 1 || out->line[id].present)
    return false;
  out->line[id].present = true;
  return read_fields (id, pieces + 1, &out->line[id]);
}

static bool
read_text_part (const uint8_t *bytes, size_t n, ChsIvyMessage *out, uint64_t *unknown)
{
  size_t from = 0;

  for (size_t i = 0; i < n; i++) {
    if (bytes[i] != LINE_END)
      continue;
    if (!read_line ((Piece) { (const char *) bytes + from, i - from }, out, unknown))
      return false;
    from = i + 1;
  }
  return from == n; /* the last line is ended too */
}

static bool
decode (const uint8_t *bytes, size_t n, ChsIvyMessage *out, uint64_t *unknown)
{
  uint8_t *const waves[] = { out->ecg, out->resp, out->pleth, out->p1, out->p2 };
  const uint8_t *p = bytes + WAVES_AT;

  memset (out, 0, sizeof *out);
  if (n < MIN_BYTES || memcmp (bytes + 1, MAGIC, MAGIC_N) != 0)
    return false;
  for (unsigned i = 0; i < sizeof waves / sizeof waves[0]; i++) {
    size_t size = i == 0 ? CHS_IVY_ECG_N : CHS_IVY_SLOW_N;

    memcpy (waves[i], p, size);
    p += size;
  }
  if (!read_text_part (p, n - TEXT_AT - 1, out, unknown))
    return false;
  for (unsigned id = 0; id < CHS_N_IVY_LINES; id++)
    if (lines[id].required && !out->line[id].present)
      return false;
  return true;
}

void
chs_ivy_reset (ChsIvy *ivy)
{
  ivy->n = 0;
  ivy->lost = false;
}

static void
skip (ChsIvy *ivy, size_t n)
{
  ivy->counters.bytes_skipped += n;
  ivy->lost = true;
}

/* A message that was begun and cannot be ended. With its heading it was one of ours; without, it was noise. */
static ChsFeed
abandon (ChsIvy *ivy)
{
  bool ours = ivy->n > MAGIC_N && memcmp (ivy->bytes + 1, MAGIC, MAGIC_N) == 0;

  skip (ivy, ivy->n);
  ivy->n = 0;
  if (!ours)
    return CHS_FEED_MORE;
  ivy->counters.frames_bad++;
  return CHS_FEED_BAD;
}

static ChsFeed
finish (ChsIvy *ivy, ChsIvyMessage *out)
{
  if (!decode (ivy->bytes, ivy->n, out, &ivy->counters.unknown))
    return abandon (ivy);
  ivy->counters.frames_ok++;
  if (ivy->lost && ivy->counters.frames_ok > 1)
    ivy->counters.resyncs++;
  ivy->frame_n = ivy->n;
  chs_ivy_reset (ivy);
  return CHS_FEED_FRAME;
}

/* Neither delimiter occurs inside a message, so nothing ever has to be read twice. */
static ChsFeed
push (ChsIvy *ivy, uint8_t byte, ChsIvyMessage *out)
{
  ChsFeed result = CHS_FEED_MORE;

  if (byte == START) {
    result = ivy->n > 0 ? abandon (ivy) : CHS_FEED_MORE;
    ivy->bytes[ivy->n++] = byte;
    return result;
  }
  if (ivy->n == 0) {
    skip (ivy, 1);
    return CHS_FEED_MORE;
  }
  ivy->bytes[ivy->n++] = byte;
  if (byte == END)
    return finish (ivy, out);
  return ivy->n == sizeof ivy->bytes ? abandon (ivy) : CHS_FEED_MORE;
}

ChsFeed
chs_ivy_feed (ChsIvy *ivy, const uint8_t *bytes, size_t n, size_t *used, ChsIvyMessage *out)
{
  for (size_t i = 0; i < n; i++) {
    ChsFeed result = push (ivy, bytes[i], out);

    if (result == CHS_FEED_MORE)
      continue;
    *used = i + 1;
    return result;
  }
  *used = n;
  return CHS_FEED_MORE;
}

/* ---- encoder ---- */

static void
put_fields (ChsBytesOut *out, ChsIvyLineId id, const ChsIvyLine *line)
{
  unsigned n_values = 0;

  for (const char *field = lines[id].fields; *field != '\0'; field++) {
    chs_bytes_put_u8 (out, ';');
    if (*field == 'l')
      chs_ascii_put (out, line->label);
    else if (*field == 'a')
      chs_ascii_put (out, line->alarm);
    else {
      double value = line->value[n_values++];

      if (*field == 'u')
        chs_ascii_put (out, "PR=");
      if (!isnan (value))
        chs_ascii_put_fixed (out, value, lines[id].decimals);
      if (*field == 'u')
        chs_bytes_put_u8 (out, ' ');
    }
  }
}

size_t
chs_ivy_encode (const ChsIvyMessage *message, uint8_t *bytes, size_t size)
{
  ChsBytesOut out = chs_bytes_out (bytes, size);

  chs_bytes_put_u8 (&out, START);
  chs_ascii_put (&out, MAGIC);
  chs_bytes_put (&out, message->ecg, sizeof message->ecg);
  chs_bytes_put (&out, message->resp, sizeof message->resp);
  chs_bytes_put (&out, message->pleth, sizeof message->pleth);
  chs_bytes_put (&out, message->p1, sizeof message->p1);
  chs_bytes_put (&out, message->p2, sizeof message->p2);
  for (unsigned id = 0; id < CHS_N_IVY_LINES; id++) {
    if (!message->line[id].present)
      continue;
    chs_ascii_put (&out, lines[id].name);
    chs_bytes_put_u8 (&out, '=');
    chs_bytes_put_u8 (&out, (uint8_t) lines[id].status);
    put_fields (&out, (ChsIvyLineId) id, &message->line[id]);
    chs_bytes_put_u8 (&out, LINE_END);
  }
  chs_bytes_put_u8 (&out, END);
  return chs_bytes_out_used (&out);
}
