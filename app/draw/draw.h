/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-model.h"

#include <cairo.h>
#include <pango/pangocairo.h>

/* Drawing: functions of (context, rectangle, model, theme), cairo and pango only,
 * so that a frame, a report and a golden test need no display.
 *
 * Sizes are in millimetres and come to pixels through theme->px_mm. */

typedef struct {
  double x, y, w, h; /* pixels */
} ChsRect;

typedef enum {
  CHS_LOOK_DAY = 0,
  CHS_LOOK_NIGHT,
  CHS_LOOK_CONTRAST,
  CHS_LOOK_PAPER, /* black on white, for reports */
  CHS_N_LOOKS
} ChsLook;

typedef struct {
  double r, g, b;
} ChsColour;

/* All colours of a look. Red, alarm yellow and alarm cyan belong to alarms alone. */
typedef struct {
  ChsColour background, panel, panel_edge, flag, grid, text, label, stale; /* @flag: ground of a mark on the chart */
  ChsColour hr, spo2, nibp, rr, temp, co2, pump[3];
  ChsColour alarm_fill[4], alarm_text[4]; /* by ChsPriority: bars, outlines */
  ChsColour alarm_tile[4];                /* ground of a tile in alarm: white numbers need a deeper red */
  ChsColour replay; /* the frame that says: this is not live */
  ChsColour good;   /* "No alarms", links up */
  ChsColour caution; /* amber, paler than alarm yellow: to be thought of, no alarm; never without a sign and words */
} ChsPalette;

typedef struct {
  ChsLook    look;
  ChsPalette palette;
  double     px_mm;      /* pixels a millimetre */
  double     text_scale; /* 1.0; 1.3 for large text */
  bool       rtl;        /* right-to-left layout: the time axis still runs left to right */
  const char *font;      /* family, "Inter" or what is there; NULL = "Sans" */
  const char *(*tr) (const char *msgid); /* translation of a message; NULL = as it is */
} ChsTheme;

/**
 * chs_theme_init:
 * @theme: (out): filled
 * @look: which palette
 * @px_mm: pixels a millimetre of the panel; 5.83 on the 10.1" 1280x800 design panel
 */
void chs_theme_init (ChsTheme *theme, ChsLook look, double px_mm);

/**
 * chs_theme_set_words:
 * @theme: a theme
 * @tr: (nullable): translation
 *
 * For drawings beside a screen: takes the translation, and the direction of the language that it speaks.
 */
void chs_theme_set_words (ChsTheme *theme, const char *(*tr) (const char *msgid));

/* One text as it was placed: @ink is the box of its capitals, @scale how far it was shrunk (1 = not), @is_cut
 * whether it ends in an ellipsis. */
typedef void (*ChsTextFunc) (const char *text, const ChsRect *ink, double scale, bool is_cut, gpointer user_data);

/**
 * chs_draw_watch_text:
 * @cr: a context
 * @func: told of every text that the functions below place on @cr
 * @user_data: for @func
 *
 * For a text layer over a picture, and for measuring that nothing is cut and nothing overlaps.
 */
void chs_draw_watch_text (cairo_t *cr, ChsTextFunc func, gpointer user_data);

/* The colour of a parameter's number, line and wave. */
ChsColour chs_param_colour (const ChsTheme *theme, ChsParam param);

/* Window of time shown by a chart. */
typedef struct {
  int64_t from_us, to_us; /* session time */
  int64_t now_us;         /* right edge of what is known */
  int64_t cursor_us;      /* CHS_TIME_NONE = no cursor */
  int64_t cursor2_us;     /* second cursor, for the difference */
} ChsTimeWindow;

/* The limits of one vital sign against their safe ranges. NAN = there is none. */
typedef struct {
  double    low, high;             /* in force */
  double    low_least, low_most;   /* what the lower limit can be */
  double    high_least, high_most; /* what the upper limit can be */
  double    usual_low, usual_high; /* as the profile has them */
  double    value;                 /* now */
  int       decimals;
  ChsColour colour;                /* of the vital sign */
} ChsLimitBar;

/* A line from low to high, left to right in every language: the safe ranges as broad bands with their ends in figures,
 * the limits as strokes, the profile's as thin ones, the value as a dot. */
void chs_draw_limit_bar (cairo_t *cr, const ChsRect *rect, const ChsLimitBar *bar, const ChsTheme *theme);

/* Room that chs_draw_ruler() takes, millimetres. */
#define CHS_RULER_WIDTH_MM 87.0
#define CHS_RULER_HEIGHT_MM 70.0

/**
 * chs_draw_ruler:
 * @cr: context
 * @rect: at its top left corner
 * @px_mm: pixels of a true millimetre, whatever the theme draws
 * @theme: a theme
 *
 * A bar of 50 mm, and the outline of a bank card to lay one on: what the eye can check.
 */
void chs_draw_ruler (cairo_t *cr, const ChsRect *rect, double px_mm, const ChsTheme *theme);

/* Pressure over infusion rate on one time axis: the main thing on the screen. */
void chs_draw_chart (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme);

/* The x of a time in a chart drawn into @rect, and back. */
double  chs_chart_x (const ChsRect *rect, const ChsTimeWindow *window, const ChsTheme *theme, int64_t t_us);
int64_t chs_chart_t (const ChsRect *rect, const ChsTimeWindow *window, const ChsTheme *theme, double x);

/**
 * chs_alarm_words:
 * @model: a model
 * @active: a condition of its engine
 * @now_us: session time
 * @theme: for translation
 * @what: (out) (transfer full): "Pressure falling with magnesium"
 * @why: (out) (transfer full): "86/41, −31 % from baseline, 14 min after pump 1 went 150 → 375 mL/h"; "" = nothing to add
 * @advice: (out) (transfer full): first actions, what was missing, what else it may be: "Slow or stop the magnesium. Lay
 *   flat. Not available: SpO₂. Also consider: Possible reaction."
 */
void chs_alarm_words (const ChsChairModel  *model,
                      const ChsActiveAlarm *active,
                      int64_t               now_us,
                      const ChsTheme       *theme,
                      char                **what,
                      char                **why,
                      char                **advice);

/**
 * chs_trends_least_height:
 * @model: a model
 * @theme: sizes
 *
 * Returns: pixels that chs_draw_trends() wants for all it has to show: more once scores are known
 */
double chs_trends_least_height (const ChsChairModel *model, const ChsTheme *theme);

/* Small trends of HR, SpO2, RR on the same time axis; NEWS2 and shock index under them where they are known and there is room. */
void chs_draw_trends (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme);

/* One parameter: value, unit, age, limits, deviation from baseline. NIBP draws sys/dia and the mean. */
void chs_draw_tile (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, ChsParam param, int64_t now_us, const ChsTheme *theme);

/* One pump: drug, state, rate, dose rate against its limits, infused, left, projected end. */
void chs_draw_pump (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, guint index, int64_t now_us, const ChsTheme *theme);

/* The alarm bar: rows by priority. @flash_on: whether the flashing part is lit now (chs_flash_is_on()). */
void chs_draw_alarm_bar (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, int64_t now_us, bool flash_on, const ChsTheme *theme);

/**
 * chs_draw_wave:
 * @cr: context; nothing is drawn outside @rect
 * @rect: the strip
 * @wave: the newest seconds of a wave
 * @origin: number of a sample that stood at the left edge when a sweep began there
 * @shown: samples since the beginning that are on the screen, @origin..@wave->n; a fraction lets the sweep glide
 * @mm_s: paper speed
 * @low: value at the foot of the strip, in the wave's unit
 * @high: value at its top
 * @x0: first pixel column wanted, from the left edge of @rect
 * @x1: column behind the last one wanted
 * @theme: a theme
 *
 * One range of columns of a sweeping wave with its erase bar. Columns that the sweep does not touch come out the
 * same each time, so that they can be kept. Absent samples leave a hole.
 */
void chs_draw_wave (cairo_t           *cr,
                    const ChsRect     *rect,
                    const ChsWaveView *wave,
                    double             origin,
                    double             shown,
                    double             mm_s,
                    double             low,
                    double             high,
                    double             x0,
                    double             x1,
                    const ChsTheme    *theme);

/* Height that the bar needs for what is active now, in pixels. */
double chs_alarm_bar_height (const ChsChairModel *model, double width, const ChsTheme *theme);

/**
 * chs_flash_is_on:
 * @priority: a priority
 * @now_us: monotonic time
 *
 * HIGH 2.0 Hz, MEDIUM 0.6 Hz, both 50 % on; LOW steady. Source: shared/alarm-standard.md section 3.
 *
 * Returns: whether the flashing part is lit
 */
bool chs_flash_is_on (ChsPriority priority, int64_t now_us);

/**
 * chs_tile_text:
 * @model: a model
 * @param: a parameter
 * @now_us: session time
 * @theme: for translation
 *
 * The tile in words, for the accessible tree and the terminal: "NIBP 122/78 mmHg, 3 min ago".
 *
 * Returns: (transfer full): text
 */
char *chs_tile_text (const ChsChairModel *model, ChsParam param, int64_t now_us, const ChsTheme *theme);

/**
 * chs_tile_limits_text:
 * @model: a model
 * @param: of the tile
 * @theme: for translation
 *
 * Returns: (transfer full): what its range bar shows, in words: "limits 50 to 120", "lower limit 90"; "" where there are none
 */
char *chs_tile_limits_text (const ChsChairModel *model, ChsParam param, const ChsTheme *theme);

/**
 * chs_pump_text:
 * @model: a model
 * @index: of its pumps
 * @now_us: session time
 * @theme: for translation
 *
 * The pump's tile in words: "Magnesium pump 1, running, 150 mL/h, Magnesium 0.16 mmol/min (soft 0.3, hard 0.609), 92 of
 * 250 mL · ends 11:48, 6.00 mmol given".
 *
 * Returns: (transfer full): text; "" when there is no such pump
 */
char *chs_pump_text (const ChsChairModel *model, guint index, int64_t now_us, const ChsTheme *theme);

/**
 * chs_scores_text:
 * @model: a model
 * @until_us: session time; the newest scores up to then
 * @theme: for translation
 *
 * The lanes of the scores in words: "NEWS2 at least 5 (not known: consciousness), shock index 0.74".
 *
 * Returns: (transfer full): text; "" when no score is known
 */
char *chs_scores_text (const ChsChairModel *model, int64_t until_us, const ChsTheme *theme);

/**
 * chs_words_instrument:
 * @link: an instrument
 * @theme: its words
 *
 * What people call it: the label of the configuration, else chs_words_link().
 *
 * Returns: (transfer full): its name
 */
char *chs_words_instrument (const ChsLinkInfo *link, const ChsTheme *theme);

/* The same of a pump, with its slot where one link carries several. */
char *chs_words_pump (const ChsChairModel *model, const ChsPumpView *pump, const ChsTheme *theme);

/**
 * chs_words_drug:
 * @model: the chair
 * @pump: one of its pumps
 * @theme: its words
 *
 * What the pump's own library says, as it says it; where that is the name of an entry of our library, in the language of
 * the screen.
 *
 * Returns: (transfer none): the name, "" when it told none
 */
const char *chs_words_drug (const ChsChairModel *model, const ChsPumpView *pump, const ChsTheme *theme);

/**
 * chs_words_osmolarity:
 * @profile: whose watched range it is
 * @mosm_l: of the mix, mosm/L; NAN = not known
 * @theme: its words
 *
 * Outside what a vein takes without thought: how much, and what to do.
 *
 * Returns: (transfer full) (nullable): a sentence; NULL inside, and when it is not known
 */
char *chs_words_osmolarity (const ChsProfile *profile, double mosm_l, const ChsTheme *theme);

/**
 * chs_words_mark:
 * @model: a model
 * @mark: one of its marks
 * @theme: for translation
 *
 * Returns: (transfer full): what the mark says in a few words
 */
char *chs_words_mark (const ChsChairModel *model, const ChsMark *mark, const ChsTheme *theme);

/**
 * chs_words_link:
 * @name: of a link, as the chair's configuration or a recording has it
 * @theme: for translation
 *
 * The usual names ("monitor", "pump", "pump 2", "pump2 left") in the language of the screen; others are the
 * clinic's own and stay.
 *
 * Returns: (transfer full): its name for people
 */
char *chs_words_link (const char *name, const ChsTheme *theme);

/* What an alarm's comma lists of ids say: labels as they would be titled, inputs that are not known.
 * Return: (transfer full) */
char *chs_words_labels (const ChsChairModel *model, const char *ids, const ChsTheme *theme);
char *chs_words_missing (const char *ids, const ChsTheme *theme);
