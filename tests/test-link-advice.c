/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link-advice.h"
#include "tests/line-driver.h"

#include <string.h>

#define HEARD .bytes_rx = 100, .last_byte_us = 5, .last_frame_us = 5
#define NOISE .bytes_rx = 100, .last_byte_us = 9, .last_frame_us = 5
#define MUTE .last_byte_us = CHS_TIME_NONE, .last_frame_us = CHS_TIME_NONE
#define ERRORS .has_line_errors = TRUE, .line_errors = { .parity = 7 }

static const struct {
  const char      *name, *address;
  const ChsDriver *driver;
  ChsLinkView      view;
  guint            n;      /* causes told */
  const char      *first;  /* words of the first one */
} rows[] = {
  { "all is well", "tty:/x", &line_driver_listen, { .state = CHS_LINK_UP, HEARD }, 0, NULL },
  { "being opened", "tty:/x", &line_driver_listen, { .state = CHS_LINK_CONNECTING, MUTE }, 0, NULL },
  { "pulled", "usb:1:2:3", &line_driver_listen, { .state = CHS_LINK_LOST, HEARD }, 3, "pulled out" },
  { "flapping", "usb:1:2:3", &line_driver_listen, { .state = CHS_LINK_LOST, HEARD, .reconnects = 3 }, 4, "hub without" },
  { "network lost", "tcp:h:1", &line_driver_listen, { .state = CHS_LINK_LOST, HEARD }, 2, "network cable" },
  { "not there", "serial:/x", &line_driver_listen, { .state = CHS_LINK_FAILED, MUTE }, 2, "not plugged in" },
  { "no server", "tcp:h:1", &line_driver_listen, { .state = CHS_LINK_FAILED, MUTE }, 1, "device server is off" },
  { "never a word", "tty:/x", &line_driver_listen, { .state = CHS_LINK_SILENT, MUTE }, 3, "menu" },
  { "never an answer", "tty:/x", &line_driver_query, { .state = CHS_LINK_SILENT, MUTE }, 4, "menu" },
  { "fell silent", "tty:/x", &line_driver_listen, { .state = CHS_LINK_SILENT, HEARD }, 1, "switched off" },
  { "stopped answering", "tty:/x", &line_driver_query, { .state = CHS_LINK_SILENT, HEARD }, 2, "switched off" },
  { "noise", "tty:/x", &line_driver_listen, { .state = CHS_LINK_SILENT, NOISE }, 4, "Another instrument" },
  { "noise and errors", "tty:/x", &line_driver_listen, { .state = CHS_LINK_SILENT, NOISE, ERRORS }, 5, "parity" },
  { "a few bad frames", "tty:/x", &line_driver_listen,
    { .state = CHS_LINK_UP, HEARD, .counters = { .frames_ok = 10000, .frames_bad = 10 } }, 0, NULL },
  { "many bad frames", "tty:/x", &line_driver_listen,
    { .state = CHS_LINK_UP, HEARD, .counters = { .frames_ok = 100, .frames_bad = 10 } }, 1, "bad contact" },
  { "many bad frames and errors", "tty:/x", &line_driver_listen,
    { .state = CHS_LINK_UP, HEARD, ERRORS, .counters = { .frames_ok = 100, .frames_bad = 10 } }, 2, "Disturbance" },
};

START_TEST (the_likeliest_cause_comes_first)
{
  const char *causes[CHS_LINK_ADVICE_MAX];
  guint n = chs_link_advice (&rows[_i].view, rows[_i].driver, rows[_i].address, causes);

  ck_assert_msg (n == rows[_i].n, "%s: %u causes", rows[_i].name, n);
  ck_assert_msg (n == 0 || strstr (causes[0], rows[_i].first) != NULL, "%s: %s", rows[_i].name, causes[0]);
}
END_TEST

static Suite *
link_advice_suite (void)
{
  Suite *suite = suite_create ("link-advice");
  TCase *tc = tcase_create ("advice");

  tcase_add_loop_test (tc, the_likeliest_cause_comes_first, 0, G_N_ELEMENTS (rows));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_advice_suite)
