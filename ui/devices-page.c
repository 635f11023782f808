/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/devices-page.h"

#include "app/link-list.h"
#include "ui/language.h"
#include "ui/say.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <math.h>

#define BYTES_SHOWN 32u

struct _ChsDevicesPage {
  ChsPage parent_instance;

  GtkLabel  *notice; /* instead of parts: why there are none */
  GtkWidget *list;
  GPtrArray *parts;  /* Part, in the order of the configuration */
  gulong     heard_id;
};

G_DEFINE_FINAL_TYPE (ChsDevicesPage, chs_devices_page, CHS_TYPE_PAGE)

/* ---- words ---- */

static char *
dup_port (const ChsLinkRow *row, ChsScene *scene)
{
  g_autofree char *text = g_strdup_printf ("%s · %s", row->address, row->line);

  return chs_language_isolate (text);
}

static char *
dup_frames (const ChsLinkRow *row, ChsScene *scene)
{
  return g_strdup_printf (_("good: %1$.0f · bad: %2$.0f · stream lost and found: %3$.0f"), (double) row->frames_ok, (double) row->frames_bad,
                          (double) row->resyncs);
}

static char *
dup_skipped (const ChsLinkRow *row, ChsScene *scene)
{
  return g_strdup_printf (_("skipped: %1$.0f of %2$.0f bytes · unknown records: %3$.0f"), (double) row->bytes_skipped, (double) row->bytes_rx,
                          (double) row->unknown);
}

static char *
dup_line_errors (const ChsLinkRow *row, ChsScene *scene)
{
  if (isnan (row->parity_errors))
    return g_strdup (_("this port does not count them"));

  return g_strdup_printf (_("parity: %1$.0f · framing: %2$.0f · overrun: %3$.0f"), row->parity_errors, row->framing_errors, row->overruns);
}

static char *
dup_ago (ChsScene *scene, double ms)
{
  return isnan (ms) ? g_strdup ("—") : chs_say_age (chs_scene_get_now_us (scene) - (int64_t) (ms * 1000));
}

static char *
dup_heard (const ChsLinkRow *row, ChsScene *scene)
{
  g_autofree char *byte = dup_ago (scene, row->last_byte_ms), *frame = dup_ago (scene, row->last_frame_ms);

  /* Translators: how long ago the last byte and the last good frame came: "2 s" or a dash */
  return g_strdup_printf (_("last byte %1$s ago · last good frame %2$s ago"), byte, frame);
}

static char *
dup_asked (const ChsLinkRow *row, ChsScene *scene)
{
  if (row->bytes_tx == 0)
    return g_strdup (_("nothing: we only listen"));
  if (isnan (row->rtt_ms))
    return g_strdup (_("not answered yet"));
  if (isnan (row->poll_ms))
    return g_strdup_printf (_("answered after %.0f ms"), row->rtt_ms);

  /* Translators: "±" is how much it varies */
  return g_strdup_printf (_("answered after %1$.0f ms ± %2$.0f · asked every %3$.0f ms ± %4$.0f"), row->rtt_ms,
                          isnan (row->rtt_jitter_ms) ? 0 : row->rtt_jitter_ms, row->poll_ms,
                          isnan (row->poll_jitter_ms) ? 0 : row->poll_jitter_ms);
}

static char *
dup_opened (const ChsLinkRow *row, ChsScene *scene)
{
  return g_strdup_printf (_("opened: %1$.0f · back after a loss: %2$.0f"), (double) row->opened, (double) row->reconnects);
}

/* As many as stand beside their meaning; the tool prints more. */
static char *
dup_bytes (const ChsLinkRow *row, ChsScene *scene)
{
  gsize n = strlen (row->last_bytes), shown = MIN (n, BYTES_SHOWN * 3 - 1);

  return n > 0 ? chs_language_isolate (row->last_bytes + n - shown) : g_strdup ("—");
}

static char *
dup_decoded (const ChsLinkRow *row, ChsScene *scene)
{
  return *row->last_frame ? chs_language_isolate (row->last_frame) : g_strdup ("—");
}

static char *
dup_error (const ChsLinkRow *row, ChsScene *scene)
{
  return row->state == CHS_LINK_UP || !*row->last_error ? g_strdup ("") : chs_say_reason (row->last_error);
}

/* In this order, two in a line; a text of "" hides its fact. */
static const struct {
  const char *name;
  char     *(*dup) (const ChsLinkRow *row, ChsScene *scene);
  gboolean   is_bytes;
} facts[] = {
  { N_("Port"), dup_port },
  { N_("Heard"), dup_heard },
  { N_("Frames"), dup_frames },
  /* Translators: what of the bytes was of no use */
  { N_("Unused"), dup_skipped },
  { N_("Asked"), dup_asked },
  { N_("Line errors"), dup_line_errors },
  { N_("Last bytes"), dup_bytes, TRUE },
  /* Translators: what the last bytes mean, as the decoder read them */
  { N_("Decoded"), dup_decoded },
  { N_("Connection"), dup_opened },
  { N_("Last failure"), dup_error },
};

#define N_FACTS G_N_ELEMENTS (facts)

/* ---- a part: one link ---- */

typedef struct {
  GtkWidget *box;
  GtkLabel  *name, *state, *reason, *causes;
  GtkWidget *names[N_FACTS];
  GtkLabel  *values[N_FACTS];
} Part;

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  if (box)
    gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
add_fact (Part *part, GtkWidget *grid, guint i)
{
  int column = i % 2 * 2, line = (int) i / 2;

  part->names[i] = GTK_WIDGET (add_label (NULL, "device-fact-name"));
  gtk_label_set_label (GTK_LABEL (part->names[i]), _(facts[i].name));
  gtk_label_set_yalign (GTK_LABEL (part->names[i]), 0.0f);
  part->values[i] = add_label (NULL, facts[i].is_bytes ? "device-bytes" : "device-fact");
  gtk_widget_set_hexpand (GTK_WIDGET (part->values[i]), TRUE);
  gtk_label_set_yalign (part->values[i], 0.0f);
  gtk_grid_attach (GTK_GRID (grid), part->names[i], column, line, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), GTK_WIDGET (part->values[i]), column + 1, line, 1, 1);
}

static Part *
part_new (void)
{
  Part      *part = g_new0 (Part, 1);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *grid = gtk_grid_new ();

  part->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (part->box, "device");
  gtk_widget_add_css_class (head, "device-head");
  part->name = add_label (head, "device-name");
  gtk_widget_set_hexpand (GTK_WIDGET (part->name), TRUE);
  part->state = add_label (head, "device-state");
  gtk_box_append (GTK_BOX (part->box), head);
  part->reason = add_label (part->box, "device-reason");
  part->causes = add_label (part->box, "device-causes");
  gtk_widget_add_css_class (grid, "device-facts");
  for (guint i = 0; i < N_FACTS; i++)
    add_fact (part, grid, i);
  gtk_box_append (GTK_BOX (part->box), grid);

  return part;
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

static char *
dup_causes (const ChsLinkRow *row)
{
  GString *text = g_string_new (row->n_causes > 0 ? _("Look here first:") : "");

  for (guint i = 0; i < row->n_causes; i++)
    g_string_append_printf (text, "\n%u. %s", i + 1, *row->causes[i] ? _(row->causes[i]) : "");

  return g_string_free (text, FALSE);
}

static void
part_show (Part *part, const ChsLinkRow *row, ChsScene *scene)
{
  g_autofree char *link = chs_words_link (row->name, chs_scene_get_theme (scene));
  g_autofree char *reason = *row->reason ? chs_say_reason (row->reason) : g_strdup ("");
  /* Names of makers among words of the language: each part by itself (FIRST STRONG ISOLATE). */
  g_autofree char *name = g_strdup_printf (row->is_bench ? "\u2068%s\u2069 · \u2068%s\u2069 · %s" : "\u2068%s\u2069 · \u2068%s\u2069", link,
                                           *row->label ? _(row->label) : row->driver, _("laboratory instrument"));
  g_autofree char *causes = dup_causes (row);
  g_autofree char *state = g_strdup_printf ("%s %s", row->state == CHS_LINK_UP ? "●" : row->state == CHS_LINK_CONNECTING ? "○" : "✗",
                                            chs_say_link_state ((guint8) row->state));

  set_text (part->name, name);
  set_text (part->state, state);
  if (row->state == CHS_LINK_UP)
    gtk_widget_add_css_class (GTK_WIDGET (part->state), "good");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (part->state), "good");
  set_text (part->reason, reason);
  set_text (part->causes, causes);
  for (guint i = 0; i < N_FACTS; i++) {
    g_autofree char *value = facts[i].dup (row, scene);

    set_text (part->values[i], value);
    gtk_widget_set_visible (part->names[i], *value != '\0');
  }
}

/* ---- the page ---- */

static void
fit_parts (ChsDevicesPage *self, guint n)
{
  while (self->parts->len > n) {
    Part *last = self->parts->pdata[self->parts->len - 1];

    gtk_box_remove (GTK_BOX (self->list), last->box);
    g_ptr_array_set_size (self->parts, (int) self->parts->len - 1);
  }
  while (self->parts->len < n) {
    Part *part = part_new ();

    g_ptr_array_add (self->parts, part);
    gtk_box_append (GTK_BOX (self->list), part->box);
  }
}

static void
on_links (ChsDevicesPage *self, const char *json, ChsScene *scene)
{
  g_autoptr (GPtrArray) rows = chs_link_list_parse (json);

  fit_parts (self, rows->len);
  set_text (self->notice, rows->len > 0 ? "" : _("No instrument is configured for this chair."));
  for (guint i = 0; i < rows->len; i++)
    part_show (self->parts->pdata[i], rows->pdata[i], scene);
}

static void
ask (ChsDevicesPage *self)
{
  ChsScene *scene = chs_view_get_scene (self);

  if (self->heard_id == 0)
    self->heard_id = g_signal_connect_object (scene, "links", G_CALLBACK (on_links), self, G_CONNECT_SWAPPED);
  if (chs_scene_ask_links (scene))
    return;
  fit_parts (self, 0);
  set_text (self->notice, chs_scene_get_mode (scene) == CHS_SCENE_REPLAY ? _("A recording has no instruments at its ports. What they did is under Review.")
                                                                         : _("The monitor does not answer."));
}

static void
chs_devices_page_opened (ChsPage *page, GVariant *target)
{
  ask (CHS_DEVICES_PAGE (page));
}

static void
chs_devices_page_refresh (ChsView *view)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (view)))
    ask (CHS_DEVICES_PAGE (view));
}

static void
chs_devices_page_finalize (GObject *object)
{
  g_ptr_array_unref (CHS_DEVICES_PAGE (object)->parts);
  G_OBJECT_CLASS (chs_devices_page_parent_class)->finalize (object);
}

static void
chs_devices_page_class_init (ChsDevicesPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_devices_page_finalize;
  CHS_VIEW_CLASS (klass)->refresh = chs_devices_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_devices_page_opened;
}

static void
chs_devices_page_init (ChsDevicesPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  chs_page_set_title (CHS_PAGE (self), _("Instruments and cables"));
  self->parts = g_ptr_array_new_with_free_func (g_free);
  self->notice = add_label (box, "advice");
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->list, "devices");
  gtk_box_append (GTK_BOX (box), self->list);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), chs_scroller_new (box));
}
