/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/correction.h"

#include <string.h>

/* Marks a string for xgettext; whoever shows it translates it. */
#define N_(s) (s)

static const ChsReason reasons[] = {
  { "mistake", N_ ("touched by mistake") },
  { "early", N_ ("too early") },
  { "time", N_ ("wrong time") },
  { "other", N_ ("other reason") },
};

const ChsReason *
chs_reasons (unsigned *n)
{
  *n = sizeof reasons / sizeof reasons[0];
  return reasons;
}

static const ChsReason *
find_reason (const char *id)
{
  for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (strcmp (reasons[i].id, id) == 0)
      return &reasons[i];
  return NULL;
}

const char *
chs_reason_label (const char *id)
{
  const ChsReason *reason = find_reason (id);

  return reason != NULL ? reason->label : id;
}

bool
chs_correction_check (const ChsEngine *engine, const ChsNurse *nurse, const char **why)
{
  const uint64_t seq = nurse->value >= 1 ? (uint64_t) nurse->value : 0;
  ChsPhaseStep step;
  bool is_last;

  *why = NULL;
  if (nurse->what[0] != '\0' && find_reason (nurse->what) == NULL)
    *why = N_ ("there is no such reason");
  else if (chs_engine_find_phase_step (engine, seq, &step, &is_last) && !is_last)
    *why = N_ ("only the newest change of phase can be corrected");
  else if (nurse->at_us != CHS_TIME_NONE && step.seq == seq && seq != 0 && nurse->at_us < step.from_us)
    *why = N_ ("a phase cannot begin before the one that it followed");
  return *why == NULL;
}
