/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Settings of this screen: look, size of the text, language, and the way to the ruler.
 * They take effect at once and are kept by the application (actions app.look,
 * app.text-scale, app.language). */

#define CHS_TYPE_SETTINGS_PAGE (chs_settings_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSettingsPage, chs_settings_page, CHS, SETTINGS_PAGE, ChsPage)
