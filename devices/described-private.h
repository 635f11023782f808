/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/described.h"

/* A key file as read: shared by loader, driver and simulator. */

#define CHS_DESCRIBED_FRAME_MAX 1024
#define CHS_DESCRIBED_QUERIES 8
#define CHS_DESCRIBED_ALARMS 15 /* names in a file */
#define CHS_DESCRIBED_MARK_MAX 4 /* bytes of a frame's start or end */

typedef enum {
  CHS_FIELD_RATE,
  CHS_FIELD_VOLUME,
  CHS_FIELD_VTBI,
  CHS_FIELD_REMAINING,
  CHS_FIELD_PRESSURE,
  CHS_FIELD_DRUG,
  CHS_FIELD_BATTERY,
  CHS_FIELD_STATE,
  CHS_FIELD_SERIAL,
  CHS_N_FIELDS
} ChsField;

extern const char *const chs_field_ids[]; /* "rate" ...; NULL-terminated */

typedef enum { CHS_FIELD_DECIMAL, CHS_FIELD_HEX, CHS_FIELD_TEXT, CHS_FIELD_TIME, CHS_FIELD_MAP } ChsFieldType;

/* One unit that a field of the file may have. */
typedef struct {
  ChsField    field;
  const char *name;
  double      factor; /* to the unit of ChsPumpStatus; of drops: divided by the drop factor besides */
  gboolean    is_drops;
  gboolean    is_told; /* ChsPumpStatus has no place for it: told as text */
  ChsUnit     pressure;
} ChsFieldUnit;

typedef struct {
  char    *key; /* what the instrument says */
  uint8_t  state;
  uint32_t alarms;
} ChsFieldWord;

typedef struct {
  guint               line; /* where its group begins; 0 = not described */
  GRegex             *regex;
  guint               group;
  ChsFieldType        type;
  double              scale, offset; /* value = number * scale + offset, then the unit */
  const ChsFieldUnit *unit;
  char               *unit_name;
  char               *map_text;
  GArray             *map;   /* ChsFieldWord */
  guint               query; /* only in answers to this one, 1..; 0 = in any frame */
} ChsFieldRule;

typedef enum {
  CHS_SUM_NONE,
  CHS_SUM_SUM8,
  CHS_SUM_XOR8,
  CHS_SUM_FF_SUM8,
  CHS_SUM_SUM16,
  CHS_SUM_CCITT_FALSE,
  CHS_SUM_XMODEM,
  CHS_SUM_MODBUS
} ChsSum;

typedef enum { CHS_SUM_HEX2, CHS_SUM_HEX4, CHS_SUM_DEC5, CHS_SUM_RAW } ChsSumForm;

typedef struct {
  guint8 bytes[CHS_DESCRIBED_MARK_MAX];
  gsize  n;
} ChsMark;

typedef struct {
  ChsMark    start, end;
  guint      max, idle_ms;
  int        sum, sum_form; /* ChsSum, ChsSumForm */
  int        sum_from;      /* 0 with the start mark, 1 behind it */
  int        sum_to;        /* always up to the sum itself */
} ChsFrameRule;

typedef enum { CHS_DESCRIBED_VOLUMETRIC, CHS_DESCRIBED_SYRINGE, CHS_DESCRIBED_DRIP, CHS_DESCRIBED_LABORATORY } ChsDescribedKind;

struct _ChsDescribed {
  ChsDriver    driver;
  ChsSimulator simulator;
  ChsQuery     queries[CHS_DESCRIBED_QUERIES];
  GPtrArray   *strings; /* what driver and queries point to */
  char         sha256[65];
  char        *text; /* of the file */
  gsize        n_text;
  char         id[24], line[24];

  /* [device] */
  char  *name, *source;
  int    kind; /* ChsDescribedKind */
  int    clinical;
  /* [serial] */
  guint  baud, bits, stop;
  int    parity, flow;
  ChsFrameRule frame;
  /* [poll] */
  int    is_query;
  char  *queries_text, *reviewed_by;
  guint  interval_ms, timeout_ms, lost_ms;
  guint  n_queries;
  /* [drip] */
  guint  no_drops_s, free_flow_s; /* 0 = not watched */

  ChsFieldRule field[CHS_N_FIELDS];
  struct {
    GRegex *regex; /* NULL = not described */
    guint32 bit;
  } alarm[CHS_DESCRIBED_ALARMS];
  gboolean     wants_drop_factor;

  /* [sim] */
  guint  sim_interval_ms;
  char  *sim_line;
  char  *sim_reply[CHS_DESCRIBED_QUERIES];
};

#define CHS_TEMPLATE_MAX 512

/**
 * chs_described_unescape:
 * @text: "\x02R3\r"
 * @bytes: (out): room for strlen (@text)
 * @n: (out): bytes written
 *
 * C escapes \r \n \t \\ and \xHH.
 *
 * Returns: whether every escape is known
 */
gboolean chs_described_unescape (const char *text, guint8 *bytes, gsize *n);

/**
 * chs_described_sum:
 * @rule: how frames are made
 * @bytes: a frame from its start mark to before its sum
 * @n: how many
 * @out: (out): the sum as it stands on the wire, at most 5 bytes
 *
 * Returns: bytes of @out; 0 = there is no checksum
 */
gsize chs_described_sum (const ChsFrameRule *rule, const guint8 *bytes, gsize n, guint8 *out);

/**
 * chs_described_sum_size:
 * @rule: how frames are made
 *
 * Returns: bytes of its checksum
 */
gsize chs_described_sum_size (const ChsFrameRule *rule);

/* The unit's factor with the drops of this set; NAN when they are not known. */
double chs_described_factor (const ChsFieldRule *rule, double drop_factor);

/* Reads "20" as a drop factor. Returns whether it is one that giving sets have. */
gboolean chs_described_read_drop_factor (const char *text, double *drops_ml);

void chs_described_make_driver (ChsDescribed *self); /* fills the driver's hooks (described.c) */

/**
 * chs_described_make_simulator:
 * @self: a file as read
 * @error: return location
 *
 * Checks the templates of [sim] and fills the simulator's hooks (described-sim.c).
 *
 * Returns: whether every template can be filled
 */
gboolean chs_described_make_simulator (ChsDescribed *self, GError **error);
