/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event-batch.h"

void
chs_event_batch_init (ChsEventBatch *self, ChsBatchFunc func, gpointer user_data)
{
  *self = (ChsEventBatch){ .bytes = g_byte_array_new (), .func = func, .user_data = user_data };
}

void
chs_event_batch_clear (ChsEventBatch *self)
{
  g_clear_pointer (&self->bytes, g_byte_array_unref);
}

void
chs_event_batch_flush (ChsEventBatch *self)
{
  g_autoptr (GBytes) block = NULL;

  if (self->bytes->len == 0)
    return;
  block = g_byte_array_free_to_bytes (self->bytes);
  self->bytes = g_byte_array_new ();
  self->state = (ChsPackState){ 0 };
  self->func (block, self->last_seq, self->user_data);
}

void
chs_event_batch_add (ChsEventBatch *self, const ChsEvent *event)
{
  gsize room = chs_event_pack_bound (event);
  guint used;

  if (self->bytes->len > 0 && self->bytes->len + room > CHS_BATCH_BYTES)
    chs_event_batch_flush (self);
  used = self->bytes->len;
  g_byte_array_set_size (self->bytes, used + (guint) room);
  room = chs_event_pack (&self->state, event, self->bytes->data + used, room);
  g_byte_array_set_size (self->bytes, used + (guint) room);
  self->last_seq = event->seq;
}
