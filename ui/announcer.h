/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene.h"

#include <gtk/gtk.h>

/* What a screen reader says by itself: alarms when they come, get worse or are over, and what the screen answers.
 *
 * GTK 4.8 has no call to announce something, and what it sends for a row of role alert no screen reader speaks (facts and
 * how they were found: ui/README.md). What is spoken is a change of the name of the window that has the focus. So the
 * window's accessible name is the newest sentence; its title stays.
 *
 * A reader interrupts itself for each change. So sentences take turns: one waits until the one before it has had the time
 * to be spoken, but for a HIGH one, which is told at once. What was over before its turn came is not told.
 *
 * Each state of an alarm is told once: its coming, each escalation, and when it sounds anew long after it was seen. Never
 * for the flashing, nor for numbers that change in its text.
 *
 * Thread: main. */

typedef struct _ChsAnnouncer ChsAnnouncer;

typedef enum {
  CHS_URGENCY_ANSWER, /* to a touch: entered, refused; gives way to any alarm */
  CHS_URGENCY_LOW,    /* LOW alarms, and the end of any; waits for its turn */
  CHS_URGENCY_MEDIUM, /* MEDIUM alarms; before those that wait */
  CHS_URGENCY_HIGH,   /* HIGH alarms, the monitor is lost; at once, whatever is being said but another of these */
} ChsUrgency;

/**
 * chs_announcer_new:
 * @window: what has the name; outlives the announcer
 *
 * Returns: (transfer full): an announcer that has told nothing
 */
ChsAnnouncer *chs_announcer_new (GtkWidget *window) G_GNUC_WARN_UNUSED_RESULT;
void          chs_announcer_free (ChsAnnouncer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsAnnouncer, chs_announcer_free)

/**
 * chs_announcer_look:
 * @self: an announcer
 * @scene: of a live chair: nobody wants a recording's alarms read at 64 times their speed
 * @now_us: monotonic time
 *
 * Tells what is new among the alarms. For each refresh of the scene; costs nothing when nothing is.
 */
void chs_announcer_look (ChsAnnouncer *self, ChsScene *scene, gint64 now_us);

/* Another session began: its alarms are others. */
void chs_announcer_forget (ChsAnnouncer *self);

/**
 * chs_announcer_say:
 * @self: an announcer
 * @text: a whole sentence, translated
 * @urgency: who waits for whom
 * @now_us: monotonic time
 */
void chs_announcer_say (ChsAnnouncer *self, const char *text, ChsUrgency urgency, gint64 now_us);

/**
 * chs_announcer_take_turns:
 * @self: an announcer
 * @now_us: monotonic time
 *
 * Tells what has waited long enough. About once a second.
 */
void chs_announcer_take_turns (ChsAnnouncer *self, gint64 now_us);
