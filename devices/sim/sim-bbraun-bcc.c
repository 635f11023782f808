/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/bbraun-bcc-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A rack with up to four pumps in its first pillar. Options (--set):
 *
 *   bed=NAME          CHAIR1
 *   stuffing=on|off   off
 *   mode=request|cyclic
 *   words=on          the states as ALARM1 ... STATUS1 instead of INMx, INAx
 *   address6=on       pumps in slots 10 .. 13, written with two digits
 *   private=on        a character of the pump's own display font in INSOLSN
 *   checksum=N        every N-th message has a wrong checksum
 *   dropbyte=N        a byte is missing in every N-th message
 *   etb=N             every N-th reply says "more follow" and then nothing does
 *   restart_s=N       the rack is switched off and on again after N seconds */

#define BLOCK_BYTES 1100 /* information in one message; the recorded one has 1129 */
#define TEXT_BYTES 16384
#define CYCLIC_US 5000000
#define TRIGGER_US 1000000
#define ACK_US 10000000 /* without an ACK cyclic sending stops */
#define BATTERY_MIN 480

typedef struct {
  bool    known;    /* reported before: GNMODEL instead of GNNEW */
  bool    present;  /* as reported */
  bool    removed;  /* GNERR 39 is to be sent, once */
  uint8_t state;    /* as of the last package, for the triggers */
  uint32_t alarms;
  double  rate_ml_h;
} Slot;

typedef struct {
  /* settings */
  char     bed[CHS_BCC_BED];
  bool     stuffed, cyclic, words, address6, private_font;
  uint32_t bad_checksum, drop_byte, endless, restart_s;
  /* the rest */
  ChsBcc   codec;
  int64_t  on_us;       /* when it was switched on */
  bool     restarted;
  Slot     slots[CHS_SIM_PUMPS];
  char     text[TEXT_BYTES]; /* of the reply that is being fetched */
  size_t   n, at, block;     /* its length, where the block to be sent begins, its length */
  bool     is_data;     /* a reply to MEM:GET: may be continued */
  bool     pending;     /* a block waits for its ACK */
  uint32_t messages, replies;
  int64_t  cyclic_due_us, trigger_due_us, acked_us;
} State;

/* ---- settings ---- */

static bool
read_switch (const char *value, bool *out)
{
  *out = strcmp (value, "on") == 0;
  return *out || strcmp (value, "off") == 0;
}

static bool
bcc_option (void *state, const char *key, const char *value)
{
  State *self = state;
  const struct {
    const char *key;
    bool       *value;
  } switches[] = { { "stuffing", &self->stuffed }, { "words", &self->words }, { "address6", &self->address6 }, { "private", &self->private_font } };
  const struct {
    const char *key;
    uint32_t   *value;
  } counts[] = { { "checksum", &self->bad_checksum }, { "dropbyte", &self->drop_byte }, { "etb", &self->endless }, { "restart_s", &self->restart_s } };

  for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
    if (strcmp (key, switches[i].key) == 0)
      return read_switch (value, switches[i].value);
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
    if (strcmp (key, counts[i].key) == 0)
      return chs_ascii_unsigned (value, strlen (value), counts[i].value);
  if (strcmp (key, "mode") == 0) {
    self->cyclic = strcmp (value, "cyclic") == 0;
    return self->cyclic || strcmp (value, "request") == 0;
  }
  return strcmp (key, "bed") == 0 && value[0] != '\0' && chs_text_copy (self->bed, sizeof self->bed, value);
}

/* ---- writing quadruples ---- */

typedef struct {
  State      *state;
  ChsBytesOut out;
  uint32_t    time_s;
  char        address[8];
} Writer;

static void
begin_quad (Writer *writer, const char *name)
{
  if (writer->out.p != writer->out.start)
    chs_bytes_put_u8 (&writer->out, CHS_BCC_RS);
  chs_ascii_put_digits (&writer->out, writer->time_s, 1);
  chs_bytes_put_u8 (&writer->out, ',');
  chs_ascii_put (&writer->out, writer->address);
  chs_bytes_put_u8 (&writer->out, ',');
  chs_ascii_put (&writer->out, name);
  chs_bytes_put_u8 (&writer->out, ',');
}

static void
put_text (Writer *writer, const char *name, const char *value)
{
  begin_quad (writer, name);
  chs_ascii_put (&writer->out, value[0] != '\0' ? value : "_NV");
}

static void
put_number (Writer *writer, const char *name, double value, unsigned decimals)
{
  begin_quad (writer, name);
  if (isnan (value))
    chs_ascii_put (&writer->out, "_NV");
  else
    chs_ascii_put_fixed (&writer->out, value, decimals);
}

static void
put_flag (Writer *writer, const char *family, unsigned number, int value)
{
  char name[8];

  snprintf (name, sizeof name, "%.3s%u", family, number % 100);
  put_text (writer, name, value < 0 ? "_NV" : value > 0 ? "1" : "0");
}

static void
put_word (Writer *writer, const char *name, uint32_t word)
{
  char value[12];

  snprintf (value, sizeof value, "%08Xh", (unsigned) word);
  put_text (writer, name, value);
}

/* ---- one pump ---- */

static const struct {
  uint32_t alarm;
  uint8_t  ina;    /* INAx */
  uint8_t  alarm1; /* bit */
} alarm_codes[] = {
  { CHS_PUMP_ALARM_BATTERY_EMPTY, 1, 2 }, { CHS_PUMP_ALARM_EMPTY, 2, 9 },      { CHS_PUMP_ALARM_OCCLUSION, 3, 10 },
  { CHS_PUMP_ALARM_STANDBY_END, 5, 12 },  { CHS_PUMP_ALARM_END_VTBI, 7, 13 },  { CHS_PUMP_ALARM_END_TIME, 8, 14 },
  { CHS_PUMP_ALARM_SYRINGE, 9, 18 },      { CHS_PUMP_ALARM_DROP, 14, 22 },     { CHS_PUMP_ALARM_AIR, 15, 28 },
  { CHS_PUMP_ALARM_KVO_END, 16, 19 },     { CHS_PUMP_ALARM_DOOR, 0, 31 },
};

static bool
is_running (const ChsSimPump *pump)
{
  return pump->state == CHS_PUMP_INFUSING || pump->state == CHS_PUMP_BOLUS || pump->state == CHS_PUMP_KVO;
}

static void
put_flags (Writer *writer, const ChsSimPump *pump)
{
  bool stopped = !is_running (pump) && pump->state != CHS_PUMP_PRIMING;
  const int inm[15] = {
    -1, stopped && pump->alarms == 0, pump->state == CHS_PUMP_BOLUS, !stopped, -1, 0, pump->state == CHS_PUMP_STANDBY, 0, 1, -1,
    pump->state == CHS_PUMP_KVO, 0, 0, 0, pump->state == CHS_PUMP_PRIMING,
  };

  for (unsigned i = 1; i < 15; i++)
    put_flag (writer, "INM", i, inm[i]);
  for (unsigned i = 1; i <= 16; i++) {
    int value = i == 6 || i == 10 || i == 13 ? -1 : 0;

    for (size_t k = 0; k < sizeof alarm_codes / sizeof alarm_codes[0]; k++)
      if (alarm_codes[k].ina == i && (pump->alarms & alarm_codes[k].alarm) != 0)
        value = 1;
    if ((i == 11 && (pump->alarms & CHS_PUMP_ALARM_BATTERY_LOW) != 0) || (i == 12 && (pump->alarms & CHS_PUMP_ALARM_NEAR_END) != 0))
      value = 1;
    put_flag (writer, "INA", i, value);
  }
}

static void
put_words (Writer *writer, const ChsSimPump *pump)
{
  uint32_t alarm1 = 0, prealarm = 0, status1 = 1u << 0 | 1u << 1;

  for (size_t k = 0; k < sizeof alarm_codes / sizeof alarm_codes[0]; k++)
    if ((pump->alarms & alarm_codes[k].alarm) != 0)
      alarm1 |= 1u << alarm_codes[k].alarm1;
  prealarm |= (pump->alarms & CHS_PUMP_ALARM_NEAR_END) != 0 ? 1u << 2 : 0;
  prealarm |= (pump->alarms & CHS_PUMP_ALARM_BATTERY_LOW) != 0 ? 1u << 4 : 0;
  status1 |= is_running (pump) ? 1u << 7 : 0;
  status1 |= pump->volume_ml > 0.0 ? 1u << 8 : 0;
  status1 |= pump->state == CHS_PUMP_STANDBY ? 1u << 2 : 0;
  status1 |= pump->state == CHS_PUMP_PRIMING ? 1u << 4 : 0;
  status1 |= pump->state == CHS_PUMP_BOLUS ? 1u << 10 : 0;
  status1 |= pump->state == CHS_PUMP_KVO ? 1u << 13 : 0;
  put_word (writer, "ALARM1", alarm1);
  put_word (writer, "ALARM2", 0);
  put_word (writer, "PREALARM", prealarm);
  put_word (writer, "STATUS1", status1);
}

static double
remaining_s (const ChsSimPump *pump)
{
  double left_ml = pump->vtbi_ml - pump->volume_ml;

  if (isnan (left_ml) || !is_running (pump) || !(pump->rate_ml_h > 0.0))
    return 0.0;
  return fmin (65535.0, fmax (0.0, left_ml) / pump->rate_ml_h * 3600.0);
}

/* Own choice of a Perfusor beside three Infusomats, with serial numbers that stay. */
static void
put_pump (Writer *writer, const ChsSimPatient *patient, unsigned i)
{
  State *self = writer->state;
  const ChsSimPump *pump = &patient->pumps[i];
  char serial[12], short_name[16];

  snprintf (serial, sizeof serial, "%u", 36248u + i);
  snprintf (short_name, sizeof short_name, "%.8s%s", pump->drug, self->private_font ? "\xEE\x80\x9F" : "");
  put_text (writer, self->slots[i].known ? "GNMODEL" : "GNNEW", i == 1 ? "688F030006\r" : "686F030006\r");
  put_number (writer, "INRT", is_running (pump) ? pump->rate_ml_h : 0.0, 2);
  put_number (writer, "INVTB", pump->vtbi_ml, 1);
  put_text (writer, "INSOL", pump->drug);
  put_text (writer, "INSOLSN", short_name);
  put_text (writer, "INSOLID", "_NV");
  put_number (writer, "INVI", fmin (9999.9, pump->volume_ml), 1);
  put_number (writer, "INRMT", remaining_s (pump), 0);
  put_number (writer, "INP1", 4, 0);
  put_number (writer, "INP2", fmin (100.0, pump->pressure_mmhg / 7.5), 0); /* of an alarm limit of 750 mmHg */
  put_number (writer, "INAKKU", BATTERY_MIN, 0);
  put_number (writer, "INSTBY", 0, 0);
  put_text (writer, "INSERNUM", serial);
  put_text (writer, "DSSTATUS", "00050");
  put_text (writer, "PATID", CHS_SIM_PATIENT_ID);
  put_text (writer, "NURSEID", CHS_SIM_NURSE_ID);
  put_number (writer, "PATW", 70, 0);
  put_number (writer, "RUNSTATE", (is_running (pump) ? 2 : 1) + (pump->state == CHS_PUMP_ALARM ? 4 : 0) + (pump->state == CHS_PUMP_KVO ? 8 : 0), 0);
  put_text (writer, "LASTDA", "1005");
  if (self->words)
    put_words (writer, pump);
  else
    put_flags (writer, pump);
  self->slots[i].known = true;
}

static void
set_address (Writer *writer, int i)
{
  unsigned slot = (unsigned) i + (writer->state->address6 ? 10 : 1);

  if (i < 0)
    snprintf (writer->address, sizeof writer->address, "50100");
  else
    snprintf (writer->address, sizeof writer->address, "5011%u", slot % 100);
}

/* ---- replies ---- */

static Writer
begin_reply (State *self, int64_t now_us)
{
  Writer writer = { .state = self, .out = chs_bytes_out ((uint8_t *) self->text, sizeof self->text),
                    .time_s = (uint32_t) ((now_us - self->on_us) / 1000000) };

  set_address (&writer, -1);
  return writer;
}

/* Cuts the next block at a quadruple. */
static void
cut_block (State *self)
{
  size_t left = self->n - self->at;

  self->block = left;
  if (left <= BLOCK_BYTES)
    return;
  self->block = BLOCK_BYTES;
  while (self->block > 0 && self->text[self->at + self->block] != CHS_BCC_RS)
    self->block--;
}

/* What goes wrong inside the rack; the line has its own faults. */
static size_t
spoil (State *self, uint8_t *bytes, size_t n)
{
  self->messages++;
  if (self->bad_checksum > 0 && self->messages % self->bad_checksum == 0)
    bytes[n - 2] = (uint8_t) (bytes[n - 2] == '9' ? '0' : bytes[n - 2] + 1);
  if (self->drop_byte > 0 && self->messages % self->drop_byte == 0) {
    memmove (bytes + n / 2, bytes + n / 2 + 1, n - n / 2 - 1);
    n--;
  }
  return n;
}

static void
send_block (State *self, ChsSimOut *out)
{
  uint8_t bytes[CHS_BCC_MAX_BYTES];
  bool last = self->at + self->block >= self->n;
  size_t n;

  if (last && self->is_data && self->endless > 0 && self->replies % self->endless == 0)
    last = false;
  n = chs_bcc_encode (self->bed, self->text + self->at, self->block, last, self->stuffed, bytes, sizeof bytes);
  n = spoil (self, bytes, n);
  out->write (out, bytes, n);
  self->pending = true;
}

static void
end_reply (State *self, const Writer *writer, bool is_data, ChsSimOut *out)
{
  self->n = chs_bytes_out_used (&writer->out);
  self->at = 0;
  self->is_data = is_data;
  self->replies += is_data ? 1 : 0;
  cut_block (self);
  send_block (self, out);
}

static void
reply_error (State *self, uint32_t code, int64_t now_us, ChsSimOut *out)
{
  Writer writer = begin_reply (self, now_us);

  put_number (&writer, "GNERR", code, 0);
  end_reply (self, &writer, false, out);
}

static void
reply_version (State *self, int64_t now_us, ChsSimOut *out)
{
  Writer writer = begin_reply (self, now_us);

  chs_ascii_put_digits (&writer.out, writer.time_s, 1);
  chs_ascii_put (&writer.out, ",50100,V3.30"); /* three fields only */
  end_reply (self, &writer, false, out);
}

static void
put_system (Writer *writer)
{
  put_text (writer, "FMNOR", "1");
  put_text (writer, "FMSTAT", "00051");
  put_text (writer, "FMDONGLE", "T");
  put_text (writer, "FMBANY", "_NV");
  put_text (writer, "FMRT", "FMS3NSNS");
  put_text (writer, "FMRSTAT", "00051");
}

/* Which pump: -1 = all. */
static void
reply_data (State *self, const ChsSimPatient *patient, int which, int64_t now_us, ChsSimOut *out)
{
  Writer writer = begin_reply (self, now_us);
  bool any = false;

  if (which < 0)
    put_system (&writer);
  for (int i = 0; i < CHS_SIM_PUMPS; i++) {
    Slot *slot = &self->slots[i];

    if (which >= 0 && which != i)
      continue;
    set_address (&writer, i);
    if (slot->removed)
      put_number (&writer, "GNERR", 39, 0);
    else if (patient->pumps[i].present)
      put_pump (&writer, patient, (unsigned) i);
    any = any || slot->removed || patient->pumps[i].present;
    slot->removed = false;
  }
  if (!any) {
    reply_error (self, which < 0 ? 11 : 811, now_us, out);
    return;
  }
  end_reply (self, &writer, true, out);
}

static void
on_request (State *self, const ChsSimPatient *patient, const ChsBccFrame *frame, int64_t now_us, ChsSimOut *out)
{
  bool alive = frame->n == 11 && memcmp (frame->info, "ADMIN:ALIVE", 11) == 0;
  Writer writer;
  uint32_t slot;

  /* The placeholder "1" is good for the beginning only. */
  if (strcmp (frame->bed, self->bed) != 0 && !(alive && strcmp (frame->bed, "1") == 0)) {
    reply_error (self, 68, now_us, out);
  } else if (alive) {
    writer = begin_reply (self, now_us);
    put_text (&writer, "GNACK", "0");
    end_reply (self, &writer, false, out);
  } else if (frame->n == 13 && memcmp (frame->info, "ADMIN:VERSION", 13) == 0)
    reply_version (self, now_us, out);
  else if (frame->n == 7 && memcmp (frame->info, "MEM:GET", 7) == 0)
    reply_data (self, patient, -1, now_us, out);
  else if (frame->n > 13 && memcmp (frame->info, "MEM:GETSLOT#1", 13) == 0
           && chs_ascii_unsigned (frame->info + 13, frame->n - 13, &slot)) {
    uint32_t first = self->address6 ? 10 : 1;

    reply_data (self, patient, slot >= first && slot < first + CHS_SIM_PUMPS ? (int) (slot - first) : CHS_SIM_PUMPS, now_us, out);
  } else
    reply_error (self, 68, now_us, out);
}

static void
on_ack (State *self, int64_t now_us, ChsSimOut *out)
{
  self->acked_us = now_us;
  if (!self->pending)
    return;
  self->pending = false;
  self->at += self->block + 1; /* the RS between two blocks is not sent */
  if (self->at >= self->n)
    return;
  cut_block (self);
  send_block (self, out);
}

static void
on_byte (State *self, const ChsSimPatient *patient, uint8_t byte, int64_t now_us, ChsSimOut *out)
{
  ChsBccFrame frame;
  size_t used;
  bool idle = self->codec.n == 0;

  if (idle && byte == CHS_BCC_ACK)
    on_ack (self, now_us, out);
  else if (idle && byte == CHS_BCC_NAK) {
    if (self->pending)
      send_block (self, out);
  } else
    switch (chs_bcc_feed (&self->codec, &byte, 1, &used, &frame)) {
    case CHS_FEED_FRAME:
      self->acked_us = now_us;
      on_request (self, patient, &frame, now_us, out);
      break;
    case CHS_FEED_BAD:
      reply_error (self, 68, now_us, out);
      break;
    case CHS_FEED_MORE:
    default:
      break;
    }
}

/* ---- hooks ---- */

static void
bcc_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  if (self->bed[0] == '\0')
    chs_text_copy (self->bed, sizeof self->bed, "CHAIR1");
  self->codec.fixed = true;
  self->codec.stuffing = self->stuffed ? CHS_BCC_STUFFING_ON : CHS_BCC_STUFFING_OFF;
  self->on_us = now_us - 206000000; /* it was switched on before */
  self->cyclic_due_us = self->trigger_due_us = self->acked_us = now_us;
}

static void
bcc_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  if (!patient->pump_on)
    return;
  for (size_t i = 0; i < n; i++)
    on_byte (state, patient, bytes[i], now_us, out);
}

static void
follow_slots (State *self, const ChsSimPatient *patient)
{
  for (int i = 0; i < CHS_SIM_PUMPS; i++) {
    Slot *slot = &self->slots[i];

    if (slot->present && !patient->pumps[i].present) {
      slot->removed = true;
      slot->known = false; /* put back, it is new again */
    }
    slot->present = patient->pumps[i].present;
  }
}

/* The first pump one of whose trigger parameters changed; -1 = none. */
static int
triggered (State *self, const ChsSimPatient *patient)
{
  int which = -1;

  for (int i = CHS_SIM_PUMPS - 1; i >= 0; i--) {
    const ChsSimPump *pump = &patient->pumps[i];
    Slot *slot = &self->slots[i];

    if (!slot->removed && slot->state == pump->state && slot->alarms == pump->alarms && !islessgreater (slot->rate_ml_h, pump->rate_ml_h))
      continue;
    if (pump->present || slot->removed)
      which = i;
  }
  return which;
}

static void
send_cyclic (State *self, const ChsSimPatient *patient, int which, int64_t now_us, ChsSimOut *out)
{
  for (int i = 0; i < CHS_SIM_PUMPS; i++)
    if (which < 0 || which == i) {
      self->slots[i].state = patient->pumps[i].state;
      self->slots[i].alarms = patient->pumps[i].alarms;
      self->slots[i].rate_ml_h = patient->pumps[i].rate_ml_h;
    }
  reply_data (self, patient, which, now_us, out);
}

static void
tick_cyclic (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  int which = -1;

  if (now_us - self->acked_us > ACK_US || now_us < self->trigger_due_us)
    return; /* nobody acknowledges: silent until somebody does */
  self->trigger_due_us = now_us + TRIGGER_US;
  if (now_us >= self->cyclic_due_us) {
    self->cyclic_due_us = now_us + CYCLIC_US;
    send_cyclic (self, patient, -1, now_us, out);
  } else if ((which = triggered (self, patient)) >= 0)
    send_cyclic (self, patient, which, now_us, out);
}

static void
bcc_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  follow_slots (self, patient);
  if (self->restart_s > 0 && !self->restarted && now_us >= (int64_t) self->restart_s * 1000000) {
    self->restarted = true;
    self->on_us = now_us;
    self->pending = false;
    for (int i = 0; i < CHS_SIM_PUMPS; i++)
      self->slots[i].known = false;
  }
  if (self->cyclic && patient->pump_on)
    tick_cyclic (self, patient, now_us, out);
}

const ChsSimulator chs_simulator_bbraun_bcc = {
  .driver_id = "bbraun-bcc",
  .label = "B. Braun rack with Infusomat and Perfusor Space (BCC)",
  .state_size = sizeof (State),
  .option = bcc_option,
  .start = bcc_start,
  .tick = bcc_tick,
  .feed = bcc_feed,
};
