/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw-private.h"
#include "app/report-private.h"

/* The paper of a report: pages, headings, tables, facts. Everything is laid out each time from the top; only the wanted
 * page reaches the context, the others a surface of no size, so that a page, its number and the count of pages come from
 * one pass.
 *
 * Places and sizes are in mm of A4, as on a page that is read from the left; one that is read from the right is its
 * mirror image. What puts something moves @y below it, except chs_sheet_line() and chs_sheet_rule(). Texts that are
 * handed in are translated already, titles of columns and names of facts are not. */

#define CHS_SHEET_MARGIN 15.0
#define CHS_SHEET_TOP 14.0
#define CHS_SHEET_BOTTOM (CHS_REPORT_HEIGHT_MM - 17.0)
#define CHS_SHEET_WIDTH (CHS_REPORT_WIDTH_MM - 2.0 * CHS_SHEET_MARGIN)
#define CHS_SHEET_EM_TITLE 5.4
#define CHS_SHEET_EM_HEADING 3.2
#define CHS_SHEET_EM_BODY 2.75 /* 7.8 pt */
#define CHS_SHEET_EM_SMALL 2.35
#define CHS_SHEET_LINE 1.38    /* height of a line, in ems */
#define CHS_SHEET_ROW (CHS_SHEET_EM_BODY * CHS_SHEET_LINE + 0.6)
#define CHS_SHEET_MAX_COLUMNS 7

typedef struct {
  const ChsReport *report;
  const ChsTheme  *theme;
  cairo_t         *cr, *nowhere;
  guint            wanted, page; /* from 0; wanted: G_MAXUINT = none, the pages are only counted */
  guint            n_pages;      /* 0 = not counted yet */
  double           y;            /* mm: where the next thing stands */
} ChsSheet;

/* @msgid in the report's language. */
const char *chs_sheet_tr (const ChsSheet *self, const char *msgid);

/* The context of the page that is laid out: the wanted one, or nowhere. */
cairo_t *chs_sheet_cr (const ChsSheet *self);

/* From mm to the units of the context. */
ChsRect chs_sheet_rect (const ChsSheet *self, double x, double y, double w, double h);

/* @em: mm; soft is the colour of labels. */
ChsFont chs_sheet_font (const ChsSheet *self, double em, bool bold, bool soft);

/* One line of text in @w mm; a rule of @thickness mm. */
void chs_sheet_line (const ChsSheet *self, double x, double y, double w, const ChsFont *font, const char *text, ChsAlign align);
void chs_sheet_rule (const ChsSheet *self, double x, double y, double w, double thickness);

/* ---- pages ---- */

void chs_sheet_footer (const ChsSheet *self);        /* of the page that ends */
void chs_sheet_need (ChsSheet *self, double height); /* a new page, unless @height mm are left on this one */

/* A heading that is kept together with the next @with mm. */
void chs_sheet_heading (ChsSheet *self, const char *text, double with);

/* A line of its own in a soft colour: that there is nothing, or how the table above is to be read. */
void chs_sheet_note (ChsSheet *self, const char *text);

/* ---- tables ---- */

typedef struct {
  const char *title;
  double      width; /* of the whole, 0..1 */
} ChsSheetColumn;

/* A row as high as its highest cell, on a new page with the titles again when it finds no room. @n: at most
 * CHS_SHEET_MAX_COLUMNS; NULL is an empty cell. */
void chs_sheet_titles (ChsSheet *self, const ChsSheetColumn *columns, guint n);
void chs_sheet_row (ChsSheet *self, const ChsSheetColumn *columns, guint n, char *const *cells, bool soft);

/* ---- facts: name and value in two columns ---- */

typedef struct {
  const char *name;
  char       *value; /* NULL = nobody entered it */
} ChsSheetFact;

/* Takes the values. */
void chs_sheet_facts (ChsSheet *self, ChsSheetFact *left, guint n_left, ChsSheetFact *right, guint n_right);

/* ---- words; (transfer full); a dash where there is none ---- */

char *chs_sheet_dup_clock (const ChsSheet *self, int64_t t_us);  /* time of day of the session's @t_us */
char *chs_sheet_dup_value (double value, ChsParam param);        /* with the digits of its parameter, without a unit */
