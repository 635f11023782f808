/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/driver.h"

#include <stdio.h>
#include <string.h>

/* The one table. Adding an instrument: its own files, a line here, a line in
 * meson.build, its recordings in tests/. Sorted by id. */
#define DRIVERS(X) \
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

#define DECLARE(name) extern const ChsDriver chs_driver_##name;
#define POINTER(name) &chs_driver_##name,

DRIVERS (DECLARE)

static const ChsDriver *const drivers[] = {
  DRIVERS (POINTER)
  NULL,
};

const ChsDriver *const *
chs_drivers (unsigned *n)
{
  if (n != NULL)
    *n = sizeof drivers / sizeof drivers[0] - 1;
  return drivers;
}

const ChsDriver *
chs_driver_find (const char *id)
{
  for (const ChsDriver *const *d = drivers; *d != NULL; d++)
    if (strcmp ((*d)->id, id) == 0)
      return *d;
  return NULL;
}

void
chs_driver_version (const ChsDriver *driver, char *out, size_t size)
{
  snprintf (out, size, CHS_VERSION "-r%u", driver->revision);
}
