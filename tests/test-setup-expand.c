/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/setup-expand.h"

#include <string.h>

static ChsTherapyLibrary *library;
static ChsSession session;

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  library = chs_therapy_library_load_default (&error);
  ck_assert_msg (library != NULL, "%s", error != NULL ? error->message : "");
  chs_session_init (&session);
}

static void
tear_down (void)
{
  g_clear_pointer (&library, chs_therapy_library_free);
}

static ChsSetup
key (const char *name, const char *value)
{
  ChsSetup setup = { 0 };

  g_strlcpy (setup.key, name, sizeof setup.key);
  g_strlcpy (setup.value, value, sizeof setup.value);
  return setup;
}

/* The last value that @name is set to; NULL when it is not set. */
static const char *
value_of (const GArray *keys, const char *name)
{
  for (guint i = keys->len; i > 0; i--)
    if (strcmp (g_array_index (keys, ChsSetup, i - 1).key, name) == 0)
      return g_array_index (keys, ChsSetup, i - 1).value;
  return NULL;
}

START_TEST (an_id_brings_what_the_library_says)
{
  const ChsSetup keys[] = { key ("patient.age", "50"), key ("therapy.id", "mg_addon") };
  g_autoptr (GArray) all = chs_setup_expand (library, NULL, &session, NULL, keys, 2, NULL);

  ck_assert_ptr_nonnull (all);
  ck_assert_str_eq (value_of (all, "patient.age"), "50");
  ck_assert_str_eq (value_of (all, "therapy.id"), "mg_addon");
  ck_assert_double_gt (g_ascii_strtod (value_of (all, "therapy.mg_mmol_per_ml"), NULL), 0);
  ck_assert (chs_command_check_setup (&session, NULL, (const ChsSetup *) (gpointer) all->data, all->len, NULL));
}
END_TEST

START_TEST (one_pump_has_its_own)
{
  const ChsSetup keys[] = { key ("pump.2.1.id", "mg_addon") };
  g_autoptr (GArray) all = chs_setup_expand (library, NULL, &session, NULL, keys, 1, NULL);

  ck_assert_ptr_nonnull (all);
  ck_assert_ptr_nonnull (value_of (all, "pump.2.1.mg_mmol_per_ml"));
  ck_assert_ptr_null (value_of (all, "therapy.mg_mmol_per_ml"));
}
END_TEST

START_TEST (what_is_given_stands)
{
  const ChsSetup keys[] = { key ("therapy.bag_volume_ml", "77"), key ("therapy.id", "mg_addon") };
  g_autoptr (GArray) all = chs_setup_expand (library, NULL, &session, NULL, keys, 2, NULL);

  ck_assert_ptr_nonnull (all);
  ck_assert_str_eq (value_of (all, "therapy.bag_volume_ml"), "77");
}
END_TEST

START_TEST (an_unknown_one_is_refused)
{
  const ChsSetup keys[] = { key ("therapy.id", "no_such_bag") };
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_setup_expand (library, NULL, &session, NULL, keys, 1, &error));
  ck_assert_msg (strstr (error->message, "no_such_bag") != NULL, "%s", error->message);
}
END_TEST

/* chair.therapies: for a bag and for a pump of its own alike; nothing named = all. */
START_TEST (one_that_the_clinic_does_not_use_is_refused)
{
  static const char *const used[] = { "hydration", "mg_addon", NULL };
  const ChsSetup foreign[] = { key ("therapy.id", "ketamine") }, pump[] = { key ("pump.2.1.id", "ketamine") },
                 good[] = { key ("therapy.id", "mg_addon"), key ("pump.2.1.id", "hydration") };
  g_autoptr (GError) error = NULL, again = NULL;
  g_autoptr (GArray) taken = NULL, standing = NULL, all = NULL;

  chs_therapy_library_offer (library, used);
  ck_assert_ptr_null (chs_setup_expand (library, NULL, &session, NULL, foreign, 1, &error));
  ck_assert (g_error_matches (error, CHS_COMMAND_ERROR, CHS_COMMAND_ERROR_DENIED));
  ck_assert_msg (strstr (error->message, "\"ketamine\" is not one that this clinic uses") != NULL, "%s", error->message);
  ck_assert_ptr_null (chs_setup_expand (library, NULL, &session, NULL, pump, 1, &again));
  ck_assert_ptr_nonnull (again);
  taken = chs_setup_expand (library, NULL, &session, NULL, good, 2, NULL);
  ck_assert_ptr_nonnull (taken);
  chs_session_setup (&session, "therapy.id", "ketamine"); /* begun before the set was made smaller */
  standing = chs_setup_expand (library, NULL, &session, NULL, foreign, 1, NULL);
  ck_assert_ptr_nonnull (standing);
  chs_session_setup (&session, "therapy.id", "");
  chs_therapy_library_offer (library, NULL);
  all = chs_setup_expand (library, NULL, &session, NULL, foreign, 1, NULL);
  ck_assert_ptr_nonnull (all);
}
END_TEST

START_TEST (nothing_else_is_touched)
{
  const ChsSetup keys[] = { key ("therapy.id", ""), key ("session.id", "mg_addon"), key ("patient.id", "mg_addon") };
  g_autoptr (GArray) all = chs_setup_expand (library, NULL, &session, NULL, keys, 3, NULL);

  ck_assert_ptr_nonnull (all);
  ck_assert_uint_eq (all->len, 3);
}
END_TEST

/* Issue 4 item 5: a weight that comes, or changes, after the therapy was chosen. */
START_TEST (another_weight_works_the_concentration_out_anew)
{
  const ChsSetup first[] = { key ("patient.weight_kg", "70"), key ("therapy.id", "ketamine") };
  const ChsSetup second[] = { key ("patient.weight_kg", "100") };
  g_autoptr (GArray) before = chs_setup_expand (library, NULL, &session, NULL, first, 2, NULL);
  GArray *after;

  ck_assert_str_eq (value_of (before, "therapy.ketamine_mg_per_ml"), "0.35");
  for (guint i = 0; i < before->len; i++)
    chs_session_setup (&session, g_array_index (before, ChsSetup, i).key, g_array_index (before, ChsSetup, i).value);
  after = chs_setup_expand (library, NULL, &session, NULL, second, 1, NULL);
  ck_assert_str_eq (value_of (after, "therapy.ketamine_mg_per_ml"), "0.5");
  ck_assert_ptr_null (value_of (after, "therapy.ketamine_hard_mg_kg_h")); /* limits are per kg already */
  g_array_unref (after);
  chs_session_setup (&session, "therapy.id", "hydration");
  after = chs_setup_expand (library, NULL, &session, NULL, second, 1, NULL);
  ck_assert_uint_eq (after->len, 1); /* nothing in it goes by weight */
  g_array_unref (after);
}
END_TEST

START_TEST (a_therapy_brings_the_checks_that_a_start_needs)
{
  const ChsSetup keys[] = { key ("therapy.id", "mg_addon") }, own[] = { key ("pump.2.1.id", "ketamine") };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChecklist) checks = chs_checklist_load ("prechecks", &error);
  g_autoptr (GArray) all = NULL, more = NULL;

  ck_assert_msg (checks != NULL, "%s", error != NULL ? error->message : "");
  all = chs_setup_expand (library, checks, &session, NULL, keys, 1, NULL);
  ck_assert_str_eq (value_of (all, "session.checks"), "order,kidney,digoxin,heart_block");
  chs_session_setup (&session, "session.checks", value_of (all, "session.checks"));
  more = chs_setup_expand (library, checks, &session, NULL, own, 1, NULL);
  ck_assert_str_eq (value_of (more, "session.checks"), "order,kidney,digoxin,heart_block,ket_mind,ket_head,escort");
}
END_TEST

static Suite *
setup_expand_suite (void)
{
  Suite *suite = suite_create ("setup-expand");
  TCase *tc = tcase_create ("setup");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, an_id_brings_what_the_library_says);
  tcase_add_test (tc, one_pump_has_its_own);
  tcase_add_test (tc, what_is_given_stands);
  tcase_add_test (tc, an_unknown_one_is_refused);
  tcase_add_test (tc, one_that_the_clinic_does_not_use_is_refused);
  tcase_add_test (tc, nothing_else_is_touched);
  tcase_add_test (tc, another_weight_works_the_concentration_out_anew);
  tcase_add_test (tc, a_therapy_brings_the_checks_that_a_start_needs);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (setup_expand_suite)
