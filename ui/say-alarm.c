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
  g_autofree char    *text = g_strdup_printf ("%.*f %s", info->decimals, value, _(chs_unit_info (info->unit)->label));

  return isnan (value) ? g_strdup ("") : chs_language_isolate (text);
}

/* ---- aloud ---- */

char *
chs_say_alarm_title (ChsScene *scene, const ChsActiveAlarm *active)
{
  g_autofree char *why = NULL, *advice = NULL;
  char            *what;

  chs_alarm_words (chs_scene_get_model (scene), active, chs_scene_get_now_us (scene), chs_scene_get_theme (scene), &what, &why,
                   &advice);

  return what;
}

/* Ends it as a sentence; titles and values have no full stop of their own, advice has. */
static void
append_sentence (GString *text, const char *part)
{
  if (*part == '\0')
    return;
  g_string_append_printf (text, " %s", part);
  if (!g_unichar_ispunct (g_utf8_get_char (g_utf8_prev_char (text->str + text->len))))
    g_string_append_c (text, '.');
}

char *
chs_say_alarm (ChsScene *scene, const ChsActiveAlarm *active)
{
  g_autofree char *what = NULL, *why = NULL, *advice = NULL;
  GString         *text = g_string_new (chs_say_priority (active->alarm.priority));

  chs_alarm_words (chs_scene_get_model (scene), active, chs_scene_get_now_us (scene), chs_scene_get_theme (scene), &what, &why,
                   &advice);
  g_string_append_c (text, ':');
  append_sentence (text, what);
  append_sentence (text, why);
  append_sentence (text, advice);

  return g_string_free (text, FALSE);
}

/* ---- lists of ids ---- */

static char *
say_list (const char *ids, const char *(*word) (const char *id))
{
  g_auto (GStrv) list = g_strsplit (ids, ",", -1);
  GString       *text = g_string_new (NULL);

  for (guint i = 0; list[i]; i++)
    if (*g_strstrip (list[i]))
      g_string_append_printf (text, "%s%s", text->len ? " · " : chs_language_is_rtl () ? "\u200f" : "", word (list[i]));

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
  /* Every id of app/evidence.h: an alarm names whatever of its rule is true. The numbers behind them are in the profile. */
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
    { "E-BPABS", N_("pressure below its absolute limit") },
    { "E-LOWx2", N_("the reading before was below the limit too") },
    { "E-MILD", N_("pressure fell only a little") },
    { "E-BP110", N_("systolic still not low") },
    { "E-SLOW", N_("pressure came down slowly") },
    { "E-GRADUAL", N_("pressure came down slowly") },
    { "E-DROP", N_("pressure fell fast") },
    { "E-EASE", N_("calm, systolic still not low") },
    { "E-BPDN", N_("pressure fell while the pulse rose") },
    { "N-NEWS2", N_("NEWS2 raised") },
    { "N-NEWS2+", N_("NEWS2 high") },
    { "E-HRRISE", N_("heart rate rose suddenly") },
    { "E-SUDDEN", N_("heart rate fell within a minute") },
    { "E-REST", N_("heart rate as at rest, pressure and oxygen steady") },
    { "E-CALM", N_("calm or asleep") },
    { "E-SPO2s", N_("oxygen saturation slightly lower") },
    { "E-RRUPs", N_("breathing somewhat faster") },
    { "E-RRUPr", N_("breathing somewhat faster") },
    { "S-COLLAPSE", N_("collapse") },
    { "A-VASO", N_("probable faint at the same time") },
    { "A-VASO10", N_("probable faint shortly before") },
    { "A-VASO+", N_("no recovery after the faint") },
    { "A-REACTION", N_("possible reaction now or shortly before") },
    { "A-OVERLOAD", N_("signs of too much fluid shortly before") },
    { "A-HYPERMG", N_("signs of too much magnesium at the same time") },
    { "A-LIDO", N_("signs of lidocaine toxicity at the same time") },
    { "C-PAUSE", N_("the patient is on a break") },
    { "C-SESSION", N_("somebody sits in the chair") },
    { "C-WET", N_("much fluid or fast, pulse not faster") },
    { "C-NOSPO2", N_("no oxygen saturation") },
    { "C-NORR", N_("no breathing rate") },
    { "D-JUMP", N_("rate far above the ordered one or the one before") },
    { "D-OSM", N_("mix too thin or too concentrated") },
    { "P-RESIST", N_("resistance of the line high") },
    { "P-TREND", N_("line pressure rising") },
    { "P-PEAKS", N_("short peaks of line pressure") },
    { "T-SPO2OFF", N_("no oxygen saturation") },
    { "T-SPO2OFFK", N_("no oxygen saturation") },
    { "T-NOHR", N_("no heart rate") },
    { "T-ECGOFF", N_("no ECG, pulse wave present") },
    { "T-RROFF", N_("no breathing rate") },
    { "T-NIBPLATE", N_("no cuff reading for a long time") },
    { "T-NIBPFAIL", N_("the cuff failed several times in a row") },
    { "T-ABP", N_("arterial line damped or being flushed") },
    { "T-FROZEN", N_("the values stand still") },
    { "T-MONLINK", N_("nothing heard from the monitor") },
    { "T-PUMPLINK", N_("nothing heard from a pump") },
    { "T-OCCLUSION", N_("the pump reports an occlusion") },
    { "T-PUMPALARM", N_("the pump has an alarm of its own") },
    { "T-DONE", N_("the pump reports the end of the infusion") },
    { "T-PAUSED", N_("pump paused for a long time") },
    { "T-MISMATCH", N_("rate and volume of the pump do not agree") },
    { "T-MONALARM", N_("the monitor has an alarm of its own") },
    { "T-DEVICE", N_("another instrument answers than before") },
    { "T-SOUND", N_("no alarm sound can be made") },
    { "T-SCREEN", N_("no screen answers") },
    { "T-STORE", N_("recording fails") },
    { "T-LAG", N_("the computer cannot keep up") },
    { "T-PROFILE", N_("the clinic's alarm profile was refused, the built-in one is in force") },
    { "T-LIBRARY", N_("the therapy library was refused") },
    { "T-ROOMLOW", N_("room for recordings ends in days") },
    { "T-ROOM", N_("no room for recordings is left") },
    { "T-NOCLOCK", N_("the clock is not set") },
    { "T-CLOCK", N_("the clock was changed by much") },
    { "T-NOBASE", N_("pump runs without a baseline") },
    { "T-NOSETUP", N_("pump runs, weight or therapy not entered") },
    { "T-NOCHECK", N_("pump runs, a check is not ticked") },
    { "T-MGRISK", N_("magnesium with digoxin or weak kidneys") },
    { "T-ADDITIVE", N_("pump runs an additive without a dose check") },
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
say_hold (const ChsActiveAlarm *active)
{
  gboolean         is_high = active->alarm.priority == CHS_PRIORITY_HIGH;
  double           hold_s = active->hold_s;
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

  hold = say_hold (active);

  return back ? g_strdup_printf ("%s %s", back, hold) : g_steal_pointer (&hold);
}
