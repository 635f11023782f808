/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* The alarm bar: the most urgent condition with what, why and what to do; up to two more in a line each; then how
 * many more there are. Rows stand still: nothing rotates. */

#define MAX_ROWS 3

static double
first_height (const ChsTheme *theme)
{
  return chs_line (theme, CHS_EM_TITLE) * 0.95 + 2.0 * chs_line (theme, CHS_EM_ADVICE) + chs_mm (theme, 1.6);
}

static double
row_height (const ChsTheme *theme)
{
  return chs_line (theme, CHS_EM_ROW) + chs_mm (theme, 1.4);
}

static double
calm_height (const ChsTheme *theme)
{
  return chs_line (theme, CHS_EM_ROW) + chs_mm (theme, 0.8);
}

double
chs_alarm_bar_height (const ChsChairModel *model, double width G_GNUC_UNUSED, const ChsTheme *theme)
{
  guint n;

  chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);
  if (n == 0)
    return calm_height (theme);
  return first_height (theme) + (MIN (n, MAX_ROWS) - 1) * row_height (theme);
}

static void
add_countdown (GString *text, const char *marking, int64_t left_us)
{
  int64_t s = (MAX (0, left_us) + CHS_US_PER_S - 1) / CHS_US_PER_S;

  g_string_append_printf (text, "%s%s %d:%02d", text->len > 0 ? " · " : "", marking, (int) (s / 60), (int) (s % 60));
}

/* Silence that somebody ordered is never out of sight: the text marking of IEC 60601-1-8 and the time left. */
static char *
silence_words (const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_chair_model_get_engine (model));
  GString *text = g_string_new (NULL);

  if (heard->audio == CHS_AUDIO_OFF)
    g_string_append (text, chs_tr (theme, N_ ("AUDIO OFF")));
  else if (heard->audio == CHS_AUDIO_PAUSED && heard->paused_until_us != CHS_TIME_NONE)
    add_countdown (text, chs_tr (theme, N_ ("AUDIO PAUSED")), heard->paused_until_us - now_us);
  if (heard->alarm_pause_until_us != CHS_TIME_NONE)
    add_countdown (text, chs_tr (theme, N_ ("ALARM PAUSED")), heard->alarm_pause_until_us - now_us);
  if (heard->any_alarm_off)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", chs_tr (theme, N_ ("ALARM OFF")));
  if (heard->n_silenced > 0) {
    g_string_append (text, text->len > 0 ? " · " : "");
    g_string_append_printf (text, chs_tr (theme, N_ ("silent: %u")), heard->n_silenced);
  }
  return g_string_free (text, FALSE);
}

/* ---- one row ---- */

typedef struct {
  ChsColour ground, ink, edge;
} Coat;

/* Unseen conditions are filled and flash by their ground, never by their letters; seen ones keep a frame. */
static Coat
coat_of (const ChsActiveAlarm *active, bool flash_on, const ChsTheme *theme)
{
  const ChsPalette *p = &theme->palette;
  guint priority = MIN (active->alarm.priority, CHS_PRIORITY_HIGH);
  Coat coat = { p->alarm_fill[priority], p->alarm_text[priority], p->alarm_fill[priority] };

  if (active->state == CHS_ALARM_STATE_ACKNOWLEDGED)
    return (Coat) { p->panel, p->text, p->alarm_fill[priority] };
  /* dark letters need their ground bright even when it is off */
  if (!flash_on && priority >= CHS_PRIORITY_MEDIUM)
    coat.ground = chs_mix (p->alarm_fill[priority], (ChsColour) { 0, 0, 0 }, priority == CHS_PRIORITY_HIGH ? 0.55 : 0.35);
  return coat;
}

static void
draw_coat (cairo_t *cr, const ChsRect *row, const Coat *coat, const ChsTheme *theme)
{
  double width = chs_mm (theme, 0.6), seam = chs_mm (theme, 0.4); /* rows of one colour stay two */
  ChsRect edge = { row->x + width / 2.0, row->y + width / 2.0, row->w - width, row->h - width - seam };

  chs_colour (cr, coat->ground, 1.0);
  cairo_rectangle (cr, row->x, row->y, row->w, row->h - seam);
  cairo_fill (cr);
  chs_colour (cr, coat->edge, 1.0);
  cairo_set_line_width (cr, width);
  cairo_rectangle (cr, edge.x, edge.y, edge.w, edge.h);
  cairo_stroke (cr);
}

static void
draw_silence (cairo_t *cr, ChsRect *row, const char *text, const Coat *coat, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, true, coat->ink };
  double width = MIN (row->w * 0.4, chs_text_width (cr, theme, &font, text) + chs_mm (theme, 4.0));
  ChsRect part;

  if (text[0] == '\0')
    return;
  part = chs_cut_end (row, width, theme);
  part = (ChsRect) { part.x, part.y + part.h / 2.0 - chs_line (theme, CHS_EM_NOTE) * 0.6, part.w, chs_line (theme, CHS_EM_NOTE) * 1.2 };
  chs_rounded (cr, &part, chs_mm (theme, 0.8));
  chs_colour (cr, coat->ink, 1.0);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  chs_text (cr, theme, &font, text, &part, CHS_ALIGN_CENTRE);
  chs_cut_end (row, chs_mm (theme, CHS_PAD), theme);
}

static void
draw_shape (cairo_t *cr, ChsRect *row, double em_mm, const ChsActiveAlarm *active, const Coat *coat, const ChsTheme *theme)
{
  const ChsFont font = { em_mm, true, active->state == CHS_ALARM_STATE_ACKNOWLEDGED ? coat->edge : coat->ink };
  ChsRect part = chs_cut_start (row, chs_em (theme, CHS_EM_TITLE) * 1.4, theme);

  /* the bar's red on the dark panel is for frames; letters need more light */
  if (active->state == CHS_ALARM_STATE_ACKNOWLEDGED)
    chs_text (cr, theme, &(ChsFont) { em_mm, true, coat->ink }, chs_words_priority ((ChsPriority) active->alarm.priority), &part, CHS_ALIGN_CENTRE);
  else
    chs_text (cr, theme, &font, chs_words_priority ((ChsPriority) active->alarm.priority), &part, CHS_ALIGN_CENTRE);
}

static void
draw_first (cairo_t             *cr,
            const ChsRect       *row,
            const ChsChairModel *model,
            const ChsActiveAlarm *active,
            int64_t              now_us,
            const Coat          *coat,
            const char          *silence,
            const ChsTheme      *theme)
{
  const ChsFont title = { CHS_EM_TITLE, true, coat->ink }, advice = { CHS_EM_ADVICE, false, coat->ink };
  g_autofree char *what = NULL, *why = NULL, *actions = NULL, *both = NULL;
  ChsRect inner = *row, top;

  draw_coat (cr, row, coat, theme);
  inner = (ChsRect) { inner.x, inner.y + chs_mm (theme, 0.8), inner.w, inner.h - chs_mm (theme, 1.6) };
  draw_shape (cr, &inner, CHS_EM_TITLE, active, coat, theme);
  chs_cut_end (&inner, chs_mm (theme, CHS_PAD), theme);
  draw_silence (cr, &inner, silence, coat, theme);
  chs_alarm_words (model, active, now_us, theme, &what, &why, &actions);
  top = chs_cut_top (&inner, chs_line (theme, CHS_EM_TITLE) * 0.95);
  chs_text (cr, theme, &title, what, &top, CHS_ALIGN_START);
  both = g_strdup_printf ("%s%s%s", why, why[0] != '\0' ? ". " : "", actions);
  chs_text_block (cr, theme, &advice, both, &inner);
}

static void
draw_further (cairo_t              *cr,
              const ChsRect        *row,
              const ChsChairModel  *model,
              const ChsActiveAlarm *active,
              int64_t               now_us,
              const Coat           *coat,
              const char           *more,
              const ChsTheme       *theme)
{
  const ChsFont title = { CHS_EM_ROW, true, coat->ink }, note = { CHS_EM_ADVICE, false, coat->ink };
  g_autofree char *what = NULL, *why = NULL, *actions = NULL;
  ChsRect inner = *row, part;

  draw_coat (cr, row, coat, theme);
  draw_shape (cr, &inner, CHS_EM_ROW, active, coat, theme);
  chs_cut_end (&inner, chs_mm (theme, CHS_PAD), theme);
  chs_alarm_words (model, active, now_us, theme, &what, &why, &actions);
  if (more[0] != '\0') {
    part = chs_cut_end (&inner, chs_text_width (cr, theme, &title, more) + 1.0, theme);
    chs_text (cr, theme, &title, more, &part, CHS_ALIGN_END);
    chs_cut_end (&inner, chs_mm (theme, CHS_PAD), theme);
  }
  part = chs_cut_start (&inner, MIN (inner.w, chs_text_width (cr, theme, &title, what) + 1.0), theme);
  chs_text (cr, theme, &title, what, &part, CHS_ALIGN_START);
  chs_cut_start (&inner, chs_mm (theme, 3.0), theme);
  if (inner.w > chs_em (theme, CHS_EM_ADVICE) * 6.0) /* less says nothing */
    chs_text (cr, theme, &note, why[0] != '\0' ? why : actions, &inner, CHS_ALIGN_START);
}

static void
draw_calm (cairo_t *cr, const ChsRect *rect, const char *silence, const ChsTheme *theme)
{
  const ChsPalette *p = &theme->palette;
  const ChsFont font = { CHS_EM_ROW, false, p->good };
  Coat coat = { p->background, p->text, p->background };
  ChsRect row = *rect;

  chs_cut_end (&row, chs_mm (theme, CHS_PAD), theme);
  draw_silence (cr, &row, silence, &coat, theme);
  chs_text (cr, theme, &font, chs_tr (theme, N_ ("No alarms")), &row, CHS_ALIGN_CENTRE);
}

void
chs_draw_alarm_bar (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, int64_t now_us, bool flash_on, const ChsTheme *theme)
{
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);
  g_autofree char *silence = silence_words (model, now_us, theme);
  ChsRect rest = *rect;

  if (n == 0) {
    draw_calm (cr, rect, silence, theme);
    return;
  }
  for (guint i = 0; i < MIN (n, MAX_ROWS); i++) {
    ChsRect row = chs_cut_top (&rest, i == 0 ? first_height (theme) : row_height (theme));
    Coat coat = coat_of (&alarms[i], flash_on, theme);
    g_autofree char *more = i == MAX_ROWS - 1 && n > MAX_ROWS ? g_strdup_printf ("+%u", n - MAX_ROWS) : g_strdup ("");

    if (i == 0)
      draw_first (cr, &row, model, &alarms[i], now_us, &coat, silence, theme);
    else
      draw_further (cr, &row, model, &alarms[i], now_us, &coat, more, theme);
  }
}
