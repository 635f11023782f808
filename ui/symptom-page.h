/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* A grid of keys, one a symptom: what this therapy is known for first. One touch
 * enters it; a touch on one that is there says that it has gone. */

#define CHS_TYPE_SYMPTOM_PAGE (chs_symptom_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSymptomPage, chs_symptom_page, CHS, SYMPTOM_PAGE, ChsPage)

/**
 * chs_symptom_order:
 * @therapy: what is infused
 * @order: (out) (array length=n): indexes into chs_symptoms(), most likely and most dangerous for this therapy first
 * @n: room; the number of symptoms
 */
void chs_symptom_order (const ChsTherapy *therapy, guint *order, guint n);
