/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <string.h>

/* The messages taken apart again by their separators alone. */

static GStrv segments;

static void
setup (void)
{
  g_autoptr (GBytes) out = small_session_export (chs_exporter_find ("hl7"));

  ck_assert_ptr_null (strchr (g_bytes_get_data (out, NULL), '\n'));
  segments = g_strsplit (g_bytes_get_data (out, NULL), "\r", -1);
}

static void
teardown (void)
{
  g_clear_pointer (&segments, g_strfreev);
}

/* Field by HL7's own count; owned by the caller. */
static char *
dup_field (const char *segment, guint index)
{
  g_auto (GStrv) fields = g_strsplit (segment, "|", -1);
  guint at = g_str_has_prefix (segment, "MSH") ? index - 1 : index;

  return g_strdup (at < g_strv_length (fields) ? fields[at] : "");
}

typedef struct {
  guint       index;
  const char *want;
} Field;

static const struct {
  const char *name, *begins; /* first segment that begins so */
  Field       fields[9];     /* ended by index 0 */
} rows[] = {
  { "head of observations", "MSH|",
    { { 7, "20260105140020.000+0000" }, { 9, "ORU^R01^ORU_R01" }, { 11, "P" }, { 12, "2.6" }, { 15, "AL" }, { 16, "NE" },
      { 18, "UNICODE UTF-8" }, { 21, "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO" } } },
  { "patient", "PID|", { { 3, "P-0042^^^CHAIRSIDE^PI" }, { 5, "^^^^^^U" }, { 8, "F" } } },
  { "visit", "PV1|", { { 2, "O" }, { 3, "INFUSION^^chair 3" } } },
  { "order", "OBR|1||", { { 4, "182777000^monitoring of patient^SCT" }, { 7, "20260105140020.000+0000" } } },
  { "device", "OBX|1||69965", { { 3, "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC" }, { 4, "1.0.0.0" }, { 11, "X" }, { 18, "monitor" } } },
  { "rate of the heart", "OBX|2|NM|147842",
    { { 3, "147842^MDC_ECG_HEART_RATE^MDC" }, { 4, "1.0.0.1" }, { 5, "70" }, { 6, "/min^/min^UCUM" }, { 8, "" }, { 11, "R" }, { 14, "20260105140020.000+0000" } } },
  { "absent", "OBX|3||150456", { { 2, "" }, { 5, "" }, { 8, "NAV" }, { 11, "X" } } },
  { "doubtful", "OBX|4|NM|151562", { { 5, "14" }, { 8, "QUES" }, { 11, "R" } } },
  { "cuff at its own time", "OBX|4|NM|150021", { { 5, "122" }, { 6, "mm[Hg]^mm[Hg]^UCUM" }, { 14, "20260105140225.000+0000" } } },
  { "pump", "OBX|8|NM|157784", { { 3, "157784^MDC_FLOW_FLUID_PUMP^MDC" }, { 4, "2.0.0.1" }, { 5, "125" }, { 6, "mL/h^mL/h^UCUM" } } },
  { "event of an alarm", "OBX|1|ST|196670", { { 3, "196670^MDC_EVT_LO^MDC" }, { 4, "1.0.0.0.1" }, { 5, "mg_hypotension" }, { 11, "F" } } },
  { "source of an alarm", "OBX|2|NM|150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1.0.0.0.2", { { 5, "84" }, { 7, ">90" }, { 11, "F" } } },
  { "phase", "OBX|3|ST|68481", { { 4, "1.0.0.0.3" }, { 5, "start" } } },
  { "state", "OBX|4|ST|68482", { { 5, "active" } } },
  { "priority", "OBX|6|ST|68484", { { 5, "PH" } } },
  { "type", "OBX|7|ST|68485", { { 5, "SP" } } },
};

START_TEST (fields_are_as_the_framework_says)
{
  for (char **segment = segments; *segment != NULL; segment++) {
    if (!g_str_has_prefix (*segment, rows[_i].begins))
      continue;
    for (const Field *field = rows[_i].fields; field < rows[_i].fields + G_N_ELEMENTS (rows[_i].fields) && field->index != 0; field++) {
      g_autofree char *is = dup_field (*segment, field->index);

      ck_assert_msg (strcmp (is, field->want) == 0, "%s: field %u of %s is %s", rows[_i].name, field->index, *segment, is);
    }
    return;
  }
  ck_abort_msg ("%s: no segment begins with %s", rows[_i].name, rows[_i].begins);
}
END_TEST

START_TEST (an_alarm_is_one_through_its_life)
{
  static const char *const phases[] = { "start", "acknowledged", "end" };
  g_autofree char *life = NULL;
  guint n = 0, n_phases = 0;

  for (char **segment = segments; *segment != NULL; segment++) {
    if (strstr (*segment, "196616^MDC_EVT_ALARM^MDC") != NULL && g_str_has_prefix (*segment, "OBR|")) {
      g_autofree char *id = dup_field (*segment, 29);

      ck_assert_msg (g_str_has_prefix (id, "^CS") && strstr (id, "&CHAIRSIDE&02") != NULL, "OBR-29 is %s", id);
      ck_assert (life == NULL || strcmp (life, id) == 0);
      g_free (life);
      life = g_steal_pointer (&id);
      n++;
    }
    if (strstr (*segment, "|68481^") != NULL) {
      g_autofree char *phase = dup_field (*segment, 5);

      ck_assert_uint_lt (n_phases, G_N_ELEMENTS (phases));
      ck_assert_str_eq (phase, phases[n_phases++]);
    }
  }
  ck_assert_uint_eq (n, 3);
  ck_assert_uint_eq (n_phases, 3);
}
END_TEST

START_TEST (control_ids_are_unique)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  for (char **segment = segments; *segment != NULL; segment++)
    if (g_str_has_prefix (*segment, "MSH|")) {
      ck_assert (g_hash_table_add (ids, dup_field (*segment, 10)));
      n++;
    }
  ck_assert_uint_eq (n, 12 + 3); /* twelve minutes, three transitions */
}
END_TEST

/* Another reader of the same bytes; where python3-hl7 is not installed, this says so and ends. */
static const char python[] =
  "import sys\n"
  "try:\n"
  "    import hl7\n"
  "except ImportError:\n"
  "    print('skipped: python3-hl7 is not installed', file=sys.stderr)\n"
  "    sys.exit(0)\n"
  "text = open(sys.argv[1], newline='', encoding='utf-8').read()\n"
  "messages = ['MSH|' + part for part in text.split('MSH|')[1:]]\n"
  "assert len(messages) == 15, len(messages)\n"
  "for text in messages:\n"
  "    message = hl7.parse(text)\n"
  "    assert str(message.segment('MSH')[9]) in ('ORU^R01^ORU_R01', 'ORU^R40^ORU_R40'), str(message.segment('MSH')[9])\n"
  "    assert str(message.segment('PID')[3]).startswith('P-0042')\n"
  "    assert len(message.segments('OBX')) > 0\n"
  "    for obx in message.segments('OBX'):\n"
  "        assert str(obx[4]) != '' and str(obx[11]) in ('R', 'X', 'F'), str(obx)\n"
  "rate = [str(o[5]) for m in map(hl7.parse, messages) for o in m.segments('OBX') if str(o[3]).startswith('157784^')]\n"
  "assert '125' in rate and '375' in rate, rate\n";

START_TEST (python_hl7_parses_it)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-hl7-XXXXXX", NULL), *path = g_build_filename (dir, "out.hl7", NULL);
  g_autoptr (GBytes) out = small_session_export (chs_exporter_find ("hl7"));
  const char *const argv[] = { "/usr/bin/python3", "-c", python, path, NULL };
  g_autofree char *told = NULL;
  int status = 1;

  ck_assert (g_file_set_contents (path, g_bytes_get_data (out, NULL), (gssize) g_bytes_get_size (out), NULL));
  if (!g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, &told, &status, NULL))
    g_message ("skipped: no python3");
  else
    ck_assert_msg (status == 0, "%s", told);
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("export-hl7");
  TCase *tcase = tcase_create ("hl7");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_loop_test (tcase, fields_are_as_the_framework_says, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, an_alarm_is_one_through_its_life);
  tcase_add_test (tcase, control_ids_are_unique);
  tcase_add_test (tcase, python_hl7_parses_it);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
