/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* Exporting: a recording goes out in the formats that other tools read.
 *
 * An exporter is a row of a const table (app/exporters.h) with one function. It
 * writes text or bytes through the ChsExport it is given, which carries the
 * recording, the stream, progress and cancelling, and holds back at most some
 * 64 KiB. Exported data is never translated and always in the C locale.
 *
 * Session time 0 is the wall time of the start of the recording: times in files are
 * start_wall_us + t_us, so that a step of the clock neither turns rows back nor
 * makes a gap. The step itself is exported as an event.
 *
 * Ownership: a ChsExport lives during one chs_export_run(). Thread: any one. */

typedef struct _ChsExport ChsExport;

/* @fraction: 0..1 of the recording has been read. In the thread of the run. */
typedef void (*ChsExportProgressFunc) (double fraction, gpointer user_data);

typedef struct {
  gint64      at_us;  /* instant of a picture; CHS_TIME_NONE = the whole session */
  const char *(*tr) (const char *msgid); /* translation of the words of a report or a picture; NULL = English */
  guint       width_px, height_px;       /* of a picture; 0 = 1920 x 1080 */
} ChsExportOptions;

typedef struct {
  const char *id;     /* "csv": what --format takes */
  const char *label;  /* for a menu, marked for translation */
  const char *suffix; /* ".csv" */
  gboolean (*run) (ChsExport *export, GError **error);
  gboolean needs_date; /* it goes into somebody's record: a session without a date would be of 1970 there, and is refused */
  gboolean is_whole;  /* the values of the whole session are in it: it counts as exported (app/retention.h) */
} ChsExporter;

/**
 * chs_export_run:
 * @exporter: how
 * @reader: a recording
 * @options: (nullable): what is not left to the format
 * @out: stream to write to; stays open
 * @progress: (nullable): told now and then
 * @user_data: for @progress
 * @cancellable: (nullable): stops it with %G_IO_ERROR_CANCELLED
 * @missing: (out) (transfer full) (nullable): what of a damaged recording could not be exported; NULL when all was
 * @error: return location
 *
 * Returns: whether everything that the recording still holds was written
 */
gboolean chs_export_run (const ChsExporter      *exporter,
                         ChsStoreReader         *reader,
                         const ChsExportOptions *options,
                         GOutputStream          *out,
                         ChsExportProgressFunc   progress,
                         gpointer                user_data,
                         GCancellable           *cancellable,
                         char                  **missing,
                         GError                **error);

/* ---- for exporters ---- */

ChsStoreReader         *chs_export_get_reader (ChsExport *self);  /* the recording */
const ChsExportOptions *chs_export_get_options (ChsExport *self); /* never NULL */

/**
 * chs_export_text:
 * @self: an export
 *
 * What is appended here is written out in time. For text formats; bytes go the same way.
 *
 * Returns: (transfer none): the end of the output
 */
GString *chs_export_text (ChsExport *self);

/**
 * chs_export_flush:
 * @self: an export
 * @error: return location
 *
 * Writes what waits in chs_export_text(). Called by chs_export_foreach() and at the end of the run.
 *
 * Returns: whether it was written
 */
gboolean chs_export_flush (ChsExport *self, GError **error);

/**
 * chs_export_foreach:
 * @self: an export
 * @flags: which kinds of events
 * @func: called for each; FALSE stops
 * @user_data: for @func
 * @error: return location
 *
 * Reads the whole recording, writes what @func appends, tells progress, obeys cancelling. A damaged part is noted for
 * the caller of chs_export_run() and is not an error here.
 *
 * Returns: whether the export may go on
 */
gboolean chs_export_foreach (ChsExport *self, ChsReadFlags flags, ChsStoreFunc func, gpointer user_data, GError **error);

/**
 * chs_export_is_damaged:
 * @self: an export
 *
 * Returns: whether a part of the recording could not be read so far
 */
gboolean chs_export_is_damaged (ChsExport *self);

/**
 * chs_export_number:
 * @out: the shortest decimal that reads back as @value is appended, in the C locale; nothing when it is not finite
 * @value: a number
 */
void chs_export_number (GString *out, double value);

/**
 * chs_export_time:
 * @out: "2026-01-05T14:05:00.123Z" is appended
 * @wall_us: UTC, microseconds since 1970
 */
void chs_export_time (GString *out, gint64 wall_us);

/**
 * chs_export_source_name:
 * @self: an export
 * @source: of an event
 * @channel: of an event
 * @out: (out): "monitor", "pump1/2" (channel 2), "nurse", "chairside" for the monitor program itself
 * @size: bytes of @out
 */
void chs_export_source_name (ChsExport *self, guint8 source, guint8 channel, char *out, gsize size);

/**
 * chs_export_event_words:
 * @event: any event
 * @out: what happened is appended in English words and stable ids: "alarm raise hypotension high, NIBP_SYS 84 mm[Hg]"
 *
 * For formats that hold events as text. Values, waves, ticks and configuration texts have no words.
 *
 * Returns: whether there are words
 */
gboolean chs_export_event_words (const ChsEvent *event, GString *out);

/* One number out of an event: a numeric, or a field of a pump's status. */
typedef struct {
  ChsParam    param;
  double      value;
  const char *unit; /* UCUM, "" = none */
} ChsExportValue;

#define CHS_EXPORT_VALUES 5

/**
 * chs_export_values:
 * @self: an export
 * @event: any event
 * @values: (out) (array length=CHS_EXPORT_VALUES): what it holds
 *
 * Fields that a pump does not tell are left out; an absent numeric is there with NAN.
 *
 * Returns: how many
 */
guint chs_export_values (ChsExport *self, const ChsEvent *event, ChsExportValue *values);

/**
 * chs_export_find_track:
 * @self: an export
 * @source: of an event
 * @channel: of an event
 * @param: a parameter
 *
 * Returns: (nullable): what the origin of an imported recording called it
 */
const ChsStoreTrack *chs_export_find_track (ChsExport *self, guint8 source, guint8 channel, ChsParam param);

/* ---- formats that need data only ---- */

gboolean chs_export_csv_long (ChsExport *self, GError **error); /* a row a value or event; data/README.md */
gboolean chs_export_csv_wide (ChsExport *self, GError **error); /* a row a second, a column a track */
gboolean chs_export_edf (ChsExport *self, GError **error);      /* EDF+C */
gboolean chs_export_vital (ChsExport *self, GError **error);    /* Vital Recorder */
gboolean chs_export_hl7 (ChsExport *self, GError **error);      /* PCD-01 a minute, PCD-04 a transition of an alarm */
