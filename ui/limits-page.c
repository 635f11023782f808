/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/limits-page.h"

#include "ui/entry-pad.h"
#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/language.h"
#include "ui/limit-view.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_LIMITS 24
#define MAX_ROWS 16
#define MAX_ENDED 8
#define MAX_CHANGES 20

/* The second touch of a change that ends an alarm must come within this. */
#define ARMED_US (8 * G_USEC_PER_SEC)

/* Columns of the grid, in the order of a left-to-right language; the picture between the limits never turns round. */
enum { COLUMN_NAME, COLUMN_LOW, COLUMN_BAR, COLUMN_HIGH, COLUMN_NAME_RTL };

/* One limit and its keys. */
typedef struct {
  const ChsLimitInfo *info;
  GtkWidget          *less, *value, *more;
} Limit;

struct _ChsLimitsPage {
  ChsPage parent_instance;

  GtkWidget *stack; /* rows, or the pad */
  GtkWidget *pad;
  GtkWidget *grid;
  GtkLabel  *warning;
  GtkWidget *changes;
  Limit      limits[MAX_LIMITS];
  guint      n;
  GtkWidget *bars[MAX_ROWS];
  guint      n_bars;

  const ChsLimitInfo *asked;     /* whose number is being typed */
  ChsSetup            armed;     /* change that takes a second touch */
  gint64              armed_us;  /* monotonic time of the first */
  guint               n_changes; /* entries that the list was made from */
};

G_DEFINE_FINAL_TYPE (ChsLimitsPage, chs_limits_page, CHS_TYPE_PAGE)

/* A step of the keys, in the unit of the parameter. Own choice: what a nurse says ("five more"). */
static double
step_of (ChsParam param)
{
  switch ((int) param) {
  case CHS_PARAM_SPO2:
  case CHS_PARAM_RR:
    return 1.0;
  case CHS_PARAM_TEMP:
    return 0.1;
  default:
    return 5.0;
  }
}

/* ---- setting ---- */

static void
warn (ChsLimitsPage *self, const char *text)
{
  gtk_label_set_label (self->warning, text);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), *text != '\0');
}

/* The alarms that a change would end, in words; NULL = none. Returns: (transfer full) (nullable) */
static char *
dup_ended (ChsLimitsPage *self, const ChsSetup *change)
{
  ChsScene            *scene = chs_view_get_scene (self);
  ChsLabel             labels[MAX_ENDED];
  guint                n = chs_engine_ask_limit (chs_scene_get_engine (scene), change->key, change->value, labels, MAX_ENDED);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (ids, "%s%s", i ? "," : "", chs_label_id (labels[i]));

  return n ? chs_words_labels (chs_scene_get_model (scene), ids->str, chs_scene_get_theme (scene)) : NULL;
}

static gboolean
is_armed (ChsLimitsPage *self, const ChsSetup *change)
{
  return strcmp (self->armed.key, change->key) == 0 && strcmp (self->armed.value, change->value) == 0 &&
         g_get_monotonic_time () - self->armed_us < ARMED_US;
}

/* A value that is beyond the new limit already: true, and better known before the alarm sounds. */
static void
warn_of_alarm (ChsLimitsPage *self, const ChsLimitInfo *info, double number)
{
  ChsScene        *scene = chs_view_get_scene (self);
  ChsTileValue     now = chs_chair_model_get_value (chs_scene_get_model (scene), (ChsParam) info->param,
                                                    chs_scene_get_now_us (scene));
  const ChsAlarm   as_alarm = { .param = info->param };
  g_autofree char *value = chs_say_alarm_value (&as_alarm, now.value), *text = NULL;

  if (isnan (number) || isnan (now.value) || now.freshness >= CHS_FRESH_GONE ||
      !(info->is_high ? now.value > number : now.value < number)) {
    warn (self, "");
    return;
  }
  /* Translators: a limit was set, and the value (with its unit) is beyond it already */
  text = g_strdup_printf (_("The value is %s now: this limit alarms at once."), value);
  warn (self, text);
}

/* @value: C locale; "" = as the profile says. Judged before: only what the monitor would take comes here. */
static void
set_limit (ChsLimitsPage *self, const ChsLimitInfo *info, const char *value)
{
  ChsSetup         change;
  g_autofree char *ended = NULL, *text = NULL;

  chs_text_copy (change.key, sizeof change.key, info->key);
  chs_text_copy (change.value, sizeof change.value, value);
  ended = dup_ended (self, &change);
  if (ended && !is_armed (self, &change)) {
    self->armed = change;
    self->armed_us = g_get_monotonic_time ();
    /* Translators: titles of alarms; the change is made by a second touch */
    text = g_strdup_printf (_("This ends an alarm that stands: %s. Enter it again to do so."), ended);
    warn (self, text);
    return;
  }
  self->armed = (ChsSetup){ .key = "" };
  if (chs_scene_setup (chs_view_get_scene (self), change.key, change.value))
    warn_of_alarm (self, info, *value ? g_ascii_strtod (value, NULL) : (double) NAN);
}

/* Why a value cannot be a limit. Returns: (transfer full) (nullable): NULL = it can */
static char *
check_limit (ChsLimitsPage *self, const ChsLimitInfo *info, const char *value)
{
  const ChsProfile *profile = chs_chair_model_get_profile (chs_scene_get_model (chs_view_get_scene (self)));
  double            number, bound;
  ChsLimitVerdict   verdict = chs_limit_judge (profile, info->key, value, &number, &bound);

  return verdict == CHS_LIMIT_GOOD ? NULL : chs_say_limit_refusal (info->key, value, verdict, bound);
}

/* ---- steps ---- */

static Limit *
limit_of_key (ChsLimitsPage *self, GtkWidget *key)
{
  for (guint i = 0; i < self->n; i++)
    if (self->limits[i].less == key || self->limits[i].value == key || self->limits[i].more == key)
      return &self->limits[i];
  g_assert_not_reached ();
}

static void
on_step (GtkButton *key, gpointer user_data)
{
  ChsLimitsPage      *self = CHS_LIMITS_PAGE (user_data);
  Limit              *limit = limit_of_key (self, GTK_WIDGET (key));
  const ChsLimitInfo *info = limit->info;
  double              step = step_of ((ChsParam) info->param), present = chs_limit_in_force (chs_view_get_scene (self), info);
  char                digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char    *why = NULL;

  if (isnan (present))
    present = chs_scene_get_number (chs_view_get_scene (self), info->profile_key);
  /* To the next whole step: 92 and "more" is 95. */
  present = GTK_WIDGET (key) == limit->more ? (floor (present / step + 1e-6) + 1.0) * step : (ceil (present / step - 1e-6) - 1.0) * step;
  g_ascii_formatd (digits, sizeof digits, "%.10g", round (present * 10.0) / 10.0);
  why = check_limit (self, info, digits);
  if (why)
    warn (self, why);
  else
    set_limit (self, info, digits);
}

/* ---- typing ---- */

static char *
on_check (const char *value, gpointer user_data)
{
  ChsLimitsPage *self = CHS_LIMITS_PAGE (user_data);

  return check_limit (self, self->asked, value);
}

static void
on_answer (const char *value, gpointer user_data)
{
  ChsLimitsPage *self = CHS_LIMITS_PAGE (user_data);

  set_limit (self, self->asked, value);
}

static void
on_pad_closed (ChsLimitsPage *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "rows");
  chs_page_show_top (CHS_PAGE (self), TRUE);
  chs_page_set_keeps_open (CHS_PAGE (self), FALSE);
}

static void
on_value (GtkButton *key, gpointer user_data)
{
  ChsLimitsPage      *self = CHS_LIMITS_PAGE (user_data);
  const ChsLimitInfo *info = limit_of_key (self, GTK_WIDGET (key))->info;
  const ChsParamInfo *param = chs_param_info ((ChsParam) info->param);
  double              least, most, usual = chs_scene_get_number (chs_view_get_scene (self), info->profile_key);
  g_autofree char    *name = chs_say_limit (info), *offer = NULL;

  self->asked = info;
  chs_limit_range (info, &least, &most);
  gtk_stack_set_visible_child (GTK_STACK (self->stack), self->pad);
  chs_page_show_top (CHS_PAGE (self), FALSE);
  chs_page_set_keeps_open (CHS_PAGE (self), TRUE);
  chs_entry_pad_ask_number (CHS_ENTRY_PAD (self->pad), name, _(chs_unit_info (param->unit)->label), least, most, on_answer, self);
  chs_entry_pad_set_check (CHS_ENTRY_PAD (self->pad), on_check);
  /* Translators: key that gives a limit back to the alarm profile; the profile's number follows */
  offer = g_strdup_printf (_("As profile: %.*f"), param->decimals, usual);
  chs_entry_pad_offer_none (CHS_ENTRY_PAD (self->pad), offer);
}

/* ---- back to the profile ---- */

/* As two touches: tightened limits are loosened again by this. */
static void
on_reset (ChsLimitsPage *self)
{
  ChsScene       *scene = chs_view_get_scene (self);
  const ChsSetup  all = { .key = "limit.*", .value = "" };
  ChsSetup        keys[MAX_LIMITS];
  guint           n = 0;

  for (guint i = 0; i < self->n; i++)
    if (chs_limit_find_change (scene, self->limits[i].info->key)) {
      keys[n] = (ChsSetup){ .value = "" };
      chs_text_copy (keys[n].key, sizeof keys[n].key, self->limits[i].info->key);
      n++;
    }
  if (n == 0) {
    warn (self, _("All limits are as the profile has them."));
    return;
  }
  if (!is_armed (self, &all)) {
    self->armed = all;
    self->armed_us = g_get_monotonic_time ();
    warn (self, _("Touch again to give all limits back to the profile."));
    return;
  }
  self->armed = (ChsSetup){ .key = "" };
  warn (self, "");
  chs_scene_setup_all (scene, keys, n);
}

/* ---- showing ---- */

static void
show_limit (ChsLimitsPage *self, const Limit *limit)
{
  ChsScene            *scene = chs_view_get_scene (self);
  double               present = chs_limit_in_force (scene, limit->info);
  const ChsSetupEntry *change = chs_limit_find_change (scene, limit->info->key);
  g_autofree char     *clock = change ? chs_scene_dup_clock (scene, change->t_us, FALSE) : NULL;
  g_autofree char     *digits = isnan (present) ? g_strdup ("–")
                                                : g_strdup_printf ("%.*f", chs_param_info ((ChsParam) limit->info->param)->decimals, present);
  /* Translators: under a limit: set by a nurse at this time of day */
  g_autofree char     *hint = change ? g_strdup_printf (_("set %s"), clock) : NULL;
  g_autofree char     *limit_name = chs_say_limit (limit->info);
  g_autofree char     *name = g_strdup_printf ("%s %s, %s", limit_name, digits, hint ? hint : _("as profile"));

  chs_key_set_title (CHS_KEY (limit->value), digits);
  chs_key_set_hint (CHS_KEY (limit->value), hint ? hint : _("as profile"));
  chs_key_set_spoken (CHS_KEY (limit->value), name);
  chs_key_set_active (limit->value, change != NULL);
}

/* "10:31:07  HR, upper limit: 140 · entered at the screen" */
static char *
change_words (ChsScene *scene, const ChsSetupEntry *entry, const ChsLimitInfo *info)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, entry->t_us, TRUE), *name = chs_say_limit (info);
  const char      *value = *entry->setup.value ? entry->setup.value : _("as profile");

  return g_strdup_printf ("%s  %s: %s · %s", clock, name, value,
                          entry->source == CHS_SOURCE_NURSE ? _("nurse") : _("configuration"));
}

static void
show_changes (ChsLimitsPage *self)
{
  ChsScene            *scene = chs_view_get_scene (self);
  guint                n, n_shown = 0;
  const ChsSetupEntry *setups = chs_chair_model_get_setups (chs_scene_get_model (scene), &n);
  GtkWidget           *child;

  if (n == self->n_changes)
    return;

  self->n_changes = n;
  while ((child = gtk_widget_get_next_sibling (gtk_widget_get_first_child (self->changes))))
    gtk_box_remove (GTK_BOX (self->changes), child);
  for (guint i = n; i > 0 && n_shown < MAX_CHANGES; i--) {
    const ChsLimitInfo *info = chs_limit_find (setups[i - 1].setup.key);
    g_autofree char    *words = info ? change_words (scene, &setups[i - 1], info) : NULL;
    GtkWidget          *line;

    if (info == NULL)
      continue;
    line = gtk_label_new (words);
    gtk_label_set_xalign (GTK_LABEL (line), 0.0f);
    gtk_label_set_wrap (GTK_LABEL (line), TRUE);
    gtk_box_append (GTK_BOX (self->changes), line);
    n_shown++;
  }
  gtk_widget_set_visible (self->changes, n_shown > 0);
}

static void
chs_limits_page_refresh (ChsView *view)
{
  ChsLimitsPage *self = CHS_LIMITS_PAGE (view);

  for (guint i = 0; i < self->n_bars; i++)
    chs_view_set_scene (self->bars[i], chs_view_get_scene (self));
  for (guint i = 0; i < self->n; i++)
    show_limit (self, &self->limits[i]);
  show_changes (self);
}

static void
chs_limits_page_renewed (ChsView *view)
{
  CHS_LIMITS_PAGE (view)->n_changes = G_MAXUINT;
  warn (CHS_LIMITS_PAGE (view), "");
}

static void
chs_limits_page_opened (ChsPage *page, GVariant *target)
{
  on_pad_closed (CHS_LIMITS_PAGE (page));
  warn (CHS_LIMITS_PAGE (page), "");
}

/* ---- life ---- */

static GtkWidget *
make_step_key (ChsLimitsPage *self, const char *sign, const char *name)
{
  GtkWidget *key = chs_key_new (sign, NULL);

  gtk_widget_add_css_class (key, "step");
  g_signal_connect (key, "clicked", G_CALLBACK (on_step), self);
  chs_key_set_spoken (CHS_KEY (key), name);

  return key;
}

static void
add_limit (ChsLimitsPage *self, const ChsLimitInfo *info, int row)
{
  Limit           *limit = &self->limits[self->n++];
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *name = chs_say_limit (info);
  /* Translators: keys that move a limit by a step; its name comes before */
  g_autofree char *less = g_strdup_printf (_("%s: less"), name), *more = g_strdup_printf (_("%s: more"), name);

  limit->info = info;
  limit->less = make_step_key (self, "−", less);
  limit->more = make_step_key (self, "+", more);
  limit->value = chs_key_new (NULL, NULL);
  gtk_widget_add_css_class (limit->value, "limit");
  g_signal_connect (limit->value, "clicked", G_CALLBACK (on_value), self);
  gtk_widget_add_css_class (box, "key-row");
  gtk_widget_set_direction (box, GTK_TEXT_DIR_LTR);
  gtk_box_append (GTK_BOX (box), limit->less);
  gtk_box_append (GTK_BOX (box), limit->value);
  gtk_box_append (GTK_BOX (box), limit->more);
  gtk_grid_attach (GTK_GRID (self->grid), box, info->is_high ? COLUMN_HIGH : COLUMN_LOW, row, 1, 1);
}

static void
add_name (ChsLimitsPage *self, ChsParam param, int row)
{
  const ChsParamInfo *info = chs_param_info (param);
  GtkWidget          *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget          *name = gtk_label_new (_(info->label)), *unit = gtk_label_new (_(chs_unit_info (info->unit)->label));

  gtk_label_set_xalign (GTK_LABEL (name), 0.0f);
  gtk_label_set_xalign (GTK_LABEL (unit), 0.0f);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (name, "limit-name");
  gtk_widget_add_css_class (unit, "review-note");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), unit);
  gtk_grid_attach (GTK_GRID (self->grid), box, chs_language_is_rtl () ? COLUMN_NAME_RTL : COLUMN_NAME, row, 1, 1);
}

static void
add_row (ChsLimitsPage *self, ChsParam param, int row)
{
  GtkWidget *bar = chs_limit_view_new (param);

  g_assert (self->n_bars < MAX_ROWS);
  add_name (self, param, row);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_add_css_class (bar, "limit-bar");
  gtk_grid_attach (GTK_GRID (self->grid), bar, COLUMN_BAR, row, 1, 1);
  self->bars[self->n_bars++] = bar;
}

static void
add_rows (ChsLimitsPage *self)
{
  unsigned            n;
  const ChsLimitInfo *infos = chs_limit_infos (&n);
  ChsParam            param = CHS_PARAM_NONE;

  g_assert (n <= MAX_LIMITS);
  for (unsigned i = 0; i < n; i++) {
    if (infos[i].param != param) {
      param = (ChsParam) infos[i].param;
      add_row (self, param, (int) self->n_bars);
    }
    add_limit (self, &infos[i], (int) self->n_bars - 1);
  }
}

static void
chs_limits_page_class_init (ChsLimitsPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_limits_page_refresh;
  CHS_VIEW_CLASS (klass)->renewed = chs_limits_page_renewed;
  CHS_PAGE_CLASS (klass)->opened = chs_limits_page_opened;
}

static GtkWidget *
make_list (ChsLimitsPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *heading = gtk_label_new (_("Changed in this session"));

  self->grid = gtk_grid_new ();
  gtk_widget_add_css_class (self->grid, "limits");
  gtk_widget_set_direction (self->grid, GTK_TEXT_DIR_LTR);
  add_rows (self);
  self->changes = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_label_set_xalign (GTK_LABEL (heading), 0.0f);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (self->changes), heading);
  gtk_box_append (GTK_BOX (box), self->grid);
  gtk_box_append (GTK_BOX (box), self->changes);
  gtk_widget_add_css_class (box, "column");

  return chs_scroller_new (box);
}

static void
chs_limits_page_init (ChsLimitsPage *self)
{
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *reset = chs_key_new (_("All as profile"), NULL);

  chs_page_set_title (CHS_PAGE (self), _("Alarm limits"));
  g_signal_connect_swapped (reset, "clicked", G_CALLBACK (on_reset), self);
  chs_page_add_key (CHS_PAGE (self), reset);
  self->n_changes = G_MAXUINT;

  self->warning = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->warning, 0.0f);
  gtk_label_set_wrap (self->warning, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->warning), "advice");
  gtk_widget_set_visible (GTK_WIDGET (self->warning), FALSE);
  gtk_box_append (GTK_BOX (rows), GTK_WIDGET (self->warning));
  gtk_box_append (GTK_BOX (rows), make_list (self));

  self->pad = chs_entry_pad_new ();
  g_signal_connect_swapped (self->pad, "closed", G_CALLBACK (on_pad_closed), self);
  self->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (self->stack), rows, "rows");
  gtk_stack_add_named (GTK_STACK (self->stack), self->pad, "pad");
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), self->stack);
}
