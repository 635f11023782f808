/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-patient.h"

#include "ui/key.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Risks stand in as many columns as their longest words leave. */
#define FIELDS_MM 67.0 /* what is beside them, with gaps and margins */
#define GAP_MM 3.0
#define LEAST_COLUMNS 2
#define MOST_COLUMNS 5

/* Risks that a nurse asks for; ids of shared/clinical.md section 10. */
static const struct {
  ChsRisk     bit;
  const char *id, *label;
} risks[] = {
  { CHS_RISK_HEART_FAILURE, "heart_failure", N_("Heart failure") },
  { CHS_RISK_RENAL, "renal", N_("Kidney disease") },
  { CHS_RISK_BETA_BLOCKER, "beta_blocker", N_("Beta-blocker") },
  { CHS_RISK_DIGOXIN, "digoxin", N_("Digoxin") },
  { CHS_RISK_HYPERTENSION, "hypertension", N_("Hypertension") },
  { CHS_RISK_COPD, "copd", N_("COPD") },
  { CHS_RISK_ASTHMA, "asthma", N_("Asthma") },
  { CHS_RISK_OSA, "osa", N_("Sleep apnoea") },
  { CHS_RISK_ALLERGY, "allergy", N_("Allergies") },
  { CHS_RISK_HEPATIC, "hepatic", N_("Liver disease") },
  { CHS_RISK_AF, "af", N_("Atrial fibrillation") },
  { CHS_RISK_PACEMAKER, "pacemaker", N_("Pacemaker") },
  { CHS_RISK_DIABETES, "diabetes", N_("Diabetes") },
  { CHS_RISK_G6PD, "g6pd", N_("G6PD deficiency") },
  { CHS_RISK_PREGNANCY, "pregnancy", N_("Pregnancy") },
  { CHS_RISK_SEIZURE, "seizure", N_("Seizures") },
  { CHS_RISK_GLAUCOMA_ICP, "glaucoma_icp", N_("Glaucoma, brain pressure") },
  { CHS_RISK_PSYCHOSIS, "psychosis", N_("Psychosis") },
  { CHS_RISK_ANTICOAGULANT, "anticoagulant", N_("Anticoagulant") },
  { CHS_RISK_SENSITIVE, "sensitive", N_("Sensitive patient") },
};

struct _ChsSessionPatient {
  ChsSessionStep parent_instance;

  GtkWidget *id, *weight, *age, *height;
  GtkWidget *sexes[3];
  GtkWidget *none, *not_asked;
  GtkWidget *flags[G_N_ELEMENTS (risks)];
  GtkWidget *grid; /* of these */
  int        n_columns;
  double     first_weight; /* the first of the two entries that must agree; NAN = none */
  char       warned[96];   /* number of which was said that it is another patient's */
};

G_DEFINE_FINAL_TYPE (ChsSessionPatient, chs_session_patient, CHS_TYPE_SESSION_STEP)

static const char sex_ids[] = { 'F', 'M', 'X' };

/* Hazard H09: typing errors are gross. The second entry of the weight must agree within this. */
#define SAME_WEIGHT_KG 2.0

/* What is accepted at all: hazard H09 (35 to 250 kg), clinical.md section 7 (not under 18). */
#define MIN_WEIGHT_KG 35.0
#define MAX_WEIGHT_KG 250.0
#define MIN_AGE 18.0
#define MAX_AGE 110.0
#define MIN_HEIGHT_CM 120.0
#define MAX_HEIGHT_CM 220.0

/* ---- entering ---- */

static void
set_key (gpointer self, const char *key, const char *value)
{
  chs_scene_setup (chs_view_get_scene (self), key, value);
}

static void
take_id (const char *value, gpointer self)
{
  set_key (self, "patient.id", value);
}

/* To the engine another number is another patient: it forgets everything of the one before. That is never a slip. */
static char *
check_id (const char *value, gpointer user_data)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (user_data);
  const ChsSession  *session = chs_session_step_get_session (self);

  if (*value == '\0')
    return g_strdup (_("Nothing was typed. Cancel leaves it as it is."));
  if (session->patient_id[0] == '\0' || g_str_equal (value, session->patient_id) || session->phase < CHS_PHASE_BASELINE ||
      g_str_equal (value, self->warned))
    return NULL;
  g_strlcpy (self->warned, value, sizeof self->warned);

  return g_strdup (_("Another number is another patient: values, baseline and doses begin anew. OK once more if that is meant."));
}

static void
take_age (const char *value, gpointer self)
{
  set_key (self, "patient.age", value);
}

static void
take_height (const char *value, gpointer self)
{
  set_key (self, "patient.height_cm", value);
}

static void ask_weight (ChsSessionPatient *self, const char *title);

/* Asked twice in a row, so that a slip of one digit is noticed. */
static void
take_weight (const char *value, gpointer user_data)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (user_data);
  double             weight_kg = g_ascii_strtod (value, NULL), first_kg = self->first_weight;
  g_autofree char   *differ = NULL;

  self->first_weight = isnan (first_kg) && *value ? weight_kg : (double) NAN;
  if (*value == '\0' || fabs (first_kg - weight_kg) <= SAME_WEIGHT_KG) {
    set_key (self, "patient.weight_kg", value);
    return;
  }
  if (isnan (first_kg)) {
    ask_weight (self, _("Weight once more"));
    return;
  }
  /* Translators: the weight was entered twice, and these two do not agree */
  differ = g_strdup_printf (_("%.4g and %.4g kg do not agree. Weight, from the beginning"), first_kg, weight_kg);
  ask_weight (self, differ);
}

/* A number that is there can be taken back; one that is not is left by Cancel. */
static void
ask_number (ChsSessionPatient *self, const char *title, const char *unit, double low, double high, double present, ChsEntryFunc take)
{
  ChsEntryPad *pad = chs_session_step_ask (CHS_SESSION_STEP (self));

  chs_entry_pad_ask_number (pad, title, unit, low, high, take, self);
  if (!isnan (present))
    /* Translators: key: a number that was entered is taken back, nobody knows it */
    chs_entry_pad_offer_none (pad, _("Not known"));
}

static void
ask_weight (ChsSessionPatient *self, const char *title)
{
  ask_number (self, title, _("kg"), MIN_WEIGHT_KG, MAX_WEIGHT_KG,
              isnan (self->first_weight) ? chs_session_step_get_session (self)->weight_kg : (double) NAN, take_weight);
}

static void
on_id (ChsSessionPatient *self)
{
  ChsEntryPad *pad = chs_session_step_ask (CHS_SESSION_STEP (self));

  self->warned[0] = '\0';
  chs_entry_pad_ask_text (pad, _("Short number of the patient"), chs_session_step_get_session (self)->patient_id, 20, take_id,
                          self);
  chs_entry_pad_set_check (pad, check_id);
}

static void
on_weight (ChsSessionPatient *self)
{
  self->first_weight = (double) NAN; /* an entry that was left halfway is forgotten */
  ask_weight (self, _("Weight"));
}

static void
on_age (ChsSessionPatient *self)
{
  ask_number (self, _("Age"), _("years"), MIN_AGE, MAX_AGE, chs_session_step_get_session (self)->age, take_age);
}

static void
on_height (ChsSessionPatient *self)
{
  ask_number (self, _("Height"), _("cm"), MIN_HEIGHT_CM, MAX_HEIGHT_CM, chs_session_step_get_session (self)->height_cm,
              take_height);
}

static void
on_sex (GtkButton *key, gpointer user_data)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (user_data);

  for (guint i = 0; i < G_N_ELEMENTS (sex_ids); i++)
    if (GTK_WIDGET (key) == self->sexes[i])
      set_key (self, "patient.sex", (char[]){ sex_ids[i], '\0' });
}

static void
on_flag (GtkButton *key, gpointer user_data)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (user_data);
  guint32            bits = chs_session_step_get_session (self)->risks & ~(guint32) CHS_RISK_UNKNOWN;
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (risks); i++) {
    if (GTK_WIDGET (key) == self->flags[i])
      bits ^= risks[i].bit;
    if (bits & risks[i].bit)
      g_string_append_printf (ids, "%s%s", ids->len ? "," : "", risks[i].id);
  }
  set_key (self, "patient.flags", ids->len ? ids->str : "none");
}

static void
on_none (ChsSessionPatient *self)
{
  set_key (self, "patient.flags", "none");
}

static void
on_not_asked (ChsSessionPatient *self)
{
  set_key (self, "patient.flags", "unknown");
}

/* ---- showing ---- */

static void
show_number (GtkWidget *key, double value, const char *unit)
{
  g_autofree char *text = isnan (value) ? NULL : g_strdup_printf ("%.4g %s", value, unit);

  chs_key_set_hint (CHS_KEY (key), text ? text : _("not entered"));
}

static void
set_active (GtkWidget *key, gboolean is_active)
{
  chs_key_set_active (key, is_active);
}

static void
place_flags (ChsSessionPatient *self, int n_columns)
{
  if (n_columns == self->n_columns)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (risks); i++)
    if (gtk_widget_get_parent (self->flags[i]))
      gtk_grid_remove (GTK_GRID (self->grid), self->flags[i]);
  for (int i = 0; i < (int) G_N_ELEMENTS (risks); i++)
    gtk_grid_attach (GTK_GRID (self->grid), self->flags[i], i % n_columns, i / n_columns, 1, 1);
  self->n_columns = n_columns;
}

/* Languages differ by a third in the length of these words. */
static int
count_columns (ChsSessionPatient *self)
{
  ChsScene    *scene = chs_view_get_scene (self);
  const double px_mm = chs_scene_get_theme (scene)->px_mm;
  double       room = chs_scene_get_panel (scene)->width_px - FIELDS_MM * px_mm;
  int          widest = 1;

  for (guint i = 0; i < G_N_ELEMENTS (risks); i++) {
    int least;

    gtk_widget_measure (self->flags[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
    widest = MAX (widest, least);
  }

  return CLAMP ((int) ((room + GAP_MM * px_mm) / (widest + GAP_MM * px_mm)), LEAST_COLUMNS, MOST_COLUMNS);
}

static void
chs_session_patient_refresh (ChsView *view)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (view);
  const ChsSession  *session = chs_session_step_get_session (self);

  chs_key_set_hint (CHS_KEY (self->id), session->patient_id[0] ? session->patient_id : _("not entered"));
  show_number (self->weight, session->weight_kg, _("kg"));
  show_number (self->age, session->age, _("years"));
  show_number (self->height, session->height_cm, _("cm"));
  for (guint i = 0; i < G_N_ELEMENTS (sex_ids); i++)
    set_active (self->sexes[i], session->sex == sex_ids[i]);
  for (guint i = 0; i < G_N_ELEMENTS (risks); i++)
    set_active (self->flags[i], (session->risks & (guint32) risks[i].bit) != 0);
  place_flags (self, count_columns (self));
  set_active (self->none, session->risks == 0);
  set_active (self->not_asked, (session->risks & (guint32) CHS_RISK_UNKNOWN) != 0);
}

static char *
chs_session_patient_summary (ChsSessionStep *step)
{
  const ChsSession *session = chs_session_step_get_session (step);

  if (session->patient_id[0] == '\0')
    return g_strdup (_("number missing"));
  if (isnan (session->weight_kg))
    return g_strdup (_("weight missing"));
  if (session->risks & (guint32) CHS_RISK_UNKNOWN)
    return g_strdup (_("risks not asked"));

  return g_strdup_printf (_("%s, %.4g kg"), session->patient_id, session->weight_kg);
}

/* ---- life ---- */

static GtkWidget *
add_row (GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  gtk_box_append (GTK_BOX (box), row);

  return row;
}

static void
add_sexes (ChsSessionPatient *self, GtkWidget *box)
{
  static const char *const labels[] = { N_("Female"), N_("Male"), N_("Other") };
  GtkWidget               *row = add_row (box);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    self->sexes[i] = chs_key_new (_(labels[i]), NULL);
    gtk_widget_add_css_class (self->sexes[i], "risk");
    g_signal_connect (self->sexes[i], "clicked", G_CALLBACK (on_sex), self);
    gtk_box_append (GTK_BOX (row), self->sexes[i]);
  }
}

static void
add_flags (ChsSessionPatient *self, GtkWidget *box)
{
  GtkWidget *row = add_row (box);

  chs_session_step_add_heading (row, _("Risks: ask, do not guess"));
  self->none = chs_session_step_add_field (self, row, _("Asked: none of these"), G_CALLBACK (on_none));
  self->not_asked = chs_session_step_add_field (self, row, _("Not asked"), G_CALLBACK (on_not_asked));

  self->grid = chs_session_step_add_grid (box);
  for (guint i = 0; i < G_N_ELEMENTS (risks); i++) {
    self->flags[i] = chs_key_new (_(risks[i].label), NULL);
    gtk_widget_set_hexpand (self->flags[i], TRUE);
    gtk_widget_add_css_class (self->flags[i], "risk");
    g_signal_connect (self->flags[i], "clicked", G_CALLBACK (on_flag), self);
    g_object_ref_sink (self->flags[i]); /* they change places */
  }
}

static void
chs_session_patient_dispose (GObject *object)
{
  ChsSessionPatient *self = CHS_SESSION_PATIENT (object);

  for (guint i = 0; i < G_N_ELEMENTS (risks); i++)
    g_clear_object (&self->flags[i]);
  G_OBJECT_CLASS (chs_session_patient_parent_class)->dispose (object);
}

static void
chs_session_patient_class_init (ChsSessionPatientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_session_patient_dispose;
  CHS_VIEW_CLASS (klass)->refresh = chs_session_patient_refresh;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_patient_summary;
}

static void
chs_session_patient_init (ChsSessionPatient *self)
{
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row;

  self->first_weight = (double) NAN;
  gtk_widget_add_css_class (left, "column");
  gtk_widget_add_css_class (left, "patient-fields");
  gtk_widget_add_css_class (right, "column");
  gtk_widget_set_hexpand (right, TRUE);
  row = add_row (left);
  self->id = chs_session_step_add_field (self, row, _("Number"), G_CALLBACK (on_id));
  self->weight = chs_session_step_add_field (self, row, _("Weight"), G_CALLBACK (on_weight));
  row = add_row (left);
  self->age = chs_session_step_add_field (self, row, _("Age"), G_CALLBACK (on_age));
  self->height = chs_session_step_add_field (self, row, _("Height"), G_CALLBACK (on_height));
  add_sexes (self, left);
  add_flags (self, right);
  gtk_widget_set_parent (chs_scroller_new (left), GTK_WIDGET (self));
  gtk_widget_set_parent (right, GTK_WIDGET (self));
}
