/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window.h"

#include "ui/alarm-bar.h"
#include "ui/announcer.h"
#include "ui/chair-page.h"
#include "ui/focus.h"
#include "ui/header.h"
#include "ui/key-bar.h"
#include "ui/notice.h"
#include "ui/pages.h"
#include "ui/reaction.h"
#include "ui/say.h"
#include "ui/rest.h"
#include "ui/stopped-page.h"

#include <glib/gi18n.h>
#include <math.h>

/* A page that nobody touches gives way to the chair: the curves are what somebody who comes by must see. */
#define PAGE_IDLE_US (60 * G_USEC_PER_SEC)

#define CLOCK_MS 1000

#define NOTICE_WIDTH 0.59 /* of the window: the chart's column */

struct _ChsWindow {
  GtkApplicationWindow parent_instance;

  ChsScene       *scene;
  ChsAlarmBar    *alarm_bar;
  ChsChairPage   *chair;
  GtkStack       *pages;
  GtkWidget      *foot;
  GtkWidget      *header;
  GtkWidget      *key_bar;
  ChsNotice      *notice;
  ChsStoppedPage *stopped;
  ChsRest        *rest;
  ChsAnnouncer   *announcer;

  double  diagonal_in;
  guint   frame_id;   /* flush of the scene at the next frame */
  guint   clock_id;
  guint   resize_id;
  gint64  touched_us; /* monotonic time of the last touch or key */
  int64_t high_us;    /* session time of the newest HIGH alarm known here; CHS_TIME_NONE = none */
  int     width, height; /* that the panel was measured for */
  const char *home; /* page where it begins: "chair" */
  GHashTable *makers; /* name: Maker, of pages that are not of the registry */
};

G_DEFINE_FINAL_TYPE (ChsWindow, chs_window, GTK_TYPE_APPLICATION_WINDOW)

enum { PROP_0, PROP_SCENE, N_PROPS };
static GParamSpec *props[N_PROPS];

/* ---- pages ---- */

typedef struct {
  ChsPageMaker   make;
  gpointer       user_data;
  GDestroyNotify destroy;
} Maker;

static void
maker_free (gpointer data)
{
  Maker *maker = data;

  if (maker->destroy)
    maker->destroy (maker->user_data);
  g_free (maker);
}

/* Returns: (nullable): NULL: there is none of this name */
static GtkWidget *
make_page (ChsWindow *self, const char *name)
{
  const ChsPageInfo *info = chs_pages_find (name);
  const Maker       *maker = g_hash_table_lookup (self->makers, name);
  ChsPage           *page;

  if (maker == NULL)
    return info ? g_object_new (info->get_type (), "scene", self->scene, NULL) : NULL;

  page = maker->make (maker->user_data);
  chs_view_set_scene (page, self->scene);

  return GTK_WIDGET (page);
}

static GtkWidget *
get_page (ChsWindow *self, const char *name)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, name);

  if (page)
    return page;

  page = make_page (self, name);
  if (page)
    gtk_stack_add_named (self->pages, page, name);

  return page;
}

void
chs_window_open_page (ChsWindow *self, const char *name, GVariant *target)
{
  GtkWidget *page;

  g_return_if_fail (CHS_IS_WINDOW (self) && name);

  page = get_page (self, name);
  g_return_if_fail (page);

  self->touched_us = g_get_monotonic_time ();
  if (CHS_IS_PAGE (page))
    chs_page_open (CHS_PAGE (page), target);
  chs_alarm_bar_set_compact (self->alarm_bar, CHS_IS_PAGE (page));
  gtk_stack_set_visible_child (self->pages, page);
  gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

const char *
chs_window_get_page (ChsWindow *self)
{
  return gtk_stack_get_visible_child_name (self->pages);
}

static void
toggle_page (ChsWindow *self, const char *name)
{
  chs_window_open_page (self, g_strcmp0 (chs_window_get_page (self), name) == 0 ? self->home : name, NULL);
}

static void
leave_idle_page (ChsWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);

  if (CHS_IS_PAGE (page) && !chs_page_get_keeps_open (CHS_PAGE (page)) &&
      g_get_monotonic_time () - self->touched_us > PAGE_IDLE_US)
    chs_window_open_page (self, "chair", NULL);
}

/* A chart that somebody left standing in the past, or under a cursor's bubble, is not what the next one who looks expects. */
static void
leave_past (ChsWindow *self)
{
  if (chs_scene_get_mode (self->scene) == CHS_SCENE_LIVE && g_get_monotonic_time () - self->touched_us > PAGE_IDLE_US &&
      !chs_chair_page_is_live (self->chair))
    chs_chair_page_back_to_live (self->chair);
}

/* The newest moment at which a condition nobody has seen yet became HIGH. */
static int64_t
newest_high_us (ChsWindow *self)
{
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (self->scene), &n);
  int64_t               newest_us = CHS_TIME_NONE;

  for (guint i = 0; i < n; i++)
    if (alarms[i].alarm.priority == CHS_PRIORITY_HIGH && alarms[i].state == CHS_ALARM_STATE_ACTIVE &&
        (newest_us == CHS_TIME_NONE || alarms[i].changed_us > newest_us))
      newest_us = alarms[i].changed_us;

  return newest_us;
}

/* A new HIGH alarm: whoever looks up must see the chair. Not where it is just being answered, nor over something half typed. */
static void
make_way_for_high (ChsWindow *self)
{
  GtkWidget         *page = gtk_stack_get_visible_child (self->pages);
  const ChsPageInfo *info = CHS_IS_PAGE (page) ? chs_pages_find (chs_window_get_page (self)) : NULL;
  int64_t            high_us = newest_high_us (self);
  gboolean           is_new = high_us != CHS_TIME_NONE && high_us != self->high_us;

  self->high_us = high_us;
  if (is_new && info && !info->answers_alarm && !chs_page_get_keeps_open (CHS_PAGE (page)))
    chs_window_open_page (self, "chair", NULL);
}

static gboolean
on_any_event (ChsWindow *self, GdkEvent *event)
{
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN || type == GDK_KEY_PRESS)
    self->touched_us = g_get_monotonic_time ();

  return GDK_EVENT_PROPAGATE;
}

/* ---- what the keys do ---- */

/* Shown, and read aloud. @destroy frees @user_data of @undo, (nullable). */
static void
answer (ChsWindow *self, const char *text, ChsNoticeUndo undo, gpointer user_data, GDestroyNotify destroy)
{
  chs_notice_show (self->notice, text, undo, user_data, destroy);
  chs_announcer_say (self->announcer, text, CHS_URGENCY_ANSWER, g_get_monotonic_time ());
}

void
chs_window_tell (ChsWindow *self, const char *text)
{
  answer (self, text, NULL, NULL, NULL);
}

/* Over what the page gives away for it. */
static gboolean
put_notice_at (GtkWidget *stage, GtkWidget *notice, GtkWidget *place, GdkRectangle *box)
{
  graphene_rect_t bounds;
  int             width;

  if (place == NULL || !gtk_widget_get_mapped (place) || !gtk_widget_compute_bounds (place, stage, &bounds))
    return FALSE;
  gtk_widget_measure (notice, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  box->width = MAX (width, (int) bounds.size.width);
  gtk_widget_measure (notice, GTK_ORIENTATION_VERTICAL, box->width, &box->height, NULL, NULL, NULL);
  box->x = CLAMP ((int) bounds.origin.x, 0, MAX (0, gtk_widget_get_width (stage) - box->width));
  box->y = (int) bounds.origin.y;

  return TRUE;
}

/* Where it covers nothing that is needed now: the foot of the chart, or a page's title. */
static gboolean
on_notice_position (GtkOverlay *stage, GtkWidget *notice, GdkRectangle *box, gpointer user_data)
{
  ChsWindow *self = CHS_WINDOW (user_data);
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);
  int        width = gtk_widget_get_width (GTK_WIDGET (stage)), height;

  if (CHS_IS_PAGE (page) && put_notice_at (GTK_WIDGET (stage), notice, chs_page_get_notice_place (CHS_PAGE (page)), box))
    return TRUE;
  box->width = chs_scene_get_panel (self->scene)->layout == CHS_LAYOUT_WIDE ? (int) (width * NOTICE_WIDTH) : width;
  gtk_widget_measure (notice, GTK_ORIENTATION_HORIZONTAL, -1, &height, NULL, NULL, NULL);
  box->width = MAX (box->width, height);
  gtk_widget_measure (notice, GTK_ORIENTATION_VERTICAL, box->width, &height, NULL, NULL, NULL);
  box->height = height;
  box->x = gtk_widget_get_direction (notice) == GTK_TEXT_DIR_RTL ? width - box->width : 0;
  box->y = CHS_IS_PAGE (page) && chs_page_has_top (CHS_PAGE (page)) ? 0 : gtk_widget_get_height (GTK_WIDGET (stage)) - height;

  return TRUE;
}

static void
on_awake (GtkWidget *widget, const char *action, GVariant *target)
{
  CHS_WINDOW (widget)->touched_us = g_get_monotonic_time ();
}

/* Read aloud, not shown: what a page shows in its own place. */
static void
on_say (GtkWidget *widget, const char *action, GVariant *target)
{
  chs_announcer_say (CHS_WINDOW (widget)->announcer, g_variant_get_string (target, NULL), CHS_URGENCY_ANSWER, g_get_monotonic_time ());
}

static void
on_back (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsWindow *self = CHS_WINDOW (widget);

  if (chs_scene_get_mode (self->scene) == CHS_SCENE_LIVE && g_strcmp0 (chs_window_get_page (self), "chair") == 0)
    chs_chair_page_back_to_live (self->chair);
  chs_chair_page_show_keys (self->chair, FALSE);
  chs_window_open_page (self, self->home, NULL);
}

static void
on_page (GtkWidget *widget, const char *action, GVariant *target)
{
  toggle_page (CHS_WINDOW (widget), g_variant_get_string (target, NULL));
}

/* Actions whose name is the page that they open. */
static void
on_page_key (GtkWidget *widget, const char *action, GVariant *target)
{
  toggle_page (CHS_WINDOW (widget), action + strlen ("win."));
}

static void
on_why (GtkWidget *widget, const char *action, GVariant *target)
{
  chs_window_open_page (CHS_WINDOW (widget), "why", target);
}

static void
on_correct (GtkWidget *widget, const char *action, GVariant *target)
{
  chs_window_open_page (CHS_WINDOW (widget), "review", target);
}

static void
on_ack (GtkWidget *widget, const char *action, GVariant *target)
{
  chs_scene_nurse (CHS_WINDOW (widget)->scene, CHS_NURSE_ACK, g_variant_get_string (target, NULL), NAN);
}

/* From the keyboard: the uppermost alarm that still asks. */
static const ChsActiveAlarm *
first_asking (ChsWindow *self)
{
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (self->scene), &n);

  for (guint i = 0; i < n; i++)
    if (alarms[i].state != CHS_ALARM_STATE_ACKNOWLEDGED)
      return &alarms[i];

  return n > 0 ? &alarms[0] : NULL;
}

static void
on_ack_first (GtkWidget *widget, const char *action, GVariant *target)
{
  const ChsActiveAlarm *alarm = first_asking (CHS_WINDOW (widget));

  if (alarm)
    chs_scene_nurse (CHS_WINDOW (widget)->scene, CHS_NURSE_ACK, chs_label_id (alarm->alarm.label), NAN);
}

static void
on_why_first (GtkWidget *widget, const char *action, GVariant *target)
{
  const ChsActiveAlarm *alarm = first_asking (CHS_WINDOW (widget));

  if (alarm)
    chs_window_open_page (CHS_WINDOW (widget), "why", g_variant_new_uint32 (alarm->alarm.id));
}

static void
on_silence (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsScene              *scene = CHS_WINDOW (widget)->scene;
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));

  /* Whatever is silent ends by one touch (IEC 60601-1-8, 6.8.4). */
  if (heard->alarm_pause_until_us != CHS_TIME_NONE)
    chs_scene_nurse (scene, CHS_NURSE_ALARM_PAUSE, NULL, 0);
  else if (heard->audio != CHS_AUDIO_ON)
    chs_scene_nurse (scene, CHS_NURSE_AUDIO_RESUME, NULL, NAN);
  else
    chs_scene_nurse (scene, CHS_NURSE_AUDIO_PAUSE, NULL, chs_scene_get_number (scene, "alarm.audio_pause"));
}

/* Takes the newest entry of a kind back; it stays in the recording, struck out. */
static void
undo_last (ChsWindow *self, ChsMarkKind kind, ChsNurseAction action)
{
  ChsNurse       nurse = { .action = CHS_NURSE_CORRECTION, .at_us = CHS_TIME_NONE };
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (self->scene), &n);

  while (n-- > 0)
    if (marks[n].kind == kind && marks[n].action == action && !marks[n].undone) {
      nurse.value = (double) marks[n].seq;
      chs_scene_nurse_full (self->scene, &nurse);
      return;
    }
}

static void
undo_mark (gpointer user_data)
{
  undo_last (CHS_WINDOW (user_data), CHS_MARK_NURSE, CHS_NURSE_MARK);
}

static void
on_mark (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsWindow       *self = CHS_WINDOW (widget);
  g_autofree char *clock = chs_scene_dup_clock (self->scene, chs_scene_get_now_us (self->scene), TRUE);
  /* Translators: a mark was set on the chart; time of day */
  g_autofree char *text = g_strdup_printf (_("Marked %s"), clock);

  if (chs_scene_nurse (self->scene, CHS_NURSE_MARK, NULL, NAN))
    answer (self, text, undo_mark, g_object_ref (self), g_object_unref);
}

static void
undo_symptom (gpointer user_data)
{
  ChsWindow  *self = CHS_WINDOW (g_object_get_data (user_data, "window"));
  const char *id = g_object_get_data (user_data, "id");

  chs_scene_nurse (self->scene, CHS_NURSE_SYMPTOM_UNDO, id, NAN);
}

/* The page enters the symptom; here is the line that lets it be undone. */
static void
on_entered (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsWindow       *self = CHS_WINDOW (widget);
  const char      *id = g_variant_get_string (target, NULL);
  GObject         *memory = g_object_new (G_TYPE_OBJECT, NULL);
  g_autofree char *clock = chs_scene_dup_clock (self->scene, chs_scene_get_now_us (self->scene), FALSE);
  /* Translators: a symptom was entered: "Warmth entered at 10:42" */
  g_autofree char *text = g_strdup_printf (_("%s entered at %s"), chs_say_symptom (id), clock);

  g_object_set_data_full (memory, "id", g_strdup (id), g_free);
  g_object_set_data_full (memory, "window", g_object_ref (self), g_object_unref);
  answer (self, text, undo_symptom, memory, g_object_unref);
}

static void
on_undo (GtkWidget *widget, const char *action, GVariant *target)
{
  chs_notice_undo (CHS_WINDOW (widget)->notice);
}

static void
undo_reaction (gpointer user_data)
{
  undo_last (CHS_WINDOW (user_data), CHS_MARK_REACTION, CHS_NURSE_REACTION);
  chs_window_open_page (CHS_WINDOW (user_data), "chair", NULL);
}

/* One touch: the time is marked and the list is there. A further touch leaves or comes back, and starts nothing anew. */
static void
on_reaction (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsWindow  *self = CHS_WINDOW (widget);
  ChsReaction last = chs_reaction_find_last (chs_scene_get_model (self->scene));

  if (chs_reaction_is_on (&last) || g_strcmp0 (chs_window_get_page (self), "reaction") == 0) {
    toggle_page (self, "reaction");
    return;
  }
  if (!chs_reaction_begin (self->scene))
    return;
  chs_window_open_page (self, "reaction", NULL);
  answer (self, _("Reaction begun"), undo_reaction, g_object_ref (self), g_object_unref);
}

static void
on_look (GtkWidget *widget, const char *action, GVariant *target)
{
  ChsScene *scene = CHS_WINDOW (widget)->scene;

  chs_scene_set_look (scene, (ChsLook) ((chs_scene_get_theme (scene)->look + 1) % CHS_LOOK_PAPER));
}

/* ---- time and place ---- */

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ChsWindow *self = CHS_WINDOW (widget);

  self->frame_id = 0;
  chs_scene_flush (self->scene);

  return G_SOURCE_REMOVE;
}

static void
on_stirred (ChsWindow *self)
{
  if (self->frame_id == 0)
    self->frame_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

static void
rest (ChsWindow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  chs_rest_look (self->rest, (g_get_monotonic_time () - self->touched_us) / G_USEC_PER_SEC,
                 g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now));
}

static gboolean
on_clock (gpointer user_data)
{
  ChsWindow *self = CHS_WINDOW (user_data);

  chs_scene_flush (self->scene);
  chs_announcer_take_turns (self->announcer, g_get_monotonic_time ());
  leave_idle_page (self);
  leave_past (self);
  rest (self);

  return G_SOURCE_CONTINUE;
}

static GdkMonitor *
dup_monitor (ChsWindow *self)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self));
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
  GdkMonitor *monitor = surface ? gdk_display_get_monitor_at_surface (display, surface) : NULL;

  return monitor ? g_object_ref (monitor) : g_list_model_get_item (gdk_display_get_monitors (display), 0);
}

static void
report_monitor (ChsWindow *self, ChsMonitorReport *report)
{
  g_autoptr (GdkMonitor) monitor = dup_monitor (self);
  GdkRectangle           box = { 0, 0, self->width, self->height };

  *report = (ChsMonitorReport){ .diagonal_in = self->diagonal_in };
  if (monitor) {
    gdk_monitor_get_geometry (monitor, &box);
    report->width_mm = gdk_monitor_get_width_mm (monitor);
    report->height_mm = gdk_monitor_get_height_mm (monitor);
  }
  report->width_px = box.width;
  report->height_px = box.height;
}

static void
measure_panel (ChsWindow *self)
{
  ChsMonitorReport report;
  ChsPanel         panel;

  report_monitor (self, &report);
  chs_panel_init (&panel, &report, self->width, self->height);
  chs_scene_set_panel (self->scene, &panel);
}

static gboolean
on_resized (gpointer user_data)
{
  ChsWindow *self = CHS_WINDOW (user_data);

  self->resize_id = 0;
  measure_panel (self);

  return G_SOURCE_REMOVE;
}

/* Not at once: sizes in millimetres must not change while they are being laid out. */
static void
on_surface_layout (ChsWindow *self, int width, int height)
{
  if (width == self->width && height == self->height)
    return;

  self->width = width;
  self->height = height;
  if (self->resize_id == 0)
    self->resize_id = g_idle_add_full (G_PRIORITY_HIGH, on_resized, self, NULL);
}

static void
chs_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (chs_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "layout", G_CALLBACK (on_surface_layout), widget,
                           G_CONNECT_SWAPPED);
}

/* ---- life ---- */

static void
on_refused (ChsWindow *self, const char *why)
{
  chs_window_tell (self, why);
}

static void
announce (ChsWindow *self)
{
  chs_announcer_look (self->announcer, self->scene, g_get_monotonic_time ());
}

static void
on_renewed (ChsWindow *self)
{
  chs_announcer_forget (self->announcer);
}

static void
set_scene (ChsWindow *self, ChsScene *scene)
{
  g_set_object (&self->scene, scene);
  if (scene == NULL)
    return;

  g_signal_connect_object (scene, "stirred", G_CALLBACK (on_stirred), self, G_CONNECT_SWAPPED);
  on_stirred (self); /* what stirred it before there was a window */
  self->high_us = newest_high_us (self); /* the window begins with it in sight */
  g_signal_connect_object (scene, "refresh", G_CALLBACK (make_way_for_high), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "refresh", G_CALLBACK (announce), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "renewed", G_CALLBACK (on_renewed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scene, "refused", G_CALLBACK (on_refused), self, G_CONNECT_SWAPPED);
  if (chs_scene_get_mode (scene) == CHS_SCENE_REPLAY)
    gtk_widget_add_css_class (GTK_WIDGET (self), "replay");
}

static void
chs_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCENE)
    g_value_set_object (value, CHS_WINDOW (object)->scene);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SCENE)
    set_scene (CHS_WINDOW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_window_dispose (GObject *object)
{
  ChsWindow *self = CHS_WINDOW (object);

  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_handle_id (&self->resize_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), CHS_TYPE_WINDOW);
  g_clear_pointer (&self->makers, g_hash_table_unref);
  g_clear_pointer (&self->announcer, chs_announcer_free);
  g_clear_object (&self->scene);
  G_OBJECT_CLASS (chs_window_parent_class)->dispose (object);
}

static void
add_keyboard (GtkWidgetClass *klass)
{
  static const struct {
    guint       key;
    const char *action, *target;
  } keys[] = {
    { GDK_KEY_F1, "win.reaction" }, { GDK_KEY_F2, "win.symptom" }, { GDK_KEY_F3, "win.mark" },
    { GDK_KEY_F4, "win.site" },     { GDK_KEY_F5, "win.session" }, { GDK_KEY_F6, "win.review" },
    { GDK_KEY_F7, "win.more" },     { GDK_KEY_F8, "win.silence" },
    { GDK_KEY_F9, "win.ack-first" }, { GDK_KEY_F10, "win.why-first" }, { GDK_KEY_F12, "win.look" },
    { GDK_KEY_Escape, "win.back" },
  };
  guint              n;
  const ChsPageInfo *pages = chs_pages (&n);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (klass, keys[i].key, 0, keys[i].action, NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  for (guint i = 0; i < n; i++)
    if (pages[i].key)
      gtk_widget_class_add_binding_action (klass, pages[i].key, GDK_CONTROL_MASK, "win.page", "s", pages[i].id);
}

static void
chs_window_class_init (ChsWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = chs_window_get_property;
  object_class->set_property = chs_window_set_property;
  object_class->dispose = chs_window_dispose;
  widget_class->realize = chs_window_realize;

  props[PROP_SCENE] = g_param_spec_object ("scene", NULL, NULL, CHS_TYPE_SCENE,
                                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (CHS_TYPE_HEADER);
  g_type_ensure (CHS_TYPE_ALARM_BAR);
  g_type_ensure (CHS_TYPE_CHAIR_PAGE);
  g_type_ensure (CHS_TYPE_KEY_BAR);
  g_type_ensure (CHS_TYPE_NOTICE);
  g_type_ensure (CHS_TYPE_STOPPED_PAGE);
  g_type_ensure (CHS_TYPE_REST);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/chairside/Chairside/window.ui");
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, alarm_bar);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, chair);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, foot);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, header);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, key_bar);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, stopped);
  gtk_widget_class_bind_template_child (widget_class, ChsWindow, rest);

  gtk_widget_class_bind_template_callback (widget_class, on_notice_position);

  gtk_widget_class_install_action (widget_class, "win.awake", NULL, on_awake);
  gtk_widget_class_install_action (widget_class, "win.say", "s", on_say);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "win.page", "s", on_page);
  gtk_widget_class_install_action (widget_class, "win.symptom", NULL, on_page_key);
  gtk_widget_class_install_action (widget_class, "win.site", NULL, on_page_key);
  gtk_widget_class_install_action (widget_class, "win.session", NULL, on_page_key);
  gtk_widget_class_install_action (widget_class, "win.review", NULL, on_page_key);
  gtk_widget_class_install_action (widget_class, "win.more", NULL, on_page_key);
  gtk_widget_class_install_action (widget_class, "win.why", "u", on_why);
  gtk_widget_class_install_action (widget_class, "win.correct", "t", on_correct);
  gtk_widget_class_install_action (widget_class, "win.why-first", NULL, on_why_first);
  gtk_widget_class_install_action (widget_class, "win.ack", "s", on_ack);
  gtk_widget_class_install_action (widget_class, "win.ack-first", NULL, on_ack_first);
  gtk_widget_class_install_action (widget_class, "win.silence", NULL, on_silence);
  gtk_widget_class_install_action (widget_class, "win.mark", NULL, on_mark);
  gtk_widget_class_install_action (widget_class, "win.entered", "s", on_entered);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, on_undo);
  gtk_widget_class_install_action (widget_class, "win.reaction", NULL, on_reaction);
  gtk_widget_class_install_action (widget_class, "win.look", NULL, on_look);
  add_keyboard (widget_class);
}

static void
chs_window_init (ChsWindow *self)
{
  GtkEventController *watch = gtk_event_controller_legacy_new ();

  self->home = "chair";
  self->announcer = chs_announcer_new (GTK_WIDGET (self));
  self->makers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, maker_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (watch, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (watch, "event", G_CALLBACK (on_any_event), self);
  gtk_widget_add_controller (GTK_WIDGET (self), watch);
  chs_focus_keep (GTK_WINDOW (self));
  self->high_us = CHS_TIME_NONE;
  self->touched_us = g_get_monotonic_time ();
  self->clock_id = g_timeout_add (CLOCK_MS, on_clock, self);
}

ChsWindow *
chs_window_new (GtkApplication *application, ChsScene *scene, int width, int height, double diagonal_in)
{
  ChsWindow *self = g_object_new (CHS_TYPE_WINDOW, "application", application, "scene", scene, "default-width", width,
                                  "default-height", height, NULL);

  self->diagonal_in = diagonal_in;
  self->width = width;
  self->height = height;
  measure_panel (self);

  return self;
}

ChsScene *
chs_window_get_scene (ChsWindow *self)
{
  return self->scene;
}

void
chs_window_set_diagonal (ChsWindow *self, double diagonal_in)
{
  g_return_if_fail (CHS_IS_WINDOW (self));

  self->diagonal_in = diagonal_in;
  measure_panel (self);
}

void
chs_window_set_transport (ChsWindow *self, GtkWidget *transport)
{
  g_return_if_fail (CHS_IS_WINDOW (self) && GTK_IS_WIDGET (transport));

  gtk_widget_set_visible (self->key_bar, FALSE);
  gtk_widget_set_hexpand (transport, TRUE);
  gtk_box_append (GTK_BOX (self->foot), transport);
}

void
chs_window_add_page (ChsWindow *self, const char *name, ChsPageMaker make, gpointer user_data, GDestroyNotify destroy)
{
  Maker *maker;

  g_return_if_fail (CHS_IS_WINDOW (self) && name && make);

  maker = g_new (Maker, 1);
  *maker = (Maker){ make, user_data, destroy };
  g_hash_table_insert (self->makers, (gpointer) name, maker);
}

void
chs_window_set_home (ChsWindow *self, const char *name)
{
  GtkWidget *page = get_page (self, name);

  g_return_if_fail (CHS_IS_PAGE (page));

  self->home = g_intern_string (name);
  chs_page_hide_back (CHS_PAGE (page));
  gtk_widget_set_visible (self->key_bar, FALSE);
  gtk_widget_set_visible (self->header, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->alarm_bar), FALSE);
  chs_window_open_page (self, name, NULL);
}

static void
announce_stopped (ChsWindow *self, const char *why)
{
  g_autofree char *text = why ? g_strdup_printf ("%s. %s", _("MONITOR STOPPED"), why) : NULL;

  /* Translators: read aloud by a screen reader: the monitor program is there again and watches the patient */
  chs_announcer_say (self->announcer, text ? text : _("The monitor is back and watches."), CHS_URGENCY_HIGH,
                     g_get_monotonic_time ());
}

void
chs_window_set_stopped (ChsWindow *self, const char *why)
{
  g_return_if_fail (CHS_IS_WINDOW (self));

  if (why)
    chs_stopped_page_set_why (self->stopped, why);
  if ((why != NULL) != chs_window_is_stopped (self))
    announce_stopped (self, why);
  gtk_widget_set_visible (GTK_WIDGET (self->stopped), why != NULL);
}

gboolean
chs_window_is_stopped (ChsWindow *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->stopped));
}

void
chs_window_follow_hours (ChsWindow *self, gboolean follow)
{
  g_return_if_fail (CHS_IS_WINDOW (self));

  chs_rest_follow_hours (self->rest, follow);
}
