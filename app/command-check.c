/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-check.h"

#include "app/alarm-limits.h"
#include "app/symptom.h"
#include "data/alarm.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (chs - command - error - quark, chs_command_error)

static gboolean G_GNUC_PRINTF (3, 4) refuse (GError **error, ChsCommandError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CHS_COMMAND_ERROR, (int) code, format, args));
  va_end (args);
  return FALSE;
}

/* ---- actions ---- */

/* What "what" may be. */
typedef enum {
  WHAT_ANY,   /* free, may be "" */
  WHAT_WORD,  /* free, not "" */
  WHAT_NONE,  /* must be "" */
  WHAT_LABEL, /* an alarm label */
  WHAT_LABEL_OR_ALL,
  WHAT_SYMPTOM,
  WHAT_PHASE,
  WHAT_PARAM, /* one whose alarms can be switched off */
} What;

typedef struct {
  What what;
  double low, high; /* of the value; NAN = it is not looked at */
} Rule;

static const Rule rules[] = {
  [CHS_NURSE_ACK] = { WHAT_LABEL_OR_ALL, NAN, NAN },
  /* How long a pause may be is the profile's to say: the engine cuts it. An hour is no pause under any profile. */
  [CHS_NURSE_AUDIO_PAUSE] = { WHAT_NONE, 1, 3600 },
  [CHS_NURSE_AUDIO_RESUME] = { WHAT_NONE, NAN, NAN },
  [CHS_NURSE_MARK] = { WHAT_ANY, NAN, NAN },
  [CHS_NURSE_SYMPTOM] = { WHAT_SYMPTOM, NAN, NAN },
  [CHS_NURSE_SYMPTOM_CLEAR] = { WHAT_SYMPTOM, NAN, NAN },
  [CHS_NURSE_SYMPTOM_UNDO] = { WHAT_SYMPTOM, NAN, NAN },
  [CHS_NURSE_BREAK] = { WHAT_NONE, 0, 1 },
  [CHS_NURSE_BASELINE] = { WHAT_ANY, NAN, NAN },
  [CHS_NURSE_PHASE] = { WHAT_PHASE, NAN, NAN },
  [CHS_NURSE_REACTION] = { WHAT_ANY, 0, 1 },
  [CHS_NURSE_DONE] = { WHAT_WORD, NAN, NAN },
  [CHS_NURSE_SCORE] = { WHAT_WORD, NAN, NAN },
  [CHS_NURSE_SITE_CHECK] = { WHAT_WORD, NAN, NAN },
  [CHS_NURSE_ALARM_USEFUL] = { WHAT_LABEL, 0, 2 },
  [CHS_NURSE_NOTE] = { WHAT_ANY, NAN, NAN },
  [CHS_NURSE_CORRECTION] = { WHAT_ANY, 1, INFINITY },
  [CHS_NURSE_SELF_TEST] = { WHAT_NONE, 0, 1 },
  [CHS_NURSE_AUDIO_OFF] = { WHAT_NONE, 0, 1 },
  [CHS_NURSE_ALARM_PAUSE] = { WHAT_NONE, 0, 3600 },
  [CHS_NURSE_ALARM_OFF] = { WHAT_PARAM, 0, 1 },
};

static gboolean
check_what (What kind, const char *action, const char *what, GError **error)
{
  switch (kind) {
  case WHAT_ANY:
    return TRUE;
  case WHAT_WORD:
    return what[0] != '\0' || refuse (error, CHS_COMMAND_ERROR_VALUE, "%s: what is missing", action);
  case WHAT_NONE:
    return what[0] == '\0' || refuse (error, CHS_COMMAND_ERROR_VALUE, "%s takes no \"%s\"", action, what);
  case WHAT_LABEL_OR_ALL:
    if (what[0] == '\0')
      return TRUE;
    G_GNUC_FALLTHROUGH;
  case WHAT_LABEL:
    return chs_label_from_id (what) != CHS_LABEL_NONE
           || refuse (error, CHS_COMMAND_ERROR_UNKNOWN, "%s: there is no alarm label \"%s\"", action, what);
  case WHAT_SYMPTOM:
    return chs_symptom_find (what) != NULL
           || refuse (error, CHS_COMMAND_ERROR_UNKNOWN, "%s: there is no symptom \"%s\"", action, what);
  case WHAT_PHASE:
    return chs_phase_from_id (what) != CHS_N_PHASES
           || refuse (error, CHS_COMMAND_ERROR_UNKNOWN, "%s: there is no phase \"%s\"", action, what);
  case WHAT_PARAM:
    return chs_engine_can_switch_off (chs_param_from_name (what))
           || refuse (error, CHS_COMMAND_ERROR_UNKNOWN,
                      "%s: \"%s\" has no alarms of its own; write HR, SPO2, RR, NIBP_SYS or TEMP", action, what);
  }
  return FALSE;
}

static gboolean
is_text (const char *text, gsize size)
{
  gsize n = strnlen (text, size);

  return n < size && g_utf8_validate (text, (gssize) n, NULL);
}

gboolean
chs_command_check_nurse (const ChsNurse *nurse, gint64 now_us, GError **error)
{
  const char *action = chs_nurse_action_id (nurse->action);
  const Rule *rule = nurse->action < G_N_ELEMENTS (rules) ? &rules[nurse->action] : NULL;

  if (rule == NULL || action[0] == '\0')
    return refuse (error, CHS_COMMAND_ERROR_UNKNOWN, "there is no action %u", nurse->action);
  if (!is_text (nurse->what, sizeof nurse->what) || !is_text (nurse->who, sizeof nurse->who)
      || !is_text (nurse->text, sizeof nurse->text))
    return refuse (error, CHS_COMMAND_ERROR_VALUE, "%s: a text is not UTF-8", action);
  if (!check_what (rule->what, action, nurse->what, error))
    return FALSE;
  if (!isnan (rule->low) && !(nurse->value >= rule->low && nurse->value <= rule->high))
    return refuse (error, CHS_COMMAND_ERROR_VALUE, "%s: value %g is not between %g and %g", action, nurse->value,
                   rule->low, rule->high);
  if (nurse->at_us != CHS_TIME_NONE && (nurse->at_us < 0 || nurse->at_us > now_us))
    return refuse (error, CHS_COMMAND_ERROR_VALUE, "%s: its time is not in this session", action);
  return TRUE;
}

/* ---- what is silent ---- */

/* What the clinic's alarm profile says about offering it. */
static const char *
permission_of (const ChsNurse *nurse)
{
  if (nurse->action == CHS_NURSE_AUDIO_OFF)
    return "alarm.audio_off";
  return nurse->action == CHS_NURSE_ALARM_OFF ? "alarm.alarm_off" : NULL;
}

gboolean
chs_command_check_silence (
    const ChsNurse *nurse, const ChsProfile *profile, const ChsEngine *engine, GError **error)
{
  const char *action = chs_nurse_action_id (nurse->action), *permission = permission_of (nurse);

  if (!(nurse->value > 0))
    return TRUE;
  if (nurse->action == CHS_NURSE_ALARM_PAUSE && !chs_engine_can_pause_alarms (engine))
    return refuse (error, CHS_COMMAND_ERROR_DENIED,
                   "%s: only before a session, while nothing flows; pause the sound instead", action);
  if (permission == NULL)
    return TRUE;
  if (chs_profile_get (profile, permission) < 1)
    return refuse (error, CHS_COMMAND_ERROR_DENIED, "%s is not offered here: the alarm profile says %s = 0", action,
                   permission);
  return TRUE;
}

gboolean
chs_command_needs_pin (const ChsNurse *nurse)
{
  return permission_of (nurse) != NULL && nurse->value > 0;
}

/* ---- keys of the session ---- */

static gboolean
check_limit (const ChsProfile *profile, const char *key, const char *value, GError **error)
{
  double number, bound;
  ChsLimitVerdict verdict = chs_limit_judge (profile, key, value, &number, &bound);
  g_autofree char *reason = NULL;

  if (verdict == CHS_LIMIT_GOOD)
    return TRUE;
  reason = chs_limit_dup_reason (key, value, verdict, bound);
  return refuse (error, verdict == CHS_LIMIT_UNKNOWN ? CHS_COMMAND_ERROR_UNKNOWN : CHS_COMMAND_ERROR_VALUE, "%s", reason);
}

/* "pump.<source>.<channel>.<key>" */
static gboolean
check_pump (const char *key, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (key, ".", 4);
  ChsTherapy scratch;

  chs_therapy_clear (&scratch);
  return g_strv_length (parts) == 4 && g_ascii_string_to_unsigned (parts[1], 10, 1, 250, NULL, NULL)
         && g_ascii_string_to_unsigned (parts[2], 10, 0, 255, NULL, NULL)
         && chs_therapy_setup (&scratch, parts[3], value);
}

static gboolean
check_key (ChsSession *scratch, const ChsProfile *profile, const ChsSetup *setup, GError **error)
{
  gboolean good;

  if (g_str_has_prefix (setup->key, "limit."))
    return check_limit (profile, setup->key, setup->value, error);
  good = g_str_has_prefix (setup->key, "pump.") ? check_pump (setup->key, setup->value)
                                                : chs_session_setup (scratch, setup->key, setup->value);
  return good
         || refuse (error, CHS_COMMAND_ERROR_VALUE, "%s cannot be \"%s\": unknown key, or a value out of range",
                    setup->key, setup->value);
}

gboolean
chs_command_check_setup (
    const ChsSession *session, const ChsProfile *profile, const ChsSetup *keys, gsize n, GError **error)
{
  ChsSession scratch = *session;

  if (n == 0)
    return refuse (error, CHS_COMMAND_ERROR_VALUE, "no keys");
  for (gsize i = 0; i < n; i++) {
    if (!is_text (keys[i].key, sizeof keys[i].key) || !is_text (keys[i].value, sizeof keys[i].value))
      return refuse (error, CHS_COMMAND_ERROR_VALUE, "a key or value is not UTF-8");
    if (!check_key (&scratch, profile, &keys[i], error))
      return FALSE;
  }
  return TRUE;
}
