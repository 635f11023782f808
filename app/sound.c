/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sound.h"

#include <math.h>
#include <string.h>

/* How far ahead of the loudspeaker samples are handed over. It is the latency of an interruption and the room for a
 * late thread: 40 ms hold the 50 ms asked for (issue 4) and survive four missed wake-ups. */
#define LEAD_FRAMES (CHS_TONE_RATE_HZ * 40 / 1000)
#define PLAY_STEP_US 10000
#define AWAKE_STEP_US 20000
#define WATCH_US 1000000
#define PROOF_US 60000 /* to the first proof: the probes of the opening last 40 ms */
#define PROBE_FRAMES (CHS_TONE_RATE_HZ * 10 / 1000)
#define STALL_US 3000000  /* nothing consumed for so long: not usable. Sound servers start in up to 2 s (measured) */
#define REOPEN_US 8000000 /* and for so long: opened anew. A slow device must not be cut off in an alarm */
#define RETRY_US 1000000
#define INSTANT_WRITES 4 /* in a row; a single one could be our own thread, put aside for 10 ms between two calls */

struct _ChsSound {
  ChsSoundSettings      settings;
  const ChsPlayerClass *klass;
  ChsBurst              burst;
  ChsPlayer            *player; /* NULL: no device */
  ChsSoundView          view;
  gint64                retry_us;   /* next attempt to open */
  gint64                watch_us;   /* next look at the device; CHS_TIME_NONE = at once */
  gint64                moved_us;   /* when the device was last seen to consume, or had nothing to */
  gsize                 queued;     /* as last seen */
  gint64                until_us;   /* end of what was handed over, by the clock: for devices that do not pace */
  gboolean              is_proven;  /* seen to consume since it was opened */
  guint                 n_instant;  /* writes in a row that were swallowed at once */
  gint16                frames[LEAD_FRAMES];
};

ChsSound *
chs_sound_new (const ChsSoundSettings *settings, const ChsPlayerClass *player)
{
  ChsSound *self = g_new0 (ChsSound, 1);
  const ChsBurstSettings burst = {
    .melodies = settings->melodies, .low_bursts = settings->low_bursts, .gain_db = settings->volume_db
  };

  self->settings = *settings;
  self->klass = player;
  self->retry_us = CHS_TIME_NONE;
  g_strlcpy (self->view.why, "not opened yet", sizeof self->view.why);
  chs_burst_init (&self->burst, &burst);
  return self;
}

void
chs_sound_free (ChsSound *self)
{
  if (self == NULL)
    return;
  if (self->player != NULL)
    self->klass->close (self->player);
  g_free (self);
}

ChsBurst *
chs_sound_get_burst (ChsSound *self)
{
  return &self->burst;
}

void
chs_sound_get_view (const ChsSound *self, ChsSoundView *view)
{
  *view = self->view;
  view->n_tones = self->burst.n_played;
}

static void
set_usable (ChsSound *self, const char *why)
{
  self->view.usable = why[0] == '\0';
  chs_text_copy (self->view.why, sizeof self->view.why, why);
}

/* The device is gone. What was in it was not heard: the schedule begins anew with the next one. */
static gint64
lose (ChsSound *self, gint64 now_us, const char *why)
{
  if (self->player != NULL)
    self->klass->close (self->player);
  self->player = NULL;
  self->retry_us = now_us + RETRY_US;
  chs_burst_restart (&self->burst);
  set_usable (self, why);
  return self->retry_us;
}

/* Whether the device swallows samples as soon as it gets them: it plays to nowhere, and the clock must pace it. */
static gboolean
is_instant (const ChsSound *self)
{
  return self->n_instant >= INSTANT_WRITES;
}

/* A write of 10 ms or more also tells whether the device keeps to time. */
static gboolean
hand_over (ChsSound *self, gint64 now_us, gsize n, GError **error)
{
  gsize queued, room;

  if (!self->klass->play (self->player, self->frames, n, error)
      || !self->klass->room (self->player, &queued, &room, error))
    return FALSE;
  if (n >= PROBE_FRAMES)
    self->n_instant = queued == 0 ? self->n_instant + 1 : 0;
  self->queued = queued;
  self->view.n_frames += n;
  self->until_us = MAX (self->until_us, now_us) + (gint64) n * 1000000 / CHS_TONE_RATE_HZ;
  return TRUE;
}

/* 10 ms of nothing, to see whether they are consumed, and in their time. */
static gboolean
probe (ChsSound *self, gint64 now_us, GError **error)
{
  memset (self->frames, 0, PROBE_FRAMES * sizeof self->frames[0]);
  return hand_over (self, now_us, PROBE_FRAMES, error);
}

static gboolean
open_device (ChsSound *self, gint64 now_us, GError **error)
{
  self->player = self->klass->open (self->settings.device, error);
  if (self->player == NULL)
    return FALSE;
  self->view.n_opens++;
  self->watch_us = CHS_TIME_NONE;
  self->moved_us = now_us;
  self->until_us = now_us;
  self->queued = 0;
  self->n_instant = 0;
  self->is_proven = FALSE;
  for (guint i = 0; i < INSTANT_WRITES; i++)
    if (!probe (self, now_us, error))
      return FALSE;
  return TRUE;
}

/* Frames that are still to be heard, and room for more. */
static gboolean
look (ChsSound *self, gint64 now_us, gsize *queued, gsize *room, GError **error)
{
  static const char stalled[] = "sound device accepts sound and does not play it";

  if (!self->klass->room (self->player, queued, room, error))
    return FALSE;
  if (*queued < self->queued || is_instant (self))
    self->is_proven = TRUE;
  if (*queued < self->queued || *queued == 0)
    self->moved_us = now_us;
  self->queued = *queued;
  if (is_instant (self))
    *queued = (gsize) (MAX (self->until_us - now_us, 0) * CHS_TONE_RATE_HZ / 1000000);
  if (now_us - self->moved_us < STALL_US)
    return TRUE;
  self->is_proven = FALSE;
  set_usable (self, stalled);
  if (now_us - self->moved_us < REOPEN_US)
    return TRUE;
  g_set_error_literal (error, CHS_SOUND_ERROR, CHS_SOUND_ERROR_LOST, stalled);
  return FALSE;
}

static void
judge (ChsSound *self)
{
  ChsMixerControl controls[CHS_PLAYER_CONTROLS];
  char why[96];
  gsize n = self->klass->controls != NULL ? self->klass->controls (self->player, controls, G_N_ELEMENTS (controls)) : 0;

  if (is_instant (self) && !self->settings.accept_unheard) {
    g_snprintf (why, sizeof why, "sound device \"%s\" plays to nowhere", self->settings.device);
    set_usable (self, why);
    return;
  }
  chs_mixer_judge (controls, n, self->settings.volume_db, self->settings.floor_db, &self->view.below_db, why, sizeof why);
  set_usable (self, why);
}

static gboolean
watch (ChsSound *self, gint64 now_us, gboolean is_silent, GError **error)
{
  if (now_us < self->watch_us)
    return TRUE;
  self->watch_us = now_us + (self->is_proven ? WATCH_US : PROOF_US);
  if (is_silent && self->queued == 0 && !probe (self, now_us, error))
    return FALSE;
  if (self->is_proven)
    judge (self);
  return TRUE;
}

/* Hands over what is due. Returns whether anything sounds; *next_us: when the schedule wants to be asked again. */
static gboolean
feed (ChsSound *self, gint64 now_us, gsize queued, gsize room, gboolean *sounds, gint64 *next_us, GError **error)
{
  gsize n = queued < LEAD_FRAMES ? MIN (LEAD_FRAMES - queued, room) : 0, made;
  gint64 start_us = now_us + (gint64) queued * 1000000 / CHS_TONE_RATE_HZ;

  *next_us = now_us + PLAY_STEP_US;
  *sounds = self->burst.tone != CHS_TONE_NONE;
  if (n == 0)
    return TRUE;
  if (queued == 0 && *sounds)
    self->view.n_gaps++;
  made = chs_burst_fill (&self->burst, start_us, self->frames, n, next_us);
  *sounds = made > 0;
  if (made == n)
    *next_us = now_us + PLAY_STEP_US;
  if (self->settings.keep_awake) {
    memset (self->frames + made, 0, (n - made) * sizeof self->frames[0]);
    made = n;
    *next_us = MIN (*next_us, now_us + AWAKE_STEP_US);
  }
  return made == 0 || hand_over (self, now_us, made, error);
}

gint64
chs_sound_step (ChsSound *self, gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  gsize queued, room;
  gboolean sounds;
  gint64 next_us;

  if (self->player == NULL && now_us < self->retry_us)
    return self->retry_us;
  if (self->player == NULL && !open_device (self, now_us, &error))
    return lose (self, now_us, error->message);
  if (!look (self, now_us, &queued, &room, &error)
      || !feed (self, now_us, queued, room, &sounds, &next_us, &error)
      || !watch (self, now_us, !sounds && !self->settings.keep_awake, &error))
    return lose (self, now_us, error->message);
  return MAX (MIN (next_us, self->watch_us), now_us + 1);
}
