/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode-again.h"

#include "data/event-codec.h"
#include "data/ini.h"
#include "devices/described.h"

#include <string.h>

#define TICK_US 100000             /* as a link does (devices/link.h) */
#define TICKS_MAX_US (60 * G_USEC_PER_SEC) /* over a longer silence a driver's clock jumps: nothing of it waits so long */

/* An event of one side that has not met its like. */
typedef struct {
  ChsEvent event;   /* borrows from @bytes */
  GBytes  *bytes;
  GBytes  *content; /* packed without its times and number: equal content, equal bytes */
} Waiting;

typedef struct {
  ChsDecodeSource told;
  const ChsDriver *driver;
  gpointer state;
  gboolean is_open;
  gint64   ticked_us;
  GQueue   then, now; /* of Waiting, oldest first */
  struct Again *again;
  ChsSink  sink;
  gint64   t_us;      /* that the driver is told now */
} Instrument;

typedef struct Again {
  GPtrArray    *instruments; /* of Instrument */
  char         *config;      /* of the chair; NULL = not recorded */
  GPtrArray    *described;   /* of ChsDescribed: key files as they were then */
  ChsDecodeFunc func;
  gpointer      user_data;
} Again;

const char *
chs_decode_difference_id (ChsDecodeDifference difference)
{
  static const char *const ids[] = { "changed", "lost", "gained" };

  return (guint) difference < G_N_ELEMENTS (ids) ? ids[difference] : "";
}

/* ---- meeting ---- */

static void
waiting_free (gpointer data)
{
  Waiting *waiting = data;

  g_clear_pointer (&waiting->bytes, g_bytes_unref);
  g_clear_pointer (&waiting->content, g_bytes_unref);
  g_free (waiting);
}

static GBytes *
pack_content (const ChsEvent *event)
{
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  ChsEvent plain;
  gsize size;
  guint8 *buf;

  memcpy (&plain, event, chs_event_size (event));
  plain.seq = 1;
  plain.t_us = plain.wall_us = 0;
  if (plain.type == CHS_EVENT_NUMERIC && plain.numeric.meas_us != CHS_TIME_NONE)
    plain.numeric.meas_us = 0;
  size = chs_event_pack_bound (&plain);
  buf = g_malloc (size);
  size = chs_event_pack (state, &plain, buf, size);
  return g_bytes_new_take (buf, size);
}

static Waiting *
waiting_new (const ChsEvent *event)
{
  Waiting *waiting = g_new0 (Waiting, 1);
  gsize n = 0;
  const void *borrowed = chs_event_borrowed (event, &n);

  memcpy (&waiting->event, event, chs_event_size (event));
  waiting->content = pack_content (event);
  if (borrowed != NULL) {
    waiting->bytes = g_bytes_new (borrowed, n);
    chs_event_set_borrowed (&waiting->event, g_bytes_get_data (waiting->bytes, NULL));
  }
  return waiting;
}

/* Whether two events are of the same thing, so that one may stand in the other's place. */
static gboolean
is_of_same (const ChsEvent *a, const ChsEvent *b)
{
  if (a->type != b->type || a->channel != b->channel)
    return FALSE;
  if (a->type == CHS_EVENT_NUMERIC)
    return a->numeric.param == b->numeric.param;
  if (a->type == CHS_EVENT_WAVE)
    return a->wave.param == b->wave.param;
  return a->type != CHS_EVENT_DEVICE || (a->device.code == b->device.code && a->device.param == b->device.param);
}

static GList *
find_like (GQueue *queue, const Waiting *waiting)
{
  for (GList *l = queue->head; l != NULL; l = l->next)
    if (g_bytes_equal (((const Waiting *) l->data)->content, waiting->content))
      return l;
  return NULL;
}

static GList *
find_place (GQueue *queue, const Waiting *waiting)
{
  for (GList *l = queue->head; l != NULL; l = l->next)
    if (is_of_same (&((const Waiting *) l->data)->event, &waiting->event))
      return l;
  return NULL;
}

static void
tell (Instrument *self, ChsDecodeDifference difference, const Waiting *then, const Waiting *now)
{
  self->told.changed += difference == CHS_DECODE_CHANGED;
  self->told.lost += difference == CHS_DECODE_LOST;
  self->told.gained += difference == CHS_DECODE_GAINED;
  if (self->again->func != NULL)
    self->again->func (difference, then != NULL ? &then->event : NULL, now != NULL ? &now->event : NULL, self->again->user_data);
}

/* The oldest of one side has waited long enough. */
static void
give_up (Instrument *self, GQueue *mine, GQueue *others)
{
  Waiting *waiting = g_queue_pop_head (mine);
  GList *place = find_place (others, waiting);
  Waiting *other = place != NULL ? place->data : NULL;
  Waiting *then = mine == &self->then ? waiting : other, *now = mine == &self->now ? waiting : other;

  if (place != NULL)
    g_queue_delete_link (others, place);
  tell (self, other != NULL ? CHS_DECODE_CHANGED : then != NULL ? CHS_DECODE_LOST : CHS_DECODE_GAINED, then, now);
  waiting_free (waiting);
  if (other != NULL)
    waiting_free (other);
}

static void
forget_old (Instrument *self, gint64 now_us)
{
  GQueue *const queues[] = { &self->then, &self->now };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    while (!g_queue_is_empty (queues[i]) && now_us - ((const Waiting *) g_queue_peek_head (queues[i]))->event.t_us > CHS_DECODE_AGAIN_US)
      give_up (self, queues[i], queues[1 - i]);
}

static void
meet (Instrument *self, const ChsEvent *event, GQueue *mine, GQueue *others)
{
  Waiting *waiting = waiting_new (event);
  GList *like = find_like (others, waiting);

  if (like == NULL) {
    g_queue_push_tail (mine, waiting);
    return;
  }
  self->told.same++;
  waiting_free (like->data);
  g_queue_delete_link (others, like);
  waiting_free (waiting);
}

/* ---- the driver ---- */

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Instrument *self = sink->user;
  ChsEvent stamped;

  memcpy (&stamped, event, chs_event_size (event));
  stamped.t_us = stamped.wall_us = self->t_us;
  stamped.source = self->told.source.source;
  self->told.decoded++;
  meet (self, &stamped, &self->now, &self->then);
}

/* The instrument was asked then, and what it said is in the recording. */
static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
}

typedef struct {
  Instrument *instrument;
  char *group;
} Options;

static gboolean
take_option (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Options *self = user_data;
  Instrument *instrument = self->instrument;

  if (key == NULL || strcmp (group, self->group) != 0 || !g_str_has_prefix (key, "option."))
    return TRUE;
  if (instrument->driver->option == NULL || !instrument->driver->option (instrument->state, key + strlen ("option."), value))
    g_snprintf (instrument->told.trouble, sizeof instrument->told.trouble, "today's driver does not take %s = %s", key, value);
  return TRUE;
}

static void
set_options (Instrument *self)
{
  g_autofree char *group = g_strconcat ("link.", self->told.source.name, NULL);
  Options options = { self, group };

  if (self->again->config != NULL)
    chs_ini_parse (self->again->config, strlen (self->again->config), "", take_option, &options, NULL);
}

static void
open_driver (Instrument *self, gint64 t_us)
{
  if (self->driver == NULL || self->told.trouble[0] != '\0')
    return;
  if (!self->is_open)
    set_options (self);
  self->is_open = TRUE;
  self->ticked_us = t_us;
  self->t_us = t_us;
  if (self->driver->opened != NULL)
    self->driver->opened (self->state, t_us, &self->sink);
}

static void
tick (Instrument *self, gint64 t_us)
{
  self->t_us = t_us;
  if (self->driver->tick != NULL)
    self->driver->tick (self->state, t_us, &self->sink);
}

static void
pass_time (Instrument *self, gint64 t_us)
{
  if (!self->is_open)
    return;
  if (t_us - self->ticked_us > TICKS_MAX_US)
    self->ticked_us = t_us - TICK_US;
  while (self->ticked_us + TICK_US <= t_us) {
    self->ticked_us += TICK_US;
    tick (self, self->ticked_us);
  }
}

static void
take_bytes (Instrument *self, const ChsEvent *event)
{
  if (!self->is_open)
    open_driver (self, event->t_us);
  if (event->raw.from_host) {
    if (self->is_open)
      tick (self, event->t_us); /* that is when it asked */
    return;
  }
  self->told.bytes += event->raw.n;
  if (!self->is_open)
    return;
  self->t_us = event->t_us;
  self->driver->feed (self->state, event->raw.bytes, event->raw.n, event->t_us, &self->sink);
}

/* ---- the session ---- */

/* A captured line was imported under the name of its driver. */
static const ChsDriver *
resolve (const ChsStoreSource *source)
{
  const ChsDriver *driver = chs_driver_resolve (source->driver, NULL);

  return driver != NULL ? driver : chs_driver_resolve (source->name, NULL);
}

/* As a monitor does at its start. */
static void
reset_driver (Instrument *self)
{
  self->is_open = FALSE;
  if (self->driver == NULL)
    return;
  memset (self->state, 0, self->driver->state_size);
  if (self->driver->bind != NULL)
    self->driver->bind (self->state, self->driver);
}

static void
use_driver (Instrument *self, const ChsDriver *driver)
{
  self->driver = driver;
  self->told.trouble[0] = '\0';
  chs_driver_version (driver, self->told.version, sizeof self->told.version);
  g_free (self->state);
  self->state = g_malloc (MAX (driver->state_size, 1));
  reset_driver (self);
}

static Instrument *
instrument_new (Again *again, const ChsStoreSource *source)
{
  Instrument *self = g_new0 (Instrument, 1);
  const ChsDriver *driver;

  self->told.source = *source;
  self->again = again;
  self->sink = (ChsSink) { .event = on_event, .request = on_request, .user = self };
  driver = resolve (source);
  if (driver != NULL)
    use_driver (self, driver);
  else
    g_snprintf (self->told.trouble, sizeof self->told.trouble, "there is no driver \"%s\"", source->driver);
  return self;
}

static void
instrument_free (gpointer data)
{
  Instrument *self = data;

  g_queue_clear_full (&self->then, waiting_free);
  g_queue_clear_full (&self->now, waiting_free);
  g_free (self->state);
  g_free (self);
}

static Instrument *
find (Again *self, guint8 source)
{
  for (guint i = 0; i < self->instruments->len; i++) {
    Instrument *instrument = self->instruments->pdata[i];

    if (instrument->told.source.source == source)
      return instrument;
  }
  return NULL;
}

/* What a driver makes; that it is one for the laboratory is told by its link. */
static gboolean
is_decoded (const ChsEvent *event)
{
  if (event->type == CHS_EVENT_DEVICE && event->device.code == CHS_DEVICE_BENCH)
    return FALSE;
  return event->type == CHS_EVENT_NUMERIC || event->type == CHS_EVENT_WAVE || event->type == CHS_EVENT_PUMP ||
         event->type == CHS_EVENT_DEVICE;
}

static void
take_event (Instrument *self, const ChsEvent *event)
{
  if (event->type == CHS_EVENT_RAW)
    take_bytes (self, event);
  else if (event->type == CHS_EVENT_LINK && event->link.state == CHS_LINK_CONNECTING && event->link.reason[0] == '\0')
    open_driver (self, event->t_us);
  else if (is_decoded (event)) {
    self->told.events++;
    meet (self, event, &self->then, &self->now);
  }
}

/* An instrument of a key file is decoded by the file as it was: today's may be another one, or gone. */
static void
take_key_file (Again *self, const ChsConfigText *config)
{
  ChsDescribed *described = chs_described_parse (config->text, config->n, config->name, NULL);

  if (described == NULL)
    return;
  g_ptr_array_add (self->described, described);
  for (guint i = 0; i < self->instruments->len; i++) {
    Instrument *instrument = self->instruments->pdata[i];

    if (strcmp (instrument->told.source.driver, config->name) == 0 && !instrument->is_open)
      use_driver (instrument, chs_described_get_driver (described));
  }
}

static void
take_config (Again *self, const ChsConfigText *config)
{
  if (g_str_has_prefix (config->name, CHS_DESCRIBED_PREFIX))
    take_key_file (self, config);
  if (strcmp (config->name, "chair") != 0)
    return;
  g_free (self->config);
  self->config = g_strndup (config->text, config->n);
}

static gboolean
on_recorded (const ChsEvent *event, gpointer user_data)
{
  Again *self = user_data;
  Instrument *instrument = find (self, event->source);

  if (event->type == CHS_EVENT_CONFIG)
    take_config (self, &event->config);
  for (guint i = 0; i < self->instruments->len; i++) {
    if (event->type == CHS_EVENT_CLOCK && event->clock.code == CHS_CLOCK_RESUME)
      reset_driver (self->instruments->pdata[i]); /* the monitor was started anew */
    pass_time (self->instruments->pdata[i], event->t_us);
    forget_old (self->instruments->pdata[i], event->t_us);
  }
  if (instrument != NULL)
    take_event (instrument, event);
  return TRUE;
}

static void
finish (Instrument *self, gint64 end_us)
{
  self->t_us = end_us;
  if (self->is_open && self->driver->closing != NULL)
    self->driver->closing (self->state, end_us, &self->sink);
  forget_old (self, G_MAXINT64 / 2);
}

gboolean
chs_decode_again (ChsStoreReader *reader, ChsDecodeFunc func, gpointer user_data, GArray **sources, GError **error)
{
  Again self = { .instruments = g_ptr_array_new_with_free_func (instrument_free), .func = func, .user_data = user_data,
                 .described = g_ptr_array_new_with_free_func ((GDestroyNotify) chs_described_free) };
  guint n;
  const ChsStoreSource *known = chs_store_reader_get_sources (reader, &n);
  gboolean whole;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self.instruments, instrument_new (&self, &known[i]));
  whole = chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, on_recorded, &self, error);
  *sources = g_array_new (FALSE, TRUE, sizeof (ChsDecodeSource));
  for (guint i = 0; i < self.instruments->len; i++) {
    Instrument *instrument = self.instruments->pdata[i];

    if (instrument->told.bytes == 0)
      continue;
    finish (instrument, chs_store_reader_get_last_us (reader));
    g_array_append_val (*sources, instrument->told);
  }
  g_ptr_array_unref (self.instruments);
  g_ptr_array_unref (self.described);
  g_free (self.config);
  return whole;
}
