/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sheet.h"

#include <math.h>

const char *
chs_sheet_tr (const ChsSheet *self, const char *msgid)
{
  return chs_tr (self->theme, msgid);
}

cairo_t *
chs_sheet_cr (const ChsSheet *self)
{
  return self->page == self->wanted ? self->cr : self->nowhere;
}

/* Places are told as on a page that is read from the left; one that is read from the right is its mirror image. */
ChsRect
chs_sheet_rect (const ChsSheet *self, double x, double y, double w, double h)
{
  double k = self->theme->px_mm;

  if (self->theme->rtl)
    x = CHS_REPORT_WIDTH_MM - x - w;
  return (ChsRect) { x * k, y * k, w * k, h * k };
}

ChsFont
chs_sheet_font (const ChsSheet *self, double em, bool bold, bool soft)
{
  return (ChsFont) { em, bold, soft ? self->theme->palette.label : self->theme->palette.text };
}

void
chs_sheet_line (const ChsSheet *self, double x, double y, double w, const ChsFont *font, const char *text, ChsAlign align)
{
  ChsRect box = chs_sheet_rect (self, x, y, w, font->em_mm * CHS_SHEET_LINE);

  chs_text (chs_sheet_cr (self), self->theme, font, text, &box, align);
}

void
chs_sheet_rule (const ChsSheet *self, double x, double y, double w, double thickness)
{
  ChsRect r = chs_sheet_rect (self, x, y, w, thickness);

  chs_colour (chs_sheet_cr (self), self->theme->palette.panel_edge, 1.0);
  cairo_rectangle (chs_sheet_cr (self), r.x, r.y, r.w, r.h);
  cairo_fill (chs_sheet_cr (self));
}

/* A text that is broken into lines; returns its height in mm. */
static double
put_block (const ChsSheet *self, cairo_t *cr, double x, double y, double w, const ChsFont *font, const char *text)
{
  ChsRect box = chs_sheet_rect (self, x, y, w, CHS_REPORT_HEIGHT_MM);

  return chs_text_block (cr, self->theme, font, text, &box) / self->theme->px_mm;
}

/* ---- pages ---- */

void
chs_sheet_footer (const ChsSheet *self)
{
  const ChsFont soft = chs_sheet_font (self, CHS_SHEET_EM_SMALL, false, true);
  g_autofree char *number = NULL;

  chs_sheet_rule (self, CHS_SHEET_MARGIN, CHS_SHEET_BOTTOM + 3.0, CHS_SHEET_WIDTH, 0.2);
  chs_sheet_line (self, CHS_SHEET_MARGIN, CHS_SHEET_BOTTOM + 4.0, CHS_SHEET_WIDTH - 30.0, &soft,
            chs_sheet_tr (self, N_ ("Made by Chairside from a recording. Chairside is not a certified medical device; the instruments' own "
                          "displays count.")),
            CHS_ALIGN_START);
  if (self->n_pages > 0) {
    /* Translators: page number and count of pages */
    number = g_strdup_printf (chs_sheet_tr (self, N_ ("Page %u of %u")), self->page + 1, self->n_pages);
    chs_sheet_line (self, CHS_SHEET_MARGIN + CHS_SHEET_WIDTH - 30.0, CHS_SHEET_BOTTOM + 4.0, 30.0, &soft, number, CHS_ALIGN_END);
  }
  if (self->report->session_id != NULL)
    chs_sheet_line (self, CHS_SHEET_MARGIN, CHS_SHEET_BOTTOM + 7.2, CHS_SHEET_WIDTH, &soft, self->report->session_id, CHS_ALIGN_START);
}

static void
new_page (ChsSheet *self)
{
  chs_sheet_footer (self);
  self->page++;
  self->y = CHS_SHEET_TOP;
}

void
chs_sheet_need (ChsSheet *self, double height)
{
  if (self->y + height > CHS_SHEET_BOTTOM)
    new_page (self);
}

void
chs_sheet_heading (ChsSheet *self, const char *text, double with)
{
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_HEADING, true, false);

  self->y += 3.0;
  chs_sheet_need (self, CHS_SHEET_EM_HEADING * CHS_SHEET_LINE + 2.0 + with);
  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &font, text, CHS_ALIGN_START);
  chs_sheet_rule (self, CHS_SHEET_MARGIN, self->y + CHS_SHEET_EM_HEADING * CHS_SHEET_LINE + 0.4, CHS_SHEET_WIDTH, 0.25);
  self->y += CHS_SHEET_EM_HEADING * CHS_SHEET_LINE + 1.6;
}

/* ---- tables ---- */

/* Returns the height of the row. */
static double
put_cells (const ChsSheet *self, cairo_t *cr, const ChsSheetColumn *columns, guint n, char *const *cells, const ChsFont *font)
{
  double x = CHS_SHEET_MARGIN, height = font->em_mm * CHS_SHEET_LINE;

  for (guint i = 0; i < n; i++) {
    double w = columns[i].width * CHS_SHEET_WIDTH;

    double h = put_block (self, cr, x, self->y, w - 2.0, font, cells[i] != NULL ? cells[i] : "");

    height = MAX (height, h);
    x += w;
  }
  return height;
}

void
chs_sheet_titles (ChsSheet *self, const ChsSheetColumn *columns, guint n)
{
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_SMALL, false, true);
  char *titles[CHS_SHEET_MAX_COLUMNS];

  for (guint i = 0; i < n; i++)
    titles[i] = (char *) chs_sheet_tr (self, columns[i].title);
  self->y += put_cells (self, chs_sheet_cr (self), columns, n, titles, &font) + 0.5;
}

void
chs_sheet_row (ChsSheet *self, const ChsSheetColumn *columns, guint n, char *const *cells, bool soft)
{
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, soft);
  double height = put_cells (self, self->nowhere, columns, n, cells, &font);

  if (self->y + height > CHS_SHEET_BOTTOM) {
    new_page (self);
    chs_sheet_titles (self, columns, n);
  }
  put_cells (self, chs_sheet_cr (self), columns, n, cells, &font);
  self->y += height + 0.5;
}

void
chs_sheet_note (ChsSheet *self, const char *text)
{
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, true);

  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &font, text, CHS_ALIGN_START);
  self->y += CHS_SHEET_EM_BODY * CHS_SHEET_LINE + 0.5;
}

/* ---- facts: name and value in two columns ---- */

static double
put_fact (const ChsSheet *self, double x, double y, double w, const ChsSheetFact *fact)
{
  const ChsFont soft = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, true);
  const ChsFont font = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, fact->value == NULL);
  const char *value = fact->value != NULL ? fact->value : chs_sheet_tr (self, N_ ("not recorded"));
  double height;

  chs_sheet_line (self, x, y, w * 0.30, &soft, chs_sheet_tr (self, fact->name), CHS_ALIGN_START);
  height = put_block (self, chs_sheet_cr (self), x + w * 0.32, y + 0.1, w * 0.68 - 2.0, &font, value);
  return MAX (CHS_SHEET_EM_BODY * CHS_SHEET_LINE, height);
}

void
chs_sheet_facts (ChsSheet *self, ChsSheetFact *left, guint n_left, ChsSheetFact *right, guint n_right)
{
  double half = CHS_SHEET_WIDTH / 2.0, y[2] = { self->y, self->y };

  for (guint i = 0; i < n_left; i++)
    y[0] += put_fact (self, CHS_SHEET_MARGIN, y[0], half, &left[i]) + 0.3;
  for (guint i = 0; i < n_right; i++)
    y[1] += put_fact (self, CHS_SHEET_MARGIN + half, y[1], half, &right[i]) + 0.3;
  for (guint i = 0; i < n_left; i++)
    g_free (left[i].value);
  for (guint i = 0; i < n_right; i++)
    g_free (right[i].value);
  self->y = MAX (y[0], y[1]);
}

char *
chs_sheet_dup_clock (const ChsSheet *self, int64_t t_us)
{
  return t_us != CHS_TIME_NONE ? chs_words_clock (self->report->model, t_us) : g_strdup ("–");
}

char *
chs_sheet_dup_value (double value, ChsParam param)
{
  return isnan (value) ? g_strdup ("–") : chs_words_number (value, chs_param_info (param)->decimals);
}
