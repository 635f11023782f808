/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/evaluate.h"

#include <stdio.h>
#include <string.h>

#define MAX_JOBS 64

int
chs_tool_evaluate (int argc, char **argv)
{
  g_autofree char *truth = NULL, *profile = NULL;
  gboolean json = FALSE, findings = FALSE, compare = FALSE;
  int jobs = (int) MIN (g_get_num_processors (), MAX_JOBS), status;
  const GOptionEntry entries[] = {
    { "truth", 0, 0, G_OPTION_ARG_FILENAME, &truth, "Folder of the truth files; else beside the scenarios", "DIR" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, "Alarm profile to use", "FILE" },
    { "compare", 0, 0, G_OPTION_ARG_NONE, &compare, "With --profile: beside what was recorded, in each \"burden\" line", NULL },
    { "jobs", 0, 0, G_OPTION_ARG_INT, &jobs, "Sessions at a time; else as many as there are processors", "N" },
    { "findings", 0, 0, G_OPTION_ARG_NONE, &findings, "Also each miss, false alarm and wrong HIGH", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object a line (the only form there is)", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  ChsEvaluateOptions options;

  if (!chs_tool_parse (&argc, &argv, entries, 1, -1, &status))
    return status;
  if (jobs < 1 || jobs > MAX_JOBS)
    return chs_tool_usage (argv[0], "--jobs=%d is not within 1 to %d", jobs, MAX_JOBS);
  if (compare && profile == NULL)
    return chs_tool_usage (argv[0], "--compare goes with --profile");
  options = (ChsEvaluateOptions) { .truth_dir = truth, .profile_path = profile, .jobs = (guint) jobs, .findings = findings, .compare = compare };
  if (!chs_evaluate_run ((const char *const *) argv + 1, &options, out, &error))
    return chs_tool_refuse (argv[0], error);
  fputs (out->str, stdout);
  return strstr (out->str, "{\"type\":\"damaged\"") != NULL ? CHS_TOOL_FINDINGS : CHS_TOOL_DONE;
}
