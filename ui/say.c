/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include "app/symptom.h"
#include "ui/language.h"

#include <glib/gi18n.h>
#include <math.h>

/* One row of a table of words. */
#define WORD(table, index) ((index) < G_N_ELEMENTS (table) && (table)[index] ? (table)[index] : "")

const char *
chs_say_phase (guint8 phase)
{
  static const char *const words[] = {
    [CHS_PHASE_IDLE] = N_("Chair free"),
    [CHS_PHASE_PREPARED] = N_("Prepared"),
    [CHS_PHASE_BASELINE] = N_("Taking baseline"),
    [CHS_PHASE_INFUSING] = N_("Infusing"),
    [CHS_PHASE_HELD] = N_("Infusion held"),
    [CHS_PHASE_OBSERVE] = N_("Observation"),
    [CHS_PHASE_CLOSED] = N_("Session closed"),
  };

  return _(WORD (words, phase));
}

const char *
chs_say_priority (guint8 priority)
{
  static const char *const words[] = {
    [CHS_PRIORITY_NONE] = N_("no alarm"),
    /* Translators: priorities of alarms, as clinical engineers call them */
    [CHS_PRIORITY_LOW] = N_("low priority"),
    [CHS_PRIORITY_MEDIUM] = N_("medium priority"),
    [CHS_PRIORITY_HIGH] = N_("high priority"),
  };

  return _(WORD (words, priority));
}

const char *
chs_say_priority_word (guint8 priority)
{
  switch ((ChsPriority) priority) {
  case CHS_PRIORITY_HIGH:
    /* Translators: priority of an alarm in one short word, on a narrow field */
    return C_("priority", "High");
  case CHS_PRIORITY_MEDIUM:
    return C_("priority", "Medium");
  case CHS_PRIORITY_LOW:
    return C_("priority", "Low");
  case CHS_PRIORITY_NONE:
  default:
    return "";
  }
}

const char *
chs_say_link_state (guint8 state)
{
  static const char *const words[] = {
    /* Translators: states of a cable to an instrument, one word each */
    [CHS_LINK_CLOSED] = N_("closed"), [CHS_LINK_CONNECTING] = N_("waiting"), [CHS_LINK_UP] = N_("connected"),
    [CHS_LINK_SILENT] = N_("silent"), [CHS_LINK_LOST] = N_("lost"),          [CHS_LINK_FAILED] = N_("failed"),
  };

  return _(WORD (words, state));
}

char *
chs_say_link (const ChsLinkInfo *link, const ChsTheme *theme)
{
  g_autofree char *plain = chs_words_instrument (link, theme);
  /* Translators: mark of an instrument of the laboratory, which is not made for patients; as short as possible */
  g_autofree char *name = link->bench ? g_strdup_printf ("%s (%s)", plain, _("LAB")) : g_strdup (plain);

  if (link->status.state == CHS_LINK_UP)
    return g_strdup_printf ("%s ●", name);

  return g_strdup_printf ("%s %s %s", name, link->status.state == CHS_LINK_CONNECTING ? "○" : "✗",
                          chs_say_link_state (link->status.state));
}

char *
chs_say_countdown (int64_t left_us)
{
  int64_t s = (MAX (0, left_us) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (s >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int) (s / 3600), (int) (s / 60 % 60), (int) (s % 60));

  return g_strdup_printf ("%d:%02d", (int) (s / 60), (int) (s % 60));
}

char *
chs_say_age (int64_t age_us)
{
  int64_t s = MAX (0, age_us) / G_USEC_PER_SEC;

  if (s < 60)
    return g_strdup_printf (_("%d s"), (int) s);
  if (s < 3600)
    return g_strdup_printf (_("%d min"), (int) (s / 60));

  return g_strdup_printf (_("%d h %02d min"), (int) (s / 3600), (int) (s / 60 % 60));
}

char *
chs_say_audio (const ChsAnnunciation *heard, int64_t now_us)
{
  g_autofree char *left = NULL;

  switch ((ChsAudioState) heard->audio) {
  case CHS_AUDIO_PAUSED:
    left = chs_say_countdown (heard->paused_until_us - now_us);
    /* Translators: text marking of IEC 60601-1-8 for a timed silence; then minutes and seconds left */
    return g_strdup_printf (_("AUDIO PAUSED %s"), left);
  case CHS_AUDIO_OFF:
    return g_strdup (_("AUDIO OFF"));
  case CHS_AUDIO_ON:
  default:
    return g_strdup_printf ("%s ●", _("sound"));
  }
}

const char *
chs_say_symptom (const char *id)
{
  const ChsSymptom *symptom = chs_symptom_find (id);

  return symptom ? _(symptom->label) : id;
}

gboolean
chs_say_has_alarm (const ChsEngine *engine, ChsLabel label)
{
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (engine, &n);

  for (guint i = 0; i < n; i++)
    if (alarms[i].alarm.label == label)
      return TRUE;

  return FALSE;
}

/* What is said of each before it is due, and when it is overdue. */
static char *
say_due (const ChsDue *due, int64_t now_us)
{
  gboolean         is_over = due->at_us < now_us;
  g_autofree char *time = chs_say_countdown (ABS (due->at_us - now_us));

  switch ((ChsDueKind) due->kind) {
  case CHS_DUE_CUFF:
    /* Translators: the next blood pressure by cuff; minutes and seconds */
    return g_strdup_printf (is_over ? _("cuff due %s ago") : _("cuff in %s"), time);
  case CHS_DUE_SEDATION:
    /* Translators: the next sedation score; minutes and seconds */
    return g_strdup_printf (is_over ? _("sedation due %s ago") : _("sedation in %s"), time);
  case CHS_DUE_STEP:
    /* Translators: 1 the next planned rate of the pump, 2 minutes and seconds */
    return g_strdup_printf (is_over ? _("%1$.4g mL/h due %2$s ago") : _("%1$.4g mL/h in %2$s"), due->rate_ml_h, time);
  case CHS_DUE_SITE:
  case CHS_N_DUES:
    break;
  }
  return NULL;
}

char *
chs_say_due (ChsScene *scene)
{
  static const ChsDueKind kinds[] = { CHS_DUE_CUFF, CHS_DUE_SEDATION, CHS_DUE_STEP }; /* the site has a key of its own */
  int64_t                 now_us = chs_scene_get_now_us (scene);
  ChsDue                  first = { .at_us = CHS_TIME_NONE }, due;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (chs_due_get (chs_scene_get_model (scene), kinds[i], now_us, &due) && (first.at_us == CHS_TIME_NONE || due.at_us < first.at_us))
      first = due;

  return first.at_us == CHS_TIME_NONE ? NULL : say_due (&first, now_us);
}

char *
chs_say_due_of (ChsScene *scene, ChsDueKind kind)
{
  int64_t now_us = chs_scene_get_now_us (scene);
  ChsDue  due;

  return chs_due_get (chs_scene_get_model (scene), kind, now_us, &due) ? say_due (&due, now_us) : NULL;
}

char *
chs_say_plan (const ChsTherapy *therapy)
{
  GString *text;

  if (therapy->n_steps == 0)
    return NULL;
  text = g_string_new (NULL);
  /* Translators: planned rates of the infusion: "150 mL/h", and then for each step ", 250 from 15 min" */
  g_string_append_printf (text, _("%.4g mL/h"), (double) therapy->steps[0].rate_ml_h);
  for (guint i = 1; i < therapy->n_steps; i++)
    g_string_append_printf (text, _(", %1$.4g from %2$.4g min"), (double) therapy->steps[i].rate_ml_h, (double) therapy->steps[i].from_min);

  return g_string_free (text, FALSE);
}

/* ---- limits of the session ---- */

char *
chs_say_limit (const ChsLimitInfo *info)
{
  const char *param = _(chs_param_info ((ChsParam) info->param)->label);

  /* Translators: an alarm limit of a vital sign, "HR" or "NIBP" */
  return g_strdup_printf (info->is_high ? _("%s, upper limit") : _("%s, lower limit"), param);
}

static char *
say_bound (const ChsLimitInfo *info, double bound)
{
  const ChsParamInfo *param = chs_param_info ((ChsParam) info->param);
  g_autofree char    *text = g_strdup_printf ("%.*f %s", param->decimals, bound, _(chs_unit_info (param->unit)->label));

  return chs_language_isolate (text);
}

char *
chs_say_limit_refusal (const char *key, const char *value, ChsLimitVerdict verdict, double bound)
{
  const ChsLimitInfo *info = chs_limit_find (key);
  g_autofree char    *least_text = NULL, *most_text = NULL, *bound_text = NULL, *name = NULL;
  double              least, most;

  if (info == NULL)
    return g_strdup (_("There is no such limit."));
  chs_limit_range (info, &least, &most);
  name = chs_say_limit (info);
  least_text = say_bound (info, least);
  most_text = say_bound (info, most);
  bound_text = say_bound (info, bound);
  switch (verdict) {
  case CHS_LIMIT_TOO_LOW:
  case CHS_LIMIT_TOO_HIGH:
    /* Translators: 1 a limit, "HR, upper limit"; 2 what was typed; 3 and 4 numbers with units */
    return g_strdup_printf (_("%1$s cannot be %2$s. Safe: %3$s to %4$s."), name, value, least_text, most_text);
  case CHS_LIMIT_CROSSED:
    /* Translators: 1 a limit; 2 what was typed; 3 a number with its unit */
    return g_strdup_printf (_("%1$s cannot be %2$s. The extreme limit of %3$s stays and would alarm first."), name, value, bound_text);
  case CHS_LIMIT_GOOD:
  case CHS_LIMIT_UNKNOWN:
  case CHS_LIMIT_NO_NUMBER:
  default:
    return g_strdup_printf (_("%1$s: type a number from %3$s to %4$s, not “%2$s”."), name, value, least_text, most_text);
  }
}
