/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/symptom-page.h"

#include "app/symptom.h"
#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define KEY_WIDTH_MM 38.0
#define MAX_SYMPTOMS 128

struct _ChsSymptomPage {
  ChsPage parent_instance;

  GtkWidget *scroller;
  GtkWidget *grid;
  GtkWidget *more;

  GtkWidget *keys[MAX_SYMPTOMS]; /* by index into chs_symptoms() */
  guint      n;
  guint      columns;
  char       therapy[32]; /* id that the order was made for */
};

G_DEFINE_FINAL_TYPE (ChsSymptomPage, chs_symptom_page, CHS_TYPE_PAGE)

/* ---- order ---- */

/* What each ingredient is known for; then what every infusion can do, the dangerous before the common.
 * Source: shared/clinical.md sections 5 and 6. */
static const char *const magnesium_first[] = { "heat", "flushing", "lightheaded", "weakness", "drowsy", "nausea", NULL };
static const char *const lidocaine_first[] = { "perioral_numbness", "tinnitus", "metallic_taste", "twitching",
                                               "slurred_speech", "visual_disturbance", "confusion", "lightheaded",
                                               "drowsy", "seizure", NULL };
static const char *const ketamine_first[] = { "unresponsive_to_voice", "agitation", "floating", "headache",
                                              "chest_pain", "nausea", "drowsy", NULL };
static const char *const every_infusion[] = {
  "itching",      "hives",        "flushing_face", "throat_tight",  "short_of_breath", "wheeze",
  "chest_pain",   "palpitations", "lightheaded",   "faint",         "pallor",          "sweating",
  "nausea",       "chills",       "site_burning",  "site_swelling", "site_pain",       "cold_arm",
  "heat",         "flushing",     "anxious",       "headache",      "loss_of_consciousness", "collapse",
  NULL,
};

static guint
add_in_order (const char *const *ids, guint *order, guint n_done, gboolean *taken)
{
  unsigned          n;
  const ChsSymptom *all = chs_symptoms (&n);

  for (; *ids; ids++) {
    const ChsSymptom *symptom = chs_symptom_find (*ids);

    g_assert (symptom);
    if (!taken[symptom - all]) {
      taken[symptom - all] = TRUE;
      order[n_done++] = (guint) (symptom - all);
    }
  }

  return n_done;
}

void
chs_symptom_order (const ChsTherapy *therapy, guint *order, guint n)
{
  g_autofree gboolean *taken = g_new0 (gboolean, n);
  guint                n_done = 0;

  if (therapy->lidocaine_mg_per_ml > 0.0)
    n_done = add_in_order (lidocaine_first, order, n_done, taken);
  if (therapy->ketamine_mg_per_ml > 0.0)
    n_done = add_in_order (ketamine_first, order, n_done, taken);
  if (therapy->mg_mmol_per_ml > 0.0)
    n_done = add_in_order (magnesium_first, order, n_done, taken);
  n_done = add_in_order (every_infusion, order, n_done, taken);

  for (guint i = 0; i < n; i++)
    if (!taken[i])
      order[n_done++] = i;
}

/* ---- entering ---- */

/* When the symptom was entered, CHS_TIME_NONE while it is not there. */
static int64_t
active_since (ChsScene *scene, const char *id)
{
  int64_t        since = CHS_TIME_NONE;
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);

  for (guint i = 0; i < n; i++) {
    if (marks[i].kind != CHS_MARK_SYMPTOM || marks[i].undone || strcmp (marks[i].what, id) != 0)
      continue;
    since = marks[i].action == CHS_NURSE_SYMPTOM ? marks[i].t_us : CHS_TIME_NONE;
  }

  return since;
}

static void
on_key (GtkButton *key, gpointer user_data)
{
  ChsSymptomPage *self = CHS_SYMPTOM_PAGE (user_data);
  ChsScene       *scene = chs_view_get_scene (self);
  const char     *id = gtk_widget_get_name (GTK_WIDGET (key));

  if (active_since (scene, id) != CHS_TIME_NONE)
    chs_scene_nurse (scene, CHS_NURSE_SYMPTOM_CLEAR, id, NAN);
  else if (chs_scene_nurse (scene, CHS_NURSE_SYMPTOM, id, NAN))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.entered", "s", id);
}

static void
on_more (ChsSymptomPage *self)
{
  chs_scroller_go_on (CHS_SCROLLER (self->scroller));
}

/* ---- showing ---- */

static guint
columns_for (ChsSymptomPage *self)
{
  return (guint) CLAMP (chs_panel_width_mm (chs_scene_get_panel (chs_view_get_scene (self))) / (KEY_WIDTH_MM + 3.0), 3, 9);
}

static void
arrange (ChsSymptomPage *self, const ChsTherapy *therapy)
{
  guint order[MAX_SYMPTOMS];

  chs_symptom_order (therapy, order, self->n);
  self->columns = columns_for (self);
  g_strlcpy (self->therapy, therapy->id, sizeof self->therapy);

  for (guint i = 0; i < self->n; i++) {
    GtkWidget *key = g_object_ref (self->keys[order[i]]);

    if (gtk_widget_get_parent (key))
      gtk_grid_remove (GTK_GRID (self->grid), key);
    gtk_grid_attach (GTK_GRID (self->grid), key, (int) (i % self->columns), (int) (i / self->columns), 1, 1);
    g_object_unref (key);
  }
}

static void
show_key (ChsSymptomPage *self, GtkWidget *key)
{
  ChsScene        *scene = chs_view_get_scene (self);
  int64_t          since = active_since (scene, gtk_widget_get_name (key));
  g_autofree char *clock = NULL, *hint = NULL;

  if (since == CHS_TIME_NONE) {
    chs_key_set_active (key, FALSE);
    chs_key_set_hint (CHS_KEY (key), NULL);
    return;
  }

  clock = chs_scene_dup_clock (scene, since, FALSE);
  /* Translators: under the name of a symptom that was entered; time of day; touching the key again ends it */
  hint = g_strdup_printf (_("since %s · touch when gone"), clock);
  chs_key_set_active (key, TRUE);
  chs_key_set_hint (CHS_KEY (key), hint);
}

static void
chs_symptom_page_refresh (ChsView *view)
{
  ChsSymptomPage   *self = CHS_SYMPTOM_PAGE (view);
  const ChsTherapy *therapy = &chs_engine_get_session (chs_scene_get_engine (chs_view_get_scene (self)))->therapy;

  if (self->columns != columns_for (self) || strcmp (self->therapy, therapy->id) != 0)
    arrange (self, therapy);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    for (guint i = 0; i < self->n; i++)
      show_key (self, self->keys[i]);
}

static void
chs_symptom_page_opened (ChsPage *page, GVariant *target)
{
  ChsSymptomPage *self = CHS_SYMPTOM_PAGE (page);

  chs_scroller_rewind (CHS_SCROLLER (self->scroller));
  for (guint i = 0; i < self->n; i++)
    show_key (self, self->keys[i]);
}

static void
chs_symptom_page_dispose (GObject *object)
{
  ChsSymptomPage *self = CHS_SYMPTOM_PAGE (object);

  for (guint i = 0; i < self->n; i++)
    g_clear_object (&self->keys[i]);
  G_OBJECT_CLASS (chs_symptom_page_parent_class)->dispose (object);
}

static void
chs_symptom_page_class_init (ChsSymptomPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_symptom_page_dispose;
  CHS_VIEW_CLASS (klass)->refresh = chs_symptom_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_symptom_page_opened;
}

static void
make_keys (ChsSymptomPage *self)
{
  unsigned          n;
  const ChsSymptom *all = chs_symptoms (&n);

  g_assert (n <= MAX_SYMPTOMS);
  for (self->n = 0; self->n < n; self->n++) {
    GtkWidget *key = g_object_ref_sink (chs_key_new (_(all[self->n].label), NULL));

    gtk_widget_set_name (key, all[self->n].id);
    gtk_widget_add_css_class (key, "symptom");
    gtk_widget_set_hexpand (key, TRUE);
    g_signal_connect (key, "clicked", G_CALLBACK (on_key), self);
    self->keys[self->n] = key;
  }
}

static void
chs_symptom_page_init (ChsSymptomPage *self)
{
  GtkWidget *body = chs_page_get_body (CHS_PAGE (self));

  chs_page_set_title (CHS_PAGE (self), _("Felt or seen?"));
  make_keys (self);

  self->grid = gtk_grid_new ();
  gtk_grid_set_column_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_widget_add_css_class (self->grid, "key-grid");

  self->scroller = chs_scroller_new (self->grid);
  gtk_box_append (GTK_BOX (body), self->scroller);

  /* Translators: key that scrolls to further symptoms */
  self->more = chs_key_new (_("More symptoms"), NULL);
  g_signal_connect_swapped (self->more, "clicked", G_CALLBACK (on_more), self);
  chs_page_add_key (CHS_PAGE (self), self->more);
}
