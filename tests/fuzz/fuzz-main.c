/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>

/* The entry of libFuzzer: one program, and the target as --target=NAME (libFuzzer leaves arguments with two dashes
 * alone). --targets prints their names. */

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n);

static const char *target;
static FuzzRun run;

static void
print_targets (void)
{
  g_autofree const char **names = fuzz_names ();

  for (const char **name = names; *name != NULL; name++)
    puts (*name);
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  for (int i = 1; i < *argc; i++) {
    if (strcmp ((*argv)[i], "--targets") == 0) {
      print_targets ();
      exit (0);
    }
    if (g_str_has_prefix ((*argv)[i], "--target="))
      target = (*argv)[i] + strlen ("--target=");
  }
  run = target != NULL ? fuzz_find (target) : NULL;
  if (run == NULL) {
    fprintf (stderr, "fuzz: --target=NAME is missing, or unknown; --targets prints them\n");
    exit (2);
  }
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  run (target, bytes, n);
  return 0;
}
