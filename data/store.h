/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <gio/gio.h>

/* The recording: one SQLite file a session, "*.chairside".
 *
 * The journal in order, in packed blocks (data/event-codec.h) with a hash chain;
 * alarm and nurse events also as plain rows that any SQLite tool can read; raw
 * bytes and waves in blocks of their own. WAL while open, a single plain file when
 * closed. application_id and user_version are set. Schema with units: data/store-schema.c and
 * data/README.md.
 *
 * Durability: an alarm, nurse, setup, config or clock event is committed at once, with
 * all events before it (the writer's thread begins as soon as it is appended);
 * everything else within 1 s. Committed means synced: it outlives a power cut.
 * Trouble: what cannot be written waits in memory and is tried again. When too much
 * waits, waves are dropped first, then raw bytes, and counted; @func is told.
 *
 * Threads: a writer has one thread of its own, the only one that touches the
 * file; append() packs a copy into its queue and never blocks on the disk. A
 * reader is used by one thread. */

#define CHS_STORE_ERROR (chs_store_error_quark ())
GQuark chs_store_error_quark (void);

typedef enum {
  CHS_STORE_ERROR_OPEN,    /* cannot be opened or created */
  CHS_STORE_ERROR_FORMAT,  /* not a recording, or of a newer version */
  CHS_STORE_ERROR_DAMAGED, /* a block is damaged; what is before it was given */
  CHS_STORE_ERROR_WRITE,   /* disk full, read-only, I/O error */
  CHS_STORE_ERROR_BUSY,    /* another process is recording into it */
} ChsStoreError;

#define CHS_STORE_APPLICATION_ID 0x43485352 /* "CHSR" */
#define CHS_STORE_VERSION 2 /* 2: blocks of version 2; 1 was never released */

/* Facts of the whole recording; strings may be NULL. */
typedef struct {
  char  *session_id; /* UUID */
  char  *chair;
  char  *boot_id;    /* /proc/sys/kernel/random/boot_id while it was written: is the monotonic clock the same one? */
  gint64 start_wall_us;
  gint64 start_mono_us; /* CLOCK_MONOTONIC at t_us = 0, valid within boot_id */
  char  *program;    /* "chairside 0.1.0" */
  gboolean complete; /* closed properly */
  gint64 last_seq;   /* number of the event that it was closed with; 0 = not closed */
} ChsStoreMeta;

void chs_store_meta_clear (ChsStoreMeta *meta);

/* One instrument or link of the recording. */
typedef struct {
  guint8 source;
  char   name[24];
  char   driver[24];
  char   address[128];
  char   version[24]; /* of program and driver that decoded it: "0.1.0-r0" (devices/driver.h); "" = not told */
} ChsStoreSource;

/* One track of an imported file: what its origin called it. Tracks of live recordings need none. */
typedef struct {
  guint8 source, channel;
  guint8 param;    /* ChsParam; OTHER or OTHER_WAVE when we have no name for it */
  char   name[64]; /* as in the origin: "Infinity/HR" */
  char   unit[16]; /* as in the origin, or UCUM; "" = not told */
} ChsStoreTrack;

/* ---- writing ---- */

typedef struct _ChsStoreWriter ChsStoreWriter;

/* Called in the writer's @context when storage begins to fail (@error set) or works again (@error NULL). */
typedef void (*ChsStoreStateFunc) (const GError *error, gpointer user_data);

/**
 * chs_store_writer_new:
 * @path: file to create, or to go on with when it is there and was not closed properly or belongs to a session
 *   that is resumed
 * @meta: for a new file; of an existing one the start, session_id and chair are kept
 * @context: (nullable): context in which @func is called
 * @func: (nullable): told of trouble
 * @user_data: for @func
 * @error: return location
 *
 * Mode 0600; 0640 in a folder that is shared (data/folder.h). A damaged tail is moved aside, never deleted.
 *
 * Returns: (transfer full) (nullable): a writer with its thread running
 */
ChsStoreWriter *chs_store_writer_new (const char         *path,
                                      const ChsStoreMeta *meta,
                                      GMainContext       *context,
                                      ChsStoreStateFunc   func,
                                      gpointer            user_data,
                                      GError            **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_store_writer_new_bulk:
 * @path: file to create; must not exist
 * @meta: facts
 * @error: return location
 *
 * For importers and the like, which can begin again: nothing is durable before chs_store_writer_close(), which syncs
 * the whole. What is left of one that died is no recording: write under another name and rename.
 *
 * Returns: (transfer full) (nullable): a writer with its thread running
 */
ChsStoreWriter *chs_store_writer_new_bulk (const char *path, const ChsStoreMeta *meta, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_store_writer_get_next_seq:
 * @self: a writer
 *
 * Returns: number that the next event must have at least: 1 in a new file, else the last one's plus 1
 */
guint64 chs_store_writer_get_next_seq (ChsStoreWriter *self);

/**
 * chs_store_writer_get_start_us:
 * @self: a writer
 *
 * Returns: session time of the last event that the file held when it was opened; 0 in a new one
 */
gint64 chs_store_writer_get_start_us (ChsStoreWriter *self);

/**
 * chs_store_writer_get_committed_seq:
 * @self: a writer
 *
 * Returns: number of the last event that is on the disk; all before it are, too
 */
guint64 chs_store_writer_get_committed_seq (ChsStoreWriter *self);

/* CONFIG event that an import begins with: the rows of its tracks once more, so that recover can make them anew when the
 * table is lost. A line a track: source, channel, param, name and unit, with tabs between them. */
#define CHS_STORE_TRACKS_CONFIG "tracks"

void chs_store_writer_add_source (ChsStoreWriter *self, const ChsStoreSource *source); /* copied; a source told twice is kept once */
void chs_store_writer_add_track (ChsStoreWriter *self, const ChsStoreTrack *track); /* copied; names a track of an import as its origin does */

/**
 * chs_store_writer_append:
 * @self: a writer
 * @event: journalled event, with seq above that of the last one
 *
 * Thread:  one thread at a time (the engine's); does not touch the disk
 */
void chs_store_writer_append (ChsStoreWriter *self, const ChsEvent *event);

/**
 * chs_store_writer_flush:
 * @self: a writer
 * @error: return location
 *
 * Waits until all that was appended is committed.
 *
 * Returns: whether it is
 */
gboolean chs_store_writer_flush (ChsStoreWriter *self, GError **error);

/**
 * chs_store_writer_wait_room:
 * @self: a writer
 *
 * For importers, which append faster than any disk: waits until the queue is short enough that nothing is dropped.
 * Call it every few hundred events. A live monitor never calls it.
 *
 * Returns: whether storage works; %FALSE: chs_store_writer_close() tells why it does not
 */
gboolean chs_store_writer_wait_room (ChsStoreWriter *self);

/**
 * chs_store_writer_close:
 * @self: (transfer full): a writer
 * @complete: mark the session as properly closed
 * @error: return location
 *
 * Commits, checkpoints, leaves the plain file, ends the thread, frees.
 *
 * Returns: whether everything is on disk
 */
gboolean chs_store_writer_close (ChsStoreWriter *self, gboolean complete, GError **error);

/* ---- reading ---- */

typedef struct _ChsStoreReader ChsStoreReader;

/**
 * chs_store_reader_new:
 * @path: a recording; may be open for writing by another process
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a read-only reader
 */
ChsStoreReader *chs_store_reader_new (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void            chs_store_reader_free (ChsStoreReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsStoreReader, chs_store_reader_free)

const char *chs_store_reader_get_path (ChsStoreReader *self); /* (transfer none): of the recording */
const ChsStoreMeta *chs_store_reader_get_meta (ChsStoreReader *self); /* (transfer none); valid as long as the reader */

/**
 * chs_store_reader_get_sources:
 * @self: a reader
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the instruments
 */
const ChsStoreSource *chs_store_reader_get_sources (ChsStoreReader *self, guint *n);

/**
 * chs_store_reader_get_tracks:
 * @self: a reader
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): tracks that have a name from their origin
 */
const ChsStoreTrack *chs_store_reader_get_tracks (ChsStoreReader *self, guint *n);

typedef enum {
  CHS_READ_NUMERICS = 1 << 0, /* the journal without waves and raw bytes */
  CHS_READ_WAVES = 1 << 1,
  CHS_READ_RAW = 1 << 2,
  CHS_READ_ALL = 7,
} ChsReadFlags;

/* Returns FALSE to stop. @event and what it borrows are valid during the call. */
typedef gboolean (*ChsStoreFunc) (const ChsEvent *event, gpointer user_data);

/**
 * chs_store_reader_foreach:
 * @self: a reader
 * @from_us: first session time wanted; CHS_TIME_NONE = from the start
 * @to_us: last session time wanted; INT64_MAX = to the end
 * @flags: which kinds
 * @func: called in the order of seq
 * @user_data: for @func
 * @error: return location; %CHS_STORE_ERROR_DAMAGED after all that was whole has been given
 *
 * The cost depends on what is asked for, not on where it lies.
 *
 * Returns: whether the whole range was read (stopping counts as read)
 */
gboolean chs_store_reader_foreach (ChsStoreReader *self,
                                   gint64          from_us,
                                   gint64          to_us,
                                   ChsReadFlags    flags,
                                   ChsStoreFunc    func,
                                   gpointer        user_data,
                                   GError        **error);

guint64 chs_store_reader_get_last_seq (ChsStoreReader *self); /* number of the last event; 0 when empty */
gint64  chs_store_reader_get_last_us (ChsStoreReader *self); /* session time of the last event; 0 when empty */

/**
 * chs_store_reader_refresh:
 * @self: a reader
 *
 * Sees what another process has written since.
 */
void chs_store_reader_refresh (ChsStoreReader *self);

/* ---- the file as a whole ---- */

/**
 * chs_store_remove:
 * @path: a recording
 * @error: return location, %CHS_STORE_ERROR_BUSY when it is being recorded into
 *
 * Removes it with all that SQLite and the writer keep beside it.
 *
 * Returns: whether it is gone
 */
gboolean chs_store_remove (const char *path, GError **error);

/* ---- repairing ---- */

typedef struct {
  guint64 blocks_ok, blocks_bad;
  guint64 events;
  guint64 first_bad_seq; /* 0 = none */
  char   *account;       /* what is wrong and what is missing, in English, for a technician; "" when whole */
} ChsStoreCheck;

void chs_store_check_clear (ChsStoreCheck *check);

/**
 * chs_store_check:
 * @path: a recording
 * @check: (out): what was found
 * @error: return location; set when it cannot be read at all
 *
 * Verifies SQLite integrity, every block and the hash chain. Changes nothing.
 *
 * Returns: whether it is whole
 */
gboolean chs_store_check (const char *path, ChsStoreCheck *check, GError **error);

/**
 * chs_store_recover:
 * @path: a damaged recording
 * @out_path: file to create
 * @check: (out): what was lost
 * @error: return location
 *
 * Copies every whole block into a new recording; the loss stays visible as a gap.
 *
 * Returns: whether a new recording was written
 */
gboolean chs_store_recover (const char *path, const char *out_path, ChsStoreCheck *check, GError **error);
