/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-therapy.h"

#include "app/therapy.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_RATE_ML_H 999.0
#define MAX_KEYS 48 /* of one entry, as chs_therapy_entry_setup() tells them */

struct _ChsSessionTherapy {
  ChsSessionStep parent_instance;

  ChsTherapyLibrary *library;
  GtkWidget         *list;
  GtkWidget         *facts;
  GtkWidget         *rate, *lot;
  int                n_facts;
  char               shown[32]; /* id that the facts are of */
  double             shown_weight_kg;
};

G_DEFINE_FINAL_TYPE (ChsSessionTherapy, chs_session_therapy, CHS_TYPE_SESSION_STEP)

/* ---- entering ---- */

typedef struct {
  ChsSetup keys[MAX_KEYS];
  gsize    n;
} Keys;

static void
add_key (const char *key, const char *value, gpointer user_data)
{
  Keys *keys = user_data;

  if (keys->n == MAX_KEYS)
    return;
  g_snprintf (keys->keys[keys->n].key, sizeof keys->keys[0].key, "therapy.%s", key);
  chs_text_copy (keys->keys[keys->n++].value, sizeof keys->keys[0].value, value);
}

static void
choose (ChsSessionTherapy *self, const char *id)
{
  const ChsTherapyEntry *entry = chs_therapy_library_find (self->library, id);
  g_autofree Keys       *keys = g_new0 (Keys, 1);

  if (entry == NULL)
    return;
  chs_therapy_entry_setup (entry, chs_session_weight_kg (chs_session_step_get_session (self), &entry->therapy), add_key, keys);
  chs_scene_setup_all (chs_view_get_scene (self), keys->keys, keys->n);
}

static void
on_entry (GtkButton *key, gpointer user_data)
{
  choose (CHS_SESSION_THERAPY (user_data), gtk_widget_get_name (GTK_WIDGET (key)));
}

static void
take_rate (const char *value, gpointer self)
{
  chs_scene_setup (chs_view_get_scene (self), "therapy.ordered_rate_ml_h", value);
}

static void
on_rate (ChsSessionTherapy *self)
{
  chs_entry_pad_ask_number (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Ordered rate"), _("mL/h"), 1, MAX_RATE_ML_H,
                            take_rate, self);
}

static void
take_lot (const char *value, gpointer self)
{
  ChsNurse nurse = { .action = CHS_NURSE_NOTE, .at_us = CHS_TIME_NONE, .value = (double) NAN, .what = "lot" };

  g_snprintf (nurse.text, sizeof nurse.text, "lot %s", value);
  if (*value && chs_scene_nurse_full (chs_view_get_scene (self), &nurse))
    chs_key_set_hint (CHS_KEY (CHS_SESSION_THERAPY (self)->lot), value);
}

static void
on_lot (ChsSessionTherapy *self)
{
  chs_entry_pad_ask_text (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Lot number"), "", 40, take_lot, self);
}

/* ---- showing ---- */

static void
add_fact (ChsSessionTherapy *self, const char *name, char *value)
{
  GtkWidget *left = gtk_label_new (name), *right = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (left), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (left), TRUE);
  gtk_label_set_xalign (GTK_LABEL (right), 1.0f);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (left, "heading");
  gtk_grid_attach (GTK_GRID (self->facts), left, 0, self->n_facts, 1, 1);
  gtk_grid_attach (GTK_GRID (self->facts), right, 1, self->n_facts++, 1, 1);
  g_free (value);
}

static void
add_line (ChsSessionTherapy *self, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (GTK_GRID (self->facts), label, 0, self->n_facts++, 2, 1);
}

/* "magnesium_chloride" -> "Magnesium chloride", translated as a whole. */
static char *
dup_substance (const char *id)
{
  g_autofree char *plain = g_strdelimit (g_strdup (id), "_", ' ');
  const char      *words = _(plain);
  gunichar         first = g_unichar_toupper (g_utf8_get_char (words));
  char             letter[7] = "";

  g_unichar_to_utf8 (first, letter);

  return g_strconcat (letter, g_utf8_next_char (words), NULL);
}

static void
add_ingredients (ChsSessionTherapy *self, const ChsTherapyEntry *entry)
{
  for (guint i = 0; i < entry->n_ingredients; i++) {
    const ChsIngredient *part = &entry->ingredients[i];
    g_autofree char     *name = dup_substance (part->substance);
    const char          *unit = _(chs_unit_info (part->unit)->label);

    if (!part->known) {
      /* Translators: an ingredient of which the program knows nothing, so it cannot watch its dose */
      add_fact (self, name, g_strdup_printf (_("%g %s, no dose check"), part->amount, unit));
      continue;
    }
    add_fact (self, name, g_strdup_printf (part->per_kg ? _("%g %s/kg") : "%g %s", part->amount, unit));
  }
}

static void
add_limits (ChsSessionTherapy *self, const ChsTherapy *t)
{
  if (t->mg_mmol_per_ml > 0.0)
    /* Translators: soft and hard limit of a rate */
    add_fact (self, _("Magnesium, soft and hard"),
              g_strdup_printf (_("%.3g and %.3g mmol/min"), t->mg_soft_mmol_min, t->mg_hard_mmol_min));
  if (t->ketamine_mg_per_ml > 0.0)
    add_fact (self, _("Ketamine, soft and hard"),
              g_strdup_printf (_("%.3g and %.3g mg/kg/h"), t->ketamine_soft_mg_kg_h, t->ketamine_hard_mg_kg_h));
  if (t->lidocaine_mg_per_ml > 0.0)
    add_fact (self, _("Lidocaine, soft and hard"),
              g_strdup_printf (_("%.3g and %.3g mg/kg/h"), t->lidocaine_soft_mg_kg_h, t->lidocaine_hard_mg_kg_h));
}

static void
show_entry (ChsSessionTherapy *self, const ChsTherapyEntry *entry)
{
  const ChsTherapy *t = &entry->therapy;
  ChsScene         *scene = chs_view_get_scene (self);
  double            osm = chs_session_step_get_session (self)->therapy.osm_mosm_l; /* with the weight of this patient */
  g_autofree char  *osmolarity = NULL;
  GtkWidget        *child;

  while ((child = gtk_widget_get_first_child (self->facts)))
    gtk_grid_remove (GTK_GRID (self->facts), child);
  self->n_facts = 0;

  add_line (self, _(t->name), "page-title");
  if (entry->reviewed_by[0] == '\0')
    add_line (self, _("Not yet reviewed by physician and pharmacist"), "unreviewed");
  add_ingredients (self, entry);
  add_fact (self, _("Bag"), g_strdup_printf (_("%g mL, %s"), t->bag_volume_ml, _(entry->diluent)));
  add_fact (self, _("Takes about"), g_strdup_printf (_("%g min"), t->planned_min));
  add_fact (self, _("Observation after"), g_strdup_printf (_("%g min"), t->observe_min));
  add_limits (self, &chs_session_step_get_session (self)->therapy);
  if (entry->needs_weight && isnan (chs_session_step_get_session (self)->weight_kg))
    add_line (self, _("Dosed by weight: enter the weight, then choose this entry again."), "unreviewed");
  osmolarity = chs_words_osmolarity (chs_chair_model_get_profile (chs_scene_get_model (scene)), osm, chs_scene_get_theme (scene));
  if (osmolarity)
    add_line (self, osmolarity, "unreviewed");
  if (entry->note[0])
    add_line (self, _(entry->note), "heading");
}

static void
show_chosen (ChsSessionTherapy *self, const char *id)
{
  for (GtkWidget *key = gtk_widget_get_first_child (self->list); key; key = gtk_widget_get_next_sibling (key))
    if (g_str_equal (gtk_widget_get_name (key), id))
      gtk_widget_add_css_class (key, "active");
    else
      gtk_widget_remove_css_class (key, "active");
}

/* Those that the clinic uses, and the one that is in use, whatever the clinic says now. */
static void
show_offered (ChsSessionTherapy *self, const char *chosen)
{
  char *const *offered = chs_scene_get_machine (chs_view_get_scene (self))->therapies;

  for (GtkWidget *key = gtk_widget_get_first_child (self->list); key; key = gtk_widget_get_next_sibling (key)) {
    const char *id = gtk_widget_get_name (key);

    if (GTK_IS_BUTTON (key))
      gtk_widget_set_visible (key, offered == NULL || g_str_equal (id, chosen) || g_strv_contains ((const char *const *) offered, id));
  }
}

static void
chs_session_therapy_refresh (ChsView *view)
{
  ChsSessionTherapy     *self = CHS_SESSION_THERAPY (view);
  const ChsSession      *session = chs_session_step_get_session (self);
  const ChsTherapyEntry *entry = self->library ? chs_therapy_library_find (self->library, session->therapy.id) : NULL;
  g_autofree char       *rate = isnan (session->therapy.ordered_rate_ml_h)
                                  ? g_strdup (_("not entered"))
                                  : g_strdup_printf (_("%.4g mL/h"), session->therapy.ordered_rate_ml_h);

  chs_key_set_hint (CHS_KEY (self->rate), rate);
  gtk_widget_set_visible (self->lot, entry && entry->needs_lot);
  show_offered (self, session->therapy.id);
  show_chosen (self, session->therapy.id);
  if (entry == NULL || (g_str_equal (self->shown, session->therapy.id) &&
                        fabs (self->shown_weight_kg - session->weight_kg) < 0.1))
    return;

  g_strlcpy (self->shown, session->therapy.id, sizeof self->shown);
  self->shown_weight_kg = session->weight_kg;
  show_entry (self, entry);
}

static char *
chs_session_therapy_summary (ChsSessionStep *step)
{
  const ChsSession *session = chs_session_step_get_session (step);

  return g_strdup (session->therapy.name[0] ? _(session->therapy.name) : _("nothing chosen"));
}

/* ---- life ---- */

static void
fill_list (ChsSessionTherapy *self)
{
  const ChsTherapyEntry *entry;

  for (guint i = 0; (entry = chs_therapy_library_get (self->library, i)); i++) {
    GtkWidget *key = chs_key_new (_(entry->therapy.name), NULL);

    gtk_widget_set_name (key, entry->therapy.id);
    g_signal_connect (key, "clicked", G_CALLBACK (on_entry), self);
    gtk_box_append (GTK_BOX (self->list), key);
  }
}

static void
chs_session_therapy_finalize (GObject *object)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (object);

  g_clear_pointer (&self->library, chs_therapy_library_free);
  G_OBJECT_CLASS (chs_session_therapy_parent_class)->finalize (object);
}

static void
chs_session_therapy_class_init (ChsSessionTherapyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_session_therapy_finalize;
  CHS_VIEW_CLASS (klass)->refresh = chs_session_therapy_refresh;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_therapy_summary;
}

static void
chs_session_therapy_init (ChsSessionTherapy *self)
{
  GtkWidget         *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (GError) error = NULL;

  self->shown_weight_kg = (double) NAN;
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->list, "column");
  gtk_widget_set_hexpand (self->list, TRUE);
  gtk_widget_set_parent (chs_session_step_scrolled (self->list), GTK_WIDGET (self));

  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  gtk_widget_add_css_class (right, "column");
  gtk_widget_set_hexpand (self->facts, TRUE);
  gtk_box_append (GTK_BOX (right), chs_session_step_scrolled (self->facts));
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  self->rate = chs_session_step_add_field (self, row, _("Ordered rate"), G_CALLBACK (on_rate));
  self->lot = chs_session_step_add_field (self, row, _("Lot number"), G_CALLBACK (on_lot));
  gtk_box_append (GTK_BOX (right), row);
  gtk_widget_set_parent (right, GTK_WIDGET (self));

  self->library = chs_therapy_library_load_default (&error);
  if (self->library)
    fill_list (self);
  else
    chs_session_step_add_heading (self->list, error->message);
}
