/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/calls-page.h"

#include "ui/entry-pad.h"
#include "ui/key.h"
#include "ui/say.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_ROWS 200 /* more calls than two weeks have */
#define MAX_SCORE 10
#define NOTE_LETTERS 60

enum { HOW_BETTER, HOW_SAME, HOW_WORSE, N_HOWS };

static const char *const how_ids[N_HOWS] = { "better", "same", "worse" };
static const char *const how_words[N_HOWS] = { N_("Better"), N_("Same"), N_("Worse") };

/* One session that is followed by a call, as the monitor tells it. Texts are never NULL. */
typedef struct {
  char    *patient_id, *session_id, *therapy, *outcome, *how, *note;
  double   end_s;
  double   pain[3], fatigue[3]; /* before, after, at the call; NAN = not told */
  guint    tries;
  gboolean is_due, is_overdue;
} Call;

struct _ChsCallsPage {
  ChsPage parent_instance;

  GtkStack  *stack; /* "rows", "form", "pad" */
  GtkWidget *rows, *pad;
  GtkLabel  *words;
  GPtrArray *calls; /* of Call */

  /* ---- the form of one call ---- */
  GtkLabel  *who, *course, *advice;
  GtkWidget *pain_key, *fatigue_key, *note_key, *how_keys[N_HOWS];
  Call      *call; /* one of @calls; NULL while none is open */
  double     pain, fatigue;
  int        how; /* -1 = not asked */
  char      *note;
};

G_DEFINE_FINAL_TYPE (ChsCallsPage, chs_calls_page, CHS_TYPE_PAGE)

static void ask_calls (ChsCallsPage *self);

/* ---- what the monitor tells ---- */

static void
call_free (gpointer data)
{
  Call *call = data;

  g_free (call->patient_id);
  g_free (call->session_id);
  g_free (call->therapy);
  g_free (call->outcome);
  g_free (call->how);
  g_free (call->note);
  g_free (call);
}

static char *
dup_text (JsonObject *object, const char *name)
{
  const char *text = chs_machine_get_text (object, name);

  return g_strdup (text ? text : "");
}

static void
read_scores (JsonObject *object, const char *name, double *scores)
{
  static const char *const whens[] = { "before", "after", "call" };

  for (guint i = 0; i < G_N_ELEMENTS (whens); i++) {
    g_autofree char *key = g_strdup_printf ("%s_%s", name, whens[i]);

    scores[i] = chs_machine_get_number (object, key);
  }
}

/* Returns: (transfer full) (nullable): NULL when it is of nobody */
static Call *
read_call (JsonObject *object)
{
  double tries = chs_machine_get_number (object, "not_reached");
  Call  *call = g_new0 (Call, 1);

  call->patient_id = dup_text (object, "patient_id");
  call->session_id = dup_text (object, "session_id");
  call->therapy = dup_text (object, "therapy");
  call->outcome = dup_text (object, "call");
  call->how = dup_text (object, "how");
  call->note = dup_text (object, "note");
  call->end_s = chs_machine_get_number (object, "end_s");
  read_scores (object, "pain", call->pain);
  read_scores (object, "fatigue", call->fatigue);
  call->tries = tries > 0.0 && tries < 1000.0 ? (guint) tries : 0;
  call->is_due = chs_machine_get_flag (object, "due");
  call->is_overdue = chs_machine_get_flag (object, "overdue");
  if (call->patient_id[0] != '\0' && call->session_id[0] != '\0')
    return call;
  call_free (call);

  return NULL;
}

/* Returns: whether the answer was one */
static gboolean
read_calls (GVariant *answer, GPtrArray *calls)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  const char            *json = NULL;
  JsonNode              *root, *list;
  JsonArray             *array;

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(&s)", &json);
  if (json == NULL || !json_parser_load_from_data (parser, json, -1, NULL))
    return FALSE;
  root = json_parser_get_root (parser);
  list = root && JSON_NODE_HOLDS_OBJECT (root) ? json_object_get_member (json_node_get_object (root), "calls") : NULL;
  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list))
    return FALSE;
  array = json_node_get_array (list);
  for (guint i = 0; i < MIN (MAX_ROWS, json_array_get_length (array)); i++) {
    JsonNode *node = json_array_get_element (array, i);
    Call     *call = JSON_NODE_HOLDS_OBJECT (node) ? read_call (json_node_get_object (node)) : NULL;

    if (call)
      g_ptr_array_add (calls, call);
  }

  return TRUE;
}

/* ---- in words ---- */

static char *
dup_end (double end_s)
{
  g_autoptr (GDateTime) end = isnan (end_s) ? NULL : g_date_time_new_from_unix_local ((gint64) end_s);

  return end ? g_date_time_format (end, "%Y-%m-%d  %H:%M") : g_strdup ("–");
}

static char *
dup_score (double value)
{
  return isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.4g", value);
}

static char *
dup_steps (const double *scores)
{
  g_autofree char *before = dup_score (scores[0]), *after = dup_score (scores[1]);

  /* Translators: a score before and after; the arrow points the way of reading */
  return g_strdup_printf (C_("score", "%1$s → %2$s"), before, after);
}

static const char *
say_how (const char *id)
{
  for (guint i = 0; i < N_HOWS; i++)
    if (strcmp (how_ids[i], id) == 0)
      return _(how_words[i]);

  return "";
}

/* What was said, in one line. */
static char *
dup_said (const Call *call)
{
  g_autofree char *pain = dup_score (call->pain[2]), *fatigue = dup_score (call->fatigue[2]);
  /* Translators: at the telephone call, 0 to 10 each */
  g_autofree char *scores = g_strdup_printf (_("pain %1$s, fatigue %2$s"), pain, fatigue);
  const char      *how = say_how (call->how);

  return how[0] ? g_strdup_printf ("%s · %s", how, scores) : g_steal_pointer (&scores);
}

/* How it stands with this call: "overdue", "not reached: 2", "better · pain 3, fatigue 5". */
static char *
dup_state (const Call *call)
{
  g_autofree char *tries = NULL;

  if (!call->is_due)
    return strcmp (call->outcome, "declined") == 0 ? g_strdup (_("wants no call")) : dup_said (call);
  if (call->tries > 0)
    /* Translators: tries to reach a patient by telephone */
    tries = g_strdup_printf (ngettext ("tried %u time", "tried %u times", call->tries), call->tries);
  if (!call->is_overdue)
    return tries ? g_steal_pointer (&tries) : g_strdup ("");

  return tries ? g_strdup_printf ("%s · %s", _("overdue"), tries) : g_strdup (_("overdue"));
}

/* ---- the form ---- */

static void
show_list (ChsCallsPage *self)
{
  self->call = NULL;
  gtk_stack_set_visible_child_name (self->stack, "rows");
  chs_page_show_top (CHS_PAGE (self), TRUE);
  chs_page_set_keeps_open (CHS_PAGE (self), FALSE);
}

static void
show_field (GtkWidget *key, double value)
{
  g_autofree char *text = isnan (value) ? g_strdup (_("not entered")) : dup_score (value);

  chs_key_set_hint (CHS_KEY (key), text);
}

static void
show_form (ChsCallsPage *self)
{
  show_field (self->pain_key, self->pain);
  show_field (self->fatigue_key, self->fatigue);
  chs_key_set_hint (CHS_KEY (self->note_key), self->note[0] ? self->note : _("not entered"));
  for (int i = 0; i < N_HOWS; i++)
    chs_key_set_active (self->how_keys[i], i == self->how);
  gtk_label_set_label (self->advice, self->how == HOW_WORSE ? _("Worse: tell the physician today.") : "");
  gtk_stack_set_visible_child_name (self->stack, "form");
  chs_page_show_top (CHS_PAGE (self), FALSE);
  chs_page_set_keeps_open (CHS_PAGE (self), TRUE);
}

/* With what was entered before, which is how it is corrected. */
static void
open_form (ChsCallsPage *self, Call *call)
{
  g_autofree char *end = dup_end (call->end_s), *pain = dup_steps (call->pain), *fatigue = dup_steps (call->fatigue);
  g_autofree char *who = g_strdup_printf ("%s · %s", call->patient_id, end);
  /* Translators: each "7 → 4": before and after the session */
  g_autofree char *scores = g_strdup_printf (_("At the session: pain %1$s, fatigue %2$s"), pain, fatigue);
  g_autofree char *course = g_strdup_printf ("%s · %s", call->therapy[0] ? _(call->therapy) : "–", scores);

  self->call = call;
  self->pain = call->pain[2];
  self->fatigue = call->fatigue[2];
  g_free (self->note);
  self->note = g_strdup (call->note);
  self->how = -1;
  for (int i = 0; i < N_HOWS; i++)
    if (strcmp (how_ids[i], call->how) == 0)
      self->how = i;
  gtk_label_set_label (self->who, who);
  gtk_label_set_label (self->course, course);
  show_form (self);
}

/* ---- asking ---- */

static double
score_of (const char *value)
{
  return value[0] != '\0' ? g_ascii_strtod (value, NULL) : (double) NAN;
}

static void
take_pain (const char *value, gpointer user_data)
{
  CHS_CALLS_PAGE (user_data)->pain = score_of (value);
}

static void
take_fatigue (const char *value, gpointer user_data)
{
  CHS_CALLS_PAGE (user_data)->fatigue = score_of (value);
}

static void
take_note (const char *value, gpointer user_data)
{
  ChsCallsPage *self = CHS_CALLS_PAGE (user_data);

  g_free (self->note);
  self->note = g_strdup (value);
}

/* @question: with the patient's id, so that the answer goes to the right one. Returns: (transfer full) */
static char *
dup_question (ChsCallsPage *self, const char *question)
{
  return g_strdup_printf ("%s · \xE2\x81\xA8%s\xE2\x81\xA9", question, self->call->patient_id);
}

static void
ask_score (ChsCallsPage *self, const char *question, ChsEntryFunc func)
{
  g_autofree char *title = dup_question (self, question);

  gtk_stack_set_visible_child (self->stack, self->pad);
  chs_entry_pad_ask_number (CHS_ENTRY_PAD (self->pad), title, "", 0, MAX_SCORE, func, self);
  /* Translators: key: the patient was not asked this on the telephone */
  chs_entry_pad_offer_none (CHS_ENTRY_PAD (self->pad), _("Not asked"));
}

static void
on_pain (ChsCallsPage *self)
{
  ask_score (self, _("Pain now"), take_pain);
}

static void
on_fatigue (ChsCallsPage *self)
{
  ask_score (self, _("Fatigue now"), take_fatigue);
}

static void
on_note (ChsCallsPage *self)
{
  g_autofree char *title = dup_question (self, _("Note"));

  gtk_stack_set_visible_child (self->stack, self->pad);
  chs_entry_pad_ask_text (CHS_ENTRY_PAD (self->pad), title, self->note, NOTE_LETTERS, take_note, self);
}

static void
on_how (GtkWidget *key, ChsCallsPage *self)
{
  for (int i = 0; i < N_HOWS; i++)
    if (self->how_keys[i] == key)
      self->how = self->how == i ? -1 : i;
  show_form (self);
}

/* ---- saving ---- */

static void
on_saved (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsCallsPage) self = CHS_CALLS_PAGE (user_data);
  g_autofree char         *why = refused ? chs_say_reason (refused) : NULL;
  g_autofree char         *text = refused ? g_strdup_printf (_("The call was not saved: %s"), why) : NULL;

  if (refused && self->call) {
    gtk_label_set_label (self->advice, text);
    return;
  }
  show_list (self);
  ask_calls (self);
  gtk_label_set_label (self->words, text ? text : _("The call is saved."));
}

static void
save (ChsCallsPage *self, const char *outcome, double pain, double fatigue, const char *how)
{
  chs_scene_ask_admin (chs_view_get_scene (self), "AddCall",
                       g_variant_new ("(sssddss)", self->call->patient_id, self->call->session_id, outcome, pain, fatigue, how, self->note),
                       on_saved, g_object_ref (self));
}

static void
on_save (ChsCallsPage *self)
{
  if (isnan (self->pain) && isnan (self->fatigue) && self->how < 0) {
    gtk_label_set_label (self->advice, _("Enter pain, fatigue or how the patient is."));
    return;
  }
  save (self, "reached", self->pain, self->fatigue, self->how >= 0 ? how_ids[self->how] : "");
}

static void
on_not_reached (ChsCallsPage *self)
{
  save (self, "not_reached", (double) NAN, (double) NAN, "");
}

static void
on_declined (ChsCallsPage *self)
{
  save (self, "declined", (double) NAN, (double) NAN, "");
}

/* ---- the list ---- */

static void
on_row (GtkWidget *button, ChsCallsPage *self)
{
  open_form (self, g_object_get_data (G_OBJECT (button), "call"));
}

static void
add_cell (GtkWidget *cells, const char *text, const char *css_class, gboolean is_wide)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), is_wide ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_widget_set_hexpand (label, is_wide);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (cells), label);
}

static void
add_row (ChsCallsPage *self, Call *call)
{
  const char      *therapy = call->therapy[0] ? _(call->therapy) : "–";
  g_autofree char *end = dup_end (call->end_s), *state = dup_state (call);
  g_autofree char *name = g_strjoin (", ", call->patient_id, end, therapy, state, NULL);
  GtkWidget       *button = gtk_button_new (), *cells = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (button, "session-row");
  gtk_widget_add_css_class (cells, "session-cells");
  add_cell (cells, call->patient_id, "call-patient", FALSE);
  add_cell (cells, end, "session-alarms", FALSE);
  add_cell (cells, therapy, "session-therapy", TRUE);
  add_cell (cells, state, call->is_due ? "call-due" : "call-said", FALSE);
  gtk_button_set_child (GTK_BUTTON (button), cells);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "call", call);
  g_signal_connect (button, "clicked", G_CALLBACK (on_row), self);
  gtk_box_append (GTK_BOX (self->rows), button);
}

static void
add_words (ChsCallsPage *self, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->rows), label);
}

/* Returns: how many of them there are */
static guint
add_rows (ChsCallsPage *self, gboolean are_due)
{
  guint n = 0;

  for (guint i = 0; i < self->calls->len; i++) {
    Call *call = self->calls->pdata[i];

    if (call->is_due != are_due)
      continue;
    if (n++ == 0 && !are_due)
      /* Translators: heading over telephone calls that were made; a touch corrects one */
      add_words (self, _("Made; touch to correct"), "heading");
    add_row (self, call);
  }

  return n;
}

static void
on_calls (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsCallsPage) self = CHS_CALLS_PAGE (user_data);
  g_autofree char         *why = chs_say_outcome (refused, _("The monitor does not know of calls."));
  gboolean                 is_known;
  GtkWidget               *child;

  if (self->call) /* one is being entered: the list waits */
    return;
  while ((child = gtk_widget_get_first_child (self->rows)))
    gtk_box_remove (GTK_BOX (self->rows), child);
  g_ptr_array_set_size (self->calls, 0);
  is_known = read_calls (answer, self->calls);
  if (!is_known)
    add_words (self, why, "advice");
  else if (add_rows (self, TRUE) == 0)
    add_words (self, _("No call is due. A call is due from 24 hours after a session."), "advice");
  add_rows (self, FALSE);
}

static void
ask_calls (ChsCallsPage *self)
{
  chs_scene_ask_admin (chs_view_get_scene (self), "Calls", NULL, on_calls, g_object_ref (self));
}

static void
chs_calls_page_opened (ChsPage *page, GVariant *target)
{
  ChsCallsPage *self = CHS_CALLS_PAGE (page);

  show_list (self);
  gtk_label_set_label (self->words, _("Touch a patient to enter what was said on the telephone."));
  ask_calls (self);
}

/* ---- life ---- */

static void
chs_calls_page_finalize (GObject *object)
{
  ChsCallsPage *self = CHS_CALLS_PAGE (object);

  g_ptr_array_unref (self->calls);
  g_free (self->note);
  G_OBJECT_CLASS (chs_calls_page_parent_class)->finalize (object);
}

static void
chs_calls_page_class_init (ChsCallsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_calls_page_finalize;
  CHS_PAGE_CLASS (klass)->opened = chs_calls_page_opened;
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static GtkWidget *
add_key_row (GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  gtk_box_append (GTK_BOX (box), row);

  return row;
}

static GtkWidget *
add_key (ChsCallsPage *self, GtkWidget *row, const char *title, GCallback clicked, const char *css_class)
{
  GtkWidget *key = chs_key_new (title, NULL);

  gtk_widget_add_css_class (key, css_class);
  g_signal_connect_swapped (key, "clicked", clicked, self);
  gtk_box_append (GTK_BOX (row), key);

  return key;
}

static GtkWidget *
make_form (ChsCallsPage *self)
{
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row;

  gtk_widget_add_css_class (form, "column");
  self->who = add_label (form, "page-title");
  self->course = add_label (form, "fact");
  row = add_key_row (form);
  self->pain_key = add_key (self, row, _("Pain now"), G_CALLBACK (on_pain), "field");
  self->fatigue_key = add_key (self, row, _("Fatigue now"), G_CALLBACK (on_fatigue), "field");
  self->note_key = add_key (self, row, _("Note"), G_CALLBACK (on_note), "field");
  /* Translators: asked on the telephone a day after the infusion */
  gtk_label_set_label (add_label (form, "heading"), _("How is the patient, compared with before the session?"));
  row = add_key_row (form);
  for (guint i = 0; i < N_HOWS; i++) {
    self->how_keys[i] = chs_key_new (_(how_words[i]), NULL);
    g_signal_connect (self->how_keys[i], "clicked", G_CALLBACK (on_how), self);
    gtk_box_append (GTK_BOX (row), self->how_keys[i]);
  }
  self->advice = add_label (form, "advice");
  gtk_widget_set_vexpand (GTK_WIDGET (self->advice), TRUE);
  gtk_widget_set_valign (GTK_WIDGET (self->advice), GTK_ALIGN_START);
  row = add_key_row (form);
  add_key (self, row, _("Back to the list"), G_CALLBACK (show_list), "large");
  /* Translators: key: nobody answered the telephone */
  add_key (self, row, _("Not reached"), G_CALLBACK (on_not_reached), "large");
  /* Translators: key: the patient does not want to be called */
  add_key (self, row, _("Wants no call"), G_CALLBACK (on_declined), "large");
  gtk_widget_add_css_class (add_key (self, row, _("Save the call"), G_CALLBACK (on_save), "large"), "primary");

  return form;
}

static GtkWidget *
make_list (ChsCallsPage *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (column, "column");
  self->words = add_label (column, "heading");
  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->rows, "session-rows");
  gtk_box_append (GTK_BOX (column), chs_scroller_new (self->rows));

  return column;
}

static void
chs_calls_page_init (ChsCallsPage *self)
{
  self->calls = g_ptr_array_new_with_free_func (call_free);
  self->note = g_strdup ("");
  chs_page_set_title (CHS_PAGE (self), _("Calls due"));
  self->pad = chs_entry_pad_new ();
  g_signal_connect_swapped (self->pad, "closed", G_CALLBACK (show_form), self);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_stack_add_named (self->stack, make_list (self), "rows");
  gtk_stack_add_named (self->stack, make_form (self), "form");
  gtk_stack_add_named (self->stack, self->pad, "pad");
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), GTK_WIDGET (self->stack));
}
