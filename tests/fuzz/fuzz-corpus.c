/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

/* The corpus as an ordinary test: every file of tests/fuzz/corpus/TARGET/ through its target. A file that breaks
 * something aborts the program; its name was printed before. Arguments: the folder of the corpus. */

static guint
run_folder (const char *corpus, const char *target)
{
  g_autofree char *folder = g_build_filename (corpus, target, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  FuzzRun run = fuzz_find (target);
  const char *name;
  guint n_files = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL), *bytes = NULL;
    gsize n;

    if (!g_file_get_contents (path, &bytes, &n, NULL))
      continue;
    printf ("# %s/%s\n", target, name);
    fflush (stdout);
    run (target, (const guint8 *) bytes, n);
    n_files++;
  }
  return n_files;
}

int
main (int argc, char **argv)
{
  g_autofree const char **names = fuzz_names ();
  if (argc != 2)
    return EXIT_FAILURE;
  printf ("1..%u\n", g_strv_length ((char **) names));
  for (guint i = 0; names[i] != NULL; i++) {
    guint n_files = run_folder (argv[1], names[i]);

    printf ("ok %u - %s: %u files%s\n", i + 1, names[i], n_files, n_files == 0 ? " # SKIP no corpus yet: fuzz-seeds makes one" : "");
  }
  return EXIT_SUCCESS;
}
