/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Tables of values (shared/formats/csv.md). Two shapes: long, a row a value, with the columns t_s or time, source,
 * channel, value, unit, note; and wide, a row a time and a column a value, as VSCapture, BIDMC and others write. */

#define LINE_MAX_BYTES (1024u * 1024)
#define COLUMNS_MAX 1024u
#define HEAD_LINES 10u /* titles may stand before the header */
#define SILENT_US (60 * G_USEC_PER_SEC)
#define STEP_EVERY 1024u
#define MDC_MARK " [MDC " /* in a title of our own wide table, before the code */
#define WAVE_STEP_US 100000 /* own choice: rows that follow faster are samples of a wave */
#define BACK_US G_USEC_PER_SEC

typedef enum {
  TIME_SECONDS, /* since anywhere */
  TIME_DATE,    /* date and time in one cell */
  TIME_APART,   /* date here, time in the next cell */
} TimeKind;

typedef struct {
  guint    track; /* NO_TRACK = not asked for yet */
  guint    nth;   /* of its name */
  gboolean is_used;
  gboolean is_text;  /* "events" of a table of ours */
  gboolean flows;    /* mL/h of a pump, likewise */
  char     name[64], unit[16];
} Column;

/* Tracks of a long table: one for each source, channel and unit. */
typedef struct {
  guint   number, text;
  guint8  source, channel;
  gboolean flows; /* its values are mL/h */
} LongTrack;

typedef struct {
  ChsImport *import;
  FILE      *file;
  GString   *text;
  guint      line;
  guint64    bytes, size; /* read so far; of the file */
  char       separator;
  TimeKind   time_kind;
  guint      time_column;
  gboolean   month_first;
  GPtrArray *columns; /* of Column; wide */
  guint8     source;
  double     rate_hz; /* of waves; 0 = rows are numbers */
  gint64     first_us, last_us;
  guint64    n_rows;
  gboolean   bare;   /* without a header: rows of one packet share their time */
  /* long */
  gint       at_channel, at_value, at_unit, at_source, at_note, at_quality;
  GHashTable *wide;    /* "name\nunit\nnth" : track + 1 */
  GHashTable *tracks;  /* "source\nchannel\nunit" : LongTrack */
  GHashTable *sources; /* name : number */
  GHashTable *drugs;   /* "source\nname" : channel of the pump + 1 */
  guint8     pump;
} Csv;

/* ---- lines and cells ---- */

/* A line of any length is taken up to its bound. FALSE at the end. */
static gboolean
read_line (Csv *self)
{
  int c;

  g_string_truncate (self->text, 0);
  while ((c = getc (self->file)) != EOF && c != '\n') {
    /* a line without an end can still be stopped */
    if (++self->bytes % LINE_MAX_BYTES == 0 && !chs_import_step (self->import, self->bytes, self->size, NULL))
      return FALSE;
    if (self->text->len < LINE_MAX_BYTES)
      g_string_append_c (self->text, (char) c);
  }
  self->line++;
  if (self->text->len == LINE_MAX_BYTES)
    chs_import_note (self->import, "line %u is longer than 1 MB: the rest of it is left out", self->line);
  if (self->line == 1 && g_str_has_prefix (self->text->str, "\xef\xbb\xbf"))
    g_string_erase (self->text, 0, 3);
  return c != EOF || self->text->len > 0;
}

/* A cell may be in quotes, with quotes doubled. */
static GPtrArray *
split (const char *text, char separator)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);

  while (cells->len < COLUMNS_MAX) {
    g_autoptr (GString) cell = g_string_new (NULL);
    gboolean quoted = FALSE;

    for (; *text != '\0' && (quoted || *text != separator); text++) {
      if (*text == '"' && quoted && text[1] == '"')
        g_string_append_c (cell, *text++);
      else if (*text == '"')
        quoted = !quoted;
      else
        g_string_append_c (cell, *text);
    }
    g_ptr_array_add (cells, g_strstrip (g_strdup (cell->str)));
    if (*text == '\0')
      break;
    text++;
  }
  return cells;
}

static char
separator_of (const char *text)
{
  static const char candidates[] = ",;\t";
  guint most = 0;
  char best = ',';

  for (guint i = 0; i < 3; i++) {
    guint n = 0;

    for (const char *c = text; *c != '\0'; c++)
      n += *c == candidates[i];
    if (n > most) {
      most = n;
      best = candidates[i];
    }
  }
  return best;
}

static const char *
cell_at (GPtrArray *cells, gint i)
{
  return i >= 0 && (guint) i < cells->len ? g_ptr_array_index (cells, (guint) i) : "";
}

static gboolean
is_missing (const char *cell)
{
  static const char *const words[] = { "", "-", "--", "nan", "na", "none", "null", "x" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (cell, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
parse_number (const Csv *self, const char *cell, double *value)
{
  g_autofree char *copy = g_strdup (cell);
  char *end;

  if (self->separator != ',')
    g_strdelimit (copy, ",", '.');
  *value = g_ascii_strtod (copy, &end);
  return end != copy && *end == '\0' && isfinite (*value);
}

/* ---- time ---- */

#define LEAP_SECOND 60.999999 /* the latest that a minute has */

/* The first three numbers of a date, and the seconds of a time of day. */
static gboolean
parse_date (const Csv *self, const char *date, const char *time, gint64 *wall_us)
{
  int a, b, c, hour, minute;
  char mark1, mark2;
  const char *colon = strrchr (time, ':');
  double seconds = colon != NULL ? g_ascii_strtod (colon + 1, NULL) : (double) NAN;
  g_autoptr (GDateTime) day = NULL;

  if (sscanf (date, "%d%c%d%c%d", &a, &mark1, &b, &mark2, &c) != 5 || mark1 != mark2 || strchr ("/-.", mark1) == NULL ||
      sscanf (time, "%d:%d:", &hour, &minute) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      !(seconds >= 0 && seconds <= LEAP_SECOND))
    return FALSE;
  if (a > 31) /* ISO: year first */
    day = g_date_time_new_utc (a, b, c, hour, minute, 0);
  else
    day = g_date_time_new_utc (c, self->month_first ? a : b, self->month_first ? b : a, hour, minute, 0);
  if (day == NULL)
    return FALSE;
  *wall_us = g_date_time_to_unix (day) * G_USEC_PER_SEC + (gint64) llround (seconds * G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
parse_time (const Csv *self, GPtrArray *cells, gint64 *wall_us)
{
  const char *cell = cell_at (cells, (gint) self->time_column);
  const char *space = cell + strcspn (cell, " T");
  double seconds;

  if (self->time_kind == TIME_SECONDS) {
    if (!parse_number (self, cell, &seconds) || fabs (seconds) > 1e11)
      return FALSE;
    *wall_us = (gint64) llround (seconds * G_USEC_PER_SEC);
    return TRUE;
  }
  if (self->time_kind == TIME_APART)
    return parse_date (self, cell, cell_at (cells, (gint) self->time_column + 1), wall_us);
  return *space != '\0' && parse_date (self, cell, space + 1, wall_us);
}

/* Day or month first? Any number above 12 tells; the whole file is looked through before. */
static void
find_day_order (Csv *self, long start)
{
  guint line = self->line;
  gboolean told = FALSE;
  int a, b;
  char mark;

  self->month_first = TRUE;
  while (!told && read_line (self)) {
    g_autoptr (GPtrArray) cells = split (self->text->str, self->separator);

    if (sscanf (cell_at (cells, (gint) self->time_column), "%d%c%d", &a, &mark, &b) != 3)
      continue;
    self->month_first = a <= 12;
    told = a > 12 || b > 12;
  }
  if (!told)
    chs_import_note (self->import, "whether the day or the month stands first in its dates cannot be told: taken as month/day/year");
  fseek (self->file, start, SEEK_SET);
  self->line = line;
}

/* Rows go on in time; one that goes back is told, and kept where it says. */
static void
check_order (Csv *self, gint64 wall_us)
{
  if (self->n_rows > 0 && self->last_us - wall_us > BACK_US)
    chs_import_note (self->import, "line %u: time goes back by %.3f s", self->line, (double) (self->last_us - wall_us) / 1e6);
  self->last_us = wall_us;
}

/* ---- long ---- */

static guint8
source_of (Csv *self, const char *name)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->sources, name));

  if (number == 0 && g_hash_table_size (self->sources) < G_MAXUINT8) {
    number = chs_import_add_source (self->import, name, 0, 0); /* charted by the hour: silence is no loss */
    g_hash_table_insert (self->sources, g_strdup (name), GUINT_TO_POINTER (number));
  }
  return (guint8) number;
}

static LongTrack *
long_track_of (Csv *self, const char *source, const char *channel, const char *unit)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s\n%s", source, channel, unit);
  LongTrack *track = g_hash_table_lookup (self->tracks, key);

  if (track == NULL) {
    track = g_new0 (LongTrack, 1);
    track->source = source_of (self, source);
    track->number = track->text = CHS_IMPORT_NO_TRACK;
    track->flows = strcmp (channel, "infusion_rate") == 0 && (chs_import_unit (unit) == CHS_UNIT_ML_H || g_ascii_strcasecmp (unit, "mL/hour") == 0);
    g_hash_table_insert (self->tracks, g_steal_pointer (&key), track);
  }
  return track;
}

/* A row of words alone makes no track of numbers. */
static guint
number_track (Csv *self, LongTrack *track, const char *channel, const char *unit)
{
  if (track->number == CHS_IMPORT_NO_TRACK)
    track->number = chs_import_add_track (self->import, track->source, chs_import_param (channel, unit, FALSE), CHS_IMPORT_SPOT, channel, unit);
  return track->number;
}

static void
note_flow (Csv *self, const char *source, const char *drug, gint64 wall_us, double rate_ml_h)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", source, drug);
  guint channel = GPOINTER_TO_UINT (g_hash_table_lookup (self->drugs, key));

  if (self->pump == 0)
    self->pump = chs_import_add_source (self->import, "charted pump", 1, 0);
  if (channel == 0) {
    channel = MIN (g_hash_table_size (self->drugs), G_MAXUINT8 - 1u) + 1;
    g_hash_table_insert (self->drugs, g_steal_pointer (&key), GUINT_TO_POINTER (channel));
  }
  chs_import_pump (self->import, self->pump, (guint8) (channel - 1), wall_us, rate_ml_h, (double) NAN, drug);
}

/* In the words of our own export; what other tables call so is no measure of a value, and is none of ours. */
static ChsQuality
quality_of (const char *cell)
{
  for (guint i = CHS_QUALITY_QUESTIONABLE; i <= CHS_QUALITY_ABSENT; i++)
    if (g_str_has_prefix (cell, chs_quality_id ((ChsQuality) i)))
      return (ChsQuality) i;
  return CHS_QUALITY_OK;
}

static void
take_words (Csv *self, LongTrack *track, const char *channel, gint64 wall_us, const char *words)
{
  if (track->text == CHS_IMPORT_NO_TRACK)
    track->text = chs_import_add_track (self->import, track->source, CHS_PARAM_NONE, CHS_IMPORT_STREAM, channel, "");
  chs_import_text (self->import, track->text, wall_us, words);
}

/* What happened, in a table of ours: the words stand in the note. */
static gboolean
is_happening (const char *channel, const char *note)
{
  return note[0] != '\0' && (strcmp (channel, "event") == 0 || strcmp (channel, "alarm") == 0);
}

static void
take_long_row (Csv *self, GPtrArray *cells, gint64 wall_us)
{
  const char *value = cell_at (cells, self->at_value), *channel = cell_at (cells, self->at_channel);
  const char *source = cell_at (cells, self->at_source), *note = cell_at (cells, self->at_note);
  LongTrack *track = long_track_of (self, source, channel, cell_at (cells, self->at_unit));
  double number;

  if (is_missing (value) && is_happening (channel, note))
    take_words (self, track, channel, wall_us, note);
  else if (is_missing (value))
    chs_import_numeric (self->import, number_track (self, track, channel, cell_at (cells, self->at_unit)), wall_us, (double) NAN);
  else if (parse_number (self, value, &number)) {
    chs_import_doubtful (self->import, number_track (self, track, channel, cell_at (cells, self->at_unit)), wall_us, number,
                         quality_of (cell_at (cells, self->at_quality)));
    if (track->flows)
      note_flow (self, source, note, wall_us, number);
  } else
    take_words (self, track, channel, wall_us, value);
}

/* ---- wide ---- */

/* Programs that go on with a file write a header again, sometimes another one: a column is known by its name. */
static guint
wide_track_of (Csv *self, const Column *column)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s\n%u", column->name, column->unit, column->nth);
  guint track = GPOINTER_TO_UINT (g_hash_table_lookup (self->wide, key));

  if (track == 0) {
    track = chs_import_add_track (self->import, self->source, chs_import_param (column->name, column->unit, self->rate_hz > 0),
                                  CHS_IMPORT_HELD, column->name, column->unit) + 1;
    g_hash_table_insert (self->wide, g_steal_pointer (&key), GUINT_TO_POINTER (track));
  }
  return track - 1;
}

static void
take_cell (Csv *self, Column *column, const char *cell, gint64 wall_us)
{
  double value = NAN;

  if (column->is_text) {
    if (cell[0] != '\0' && column->track == CHS_IMPORT_NO_TRACK)
      column->track = chs_import_add_track (self->import, self->source, CHS_PARAM_NONE, CHS_IMPORT_STREAM, column->name, "");
    if (cell[0] != '\0')
      chs_import_text (self->import, column->track, wall_us, cell);
    return;
  }
  if (!is_missing (cell) && !parse_number (self, cell, &value)) {
    chs_import_note (self->import, "line %u, column \"%s\": \"%.40s\" is no number", self->line, column->name, cell);
    return;
  }
  if (column->track == CHS_IMPORT_NO_TRACK && isnan (value) && !(self->rate_hz > 0))
    return; /* a column that never tells anything is no track */
  if (column->track == CHS_IMPORT_NO_TRACK)
    column->track = wide_track_of (self, column);
  if (self->rate_hz > 0)
    chs_import_wave (self->import, column->track, self->first_us + (gint64) llround ((double) self->n_rows / self->rate_hz * G_USEC_PER_SEC),
                     self->rate_hz, 1, 0, &value, 1);
  else
    chs_import_numeric (self->import, column->track, wall_us, value);
  if (column->flows && !isnan (value))
    chs_import_infusion (self->import, column->name, wall_us, value);
}

static void
take_wide_row (Csv *self, GPtrArray *cells, gint64 wall_us)
{
  /* A wave's rows that do not follow begin a new stretch. */
  if (self->rate_hz > 0 && (self->n_rows == 0 || fabs ((double) (wall_us - self->first_us) - (double) self->n_rows / self->rate_hz * 1e6) > 1e6 / self->rate_hz)) {
    self->first_us = wall_us;
    self->n_rows = 0;
  }
  for (guint i = 0; i < MIN (cells->len, self->columns->len); i++) {
    Column *column = g_ptr_array_index (self->columns, i);

    if (column->is_used)
      take_cell (self, column, g_ptr_array_index (cells, i), wall_us);
  }
}

/* "Heart Rate(/min)", "Time [s]": what is in brackets at the end is the unit. */
static Column *
column_of (const char *cell)
{
  Column *column = g_new0 (Column, 1);
  g_autofree char *name = g_strdup (cell);
  gsize n = strlen (name);
  char *open = n > 0 && (name[n - 1] == ')' || name[n - 1] == ']') ? strrchr (name, name[n - 1] == ')' ? '(' : '[') : NULL;

  column->track = CHS_IMPORT_NO_TRACK;
  if (open != NULL && open > name && chs_import_param (name, "", FALSE) == CHS_PARAM_OTHER) {
    name[n - 1] = '\0';
    chs_text_copy (column->unit, sizeof column->unit, open + 1);
    *open = '\0';
  }
  open = strstr (name, MDC_MARK);
  if (open != NULL) {
    *open = '\0';
    column->flows = chs_import_param (g_strstrip (name), column->unit, FALSE) == CHS_PARAM_PUMP_RATE;
  }
  chs_text_copy (column->name, sizeof column->name, g_strstrip (name));
  return column;
}

/* ---- header ---- */

static gint
find_cell (GPtrArray *cells, const char *name)
{
  for (guint i = 0; i < cells->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (cells, i), name) == 0)
      return (gint) i;
  return -1;
}

/* Whether these cells are a header; where the time stands and how it is told. */
static gboolean
read_header (Csv *self, GPtrArray *cells)
{
  gint time = find_cell (cells, "Time"), seconds = find_cell (cells, "t_s"), date = find_cell (cells, "Date");

  if (cells->len < 2)
    return FALSE;
  if (seconds < 0)
    seconds = find_cell (cells, "Time [s]");
  self->time_kind = seconds >= 0 ? TIME_SECONDS : date >= 0 && time == date + 1 ? TIME_APART : TIME_DATE;
  if (seconds < 0 && time < 0)
    return FALSE;
  self->time_column = (guint) (seconds >= 0 ? seconds : self->time_kind == TIME_APART ? date : time);
  self->at_channel = find_cell (cells, "channel");
  self->at_value = find_cell (cells, "value");
  self->at_unit = find_cell (cells, "unit");
  self->at_source = find_cell (cells, "source");
  self->at_note = find_cell (cells, "note");
  self->at_quality = find_cell (cells, "quality");
  return TRUE;
}

static gboolean
is_long (const Csv *self)
{
  return self->at_channel >= 0 && self->at_value >= 0;
}

/* Our own wide table names codes, and ends with two columns of words. */
static gboolean
is_ours (GPtrArray *cells)
{
  gboolean marked = FALSE;

  for (guint i = 0; i < cells->len; i++)
    marked = marked || strstr (g_ptr_array_index (cells, i), MDC_MARK) != NULL;
  return marked && find_cell (cells, "quality") >= 0 && find_cell (cells, "events") >= 0;
}

static void
set_columns (Csv *self, GPtrArray *cells)
{
  gboolean ours = is_ours (cells);

  g_ptr_array_set_size (self->columns, 0);
  for (guint i = 0; i < cells->len; i++) {
    Column *column = column_of (g_ptr_array_index (cells, i));

    column->is_used = column->name[0] != '\0' && i != self->time_column && !(self->time_kind == TIME_APART && i == self->time_column + 1) &&
                      g_ascii_strcasecmp (column->name, "RelativeTime") != 0; /* the same time once more */
    column->is_text = ours && strcmp (column->name, "events") == 0;
    column->is_used = column->is_used && !(ours && strcmp (column->name, "quality") == 0); /* doubtful values are told there in words */
    for (guint k = 0; k < i; k++)
      column->nth += strcmp (((Column *) g_ptr_array_index (self->columns, k))->name, column->name) == 0;
    g_ptr_array_add (self->columns, column);
  }
}

/* No header at all: VSCaptureMP writes waves as date and time, a counter and a value. */
static gboolean
is_bare (Csv *self, GPtrArray *cells)
{
  gint64 wall_us;

  self->time_kind = TIME_DATE;
  self->time_column = 0;
  self->at_channel = self->at_value = -1;
  self->month_first = FALSE;
  if (cells->len >= 3 && parse_time (self, cells, &wall_us))
    return TRUE;
  self->month_first = TRUE;
  return cells->len >= 3 && parse_time (self, cells, &wall_us);
}

static void
name_columns (Csv *self, guint n)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (names, g_strdup_printf ("column %u", i + 1));
  set_columns (self, names);
}

static gboolean
find_header (Csv *self)
{
  while (self->line < HEAD_LINES && read_line (self)) {
    g_autoptr (GPtrArray) cells = NULL;

    self->separator = separator_of (self->text->str);
    cells = split (self->text->str, self->separator);
    if (read_header (self, cells)) {
      set_columns (self, cells);
      return TRUE;
    }
    if (self->line == 1 && is_bare (self, cells)) {
      name_columns (self, cells->len);
      self->bare = TRUE;
      rewind (self->file);
      self->line = 0;
      return TRUE;
    }
  }
  return FALSE;
}

/* Rows that follow faster than ten a second, evenly, are samples. */
static void
find_rate (Csv *self, long start)
{
  guint line = self->line;
  gint64 first = 0, at = 0;
  guint n = 0;

  while (n < 100 && read_line (self)) {
    g_autoptr (GPtrArray) cells = split (self->text->str, self->separator);

    if (!parse_time (self, cells, &at))
      continue;
    first = n == 0 ? at : first;
    n++;
  }
  if (n > 2 && at > first && (at - first) / (n - 1) < WAVE_STEP_US)
    self->rate_hz = (n - 1) * 1e6 / (double) (at - first);
  fseek (self->file, start, SEEK_SET);
  self->line = line;
}

/* ---- the file ---- */

static gboolean
take_rows (Csv *self, GError **error)
{
  while (read_line (self)) {
    g_autoptr (GPtrArray) cells = NULL;
    gint64 wall_us;

    g_strchomp (self->text->str);
    if (self->text->str[0] == '\0')
      continue;
    cells = split (self->text->str, self->separator);
    if (!parse_time (self, cells, &wall_us)) {
      if (read_header (self, cells)) {
        set_columns (self, cells);
        continue;
      }
      chs_import_note (self->import, "line %u: \"%.40s\" is no time: the row is left out", self->line, cell_at (cells, (gint) self->time_column));
      continue;
    }
    check_order (self, wall_us);
    if (is_long (self))
      take_long_row (self, cells, wall_us);
    else
      take_wide_row (self, cells, wall_us);
    self->n_rows++;
    if (self->line % STEP_EVERY == 0 && !chs_import_step (self->import, self->bytes, self->size, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
take_file (Csv *self, GError **error)
{
  const char *path = chs_import_get_path (self->import);
  GStatBuf info;
  long start;

  self->size = g_stat (path, &info) == 0 ? (guint64) info.st_size : 0;
  if (!find_header (self)) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: no header with a column of time in its first %u lines", path, HEAD_LINES);
    return FALSE;
  }
  start = ftell (self->file);
  if (self->time_kind == TIME_SECONDS)
    chs_import_set_undated (self->import);
  else
    find_day_order (self, start);
  if (!is_long (self)) {
    if (!self->bare)
      find_rate (self, start);
    self->source = chs_import_add_source (self->import, "table", 0, SILENT_US);
  }
  return take_rows (self, error);
}

static gboolean
run (ChsImport *import, GError **error)
{
  Csv self = { .import = import, .text = g_string_new (NULL), .columns = g_ptr_array_new_with_free_func (g_free) };
  gboolean done;

  self.wide = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.tracks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.sources = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.drugs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.file = chs_import_open (import, chs_import_get_path (import), error);
  done = self.file != NULL && take_file (&self, error);
  chs_import_close (import, chs_import_get_path (import), self.file);
  g_hash_table_unref (self.wide);
  g_hash_table_unref (self.tracks);
  g_hash_table_unref (self.sources);
  g_hash_table_unref (self.drugs);
  g_ptr_array_unref (self.columns);
  g_string_free (self.text, TRUE);
  return done;
}

static gboolean
probe (const guint8 *head, gsize n)
{
  const char *text = (const char *) head + (g_str_has_prefix ((const char *) head, "\xef\xbb\xbf") ? 3 : 0);
  g_auto (GStrv) lines = NULL;

  if (n == 0 || memchr (head, '\0', n) != NULL)
    return FALSE;
  lines = g_strsplit (text, "\n", HEAD_LINES + 1);
  for (guint i = 0; i < HEAD_LINES && lines[i] != NULL; i++) {
    g_autoptr (GPtrArray) cells = split (lines[i], separator_of (lines[i]));
    Csv trial = { 0 };

    trial.separator = separator_of (lines[i]);
    if (read_header (&trial, cells) || (i == 0 && is_bare (&trial, cells)))
      return TRUE;
  }
  return FALSE;
}

const ChsImporter chs_import_csv = {
  .id = "csv",
  .label = "table of values (CSV)",
  .probe = probe,
  .run = run,
};
