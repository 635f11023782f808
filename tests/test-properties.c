/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/stream-maker.h"

/* What every driver of the table is held to, on what its own simulator says: a new instrument is under this test by
 * being in the tables. Protocols that cannot do it say why, in one row below. */

#define SPLIT_FRAMES 60
#define DAMAGE_FRAMES 8  /* of which the middle ones are damaged */
#define DAMAGE_BYTES 700 /* at most so many places, spread over those */
#define CUT_FRAMES 1000
#define CUT_BYTES 40

/* Where a protocol differs from the usual: frames with a checksum, each decodable whatever was before it. */
typedef struct {
  const char *id;
  const char *no_checksum; /* what stands in for one: a damaged frame may pass; NULL = it has one */
  guint       missing;     /* intact frames of 1000 that may be lost all the same */
  const char *why;         /* of @missing */
} Exception;

static const Exception exceptions[] = {
  { "accutorr-3", "a cuff reading counts when two replies say the same", 0, NULL },
  { "berry-bci", "numbers count when two packages say the same", 0, NULL },
  { "contec-cms50", "numbers count when two packages say the same", 0, NULL },
  { "contec-cms50-old", "numbers count when two packages say the same", 0, NULL },
  { "harvard-phd", "a laboratory pump's plain lines; each has one form", 0, NULL },
  { "ivy-450c", "a message is refused whole when any field does not fit", 0, NULL },
  { "masimo-ascii", "each known key once with exactly its digits", 0, NULL },
  { "nellcor-ascii", "the line fits from end to end", 0, NULL },
  { "new-era-ne1000", "a laboratory pump's basic mode; each reply has one form", 0, NULL },
  { "nonin-2", NULL, 6, "a packet counts when the bytes of the next show that it was not patched together" },
  { "nonin-8", "the length between two first bytes", 0, NULL },
  { "nonin-ascii", "the line fits from end to end", 0, NULL },
};

/* Damaged frames that may pass where there is a checksum: the byte was one that the frame can do without (a flag that the
 * frame before has, too), or a sum of 8 bits fits by chance. */
#define TORN 3

static const Exception *
exception_of (const ChsDriver *driver)
{
  static const Exception none = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (exceptions); i++)
    if (strcmp (exceptions[i].id, driver->id) == 0)
      return &exceptions[i];
  return &none;
}

static const ChsDriver *
driver_at (int i)
{
  return chs_drivers (NULL)[i];
}

/* ---- splits ---- */

START_TEST (any_split_gives_the_same)
{
  Stream stream;

  stream_make (&stream, driver_at (_i), SPLIT_FRAMES);
  ck_assert_uint_ge (stream.ends->len, SPLIT_FRAMES);
  driver_check_splits (stream.driver, stream.bytes->data, stream.bytes->len);
  stream_clear (&stream);
}
END_TEST

/* ---- damage ---- */

static char *
dup_damaged (const Stream *stream, gsize at, guint8 mask, ChsCounters *counters)
{
  g_autofree guint8 *bytes = g_memdup2 (stream->bytes->data, stream->bytes->len);
  gsize n = stream->bytes->len;

  if (mask != 0)
    bytes[at] ^= mask;
  else
    memmove (bytes + at, bytes + at + 1, --n - at);
  return driver_check_dup_events (stream->driver, bytes, n, n, counters);
}

/* A byte dropped, or its bits flipped one by one and all at once: frames may be lost, and none is made. If no frame is lost
 * the damage must have been without meaning: outside the frames, with the same events. */
START_TEST (a_damaged_byte_makes_no_false_frame)
{
  static const guint8 masks[] = { 0, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF };
  const ChsDriver *driver = driver_at (_i);
  g_autofree char *whole = NULL;
  ChsCounters want, got;
  Stream stream;
  gsize from, to, step;

  if (exception_of (driver)->no_checksum != NULL)
    return;
  stream_make (&stream, driver, DAMAGE_FRAMES);
  whole = driver_check_dup_events (driver, stream.bytes->data, stream.bytes->len, stream.bytes->len, &want);
  from = stream_start (&stream, 2);
  to = stream_end (&stream, DAMAGE_FRAMES - 2);
  step = 1 + (to - from) / DAMAGE_BYTES;
  for (gsize at = from; at < to; at += step)
    for (guint i = 0; i < G_N_ELEMENTS (masks); i++) {
      g_autofree char *events = dup_damaged (&stream, at, masks[i], &got);

      ck_assert_msg (got.frames_ok <= want.frames_ok, "%s: byte %zu, mask %02X: %" G_GUINT64_FORMAT " frames of %" G_GUINT64_FORMAT,
                     driver->id, at, masks[i], got.frames_ok, want.frames_ok);
      ck_assert_msg (got.frames_ok < want.frames_ok || strcmp (events, whole) == 0, "%s: byte %zu, mask %02X: another frame", driver->id,
                     at, masks[i]);
    }
  stream_clear (&stream);
}
END_TEST

/* ---- resynchronisation ---- */

/* A copy of a stream in the making: which of its bytes are kept as they are. */
typedef struct {
  const Stream *stream;
  guint8       *harm; /* per byte: 0 as it is, 1 cut out, else an XOR mask */
} Harm;

static void
harm_init (Harm *harm, const Stream *stream)
{
  *harm = (Harm) { .stream = stream, .harm = g_malloc0 (stream->bytes->len) };
}

static void
harm_cut (Harm *harm, gsize at, gsize n)
{
  for (gsize i = at; i < MIN (at + n, harm->stream->bytes->len); i++)
    harm->harm[i] = 1;
}

static gboolean
is_intact (const Harm *harm, guint frame)
{
  for (gsize i = stream_start (harm->stream, frame); i < stream_end (harm->stream, frame); i++)
    if (harm->harm[i] != 0)
      return FALSE;
  return TRUE;
}

/* The reference count, and what the driver makes of it. */
static void
check_harm (Harm *harm, const char *what)
{
  const Stream *stream = harm->stream;
  const Exception *exception = exception_of (stream->driver);
  guint intact = 0;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *events = NULL;
  ChsCounters counters;

  for (guint i = 0; i < stream->ends->len; i++)
    intact += is_intact (harm, i);
  for (gsize i = 0; i < stream->bytes->len; i++) {
    guint8 byte = (guint8) (stream->bytes->data[i] ^ harm->harm[i]);

    if (harm->harm[i] != 1)
      g_byte_array_append (bytes, &byte, 1);
  }
  events = driver_check_dup_events (stream->driver, bytes->data, bytes->len, 512, &counters);
  ck_assert_msg (counters.frames_ok + exception->missing >= intact, "%s, %s: %" G_GUINT64_FORMAT " frames of %u intact",
                 stream->driver->id, what, counters.frames_ok, intact);
  ck_assert_msg (exception->no_checksum != NULL || counters.frames_ok <= intact + TORN,
                 "%s, %s: %" G_GUINT64_FORMAT " frames, only %u intact", stream->driver->id, what, counters.frames_ok, intact);
  g_free (harm->harm);
}

/* 1000 frames, 40 bytes cut out somewhere in each tenth. */
START_TEST (every_tenth_frame_cut_costs_no_other)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  Stream stream;
  Harm harm;

  stream_make (&stream, driver_at (_i), CUT_FRAMES);
  ck_assert_uint_ge (stream.ends->len, CUT_FRAMES);
  harm_init (&harm, &stream);
  for (guint i = 5; i < CUT_FRAMES; i += 10) {
    gsize start = stream_start (&stream, i), length = stream_end (&stream, i) - start;

    harm_cut (&harm, start + (length > CUT_BYTES ? (gsize) g_rand_int_range (rand, 0, (gint32) (length - CUT_BYTES)) : 0), CUT_BYTES);
  }
  check_harm (&harm, "cut");
  stream_clear (&stream);
}
END_TEST

/* Bytes garbled at random, one in 1500, and pieces of up to 300 bytes lost, one in 20 000 bytes: more than any line that works. */
START_TEST (noise_costs_only_what_it_touches)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  Stream stream;
  Harm harm;

  stream_make (&stream, driver_at (_i), CUT_FRAMES);
  harm_init (&harm, &stream);
  for (gsize i = 0; i < stream.bytes->len / 1500 + 5; i++)
    harm.harm[g_rand_int_range (rand, 0, (gint32) stream.bytes->len)] = (guint8) g_rand_int_range (rand, 2, 256);
  for (gsize i = 0; i < stream.bytes->len / 20000 + 2; i++)
    harm_cut (&harm, (gsize) g_rand_int_range (rand, 0, (gint32) stream.bytes->len), (gsize) g_rand_int_range (rand, 1, 300));
  check_harm (&harm, "noise");
  stream_clear (&stream);
}
END_TEST

/* ---- personal data ---- */

static GByteArray *
dup_masked (const Stream *stream, gsize piece)
{
  const ChsDriver *driver = stream->driver;
  g_autofree guint8 *out = g_malloc (CHS_MASK_ROOM (piece));
  GByteArray *masked = g_byte_array_new ();
  DriverCheck check;

  driver_check_open (&check, driver);
  for (gsize at = 0; at < stream->bytes->len; at += piece) {
    gsize n = MIN (piece, stream->bytes->len - at);

    g_byte_array_append (masked, out, (guint) driver->mask (check.state, stream->bytes->data + at, n, out));
    driver_check_feed (&check, stream->bytes->data + at, n, n);
  }
  g_byte_array_append (masked, out, (guint) driver->mask (check.state, NULL, 0, out));
  driver_check_close (&check);
  return masked;
}

static gboolean
holds (const GByteArray *bytes, const char *words)
{
  return memmem (bytes->data, bytes->len, words, strlen (words)) != NULL;
}

/* What goes to the recording decodes to the same, and nobody can be found in it. */
START_TEST (personal_data_is_masked)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 512, 100000 };
  const ChsDriver *driver = driver_at (_i);
  g_autofree char *events = NULL;
  ChsCounters want, got;
  Stream stream;

  stream_make (&stream, driver, SPLIT_FRAMES);
  ck_assert_msg ((driver->mask != NULL) == holds (stream.bytes, CHS_SIM_PATIENT_ID), "%s: personal data, and no mask; or the other way round",
                 driver->id);
  events = driver_check_dup_events (driver, stream.bytes->data, stream.bytes->len, stream.bytes->len, &want);
  for (guint i = 0; driver->mask != NULL && i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GByteArray) masked = dup_masked (&stream, pieces[i]);
    g_autofree char *again = driver_check_dup_events (driver, masked->data, masked->len, masked->len, &got);

    ck_assert_msg (!holds (masked, CHS_SIM_PATIENT_ID) && !holds (masked, CHS_SIM_NURSE_ID) && !holds (masked, "4711"), "%s", driver->id);
    ck_assert_msg (strcmp (events, again) == 0, "%s in pieces of %zu: other events", driver->id, pieces[i]);
    ck_assert_uint_eq (want.frames_ok, got.frames_ok);
    ck_assert_uint_eq (want.frames_bad, got.frames_bad);
    ck_assert_uint_eq (stream.bytes->len, masked->len);
  }
  stream_clear (&stream);
}
END_TEST

/* Damaged bytes are masked as well, and a bad message does not become a good one by it. */
START_TEST (masking_heals_nothing)
{
  const ChsDriver *driver = driver_at (_i);
  Stream stream;
  gsize step;

  if (driver->mask == NULL)
    return;
  stream_make (&stream, driver, DAMAGE_FRAMES);
  step = 1 + stream.bytes->len / DAMAGE_BYTES;
  for (gsize at = 0; at < stream.bytes->len; at += step) {
    g_autoptr (GByteArray) masked = NULL;
    ChsCounters want, got;

    stream.bytes->data[at] ^= 0x11;
    g_free (driver_check_dup_events (driver, stream.bytes->data, stream.bytes->len, 64, &want));
    masked = dup_masked (&stream, 64);
    g_free (driver_check_dup_events (driver, masked->data, masked->len, 64, &got));
    ck_assert_msg (want.frames_ok == got.frames_ok, "%s: byte %zu: %" G_GUINT64_FORMAT " frames, then %" G_GUINT64_FORMAT, driver->id, at,
                   want.frames_ok, got.frames_ok);
    stream.bytes->data[at] ^= 0x11;
  }
  stream_clear (&stream);
}
END_TEST

static Suite *
properties_suite (void)
{
  Suite *suite = suite_create ("properties");
  TCase *tc = tcase_create ("drivers");
  unsigned n;

  chs_drivers (&n);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, any_split_gives_the_same, 0, (int) n);
  tcase_add_loop_test (tc, a_damaged_byte_makes_no_false_frame, 0, (int) n);
  tcase_add_loop_test (tc, every_tenth_frame_cut_costs_no_other, 0, (int) n);
  tcase_add_loop_test (tc, noise_costs_only_what_it_touches, 0, (int) n);
  tcase_add_loop_test (tc, personal_data_is_masked, 0, (int) n);
  tcase_add_loop_test (tc, masking_heals_nothing, 0, (int) n);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (properties_suite)
