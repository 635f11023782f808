/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/announcer.h"

#include "ui/say.h"

#include <glib/gi18n.h>

/* Time that speech takes for a byte of UTF-8: English some 15 letters a second, Arabic half of them in letters of two
 * bytes, Chinese four to five in three. Own choice, by the usual rate of Orca; the longest sentence is cut to MOST. */
#define BYTE_US (65 * 1000)
#define LEAST_US (1500 * 1000)
#define MOST_US (12 * G_USEC_PER_SEC)

/* An answer that could not be told for so long is no answer any more. */
#define ANSWER_STALE_US (10 * G_USEC_PER_SEC)

/* A window that has just come is not registered with the accessibility bus yet: a reader drops what it says. Registration
 * took 0.1 s here. */
#define REGISTER_US (2 * G_USEC_PER_SEC)

G_STATIC_ASSERT ((int) CHS_URGENCY_LOW == CHS_PRIORITY_LOW && (int) CHS_URGENCY_HIGH == CHS_PRIORITY_HIGH);

#define NO_ALARM 0 /* CHS_LABEL_NONE: a sentence that belongs to none */

typedef struct {
  char      *text;
  ChsUrgency urgency;
  guint8     label;   /* ChsLabel it is about, or NO_ALARM */
  gint64     said_us; /* monotonic time at which it was given here */
} Sentence;

/* What was told of a label. */
typedef struct {
  int64_t raised_us; /* its raise or escalation; CHS_TIME_NONE = nothing */
  char   *what;      /* title, for the word that it is over; NULL = nothing */
} Told;

struct _ChsAnnouncer {
  GtkWidget *window;
  GQueue     waiting; /* of Sentence; most urgent first, then the oldest */
  Told       told[CHS_N_LABELS];
  ChsUrgency speaking;
  gint64     free_us; /* monotonic time until which the last one is being spoken */
  gint64     ready_us; /* monotonic time from which on anybody listens; 0 = it has not been looked at yet */
};

static void
sentence_free (gpointer data)
{
  g_free (((Sentence *) data)->text);
  g_free (data);
}

/* ---- turns ---- */

static void
tell (ChsAnnouncer *self, const Sentence *sentence, gint64 now_us)
{
  self->speaking = sentence->urgency;
  self->free_us = now_us + CLAMP ((gint64) strlen (sentence->text) * BYTE_US, LEAST_US, MOST_US);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->window), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence->text, -1);
}

/* When its turn comes; a time gone by: now. */
static gint64
turn_of (ChsAnnouncer *self, const Sentence *sentence)
{
  const gboolean cuts_in = sentence->urgency > self->speaking &&
                           (sentence->urgency == CHS_URGENCY_HIGH || self->speaking == CHS_URGENCY_ANSWER);

  return cuts_in ? self->ready_us : MAX (self->ready_us, self->free_us);
}

void
chs_announcer_take_turns (ChsAnnouncer *self, gint64 now_us)
{
  Sentence *next;

  if (self->ready_us == 0)
    self->ready_us = now_us + REGISTER_US;

  while ((next = g_queue_peek_head (&self->waiting)) && now_us >= turn_of (self, next)) {
    g_queue_pop_head (&self->waiting);
    if (next->urgency != CHS_URGENCY_ANSWER || now_us - next->said_us < ANSWER_STALE_US)
      tell (self, next, now_us);
    sentence_free (next);
  }
}

/* What is not put before anything that is as urgent comes after it. */
static int
goes_before (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return ((const Sentence *) b)->urgency > ((const Sentence *) a)->urgency ? 1 : -1;
}

static void
queue_sentence (ChsAnnouncer *self, guint8 label, const char *text, ChsUrgency urgency, gint64 now_us)
{
  Sentence *sentence = g_new (Sentence, 1);

  *sentence = (Sentence){ g_strdup (text), urgency, label, now_us };
  g_queue_insert_sorted (&self->waiting, sentence, goes_before, NULL);
  chs_announcer_take_turns (self, now_us);
}

/* Returns: whether something was still to be told of it */
static gboolean
drop_waiting (ChsAnnouncer *self, guint8 label)
{
  gboolean any = FALSE;

  for (GList *link = self->waiting.head, *next; link; link = next) {
    next = link->next;
    if (((Sentence *) link->data)->label != label)
      continue;
    sentence_free (link->data);
    g_queue_delete_link (&self->waiting, link);
    any = TRUE;
  }

  return any;
}

/* ---- alarms ---- */

static void
tell_alarm (ChsAnnouncer *self, ChsScene *scene, const ChsActiveAlarm *alarm, gint64 now_us)
{
  Told            *told = &self->told[alarm->alarm.label];
  g_autofree char *sentence = chs_say_alarm (scene, alarm);

  told->raised_us = alarm->raised_us;
  g_free (told->what);
  told->what = chs_say_alarm_title (scene, alarm);
  drop_waiting (self, alarm->alarm.label); /* it is worse than what was to be said */
  queue_sentence (self, alarm->alarm.label, sentence,
                  (ChsUrgency) MIN (alarm->alarm.priority, CHS_PRIORITY_HIGH), now_us);
}

static void
tell_over (ChsAnnouncer *self, guint8 label, gint64 now_us)
{
  Told            *told = &self->told[label];
  g_autofree char *what = g_steal_pointer (&told->what);
  /* Translators: read aloud by a screen reader: this alarm has ended; its title follows */
  g_autofree char *text = g_strdup_printf (_("Over: %s."), what);

  told->raised_us = CHS_TIME_NONE;
  if (!drop_waiting (self, label))
    queue_sentence (self, label, text, CHS_URGENCY_LOW, now_us);
}

void
chs_announcer_look (ChsAnnouncer *self, ChsScene *scene, gint64 now_us)
{
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (scene), &n);
  gboolean              stands[CHS_N_LABELS] = { FALSE };

  if (chs_scene_get_mode (scene) != CHS_SCENE_LIVE)
    return;

  for (guint i = 0; i < n; i++) {
    stands[alarms[i].alarm.label] = TRUE;
    if (alarms[i].state != CHS_ALARM_STATE_ACKNOWLEDGED && self->told[alarms[i].alarm.label].raised_us != alarms[i].raised_us)
      tell_alarm (self, scene, &alarms[i], now_us);
  }
  for (guint i = 0; i < CHS_N_LABELS; i++)
    if (!stands[i] && self->told[i].what)
      tell_over (self, (guint8) i, now_us);
}

/* ---- life ---- */

void
chs_announcer_say (ChsAnnouncer *self, const char *text, ChsUrgency urgency, gint64 now_us)
{
  g_return_if_fail (self && text);

  queue_sentence (self, NO_ALARM, text, urgency, now_us);
}

void
chs_announcer_forget (ChsAnnouncer *self)
{
  for (guint i = 0; i < CHS_N_LABELS; i++) {
    g_clear_pointer (&self->told[i].what, g_free);
    self->told[i].raised_us = CHS_TIME_NONE;
  }
  g_queue_clear_full (&self->waiting, sentence_free);
}

ChsAnnouncer *
chs_announcer_new (GtkWidget *window)
{
  ChsAnnouncer *self = g_new0 (ChsAnnouncer, 1);

  self->window = window;
  g_queue_init (&self->waiting);
  chs_announcer_forget (self);

  return self;
}

void
chs_announcer_free (ChsAnnouncer *self)
{
  chs_announcer_forget (self);
  g_free (self);
}
