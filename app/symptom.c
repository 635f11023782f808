/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/symptom.h"

#include <stddef.h>
#include <string.h>

#define N_(s) s

/* Translators: words of a nurse on a key of 40 x 15 mm. What the patient feels or what is seen. */
static const ChsSymptom symptoms[] = {
  { "itching", CHS_SYMPTOMS_SKIN, N_("Itching") },
  { "hives", CHS_SYMPTOMS_SKIN, N_("Hives") },
  { "rash", CHS_SYMPTOMS_SKIN, N_("Rash") },
  { "flushing_face", CHS_SYMPTOMS_SKIN, N_("Red face and neck") },
  { "angioedema", CHS_SYMPTOMS_SKIN, N_("Swollen face or eyes") },
  { "lip_swelling", CHS_SYMPTOMS_SKIN, N_("Swollen lips") },
  { "heat", CHS_SYMPTOMS_FLUSH, N_("Warmth") },
  { "flushing", CHS_SYMPTOMS_FLUSH, N_("Flushing") },
  { "throat_tight", CHS_SYMPTOMS_AIRWAY, N_("Tight throat") },
  { "wheeze", CHS_SYMPTOMS_AIRWAY, N_("Wheeze") },
  { "stridor", CHS_SYMPTOMS_AIRWAY, N_("Stridor") },
  { "hoarse", CHS_SYMPTOMS_AIRWAY, N_("Hoarse") },
  { "tongue_swelling", CHS_SYMPTOMS_AIRWAY, N_("Swollen tongue") },
  { "short_of_breath", CHS_SYMPTOMS_BREATH, N_("Short of breath") },
  { "cough", CHS_SYMPTOMS_BREATH, N_("Cough") },
  { "nausea", CHS_SYMPTOMS_GI, N_("Nausea") },
  { "vomiting", CHS_SYMPTOMS_GI, N_("Vomiting") },
  { "abdominal_cramps", CHS_SYMPTOMS_GI, N_("Belly cramps") },
  { "diarrhoea", CHS_SYMPTOMS_GI, N_("Diarrhoea") },
  { "lightheaded", CHS_SYMPTOMS_FAINT, N_("Light-headed") },
  { "faint", CHS_SYMPTOMS_FAINT, N_("About to faint") },
  { "pallor", CHS_SYMPTOMS_FAINT, N_("Pale") },
  { "sweating", CHS_SYMPTOMS_FAINT, N_("Sweating") },
  { "loss_of_consciousness", CHS_SYMPTOMS_SEVERE, N_("Unconscious") },
  { "collapse", CHS_SYMPTOMS_SEVERE, N_("Collapse") },
  { "impending_doom", CHS_SYMPTOMS_SEVERE, N_("Feeling of doom") },
  { "chest_pain", CHS_SYMPTOMS_CHEST, N_("Chest pain or tightness") },
  { "palpitations", CHS_SYMPTOMS_CHEST, N_("Palpitations") },
  { "perioral_numbness", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Numb lips or tongue") },
  { "tinnitus", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Ringing ears") },
  { "metallic_taste", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Metallic taste") },
  { "visual_disturbance", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Blurred vision") },
  { "slurred_speech", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Slurred speech") },
  { "twitching", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Twitching") },
  { "confusion", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Confused") },
  { "seizure", CHS_SYMPTOMS_LOCAL_ANAESTHETIC, N_("Seizure") },
  { "floating", CHS_SYMPTOMS_KETAMINE, N_("Floating, dissociated") },
  { "agitation", CHS_SYMPTOMS_KETAMINE, N_("Distressed, agitated") },
  { "unresponsive_to_voice", CHS_SYMPTOMS_KETAMINE, N_("Does not answer") },
  { "headache", CHS_SYMPTOMS_KETAMINE, N_("Headache") },
  { "weakness", CHS_SYMPTOMS_MAGNESIUM, N_("Weakness") },
  { "drowsy", CHS_SYMPTOMS_MAGNESIUM, N_("Drowsy") },
  { "chills", CHS_SYMPTOMS_FEVER, N_("Chills") },
  { "rigors", CHS_SYMPTOMS_FEVER, N_("Shaking, rigors") },
  { "body_aches", CHS_SYMPTOMS_FEVER, N_("Body aches") },
  { "cold", CHS_SYMPTOMS_FEVER, N_("Feels cold") },
  { "site_burning", CHS_SYMPTOMS_SITE, N_("Site: burning") },
  { "site_tight", CHS_SYMPTOMS_SITE, N_("Site: tight") },
  { "site_swelling", CHS_SYMPTOMS_SITE, N_("Site: swollen") },
  { "site_redness", CHS_SYMPTOMS_SITE, N_("Site: red") },
  { "site_pain", CHS_SYMPTOMS_SITE, N_("Site: painful") },
  { "cold_arm", CHS_SYMPTOMS_SITE, N_("Cold arm, tingling arm") },
  { "tingling", CHS_SYMPTOMS_OTHER, N_("Tingling") },
  { "shaky", CHS_SYMPTOMS_OTHER, N_("Shaky") },
  { "anxious", CHS_SYMPTOMS_OTHER, N_("Anxious") },
  { "cramps", CHS_SYMPTOMS_OTHER, N_("Muscle cramps") },
};

static const char *const group_labels[CHS_N_SYMPTOM_GROUPS] = {
  [CHS_SYMPTOMS_OTHER] = N_("Other"),
  [CHS_SYMPTOMS_SKIN] = N_("Skin"),
  [CHS_SYMPTOMS_FLUSH] = N_("Warmth and flush"),
  [CHS_SYMPTOMS_AIRWAY] = N_("Airway"),
  [CHS_SYMPTOMS_BREATH] = N_("Breathing"),
  [CHS_SYMPTOMS_GI] = N_("Stomach and bowel"),
  [CHS_SYMPTOMS_FAINT] = N_("Faintness"),
  [CHS_SYMPTOMS_SEVERE] = N_("Severe"),
  [CHS_SYMPTOMS_CHEST] = N_("Chest"),
  [CHS_SYMPTOMS_LOCAL_ANAESTHETIC] = N_("Local anaesthetic"),
  [CHS_SYMPTOMS_KETAMINE] = N_("Ketamine"),
  [CHS_SYMPTOMS_MAGNESIUM] = N_("Magnesium"),
  [CHS_SYMPTOMS_FEVER] = N_("Fever"),
  [CHS_SYMPTOMS_SITE] = N_("IV site"),
};

#define N_SYMPTOMS (sizeof symptoms / sizeof symptoms[0])

const ChsSymptom *
chs_symptoms (unsigned *n)
{
  *n = N_SYMPTOMS;

  return symptoms;
}

const ChsSymptom *
chs_symptom_find (const char *id)
{
  for (size_t i = 0; i < N_SYMPTOMS; i++)
    if (strcmp (symptoms[i].id, id) == 0)
      return &symptoms[i];

  return NULL;
}

const char *
chs_symptom_group_label (ChsSymptomGroup group)
{
  return (unsigned) group < CHS_N_SYMPTOM_GROUPS ? group_labels[group] : "";
}
