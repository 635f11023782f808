/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deidentify.h"

#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define START_US G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */
#define SECRET "Zebedee" /* in everything that tells of persons: must not be anywhere afterwards */

static char *dir, *path, *out, *key;

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-deid-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
  out = g_build_filename (dir, "b.chairside", NULL);
  key = g_build_filename (dir, "key", NULL);
}

static void
teardown (void)
{
  char *const files[] = { path, out, key };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_unlink (files[i]);
    g_free (files[i]);
  }
  g_rmdir (dir);
  g_free (dir);
}

static void
append (ChsStoreWriter *writer, double t_s, ChsEvent event)
{
  event.seq = chs_store_writer_get_next_seq (writer);
  event.t_us = (gint64) (t_s * G_USEC_PER_SEC);
  event.wall_us = START_US + event.t_us;
  chs_store_writer_append (writer, &event);
}

static ChsEvent
setup_key (const char *name, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, name);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  return event;
}

/* Everything that may tell of somebody says SECRET. */
static void
write_session (const char *patient, const char *session_id, gint64 start_us)
{
  ChsStoreMeta meta = { .session_id = (char *) session_id, .chair = (char *) SECRET, .boot_id = (char *) SECRET, .program = (char *) "test",
                        .start_wall_us = start_us };
  ChsStoreSource source = { .source = 1, .name = "monitor", .driver = "ivy-450c", .address = "tcp:" SECRET };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsEvent hr = chs_numeric (CHS_PARAM_HR, 72), pump = { .type = CHS_EVENT_PUMP, .source = 2 };

  chs_store_writer_add_source (writer, &source);
  hr.source = 1;
  chs_pump_status_init (&pump.pump);
  pump.pump.rate_ml_h = 120;
  g_strlcpy (pump.pump.serial, SECRET, sizeof pump.pump.serial);
  append (writer, 0, (ChsEvent) { .type = CHS_EVENT_CONFIG, .config = { .name = "chair", .text = SECRET, .n = strlen (SECRET) } });
  append (writer, 0, setup_key ("patient.id", patient));
  append (writer, 0, setup_key ("session.chair", SECRET));
  append (writer, 0, setup_key ("session.id", SECRET));
  append (writer, 0, setup_key ("patient.age", "93"));
  append (writer, 0, setup_key ("patient.weight_kg", "70"));
  append (writer, 0, setup_key ("clinic.name", SECRET));
  append (writer, 1, hr);
  append (writer, 2, pump);
  append (writer, 3, (ChsEvent) { .type = CHS_EVENT_NURSE, .source = CHS_SOURCE_NURSE,
                                  .nurse = { .action = CHS_NURSE_MARK, .at_us = CHS_TIME_NONE, .who = SECRET, .text = "tea with " SECRET } });
  append (writer, 4, (ChsEvent) { .type = CHS_EVENT_LINK, .source = 1, .link = { .state = CHS_LINK_LOST, .name = "monitor", .reason = SECRET } });
  append (writer, 5, (ChsEvent) { .type = CHS_EVENT_DEVICE, .source = 1, .device = { .code = CHS_DEVICE_TEXT, .text = SECRET } });
  append (writer, 6, (ChsEvent) { .type = CHS_EVENT_DEVICE, .source = 1, .device = { .code = CHS_DEVICE_IDENTITY, .text = SECRET } });
  append (writer, 7, (ChsEvent) { .type = CHS_EVENT_RAW, .source = 1, .raw = { .bytes = (const guint8 *) SECRET, .n = strlen (SECRET) } });
  append (writer, 8, (ChsEvent) { .type = CHS_EVENT_STATE, .state = { .code = CHS_STATE_STORAGE, .value = 0, .text = SECRET } });
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

typedef struct {
  char    patient[24], age[8], weight[8], account[4096];
  guint   n_hr, n_notes, n_raw;
  double  rate_ml_h;
  gint64  hr_wall_us;
} Found;

static gboolean
look (const ChsEvent *event, gpointer data)
{
  Found *found = data;

  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.id") == 0)
    g_strlcpy (found->patient, event->setup.value, sizeof found->patient);
  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.age") == 0)
    g_strlcpy (found->age, event->setup.value, sizeof found->age);
  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.weight_kg") == 0)
    g_strlcpy (found->weight, event->setup.value, sizeof found->weight);
  if (event->type == CHS_EVENT_NUMERIC) {
    found->n_hr++;
    found->hr_wall_us = event->wall_us;
  }
  if (event->type == CHS_EVENT_PUMP)
    found->rate_ml_h = event->pump.rate_ml_h;
  if (event->type == CHS_EVENT_NURSE && event->nurse.text[0] != '\0')
    found->n_notes++;
  if (event->type == CHS_EVENT_RAW)
    found->n_raw++;
  if (event->type == CHS_EVENT_CONFIG)
    g_snprintf (found->account, sizeof found->account, "%.*s", (int) event->config.n, event->config.text);
  return TRUE;
}

static Found
deidentify (gboolean keep_notes, gboolean keep_raw)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, NULL);
  g_autoptr (ChsStoreReader) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *account = NULL;
  ChsDeidentify how;
  Found found = { .n_hr = 0 };

  ck_assert (chs_deidentify_init (&how, key, NULL));
  how.keep_notes = keep_notes;
  how.keep_raw = keep_raw;
  ck_assert_msg (chs_deidentify_run (&how, reader, out, &account, &error), "%s", error != NULL ? error->message : "");
  result = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (result, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, look, &found, NULL));
  ck_assert_str_eq (found.account, account);
  return found;
}

static gboolean
holds (const char *file, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize n;

  ck_assert (g_file_get_contents (file, &bytes, &n, NULL));
  return memmem (bytes, n, text, strlen (text)) != NULL;
}

START_TEST (nobody_is_in_it_any_more)
{
  ChsStoreCheck check;
  Found found;
  struct stat st;

  write_session (SECRET "-7", SECRET "-session", START_US);
  ck_assert (holds (path, SECRET));
  found = deidentify (FALSE, FALSE);
  ck_assert (!holds (out, SECRET));
  ck_assert_str_eq (found.age, "90");
  ck_assert_str_eq (found.weight, "70");
  ck_assert (g_str_has_prefix (found.patient, "P-"));
  ck_assert_uint_eq (found.n_hr, 1);
  ck_assert (found.rate_ml_h > 119 && found.rate_ml_h < 121);
  ck_assert_uint_eq (found.n_notes + found.n_raw, 0);
  ck_assert_msg (chs_store_check (out, &check, NULL), "%s", check.account);
  chs_store_check_clear (&check);
  ck_assert_int_eq (stat (out, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0600);
  ck_assert_int_eq (stat (key, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0600);
}
END_TEST

START_TEST (what_shall_stay_stays_and_is_told)
{
  Found found;

  write_session ("P7", "s", START_US);
  found = deidentify (TRUE, TRUE);
  ck_assert_uint_eq (found.n_notes, 1);
  ck_assert_uint_eq (found.n_raw, 1);
  ck_assert_ptr_nonnull (strstr (found.account, "free texts, which"));
  ck_assert_ptr_nonnull (strstr (found.account, "raw bytes; in them"));
}
END_TEST

/* Same patient, same shift and name; the time of day stays. */
START_TEST (dates_of_a_patient_move_together)
{
  static const struct {
    const char *patient;
    gint64 start_us;
  } sessions[] = { { "P7", START_US }, { "P7", START_US + 30 * DAY_US }, { "P8", START_US } };
  gint64 shift_us[3];
  Found found[3];

  for (guint i = 0; i < 3; i++) {
    g_autofree char *id = g_strdup_printf ("session-%u", i);

    write_session (sessions[i].patient, id, sessions[i].start_us);
    found[i] = deidentify (FALSE, FALSE);
    shift_us[i] = found[i].hr_wall_us - (START_US + G_USEC_PER_SEC);
    g_unlink (path);
    g_unlink (out);
  }
  ck_assert_int_eq (shift_us[0], shift_us[1]);
  ck_assert_int_ne (shift_us[0], shift_us[2]);
  ck_assert_int_lt (shift_us[0], 0);
  ck_assert_int_eq (shift_us[0] % DAY_US, 0);
  ck_assert_int_ge (shift_us[0], -3650 * DAY_US);
  ck_assert_str_eq (found[0].patient, found[1].patient);
  ck_assert_str_ne (found[0].patient, found[2].patient);
}
END_TEST

START_TEST (undated_stays_undated)
{
  g_autoptr (ChsStoreReader) reader = NULL;

  write_session ("P7", "s", 0);
  deidentify (FALSE, FALSE);
  reader = chs_store_reader_new (out, NULL);
  ck_assert_int_eq (chs_store_reader_get_meta (reader)->start_wall_us, 0);
}
END_TEST

START_TEST (what_is_there_is_not_replaced)
{
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autofree char *account = NULL;
  g_autoptr (GError) error = NULL;
  ChsDeidentify how;

  write_session ("P7", "s", 0);
  reader = chs_store_reader_new (path, NULL);
  ck_assert (chs_deidentify_init (&how, NULL, NULL));
  ck_assert (!chs_deidentify_run (&how, reader, path, &account, &error));
  ck_assert (g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN));
  ck_assert (g_file_set_contents (key, "short", -1, NULL));
  ck_assert (!chs_deidentify_init (&how, key, NULL));
}
END_TEST

static Suite *
deidentify_suite (void)
{
  Suite *suite = suite_create ("deidentify");
  TCase *tc = tcase_create ("recordings");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, nobody_is_in_it_any_more);
  tcase_add_test (tc, what_shall_stay_stays_and_is_told);
  tcase_add_test (tc, dates_of_a_patient_move_together);
  tcase_add_test (tc, undated_stays_undated);
  tcase_add_test (tc, what_is_there_is_not_replaced);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (deidentify_suite)
