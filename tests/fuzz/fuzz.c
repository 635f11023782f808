/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "devices/driver.h"

#include <string.h>

FuzzRun
fuzz_find (const char *name)
{
  for (const FuzzFile *file = fuzz_files; file->name != NULL; file++)
    if (strcmp (file->name, name) == 0)
      return file->run;
  return chs_driver_find (name) != NULL ? fuzz_driver : NULL;
}

const char **
fuzz_names (void)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    g_ptr_array_add (names, (gpointer) (*driver)->id);
  for (const FuzzFile *file = fuzz_files; file->name != NULL; file++)
    g_ptr_array_add (names, (gpointer) file->name);
  g_ptr_array_add (names, NULL);
  return (const char **) g_ptr_array_free (names, FALSE);
}
