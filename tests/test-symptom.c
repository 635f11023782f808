/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/symptom.h"
#include "data/event.h"
#include "tests/check-main.h"

#include <string.h>

START_TEST (test_ids_fit_and_are_unique)
{
  unsigned          n;
  const ChsSymptom *all = chs_symptoms (&n);
  ChsNurse          nurse;

  ck_assert_uint_gt (n, 0);
  for (unsigned i = 0; i < n; i++) {
    ck_assert_msg (strlen (all[i].id) < sizeof nurse.what, "%s does not fit a nurse event", all[i].id);
    ck_assert_msg (all[i].label[0] != '\0', "%s has no words", all[i].id);
    ck_assert_msg (chs_symptom_find (all[i].id) == &all[i], "%s is there twice", all[i].id);
    ck_assert_str_ne (chs_symptom_group_label (all[i].group), "");
  }
}
END_TEST

static const struct {
  const char     *id;
  ChsSymptomGroup group;
} rows[] = {
  { "hives", CHS_SYMPTOMS_SKIN },        { "throat_tight", CHS_SYMPTOMS_AIRWAY },
  { "heat", CHS_SYMPTOMS_FLUSH },        { "short_of_breath", CHS_SYMPTOMS_BREATH },
  { "lightheaded", CHS_SYMPTOMS_FAINT }, { "site_burning", CHS_SYMPTOMS_SITE },
  { "chills", CHS_SYMPTOMS_FEVER },      { "perioral_numbness", CHS_SYMPTOMS_LOCAL_ANAESTHETIC },
};

#define N_ROWS (sizeof rows / sizeof rows[0])

START_TEST (test_groups_that_rules_ask_for)
{
  ck_assert_ptr_nonnull (chs_symptom_find (rows[_i].id));
  ck_assert_int_eq (chs_symptom_find (rows[_i].id)->group, rows[_i].group);
}
END_TEST

START_TEST (test_unknown)
{
  ck_assert_ptr_null (chs_symptom_find (""));
  ck_assert_ptr_null (chs_symptom_find ("Hives"));
  ck_assert_str_eq (chs_symptom_group_label (CHS_N_SYMPTOM_GROUPS), "");
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("symptom");
  TCase *tcase = tcase_create ("table");

  tcase_add_test (tcase, test_ids_fit_and_are_unique);
  tcase_add_loop_test (tcase, test_groups_that_rules_ask_for, 0, N_ROWS);
  tcase_add_test (tcase, test_unknown);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)
