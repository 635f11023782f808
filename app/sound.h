/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/burst.h"
#include "app/player.h"
#include "app/sound-settings.h"

/* The sound machine: takes samples from the burst schedule to a player, and
 * watches that they can be heard. Single-threaded, driven by chs_sound_step();
 * the annunciator runs it in the sound thread, tests on a stepping clock.
 *
 * "Usable" means: the device is open, it really consumes what it is given (a
 * device that swallows everything at once or nothing at all is no loudspeaker),
 * and its volume controls are neither muted nor below the floor. While no alarm
 * sounds, 10 ms of silence a second keep asking that question; a loss is known
 * within 3 s, a mute within 1 s. A device that is gone is tried again every
 * second.
 *
 * What it cannot know: whether the loudspeaker is plugged into the socket, is
 * switched on and loud enough. That is asked of people: self-test, commissioning. */

/* What technicians see. */
typedef struct {
  gboolean usable;
  char     why[96];    /* why not, in English; "" when usable */
  double   below_db;   /* attenuation of the volume controls; 0 when none can be seen */
  guint64  n_tones;    /* begun since the start */
  guint64  n_frames;   /* handed to devices since the start, silence too */
  guint    n_gaps;     /* times that a tone was torn because we came late */
  guint    n_opens;    /* times that a device was opened */
} ChsSoundView;

typedef struct _ChsSound ChsSound;

/**
 * chs_sound_new:
 * @settings: copied
 * @player: class of the player
 *
 * Returns: (transfer full): a machine without a device; the first step opens it
 */
ChsSound *chs_sound_new (const ChsSoundSettings *settings, const ChsPlayerClass *player) G_GNUC_WARN_UNUSED_RESULT;
void      chs_sound_free (ChsSound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSound, chs_sound_free)

/**
 * chs_sound_get_burst:
 * @self: a machine
 *
 * Returns: (transfer none): its schedule, to be given targets between steps
 */
ChsBurst *chs_sound_get_burst (ChsSound *self);

void chs_sound_get_view (const ChsSound *self, ChsSoundView *view); /* filled for the technician; any thread */

/**
 * chs_sound_step:
 * @self: a machine
 * @now_us: session time
 *
 * Hands over what is due and looks after the device. Call again at the time returned, or earlier when the target
 * changed; late calls cost a gap in the sound, never a lost alarm.
 *
 * Returns: session time of the next step
 */
gint64 chs_sound_step (ChsSound *self, gint64 now_us);
