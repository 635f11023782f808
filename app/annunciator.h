/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/sound.h"
#include "data/clock.h"

/* The annunciator: alarm sound for whoever has a ChsAnnunciation. It owns the
 * sound thread and its device; what it is given is copied and the thread woken,
 * so that no caller ever waits for a sound system.
 *
 * The monitor (app/monitor) has one for its whole life:
 *
 *   self->annunciator = chs_annunciator_new (&settings, &chs_player_alsa, clock, context, on_sound_changed, self);
 *   chs_annunciator_watch (self->annunciator, 5 * G_USEC_PER_SEC);
 *   ... after each engine feed, and at least once a second:
 *   chs_annunciator_set (self->annunciator, chs_engine_get_annunciation (engine));
 *
 * and turns on_sound_changed() into a STATE SOUND event, from which the engine
 * raises no_alarm_sound. With chs_annunciator_watch() the sound thread guards the
 * engine thread: when nothing has been set for so long, it sounds
 * %CHS_TONE_MONITOR_LOST on its own.
 *
 * The screen makes one when its monitor is lost and drops it when it is back:
 *
 *   annunciator = chs_annunciator_new (&settings, &chs_player_alsa, clock, NULL, NULL, NULL);
 *   chs_annunciator_set_lost (annunciator, TRUE);
 *
 * so that two programs do not hold the device in good times. */

#define CHS_TYPE_ANNUNCIATOR (chs_annunciator_get_type ())
G_DECLARE_FINAL_TYPE (ChsAnnunciator, chs_annunciator, CHS, ANNUNCIATOR, GObject)

/**
 * ChsAnnunciatorFunc:
 * @usable: whether alarms can be heard, as far as a program can know
 * @why: why not, in English; "" when usable
 *
 * Called in the context of chs_annunciator_new(): first within 1 s of the start, then at each change of @usable or
 * @why, at most 5 s after its cause. A sound system that does not answer at all counts as not usable.
 */
typedef void (*ChsAnnunciatorFunc) (ChsAnnunciator *annunciator, gboolean usable, const char *why, gpointer user_data);

/**
 * chs_annunciator_new:
 * @settings: copied
 * @player: class of the player
 * @clock: session time of the annunciations; must outlive the annunciator; read from the sound thread too
 * @context: (nullable): context of @func; NULL = the default one
 * @func: (nullable): see #ChsAnnunciatorFunc
 * @user_data: for @func
 *
 * Starts the sound thread, which opens the device. Dropping the last reference stops the sound within 20 ms and
 * waits for the thread.
 *
 * Returns: (transfer full): an annunciator
 */
ChsAnnunciator *chs_annunciator_new (const ChsSoundSettings *settings,
                                     const ChsPlayerClass   *player,
                                     ChsClock               *clock,
                                     GMainContext           *context,
                                     ChsAnnunciatorFunc      func,
                                     gpointer                user_data) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_annunciator_set:
 * @self: an annunciator
 * @target: what should be heard from now on; copied
 *
 * Thread:  any; never waits for the sound system
 */
void chs_annunciator_set (ChsAnnunciator *self, const ChsAnnunciation *target);

/**
 * chs_annunciator_set_lost:
 * @self: an annunciator
 * @lost: the alarm system itself has failed; outranks every target
 */
void chs_annunciator_set_lost (ChsAnnunciator *self, gboolean lost);

/**
 * chs_annunciator_watch:
 * @self: an annunciator
 * @timeout_us: with no chs_annunciator_set() for so long the alarm system counts as failed; 0 = off
 */
void chs_annunciator_watch (ChsAnnunciator *self, gint64 timeout_us);

/**
 * chs_annunciator_play:
 * @self: an annunciator
 * @tone: %CHS_TONE_SELF_TEST or %CHS_TONE_COMMISSIONING, once; NONE ends it
 *
 * An alarm that sounds goes first and interrupts it.
 */
void chs_annunciator_play (ChsAnnunciator *self, ChsTone tone);

/**
 * chs_annunciator_get_view:
 * @self: an annunciator
 * @view: (out): as of the last look, at most a second old
 */
void chs_annunciator_get_view (ChsAnnunciator *self, ChsSoundView *view);
