/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-model.h"
#include "app/wave-ring.h"
#include "devices/driver.h"

/* The inside of the model, shared by its files:
 *
 *   chair-model.c         events in, copies, what drawing asks
 *   chair-model-links.c   instruments, and gaps in what they say
 *   chair-model-vitals.c  trends, cuff readings, waves, how values age
 *   chair-model-pumps.c   pumps and the steps of their flow
 *   chair-model-marks.c   what nurses entered; the log of alarms
 *
 * The functions chs_chair_model_feed_* take the event of their name. */

#define CHS_CHAIR_US_PER_S G_GINT64_CONSTANT (1000000)

/* Bounds of memory, own choice: a day of anything that happens. */
#define CHS_CHAIR_MAX_ROWS 4096
#define CHS_CHAIR_MAX_ENTRIES 1024
#define CHS_CHAIR_MAX_PUMPS 16
#define CHS_CHAIR_MAX_LINKS 32
#define CHS_CHAIR_MAX_WAVES 8

typedef struct {
  ChsNumeric numeric;
  int64_t    t_us;
  uint8_t    source;
  bool       is_present;
} ChsLatest;

typedef struct {
  char name[24], label[24];
} ChsLinkLabel;

struct _ChsChairModel {
  ChsProfile *profile;
  ChsEngine  *engine;

  ChsLatest  latest[CHS_N_PARAMS];
  GArray *trends[CHS_N_PARAMS]; /* (nullable): of ChsPoint */
  GArray *cuffs;                /* of ChsCuffReading */
  GArray *scores;               /* of ChsScores */
  GArray *pumps;                /* of ChsPumpView; steps point into @steps */
  GArray *steps[CHS_CHAIR_MAX_PUMPS];     /* (nullable): of ChsFlowStep, one a pump */
  GArray *marks;                /* of ChsMark */
  GArray *alarm_log;            /* of ChsAlarmEntry */
  GArray *setups;               /* of ChsSetupEntry */
  GArray *gaps;                 /* of ChsGap */
  GArray *links;                /* of ChsLinkInfo */
  GArray *labels;               /* of ChsLinkLabel: what the chair's configuration calls them */
  ChsWaveRing waves[CHS_CHAIR_MAX_WAVES];
  ChsWaveView wave_views[CHS_CHAIR_MAX_WAVES];
  guint       n_waves;
  int64_t     dim_us[CHS_N_PARAMS], gone_us[CHS_N_PARAMS]; /* ages of the profile's staleness group */
  int64_t     last_data_us[256]; /* by source; CHS_TIME_NONE = nothing came yet */

  ChsOutcome outcome;
  int64_t  now_us;
  int64_t  wall_offset_us;
  int      utc_offset_min;
  uint64_t serial;
  bool     has_begun; /* anything but CLOCK, SETUP and CONFIG has come */
  uint64_t feeding_seq; /* of the event that the engine is looking at */
};

/* Adds a row; the oldest quarter goes when the array is full. Returns: (transfer none): the row */
gpointer chs_chair_rows_append (GArray *rows, gconstpointer row, guint max);

/* ---- links and gaps ---- */

ChsLinkInfo *chs_chair_model_find_link (const ChsChairModel *self, uint8_t source); /* (transfer none) (nullable) */

/* Events of a source can come before its first LINK event: in a scenario there is none. NULL = there are too many links. */
ChsLinkInfo *chs_chair_model_ensure_link (ChsChairModel *self, const ChsEvent *event, uint8_t kind);

void chs_chair_model_feed_link (ChsChairModel *self, const ChsEvent *event);
void chs_chair_model_feed_device (ChsChairModel *self, const ChsEvent *event);
void chs_chair_model_feed_config (ChsChairModel *self, const ChsEvent *event); /* what it calls the links */

/* ---- vital signs ---- */

void chs_chair_model_take_staleness (ChsChairModel *self); /* from the profile, once */
void chs_chair_model_feed_numeric (ChsChairModel *self, const ChsEvent *event);
void chs_chair_model_feed_wave (ChsChairModel *self, const ChsEvent *event);
void chs_chair_model_begin_trend_gap (ChsChairModel *self, ChsParam param); /* from its last point on */

/* ---- pumps ---- */

void chs_chair_model_feed_pump (ChsChairModel *self, const ChsEvent *event);

/* The name of the link, and the slot where one link carries several pumps. */
void chs_chair_model_name_pumps (ChsChairModel *self, uint8_t source);

/* @index: of the pump; NAN = from here on nobody knows. The same flow again is no step. */
void chs_chair_model_append_step (ChsChairModel *self, guint index, int64_t t_us, double flow_ml_h);

/* Nothing is known of the flows of @source from the last word it gave, or @t_us when that is later. */
void chs_chair_model_lose_flows (ChsChairModel *self, uint8_t source, int64_t t_us);

/* ---- marks and alarms ---- */

void chs_chair_model_feed_nurse (ChsChairModel *self, const ChsEvent *event);
void chs_chair_model_add_mark (ChsChairModel *self, const ChsMark *mark); /* in the order of time */

/* A ChsEngineFunc: alarms of the model's own engine, into log and marks. */
void chs_chair_model_on_output (const ChsEvent *output, gpointer model);
