/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pages.h"

#include "ui/alarms-page.h"
#include "ui/calls-page.h"
#include "ui/devices-page.h"
#include "ui/limits-page.h"
#include "ui/more-page.h"
#include "ui/power-page.h"
#include "ui/reaction-page.h"
#include "ui/review-page.h"
#include "ui/ruler-page.h"
#include "ui/service-page.h"
#include "ui/session-page.h"
#include "ui/settings-page.h"
#include "ui/site-page.h"
#include "ui/sound-page.h"
#include "ui/symptom-page.h"
#include "ui/why-page.h"

#include <glib/gi18n.h>

static const ChsPageInfo pages[] = {
  { "more", CHS_PAGE_OF_KEYS, .get_type = chs_more_page_get_type },
  { "why", CHS_PAGE_OF_KEYS, .answers_alarm = TRUE, .get_type = chs_why_page_get_type },
  { "symptom", CHS_PAGE_OF_KEYS, .answers_alarm = TRUE, .get_type = chs_symptom_page_get_type },
  { "site", CHS_PAGE_OF_KEYS, .get_type = chs_site_page_get_type },
  { "session", CHS_PAGE_OF_KEYS, .get_type = chs_session_page_get_type },
  { "reaction", CHS_PAGE_OF_KEYS, .answers_alarm = TRUE, .get_type = chs_reaction_page_get_type },
  { "limits", CHS_PAGE_OF_NURSE, N_("Alarm limits"), N_("see and change them"), GDK_KEY_l, FALSE, chs_limits_page_get_type },
  { "alarms", CHS_PAGE_OF_NURSE, N_("Alarms so far"), N_("when, how long, answered when"), GDK_KEY_h, TRUE, chs_alarms_page_get_type },
  /* Translators: title of the list of all that happened in the session */
  { "review", CHS_PAGE_OF_NURSE, N_("Review"), N_("everything that happened"), GDK_KEY_j, FALSE, chs_review_page_get_type },
  /* Translators: telephone calls to patients, a day after their session, that are still to be made */
  { "calls", CHS_PAGE_OF_NURSE, N_("Calls due"), N_("pain and fatigue a day later"), 0, FALSE, chs_calls_page_get_type },
  { "devices", CHS_PAGE_OF_TECHNICIAN, N_("Instruments and cables"), N_("what comes over them, what is wrong"), GDK_KEY_i, FALSE, chs_devices_page_get_type },
  { "settings", CHS_PAGE_OF_NURSE, N_("Settings"), N_("look, size of the text, language"), GDK_KEY_comma, FALSE, chs_settings_page_get_type },
  /* Translators: page that shows whether a millimetre on the screen is one */
  { "ruler", CHS_PAGE_OF_TECHNICIAN, N_("Ruler"), N_("are sizes on this screen true?"), GDK_KEY_m, FALSE, chs_ruler_page_get_type },
  { "sound", CHS_PAGE_OF_NURSE, N_("Sound test"), N_("is the alarm heard in this room?"), GDK_KEY_t, FALSE, chs_sound_page_get_type },
  { "power", CHS_PAGE_OF_NURSE, N_("Switch off"), N_("the chair's computer"), 0, FALSE, chs_power_page_get_type },
  /* Translators: page for the technician: health of the machine, settings, USB stick */
  { "service", CHS_PAGE_OF_TECHNICIAN, N_("Service"), N_("health, settings, USB stick"), GDK_KEY_k, FALSE, chs_service_page_get_type },
};

const ChsPageInfo *
chs_pages (guint *n)
{
  *n = G_N_ELEMENTS (pages);

  return pages;
}

const ChsPageInfo *
chs_pages_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].id, id))
      return &pages[i];

  return NULL;
}
