/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deidentify.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define DAYS_MAX 3650u       /* own choice: ten years */
#define AGE_MAX 89           /* above it the age tells the person: HIPAA safe harbour, 45 CFR 164.514 (b)(2)(i)(C) */
#define AGE_OLD "90"
#define DATED_US (G_GINT64_CONSTANT (946684800) * G_USEC_PER_SEC) /* 2000: what lies before was never dated */
#define ROOM_EVERY 256u

/* ---- the key ---- */

static gboolean
make_key (ChsDeidentify *self, const char *path, GError **error)
{
  int fd;
  gboolean written;

  if (getrandom (self->key, sizeof self->key, 0) != (ssize_t) sizeof self->key) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "no random numbers: %s", g_strerror (errno));
    return FALSE;
  }
  if (path == NULL)
    return TRUE;
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  written = fd >= 0 && write (fd, self->key, sizeof self->key) == (ssize_t) sizeof self->key && fsync (fd) == 0;
  if (!written)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "cannot write the key %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return written;
}

gboolean
chs_deidentify_init (ChsDeidentify *self, const char *key_path, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize n;

  *self = (ChsDeidentify) { 0 };
  if (key_path == NULL || !g_file_test (key_path, G_FILE_TEST_EXISTS))
    return make_key (self, key_path, error);
  if (!g_file_get_contents (key_path, &bytes, &n, error))
    return FALSE;
  if (n != sizeof self->key) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s is no key: %zu bytes instead of %zu", key_path, n, sizeof self->key);
    return FALSE;
  }
  memcpy (self->key, bytes, n);
  return TRUE;
}

/* ---- names ---- */

typedef struct {
  const ChsDeidentify *how;
  ChsStoreReader *reader;
  ChsStoreWriter *writer;
  GPtrArray *operators; /* names as they were; the place is the new name */
  char     patient[16], session[16], session_id[37];
  gint64   shift_us;    /* added to the wall clock */
  guint64  n_texts, n_raw, n_configs, n_keys;
  guint    n_since_room;
  gboolean broken;
} Run;

/* A number that only the key can make out of @what. */
static guint64
number_of (const ChsDeidentify *how, const char *purpose, const char *what)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, how->key, sizeof how->key);
  guint8 digest[32];
  gsize n = sizeof digest;
  guint64 number;

  g_hmac_update (hmac, (const guchar *) purpose, (gssize) strlen (purpose) + 1);
  g_hmac_update (hmac, (const guchar *) what, -1);
  g_hmac_get_digest (hmac, digest, &n);
  memcpy (&number, digest, sizeof number);
  return number;
}

static gboolean
find_patient (const ChsEvent *event, gpointer user_data)
{
  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.id") == 0 && event->setup.value[0] != '\0')
    g_strlcpy (user_data, event->setup.value, sizeof event->setup.value);
  return TRUE;
}

/* A session without a patient is a person of its own. */
static void
choose_names (Run *self, const ChsStoreMeta *meta)
{
  char person[sizeof ((ChsSetup *) NULL)->value] = "";
  const char *id = meta->session_id != NULL ? meta->session_id : "";
  guint64 high, low;

  chs_store_reader_foreach (self->reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_NUMERICS, find_patient, person, NULL);
  if (person[0] == '\0')
    g_strlcpy (person, id, sizeof person);
  g_snprintf (self->patient, sizeof self->patient, "P-%08X", (guint) (number_of (self->how, "patient", person) & G_MAXUINT32));
  g_snprintf (self->session, sizeof self->session, "S-%08X", (guint) (number_of (self->how, "session", id) & G_MAXUINT32));
  high = number_of (self->how, "uuid", id);
  low = number_of (self->how, "uuid2", id);
  g_snprintf (self->session_id, sizeof self->session_id, "%08x-%04x-4%03x-8%03x-%012" G_GINT64_MODIFIER "x", (guint) (high & G_MAXUINT32),
              (guint) (high >> 32 & 0xFFFF), (guint) (high >> 48 & 0xFFF), (guint) (low >> 48 & 0xFFF), low & G_GUINT64_CONSTANT (0xFFFFFFFFFFFF));
  if (meta->start_wall_us >= DATED_US)
    self->shift_us = -(gint64) (1 + number_of (self->how, "days", person) % DAYS_MAX) * DAY_US;
}

static void
rename_operator (Run *self, char *who, gsize size)
{
  guint i;

  if (who[0] == '\0')
    return;
  for (i = 0; i < self->operators->len; i++)
    if (strcmp (self->operators->pdata[i], who) == 0)
      break;
  if (i == self->operators->len)
    g_ptr_array_add (self->operators, g_strdup (who));
  g_snprintf (who, size, "operator %u", i + 1);
}

/* ---- events ---- */

static void
clear_text (Run *self, char *text)
{
  self->n_texts += text[0] != '\0';
  text[0] = '\0';
}

/* Keys that describe the treatment; the clinic's own, which nobody knows here, go. */
static gboolean
is_known_key (const char *key)
{
  static const char *const prefixes[] = { "therapy.", "pump.", "limit.", "sensors." };
  static const char *const keys[] = { "session.id",  "session.chair",     "session.cuff_interval_s", "patient.id",   "patient.age",
                                      "patient.sex", "patient.weight_kg", "patient.height_cm",       "patient.flags" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (key, prefixes[i]))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (key, keys[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
mask_setup (Run *self, ChsSetup *setup)
{
  const struct {
    const char *key, *value;
  } replaced[] = { { "patient.id", self->patient }, { "session.id", self->session }, { "session.chair", "chair" } };

  if (!is_known_key (setup->key)) {
    self->n_keys++;
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (replaced); i++)
    if (strcmp (setup->key, replaced[i].key) == 0 && setup->value[0] != '\0')
      chs_text_copy (setup->value, sizeof setup->value, replaced[i].value);
  if (strcmp (setup->key, "patient.age") == 0 && g_ascii_strtod (setup->value, NULL) > AGE_MAX)
    chs_text_copy (setup->value, sizeof setup->value, AGE_OLD);
  return TRUE;
}

static gboolean
mask_nurse (Run *self, ChsNurse *nurse)
{
  rename_operator (self, nurse->who, sizeof nurse->who);
  if (!self->how->keep_notes)
    clear_text (self, nurse->text);
  return TRUE;
}

static gboolean
mask_device (Run *self, ChsDeviceCondition *device)
{
  if (device->code == CHS_DEVICE_TEXT && !self->how->keep_notes) {
    self->n_texts++;
    return FALSE;
  }
  if (device->code == CHS_DEVICE_IDENTITY && device->text[0] != '\0')
    g_strlcpy (device->text, "instrument", sizeof device->text);
  return TRUE;
}

/* A rule's profile and the names of an import's tracks are needed to read it; the chair's file has names and addresses. */
static gboolean
mask_config (Run *self, const ChsConfigText *config)
{
  gboolean kept = strcmp (config->name, "profile") == 0 || strcmp (config->name, CHS_STORE_TRACKS_CONFIG) == 0;

  self->n_configs += !kept;
  return kept;
}

/* Returns whether anything of the event is left. */
static gboolean
mask_event (Run *self, ChsEvent *event)
{
  event->wall_us += self->shift_us;
  switch (event->type) {
  case CHS_EVENT_SETUP:
    return mask_setup (self, &event->setup);
  case CHS_EVENT_NURSE:
    return mask_nurse (self, &event->nurse);
  case CHS_EVENT_DEVICE:
    return mask_device (self, &event->device);
  case CHS_EVENT_CONFIG:
    return mask_config (self, &event->config);
  case CHS_EVENT_PUMP:
    event->pump.serial[0] = '\0';
    return TRUE;
  case CHS_EVENT_LINK:
    event->link.reason[0] = '\0';
    return TRUE;
  case CHS_EVENT_STATE:
    event->state.text[0] = '\0';
    return TRUE;
  case CHS_EVENT_RAW:
    self->n_raw += !self->how->keep_raw;
    return self->how->keep_raw;
  default:
    return TRUE;
  }
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Run *self = user_data;
  ChsEvent copy = *event;

  if (mask_event (self, &copy))
    chs_store_writer_append (self->writer, &copy);
  if (++self->n_since_room % ROOM_EVERY == 0 && !chs_store_writer_wait_room (self->writer))
    self->broken = TRUE;
  return !self->broken;
}

/* ---- the whole ---- */

static char *
dup_account (const Run *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "replaced: patient by %s, session by %s, chair, names of %u operators\n", self->patient, self->session,
                          self->operators->len);
  g_string_append (text, self->shift_us != 0 ? "moved: all dates, by a whole number of days that all sessions of this patient share\n"
                                             : "dates: none was told\n");
  g_string_append_printf (text, "removed: %" G_GUINT64_FORMAT " free texts, %" G_GUINT64_FORMAT " pieces of raw bytes, %" G_GUINT64_FORMAT
                          " configuration texts, %" G_GUINT64_FORMAT " keys of the clinic; ports, reasons of lost links, identity and serial "
                          "numbers of instruments; age above 89 is 90\n", self->n_texts, self->n_raw, self->n_configs, self->n_keys);
  g_string_append (text, "still in it: time of day; sex, age, weight, height, risks; therapy, doses and limits; all values, waves, alarms, "
                         "symptoms and actions; names of links, drivers and imported tracks; models and drug names of pumps; words of the "
                         "instruments' own alarms; the alarm profile\n");
  if (self->how->keep_notes)
    g_string_append (text, "still in it by choice: free texts, which may name anybody\n");
  if (self->how->keep_raw)
    g_string_append (text, "still in it by choice: raw bytes; in them are serial numbers and clocks, with the true date, of instruments\n");
  return g_string_free (text, FALSE);
}

static void
append_account (Run *self, const char *account)
{
  gint64 end_us = chs_store_reader_get_last_us (self->reader);
  ChsEvent event = { .seq = chs_store_writer_get_next_seq (self->writer), .type = CHS_EVENT_CONFIG, .t_us = end_us,
                     .wall_us = chs_store_reader_get_meta (self->reader)->start_wall_us + self->shift_us + end_us,
                     .config = { .name = CHS_DEIDENTIFY_CONFIG, .n = (guint32) strlen (account), .text = account } };

  chs_store_writer_append (self->writer, &event);
}

static void
add_names (Run *self)
{
  guint n;
  const ChsStoreSource *sources = chs_store_reader_get_sources (self->reader, &n);
  const ChsStoreTrack *tracks;

  for (guint i = 0; i < n; i++) {
    ChsStoreSource source = sources[i];

    source.address[0] = '\0';
    chs_store_writer_add_source (self->writer, &source);
  }
  tracks = chs_store_reader_get_tracks (self->reader, &n);
  for (guint i = 0; i < n; i++)
    chs_store_writer_add_track (self->writer, &tracks[i]);
}

static gboolean
write_all (Run *self, const char *part, char **account, GError **error)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (self->reader);
  ChsStoreMeta facts = { .session_id = self->session_id, .chair = (char *) "chair", .program = meta->program,
                         .start_wall_us = meta->start_wall_us + self->shift_us };
  g_autoptr (GError) damaged = NULL;
  gboolean whole;

  self->writer = chs_store_writer_new_bulk (part, &facts, error);
  if (self->writer == NULL)
    return FALSE;
  add_names (self);
  whole = chs_store_reader_foreach (self->reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, on_event, self, &damaged);
  *account = dup_account (self);
  append_account (self, *account);
  if (!chs_store_writer_close (self->writer, meta->complete, error))
    return FALSE;
  if (damaged != NULL)
    g_propagate_error (error, g_steal_pointer (&damaged));
  return whole;
}

gboolean
chs_deidentify_run (const ChsDeidentify *self, ChsStoreReader *reader, const char *out_path, char **account, GError **error)
{
  g_autofree char *part = g_strconcat (out_path, ".part", NULL);
  g_autoptr (GPtrArray) operators = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) trouble = NULL;
  Run run = { .how = self, .reader = reader, .operators = operators };
  gboolean whole;

  *account = NULL;
  if (g_file_test (out_path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN, "%s is there already; choose another name", out_path);
    return FALSE;
  }
  choose_names (&run, chs_store_reader_get_meta (reader));
  chs_store_remove (part, NULL); /* of a run that died */
  whole = write_all (&run, part, account, &trouble);
  if ((whole || g_error_matches (trouble, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED)) && g_rename (part, out_path) != 0) {
    g_clear_error (&trouble);
    g_set_error (&trouble, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE, "cannot write %s: %s", out_path, g_strerror (errno));
    whole = FALSE;
  }
  if (trouble != NULL) {
    chs_store_remove (part, NULL);
    g_propagate_error (error, g_steal_pointer (&trouble));
  }
  return whole;
}
