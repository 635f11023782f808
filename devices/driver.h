/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Drivers: one const descriptor an instrument, one table of them (devices/drivers.c).
 *
 * A driver turns bytes into events. It owns no port, no clock, no thread and no
 * memory: the link gives it zeroed memory of @state_size bytes, the bytes, the
 * time, and a place to put events and requests. The same code decodes a live
 * line, a file (chairside-tool decode) and the raw bytes of an old recording.
 *
 * Listening only is structural. A driver of access LISTEN has no queries and its
 * port is opened read-only. A driver of access QUERY may ask for a request to be
 * sent, and the link sends it only when its payload matches a row of @queries
 * (devices/tx-guard.h). There is no other way out.
 *
 * C library only. */

typedef enum {
  CHS_KIND_MONITOR = 0,
  CHS_KIND_PUMP = 1,
} ChsDeviceKind;

typedef enum {
  CHS_ACCESS_LISTEN, /* port opened read-only; a write fails in the kernel */
  CHS_ACCESS_QUERY,  /* sends the frames of @queries and nothing else */
  CHS_ACCESS_NEVER,  /* decoder and simulator only: the device needs commands, so it is never driven */
} ChsAccess;

/* How the decoder was proven; an honest grade for the user. */
typedef enum {
  CHS_PROOF_RECORDING,      /* bytes recorded from a real instrument */
  CHS_PROOF_DOCUMENT,       /* the manufacturer's document, with its examples */
  CHS_PROOF_IMPLEMENTATION, /* other people's programs only */
} ChsProof;

/* One part of the pattern of a request's payload. */
typedef enum {
  CHS_PART_END = 0,
  CHS_PART_BYTES,  /* exactly @bytes[0..n) */
  CHS_PART_DIGITS, /* n to max ASCII digits */
  CHS_PART_TEXT,   /* n to max bytes out of the set @bytes (NUL-terminated list of characters) */
  CHS_PART_RANGE,  /* one byte, n <= byte <= max */
  CHS_PART_ANY,    /* exactly n bytes, any: transaction numbers, checksums. Explain it in the query's @note */
} ChsPartKind;

typedef struct {
  ChsPartKind kind;
  const char *bytes;
  uint16_t    n, max;
} ChsPart;

#define CHS_QUERY_PARTS 12

/* One kind of request that may ever be sent. The pattern describes the payload
 * before @wrap (length, checksum, escapes) makes the frame of it. */
typedef struct {
  const char *name; /* "MEM:GET" */
  const char *note; /* what it reads, why it changes nothing at the instrument, source */
  ChsPart     parts[CHS_QUERY_PARTS];
} ChsQuery;

/* Where a driver puts what it finds. Handed in with each call; valid for the call. */
typedef struct _ChsSink ChsSink;
struct _ChsSink {
  /* An event of which the driver fills type, channel and payload; the link fills
   * source, times and seq. @t_us of the event: CHS_TIME_NONE (use chs_sink_event). */
  void (*event) (ChsSink *sink, const ChsEvent *event);
  /* A request. @payload is matched against queries[query], wrapped and sent; refused
   * payloads are a defect: counted, logged, never sent. */
  void (*request) (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n);
  /* The frame that was just decoded, in words for the technician's view; may be NULL. */
  void (*frame) (ChsSink *sink, const uint8_t *bytes, size_t n, const char *words);
  void    *user;
  ChsEvent numeric; /* of chs_sink_numeric(), made over for each value; all else in it stays zero */
};

/* Counted by each driver, shown to technicians. All count up since the link was opened. */
typedef struct {
  uint64_t frames_ok;
  uint64_t frames_bad;    /* framed, but checksum, length or content wrong */
  uint64_t bytes_skipped; /* belonging to no frame */
  uint64_t resyncs;       /* times that the decoder lost and found the stream */
  uint64_t unknown;       /* well-formed records of a type we do not know */
} ChsCounters;

/* One more good frame. @lost: (inout): whether bytes were passed over or refused since the last one. */
static inline void
chs_counters_good (ChsCounters *self, bool *lost)
{
  self->resyncs += *lost && self->frames_ok > 0;
  self->frames_ok++;
  *lost = false;
}

/* As a framer has counted; each bad frame is a time that the stream was lost and found. */
static inline void
chs_counters_follow (ChsCounters *self, uint64_t frames_ok, uint64_t frames_bad, uint64_t bytes_skipped)
{
  self->resyncs += frames_bad - self->frames_bad;
  self->frames_ok = frames_ok;
  self->frames_bad = frames_bad;
  self->bytes_skipped = bytes_skipped;
}

/* Room that ChsDriver.mask wants for @n bytes. */
#define CHS_MASK_ROOM(n) (2 * (n) + 16)

typedef struct _ChsDriver ChsDriver;
struct _ChsDriver {
  const char   *id;    /* stable; stored in recordings; "ivy-450c" */
  const char   *label; /* marked for translation */
  bool          is_bench; /* a laboratory instrument or no medical device at all: marked wherever its values show */
  ChsDeviceKind kind;
  const char   *line;  /* default line settings, "9600/8n1"; as printed in the manual */
  ChsAccess     access;
  ChsProof      proof;
  const char   *gives;       /* "HR RR SPO2 ...", for the drivers list */
  const char   *source;      /* document the decoder was written from */
  unsigned      revision;    /* of the decoder: one more with each change that gives other events from the same bytes; 0 = as first
                              * released. Noted in recordings (chs_driver_version()) */
  const ChsQuery *queries;   /* the only requests ever sent; NULL for LISTEN */
  unsigned      n_queries;
  uint32_t      silence_ms;  /* no valid frame for so long = silent */
  uint32_t      state_size;  /* bytes of state; zeroed before open */

  /* Told once, before everything else, which driver the state is for. A driver made at run time (devices/described.h)
   * finds itself so; those of the table need not: NULL. */
  void (*bind) (void *state, const ChsDriver *driver);
  /* Parses one option of the link's configuration ("stuffing=on"). Returns false for an unknown key or a bad
   * value. NULL: the driver has no options. */
  bool (*option) (void *state, const char *key, const char *value);
  /* Which option a live link still lacks, in words: "option.drop_factor = ...". NULL: none. May be NULL. */
  const char *(*missing) (const void *state);
  /* The port was (re)opened. State is kept from before a reconnect where that is right (latched alarms);
   * framing must be reset here. */
  void (*opened) (void *state, int64_t now_us, ChsSink *sink);
  /* Bytes arrived, in any split. */
  void (*feed) (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink);
  /* One message without the framing of the line, as captures made elsewhere hold it: a datagram, an unframed record.
   * Returns whether it could be understood. NULL: the protocol knows no such thing. */
  bool (*message) (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink);
  /* Bytes on their way to the recording: the same, with the values of personal data (patient's and nurse's identification)
   * overwritten and checksums set right, so that the recording decodes as the line did. May hold some bytes back; @n 0: the
   * line is closed, what was held back comes out. Returns how many bytes were written to @out, room CHS_MASK_ROOM (n).
   * NULL: the protocol sends no such thing. */
  size_t (*mask) (void *state, const uint8_t *bytes, size_t n, uint8_t *out);
  /* Called at least every 100 ms; dialogues keep their time here. NULL for streams that need none. */
  void (*tick) (void *state, int64_t now_us, ChsSink *sink);
  /* The link is about to be closed on purpose: a polite release, if the protocol has one. May be NULL. */
  void (*closing) (void *state, int64_t now_us, ChsSink *sink);
  const ChsCounters *(*counters) (const void *state);
  /* How much @bytes look like this instrument, 0..100, from passive listening alone. NULL: cannot be recognised. */
  int (*probe) (const uint8_t *bytes, size_t n);
  /* Makes the frame of a payload: length, checksum, escapes. NULL: the payload is the frame. Pure.
   * Returns its length, 0 when it does not fit. */
  size_t (*wrap) (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size);
};

/**
 * chs_drivers:
 * @n: (out) (optional): how many
 *
 * Returns: (transfer none): all drivers, NULL-terminated
 */
const ChsDriver *const *chs_drivers (unsigned *n);

/**
 * chs_driver_find:
 * @id: a driver id
 *
 * Returns: (nullable): the driver
 */
const ChsDriver *chs_driver_find (const char *id);

/**
 * chs_driver_version:
 * @driver: a driver
 * @out: (out): "0.1.0-r0": version of the program and revision of the decoder
 * @size: bytes of @out
 */
void chs_driver_version (const ChsDriver *driver, char *out, size_t size);

/**
 * chs_sink_numeric:
 * @sink: where
 * @channel: channel of the source
 * @param: what
 * @value: in the parameter's unit; NAN = absent
 * @quality: its quality; forced to ABSENT when @value is NAN
 * @flags: CHS_FLAG_*
 *
 * Emits one stream value.
 */
void chs_sink_numeric (ChsSink   *sink,
                       uint8_t    channel,
                       ChsParam   param,
                       double     value,
                       ChsQuality quality,
                       unsigned   flags);

/**
 * chs_sink_nibp:
 * @sink: where
 * @sys: systolic in mmHg; NAN = absent
 * @dia: diastolic in mmHg; NAN = absent
 * @mean: mean in mmHg; NAN = absent
 * @pulse: pulse rate per minute; NAN = not told (no event is made)
 * @quality: quality of the reading
 * @flags: CHS_FLAG_*
 * @mark: how well the time is known
 * @meas_us: session time of the measurement; %CHS_TIME_NONE = now
 *
 * Emits one cuff reading as SYS, DIA, MEAN and PR in that order.
 */
void chs_sink_nibp (ChsSink    *sink,
                    double      sys,
                    double      dia,
                    double      mean,
                    double      pulse,
                    ChsQuality  quality,
                    unsigned    flags,
                    ChsTimeMark mark,
                    int64_t     meas_us);

/**
 * chs_sink_device:
 * @sink: where
 * @code: condition
 * @param: parameter it is about; NONE = none
 * @value: see %ChsDeviceCode; NAN = none
 * @text: (nullable): words; copied
 *
 * Emits one device condition.
 */
void chs_sink_device (ChsSink       *sink,
                      ChsDeviceCode  code,
                      ChsParam       param,
                      double         value,
                      const char    *text);
