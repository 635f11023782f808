/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/tx-guard.h"

#include <glib.h>
#include <string.h>

/* No control command of any protocol can be formed: every command that the notes of the
 * protocols forbid, in every dress that a driver's payload could wear, is held against
 * every row of every driver's table. A new driver is under this test by being in the table. */

/* Words of text protocols; what makes a query a command there is often nothing but an argument. */
static const char *const words[] = {
  /* Alaris Asena */
  "REMOTE_CTRL", "REMOTE_CTRL^ENABLED", "REMOTE_CTRL^ENABLED^0000", "REMOTE_CFG", "INF_START", "INF_STOP", "INF_RATE^100.0",
  "INF_RATE^100.0^ml/h", "INF_VTBI^50", "INF_VTBI^50^ml^STOP", "INF_BOLUS", "INF_VI_CLEAR", "REMQUERY",
  /* Graseby 3400 and 3000 */
  "STRT", "STOP", "CHGR100", "CHKR100", "ZTOT", "I", "O", "P",
  /* Baxter AS50 */
  "PRIRATE=10", "PRIVTBI=10", "BOLSIZ=1", "BOLST", "EXIT",
  /* Fresenius Orchestra, Pilote */
  "MO", "MO;2", "PR", "PR;100", "PO", "PB", "PB;10", "PF", "PV", "PV;100", "RV", "PP", "PP;5", "PS", "EP", "AP", "EN", "RZ", "OF", "SI",
  /* NeuroWave AP-4000 */
  "CNTLREQ", "INFPROG", "INFPAUS", "INFRESM", "CNTLREQ,1", "INFPROG,1,100",
  /* Zyno MIVA: writes and keys */
  "W0", "W3", "WA", "W30000", "K", "KE", "KE0", "KE1", "KEA", "KE00",
  /* Harvard, KD Scientific, Legato */
  "run", "stp", "stop", "rev", "mlh", "mlm", "ulh", "ulm", "mmd", "mlt", "clv", "clt", "irun", "wrun", "rrun", "irate 10 ml/h",
  "irate max", "wrate 10 ml/h", "tvolume 5 ml", "diameter 10", "syrm bdp 10", "civolume", "cwvolume", "ctvolume", "nvram on", "load 1",
  "addr 1", "baud 9600", "echo on", "force 30", "poll on", "mlh 100", "mmd 10", "mode i", "dir inf",
  /* New Era NE-1000: a query with an argument is a setting */
  "RUN", "RUN1", "STP", "PUR", "RAT100", "RAT100MH", "RATI10", "VOL10", "VOLML", "DIA10", "DIRINF", "DIRREV", "CLDINF", "CLDWDR", "SAF10",
  "PHN1", "FUNRAT", "FUNSTP", "ADR1", "BP1", "AL1", "PF0", "LOC1", "TRGFT", "OUT51",
  /* B. Braun BCC knows no command; these are none that it should learn */
  "MEM:SET", "MEM:PUT", "MEM:SETSLOT#11", "ADMIN:RESET", "ADMIN:SET",
  /* Chemyx */
  "start", "pause", "restart", "set rate 1", "set volume 1", "set diameter 10", "set units 1", "hexw2 1", "1start",
};

/* Frames of binary protocols, before checksum and escapes and with them. */
#define BYTES(...) { (const guint8[]) { __VA_ARGS__ }, sizeof (guint8[]) { __VA_ARGS__ } }

static const struct {
  const guint8 *bytes;
  gsize         n;
} frames[] = {
  /* SunTech: start adult, paediatric, neonate; abort; inflation target; reset */
  BYTES (0x3A, 0x20, 0xA6), BYTES (0x3A, 0x87, 0x3F), BYTES (0x3A, 0x28, 0x9E), BYTES (0x20), BYTES (0x87), BYTES (0x28),
  BYTES (0x3A, 0x79, 0x01, 0x00, 0x4C), BYTES (0x3A, 0x17, 0xA0, 0x00, 0x0F), BYTES (0x3A, 0x8A, 0x3C), BYTES (0x8A),
  /* other modules: start, stop */
  BYTES (0xA1), BYTES (0xA2),
};

static const char *const dresses[] = {
  "%s", "%s\r", "%s\n", "%s\r\n", "<%s>AC\r", "<%s>", "[%s]", "!%s", "!%s|38F3", "!%s|38F3\r", "\x02%s\x03", "@%s\r", "00%s", "00%s\r",
  "01%s\r", "0%s", "1%s", "A%s", " %s", "%s ", "%s^", "%s;",
};

/* A word that is a command to one instrument and a question to another. Each with the reason why it cannot reach the first. */
static const struct {
  const char *driver, *payload;
} exceptions[] = {
  /* A Graseby 3000 obeys "P". The Accutorr's driver sends it only in answer to the prompt ">" that it has asked for with Ctrl-C,
   * which that pump does not give (tests/test-accutorr.c: nothing_is_asked_before_the_prompt). */
  { "accutorr-3", "P" },
};

static gboolean
is_exception (const ChsDriver *driver, const guint8 *payload, gsize n)
{
  for (gsize i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (strcmp (exceptions[i].driver, driver->id) == 0 && strlen (exceptions[i].payload) == n
        && memcmp (exceptions[i].payload, payload, n) == 0)
      return TRUE;
  return FALSE;
}

/* The row that would let it out, NULL = none. */
static const char *
find_way_out (const guint8 *payload, gsize n)
{
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    for (guint i = 0; i < (*driver)->n_queries; i++)
      if (chs_tx_guard_match (&(*driver)->queries[i], payload, n) && !is_exception (*driver, payload, n))
        return (*driver)->id;
  return NULL;
}

START_TEST (clause_60601_1_10_no_word_gets_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (dresses); i++) {
    g_autofree char *payload = g_strdup_printf (dresses[i], words[_i]);
    g_autofree char *shouted = g_ascii_strup (payload, -1), *whispered = g_ascii_strdown (payload, -1);
    const char *forms[] = { payload, shouted, whispered };

    for (guint k = 0; k < G_N_ELEMENTS (forms); k++) {
      const char *id = find_way_out ((const guint8 *) forms[k], strlen (forms[k]));

      ck_assert_msg (id == NULL, "driver %s lets \"%s\" out", id, forms[k]);
    }
  }
}
END_TEST

/* The same of one driver, for numbers that mean something else to another. */
static gboolean
lets_out (const char *id, const guint8 *payload, gsize n)
{
  const ChsDriver *driver = chs_driver_find (id);

  ck_assert_ptr_nonnull (driver);
  for (guint i = 0; i < driver->n_queries; i++)
    if (chs_tx_guard_match (&driver->queries[i], payload, n))
      return TRUE;
  return FALSE;
}

START_TEST (no_frame_gets_out)
{
  const char *id = find_way_out (frames[_i].bytes, frames[_i].n);

  ck_assert_msg (id == NULL, "driver %s lets frame %d out", id, _i);
}
END_TEST

/* B. Braun fm: segments 11 to 15 act and write, 10 opens a session; with any address and any data. */
START_TEST (no_write_segment_of_dianet_gets_out)
{
  guint8 payload[20] = { 0 };

  for (guint address = 0; address < 128; address++)
    for (guint segment = 10; segment <= 15; segment++)
      for (gsize n = 2; n <= sizeof payload; n++) {
        const char *id;

        payload[0] = (guint8) address;
        payload[1] = (guint8) segment;
        id = find_way_out (payload, n);
        ck_assert_msg (id == NULL, "driver %s lets segment %u out", id, segment);
      }
}
END_TEST

/* ---- IntelliVue: what the data export interface can do to a monitor is an action or a set of an attribute ---- */

#define INVOKE_HEAD 24
#define INVOKE_MAX (INVOKE_HEAD + 34)

/* "E1 00 00 02 ROIV length invoke command length", the managed object MDS, scope 0, then @n bytes at @rest. Returns its length. */
static gsize
make_invoke (guint8 command, const guint8 *rest, gsize n, guint8 *message)
{
  const guint8 head[INVOKE_HEAD] = {
    0xE1, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, (guint8) (16 + n), 0x00, 0x01, 0x00, command, 0x00, (guint8) (10 + n),
    0x00, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  };

  memcpy (message, head, sizeof head);
  memcpy (message + sizeof head, rest, n);
  return sizeof head + n;
}

static void
check_invoke (guint8 command, guint what, const guint8 *rest, gsize n)
{
  guint8 message[INVOKE_MAX];
  const char *id = find_way_out (message, make_invoke (command, rest, n, message));

  ck_assert_msg (id == NULL, "driver %s lets command %u of %04X out", id, command, what);
}

/* Own priority lists of waves (F23A) apart, no attribute can be set, whatever its value's length and however it is set. */
START_TEST (no_set_of_intellivue_gets_out)
{
  static const guint8 n_values[] = { 2, 24 };

  for (guint id = 0; id <= G_MAXUINT16; id++)
    for (guint i = 0; i < G_N_ELEMENTS (n_values); i++)
      for (guint8 command = 4; command <= 5; command++) {
        guint8 list[34] = { 0, 1, 0, (guint8) (6 + n_values[i]), 0, 0, (guint8) (id >> 8), (guint8) id, 0, n_values[i] };

        if (id != 0xF23A)
          check_invoke (command, id, list, 10u + n_values[i]);
      }
}
END_TEST

/* The wave list itself is the one list of the table: not another one, not added to, not taken from. */
START_TEST (no_other_wave_list_gets_out)
{
  guint8 list[34] = { 0, 1, 0, 30, 0, 0, 0xF2, 0x3A, 0, 24, 0, 5, 0, 20, 0, 2, 1, 2, 0, 2, 0x4B, 0xB4, 0, 2, 0x4A, 0x14, 0, 2, 0x50, 0, 0, 2, 0x50, 0xAC };

  guint8 own[INVOKE_MAX];

  ck_assert (lets_out ("intellivue", own, make_invoke (5, list, sizeof list, own))); /* this test builds what the driver sends */
  for (guint at = 0; at < sizeof list; at++)
    for (guint mask = 1; mask <= 0xFF; mask++) {
      list[at] ^= (guint8) mask;
      check_invoke (5, at, list, sizeof list);
      list[at] ^= (guint8) mask;
    }
}
END_TEST

/* Of all actions only the two polls. */
START_TEST (no_action_of_intellivue_gets_out)
{
  static const guint8 n_arguments[] = { 0, 8, 20 };

  for (guint action = 0; action <= G_MAXUINT16; action++)
    for (guint i = 0; i < G_N_ELEMENTS (n_arguments); i++) {
      guint8 rest[24] = { (guint8) (action >> 8), (guint8) action, 0, n_arguments[i], 0, 1, 0, 1, 0, 0x36, 8, 0x11 };

      if (action != 0x0C16 && action != 0xF13B)
        check_invoke (7, action, rest, 4u + n_arguments[i]);
    }
}
END_TEST

/* Event reports, gets and numbers that the standard does not know are no way either; nor is an abort of a stranger's session. */
START_TEST (no_other_command_of_intellivue_gets_out)
{
  static const guint8 rest[] = { 0x0C, 0x16, 0, 8, 0, 1, 0, 1, 0, 0x36, 8, 0x11 };
  static const guint8 abort_request[] = { 0x19, 0x2E, 0x11, 0x01, 0x03, 0xC1, 0x29 };

  for (guint command = 0; command <= 0xFF; command++)
    if (command != 7)
      check_invoke ((guint8) command, 0, rest, sizeof rest);
  ck_assert (find_way_out (abort_request, sizeof abort_request) == NULL);
}
END_TEST

/* ---- others of a number and its arguments ---- */

/* Capnostream 20: 60 changes alarm limits, 7 the name of the host; only the five of the dialogue, and these bare. */
START_TEST (no_setting_of_capnostream_gets_out)
{
  guint8 payload[64] = { 0 };

  for (guint code = 0; code <= 0xFF; code++)
    for (gsize n = 1; n <= sizeof payload; n++) {
      gboolean is_of_dialogue = n == 1 && (code == 1 || code == 2 || (code >= 4 && code <= 6));

      payload[0] = (guint8) code;
      ck_assert_msg (lets_out ("capnostream-20", payload, n) == is_of_dialogue, "code %u with %zu bytes", code, n);
    }
}
END_TEST

/* Alarms on and alarms off differ by one byte. */
static gboolean
is_row (const ChsDriver *driver, const guint8 *payload, gsize n)
{
  for (guint i = 0; i < driver->n_queries; i++)
    if (driver->queries[i].parts[0].n == n && memcmp (driver->queries[i].parts[0].bytes, payload, n) == 0)
      return TRUE;
  return FALSE;
}

/* S/5: no request of it changes the monitor; still, only the seven of the table get out, not one that differs in a byte. */
START_TEST (no_other_request_of_s5_gets_out)
{
  const ChsDriver *driver = chs_driver_find ("datex-s5");

  for (guint i = 0; i < driver->n_queries; i++) {
    gsize n = driver->queries[i].parts[0].n;
    g_autofree guint8 *request = g_memdup2 (driver->queries[i].parts[0].bytes, n);

    ck_assert_int_eq (driver->queries[i].parts[0].kind, CHS_PART_BYTES);
    ck_assert_int_eq (driver->queries[i].parts[1].kind, CHS_PART_END);
    for (gsize at = 0; at < n; at++)
      for (guint mask = 1; mask <= 0xFF; mask++) {
        request[at] ^= (guint8) mask;
        ck_assert_msg (find_way_out (request, n) == NULL || is_row (driver, request, n), "\"%s\" with byte %zu wrong gets out",
                       driver->queries[i].name, at);
        request[at] ^= (guint8) mask;
      }
  }
}
END_TEST

/* S/5: records of other kinds (5 network, 8 anaesthesia), alarm commands beyond those known. */
START_TEST (no_other_record_of_s5_gets_out)
{
  for (guint main_type = 0; main_type <= 0xFF; main_type++)
    for (guint command = 0; command <= 0xFF; command++) {
      guint8 request[52] = { 52, [14] = (guint8) main_type, [21] = 0xFF, [40] = (guint8) command };
      gboolean is_ours = main_type == 4 && (command == 2 || command == 3);

      ck_assert_msg ((find_way_out (request, sizeof request) != NULL) == is_ours, "main type %u, command %u", main_type, command);
    }
}
END_TEST

/* Contec: storage, deletion, clock (A3 to B6); only start, stop and alive. */
START_TEST (no_setting_of_contec_gets_out)
{
  for (guint high = 0x80; high <= 0xFF; high++)
    for (guint command = 0x80; command <= 0xFF; command++) {
      guint8 package[9] = { 0x7D, (guint8) high, (guint8) command, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80 };
      gboolean is_ours = high == 0x81 && (command == 0xA1 || command == 0xA2 || command == 0xAF);

      ck_assert_msg ((find_way_out (package, sizeof package) != NULL) == is_ours, "%02X %02X", high, command);
    }
}
END_TEST

/* Terumo: command 01 of subcode 0000 reads; whatever the others do. */
START_TEST (no_other_command_of_terumo_gets_out)
{
  for (guint seq = 0; seq <= 0xFF; seq += 5)
    for (guint command = 0; command <= 0xFF; command++)
      for (guint sub = 0; sub <= 8; sub++) {
        const guint8 binary[] = { (guint8) seq, (guint8) command, 0, (guint8) sub };
        g_autofree char *base64 = g_base64_encode (binary, sizeof binary);
        g_autofree char *request
            = g_strdup_printf ("<?xml version=\"1.0\"?><REQ><DEVID>000100700000001201000001</DEVID><CMD>%s</CMD></REQ>", base64);

        if (command != 1 || sub != 0)
          ck_assert_msg (find_way_out ((const guint8 *) request, strlen (request)) == NULL, "command %02X %02X", command, sub);
      }
}
END_TEST

/* Accutorr 3: a command is one character; all of them but two, and each of the two with anything behind. */
START_TEST (no_other_character_of_accutorr_gets_out)
{
  for (guint c = 0; c <= 0xFF; c++)
    for (guint second = 0; second <= 0xFF; second++) {
      const guint8 payload[] = { (guint8) c, (guint8) second };

      ck_assert_msg (lets_out ("accutorr-3", payload, 1) == (c == 0x03 || c == 'P'), "character %02X", c);
      ck_assert_msg (!lets_out ("accutorr-3", payload, 2), "characters %02X %02X", c, second);
    }
}
END_TEST

/* ---- the tables themselves ---- */

static void
check_query (const ChsDriver *driver, const ChsQuery *query)
{
  guint n_fixed = 0, n_free = 0;

  ck_assert_msg (query->name != NULL && query->name[0] != '\0', "%s: a row without a name", driver->id);
  ck_assert_msg (query->note != NULL && strlen (query->note) > 10, "%s: \"%s\" does not say why it is harmless", driver->id, query->name);
  for (guint i = 0; i < CHS_QUERY_PARTS && query->parts[i].kind != CHS_PART_END; i++) {
    const ChsPart *part = &query->parts[i];

    if (part->kind == CHS_PART_BYTES)
      n_fixed += part->n;
    if (part->kind == CHS_PART_ANY)
      n_free += part->n;
    ck_assert_msg (part->kind != CHS_PART_BYTES || part->n > 0, "%s: \"%s\" has an empty part", driver->id, query->name);
    ck_assert_msg (part->kind == CHS_PART_BYTES || part->kind == CHS_PART_ANY || part->n <= part->max,
                   "%s: \"%s\" has a part that nothing fits", driver->id, query->name);
  }
  /* Patterns stay narrow: a fixed word, and at most a few bytes of transaction numbers and checksums that may be anything. */
  ck_assert_msg (n_fixed > 0, "%s: \"%s\" fixes nothing", driver->id, query->name);
  ck_assert_msg (n_free <= 4, "%s: \"%s\" leaves %u bytes free", driver->id, query->name, n_free);
}

START_TEST (tables_are_narrow_and_explained)
{
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++) {
    const ChsDriver *d = *driver;

    ck_assert_msg ((d->access == CHS_ACCESS_QUERY) == (d->n_queries > 0), "%s: access and table disagree", d->id);
    ck_assert_msg (d->n_queries == 0 || d->queries != NULL, "%s: rows without a table", d->id);
    for (guint i = 0; i < d->n_queries; i++)
      check_query (d, &d->queries[i]);
  }
}
END_TEST

static Suite *
tx_table_suite (void)
{
  Suite *suite = suite_create ("tx-table");
  TCase *tc = tcase_create ("control");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, clause_60601_1_10_no_word_gets_out, 0, G_N_ELEMENTS (words));
  tcase_add_loop_test (tc, no_frame_gets_out, 0, G_N_ELEMENTS (frames));
  tcase_add_test (tc, no_write_segment_of_dianet_gets_out);
  tcase_add_test (tc, no_set_of_intellivue_gets_out);
  tcase_add_test (tc, no_other_wave_list_gets_out);
  tcase_add_test (tc, no_action_of_intellivue_gets_out);
  tcase_add_test (tc, no_other_command_of_intellivue_gets_out);
  tcase_add_test (tc, no_setting_of_capnostream_gets_out);
  tcase_add_test (tc, no_other_request_of_s5_gets_out);
  tcase_add_test (tc, no_other_record_of_s5_gets_out);
  tcase_add_test (tc, no_setting_of_contec_gets_out);
  tcase_add_test (tc, no_other_command_of_terumo_gets_out);
  tcase_add_test (tc, no_other_character_of_accutorr_gets_out);
  tcase_add_test (tc, tables_are_narrow_and_explained);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tx_table_suite)
