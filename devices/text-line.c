/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/text-line.h"

void
chs_text_line_reset (ChsTextLine *self)
{
  self->is_bad = self->is_done = false;
  self->n = 0;
}

static void
push (ChsTextLine *self, char c)
{
  bool is_text = (c >= ' ' && c <= '~') || c == '\t';

  if (!is_text || self->n >= sizeof self->text - 1)
    self->is_bad = true;
  else
    self->text[self->n] = c;
  self->n++;
}

ChsFeed
chs_text_line_feed (ChsTextLine *self, const uint8_t *bytes, size_t n, size_t *used)
{
  if (self->is_done)
    chs_text_line_reset (self);
  for (size_t i = 0; i < n; i++) {
    if (bytes[i] == '\0' || ((bytes[i] == '\r' || bytes[i] == '\n') && self->n == 0))
      continue;
    if (bytes[i] != '\r' && bytes[i] != '\n') {
      push (self, (char) bytes[i]);
      continue;
    }
    *used = i + 1;
    self->is_done = true;
    if (self->is_bad)
      return CHS_FEED_BAD;
    self->text[self->n] = '\0';
    return CHS_FEED_FRAME;
  }
  *used = n;
  return CHS_FEED_MORE;
}

ChsWord
chs_text_word (const char **line)
{
  ChsWord word;

  while (**line == ' ' || **line == '\t')
    (*line)++;
  word = (ChsWord) { .text = *line };
  while (**line != '\0' && **line != ' ' && **line != '\t') {
    (*line)++;
    word.n++;
  }
  return word;
}

static bool
fits (char c, char pattern)
{
  if (pattern == '9')
    return c >= '0' && c <= '9';
  if (pattern == 'A')
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return c == pattern;
}

bool
chs_text_word_is (ChsWord word, const char *pattern)
{
  size_t i = 0;

  while (i < word.n && pattern[i] != '\0' && fits (word.text[i], pattern[i]))
    i++;
  return i == word.n && pattern[i] == '\0';
}
