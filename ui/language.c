/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/language.h"

#include <glib/gi18n.h>
#include <locale.h>

#define OPTION "--language="

static const char *
wanted (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    if (g_str_has_prefix (argv[i], OPTION))
      return argv[i] + strlen (OPTION);

  return NULL;
}

static const char *
catalogue_folder (void)
{
  /* From the build tree the catalogues are beside the program's own folder. */
  const char *folder = g_getenv ("CHAIRSIDE_LOCALEDIR");

  return folder ? folder : CHS_LOCALEDIR;
}

void
chs_language_init (int argc, char **argv)
{
  const char *language = wanted (argc, argv);

  if (language)
    g_setenv ("LANGUAGE", language, TRUE);
  /* The C locale knows no translations at all; C.UTF-8 is always there and follows LANGUAGE. */
  if (setlocale (LC_ALL, "") == NULL || g_str_equal (setlocale (LC_MESSAGES, NULL), "C")) {
    g_setenv ("LC_ALL", "C.UTF-8", TRUE);
    setlocale (LC_ALL, "C.UTF-8");
  }

  bindtextdomain (GETTEXT_PACKAGE, catalogue_folder ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

gboolean
chs_language_is_rtl (void)
{
  /* Translators: "rtl" if your language is written from right to left, otherwise "ltr" */
  return g_str_equal (C_("text direction", "ltr"), "rtl");
}
