/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/mixer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Names that ALSA drivers give to playback controls (Documentation/sound/designs/control-names.rst of Linux).
 * IEC958 is what HDMI and optical outputs call theirs. */
static const char *const series[] = { "Master", "Master Mono", "PCM", "Digital", "Wave", "DAC" };
static const char *const parallel[] = { "Speaker", "Headphone", "Front", "Line Out", "HDMI", "IEC958", "Desktop Speaker", "Bass Speaker" };

#define LENGTH(a) (sizeof (a) / sizeof (a)[0])

static bool
is_in (const char *name, const char *const *list, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (name, list[i]) == 0)
      return true;
  return false;
}

static bool
is_muted (const ChsMixerControl *control)
{
  return control->has_switch && !control->is_on;
}

static double
level_below (const ChsMixerControl *control)
{
  return isnan (control->below_db) ? 0 : control->below_db;
}

/* The loudest of the outputs that are on; INFINITY = all are muted; 0 = there are none. */
static double
outputs_below (const ChsMixerControl *controls, size_t n, const char **muted)
{
  double least = INFINITY;
  bool any = false;

  for (size_t i = 0; i < n; i++) {
    if (!is_in (controls[i].name, parallel, LENGTH (parallel)))
      continue;
    any = true;
    if (is_muted (&controls[i]))
      *muted = controls[i].name;
    else
      least = fmin (least, level_below (&controls[i]));
  }
  return any ? least : 0;
}

bool
chs_mixer_judge (const ChsMixerControl *controls,
                 size_t                 n,
                 double                 gain_db,
                 double                 floor_db,
                 double                *below_db,
                 char                  *why,
                 size_t                 size)
{
  const char *muted = NULL;
  double below = outputs_below (controls, n, &muted);

  for (size_t i = 0; i < n; i++) {
    if (!is_in (controls[i].name, series, LENGTH (series)))
      continue;
    if (is_muted (&controls[i])) {
      muted = controls[i].name;
      below = INFINITY;
    }
    below += level_below (&controls[i]);
  }
  if (below_db != NULL)
    *below_db = below;
  why[0] = '\0';
  if (isinf (below))
    snprintf (why, size, "volume control \"%s\" is muted", muted);
  else if (gain_db - below < floor_db)
    snprintf (why, size, "volume is %.1f dB below the loudest, the floor is %.1f dB", below - gain_db, -floor_db);
  return why[0] == '\0';
}
