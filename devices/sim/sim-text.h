/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/simulator.h"
#include "devices/text-pump.h"

#include <stdio.h>
#include <string.h>

/* What the simulators of pumps asked in text have in common: a request arrives in
 * any split, an answer leaves a little later. C library only. */

#define CHS_SIM_TEXT_MAX 512

typedef struct {
  char     request[64];
  unsigned n;
  uint8_t  answer[CHS_SIM_TEXT_MAX];
  size_t   answer_n;
  int64_t  answer_us; /* when it leaves */
} ChsSimText;

/* Collects one byte of a request that ends with @end. Returns its length when it is complete (the end left out, NUL
 * terminated), else -1. A request that is too long is forgotten. */
static inline int
chs_sim_text_collect (ChsSimText *self, uint8_t byte, char end)
{
  if (byte == (uint8_t) end) {
    int n = (int) self->n;

    self->request[self->n] = '\0';
    self->n = 0;
    return n;
  }
  if (self->n < sizeof self->request - 1)
    self->request[self->n++] = (char) byte;
  else
    self->n = 0;
  return -1;
}

/* Answers @after_ms later; an answer that has not left yet is replaced. */
static inline void
chs_sim_text_answer (ChsSimText *self, const void *bytes, size_t n, int64_t now_us, unsigned after_ms)
{
  if (n > sizeof self->answer)
    return;
  memcpy (self->answer, bytes, n);
  self->answer_n = n;
  self->answer_us = now_us + (int64_t) after_ms * 1000;
}

static inline void
chs_sim_text_tick (ChsSimText *self, int64_t now_us, ChsSimOut *out)
{
  if (self->answer_n == 0 || now_us < self->answer_us)
    return;
  out->write (out, self->answer, self->answer_n);
  self->answer_n = 0;
}
