/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/event-check.h"

#include <math.h>
#include <string.h>

static const int16_t samples[4] = { 1, 2, 3, 4 };

#define NUMERIC(...) { .type = CHS_EVENT_NUMERIC, .numeric = { __VA_ARGS__ } }
#define WAVE(...) { .type = CHS_EVENT_WAVE, .wave = { __VA_ARGS__ } }
#define PUMP(...) { .type = CHS_EVENT_PUMP, .pump = { __VA_ARGS__ } }
#define DEVICE(...) { .type = CHS_EVENT_DEVICE, .device = { __VA_ARGS__ } }

static const struct {
  const char *name;
  bool        want;
  ChsEvent    event;
} rows[] = {
  { "numeric", true, NUMERIC (.param = CHS_PARAM_HR, .value = 72) },
  { "numeric of nothing", false, NUMERIC (.param = CHS_PARAM_NONE, .value = 72) },
  { "numeric past the end", false, NUMERIC (.param = CHS_N_PARAMS, .value = 72) },
  { "quality past the end", false, NUMERIC (.param = CHS_PARAM_HR, .quality = 9) },
  { "time mark past the end", false, NUMERIC (.param = CHS_PARAM_HR, .time_mark = 9) },
  { "wave", true, WAVE (.param = CHS_PARAM_HR, .n = 4, .rate_hz = 100, .scale = 1, .samples = samples) },
  { "wave without samples", false, WAVE (.param = CHS_PARAM_HR, .n = 4, .rate_hz = 100, .scale = 1) },
  { "empty wave", false, WAVE (.param = CHS_PARAM_HR, .rate_hz = 100, .scale = 1, .samples = samples) },
  { "endless wave", false, WAVE (.param = CHS_PARAM_HR, .n = 4097, .rate_hz = 100, .scale = 1, .samples = samples) },
  { "wave without rate", false, WAVE (.param = CHS_PARAM_HR, .n = 4, .scale = 1, .samples = samples) },
  { "wave scaled by nothing known", false,
    WAVE (.param = CHS_PARAM_HR, .n = 4, .rate_hz = 100, .scale = NAN, .samples = samples) },
  { "pump", true, PUMP (.state = CHS_PUMP_INFUSING, .rate_ml_h = 100) },
  { "pump in no state", false, PUMP (.state = CHS_N_PUMP_STATES) },
  { "pump of a third kind of rate", false, PUMP (.rate_kind = 2) },
  { "pressure in no unit", false, PUMP (.pressure_unit = CHS_N_UNITS) },
  { "mains maybe", false, PUMP (.on_mains = 2) },
  { "device", true, DEVICE (.code = CHS_DEVICE_TEXT) },
  { "device without code", false, DEVICE (.code = 0) },
  { "device past the end", false, DEVICE (.code = CHS_DEVICE_BENCH + 1) },
  { "device about no parameter", false, DEVICE (.code = CHS_DEVICE_TEXT, .param = CHS_N_PARAMS) },
  { "device beyond high", false, DEVICE (.code = CHS_DEVICE_ALARM, .priority = CHS_PRIORITY_HIGH + 1) },
  { "nurse", false, { .type = CHS_EVENT_NURSE } },
  { "alarm", false, { .type = CHS_EVENT_ALARM } },
  { "link", false, { .type = CHS_EVENT_LINK } },
  { "raw", false, { .type = CHS_EVENT_RAW } },
  { "nothing", false, { .type = CHS_EVENT_NONE } },
  { "type past the end", false, { .type = 200 } },
};

START_TEST (only_what_a_driver_may_say_passes)
{
  ChsEvent event = rows[_i].event;

  ck_assert_msg (chs_event_check (&event) == rows[_i].want, "%s", rows[_i].name);
}
END_TEST

START_TEST (what_is_not_a_number_is_absent)
{
  const double values[] = { NAN, INFINITY, -INFINITY };

  for (unsigned i = 0; i < 3; i++) {
    ChsEvent event = NUMERIC (.param = CHS_PARAM_HR, .value = values[i]);

    ck_assert (chs_event_check (&event));
    ck_assert (isnan (event.numeric.value));
    ck_assert_int_eq (event.numeric.quality, CHS_QUALITY_ABSENT);
  }
}
END_TEST

/* A dose is never computed from a rate that no pump has. */
START_TEST (a_negative_rate_is_not_known)
{
  ChsEvent event = PUMP (.state = CHS_PUMP_INFUSING, .rate_ml_h = -1, .volume_ml = INFINITY, .vtbi_ml = 5);

  ck_assert (chs_event_check (&event));
  ck_assert (isnan (event.pump.rate_ml_h));
  ck_assert (isnan (event.pump.volume_ml));
  ck_assert_double_eq (event.pump.vtbi_ml, 5.0);
}
END_TEST

START_TEST (texts_end_and_are_clean)
{
  ChsEvent event = PUMP (.state = CHS_PUMP_INFUSING);

  memset (event.pump.drug, 0xC3, sizeof event.pump.drug);
  memcpy (event.pump.serial, "A\x01\x42", 4);
  ck_assert (chs_event_check (&event));
  ck_assert_uint_eq (strlen (event.pump.drug), sizeof event.pump.drug - 1);
  ck_assert_int_eq (event.pump.drug[0], '?');
  ck_assert_str_eq (event.pump.serial, "A B");
}
END_TEST

static Suite *
event_check_suite (void)
{
  Suite *suite = suite_create ("event-check");
  TCase *tc = tcase_create ("check");

  tcase_add_loop_test (tc, only_what_a_driver_may_say_passes, 0, (int) (sizeof rows / sizeof rows[0]));
  tcase_add_test (tc, what_is_not_a_number_is_absent);
  tcase_add_test (tc, a_negative_rate_is_not_known);
  tcase_add_test (tc, texts_end_and_are_clean);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (event_check_suite)
