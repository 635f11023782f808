/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deidentify.h"

#include "app/deidentify-text.h"
#include "app/markers.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define DAYS_MAX 3650u       /* own choice: ten years */
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
  ChsTextMask *mask;
  char     patient[16], session[16], session_id[37];
  gint64   shift_us;    /* added to the wall clock */
  guint64  n_raw;
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

/* ---- events ---- */

/* Returns whether anything of the event is left. */
static gboolean
mask_event (Run *self, ChsEvent *event)
{
  event->wall_us += self->shift_us;
  if (event->type != CHS_EVENT_RAW)
    return chs_text_mask_event (self->mask, event);
  self->n_raw += !self->how->keep_raw;
  return self->how->keep_raw;
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
  const ChsTextMaskCount count = chs_text_mask_get_count (self->mask);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "replaced: patient by %s, session by %s, chair, names of %u operators and of instruments\n", self->patient,
                          self->session, count.operators);
  g_string_append (text, self->shift_us != 0 ? "moved: all dates, by a whole number of days that all sessions of this patient share\n"
                                             : "dates: none was told\n");
  g_string_append_printf (text, "removed: %" G_GUINT64_FORMAT " free texts, %" G_GUINT64_FORMAT " pieces of raw bytes, %" G_GUINT64_FORMAT
                          " configuration texts, %" G_GUINT64_FORMAT " keys of the clinic; ports, reasons of lost links, serial numbers of "
                          "instruments; names, reviewers, sources and own words of the alarm profile; age above 89 is 90\n", count.texts,
                          self->n_raw, count.configs, count.keys);
  g_string_append (text, "still in it: time of day; sex, age, weight, height, risks; shipped therapies, doses and limits; all values, waves, "
                         "alarms, symptoms and actions; drivers; numbers of the alarm profile\n");
  if (self->how->keep_notes)
    g_string_append (text, "still in it by choice: free texts (notes, words and labels of pumps and instruments, names of links, imported "
                           "tracks, therapies and markers), which may name anybody\n");
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

    chs_text_mask_source (self->mask, &source);
    chs_store_writer_add_source (self->writer, &source);
  }
  tracks = chs_store_reader_get_tracks (self->reader, &n);
  for (guint i = 0; i < n; i++) {
    ChsStoreTrack track = tracks[i];

    chs_text_mask_track (self->mask, &track);
    chs_store_writer_add_track (self->writer, &track);
  }
}

/* A program of ours, by the shape of its name: "chairside 0.1.0", "chairside import". */
static char *
dup_program (const ChsStoreMeta *meta)
{
  const char *program = meta->program != NULL ? meta->program : "";

  return g_strdup (g_regex_match_simple ("^chairside( import| [0-9.]{1,12})?$", program, 0, 0) ? program : "");
}

static gboolean
write_all (Run *self, const char *part, char **account, GError **error)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (self->reader);
  g_autofree char *program = dup_program (meta);
  ChsStoreMeta facts = { .session_id = self->session_id, .chair = (char *) "chair", .program = program,
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
  g_autoptr (ChsTextMask) mask = NULL;
  g_autoptr (GError) trouble = NULL;
  Run run = { .how = self, .reader = reader };
  gboolean whole;

  *account = NULL;
  if (g_file_test (out_path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_OPEN, "%s is there already; choose another name", out_path);
    return FALSE;
  }
  choose_names (&run, chs_store_reader_get_meta (reader));
  run.mask = mask = chs_text_mask_new (self->keep_notes, run.patient, run.session);
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

gboolean
chs_deidentify_markers (const ChsDeidentify *self, const char *path, const char *out_path, guint *n, GError **error)
{
  g_autoptr (ChsMarkers) markers = chs_markers_load (path, error);
  g_autoptr (ChsMarkers) out = markers != NULL ? chs_markers_load (out_path, error) : NULL;
  const ChsMarker *marker;

  if (out == NULL)
    return FALSE;
  marker = chs_markers_get (markers, n);
  for (guint i = 0; i < *n; i++) {
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    if (!chs_markers_set (out, marker[i].t_us, self->keep_notes ? marker[i].name : number, error))
      return FALSE;
  }
  return TRUE;
}
