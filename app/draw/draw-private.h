/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"

/* What the drawing functions share: sizes, text, shapes, words. Not for other rooms. */

#define N_(s) (s)

#define CHS_US_PER_S G_GINT64_CONSTANT (1000000)
#define CHS_US_PER_MIN (60 * CHS_US_PER_S)

/* ---- sizes ----
 * Millimetres, before theme->text_scale. Text sizes are of the em; a capital or digit of Inter is 0.727 of it.
 * Source: shared/alarm-standard.md section 9 (16 to 22 minutes of arc), shared/design.md "Sizes". */
#define CHS_EM_AXIS 3.0     /* read at the screen, 0.5 m: 2.2 mm digits, 15' */
#define CHS_EM_NOTE 3.3     /* second lines of tiles */
#define CHS_EM_LABEL 4.2    /* names of tiles */
#define CHS_EM_NUMBER 24.0  /* primary digits: 17.5 mm tall, for 3 m */
#define CHS_EM_NUMBER_MOST 34.4 /* 25 mm, for 4 m, where the panel has the room */
#define CHS_EM_TITLE 8.8    /* what an alarm says: 6.4 mm, 22' at 1 m */
#define CHS_EM_ADVICE 4.4   /* why and what to do, at the operator's place */
#define CHS_EM_ROW 5.6      /* the further alarms */
#define CHS_PAD 2.0         /* inside a panel */
#define CHS_LEAST_SHRINK 0.75 /* text that is too long shrinks so far before it is cut with an ellipsis */
#define CHS_CAP 0.727       /* height of a digit in ems, Inter */

static inline double
chs_mm (const ChsTheme *theme, double mm)
{
  return mm * theme->px_mm;
}

/* A text size with the user's enlargement in it. */
static inline double
chs_em (const ChsTheme *theme, double mm)
{
  return mm * theme->px_mm * theme->text_scale;
}

static inline double
chs_line (const ChsTheme *theme, double em_mm)
{
  return chs_em (theme, em_mm) * 1.3;
}

/* ---- text ---- */

typedef enum {
  CHS_ALIGN_START, /* left, or right in a right-to-left layout */
  CHS_ALIGN_CENTRE,
  CHS_ALIGN_END,
  CHS_ALIGN_LEFT, /* left in every layout: charts */
  CHS_ALIGN_RIGHT,
} ChsAlign;

typedef struct {
  double    em_mm;
  bool      bold;
  ChsColour colour;
} ChsFont;

const char *chs_tr (const ChsTheme *theme, const char *msgid);

/**
 * chs_text_width:
 * @cr: where it would be drawn
 * @theme: a theme
 * @font: size and weight
 * @text: one line, UTF-8
 *
 * Returns: its width in pixels at full size
 */
double chs_text_width (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text);

/**
 * chs_text:
 * @cr: context
 * @theme: a theme
 * @font: size, weight, colour
 * @text: one line
 * @box: nothing is drawn outside; the capitals are centred in its height
 * @align: where in its width
 *
 * Text that does not fit shrinks (CHS_LEAST_SHRINK), then ends in an ellipsis.
 *
 * Returns: the width that it took
 */
double chs_text (cairo_t        *cr,
                 const ChsTheme *theme,
                 const ChsFont  *font,
                 const char     *text,
                 const ChsRect  *box,
                 ChsAlign        align);

/**
 * chs_number:
 * @font: its size is the largest wanted; user's text size does not enlarge it further
 *
 * A number as large as its box allows; digits stand closer than in running text. It is never cut.
 *
 * Returns: the width that it took
 */
double chs_number (cairo_t        *cr,
                   const ChsTheme *theme,
                   const ChsFont  *font,
                   const char     *text,
                   const ChsRect  *box,
                   ChsAlign        align);

/**
 * chs_text_block:
 * @box: width in which the lines are broken and height that they may take; text that does not fit shrinks
 *   (CHS_LEAST_SHRINK), then the last line that fits ends in an ellipsis
 *
 * Returns: the height that the lines took
 */
double chs_text_block (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, const ChsRect *box);

/* ---- shapes ---- */

void chs_colour (cairo_t *cr, ChsColour colour, double alpha);
ChsColour chs_mix (ChsColour a, ChsColour b, double t); /* @t 0 = @a, 1 = @b */
void chs_rounded (cairo_t *cr, const ChsRect *rect, double radius);
void chs_panel (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme);
void chs_hatch (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, ChsColour colour);
void chs_badge (cairo_t *cr, const ChsRect *box, const ChsTheme *theme, const char *text, ChsColour colour);

/* Cuts @width off the leading side of @rect (the left one, or the right one in right-to-left) or the trailing one. */
ChsRect chs_cut_start (ChsRect *rect, double width, const ChsTheme *theme);
ChsRect chs_cut_end (ChsRect *rect, double width, const ChsTheme *theme);
ChsRect chs_cut_top (ChsRect *rect, double height);
ChsRect chs_cut_bottom (ChsRect *rect, double height);
ChsRect chs_inset (const ChsRect *rect, double by);

static inline double
chs_snap (double v)
{
  return (double) (int64_t) (v < 0 ? v - 0.5 : v + 0.5);
}

/* ---- dense series ---- */

typedef struct {
  float low, high;   /* of the values in the column; NAN = nothing was measured */
  bool  is_doubtful; /* at least one of them */
} ChsColumn;

/**
 * chs_columns_new:
 * @model: a model
 * @param: a numeric
 * @window: times of the first and the last column
 * @width: pixels
 * @n_columns: (out): one a pixel
 *
 * Returns: (transfer full) (array length=n_columns): the trend folded to pixel columns
 */
ChsColumn *chs_columns_new (const ChsChairModel *model,
                            ChsParam             param,
                            const ChsTimeWindow *window,
                            double               width,
                            guint               *n_columns) G_GNUC_WARN_UNUSED_RESULT;

/* ---- lanes of the scores ---- */

/* What both lanes take, in pixels; 0 = no score is known. */
double chs_score_lanes_height (const ChsChairModel *model, const ChsTheme *theme);

/**
 * chs_draw_score_lanes:
 * @cr: context
 * @rest: room of the lanes
 * @rect: of the trends, on whose time axis they stand
 * @model: a model with scores
 * @window: times shown
 * @theme: a theme
 *
 * NEWS2 over shock index: a dot at each pressure reading, hollow where parts of the score were not known, and the newest
 * value in sight in figures.
 */
void chs_draw_score_lanes (cairo_t             *cr,
                           const ChsRect       *rest,
                           const ChsRect       *rect,
                           const ChsChairModel *model,
                           const ChsTimeWindow *window,
                           const ChsTheme      *theme);

/* The hair line between two lanes of @rect. */
void chs_lane_edge (cairo_t *cr, const ChsRect *rect, double y, const ChsTheme *theme);

/* ---- words ---- */

/* "5", or "≥5" where parts were not known. Returns: (transfer full) */
char *chs_words_news2 (const ChsNews2 *news2);

/**
 * chs_words_age:
 * @age_us: 0 or more
 *
 * Returns: (transfer full): "40 s", "3 min", "1 h 05"
 */
char *chs_words_age (const ChsTheme *theme, int64_t age_us);

/* Local wall time "10:41" of a session time. Returns: (transfer full) */
char *chs_words_clock (const ChsChairModel *model, int64_t t_us);

/* A value with the digits of its parameter, "–" with a real minus, or dashes when NAN. Returns: (transfer full) */
char *chs_words_number (double value, int decimals);

/* Number with as many digits as a dose needs: 0.082, 0.41, 9.4, 250. Returns: (transfer full) */
char *chs_words_dose (double value);

/* Keeps "−33 %", "86/41" or "150 → 375" in their order inside a right-to-left sentence. Takes @text. Returns:
 * (transfer full) */
char *chs_words_isolate (const ChsTheme *theme, char *text);

/* What stands between the parts of a list. Returns: (transfer none) */
const char *chs_words_comma (const ChsTheme *theme);

/* A limit as it was set, with three digits: 0.609, 0.3, 15. Returns: (transfer full) */
char *chs_words_limit (double value);

/* A rate in mL/h: 150, 62.5. Returns: (transfer full) */
char *chs_words_rate (double ml_h);

/* "!!!", "!!", "!" or "" */
const char *chs_words_priority (ChsPriority priority);

/* ---- questions to the model ---- */

/* The active condition of highest priority about a parameter, or NULL. The parts of a cuff reading are one. */
const ChsActiveAlarm *chs_alarm_of_param (const ChsChairModel *model, ChsParam param);

ChsColour chs_pump_colour (const ChsTheme *theme, guint index);

bool chs_is_pressure (ChsParam param);

/* The baseline of a parameter, NAN = none. */
double chs_baseline_of (const ChsChairModel *model, ChsParam param);
