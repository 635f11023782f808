/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/profile-private.h"

#include <string.h>

/* The table of keys by itself: limits of a session ask for its ranges without a profile. */

#define KEY_ROW(index, key_name, key_unit, min, max) \
  [CHS_KEY_##index] = { .name = key_name, .unit = CHS_UNIT_##key_unit, .least = min, .most = max },
static const ChsKeyInfo keys[CHS_N_KEYS] = { [CHS_KEY_NONE] = { .name = "" }, CHS_PROFILE_KEYS (KEY_ROW) };

const ChsKeyInfo *
chs_key_info (ChsKey key)
{
  return &keys[(unsigned) key < CHS_N_KEYS ? key : CHS_KEY_NONE];
}

ChsKey
chs_key_from_name (const char *name)
{
  for (unsigned i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++)
    if (strcmp (keys[i].name, name) == 0)
      return (ChsKey) i;
  return CHS_KEY_NONE;
}

bool
chs_key_is_retired (const char *name)
{
  static const char *const retired[] = {
    "baseline.vitals_min",     /* one value is a better baseline than none: clinical 3 asks for no least */
    "baseline.late",           /* after the start only a nurse takes a baseline: clinical 3, hazard H28 */
    "baseline.population_rr",  /* no limit of breathing is tied to a baseline; what is relative to one is unknown without it */
    "lidocaine.loading_total", /* the therapy brings its own: lidocaine_loading_mg_kg */
  };

  for (unsigned i = 0; i < sizeof retired / sizeof *retired; i++)
    if (strcmp (retired[i], name) == 0)
      return true;
  return false;
}
