/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/transport-classes.h"

#include "devices/dialogue.h"

#include <string.h>

/* Plays a recorded conversation. It has no descriptor: alive() tells it the time, and a
 * read gives what is due by then. Where the conversation has words of the host next, it
 * waits for them. At the end, and at a byte that the recording does not have, it is lost. */

typedef struct {
  ChsTransport transport;
  ChsDialogue *dialogue;
  char        *where;
  gboolean     read_only;
  guint        next;   /* step */
  gsize        done;   /* bytes of it read or matched */
  gboolean     is_started;
  gint64       now_us;
  gint64       due_us; /* when the next step may happen */
} Dialogue;

static const ChsDialogueStep *
next_step (Dialogue *self)
{
  const GArray *steps = self->dialogue->steps;

  return self->next < steps->len ? &g_array_index (steps, ChsDialogueStep, self->next) : NULL;
}

/* @n bytes of the present step are through. */
static void
advance (Dialogue *self, const ChsDialogueStep *step, gsize n)
{
  self->done += n;
  if (self->done < step->n)
    return;
  self->next++;
  self->done = 0;
}

static void
pass_waits (Dialogue *self)
{
  const ChsDialogueStep *step;

  while ((step = next_step (self)) != NULL && step->kind == CHS_DIALOGUE_WAIT) {
    self->due_us += (gint64) step->wait_ms * 1000;
    self->next++;
  }
}

static void
dialogue_close (ChsTransport *transport)
{
  Dialogue *self = (Dialogue *) transport;

  chs_dialogue_free (self->dialogue);
  g_free (self->where);
  g_free (self);
}

static ChsTransport *
dialogue_open (const char *where, const ChsLine *line G_GNUC_UNUSED, gboolean read_only, GError **error)
{
  g_autoptr (GError) reason = NULL;
  ChsDialogue *dialogue = chs_dialogue_load (where, &reason);
  Dialogue *self;

  if (dialogue == NULL) {
    g_set_error_literal (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, reason->message);
    return NULL;
  }
  self = g_new0 (Dialogue, 1);
  self->transport.klass = &chs_transport_dialogue;
  self->dialogue = dialogue;
  self->where = g_strdup (where);
  self->read_only = read_only;
  return &self->transport;
}

static int
dialogue_fd (ChsTransport *transport G_GNUC_UNUSED)
{
  return -1;
}

static gboolean
dialogue_alive (ChsTransport *transport, gint64 now_us, GError **error G_GNUC_UNUSED)
{
  Dialogue *self = (Dialogue *) transport;

  if (!self->is_started)
    self->due_us = now_us;
  self->is_started = TRUE;
  self->now_us = now_us;
  return TRUE;
}

static gssize
dialogue_read (ChsTransport *transport, guint8 *bytes, gsize size, GError **error)
{
  Dialogue *self = (Dialogue *) transport;
  const ChsDialogueStep *step;
  gsize n;

  pass_waits (self);
  step = next_step (self);
  if (!self->is_started || self->now_us < self->due_us)
    return 0;
  if (step == NULL) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: end of the conversation", self->where);
    return -1;
  }
  if (step->kind != CHS_DIALOGUE_FROM_DEVICE)
    return 0;
  n = MIN (size, step->n - self->done);
  memcpy (bytes, self->dialogue->bytes->data + step->start + self->done, n);
  advance (self, step, n);
  return (gssize) n;
}

static gssize
dialogue_write (ChsTransport *transport, const guint8 *bytes, gsize n, GError **error)
{
  Dialogue *self = (Dialogue *) transport;
  const ChsDialogueStep *step;

  if (self->read_only) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX, "%s: opened for listening only", self->where);
    return -1;
  }
  for (gsize i = 0; i < n; i++) {
    pass_waits (self);
    step = next_step (self);
    if (step == NULL || step->kind != CHS_DIALOGUE_FROM_HOST
        || self->dialogue->bytes->data[step->start + self->done] != bytes[i]) {
      g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: line %u: %02X was sent where the conversation has %s",
                   self->where, step != NULL ? step->line : 0, bytes[i],
                   step == NULL                                ? "ended"
                   : step->kind == CHS_DIALOGUE_FROM_HOST ? "another byte"
                                                               : "the device speaking");
      return -1;
    }
    /* The device answers from the time of the question on, not from that of the recording's start. */
    self->due_us = self->now_us;
    advance (self, step, 1);
  }
  return (gssize) n;
}

const ChsTransportClass chs_transport_dialogue = {
  .prefix = "dialogue:",
  .open = dialogue_open,
  .fd = dialogue_fd,
  .read = dialogue_read,
  .write = dialogue_write,
  .alive = dialogue_alive,
  .close = dialogue_close,
};
