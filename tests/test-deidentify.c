/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deidentify.h"

#include "app/markers.h"
#include "app/profile-private.h"
#include "data/event-codec.h"
#include "data/store-private.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
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
  ck_assert_ptr_nonnull (strstr (found.account, "by choice: free texts ("));
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

/* ---- every text that there is ---- */

/* Of an event, once for each code that it has, so that none of them is a way past. */
static guint8 *
code_of (ChsEvent *event, guint *n)
{
  switch ((int) event->type) {
  case CHS_EVENT_NURSE:
    *n = CHS_NURSE_ALARM_OFF + 1;
    return &event->nurse.action;
  case CHS_EVENT_DEVICE:
    *n = CHS_DEVICE_BENCH + 1;
    return &event->device.code;
  case CHS_EVENT_STATE:
    *n = CHS_STATE_CLOCK + 1;
    return &event->state.code;
  default:
    *n = 1;
    return NULL;
  }
}

static void
append_full (ChsStoreWriter *writer, ChsEvent event)
{
  const char *name;
  gsize at, size;

  for (guint i = 0; (name = chs_event_text ((ChsEventType) event.type, i, &at, &size)) != NULL; i++)
    g_strlcpy ((char *) &event + at, SECRET, size);
  append (writer, 1, event);
}

/* The codec names its texts; each of them says SECRET. */
static void
write_every_text (void)
{
  ChsStoreMeta meta = { .session_id = (char *) "s", .start_wall_us = START_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);

  for (guint type = CHS_EVENT_NUMERIC; type < CHS_N_EVENTS; type++) {
    ChsEvent event = { .type = (guint8) type, .source = 1 };
    guint n;
    guint8 *code = code_of (&event, &n);
    gsize at, size;

    if (type == CHS_EVENT_PUMP)
      chs_pump_status_init (&event.pump);
    if (chs_event_text ((ChsEventType) type, 0, &at, &size) == NULL)
      continue;
    for (guint i = 0; i < n; i++) {
      if (code != NULL)
        *code = (guint8) i;
      append_full (writer, event);
    }
  }
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

/* And each column of text of each table, with the columns beside it filled as they must be. */
static void
write_every_column (void)
{
  sqlite3 *db;

  ck_assert_int_eq (sqlite3_open (path, &db), SQLITE_OK);
  for (guint i = 0; i < chs_n_store_tables; i++) {
    g_autofree char *query = g_strdup_printf ("SELECT name, type, pk FROM pragma_table_info ('%s')", chs_store_tables[i].name);
    g_autoptr (GString) columns = g_string_new (NULL), values = g_string_new (NULL);
    sqlite3_stmt *info;

    if (strcmp (chs_store_tables[i].name, "meta") == 0 || strstr (chs_store_tables[i].sql, "hash BLOB") != NULL)
      continue; /* meta: below; streams: their events, above */
    ck_assert_int_eq (sqlite3_prepare_v2 (db, query, -1, &info, NULL), SQLITE_OK);
    while (sqlite3_step (info) == SQLITE_ROW) {
      const char *type = (const char *) sqlite3_column_text (info, 1), *name = (const char *) sqlite3_column_text (info, 0);

      g_string_append_printf (columns, "%s\"%s\"", columns->len > 0 ? ", " : "", name);
      g_string_append_printf (values, "%s%s", values->len > 0 ? ", " : "",
                              strcmp (name, "param") == 0       ? "'OTHER'"
                              : strcmp (type, "TEXT") == 0      ? "'" SECRET "'"
                              : strcmp (type, "BLOB") == 0      ? "x'5A656265646565'" /* SECRET */
                                                                : "77");
    }
    sqlite3_finalize (info);
    query = (g_free (query), g_strdup_printf ("INSERT INTO \"%s\" (%s) VALUES (%s)", chs_store_tables[i].name, columns->str, values->str));
    ck_assert_msg (sqlite3_exec (db, query, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", query, sqlite3_errmsg (db));
  }
  ck_assert_int_eq (sqlite3_exec (db, "INSERT OR REPLACE INTO meta VALUES ('chair', '" SECRET "'), ('boot_id', '" SECRET "'), "
                                      "('program', '" SECRET "')", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static gboolean
tells (const ChsEvent *event, gpointer user_data)
{
  gsize at, size;
  const char *name;

  for (guint i = 0; (name = chs_event_text ((ChsEventType) event->type, i, &at, &size)) != NULL; i++)
    ck_assert_msg (strstr ((const char *) event + at, SECRET) == NULL, "%s says %s", name, (const char *) event + at);
  return TRUE;
}

START_TEST (every_text_and_every_column_goes)
{
  g_autoptr (ChsStoreReader) result = NULL;

  write_every_text ();
  write_every_column ();
  ck_assert (holds (path, SECRET));
  deidentify (FALSE, FALSE);
  result = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (result, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, tells, NULL, NULL));
  ck_assert (!holds (out, SECRET));
}
END_TEST

/* ---- and what is no person's stays ---- */

typedef struct {
  const char *name; /* of the text */
  const char *in, *want;
  guint8      code;
} Kept;

static const Kept kept[] = {
  { "pump.slot", "1/2", "1/2", 0 },
  { "pump.slot", "bed by the window", "", 0 },
  { "pump.drug", "Mrs. Miller's Mg", "", 0 },
  { "link.name", "pump1", "pump1", 0 },
  { "link.name", "monitor", "monitor", 0 },
  { "link.name", "miller", "link 1", 0 },
  { "link.driver", "bbraun-bcc", "bbraun-bcc", 0 },
  { "link.driver", "described:/home/m", "described", 0 },
  { "link.reason", "/dev/ttyUSB0 is gone", "", 0 },
  { "device.text", "B. Braun Space 1234", "instrument 1", CHS_DEVICE_IDENTITY },
  { "device.text", "LOW SPO2 MILLER", "", CHS_DEVICE_ALARM },
  { "nurse.what", "itching", "itching", CHS_NURSE_SYMPTOM },
  { "nurse.what", "like last time", "", CHS_NURSE_SYMPTOM },
  { "nurse.what", "rate_reduced", "rate_reduced", CHS_NURSE_DONE },
  { "nurse.what", "told Dr Miller", "", CHS_NURSE_DONE },
  { "nurse.what", "pain_before", "pain_before", CHS_NURSE_SCORE },
  { "nurse.what", "miller", "", CHS_NURSE_MARK },
  { "nurse.what", "HR", "HR", CHS_NURSE_ALARM_OFF },
  { "nurse.text", "wrong patient: Miller", "", CHS_NURSE_CORRECTION },
  { "nurse.who", "ann", "operator 1", CHS_NURSE_NOTE },
  { "alarm.rule", "mg.fall", "mg.fall", 0 },
  { "alarm.evidence", "E-BP30,C-MG", "E-BP30,C-MG", 0 },
  { "alarm.missing", "SPO2,NIBP", "SPO2,NIBP", 0 },
  { "alarm.also", "vasovagal,hypotension", "vasovagal,hypotension", 0 },
  { "state.text", "/home/miller is full", "", 0 },
};

static ChsEventType
find_text (const char *name, gsize *at, gsize *size)
{
  for (guint type = CHS_EVENT_NUMERIC; type < CHS_N_EVENTS; type++) {
    const char *other;

    for (guint i = 0; (other = chs_event_text ((ChsEventType) type, i, at, size)) != NULL; i++)
      if (strcmp (other, name) == 0)
        return (ChsEventType) type;
  }
  ck_abort_msg ("there is no text %s", name);
}

typedef struct {
  ChsEventType type;
  gsize at;
  char  text[120];
} Looking;

static gboolean
look_at_text (const ChsEvent *event, gpointer data)
{
  Looking *looking = data;

  if ((ChsEventType) event->type == looking->type)
    g_strlcpy (looking->text, (const char *) event + looking->at, sizeof looking->text);
  return TRUE;
}

START_TEST (what_is_no_persons_stays)
{
  const Kept *row = &kept[_i];
  ChsStoreMeta meta = { .session_id = (char *) "s", .start_wall_us = START_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (ChsStoreReader) result = NULL;
  Looking looking = { .text = "" };
  ChsEvent event = { .source = 1 };
  gsize size;
  guint n;
  guint8 *code;

  looking.type = find_text (row->name, &looking.at, &size);
  event.type = (guint8) looking.type;
  if (looking.type == CHS_EVENT_PUMP)
    chs_pump_status_init (&event.pump);
  if (looking.type == CHS_EVENT_NURSE)
    event.nurse = (ChsNurse) { .at_us = CHS_TIME_NONE, .value = 1 };
  code = code_of (&event, &n);
  if (code != NULL)
    *code = row->code;
  g_strlcpy ((char *) &event + looking.at, row->in, size);
  append (writer, 1, event);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  deidentify (FALSE, FALSE);
  result = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (result, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, look_at_text, &looking, NULL));
  ck_assert_msg (strcmp (looking.text, row->want) == 0, "%s: \"%s\" became \"%s\"", row->name, row->in, looking.text);
}
END_TEST

static const struct {
  const char *key, *in, *want; /* NULL: the key goes */
} keys[] = {
  { "patient.flags", "copd,allergy:" SECRET, "copd,allergy:removed" },
  { "patient.sex", "F", "F" },
  { "patient.weight_kg", "71.5", "71.5" },
  { "therapy.id", "mg_addon", "mg_addon" },
  { "therapy.id", "mix_of_dr_miller", "own" },
  { "therapy.name", "Mix of Dr Miller", "own" },
  { "therapy.ordered_rate_ml_h", "100", "100" },
  { "therapy.ordered_rate_ml_h", "as Miller", NULL },
  { "pump.1.0.name", "for Miller", "own" },
  { "pump.1.0.mg_hard_mmol_min", "0.3", "0.3" },
  { "pump.1.0.miller", "1", NULL },
  { "limit.HR.high", "120", "120" },
  { "limit.MILLER.high", "120", NULL },
  { "sensors.cuff_arm", "left", "left" },
  { "clinic.ward", "Miller", NULL },
};

static gboolean
look_at_key (const ChsEvent *event, gpointer data)
{
  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, keys[GPOINTER_TO_UINT (((gpointer *) data)[0])].key) == 0)
    ((gpointer *) data)[1] = g_strdup (event->setup.value);
  return TRUE;
}

START_TEST (keys_keep_what_the_program_knows)
{
  ChsStoreMeta meta = { .session_id = (char *) "s", .start_wall_us = START_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (ChsStoreReader) result = NULL;
  gpointer found[2] = { GUINT_TO_POINTER (_i), NULL };

  append (writer, 0, setup_key (keys[_i].key, keys[_i].in));
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  deidentify (FALSE, FALSE);
  result = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (result, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, look_at_key, found, NULL));
  ck_assert_msg (g_strcmp0 (found[1], keys[_i].want) == 0, "%s: \"%s\" became \"%s\"", keys[_i].key, keys[_i].in, (char *) found[1]);
  g_free (found[1]);
}
END_TEST

/* ---- texts in force ---- */

static gboolean
take_profile (const ChsEvent *event, gpointer profile)
{
  if (event->type == CHS_EVENT_CONFIG && strcmp (event->config.name, "profile") == 0)
    *(ChsProfile **) profile = chs_profile_parse_recorded (event->config.text, event->config.n, "profile", NULL);
  return TRUE;
}

/* The numbers of the clinic's profile stay; who made it, why, and its own words go. */
START_TEST (a_profile_keeps_its_numbers)
{
  ChsStoreMeta meta = { .session_id = (char *) "s", .start_wall_us = START_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (ChsProfile) profile = chs_profile_new_builtin (), masked = NULL;
  g_autoptr (ChsStoreReader) result = NULL;
  g_autofree char *text = NULL, *reviewed = NULL, *worded = NULL;
  g_auto (GStrv) parts = NULL;
  gsize n;

  ck_assert (chs_profile_set (profile, "limit.hr_high", 131, NULL));
  text = chs_profile_dup_edited (profile, SECRET, SECRET ": why", "what-if over " SECRET, &n);
  parts = g_strsplit (text, "reviewed_by =", 2);
  reviewed = g_strjoinv ("reviewed_by = " SECRET, parts);
  g_strfreev (parts);
  parts = g_strsplit (reviewed, "\naction = ", 2); /* the first word of advice is the clinic's own */
  worded = g_strjoinv ("\naction = Call " SECRET ". ", parts);
  append (writer, 0, (ChsEvent) { .type = CHS_EVENT_CONFIG, .config = { .name = "profile", .text = worded, .n = (guint32) strlen (worded) } });
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert (holds (path, SECRET));
  deidentify (FALSE, FALSE);
  ck_assert (!holds (out, SECRET));
  result = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (result, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, take_profile, &masked, NULL));
  ck_assert_ptr_nonnull (masked);
  for (int i = CHS_KEY_NONE + 1; i < CHS_N_KEYS; i++) {
    const char *name = chs_key_info ((ChsKey) i)->name;

    ck_assert_msg (fabs (chs_profile_get (masked, name) - chs_profile_get (profile, name)) < 1e-9, "%s", name);
  }
}
END_TEST

/* A profile and a list of tracks as somebody hostile would write them: what comes of it is a recording. */
START_TEST (hostile_texts_are_survived)
{
  static const char *const names[] = { "profile", CHS_STORE_TRACKS_CONFIG };
  static const char parts[] = "=|[]\n\t;# .,0123456789eE+-nanINF\\\"%sprofiletext.limithr_highnamereviewed_by\xff\x80\x01";
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) _i);
  ChsStoreMeta meta = { .session_id = (char *) "s", .start_wall_us = START_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsEvent event = { .type = CHS_EVENT_CONFIG };

  for (guint i = 0; i < 40; i++) {
    g_autoptr (GString) text = g_string_new (i % 4 == 0 ? "[limit]\nhr_high = " : i % 4 == 1 ? "1\t0\tHR\t" : "");

    for (int n = g_rand_int_range (rand, 0, 400); n > 0; n--)
      g_string_append_c (text, parts[g_rand_int_range (rand, 0, sizeof parts)]);
    event.config = (ChsConfigText) { .text = text->str, .n = (guint32) text->len };
    g_strlcpy (event.config.name, names[i % 2], sizeof event.config.name);
    append (writer, i, event);
  }
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  deidentify (FALSE, FALSE); /* which reads all of it */
}
END_TEST

START_TEST (markers_go_along_without_their_names)
{
  g_autofree char *before = g_strconcat (path, CHS_MARKERS_SUFFIX, NULL), *after = g_strconcat (out, CHS_MARKERS_SUFFIX, NULL);
  g_autoptr (ChsMarkers) markers = chs_markers_load (path, NULL);
  ChsDeidentify how;
  guint n;

  ck_assert (chs_deidentify_init (&how, NULL, NULL));
  ck_assert (chs_markers_set (markers, 5, SECRET " turns pale", NULL));
  ck_assert (chs_markers_set (markers, 9, "here too", NULL));
  ck_assert (chs_deidentify_markers (&how, path, out, &n, NULL));
  ck_assert_uint_eq (n, 2);
  ck_assert (!holds (after, SECRET));
  ck_assert (holds (after, "at_9 = 2"));
  how.keep_notes = TRUE;
  ck_assert (chs_deidentify_markers (&how, path, out, &n, NULL));
  ck_assert (holds (after, SECRET " turns pale"));
  g_unlink (before);
  g_unlink (after);
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
  tcase_add_test (tc, every_text_and_every_column_goes);
  tcase_add_loop_test (tc, what_is_no_persons_stays, 0, G_N_ELEMENTS (kept));
  tcase_add_loop_test (tc, keys_keep_what_the_program_knows, 0, G_N_ELEMENTS (keys));
  tcase_add_test (tc, a_profile_keeps_its_numbers);
  tcase_add_loop_test (tc, hostile_texts_are_survived, 0, 10);
  tcase_add_test (tc, markers_go_along_without_their_names);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (deidentify_suite)
