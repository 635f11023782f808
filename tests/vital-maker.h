/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>
#include <zlib.h>

/* Writes small files of Vital Recorder, packet by packet, for tests and benchmarks of the importer. */

static inline void
vital_put (GByteArray *to, guint64 value, guint n)
{
  for (guint i = 0; i < n; i++) {
    guint8 byte = i < sizeof value ? (guint8) (value >> (8 * i)) : 0;

    g_byte_array_append (to, &byte, 1);
  }
}

static inline void
vital_put_double (GByteArray *to, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  vital_put (to, bits, 8);
}

static inline void
vital_put_float (GByteArray *to, double value)
{
  float single = (float) value;
  guint32 bits;

  memcpy (&bits, &single, sizeof bits);
  vital_put (to, bits, 4);
}

static inline void
vital_put_text (GByteArray *to, const char *text)
{
  vital_put (to, strlen (text), 4);
  g_byte_array_append (to, (const guint8 *) text, (guint) strlen (text));
}

static inline void
vital_packet (GByteArray *to, guint type, GByteArray *data)
{
  vital_put (to, type, 1);
  vital_put (to, data->len, 4);
  g_byte_array_append (to, data->data, data->len);
  g_byte_array_set_size (data, 0);
}

static inline void
vital_header (GByteArray *to)
{
  g_byte_array_append (to, (const guint8 *) "VITA", 4);
  vital_put (to, 3, 4);
  vital_put (to, 10, 2);
  vital_put (to, 0, 10);
}

static inline void
vital_device (GByteArray *to, guint id, const char *name)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  vital_put (data, id, 4);
  vital_put_text (data, name);
  vital_put_text (data, "");
  vital_packet (to, 9, data);
}

/* @type: 1 wave, 2 number, 5 text; @format: 1 float, 5 int16 ... */
static inline void
vital_track (GByteArray *to, guint id, guint type, guint format, const char *name, const char *unit, double rate_hz, double gain, guint montype, guint device)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  vital_put (data, id, 2);
  vital_put (data, type, 1);
  vital_put (data, format, 1);
  vital_put_text (data, name);
  vital_put_text (data, unit);
  vital_put (data, 0, 8);
  vital_put (data, 0, 4);
  vital_put_float (data, rate_hz);
  vital_put_double (data, gain);
  vital_put_double (data, 0);
  vital_put (data, montype, 1);
  vital_put (data, device, 4);
  vital_packet (to, 0, data);
}

static inline void
vital_record_head (GByteArray *data, guint track, double t_s)
{
  vital_put (data, 10, 2);
  vital_put_double (data, t_s);
  vital_put (data, track, 2);
}

static inline void
vital_number (GByteArray *to, guint track, double t_s, double value)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  vital_record_head (data, track, t_s);
  vital_put_float (data, value);
  vital_packet (to, 1, data);
}

static inline void
vital_text (GByteArray *to, guint track, double t_s, const char *text)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  vital_record_head (data, track, t_s);
  vital_put (data, 0, 4);
  vital_put_text (data, text);
  vital_packet (to, 1, data);
}

static inline void
vital_wave (GByteArray *to, guint track, double t_s, const gint16 *samples, guint n)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  vital_record_head (data, track, t_s);
  vital_put (data, n, 4);
  g_byte_array_append (data, (const guint8 *) samples, n * 2);
  vital_packet (to, 1, data);
}

/* gzip; the first @n bytes of the result are written, all with 0. Returns the size of the whole. */
static inline gsize
vital_write (const char *path, GByteArray *content, gsize n)
{
  gsize room = content->len + content->len / 100 + 1024;
  g_autofree guint8 *packed = g_malloc (room);
  z_stream stream = { 0 };

  g_assert (deflateInit2 (&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = content->data;
  stream.avail_in = content->len;
  stream.next_out = packed;
  stream.avail_out = (uInt) room;
  g_assert (deflate (&stream, Z_FINISH) == Z_STREAM_END);
  deflateEnd (&stream);
  g_assert (g_file_set_contents (path, (const char *) packed, (gssize) (n > 0 ? MIN (n, stream.total_out) : stream.total_out), NULL));
  return stream.total_out;
}
