/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/bytes-page.h"

#include "app/draw/bytes.h"
#include "ui/canvas.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_EVENTS 12 /* of the chosen frame, in words */
#define FRAMES_SHARE 0.42

struct _ChsBytesPage {
  ChsWorkPage parent_instance;

  ChsRawView   *view; /* NULL: nothing loaded */
  int64_t       around_us;
  guint8        source; /* 0 = none chosen */
  guint         chosen;
  GCancellable *cancellable;
  gboolean      is_loading;

  GtkWidget *links, *frames, *bytes, *events, *place;
};

G_DEFINE_FINAL_TYPE (ChsBytesPage, chs_bytes_page, CHS_TYPE_WORK_PAGE)

static void load (ChsBytesPage *self);

/* ---- what is shown ---- */

static void
draw_frames (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, gpointer user_data)
{
  ChsBytesPage *self = CHS_BYTES_PAGE (user_data);

  if (self->view)
    chs_draw_frames (cr, rect, self->view, self->chosen, chs_scene_get_model (chs_view_get_scene (self)), theme);
}

static void
draw_bytes (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, gpointer user_data)
{
  ChsBytesPage *self = CHS_BYTES_PAGE (user_data);

  if (self->view)
    chs_draw_bytes (cr, rect, self->view, self->chosen, theme);
}

static char *
dup_events (ChsBytesPage *self, const ChsRawFrame *frame)
{
  guint              n;
  const ChsRawEvent *events = chs_raw_view_get_events (self->view, &n);
  GString           *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (frame->n_events, MAX_EVENTS); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "  ·  " : "", events[frame->first_event + i].words);
  if (frame->n_events > MAX_EVENTS)
    g_string_append_printf (text, "  ·  +%u", frame->n_events - MAX_EVENTS);
  if (frame->n_events == 0)
    g_string_append (text, frame->is_good ? _("This frame gave no event.") : _("These bytes belong to no frame that was understood."));

  return g_string_free (text, FALSE);
}

static void
show_frame (ChsBytesPage *self)
{
  guint              n;
  const ChsRawFrame *frames = self->view ? chs_raw_view_get_frames (self->view, &n) : NULL;
  const ChsRawFrame *frame = self->view && self->chosen < n ? &frames[self->chosen] : NULL;
  g_autofree char   *events = frame ? dup_events (self, frame) : NULL, *place = NULL;

  if (frame) {
    g_autofree char *from = g_strdup_printf ("%" G_GUINT64_FORMAT, chs_raw_view_get_offset (self->view) + frame->at);
    /* Translators: where a frame stands in the bytes of a link: its first byte, how many bytes it has */
    g_autofree char *where = g_strdup_printf (_("Frame %u of %u · from byte %s · %u bytes"), self->chosen + 1, n, from, frame->n);

    place = g_strconcat (where, frame->words[0] ? " · " : "", frame->words, NULL);
  }
  gtk_label_set_label (GTK_LABEL (self->place), frame ? place : self->is_loading ? "" : _("No bytes were recorded here."));
  gtk_label_set_label (GTK_LABEL (self->events), frame ? events : "");
  chs_canvas_set_text (CHS_CANVAS (self->frames), frame ? place : "");
  chs_canvas_set_text (CHS_CANVAS (self->bytes), frame ? events : "");
  chs_pane_redraw (CHS_PANE (self->frames));
  chs_pane_redraw (CHS_PANE (self->bytes));
}

static void
choose (ChsBytesPage *self, guint frame)
{
  self->chosen = frame;
  show_frame (self);
}

/* ---- loading ---- */

typedef struct {
  char   *path;
  guint8  source;
  int64_t around_us;
} Wanted;

static void
wanted_free (gpointer data)
{
  g_free (((Wanted *) data)->path);
  g_free (data);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError       *error = NULL;
  ChsRawView   *view = chs_raw_view_load (wanted->path, wanted->source, wanted->around_us, &error);

  if (view)
    g_task_return_pointer (task, view, (GDestroyNotify) chs_raw_view_free);
  else
    g_task_return_error (task, error);
}

static gboolean
is_inside (ChsBytesPage *self, int64_t t_us)
{
  return self->view && t_us >= self->around_us - CHS_RAW_BEFORE_US / 2 && t_us <= self->around_us + CHS_RAW_AFTER_US;
}

static void
follow (ChsBytesPage *self)
{
  int64_t position_us = chs_replayer_get_position_us (chs_work_page_get_replayer (self));

  if (is_inside (self, position_us))
    choose (self, chs_raw_view_frame_at (self->view, position_us));
  else
    load (self);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsBytesPage) self = CHS_BYTES_PAGE (user_data);
  const Wanted            *wanted = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError)       error = NULL;
  ChsRawView              *view = g_task_propagate_pointer (G_TASK (result), &error);

  self->is_loading = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error)
    chs_work_page_tell (self, error->message);
  g_clear_pointer (&self->view, chs_raw_view_free);
  self->view = view;
  self->around_us = wanted->around_us;
  if (wanted->source != self->source) {
    load (self);
    return;
  }
  if (view)
    choose (self, chs_raw_view_frame_at (view, chs_replayer_get_position_us (chs_work_page_get_replayer (self))));
  else
    show_frame (self);
}

static void
load (ChsBytesPage *self)
{
  ChsReplayer      *replayer = chs_work_page_get_replayer (self);
  g_autoptr (GTask) task = NULL;
  Wanted           *wanted;

  if (self->is_loading || self->source == 0)
    return;
  self->is_loading = TRUE;
  wanted = g_new0 (Wanted, 1);
  *wanted = (Wanted){ g_strdup (chs_replayer_get_path (replayer)), self->source, chs_replayer_get_position_us (replayer) };
  task = g_task_new (NULL, self->cancellable, on_loaded, g_object_ref (self));
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, load_in_thread);
}

/* ---- links ---- */

static void
choose_link (ChsBytesPage *self, guint8 source)
{
  self->source = source;
  g_clear_pointer (&self->view, chs_raw_view_free);
  for (GtkWidget *key = gtk_widget_get_first_child (self->links); key; key = gtk_widget_get_next_sibling (key))
    chs_key_set_active (key, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (key), "source")) == source);
  load (self);
  show_frame (self);
}

static void
on_link (GtkWidget *key, ChsBytesPage *self)
{
  choose_link (self, (guint8) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (key), "source")));
}

static void
show_links (ChsBytesPage *self)
{
  const char                *path = chs_replayer_get_path (chs_work_page_get_replayer (self));
  g_autoptr (ChsStoreReader) reader = g_str_has_suffix (path, ".csv") ? NULL : chs_store_reader_new (path, NULL);
  guint                      n = 0;
  const ChsStoreSource      *sources = reader ? chs_store_reader_get_sources (reader, &n) : NULL;

  for (guint i = 0; i < n; i++) {
    GtkWidget *key = chs_key_new (sources[i].name, NULL);

    chs_key_set_hint (CHS_KEY (key), sources[i].driver);
    g_object_set_data (G_OBJECT (key), "source", GUINT_TO_POINTER (sources[i].source));
    g_signal_connect (key, "clicked", G_CALLBACK (on_link), self);
    gtk_box_append (GTK_BOX (self->links), key);
  }
  if (n > 0)
    choose_link (self, sources[0].source);
  else
    show_frame (self);
}

/* ---- touching ---- */

static ChsRect
whole (GtkWidget *widget)
{
  return (ChsRect){ 0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget) };
}

static void
on_frames_touched (ChsBytesPage *self, double x, double y)
{
  ChsRect rect = whole (self->frames);
  guint   frame;

  if (self->view && chs_frames_pick (&rect, self->view, self->chosen, chs_scene_get_theme (chs_view_get_scene (self)), y, &frame))
    choose (self, frame);
}

static void
on_bytes_touched (ChsBytesPage *self, double x, double y)
{
  ChsRect rect = whole (self->bytes);
  guint   frame;

  if (self->view && chs_bytes_pick (&rect, self->view, self->chosen, chs_scene_get_theme (chs_view_get_scene (self)), x, y, &frame))
    choose (self, frame);
}

static void
move_frame (ChsBytesPage *self, int direction)
{
  guint n = 0;

  if (self->view)
    chs_raw_view_get_frames (self->view, &n);
  if (n > 0)
    choose (self, (guint) CLAMP ((int) self->chosen + direction, 0, (int) n - 1));
}

static void
on_previous (ChsBytesPage *self)
{
  move_frame (self, -1);
}

static void
on_next (ChsBytesPage *self)
{
  move_frame (self, 1);
}

/* ---- life ---- */

static void
chs_bytes_page_moved (ChsWorkPage *page)
{
  follow (CHS_BYTES_PAGE (page));
}

static void
chs_bytes_page_opened (ChsPage *page, GVariant *target)
{
  ChsBytesPage *self = CHS_BYTES_PAGE (page);

  CHS_PAGE_CLASS (chs_bytes_page_parent_class)->opened (page, target);
  chs_view_set_scene (self->frames, chs_view_get_scene (self));
  chs_view_set_scene (self->bytes, chs_view_get_scene (self));
  if (self->source == 0)
    show_links (self);
  else
    follow (self);
}

static void
chs_bytes_page_dispose (GObject *object)
{
  g_cancellable_cancel (CHS_BYTES_PAGE (object)->cancellable);
  G_OBJECT_CLASS (chs_bytes_page_parent_class)->dispose (object);
}

static void
chs_bytes_page_finalize (GObject *object)
{
  ChsBytesPage *self = CHS_BYTES_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->view, chs_raw_view_free);
  G_OBJECT_CLASS (chs_bytes_page_parent_class)->finalize (object);
}

static void
chs_bytes_page_class_init (ChsBytesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_bytes_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_bytes_page_finalize;
  CHS_PAGE_CLASS (klass)->opened = chs_bytes_page_opened;
  CHS_WORK_PAGE_CLASS (klass)->moved = chs_bytes_page_moved;
}

static GtkWidget *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_lines (GTK_LABEL (label), 2);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
chs_bytes_page_init (ChsBytesPage *self)
{
  GtkWidget *content = chs_work_page_get_content (self), *both = gtk_grid_new ();
  GtkWidget *keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->cancellable = g_cancellable_new ();
  chs_page_set_title (CHS_PAGE (self), _("Bytes"));
  self->links = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->links, "key-row");
  gtk_widget_add_css_class (keys, "key-row");
  gtk_widget_set_direction (keys, GTK_TEXT_DIR_LTR);
  chs_page_add_key (CHS_PAGE (self), keys);
  chs_page_add_key (CHS_PAGE (self), self->links);
  /* Translators: one frame of a wire protocol back, on */
  chs_work_page_add_key (self, keys, "◀", _("Frame before"), G_CALLBACK (on_previous));
  chs_work_page_add_key (self, keys, "▶", _("Next frame"), G_CALLBACK (on_next));

  self->place = add_label (content, "heading");
  self->frames = chs_canvas_new (draw_frames, self, 0);
  self->bytes = chs_canvas_new (draw_bytes, self, 0);
  gtk_grid_set_column_homogeneous (GTK_GRID (both), TRUE);
  gtk_widget_set_direction (both, GTK_TEXT_DIR_LTR);
  gtk_grid_attach (GTK_GRID (both), self->frames, 0, 0, (int) (FRAMES_SHARE * 10), 1);
  gtk_grid_attach (GTK_GRID (both), self->bytes, (int) (FRAMES_SHARE * 10), 0, 10 - (int) (FRAMES_SHARE * 10), 1);
  gtk_widget_set_vexpand (self->frames, TRUE);
  gtk_widget_set_vexpand (both, TRUE);
  gtk_box_append (GTK_BOX (content), both);
  self->events = add_label (content, "fact");
  g_signal_connect_swapped (self->frames, "touched", G_CALLBACK (on_frames_touched), self);
  g_signal_connect_swapped (self->bytes, "touched", G_CALLBACK (on_bytes_touched), self);
}
