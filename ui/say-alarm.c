/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/say.h"

#include "ui/language.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

char *
chs_say_alarm_value (const ChsAlarm *alarm, double value)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) alarm->param);

  if (isnan (value))
    return g_strdup ("");

  /* Number and unit stay together, in this order, in a line that runs from right to left. */
  return g_strdup_printf (chs_language_is_rtl () ? "\u2066%.*f %s\u2069" : "%.*f %s", info->decimals, value,
                          _(chs_unit_info (info->unit)->label));
}

/* ---- lists of ids ---- */

static char *
say_list (const char *ids, const char *(*word) (const char *id))
{
  g_auto (GStrv) list = g_strsplit (ids, ",", -1);
  GString       *text = g_string_new (NULL);

  for (guint i = 0; list[i]; i++)
    if (*g_strstrip (list[i]))
      g_string_append_printf (text, "%s%s", text->len ? " · " : "", word (list[i]));

  return g_string_free (text, FALSE);
}

typedef struct {
  const char *id, *words;
} IdWords;

static const char *
look_up (const IdWords *table, guint n, const char *id)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (table[i].id, id) == 0)
      return _(table[i].words);

  return id;
}

static const char *
evidence_word (const char *id)
{
  /* Ids: app/evidence.h. What a nurse can see herself; the numbers behind them are in the limits of the profile. */
  static const IdWords table[] = {
    { "E-BP30", N_("pressure very low or far below baseline") },
    { "E-BP20", N_("pressure low against baseline") },
    { "E-BP15", N_("pressure somewhat low") },
    { "E-BPX", N_("pressure extremely low") },
    { "E-CONF", N_("the reading before was low too") },
    { "E-BP22x2", N_("two low readings in a row") },
    { "E-BP72", N_("systolic dangerously low") },
    { "E-BP?", N_("a low reading of doubtful quality") },
    { "E-BPUP", N_("pressure risen") },
    { "E-PPW", N_("pulse pressure wider") },
    { "E-BPHI2", N_("two high readings in a row") },
    { "E-BPHIX", N_("pressure extremely high") },
    { "E-KBP2", N_("two high readings in a row") },
    { "E-KBP", N_("pressure high") },
    { "E-VBP", N_("pressure fell at the same time") },
    { "E-VBPX", N_("pressure extremely low at the same time") },
    { "E-HRUP", N_("heart rate risen") },
    { "E-HRUP+", N_("heart rate risen much") },
    { "E-VDROP", N_("heart rate fell suddenly") },
    { "E-VDROP-", N_("heart rate fell just before") },
    { "E-HR50", N_("heart rate slow") },
    { "E-HR40", N_("heart rate very slow") },
    { "E-HRDN", N_("heart rate slower than baseline") },
    { "E-HRDNL", N_("heart rate slower than baseline") },
    { "E-HRHI", N_("heart rate above its limit") },
    { "E-HRHIX", N_("heart rate extremely high") },
    { "E-HRLO", N_("heart rate below its limit") },
    { "E-HRLOX", N_("heart rate extremely low") },
    { "E-NOPULSE", N_("no heart rate and no pulse wave") },
    { "E-SPO2", N_("oxygen saturation fallen") },
    { "E-SPO2m", N_("oxygen saturation slightly lower") },
    { "E-SPO2+", N_("oxygen saturation low") },
    { "E-SPO2X", N_("oxygen saturation extremely low") },
    { "E-SPO2LIM", N_("oxygen saturation below its limit") },
    { "E-SPO2?", N_("oxygen saturation low on a weak signal") },
    { "E-RRUP", N_("breathing faster") },
    { "E-RRUPm", N_("breathing somewhat faster") },
    { "E-RRDN", N_("breathing too slow") },
    { "E-RRDNm", N_("breathing slower") },
    { "E-RRLO", N_("breathing below its limit") },
    { "E-RRHI", N_("breathing above its limit") },
    { "E-TEMP", N_("fever") },
    { "E-TEMPX", N_("high fever") },
    { "E-TEMPLO", N_("temperature low") },
    { "S-SKIN", N_("skin symptom") },
    { "S-FLUSH", N_("warmth or flushing") },
    { "S-AIRWAY", N_("airway symptom") },
    { "S-BREATH", N_("short of breath or cough") },
    { "S-GI", N_("stomach or bowel symptom") },
    { "S-FAINT", N_("faintness") },
    { "S-VAGAL", N_("pale, sweating, nausea or faint") },
    { "S-LIGHTHEAD", N_("light-headed or faint") },
    { "S-LOC", N_("loss of consciousness") },
    { "S-DOOM", N_("collapse or feeling of doom") },
    { "S-CHEST", N_("chest pain or palpitations") },
    { "S-CHESTPAIN", N_("chest pain") },
    { "S-HEADACHE", N_("headache") },
    { "S-LASIGN", N_("early sign of lidocaine toxicity") },
    { "S-LASEVERE", N_("severe sign of lidocaine toxicity") },
    { "S-AGITATION", N_("agitation") },
    { "S-UNRESPONSIVE", N_("does not answer") },
    { "S-WEAK", N_("weak or drowsy") },
    { "S-WEAKNESS", N_("weak or muscle cramps") },
    { "S-DROWSY", N_("drowsy") },
    { "S-CHILLS", N_("chills or shaking") },
    { "S-SITE", N_("finding at the IV site") },
    { "S-SHAKY", N_("shaky") },
    { "S-SWEAT", N_("sweating") },
    { "C-INF", N_("infusion ran shortly before") },
    { "C-RAN", N_("infusion ran in this session") },
    { "C-MG", N_("magnesium given") },
    { "C-MGFAST", N_("magnesium given fast") },
    { "C-MGRISE", N_("much magnesium given in all") },
    { "C-KET", N_("ketamine given") },
    { "C-LIDO", N_("lidocaine given") },
    { "C-DRUG", N_("high-risk drug running") },
    { "C-VOL", N_("much fluid or fast") },
    { "C-RISK", N_("patient at risk of overload") },
    { "C-BETA", N_("takes a beta-blocker") },
    { "C-BREAK", N_("just stood up") },
    { "C-NOCUFF", N_("no cuff reading for a long time") },
    { "D-MGSOFT", N_("magnesium faster than usual") },
    { "D-MGHARD", N_("magnesium faster than the limit") },
    { "D-MGHARDx2", N_("magnesium far faster than the limit") },
    { "D-KETHARD", N_("ketamine faster than the limit") },
    { "D-KETHARDx2", N_("ketamine far faster than the limit") },
    { "D-LIDOHARD", N_("lidocaine faster than the limit") },
    { "D-LIDOHARDx2", N_("lidocaine far faster than the limit") },
    { "D-SOFT", N_("faster than usual") },
    { "D-HARD", N_("faster than the limit") },
    { "D-TOTAL", N_("total dose above the maximum") },
    { "D-FLUIDHARD", N_("flow above the limit for this weight") },
    { "D-VOLHARD", N_("volume above the limit for this weight") },
    { "D-OFFPLAN", N_("faster than planned") },
  };

  return look_up (table, G_N_ELEMENTS (table), id);
}

char *
chs_say_evidence (const char *ids)
{
  return say_list (ids, evidence_word);
}

/* "HR is back below 120 /min." Returns: (transfer full) (nullable): NULL where no one limit is crossed. */
static char *
say_way_back (const ChsAlarm *alarm)
{
  const char      *name = _(chs_param_info ((ChsParam) alarm->param)->label);
  g_autofree char *limit = chs_say_alarm_value (alarm, alarm->limit);

  if (alarm->param == CHS_PARAM_NONE || isnan (alarm->value) || isnan (alarm->limit))
    return NULL;

  /* Translators: a vital sign, and the limit that it has crossed, with its unit */
  return alarm->value < alarm->limit ? g_strdup_printf (_("%s is back above %s."), name, limit)
                                     : g_strdup_printf (_("%s is back below %s."), name, limit);
}

static char *
say_hold (ChsScene *scene, const ChsAlarm *alarm)
{
  gboolean         is_high = alarm->priority == CHS_PRIORITY_HIGH;
  double           hold_s = chs_scene_get_number (scene, is_high ? "alarm.high_clear_hold" : "alarm.clear_hold");
  g_autofree char *hold = chs_say_age ((int64_t) (hold_s * (double) G_USEC_PER_SEC));

  if (is_high)
    /* Translators: a time follows, "60 s" */
    return g_strdup_printf (_("None of the evidence is true for %s without a break, and somebody has touched Seen."), hold);

  return g_strdup_printf (_("None of the evidence is true for %s without a break. Seen only silences it until then."), hold);
}

char *
chs_say_clearing (ChsScene *scene, const ChsActiveAlarm *active)
{
  g_autofree char *back = say_way_back (&active->alarm), *hold = NULL;

  if (active->state == CHS_ALARM_STATE_IDLE)
    return g_strdup (_("It is over."));
  if (active->state == CHS_ALARM_STATE_LATCHED)
    return g_strdup (_("The condition has gone. It stays here until you touch Seen."));

  hold = say_hold (scene, &active->alarm);

  return back ? g_strdup_printf ("%s %s", back, hold) : g_steal_pointer (&hold);
}
