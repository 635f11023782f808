/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/application.h"
#include "ui/kiosk.h"
#include "ui/language.h"
#include "ui/preferences.h"
#include "ui/renderer.h"

int
main (int argc, char **argv)
{
  g_autoptr (ChsApplication) application = NULL;
  g_autofree char           *path = chs_preferences_dup_path ();
  ChsPreferences             preferences;

  chs_kiosk_prepare (argc, argv);
  chs_preferences_load (&preferences, path);
  chs_language_init (argc, argv, preferences.language);
  chs_renderer_choose ();
  application = chs_application_new ();

  return chs_application_run (application, argc, argv);
}
