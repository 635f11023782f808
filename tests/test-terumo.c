/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/terumo-codec.h"
#include "tests/pump-check.h"

#include <math.h>

extern const ChsDriver chs_driver_terumo;

#define BYTE_NS 1041667
#define ID "000100700000001201000001"
#define HEAD "<?xml version=\"1.0\"?>"

/* Texts and checksums of the manuals and of the protocol note. */
static const struct {
  const char *name, *text, *crc;
  bool        is_reply, has_command;
  gsize       n;
} frames[] = {
  { "id request", HEAD "<REQ><DEVID></DEVID></REQ>", "8411", false, false, 0 },
  { "id reply", HEAD "<REP><DEVID>" ID "</DEVID></REP>", "D38C", true, false, 0 },
  { "status request", HEAD "<REQ><DEVID>" ID "</DEVID><CMD>AQEAAA==</CMD></REQ>", "A9A4", false, true, 4 },
  { "status request, whoever is there", HEAD "<REQ><DEVID></DEVID><CMD>AQEAAA==</CMD></REQ>", "1FE2", false, true, 4 },
  { "status reply of the manual",
    HEAD "<REP><DEVID>" ID "</DEVID><CMD>"
         "AAEAAAAEAwAQAAAAAFUABgAAAAAAAO7u7gAAAAgCvAAD6BOZmQAAhgAAAAAAAAAAAAALAAIBAgAo////AZASAHj6AEL3AAAAAAAA"
         "AAAAAAAARQApAAAT</CMD></REP>",
    "901D", true, true, 87 },
  { "running",
    HEAD "<REP><DEVID>" ID "</DEVID><CMD>"
         "AQEAAAAEAxAQAAAAAFUABgAE4gABRQAB9AAAAAD//wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAAAAAAAAAAAAAA</CMD></REP>",
    "9713", true, true, 87 },
  { "occluded",
    HEAD "<REP><DEVID>" ID "</DEVID><CMD>"
         "AgEAAAAEAwAQAAAACFQDBgAE4gABSgAB9AAAAAD//wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
         "AAAAAAAAAAAAAAAA</CMD></REP>",
    "BC11", true, true, 87 },
};
enum { REPLY_OF_MANUAL = 4, RUNNING, OCCLUDED };

static GByteArray *
frame_of (guint i)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) "\x02", 1);
  g_byte_array_append (bytes, (const guint8 *) frames[i].text, (guint) strlen (frames[i].text));
  g_byte_array_append (bytes, (const guint8 *) frames[i].crc, 4);
  g_byte_array_append (bytes, (const guint8 *) "\x03", 1);
  return bytes;
}

START_TEST (a_frame_reads_and_writes)
{
  g_autoptr (GByteArray) bytes = frame_of ((guint) _i);
  g_autofree ChsTerumo *terumo = g_new0 (ChsTerumo, 1);
  ChsTerumoMessage message;
  guint8 written[1100];
  gsize used, n;

  ck_assert_msg (chs_terumo_feed (terumo, bytes->data, bytes->len, &used, &message) == CHS_FEED_FRAME, "%s", frames[_i].name);
  ck_assert_int_eq (message.is_reply, frames[_i].is_reply);
  ck_assert_int_eq (message.has_command, frames[_i].has_command);
  ck_assert_uint_eq (message.n, frames[_i].n);
  n = chs_terumo_encode (&message, written, sizeof written);
  ck_assert_uint_eq (n, bytes->len);
  ck_assert_msg (memcmp (written, bytes->data, n) == 0, "%s", frames[_i].name);
}
END_TEST

static const struct {
  const char *name, *text;
} shapes[] = {
  { "no root", HEAD "<DEVID></DEVID>" },
  { "no id", HEAD "<REP></REP>" },
  { "blank between the tags", HEAD "<REP> <DEVID></DEVID></REP>" },
  { "id with other characters", HEAD "<REP><DEVID>00X1</DEVID></REP>" },
  { "id too long", HEAD "<REP><DEVID>" ID "0</DEVID></REP>" },
  { "mixed roots", HEAD "<REP><DEVID></DEVID></REQ>" },
  { "something behind", HEAD "<REP><DEVID></DEVID></REP>x" },
  { "bad base64", HEAD "<REP><DEVID></DEVID><CMD>AQE*</CMD></REP>" },
  { "base64 of a wrong length", HEAD "<REP><DEVID></DEVID><CMD>AQEAA</CMD></REP>" },
  { "base64 with padding inside", HEAD "<REP><DEVID></DEVID><CMD>AQ==AQEA</CMD></REP>" },
  { "other declaration", "<?xml version='1.0'?><REP><DEVID></DEVID></REP>" },
  { "nothing", "" },
};

START_TEST (another_shape_is_refused)
{
  g_autofree ChsTerumo *terumo = g_new0 (ChsTerumo, 1);
  guint8 frame[1100];
  gsize n = chs_terumo_wrap ((const guint8 *) shapes[_i].text, strlen (shapes[_i].text), frame, sizeof frame), used;
  ChsTerumoMessage message;

  ck_assert_msg (chs_terumo_feed (terumo, frame, n, &used, &message) == CHS_FEED_BAD, "%s", shapes[_i].name);
}
END_TEST

START_TEST (a_status_is_understood)
{
  static const struct {
    guint       frame;
    const char *wants[4];
  } cases[] = {
    { REPLY_OF_MANUAL, { "\"state\":\"ready\",\"rate_ml_h\":0,", "\"vtbi_ml\":null", "\"on_mains\":true", "\"alarms\":[]" } },
    { RUNNING, { "\"state\":\"infusing\",\"rate_ml_h\":12.5,", "\"volume_ml\":3.25,\"vtbi_ml\":50,\"remaining_s\":13464,\"remaining_kind\":\"calculated\"" } },
    { OCCLUDED, { "\"state\":\"alarm\",\"rate_ml_h\":12.5,\"rate_kind\":\"programmed\",\"flow_ml_h\":0,", "\"alarms\":[\"occlusion\"]",
                  "\"pressure\":3,\"pressure_unit\":\"{step}\"" } },
  };
  g_autoptr (GByteArray) bytes = frame_of (cases[_i].frame);
  g_autofree char *events = driver_check_dup_events (&chs_driver_terumo, bytes->data, bytes->len, 9, NULL);

  for (guint i = 0; i < 4 && cases[_i].wants[i] != NULL; i++)
    ck_assert_msg (strstr (events, cases[_i].wants[i]) != NULL, "%s in %.600s", cases[_i].wants[i], events);
}
END_TEST

START_TEST (an_undocumented_alarm_is_named)
{
  ChsTerumoStatus status = { .alarms = 1u << 17, .rate_ml_h = 1, .vtbi_ml = (double) NAN };
  ChsTerumoMessage message;
  guint8 frame[1100];
  gsize n;
  g_autofree char *events = NULL;

  chs_terumo_write_status (&status, 1, &message);
  memcpy (message.id, ID, sizeof ID);
  n = chs_terumo_encode (&message, frame, sizeof frame);
  events = driver_check_dup_events (&chs_driver_terumo, frame, n, n, NULL);
  ck_assert_ptr_nonnull (strstr (events, "\"alarms\":[\"other\"],\"text\":\"alarm bit 17\""));
}
END_TEST

START_TEST (frames_stand_damage)
{
  g_autoptr (GByteArray) bytes = frame_of (RUNNING);

  pump_check_damage (&chs_driver_terumo, bytes->data, bytes->len);
  pump_check_resync (&chs_driver_terumo, bytes->data, bytes->len);
  pump_check_noise (&chs_driver_terumo);
}
END_TEST

START_TEST (the_pump_tells_its_story)
{
  static const char *const options[][2] = { { NULL }, { "seq=zero" } };

  pump_check_story (&chs_driver_terumo, options[_i], BYTE_NS);
}
END_TEST

START_TEST (a_bad_line_tells_nothing_false)
{
  static const struct {
    const char *options[2], *faults;
  } lines[] = { { { "checksum=3" }, NULL }, { { NULL }, "drop:0.0005" }, { { NULL }, "flip:0.0005" }, { { NULL }, "tear" }, { { NULL }, "delay:300" } };

  pump_check_bad_line (&chs_driver_terumo, lines[_i].options, lines[_i].faults, BYTE_NS, 20);
}
END_TEST

static const char *const forbidden[] = {
  "", HEAD, HEAD "<REQ><DEVID></DEVID><CMD>AQIAAA==</CMD></REQ>", HEAD "<REQ><DEVID>" ID "</DEVID><CMD>AQIAAA==</CMD></REQ>",
  HEAD "<REQ><DEVID>" ID "</DEVID><CMD>AQEAAA==</CMD><CMD>AQIAAA==</CMD></REQ>", HEAD "<REQ><DEVID>" ID "0</DEVID><CMD>AQEAAA==</CMD></REQ>",
  HEAD "<REQ><DEVID>" ID "</DEVID><CMD>AQEAAA==</CMD></REQ> ", HEAD "<REP><DEVID></DEVID></REP>",
  HEAD "<REQ><DEVID>00010070000000120100<CMD>x</DEVID><CMD>AQEAAA==</CMD></REQ>",
};

START_TEST (nothing_else_may_be_sent)
{
  pump_check_forbidden (&chs_driver_terumo, forbidden[_i], strlen (forbidden[_i]));
}
END_TEST

START_TEST (the_packets_of_the_manual_are_understood)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("pumps/terumo_packets_a.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_terumo, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 2);
  ck_assert_ptr_nonnull (strstr (events, "Terumo Terufusion " ID));
}
END_TEST

static Suite *
terumo_suite (void)
{
  Suite *suite = suite_create ("terumo");
  TCase *tc = tcase_create ("terumo");

  tcase_add_loop_test (tc, a_frame_reads_and_writes, 0, G_N_ELEMENTS (frames));
  tcase_add_loop_test (tc, another_shape_is_refused, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tc, a_status_is_understood, 0, 3);
  tcase_add_test (tc, an_undocumented_alarm_is_named);
  tcase_add_test (tc, frames_stand_damage);
  tcase_add_loop_test (tc, the_pump_tells_its_story, 0, 2);
  tcase_add_loop_test (tc, a_bad_line_tells_nothing_false, 0, 5);
  tcase_add_loop_test (tc, nothing_else_may_be_sent, 0, G_N_ELEMENTS (forbidden));
  tcase_add_test (tc, the_packets_of_the_manual_are_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (terumo_suite)
