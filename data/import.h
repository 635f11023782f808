/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

#include <gio/gio.h>
#include <stdio.h>

/* Import: files of other makes become recordings.
 *
 * An importer reads one format. It is told from the content of a file, never from its suffix, and hands over what it
 * finds in any order; the import sorts by time, adds what a live recording has (ticks, links that come up and fall
 * silent) and writes the recording. Nothing is padded or held. What our vocabulary has a name for becomes that
 * parameter, so that the engine can watch it; the rest is kept under its own name and unit as OTHER. A value outside
 * data/share/import/ranges.ini is kept with quality INVALID.
 *
 * A file that is damaged or cut gives what is there; what is missing is told in words (what, where, why). Every length
 * in a file is hostile until it is bounded. Values wait in a nameless file beside the recording that is made, not in
 * memory: 16 bytes an event stay there. */

#define CHS_IMPORT_ERROR (chs_import_error_quark ())
GQuark chs_import_error_quark (void);

typedef enum {
  CHS_IMPORT_ERROR_READ,    /* the file cannot be read */
  CHS_IMPORT_ERROR_FORMAT,  /* no importer knows it, or its header makes no sense */
  CHS_IMPORT_ERROR_EMPTY,   /* nothing in it that could be kept */
  CHS_IMPORT_ERROR_WRITE,   /* the recording, or the file in which values wait, cannot be written */
  CHS_IMPORT_ERROR_EXISTS,  /* there is a recording of that name */
} ChsImportError;

#define CHS_IMPORT_HEAD 65536u          /* first bytes of a file that a probe sees */
#define CHS_IMPORT_EVENTS_MAX 16000000u /* own choice: 256 MB for their order; some 6 hours of 40 records a millisecond */
#define CHS_IMPORT_NO_TRACK G_MAXUINT

typedef struct _ChsImport ChsImport;

typedef struct {
  const char *id;    /* "vital"; the driver's name of the sources in the recording */
  const char *label; /* for the technician; not translated, as nothing of the tool is */
  /* Whether @head, the first @n bytes of a file, looks like this format. @head is followed by a NUL. */
  gboolean (*probe) (const guint8 *head, gsize n);
  /* Reads the whole file. FALSE with @error only when nothing of it can be used; losses go to chs_import_note(). */
  gboolean (*run) (ChsImport *import, GError **error);
} ChsImporter;

/* Share of the work that is done, 0..1. In the thread of the import. */
typedef void (*ChsImportProgress) (double share, gpointer user_data);

typedef struct {
  guint64 events;  /* written, ticks and links among them */
  guint   n_notes; /* things that are missing or had to be changed; 0 = all of the file is in the recording */
  char   *account; /* one line each, English, for the technician; "" when nothing is missing */
} ChsImportResult;

void chs_import_result_clear (ChsImportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChsImportResult, chs_import_result_clear)

/**
 * chs_import_find:
 * @importers: (array length=n): table of importers, the most particular first
 * @n: how many
 * @path: a file
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the first importer whose probe takes the file
 */
const ChsImporter *chs_import_find (const ChsImporter *const *importers, guint n, const char *path, GError **error);

/**
 * chs_import_run:
 * @importer: who reads
 * @path: file to read
 * @out: recording to create; must not exist
 * @progress: (nullable): told of progress
 * @user_data: for @progress
 * @cancellable: (nullable): stops it
 * @result: (out): what came of it, on %TRUE
 * @error: return location
 *
 * On failure no recording is left behind.
 *
 * Thread:  any; blocks
 * Returns: whether there is a recording
 */
gboolean chs_import_run (const ChsImporter *importer,
                         const char        *path,
                         const char        *out,
                         ChsImportProgress  progress,
                         gpointer           user_data,
                         GCancellable      *cancellable,
                         ChsImportResult   *result,
                         GError           **error);

/* ---- the formats of this folder; the table with all of them is in app/import-formats.c ---- */

extern const ChsImporter chs_import_csv;
extern const ChsImporter chs_import_edf;
extern const ChsImporter chs_import_vital;
extern const ChsImporter chs_import_wfdb;

/* ---- for importers ---- */

/**
 * chs_import_get_path:
 * @self: an import
 *
 * Returns: (transfer none): the file that is read
 */
const char *chs_import_get_path (ChsImport *self);

/**
 * chs_import_step:
 * @self: an import
 * @done: bytes or records read
 * @total: of how many; 0 = not known
 * @error: return location
 *
 * To be called every few thousand records.
 *
 * Returns: whether to go on: not cancelled, and there is room for values
 */
gboolean chs_import_step (ChsImport *self, guint64 done, guint64 total, GError **error);

/**
 * chs_import_open:
 * @self: an import
 * @path: a file to be read
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the file, for chs_import_close()
 */
FILE *chs_import_open (ChsImport *self, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes it, and notes when reading had failed: a stick that was pulled looks like the end of its file. NULL is let pass. */
void chs_import_close (ChsImport *self, const char *path, FILE *file);

/**
 * chs_import_note:
 * @self: an import
 * @format: what is missing, where, why
 *
 * The first hundred are kept in words, the rest is counted.
 */
void chs_import_note (ChsImport *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * chs_import_set_undated:
 * @self: an import
 *
 * The file tells no date: its times are counted from anywhere, and the recording begins on 1970-01-01 at 00:00 UTC,
 * which no bedside could have.
 */
void chs_import_set_undated (ChsImport *self);

/**
 * chs_import_add_source:
 * @self: an import
 * @name: name of the instrument; when it is taken it gets a number: "Demo 2"
 * @kind: ChsDeviceKind: 0 monitor, 1 pump
 * @silent_us: without a value for so long the link counts as silent until the next; 0 = never. At most 120 s
 *
 * Returns: number of the source, 1..250; 0 when there are too many, which is noted
 */
guint8 chs_import_add_source (ChsImport *self, const char *name, guint8 kind, gint64 silent_us);

/* How a number of the file becomes an event. */
typedef enum {
  CHS_IMPORT_STREAM, /* a running value, of the time at which it stands */
  CHS_IMPORT_HELD,   /* the last value again and again until there is a new one, as cuffs are shown */
  CHS_IMPORT_SPOT,   /* one row, one measurement */
} ChsImportTiming;

/**
 * chs_import_add_track:
 * @self: an import
 * @source: its source; 0 is taken, its values are dropped
 * @param: what it is; OTHER or OTHER_WAVE for what is none of ours, NONE for texts
 * @timing: of NIBP; without meaning for the rest
 * @name: as in the origin
 * @unit: as in the origin; "" = not told
 *
 * Two tracks of the same source and parameter are kept apart by channel.
 *
 * Returns: the track, %CHS_IMPORT_NO_TRACK when there are too many, which is noted
 */
guint chs_import_add_track (ChsImport *self, guint8 source, ChsParam param, ChsImportTiming timing, const char *name, const char *unit);

/**
 * chs_import_numeric:
 * @self: an import
 * @track: a track of numbers
 * @wall_us: when
 * @value: in the track's unit; NAN or infinite = not there
 */
void chs_import_numeric (ChsImport *self, guint track, gint64 wall_us, double value);

/**
 * chs_import_doubtful:
 * @self: an import
 * @track: a track of numbers
 * @wall_us: when
 * @value: in the track's unit; NAN or infinite = not there
 * @quality: as the file tells it; a value that cannot be is INVALID whatever it says
 *
 * As chs_import_numeric(), for files that tell how good a value is.
 */
void chs_import_doubtful (ChsImport *self, guint track, gint64 wall_us, double value, ChsQuality quality);

/**
 * chs_import_wave:
 * @self: an import
 * @track: a track of samples
 * @first_us: time of the first sample
 * @rate_hz: samples a second, above 0
 * @gain: value = offset + gain * raw
 * @offset: likewise
 * @raw: (array length=n): samples; NAN = not there
 * @n: any number
 *
 * Samples that are multiples of one decimal step (1, 0.5, 0.25, 0.125, 0.1 ... 1e-7) within 65,534 steps are stored
 * exactly; others in 65,534 steps between the least and the greatest of a block, which is exact at both ends and off by
 * at most 1/131,068 of the block's span between them.
 * Samples that follow within half a sample's time of the last are joined to one block.
 */
void chs_import_wave (ChsImport    *self,
                      guint         track,
                      gint64        first_us,
                      double        rate_hz,
                      double        gain,
                      double        offset,
                      const double *raw,
                      gsize         n);

/**
 * chs_import_text:
 * @self: an import
 * @track: a track of texts
 * @wall_us: when
 * @text: UTF-8; cut to 95 bytes, which is noted once a track
 */
void chs_import_text (ChsImport *self, guint track, gint64 wall_us, const char *text);

/**
 * chs_import_pump:
 * @self: an import
 * @source: a source of kind pump; 0: nothing happens
 * @channel: of several infusions, 0..255
 * @wall_us: when
 * @rate_ml_h: what flows; NAN = not known
 * @volume_ml: infused so far; NAN = not told
 * @drug: (nullable): what
 *
 * The status of a pump as far as a rate tells it, for the engine: it flows, or it stands. The file's own figures are
 * kept as tracks beside it.
 */
void chs_import_pump (ChsImport *self, guint8 source, guint8 channel, gint64 wall_us, double rate_ml_h, double volume_ml, const char *drug);

/**
 * chs_import_infusion:
 * @self: an import
 * @name: of the pump in the file, with its channel: "pump1/2"
 * @wall_us: when
 * @rate_ml_h: what flows; NAN = not known
 *
 * As chs_import_pump(), for files in which a pump is a column: each name is one pump, made when it is first met.
 */
void chs_import_infusion (ChsImport *self, const char *name, gint64 wall_us, double rate_ml_h);

/**
 * chs_import_unit:
 * @text: a unit as files spell it: "mmHg", "bpm", "C"
 *
 * Returns: the unit, %CHS_UNIT_NONE when it is none of ours or not told
 */
ChsUnit chs_import_unit (const char *text);

/**
 * chs_import_param:
 * @name: what a file calls it: "NBPSys", "Infinity/HR", "NOM_PULS_OXIM_SAT_O2"; case does not count
 * @unit: its unit, "" = not told
 * @is_wave: of samples
 *
 * Returns: our parameter, if the unit is ours or not told; else OTHER or OTHER_WAVE
 */
ChsParam chs_import_param (const char *name, const char *unit, gboolean is_wave);

/**
 * chs_import_event:
 * @self: an import
 * @event: any event with wall_us, source and channel set
 *
 * For what comes as events already: a driver's, a scenario's.
 */
void chs_import_event (ChsImport *self, const ChsEvent *event);

/**
 * chs_import_set_live:
 * @self: an import
 *
 * The events hold ticks and links of their own; none are added.
 */
void chs_import_set_live (ChsImport *self);
