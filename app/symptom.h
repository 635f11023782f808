/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* Symptoms that a nurse can enter with one tap: stable id, group, words. The ids are
 * stored (NURSE events), the groups are what rules ask for ("a skin symptom is
 * active"), the words are for screens and reports.
 *
 * Source: shared/clinical.md section 10. C library only. */

typedef enum {
  CHS_SYMPTOMS_OTHER = 0,
  CHS_SYMPTOMS_SKIN,
  CHS_SYMPTOMS_FLUSH,
  CHS_SYMPTOMS_AIRWAY,
  CHS_SYMPTOMS_BREATH,
  CHS_SYMPTOMS_GI,
  CHS_SYMPTOMS_FAINT,
  CHS_SYMPTOMS_SEVERE,
  CHS_SYMPTOMS_CHEST,
  CHS_SYMPTOMS_LOCAL_ANAESTHETIC,
  CHS_SYMPTOMS_KETAMINE,
  CHS_SYMPTOMS_MAGNESIUM,
  CHS_SYMPTOMS_FEVER,
  CHS_SYMPTOMS_SITE,
  CHS_N_SYMPTOM_GROUPS
} ChsSymptomGroup;

typedef struct {
  const char     *id;    /* "throat_tight" */
  ChsSymptomGroup group;
  const char     *label; /* English, marked for translation */
} ChsSymptom;

/**
 * chs_symptoms:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): all of them, by group
 */
const ChsSymptom *chs_symptoms (unsigned *n);

/**
 * chs_symptom_find:
 * @id: a stable id
 *
 * Returns: (nullable): its row; NULL when there is none of that name
 */
const ChsSymptom *chs_symptom_find (const char *id);

/**
 * chs_symptom_group_label:
 * @group: a group
 *
 * Returns: its name, English, marked for translation; "" outside the enum
 */
const char *chs_symptom_group_label (ChsSymptomGroup group);
