/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines of instruments that print: ASCII, ended by CR, LF or both. NUL bytes, which
 * some send before a line, are dropped; empty lines are none. C library only. */

#define CHS_TEXT_LINE_MAX 256

typedef struct {
  bool   is_bad;   /* too long, or with characters that are none: to be refused at its end */
  bool   is_done;  /* @text was given out; the next byte begins a new one */
  size_t n;        /* bytes of the line so far, also of a bad one */
  char   text[CHS_TEXT_LINE_MAX]; /* NUL terminated when given out */
} ChsTextLine;

/**
 * chs_text_line_reset:
 * @self: a reader
 *
 * Forgets the line that was begun.
 */
void chs_text_line_reset (ChsTextLine *self);

/**
 * chs_text_line_feed:
 * @self: a reader; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 *
 * Returns: %CHS_FEED_FRAME with the line in @text until the next feed; %CHS_FEED_BAD at the end of a line that was
 *   too long or held other than printable ASCII and tabs, its length in @n
 */
ChsFeed chs_text_line_feed (ChsTextLine *self, const uint8_t *bytes, size_t n, size_t *used);

/* A word of a line. */
typedef struct {
  const char *text;
  size_t      n; /* 0 = there are no more */
} ChsWord;

/**
 * chs_text_word:
 * @line: (inout): the rest of a line; moved behind the word
 *
 * Returns: the next word; blanks and tabs stand between words
 */
ChsWord chs_text_word (const char **line);

/**
 * chs_text_word_is:
 * @word: a word
 * @pattern: '9' any digit, 'A' any letter, everything else itself
 *
 * Returns: whether @word fits @pattern from end to end
 */
bool chs_text_word_is (ChsWord word, const char *pattern);
