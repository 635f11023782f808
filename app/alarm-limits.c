/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/alarm-limits.h"

#include "app/profile-private.h"

#include <math.h>
#include <string.h>

static const ChsLimitInfo infos[] = {
  { "limit.HR.low", "limit.hr_low", CHS_PARAM_HR, false },
  { "limit.HR.high", "limit.hr_high", CHS_PARAM_HR, true },
  { "limit.SPO2.low", "limit.spo2_low", CHS_PARAM_SPO2, false },
  { "limit.NIBP_SYS.low", "bp.abs_low", CHS_PARAM_NIBP_SYS, false },
  { "limit.NIBP_SYS.high", "limit.sys_high", CHS_PARAM_NIBP_SYS, true },
  { "limit.NIBP_DIA.high", "limit.dia_high", CHS_PARAM_NIBP_DIA, true },
  { "limit.NIBP_MEAN.low", "bp.map_low", CHS_PARAM_NIBP_MEAN, false },
  { "limit.RR.low", "limit.rr_low", CHS_PARAM_RR, false },
  { "limit.RR.high", "limit.rr_high", CHS_PARAM_RR, true },
  { "limit.TEMP.low", "limit.temp_low", CHS_PARAM_TEMP, false },
  { "limit.TEMP.high", "temp.fever", CHS_PARAM_TEMP, true },
};

/* Limits that alarm in HIGH and are not a session's to move: a plain limit beyond one of them would never be the first
 * to tell. */
static const struct {
  const char *key;
  ChsKey      extreme;
} extremes[] = {
  { "limit.HR.low", CHS_KEY_LIMIT_HR_LOW_EXTREME },   { "limit.HR.high", CHS_KEY_LIMIT_HR_EXTREME },
  { "limit.SPO2.low", CHS_KEY_LIMIT_SPO2_EXTREME },   { "limit.NIBP_SYS.low", CHS_KEY_BP_EXTREME_SBP },
  { "limit.NIBP_SYS.high", CHS_KEY_LIMIT_SYS_EXTREME }, { "limit.TEMP.high", CHS_KEY_TEMP_FEVER_ALONE },
};

const ChsLimitInfo *
chs_limit_infos (unsigned *n)
{
  *n = G_N_ELEMENTS (infos);
  return infos;
}

const ChsLimitInfo *
chs_limit_find (const char *key)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (infos); i++)
    if (strcmp (infos[i].key, key) == 0)
      return &infos[i];
  return NULL;
}

void
chs_limit_range (const ChsLimitInfo *info, double *least, double *most)
{
  const ChsKeyInfo *key = chs_key_info (chs_key_from_name (info->profile_key));

  *least = key->least;
  *most = key->most;
}

static double
extreme_of (const ChsProfile *profile, const char *key)
{
  for (unsigned i = 0; profile != NULL && i < G_N_ELEMENTS (extremes); i++)
    if (strcmp (extremes[i].key, key) == 0)
      return profile->value[extremes[i].extreme];
  return (double) NAN;
}

ChsLimitVerdict
chs_limit_judge (const ChsProfile *profile, const char *key, const char *value, double *number, double *bound)
{
  const ChsLimitInfo *info = chs_limit_find (key);
  char *end = NULL;
  double given = g_ascii_strtod (value, &end), least, most;

  *bound = NAN;
  if (info == NULL)
    return CHS_LIMIT_UNKNOWN;
  if (value[0] == '\0') {
    *number = NAN;
    return CHS_LIMIT_GOOD;
  }
  if (end == value || *end != '\0' || isnan (given))
    return CHS_LIMIT_NO_NUMBER;
  chs_limit_range (info, &least, &most);
  if (given < least || given > most) {
    *bound = given < least ? least : most;
    return given < least ? CHS_LIMIT_TOO_LOW : CHS_LIMIT_TOO_HIGH;
  }
  *bound = extreme_of (profile, key);
  if (info->is_high ? given > *bound : given < *bound)
    return CHS_LIMIT_CROSSED;
  *bound = NAN;
  *number = given;
  return CHS_LIMIT_GOOD;
}

char *
chs_limit_dup_reason (const char *key, const char *value, ChsLimitVerdict verdict, double bound)
{
  const ChsLimitInfo *info = chs_limit_find (key);
  const char *unit = info != NULL ? chs_unit_info (chs_param_info ((ChsParam) info->param)->unit)->ucum : "";
  double least, most;

  if (info == NULL)
    return g_strdup_printf ("there is no \"%s\" to be set for a session", key);
  chs_limit_range (info, &least, &most);
  if (verdict == CHS_LIMIT_NO_NUMBER)
    return g_strdup_printf ("%s cannot be \"%s\": not a number; give %g to %g %s", key, value, least, most, unit);
  if (verdict == CHS_LIMIT_CROSSED)
    return g_strdup_printf ("%s cannot be %s %s: beyond the extreme limit of %g %s, which stays", key, value, unit, bound, unit);
  return g_strdup_printf ("%s cannot be %s %s: outside the safe range %g to %g %s", key, value, unit, least, most, unit);
}
