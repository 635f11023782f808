/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/checklist.h"
#include "app/therapy.h"
#include "data/event.h"
#include "tests/check-main.h"

#include <string.h>

#define HEAD "[mg]\ntitle = Magnesium\nsource = here\n"

START_TEST (a_set_has_its_items_in_order)
{
  static const char text[] = HEAD "kidney = Kidneys known\ndigoxin = No digoxin\nstop = digoxin\n";
  g_autoptr (ChsChecklist) list = chs_checklist_parse (text, strlen (text), "x.ini", NULL);
  const ChsCheckSet *set;

  ck_assert_ptr_nonnull (list);
  set = chs_checklist_find (list, "mg");
  ck_assert_ptr_nonnull (set);
  ck_assert_uint_eq (set->n, 2);
  ck_assert_str_eq (set->items[0].id, "kidney");
  ck_assert (!set->items[0].is_stop);
  ck_assert (set->items[1].is_stop);
  ck_assert_ptr_null (chs_checklist_find (list, "ketamine"));
}
END_TEST

static const struct {
  const char *name, *text, *want;
} refused[] = {
  { "stop of nothing", HEAD "kidney = Kidneys\nstop = liver\n", "x.ini:5: stop: there is no item \"liver\" above" },
  { "no words", HEAD "kidney =\n", "x.ini:4: item \"kidney\" has no words" },
  { "twice", HEAD "kidney = a\nkidney = b\n", "x.ini:5:" },
  { "no group", "kidney = a\n", "x.ini:1:" },
  { "no items", HEAD, "x.ini: [mg] needs title, source and at least one item" },
  { "no source", "[mg]\ntitle = a\nb = c\n", "x.ini: [mg] needs" },
  { "id too long", HEAD "an_id_that_is_longer_than_a_nurse_event = a\n", "x.ini:4: id" },
};

START_TEST (a_bad_file_is_refused_with_its_line)
{
  GError *error = NULL;

  ck_assert_ptr_null (chs_checklist_parse (refused[_i].text, strlen (refused[_i].text), "x.ini", &error));
  ck_assert_msg (g_str_has_prefix (error->message, refused[_i].want), "%s: got \"%s\"", refused[_i].name, error->message);
  g_clear_error (&error);
}
END_TEST

START_TEST (the_shipped_ones_are_good)
{
  g_autoptr (ChsChecklist) prechecks = chs_checklist_load ("prechecks", NULL);
  g_autoptr (ChsChecklist) reaction = chs_checklist_load ("reaction", NULL);
  ChsNurse nurse;

  ck_assert_ptr_nonnull (chs_checklist_find (prechecks, "all"));
  ck_assert_ptr_nonnull (chs_checklist_find (reaction, "reaction"));
  ck_assert_uint_lt (sizeof chs_checklist_find (prechecks, "all")->items[0].id, sizeof nurse.what);
}
END_TEST

START_TEST (ids_tell_of_which_list_they_are)
{
  static const char text[] = "[all]\ntitle = T\nsource = S\ndc_site = Site\n", other[] = "[all]\ntitle = T\nsource = S\nsite = Site\n";
  g_autoptr (ChsChecklist) discharge = chs_checklist_parse (text, strlen (text), "/x/discharge.ini", NULL);

  ck_assert_ptr_nonnull (discharge);
  ck_assert_ptr_null (chs_checklist_parse (text, strlen (text), "/x/prechecks.ini", NULL));
  ck_assert_ptr_null (chs_checklist_parse (other, strlen (other), "/x/discharge.ini", NULL));
}
END_TEST

static void
check_sets (const ChsChecklist *list, const char *wanted, const char *id)
{
  g_auto (GStrv) sets = g_strsplit (wanted, ",", -1);

  for (char **set = sets; *set != NULL; set++)
    ck_assert_msg (*g_strstrip (*set) == '\0' || chs_checklist_find (list, *set) != NULL, "%s asks for \"%s\"", id, *set);
}

/* What a therapy asks for, the shipped files have. */
START_TEST (every_check_of_the_library_is_there)
{
  g_autoptr (ChsChecklist) prechecks = chs_checklist_load ("prechecks", NULL);
  g_autoptr (ChsChecklist) discharge = chs_checklist_load (CHS_CHECK_DISCHARGE, NULL);
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_load_default (NULL);
  const ChsTherapyEntry *entry;

  ck_assert_ptr_nonnull (library);
  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++) {
    check_sets (prechecks, entry->prechecks, entry->therapy.id);
    check_sets (discharge, entry->discharge, entry->therapy.id);
    if (entry->therapy.ketamine_soft_mg_kg_h > 0) /* seed 003: nobody goes home alone after ketamine */
      ck_assert_msg (strstr (entry->discharge, "ketamine") != NULL, "%s", entry->therapy.id);
  }
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("checklist");
  TCase *tcase = tcase_create ("files");

  tcase_add_test (tcase, a_set_has_its_items_in_order);
  tcase_add_loop_test (tcase, a_bad_file_is_refused_with_its_line, 0, G_N_ELEMENTS (refused));
  tcase_add_test (tcase, the_shipped_ones_are_good);
  tcase_add_test (tcase, ids_tell_of_which_list_they_are);
  tcase_add_test (tcase, every_check_of_the_library_is_there);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
