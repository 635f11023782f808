/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/discover.h"

#include "devices/transport.h"

#include <string.h>

#define CERTAIN 90
#define HEARD_MAX 16384 /* bytes judged at one line setting: seconds of a fast line */
#define SLICE_MS 50

/* ---- judging ---- */

/* Keeps @found sorted, best first; what falls off the end is forgotten. */
static guint
insert (ChsDiscovery *found, guint n, guint size, ChsDiscovery one)
{
  guint at = n;

  while (at > 0 && found[at - 1].score < one.score)
    at--;
  if (at >= size)
    return n;
  n = MIN (n + 1, size);
  memmove (found + at + 1, found + at, (n - at - 1) * sizeof *found);
  found[at] = one;
  return n;
}

guint
chs_discover_rank (const guint8 *bytes, gsize n, ChsDiscovery *found, guint size)
{
  guint n_found = 0;

  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++) {
    int score = (*driver)->probe != NULL ? (*driver)->probe (bytes, n) : 0;

    if (score > 0)
      n_found = insert (found, n_found, size, (ChsDiscovery) { .driver = *driver, .score = MIN (score, 100) });
  }
  return n_found;
}

/* ---- listening ---- */

typedef struct {
  ChsClock     *clock;
  GCancellable *cancellable;
  GMainContext *context; /* for the look-up of names */
  gint64        listen_us;
  ChsDiscovery  found[32];
  guint         n_found;
  guint8        heard[HEARD_MAX];
  gsize         n_heard, n_heard_all;
} Listening;

/* One driver is kept once, with the line setting at which it was surest. */
static void
keep (Listening *self, ChsDiscovery one, const char *line)
{
  g_strlcpy (one.line, line, sizeof one.line);
  for (guint i = 0; i < self->n_found; i++)
    if (self->found[i].driver == one.driver) {
      if (self->found[i].score >= one.score)
        return;
      self->n_found--;
      memmove (self->found + i, self->found + i + 1, (self->n_found - i) * sizeof one);
      break;
    }
  self->n_found = insert (self->found, self->n_found, G_N_ELEMENTS (self->found), one);
}

static void
judge (Listening *self, const char *line)
{
  ChsDiscovery found[G_N_ELEMENTS (self->found)];
  guint n = chs_discover_rank (self->heard, self->n_heard, found, G_N_ELEMENTS (found));

  for (guint i = 0; i < n; i++)
    keep (self, found[i], line);
}

static gboolean
is_certain (const Listening *self)
{
  return self->n_found > 0 && self->found[0].score >= CERTAIN;
}

/* Waits a little for bytes. */
static void
wait_a_slice (Listening *self, ChsTransport *transport)
{
  GPollFD poll_fd = { .fd = -1, .events = G_IO_IN };

  g_main_context_iteration (self->context, FALSE);
  if (chs_transport_is_open (transport))
    poll_fd.fd = transport->klass->fd (transport);
  g_poll (&poll_fd, poll_fd.fd >= 0 ? 1 : 0, SLICE_MS);
}

static gboolean
read_slice (Listening *self, ChsTransport *transport, GError **error)
{
  gssize n;

  if (!transport->klass->alive (transport, self->clock->now_us (self->clock), error))
    return FALSE;
  if (!chs_transport_is_open (transport))
    return TRUE;
  n = transport->klass->read (transport, self->heard + self->n_heard, sizeof self->heard - self->n_heard, error);
  if (n > 0)
    self->n_heard += (gsize) n;
  return n >= 0;
}

/* Until the time is over, or enough was heard, or somebody is certain. A loss after something was heard is just the end. */
static gboolean
listen_at (Listening *self, const char *address, const char *line, GError **error)
{
  ChsTransport *transport = chs_transport_open (address, line, TRUE, error);
  gint64 end_us = self->clock->now_us (self->clock) + self->listen_us;
  gboolean good = transport != NULL;

  self->n_heard = 0;
  while (good && self->n_heard < sizeof self->heard && !is_certain (self) && !g_cancellable_is_cancelled (self->cancellable)
         && self->clock->now_us (self->clock) < end_us) {
    gsize before = self->n_heard;

    wait_a_slice (self, transport);
    good = read_slice (self, transport, error);
    if (self->n_heard > before)
      judge (self, strrchr (address, '?') != NULL ? strrchr (address, '?') + 1 : line);
  }
  g_clear_pointer (&transport, chs_transport_close);
  self->n_heard_all += self->n_heard;
  if (!good && self->n_heard > 0) {
    g_clear_error (error);
    good = TRUE;
  }
  return good;
}

/* The line settings to be tried, each once: of all drivers that can recognise anything. */
static GPtrArray *
list_lines (const char *address)
{
  GPtrArray *lines = g_ptr_array_new ();

  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    if ((*driver)->probe != NULL && !g_ptr_array_find_with_equal_func (lines, (*driver)->line, g_str_equal, NULL))
      g_ptr_array_add (lines, (gpointer) (*driver)->line);
  if (lines->len > 1 && (strchr (address, '?') != NULL || !chs_transport_has_line (address)))
    g_ptr_array_set_size (lines, 1);
  return lines;
}

GArray *
chs_discover_listen (const char   *address,
                     guint         listen_ms,
                     ChsClock     *clock,
                     GCancellable *cancellable,
                     gsize        *n_heard,
                     GError      **error)
{
  g_autoptr (GPtrArray) lines = list_lines (address);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree Listening *self = g_new0 (Listening, 1);
  gboolean good = TRUE;
  GArray *found;

  self->context = context;
  self->clock = clock;
  self->cancellable = cancellable;
  self->listen_us = (gint64) listen_ms * 1000;
  *n_heard = 0;
  g_main_context_push_thread_default (context);
  for (guint i = 0; good && i < lines->len && !is_certain (self); i++)
    good = listen_at (self, address, lines->pdata[i], error);
  g_main_context_pop_thread_default (context);
  if (!good)
    return NULL;
  for (guint i = 0; i < self->n_found && !chs_transport_has_line (address); i++)
    self->found[i].line[0] = '\0';
  *n_heard = self->n_heard_all;
  found = g_array_new (FALSE, FALSE, sizeof (ChsDiscovery));
  return g_array_append_vals (found, self->found, self->n_found);
}
