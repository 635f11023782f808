/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/replayer.h"

#include "app/replay.h"
#include "data/event-codec.h"
#include "data/store.h"

#include <string.h>

/* A block is the least that is unpacked after a jump; a keyframe stands before so many events. */
#define BLOCK_BYTES (64 * 1024)
#define KEYFRAME_EVENTS 8192
#define MAX_SAMPLES CHS_WAVE_MAX

/* Waves are read so far back at a jump (a sweep is shorter). Faster than this speed a sweep
 * shows nothing that an eye could follow and is left out until the replay stands. */
#define WAVES_BEFORE_US (15 * G_USEC_PER_SEC)
#define WAVES_SPEED 8.0

/* At full speed the journal is fed for at most so long between two frames. */
#define MAX_FEED_US (12 * 1000)

static const double speeds[] = { 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256 };

typedef struct {
  guint8 *bytes;
  gsize   n, size;
  guint   n_events;
  guint   first; /* number of its first event in the whole journal */
} Block;

/* The model as it is before the first event of a block. */
typedef struct {
  guint          block;
  int64_t        t_us;
  ChsChairModel *model;
} Keyframe;

/* Where reading stands: the event that comes next, already unpacked. */
typedef struct {
  guint         block;
  const guint8 *p;
  ChsPackState  state;
  ChsEvent      next;
  gboolean      has_next;
  guint         number; /* of @next in the whole journal */
  int16_t       samples[MAX_SAMPLES];
} Cursor;

struct _ChsReplayer {
  GObject parent_instance;

  ChsProfile    *profile;
  GArray        *blocks;
  GArray        *keyframes;
  ChsChairModel *overview;
  char          *damage, *path;
  int64_t        end_us;
  ChsMarkers    *markers;
  GError        *markers_error; /* why there are none */

  ChsScene *scene;
  Cursor    cursor;
  int64_t   position_us;
  double    speed;
  gboolean  is_playing;
  int64_t   loop_from_us, loop_to_us; /* CHS_TIME_NONE = no loop */

  ChsStoreReader *waves; /* (nullable): of a recording that has some */
  int64_t         waves_us; /* fed up to here */

  ChsPackState packing; /* while loading */
};

G_DEFINE_FINAL_TYPE (ChsReplayer, chs_replayer, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- the packed journal ---- */

static Block *
begin_block (ChsReplayer *self)
{
  Block block = { .first = self->blocks->len ? g_array_index (self->blocks, Block, self->blocks->len - 1).first +
                                                 g_array_index (self->blocks, Block, self->blocks->len - 1).n_events
                                             : 0 };

  memset (&self->packing, 0, sizeof self->packing);
  g_array_append_val (self->blocks, block);

  return &g_array_index (self->blocks, Block, self->blocks->len - 1);
}

static Block *
last_block (ChsReplayer *self)
{
  return self->blocks->len ? &g_array_index (self->blocks, Block, self->blocks->len - 1) : begin_block (self);
}

static void
pack (ChsReplayer *self, const ChsEvent *event)
{
  Block *block = last_block (self);
  gsize  bound = chs_event_pack_bound (event);

  if (block->n > 0 && block->n + bound > BLOCK_BYTES)
    block = begin_block (self);
  if (block->n + bound > block->size) {
    block->size = MAX (block->n + bound, MIN (BLOCK_BYTES, 2 * block->size));
    block->bytes = g_realloc (block->bytes, block->size);
  }
  block->n += chs_event_pack (&self->packing, event, block->bytes + block->n, block->size - block->n);
  block->n_events++;
}

static gboolean
enter_block (ChsReplayer *self, Cursor *cursor, guint index)
{
  if (index >= self->blocks->len)
    return FALSE;

  cursor->block = index;
  cursor->p = g_array_index (self->blocks, Block, index).bytes;
  cursor->number = g_array_index (self->blocks, Block, index).first - 1; /* reading counts up to the first */
  memset (&cursor->state, 0, sizeof cursor->state);

  return TRUE;
}

/* Unpacks the next event; at the end of a block goes on with the one behind it. */
static void
read_next (ChsReplayer *self, Cursor *cursor)
{
  cursor->has_next = FALSE;
  while (cursor->block < self->blocks->len) {
    const Block *block = &g_array_index (self->blocks, Block, cursor->block);

    if (chs_event_unpack (&cursor->state, &cursor->p, block->bytes + block->n, &cursor->next, cursor->samples,
                          MAX_SAMPLES) == CHS_UNPACK_EVENT) {
      cursor->has_next = TRUE;
      cursor->number++;
      return;
    }
    if (!enter_block (self, cursor, cursor->block + 1))
      return;
  }
}

/* ---- loading ---- */

typedef struct {
  ChsReplayer *self;
  GError      *error; /* the recording's own profile cannot be read */
} Loading;

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  Loading     *loading = user_data;
  ChsReplayer *self = loading->self;

  if (event->type == CHS_EVENT_ALARM || event->type == CHS_EVENT_RAW)
    return;

  if (event->type == CHS_EVENT_CONFIG && strcmp (event->config.name, "profile") == 0 && self->profile == NULL)
    self->profile = chs_profile_parse_recorded (event->config.text, event->config.n, "profile", &loading->error);
  pack (self, event);
  self->end_us = MAX (self->end_us, event->t_us);
}

static void
add_keyframe (ChsReplayer *self, guint block)
{
  Keyframe keyframe = {
    .block = block,
    .t_us = chs_chair_model_get_now_us (self->overview),
    .model = chs_chair_model_copy (self->overview),
  };

  g_array_append_val (self->keyframes, keyframe);
}

static void
make_overview (ChsReplayer *self)
{
  g_autofree Cursor *cursor = g_new0 (Cursor, 1);
  guint              last_block = 0, n_since = 0;

  self->overview = chs_chair_model_new (self->profile);
  add_keyframe (self, 0);
  if (!enter_block (self, cursor, 0))
    return;

  for (read_next (self, cursor); cursor->has_next; read_next (self, cursor)) {
    if (cursor->block != last_block) {
      last_block = cursor->block;
      if (n_since >= KEYFRAME_EVENTS) {
        add_keyframe (self, last_block);
        n_since = 0;
      }
    }
    chs_chair_model_feed (self->overview, &cursor->next);
    n_since++;
  }
}

static gboolean
ensure_profile (ChsReplayer *self, GError **error)
{
  g_autofree char *path = NULL;

  if (self->profile)
    return TRUE;

  path = chs_profile_dup_default_path ();
  self->profile = chs_profile_load (path, error);

  return self->profile != NULL;
}

/* What belongs to a recording beside its journal. A scenario has no waves; both may have markers. */
static void
open_companions (ChsReplayer *self, const char *path)
{
  self->path = g_strdup (path);
  self->markers = chs_markers_load (path, &self->markers_error);
  if (!g_str_has_suffix (path, ".csv"))
    self->waves = chs_store_reader_new (path, NULL);
}

static gboolean
load (ChsReplayer *self, const char *path, GCancellable *cancellable, GError **error)
{
  Loading           loading = { .self = self };
  g_autoptr (GError) local = NULL;

  if (!chs_replay_run (path, NULL, on_event, &loading, cancellable, &local)) {
    /* What is whole is shown; what is missing is said. */
    if (self->blocks->len == 0 || g_cancellable_is_cancelled (cancellable)) {
      g_clear_error (&loading.error);
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
    self->damage = g_strdup (local->message);
  }
  if (loading.error) {
    g_propagate_prefixed_error (error, loading.error, "%s: ", path);
    return FALSE;
  }
  if (!ensure_profile (self, error))
    return FALSE;

  make_overview (self);
  open_companions (self, path);

  return TRUE;
}

ChsReplayer *
chs_replayer_load (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (ChsReplayer) self = g_object_new (CHS_TYPE_REPLAYER, NULL);

  return load (self, path, cancellable, error) ? g_steal_pointer (&self) : NULL;
}

static void
load_in_thread (GTask *task, gpointer source, gpointer path, GCancellable *cancellable)
{
  GError      *error = NULL;
  ChsReplayer *self = chs_replayer_load (path, cancellable, &error);

  if (self)
    g_task_return_pointer (task, self, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
chs_replayer_load_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

ChsReplayer *
chs_replayer_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
chs_replayer_foreach (ChsReplayer *self, ChsReplayFunc func, gpointer user_data)
{
  g_autofree Cursor *cursor = g_new0 (Cursor, 1);

  if (!enter_block (self, cursor, 0))
    return;
  for (read_next (self, cursor); cursor->has_next && func (&cursor->next, user_data); read_next (self, cursor))
    ;
}

/* ---- waves ---- */

static gboolean
on_wave (const ChsEvent *event, gpointer user_data)
{
  ChsReplayer *self = user_data;

  chs_scene_feed (self->scene, event);

  return TRUE;
}

/* Gives the scene the waves up to where it stands: all of a jump's sweep, or what came since the last frame. */
static void
feed_waves (ChsReplayer *self, gboolean is_jump)
{
  gboolean is_fast = self->is_playing && (self->speed <= CHS_REPLAY_MAX || self->speed > WAVES_SPEED);
  int64_t  from_us = is_jump ? self->position_us - WAVES_BEFORE_US : self->waves_us + 1;

  if (self->waves == NULL || is_fast || from_us > self->position_us)
    return;
  from_us = MAX (from_us, self->position_us - WAVES_BEFORE_US);
  /* what is damaged is a hole in the sweep, and was told when the recording was opened */
  chs_store_reader_foreach (self->waves, from_us, self->position_us, CHS_READ_WAVES, on_wave, self, NULL);
  self->waves_us = self->position_us;
}

/* ---- moving ---- */

static void
changed (ChsReplayer *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
show_position (ChsReplayer *self)
{
  if (self->scene) {
    chs_scene_set_now (self->scene, self->position_us);
    chs_scene_touch (self->scene);
  }
  changed (self);
}

/* Feeds what lies up to @t_us; stops early when @until_us of the monotonic clock has come. Returns whether it is done. */
static gboolean
feed_until (ChsReplayer *self, int64_t t_us, gint64 until_us)
{
  while (self->cursor.has_next && self->cursor.next.t_us <= t_us) {
    chs_scene_feed (self->scene, &self->cursor.next);
    self->position_us = MAX (self->position_us, self->cursor.next.t_us);
    read_next (self, &self->cursor);
    if (until_us > 0 && g_get_monotonic_time () > until_us)
      return FALSE;
  }

  return TRUE;
}

static const Keyframe *
keyframe_before (ChsReplayer *self, int64_t t_us)
{
  guint i = self->keyframes->len - 1;

  while (i > 0 && g_array_index (self->keyframes, Keyframe, i).t_us > t_us)
    i--;

  return &g_array_index (self->keyframes, Keyframe, i);
}

static gboolean
is_near_ahead (ChsReplayer *self, const Keyframe *keyframe, int64_t t_us)
{
  return t_us >= self->position_us && self->cursor.has_next && keyframe->t_us <= self->position_us;
}

void
chs_replayer_seek (ChsReplayer *self, int64_t t_us)
{
  const Keyframe *keyframe;
  gboolean        is_ahead;

  g_return_if_fail (CHS_IS_REPLAYER (self));

  if (self->scene == NULL)
    return;

  t_us = CLAMP (t_us, 0, self->end_us);
  keyframe = keyframe_before (self, t_us);
  is_ahead = is_near_ahead (self, keyframe, t_us);
  if (!is_ahead) {
    chs_scene_take_model (self->scene, chs_chair_model_copy (keyframe->model));
    self->position_us = 0;
    if (enter_block (self, &self->cursor, keyframe->block))
      read_next (self, &self->cursor);
  }
  feed_until (self, t_us, 0);
  self->position_us = t_us;
  feed_waves (self, !is_ahead || t_us - self->waves_us > WAVES_BEFORE_US);
  show_position (self);
}

void
chs_replayer_advance (ChsReplayer *self, int64_t dt_us)
{
  g_return_if_fail (CHS_IS_REPLAYER (self));

  if (!self->is_playing || self->scene == NULL)
    return;

  if (self->speed > CHS_REPLAY_MAX) {
    int64_t to_us = MIN (self->end_us, self->position_us + (int64_t) ((double) dt_us * self->speed));

    if (feed_until (self, to_us, g_get_monotonic_time () + MAX_FEED_US))
      self->position_us = to_us;
  } else {
    feed_until (self, self->end_us, g_get_monotonic_time () + MAX_FEED_US);
  }

  if (self->loop_to_us != CHS_TIME_NONE && self->position_us >= self->loop_to_us) {
    chs_replayer_seek (self, self->loop_from_us);
    return;
  }
  if (self->position_us >= self->end_us && !self->cursor.has_next)
    self->is_playing = FALSE;
  feed_waves (self, FALSE);
  show_position (self);
}

/* ---- event by event ---- */

static gboolean
is_worth_a_step (const ChsEvent *event)
{
  return event->type != CHS_EVENT_TICK;
}

/* The last event of a block below @below that is worth a step. */
static gboolean
find_last_in_block (ChsReplayer *self, Cursor *cursor, guint block, guint below, guint *number)
{
  gboolean found = FALSE;

  enter_block (self, cursor, block);
  for (read_next (self, cursor); cursor->has_next && cursor->block == block && cursor->number < below; read_next (self, cursor))
    if (is_worth_a_step (&cursor->next)) {
      found = TRUE;
      *number = cursor->number;
    }

  return found;
}

static gboolean
find_before (ChsReplayer *self, guint below, guint *number)
{
  g_autofree Cursor *cursor = g_new0 (Cursor, 1);
  guint              block = self->blocks->len;

  while (block > 0 && g_array_index (self->blocks, Block, block - 1).first >= below)
    block--;
  while (block > 0)
    if (find_last_in_block (self, cursor, --block, below, number))
      return TRUE;

  return FALSE;
}

/* Number of the event that comes next; behind the last one: how many there are. */
static guint
next_number (ChsReplayer *self)
{
  const Block *last = &g_array_index (self->blocks, Block, self->blocks->len - 1);

  return self->cursor.has_next ? self->cursor.number : last->first + last->n_events;
}

static gboolean
step_on (ChsReplayer *self, ChsEvent *event)
{
  while (self->cursor.has_next) {
    *event = self->cursor.next;
    chs_scene_feed (self->scene, &self->cursor.next);
    self->position_us = MAX (self->position_us, self->cursor.next.t_us);
    read_next (self, &self->cursor);
    if (is_worth_a_step (event)) {
      feed_waves (self, FALSE);
      return TRUE;
    }
  }

  return FALSE;
}

/* From the keyframe before: up to and with event @number. */
static void
go_to_event (ChsReplayer *self, guint number, ChsEvent *event)
{
  guint i = self->keyframes->len - 1;

  while (i > 0 && g_array_index (self->blocks, Block, g_array_index (self->keyframes, Keyframe, i).block).first > number)
    i--;
  chs_scene_take_model (self->scene, chs_chair_model_copy (g_array_index (self->keyframes, Keyframe, i).model));
  self->position_us = 0;
  enter_block (self, &self->cursor, g_array_index (self->keyframes, Keyframe, i).block);
  for (read_next (self, &self->cursor); self->cursor.has_next && self->cursor.number <= number; read_next (self, &self->cursor)) {
    *event = self->cursor.next;
    chs_scene_feed (self->scene, &self->cursor.next);
    self->position_us = MAX (self->position_us, self->cursor.next.t_us);
  }
  feed_waves (self, TRUE);
}

static gboolean
step_back (ChsReplayer *self, ChsEvent *event)
{
  guint shown, before;

  /* the event that is shown now is the last one fed; the one before it is wanted */
  if (!find_before (self, next_number (self), &shown) || !find_before (self, shown, &before))
    return FALSE;
  go_to_event (self, before, event);

  return TRUE;
}

gboolean
chs_replayer_step (ChsReplayer *self, int direction, ChsEvent *event)
{
  gboolean is_found;

  g_return_val_if_fail (CHS_IS_REPLAYER (self) && event, FALSE);

  if (self->scene == NULL || self->blocks->len == 0)
    return FALSE;
  is_found = direction > 0 ? step_on (self, event) : step_back (self, event);
  if (is_found)
    show_position (self);

  return is_found;
}

/* ---- loop and markers ---- */

void
chs_replayer_set_loop (ChsReplayer *self, int64_t from_us, int64_t to_us)
{
  gboolean is_loop = from_us != CHS_TIME_NONE && to_us != CHS_TIME_NONE;

  g_return_if_fail (CHS_IS_REPLAYER (self));

  /* a touch on B before A means the same stretch */
  self->loop_from_us = is_loop ? MIN (from_us, to_us) : from_us;
  self->loop_to_us = is_loop && from_us != to_us ? MAX (from_us, to_us) : CHS_TIME_NONE;
  changed (self);
}

int64_t
chs_replayer_get_loop_from_us (ChsReplayer *self)
{
  return self->loop_from_us;
}

int64_t
chs_replayer_get_loop_to_us (ChsReplayer *self)
{
  return self->loop_to_us;
}

const ChsMarker *
chs_replayer_get_markers (ChsReplayer *self, guint *n)
{
  *n = 0;

  return self->markers ? chs_markers_get (self->markers, n) : NULL;
}

gboolean
chs_replayer_set_marker (ChsReplayer *self, int64_t t_us, const char *name, GError **error)
{
  g_return_val_if_fail (CHS_IS_REPLAYER (self), FALSE);

  /* a file of markers that cannot be understood is not written over */
  if (self->markers == NULL) {
    g_propagate_error (error, g_error_copy (self->markers_error));
    return FALSE;
  }
  if (!chs_markers_set (self->markers, t_us, name, error))
    return FALSE;
  changed (self);

  return TRUE;
}

gboolean
chs_replayer_seek_alarm (ChsReplayer *self, int direction)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (self->overview, &n);
  int64_t        found_us = CHS_TIME_NONE;

  for (guint i = 0; i < n; i++) {
    if (marks[i].kind != CHS_MARK_ALARM)
      continue;
    if (direction < 0 && marks[i].t_us < self->position_us - G_USEC_PER_SEC)
      found_us = marks[i].t_us;
    if (direction > 0 && marks[i].t_us > self->position_us) {
      found_us = marks[i].t_us;
      break;
    }
  }
  if (found_us == CHS_TIME_NONE)
    return FALSE;

  chs_replayer_seek (self, found_us);

  return TRUE;
}

void
chs_replayer_set_playing (ChsReplayer *self, gboolean playing)
{
  g_return_if_fail (CHS_IS_REPLAYER (self));

  if (self->is_playing == playing)
    return;

  if (playing && self->position_us >= self->end_us)
    chs_replayer_seek (self, 0);
  self->is_playing = playing;
  if (!playing && self->scene)
    feed_waves (self, self->position_us - self->waves_us > WAVES_BEFORE_US);
  changed (self);
}

void
chs_replayer_set_speed (ChsReplayer *self, double speed)
{
  g_return_if_fail (CHS_IS_REPLAYER (self));

  self->speed = speed > CHS_REPLAY_MAX ? CLAMP (speed, speeds[0], speeds[G_N_ELEMENTS (speeds) - 1]) : CHS_REPLAY_MAX;
  changed (self);
}

void
chs_replayer_change_speed (ChsReplayer *self, int direction)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (speeds) && (self->speed <= CHS_REPLAY_MAX || speeds[i] < self->speed))
    i++;
  if (direction > 0)
    chs_replayer_set_speed (self, i + 1 < G_N_ELEMENTS (speeds) ? speeds[i + 1] : CHS_REPLAY_MAX);
  else
    chs_replayer_set_speed (self, speeds[i > 0 ? i - 1 : 0]);
}

/* ---- life ---- */

static void
clear_block (gpointer block)
{
  g_free (((Block *) block)->bytes);
}

static void
clear_keyframe (gpointer keyframe)
{
  chs_chair_model_free (((Keyframe *) keyframe)->model);
}

static void
chs_replayer_finalize (GObject *object)
{
  ChsReplayer *self = CHS_REPLAYER (object);

  g_clear_object (&self->scene);
  g_array_unref (self->blocks);
  g_array_unref (self->keyframes);
  chs_chair_model_free (self->overview);
  g_clear_pointer (&self->profile, chs_profile_free);
  g_clear_pointer (&self->markers, chs_markers_free);
  g_clear_error (&self->markers_error);
  g_clear_pointer (&self->waves, chs_store_reader_free);
  g_free (self->damage);
  g_free (self->path);
  G_OBJECT_CLASS (chs_replayer_parent_class)->finalize (object);
}

static void
chs_replayer_class_init (ChsReplayerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_replayer_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 0);
}

static void
chs_replayer_init (ChsReplayer *self)
{
  self->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  self->keyframes = g_array_new (FALSE, FALSE, sizeof (Keyframe));
  g_array_set_clear_func (self->blocks, clear_block);
  g_array_set_clear_func (self->keyframes, clear_keyframe);
  self->speed = 1.0;
  self->loop_from_us = self->loop_to_us = CHS_TIME_NONE;
}

const char *
chs_replayer_get_path (ChsReplayer *self)
{
  return self->path;
}

const char *
chs_replayer_get_damage (ChsReplayer *self)
{
  return self->damage;
}

const ChsProfile *
chs_replayer_get_profile (ChsReplayer *self)
{
  return self->profile;
}

void
chs_replayer_set_scene (ChsReplayer *self, ChsScene *scene)
{
  g_return_if_fail (CHS_IS_REPLAYER (self));

  if (!g_set_object (&self->scene, scene) || scene == NULL)
    return;

  self->cursor.has_next = FALSE;
  chs_replayer_seek (self, self->position_us);
}

const ChsChairModel *
chs_replayer_get_overview (ChsReplayer *self)
{
  return self->overview;
}

int64_t
chs_replayer_get_position_us (ChsReplayer *self)
{
  return self->position_us;
}

int64_t
chs_replayer_get_end_us (ChsReplayer *self)
{
  return self->end_us;
}

gboolean
chs_replayer_is_playing (ChsReplayer *self)
{
  return self->is_playing;
}

double
chs_replayer_get_speed (ChsReplayer *self)
{
  return self->speed;
}
