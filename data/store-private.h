/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event-codec.h"
#include "data/store.h"

#include <sqlite3.h>

/* What writer, reader and checker of a recording share: the schema, the block row
 * and its hash. Not for other folders. */

/* The three streams of blocks. All have the same columns; each has a hash chain of its own, so that waves and raw
 * bytes can be let go by retention while the journal's chain stays whole. */
typedef enum {
  CHS_STREAM_JOURNAL,
  CHS_STREAM_WAVE,
  CHS_STREAM_RAW,
  CHS_N_STREAMS
} ChsStream;

typedef struct {
  const char *table;
  gsize       limit;    /* packed bytes at which a block is sealed */
  gboolean    compress; /* zlib */
} ChsStreamInfo;

extern const ChsStreamInfo chs_streams[CHS_N_STREAMS];

ChsStream chs_stream_of (ChsEventType type);

#define CHS_HASH_SIZE 32

/* No honest block is larger: one event of %CHS_BYTES_MAX and its neighbours. */
#define CHS_BLOCK_MAX (2 * CHS_BYTES_MAX)

/* One row of a stream. */
typedef struct {
  guint64 first_seq, last_seq;
  guint64 n_events;
  gint64  from_us, to_us; /* session time of its first and last event */
  gsize   size;           /* bytes as packed */
  GBytes *data;           /* as stored: zlib when shorter than @size */
  guint8  prev[CHS_HASH_SIZE]; /* hash of the block before */
  guint8  hash[CHS_HASH_SIZE];
} ChsBlock;

void chs_block_clear (ChsBlock *block);

/**
 * chs_block_set_data:
 * @block: a block; gets @data and @size
 * @bytes: packed events
 * @n: how many bytes
 * @compress: whether to try zlib
 */
void chs_block_set_data (ChsBlock *block, const guint8 *bytes, gsize n, gboolean compress);

/**
 * chs_block_inflate:
 * @block: a block with data
 *
 * Returns: (transfer full) (nullable): its packed events, not verified; %NULL when they cannot be decompressed
 */
GBytes *chs_block_inflate (const ChsBlock *block);

/**
 * chs_block_unpack:
 * @block: a block as read
 * @error: return location, %CHS_STORE_ERROR_DAMAGED
 *
 * Returns: (transfer full) (nullable): its packed events, after the hash was found right
 */
GBytes *chs_block_unpack (const ChsBlock *block, GError **error);

/**
 * chs_block_hash:
 * @block: a block with @prev
 * @bytes: its packed events, @size of them
 * @hash: (out): SHA-256 over prev, the numbers of the row (64-bit little-endian) and the packed events
 */
void chs_block_hash (const ChsBlock *block, const guint8 *bytes, guint8 hash[CHS_HASH_SIZE]);

/**
 * chs_chain_seed:
 * @session_id: UUID of the session
 * @stream: which
 * @hash: (out): what the first block has as @prev
 */
void chs_chain_seed (const char *session_id, ChsStream stream, guint8 hash[CHS_HASH_SIZE]);

/* The columns of a stream in the order of chs_block_from_row(). */
#define CHS_BLOCK_COLUMNS "seq, last_seq, events, from_us, to_us, size, data, prev, hash"

/**
 * chs_block_is_sane:
 * @block: a block with everything but its data
 * @stored: bytes of its data
 *
 * Returns: whether its numbers can be true at all
 */
gboolean chs_block_is_sane (const ChsBlock *block, gsize stored);

/**
 * chs_block_from_row:
 * @stmt: stands on a row with %CHS_BLOCK_COLUMNS
 * @block: (out): the block; data is copied
 *
 * Returns: whether the row makes sense at all (types, lengths, order)
 */
gboolean chs_block_from_row (sqlite3_stmt *stmt, ChsBlock *block);

/* ---- the database ---- */

typedef struct {
  const char *name;
  const char *sql; /* "CREATE TABLE ...", with units as comments; they stay visible in the file */
} ChsStoreTable;

extern const ChsStoreTable chs_store_tables[];
extern const guint         chs_n_store_tables;

/**
 * chs_store_set_error:
 * @error: return location
 * @db: (nullable): where SQLite's own words are
 * @rc: SQLite's result
 * @format: what was tried, on what
 *
 * Chooses the code by @rc.
 */
void chs_store_set_error (GError **error, sqlite3 *db, int rc, const char *format, ...) G_GNUC_PRINTF (4, 5);

gboolean chs_store_exec (sqlite3 *db, const char *sql, GError **error);

/**
 * chs_store_open_read:
 * @path: a recording
 * @error: return location
 *
 * Opens read-only with everything off that a hostile file could use, and checks that it is a recording of a
 * version that we know and that its tables are ours to the letter.
 *
 * Returns: (transfer full) (nullable): a connection; close with sqlite3_close()
 */
sqlite3 *chs_store_open_read (const char *path, GError **error);

/**
 * chs_store_check_format:
 * @db: an open database
 * @path: for messages
 * @error: return location
 *
 * Returns: whether it is a recording that this version understands
 */
gboolean chs_store_check_format (sqlite3 *db, const char *path, GError **error);

gboolean chs_store_load_meta (sqlite3 *db, ChsStoreMeta *meta, GError **error);
GArray  *chs_store_load_sources (sqlite3 *db, GError **error); /* (transfer full) of ChsStoreSource */
GArray  *chs_store_load_tracks (sqlite3 *db, GError **error);  /* (transfer full) of ChsStoreTrack */
gboolean chs_store_save_source (sqlite3 *db, const ChsStoreSource *source, GError **error);
gboolean chs_store_save_track (sqlite3 *db, const ChsStoreTrack *track, GError **error);
gboolean chs_store_save_meta (sqlite3 *db, const char *key, const char *value, GError **error);
gboolean chs_store_save_meta_int (sqlite3 *db, const char *key, gint64 value, GError **error);

/**
 * chs_store_create:
 * @db: an empty database
 * @error: return location
 *
 * Writes application_id, user_version and the tables.
 */
gboolean chs_store_create (sqlite3 *db, GError **error);

/**
 * chs_store_put_block:
 * @db: a database
 * @stream: which
 * @block: the row; replaces one with the same first_seq
 * @error: return location
 */
gboolean chs_store_put_block (sqlite3 *db, ChsStream stream, const ChsBlock *block, GError **error);

/**
 * chs_store_put_readable:
 * @db: a database
 * @event: any event
 * @error: return location
 *
 * Writes alarm and nurse events as plain rows; others are none of its business.
 */
gboolean chs_store_put_readable (sqlite3 *db, const ChsEvent *event, GError **error);

/* ---- the lock of the one writer ---- */

/* A file beside the recording: a lock on the database itself would be lost, or take SQLite's own with it, when any
 * descriptor of it is closed in this process. It dies with the process. */
typedef struct {
  int   fd;   /* -1 = not held */
  char *path;
} ChsStoreLock;

/**
 * chs_store_lock:
 * @self: (out): a lock
 * @path: of the recording
 * @error: return location, %CHS_STORE_ERROR_BUSY when another program has it
 *
 * Returns: whether it is held; chs_store_unlock() it in any case
 */
gboolean chs_store_lock (ChsStoreLock *self, const char *path, GError **error);
void     chs_store_unlock (ChsStoreLock *self);

/* ---- walking a stream ---- */

typedef struct {
  sqlite3_stmt *stmt;
  int           rc;       /* why there is no @stmt */
  guint64       next_seq; /* blocks before are behind us */
  guint64       n_bad;    /* pages and rows that could not be read so far */
} ChsBlockCursor;

/**
 * chs_block_cursor_open:
 * @self: (out): a cursor; close with chs_block_cursor_close()
 * @db: an open recording, in a transaction
 * @stream: which
 * @first_seq: blocks that begin before it are left out
 */
void chs_block_cursor_open (ChsBlockCursor *self, sqlite3 *db, ChsStream stream, guint64 first_seq);
void chs_block_cursor_close (ChsBlockCursor *self);

/**
 * chs_block_cursor_next:
 * @self: a cursor
 * @block: (out): the next readable row, not verified; chs_block_clear() it
 *
 * Goes over damaged pages and rows that make no sense, and counts them.
 *
 * Returns: whether there is one
 */
gboolean chs_block_cursor_next (ChsBlockCursor *self, ChsBlock *block);

/* ---- salvage ---- */

/**
 * chs_store_salvage:
 * @path: a recording that SQLite may not be able to open
 * @error: return location
 *
 * Looks through every page of the file and of its WAL for rows of blocks, without SQLite and without the tables'
 * trees, and keeps those whose hash is right. A row carries what is needed to prove it.
 *
 * Returns: (transfer full) (nullable): array of #ChsBlock with a clear function, best versions first
 */
GArray *chs_store_salvage (const char *path, GError **error);
