/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/simulator.h"

#include <string.h>

/* The one table of simulated instruments; a line for each. Sorted by driver id. */
#define SIMULATORS(X) \
  X (accutorr_3) \
  X (alaris_asena) \
  X (baxter_as50) \
  X (bbraun_bcc) \
  X (bbraun_fm) \
  X (berry_bci) \
  X (capnostream_20) \
  X (contec_cms50) \
  X (contec_cms50_old) \
  X (datex_s5) \
  X (graseby_3400) \
  X (harvard_phd) \
  X (intellivue) \
  X (ivy_450c) \
  X (masimo_ascii) \
  X (nellcor_ascii) \
  X (neurowave_ap4000) \
  X (new_era_ne1000) \
  X (nonin_13) \
  X (nonin_2) \
  X (nonin_8) \
  X (nonin_ascii) \
  X (orchestra) \
  X (suntech_nibp) \
  X (terumo)

#define DECLARE(name) extern const ChsSimulator chs_simulator_##name;
#define POINTER(name) &chs_simulator_##name,

SIMULATORS (DECLARE)

static const ChsSimulator *const simulators[] = {
  SIMULATORS (POINTER)
  NULL,
};

const ChsSimulator *const *
chs_simulators (unsigned *n)
{
  if (n != NULL)
    *n = sizeof simulators / sizeof simulators[0] - 1;
  return simulators;
}

const ChsSimulator *
chs_simulator_find (const char *driver_id)
{
  for (const ChsSimulator *const *s = simulators; *s != NULL; s++)
    if (strcmp ((*s)->driver_id, driver_id) == 0)
      return *s;
  return NULL;
}
