/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/journal.h"

#include "data/event-codec.h"

/* The tail is a ring indexed by seq. Three numbers walk along it:
 * first_seq <= deliver_seq <= next_seq: oldest kept, next to be told to the readers, next to be given.
 * An event is never thrown away before every reader has had it. */

#define TAIL_EVENTS 4096
#define TAIL_BYTES (1024 * 1024)

typedef struct {
  guint           id;
  ChsJournalFunc  func; /* NULL: removed while readers were being called */
  gpointer        user_data;
} Reader;

struct _ChsJournal {
  ChsEvent *ring;
  guint64   first_seq, deliver_seq, next_seq;
  gsize     bytes;     /* borrowed bytes kept */
  gint64    last_us;   /* time of the last event */
  guint64   n_late;
  GArray   *readers;   /* of Reader */
  guint     last_id;
  gboolean  delivering;
};

static ChsEvent *
slot (ChsJournal *self, guint64 seq)
{
  return &self->ring[seq % TAIL_EVENTS];
}

ChsJournal *
chs_journal_new (guint64 first_seq)
{
  ChsJournal *self = g_new0 (ChsJournal, 1);

  g_return_val_if_fail (first_seq > 0, NULL);
  self->ring = g_new0 (ChsEvent, TAIL_EVENTS);
  self->first_seq = self->deliver_seq = self->next_seq = first_seq;
  self->last_us = G_MININT64;
  self->readers = g_array_new (FALSE, FALSE, sizeof (Reader));
  return self;
}

static void
drop_oldest (ChsJournal *self)
{
  ChsEvent *event = slot (self, self->first_seq);
  gsize n;
  gpointer bytes = (gpointer) chs_event_borrowed (event, &n);

  g_free (bytes);
  self->bytes -= n;
  event->type = CHS_EVENT_NONE;
  self->first_seq++;
}

void
chs_journal_free (ChsJournal *self)
{
  if (self == NULL)
    return;
  while (self->first_seq < self->next_seq)
    drop_oldest (self);
  g_array_unref (self->readers);
  g_free (self->ring);
  g_free (self);
}

static void
keep (ChsJournal *self, const ChsEvent *event)
{
  ChsEvent *copy = slot (self, event->seq);
  gsize n;
  gconstpointer bytes = chs_event_borrowed (event, &n);

  memcpy (copy, event, chs_event_size (event));
  chs_event_set_borrowed (copy, g_memdup2 (bytes, n));
  self->bytes += n;
}

static void
shrink (ChsJournal *self)
{
  while (self->first_seq < self->deliver_seq && self->bytes > TAIL_BYTES)
    drop_oldest (self);
}

static void
sweep_readers (ChsJournal *self)
{
  for (guint i = self->readers->len; i-- > 0;)
    if (g_array_index (self->readers, Reader, i).func == NULL)
      g_array_remove_index (self->readers, i);
}

static void
deliver (ChsJournal *self)
{
  self->delivering = TRUE;
  while (self->deliver_seq < self->next_seq) {
    const ChsEvent *event = slot (self, self->deliver_seq);

    for (guint i = 0; i < self->readers->len; i++) {
      Reader reader = g_array_index (self->readers, Reader, i);

      if (reader.func != NULL)
        reader.func (event, reader.user_data);
    }
    self->deliver_seq++;
    shrink (self);
  }
  self->delivering = FALSE;
  sweep_readers (self);
}

guint64
chs_journal_append (ChsJournal *self, ChsEvent *event)
{
  g_return_val_if_fail (self->next_seq - self->deliver_seq < TAIL_EVENTS, 0);

  if (event->t_us < self->last_us) {
    event->wall_us += self->last_us - event->t_us;
    event->t_us = self->last_us;
    self->n_late++;
  }
  self->last_us = event->t_us;
  event->seq = self->next_seq;
  if (self->next_seq - self->first_seq == TAIL_EVENTS)
    drop_oldest (self);
  keep (self, event);
  self->next_seq++;
  if (!self->delivering)
    deliver (self);
  return event->seq;
}

guint
chs_journal_add_reader (ChsJournal *self, ChsJournalFunc func, gpointer user_data)
{
  Reader reader = { ++self->last_id, func, user_data };

  g_return_val_if_fail (func != NULL, 0);
  g_array_append_val (self->readers, reader);
  return reader.id;
}

void
chs_journal_remove_reader (ChsJournal *self, guint id)
{
  for (guint i = 0; i < self->readers->len; i++)
    if (g_array_index (self->readers, Reader, i).id == id)
      g_array_index (self->readers, Reader, i).func = NULL;
  if (!self->delivering)
    sweep_readers (self);
}

guint64
chs_journal_replay_tail (ChsJournal *self, guint64 from_seq, ChsJournalFunc func, gpointer user_data)
{
  guint64 first = MAX (from_seq, self->first_seq);

  for (guint64 seq = first; seq < self->next_seq; seq++)
    func (slot (self, seq), user_data);
  return first;
}

guint64
chs_journal_get_next_seq (ChsJournal *self)
{
  return self->next_seq;
}

guint64
chs_journal_get_late (ChsJournal *self)
{
  return self->n_late;
}
