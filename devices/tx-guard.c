/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/tx-guard.h"

#include <string.h>

struct _ChsTxGuard {
  const ChsDriver *driver;
  guint64          refused;
  gsize            n_waiting;
  guint8           waiting[CHS_TX_FRAME_MAX]; /* accepted frames, not taken by the port yet */
  guint8           sent[CHS_TX_FRAME_MAX];    /* what the last call sent */
};

/* ---- the pattern ---- */

static bool
is_in_part (const ChsPart *part, uint8_t byte)
{
  switch (part->kind) {
  case CHS_PART_DIGITS:
    return byte >= '0' && byte <= '9';
  case CHS_PART_TEXT:
    return byte != '\0' && strchr (part->bytes, byte) != NULL;
  case CHS_PART_RANGE:
    return byte >= part->n && byte <= part->max;
  case CHS_PART_ANY:
    return true;
  case CHS_PART_BYTES:
  case CHS_PART_END:
  default:
    return false;
  }
}

/* How many bytes a part takes at least and at most. */
static void
part_span (const ChsPart *part, size_t *least, size_t *most)
{
  bool has_range = part->kind == CHS_PART_DIGITS || part->kind == CHS_PART_TEXT;

  *least = part->kind == CHS_PART_RANGE ? 1 : part->n;
  *most = has_range ? part->max : *least;
}

/* Marks in @to every position that @part can end at when it begins at @start. */
static void
extend (const ChsPart *part, const uint8_t *payload, size_t n, size_t start, bool *to)
{
  size_t least, most;

  if (part->kind == CHS_PART_BYTES) {
    if (n - start >= part->n && memcmp (payload + start, part->bytes, part->n) == 0)
      to[start + part->n] = true;
    return;
  }
  part_span (part, &least, &most);
  for (size_t taken = 0;; taken++) {
    if (taken >= least && taken <= most)
      to[start + taken] = true;
    if (taken >= most || start + taken >= n || !is_in_part (part, payload[start + taken]))
      return;
  }
}

/* All ways to share the payload among the parts at once: positions that can be reached
 * after each part. So it ends, whatever the pattern, after parts x length x longest part. */
bool
chs_tx_guard_match (const ChsQuery *query, const uint8_t *payload, size_t n)
{
  bool from[CHS_TX_PAYLOAD_MAX + 1] = { true }, to[CHS_TX_PAYLOAD_MAX + 1];

  if (n == 0 || n > CHS_TX_PAYLOAD_MAX)
    return false;
  for (unsigned i = 0; i < CHS_QUERY_PARTS && query->parts[i].kind != CHS_PART_END; i++) {
    memset (to, 0, n + 1);
    for (size_t start = 0; start <= n; start++)
      if (from[start])
        extend (&query->parts[i], payload, n, start, to);
    memcpy (from, to, n + 1);
  }
  return from[n];
}

/* ---- sending ---- */

ChsTxGuard *
chs_tx_guard_new (const ChsDriver *driver)
{
  ChsTxGuard *self = g_new0 (ChsTxGuard, 1);

  self->driver = driver;
  return self;
}

void
chs_tx_guard_free (ChsTxGuard *self)
{
  g_free (self);
}

void
chs_tx_guard_reset (ChsTxGuard *self)
{
  self->n_waiting = 0;
}

guint64
chs_tx_guard_get_refused (const ChsTxGuard *self)
{
  return self->refused;
}

static gboolean
refuse (ChsTxGuard *self, unsigned query, gsize n, GError **error)
{
  if (self->refused++ == 0)
    g_warning ("driver %s wants to send %" G_GSIZE_FORMAT " bytes that its table (row %u) does not allow: refused, not sent",
               self->driver->id, n, query);
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX, "driver %s: a request of %" G_GSIZE_FORMAT " bytes is not in its table",
               self->driver->id, n);
  return FALSE;
}

static gboolean
is_allowed (const ChsDriver *driver, unsigned query, const guint8 *payload, gsize n)
{
  return driver->access == CHS_ACCESS_QUERY && query < driver->n_queries
         && chs_tx_guard_match (&driver->queries[query], payload, n);
}

gboolean
chs_tx_guard_flush (ChsTxGuard *self, ChsTransport *transport, const guint8 **bytes, gsize *sent, GError **error)
{
  gssize taken;

  *bytes = self->sent;
  *sent = 0;
  if (self->n_waiting == 0)
    return TRUE;
  taken = transport->klass->write (transport, self->waiting, self->n_waiting, error);
  if (taken < 0) {
    self->n_waiting = 0;
    return FALSE;
  }
  *sent = MIN ((gsize) taken, self->n_waiting);
  memcpy (self->sent, self->waiting, *sent);
  self->n_waiting -= *sent;
  memmove (self->waiting, self->waiting + *sent, self->n_waiting);
  return TRUE;
}

gboolean
chs_tx_guard_send (ChsTxGuard    *self,
                   const void    *state,
                   unsigned       query,
                   const guint8  *payload,
                   gsize          n,
                   ChsTransport  *transport,
                   const guint8 **bytes,
                   gsize         *sent,
                   GError       **error)
{
  guint8 frame[CHS_TX_FRAME_MAX];
  gsize length;

  *bytes = self->sent;
  *sent = 0;
  if (!is_allowed (self->driver, query, payload, n))
    return refuse (self, query, n, error);
  length = n;
  if (self->driver->wrap != NULL)
    length = self->driver->wrap (state, payload, n, frame, sizeof frame);
  else
    memcpy (frame, payload, n);
  if (length == 0 || length > sizeof self->waiting - self->n_waiting) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX, "driver %s: %s", self->driver->id,
                 length == 0 ? "a request does not fit a frame" : "the port does not take what is sent");
    return FALSE;
  }
  memcpy (self->waiting + self->n_waiting, frame, length);
  self->n_waiting += length;
  return chs_tx_guard_flush (self, transport, bytes, sent, error);
}
