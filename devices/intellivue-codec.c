/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/intellivue-codec.h"

#include <math.h>
#include <string.h>

enum {
  BOF = 0xC0,
  EOF_ = 0xC1,
  ESC = 0x7D,
  ESC_XOR = 0x20,
  PROTOCOL_ID = 0x11,
  MESSAGE_TYPE = 0x01,
  HEADER = 4,
  FCS = 2,
  FCS_START = 0xFFFF,
  FCS_GOOD = 0xF0B8,
  FCS_POLYNOMIAL = 0x8408, /* X.25, reflected */
};

/* ---- frames ---- */

void
chs_iv_framer_init (ChsIvFramer *self)
{
  memset (self, 0, sizeof *self);
  for (unsigned i = 0; i < 256; i++) {
    unsigned r = i;

    for (unsigned bit = 0; bit < 8; bit++)
      r = r & 1 ? r >> 1 ^ FCS_POLYNOMIAL : r >> 1;
    self->fcs_table[0][i] = (uint16_t) r;
  }
  for (unsigned k = 1; k < 8; k++)
    for (unsigned i = 0; i < 256; i++) {
      uint16_t r = self->fcs_table[k - 1][i];

      self->fcs_table[k][i] = (uint16_t) (r >> 8 ^ self->fcs_table[0][r & 0xFF]);
    }
  chs_iv_framer_reset (self);
}

void
chs_iv_framer_reset (ChsIvFramer *self)
{
  self->n = 0;
  self->fcs = FCS_START;
  self->in_frame = self->escaped = self->overflow = false;
}

static inline uint16_t
fcs_of_byte (const uint16_t (*t)[256], uint16_t fcs, uint8_t c)
{
  return (uint16_t) (fcs >> 8 ^ t[0][(fcs ^ c) & 0xFF]);
}

static inline uint16_t
fcs_of_eight (const uint16_t (*t)[256], uint16_t fcs, const uint8_t *p)
{
  return (uint16_t) (t[7][(p[0] ^ fcs) & 0xFF] ^ t[6][p[1] ^ fcs >> 8] ^ t[5][p[2]] ^ t[4][p[3]] ^ t[3][p[4]]
                     ^ t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]]);
}

uint16_t
chs_iv_fcs (const ChsIvFramer *self, const uint8_t *p, size_t n)
{
  uint16_t fcs = FCS_START;

  for (; n >= 8; n -= 8, p += 8)
    fcs = fcs_of_eight (self->fcs_table, fcs, p);
  for (; n > 0; n--, p++)
    fcs = fcs_of_byte (self->fcs_table, fcs, *p);
  return fcs;
}

/* C0 and C1 differ in their last bit only. */
static inline bool
is_plain (uint8_t c)
{
  return (c & 0xFE) != BOF && c != ESC;
}

/* Eight at a time: a byte of a word is zero exactly when the classic (v - 01..) & ~v & 80.. test finds it. */
static inline bool
are_plain (const uint8_t *p)
{
  const uint64_t ones = 0x0101010101010101u;
  uint64_t v, flag, esc;

  memcpy (&v, p, 8);
  flag = (v & ones * 0xFE) ^ ones * BOF;
  esc = v ^ ones * ESC;
  return ((((flag - ones) & ~flag) | ((esc - ones) & ~esc)) & ones * 0x80) == 0;
}

/* Keeps what comes before the next C0, C1 or 7D, as far as there is room, and takes its check sequence in the same pass:
 * each step of that waits for the one before, and what is done meanwhile costs next to nothing. */
static size_t
keep_plain (ChsIvFramer *self, const uint8_t *p, size_t n)
{
  uint8_t *out = self->data + self->n;
  uint16_t fcs = self->fcs;
  size_t i = 0;

  if (n > CHS_IV_FRAME_MAX - self->n)
    n = CHS_IV_FRAME_MAX - self->n;
  for (; i + 8 <= n && are_plain (p + i); i += 8) {
    memcpy (out + i, p + i, 8);
    fcs = fcs_of_eight (self->fcs_table, fcs, p + i);
  }
  for (; i < n && is_plain (p[i]); i++) {
    out[i] = p[i];
    fcs = fcs_of_byte (self->fcs_table, fcs, p[i]);
  }
  self->fcs = fcs;
  self->n += (uint32_t) i;
  return i;
}

/* One byte, its escape taken out. */
static void
keep (ChsIvFramer *self, uint8_t c)
{
  self->escaped = false;
  if (self->n >= CHS_IV_FRAME_MAX) {
    self->overflow = true;
    self->bytes_skipped++;
    return;
  }
  self->data[self->n++] = c;
  self->fcs = fcs_of_byte (self->fcs_table, self->fcs, c);
}

static void
drop (ChsIvFramer *self)
{
  self->frames_bad++;
  self->bytes_skipped += self->n;
  chs_iv_framer_reset (self);
}

/* The byte C1 came: is what was collected a frame? */
static ChsFeed
finish (ChsIvFramer *self, const uint8_t **data, size_t *data_n)
{
  size_t n = self->n;
  const uint8_t *f = self->data;

  /* An escape before C1 is the sender's abort; 7D C1. */
  if (self->escaped || self->overflow || n < HEADER + FCS || f[0] != PROTOCOL_ID || f[1] != MESSAGE_TYPE
      || (size_t) (f[2] << 8 | f[3]) != n - HEADER - FCS || self->fcs != FCS_GOOD) {
    drop (self);
    return CHS_FEED_BAD;
  }
  self->frames_ok++;
  chs_iv_framer_reset (self);
  *data = f + HEADER;
  *data_n = n - HEADER - FCS;
  return CHS_FEED_FRAME;
}

ChsFeed
chs_iv_framer_feed (ChsIvFramer    *self,
                    const uint8_t  *p,
                    size_t          n,
                    size_t         *used,
                    const uint8_t **data,
                    size_t         *data_n)
{
  size_t i = 0;

  while (i < n) {
    if (!self->in_frame) {
      const uint8_t *bof = memchr (p + i, BOF, n - i);

      self->bytes_skipped += bof != NULL ? (size_t) (bof - (p + i)) : n - i;
      if (bof == NULL)
        break;
      i = (size_t) (bof - p) + 1;
      self->in_frame = true;
      continue;
    }

    uint8_t c = p[i];

    if (c == BOF) {
      /* A frame begins inside a frame: the old one is lost, the new one is not. Two C0 in a row are one. */
      i++;
      if (self->n > 0 || self->escaped) {
        drop (self);
        self->in_frame = true;
        *used = i;
        return CHS_FEED_BAD;
      }
    } else if (c == EOF_) {
      *used = i + 1;
      return finish (self, data, data_n);
    } else if (self->escaped) {
      keep (self, c ^ ESC_XOR);
      i++;
    } else if (c == ESC) {
      self->escaped = true;
      i++;
    } else if (self->n < CHS_IV_FRAME_MAX) {
      i += keep_plain (self, p + i, n - i);
    } else {
      keep (self, c);
      i++;
    }
  }
  *used = n;
  return CHS_FEED_MORE;
}

static void
put_stuffed (ChsBytesOut *out, uint8_t c)
{
  if (c == BOF || c == EOF_ || c == ESC) {
    chs_bytes_put_u8 (out, ESC);
    c ^= ESC_XOR;
  }
  chs_bytes_put_u8 (out, c);
}

static uint16_t
fcs_step (uint16_t fcs, uint8_t c)
{
  fcs ^= c;
  for (unsigned bit = 0; bit < 8; bit++)
    fcs = (uint16_t) (fcs & 1 ? fcs >> 1 ^ FCS_POLYNOMIAL : fcs >> 1);
  return fcs;
}

size_t
chs_iv_frame_write (const uint8_t *data, size_t n, uint8_t *frame, size_t size)
{
  const uint8_t header[HEADER] = { PROTOCOL_ID, MESSAGE_TYPE, (uint8_t) (n >> 8), (uint8_t) n };
  ChsBytesOut out = chs_bytes_out (frame, size);
  uint16_t fcs = FCS_START;

  if (n > 2048)
    return 0;
  chs_bytes_put_u8 (&out, BOF);
  for (size_t i = 0; i < HEADER; i++) {
    fcs = fcs_step (fcs, header[i]);
    put_stuffed (&out, header[i]);
  }
  for (size_t i = 0; i < n; i++) {
    fcs = fcs_step (fcs, data[i]);
    put_stuffed (&out, data[i]);
  }
  fcs = (uint16_t) ~fcs;
  put_stuffed (&out, (uint8_t) fcs);
  put_stuffed (&out, (uint8_t) (fcs >> 8));
  chs_bytes_put_u8 (&out, EOF_);
  return chs_bytes_out_used (&out);
}

/* ---- messages ---- */

enum {
  RO_INVOKE = 1,
  RO_RESULT = 2,
  RO_ERROR = 3,
  RO_LINKED = 5,
  CMD_CONFIRMED_EVENT = 1,
  CMD_GET = 3,
  CMD_SET = 4,
  CMD_CONFIRMED_SET = 5,
  CMD_ACTION = 7,
  EVENT_MDS_CREATE = 0x0D06,
};

static void
read_moid (ChsBytes *b, ChsIvMessage *m)
{
  m->obj_class = chs_bytes_u16be (b);
  m->context = chs_bytes_u16be (b);
  m->handle = chs_bytes_u16be (b);
}

/* count u16, length u16, entries: the count is not trusted, the length is bounded. */
static uint16_t
read_list (ChsBytes *b, ChsBytes *entries)
{
  uint16_t count = chs_bytes_u16be (b);

  *entries = chs_bytes_sub (b, chs_bytes_u16be (b));
  return count;
}

static bool
read_event (ChsBytes *b, bool is_result, ChsIvMessage *m)
{
  uint16_t type;

  read_moid (b, m);
  m->rel_time = chs_bytes_u32be (b);
  type = chs_bytes_u16be (b);
  chs_bytes_narrow (b, chs_bytes_u16be (b));
  if (b->bad || type != EVENT_MDS_CREATE)
    return false;
  m->kind = is_result ? CHS_IV_MDS_CREATE_RESULT : CHS_IV_MDS_CREATE;
  if (!is_result) {
    read_moid (b, m);
    read_list (b, &m->body);
    return !b->bad;
  }
  return true;
}

static bool
read_poll_result (ChsBytes *b, ChsIvMessage *m)
{
  m->poll_number = chs_bytes_u16be (b);
  m->has_sequence = m->action == CHS_IV_ACTION_POLL_EXT;
  if (m->has_sequence)
    m->sequence = chs_bytes_u16be (b);
  m->rel_time = chs_bytes_u32be (b);
  chs_bytes_skip (b, 8); /* absolute time: always "not available" */
  chs_bytes_skip (b, 2); /* partition of the polled class: objects */
  m->polled_class = chs_bytes_u16be (b);
  m->polled_group = chs_bytes_u16be (b);
  m->n_contexts = read_list (b, &m->body);
  m->kind = CHS_IV_POLL_RESULT;
  return !b->bad;
}

static bool
read_poll_request (ChsBytes *b, ChsIvMessage *m)
{
  m->poll_number = chs_bytes_u16be (b);
  chs_bytes_skip (b, 2);
  m->polled_class = chs_bytes_u16be (b);
  m->polled_group = chs_bytes_u16be (b);
  if (m->action == CHS_IV_ACTION_POLL_EXT)
    read_list (b, &m->body);
  m->kind = CHS_IV_POLL;
  return !b->bad;
}

static bool
read_action (ChsBytes *b, bool is_result, ChsIvMessage *m)
{
  read_moid (b, m);
  if (!is_result)
    chs_bytes_skip (b, 4); /* scope */
  m->action = chs_bytes_u16be (b);
  chs_bytes_narrow (b, chs_bytes_u16be (b));
  if (b->bad || (m->action != CHS_IV_ACTION_POLL && m->action != CHS_IV_ACTION_POLL_EXT))
    return false;
  return is_result ? read_poll_result (b, m) : read_poll_request (b, m);
}

static bool
read_get_set (ChsBytes *b, bool is_result, ChsIvMessage *m)
{
  read_moid (b, m);
  if (!is_result)
    chs_bytes_skip (b, 4);
  read_list (b, &m->body);
  if (m->command == CMD_GET)
    m->kind = is_result ? CHS_IV_GET_RESULT : CHS_IV_GET;
  else
    m->kind = is_result ? CHS_IV_SET_RESULT : CHS_IV_SET;
  return !b->bad;
}

static bool
read_operation (ChsBytes *b, bool is_result, ChsIvMessage *m)
{
  m->invoke_id = chs_bytes_u16be (b);
  m->command = chs_bytes_u16be (b);
  chs_bytes_narrow (b, chs_bytes_u16be (b));
  if (b->bad)
    return false;
  switch (m->command) {
  case CMD_CONFIRMED_EVENT:
    return read_event (b, is_result, m);
  case CMD_ACTION:
    return read_action (b, is_result, m);
  case CMD_GET:
  case CMD_SET:
  case CMD_CONFIRMED_SET:
    return read_get_set (b, is_result, m);
  default:
    return false;
  }
}

static bool
read_export (ChsBytes *b, ChsIvMessage *m)
{
  uint16_t ro;

  chs_bytes_skip (b, 3); /* session id 00, presentation context */
  ro = chs_bytes_u16be (b);
  chs_bytes_narrow (b, chs_bytes_u16be (b));
  if (b->bad)
    return false;
  switch (ro) {
  case RO_LINKED:
    m->linked = chs_bytes_u8 (b);
    chs_bytes_skip (b, 1); /* count */
    return read_operation (b, true, m);
  case RO_INVOKE:
    return read_operation (b, false, m);
  case RO_RESULT:
    return read_operation (b, true, m);
  case RO_ERROR:
    m->invoke_id = chs_bytes_u16be (b);
    m->error = chs_bytes_u16be (b);
    m->kind = CHS_IV_ERROR;
    return !b->bad;
  default:
    return false;
  }
}

/* Walking the ASN.1 of an association is not worth its risk: the user information stands behind one of three byte
 * patterns (section 4), with an ASN.1 length before it. */
static bool
read_association (const uint8_t *data, size_t n, ChsIvMessage *m)
{
  static const uint8_t marks[][8] = {
    { 0xBE, 0x80, 0x28, 0x80, 0x02, 0x01, 0x02, 0x81 },
    { 0xBE, 0x80, 0x28, 0x80, 0x81 },
    { 0x01, 0x01, 0x02, 0x01, 0x02, 0x81 },
  };
  static const size_t lengths[] = { 8, 5, 6 };

  for (unsigned k = 0; k < 3; k++)
    for (size_t i = 0; i + lengths[k] < n; i++) {
      ChsBytes b = chs_bytes (data + i + lengths[k], n - i - lengths[k]);
      size_t length;

      if (memcmp (data + i, marks[k], lengths[k]) != 0)
        continue;
      length = chs_bytes_u8 (&b);
      if (length & 0x80) {
        size_t bytes = length & 0x7F;

        for (length = 0; bytes > 0 && bytes <= 3; bytes--)
          length = length << 8 | chs_bytes_u8 (&b);
      }
      m->body = chs_bytes_sub (&b, length);
      return !m->body.bad;
    }
  return false;
}

bool
chs_iv_message_read (const uint8_t *data, size_t n, ChsIvMessage *message)
{
  static const struct {
    uint8_t   first;
    ChsIvKind kind;
  } sessions[] = {
    { 0x0D, CHS_IV_ASSOC_REQUEST }, { 0x0E, CHS_IV_ASSOC_RESPONSE }, { 0x0C, CHS_IV_ASSOC_REFUSE },
    { 0x09, CHS_IV_RELEASE_REQUEST }, { 0x0A, CHS_IV_RELEASE_RESPONSE }, { 0x19, CHS_IV_ABORT },
  };
  ChsBytes b = chs_bytes (data, n);
  uint8_t first = chs_bytes_u8 (&b);
  bool good = false;

  memset (message, 0, sizeof *message);
  if (b.bad)
    return false;
  if (first == 0xE1)
    good = read_export (&b, message);
  else
    for (unsigned i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
      if (sessions[i].first == first) {
        message->kind = sessions[i].kind;
        good = true;
        /* A response without readable user information is still a response. */
        if (first == 0x0D || first == 0x0E)
          (void) read_association (data, n, message);
      }
  if (!good)
    message->kind = CHS_IV_UNKNOWN;
  return good;
}

void
chs_iv_object_iter_init (ChsIvObjectIter *iter, ChsIvMessage *message)
{
  *iter = (ChsIvObjectIter) { .list = &message->body, .objects = chs_bytes (message->body.p, 0) };
}

bool
chs_iv_object_next (ChsIvObjectIter *iter, ChsIvObject *object)
{
  const uint8_t *head, *attributes;

  while (chs_bytes_left (&iter->objects) == 0) {
    if (iter->list->bad || chs_bytes_left (iter->list) == 0)
      return false;
    iter->context = chs_bytes_u16be (iter->list);
    read_list (iter->list, &iter->objects);
    if (iter->list->bad)
      return false;
  }
  /* handle u16, count u16, length u16, attributes */
  if (!chs_bytes_take (&iter->objects, 6, &head) || !chs_bytes_take (&iter->objects, chs_u16be (head + 4), &attributes)) {
    iter->list->bad = true;
    return false;
  }
  object->id = (uint32_t) iter->context << 16 | chs_u16be (head);
  object->attributes.p = attributes;
  object->attributes.end = iter->objects.p;
  object->attributes.bad = false;
  return true;
}

/* ---- values ---- */

double
chs_iv_float (uint32_t wire)
{
  static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
  int exponent = (int8_t) (wire >> 24);
  uint32_t bits = wire & 0xFFFFFF;
  int32_t mantissa = (int32_t) (bits & 0x800000 ? bits | 0xFF000000u : bits);

  switch (bits) {
  case 0x7FFFFF: /* not a number */
  case 0x800000: /* not at this resolution */
  case 0x800001: /* reserved */
    return (double) NAN;
  case 0x7FFFFE:
    return (double) INFINITY;
  case 0x800002:
    return (double) -INFINITY;
  default:
    break;
  }
  if (exponent >= 0)
    return exponent <= 8 ? mantissa * powers[exponent] : mantissa * pow (10.0, exponent);
  return exponent >= -8 ? mantissa / powers[-exponent] : mantissa * pow (10.0, exponent);
}

uint32_t
chs_iv_float_write (double value, int exponent)
{
  long mantissa;

  if (isnan (value))
    return 0x007FFFFF;
  mantissa = lround (value / pow (10.0, exponent));
  return (uint32_t) (uint8_t) exponent << 24 | ((uint32_t) mantissa & 0xFFFFFF);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t
days_from_civil (int y, int m, int d)
{
  int era, yoe, doy;

  y -= m <= 2;
  era = y / 400;
  yoe = y - era * 400;
  doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return (int64_t) era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

bool
chs_iv_abs_time (const uint8_t *bcd, int64_t *us)
{
  int f[8];

  for (unsigned i = 0; i < 8; i++) {
    if (bcd[i] >> 4 > 9 || (bcd[i] & 15) > 9)
      return false;
    f[i] = (bcd[i] >> 4) * 10 + (bcd[i] & 15);
  }
  if (f[0] < 19 || f[2] < 1 || f[2] > 12 || f[3] < 1 || f[3] > 31 || f[4] > 23 || f[5] > 59 || f[6] > 59)
    return false;
  *us = (((days_from_civil (f[0] * 100 + f[1], f[2], f[3]) * 24 + f[4]) * 60 + f[5]) * 60 + f[6]) * 1000000 + f[7] * 10000;
  return true;
}

void
chs_iv_string (ChsBytes *b, char *out, size_t size)
{
  ChsBytes text = chs_bytes_sub (b, chs_bytes_u16be (b));
  size_t used = 0;

  while (chs_bytes_left (&text) >= 2) {
    unsigned c = chs_bytes_u16be (&text);
    char utf8[4];
    size_t n = 0;

    if (c == 0)
      break;
    if ((c >= 0xD800 && c < 0xE000) || (c >= 0xE000 && c <= 0xF8FF) || c < 0x20)
      c = '?';
    if (c < 0x80)
      utf8[n++] = (char) c;
    else if (c < 0x800) {
      utf8[n++] = (char) (0xC0 | c >> 6);
      utf8[n++] = (char) (0x80 | (c & 0x3F));
    } else {
      utf8[n++] = (char) (0xE0 | c >> 12);
      utf8[n++] = (char) (0x80 | (c >> 6 & 0x3F));
      utf8[n++] = (char) (0x80 | (c & 0x3F));
    }
    if (used + n + 1 > size)
      break;
    memcpy (out + used, utf8, n);
    used += n;
  }
  while (used > 0 && out[used - 1] == ' ')
    used--;
  if (size > 0)
    out[used] = '\0';
}
