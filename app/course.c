/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/course.h"

#include "app/session.h"
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
#define CALL_FIELDS 9 /* time, patient, session, pain, fatigue, by, outcome, how, note */
#define CALL_FIELDS_FIRST 6 /* of version 0.1: up to by, and always reached */
#define NO_TAB_OR_LINE "\t\n\r"

static const char *const outcomes[] = { [CHS_CALL_NONE] = "", [CHS_CALL_REACHED] = "reached", [CHS_CALL_NOT_REACHED] = "not_reached",
                                        [CHS_CALL_DECLINED] = "declined" };
static const char *const hows[] = { [CHS_CALL_HOW_NONE] = "", [CHS_CALL_BETTER] = "better", [CHS_CALL_SAME] = "same", [CHS_CALL_WORSE] = "worse" };

G_STATIC_ASSERT (G_N_ELEMENTS (outcomes) == CHS_N_CALL_OUTCOMES && G_N_ELEMENTS (hows) == CHS_N_CALL_HOWS);

static guint
find_id (const char *const *ids, guint n, const char *id)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (ids[i], id) == 0)
      return i;
  return n;
}

const char *
chs_call_outcome_id (ChsCallOutcome outcome)
{
  return outcome < CHS_N_CALL_OUTCOMES ? outcomes[outcome] : "";
}

const char *
chs_call_how_id (ChsCallHow how)
{
  return how < CHS_N_CALL_HOWS ? hows[how] : "";
}

ChsCallOutcome
chs_call_outcome_from_id (const char *id)
{
  return (ChsCallOutcome) find_id (outcomes, CHS_N_CALL_OUTCOMES, id);
}

ChsCallHow
chs_call_how_from_id (const char *id)
{
  return (ChsCallHow) find_id (hows, CHS_N_CALL_HOWS, id);
}

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
  Reading  reading;
  guint    first;   /* rows before it are of other recordings */
  guint64  infusing_seq, closed_seq; /* of the newest change of phase to these, for one that is taken back */
  gboolean was_treated; /* before infusing_seq */
  gboolean is_over; /* the session was closed; the recording goes on until the next patient comes */
} Walk;

static void
take_setup (ChsCourseSession *row, const ChsSetup *setup)
{
  if (strcmp (setup->key, "therapy.id") == 0)
    g_strlcpy (row->therapy, setup->value, sizeof row->therapy);
  else if (strcmp (setup->key, "therapy.name") == 0 && setup->value[0] != '\0')
    g_strlcpy (row->therapy, setup->value, sizeof row->therapy);
  else if (strcmp (setup->key, "patient.course_planned") == 0)
    row->planned = (guint) g_ascii_strtoull (setup->value, NULL, 10);
}

static void
correct_phase (Walk *walk, ChsCourseSession *row, const ChsNurse *nurse)
{
  const guint64 seq = nurse->value >= 1 && nurse->at_us == CHS_TIME_NONE ? (guint64) nurse->value : 0;

  if (seq != 0 && seq == walk->closed_seq)
    walk->is_over = FALSE;
  if (seq != 0 && seq == walk->infusing_seq)
    row->is_treated = walk->was_treated;
}

static void
take_phase (Walk *walk, ChsCourseSession *row, const ChsEvent *event)
{
  ChsPhase phase = CHS_PHASE_IDLE;

  if (event->type == CHS_EVENT_PUMP)
    row->is_treated |= event->pump.state == CHS_PUMP_INFUSING && event->pump.rate_ml_h > 0.0;
  if (event->type == CHS_EVENT_NURSE && event->nurse.action == CHS_NURSE_CORRECTION)
    correct_phase (walk, row, &event->nurse);
  if (event->type != CHS_EVENT_NURSE || event->nurse.action != CHS_NURSE_PHASE)
    return;
  phase = chs_phase_from_id (event->nurse.what);
  walk->is_over = phase == CHS_PHASE_CLOSED;
  if (walk->is_over)
    walk->closed_seq = event->seq;
  if (phase != CHS_PHASE_INFUSING)
    return;
  walk->infusing_seq = event->seq;
  walk->was_treated = row->is_treated;
  row->is_treated = TRUE;
}

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
  if (!walk->is_over)
    row->end_wall_us = MAX (row->end_wall_us, event->wall_us);
  take_phase (walk, row, event);
  if (event->type == CHS_EVENT_SETUP)
    take_setup (row, &event->setup);
  else if (event->type == CHS_EVENT_NURSE && event->nurse.action == CHS_NURSE_SCORE && !isnan (event->nurse.value))
    take_score (row, &event->nurse);
  return TRUE;
}

/* What is whole of a damaged recording counts, too. */
static gboolean
read_recording (const char *path, const char *session_id, GArray *out)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, NULL);
  Walk walk = { .reading = { .out = out, .at = -1 }, .first = out->len };

  if (reader == NULL)
    return FALSE;
  walk.reading.meta = chs_store_reader_get_meta (reader);
  if (session_id != NULL && g_strcmp0 (walk.reading.meta->session_id, session_id) != 0)
    return TRUE;
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

static void
enter_call (ChsCourseSession *row, const ChsCourseCall *call, gint64 wall_us, const char *by)
{
  row->call = call->scores;
  row->call_outcome = call->outcome;
  row->call_how = call->how;
  g_strlcpy (row->call_note, call->note, sizeof row->call_note);
  row->call_wall_us = wall_us;
  row->call_tries += call->outcome == CHS_CALL_NOT_REACHED;
  g_strlcpy (row->call_by, by, sizeof row->call_by);
}

static gboolean
parse_call (char **fields, ChsCourseCall *call)
{
  guint n = g_strv_length (fields);

  *call = (ChsCourseCall){ .outcome = CHS_CALL_REACHED };
  if (n != CALL_FIELDS && n != CALL_FIELDS_FIRST)
    return FALSE;
  if (!parse_score (fields[3], &call->scores.pain) || !parse_score (fields[4], &call->scores.fatigue))
    return FALSE;
  if (n == CALL_FIELDS_FIRST)
    return TRUE;
  call->outcome = chs_call_outcome_from_id (fields[6]);
  call->how = chs_call_how_from_id (fields[7]);
  g_strlcpy (call->note, fields[8], sizeof call->note);
  return call->outcome < CHS_N_CALL_OUTCOMES && call->how < CHS_N_CALL_HOWS;
}

static gboolean
take_call (GArray *rows, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  ChsCourseCall call;
  gint64 wall_us;
  char *end;

  if (!parse_call (fields, &call))
    return FALSE;
  wall_us = g_ascii_strtoll (fields[0], &end, 10);
  if (end == fields[0] || *end != '\0')
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    ChsCourseSession *row = &g_array_index (rows, ChsCourseSession, i);

    if (strcmp (row->patient_id, fields[1]) == 0 && strcmp (row->session_id, fields[2]) == 0)
      enter_call (row, &call, wall_us, fields[5]);
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

static gboolean
is_older (const char *path, gint64 since_us)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && (gint64) info.st_mtime * G_USEC_PER_SEC < since_us;
}

/* Every session of everybody, or of one recording, oldest first. @since_us: recordings not written to since then are passed over. */
static GArray *
read_folder (const char *folder, const char *session_id, gint64 since_us, guint *unreadable, GError **error)
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

    if (g_str_has_suffix (name, SUFFIX) && !is_older (path, since_us) && !read_recording (path, session_id, rows))
      (*unreadable)++;
  }
  g_array_sort (rows, compare_sessions);
  return read_calls (folder, rows, error) ? g_steal_pointer (&rows) : NULL;
}

/* ---- what is asked ---- */

static ChsCourse *
read_course (const char *folder, const char *patient_id, const char *session_id, GError **error)
{
  g_autoptr (ChsCourse) self = g_new0 (ChsCourse, 1);
  g_autoptr (GArray) all = NULL;

  self->sessions = g_array_new (FALSE, FALSE, sizeof (ChsCourseSession));
  g_strlcpy (self->patient_id, patient_id, sizeof self->patient_id);
  if (patient_id[0] == '\0' || strlen (patient_id) >= sizeof self->patient_id) {
    fail (error, CHS_COURSE_ERROR_VALUE, "\"%s\" is no patient id", patient_id);
    return NULL;
  }
  all = read_folder (folder, session_id, G_MININT64, &self->unreadable, error);
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

ChsCourse *
chs_course_read (const char *folder, const char *patient_id, GError **error)
{
  return read_course (folder, patient_id, NULL, error);
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
chs_course_recent (const char *folder, gint64 now_us, GError **error)
{
  guint unreadable = 0;
  g_autoptr (GArray) all = read_folder (folder, NULL, now_us - CALL_GIVEN_UP, &unreadable, error);
  GArray *recent;

  if (all == NULL)
    return NULL;
  recent = g_array_new (FALSE, FALSE, sizeof (ChsCourseSession));
  for (guint i = 0; i < all->len; i++) {
    const ChsCourseSession *row = &g_array_index (all, ChsCourseSession, i);
    gint64 since_us = now_us - row->end_wall_us;

    if (row->is_treated && since_us >= CHS_COURSE_CALL_FROM && since_us < CALL_GIVEN_UP)
      g_array_append_val (recent, *row);
  }
  return recent;
}

gboolean
chs_course_is_due (const ChsCourseSession *row)
{
  return row->call_outcome == CHS_CALL_NONE || row->call_outcome == CHS_CALL_NOT_REACHED;
}

gboolean
chs_course_is_overdue (const ChsCourseSession *row, gint64 now_us)
{
  return now_us - row->end_wall_us > CHS_COURSE_CALL_TO;
}

/* ---- a call ---- */

static gboolean
check_words (const ChsCourseCall *call, GError **error)
{
  const double values[] = { call->scores.pain, call->scores.fatigue };
  gboolean has_words = !isnan (values[0]) || !isnan (values[1]) || call->how != CHS_CALL_HOW_NONE;

  if (call->outcome == CHS_CALL_NONE || call->outcome >= CHS_N_CALL_OUTCOMES || call->how >= CHS_N_CALL_HOWS)
    return fail (error, CHS_COURSE_ERROR_VALUE, "a call is reached, not_reached or declined; the patient better, same or worse");
  if (call->outcome == CHS_CALL_REACHED && !has_words)
    return fail (error, CHS_COURSE_ERROR_VALUE, "a call needs pain, fatigue or how the patient is");
  if (call->outcome != CHS_CALL_REACHED && has_words)
    return fail (error, CHS_COURSE_ERROR_VALUE, "nobody was asked: no pain, fatigue or how the patient is");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (!isnan (values[i]) && !(values[i] >= 0 && values[i] <= SCORE_MOST))
      return fail (error, CHS_COURSE_ERROR_VALUE, "%g is no score: 0 to %g", values[i], SCORE_MOST);
  return TRUE;
}

static gboolean
check_call (const char *folder, const char *patient_id, const char *session_id, const ChsCourseCall *call, const char *by, GError **error)
{
  const char *const texts[] = { patient_id, session_id, call->note, by != NULL ? by : "" };
  g_autoptr (ChsCourse) course = NULL;

  if (!check_words (call, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strpbrk (texts[i], NO_TAB_OR_LINE) != NULL)
      return fail (error, CHS_COURSE_ERROR_VALUE, "ids, names and notes have no tabs or line ends");
  course = read_course (folder, patient_id, session_id, error);
  if (course == NULL)
    return FALSE;
  return course->sessions->len > 0 || fail (error, CHS_COURSE_ERROR_VALUE, "patient %s has no session \"%s\"", patient_id, session_id);
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
                     const ChsCourseCall *call,
                     const char *by,
                     gint64 now_us,
                     GError **error)
{
  g_autofree char *path = g_build_filename (folder, CHS_COURSE_CALLS, NULL);
  g_autoptr (GString) line = g_string_new (NULL);

  if (!check_call (folder, patient_id, session_id, call, by, error))
    return FALSE;
  g_string_append_printf (line, "%" G_GINT64_FORMAT "\t%s\t%s", now_us, patient_id, session_id);
  append_score (line, call->scores.pain);
  append_score (line, call->scores.fatigue);
  g_string_append_printf (line, "\t%s\t%s\t%s\t%s\n", by != NULL ? by : "", chs_call_outcome_id (call->outcome), chs_call_how_id (call->how), call->note);
  return append_line (path, line, error);
}
