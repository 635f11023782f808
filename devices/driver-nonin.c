/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nonin-codec.h"

#include "devices/ascii.h"
#include "devices/oximeter.h"
#include "devices/text-line.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* ---- what the formats share ---- */

static double
rate_value (uint16_t hr)
{
  return hr == CHS_NONIN_NO_HR ? (double) NAN : hr;
}

static double
saturation_value (uint8_t spo2)
{
  return spo2 > 100 ? (double) NAN : spo2; /* CHS_NONIN_NO_SPO2, and what cannot be */
}

static void
tell_battery (ChsOximeter *oximeter, bool is_low, ChsSink *sink)
{
  chs_oximeter_alarm (oximeter, is_low ? "oximeter battery low" : "", sink);
}

/* ---- #2 and #7 ---- */

#define PACKETS_HZ 3
#define FROZEN_PACKETS 15 /* 5 s with a timer that stands still */

typedef struct {
  ChsNoninPackets codec;
  ChsOximeter     oximeter;
  uint16_t        timer;  /* of the last packet */
  unsigned        n_same; /* packets since it moved */
} PacketState;

static unsigned
status_of (const ChsNoninPacket *packet)
{
  unsigned any = 0;

  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++)
    any |= packet->status[i];
  return any;
}

/* A red pulse anywhere in the packet. */
static bool
has_red (const ChsNoninPacket *packet)
{
  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++)
    if ((packet->status[i] & (CHS_NONIN_RED | CHS_NONIN_GREEN)) == CHS_NONIN_RED)
      return true;
  return false;
}

static void
emit_pleth (const ChsNoninPacket *packet, ChsSink *sink)
{
  int16_t samples[CHS_NONIN_FRAMES];
  int offset = packet->is_format7 ? 32768 : 0; /* 16 bits without a sign */
  const ChsEvent event = {
    .type = CHS_EVENT_WAVE,
    .wave = { .param = CHS_PARAM_PLETH_WAVE, .n = CHS_NONIN_FRAMES, .rate_hz = (float) CHS_NONIN_RATE_HZ, .scale = 1,
              .offset = (float) offset, .samples = samples },
  };

  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++) {
    int value = packet->pleth[i] - offset;

    samples[i] = (int16_t) (value == CHS_WAVE_ABSENT ? CHS_WAVE_ABSENT + 1 : value);
  }
  sink->event (sink, &event);
}

static void
follow_timer (PacketState *self, const ChsNoninPacket *packet, ChsSink *sink)
{
  bool was_frozen = self->n_same >= FROZEN_PACKETS;

  self->n_same = packet->timer == self->timer && self->codec.counters.frames_ok > 1 ? self->n_same + 1 : 0;
  self->timer = packet->timer;
  if (was_frozen != (self->n_same >= FROZEN_PACKETS))
    chs_sink_device (sink, CHS_DEVICE_FROZEN, CHS_PARAM_NONE, was_frozen ? 0.0 : 1.0, "its timer stands still");
}

/* The plain averages, not those for display: these are held for 10 s after the finger has gone. */
static void
on_packet (PacketState *self, const ChsNoninPacket *packet, ChsSink *sink)
{
  unsigned status = status_of (packet);
  const ChsOximeterReading reading = {
    .spo2 = saturation_value (packet->spo2),
    .pr = rate_value (packet->hr),
    .quality = (status & (CHS_NONIN_ARTIFACT | CHS_NONIN_OUT_OF_TRACK)) != 0 ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK,
    .flags = ((status & CHS_NONIN_ARTIFACT) != 0 ? CHS_FLAG_MOTION : 0) | (has_red (packet) ? CHS_FLAG_LOW_SIGNAL : 0),
    .is_off = (status & (CHS_NONIN_DISCONNECTED | CHS_NONIN_SENSOR_ALARM)) != 0,
    .why = (status & CHS_NONIN_DISCONNECTED) != 0 ? "sensor disconnected" : "finger off",
  };
  char identity[32];

  snprintf (identity, sizeof identity, "Nonin, firmware %u", packet->firmware);
  chs_oximeter_identity (&self->oximeter, identity, sink);
  follow_timer (self, packet, sink);
  if (!reading.is_off)
    emit_pleth (packet, sink);
  chs_oximeter_read (&self->oximeter, &reading, PACKETS_HZ, sink);
  tell_battery (&self->oximeter, packet->is_battery_low, sink);
  if (sink->frame != NULL)
    sink->frame (sink, &self->codec.frames[0][0], sizeof self->codec.frames, packet->is_format7 ? "packet #7" : "packet #2");
}

static void
packets_opened (void *state, int64_t now_us, ChsSink *sink)
{
  PacketState *self = state;

  self->codec.n = self->codec.n_frames = 0;
  self->codec.has_next = false;
}

static void
packets_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  PacketState *self = state;
  ChsNoninPacket packet;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_nonin_packets_feed (&self->codec, bytes, n, &used, &packet) == CHS_FEED_FRAME)
      on_packet (self, &packet, sink);
}

static const ChsCounters *
packets_counters (const void *state)
{
  return &((const PacketState *) state)->codec.counters;
}

static int
packets_probe (const uint8_t *bytes, size_t n)
{
  ChsNoninPackets codec = { 0 };
  ChsNoninPacket packet;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_nonin_packets_feed (&codec, bytes, n, &used, &packet);
  return codec.counters.frames_ok > 0 ? 95 : 0;
}

const ChsDriver chs_driver_nonin_2 = {
  .id = "nonin-2",
  .label = N_ ("Nonin OEM III, Xpod, 9560 (formats 2 and 7)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR; wave PLETH",
  .source = "Nonin 9560 OEM specification; one packet of a public test fixture",
  .silence_ms = 3000, /* nine packets */
  .state_size = sizeof (PacketState),
  .opened = packets_opened,
  .feed = packets_feed,
  .counters = packets_counters,
  .probe = packets_probe,
};

/* ---- #1 and #8 ---- */

typedef struct {
  ChsNoninGroups codec;
  ChsOximeter    oximeter;
} GroupState;

#define DOUBTFUL (CHS_NONIN_GROUP_OUT_OF_TRACK | CHS_NONIN_GROUP_ARTIFACT | CHS_NONIN_GROUP_LOW_PERFUSION)
#define WEAK (CHS_NONIN_GROUP_LOW_PERFUSION | CHS_NONIN_GROUP_MARGINAL_PERFUSION)

static void
on_group (GroupState *self, const ChsNoninGroup *group, ChsSink *sink)
{
  bool is_format1 = self->codec.length == 3;
  bool is_disconnected = is_format1 && (group->status & CHS_NONIN_GROUP_DISCONNECTED) != 0;
  const ChsOximeterReading reading = {
    .spo2 = saturation_value (group->spo2),
    .pr = rate_value (group->hr),
    .quality = (group->status & DOUBTFUL) != 0 ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK,
    .flags = ((group->status & CHS_NONIN_GROUP_ARTIFACT) != 0 ? CHS_FLAG_MOTION : 0)
             | ((group->status & WEAK) != 0 ? CHS_FLAG_LOW_SIGNAL : 0),
    .is_off = is_disconnected || (group->status2 & CHS_NONIN_GROUP_SENSOR_ALARM) != 0,
    .why = is_disconnected ? "sensor disconnected" : "finger off",
  };

  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
  tell_battery (&self->oximeter, (group->status2 & CHS_NONIN_GROUP_BATTERY_LOW) != 0, sink);
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.bytes, self->codec.length, is_format1 ? "group #1" : "group #8");
}

static void
groups_opened (void *state, int64_t now_us, ChsSink *sink)
{
  GroupState *self = state;

  self->codec.n = 0;
}

static void
groups_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  GroupState *self = state;
  ChsNoninGroup group;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_nonin_groups_feed (&self->codec, bytes, n, &used, &group) == CHS_FEED_FRAME)
      on_group (self, &group, sink);
}

static const ChsCounters *
groups_counters (const void *state)
{
  return &((const GroupState *) state)->codec.counters;
}

/* Without a checksum a few groups prove little: only a long quiet stream of them does, and other formats go before. */
static int
groups_probe (const uint8_t *bytes, size_t n)
{
  ChsNoninGroups codec = { 0 };
  ChsNoninGroup group;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_nonin_groups_feed (&codec, bytes, n, &used, &group);
  return codec.counters.frames_ok >= 3 && codec.counters.frames_bad == 0 ? 30 : 0;
}

const ChsDriver chs_driver_nonin_8 = {
  .id = "nonin-8",
  .label = N_ ("Nonin Xpod, WristOx2, OEM III (formats 1 and 8)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR",
  .source = "Nonin 9560 OEM specification (8); a user's transcription of Nonin's sheet (1)",
  .silence_ms = 3000, /* three groups */
  .state_size = sizeof (GroupState),
  .opened = groups_opened,
  .feed = groups_feed,
  .counters = groups_counters,
  .probe = groups_probe,
};

/* ---- #13 ---- */

typedef struct {
  ChsNoninSpots codec;
  ChsOximeter   oximeter;
} SpotState;

/* A spot measurement: of about now, unless it comes from the memory of the instrument, whose clock nobody trusts. */
static void
emit_spot (const ChsNoninSpot *spot, ChsParam param, double value, ChsSink *sink)
{
  ChsEvent event = chs_numeric (param, spot->is_empty ? (double) NAN : value);

  event.numeric.time_mark = spot->is_from_memory ? CHS_TIME_MARK_UNKNOWN : CHS_TIME_MARK_ESTIMATED;
  sink->event (sink, &event);
}

static void
on_spot (SpotState *self, const ChsNoninSpot *spot, ChsSink *sink)
{
  char text[64];

  snprintf (text, sizeof text, "measured at %s by its own clock%s", spot->clock, spot->is_from_memory ? ", from memory" : "");
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_SPO2, (double) NAN, text);
  emit_spot (spot, CHS_PARAM_SPO2, saturation_value (spot->spo2), sink);
  emit_spot (spot, CHS_PARAM_PR, rate_value (spot->hr), sink);
  tell_battery (&self->oximeter, spot->is_battery_low, sink);
  if (sink->frame != NULL)
    sink->frame (sink, NULL, 0, "spot measurement #13");
}

static void
spots_opened (void *state, int64_t now_us, ChsSink *sink)
{
  SpotState *self = state;

  self->codec.n = 0;
}

static void
spots_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  SpotState *self = state;
  ChsNoninSpot spot;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_nonin_spots_feed (&self->codec, bytes, n, &used, &spot) == CHS_FEED_FRAME)
      on_spot (self, &spot, sink);
}

static const ChsCounters *
spots_counters (const void *state)
{
  return &((const SpotState *) state)->codec.counters;
}

static int
spots_probe (const uint8_t *bytes, size_t n)
{
  ChsNoninSpots codec = { 0 };
  ChsNoninSpot spot;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_nonin_spots_feed (&codec, bytes, n, &used, &spot);
  return codec.counters.frames_ok > 0 ? 95 : 0;
}

const ChsDriver chs_driver_nonin_13 = {
  .id = "nonin-13",
  .label = N_ ("Nonin Onyx II, WristOx2 spot check (format 13)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR, as spot measurements",
  .source = "Nonin 9560 OEM specification",
  .silence_ms = 3600000, /* it speaks when somebody measures */
  .state_size = sizeof (SpotState),
  .opened = spots_opened,
  .feed = spots_feed,
  .counters = spots_counters,
  .probe = spots_probe,
};

/* ---- printed line ---- */

typedef struct {
  ChsTextLine line;
  ChsCounters counters;
  ChsOximeter oximeter;
} LineState;

/* "SPO2=098", "SPO2= 98" or "SPO2=---". */
static bool
read_field (const char **text, const char *name, double high, double *value)
{
  ChsWord word;
  uint32_t number;

  while (**text == ' ')
    (*text)++;
  if (strncmp (*text, name, strlen (name)) != 0)
    return false;
  *text += strlen (name);
  word = chs_text_word (text);
  *value = (double) NAN;
  if (word.n == 3 && memcmp (word.text, "---", 3) == 0)
    return true;
  if (word.n > 3 || !chs_ascii_unsigned (word.text, word.n, &number) || number > high)
    return false;
  *value = number;
  return true;
}

/* [time] SPO2=… HR=… [*, B or F: event mark, breath, fast averaging] */
static bool
read_line (const char *text, ChsOximeterReading *reading)
{
  const char *rest = text;

  if (chs_text_word_is (chs_text_word (&rest), "99:99:99"))
    text = rest;
  if (!read_field (&text, "SPO2=", 100, &reading->spo2) || !read_field (&text, "HR=", 321, &reading->pr))
    return false;
  for (ChsWord word = chs_text_word (&text); word.n > 0; word = chs_text_word (&text))
    if (word.n != 1 || strchr ("*BF", word.text[0]) == NULL)
      return false;
  return true;
}

static void
on_line (LineState *self, ChsSink *sink)
{
  ChsOximeterReading reading = { .quality = CHS_QUALITY_OK, .why = "no reading" };

  if (!read_line (self->line.text, &reading)) {
    bool was_data = strstr (self->line.text, "SPO2") != NULL; /* else the heading at power-on */

    self->counters.frames_bad += was_data;
    self->counters.unknown += !was_data;
    self->counters.bytes_skipped += self->line.n;
    return;
  }
  self->counters.frames_ok++;
  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
  if (sink->frame != NULL)
    sink->frame (sink, (const uint8_t *) self->line.text, self->line.n, "line of values");
}

static void
line_opened (void *state, int64_t now_us, ChsSink *sink)
{
  LineState *self = state;

  chs_text_line_reset (&self->line);
}

static void
line_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  LineState *self = state;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    ChsFeed result = chs_text_line_feed (&self->line, bytes, n, &used);

    if (result == CHS_FEED_FRAME) {
      on_line (self, sink);
    } else if (result == CHS_FEED_BAD) {
      self->counters.frames_bad++;
      self->counters.bytes_skipped += self->line.n;
    }
  }
}

static const ChsCounters *
line_counters (const void *state)
{
  return &((const LineState *) state)->counters;
}

static int
line_probe (const uint8_t *bytes, size_t n)
{
  bool has_both = memmem (bytes, n, "SPO2=", 5) != NULL && memmem (bytes, n, " HR=", 4) != NULL;

  return has_both && memmem (bytes, n, "BPM=", 4) == NULL ? 85 : 0;
}

const ChsDriver chs_driver_nonin_ascii = {
  .id = "nonin-ascii",
  .label = N_ ("Nonin 8500, 9847, Avant 4000/9600 (printed line)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1", /* a ninth bit is always mark: it reads as a second stop bit */
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR",
  .source = "operator's manuals of Nonin 8500, 9847, Avant 4000 and 9600",
  .silence_ms = 3000, /* a line a second */
  .state_size = sizeof (LineState),
  .opened = line_opened,
  .feed = line_feed,
  .counters = line_counters,
  .probe = line_probe,
};
