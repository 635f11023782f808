/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store-private.h"

/* The writer of a recording, shared by its files:
 *
 *   store-begin.c   opening: a new file, one that is gone on with, one that is damaged
 *   store-blocks.c  packing events into blocks, committing them
 *   store-writer.c  the queue, the thread, trouble that is told
 *
 * One thread owns the database. Events come to it through a queue of bytes, are
 * packed into the open block of their stream, and are written in one transaction:
 * at once after an urgent event, else COMMIT_US after the first that waits.
 *
 * The open block is written again with each commit as it grows, and sealed when it
 * is full; so a committed event is in a whole block with a right hash at any
 * instant, and blocks are as large as they should be.
 *
 * When a commit fails nothing is thrown away: sealed blocks and rows wait in memory
 * and are written by a later commit. A hash is computed when its block is written,
 * so blocks that had to be dropped in between leave a gap and not a broken chain.
 *
 * g_get_monotonic_time() is used here for waiting only; no time from it is stored. */

typedef struct {
  guint32 event_size;    /* bytes of the event, rounded up to 8 */
  guint32 borrowed_size; /* bytes behind it */
  gint64  padding;       /* keeps the event aligned */
} ChsWriterQueueHead;

typedef struct {
  ChsPackState state;
  GByteArray  *open;           /* packed events of the open block */
  ChsBlock     block;          /* its row, without data and hashes */
  GQueue       sealed;         /* of ChsBlock: full, not committed yet */
  gsize        sealed_bytes;
  gboolean     dirty;          /* the open block has grown since the last commit */
  guint8       head[CHS_HASH_SIZE]; /* hash of the last sealed block that is committed */
} ChsWriterStream;

struct _ChsStoreWriter {
  char       *path;
  ChsStoreLock lock;
  GThread    *thread;
  GMainContext *context;
  ChsStoreStateFunc func;
  gpointer    user_data;
  gboolean    bulk;      /* synced once, at the end */
  guint64     first_seq; /* next one when the file was opened */
  gint64      first_us;

  /* Shared with the appending thread, under the mutex. */
  GMutex      mutex;
  GCond       wake, done;
  GByteArray *queue;
  GArray     *sources;          /* of ChsStoreSource, not written yet */
  GArray     *tracks;           /* of ChsStoreTrack, likewise */
  gint64      first_wait_us;    /* when the oldest event in the queue came; 0 = queue empty */
  gboolean    urgent, flush, stop, complete;
  guint64     last_seq;         /* of the last event appended */
  guint64     committed_seq;
  guint64     flushes;          /* attempts to commit that were finished */
  guint64     dropped[CHS_N_STREAMS];
  gint64      writing_since_us; /* when the commit under way began; 0 = none */
  GError     *trouble;          /* why the last commit failed */
  GSource    *report;           /* waiting to tell */

  /* The writer thread's own. */
  sqlite3    *db;
  ChsWriterStream      stream[CHS_N_STREAMS];
  GArray     *readable;         /* of ChsEvent: alarm and nurse rows not committed */
  GByteArray *work;             /* the queue being packed; swapped */
  GArray     *work_sources, *work_tracks;
  guint64     packed_seq;
  guint64     dropped_told;
  gint64      retry_us;
};

/* ---- opening; in the thread of the maker until the writer's own runs ---- */

/* The file at @path: made, gone on with, or moved aside when it is damaged and begun anew with what is whole in it. */
gboolean chs_store_writer_begin (ChsStoreWriter *self, const ChsStoreMeta *meta, GError **error);
gboolean chs_store_writer_open_database (ChsStoreWriter *self, GError **error);
void     chs_store_writer_close_database (ChsStoreWriter *self); /* none open: nothing to do */

/* ---- blocks; in the writer's thread, without the mutex ---- */

void chs_store_writer_pack_work (ChsStoreWriter *self); /* what was taken from the queue */

/* One transaction with all that waits. After a failure everything still waits, and the connection is made anew:
 * the file may have been on a disk that went away. */
gboolean chs_store_writer_commit (ChsStoreWriter *self, gboolean complete, GError **error);
void     chs_store_writer_free_block (gpointer block); /* (transfer full) */
