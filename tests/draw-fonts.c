/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/draw-fonts.h"

#include <fontconfig/fontconfig.h>
#include <glib.h>
#include <stdlib.h>

void
draw_case_use_fonts (void)
{
  const char *root = getenv ("CHS_TEST_DATA"), *build = getenv ("CHS_TEST_BUILD");
  g_autofree char *text = g_strdup_printf ("<fontconfig><dir>%s/fonts</dir><cachedir>%s/font-cache</cachedir></fontconfig>",
                                           root != NULL ? root : "tests", build != NULL ? build : "_build");
  FcConfig *config = FcConfigCreate ();

  g_assert_true (FcConfigParseAndLoadFromMemory (config, (const FcChar8 *) text, FcTrue));
  g_assert_true (FcConfigBuildFonts (config));
  FcConfigSetCurrent (config);
  FcConfigDestroy (config);
}
