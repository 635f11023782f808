/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <check.h>
#include <stdlib.h>

/* The main of every twin test: one suite, TAP to meson (through the environment). */
#define CHS_CHECK_MAIN(make_suite)                                                                                      \
  int main (void)                                                                                                       \
  {                                                                                                                     \
    SRunner *runner = srunner_create (make_suite ());                                                                   \
    int failed;                                                                                                         \
                                                                                                                        \
    srunner_run_all (runner, CK_ENV);                                                                                   \
    failed = srunner_ntests_failed (runner);                                                                            \
    srunner_free (runner);                                                                                              \
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;                                                                   \
  }
