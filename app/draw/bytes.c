/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/bytes.h"

#include "app/draw/draw-private.h"

#include <string.h>

/* Rows that a gloved finger hits; bytes are read and touched, too, but their frame is what counts. */
#define FRAME_ROW_MM 9.0
#define BYTE_ROW_MM 6.0
#define EM_BYTES 2.7
#define EM_FRAMES 3.0
#define TIME_MM 22.0
#define COUNT_MM 15.0
#define OFFSET_MM 17.0
#define PER_ROW 16
#define TEXT_SHARE 0.62 /* width of a letter beside that of a byte's two digits */

/* ---- frames ---- */

static guint
n_frame_rows (const ChsRect *rect, const ChsTheme *theme)
{
  return (guint) MAX (1.0, rect->h / chs_mm (theme, FRAME_ROW_MM));
}

/* The chosen one stands in the middle, except at the ends. */
static guint
first_frame_row (const ChsRawView *view, const ChsRect *rect, const ChsTheme *theme, guint chosen)
{
  guint n, rows = n_frame_rows (rect, theme);

  chs_raw_view_get_frames (view, &n);
  if (n <= rows || chosen < rows / 2)
    return 0;

  return MIN (chosen - rows / 2, n - rows);
}

/* What a technician looks for in a frame: its first value, where it has more than waves. */
static const char *
headline (const ChsRawView *view, const ChsRawFrame *frame)
{
  guint              n;
  const ChsRawEvent *events = chs_raw_view_get_events (view, &n);

  for (guint i = frame->first_event; i < frame->first_event + frame->n_events; i++)
    if (!events[i].is_wave)
      return events[i].words;

  return events[frame->first_event].words;
}

static void
draw_frame_words (cairo_t *cr, const ChsRawView *view, const ChsRawFrame *frame, const ChsRect *box, const ChsTheme *theme,
                  ChsColour colour)
{
  const ChsFont      font = { EM_FRAMES, FALSE, colour };
  g_autofree char   *more = frame->n_events > 1 ? g_strdup_printf (" +%u", frame->n_events - 1) : g_strdup ("");
  g_autofree char   *text = frame->n_events > 0 ? g_strconcat (headline (view, frame), more, NULL)
                            : frame->is_good    ? g_strdup (frame->words)
                                                : g_strdup (chs_tr (theme, N_ ("no frame")));

  chs_text (cr, theme, &font, text, box, CHS_ALIGN_LEFT);
}

static void
draw_frame_row (cairo_t *cr, const ChsRawView *view, guint i, gboolean is_chosen, ChsRect row, const ChsTheme *theme,
                const ChsChairModel *model)
{
  guint              n;
  const ChsRawFrame *frame = &chs_raw_view_get_frames (view, &n)[i];
  const ChsPalette  *palette = &theme->palette;
  ChsColour          ink = is_chosen ? palette->background : frame->is_good ? palette->text : palette->stale;
  const ChsFont      font = { EM_FRAMES, is_chosen, ink };
  g_autofree char   *clock = chs_words_clock (model, frame->t_us);
  g_autofree char   *time = g_strdup_printf ("%s:%06.3f", clock, (double) ((frame->t_us + chs_chair_model_get_wall_offset_us (model)) %
                                                                          CHS_US_PER_MIN) / 1e6);
  g_autofree char   *count = g_strdup_printf ("%u B", frame->n);
  ChsRect            box = { row.x + chs_mm (theme, 1.0), row.y, chs_mm (theme, TIME_MM), row.h };

  if (is_chosen) {
    chs_colour (cr, palette->text, 1.0);
    cairo_rectangle (cr, row.x, row.y, row.w, row.h);
    cairo_fill (cr);
  }
  chs_text (cr, theme, &font, time, &box, CHS_ALIGN_LEFT);
  box.x += box.w + chs_mm (theme, 1.0);
  box.w = chs_mm (theme, COUNT_MM);
  chs_text (cr, theme, &font, count, &box, CHS_ALIGN_RIGHT);
  box.x += box.w + chs_mm (theme, 2.0);
  box.w = row.x + row.w - box.x - chs_mm (theme, 1.0);
  draw_frame_words (cr, view, frame, &box, theme, ink);
}

void
chs_draw_frames (
    cairo_t *cr, const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsChairModel *model, const ChsTheme *theme)
{
  guint  n, first = first_frame_row (view, rect, theme, chosen), rows = n_frame_rows (rect, theme);
  double height = chs_mm (theme, FRAME_ROW_MM);

  chs_raw_view_get_frames (view, &n);
  for (guint i = first; i < MIN (n, first + rows); i++)
    draw_frame_row (cr, view, i, i == chosen, (ChsRect){ rect->x, rect->y + (i - first) * height, rect->w, height }, theme, model);
}

gboolean
chs_frames_pick (const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme, double y, guint *frame)
{
  guint n;

  chs_raw_view_get_frames (view, &n);
  *frame = first_frame_row (view, rect, theme, chosen) + (guint) (MAX (0.0, y - rect->y) / chs_mm (theme, FRAME_ROW_MM));

  return *frame < n;
}

/* ---- bytes ---- */

typedef struct {
  double digits_x, digit_w, letters_x, letter_w, row_h;
  guint  first; /* byte of the uppermost row */
  guint  rows;
} ByteLayout;

static ByteLayout
lay_out (const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme)
{
  guint              n_frames, n_bytes;
  const ChsRawFrame *frames = chs_raw_view_get_frames (view, &n_frames);
  ByteLayout         layout = { .row_h = chs_mm (theme, BYTE_ROW_MM) };
  guint              row, last;

  chs_raw_view_get_bytes (view, &n_bytes);
  layout.digits_x = rect->x + chs_mm (theme, OFFSET_MM);
  layout.digit_w = (rect->w - chs_mm (theme, OFFSET_MM)) / (PER_ROW * (1.0 + TEXT_SHARE) + 1.0);
  layout.letter_w = layout.digit_w * TEXT_SHARE;
  layout.letters_x = layout.digits_x + layout.digit_w * (PER_ROW + 1);
  layout.rows = (guint) MAX (1.0, rect->h / layout.row_h);
  row = chosen < n_frames ? frames[chosen].at / PER_ROW : 0;
  last = (n_bytes + PER_ROW - 1) / PER_ROW;
  /* two rows of what was before, where there is room */
  row = row > 2 && layout.rows > 6 ? row - 2 : row;
  layout.first = PER_ROW * (last > layout.rows ? MIN (row, last - layout.rows) : 0);

  return layout;
}

/* Whole pixels: neighbours leave no line between them. */
static void
fill_cell (cairo_t *cr, const ChsRect *cell)
{
  double x = chs_snap (cell->x), y = chs_snap (cell->y);

  cairo_rectangle (cr, x, y, chs_snap (cell->x + cell->w) - x, chs_snap (cell->y + cell->h) - y);
  cairo_fill (cr);
}

static void
draw_byte (cairo_t *cr, const ByteLayout *layout, const ChsRect *rect, guint i, guint8 byte, gboolean is_chosen, gboolean is_good,
           const ChsTheme *theme)
{
  const ChsPalette *palette = &theme->palette;
  guint             column = i % PER_ROW, row = (i - layout->first) / PER_ROW;
  const ChsFont     font = { EM_BYTES, is_chosen, is_chosen ? palette->background : is_good ? palette->text : palette->stale };
  double            y = rect->y + row * layout->row_h;
  ChsRect           digits = { layout->digits_x + column * layout->digit_w, y, layout->digit_w, layout->row_h };
  ChsRect           letter = { layout->letters_x + column * layout->letter_w, y, layout->letter_w, layout->row_h };
  char              hex[3], text[2] = { g_ascii_isgraph ((char) byte) ? (char) byte : byte == ' ' ? ' ' : '.', '\0' };

  if (is_chosen) {
    chs_colour (cr, palette->text, 1.0);
    fill_cell (cr, &digits);
    fill_cell (cr, &letter);
  }
  g_snprintf (hex, sizeof hex, "%02x", byte);
  chs_text (cr, theme, &font, hex, &digits, CHS_ALIGN_CENTRE);
  chs_text (cr, theme, &font, text, &letter, CHS_ALIGN_CENTRE);
}

static void
draw_offsets (cairo_t *cr, const ByteLayout *layout, const ChsRect *rect, guint n_bytes, guint64 offset, const ChsTheme *theme)
{
  const ChsFont font = { EM_BYTES, FALSE, theme->palette.label };

  for (guint row = 0; row < layout->rows && layout->first + row * PER_ROW < n_bytes; row++) {
    g_autofree char *text = g_strdup_printf ("%06" G_GINT64_MODIFIER "x", offset + layout->first + row * PER_ROW);
    ChsRect          box = { rect->x + chs_mm (theme, 1.0), rect->y + row * layout->row_h, chs_mm (theme, OFFSET_MM - 2.0),
                             layout->row_h };

    chs_text (cr, theme, &font, text, &box, CHS_ALIGN_LEFT);
  }
}

void
chs_draw_bytes (cairo_t *cr, const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme)
{
  guint              n_bytes, n_frames, frame = 0;
  const guint8      *bytes = chs_raw_view_get_bytes (view, &n_bytes);
  const ChsRawFrame *frames = chs_raw_view_get_frames (view, &n_frames);
  ByteLayout         layout = lay_out (rect, view, chosen, theme);

  draw_offsets (cr, &layout, rect, n_bytes, chs_raw_view_get_offset (view), theme);
  for (guint i = layout.first; i < MIN (n_bytes, layout.first + layout.rows * PER_ROW); i++) {
    while (frame < n_frames && frames[frame].at + frames[frame].n <= i)
      frame++;
    draw_byte (cr, &layout, rect, i, bytes[i], frame == chosen && frame < n_frames, frame < n_frames && frames[frame].is_good, theme);
  }
}

gboolean
chs_bytes_pick (
    const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme, double x, double y, guint *frame)
{
  ByteLayout layout = lay_out (rect, view, chosen, theme);
  double     column = x < layout.letters_x ? (x - layout.digits_x) / layout.digit_w : (x - layout.letters_x) / layout.letter_w;
  guint      row = (guint) (MAX (0.0, y - rect->y) / layout.row_h);

  if (column < 0 || column >= PER_ROW || row >= layout.rows)
    return FALSE;

  return chs_raw_view_frame_of (view, layout.first + row * PER_ROW + (guint) column, frame);
}
