/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim-line.h"

#include <string.h>

#define QUEUE_BYTES 65536
#define TEAR_PIECE 16      /* at most so many bytes without a pause */
#define TEAR_PAUSE_US 80000 /* at most */

enum {
  HEARS_REST = -1,   /* a 0 begins a byte */
  HEARS_NO_REST = -2 /* nothing begins before the line has come to rest */
};

typedef struct {
  gint64 due_us;
  guint8 byte;
} Slot;

struct _ChsSimLine {
  gint64       ns_per_byte;
  ChsSimFaults faults;
  guint32      random;
  gint64       free_us;  /* when the wire is free again */
  gint64       rest_ns;  /* of the last byte's time, below a microsecond */
  guint        until_pause; /* bytes, when torn */
  int          heard_bits;  /* of the byte that a listener at the wrong parity is in; HEARS_* = in none */
  guint8       heard;
  gsize        first, n; /* ring */
  Slot         slots[QUEUE_BYTES];
};

void
chs_sim_faults_init (ChsSimFaults *faults)
{
  memset (faults, 0, sizeof *faults);
  faults->hangup_us = faults->return_us = G_MAXINT64;
}

static gboolean
read_number (const char *text, double high, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *value >= 0.0 && *value <= high;
}

/* "30-45", in seconds; "60" alone has no end. */
static gboolean
read_span (const char *text, gint64 *from_us, gint64 *to_us)
{
  g_auto (GStrv) parts = g_strsplit (text, "-", 2);
  double from_s, to_s = 0.0;

  if (parts[0] == NULL || !read_number (parts[0], 86400.0, &from_s))
    return FALSE;
  if (parts[1] != NULL && (!read_number (parts[1], 86400.0, &to_s) || to_s <= from_s))
    return FALSE;
  *from_us = (gint64) (from_s * G_USEC_PER_SEC);
  *to_us = parts[1] != NULL ? (gint64) (to_s * G_USEC_PER_SEC) : G_MAXINT64;
  return TRUE;
}

static gboolean
read_fault (const char *name, const char *value, ChsSimFaults *faults)
{
  double number;

  if (value == NULL) {
    gboolean *flag = strcmp (name, "tear") == 0        ? &faults->tear
                     : strcmp (name, "parity") == 0    ? &faults->parity
                     : strcmp (name, "no-parity") == 0 ? &faults->no_parity
                                                       : NULL;

    if (flag != NULL)
      *flag = TRUE;
    return flag != NULL;
  }
  if (strcmp (name, "drop") == 0)
    return read_number (value, 1.0, &faults->drop);
  if (strcmp (name, "flip") == 0)
    return read_number (value, 1.0, &faults->flip);
  if (strcmp (name, "hangup") == 0)
    return read_span (value, &faults->hangup_us, &faults->return_us);
  if (strcmp (name, "silence") == 0 && faults->n_silences < CHS_SIM_LINE_SILENCES
      && read_span (value, &faults->silence[faults->n_silences].from_us, &faults->silence[faults->n_silences].to_us)) {
    faults->n_silences++;
    return TRUE;
  }
  if (strcmp (name, "delay") != 0 || !read_number (value, 60000.0, &number))
    return FALSE;
  faults->delay_us = (gint64) (number * 1000.0);
  return TRUE;
}

gboolean
chs_sim_faults_parse (const char *text, ChsSimFaults *faults, GError **error)
{
  g_auto (GStrv) list = g_strsplit (text[0] != '\0' ? text : "?", ",", -1);

  for (guint i = 0; list[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (list[i], ":", 2);

    if (pair[0] == NULL || !read_fault (pair[0], pair[1], faults)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "\"%s\" is not a fault; there are drop:P, flip:P, tear, parity, no-parity, delay:MS, silence:FROM-TO, hangup:FROM[-TO]",
                   list[i]);
      return FALSE;
    }
  }
  return TRUE;
}

ChsSimLine *
chs_sim_line_new (gint64 ns_per_byte, const ChsSimFaults *faults, guint32 seed)
{
  ChsSimLine *self = g_new0 (ChsSimLine, 1);

  self->ns_per_byte = ns_per_byte;
  self->faults = *faults;
  self->random = seed * 2654435761u + 12345u;
  self->until_pause = 1;
  self->heard_bits = HEARS_REST;
  return self;
}

void
chs_sim_line_free (ChsSimLine *self)
{
  g_free (self);
}

/* 0..1 */
static double
draw (ChsSimLine *self)
{
  self->random = self->random * 1664525u + 1013904223u;
  return (double) (self->random >> 8) / (double) (1u << 24);
}

static gboolean
is_silent (const ChsSimLine *self, gint64 now_us)
{
  for (guint i = 0; i < self->faults.n_silences; i++)
    if (now_us >= self->faults.silence[i].from_us && now_us < self->faults.silence[i].to_us)
      return TRUE;
  return chs_sim_line_is_hung_up (self, now_us);
}

/* Returns whether the byte gets through. */
static gboolean
spoil (ChsSimLine *self, guint8 *byte)
{
  if (self->faults.drop > 0.0 && draw (self) < self->faults.drop)
    return FALSE;
  if (self->faults.flip > 0.0 && draw (self) < self->faults.flip)
    *byte ^= (guint8) (1u << (guint) (draw (self) * 8.0));
  return TRUE;
}

static void
take_wire (ChsSimLine *self)
{
  self->rest_ns += self->ns_per_byte;
  self->free_us += self->rest_ns / 1000;
  self->rest_ns %= 1000;
  if (!self->faults.tear || --self->until_pause > 0)
    return;
  self->until_pause = 1 + (guint) (draw (self) * TEAR_PIECE);
  self->free_us += (gint64) (draw (self) * TEAR_PAUSE_US);
}

static void
arrive (ChsSimLine *self, guint8 byte)
{
  if (self->n < QUEUE_BYTES)
    self->slots[(self->first + self->n++) % QUEUE_BYTES] = (Slot) { self->free_us + self->faults.delay_us, byte };
}

/* ---- at the wrong parity, bit by bit: a line at rest is 1, a start bit is 0 ---- */

static void
end_byte (ChsSimLine *self, guint stop)
{
  arrive (self, self->heard);
  self->heard = 0;
  if (stop != 0)
    self->heard_bits = HEARS_REST;
  else
    self->heard_bits = self->faults.no_parity ? HEARS_NO_REST : 0;
}

/* A chip that finds 0 where the stop bit should be hands the byte over (the kernel keeps it). Then chips differ. The PC's
 * takes that 0 for the next start bit: so does this one where the instrument sends a parity bit too many. Where it sends
 * one too few, that chip would hear every byte right; this one waits for rest, as the chips of some adapters do. */
static void
hear_bit (ChsSimLine *self, guint bit)
{
  int stop = self->faults.no_parity ? 9 : 8;

  if (self->heard_bits == HEARS_NO_REST) {
    self->heard_bits = bit != 0 ? HEARS_REST : HEARS_NO_REST;
  } else if (self->heard_bits == HEARS_REST) {
    self->heard_bits = bit != 0 ? HEARS_REST : 0;
  } else if (self->heard_bits == stop) {
    end_byte (self, bit);
  } else {
    if (self->heard_bits < 8)
      self->heard |= (guint8) (bit << self->heard_bits);
    self->heard_bits++;
  }
}

static gboolean
is_bit_by_bit (const ChsSimLine *self)
{
  return self->faults.parity || self->faults.no_parity;
}

static void
hear_byte (ChsSimLine *self, guint8 byte)
{
  guint parity = 0;

  hear_bit (self, 0);
  for (guint i = 0; i < 8; i++) {
    parity ^= byte >> i & 1u;
    hear_bit (self, byte >> i & 1u);
  }
  if (self->faults.parity)
    hear_bit (self, parity);
  hear_bit (self, 1);
}

static void
hear_rest (ChsSimLine *self)
{
  while (self->heard_bits != HEARS_REST)
    hear_bit (self, 1);
}

void
chs_sim_line_push (ChsSimLine *self, const guint8 *bytes, gsize n, gint64 now_us)
{
  if (is_bit_by_bit (self) && self->free_us < now_us)
    hear_rest (self);
  self->free_us = MAX (self->free_us, now_us);
  for (gsize i = 0; i < n; i++) {
    guint8 byte = bytes[i];

    take_wire (self);
    if (is_silent (self, now_us) || !spoil (self, &byte))
      continue;
    if (is_bit_by_bit (self))
      hear_byte (self, byte);
    else
      arrive (self, byte);
  }
}

gsize
chs_sim_line_pop (ChsSimLine *self, guint8 *bytes, gsize size, gint64 now_us)
{
  gsize n = 0;

  for (; n < size && self->n > 0 && self->slots[self->first].due_us <= now_us; self->n--) {
    bytes[n++] = self->slots[self->first].byte;
    self->first = (self->first + 1) % QUEUE_BYTES;
  }
  return n;
}

gsize
chs_sim_line_spoil (ChsSimLine *self, guint8 *bytes, gsize n, gint64 now_us)
{
  gsize kept = 0;

  if (is_silent (self, now_us))
    return 0;
  for (gsize i = 0; i < n; i++) {
    guint8 byte = bytes[i];

    if (spoil (self, &byte))
      bytes[kept++] = byte;
  }
  return kept;
}

gboolean
chs_sim_line_is_hung_up (const ChsSimLine *self, gint64 now_us)
{
  return now_us >= self->faults.hangup_us && now_us < self->faults.return_us;
}
