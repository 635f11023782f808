/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/wave-codec.h"

#include "data/event-codec.h"
#include "tests/check-main.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define N CHS_WAVE_MAX
#define BEHIND 0xA5 /* must not be written over */

static guint8 bytes[N * 3 + 64];
static gint16 in[N], out[N];

static gsize
put (gsize n)
{
  gsize bound = chs_wave_codec_bound (n), used;

  ck_assert_uint_le (bound, sizeof bytes - 1);
  bytes[bound] = BEHIND;
  used = (gsize) (chs_wave_codec_put (bytes, in, n) - bytes);
  ck_assert_uint_le (used, bound);
  ck_assert_uint_eq (bytes[bound], BEHIND);
  return used;
}

static void
check_both_ways (gsize n, const char *name)
{
  gsize used = put (n);

  memset (out, 0x55, sizeof out);
  ck_assert_msg (chs_wave_codec_get (bytes, bytes + used, out, n) == bytes + used, "%s, %zu samples", name, n);
  ck_assert_msg (memcmp (in, out, n * sizeof *in) == 0, "%s, %zu samples", name, n);
}

/* ---- shapes ---- */

static gint16 silence (guint i, GRand *r) { return 0; }
static gint16 level (guint i, GRand *r) { return 12345; }
static gint16 ramp (guint i, GRand *r) { return (gint16) (i * 7); }
static gint16 sine (guint i, GRand *r) { return (gint16) (2000 * sin (i / 20.0)); }
static gint16 noise (guint i, GRand *r) { return (gint16) g_rand_int_range (r, -32767, 32768); }
static gint16 swing (guint i, GRand *r) { return i % 2 == 0 ? 32767 : -32767; }
static gint16 absent (guint i, GRand *r) { return CHS_WAVE_ABSENT; }
static gint16 holes (guint i, GRand *r) { return g_rand_int_range (r, 0, 3) == 0 ? CHS_WAVE_ABSENT : (gint16) (i * 3); }
static gint16 beats (guint i, GRand *r) { return (gint16) (i % 200 == 0 ? 3000 : g_rand_int_range (r, -3, 4)); }

static const struct {
  const char *name;
  gint16 (*sample) (guint i, GRand *r);
  double most; /* bytes a sample, of a full block */
} shapes[] = {
  { "silence", silence, 0.04 }, { "level", level, 0.05 }, { "ramp", ramp, 0.05 }, { "sine", sine, 0.54 }, { "noise", noise, 2.1 },
  { "swing", swing, 2.1 },      { "absent", absent, 0.13 }, { "holes", holes, 0.8 }, { "beats", beats, 0.62 },
};

static const guint lengths[] = { 0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 100, 1000, N - 1, N };

START_TEST (what_went_in_comes_out)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < N; i++)
    in[i] = shapes[_i].sample (i, random);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    check_both_ways (lengths[i], shapes[_i].name);
  ck_assert_msg ((double) put (N) / N <= shapes[_i].most, "%s: %.3f bytes a sample", shapes[_i].name, (double) put (N) / N);
}
END_TEST

START_TEST (a_cut_is_refused)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gsize used;

  for (guint i = 0; i < 100; i++)
    in[i] = shapes[_i].sample (i, random);
  used = put (100);
  for (gsize cut = 0; cut < used; cut++) {
    g_autofree guint8 *copy = memcpy (g_malloc (cut + 1), bytes, cut);

    ck_assert_msg (chs_wave_codec_get (copy, copy + cut, out, 100) == NULL, "%s cut at %zu", shapes[_i].name, cut);
  }
}
END_TEST

static const struct {
  const char *name;
  guint8 bytes[8];
  gsize  n_bytes, n;
} wrong[] = {
  { "first byte", { 2, 0 }, 2, 1 },
  { "order", { 0, 3 << 5 }, 2, 1 },
  { "width", { 0, 19, 0, 0, 0 }, 5, 1 },
  { "beyond 16 bits", { 0, 18, 0xFE, 0xFF, 0x03 }, 5, 1 },
  { "the mark for absent as a value", { 0, 16, 0xFF, 0xFF }, 4, 1 },
  { "no mask", { 1 }, 1, 9 },
  { "too many samples", { 0, 0 }, 2, N + 1 },
};

START_TEST (nonsense_is_refused)
{
  ck_assert_msg (chs_wave_codec_get (wrong[_i].bytes, wrong[_i].bytes + wrong[_i].n_bytes, out, wrong[_i].n) == NULL, "%s", wrong[_i].name);
}
END_TEST

START_TEST (any_bytes_are_bounded)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);

  for (guint round = 0; round < 20000; round++) {
    gsize n_bytes = (gsize) g_rand_int_range (random, 0, 200), n = (gsize) g_rand_int_range (random, 0, 300);
    g_autofree guint8 *copy = g_malloc (n_bytes + 1);
    const guint8 *behind;

    for (gsize i = 0; i < n_bytes; i++)
      copy[i] = (guint8) g_rand_int (random);
    if (n_bytes > 0)
      copy[0] &= 1;
    behind = chs_wave_codec_get (copy, copy + n_bytes, out, n);
    ck_assert (behind == NULL || (behind >= copy && behind <= copy + n_bytes));
  }
}
END_TEST

static Suite *
wave_codec_suite (void)
{
  Suite *suite = suite_create ("wave-codec");
  TCase *tc = tcase_create ("samples");

  tcase_add_loop_test (tc, what_went_in_comes_out, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tc, a_cut_is_refused, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (tc, nonsense_is_refused, 0, G_N_ELEMENTS (wrong));
  tcase_add_test (tc, any_bytes_are_bounded);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (wave_codec_suite)
