/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sections.h"

#include <math.h>

/* The pages of a report: what stands on them, in which order. */

#define CHART_HEIGHT 84.0
#define TRENDS_HEIGHT 34.0
#define CHART_TEXT 0.78 /* of the screen's: paper is held closer */
#define SIGNATURE_HEIGHT 24.0

static void
put_chart (ChsSheet *self)
{
  const ChsReport *report = self->report;
  ChsTheme theme = *self->theme;
  int64_t end_us = MAX (report->last_us, CHS_US_PER_MIN);
  ChsTimeWindow window = { 0, end_us, end_us + 1, CHS_TIME_NONE, CHS_TIME_NONE };
  ChsRect rect;

  theme.text_scale = CHART_TEXT;
  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Pressure, infusion rate and vital signs")), CHART_HEIGHT + TRENDS_HEIGHT + 1.0);
  rect = chs_sheet_rect (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, CHART_HEIGHT);
  chs_draw_chart (chs_sheet_cr (self), &rect, report->model, &window, &theme);
  self->y += CHART_HEIGHT + 1.0;
  rect = chs_sheet_rect (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, TRENDS_HEIGHT);
  chs_draw_trends (chs_sheet_cr (self), &rect, report->model, &window, &theme);
  self->y += TRENDS_HEIGHT;
}

/* ---- alarms ---- */

static char *
dup_response (const ChsSheet *self, const ChsReportAlarm *row)
{
  return row->ack_us == CHS_TIME_NONE ? g_strdup (chs_sheet_tr (self, N_ ("not acknowledged")))
                                      : chs_words_age (self->theme, row->ack_us - row->raised_us);
}

static const char *
words_of_priority (const ChsSheet *self, guint8 priority)
{
  static const char *const words[] = { "", N_ ("low"), N_ ("medium"), N_ ("high") };

  return chs_sheet_tr (self, words[MIN (priority, CHS_PRIORITY_HIGH)]);
}

static void
put_alarm (ChsSheet *self, const ChsSheetColumn *columns, guint n, const ChsReportAlarm *row)
{
  g_autofree char *time = chs_sheet_dup_clock (self, row->raised_us);
  g_autofree char *risen = row->risen_us != CHS_TIME_NONE ? chs_sheet_dup_clock (self, row->risen_us) : NULL;
  /* Translators: time of day at which an alarm reached its priority */
  g_autofree char *from = risen != NULL ? g_strdup_printf (chs_sheet_tr (self, N_ ("from %s")), risen) : NULL;
  g_autofree char *priority = g_strdup_printf ("%s %s%s%s", chs_words_priority ((ChsPriority) row->priority),
                                               words_of_priority (self, row->priority), from != NULL ? "\n" : "", from != NULL ? from : "");
  g_autofree char *response = dup_response (self, row);
  g_autofree char *length = row->end_us != CHS_TIME_NONE ? chs_words_age (self->theme, row->end_us - row->raised_us)
                                                         : g_strdup (chs_sheet_tr (self, N_ ("to the end")));
  g_autofree char *why = row->is_demo ? g_strdup_printf ("%s (%s)", row->why, chs_sheet_tr (self, N_ ("demonstration"))) : g_strdup (row->why);
  char *cells[] = { time, priority, row->what, why, response, length };

  chs_sheet_row (self, columns, n, cells, false);
}

/* An import has no alarms of its own, but the chart has those of its engine: that is said. */
static gboolean
has_alarm_marks (const ChsChairModel *model)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (model, &n);

  for (guint i = 0; i < n; i++)
    if (marks[i].kind == CHS_MARK_ALARM)
      return TRUE;

  return FALSE;
}

static void
put_alarms (ChsSheet *self)
{
  static const ChsSheetColumn columns[] = { { N_ ("Time"), 0.08 },          { N_ ("Priority"), 0.14 },   { N_ ("Alarm"), 0.23 },
                                    { N_ ("Seen, and cause"), 0.29 }, { N_ ("Response"), 0.155 }, { N_ ("Lasted"), 0.105 } };
  const GArray *rows = self->report->alarms;

  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Alarms")), 12.0);
  if (rows->len == 0) {
    chs_sheet_note (self, chs_sheet_tr (self, N_ ("No alarm was recorded.")));
    if (has_alarm_marks (self->report->model))
      chs_sheet_note (self, chs_sheet_tr (self, N_ ("The chart marks what the present rules find in this recording; nothing sounded then.")));
    return;
  }
  chs_sheet_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++)
    put_alarm (self, columns, G_N_ELEMENTS (columns), &g_array_index (rows, ChsReportAlarm, i));
}

/* ---- what a nurse entered ---- */

static char *
dup_detail (const ChsSheet *self, const ChsReportEntry *row)
{
  g_autofree char *time = NULL;

  if (row->undone)
    return g_strdup (chs_sheet_tr (self, N_ ("taken back")));
  if (row->was_us != CHS_TIME_NONE) {
    time = chs_sheet_dup_clock (self, row->was_us);
    /* Translators: of an entry whose time was corrected, with the time of day that it had before */
    return g_strdup_printf (chs_sheet_tr (self, N_ ("corrected, was %s")), time);
  }
  if (row->kind == CHS_REPORT_SCORE)
    return isnan (row->value) ? g_strdup ("–") : chs_words_limit (row->value);
  if (row->kind != CHS_REPORT_SYMPTOM)
    return g_strdup ("");
  if (row->end_us == CHS_TIME_NONE)
    return g_strdup (chs_sheet_tr (self, N_ ("no end entered")));
  time = chs_sheet_dup_clock (self, row->end_us);
  /* Translators: of a symptom, with the time of day */
  return g_strdup_printf (chs_sheet_tr (self, N_ ("gone at %s")), time);
}

static void
put_entries (ChsSheet *self, ChsReportKind kind, const char *heading, const char *none)
{
  static const ChsSheetColumn columns[] = { { N_ ("Time"), 0.08 }, { N_ ("What"), 0.52 }, { "", 0.25 }, { N_ ("By"), 0.15 } };
  const GArray *rows = self->report->entries;
  guint n = 0;

  chs_sheet_heading (self, chs_sheet_tr (self, heading), 10.0);
  for (guint i = 0; i < rows->len; i++) {
    const ChsReportEntry *row = &g_array_index (rows, ChsReportEntry, i);
    g_autofree char *time = chs_sheet_dup_clock (self, row->t_us), *detail = dup_detail (self, row);
    char *cells[] = { time, row->words, detail, (char *) row->who };

    if (row->kind != kind)
      continue;
    if (n++ == 0)
      chs_sheet_titles (self, columns, G_N_ELEMENTS (columns));
    chs_sheet_row (self, columns, G_N_ELEMENTS (columns), cells, row->undone);
  }
  if (n == 0)
    chs_sheet_note (self, chs_sheet_tr (self, none));
}

static void
put_signatures (ChsSheet *self)
{
  static const char *const who[] = { N_ ("Nurse: name, signature, date and time"), N_ ("Physician: name, signature, date and time") };
  const ChsFont soft = chs_sheet_font (self, CHS_SHEET_EM_SMALL, false, true), font = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, false);

  chs_sheet_need (self, SIGNATURE_HEIGHT);
  self->y = CHS_SHEET_BOTTOM - SIGNATURE_HEIGHT + 4.0;
  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &font, chs_sheet_tr (self, N_ ("I have reviewed this session.")),
                  CHS_ALIGN_START);
  for (guint i = 0; i < G_N_ELEMENTS (who); i++) {
    double x = CHS_SHEET_MARGIN + i * CHS_SHEET_WIDTH * 0.52;

    chs_sheet_rule (self, x, CHS_SHEET_BOTTOM - 5.0, CHS_SHEET_WIDTH * 0.48, 0.3);
    chs_sheet_line (self, x, CHS_SHEET_BOTTOM - 4.2, CHS_SHEET_WIDTH * 0.48, &soft, chs_sheet_tr (self, who[i]), CHS_ALIGN_START);
  }
}

/* ---- the whole ---- */

static void
lay_out (ChsSheet *self)
{
  self->page = 0;
  self->y = CHS_SHEET_TOP;
  chs_report_put_title (self);
  chs_report_put_identity (self);
  chs_report_put_therapy (self);
  put_chart (self);
  chs_report_put_doses (self);
  put_alarms (self);
  chs_report_put_vitals (self);
  put_entries (self, CHS_REPORT_SYMPTOM, N_ ("Symptoms"), N_ ("No symptom was entered."));
  chs_report_put_outcome (self);
  put_entries (self, CHS_REPORT_SCORE, N_ ("Scores"), N_ ("No score was entered."));
  chs_report_put_course (self);
  put_entries (self, CHS_REPORT_DISCHARGE, N_ ("Before going home"), N_ ("No discharge check was entered."));
  put_entries (self, CHS_REPORT_ACTION, N_ ("Actions and notes"), N_ ("Nothing was entered."));
  put_signatures (self);
  chs_sheet_footer (self);
}

guint
chs_report_draw (const ChsReport *self, cairo_t *cr, const ChsTheme *theme, guint page)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, &(cairo_rectangle_t) { 0, 0, 1, 1 });
  ChsSheet pages = { .report = self, .theme = theme, .cr = cr, .nowhere = cairo_create (surface), .wanted = G_MAXUINT };

  lay_out (&pages); /* counts */
  pages.n_pages = pages.page + 1;
  pages.wanted = page;
  lay_out (&pages);
  cairo_destroy (pages.nowhere);
  cairo_surface_destroy (surface);
  return pages.n_pages;
}
