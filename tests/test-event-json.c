/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/event-json.h"

#include <math.h>
#include <string.h>

static const struct {
  double      value;
  const char *want;
} numbers[] = {
  { 0.0, "0" },
  { -0.0, "0" },
  { 118.0, "118" },
  { 0.1, "0.1" },
  { 36.7, "36.7" },
  { 0.1 + 0.2, "0.30000000000000004" },
  { 1.0 / 3.0, "0.3333333333333333" },
  { -12.5, "-12.5" },
  { 1e21, "1e+21" },
  { NAN, "null" },
  { INFINITY, "null" },
};

START_TEST (a_number_has_its_shortest_text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  chs_json_double (out, numbers[_i].value);
  ck_assert_str_eq (out->str, numbers[_i].want);
}
END_TEST

static const struct {
  const char *in, *want;
} texts[] = {
  { "plain", "\"plain\"" },
  { "a\"b\\c", "\"a\\\"b\\\\c\"" },
  { "tab\there", "\"tab\\u0009here\"" },
  { "5 \xC2\xB5g", "\"5 \xC2\xB5g\"" },
  { "bad\xFF", "\"bad\xEF\xBF\xBD\"" },
};

START_TEST (a_text_is_escaped)
{
  g_autoptr (GString) out = g_string_new (NULL);

  chs_json_quote (out, texts[_i].in);
  ck_assert_str_eq (out->str, texts[_i].want);
}
END_TEST

static const int16_t wave_samples[] = { 0, 50, CHS_WAVE_ABSENT, -5 };

static const struct {
  const char *name;
  ChsEvent    event;
  const char *want;
} events[] = {
  { "a cuff reading",
    { .t_us = 5000000, .type = CHS_EVENT_NUMERIC, .source = 1,
      .numeric = { .param = CHS_PARAM_NIBP_SYS, .value = 118, .time_mark = CHS_TIME_MARK_EXACT, .meas_us = 4200000 } },
    "{\"t_ms\":5000,\"type\":\"numeric\",\"source\":1,\"channel\":0,\"param\":\"NIBP_SYS\",\"value\":118,\"unit\":\"mm[Hg]\","
    "\"quality\":\"ok\",\"mdc\":150021,\"flags\":[],\"time\":\"exact\",\"meas_ms\":4200}\n" },
  { "an absent value in demonstration mode",
    { .t_us = 1999, .type = CHS_EVENT_NUMERIC, .source = 2,
      .numeric = { .param = CHS_PARAM_PI, .value = (double) NAN, .quality = CHS_QUALITY_ABSENT,
                   .flags = CHS_FLAG_DEMO | CHS_FLAG_LOW_SIGNAL, .meas_us = CHS_TIME_NONE } },
    "{\"t_ms\":1,\"type\":\"numeric\",\"source\":2,\"channel\":0,\"param\":\"PI\",\"value\":null,\"unit\":\"%\","
    "\"quality\":\"absent\",\"mdc\":null,\"flags\":[\"demo\",\"low_signal\"],\"time\":\"stream\"}\n" },
  { "a wave",
    { .t_us = 0, .type = CHS_EVENT_WAVE, .source = 1,
      .wave = { .param = CHS_PARAM_ECG_WAVE, .n = 4, .rate_hz = 200, .scale = 0.02f, .offset = -1.0f, .samples = wave_samples } },
    "{\"t_ms\":0,\"type\":\"wave\",\"source\":1,\"channel\":0,\"param\":\"ECG_WAVE\",\"unit\":\"mV\",\"mdc\":null,\"flags\":[],"
    "\"rate_hz\":200,\"scale\":0.02,\"offset\":-1,\"n\":4,\"samples\":[-1,0,null,-1.1]}\n" },
  { "a pump",
    { .t_us = -1, .type = CHS_EVENT_PUMP, .source = 3, .channel = 1, .seq = 7, .wall_us = 1500,
      .pump = { .state = CHS_PUMP_ALARM, .alarms = CHS_PUMP_ALARM_OCCLUSION | CHS_PUMP_ALARM_AIR, .rate_ml_h = 125.5,
                .volume_ml = 31.3, .vtbi_ml = (double) NAN, .remaining_s = 60, .pressure = 40,
                .pressure_unit = CHS_UNIT_PERCENT_LIMIT, .battery_min = (double) NAN, .on_mains = -1, .slot = "1/1" } },
    "{\"t_ms\":-1,\"type\":\"pump\",\"seq\":7,\"wall_ms\":1,\"source\":3,\"channel\":1,\"slot\":\"1/1\",\"model\":null,\"serial\":null,"
    "\"state\":\"alarm\",\"rate_ml_h\":125.5,\"rate_kind\":\"delivered\",\"flow_ml_h\":0,\"volume_ml\":31.3,\"vtbi_ml\":null,"
    "\"remaining_s\":60,\"remaining_kind\":\"reported\",\"pressure\":40,\"pressure_unit\":\"%{limit}\",\"battery_min\":null,"
    "\"on_mains\":null,\"drug\":null,\"alarms\":[\"occlusion\",\"air\"],\"text\":null}\n" },
  { "a sensor that fell off",
    { .t_us = 1000, .type = CHS_EVENT_DEVICE, .source = 1,
      .device = { .code = CHS_DEVICE_SENSOR_OFF, .param = CHS_PARAM_SPO2, .value = 1, .text = "PROBE OFF" } },
    "{\"t_ms\":1,\"type\":\"device\",\"source\":1,\"channel\":0,\"code\":\"sensor_off\",\"param\":\"SPO2\",\"value\":1,"
    "\"priority\":null,\"text\":\"PROBE OFF\"}\n" },
  { "raw bytes",
    { .t_us = 1000, .type = CHS_EVENT_RAW, .source = 1, .raw = { .n = 2, .bytes = (const uint8_t *) "\x01\xFE" } },
    "{\"t_ms\":1,\"type\":\"raw\",\"source\":1,\"channel\":0,\"from_host\":false,\"n\":2,\"hex\":\"01fe\"}\n" },
};

START_TEST (an_event_is_one_line)
{
  g_autoptr (GString) out = g_string_new (NULL);

  chs_event_to_json (&events[_i].event, out);
  ck_assert_msg (strcmp (out->str, events[_i].want) == 0, "%s:\n%s", events[_i].name, out->str);
}
END_TEST

static Suite *
event_json_suite (void)
{
  Suite *suite = suite_create ("event-json");
  TCase *tc = tcase_create ("json");

  tcase_add_loop_test (tc, a_number_has_its_shortest_text, 0, G_N_ELEMENTS (numbers));
  tcase_add_loop_test (tc, a_text_is_escaped, 0, G_N_ELEMENTS (texts));
  tcase_add_loop_test (tc, an_event_is_one_line, 0, G_N_ELEMENTS (events));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (event_json_suite)
