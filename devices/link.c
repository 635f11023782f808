/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/link.h"

#include "devices/described.h"
#include "devices/discover.h"
#include "devices/event-check.h"
#include "devices/tx-guard.h"

#include <glib-unix.h>
#include <math.h>
#include <string.h>

/* Invariants
 * - is_ready exactly in CONNECTING, UP and SILENT; a transport that is not ready is still being connected.
 * - The descriptor is watched only while the transport is open and this tick's budget is not used up.
 * - Bytes leave as RAW events before the driver sees them, so that a recording can be decoded again in order.
 * - Everything that can go on for ever (reading, retrying, the driver's requests) is bounded per dispatch. */

#define TICK_MS 100
#define RETRY_FIRST_US (250 * G_TIME_SPAN_MILLISECOND)
#define RETRY_LAST_US (5 * G_TIME_SPAN_SECOND)
#define READ_SIZE 2048
#define READS_PER_DISPATCH 2
/* 320 kB/s: more than three lines of 921600 baud. Beyond it the sender has to wait. */
#define BUDGET_PER_TICK (32 * 1024)
#define SILENCE_DEFAULT_MS 5000
#define HEARD_SIZE 4096 /* kept to recognise a stranger by: the head of a long message must still be there when it ends */
#define JITTER_SHARE 16 /* RFC 3550, A.8 */

/* What a silent link is taken for; a later one says more. */
typedef enum { GUESS_NOTHING, GUESS_NOISE, GUESS_STRANGER } ChsGuess;

struct _ChsLink {
  GObject parent_instance;

  char            *name, *address;
  const ChsDriver *driver;
  gpointer         driver_state;
  guint8           source;
  ChsClock        *clock;
  GMainContext    *context;
  ChsLinkEventFunc func;
  gpointer         user_data;

  ChsSink       sink;
  ChsTxGuard   *guard;
  ChsTransport *transport;
  gboolean      is_ready; /* connection stands, the driver was told */
  GSource      *timer, *watch;
  gsize         budget;  /* bytes that may still be read in this tick */
  gint64        now_us, wall_us; /* of the present dispatch */

  gboolean was_open;    /* since the start */
  gint64   retry_us;    /* session time of the next try */
  gint64   retry_wait_us;
  guint64  presence;

  gint64      open_us; /* when it was opened, or last gave a valid frame: silence is counted from here */
  ChsGuess    guess;   /* while SILENT */
  gint64      guess_us; /* when it is looked at again */
  guint8      heard[HEARD_SIZE]; /* the newest bytes, oldest first */
  gsize       n_heard;
  guint64     frames_ok;
  gint64      request_us;     /* when the last request went out */
  guint64     request_frames; /* frames_ok at that time: one more is the answer */
  gboolean    is_answer_due;
  ChsLinkView view;
};

G_DEFINE_FINAL_TYPE (ChsLink, chs_link, G_TYPE_OBJECT)

/* ---- events ---- */

static void
look_at_clock (ChsLink *self)
{
  self->now_us = self->clock->now_us (self->clock);
  self->wall_us = self->clock->wall_us (self->clock);
}

static void
emit (ChsLink *self, ChsEvent *event)
{
  event->seq = 0;
  event->source = self->source;
  event->t_us = self->now_us;
  event->wall_us = self->wall_us;
  self->func (self, event, self->user_data);
}

static void
emit_raw (ChsLink *self, gboolean from_host, const guint8 *bytes, gsize n)
{
  ChsEvent event = { .type = CHS_EVENT_RAW, .raw = { .from_host = (uint8_t) from_host, .n = (uint32_t) n, .bytes = bytes } };

  if (n > 0)
    emit (self, &event);
}

static void
set_state (ChsLink *self, ChsLinkState state, const char *reason)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = (uint8_t) state, .kind = (uint8_t) self->driver->kind } };

  chs_text_copy (event.link.reason, sizeof event.link.reason, reason);
  if (state == self->view.state && strcmp (event.link.reason, self->view.reason) == 0)
    return;
  chs_text_copy (event.link.name, sizeof event.link.name, self->name);
  chs_text_copy (event.link.driver, sizeof event.link.driver, self->driver->id);
  self->view.state = state;
  chs_text_copy (self->view.reason, sizeof self->view.reason, reason);
  g_message ("link %s: %s%s%s", self->name, chs_link_state_id (state), reason[0] != '\0' ? ": " : "", reason);
  emit (self, &event);
}

/* ---- recording ---- */

static void
keep_heard (ChsLink *self, const guint8 *bytes, gsize n)
{
  gsize take = MIN (n, HEARD_SIZE), keep = MIN (self->n_heard, HEARD_SIZE - take);

  memmove (self->heard, self->heard + self->n_heard - keep, keep);
  memcpy (self->heard + keep, bytes + n - take, take);
  self->n_heard = keep + take;
}

/* What is recorded, and what a technician sees, is without personal data; the driver gets the bytes as they came. */
static void
record_bytes (ChsLink *self, const guint8 *bytes, gsize n)
{
  guint8 masked[CHS_MASK_ROOM (READ_SIZE)];

  if (self->driver->mask != NULL) {
    n = self->driver->mask (self->driver_state, bytes, n, masked);
    bytes = masked;
  }
  keep_heard (self, bytes, n);
  emit_raw (self, FALSE, bytes, n);
}

/* ---- opening and closing ---- */

static void
unwatch (ChsLink *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
close_transport (ChsLink *self)
{
  unwatch (self);
  g_clear_pointer (&self->transport, chs_transport_close);
  chs_tx_guard_reset (self->guard);
  self->is_ready = FALSE;
  self->is_answer_due = FALSE;
}

/* Nothing more will come: what the mask held back is recorded. */
static void
end_recording (ChsLink *self)
{
  if (self->is_ready && self->driver->mask != NULL)
    record_bytes (self, NULL, 0);
}

static void
plan_retry (ChsLink *self)
{
  self->retry_us = self->now_us + self->retry_wait_us;
  self->retry_wait_us = MIN (self->retry_wait_us * 2, RETRY_LAST_US);
  self->presence = chs_transport_presence (self->address);
}

static void
fail (ChsLink *self, const GError *error)
{
  ChsLinkState state = self->was_open ? CHS_LINK_LOST : CHS_LINK_FAILED;
  gboolean is_new = self->transport != NULL && self->is_ready;

  end_recording (self);
  close_transport (self);
  plan_retry (self);
  chs_text_copy (self->view.last_error, sizeof self->view.last_error, error->message);
  /* While it stays lost, the reason of the loss stays too; the failed tries since are in the view. */
  if (is_new || self->view.state != state)
    set_state (self, state, error->message);
}

static void
try_open (ChsLink *self)
{
  g_autoptr (GError) error = NULL;

  self->view.tries++;
  /* Looking up a name ends in the context that is current here. */
  g_main_context_push_thread_default (self->context);
  self->transport = chs_transport_open (self->address, self->driver->line, self->driver->access == CHS_ACCESS_LISTEN, &error);
  g_main_context_pop_thread_default (self->context);
  if (self->transport == NULL)
    fail (self, error);
}

/* ---- silence and signs of life ---- */

static gint64
silence_us (const ChsLink *self)
{
  return (self->driver->silence_ms != 0 ? self->driver->silence_ms : SILENCE_DEFAULT_MS) * G_TIME_SPAN_MILLISECOND;
}

static void
smooth (gint64 *jitter_us, gint64 before_us, gint64 now_us)
{
  if (before_us == CHS_TIME_NONE)
    return;
  if (*jitter_us == CHS_TIME_NONE)
    *jitter_us = 0;
  *jitter_us += (ABS (now_us - before_us) - *jitter_us) / JITTER_SHARE;
}

static void
measure (gint64 *value_us, gint64 *jitter_us, gint64 now_us)
{
  smooth (jitter_us, *value_us, now_us);
  *value_us = now_us;
}

/* A driver may ask the next question while it is still fed the answer to the last one: so this is looked at before
 * each request, too. */
static void
note_answer (ChsLink *self, guint64 frames_ok)
{
  if (!self->is_answer_due || frames_ok == self->request_frames)
    return;
  measure (&self->view.rtt_us, &self->view.rtt_jitter_us, self->now_us - self->request_us);
  self->is_answer_due = FALSE;
}

static void
note_request (ChsLink *self)
{
  guint64 frames_ok = self->driver->counters (self->driver_state)->frames_ok;

  note_answer (self, frames_ok);
  if (self->request_us != CHS_TIME_NONE)
    measure (&self->view.poll_us, &self->view.poll_jitter_us, self->now_us - self->request_us);
  self->request_us = self->now_us;
  self->request_frames = frames_ok;
  self->is_answer_due = TRUE;
}

/* The driver's count of good frames is the sign of life. */
static void
note_frames (ChsLink *self)
{
  guint64 frames_ok = self->driver->counters (self->driver_state)->frames_ok;
  gboolean is_alive = frames_ok != self->frames_ok;

  self->frames_ok = frames_ok;
  if (!is_alive || self->transport == NULL)
    return;
  note_answer (self, frames_ok);
  self->view.last_frame_us = self->now_us;
  self->open_us = self->now_us;
  self->retry_wait_us = RETRY_FIRST_US;
  if (self->view.state == CHS_LINK_CONNECTING && self->view.opened > 1)
    self->view.reconnects++;
  set_state (self, CHS_LINK_UP, "");
}

/* Bytes, and not one good frame: another instrument at this port, or the right one at the wrong line settings. */
static ChsGuess
explain_noise (ChsLink *self, double s, char *reason, gsize size)
{
  ChsDiscovery best;

  if (chs_discover_rank (self->heard, self->n_heard, &best, 1) > 0 && best.score >= CHS_DISCOVER_SURE
      && best.driver != self->driver) {
    g_snprintf (reason, size, "this sounds like %s: adapters or cables swapped?", best.driver->id);
    return GUESS_STRANGER;
  }
  g_snprintf (reason, size, "bytes come, but nothing valid for %.1f s: wrong line settings or driver?", s);
  return GUESS_NOISE;
}

static ChsGuess
explain_silence (ChsLink *self, char *reason, gsize size)
{
  double s = (double) silence_us (self) / G_USEC_PER_SEC;

  if (self->view.last_byte_us != CHS_TIME_NONE && self->now_us - self->view.last_byte_us < silence_us (self))
    return explain_noise (self, s, reason, size);
  g_snprintf (reason, size, "nothing heard for %.1f s", s);
  return GUESS_NOTHING;
}

/* A stranger that speaks seldom is recognised late: a silent link is listened to on, and told anew when more is known. */
static void
check_silence (ChsLink *self)
{
  char reason[sizeof self->view.reason];
  gboolean is_new = self->view.state != CHS_LINK_SILENT;
  ChsGuess guess;

  if (self->now_us - self->open_us < silence_us (self))
    return;
  if (!is_new && (self->guess == GUESS_STRANGER || self->now_us < self->guess_us))
    return;
  self->guess_us = self->now_us + silence_us (self);
  guess = explain_silence (self, reason, sizeof reason);
  if (!is_new && guess <= self->guess)
    return;
  self->guess = guess;
  set_state (self, CHS_LINK_SILENT, reason);
}

/* ---- reading ---- */

static void
take_bytes (ChsLink *self, const guint8 *bytes, gsize n)
{
  self->view.bytes_rx += n;
  self->view.last_byte_us = self->now_us;
  record_bytes (self, bytes, n);
  if (self->transport == NULL)
    return; /* stopped by whoever got the event */
  self->driver->feed (self->driver_state, bytes, n, self->now_us, &self->sink);
  note_frames (self);
}

/* Reads a bounded amount. FALSE when the link was lost or stopped meanwhile. */
static gboolean
read_some (ChsLink *self)
{
  guint8 bytes[READ_SIZE];

  for (guint i = 0; i < READS_PER_DISPATCH && self->budget > 0; i++) {
    g_autoptr (GError) error = NULL;
    gssize n = self->transport->klass->read (self->transport, bytes, MIN (sizeof bytes, self->budget), &error);

    if (n < 0)
      fail (self, error);
    if (n <= 0)
      return n == 0;
    self->budget -= (gsize) n;
    take_bytes (self, bytes, (gsize) n);
    if (self->transport == NULL)
      return FALSE;
  }
  return TRUE;
}

static void
fail_hung_up (ChsLink *self)
{
  g_autoptr (GError) error = g_error_new (CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "%s: hung up", self->address);

  fail (self, error);
}

static gboolean
on_readable (gint fd G_GNUC_UNUSED, GIOCondition condition, gpointer user_data)
{
  g_autoptr (ChsLink) self = g_object_ref (user_data);
  guint64 before = self->view.bytes_rx;

  look_at_clock (self);
  if (!read_some (self))
    return G_SOURCE_REMOVE;
  if (self->view.bytes_rx == before && (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) != 0) {
    fail_hung_up (self);
    return G_SOURCE_REMOVE;
  }
  if (self->budget > 0)
    return G_SOURCE_CONTINUE;
  self->view.floods++;
  unwatch (self); /* until the next tick; the sender waits meanwhile */
  return G_SOURCE_REMOVE;
}

static void
watch (ChsLink *self)
{
  int fd = self->transport->klass->fd (self->transport);

  if (fd < 0 || self->watch != NULL)
    return;
  self->watch = g_unix_fd_source_new (fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->watch, self->context);
}

/* ---- the driver's side ---- */

static ChsLink *
link_of (ChsSink *sink)
{
  return sink->user;
}

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  ChsLink *self = link_of (sink);
  ChsEvent copy = *event;

  if (self->transport == NULL)
    return;
  if (!chs_event_check (&copy)) {
    if (self->view.events_refused++ == 0)
      g_warning ("link %s: driver %s makes events (type %u) that make no sense: refused", self->name, self->driver->id, event->type);
    return;
  }
  emit (self, &copy);
}

static void
note_sent (ChsLink *self, const guint8 *bytes, gsize sent)
{
  self->view.bytes_tx += sent;
  emit_raw (self, TRUE, bytes, sent);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  ChsLink *self = link_of (sink);
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize sent;
  gboolean good;

  if (self->transport == NULL)
    return;
  good = chs_tx_guard_send (self->guard, self->driver_state, query, payload, n, self->transport, &bytes, &sent, &error);
  note_sent (self, bytes, sent);
  self->view.tx_refused = chs_tx_guard_get_refused (self->guard);
  if (!good) {
    g_info ("link %s: %s", self->name, error->message); /* a loss is seen by the next read or look */
    return;
  }
  note_request (self);
}

static void
on_frame (ChsSink *sink, const uint8_t *bytes G_GNUC_UNUSED, size_t n G_GNUC_UNUSED, const char *words)
{
  ChsLinkView *view = &link_of (sink)->view;

  chs_text_copy (view->last_frame, sizeof view->last_frame, words);
}

/* ---- the tick ---- */

static void
become_ready (ChsLink *self)
{
  self->is_ready = TRUE;
  self->was_open = TRUE;
  self->open_us = self->now_us;
  self->request_us = CHS_TIME_NONE;
  self->view.opened++;
  self->n_heard = 0;
  self->budget = BUDGET_PER_TICK;
  watch (self);
  set_state (self, CHS_LINK_CONNECTING, "");
  if (self->driver->is_bench)
    chs_sink_device (&self->sink, CHS_DEVICE_BENCH, CHS_PARAM_NONE, (double) NAN, self->driver->label);
  if (self->transport != NULL && self->driver->opened != NULL)
    self->driver->opened (self->driver_state, self->now_us, &self->sink);
  note_frames (self);
}

static gboolean
flush (ChsLink *self)
{
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize sent;
  gboolean good = chs_tx_guard_flush (self->guard, self->transport, &bytes, &sent, &error);

  note_sent (self, bytes, sent);
  if (!good)
    fail (self, error);
  return self->transport != NULL;
}

static void
serve (ChsLink *self)
{
  self->budget = BUDGET_PER_TICK;
  watch (self);
  if (self->transport->klass->fd (self->transport) < 0 && !read_some (self))
    return;
  if (!flush (self))
    return;
  if (self->driver->tick != NULL)
    self->driver->tick (self->driver_state, self->now_us, &self->sink);
  note_frames (self);
  if (self->transport != NULL)
    check_silence (self);
}

static void
look_after_transport (ChsLink *self)
{
  g_autoptr (GError) error = NULL;

  if (!self->transport->klass->alive (self->transport, self->now_us, &error)) {
    fail (self, error);
    return;
  }
  if (!self->is_ready && chs_transport_is_open (self->transport))
    become_ready (self);
  if (self->is_ready && self->transport != NULL)
    serve (self);
}

/* The back-off is over, or something new is there: then it begins anew, because a node that has just appeared may not
 * have its permissions yet. */
static gboolean
is_time_to_try (ChsLink *self)
{
  if (self->presence != chs_transport_presence (self->address)) {
    self->retry_wait_us = RETRY_FIRST_US;
    return TRUE;
  }
  return self->now_us >= self->retry_us;
}

static gboolean
on_tick (gpointer user_data)
{
  g_autoptr (ChsLink) self = g_object_ref (user_data);

  look_at_clock (self);
  if (self->transport == NULL && is_time_to_try (self))
    try_open (self);
  if (self->transport != NULL)
    look_after_transport (self);
  return G_SOURCE_CONTINUE;
}

/* ---- the object ---- */

static void
chs_link_dispose (GObject *object)
{
  ChsLink *self = CHS_LINK (object);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->guard != NULL)
    close_transport (self);
  G_OBJECT_CLASS (chs_link_parent_class)->dispose (object);
}

static void
chs_link_finalize (GObject *object)
{
  ChsLink *self = CHS_LINK (object);

  g_clear_pointer (&self->guard, chs_tx_guard_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->driver_state);
  g_free (self->name);
  g_free (self->address);
  G_OBJECT_CLASS (chs_link_parent_class)->finalize (object);
}

static void
chs_link_class_init (ChsLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = chs_link_dispose;
  object_class->finalize = chs_link_finalize;
}

static void
chs_link_init (ChsLink *self)
{
  self->retry_wait_us = RETRY_FIRST_US;
  self->view.last_byte_us = self->view.last_frame_us = CHS_TIME_NONE;
  self->view.rtt_us = self->view.rtt_jitter_us = CHS_TIME_NONE;
  self->view.poll_us = self->view.poll_jitter_us = CHS_TIME_NONE;
  self->sink = (ChsSink) { .event = on_event, .request = on_request, .frame = on_frame, .user = self };
}

static gboolean
set_option (ChsLink *self, const char *option, GError **error)
{
  const char *equals = strchr (option, '=');
  g_autofree char *key = equals != NULL ? g_strndup (option, (gsize) (equals - option)) : NULL;

  if (key != NULL && self->driver->option != NULL && self->driver->option (self->driver_state, key, equals + 1))
    return TRUE;
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_CONFIG, "link %s: driver %s does not know the option \"%s\", or not this value",
               self->name, self->driver->id, option);
  return FALSE;
}

static gboolean
configure (ChsLink *self, const ChsLinkConfig *config, GError **error)
{
  const char *missing;

  if (self->driver->access == CHS_ACCESS_NEVER) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_CONFIG,
                 "link %s: %s is never driven: the device needs commands, and Chairside only listens", self->name,
                 self->driver->id);
    return FALSE;
  }
  if (!chs_transport_check (self->address, self->driver->line, error)) {
    g_prefix_error (error, "link %s: ", self->name);
    return FALSE;
  }
  for (guint i = 0; config->options != NULL && config->options[i] != NULL; i++)
    if (!set_option (self, config->options[i], error))
      return FALSE;
  missing = self->driver->missing != NULL ? self->driver->missing (self->driver_state) : NULL;
  if (missing == NULL)
    return TRUE;
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_CONFIG, "link %s: driver %s lacks %s", self->name, self->driver->id, missing);
  return FALSE;
}

ChsLink *
chs_link_new_for_driver (const ChsLinkConfig *config,
                         const ChsDriver     *driver,
                         guint8               source,
                         ChsClock            *clock,
                         GMainContext        *context,
                         ChsLinkEventFunc     func,
                         gpointer             user_data,
                         GError             **error)
{
  g_autoptr (ChsLink) self = g_object_new (CHS_TYPE_LINK, NULL);

  self->name = g_strdup (config->name);
  self->address = g_strdup (config->address);
  self->driver = driver;
  self->driver_state = g_malloc0 (MAX (driver->state_size, 1));
  if (driver->bind != NULL)
    driver->bind (self->driver_state, driver);
  self->guard = chs_tx_guard_new (driver);
  self->source = source;
  self->clock = clock;
  self->context = g_main_context_ref (context != NULL ? context : g_main_context_default ());
  self->func = func;
  self->user_data = user_data;
  if (!configure (self, config, error))
    return NULL;
  return g_steal_pointer (&self);
}

ChsLink *
chs_link_new (const ChsLinkConfig *config,
              guint8               source,
              ChsClock            *clock,
              GMainContext        *context,
              ChsLinkEventFunc     func,
              gpointer             user_data,
              GError             **error)
{
  g_autoptr (GError) reason = NULL;
  const ChsDriver *driver = chs_driver_resolve (config->driver, &reason);

  if (driver == NULL) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_CONFIG, "link %s: %s (see chairside-tool drivers)", config->name, reason->message);
    return NULL;
  }
  return chs_link_new_for_driver (config, driver, source, clock, context, func, user_data, error);
}

void
chs_link_start (ChsLink *self)
{
  g_return_if_fail (CHS_IS_LINK (self));

  if (self->timer != NULL)
    return;
  self->retry_us = G_MININT64;
  self->retry_wait_us = RETRY_FIRST_US;
  self->was_open = FALSE;
  self->timer = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->timer, on_tick, self, NULL);
  g_source_set_ready_time (self->timer, 0); /* the first one now */
  g_source_attach (self->timer, self->context);
}

void
chs_link_stop (ChsLink *self)
{
  g_return_if_fail (CHS_IS_LINK (self));

  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  look_at_clock (self);
  if (self->is_ready && self->driver->closing != NULL)
    self->driver->closing (self->driver_state, self->now_us, &self->sink);
  end_recording (self);
  close_transport (self);
  set_state (self, CHS_LINK_CLOSED, "");
}

const char *
chs_link_get_name (ChsLink *self)
{
  return self->name;
}

const char *
chs_link_get_address (ChsLink *self)
{
  return self->address;
}

const ChsDriver *
chs_link_get_driver (ChsLink *self)
{
  return self->driver;
}

ChsLinkState
chs_link_get_state (ChsLink *self)
{
  return self->view.state;
}

guint8
chs_link_get_source (ChsLink *self)
{
  return self->source;
}

void
chs_link_get_view (ChsLink *self, ChsLinkView *view)
{
  *view = self->view;
  view->counters = *self->driver->counters (self->driver_state);
  /* While the port is gone, its last counts are worth keeping. */
  if (self->is_ready && self->transport->klass->errors != NULL)
    self->view.has_line_errors = self->transport->klass->errors (self->transport, &self->view.line_errors);
  view->has_line_errors = self->view.has_line_errors;
  view->line_errors = self->view.line_errors;
  view->n_last_bytes = MIN (self->n_heard, sizeof view->last_bytes);
  memcpy (view->last_bytes, self->heard + self->n_heard - view->n_last_bytes, view->n_last_bytes);
}
