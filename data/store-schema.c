/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store-private.h"

/* The schema. SQLite keeps these texts with their comments in the file, so that
 * `.schema` in any SQLite shell explains a recording. A reader compares them to the
 * letter: a changed text needs a new CHS_STORE_VERSION. */

#define TIMES                                                                     \
  "  t_us INTEGER NOT NULL,    -- session time, microseconds, monotonic\n"        \
  "  wall_us INTEGER NOT NULL, -- UTC, microseconds since 1970\n"

#define STREAM(name, what)                                                        \
  { name,                                                                         \
    "CREATE TABLE " name " ( -- " what "\n"                                       \
    "  seq INTEGER PRIMARY KEY,    -- of the first event in the block\n"          \
    "  last_seq INTEGER NOT NULL,\n"                                              \
    "  events INTEGER NOT NULL,    -- how many\n"                                 \
    "  from_us INTEGER NOT NULL,   -- session time of the first event, microseconds\n" \
    "  to_us INTEGER NOT NULL,     -- of the last\n"                              \
    "  size INTEGER NOT NULL,      -- bytes as packed\n"                          \
    "  data BLOB NOT NULL,         -- packed events; of raw: zlib when shorter than size\n" \
    "  prev BLOB NOT NULL,         -- hash of the block before\n"                 \
    "  hash BLOB NOT NULL          -- SHA-256 of prev, seq, last_seq, events, from_us, to_us, size (each 64-bit\n" \
    "                              -- little-endian) and the packed events\n"     \
    ")" }

const ChsStoreTable chs_store_tables[] = {
  { "meta",
    "CREATE TABLE meta (    -- facts of the whole recording\n"
    "  key TEXT PRIMARY KEY, -- session_id, chair, boot_id, start_wall_us, start_mono_us, program, complete, last_seq\n"
    "  value                 -- times in microseconds; complete 1 = closed properly, with event last_seq\n"
    ") WITHOUT ROWID" },
  { "source",
    "CREATE TABLE source (       -- instruments\n"
    "  source INTEGER PRIMARY KEY, -- 1..250, as in the events\n"
    "  name TEXT NOT NULL,         -- of the link: monitor, pump1\n"
    "  driver TEXT NOT NULL,       -- driver id\n"
    "  address TEXT NOT NULL,      -- port\n"
    "  version TEXT NOT NULL       -- of program and driver: 0.1.0-r0; empty = not told\n"
    ")" },
  { "track",
    "CREATE TABLE track (         -- imported tracks: what their origin called them\n"
    "  source INTEGER NOT NULL,    -- source, channel and param as in the events\n"
    "  channel INTEGER NOT NULL,\n"
    "  param TEXT NOT NULL,\n"
    "  name TEXT NOT NULL,         -- Infinity/HR\n"
    "  unit TEXT NOT NULL,         -- empty = not told\n"
    "  PRIMARY KEY (source, channel, param)\n"
    ") WITHOUT ROWID" },
  STREAM ("journal", "all events but waves and raw bytes, in order"),
  STREAM ("wave", "blocks of samples"),
  STREAM ("raw", "bytes of the links"),
  { "alarm",
    "CREATE TABLE alarm (       -- copies of the journal's alarm events, to be read by people\n"
    "  seq INTEGER PRIMARY KEY,\n" TIMES
    "  id INTEGER NOT NULL,      -- same for raise, escalate, ack, clear of one condition\n"
    "  action TEXT NOT NULL,     -- raise, escalate, deescalate, ack, ack_expired, latch, clear\n"
    "  label TEXT NOT NULL,\n"
    "  priority TEXT NOT NULL,   -- high, medium, low, none\n"
    "  onset_us INTEGER,         -- session time at which the condition began\n"
    "  param TEXT,               -- parameter of value, baseline and limit\n"
    "  value REAL,               -- in its unit; NULL = none\n"
    "  baseline REAL,\n"
    "  \"limit\" REAL,\n"
    "  cause_source INTEGER,     -- pump whose rate was changed before\n"
    "  cause_channel INTEGER,\n"
    "  cause_us INTEGER,         -- session time of that change; NULL = none\n"
    "  cause_from_ml_h REAL,\n"
    "  cause_to_ml_h REAL,\n"
    "  rule TEXT NOT NULL,       -- rule that fired\n"
    "  evidence TEXT NOT NULL,   -- what was true, comma separated\n"
    "  missing TEXT NOT NULL,    -- what was unknown\n"
    "  also TEXT NOT NULL,       -- runner-up labels\n"
    "  demo INTEGER NOT NULL     -- 1 = rests on demonstration data\n"
    ")" },
  { "nurse",
    "CREATE TABLE nurse (       -- copies of the journal's nurse events\n"
    "  seq INTEGER PRIMARY KEY,\n" TIMES
    "  at_us INTEGER,            -- session time that is meant; NULL = t_us\n"
    "  action TEXT NOT NULL,\n"
    "  what TEXT NOT NULL,\n"
    "  value REAL,\n"
    "  who TEXT NOT NULL,        -- operator, empty = not told\n"
    "  text TEXT NOT NULL\n"
    ")" },
  { "aside",
    "CREATE TABLE aside (  -- damaged blocks, moved here when a recording was gone on with\n"
    "  stream TEXT NOT NULL, -- journal, wave, raw\n"
    "  seq INTEGER,\n"
    "  last_seq INTEGER,\n"
    "  data BLOB,\n"
    "  why TEXT NOT NULL,\n"
    "  wall_us INTEGER NOT NULL -- when it was moved\n"
    ")" },
};

const guint chs_n_store_tables = G_N_ELEMENTS (chs_store_tables);

const ChsStreamInfo chs_streams[CHS_N_STREAMS] = {
  /* A row of the journal fits one page of 4096 bytes: one damaged page costs one block, one write a second is one page. */
  [CHS_STREAM_JOURNAL] = { "journal", 3900, FALSE },
  [CHS_STREAM_WAVE] = { "wave", 16 * 1024, FALSE }, /* the codec of samples leaves nothing for zlib */
  [CHS_STREAM_RAW] = { "raw", 16 * 1024, TRUE },
};

ChsStream
chs_stream_of (ChsEventType type)
{
  return type == CHS_EVENT_WAVE ? CHS_STREAM_WAVE : type == CHS_EVENT_RAW ? CHS_STREAM_RAW : CHS_STREAM_JOURNAL;
}
