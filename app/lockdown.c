/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/lockdown.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

void
chs_lockdown_process (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
/* The leak check of the address sanitizer traces its own process. */
#ifndef __SANITIZE_ADDRESS__
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
  umask (0077);
}
