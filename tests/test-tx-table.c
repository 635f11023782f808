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

START_TEST (no_word_gets_out)
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
  tcase_add_loop_test (tc, no_word_gets_out, 0, G_N_ELEMENTS (words));
  tcase_add_loop_test (tc, no_frame_gets_out, 0, G_N_ELEMENTS (frames));
  tcase_add_test (tc, no_write_segment_of_dianet_gets_out);
  tcase_add_test (tc, tables_are_narrow_and_explained);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tx_table_suite)
