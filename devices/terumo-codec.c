/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/terumo-codec.h"

#include "devices/ascii.h"
#include "devices/crc16.h"

#include <math.h>
#include <string.h>

#define STX 0x02
#define ETX 0x03
#define CRC_N 4

#define XML "<?xml version=\"1.0\"?>"
#define ID_HEAD "<DEVID>"
#define ID_TAIL "</DEVID>"
#define COMMAND_HEAD "<CMD>"
#define COMMAND_TAIL "</CMD>"

/* Basic status: offsets of section 3; everything behind 33 is undocumented. */
#define STATUS_COMMAND 0x01
#define STATUS_MIN 34
#define STATUS_LENGTH 87 /* of the printed example */
#define VTBI_UNLIMITED 0xFFFFFFu
#define VTBI_OFF 0xEEEEEEu

/* ---- base64 ---- */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
digit_value (char c)
{
  const char *at = c != '\0' ? strchr (digits, c) : NULL;

  return at != NULL ? (int) (at - digits) : -1;
}

static bool
read_base64 (const char *text, size_t n, uint8_t *out, size_t size, size_t *n_out)
{
  size_t padding = n >= 2 && text[n - 1] == '=' ? (text[n - 2] == '=' ? 2 : 1) : 0;
  uint32_t word = 0;

  *n_out = 0;
  if (n % 4 != 0)
    return false;
  for (size_t i = 0; i < n; i++) {
    int value = i >= n - padding ? 0 : digit_value (text[i]);

    if (value < 0)
      return false;
    word = word << 6 | (uint32_t) value;
    if (i % 4 != 3)
      continue;
    for (unsigned k = 0; k < 3 && (i < n - 1 || k < 3 - padding); k++) {
      if (*n_out == size)
        return false;
      out[(*n_out)++] = (uint8_t) (word >> (16 - 8 * k));
    }
    word = 0;
  }
  return true;
}

static void
put_base64 (ChsBytesOut *out, const uint8_t *bytes, size_t n)
{
  for (size_t i = 0; i < n; i += 3) {
    uint32_t word = (uint32_t) bytes[i] << 16 | (i + 1 < n ? (uint32_t) bytes[i + 1] << 8 : 0) | (i + 2 < n ? bytes[i + 2] : 0);

    for (unsigned k = 0; k < 4; k++)
      chs_bytes_put_u8 (out, i + k > n ? '=' : (uint8_t) digits[word >> (18 - 6 * k) & 63]);
  }
}

/* ---- text ---- */

typedef struct {
  const char *text;
  size_t      n;
} Rest;

static bool
take (Rest *rest, const char *word)
{
  size_t n = strlen (word);

  if (rest->n < n || memcmp (rest->text, word, n) != 0)
    return false;
  rest->text += n;
  rest->n -= n;
  return true;
}

/* What stands before @tail; both are taken. */
static bool
take_until (Rest *rest, const char *tail, Rest *out)
{
  const char *at = memmem (rest->text, rest->n, tail, strlen (tail));

  if (at == NULL)
    return false;
  *out = (Rest) { rest->text, (size_t) (at - rest->text) };
  rest->n -= out->n;
  rest->text = at;
  return take (rest, tail);
}

static bool
read_id (Rest id, char out[CHS_TERUMO_ID])
{
  if (id.n >= CHS_TERUMO_ID)
    return false;
  for (size_t i = 0; i < id.n; i++) {
    uint32_t unused;

    if (!chs_ascii_hex (id.text + i, 1, &unused))
      return false;
  }
  memcpy (out, id.text, id.n);
  out[id.n] = '\0';
  return true;
}

static bool
read_text (const char *text, size_t n, ChsTerumoMessage *out)
{
  Rest rest = { text, n }, part;

  memset (out, 0, sizeof *out);
  if (!take (&rest, XML))
    return false;
  out->is_reply = take (&rest, "<REP>");
  if (!out->is_reply && !take (&rest, "<REQ>"))
    return false;
  if (!take (&rest, ID_HEAD) || !take_until (&rest, ID_TAIL, &part) || !read_id (part, out->id))
    return false;
  out->has_command = take (&rest, COMMAND_HEAD);
  if (out->has_command
      && (!take_until (&rest, COMMAND_TAIL, &part) || !read_base64 (part.text, part.n, out->data, sizeof out->data, &out->n)))
    return false;
  return take (&rest, out->is_reply ? "</REP>" : "</REQ>") && rest.n == 0;
}

static bool
read_frame (const uint8_t *frame, size_t n, ChsTerumoMessage *out)
{
  const char *text = (const char *) frame + 1;
  size_t text_n = n - 2 - CRC_N;
  uint32_t crc;

  if (n < 2 + CRC_N || !chs_ascii_hex (text + text_n, CRC_N, &crc) || crc != chs_crc16_xmodem (frame + 1, text_n))
    return false;
  return read_text (text, text_n, out);
}

/* ---- the stream ---- */

void
chs_terumo_reset (ChsTerumo *terumo)
{
  terumo->n = 0;
  terumo->lost = false;
}

static void
skip (ChsTerumo *terumo, size_t n)
{
  terumo->counters.bytes_skipped += n;
  terumo->lost = true;
}

static ChsFeed
abandon (ChsTerumo *terumo)
{
  skip (terumo, terumo->n);
  terumo->n = 0;
  terumo->counters.frames_bad++;
  return CHS_FEED_BAD;
}

static ChsFeed
finish (ChsTerumo *terumo, ChsTerumoMessage *out)
{
  if (!read_frame (terumo->frame, terumo->n, out))
    return abandon (terumo);
  terumo->counters.frames_ok++;
  if (terumo->lost && terumo->counters.frames_ok > 1)
    terumo->counters.resyncs++;
  terumo->frame_n = terumo->n;
  chs_terumo_reset (terumo);
  return CHS_FEED_FRAME;
}

/* Neither STX nor ETX occurs in the text. */
static ChsFeed
push (ChsTerumo *terumo, uint8_t byte, ChsTerumoMessage *out)
{
  ChsFeed result = CHS_FEED_MORE;

  if (byte == STX) {
    result = terumo->n > 0 ? abandon (terumo) : CHS_FEED_MORE;
    terumo->frame[terumo->n++] = byte;
    return result;
  }
  if (terumo->n == 0) {
    skip (terumo, 1);
    return CHS_FEED_MORE;
  }
  terumo->frame[terumo->n++] = byte;
  if (byte == ETX)
    return finish (terumo, out);
  return terumo->n == sizeof terumo->frame ? abandon (terumo) : CHS_FEED_MORE;
}

ChsFeed
chs_terumo_feed (ChsTerumo *terumo, const uint8_t *bytes, size_t n, size_t *used, ChsTerumoMessage *out)
{
  for (size_t i = 0; i < n; i++) {
    ChsFeed result = push (terumo, bytes[i], out);

    if (result == CHS_FEED_MORE)
      continue;
    *used = i + 1;
    return result;
  }
  *used = n;
  return CHS_FEED_MORE;
}

/* ---- encoder ---- */

size_t
chs_terumo_wrap (const uint8_t *text, size_t n, uint8_t *frame, size_t size)
{
  static const char hex[] = "0123456789ABCDEF";
  uint16_t crc = chs_crc16_xmodem (text, n);
  ChsBytesOut out = chs_bytes_out (frame, size);

  chs_bytes_put_u8 (&out, STX);
  chs_bytes_put (&out, text, n);
  for (unsigned i = 0; i < CRC_N; i++)
    chs_bytes_put_u8 (&out, (uint8_t) hex[crc >> (12 - 4 * i) & 15]);
  chs_bytes_put_u8 (&out, ETX);
  return chs_bytes_out_used (&out);
}

size_t
chs_terumo_encode (const ChsTerumoMessage *message, uint8_t *frame, size_t size)
{
  uint8_t text[CHS_TERUMO_TEXT_MAX];
  ChsBytesOut out = chs_bytes_out (text, sizeof text);

  chs_ascii_put (&out, XML);
  chs_ascii_put (&out, message->is_reply ? "<REP>" ID_HEAD : "<REQ>" ID_HEAD);
  chs_ascii_put (&out, message->id);
  chs_ascii_put (&out, ID_TAIL);
  if (message->has_command) {
    chs_ascii_put (&out, COMMAND_HEAD);
    put_base64 (&out, message->data, message->n);
    chs_ascii_put (&out, COMMAND_TAIL);
  }
  chs_ascii_put (&out, message->is_reply ? "</REP>" : "</REQ>");
  return out.bad ? 0 : chs_terumo_wrap (text, chs_bytes_out_used (&out), frame, size);
}

/* ---- basic status ---- */

static uint32_t
u24 (const uint8_t *p)
{
  return (uint32_t) p[0] << 16 | (uint32_t) p[1] << 8 | p[2];
}

static void
put_u24 (uint8_t *p, uint32_t value)
{
  p[0] = (uint8_t) (value >> 16);
  p[1] = (uint8_t) (value >> 8);
  p[2] = (uint8_t) value;
}

bool
chs_terumo_read_status (const ChsTerumoMessage *message, ChsTerumoStatus *status)
{
  const uint8_t *p = message->data;
  uint32_t vtbi;

  /* p[0] is a number that some pumps do not echo; p[4] the result, 0 good. */
  if (!message->is_reply || !message->has_command || message->n < STATUS_MIN || p[1] != STATUS_COMMAND || p[2] != 0 || p[3] != 0 || p[4] != 0)
    return false;
  vtbi = u24 (p + 22);
  *status = (ChsTerumoStatus) {
    .state = p[7] >> 4,
    .alarms = u24 (p + 10),
    .on_mains = (p[13] >> 4 & 3) == 1,
    .occlusion = p[14] & 3,
    .rate_ml_h = u24 (p + 16) / 100.0,
    .volume_ml = u24 (p + 19) / 100.0,
    .vtbi_ml = vtbi == VTBI_UNLIMITED || vtbi == VTBI_OFF ? (double) NAN : vtbi / 10.0,
  };
  return true;
}

void
chs_terumo_write_status (const ChsTerumoStatus *status, uint8_t seq, ChsTerumoMessage *message)
{
  uint8_t *p = message->data;

  memset (message, 0, sizeof *message);
  message->is_reply = message->has_command = true;
  message->n = STATUS_LENGTH;
  p[0] = seq;
  p[1] = STATUS_COMMAND;
  p[5] = 0x04; /* software 04.03, as in the printed example */
  p[6] = 0x03;
  p[7] = (uint8_t) (status->state << 4);
  p[8] = 0x10;
  put_u24 (p + 10, status->alarms);
  p[13] = (uint8_t) (0x45 | (status->on_mains ? 0x10 : 0)); /* five bars, backup battery good */
  p[14] = status->occlusion & 3;
  p[15] = 6; /* 50 or 60 ml */
  put_u24 (p + 16, (uint32_t) lround (status->rate_ml_h * 100.0));
  put_u24 (p + 19, (uint32_t) lround (status->volume_ml * 100.0));
  put_u24 (p + 22, isnan (status->vtbi_ml) ? VTBI_OFF : (uint32_t) lround (status->vtbi_ml * 10.0));
  p[29] = p[30] = 0xFF; /* no weight */
}
