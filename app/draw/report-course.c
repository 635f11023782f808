/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sections.h"

#include <math.h>

#define COURSE_HEIGHT 34.0
#define COURSE_MOST 10.0 /* of pain and fatigue */

/* A score of 0 to 10, or a dash. */
static char *
dup_score (double score)
{
  return isnan (score) ? g_strdup ("–") : chs_words_limit (score);
}

/* ---- before and after ---- */

static void
put_outcome_row (ChsSheet *self, const ChsSheetColumn *columns, guint n, const char *name, double before, double after, double call)
{
  g_autofree char *first = dup_score (before), *second = dup_score (after), *last = dup_score (call);
  g_autofree char *change =
    isnan (after - before) ? g_strdup ("–")
                           : chs_words_isolate (self->theme, g_strdup_printf (after < before ? "−%g" : "+%g", fabs (after - before)));
  char *cells[] = { (char *) chs_sheet_tr (self, name), first, second, change, last };

  chs_sheet_row (self, columns, n, cells, false);
}

/* Side by side, and what the telephone call said where there was one. */
void
chs_report_put_outcome (ChsSheet *self)
{
  static const ChsSheetColumn columns[] = {
    { "", 0.28 }, { N_ ("Before"), 0.16 }, { N_ ("After"), 0.16 }, { N_ ("Change"), 0.16 }, { N_ ("At the call"), 0.24 },
  };
  const ChsOutcome outcome = chs_chair_model_get_outcome (self->report->model);
  const ChsCourse *course = self->report->course;
  const ChsCourseSession *row = course != NULL && course->sessions->len > 0
                                  ? &g_array_index (course->sessions, ChsCourseSession, course->sessions->len - 1) : NULL;

  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Pain and fatigue, 0 to 10")), 4 * CHS_SHEET_ROW);
  chs_sheet_titles (self, columns, G_N_ELEMENTS (columns));
  put_outcome_row (self, columns, G_N_ELEMENTS (columns), N_ ("Pain"), outcome.pain_before, outcome.pain_after,
                   row != NULL ? row->call.pain : (double) NAN);
  put_outcome_row (self, columns, G_N_ELEMENTS (columns), N_ ("Fatigue"), outcome.fatigue_before, outcome.fatigue_after,
                   row != NULL ? row->call.fatigue : (double) NAN);
}

/* ---- the course ---- */

/* Before as a hollow ring, after filled, at the call a diamond; one line for each patient's word: pain, fatigue. */
static void
put_course_point (cairo_t *cr, double x, double y, guint kind, const ChsTheme *theme)
{
  const double r = 0.9;

  if (kind == 2) {
    cairo_move_to (cr, x, y - 1.3 * r);
    cairo_line_to (cr, x + 1.3 * r, y);
    cairo_line_to (cr, x, y + 1.3 * r);
    cairo_line_to (cr, x - 1.3 * r, y);
    cairo_close_path (cr);
  } else {
    cairo_new_sub_path (cr);
    cairo_arc (cr, x, y, r, 0.0, 2.0 * G_PI);
  }
  cairo_set_line_width (cr, 0.3);
  chs_colour (cr, kind == 0 ? theme->palette.panel : theme->palette.text, 1.0);
  cairo_fill_preserve (cr);
  chs_colour (cr, theme->palette.text, 1.0);
  cairo_stroke (cr);
}

static void
put_course_plot (ChsSheet *self, const GArray *rows, guint n, double x0, double width, gboolean is_pain)
{
  const ChsFont soft = chs_sheet_font (self, CHS_SHEET_EM_SMALL, false, true);
  double top = self->y + 5.0, height = COURSE_HEIGHT - 11.0, left = x0 + 6.0, step = (width - 10.0) / MAX (n, 1u);
  cairo_t *cr = chs_sheet_cr (self);

  chs_sheet_line (self, x0, self->y, width, &soft, chs_sheet_tr (self, is_pain ? N_ ("Pain, 0 to 10") : N_ ("Fatigue, 0 to 10")), CHS_ALIGN_START);
  for (guint i = 0; i <= 2; i++) {
    double y = top + height * i / 2.0;
    g_autofree char *mark = chs_words_number (COURSE_MOST - COURSE_MOST * i / 2.0, 0);

    chs_sheet_rule (self, left, y, width - 8.0, 0.1);
    chs_sheet_line (self, x0, y - CHS_SHEET_EM_SMALL * 0.7, 5.0, &soft, mark, CHS_ALIGN_END);
  }
  for (guint i = 0; i < rows->len; i++) {
    const ChsCourseSession *row = &g_array_index (rows, ChsCourseSession, i);
    const double values[] = { is_pain ? row->before.pain : row->before.fatigue, is_pain ? row->after.pain : row->after.fatigue,
                              is_pain ? row->call.pain : row->call.fatigue };
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    chs_sheet_line (self, left + step * i, top + height + 0.6, step, &soft, number, CHS_ALIGN_CENTRE);
    for (guint k = 0; k < G_N_ELEMENTS (values); k++)
      if (!isnan (values[k]))
        put_course_point (cr, left + step * (i + 0.25 + 0.25 * k), top + height * (1.0 - values[k] / COURSE_MOST), k, self->theme);
  }
}

/* What was said at the call after this session; NULL while nobody has called. */
static char *
dup_call (const ChsSheet *self, const ChsCourseSession *row)
{
  static const char *const hows[] = { [CHS_CALL_BETTER] = N_ ("Better"), [CHS_CALL_SAME] = N_ ("Same"), [CHS_CALL_WORSE] = N_ ("Worse") };
  g_autofree char *pain = dup_score (row->call.pain);
  g_autofree char *fatigue = dup_score (row->call.fatigue);
  g_autofree char *said = NULL;

  switch (row->call_outcome) {
  case CHS_CALL_REACHED:
    said = g_strdup_printf (chs_sheet_tr (self, N_ ("pain %1$s, fatigue %2$s")), pain, fatigue);
    return g_strdup_printf ("%s%s%s%s%s", row->call_how != CHS_CALL_HOW_NONE ? chs_sheet_tr (self, hows[row->call_how]) : "",
                            row->call_how != CHS_CALL_HOW_NONE ? " · " : "", said, row->call_note[0] != '\0' ? " · " : "", row->call_note);
  case CHS_CALL_NOT_REACHED:
    return g_strdup (chs_sheet_tr (self, N_ ("Not reached")));
  case CHS_CALL_DECLINED:
    return g_strdup (chs_sheet_tr (self, N_ ("Wants no call")));
  case CHS_CALL_NONE:
  case CHS_N_CALL_OUTCOMES:
  default:
    return NULL;
  }
}

static char *
dup_call_line (const ChsSheet *self, const ChsCourseSession *row)
{
  g_autofree char *said = dup_call (self, row);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (row->call_wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = utc != NULL ? g_date_time_add_minutes (utc, chs_chair_model_get_utc_offset_min (self->report->model)) : NULL;
  g_autofree char *date = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("–");

  if (said == NULL)
    return g_strdup (chs_sheet_tr (self, N_ ("No telephone call was entered yet.")));
  /* Translators: 1 date and time, 2 what was said */
  return g_strdup_printf (chs_sheet_tr (self, N_ ("Telephone call of %1$s: %2$s")), date, said);
}

/* Session @k, of @n or of nobody knows how many (0). */
static char *
dup_place (const ChsSheet *self, guint k, guint n)
{
  const char *of = N_ ("Session %u of %u. Ring: before, dot: after, diamond: at the call a day or two later.");
  const char *alone = N_ ("Session %u. Ring: before, dot: after, diamond: at the call a day or two later.");

  return n > 0 ? g_strdup_printf (chs_sheet_tr (self, of), k, n) : g_strdup_printf (chs_sheet_tr (self, alone), k);
}

void
chs_report_put_course (ChsSheet *self)
{
  const ChsCourse *course = self->report->course;
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, false);
  g_autofree char *words = NULL, *call = NULL;
  guint k, n;

  if (course == NULL || course->sessions->len == 0)
    return;
  k = course->sessions->len;
  n = MAX (course->planned, k);
  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Course of treatment")), COURSE_HEIGHT + CHS_SHEET_EM_BODY * CHS_SHEET_LINE + 7.0);
  words = dup_place (self, k, course->planned > 0 ? n : 0);
  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &font, words, CHS_ALIGN_START);
  self->y += CHS_SHEET_EM_BODY * CHS_SHEET_LINE + 1.0;
  put_course_plot (self, course->sessions, n, CHS_SHEET_MARGIN, CHS_SHEET_WIDTH * 0.48, TRUE);
  put_course_plot (self, course->sessions, n, CHS_SHEET_MARGIN + CHS_SHEET_WIDTH * 0.52, CHS_SHEET_WIDTH * 0.48, FALSE);
  self->y += COURSE_HEIGHT;
  call = dup_call_line (self, &g_array_index (course->sessions, ChsCourseSession, course->sessions->len - 1));
  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &font, call, CHS_ALIGN_START);
  self->y += CHS_SHEET_EM_BODY * CHS_SHEET_LINE + 1.0;
}
