/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-therapy.h"

#include "app/therapy.h"
#include "ui/key.h"
#include "ui/say.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_RATE_ML_H 999.0
#define MAX_STEP_MIN 1440.0
#define ARMED_US (8 * G_USEC_PER_SEC)
#define MAX_KEYS 48 /* of one entry, as chs_therapy_entry_setup() tells them */

struct _ChsSessionTherapy {
  ChsSessionStep parent_instance;

  ChsTherapyLibrary *library;
  GtkWidget         *list;
  GtkWidget         *facts;
  GtkWidget         *targets; /* "All pumps", and each pump, where there are several */
  GtkWidget         *rate, *steps, *lot;
  int                n_facts;
  char              *shown; /* (nullable): what the facts are of, in one line */
  guint              n_targets;
  gboolean           has_target; /* one pump, not the session */
  guint8             source, channel; /* of that pump */
  char               armed[32]; /* id that was touched once, while another one runs */
  gint64             armed_us;
  GString           *plan; /* (nullable): steps as they are being asked for */
  double             plan_min;
};

G_DEFINE_FINAL_TYPE (ChsSessionTherapy, chs_session_therapy, CHS_TYPE_SESSION_STEP)

/* ---- entering ---- */

typedef struct {
  ChsSetup keys[MAX_KEYS];
  gsize    n;
  char    *prefix;
} Keys;

/* ---- which pump ---- */

/* Returns: (nullable): NULL when the pump is not there any more */
static const ChsDose *
find_dose (ChsSessionTherapy *self)
{
  guint          n;
  const ChsDose *doses = chs_engine_get_doses (chs_scene_get_engine (chs_view_get_scene (self)), &n);

  for (guint i = 0; self->has_target && i < n; i++)
    if (doses[i].source == self->source && doses[i].channel == self->channel)
      return &doses[i];

  return NULL;
}

/* What hangs at the pump that is looked at, or at all that have nothing of their own. */
static const ChsTherapy *
get_therapy (ChsSessionTherapy *self)
{
  const ChsDose *dose = find_dose (self);

  return dose ? dose->therapy : &chs_session_step_get_session (self)->therapy;
}

/* "therapy." or "pump.2.0." (app/session.h). */
static char *
dup_prefix (ChsSessionTherapy *self)
{
  return self->has_target ? g_strdup_printf ("pump.%u.%u.", self->source, self->channel) : g_strdup ("therapy.");
}

static void
set_one (ChsSessionTherapy *self, const char *name, const char *value)
{
  g_autofree char *prefix = dup_prefix (self), *key = g_strconcat (prefix, name, NULL);

  chs_scene_setup (chs_view_get_scene (self), key, value);
}

static void
add_key (const char *key, const char *value, gpointer user_data)
{
  Keys *keys = user_data;

  if (keys->n == MAX_KEYS)
    return;
  g_snprintf (keys->keys[keys->n].key, sizeof keys->keys[0].key, "%s%s", keys->prefix, key);
  chs_text_copy (keys->keys[keys->n++].value, sizeof keys->keys[0].value, value);
}

static void
choose (ChsSessionTherapy *self, const char *id)
{
  const ChsTherapyEntry *entry = chs_therapy_library_find (self->library, id);
  g_autofree Keys       *keys = g_new0 (Keys, 1);
  g_autofree char       *prefix = dup_prefix (self);

  if (entry == NULL)
    return;
  keys->prefix = prefix;
  chs_therapy_entry_setup (entry, chs_session_weight_kg (chs_session_step_get_session (self), &entry->therapy), add_key, keys);
  chs_scene_setup_all (chs_view_get_scene (self), keys->keys, keys->n);
}

static void show_question (ChsSessionTherapy *self, const ChsTherapyEntry *entry);

/* While something is infused, a finger that scrolls the list must not change what the dose watch goes by. */
static gboolean
is_meant (ChsSessionTherapy *self, const char *id)
{
  guint8   phase = chs_session_step_get_session (self)->phase;
  gboolean is_second = g_str_equal (self->armed, id) && g_get_monotonic_time () - self->armed_us < ARMED_US;

  self->armed[0] = '\0';
  if (is_second || phase < CHS_PHASE_INFUSING || phase > CHS_PHASE_OBSERVE || get_therapy (self)->id[0] == '\0' ||
      g_str_equal (get_therapy (self)->id, id))
    return TRUE;
  g_strlcpy (self->armed, id, sizeof self->armed);
  self->armed_us = g_get_monotonic_time ();

  return FALSE;
}

static void
on_entry (GtkButton *key, gpointer user_data)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (user_data);
  const char        *id = gtk_widget_get_name (GTK_WIDGET (key));

  if (is_meant (self, id))
    choose (self, id);
  else
    show_question (self, chs_therapy_library_find (self->library, id));
}

static void
take_rate (const char *value, gpointer self)
{
  set_one (CHS_SESSION_THERAPY (self), "ordered_rate_ml_h", value);
}

static void
on_rate (ChsSessionTherapy *self)
{
  chs_entry_pad_ask_number (chs_session_step_ask (CHS_SESSION_STEP (self)), _("Ordered rate"), _("mL/h"), 1, MAX_RATE_ML_H,
                            take_rate, self);
}

/* ---- planned steps: a rate, from which minute another one, and so on ---- */

static void ask_step_rate (ChsSessionTherapy *self, const char *title);

static void
end_plan (ChsSessionTherapy *self)
{
  /* "0 150; 15 250"; one rate alone is no plan of steps, but the order. */
  const char      *first = self->plan->str + strlen ("0 ");
  g_autofree char *rate = g_strndup (first, strcspn (first, ";"));

  set_one (self, "steps", strchr (first, ';') ? self->plan->str : "");
  set_one (self, "ordered_rate_ml_h", rate);
}

static void
take_step_min (const char *value, gpointer user_data)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (user_data);
  g_autofree char   *title = NULL;

  if (*value == '\0') {
    end_plan (self);
    return;
  }
  self->plan_min = g_ascii_strtod (value, NULL);
  /* Translators: planned rate of the infusion after so many minutes */
  title = g_strdup_printf (_("Rate after %g min"), self->plan_min);
  ask_step_rate (self, title);
}

static guint
count_steps (const char *plan)
{
  guint n = *plan != '\0';

  for (; *plan; plan++)
    n += *plan == ';';

  return n;
}

static void
take_step_rate (const char *value, gpointer user_data)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (user_data);
  ChsEntryPad       *pad;

  if (*value == '\0') { /* "One rate only": no plan */
    set_one (self, "steps", "");
    return;
  }
  if (self->plan->len == 0)
    g_string_append_printf (self->plan, "0 %s", value);
  else
    g_string_append_printf (self->plan, "; %g %s", self->plan_min, value);
  if (count_steps (self->plan->str) == CHS_THERAPY_STEPS) {
    end_plan (self);
    return;
  }
  pad = chs_session_step_ask (CHS_SESSION_STEP (self));
  chs_entry_pad_ask_number (pad, _("After how many minutes another rate?"), _("min"), floor (self->plan_min) + 1, MAX_STEP_MIN,
                            take_step_min, self);
  /* Translators: key: all planned steps of the rate were entered */
  chs_entry_pad_offer_none (pad, _("No further step"));
}

static void
ask_step_rate (ChsSessionTherapy *self, const char *title)
{
  ChsEntryPad *pad = chs_session_step_ask (CHS_SESSION_STEP (self));

  chs_entry_pad_ask_number (pad, title, _("mL/h"), 1, MAX_RATE_ML_H, take_step_rate, self);
  if (self->plan->len == 0 && get_therapy (self)->n_steps > 0)
    /* Translators: key: no steps of the rate are planned */
    chs_entry_pad_offer_none (pad, _("One rate only"));
}

static void
on_steps (ChsSessionTherapy *self)
{
  g_string_truncate (self->plan, 0);
  self->plan_min = 0;
  ask_step_rate (self, _("Rate at the start"));
}

/* ---- lot ---- */

static void
take_lot (const char *value, gpointer self)
{
  ChsNurse nurse = { .action = CHS_NURSE_NOTE, .at_us = CHS_TIME_NONE, .value = (double) NAN, .what = "lot" };

  g_snprintf (nurse.text, sizeof nurse.text, "lot %s", value);
  if (*value)
    chs_scene_nurse_full (chs_view_get_scene (self), &nurse);
}

/* What was entered in this session; a page that kept it would show the lot of the patient before. */
static const char *
find_lot (ChsSessionTherapy *self)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_NURSE && marks[n].action == CHS_NURSE_NOTE && g_str_has_prefix (marks[n].text, "lot ") &&
        !marks[n].undone)
      return marks[n].text + strlen ("lot ");

  return NULL;
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

/* Amber, with a sign: to be thought of before it runs. What is beyond the hard limits is an alarm. */
static void
add_caution (ChsSessionTherapy *self, const char *words)
{
  g_autofree char *text = g_strconcat ("⚠  ", words, NULL);

  add_line (self, text, "caution");
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
clear_facts (ChsSessionTherapy *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->facts)))
    gtk_grid_remove (GTK_GRID (self->facts), child);
  self->n_facts = 0;
}

/* What comes out of what was typed, echoed: amount and bag make the concentration, rate and bag the time. */
static void
add_worked_out (ChsSessionTherapy *self, const ChsTherapy *t, double usual_min)
{
  g_autofree char *plan = chs_say_plan (t);
  double           rate_ml_h = chs_therapy_highest_ml_h (t), minutes = chs_therapy_minutes (t);

  if (t->mg_mmol_per_ml > 0.0)
    add_fact (self, _("Concentration"), g_strdup_printf (_("%.3g mmol/mL"), t->mg_mmol_per_ml));
  if (t->ketamine_mg_per_ml > 0.0 || t->lidocaine_mg_per_ml > 0.0)
    add_fact (self, _("Concentration"),
              g_strdup_printf (_("%.3g mg/mL"), t->ketamine_mg_per_ml > 0.0 ? t->ketamine_mg_per_ml : t->lidocaine_mg_per_ml));
  if (plan)
    add_fact (self, _("Planned"), g_steal_pointer (&plan));
  if (isnan (minutes))
    /* Translators: how long the infusion takes as a rule */
    add_fact (self, _("Takes about"), g_strdup_printf (_("%g min"), usual_min));
  else
    add_fact (self, _("Takes about"), g_strdup_printf (_("%.0f min, usual %g min"), minutes, usual_min));
  if (t->mg_mmol_per_ml > 0.0 && !isnan (rate_ml_h))
    /* Translators: the highest rate of the plan, and the hard limit of it */
    add_fact (self, _("Magnesium at most"),
              g_strdup_printf (_("%.3g of %.3g mmol/min"), rate_ml_h / 60.0 * t->mg_mmol_per_ml, t->mg_hard_mmol_min));
}

static void
show_entry (ChsSessionTherapy *self, const ChsTherapyEntry *entry)
{
  const ChsTherapy *t = &entry->therapy, *chosen = get_therapy (self);
  ChsScene         *scene = chs_view_get_scene (self);
  g_autofree char  *osmolarity = NULL;

  add_line (self, _(t->name), "page-title");
  if (entry->reviewed_by[0] == '\0')
    add_line (self, _("Not yet reviewed by physician and pharmacist"), "unreviewed");
  osmolarity = chs_words_osmolarity (chs_chair_model_get_profile (chs_scene_get_model (scene)), chosen->osm_mosm_l, chs_scene_get_theme (scene));
  if (osmolarity)
    add_caution (self, osmolarity);
  add_worked_out (self, chosen, t->planned_min); /* first what was entered here comes to, then what is always so */
  add_fact (self, _("Bag"), g_strdup_printf (_("%g mL, %s"), t->bag_volume_ml, _(entry->diluent)));
  add_ingredients (self, entry);
  add_fact (self, _("Observation after"), g_strdup_printf (_("%g min"), t->observe_min));
  add_limits (self, chosen);
  if (entry->needs_weight && isnan (chs_session_step_get_session (self)->weight_kg))
    add_line (self, _("Dosed by weight: enter the weight, then choose this entry again."), "unreviewed");
  if (entry->note[0])
    add_line (self, _(entry->note), "heading");
}

/* In place of the facts, until the second touch or the next refresh that finds it too old. */
static void
show_question (ChsSessionTherapy *self, const ChsTherapyEntry *entry)
{
  g_autofree char *text = NULL;

  if (entry == NULL)
    return;
  /* Translators: 1 what the pump holds by the record, 2 what was touched now */
  text = g_strdup_printf (_("The record says %1$s is running. Touch %2$s again if that is in the bag now."),
                          _(get_therapy (self)->name), _(entry->therapy.name));
  clear_facts (self);
  add_line (self, text, "unreviewed");
  g_clear_pointer (&self->shown, g_free);
}

static void
show_chosen (ChsSessionTherapy *self, const char *id)
{
  for (GtkWidget *key = gtk_widget_get_first_child (self->list); key; key = gtk_widget_get_next_sibling (key))
    chs_key_set_active (key, g_str_equal (gtk_widget_get_name (key), id));
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
on_target (GtkWidget *key, gpointer user_data)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (user_data);
  guint              place = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (key), "place")), n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chs_scene_get_model (chs_view_get_scene (self)), &n);

  self->has_target = place > 0 && place <= n;
  if (self->has_target) {
    self->source = pumps[place - 1].source;
    self->channel = pumps[place - 1].channel;
  }
  self->armed[0] = '\0';
  chs_scene_touch (chs_view_get_scene (self));
}

static void
add_target (ChsSessionTherapy *self, guint place, const char *title)
{
  GtkWidget *key = chs_key_new (title, NULL);

  g_object_set_data (G_OBJECT (key), "place", GUINT_TO_POINTER (place));
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect (key, "clicked", G_CALLBACK (on_target), self);
  gtk_box_append (GTK_BOX (self->targets), key);
}

/* With one pump there is nothing to choose: what is in the bag hangs there. */
static void
show_targets (ChsSessionTherapy *self)
{
  ChsScene          *scene = chs_view_get_scene (self);
  guint              n, place = 0;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chs_scene_get_model (scene), &n);
  GtkWidget         *key;

  if (n != self->n_targets) {
    while ((key = gtk_widget_get_first_child (self->targets)))
      gtk_box_remove (GTK_BOX (self->targets), key);
    /* Translators: key: the therapy of every pump that has none of its own */
    add_target (self, 0, _("All pumps"));
    for (guint i = 0; i < n; i++) {
      g_autofree char *name = chs_words_pump (chs_scene_get_model (scene), &pumps[i], chs_scene_get_theme (scene));

      add_target (self, i + 1, name);
    }
    self->n_targets = n;
  }
  gtk_widget_set_visible (self->targets, n > 1);
  for (guint i = 0; self->has_target && i < n; i++)
    if (pumps[i].source == self->source && pumps[i].channel == self->channel)
      place = i + 1;
  self->has_target = place > 0;
  for (key = gtk_widget_get_first_child (self->targets); key; key = gtk_widget_get_next_sibling (key))
    if (GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (key), "place")) == place)
      gtk_widget_add_css_class (key, "active");
    else
      gtk_widget_remove_css_class (key, "active");
}

static void
show_keys (ChsSessionTherapy *self, const ChsTherapy *t, const ChsTherapyEntry *entry)
{
  g_autofree char *rate = isnan (t->ordered_rate_ml_h) ? NULL : g_strdup_printf (_("%.4g mL/h"), t->ordered_rate_ml_h);
  g_autofree char *plan = chs_say_plan (t);
  const char      *lot = find_lot (self);

  chs_key_set_hint (CHS_KEY (self->rate), rate ? rate : _("not entered"));
  chs_key_set_hint (CHS_KEY (self->steps), plan ? plan : _("one rate"));
  chs_key_set_hint (CHS_KEY (self->lot), lot ? lot : _("not entered"));
  gtk_widget_set_visible (self->lot, entry && entry->needs_lot);
}

/* Everything that the facts are made of, in one line: they are made anew when it changes. */
static char *
dup_state (ChsSessionTherapy *self, const ChsTherapy *t)
{
  g_autofree char *plan = chs_say_plan (t);

  return g_strdup_printf ("%s %g %g %s %u.%u", t->id, chs_session_step_get_session (self)->weight_kg, t->ordered_rate_ml_h,
                          plan ? plan : "", self->has_target ? self->source : 0, self->channel);
}

static void
chs_session_therapy_refresh (ChsView *view)
{
  ChsSessionTherapy     *self = CHS_SESSION_THERAPY (view);
  const ChsTherapy      *t;
  const ChsTherapyEntry *entry;
  g_autofree char       *state = NULL;

  show_targets (self);
  t = get_therapy (self);
  entry = self->library ? chs_therapy_library_find (self->library, t->id) : NULL;
  state = dup_state (self, t);
  show_keys (self, t, entry);
  show_offered (self, t->id);
  show_chosen (self, t->id);
  if (g_strcmp0 (state, self->shown) == 0 || (self->armed[0] && g_get_monotonic_time () - self->armed_us < ARMED_US))
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&state);
  clear_facts (self);
  if (entry)
    show_entry (self, entry);
}

static void
chs_session_therapy_renewed (ChsView *view)
{
  ChsSessionTherapy *self = CHS_SESSION_THERAPY (view);

  self->has_target = FALSE;
  self->armed[0] = '\0';
  chs_session_therapy_refresh (view);
}

static char *
chs_session_therapy_summary (ChsSessionStep *step)
{
  const ChsTherapy *t = get_therapy (CHS_SESSION_THERAPY (step));

  return g_strdup (t->name[0] ? _(t->name) : _("nothing chosen"));
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
  g_free (self->shown);
  g_string_free (self->plan, TRUE);
  G_OBJECT_CLASS (chs_session_therapy_parent_class)->finalize (object);
}

static void
chs_session_therapy_class_init (ChsSessionTherapyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_session_therapy_finalize;
  CHS_VIEW_CLASS (klass)->refresh = chs_session_therapy_refresh;
  CHS_VIEW_CLASS (klass)->renewed = chs_session_therapy_renewed;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_therapy_summary;
}

static void
chs_session_therapy_init (ChsSessionTherapy *self)
{
  GtkWidget         *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autoptr (GError) error = NULL;

  self->plan = g_string_new (NULL);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->list, "column");
  gtk_widget_set_hexpand (self->list, TRUE);
  gtk_widget_set_parent (chs_scroller_new (self->list), GTK_WIDGET (self));

  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  gtk_widget_add_css_class (right, "column");
  gtk_widget_set_hexpand (self->facts, TRUE);
  self->targets = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->targets, "key-row");
  gtk_widget_set_visible (self->targets, FALSE);
  gtk_box_append (GTK_BOX (right), self->targets);
  gtk_box_append (GTK_BOX (right), chs_scroller_new (self->facts));
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  self->rate = chs_session_step_add_field (self, row, _("Ordered rate"), G_CALLBACK (on_rate));
  /* Translators: key: the rates of the infusion as they are planned, step by step */
  self->steps = chs_session_step_add_field (self, row, _("Planned steps"), G_CALLBACK (on_steps));
  self->lot = chs_session_step_add_field (self, row, _("Lot number"), G_CALLBACK (on_lot));
  gtk_box_append (GTK_BOX (right), row);
  gtk_widget_set_parent (right, GTK_WIDGET (self));

  self->library = chs_therapy_library_load_default (&error);
  if (self->library)
    fill_list (self);
  else
    chs_session_step_add_heading (self->list, error->message);
}
