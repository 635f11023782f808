/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/course.h"

#include "data/event.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (chs-course-error-quark, chs_course_error)

#define SUFFIX ".chairside"
#define SCORE_MOST 10.0
#define CALL_GIVEN_UP (14 * G_TIME_SPAN_DAY)
#define CALL_FIELDS 6 /* time, patient, session, pain, fatigue, by */

static gboolean
fail (GError **error, ChsCourseError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, ChsCourseError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (CHS_COURSE_ERROR, (int) code, format, args);
  va_end (args);
  return FALSE;
}

/* ---- one recording ---- */

typedef struct {
  const ChsStoreMeta *meta;
  GArray             *out;  /* of ChsCourseSession: one for each patient that sat in the chair */
  gint                at;   /* the one that sits there now; -1 = nobody with an id */
} Reading;

static gint
find_patient (const GArray *rows, guint from, const char *id)
{
  for (guint i = from; i < rows->len; i++)
    if (strcmp (g_array_index (rows, ChsCourseSession, i).patient_id, id) == 0)
      return (gint) i;
  return -1;
}

static void
seat (Reading *self, guint first, const char *id, gint64 wall_us)
{
  ChsCourseSession row = { .start_wall_us = wall_us, .end_wall_us = wall_us, .is_complete = self->meta->complete,
                           .before = { NAN, NAN }, .after = { NAN, NAN }, .call = { NAN, NAN } };

  self->at = -1;
  if (id[0] == '\0')
    return;
  self->at = find_patient (self->out, first, id);
  if (self->at >= 0)
    return;
  g_strlcpy (row.patient_id, id, sizeof row.patient_id);
  g_strlcpy (row.session_id, self->meta->session_id != NULL ? self->meta->session_id : "", sizeof row.session_id);
  g_array_append_val (self->out, row);
  self->at = (gint) self->out->len - 1;
}

static void
take_score (ChsCourseSession *row, const ChsNurse *nurse)
{
  const struct {
    const char *what;
    double     *into;
  } scores[] = {
    { "pain_before", &row->before.pain },       { "pain_after", &row->after.pain },
    { "fatigue_before", &row->before.fatigue }, { "fatigue_after", &row->after.fatigue },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    if (strcmp (scores[i].what, nurse->what) == 0)
      *scores[i].into = nurse->value; /* the newest counts */
}

typedef struct {
  Reading reading;
  guint   first; /* rows before it are of other recordings */
} Walk;

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Walk *walk = user_data;
  Reading *self = &walk->reading;
  ChsCourseSession *row;

  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.id") == 0)
    seat (self, walk->first, event->setup.value, event->wall_us);
  if (self->at < 0)
    return TRUE;
  row = &g_array_index (self->out, ChsCourseSession, self->at);
  row->end_wall_us = MAX (row->end_wall_us, event->wall_us);
  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "therapy.id") == 0)
    g_strlcpy (row->therapy, event->setup.value, sizeof row->therapy);
  else if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "therapy.name") == 0 && event->setup.value[0] != '\0')
    g_strlcpy (row->therapy, event->setup.value, sizeof row->therapy);
  else if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.course_planned") == 0)
    row->planned = (guint) g_ascii_strtoull (event->setup.value, NULL, 10);
  else if (event->type == CHS_EVENT_NURSE && event->nurse.action == CHS_NURSE_SCORE && !isnan (event->nurse.value))
    take_score (row, &event->nurse);
  return TRUE;
}

/* What is whole of a damaged recording counts, too. */
static gboolean
read_recording (const char *path, GArray *out)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, NULL);
  Walk walk = { .reading = { .out = out, .at = -1 }, .first = out->len };

  if (reader == NULL)
    return FALSE;
  walk.reading.meta = chs_store_reader_get_meta (reader);
  return chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, on_event, &walk, NULL);
}

/* ---- the calls ---- */

static gboolean
parse_score (const char *text, double *value)
{
  char *end;

  *value = (double) NAN;
  if (text[0] == '\0')
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && *value >= 0 && *value <= SCORE_MOST;
}

static gboolean
take_call (GArray *rows, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  ChsCourseScores scores;
  gint64 wall_us;
  char *end;

  if (g_strv_length (fields) != CALL_FIELDS)
    return FALSE;
  wall_us = g_ascii_strtoll (fields[0], &end, 10);
  if (end == fields[0] || *end != '\0' || !parse_score (fields[3], &scores.pain) || !parse_score (fields[4], &scores.fatigue))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    ChsCourseSession *row = &g_array_index (rows, ChsCourseSession, i);

    if (strcmp (row->patient_id, fields[1]) != 0 || strcmp (row->session_id, fields[2]) != 0)
      continue;
    row->call = scores;
    row->call_wall_us = wall_us;
    g_strlcpy (row->call_by, fields[5], sizeof row->call_by);
  }
  return TRUE;
}

/* A last line without an end was cut off while it was written: it was never confirmed to anybody. */
static gboolean
read_calls (const char *folder, GArray *rows, GError **error)
{
  g_autofree char *path = g_build_filename (folder, CHS_COURSE_CALLS, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  guint line = 1;

  if (!g_file_get_contents (path, &text, NULL, &local))
    return g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
           fail (error, CHS_COURSE_ERROR_FOLDER, "the calls cannot be read: %s", local->message);
  for (char *at = text, *end; (end = strchr (at, '\n')) != NULL; at = end + 1, line++) {
    *end = '\0';
    if (at[0] != '#' && at[0] != '\0' && !take_call (rows, at))
      return fail (error, CHS_COURSE_ERROR_DAMAGED, "%s:%u: not a call: expected time, patient, session, pain, fatigue and by", path, line);
  }
  return TRUE;
}

/* ---- the folder ---- */

static int
compare_sessions (gconstpointer a, gconstpointer b)
{
  const ChsCourseSession *x = a, *y = b;

  if (x->start_wall_us != y->start_wall_us)
    return x->start_wall_us < y->start_wall_us ? -1 : 1;
  return strcmp (x->session_id, y->session_id);
}

/* Every session of everybody, oldest first. */
static GArray *
read_folder (const char *folder, guint *unreadable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &local);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (ChsCourseSession));
  const char *name;

  if (dir == NULL) {
    fail (error, CHS_COURSE_ERROR_FOLDER, "the recordings cannot be read: %s", local->message);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_str_has_suffix (name, SUFFIX) && !read_recording (path, rows))
      (*unreadable)++;
  }
  g_array_sort (rows, compare_sessions);
  return read_calls (folder, rows, error) ? g_steal_pointer (&rows) : NULL;
}

/* ---- what is asked ---- */

ChsCourse *
chs_course_read (const char *folder, const char *patient_id, GError **error)
{
  g_autoptr (ChsCourse) self = g_new0 (ChsCourse, 1);
  g_autoptr (GArray) all = NULL;

  self->sessions = g_array_new (FALSE, FALSE, sizeof (ChsCourseSession));
  g_strlcpy (self->patient_id, patient_id, sizeof self->patient_id);
  if (patient_id[0] == '\0' || strlen (patient_id) >= sizeof self->patient_id) {
    fail (error, CHS_COURSE_ERROR_VALUE, "\"%s\" is no patient id", patient_id);
    return NULL;
  }
  all = read_folder (folder, &self->unreadable, error);
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const ChsCourseSession *row = &g_array_index (all, ChsCourseSession, i);

    if (strcmp (row->patient_id, patient_id) != 0)
      continue;
    if (row->planned > 0)
      self->planned = row->planned;
    g_array_append_val (self->sessions, *row);
  }
  return all != NULL ? g_steal_pointer (&self) : NULL;
}

void
chs_course_free (ChsCourse *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->sessions);
  g_free (self);
}

GArray *
chs_course_due (const char *folder, gint64 now_us, GError **error)
{
  guint unreadable = 0;
  g_autoptr (GArray) all = read_folder (folder, &unreadable, error);
  GArray *calls;

  if (all == NULL)
    return NULL;
  calls = g_array_new (FALSE, FALSE, sizeof (ChsCourseSession));
  for (guint i = 0; i < all->len; i++) {
    const ChsCourseSession *row = &g_array_index (all, ChsCourseSession, i);
    gint64 since_us = now_us - row->end_wall_us;

    if (row->call_wall_us == 0 && since_us >= CHS_COURSE_CALL_FROM && since_us < CALL_GIVEN_UP)
      g_array_append_val (calls, *row); /* oldest first is most urgent first */
  }
  return calls;
}

/* ---- a call ---- */

static gboolean
check_call (const char *folder, const char *patient_id, const char *session_id, const ChsCourseScores *scores, const char *by, GError **error)
{
  const double values[] = { scores->pain, scores->fatigue };
  g_autoptr (ChsCourse) course = chs_course_read (folder, patient_id, error);

  if (course == NULL)
    return FALSE;
  if (isnan (scores->pain) && isnan (scores->fatigue))
    return fail (error, CHS_COURSE_ERROR_VALUE, "a call needs pain or fatigue");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (!isnan (values[i]) && !(values[i] >= 0 && values[i] <= SCORE_MOST))
      return fail (error, CHS_COURSE_ERROR_VALUE, "%g is no score: 0 to %g", values[i], SCORE_MOST);
  if (by != NULL && strpbrk (by, "\t\n\r") != NULL)
    return fail (error, CHS_COURSE_ERROR_VALUE, "a name has no tabs or line ends");
  for (guint i = 0; i < course->sessions->len; i++)
    if (strcmp (g_array_index (course->sessions, ChsCourseSession, i).session_id, session_id) == 0)
      return TRUE;
  return fail (error, CHS_COURSE_ERROR_VALUE, "patient %s has no session \"%s\"", patient_id, session_id);
}

static void
append_score (GString *line, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (line, '\t');
  if (!isnan (value))
    g_string_append (line, g_ascii_formatd (buf, sizeof buf, "%.9g", value));
}

/* One write at the end of the file, synced: a line is there as a whole, or it was never confirmed. */
static gboolean
append_line (const char *path, const GString *line, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  gboolean done;

  if (fd < 0)
    return fail (error, CHS_COURSE_ERROR_FOLDER, "%s cannot be written: %s", path, g_strerror (errno));
  done = write (fd, line->str, line->len) == (gssize) line->len && fsync (fd) == 0;
  if (!done)
    fail (error, CHS_COURSE_ERROR_FOLDER, "%s cannot be written: %s", path, g_strerror (errno));
  close (fd);
  return done;
}

gboolean
chs_course_add_call (const char *folder,
                     const char *patient_id,
                     const char *session_id,
                     const ChsCourseScores *scores,
                     const char *by,
                     gint64 now_us,
                     GError **error)
{
  g_autofree char *path = g_build_filename (folder, CHS_COURSE_CALLS, NULL);
  g_autoptr (GString) line = g_string_new (NULL);

  if (!check_call (folder, patient_id, session_id, scores, by, error))
    return FALSE;
  g_string_append_printf (line, "%" G_GINT64_FORMAT "\t%s\t%s", now_us, patient_id, session_id);
  append_score (line, scores->pain);
  append_score (line, scores->fatigue);
  g_string_append_printf (line, "\t%s\n", by != NULL ? by : "");
  return append_line (path, line, error);
}
