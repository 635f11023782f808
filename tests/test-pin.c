/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/pin.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define S G_USEC_PER_SEC

static char *folder, *path;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chs-pin-XXXXXX", NULL);
  path = g_build_filename (folder, "pin-wrong", NULL);
}

static void
tear_down (void)
{
  g_remove (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
}

START_TEST (a_hash_is_salted_and_belongs_to_its_pin)
{
  g_autofree char *a = chs_pin_hash ("4711", NULL), *b = chs_pin_hash ("4711", NULL);

  ck_assert (g_str_has_prefix (a, "$y$"));
  ck_assert_str_ne (a, b);
  ck_assert (chs_pin_matches ("4711", a) && chs_pin_matches ("4711", b));
  ck_assert (!chs_pin_matches ("4712", a));
}
END_TEST

static const char *const weak[] = { "", "123", "1234567890123", "12a4", "0000", "1234", "9876", " 4711", "47.1" };

START_TEST (a_weak_pin_cannot_be_set)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_pin_hash (weak[_i], &error));
  ck_assert_int_eq (error->code, CHS_PIN_ERROR_WEAK);
}
END_TEST

static const struct {
  guint n_wrong, wait_s;
} waits[] = { { 0, 0 }, { 2, 0 }, { 3, 30 }, { 4, 60 }, { 5, 120 }, { 6, 240 }, { 7, 480 }, { 8, 900 }, { 1000, 900 }, { G_MAXUINT, 900 } };

START_TEST (waits_grow)
{
  ck_assert_uint_eq (chs_pin_wait_s (waits[_i].n_wrong), waits[_i].wait_s);
}
END_TEST

static void
be_wrong (ChsPinGate *gate, guint times, gint64 now_us)
{
  while (times-- > 0) {
    gate->free_us = 0;
    ck_assert (chs_pin_gate_begin (gate, now_us, NULL));
    chs_pin_gate_end (gate, FALSE, now_us);
  }
}

START_TEST (a_wait_outlives_a_restart)
{
  ChsPinGate gate, again;
  g_autoptr (GError) error = NULL;

  chs_pin_gate_init (&gate, folder, 100 * S);
  be_wrong (&gate, 4, 100 * S);
  ck_assert_uint_eq (chs_pin_gate_wait_s (&gate, 100 * S), 60);
  ck_assert_uint_eq (chs_pin_gate_wait_s (&gate, 159 * S), 1);
  ck_assert_uint_eq (chs_pin_gate_wait_s (&gate, 160 * S), 0);
  chs_pin_gate_init (&again, folder, 5 * S); /* another boot: another monotonic clock */
  ck_assert_uint_eq (chs_pin_gate_wait_s (&again, 5 * S), 60);
  ck_assert (!chs_pin_gate_begin (&again, 6 * S, &error));
  ck_assert_int_eq (error->code, CHS_PIN_ERROR_WAIT);
  ck_assert_uint_eq (again.n_wrong, 4);
  chs_pin_gate_clear (&gate);
  chs_pin_gate_clear (&again);
}
END_TEST

/* Power taken away between the try and its answer. */
START_TEST (a_try_counts_before_it_is_looked_at)
{
  ChsPinGate gate, again;

  chs_pin_gate_init (&gate, folder, 0);
  ck_assert (chs_pin_gate_begin (&gate, 0, NULL));
  chs_pin_gate_init (&again, folder, 0);
  ck_assert_uint_eq (again.n_wrong, 1);
  chs_pin_gate_clear (&gate);
  chs_pin_gate_clear (&again);
}
END_TEST

START_TEST (the_right_one_forgets)
{
  ChsPinGate gate;
  struct stat st;

  chs_pin_gate_init (&gate, folder, 0);
  be_wrong (&gate, 5, 0);
  ck_assert_int_eq (stat (path, &st), 0);
  ck_assert_uint_eq (st.st_mode & 0777, 0600);
  gate.free_us = 0;
  ck_assert (chs_pin_gate_begin (&gate, 0, NULL));
  chs_pin_gate_end (&gate, TRUE, 0);
  ck_assert_uint_eq (chs_pin_gate_wait_s (&gate, 0), 0);
  chs_pin_gate_clear (&gate);
  chs_pin_gate_init (&gate, folder, 0);
  ck_assert_uint_eq (gate.n_wrong, 0);
  chs_pin_gate_clear (&gate);
}
END_TEST

static const char *const rubbish[] = { "", "-1", "many", "99999999999999999999", "\xff\xfe" };

START_TEST (a_file_that_was_meddled_with_counts_as_many)
{
  ChsPinGate gate;

  ck_assert (g_file_set_contents (path, rubbish[_i], -1, NULL));
  chs_pin_gate_init (&gate, folder, 0);
  ck_assert_uint_eq (chs_pin_gate_wait_s (&gate, 0), 900);
  chs_pin_gate_clear (&gate);
}
END_TEST

START_TEST (without_a_disk_no_try)
{
  ChsPinGate gate;
  g_autoptr (GError) error = NULL;

  chs_pin_gate_init (&gate, "/nonexistent/folder", 0);
  ck_assert (!chs_pin_gate_begin (&gate, 0, &error));
  ck_assert_int_eq (error->code, CHS_PIN_ERROR_STATE);
  chs_pin_gate_clear (&gate);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("pin");
  TCase *tcase = tcase_create ("pin");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_hash_is_salted_and_belongs_to_its_pin);
  tcase_add_loop_test (tcase, a_weak_pin_cannot_be_set, 0, G_N_ELEMENTS (weak));
  tcase_add_loop_test (tcase, waits_grow, 0, G_N_ELEMENTS (waits));
  tcase_add_test (tcase, a_wait_outlives_a_restart);
  tcase_add_test (tcase, a_try_counts_before_it_is_looked_at);
  tcase_add_test (tcase, the_right_one_forgets);
  tcase_add_loop_test (tcase, a_file_that_was_meddled_with_counts_as_many, 0, G_N_ELEMENTS (rubbish));
  tcase_add_test (tcase, without_a_disk_no_try);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
