/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/event-batch.h"

#define N 5000

typedef struct {
  guint n_blocks;
  guint64 last_seq; /* of the newest event that came out */
} Out;

static void
on_block (GBytes *block, guint64 last_seq, gpointer user_data)
{
  Out *out = user_data;
  gsize n;
  const guint8 *bytes = g_bytes_get_data (block, &n);
  const guint8 *end = bytes + n;
  ChsPackState state = { 0 };
  int16_t samples[16];
  ChsEvent event;
  ChsUnpack what;

  while ((what = chs_event_unpack (&state, &bytes, end, &event, samples, G_N_ELEMENTS (samples))) == CHS_UNPACK_EVENT) {
    ck_assert_uint_eq (event.seq, out->last_seq + 1);
    out->last_seq = event.seq;
  }
  ck_assert_int_eq (what, CHS_UNPACK_END);
  ck_assert_uint_eq (out->last_seq, last_seq);
  ck_assert_uint_gt (n, 0);
  out->n_blocks++;
}

START_TEST (every_block_stands_alone_and_nothing_is_lost)
{
  Out out = { 0 };
  ChsEventBatch batch;

  chs_event_batch_init (&batch, on_block, &out);
  chs_event_batch_flush (&batch);
  ck_assert_uint_eq (out.n_blocks, 0);
  for (guint64 i = 1; i <= N; i++) {
    ChsEvent event = chs_numeric (CHS_PARAM_HR, 60 + (double) (i % 100) / 7);

    event.seq = i;
    event.t_us = (gint64) i * 12345;
    event.wall_us = event.t_us + 1000;
    chs_event_batch_add (&batch, &event);
  }
  ck_assert_uint_gt (out.n_blocks, 0);
  chs_event_batch_flush (&batch);
  chs_event_batch_flush (&batch);
  ck_assert_uint_eq (out.last_seq, N);
  chs_event_batch_clear (&batch);
}
END_TEST

static Suite *
event_batch_suite (void)
{
  Suite *suite = suite_create ("event-batch");
  TCase *tc = tcase_create ("blocks");

  tcase_add_test (tc, every_block_stands_alone_and_nothing_is_lost);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (event_batch_suite)
