/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/alarm-bar.h"

#include "ui/alarm-row.h"
#include "ui/focus.h"
#include "ui/key.h"
#include "ui/pane.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* Rows take about 17 mm each; the chart must stay readable under them. */
#define MAX_ROWS 3
#define MAX_ROWS_TALL 6
#define MAX_SHARE 0.42 /* of the window's height; the words of the first alarm are whole in any case */
#define MAX_SHARE_REPLAY 0.22 /* beside two rows of keys and a timeline: leaves the chart 45 mm of the design panel */

/* Finer than the shortest half period of the flashing, a divisor of both (chs_flash_is_on()). */
#define FLASH_TICK_MS 83

struct _ChsAlarmBar {
  ChsView parent_instance;

  GtkWidget *rows;
  GtkWidget *seen;     /* one row for all that somebody has seen, when they are several */
  GtkLabel  *seen_list;
  ChsKey    *more;    /* how many do not fit */
  GtkLabel  *silence; /* there only while the sound is paused */

  gboolean is_compact;
  guint    flash_id;
  guint    laid_out_id, n_frames; /* a look at the rows' height when they are laid out */
  guint64  shown; /* fingerprint of the conditions */
};

G_DEFINE_FINAL_TYPE (ChsAlarmBar, chs_alarm_bar, CHS_TYPE_VIEW)

/* ---- flashing ---- */

static gboolean
on_flash (gpointer user_data)
{
  ChsAlarmBar *self = CHS_ALARM_BAR (user_data);
  gboolean     any = FALSE;

  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row; row = gtk_widget_get_next_sibling (row))
    any |= chs_alarm_row_flash (CHS_ALARM_ROW (row), g_get_monotonic_time ());

  if (any)
    return G_SOURCE_CONTINUE;

  self->flash_id = 0;

  return G_SOURCE_REMOVE;
}

static void
start_flashing (ChsAlarmBar *self)
{
  if (self->flash_id == 0 && on_flash (self))
    self->flash_id = g_timeout_add (FLASH_TICK_MS, on_flash, self);
}

/* ---- rows ---- */

static GtkWidget *
nth_row (ChsAlarmBar *self, guint i)
{
  GtkWidget *row = gtk_widget_get_first_child (self->rows);

  while (row && i-- > 0)
    row = gtk_widget_get_next_sibling (row);

  return row;
}

static void
set_n_rows (ChsAlarmBar *self, guint n)
{
  GtkWidget *row;

  while ((row = nth_row (self, n))) {
    if (gtk_widget_get_focus_child (self->rows) == row)
      chs_focus_lend (GTK_WIDGET (self));
    gtk_box_remove (GTK_BOX (self->rows), row);
  }
  while (n > 0 && nth_row (self, n - 1) == NULL) {
    row = chs_alarm_row_new ();
    chs_view_set_scene (row, chs_view_get_scene (self));
    gtk_box_append (GTK_BOX (self->rows), row);
  }
}

/* A text can change while the transition does not: a value, an age. */
static guint64
fingerprint (ChsScene *scene, const ChsActiveAlarm *alarms, guint n)
{
  guint64 print = chs_fingerprint (0, &n, sizeof n);

  for (guint i = 0; i < n; i++) {
    g_autofree char *what = NULL, *why = NULL, *advice = NULL;

    chs_alarm_words (chs_scene_get_model (scene), &alarms[i], chs_scene_get_now_us (scene), chs_scene_get_theme (scene),
                     &what, &why, &advice);
    print = chs_fingerprint (print, &alarms[i].alarm.id, sizeof alarms[i].alarm.id);
    print = chs_fingerprint (print, &alarms[i].alarm.priority, sizeof alarms[i].alarm.priority);
    print = chs_fingerprint (print, &alarms[i].state, sizeof alarms[i].state);
    print = chs_fingerprint (print, what, strlen (what));
    print = chs_fingerprint (print, why, strlen (why));
    print = chs_fingerprint (print, advice, strlen (advice));
  }

  return print;
}

static gboolean
is_replay (ChsAlarmBar *self)
{
  return chs_scene_get_mode (chs_view_get_scene (self)) == CHS_SCENE_REPLAY;
}

/* A large row says what to do. HIGH of a live chair always does; others while nobody has seen them and no page is open. In a
 * replay nobody has to act: what and why stay, "Why?" opens the rest, and the chart keeps the room. */
static gboolean
asks_for_room (ChsAlarmBar *self, const ChsActiveAlarm *alarm)
{
  if (is_replay (self))
    return FALSE;

  return alarm->alarm.priority == CHS_PRIORITY_HIGH || (!self->is_compact && alarm->state != CHS_ALARM_STATE_ACKNOWLEDGED);
}

/* "!! Fast pulse · ! No alarm sound": what is true and seen, in the order of the engine. */
static char *
dup_seen (ChsScene *scene, const ChsActiveAlarm *alarms, guint n)
{
  static const char *const shapes[] = { "", "!", "!!", "!!!" };
  GString                 *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++) {
    g_autofree char *what = NULL, *why = NULL, *advice = NULL;

    if (alarms[i].state != CHS_ALARM_STATE_ACKNOWLEDGED)
      continue;
    chs_alarm_words (chs_scene_get_model (scene), &alarms[i], chs_scene_get_now_us (scene), chs_scene_get_theme (scene),
                     &what, &why, &advice);
    g_string_append_printf (text, "%s%s %s", text->len ? "  ·  " : "", shapes[MIN (alarms[i].alarm.priority, CHS_PRIORITY_HIGH)],
                            what);
  }

  return g_string_free (text, FALSE);
}

static guint
count_seen (const ChsActiveAlarm *alarms, guint n)
{
  guint n_seen = 0;

  for (guint i = 0; i < n; i++)
    n_seen += alarms[i].state == CHS_ALARM_STATE_ACKNOWLEDGED;

  return n_seen;
}

/* Several that were seen share a row: the chart needs the room more. One alone keeps its own, with its "Why?". */
static void
show_seen (ChsAlarmBar *self, const ChsActiveAlarm *alarms, guint n)
{
  g_autofree char *list = dup_seen (chs_view_get_scene (self), alarms, n);
  /* Translators: alarms that somebody has seen; their titles follow */
  g_autofree char *text = g_strdup_printf (_("Seen: %s"), list);

  gtk_label_set_label (self->seen_list, text);
}

/* The first @n_shown that have a row of their own, and a key that tells of the others. */
static void
fill_rows (ChsAlarmBar *self, const ChsActiveAlarm *alarms, guint n, guint n_own, guint n_shown)
{
  guint            at = 0;
  g_autofree char *more = NULL;

  /* Beside the key of the others a title has less room, so the choice of its size is made anew. */
  if (gtk_widget_get_visible (GTK_WIDGET (self->more)) != (n_own > n_shown))
    set_n_rows (self, 0);
  set_n_rows (self, n_shown);
  for (guint i = 0; i < n && at < n_shown; i++)
    if (n_own == n || alarms[i].state != CHS_ALARM_STATE_ACKNOWLEDGED) {
      chs_alarm_row_show (CHS_ALARM_ROW (nth_row (self, at)), &alarms[i], at == 0 && asks_for_room (self, &alarms[i]));
      at++;
    }

  gtk_widget_set_visible (GTK_WIDGET (self->more), n_own > n_shown);
  if (n_own > n_shown) {
    /* Translators: on a key beside the alarms: how many further ones there are */
    more = g_strdup_printf (ngettext ("+%u more", "+%u more", n_own - n_shown), n_own - n_shown);
    chs_key_set_title (self->more, more);
  }
}

static gboolean
is_too_high (ChsAlarmBar *self, int height)
{
  const double share = is_replay (self) ? MAX_SHARE_REPLAY : MAX_SHARE;

  return height > share * chs_scene_get_panel (chs_view_get_scene (self))->height_px;
}

/* As far as it is known before a frame was laid out. */
static int
measure (ChsAlarmBar *self)
{
  int height;

  gtk_widget_measure (GTK_WIDGET (self), GTK_ORIENTATION_VERTICAL, chs_scene_get_panel (chs_view_get_scene (self))->width_px,
                      &height, NULL, NULL, NULL);

  return height;
}

/* As many rows as leave the chart its room; at least one. */
static void
fit_rows (ChsAlarmBar *self, const ChsActiveAlarm *alarms, guint n, guint n_most)
{
  const gboolean is_shared = !self->is_compact && count_seen (alarms, n) > 1;
  guint          n_own = is_shared ? n - count_seen (alarms, n) : n, n_shown = MIN (n_own, n_most);

  fill_rows (self, alarms, n, n_own, n_shown);
  while (n_shown > 1 && is_too_high (self, measure (self)))
    fill_rows (self, alarms, n, n_own, --n_shown);
}

/* New rows get their style, and lines their breaks, when they are laid out; only then it is known how high they are. */
static gboolean
on_laid_out (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ChsAlarmBar          *self = CHS_ALARM_BAR (widget);
  guint                 n, n_rows = 0;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (chs_view_get_scene (self)), &n);

  while (nth_row (self, n_rows))
    n_rows++;
  if (self->n_frames++ < 2)
    return G_SOURCE_CONTINUE;
  if (n_rows > 0 && chs_alarm_row_fit (CHS_ALARM_ROW (nth_row (self, 0)))) {
    self->n_frames = 0;
    return G_SOURCE_CONTINUE;
  }
  if (n_rows > 1 && is_too_high (self, gtk_widget_get_height (widget))) {
    fit_rows (self, alarms, n, n_rows - 1);
    self->n_frames = 0;
    return G_SOURCE_CONTINUE;
  }
  self->laid_out_id = 0;

  return G_SOURCE_REMOVE;
}

static void
show_rows (ChsAlarmBar *self, const ChsActiveAlarm *alarms, guint n)
{
  const gboolean is_tall = chs_scene_get_panel (chs_view_get_scene (self))->layout == CHS_LAYOUT_TALL;
  const gboolean is_shared = !self->is_compact && count_seen (alarms, n) > 1;

  gtk_widget_set_visible (self->seen, is_shared);
  if (is_shared)
    show_seen (self, alarms, n);
  fit_rows (self, alarms, n, self->is_compact ? 1 : is_tall ? MAX_ROWS_TALL : MAX_ROWS);
  self->n_frames = 0;
  if (self->laid_out_id == 0)
    self->laid_out_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_laid_out, NULL, NULL);
  start_flashing (self);
}

/* ---- silence ---- */

static void
show_silence (ChsAlarmBar *self)
{
  ChsScene              *scene = chs_view_get_scene (self);
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));
  gboolean               is_paused = heard->audio != CHS_AUDIO_ON;
  g_autofree char       *pause = is_paused ? chs_say_audio (heard, chs_scene_get_now_us (scene)) : NULL;

  gtk_label_set_label (self->silence, pause ? pause : "");
  gtk_widget_set_visible (GTK_WIDGET (self->silence), is_paused);
}

static void
chs_alarm_bar_refresh (ChsView *view)
{
  ChsAlarmBar          *self = CHS_ALARM_BAR (view);
  ChsScene             *scene = chs_view_get_scene (self);
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (scene), &n);
  guint64               print = fingerprint (scene, alarms, n);
  gboolean              is_paused;

  show_silence (self); /* the rows fit into what it leaves */
  is_paused = gtk_widget_get_visible (GTK_WIDGET (self->silence));
  print = chs_fingerprint (print, &is_paused, sizeof is_paused);
  if (print == self->shown)
    return;
  self->shown = print;
  show_rows (self, alarms, n);
}

static void
chs_alarm_bar_restyled (ChsView *view)
{
  CHS_ALARM_BAR (view)->shown = 0;
  chs_alarm_bar_refresh (view);
}

static void
chs_alarm_bar_dispose (GObject *object)
{
  g_clear_handle_id (&CHS_ALARM_BAR (object)->flash_id, g_source_remove);
  G_OBJECT_CLASS (chs_alarm_bar_parent_class)->dispose (object);
}

static void
chs_alarm_bar_class_init (ChsAlarmBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_alarm_bar_dispose;
  CHS_VIEW_CLASS (klass)->refresh = chs_alarm_bar_refresh;
  CHS_VIEW_CLASS (klass)->restyled = chs_alarm_bar_restyled;
  gtk_widget_class_set_css_name (widget_class, "alarmbar");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
add_seen (ChsAlarmBar *self)
{
  GtkWidget *key = chs_key_new (_("Alarms so far"), "win.page::alarms");

  self->seen = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->seen_list = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->seen_list, TRUE);
  gtk_label_set_xalign (self->seen_list, 0.0f);
  gtk_widget_set_hexpand (GTK_WIDGET (self->seen_list), TRUE);
  gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->seen, "seen-row");
  gtk_widget_set_visible (self->seen, FALSE);
  gtk_box_append (GTK_BOX (self->seen), GTK_WIDGET (self->seen_list));
  gtk_box_append (GTK_BOX (self->seen), key);
  gtk_widget_set_parent (self->seen, GTK_WIDGET (self));
}

static void
chs_alarm_bar_init (ChsAlarmBar *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkWidget        *beside = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Alarms"), -1);

  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->rows, "rows");
  gtk_widget_set_hexpand (self->rows, TRUE);
  gtk_box_append (GTK_BOX (beside), self->rows);

  self->more = CHS_KEY (chs_key_new (NULL, "win.page::alarms"));
  gtk_widget_add_css_class (GTK_WIDGET (self->more), "more");
  gtk_widget_set_visible (GTK_WIDGET (self->more), FALSE);
  gtk_box_append (GTK_BOX (beside), GTK_WIDGET (self->more));
  gtk_widget_set_parent (beside, GTK_WIDGET (self));

  add_seen (self);
  self->silence = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->silence, 0.0f);
  gtk_widget_add_css_class (GTK_WIDGET (self->silence), "silence");
  gtk_widget_set_parent (GTK_WIDGET (self->silence), GTK_WIDGET (self));
}

void
chs_alarm_bar_set_compact (ChsAlarmBar *self, gboolean is_compact)
{
  g_return_if_fail (CHS_IS_ALARM_BAR (self));

  if (self->is_compact == is_compact)
    return;

  self->is_compact = is_compact;
  chs_alarm_bar_restyled (CHS_VIEW (self));
}
