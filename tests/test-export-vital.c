/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/small-session.h"

#include <math.h>
#include <string.h>

/* The packets read again by the layout of shared/formats/vital-file.md alone. */

static GByteArray *plain;
static gsize       at; /* of the reading */

static guint64
get_int (guint n)
{
  guint64 value = 0;

  ck_assert_uint_le (at + n, plain->len);
  for (guint i = 0; i < n; i++)
    value |= (guint64) plain->data[at++] << (8 * i);
  return value;
}

static double
get_double (void)
{
  union {
    guint64 u;
    double  d;
  } bits = { .u = get_int (8) };

  return bits.d;
}

static double
get_float (void)
{
  union {
    guint32 u;
    float   f;
  } bits = { .u = (guint32) get_int (4) };

  return (double) bits.f;
}

static char *
dup_string (void)
{
  guint n = (guint) get_int (4);
  char *text;

  ck_assert_uint_le (at + n, plain->len);
  text = g_strndup ((const char *) plain->data + at, n);
  at += n;
  return text;
}

static void
setup (void)
{
  g_autoptr (GBytes) file = small_session_export (chs_exporter_find ("vital"));
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_bytes (file);
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) in = g_converter_input_stream_new (memory, G_CONVERTER (zlib));
  guint8 buf[4096];
  gssize n;

  plain = g_byte_array_new ();
  while ((n = g_input_stream_read (in, buf, sizeof buf, NULL, NULL)) > 0)
    g_byte_array_append (plain, buf, (guint) n);
  ck_assert_int_eq (memcmp (plain->data, "VITA", 4), 0);
  at = 36; /* behind a header of 26 bytes */
}

static void
teardown (void)
{
  g_clear_pointer (&plain, g_byte_array_unref);
}

START_TEST (the_header_tells_the_span)
{
  at = 4;
  ck_assert_uint_eq (get_int (4), 3);
  ck_assert_uint_eq (get_int (2), 26);
  at = 20;
  ck_assert_double_eq (get_double (), SMALL_SESSION_START_WALL_US / 1e6);
  ck_assert_double_eq (get_double (), SMALL_SESSION_START_WALL_US / 1e6 + 710.0);
}
END_TEST

/* Each record of the wanted track as "second=value". */
static GString *
read_track (const char *wanted, guint *montype, char **unit)
{
  GString *records = g_string_new (NULL);
  guint id = G_MAXUINT, rec_type = 0;

  while (at < plain->len) {
    guint type = (guint) get_int (1), n = (guint) get_int (4);
    gsize end = at + n;

    if (type == 0) {
      guint track = (guint) get_int (2), kind = (guint) get_int (1);
      g_autofree char *name = (at++, dup_string ()), *told = dup_string ();

      if (strcmp (name, wanted) == 0) {
        id = track;
        rec_type = kind;
        *unit = g_steal_pointer (&told);
        at += 8 + 4 + 4 + 16;
        *montype = (guint) get_int (1);
      }
    } else if (type == 1) {
      double t_s = (at += 2, get_double ()) - SMALL_SESSION_START_WALL_US / 1e6;

      guint track = (guint) get_int (2);

      if (track == id && rec_type == 1) {
        for (guint k = (guint) get_int (4); k > 0; k--)
          g_string_append_printf (records, "%.2f=%.4g ", t_s, get_float ());
      } else if (track == id && rec_type == 2) {
        g_string_append_printf (records, "%.0f=%.4g ", t_s, get_float ());
      } else if (rec_type == 5 && at < end && id <= 2 && plain->data[at - 2] == id) {
        g_autofree char *text = (at += 4, dup_string ());

        g_string_append_printf (records, "%.0f=%s\n", t_s, text);
      }
    }
    at = end;
  }
  ck_assert_uint_eq (at, plain->len);
  return records;
}

static const struct {
  const char *name, *unit;
  guint       montype;
  const char *records; /* begins with */
} tracks[] = {
  { "HR", "/min", 2, "20=70 80=71 140=72 200=73 " },
  { "PLETH_SPO2", "%", 10, "20=97 80=97 140=97 260=97 " }, /* the absent one is left out */
  { "NIBP_SBP", "mmHg", 16, "145=122 505=84 " },           /* when they were measured */
  { "BT", "C", 19, "320=36.7 " },
  { "FLOW_RATE", "mL/h", 45, "160=125 380=375 532=0 " },
  { "TOTAL_VOL", "mL", 46, "160=0 380=8.3 532=20.6 " },
  { "ECG_WAV", "mV", 1, "60.25=1 60.25=nan 60.25=-1 60.25=3 " }, /* at the time of the block's first sample */
  { "ALARM", "", 0, "511=alarm raise mg_hypotension high, NIBP_SYS 84 mm[Hg]" },
  { "EVENT", "", 0, "5=score pain_before 6 by RN 7\n" },
};

START_TEST (a_track_comes_back)
{
  g_autofree char *unit = NULL;
  guint montype = 999;
  GString *records = read_track (tracks[_i].name, &montype, &unit);

  ck_assert_msg (g_str_has_prefix (records->str, tracks[_i].records), "%s: %s", tracks[_i].name, records->str);
  ck_assert_str_eq (unit, tracks[_i].unit);
  ck_assert_uint_eq (montype, tracks[_i].montype);
  g_string_free (records, TRUE);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("export-vital");
  TCase *tcase = tcase_create ("vital");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, the_header_tells_the_span);
  tcase_add_loop_test (tcase, a_track_comes_back, 0, G_N_ELEMENTS (tracks));
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
