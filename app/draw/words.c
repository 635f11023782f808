/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include "app/session.h"
#include "app/symptom.h"

#include <math.h>
#include <string.h>

/* Words and numbers of the screen. Digits are Western in every language: they are what the instruments show. */

char *
chs_words_age (const ChsTheme *theme, int64_t age_us)
{
  int64_t s = MAX (age_us, 0) / CHS_US_PER_S;

  if (s < 60)
    return g_strdup_printf (chs_tr (theme, N_ ("%d s")), (int) s);
  if (s < 3600)
    return g_strdup_printf (chs_tr (theme, N_ ("%d min")), (int) (s / 60));
  return g_strdup_printf (chs_tr (theme, N_ ("%d h %02d")), (int) (s / 3600), (int) (s / 60 % 60));
}

char *
chs_words_clock (const ChsChairModel *model, int64_t t_us)
{
  int64_t s = (t_us + chs_chair_model_get_wall_offset_us (model)) / CHS_US_PER_S
              + 60 * (int64_t) chs_chair_model_get_utc_offset_min (model);
  int64_t of_day = ((s % 86400) + 86400) % 86400;

  return g_strdup_printf ("%02d:%02d", (int) (of_day / 3600), (int) (of_day / 60 % 60));
}

char *
chs_words_number (double value, int decimals)
{
  char digits[32];
  char *text;

  if (isnan (value))
    return g_strdup ("– –");
  g_ascii_formatd (digits, sizeof digits, decimals == 0 ? "%.0f" : decimals == 1 ? "%.1f" : "%.2f", value);
  if (strcmp (digits, "-0") == 0)
    return g_strdup ("0");
  text = digits[0] == '-' ? g_strconcat ("−", digits + 1, NULL) : g_strdup (digits);
  return text;
}

char *
chs_words_dose (double value)
{
  char digits[32];
  double size = fabs (value);

  if (isnan (value))
    return g_strdup ("– –");
  g_ascii_formatd (digits, sizeof digits, size < 0.0005 || size >= 99.95 ? "%.0f" : size < 0.0995 ? "%.3f" : size < 9.95 ? "%.2f" : "%.1f",
                   value);
  return g_strdup (digits);
}

char *
chs_words_limit (double value)
{
  char digits[32];

  return isnan (value) ? g_strdup ("– –") : g_strdup (g_ascii_formatd (digits, sizeof digits, "%.3g", value));
}

const char *
chs_words_comma (const ChsTheme *theme)
{
  /* Translators: between the parts of a list: a comma as your script has it, and a blank */
  return chs_tr (theme, N_ (", "));
}

char *
chs_words_isolate (const ChsTheme *theme, char *text)
{
  char *isolated;

  if (!theme->rtl)
    return text;
  isolated = g_strconcat ("\u2066", text, "\u2069", NULL); /* left-to-right isolate ... pop */
  g_free (text);
  return isolated;
}

char *
chs_words_rate (double ml_h)
{
  return chs_words_number (ml_h, fabs (ml_h - round (ml_h)) < 0.05 ? 0 : 1);
}

const char *
chs_words_priority (ChsPriority priority)
{
  static const char *const shapes[] = { "", "!", "!!", "!!!" };

  return shapes[(guint) priority <= CHS_PRIORITY_HIGH ? priority : CHS_PRIORITY_NONE];
}

/* What a change of phase is called at its flag: what happens from there on. */
static const char *
phase_words (const char *id)
{
  static const char *const words[CHS_N_PHASES] = {
    [CHS_PHASE_IDLE] = N_ ("chair free"),       [CHS_PHASE_PREPARED] = N_ ("prepared"), [CHS_PHASE_BASELINE] = N_ ("baseline"),
    [CHS_PHASE_INFUSING] = N_ ("infusing"),     [CHS_PHASE_HELD] = N_ ("held"),         [CHS_PHASE_OBSERVE] = N_ ("observing"),
    [CHS_PHASE_CLOSED] = N_ ("session closed"),
  };
  ChsPhase phase = chs_phase_from_id (id);

  return phase < CHS_N_PHASES ? words[phase] : id;
}

/* Ids of actions are stable and readable; their words are the id with spaces, translated as a whole. */
static char *
words_of_id (const ChsTheme *theme, const char *id)
{
  const ChsSymptom *symptom = chs_symptom_find (id);
  g_autofree char *plain = g_strdup (id);

  if (symptom != NULL)
    return g_strdup (chs_tr (theme, symptom->label));

  for (char *c = plain; *c != '\0'; c++)
    if (*c == '_')
      *c = ' ';
  return g_strdup (chs_tr (theme, plain));
}

static char *
words_of_mark (const ChsChairModel *model, const ChsMark *mark, const ChsTheme *theme)
{
  g_autofree char *what = words_of_id (theme, mark->what);

  switch ((ChsMarkKind) mark->kind) {
  case CHS_MARK_ALARM:
    return g_strdup (chs_tr (theme, chs_profile_title (chs_chair_model_get_profile (model), (ChsLabel) mark->label,
                                                       (ChsPriority) mark->priority)));
  case CHS_MARK_CLOCK:
    return g_strdup (chs_tr (theme, mark->action == CHS_CLOCK_RESUME ? N_ ("monitor restarted") : N_ ("clock set")));
  case CHS_MARK_REACTION:
    return g_strdup (chs_tr (theme, strcmp (mark->what, "end") == 0 ? N_ ("reaction over") : N_ ("reaction")));
  case CHS_MARK_SYMPTOM:
    if (mark->action == CHS_NURSE_SYMPTOM_CLEAR)
      return g_strdup_printf (chs_tr (theme, N_ ("%s gone")), what);
    return g_steal_pointer (&what);
  case CHS_MARK_NURSE:
    if (mark->action == CHS_NURSE_BASELINE)
      return g_strdup (chs_tr (theme, N_ ("baseline")));
    if (mark->action == CHS_NURSE_SITE_CHECK)
      return g_strdup (chs_tr (theme, N_ ("site check")));
    if (mark->what[0] == '\0')
      return g_strdup (chs_tr (theme, N_ ("mark")));
    /* what somebody typed is shown as typed */
    if (mark->action != CHS_NURSE_DONE)
      return g_strdup (mark->what);
    /* an item of a checklist: its own words, where the recording has them */
    return mark->text[0] != '\0' ? g_strdup (chs_tr (theme, mark->text)) : g_steal_pointer (&what);
  case CHS_MARK_PHASE:
    return g_strdup (chs_tr (theme, phase_words (mark->what)));
  default:
    return g_steal_pointer (&what);
  }
}

char *
chs_words_mark (const ChsChairModel *model, const ChsMark *mark, const ChsTheme *theme)
{
  g_autofree char *words = words_of_mark (model, mark, theme);

  if (mark->was_us == CHS_TIME_NONE)
    return g_steal_pointer (&words);
  /* Translators: an entry on the chart whose time was corrected */
  return g_strdup_printf (chs_tr (theme, N_ ("%s (corrected)")), words);
}

bool
chs_is_pressure (ChsParam param)
{
  return param >= CHS_PARAM_NIBP_SYS && param <= CHS_PARAM_ABP_MEAN && param != CHS_PARAM_NIBP_PR
         && param != CHS_PARAM_NIBP_CUFF;
}

static bool
is_same_tile (ChsParam a, ChsParam b)
{
  if (chs_is_pressure (a) && chs_is_pressure (b))
    return (a < CHS_PARAM_ABP_SYS) == (b < CHS_PARAM_ABP_SYS);
  return a == b;
}

const ChsActiveAlarm *
chs_alarm_of_param (const ChsChairModel *model, ChsParam param)
{
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);

  for (guint i = 0; i < n; i++) /* sorted: the first is the most urgent */
    if (is_same_tile (alarms[i].alarm.param, param) && alarms[i].state >= CHS_ALARM_STATE_ACTIVE)
      return &alarms[i];
  return NULL;
}

double
chs_baseline_of (const ChsChairModel *model, ChsParam param)
{
  const ChsBaseline *b = chs_engine_get_baseline (chs_chair_model_get_engine (model));

  if (b->quality == CHS_BASELINE_NONE)
    return NAN;
  switch ((int) param) {
  case CHS_PARAM_NIBP_SYS:
  case CHS_PARAM_ABP_SYS:
    return b->sbp;
  case CHS_PARAM_NIBP_DIA:
  case CHS_PARAM_ABP_DIA:
    return b->dbp;
  case CHS_PARAM_NIBP_MEAN:
  case CHS_PARAM_ABP_MEAN:
    return b->map;
  case CHS_PARAM_HR:
  case CHS_PARAM_PR:
    return b->hr;
  case CHS_PARAM_SPO2:
    return b->spo2;
  case CHS_PARAM_RR:
  case CHS_PARAM_CO2_RR:
    return b->rr;
  case CHS_PARAM_TEMP:
    return b->temp_c;
  default:
    return NAN;
  }
}

/* ---- alarms ---- */

static void
append_part (GString *text, const ChsTheme *theme, const char *part)
{
  if (text->len > 0)
    g_string_append (text, chs_words_comma (theme));
  g_string_append (text, part);
}

/* "86/41" of the reading that alarmed, "HR 121 /min" of a stream. */
static void
append_value (GString *text, const ChsChairModel *model, const ChsAlarm *alarm, const ChsTheme *theme)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) alarm->param);
  g_autofree char *digits = NULL, *measured = NULL, *part = NULL;
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (model, &n);

  if (alarm->param == CHS_PARAM_NONE || isnan (alarm->value))
    return;
  if (alarm->param == CHS_PARAM_NIBP_SYS)
    for (guint i = n; i > 0; i--)
      if (fabs ((double) cuffs[i - 1].sys - alarm->value) < 0.5 && !isnan (cuffs[i - 1].dia)) {
        part = chs_words_isolate (theme, g_strdup_printf ("%.0f/%.0f", (double) cuffs[i - 1].sys, (double) cuffs[i - 1].dia));
        append_part (text, theme, part);
        return;
      }
  digits = alarm->param == CHS_PARAM_PUMP_RATE ? chs_words_rate (alarm->value) : chs_words_number (alarm->value, info->decimals);
  measured = chs_words_isolate (theme, g_strdup_printf ("%s %s", digits, chs_tr (theme, chs_unit_info (info->unit)->label)));
  part = g_strdup_printf ("%s %s", chs_tr (theme, info->label), measured);
  append_part (text, theme, part);
}

static void
append_reference (GString *text, const ChsAlarm *alarm, const ChsTheme *theme)
{
  bool is_percent = chs_is_pressure ((ChsParam) alarm->param);
  int decimals = chs_param_info ((ChsParam) alarm->param)->decimals;
  g_autofree char *digits = NULL, *by = NULL, *part = NULL;

  if (!isnan (alarm->value) && !isnan (alarm->baseline) && alarm->baseline > 0.0) {
    double change = alarm->value - alarm->baseline;

    digits = is_percent ? chs_words_number (100.0 * change / alarm->baseline, 0) : chs_words_number (change, decimals);
    by = chs_words_isolate (theme, g_strconcat (change > 0.0 ? "+" : "", digits, is_percent ? " %" : "", NULL));
    part = g_strdup_printf (chs_tr (theme, N_ ("%s from baseline")), by);
    append_part (text, theme, part);
  } else if (!isnan (alarm->value) && !isnan (alarm->limit)) { /* a limit alone says nothing: an alarm made by symptoms */
    digits = alarm->param >= CHS_PARAM_PUMP_RATE ? chs_words_limit (alarm->limit) : chs_words_number (alarm->limit, decimals);
    part = g_strdup_printf (chs_tr (theme, N_ ("limit %s")), digits);
    append_part (text, theme, part);
  }
}

char *
chs_words_link (const char *name, const ChsTheme *theme)
{
  const char *rest;

  if (strcmp (name, "monitor") == 0)
    return g_strdup (chs_tr (theme, N_ ("monitor")));
  rest = g_str_has_prefix (name, "pump") ? name + strlen ("pump") : NULL;
  if (rest != NULL && *rest == ' ')
    rest++;
  if (rest == NULL || (*rest != '\0' && !g_ascii_isdigit (*rest)))
    return g_strdup (name);

  return *rest == '\0' ? g_strdup (chs_tr (theme, N_ ("pump"))) : g_strdup_printf ("%s %s", chs_tr (theme, N_ ("pump")), rest);
}

char *
chs_words_instrument (const ChsLinkInfo *link, const ChsTheme *theme)
{
  return link->label[0] != '\0' ? g_strdup (link->label) : chs_words_link (link->status.name, theme);
}

char *
chs_words_pump (const ChsChairModel *model, const ChsPumpView *pump, const ChsTheme *theme)
{
  guint n;
  const ChsLinkInfo *links = chs_chair_model_get_links (model, &n);

  for (guint i = 0; i < n; i++)
    if (links[i].source == pump->source && links[i].label[0] != '\0' && g_str_has_prefix (pump->name, links[i].status.name))
      return g_strconcat (links[i].label, pump->name + strlen (links[i].status.name), NULL); /* and its slot */
  return chs_words_link (pump->name, theme);
}

const char *
chs_words_drug (const ChsChairModel *model, const ChsPumpView *pump, const ChsTheme *theme)
{
  const ChsDose *dose = chs_chair_model_find_dose (model, pump->source, pump->channel);
  const char *drug = pump->status.drug;

  if (strcmp (drug, chs_engine_get_session (chs_chair_model_get_engine (model))->therapy.name) == 0 && drug[0] != '\0')
    return chs_tr (theme, drug);
  if (drug[0] != '\0' && dose != NULL && dose->therapy != NULL && strcmp (dose->therapy->name, drug) == 0)
    return chs_tr (theme, drug);
  return drug;
}

char *
chs_words_osmolarity (const ChsProfile *profile, double mosm_l, const ChsTheme *theme)
{
  const char *unit = chs_tr (theme, chs_unit_info (CHS_UNIT_MOSM_L)->label);
  g_autofree char *digits = isnan (mosm_l) ? NULL : chs_words_number (mosm_l, 0);

  if (digits != NULL && mosm_l > chs_profile_get (profile, "osm.watch_high"))
    /* Translators: 1 a number, 2 mosm/L */
    return g_strdup_printf (chs_tr (theme, N_ ("Osmolarity %1$s %2$s: large vein, look at the site often")), digits, unit);
  if (digits != NULL && mosm_l < chs_profile_get (profile, "osm.watch_low"))
    return g_strdup_printf (chs_tr (theme, N_ ("Osmolarity %1$s %2$s: thinner than blood, ask the pharmacist")), digits, unit);
  return NULL;
}

/* Returns: (transfer full) */
static char *
pump_name (const ChsChairModel *model, const ChsAlarm *alarm, const ChsTheme *theme)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (model, &n);

  for (guint i = 0; i < n; i++)
    if (pumps[i].source == alarm->cause_source && pumps[i].channel == alarm->cause_channel && pumps[i].name[0] != '\0')
      return chs_words_pump (model, &pumps[i], theme);
  return g_strdup (chs_tr (theme, N_ ("the pump")));
}

#define CAUSE_NOW_US (5 * CHS_US_PER_S) /* shorter is "at once" */

/* The change of the infusion that came before: what the nurse can act on. */
static void
append_cause (GString *text, const ChsChairModel *model, const ChsAlarm *alarm, const ChsTheme *theme)
{
  g_autofree char *age = NULL, *from = NULL, *to = NULL, *part = NULL, *pump = NULL;

  if (alarm->cause_us == CHS_TIME_NONE || isnan (alarm->cause_to_ml_h))
    return;
  age = chs_words_age (theme, alarm->onset_us - alarm->cause_us);
  from = chs_words_rate (isnan (alarm->cause_from_ml_h) ? 0.0 : alarm->cause_from_ml_h);
  to = chs_words_rate (alarm->cause_to_ml_h);
  pump = pump_name (model, alarm, theme);
  if (alarm->onset_us - alarm->cause_us < CAUSE_NOW_US)
    part = g_strdup_printf (chs_tr (theme, N_ ("%s went %s → %s mL/h")), pump, from, to);
  else
    /* Translators: "14 min after pump 1 went 150 → 375 mL/h" */
    part = g_strdup_printf (chs_tr (theme, N_ ("%s after %s went %s → %s mL/h")), age, pump, from, to);
  append_part (text, theme, part);
}

/* ---- lists of ids as they stand in an alarm ---- */

char *
chs_words_labels (const ChsChairModel *model, const char *ids, const ChsTheme *theme)
{
  g_auto (GStrv) list = g_strsplit (ids, ",", -1);
  GString *text = g_string_new (NULL);

  for (char **id = list; *id != NULL; id++)
    if (*g_strstrip (*id) != '\0')
      append_part (text, theme, chs_tr (theme, chs_profile_title (chs_chair_model_get_profile (model), chs_label_from_id (*id),
                                                           CHS_PRIORITY_MEDIUM)));
  return g_string_free (text, FALSE);
}

char *
chs_words_missing (const char *ids, const ChsTheme *theme)
{
  static const struct {
    const char *id, *words;
  } table[] = {
    { "HR", N_ ("heart rate") },      { "SPO2", N_ ("oxygen saturation") }, { "RR", N_ ("breathing") },
    { "TEMP", N_ ("temperature") },   { "NIBP", N_ ("blood pressure") },    { "PUMP", N_ ("pump") },
    { "WEIGHT", N_ ("body weight") }, { "BASELINE", N_ ("baseline") },      { "THERAPY", N_ ("what is in the bag") },
    { "SBP", N_ ("blood pressure") }, { "PULSE", N_ ("heart rate") },       { "OXYGEN", N_ ("air or oxygen") },
    { "CONSCIOUS", N_ ("consciousness") },
  };
  g_auto (GStrv) list = g_strsplit (ids, ",", -1);
  GString *text = g_string_new (NULL);

  for (char **id = list; *id != NULL; id++)
    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
      if (strcmp (g_strstrip (*id), table[i].id) == 0)
        append_part (text, theme, chs_tr (theme, table[i].words));
  return g_string_free (text, FALSE);
}

/* First actions; what else it may be, so that a wrong name never stands alone; what could not be looked at. */
static char *
words_advice (const ChsChairModel *model, const ChsAlarm *alarm, const ChsTheme *theme)
{
  const char *action = chs_profile_action (chs_chair_model_get_profile (model), (ChsLabel) alarm->label,
                                           (ChsPriority) alarm->priority);
  GString *text = g_string_new (chs_tr (theme, action));
  g_autofree char *also = chs_words_labels (model, alarm->also, theme), *missing = chs_words_missing (alarm->missing, theme);

  if (also[0] != '\0') {
    g_string_append_c (text, ' ');
    g_string_append_printf (text, chs_tr (theme, N_ ("Also consider: %s.")), also);
  }
  if (missing[0] != '\0') {
    g_string_append_c (text, ' ');
    g_string_append_printf (text, chs_tr (theme, N_ ("Not known: %s.")), missing);
  }
  return g_string_free (text, FALSE);
}

void
chs_alarm_words (const ChsChairModel  *model,
                 const ChsActiveAlarm *active,
                 int64_t               now_us,
                 const ChsTheme       *theme,
                 char                **what,
                 char                **why,
                 char                **advice)
{
  const ChsAlarm *alarm = &active->alarm;
  GString *text = g_string_new (NULL);
  const ChsProfile *profile = chs_chair_model_get_profile (model);
  g_autofree char *age = chs_words_age (theme, now_us - active->raised_us), *since = NULL;

  append_value (text, model, alarm, theme);
  append_reference (text, alarm, theme);
  append_cause (text, model, alarm, theme);
  if (text->len == 0) {
    since = g_strdup_printf (chs_tr (theme, N_ ("for %s")), age);
    append_part (text, theme, since);
  }
  if (active->state == CHS_ALARM_STATE_LATCHED)
    append_part (text, theme, chs_tr (theme, N_ ("gone, not yet seen")));
  else if (active->state == CHS_ALARM_STATE_ACKNOWLEDGED)
    append_part (text, theme, chs_tr (theme, N_ ("seen")));
  if (active->is_over && active->state != CHS_ALARM_STATE_LATCHED)
    /* Translators: of an alarm: its condition is not true any more, the alarm is held for a while */
    append_part (text, theme, chs_tr (theme, N_ ("over, held a while")));
  *what = g_strdup (chs_tr (theme, chs_profile_title (profile, (ChsLabel) alarm->label, (ChsPriority) alarm->priority)));
  if (theme->rtl)
    g_string_prepend (text, "\u200f"); /* the line may begin with a number or a Latin name, and runs from the right all the same */
  *why = g_string_free (text, FALSE);
  *advice = words_advice (model, alarm, theme);
}
