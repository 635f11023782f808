/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The chair as a machine, for the clinic's technician: facts and findings for everybody, and
 * behind the PIN volume, look, and the configuration in and out by USB stick. What a stick
 * would change is shown before it is taken. */

#define CHS_TYPE_SERVICE_PAGE (chs_service_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsServicePage, chs_service_page, CHS, SERVICE_PAGE, ChsPage)
