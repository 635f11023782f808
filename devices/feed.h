/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a push decoder answers. It takes bytes in any split, uses some of them, and
 * says what came of it; the caller feeds the rest again until all are used. Any
 * split of a stream gives the same answers in the same order. */
typedef enum {
  CHS_FEED_MORE,  /* all bytes used, no frame is complete */
  CHS_FEED_FRAME, /* a good frame came out */
  CHS_FEED_BAD,   /* a frame was refused; the reason is counted in the decoder */
} ChsFeed;
