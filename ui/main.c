/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/application.h"
#include "ui/language.h"
#include "ui/renderer.h"

int
main (int argc, char **argv)
{
  g_autoptr (ChsApplication) application = NULL;

  chs_language_init (argc, argv);
  chs_renderer_choose ();
  application = chs_application_new ();

  return chs_application_run (application, argc, argv);
}
