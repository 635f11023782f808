/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/annunciator.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

/* Invariants: @sound belongs to the thread alone. Everything else that both sides touch is under @lock, which is never
 * held while the sound system is spoken to. */

#define LOOK_MS 500                /* how often the view is looked at for the callback */
#define DEAF_US (3 * G_USEC_PER_SEC) /* no step for so long: the sound system holds the thread; its own step is <= 1 s */
#define THREAD_NICE -11            /* as sound servers ask for; refused without rights, and then it goes without */

struct _ChsAnnunciator {
  GObject            parent_instance;
  ChsClock          *clock;
  ChsSound          *sound;
  GThread           *thread;
  int                wake_fd;
  ChsAnnunciatorFunc func;
  gpointer           user_data;
  GSource           *look_source;
  gboolean           was_told;  /* @func was called at least once */
  gboolean           told_usable;
  char               told_why[96];

  GMutex             lock;
  ChsAnnunciation    target;
  gint64             set_us;     /* of the last target */
  gint64             timeout_us; /* 0 = not guarded */
  gboolean           lost;
  gboolean           has_once;
  ChsTone            once;
  gboolean           stop;
  gint64             step_us;    /* of the last step that ended */
  ChsSoundView       view;
};

G_DEFINE_FINAL_TYPE (ChsAnnunciator, chs_annunciator, G_TYPE_OBJECT)

/* ---- the sound thread ---- */

static gboolean
is_lost (const ChsAnnunciator *self, gint64 now_us)
{
  return self->lost || (self->timeout_us > 0 && now_us - self->set_us >= self->timeout_us);
}

/* Takes over what was asked for. Returns FALSE when the thread shall end. */
static gboolean
take (ChsAnnunciator *self, gint64 now_us)
{
  ChsBurst *burst = chs_sound_get_burst (self->sound);
  gboolean goes_on;

  g_mutex_lock (&self->lock);
  chs_burst_target (burst, &self->target, is_lost (self, now_us), now_us);
  if (self->has_once)
    chs_burst_once (burst, self->once);
  self->has_once = FALSE;
  goes_on = !self->stop;
  g_mutex_unlock (&self->lock);
  return goes_on;
}

static void
publish (ChsAnnunciator *self, gint64 now_us)
{
  g_mutex_lock (&self->lock);
  self->step_us = now_us;
  chs_sound_get_view (self->sound, &self->view);
  g_mutex_unlock (&self->lock);
}

static void
sleep_until (ChsAnnunciator *self, gint64 next_us)
{
  gint64 wait_us = next_us - self->clock->now_us (self->clock);
  struct pollfd wake = { .fd = self->wake_fd, .events = POLLIN };
  struct timespec timeout;
  guint64 count;

  wait_us = MAX (wait_us, 0);
  timeout.tv_sec = wait_us / G_USEC_PER_SEC;
  timeout.tv_nsec = wait_us % G_USEC_PER_SEC * 1000;
  if (ppoll (&wake, 1, &timeout, NULL) > 0 && read (self->wake_fd, &count, sizeof count) < 0)
    g_warning ("sound: cannot be woken: %s", g_strerror (errno));
}

/* A tone that plays is brought to its fall before the device is closed. */
static void
fade_out (ChsAnnunciator *self)
{
  const ChsAnnunciation silence = { .priority = CHS_PRIORITY_NONE };
  gint64 now_us = self->clock->now_us (self->clock);

  chs_burst_target (chs_sound_get_burst (self->sound), &silence, false, now_us);
  chs_burst_once (chs_sound_get_burst (self->sound), CHS_TONE_NONE);
  chs_sound_step (self->sound, now_us);
}

static gpointer
sound_thread (gpointer user_data)
{
  ChsAnnunciator *self = user_data;

  if (setpriority (PRIO_PROCESS, (id_t) gettid (), THREAD_NICE) != 0)
    g_debug ("sound: thread runs at normal priority: %s", g_strerror (errno));
  while (take (self, self->clock->now_us (self->clock))) {
    gint64 next_us = chs_sound_step (self->sound, self->clock->now_us (self->clock));

    publish (self, self->clock->now_us (self->clock));
    sleep_until (self, next_us);
  }
  fade_out (self);
  return NULL;
}

static void
wake (ChsAnnunciator *self)
{
  const guint64 one = 1;

  if (write (self->wake_fd, &one, sizeof one) < 0)
    g_warning ("sound: cannot wake the sound thread: %s", g_strerror (errno));
}

/* ---- the caller's side ---- */

static gboolean
on_look (gpointer user_data)
{
  ChsAnnunciator *self = user_data;
  ChsSoundView view;

  chs_annunciator_get_view (self, &view);
  if (self->was_told && view.usable == self->told_usable && strcmp (view.why, self->told_why) == 0)
    return G_SOURCE_CONTINUE;
  self->was_told = TRUE;
  self->told_usable = view.usable;
  g_strlcpy (self->told_why, view.why, sizeof self->told_why);
  self->func (self, view.usable, self->told_why, self->user_data);
  return G_SOURCE_CONTINUE;
}

static void
chs_annunciator_dispose (GObject *object)
{
  ChsAnnunciator *self = CHS_ANNUNCIATOR (object);

  if (self->look_source != NULL)
    g_source_destroy (self->look_source);
  g_clear_pointer (&self->look_source, g_source_unref);
  if (self->thread != NULL) {
    g_mutex_lock (&self->lock);
    self->stop = TRUE;
    g_mutex_unlock (&self->lock);
    wake (self);
    g_clear_pointer (&self->thread, g_thread_join);
  }
  G_OBJECT_CLASS (chs_annunciator_parent_class)->dispose (object);
}

static void
chs_annunciator_finalize (GObject *object)
{
  ChsAnnunciator *self = CHS_ANNUNCIATOR (object);

  g_clear_pointer (&self->sound, chs_sound_free);
  close (self->wake_fd);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (chs_annunciator_parent_class)->finalize (object);
}

static void
chs_annunciator_class_init (ChsAnnunciatorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = chs_annunciator_dispose;
  object_class->finalize = chs_annunciator_finalize;
}

static void
chs_annunciator_init (ChsAnnunciator *self)
{
  g_mutex_init (&self->lock);
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_assert (self->wake_fd >= 0);
}

ChsAnnunciator *
chs_annunciator_new (const ChsSoundSettings *settings,
                     const ChsPlayerClass   *player,
                     ChsClock               *clock,
                     GMainContext           *context,
                     ChsAnnunciatorFunc      func,
                     gpointer                user_data)
{
  ChsAnnunciator *self = g_object_new (CHS_TYPE_ANNUNCIATOR, NULL);

  self->clock = clock;
  self->func = func;
  self->user_data = user_data;
  self->sound = chs_sound_new (settings, player);
  self->set_us = self->step_us = clock->now_us (clock);
  chs_sound_get_view (self->sound, &self->view);
  if (func != NULL) {
    self->look_source = g_timeout_source_new (LOOK_MS);
    g_source_set_callback (self->look_source, on_look, self, NULL);
    g_source_attach (self->look_source, context);
  }
  self->thread = g_thread_new ("chs-sound", sound_thread, self);
  return self;
}

void
chs_annunciator_set (ChsAnnunciator *self, const ChsAnnunciation *target)
{
  gint64 now_us = self->clock->now_us (self->clock);
  gboolean changed, was_late;

  g_mutex_lock (&self->lock);
  was_late = is_lost (self, now_us);
  changed = memcmp (&self->target, target, sizeof *target) != 0;
  self->target = *target;
  self->set_us = now_us;
  g_mutex_unlock (&self->lock);
  if (changed || was_late)
    wake (self);
}

void
chs_annunciator_set_lost (ChsAnnunciator *self, gboolean lost)
{
  g_mutex_lock (&self->lock);
  self->lost = lost;
  g_mutex_unlock (&self->lock);
  wake (self);
}

void
chs_annunciator_watch (ChsAnnunciator *self, gint64 timeout_us)
{
  g_mutex_lock (&self->lock);
  self->timeout_us = timeout_us;
  self->set_us = self->clock->now_us (self->clock);
  g_mutex_unlock (&self->lock);
}

void
chs_annunciator_play (ChsAnnunciator *self, ChsTone tone)
{
  g_mutex_lock (&self->lock);
  self->once = tone;
  self->has_once = TRUE;
  g_mutex_unlock (&self->lock);
  wake (self);
}

void
chs_annunciator_get_view (ChsAnnunciator *self, ChsSoundView *view)
{
  gint64 now_us = self->clock->now_us (self->clock);

  g_mutex_lock (&self->lock);
  *view = self->view;
  if (now_us - self->step_us >= DEAF_US) {
    view->usable = FALSE;
    g_strlcpy (view->why, "sound system does not answer", sizeof view->why);
  }
  g_mutex_unlock (&self->lock);
}
