/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/course.h"
#include "app/report.h"

/* What a report has gathered: rows in the order of the pages. app/report.c fills it, app/draw/report-pages.c and its sections draw it. */

typedef struct {
  ChsParam param;
  guint    n;                      /* readings; 0 = never measured */
  double   first, low, high, last; /* in the parameter's unit */
  int64_t  low_us, high_us;        /* when */
} ChsReportVital;

typedef struct {
  uint32_t id;
  guint8   priority;          /* highest that it reached */
  gboolean is_demo;
  int64_t  raised_us;
  int64_t  risen_us;          /* when it got its priority, if it was raised with a lower one; CHS_TIME_NONE */
  int64_t  ack_us, end_us;    /* CHS_TIME_NONE = never */
  char    *what, *why;        /* translated words, with the numbers of that moment */
} ChsReportAlarm;

typedef enum {
  CHS_REPORT_SYMPTOM,
  CHS_REPORT_SCORE,
  CHS_REPORT_CHECK,  /* site, sound, baseline */
  CHS_REPORT_DISCHARGE, /* ticked before going home */
  CHS_REPORT_ACTION, /* done, phase, reaction, note */
  CHS_REPORT_N_KINDS
} ChsReportKind;

typedef struct {
  uint64_t seq;
  guint8   kind;   /* ChsReportKind */
  int64_t  t_us;   /* that is meant */
  int64_t  end_us; /* a symptom that went; CHS_TIME_NONE */
  double   value;  /* of a score; NAN */
  gboolean undone; /* a wrong tap, or taken back: shown as such, never left out */
  int64_t  was_us; /* before its time was corrected; CHS_TIME_NONE */
  char     id[32];
  char    *words;
  char     who[16];
} ChsReportEntry;

/* Highest of each rate that the dose watch of a pump saw. NAN = none. */
typedef struct {
  double flow_ml_h, mg_mmol_min, ketamine_mg_kg_h, lidocaine_mg_kg_h, fluid_ml_kg_h;
} ChsReportPeak;

#define CHS_REPORT_PUMPS 16

/* The profile in force at the beginning of a recording, else the shipped one: titles of alarms, limits of the chart. */
ChsProfile *chs_report_find_profile (ChsStoreReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

struct _ChsReport {
  ChsChairModel *model;
  char          *session_id, *chair, *program;
  int64_t        start_wall_us;
  int64_t        last_us;
  gboolean       is_complete, is_damaged, has_demo;
  GArray        *vitals;  /* of ChsReportVital */
  GArray        *alarms;  /* of ChsReportAlarm */
  GArray        *entries; /* of ChsReportEntry */
  ChsReportPeak  peaks[CHS_REPORT_PUMPS];
  GHashTable    *setup;   /* key -> last value */
  ChsCourse     *course;  /* (nullable): of this patient, over the recording's folder, up to this session */
};
