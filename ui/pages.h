/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The registry of pages: whoever adds a page adds one row in pages.c, and the window
 * can open it ("win.page" with its id), the place "More" shows its key, and its
 * shortcut works. The window makes a page when it is first opened.
 *
 * Every page has a way back (ChsPage brings it). The window returns to the chair by
 * itself when nobody touched a page for a minute, and at once when a HIGH alarm
 * comes; both not while something is half typed (chs_page_set_keeps_open()). */

typedef enum {
  CHS_PAGE_OF_KEYS,       /* has a key of its own on the screen: not in "More" */
  CHS_PAGE_OF_NURSE,      /* in the upper part of "More" */
  CHS_PAGE_OF_TECHNICIAN, /* in the lower part */
} ChsPagePlace;

typedef struct {
  const char  *id;    /* "limits"; target of win.page, name in the window's stack */
  ChsPagePlace place;
  const char  *title; /* marked for translation; NULL for %CHS_PAGE_OF_KEYS */
  const char  *hint;  /* one line of what it is good for, marked for translation; NULL likewise */
  guint        key;   /* GDK_KEY_…: with Ctrl; 0 = none */
  gboolean     answers_alarm; /* it is where a nurse answers an alarm: a new HIGH one does not close it */
  GType      (*get_type) (void);
} ChsPageInfo;

/**
 * chs_pages:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): all pages beside the chair, in the order of "More"
 */
const ChsPageInfo *chs_pages (guint *n);

/**
 * chs_pages_find:
 * @id: of a page
 *
 * Returns: (transfer none) (nullable): its row
 */
const ChsPageInfo *chs_pages_find (const char *id);
