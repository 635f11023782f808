/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/event-codec.h"
#include "tests/event-maker.h"

#include <math.h>
#include <string.h>

#define N_EVENTS 400

typedef struct {
  ChsPackState state;
  guint8 *buf;
  gsize size, used;
} Block;

static void
block_init (Block *block, gsize size)
{
  *block = (Block) { .buf = g_malloc (size), .size = size };
}

static gboolean
block_put (Block *block, const ChsEvent *event)
{
  gsize bound = chs_event_pack_bound (event), n = chs_event_pack (&block->state, event, block->buf + block->used, block->size - block->used);

  ck_assert_msg (n <= bound, "%s: %zu bytes, bound %zu", chs_event_type_id (event->type), n, bound);
  block->used += n;
  return n > 0;
}

static void
check_block (const Block *block, guint32 seed, ChsEventType type, guint first, guint n)
{
  ChsPackState state = { 0 };
  ChsEventMaker maker;
  ChsEvent want, got;
  gint16 samples[CHS_WAVE_MAX];
  /* A copy of exactly the right length, so that a sanitizer sees a read behind it. */
  g_autofree guint8 *copy = g_memdup2 (block->buf, block->used);
  const guint8 *p = copy, *end = copy + block->used;

  chs_event_maker_init (&maker, seed);
  for (guint i = 0; i < first + n; i++) {
    chs_event_maker_next (&maker, type, &want);
    if (i < first)
      continue;
    memset (&got, 0xA5, sizeof got);
    ck_assert_int_eq (chs_event_unpack (&state, &p, end, &got, samples, G_N_ELEMENTS (samples)), CHS_UNPACK_EVENT);
    ck_assert_msg (chs_events_equal (&want, &got), "event %u of type %s differs", i, chs_event_type_id (want.type));
  }
  ck_assert_int_eq (chs_event_unpack (&state, &p, end, &got, samples, G_N_ELEMENTS (samples)), CHS_UNPACK_END);
  chs_event_maker_clear (&maker);
}

/* _i: a type, or 0 for all mixed; @split events a block. */
static void
round_trip (guint32 seed, ChsEventType type, guint split)
{
  ChsEventMaker maker;
  ChsEvent event;
  Block block;

  chs_event_maker_init (&maker, seed);
  for (guint first = 0; first < N_EVENTS; first += split) {
    guint n = MIN (split, N_EVENTS - first);

    block_init (&block, 32 * 1024 * n);
    for (guint i = 0; i < n; i++) {
      chs_event_maker_next (&maker, type, &event);
      ck_assert_msg (block_put (&block, &event), "event %u of type %s", first + i, chs_event_type_id (event.type));
    }
    check_block (&block, seed, type, first, n);
    g_free (block.buf);
  }
  chs_event_maker_clear (&maker);
}

START_TEST (every_type_comes_back)
{
  round_trip (1000u + (guint32) _i, (ChsEventType) _i, N_EVENTS);
}
END_TEST

START_TEST (blocks_stand_alone)
{
  static const guint splits[] = { 1, 2, 3, 7, 50, 133 };

  round_trip (77, CHS_EVENT_NONE, splits[_i]);
}
END_TEST

/* More tracks and pumps than a block remembers. */
START_TEST (many_tracks_come_back)
{
  Block block;
  ChsPackState state = { 0 };
  const guint8 *p;
  ChsEvent event, got;
  gint16 samples[1];

  block_init (&block, 1 << 20);
  for (guint i = 0; i < 3000; i++) {
    event = chs_numeric ((ChsParam) (1 + i % 20), 60 + i % 7);
    event.seq = i + 1;
    event.t_us = event.wall_us = 1000 * i;
    event.source = (guint8) (i * 7 % 11);
    event.channel = (guint8) (i % 3);
    ck_assert (block_put (&block, &event));
  }
  p = block.buf;
  for (guint i = 0; i < 3000; i++) {
    ck_assert_int_eq (chs_event_unpack (&state, &p, block.buf + block.used, &got, samples, 1), CHS_UNPACK_EVENT);
    ck_assert_uint_eq (got.seq, i + 1);
    ck_assert_uint_eq (got.source, i * 7 % 11);
    ck_assert_uint_eq (got.numeric.param, 1 + i % 20);
    ck_assert_double_eq (got.numeric.value, 60 + i % 7);
  }
  g_free (block.buf);
}
END_TEST

static void
unpack_all (const guint8 *bytes, gsize n)
{
  g_autofree guint8 *copy = memcpy (g_malloc (n + 1), bytes, n);
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  const guint8 *p = copy, *end = copy + n;
  gint16 samples[CHS_WAVE_MAX];
  guint64 last = 0;
  ChsEvent event;

  while (chs_event_unpack (state, &p, end, &event, samples, G_N_ELEMENTS (samples)) == CHS_UNPACK_EVENT) {
    gsize size;
    const void *borrowed = chs_event_borrowed (&event, &size);

    /* One assertion for all: this runs a million times. */
    ck_assert_msg (p > copy && p <= end && event.seq > last && event.type < CHS_N_EVENTS
                     && (borrowed == NULL || event.type == CHS_EVENT_WAVE
                         || ((const guint8 *) borrowed >= copy && (const guint8 *) borrowed + size <= end))
                     && (event.type != CHS_EVENT_NUMERIC || event.numeric.param < CHS_N_PARAMS)
                     && (event.type != CHS_EVENT_NURSE || g_utf8_validate (event.nurse.text, -1, NULL)),
                   "event %d of type %d", (int) event.seq, event.type);
    last = event.seq;
  }
}

static void
make_mixed (Block *block, guint n)
{
  ChsEventMaker maker;
  ChsEvent event;

  chs_event_maker_init (&maker, 5);
  block_init (block, n * 32 * 1024);
  for (guint i = 0; i < n; i++) {
    chs_event_maker_next (&maker, CHS_EVENT_NONE, &event);
    block_put (block, &event);
  }
  chs_event_maker_clear (&maker);
}

START_TEST (every_damaged_byte_is_survived)
{
  Block block;

  make_mixed (&block, 30);
  for (gsize i = 0; i < block.used; i++) {
    guint8 was = block.buf[i];

    block.buf[i] ^= (guint8) (1u << (i % 8));
    unpack_all (block.buf, block.used);
    block.buf[i] = (guint8) ~was;
    unpack_all (block.buf, block.used);
    block.buf[i] = was;
  }
  g_free (block.buf);
}
END_TEST

START_TEST (every_cut_is_survived)
{
  Block block;

  make_mixed (&block, 30);
  for (gsize n = 0; n < block.used; n++)
    unpack_all (block.buf, n);
  g_free (block.buf);
}
END_TEST

START_TEST (random_bytes_are_survived)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  guint8 buf[512];

  for (guint round = 0; round < 20000; round++) {
    guint n = (guint) g_rand_int_range (rand, 1, sizeof buf);

    for (guint i = 0; i < n; i++)
      buf[i] = (guint8) g_rand_int (rand);
    buf[0] = CHS_BLOCK_VERSION;
    unpack_all (buf, n);
  }
}
END_TEST

static const struct {
  const char *name;
  guint n_params;     /* at 1 Hz each */
  gboolean together;  /* one frame with all of them, or each at a time of its own */
  double jitter_us;
} calm[] = {
  { "six in a frame", 6, TRUE, 3000 },
  { "each by itself", 6, FALSE, 3000 },
  { "one alone, late now and then", 1, FALSE, 200000 },
  { "fifteen in a frame", 15, TRUE, 20000 },
};

/* A calm numeric: known track, about one a second, changing by little; raw bytes go before each frame and take numbers. */
START_TEST (a_calm_numeric_costs_at_most_five_bytes)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  double values[15];
  gint64 due[15];
  guint64 seq = 0;
  gint64 last = 0;
  gsize worst = 0, total = 0;
  guint n = 0;
  Block block;

  for (guint p = 0; p < calm[_i].n_params; p++) {
    values[p] = 60 + p;
    due[p] = 100000 + (calm[_i].together ? 0 : 130000 * (gint64) p);
  }
  block_init (&block, 1 << 20);
  for (guint second = 0; second < 600; second++)
    for (guint p = 0; p < calm[_i].n_params; p++) {
      ChsEvent event;
      gsize before = block.used;
      gboolean frame = p == 0 || !calm[_i].together;

      if (g_rand_int_range (rand, 0, 3) == 0)
        values[p] += g_rand_int_range (rand, -2, 3);
      event = chs_numeric ((ChsParam) (1 + p), values[p]);
      event.seq = seq += frame && calm[_i].together ? 2 : 1;
      if (frame)
        last = MAX (last, due[p] + (gint64) second * 1000000 + (gint64) g_rand_double_range (rand, 0, calm[_i].jitter_us));
      event.t_us = last;
      event.wall_us = last + 17;
      event.source = 1;
      ck_assert (block_put (&block, &event));
      if (second < 3)
        continue;
      worst = MAX (worst, block.used - before);
      total += block.used - before;
      n++;
    }
  g_test_message ("%s: %.2f bytes a numeric, worst %zu", calm[_i].name, (double) total / n, worst);
  ck_assert_msg (worst <= 5 + (calm[_i].together ? 1 : 0), "%s: worst %zu bytes", calm[_i].name, worst);
  ck_assert_msg ((double) total / n <= 5.0, "%s: %.2f bytes", calm[_i].name, (double) total / n);
  g_free (block.buf);
}
END_TEST

static const struct {
  const char *name;
  ChsEvent event;
} refused[] = {
  { "no number", { .type = CHS_EVENT_TICK } },
  { "no type", { .seq = 1 } },
  { "type outside", { .seq = 1, .type = CHS_N_EVENTS } },
  { "parameter outside", { .seq = 1, .type = CHS_EVENT_NUMERIC, .numeric = { .param = CHS_N_PARAMS } } },
  { "quality outside", { .seq = 1, .type = CHS_EVENT_NUMERIC, .numeric = { .param = 1, .quality = 4 } } },
  { "wave too long", { .seq = 1, .type = CHS_EVENT_WAVE, .wave = { .param = CHS_PARAM_ECG_WAVE, .n = CHS_WAVE_MAX + 1 } } },
  { "raw too long", { .seq = 1, .type = CHS_EVENT_RAW, .raw = { .n = CHS_BYTES_MAX + 1 } } },
  { "label outside", { .seq = 1, .type = CHS_EVENT_ALARM, .alarm = { .label = CHS_N_LABELS } } },
};

START_TEST (nonsense_is_refused)
{
  static const ChsPackState zero;
  ChsPackState state = { 0 };
  g_autofree guint8 *buf = g_malloc (4 * 1024 * 1024);

  ck_assert_msg (chs_event_pack (&state, &refused[_i].event, buf, 4 * 1024 * 1024) == 0, "%s", refused[_i].name);
  ck_assert_msg (memcmp (&state, &zero, sizeof state) == 0, "%s: state was touched", refused[_i].name);
}
END_TEST

START_TEST (numbers_must_rise_and_room_must_do)
{
  ChsPackState state = { 0 };
  ChsEvent event = chs_numeric (CHS_PARAM_HR, 72);
  guint8 buf[256];

  event.seq = 5;
  ck_assert_uint_eq (chs_event_pack (&state, &event, buf, chs_event_pack_bound (&event) - 1), 0);
  ck_assert_uint_gt (chs_event_pack (&state, &event, buf, sizeof buf), 0);
  ck_assert_uint_eq (chs_event_pack (&state, &event, buf, sizeof buf), 0);
}
END_TEST

static Suite *
event_codec_suite (void)
{
  static const guint n_splits = 6;
  Suite *suite = suite_create ("event-codec");
  TCase *tc = tcase_create ("properties");

  tcase_set_timeout (tc, 100);
  tcase_add_loop_test (tc, every_type_comes_back, CHS_EVENT_NONE, CHS_N_EVENTS);
  tcase_add_loop_test (tc, blocks_stand_alone, 0, n_splits);
  tcase_add_test (tc, many_tracks_come_back);
  tcase_add_test (tc, every_damaged_byte_is_survived);
  tcase_add_test (tc, every_cut_is_survived);
  tcase_add_test (tc, random_bytes_are_survived);
  tcase_add_loop_test (tc, a_calm_numeric_costs_at_most_five_bytes, 0, G_N_ELEMENTS (calm));
  tcase_add_loop_test (tc, nonsense_is_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_test (tc, numbers_must_rise_and_room_must_do);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (event_codec_suite)
