/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/text-view.h"

#include "app/draw/draw-private.h"

#include <math.h>
#include <string.h>

#define LEAST_WIDTH 40
#define LEAST_HEIGHT 12
#define MAX_ALARM_ROWS 3
#define MAX_PUMP_ROWS 3
#define CHART_US (30 * CHS_US_PER_MIN)
#define AXIS_CELLS 5 /* "180 ┤" */
#define P_LOW 40.0   /* mmHg; the axis of the screen's chart */
#define P_HIGH 220.0

/* Colours of the 256-colour palette nearest to those of the screen; alarms alone have a ground. */
static const char *const param_styles[] = {
  [CHS_PARAM_HR] = "38;5;78",    [CHS_PARAM_PR] = "38;5;78",  [CHS_PARAM_SPO2] = "38;5;111", [CHS_PARAM_NIBP_SYS] = "1;38;5;255",
  [CHS_PARAM_ABP_SYS] = "1;38;5;255", [CHS_PARAM_RR] = "38;5;187", [CHS_PARAM_CO2_RR] = "38;5;187", [CHS_PARAM_ETCO2] = "38;5;180",
  [CHS_PARAM_TEMP] = "38;5;141",
};
static const char *const alarm_styles[] = { "0", "38;5;16;48;5;45", "38;5;16;48;5;220", "1;38;5;231;48;5;160" };
static const char *const pump_styles[] = { "38;5;215", "38;5;43", "38;5;175" };
#define STYLE_SOFT "38;5;248"
#define STYLE_STALE "38;5;243"
#define STYLE_GOOD "38;5;78"

/* ---- lines ---- */

typedef struct {
  GString *out;
  int      width, left;  /* cells of a line; cells still free in the running one */
  int      n_lines, most; /* finished lines; how many there is room for: what is less urgent is left out */
  bool     colour;
} Page;

/* Adds text to the running line; what does not fit is left out. @style: SGR parameters, "" = plain. */
static void
put (Page *page, const char *style, const char *text)
{
  const char *end = text;
  bool is_styled = page->colour && style[0] != '\0';

  if (page->left <= 0 || text[0] == '\0' || page->n_lines >= page->most)
    return;
  for (int n = 0; *end != '\0' && n < page->left; n++)
    end = g_utf8_next_char (end);
  if (is_styled)
    g_string_append_printf (page->out, "\033[%sm", style);
  g_string_append_len (page->out, text, end - text);
  page->left -= (int) g_utf8_strlen (text, end - text);
  if (is_styled)
    g_string_append (page->out, "\033[0m");
}

static void
end_line (Page *page)
{
  if (page->n_lines < page->most)
    g_string_append_c (page->out, '\n');
  page->left = page->width;
  page->n_lines++;
}

static void
put_line (Page *page, const char *style, const char *text)
{
  put (page, style, text);
  end_line (page);
}

/* Breaks at spaces; continued lines are indented. */
static void
put_wrapped (Page *page, const char *style, int indent, const char *text, int most)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autofree char *margin = g_strnfill ((gsize) indent, ' ');

  put (page, "", margin);
  for (guint i = 0; words[i] != NULL; i++) {
    int length = (int) g_utf8_strlen (words[i], -1);

    if (page->left < length && page->left < page->width - indent) {
      if (--most == 0)
        break;
      end_line (page);
      put (page, "", margin);
    }
    put (page, style, words[i]);
    put (page, "", " ");
  }
  end_line (page);
}

/* Pads with spaces, so that a ground reaches the edge. */
static void
put_bar (Page *page, const char *style, const char *text)
{
  g_autofree char *spaces = g_strnfill ((gsize) page->width, ' ');
  g_autofree char *whole = g_strconcat (text, spaces, NULL);

  put_line (page, style, whole);
}

/* ---- what it says ---- */

static void
render_header (Page *page, const ChsChairModel *model, int64_t now_us)
{
  const ChsSession *session = chs_engine_get_session (chs_chair_model_get_engine (model));
  g_autofree char *clock = chs_words_clock (model, now_us);
  g_autofree char *text = g_strdup_printf ("Chairside  %s%s%s%s%s%s", session->chair, session->chair[0] ? " · " : "", session->patient_id,
                                           session->patient_id[0] ? " · " : "", session->therapy.name,
                                           session->therapy.name[0] ? " · " : "");

  put (page, "1", text);
  put_line (page, "1", clock);
}

static void
render_silence (Page *page, const ChsChairModel *model, int64_t now_us)
{
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_chair_model_get_engine (model));
  g_autofree char *left = NULL;
  int64_t s;

  if (heard->audio == CHS_AUDIO_OFF)
    put (page, "1", "   AUDIO OFF");
  else if (heard->audio == CHS_AUDIO_PAUSED && heard->paused_until_us != CHS_TIME_NONE) {
    s = (MAX (0, heard->paused_until_us - now_us) + CHS_US_PER_S - 1) / CHS_US_PER_S;
    left = g_strdup_printf ("   AUDIO PAUSED %d:%02d", (int) (s / 60), (int) (s % 60));
    put (page, "1", left);
  }
  if (heard->alarm_pause_until_us != CHS_TIME_NONE)
    put (page, "1", "   ALARM PAUSED");
  if (heard->any_alarm_off)
    put (page, "1", "   ALARM OFF");
}

static void
render_alarms (Page *page, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);

  if (n == 0) {
    put (page, STYLE_GOOD, "No alarms");
    render_silence (page, model, now_us);
    end_line (page);
    return;
  }
  for (guint i = 0; i < MIN (n, MAX_ALARM_ROWS); i++) {
    guint priority = MIN (alarms[i].alarm.priority, CHS_PRIORITY_HIGH);
    g_autofree char *what = NULL, *why = NULL, *advice = NULL, *line = NULL, *more = NULL, *second = NULL;
    bool is_seen = alarms[i].state == CHS_ALARM_STATE_ACKNOWLEDGED;

    chs_alarm_words (model, &alarms[i], now_us, theme, &what, &why, &advice);
    more = i == MAX_ALARM_ROWS - 1 && n > MAX_ALARM_ROWS ? g_strdup_printf ("  +%u more", n - MAX_ALARM_ROWS) : g_strdup ("");
    line = g_strdup_printf (" %-3s %s%s%s", chs_words_priority ((ChsPriority) priority), what, is_seen ? " (seen)" : "", more);
    put_bar (page, is_seen ? "1" : alarm_styles[priority], line);
    second = g_strdup_printf ("%s%s%s", why, why[0] != '\0' ? ". " : "", advice);
    if (i == 0)
      put_wrapped (page, "", 5, second, 3);
  }
  render_silence (page, model, now_us);
  if (page->left < page->width)
    end_line (page);
}

static const ChsParam shown[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_ABP_SYS, CHS_PARAM_HR, CHS_PARAM_PR, CHS_PARAM_SPO2,
                                  CHS_PARAM_RR, CHS_PARAM_CO2_RR, CHS_PARAM_ETCO2, CHS_PARAM_TEMP };

/* The words of the tiles, two spaces apart, as many a line as fit. */
static void
render_values (Page *page, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  bool is_any = false;

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    ChsTileValue value;
    g_autofree char *text = NULL;
    int length;

    if (!chs_chair_model_is_present (model, shown[i]))
      continue;
    value = chs_chair_model_get_value (model, shown[i], now_us);
    text = chs_tile_text (model, shown[i], now_us, theme);
    length = (int) g_utf8_strlen (text, -1);
    if (page->left < page->width && page->left < length + 3)
      end_line (page);
    if (page->left < page->width)
      put (page, "", "   ");
    put (page, value.freshness == CHS_FRESH ? param_styles[shown[i]] : STYLE_STALE, text);
    is_any = true;
  }
  if (!is_any)
    put (page, STYLE_SOFT, "No values yet");
  end_line (page);
}

static void
render_pumps (Page *page, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  guint n;

  chs_chair_model_get_pumps (model, &n);
  for (guint i = 0; i < MIN (n, MAX_PUMP_ROWS); i++) {
    g_autofree char *text = chs_pump_text (model, i, now_us, theme);

    put_wrapped (page, pump_styles[i], 0, text, 2);
  }
  if (n == 0)
    put_line (page, STYLE_SOFT, "No pump");
}

static void
render_links (Page *page, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  guint n;
  const ChsLinkInfo *links = chs_chair_model_get_links (model, &n);

  put (page, STYLE_SOFT, "Links: ");
  for (guint i = 0; i < n; i++) {
    bool is_up = links[i].status.state == CHS_LINK_UP;
    g_autofree char *age = chs_words_age (theme, now_us - links[i].t_us);
    g_autofree char *text = g_strdup_printf ("%s %s%s%s%s%s", links[i].status.name, chs_link_state_id ((ChsLinkState) links[i].status.state),
                                             is_up ? "" : " for ", is_up ? "" : age, links[i].demo ? " DEMO" : "", links[i].bench ? " LAB" : "");

    put (page, "", i > 0 ? "   " : "");
    put (page, is_up ? STYLE_GOOD : "1", text);
  }
  put (page, STYLE_SOFT, n == 0 ? "none" : "");
  end_line (page);
}

/* ---- the chart: braille, 2 by 4 dots a cell ---- */

typedef struct {
  int     columns, rows; /* cells */
  guint8 *cells;
} Canvas;

static void
dot (Canvas *canvas, int x, int y)
{
  static const guint8 bits[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

  if (x >= 0 && y >= 0 && x < 2 * canvas->columns && y < 4 * canvas->rows)
    canvas->cells[(y / 4) * canvas->columns + x / 2] |= bits[y % 4][x % 2];
}

static void
bar (Canvas *canvas, int x, double from, double to)
{
  int top = (int) ((1.0 - CLAMP (MAX (from, to), 0.0, 1.0)) * (4 * canvas->rows - 1) + 0.5);
  int foot = (int) ((1.0 - CLAMP (MIN (from, to), 0.0, 1.0)) * (4 * canvas->rows - 1) + 0.5);

  for (int y = top; y <= foot; y++)
    dot (canvas, x, y);
}

static int
x_of (const Canvas *canvas, int64_t t_us, int64_t now_us)
{
  return (int) floor ((1.0 - (double) (now_us - t_us) / (double) CHART_US) * (2 * canvas->columns - 1));
}

static double
part_of (double mmhg)
{
  return (mmhg - P_LOW) / (P_HIGH - P_LOW);
}

static void
plot_pressure (Canvas *canvas, const ChsChairModel *model, int64_t now_us)
{
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (model, &n);
  double baseline = chs_baseline_of (model, CHS_PARAM_NIBP_SYS);

  if (!isnan (baseline))
    for (int x = 0; x < 2 * canvas->columns; x += 4)
      bar (canvas, x, part_of (baseline), part_of (baseline));
  for (guint i = 0; i < n; i++)
    if (!cuffs[i].failed && !isnan (cuffs[i].sys) && !isnan (cuffs[i].dia))
      bar (canvas, x_of (canvas, cuffs[i].t_us, now_us), part_of ((double) cuffs[i].dia), part_of ((double) cuffs[i].sys));
}

static double
plot_rates (Canvas *canvas, const ChsChairModel *model, int64_t now_us)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (model, &n);
  double most = 0.0, top;

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < pumps[i].n_steps; k++)
      if (k + 1 == pumps[i].n_steps || pumps[i].steps[k + 1].t_us > now_us - CHART_US)
        most = fmax (most, (double) pumps[i].steps[k].flow_ml_h);
  top = most > 0.0 ? most * 1.1 : 100.0;
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < pumps[i].n_steps; k++) {
      int64_t to_us = k + 1 < pumps[i].n_steps ? pumps[i].steps[k + 1].t_us : now_us;

      if (isnan (pumps[i].steps[k].flow_ml_h) || to_us < now_us - CHART_US)
        continue;
      for (int x = MAX (0, x_of (canvas, pumps[i].steps[k].t_us, now_us)); x < x_of (canvas, to_us, now_us); x++)
        bar (canvas, x, 0.0, (double) pumps[i].steps[k].flow_ml_h / top);
    }
  return top;
}

static void
put_canvas (Page *page, const Canvas *canvas, const char *style, double low, double high)
{
  for (int row = 0; row < canvas->rows; row++) {
    g_autoptr (GString) text = g_string_new (NULL);
    bool has_label = row == 0 || row == canvas->rows - 1;
    g_autofree char *axis = has_label ? g_strdup_printf ("%3.0f ┤", row == 0 ? high : low) : g_strdup ("    │");

    for (int x = 0; x < canvas->columns; x++)
      g_string_append_unichar (text, 0x2800u + canvas->cells[row * canvas->columns + x]);
    put (page, STYLE_SOFT, axis);
    put_line (page, style, text->str);
  }
}

static void
render_chart (Page *page, const ChsChairModel *model, int64_t now_us, int rows)
{
  int for_pressure = rows >= 4 ? (rows - 2) * 2 / 3 : 0, for_rate = rows - 2 - for_pressure;
  Canvas pressure = { page->width - AXIS_CELLS, for_pressure, NULL }, rate = { page->width - AXIS_CELLS, for_rate, NULL };
  g_autofree char *from = chs_words_clock (model, now_us - CHART_US), *to = chs_words_clock (model, now_us), *times = NULL;
  double top;

  if (for_pressure < 1 || for_rate < 1) {
    for (int i = 0; i < rows; i++)
      end_line (page);
    return;
  }
  pressure.cells = g_new0 (guint8, pressure.columns * pressure.rows);
  rate.cells = g_new0 (guint8, rate.columns * rate.rows);
  plot_pressure (&pressure, model, now_us);
  top = plot_rates (&rate, model, now_us);
  put_line (page, STYLE_SOFT, "mmHg, mL/h");
  put_canvas (page, &pressure, "", P_LOW, P_HIGH);
  put_canvas (page, &rate, pump_styles[0], 0.0, top);
  times = g_strdup_printf ("     %s%*s now %s", from, MAX (0, page->width - AXIS_CELLS - 5 - 10), "", to);
  put_line (page, STYLE_SOFT, times);
  g_free (pressure.cells);
  g_free (rate.cells);
}

char *
chs_text_view_render (const ChsChairModel *model, int width, int height, int64_t now_us, gboolean colour)
{
  int cells = MAX (width, LEAST_WIDTH), rows = MAX (height, LEAST_HEIGHT);
  Page page = { g_string_new (NULL), cells, cells, 0, rows, colour };
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 1.0);
  render_header (&page, model, now_us);
  render_alarms (&page, model, now_us, &theme);
  render_values (&page, model, now_us, &theme);
  render_pumps (&page, model, now_us, &theme);
  if (rows - page.n_lines > 2)
    render_chart (&page, model, now_us, rows - page.n_lines - 2);
  render_links (&page, model, now_us, &theme);
  put_line (&page, STYLE_SOFT, "a acknowledge   s silence 2 min   m mark   q quit");
  g_string_truncate (page.out, page.out->len - 1);
  return g_string_free (page.out, FALSE);
}
