/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"
#include "ui/machine.h"
#include "ui/panel.h"
#include "ui/time-view.h"

#include <glib-object.h>

/* What the widgets of one window look at: a chair model, a time, a theme, a panel;
 * and the one way in which a touch becomes an event. A live chair and a replayed
 * recording differ in who feeds the scene and in its actions, in nothing else.
 *
 * Signals:
 *   "stirred"   something may have changed: the window should flush the scene at its next frame
 *   "refresh"   something visible changed, or a second passed; at most once a frame
 *   "restyled"  theme, panel or language direction changed
 *   "renewed"   another session began: what a widget remembers of the last one is void
 *   "machine"   settings or health of the chair were told anew: chs_scene_get_machine()
 *   "links"     (char *json) what was asked for with chs_scene_ask_links(): app/link-list.h
 *   "refused"   (char *why) an action could not be taken; why is translated
 *
 * Thread: main. */

#define CHS_TYPE_SCENE (chs_scene_get_type ())
G_DECLARE_FINAL_TYPE (ChsScene, chs_scene, CHS, SCENE, GObject)

typedef enum {
  CHS_SCENE_LIVE,
  CHS_SCENE_REPLAY,
} ChsSceneMode;

/* The answer of the monitor; @answer NULL: it was refused, @refused says why, in English. */
typedef void (*ChsSceneAnswer) (GVariant *answer, const char *refused, gpointer user_data);

/* Where actions go. Each returns whether it could be handed over. */
typedef struct {
  gboolean (*nurse) (gpointer user_data, const ChsNurse *nurse);
  gboolean (*setup) (gpointer user_data, const ChsSetup *keys, gsize n);
  gboolean (*new_session) (gpointer user_data);
  /* A method of org.chairside.Admin1; @args is floating; @answer is always called when TRUE is returned. */
  gboolean (*admin) (gpointer user_data, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer answer_data);
  gboolean (*links) (gpointer user_data); /* asks for the links of the chair; chs_scene_take_links() with the answer; NULL = there are none */
  int64_t (*now_us) (gpointer user_data); /* session time: goes on while no event comes; NULL = that of the newest event */
} ChsSceneActions;

/**
 * chs_scene_new:
 * @profile: numbers and texts of the alarms; copied
 * @mode: live or replay
 *
 * Returns: (transfer full): an empty scene on the design panel, in the day look
 */
ChsScene *chs_scene_new (const ChsProfile *profile, ChsSceneMode mode) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_scene_set_actions:
 * @self: a scene
 * @actions: (nullable): const table; NULL: every action is refused
 * @user_data: for @actions
 */
void chs_scene_set_actions (ChsScene *self, const ChsSceneActions *actions, gpointer user_data);

ChsSceneMode     chs_scene_get_mode (ChsScene *self);    /* live or replay, all its life */
ChsChairModel   *chs_scene_get_model (ChsScene *self);  /* (transfer none): until chs_scene_take_model() or chs_scene_renew() */
const ChsEngine *chs_scene_get_engine (ChsScene *self); /* (transfer none): that of the model, as long as the model */
const ChsTheme  *chs_scene_get_theme (ChsScene *self);  /* (transfer none): changes in place; everything that draws takes it */
const ChsPanel  *chs_scene_get_panel (ChsScene *self);  /* (transfer none): size in millimetres; changes in place */
ChsTimeView     *chs_scene_get_time_view (ChsScene *self); /* may be changed in place; then chs_scene_touch() */
ChsTimeWindow    chs_scene_get_time_window (ChsScene *self);
int64_t          chs_scene_get_now_us (ChsScene *self); /* session time shown */

/**
 * chs_scene_feed:
 * @self: a scene
 * @event: next event of the journal
 */
void chs_scene_feed (ChsScene *self, const ChsEvent *event);

/* Forgets everything, as before another session or a jump back. Emits "renewed". */
void chs_scene_renew (ChsScene *self);

/**
 * chs_scene_take_model:
 * @self: a scene
 * @model: (transfer full): takes the place of the present one; same session, another time
 */
void chs_scene_take_model (ChsScene *self, ChsChairModel *model);

/**
 * chs_scene_set_now:
 * @self: a scene
 * @now_us: session time to show; never goes below the newest event
 */
void chs_scene_set_now (ChsScene *self, int64_t now_us);

/* Marks the scene changed: "refresh" follows with chs_scene_flush(). */
void chs_scene_touch (ChsScene *self);

/**
 * chs_scene_flush:
 * @self: a scene
 *
 * Emits "refresh" when something changed since the last time. Called once a frame.
 *
 * Returns: whether it did
 */
gboolean chs_scene_flush (ChsScene *self);

/* How everything is drawn. Each compares, makes the theme anew and touches the scene. */
void chs_scene_set_panel (ChsScene *self, const ChsPanel *panel);         /* copied */
void chs_scene_set_look (ChsScene *self, ChsLook look);
void chs_scene_set_text_scale (ChsScene *self, double text_scale);        /* 1.0 .. 1.3 of the design's letters */
void chs_scene_set_rtl (ChsScene *self, gboolean rtl);                    /* charts and numbers run left to right all the same */

/* At a chair: nothing here leads to the files of the computer; exports go to the medium only. */
void     chs_scene_set_kiosk (ChsScene *self, gboolean is_kiosk);
gboolean chs_scene_is_kiosk (ChsScene *self);

/* ---- touches ---- */

/**
 * chs_scene_nurse:
 * @self: a scene
 * @action: what was done
 * @what: (nullable): id, see ChsNurseAction
 * @value: see ChsNurseAction; NAN = none
 *
 * Returns: whether it could be handed over; otherwise "refused" was emitted
 */
gboolean chs_scene_nurse (ChsScene *self, ChsNurseAction action, const char *what, double value);

/**
 * chs_scene_done:
 * @self: a scene
 * @id: of an item of a checklist
 * @text: its words as the list has them, for whoever reads the recording without that list
 *
 * Returns: whether it could be handed over; otherwise "refused" was emitted
 */
gboolean chs_scene_done (ChsScene *self, const char *id, const char *text);

/* The same with everything told. */
gboolean chs_scene_nurse_full (ChsScene *self, const ChsNurse *nurse);

/**
 * chs_scene_setup:
 * @self: a scene
 * @key: of the session, app/session.h
 * @value: text, numbers in the C locale; "" = unknown
 *
 * Returns: whether it could be handed over; otherwise "refused" was emitted
 */
gboolean chs_scene_setup (ChsScene *self, const char *key, const char *value);

/* Several keys at once: the monitor takes all or none. */
gboolean chs_scene_setup_all (ChsScene *self, const ChsSetup *keys, gsize n);

/* Ends the session and begins another one with an empty chair. */
gboolean chs_scene_new_session (ChsScene *self);

/* ---- instruments and cables ---- */

/**
 * chs_scene_ask_links:
 * @self: a scene
 *
 * Asks how the links of the chair are; the answer is the signal "links". Nothing is entered by it.
 *
 * Returns: whether anybody could be asked: not in a recording, not while the monitor is lost
 */
gboolean chs_scene_ask_links (ChsScene *self);
void     chs_scene_take_links (ChsScene *self, const char *json); /* the answer: lines of app/link-json.h */

/* ---- questions that several widgets ask ---- */

/* A number of the alarm profile in force, NAN when there is no such key. */
double chs_scene_get_number (ChsScene *self, const char *key);

/**
 * chs_scene_dup_clock:
 * @self: a scene
 * @t_us: session time; CHS_TIME_NONE gives "--:--"
 * @with_seconds: "10:42:07" instead of "10:42"
 *
 * Returns: (transfer full): the time on the chair's wall clock at that moment
 */
char *chs_scene_dup_clock (ChsScene *self, int64_t t_us, gboolean with_seconds);

/* ---- the chair as a machine ---- */

/**
 * chs_scene_ask_admin:
 * @self: a scene
 * @method: of org.chairside.Admin1
 * @args: (nullable): floating tuple of its arguments
 * @answer: called once, with the answer or why there is none; also when nobody can be asked
 * @user_data: for @answer
 */
void chs_scene_ask_admin (ChsScene *self, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer user_data);

const ChsMachine *chs_scene_get_machine (ChsScene *self); /* (transfer none): what the monitor told last; empty before */
void              chs_scene_take_settings (ChsScene *self, const char *json); /* answer of Settings */
void              chs_scene_take_health (ChsScene *self, const char *json);   /* answer of Health */
