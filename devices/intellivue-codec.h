/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/bytes.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Philips IntelliVue data export over MIB/RS232, fixed baud rate.
 * Wire format: shared/protocols/intellivue-mib.md (sections are cited below).
 *
 * Two steps. The framer turns wire bytes into user data whose frame check
 * sequence holds. The message reader walks user data without copying it: every
 * length is bounded by the one around it, unknown attributes are stepped over by
 * their length, and nothing is found by position.
 *
 * C library only; no allocation, no static state. */

/* ---- frames (section 2) ---- */

#define CHS_IV_FRAME_MAX 4096 /* a monitor ignores the MTU it agreed on; twice 1456 plus header, rounded up */

typedef struct {
  uint16_t fcs_table[8][256]; /* slicing by eight; filled by chs_iv_framer_init() */
  uint8_t  data[CHS_IV_FRAME_MAX];
  uint32_t n;         /* bytes of the frame so far, escapes removed */
  uint16_t fcs;       /* register over them */
  bool     in_frame;
  bool     escaped;   /* the last byte was 7D */
  bool     overflow;
  uint64_t frames_ok, frames_bad;
  uint64_t bytes_skipped; /* outside frames, or of frames that were dropped */
} ChsIvFramer;

void chs_iv_framer_init (ChsIvFramer *self); /* fills the tables, forgets everything */
void chs_iv_framer_reset (ChsIvFramer *self); /* forgets the frame under way; keeps counters */

/**
 * chs_iv_framer_feed:
 * @self: a framer
 * @p: wire bytes, in any split
 * @n: how many
 * @used: (out): how many were taken; call again with the rest
 * @data: (out): user data of the frame, valid until the next call
 * @data_n: (out): its length
 *
 * Returns: what came of it
 */
ChsFeed chs_iv_framer_feed (ChsIvFramer    *self,
                            const uint8_t  *p,
                            size_t          n,
                            size_t         *used,
                            const uint8_t **data,
                            size_t         *data_n);

/**
 * chs_iv_fcs:
 * @self: a framer, for its tables
 * @p: bytes
 * @n: how many
 *
 * Returns: the register of the PPP FCS-16 over the bytes, not complemented: 0xF0B8 over a good header + data + FCS
 */
uint16_t chs_iv_fcs (const ChsIvFramer *self, const uint8_t *p, size_t n);

/**
 * chs_iv_frame_write:
 * @data: user data
 * @n: at most 2048
 * @frame: (out caller-allocates): wire bytes
 * @size: room; 2 * @n + 16 is always enough
 *
 * Returns: bytes of the frame, 0 when it does not fit
 */
size_t chs_iv_frame_write (const uint8_t *data, size_t n, uint8_t *frame, size_t size);

/* ---- messages (sections 3 to 5) ---- */

typedef enum {
  CHS_IV_UNKNOWN = 0,
  CHS_IV_ASSOC_REQUEST,  /* 0D */
  CHS_IV_ASSOC_RESPONSE, /* 0E */
  CHS_IV_ASSOC_REFUSE,   /* 0C */
  CHS_IV_RELEASE_REQUEST, /* 09 */
  CHS_IV_RELEASE_RESPONSE, /* 0A */
  CHS_IV_ABORT,          /* 19 */
  CHS_IV_MDS_CREATE,     /* invoke, confirmed event report 0D06 */
  CHS_IV_MDS_CREATE_RESULT, /* ours, heard by a simulator */
  CHS_IV_POLL,           /* single or extended poll request (heard by a simulator) */
  CHS_IV_POLL_RESULT,    /* single, extended, linked or not */
  CHS_IV_GET, CHS_IV_GET_RESULT,
  CHS_IV_SET, CHS_IV_SET_RESULT,
  CHS_IV_ERROR,          /* remote operation error */
} ChsIvKind;

enum {
  CHS_IV_CLASS_MDS = 0x0021,
  CHS_IV_CLASS_NUMERIC = 0x0006,
  CHS_IV_CLASS_WAVE = 0x0009,
  CHS_IV_CLASS_ENUM = 0x0005,
  CHS_IV_CLASS_ALERT = 0x0036,
  CHS_IV_CLASS_DEMOGRAPHICS = 0x002A,
};

enum {
  CHS_IV_ACTION_POLL = 0x0C16,
  CHS_IV_ACTION_POLL_EXT = 0xF13B,
};

/* Attributes used by the driver and the simulator. */
enum {
  CHS_IV_ATTR_SYSTEM_ID = 0x0984,
  CHS_IV_ATTR_MODEL = 0x0928,
  CHS_IV_ATTR_MODE = 0x0946,
  CHS_IV_ATTR_BED = 0x091E,
  CHS_IV_ATTR_DATE_TIME = 0x0987,
  CHS_IV_ATTR_REL_TIME = 0x098F,
  CHS_IV_ATTR_NU_VALUE = 0x0950,
  CHS_IV_ATTR_NU_COMPOUND = 0x094B,
  CHS_IV_ATTR_TIME_ABS = 0x0990,
  CHS_IV_ATTR_SA_VALUE = 0x096E,
  CHS_IV_ATTR_SA_COMPOUND = 0x0967,
  CHS_IV_ATTR_SA_SPEC = 0x096D,
  CHS_IV_ATTR_SA_PERIOD = 0x098D,
  CHS_IV_ATTR_SA_SCALE = 0x096F,
  CHS_IV_ATTR_SA_FIXED = 0x0A16,
  CHS_IV_ATTR_UNIT = 0x0996,
  CHS_IV_ATTR_ALERT_P = 0x0902,
  CHS_IV_ATTR_ALERT_T = 0x0904,
  CHS_IV_ATTR_LABEL = 0x0924,
  CHS_IV_ATTR_PRIO_WAVE = 0xF23A,
};

#define CHS_IV_MODE_DEMO 0x2000
#define CHS_IV_TICKS_S 8000 /* relative time: 1/8 ms */

typedef struct {
  ChsIvKind kind;
  uint16_t  invoke_id;
  uint16_t  command;
  uint16_t  error;        /* of CHS_IV_ERROR */
  uint8_t   linked;       /* 0 not a linked part, else 1 first, 2 middle, 3 last linked */
  uint16_t  obj_class;    /* managed object of the operation */
  uint16_t  context, handle;
  uint16_t  action;       /* CHS_IV_ACTION_* */
  uint16_t  poll_number;
  uint16_t  sequence;     /* of an extended reply */
  bool      has_sequence;
  uint32_t  rel_time;     /* ticks; of a poll result or an MDS create event */
  uint16_t  polled_class;
  uint16_t  polled_group;
  uint16_t  n_contexts;   /* of the poll info list */
  ChsBytes  body;         /* poll info list entries; attribute list entries of an MDS create event, get or set; for an
                             association the user information (MDSEUserInfoStd) */
} ChsIvMessage;

/**
 * chs_iv_message_read:
 * @data: user data of a frame
 * @n: its length
 * @message: (out): what it is; borrows from @data
 *
 * Returns: whether it could be understood; on %FALSE the kind is %CHS_IV_UNKNOWN
 */
bool chs_iv_message_read (const uint8_t *data, size_t n, ChsIvMessage *message);

/* One observed object of a poll result. */
typedef struct {
  uint32_t id;         /* context and handle, which name it together, in one number */
  ChsBytes attributes; /* used up by chs_iv_attribute_next() */
} ChsIvObject;

typedef struct {
  ChsBytes *list;    /* what is left of the poll info list: the message's body */
  ChsBytes  objects; /* what is left of the present context */
  uint16_t  context;
} ChsIvObjectIter;

void chs_iv_object_iter_init (ChsIvObjectIter *iter, ChsIvMessage *message); /* for CHS_IV_POLL_RESULT; uses its body up */
bool chs_iv_object_next (ChsIvObjectIter *iter, ChsIvObject *object); /* FALSE at the end, or where a length lies (list->bad) */

typedef struct {
  uint16_t       id;
  uint16_t       n;
  const uint8_t *value;
} ChsIvAttribute;

/* FALSE at the end, or where a length lies. In the header, as all that runs for each value: it costs less than a call. */
static inline bool
chs_iv_attribute_next (ChsBytes *attributes, ChsIvAttribute *attribute)
{
  const uint8_t *head;

  if (chs_bytes_left (attributes) == 0 || !chs_bytes_take (attributes, 4, &head))
    return false;
  attribute->id = chs_u16be (head);
  attribute->n = chs_u16be (head + 2);
  return chs_bytes_take (attributes, attribute->n, &attribute->value);
}

/* ---- values (sections 6, 8, 10) ---- */

enum {
  CHS_IV_STATE_INVALID = 0x8000,
  CHS_IV_STATE_QUESTIONABLE = 0x4000,
  CHS_IV_STATE_UNAVAILABLE = 0x2000,
  CHS_IV_STATE_CALIBRATING = 0x1000,
  CHS_IV_STATE_TEST = 0x0800,
  CHS_IV_STATE_DEMO = 0x0400,
};

typedef struct {
  uint16_t physio;
  uint16_t state;
  uint16_t unit;  /* MDC, partition 4 */
  double   value; /* NAN when the monitor says so */
} ChsIvNumeric;

double chs_iv_float (uint32_t wire); /* FLOAT-Type; NAN, INFINITY, -INFINITY as the wire says */

/* 10 bytes; FALSE where there are fewer. */
static inline bool
chs_iv_numeric_read (ChsBytes *b, ChsIvNumeric *out)
{
  const uint8_t *p;

  if (!chs_bytes_take (b, 10, &p))
    return false;
  out->physio = chs_u16be (p);
  out->state = chs_u16be (p + 2);
  out->unit = chs_u16be (p + 4);
  out->value = chs_iv_float (chs_u32be (p + 6));
  return true;
}

uint32_t chs_iv_float_write (double value, int exponent); /* @value as mantissa times 10^@exponent; NAN = 007FFFFF */

/**
 * chs_iv_abs_time:
 * @bcd: 8 bytes: century, year, month, day, hour, minute, second, 1/100 s
 * @us: (out): microseconds since 1970 as if the monitor's local time were UTC: for differences only
 *
 * Returns: whether it is a time (FF means "not available")
 */
bool chs_iv_abs_time (const uint8_t *bcd, int64_t *us);

/**
 * chs_iv_string:
 * @b: an attribute's value: u16 length in bytes, UTF-16BE
 * @out: (out caller-allocates): UTF-8, NUL terminated
 * @size: room
 *
 * Private-use characters (the monitor's own glyphs) become "?"; trailing NULs and blanks are cut.
 */
void chs_iv_string (ChsBytes *b, char *out, size_t size);
