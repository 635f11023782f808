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

/* From the build tree the catalogues are beside the program's own folder. */
static char *
dup_catalogue_folder (void)
{
  const char      *wanted_folder = g_getenv ("CHAIRSIDE_LOCALEDIR");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *program = g_path_get_dirname (self ? self : "");
  g_autofree char *built = g_build_filename (program, "..", "po", NULL);

  if (wanted_folder)
    return g_strdup (wanted_folder);

  return g_strdup (self && g_file_test (built, G_FILE_TEST_IS_DIR) ? built : CHS_LOCALEDIR);
}

void
chs_language_init (int argc, char **argv, const char *chosen)
{
  const char      *language = wanted (argc, argv);
  g_autofree char *catalogues = dup_catalogue_folder ();

  if (language == NULL && *chosen)
    language = chosen;
  if (language)
    g_setenv ("LANGUAGE", language, TRUE);
  /* The C locale knows no translations at all; C.UTF-8 is always there and follows LANGUAGE. */
  if (setlocale (LC_ALL, "") == NULL || g_str_equal (setlocale (LC_MESSAGES, NULL), "C")) {
    g_setenv ("LC_ALL", "C.UTF-8", TRUE);
    setlocale (LC_ALL, "C.UTF-8");
  }

  bindtextdomain (GETTEXT_PACKAGE, catalogues);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

gboolean
chs_language_is_rtl (void)
{
  /* Translators: "rtl" if your language is written from right to left, otherwise "ltr" */
  return g_str_equal (C_("text direction", "ltr"), "rtl");
}

char *
chs_language_isolate (const char *text)
{
  return chs_language_is_rtl () ? g_strconcat ("\u2066", text, "\u2069", NULL) : g_strdup (text);
}

static const ChsLanguage languages[] = {
  { "en", "English" },  { "de", "Deutsch" },          { "es", "Español" },  { "fr", "Français" },
  { "pt_BR", "Português (Brasil)" }, { "zh_CN", "简体中文" }, { "ar", "العربية" },
};

const ChsLanguage *
chs_languages (guint *n)
{
  *n = G_N_ELEMENTS (languages);

  return languages;
}

gboolean
chs_language_is_there (const char *id)
{
  g_autofree char *folder = dup_catalogue_folder ();
  g_autofree char *file = g_strconcat (GETTEXT_PACKAGE, ".mo", NULL);
  g_autofree char *catalogue = g_build_filename (folder, id, "LC_MESSAGES", file, NULL);

  return g_str_equal (id, "en") || g_file_test (catalogue, G_FILE_TEST_EXISTS);
}

gboolean
chs_language_is (const char *id)
{
  /* Translators: the code of your language, as in the name of this file: "de", "pt_BR" */
  return g_str_equal (C_("language code", "en"), id);
}

/* The catalogue in force is remembered by libintl: naming the domain anew makes it look at LANGUAGE again. */
void
chs_language_set (const char *id)
{
  g_autofree char *catalogues = dup_catalogue_folder ();

  g_setenv ("LANGUAGE", id, TRUE);
  setlocale (LC_MESSAGES, setlocale (LC_MESSAGES, NULL));
  bindtextdomain (GETTEXT_PACKAGE, catalogues);
  textdomain (GETTEXT_PACKAGE);
}
