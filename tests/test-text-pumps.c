/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The family of pumps that are asked in text: each against its simulator, its frames against damage. */
#include "tests/check-main.h"

#include "devices/crc16.h"
#include "devices/tx-guard.h"
#include "tests/sim-line.h"

#include <json-glib/json-glib.h>

#include <math.h>

extern const ChsDriver chs_driver_graseby_3400, chs_driver_baxter_as50, chs_driver_new_era_ne1000, chs_driver_harvard_phd,
    chs_driver_orchestra, chs_driver_neurowave_ap4000;
extern const ChsSimulator chs_simulator_graseby_3400, chs_simulator_baxter_as50, chs_simulator_new_era_ne1000,
    chs_simulator_harvard_phd, chs_simulator_orchestra, chs_simulator_neurowave_ap4000;

typedef struct {
  const ChsDriver    *driver;
  const ChsSimulator *simulator;
  const char         *options[5];
  gboolean            has_volume, has_checksum;
} Pump;

static const Pump pumps[] = {
  { &chs_driver_graseby_3400, &chs_simulator_graseby_3400, { NULL }, TRUE, TRUE },
  { &chs_driver_baxter_as50, &chs_simulator_baxter_as50, { NULL }, FALSE, TRUE },
  { &chs_driver_new_era_ne1000, &chs_simulator_new_era_ne1000, { NULL }, TRUE, FALSE },
  { &chs_driver_harvard_phd, &chs_simulator_harvard_phd, { NULL }, TRUE, FALSE },
  { &chs_driver_harvard_phd, &chs_simulator_harvard_phd, { "xon", "yes", "address", "02", NULL }, TRUE, FALSE },
  { &chs_driver_orchestra, &chs_simulator_orchestra, { NULL }, TRUE, TRUE },
  { &chs_driver_neurowave_ap4000, &chs_simulator_neurowave_ap4000, { NULL }, TRUE, TRUE },
};

static void
set_pump (SimLine *line, ChsPumpState state, double rate_ml_h, double volume_ml)
{
  ChsSimPump *pump = &line->patient.pumps[0];

  pump->present = true;
  pump->state = (guint8) state;
  pump->rate_ml_h = rate_ml_h;
  pump->volume_ml = volume_ml;
  pump->vtbi_ml = 100;
}

static guint n_refused;

static void
guarded_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  DriverCheck *check = sink->user;

  n_refused += !chs_tx_guard_match (&check->driver->queries[query], payload, n);
  driver_check_request (sink, query, payload, n);
}

START_TEST (a_running_pump_tells_rate_and_volume)
{
  const Pump *pump = &pumps[_i];
  SimLine line;

  sim_line_open (&line, pump->driver, pump->simulator, pump->options);
  line.check.sink.request = guarded_request;
  n_refused = 0;
  set_pump (&line, CHS_PUMP_INFUSING, 125.0, 31.2);
  sim_line_run (&line, 30);
  ck_assert_msg (sim_line_count (&line, "\"rate_ml_h\":125") >= 3, "%s: %.300s", pump->driver->id, line.check.events->str);
  if (pump->has_volume)
    ck_assert_msg (sim_line_count (&line, "\"volume_ml\":31.2") >= 3, "%s: %.300s", pump->driver->id, line.check.events->str);
  ck_assert_msg (pump->driver->counters (line.check.state)->frames_bad == 0, "%s", pump->driver->id);
  ck_assert_msg (pump->driver->counters (line.check.state)->bytes_skipped == 0, "%s", pump->driver->id);
  ck_assert_uint_eq (n_refused, 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_pump_switched_off_is_silent_and_comes_back)
{
  const Pump *pump = &pumps[_i];
  SimLine line;
  guint before;

  sim_line_open (&line, pump->driver, pump->simulator, pump->options);
  set_pump (&line, CHS_PUMP_INFUSING, 125.0, 31.2);
  sim_line_run (&line, 20);
  line.patient.pump_on = false;
  sim_line_run (&line, 10);
  before = sim_line_count (&line, "\"type\":\"pump\"");
  sim_line_run (&line, 20);
  ck_assert_msg (sim_line_count (&line, "\"type\":\"pump\"") == before, "%s told what nobody said", pump->driver->id);
  line.patient.pump_on = true;
  sim_line_run (&line, 30);
  ck_assert_msg (sim_line_count (&line, "\"type\":\"pump\"") > before, "%s", pump->driver->id);
  sim_line_close (&line);
}
END_TEST

/* Every answer of a session, damaged byte by byte: no rate but the true one comes out where there is a checksum, and
 * whatever is cut up the driver finds its way back. */
START_TEST (a_damaged_answer_never_tells_a_false_rate)
{
  const Pump *pump = &pumps[_i];
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  SimLine line;

  if (!pump->has_checksum)
    return;
  sim_line_open (&line, pump->driver, pump->simulator, pump->options);
  set_pump (&line, CHS_PUMP_INFUSING, 125.0, 31.2);
  for (guint i = 0; i < 6000; i++) {
    sim_line_run (&line, 0.02);
    /* What is on the line now is spoilt now and then before the driver sees it in the next step. */
    line.simulator->tick (line.sim, &line.patient, line.check.now_us, &line.out);
    if (line.wire->len > 0 && g_rand_int_range (rand, 0, 3) == 0)
      line.wire->data[g_rand_int_range (rand, 0, (gint32) line.wire->len)] ^= (guint8) g_rand_int_range (rand, 1, 128);
  }
  ck_assert_msg (sim_line_count (&line, "\"rate_ml_h\":") == sim_line_count (&line, "\"rate_ml_h\":125")
                     + sim_line_count (&line, "\"rate_ml_h\":null"),
                 "%s", pump->driver->id);
  ck_assert_uint_gt (sim_line_count (&line, "\"rate_ml_h\":125"), 5);
  sim_line_close (&line);
}
END_TEST

START_TEST (random_bytes_are_survived)
{
  const Pump *pump = &pumps[_i];
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  DriverCheck check;

  driver_check_open (&check, pump->driver);
  for (guint i = 0; i < 20000; i++) {
    guint8 bytes[16];

    for (guint k = 0; k < sizeof bytes; k++)
      bytes[k] = g_rand_boolean (rand) ? (guint8) g_rand_int (rand) : (guint8) "<>[]!|^\x02\x03\r\n;0CI:"[g_rand_int_range (rand, 0, 17)];
    driver_check_feed (&check, bytes, sizeof bytes, 5);
    g_byte_array_set_size (check.sent, 0);
    check.now_us += 20000;
    pump->driver->tick (check.state, check.now_us, &check.sink);
  }
  driver_check_close (&check);
}
END_TEST

START_TEST (alarms_of_a_laboratory_pump_are_kept_although_reading_clears_them)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_new_era_ne1000, &chs_simulator_new_era_ne1000, NULL);
  set_pump (&line, CHS_PUMP_READY, 60.0, 0);
  sim_line_run (&line, 5);
  ck_assert_uint_ge (sim_line_count (&line, "power was interrupted"), 3);
  set_pump (&line, CHS_PUMP_INFUSING, 60.0, 1);
  sim_line_run (&line, 5);
  set_pump (&line, CHS_PUMP_READY, 60.0, 1);
  line.patient.pumps[0].alarms = CHS_PUMP_ALARM_OCCLUSION;
  sim_line_run (&line, 6);
  ck_assert_uint_ge (sim_line_count (&line, "motor stalled"), 3);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_module_taken_out_of_the_rack_is_told)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_orchestra, &chs_simulator_orchestra, NULL);
  set_pump (&line, CHS_PUMP_INFUSING, 10.0, 1);
  line.patient.pumps[1] = line.patient.pumps[0];
  sim_line_run (&line, 10);
  ck_assert_uint_ge (sim_line_count (&line, "\"slot\":\"2\""), 3);
  line.patient.pumps[1].present = false;
  sim_line_run (&line, 5);
  ck_assert_uint_eq (sim_line_count (&line, "\"removed\""), 1);
  sim_line_close (&line);
}
END_TEST

/* 8.703 mL is 21FF, 65.500 mL FFDC; told as it was said: what a falling counter means is not for the driver to judge. */
START_TEST (a_volume_that_glitches_is_told_as_it_was_said)
{
  const char *const glitch[] = { "counter", "glitch", NULL };
  SimLine line;

  sim_line_open (&line, &chs_driver_orchestra, &chs_simulator_orchestra, glitch);
  set_pump (&line, CHS_PUMP_INFUSING, 10.0, 8.703);
  sim_line_run (&line, 5);
  ck_assert_uint_ge (sim_line_count (&line, "\"volume_ml\":8.518,"), 2);
  line.patient.pumps[0].volume_ml = 65.5;
  sim_line_run (&line, 5);
  ck_assert_uint_ge (sim_line_count (&line, "\"volume_ml\":18.14,"), 2);
  line.patient.pumps[0].volume_ml = 65.536;
  sim_line_run (&line, 5);
  ck_assert_uint_ge (sim_line_count (&line, "\"volume_ml\":65.536,"), 2);
  ck_assert_uint_eq (sim_line_count (&line, "\"restart\""), 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (the_crc_is_that_of_xmodem)
{
  ck_assert_uint_eq (chs_crc16_xmodem ((const guint8 *) "123456789", 9), 0x31C3);
  ck_assert_uint_eq (chs_crc16_xmodem ((const guint8 *) "[DEV?]", 6), 0x8B1C);
  ck_assert_uint_eq (chs_crc16_xmodem ((const guint8 *) "[PRIRATE?]", 10), 0x3444);
}
END_TEST

/* A value whose CRC contains a bracket: looked for here, so that the case is there whatever the rate. */
START_TEST (a_bracket_in_the_crc_ends_nothing)
{
  guint found = 0;

  for (guint tenths = 0; tenths < 20000; tenths++) {
    g_autofree char *text = g_strdup_printf ("[PRIRATE=%u.%u]", tenths / 10, tenths % 10);
    gsize n = strlen (text);
    guint16 crc = chs_crc16_xmodem ((const guint8 *) text, n);
    g_autofree guint8 *frame = g_malloc (n + 2);
    DriverCheck check;

    if ((crc >> 8 != ']' && crc >> 8 != '[') && ((crc & 0xFF) != ']' && (crc & 0xFF) != '['))
      continue;
    found++;
    memcpy (frame, text, n);
    frame[n] = (guint8) (crc >> 8);
    frame[n + 1] = (guint8) crc;
    driver_check_open (&check, &chs_driver_baxter_as50);
    driver_check_feed (&check, frame, n + 2, 1);
    driver_check_feed (&check, frame, n + 2, 3);
    ck_assert_msg (chs_driver_baxter_as50.counters (check.state)->frames_ok == 2, "%s", text);
    driver_check_close (&check);
  }
  ck_assert_uint_gt (found, 100);
}
END_TEST

/* Worked examples of the protocol notes. */
static const struct {
  const ChsDriver *driver;
  guint            query;
  const char      *payload, *wire;
} frames[] = {
  { &chs_driver_graseby_3400, 0, "CHCK", "<CHCK>93\r" },
  { &chs_driver_graseby_3400, 1, "GETR", "<GETR>AC\r" },
  { &chs_driver_graseby_3400, 2, "TOTL", "<TOTL>BD\r" },
  { &chs_driver_orchestra, 0, "0DC", "\x02" "0DC48\x03" },
  { &chs_driver_orchestra, 0, "1DC", "\x02" "1DC47\x03" },
  { &chs_driver_orchestra, 0, "DC", "\x02" "DC78\x03" },
  { &chs_driver_orchestra, 1, "0LE;b", "\x02" "0LE;bA1\x03" },
  { &chs_driver_orchestra, 2, "1LF;b", "\x02" "1LF;b9F\x03" },
  { &chs_driver_orchestra, 4, "1FC", "\x02" "1FC45\x03" },
  { &chs_driver_neurowave_ap4000, 0, "CONNREQ", "!CONNREQ|02B3\r\n" },
  { &chs_driver_neurowave_ap4000, 1, "STATREQ^032-19-50-014", "!STATREQ^032-19-50-014|059F\r\n" },
};

START_TEST (requests_are_framed_as_the_notes_show)
{
  guint8 frame[64];
  gsize n = frames[_i].driver->wrap (NULL, (const guint8 *) frames[_i].payload, strlen (frames[_i].payload), frame, sizeof frame);

  ck_assert_uint_eq (n, strlen (frames[_i].wire));
  ck_assert_mem_eq (frame, frames[_i].wire, n);
  ck_assert (chs_tx_guard_match (&frames[_i].driver->queries[frames[_i].query], (const guint8 *) frames[_i].payload,
                                 strlen (frames[_i].payload)));
}
END_TEST

static const struct {
  const ChsDriver *driver;
  const char      *wire, *want;
} answers[] = {
  { &chs_driver_graseby_3400, "<OKGETRINFS1000>37\r", "frames_ok" },
  { &chs_driver_graseby_3400, "<OKTOTLINFS123>1D\r", "frames_ok" },
  { &chs_driver_graseby_3400, "<CECHCKINFS>4B\r", "frames_ok" },
  { &chs_driver_orchestra, "\x02" "1C;d00FA05\x03", "\"rate_ml_h\":25," },
  { &chs_driver_orchestra, "\x02" "1E;r0000C35041\x03", "\"volume_ml\":50," },
};

START_TEST (answers_of_the_notes_are_understood)
{
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (answers[_i].driver, answers[_i].wire, strlen (answers[_i].wire), 1, &counters);

  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.frames_bad, 0);
  if (answers[_i].want[0] == '"')
    ck_assert_msg (strstr (events, answers[_i].want) != NULL, "%s", events);
}
END_TEST

/* ---- recorded bytes ---- */

START_TEST (recorded_requests_of_a_baxter_hold)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("pumps/baxter_as50_requests_a.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_baxter_as50, bytes, n, 3, &counters);
  ck_assert_uint_eq (counters.frames_ok, 4);
  ck_assert_uint_eq (counters.frames_bad, 0);
  ck_assert_uint_eq (counters.bytes_skipped, 0);
}
END_TEST

START_TEST (a_recorded_connection_of_a_neurowave_is_understood)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("pumps/neurowave_ap4000_connreq_v01.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_neurowave_ap4000, bytes, n, 1, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_msg (strstr (events, "032-19-50-014 protocol 0.1") != NULL, "%s", events);
}
END_TEST

START_TEST (recorded_answers_of_a_legato_are_understood)
{
  gsize n;
  g_autofree char *text = (char *) driver_check_dup_case ("pumps/legato100_recorded_part1.json", &n);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *replies;
  const char *reply;
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (text == NULL)
    return;
  ck_assert (json_parser_load_from_data (parser, text, (gssize) n, NULL));
  replies = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "@version\r\n");
  reply = json_array_get_string_element (replies, 0);
  events = driver_check_dup_events (&chs_driver_harvard_phd, reply, strlen (reply), 2, &counters);
  ck_assert_msg (strstr (events, "v3.0.6 serial D101754") != NULL, "%s", events);
  ck_assert_uint_eq (counters.bytes_skipped, 0);
}
END_TEST

static Suite *
text_pumps_suite (void)
{
  Suite *suite = suite_create ("text-pumps");
  TCase *tc = tcase_create ("dialogue");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, a_running_pump_tells_rate_and_volume, 0, G_N_ELEMENTS (pumps));
  tcase_add_loop_test (tc, a_pump_switched_off_is_silent_and_comes_back, 0, G_N_ELEMENTS (pumps));
  tcase_add_loop_test (tc, a_damaged_answer_never_tells_a_false_rate, 0, G_N_ELEMENTS (pumps));
  tcase_add_loop_test (tc, random_bytes_are_survived, 0, G_N_ELEMENTS (pumps));
  tcase_add_test (tc, alarms_of_a_laboratory_pump_are_kept_although_reading_clears_them);
  tcase_add_test (tc, a_module_taken_out_of_the_rack_is_told);
  tcase_add_test (tc, a_volume_that_glitches_is_told_as_it_was_said);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("frames");
  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, the_crc_is_that_of_xmodem);
  tcase_add_test (tc, a_bracket_in_the_crc_ends_nothing);
  tcase_add_loop_test (tc, requests_are_framed_as_the_notes_show, 0, G_N_ELEMENTS (frames));
  tcase_add_loop_test (tc, answers_of_the_notes_are_understood, 0, G_N_ELEMENTS (answers));
  suite_add_tcase (suite, tc);
  tc = tcase_create ("recorded");
  tcase_add_test (tc, recorded_requests_of_a_baxter_hold);
  tcase_add_test (tc, a_recorded_connection_of_a_neurowave_is_understood);
  tcase_add_test (tc, recorded_answers_of_a_legato_are_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (text_pumps_suite)
