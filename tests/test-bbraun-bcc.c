/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/bbraun-bcc-codec.h"
#include "devices/bbraun-bcc-pump.h"
#include "tests/driver-check.h"

#include <math.h>

extern const ChsDriver chs_driver_bbraun_bcc;

#define BYTE_NS 1041667 /* 9600/8n1 */

/* ---- the worked messages of the protocol note; <..> written as control characters ---- */

static const struct {
  const char *name, *wire, *bed, *info;
  bool        stuffed, last;
} messages[] = {
  { "alive", "\x01" "00031\x02" "1/1/1>ADMIN:ALIVE\x03" "00061\x04", "1", "ADMIN:ALIVE", false, true },
  { "alive, stuffed", "\x01" "00031\x02" "1/1/1>AEXMIN:ALIVEE\x03" "00061\x04", "1", "ADMIN:ALIVE", true, true },
  { "answer to it", "\x01" "00042\x02" "CHAIR1/1/1>206,50100,GNACK,0\x03" "00056\x04", "CHAIR1", "206,50100,GNACK,0", false, true },
  { "version request", "\x01" "00038\x02" "CHAIR1/1/1>ADMIN:VERSION\x03" "00096\x04", "CHAIR1", "ADMIN:VERSION", false, true },
  { "version", "\x01" "00040\x02" "CHAIR1/1/1>207,50100,V3.30\x03" "00145\x04", "CHAIR1", "207,50100,V3.30", false, true },
  { "all pumps", "\x01" "00032\x02" "CHAIR1/1/1>MEM:GET\x03" "00138\x04", "CHAIR1", "MEM:GET", false, true },
  { "no pumps", "\x01" "00043\x02" "CHAIR1/1/1>214,50100,GNERR,11\x03" "00132\x04", "CHAIR1", "214,50100,GNERR,11", false, true },
  { "pump removed", "\x01" "00043\x02" "CHAIR1/1/1>214,50111,GNERR,39\x03" "00144\x04", "CHAIR1", "214,50111,GNERR,39", false, true },
  { "data, more follow",
    "\x01" "00109\x02" "CHAIR1/1/1>214,50111,INRT,125.00\x1E" "214,50111,INVI,31.3\x1E" "214,50111,INRMT,13498\x1E"
    "214,50111,RUNSTATE,2\x17" "00233\x04",
    "CHAIR1",
    "214,50111,INRT,125.00\x1E" "214,50111,INVI,31.3\x1E" "214,50111,INRMT,13498\x1E" "214,50111,RUNSTATE,2", false, false },
};

START_TEST (a_worked_message_reads_and_writes)
{
  g_autofree ChsBcc *bcc = g_new0 (ChsBcc, 1);
  ChsBccFrame frame;
  guint8 bytes[512];
  gsize used, n = strlen (messages[_i].wire);

  ck_assert_msg (chs_bcc_feed (bcc, (const guint8 *) messages[_i].wire, n, &used, &frame) == CHS_FEED_FRAME, "%s", messages[_i].name);
  ck_assert_uint_eq (used, n);
  ck_assert_str_eq (frame.bed, messages[_i].bed);
  ck_assert_uint_eq (frame.n, strlen (messages[_i].info));
  ck_assert_int_eq (memcmp (frame.info, messages[_i].info, frame.n), 0);
  ck_assert_int_eq (frame.last, messages[_i].last);
  ck_assert_uint_eq (chs_bcc_encode (messages[_i].bed, messages[_i].info, strlen (messages[_i].info), messages[_i].last,
                                     messages[_i].stuffed, bytes, sizeof bytes), n);
  ck_assert_msg (memcmp (bytes, messages[_i].wire, n) == 0, "%s", messages[_i].name);
}
END_TEST

START_TEST (a_damaged_message_is_none)
{
  const char *wire = messages[_i].wire;
  gsize n = strlen (wire);

  for (gsize at = 0; at < n; at++)
    for (guint bit = 0; bit <= 8; bit++) {
      g_autofree guint8 *bytes = g_memdup2 (wire, n);
      ChsCounters counters;
      g_autofree char *events = NULL;
      gsize length = n;

      if (bit < 8)
        bytes[at] ^= (guint8) (1u << bit);
      else
        memmove (bytes + at, bytes + at + 1, --length - at);
      events = driver_check_dup_events (&chs_driver_bbraun_bcc, bytes, length, length, &counters);
      ck_assert_msg (counters.frames_ok == 0 && events[0] == '\0', "%s, byte %zu, bit %u", messages[_i].name, at, bit);
    }
}
END_TEST

/* ---- streams ---- */

#define PUMP_INFO                                                                                                       \
  "300,50100,FMNOR,1\x1E" "300,50112,GNMODEL,686F030006\r\x1E" "300,50112,INRT,150.00\x1E" "300,50112,INVTB,250.0\x1E"  \
  "300,50112,INVI,12.5\x1E" "300,50112,INRMT,5700\x1E" "300,50112,INSOL,Magnesium\x1E" "300,50112,INP2,12\x1E"          \
  "300,50112,INSERNUM,4711\x1E" "300,50112,PATID,SECRET\x1E" "300,50112,INM3,1\x1E" "300,50112,INM8,1\x1E" "300,50112,INA15,0"

static GByteArray *
stream_of (const char *info, guint times, bool stuffed)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 wire[2048];
  gsize n = chs_bcc_encode ("CHAIR1", info, strlen (info), true, stuffed, wire, sizeof wire);

  for (guint i = 0; i < times; i++)
    g_byte_array_append (bytes, wire, (guint) n);
  return bytes;
}

START_TEST (a_package_becomes_a_status)
{
  static const char *const wants[] = {
    "\"type\":\"pump\"", "\"channel\":1,", "\"slot\":\"1/2\"", "\"model\":\"Infusomat Space\"", "\"serial\":\"4711\"",
    "\"state\":\"infusing\"", "\"rate_ml_h\":150,", "\"flow_ml_h\":150,", "\"volume_ml\":12.5,", "\"vtbi_ml\":250,", "\"remaining_s\":5700,",
    "\"pressure\":12,\"pressure_unit\":\"%{limit}\"", "\"on_mains\":true", "\"drug\":\"Magnesium\"", "\"alarms\":[]",
    "\"text\":\"B. Braun Infusomat Space 4711\"",
  };
  g_autoptr (GByteArray) bytes = stream_of (PUMP_INFO, 1, _i > 0);
  g_autofree char *events = driver_check_dup_events (&chs_driver_bbraun_bcc, bytes->data, bytes->len, 5, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    ck_assert_msg (strstr (events, wants[i]) != NULL, "%s", wants[i]);
  ck_assert_msg (strstr (events, "SECRET") == NULL, "personal data is not kept");
  ck_assert_uint_eq (driver_check_count (events, "\"type\":\"pump\""), 1);
}
END_TEST

START_TEST (any_split_gives_the_same)
{
  g_autoptr (GByteArray) bytes = stream_of (PUMP_INFO, 3, _i > 0);

  g_byte_array_remove_range (bytes, 0, 50);
  g_byte_array_remove_range (bytes, 400, 30);
  driver_check_splits (&chs_driver_bbraun_bcc, bytes->data, bytes->len);
}
END_TEST

START_TEST (of_1000_messages_900_survive)
{
  g_autoptr (GByteArray) message = stream_of (PUMP_INFO, 1, false), bytes = g_byte_array_new ();
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 1000; i++) {
    guint at = (i * 37) % (message->len - 40);

    g_byte_array_append (bytes, message->data, i % 10 != 9 ? message->len : at);
    if (i % 10 == 9)
      g_byte_array_append (bytes, message->data + at + 40, message->len - at - 40);
  }
  events = driver_check_dup_events (&chs_driver_bbraun_bcc, bytes->data, bytes->len, 4096, &counters);
  ck_assert_uint_eq (counters.frames_ok, 900);
}
END_TEST

START_TEST (stuffing_is_found_out)
{
  g_autofree ChsBcc *bcc = g_new0 (ChsBcc, 1);
  g_autoptr (GByteArray) bytes = stream_of ("1,50100,NAME,EXeDdEEX", 1, true);
  ChsBccFrame frame;
  gsize used;

  ck_assert_int_eq (chs_bcc_feed (bcc, bytes->data, bytes->len, &used, &frame), CHS_FEED_FRAME);
  ck_assert_int_eq (bcc->stuffing, CHS_BCC_STUFFING_ON);
  ck_assert_int_eq (memcmp (frame.info, "1,50100,NAME,EXeDdEEX", frame.n), 0);
  /* Set to off by hand, it stays off. */
  bcc->fixed = true;
  bcc->stuffing = CHS_BCC_STUFFING_OFF;
  ck_assert_int_eq (chs_bcc_feed (bcc, bytes->data, bytes->len, &used, &frame), CHS_FEED_BAD);
}
END_TEST

START_TEST (a_message_without_end_is_bounded)
{
  g_autofree ChsBcc *bcc = g_new0 (ChsBcc, 1);
  ChsBccFrame frame;
  gsize used;
  guint bad = 0;

  for (guint i = 0; i < 3 * CHS_BCC_MAX_BYTES; i++) {
    guint8 byte = i == 0 ? CHS_BCC_SOH : 'x';

    bad += chs_bcc_feed (bcc, &byte, 1, &used, &frame) == CHS_FEED_BAD;
  }
  ck_assert_uint_eq (bad, 1);
}
END_TEST

/* ---- quadruples ---- */

static const struct {
  const char *text;
  bool        ok;
  guint       pillar, slot;
  const char *name, *value;
} quads[] = {
  { "214,50111,INRT,125.00", true, 1, 1, "INRT", "125.00" },
  { "214,50100,FMNOR,1", true, 0, 0, "FMNOR", "1" },
  { "214,5013A,INRT,1", true, 3, 10, "INRT", "1" },
  { "214,5012O,INRT,1", true, 2, 24, "INRT", "1" },
  { "214,501110,INRT,1", true, 1, 10, "INRT", "1" },
  { "214,501124,INRT,1", true, 1, 24, "INRT", "1" },
  { "207,50100,V3.30", true, 0, 0, "", "V3.30" },
  { "1,50111,INSOL,a, b, c", true, 1, 1, "INSOL", "a, b, c" },
  { "1,50111,INSOL,", true, 1, 1, "INSOL", "" },
  { "214,50141,INRT,1", false, 0, 0, "", "" },
  { "214,50110,INRT,1", false, 0, 0, "", "" },
  { "214,501125,INRT,1", false, 0, 0, "", "" },
  { "214,501109,INRT,1", false, 0, 0, "", "" },
  { "214,5011P,INRT,1", false, 0, 0, "", "" },
  { "x,50111,INRT,1", false, 0, 0, "", "" },
  { "214,60111,INRT,1", false, 0, 0, "", "" },
  { "214", false, 0, 0, "", "" },
  { "214,50111", false, 0, 0, "", "" },
};

START_TEST (a_quadruple_is_cut)
{
  const char *info = quads[_i].text;
  gsize n = strlen (info);
  ChsBccQuad quad;

  ck_assert (chs_bcc_next (&info, &n, &quad));
  ck_assert_msg ((quad.name != NULL) == quads[_i].ok, "%s", quads[_i].text);
  ck_assert (!chs_bcc_next (&info, &n, &quad) || !quads[_i].ok);
  if (!quads[_i].ok)
    return;
  info = quads[_i].text;
  n = strlen (info);
  chs_bcc_next (&info, &n, &quad);
  ck_assert_uint_eq (quad.pillar, quads[_i].pillar);
  ck_assert_uint_eq (quad.slot, quads[_i].slot);
  ck_assert (chs_bcc_is (&quad, quads[_i].name));
  ck_assert_uint_eq (quad.n_value, strlen (quads[_i].value));
  ck_assert_int_eq (memcmp (quad.value, quads[_i].value, quad.n_value), 0);
}
END_TEST

/* ---- what the values mean ---- */

static const struct {
  const char *name;
  const char *values; /* "NAME,value" with ';' between */
  guint       state;
  guint32     alarms;
} pumps[] = {
  { "nothing told", "INRT,1.0", CHS_PUMP_UNKNOWN, 0 },
  { "ready", "INM1,1;INM3,0;INVI,0", CHS_PUMP_READY, 0 },
  { "stopped in the middle", "INM3,0;INVI,12.5", CHS_PUMP_PAUSED, 0 },
  { "pumping", "INM3,1", CHS_PUMP_INFUSING, 0 },
  { "running by RUNSTATE", "RUNSTATE,2", CHS_PUMP_INFUSING, 0 },
  { "running by STATUS1", "STATUS1,00000182h", CHS_PUMP_INFUSING, 0 },
  { "started and stopped by STATUS1", "STATUS1,00000102h", CHS_PUMP_PAUSED, 0 },
  { "priming is not infusing", "INM3,1;INM14,1", CHS_PUMP_PRIMING, 0 },
  { "bolus", "INM3,1;INM2,1", CHS_PUMP_BOLUS, 0 },
  { "KVO", "INM3,1;INM10,1", CHS_PUMP_KVO, 0 },
  { "standby", "INM3,0;INM6,1", CHS_PUMP_STANDBY, 0 },
  { "occlusion", "INM3,0;INA3,1", CHS_PUMP_ALARM, CHS_PUMP_ALARM_OCCLUSION },
  { "air", "INM3,0;INA15,1", CHS_PUMP_ALARM, CHS_PUMP_ALARM_AIR },
  { "end of volume", "INM3,0;INA7,1", CHS_PUMP_COMPLETE, CHS_PUMP_ALARM_END_VTBI },
  { "end of volume, now KVO", "INM3,1;INM10,1;INA7,1", CHS_PUMP_KVO, CHS_PUMP_ALARM_END_VTBI },
  { "a warning does not stop it", "INM3,1;INA12,1;INA11,1", CHS_PUMP_INFUSING, CHS_PUMP_ALARM_NEAR_END | CHS_PUMP_ALARM_BATTERY_LOW },
  { "alarm word, decimal", "STATUS1,0;ALARM1,1024", CHS_PUMP_ALARM, CHS_PUMP_ALARM_OCCLUSION },
  { "alarm word, 0x", "STATUS1,0;ALARM1,0x10000000", CHS_PUMP_ALARM, CHS_PUMP_ALARM_AIR },
  { "alarm word, 0x and h", "STATUS1,0;ALARM1,0x10000000h", CHS_PUMP_ALARM, CHS_PUMP_ALARM_AIR },
  { "alarm word, h", "STATUS1,0;ALARM1,00002000h", CHS_PUMP_COMPLETE, CHS_PUMP_ALARM_END_VTBI },
  { "alarm word, decimal of ten digits", "STATUS1,0;ALARM1,2147483648", CHS_PUMP_ALARM, CHS_PUMP_ALARM_FAULT | CHS_PUMP_ALARM_AIR },
  { "alarm word that could be either", "INM3,1;ALARM1,00000010", CHS_PUMP_INFUSING, CHS_PUMP_ALARM_UNREADABLE },
  { "alarm word that is none", "INM3,1;ALARM1,what", CHS_PUMP_INFUSING, CHS_PUMP_ALARM_UNREADABLE },
  { "no alarm", "INM3,1;ALARM1,0;ALARM2,00000000h;PREALARM,00000000", CHS_PUMP_INFUSING, 0 },
  { "no value is no alarm", "INM3,1;INA3,_NV;ALARM1,_NA", CHS_PUMP_INFUSING, 0 },
  { "door of a compactplus", "STATUS1,0;ALARM2,40000000h", CHS_PUMP_ALARM, CHS_PUMP_ALARM_DOOR },
  { "near the end", "STATUS1,128;PREALARM,4", CHS_PUMP_INFUSING, CHS_PUMP_ALARM_NEAR_END },
  { "alarm without a reason", "RUNSTATE,4", CHS_PUMP_ALARM, CHS_PUMP_ALARM_OTHER },
};

START_TEST (values_make_a_state)
{
  g_auto (GStrv) values = g_strsplit (pumps[_i].values, ";", -1);
  ChsBccFields fields;
  ChsPumpStatus status;

  chs_bcc_fields_init (&fields);
  for (guint i = 0; values[i] != NULL; i++) {
    g_autofree char *text = g_strconcat ("1,50111,", values[i], NULL);
    const char *info = text;
    gsize n = strlen (text);
    ChsBccQuad quad;

    ck_assert (chs_bcc_next (&info, &n, &quad) && quad.name != NULL);
    chs_bcc_fields_take (&fields, &quad);
  }
  chs_bcc_fields_status (&fields, 1, 1, &status);
  ck_assert_msg (status.state == pumps[_i].state, "%s: %s", pumps[_i].name, chs_pump_state_id (status.state));
  ck_assert_msg (status.alarms == pumps[_i].alarms, "%s: %x", pumps[_i].name, status.alarms);
  ck_assert (isnan (status.vtbi_ml));
}
END_TEST

START_TEST (saturation_and_absence_are_no_numbers)
{
  g_autoptr (GByteArray) bytes = stream_of ("1,50111,INRT,_NV\x1E" "1,50111,INRMT,65535\x1E" "1,50111,INVI,99999\x1E" "1,50111,INSOL,\xEE\x80\x9F" "Mg\x1E" "1,50111,INM3,1", 1, false);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_bbraun_bcc, bytes->data, bytes->len, 7, &counters);

  ck_assert_ptr_nonnull (strstr (events, "\"rate_ml_h\":null"));
  ck_assert_ptr_nonnull (strstr (events, "\"remaining_s\":null"));
  ck_assert_ptr_nonnull (strstr (events, "\"volume_ml\":null"));
  ck_assert_ptr_nonnull (strstr (events, "\"drug\":\"\xEF\xBF\xBDMg\""));
  ck_assert_uint_eq (counters.unknown, 1);
}
END_TEST

/* ---- what may be sent ---- */

static const struct {
  const char *bytes;
  gsize       n;
} forbidden[] = {
  { "", 0 }, { "MEM:GE", 6 }, { "MEM:GET ", 8 }, { "mem:get", 7 }, { "MEM:SET", 7 }, { "MEM:GETSLOT#11", 14 }, { "ADMIN:ALIVE\x03", 12 },
  { "ADMIN:ALIV", 10 }, { "ADMIN:VERSIONS", 14 }, { "\x06\x06", 2 }, { "\x05", 1 }, { "\0", 1 }, { "START", 5 }, { "MEM:GET\0", 8 },
};

START_TEST (nothing_else_may_be_sent)
{
  for (guint query = 0; query < chs_driver_bbraun_bcc.n_queries; query++)
    ck_assert_msg (!chs_tx_guard_match (&chs_driver_bbraun_bcc.queries[query], (const guint8 *) forbidden[_i].bytes, forbidden[_i].n),
                   "%s", forbidden[_i].bytes);
}
END_TEST

/* ---- the dialogue ---- */

static void
check_pauses (DriverCheck *check, const guint8 *bytes, gsize n, gint64 since_rx_us)
{
  if (n == 1 && bytes[0] == CHS_BCC_ACK)
    ck_assert_int_ge (since_rx_us, 100000);
  if (n > 1 && memmem (bytes, n, "MEM:GET", 7) != NULL)
    ck_assert_int_ge (since_rx_us, 500000);
}

static const char *const *
options_of (const char *a, const char *b)
{
  static const char *options[3];

  options[0] = a;
  options[1] = b;
  options[2] = NULL;
  return options;
}

START_TEST (the_rack_is_read)
{
  static const char *const settings[][2] = {
    { NULL, NULL }, { "stuffing=on", NULL }, { "words=on", NULL }, { "address6=on", NULL }, { "bed=room_7/b", "private=on" },
    { "mode=cyclic", NULL }, { "mode=cyclic", "stuffing=on" },
  };
  DriverTalk talk;
  ChsSimPump *pump = &talk.patient.pumps[0];
  char *events;

  driver_talk_open (&talk, &chs_driver_bbraun_bcc, options_of (settings[_i][0], settings[_i][1]), NULL, BYTE_NS);
  talk.on_sent = check_pauses;
  pump->rate_ml_h = 100;
  pump->vtbi_ml = 250;
  chs_text_copy (pump->drug, sizeof pump->drug, "Magnesium");
  driver_talk_run (&talk, 12);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_uint_ge (driver_check_count (events, "\"state\":\"ready\""), 2);
  ck_assert_uint_eq (driver_check_count (events, "\"code\":\"identity\""), 1);
  ck_assert_ptr_nonnull (strstr (events, "\"drug\":\"Magnesium\""));
  g_free (events);

  pump->state = CHS_PUMP_INFUSING;
  pump->rate_ml_h = 600;
  pump->volume_ml = 1.5;
  driver_talk_run (&talk, 4.5);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_ptr_nonnull (strstr (events, "\"state\":\"infusing\",\"rate_ml_h\":600,"));
  ck_assert_ptr_nonnull (strstr (events, "\"volume_ml\":1.5,\"vtbi_ml\":250,"));
  g_free (events);

  pump->state = CHS_PUMP_ALARM;
  pump->alarms = CHS_PUMP_ALARM_OCCLUSION;
  driver_talk_run (&talk, 4.5);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_ptr_nonnull (strstr (events, "\"state\":\"alarm\""));
  ck_assert_ptr_nonnull (strstr (events, "\"alarms\":[\"occlusion\"]"));
  g_free (events);

  pump->present = false;
  driver_talk_run (&talk, 6);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_uint_eq (driver_check_count (events, "\"state\":\"removed\""), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"code\":\"removed\""), 1);
  g_free (events);

  pump->present = true;
  pump->alarms = 0;
  pump->state = CHS_PUMP_PAUSED;
  driver_talk_run (&talk, 6);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_ptr_nonnull (strstr (events, "\"state\":\"paused\""));
  ck_assert_uint_eq (driver_check_count (events, "\"code\":\"identity\""), 0); /* the same as before */
  g_free (events);
  driver_talk_close (&talk);
}
END_TEST

START_TEST (four_pumps_are_told_apart)
{
  DriverTalk talk;
  g_autofree char *events = NULL;

  driver_talk_open (&talk, &chs_driver_bbraun_bcc, NULL, NULL, BYTE_NS);
  for (guint i = 0; i < CHS_SIM_PUMPS; i++) {
    talk.patient.pumps[i].present = true;
    talk.patient.pumps[i].state = CHS_PUMP_INFUSING;
    talk.patient.pumps[i].rate_ml_h = 100 + i;
  }
  driver_talk_run (&talk, 20);
  events = driver_talk_dup_new_events (&talk);
  for (guint i = 0; i < CHS_SIM_PUMPS; i++) {
    g_autofree char *rate = g_strdup_printf ("\"rate_ml_h\":%u,", 100 + i);
    g_autofree char *slot = g_strdup_printf ("\"channel\":%u,\"slot\":\"1/%u\",", i, i + 1);
    guint n = driver_check_count (events, rate);

    ck_assert_msg (n >= 2 && n <= 5, "pump %u: %u", i, n);
    ck_assert_uint_eq (driver_check_count (events, slot), n);
  }
  driver_talk_close (&talk);
}
END_TEST

START_TEST (a_bad_line_costs_time_and_nothing_else)
{
  static const struct {
    const char *option, *faults;
    guint       least; /* good statuses in two minutes */
  } lines[] = {
    { "checksum=4", NULL, 20 }, { "dropbyte=5", NULL, 20 }, { "etb=3", NULL, 15 }, { NULL, "drop:0.0003", 15 },
    { NULL, "flip:0.0003", 15 }, { NULL, "tear", 10 }, { NULL, "delay:900", 15 },
  };
  DriverTalk talk;
  g_autofree char *events = NULL;
  guint n;

  driver_talk_open (&talk, &chs_driver_bbraun_bcc, options_of (lines[_i].option, NULL), lines[_i].faults, BYTE_NS);
  talk.patient.pumps[0].state = CHS_PUMP_INFUSING;
  talk.patient.pumps[0].rate_ml_h = 75;
  talk.patient.pumps[0].vtbi_ml = 250;
  driver_talk_run (&talk, 120);
  events = driver_talk_dup_new_events (&talk);
  n = driver_check_count (events, "\"type\":\"pump\"");
  ck_assert_msg (n >= lines[_i].least, "%d: %u statuses", _i, n);
  ck_assert_uint_eq (driver_check_count (events, "\"state\":\"infusing\",\"rate_ml_h\":75,"), n);
  ck_assert_uint_eq (driver_check_count (events, "removed"), 0);
  driver_talk_close (&talk);
}
END_TEST

START_TEST (silence_ends_and_the_rack_comes_back)
{
  DriverTalk talk;
  char *events;

  driver_talk_open (&talk, &chs_driver_bbraun_bcc, options_of ("restart_s=30", _i > 0 ? "mode=cyclic" : NULL), NULL, BYTE_NS);
  driver_talk_run (&talk, 15);
  talk.patient.pump_on = false;
  driver_talk_run (&talk, 12);
  g_free (driver_talk_dup_new_events (&talk));
  driver_talk_run (&talk, 20);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_str_eq (events, ""); /* nothing is made up meanwhile */
  g_free (events);
  talk.patient.pump_on = true;
  driver_talk_run (&talk, 30);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_ptr_nonnull (strstr (events, "\"state\":\"ready\""));
  ck_assert_uint_eq (driver_check_count (events, "\"code\":\"restart\""), 1);
  g_free (events);
  driver_talk_close (&talk);
}
END_TEST

START_TEST (options_are_read_strictly)
{
  static const struct {
    const char *key, *value;
    bool        ok;
  } options[] = {
    { "poll_s", "2", true }, { "poll_s", "0", false }, { "poll_s", "fast", false }, { "stuffing", "on", true }, { "stuffing", "off", true },
    { "stuffing", "auto", true }, { "stuffing", "maybe", false }, { "speed", "3", false },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++) {
    g_autofree gpointer state = g_malloc0 (chs_driver_bbraun_bcc.state_size);

    ck_assert_msg (chs_driver_bbraun_bcc.option (state, options[i].key, options[i].value) == options[i].ok, "%s=%s", options[i].key,
                   options[i].value);
  }
}
END_TEST

START_TEST (the_recorded_block_gives_its_pump)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("pumps/bcc_rack_block1.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_bbraun_bcc, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.unknown, 0);
  ck_assert_ptr_nonnull (strstr (events, "\"slot\":\"1/1\",\"model\":\"Perfusor Space\",\"serial\":\"36248\",\"state\":\"ready\",\"rate_ml_h\":0,"));
  ck_assert_ptr_nonnull (strstr (events, "\"on_mains\":true,\"drug\":null,\"alarms\":[]"));
}
END_TEST

static Suite *
bbraun_bcc_suite (void)
{
  Suite *suite = suite_create ("bbraun-bcc");
  TCase *tc = tcase_create ("bbraun-bcc");

  tcase_add_loop_test (tc, a_worked_message_reads_and_writes, 0, G_N_ELEMENTS (messages));
  tcase_add_loop_test (tc, a_damaged_message_is_none, 0, G_N_ELEMENTS (messages));
  tcase_add_loop_test (tc, a_package_becomes_a_status, 0, 2);
  tcase_add_loop_test (tc, any_split_gives_the_same, 0, 2);
  tcase_add_test (tc, of_1000_messages_900_survive);
  tcase_add_test (tc, stuffing_is_found_out);
  tcase_add_test (tc, a_message_without_end_is_bounded);
  tcase_add_loop_test (tc, a_quadruple_is_cut, 0, G_N_ELEMENTS (quads));
  tcase_add_loop_test (tc, values_make_a_state, 0, G_N_ELEMENTS (pumps));
  tcase_add_test (tc, saturation_and_absence_are_no_numbers);
  tcase_add_loop_test (tc, nothing_else_may_be_sent, 0, G_N_ELEMENTS (forbidden));
  tcase_add_loop_test (tc, the_rack_is_read, 0, 7);
  tcase_add_test (tc, four_pumps_are_told_apart);
  tcase_add_loop_test (tc, a_bad_line_costs_time_and_nothing_else, 0, 7);
  tcase_add_loop_test (tc, silence_ends_and_the_rack_comes_back, 0, 2);
  tcase_add_test (tc, options_are_read_strictly);
  tcase_add_test (tc, the_recorded_block_gives_its_pump);
  tcase_set_timeout (tc, 60);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (bbraun_bcc_suite)
