/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bbraun-bcc-pump.h"

#include "devices/ascii.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The pump's remaining time saturates here: it means "longer", not 18 h 12 min. */
#define REMAINING_SATURATED_S 65535.0

/* Bits of RUNSTATE. */
enum {
  RUN_STOP = 1u << 0,
  RUN_RUN = 1u << 1,
  RUN_ALARM = 1u << 2,
  RUN_KVO = 1u << 3,
};

/* Bits of STATUS1. */
enum {
  STATUS_MAINS = 1u << 1,
  STATUS_STANDBY = 1u << 2,
  STATUS_PRIMING = 1u << 4,
  STATUS_RUNNING = 1u << 7,
  STATUS_STARTED = 1u << 8,
  STATUS_BOLUS = 1u << 10 | 1u << 11,
  STATUS_KVO = 1u << 13,
};

enum {
  INM_BOLUS = 2,
  INM_PUMPING = 3,
  INM_STANDBY = 6,
  INM_MAINS = 8,
  INM_KVO = 10,
  INM_PRIMING = 14,
};

#define ENDS ((uint32_t) (CHS_PUMP_ALARM_END_VTBI | CHS_PUMP_ALARM_END_TIME))

#define BIT(n) (1u << (n))

typedef struct {
  uint32_t bits;
  uint32_t alarm;
} Meaning;

static const Meaning alarm1_meanings[] = {
  { BIT (1) | BIT (3) | BIT (4) | BIT (15) | BIT (16) | BIT (31), CHS_PUMP_ALARM_FAULT },
  { BIT (2) | BIT (5) | BIT (6) | BIT (7) | BIT (8), CHS_PUMP_ALARM_BATTERY_EMPTY },
  { BIT (9), CHS_PUMP_ALARM_EMPTY },
  { BIT (10) | BIT (11), CHS_PUMP_ALARM_OCCLUSION },
  { BIT (12), CHS_PUMP_ALARM_STANDBY_END },
  { BIT (13), CHS_PUMP_ALARM_END_VTBI },
  { BIT (14), CHS_PUMP_ALARM_END_TIME },
  { BIT (17) | BIT (18), CHS_PUMP_ALARM_SYRINGE },
  { BIT (19), CHS_PUMP_ALARM_KVO_END },
  { BIT (20), CHS_PUMP_ALARM_UPSTREAM | CHS_PUMP_ALARM_OCCLUSION },
  { BIT (22) | BIT (23) | BIT (24) | BIT (25) | BIT (27), CHS_PUMP_ALARM_DROP },
  { BIT (26), CHS_PUMP_ALARM_FREE_FLOW },
  { BIT (28) | BIT (29) | BIT (30) | BIT (31), CHS_PUMP_ALARM_AIR },
  { 0, 0 },
};

static const Meaning alarm2_meanings[] = {
  { BIT (7), CHS_PUMP_ALARM_FREE_FLOW },
  { BIT (29), CHS_PUMP_ALARM_FAULT },
  { BIT (30), CHS_PUMP_ALARM_DOOR },
  { BIT (31), CHS_PUMP_ALARM_SYRINGE },
  { BIT (1) | BIT (2) | BIT (3) | BIT (4) | BIT (5) | BIT (6), CHS_PUMP_ALARM_OTHER },
  { 0, 0 },
};

/* Warnings: the pump goes on. The pressure jumps (11, 12) and the rest are told as "other". */
static const Meaning prealarm_meanings[] = {
  { BIT (2) | BIT (3), CHS_PUMP_ALARM_NEAR_END },
  { BIT (4), CHS_PUMP_ALARM_BATTERY_LOW },
  { BIT (13), CHS_PUMP_ALARM_NEAR_END },
  { BIT (1) | BIT (7) | BIT (8) | BIT (9) | BIT (10) | BIT (11) | BIT (12) | BIT (14) | BIT (15), CHS_PUMP_ALARM_OTHER },
  { 0, 0 },
};

/* INAx; the last two are warnings. */
static const struct {
  uint8_t  number;
  bool     warning;
  uint32_t alarm;
} ina_meanings[] = {
  { 1, false, CHS_PUMP_ALARM_BATTERY_EMPTY },
  { 2, false, CHS_PUMP_ALARM_EMPTY },
  { 3, false, CHS_PUMP_ALARM_OCCLUSION },
  { 5, false, CHS_PUMP_ALARM_STANDBY_END },
  { 6, false, CHS_PUMP_ALARM_OTHER },
  { 7, false, CHS_PUMP_ALARM_END_VTBI },
  { 8, false, CHS_PUMP_ALARM_END_TIME },
  { 9, false, CHS_PUMP_ALARM_SYRINGE },
  { 14, false, CHS_PUMP_ALARM_DROP },
  { 15, false, CHS_PUMP_ALARM_AIR },
  { 16, false, CHS_PUMP_ALARM_KVO_END },
  { 11, true, CHS_PUMP_ALARM_BATTERY_LOW },
  { 12, true, CHS_PUMP_ALARM_NEAR_END },
};

static const struct {
  const char *prefix, *model;
} models[] = {
  { "686", "Infusomat Space" },       { "687", "Infusomat Space P" },    { "688", "Perfusor Space" },
  { "586", "Infusomat Space US" },    { "587", "Infusomat Space P US" }, { "588", "Perfusor Space US" },
  { "I0002", "Perfusor compactplus" }, { "I0003", "Infusomat compactplus" },
};

/* Names that carry one of the words below. */
static const struct {
  const char *name;
  size_t      at;
  double      low, high;
} numbers[] = {
  { "INRT", offsetof (ChsBccFields, rate_ml_h), 0.0, 1800.0 },
  { "INVTB", offsetof (ChsBccFields, vtbi_ml), 0.0, 9999.9 },
  { "INVI", offsetof (ChsBccFields, volume_ml), 0.0, 9999.9 },
  { "INRMT", offsetof (ChsBccFields, remaining_s), 0.0, REMAINING_SATURATED_S },
  { "INP2", offsetof (ChsBccFields, pressure_pct), 0.0, 100.0 },
  { "INAKKU", offsetof (ChsBccFields, battery_min), 0.0, 1440.0 },
};

static const struct {
  const char *name;
  size_t      at;
} words[] = {
  { "ALARM1", offsetof (ChsBccFields, alarm1) },
  { "ALARM2", offsetof (ChsBccFields, alarm2) },
  { "PREALARM", offsetof (ChsBccFields, prealarm) },
  { "STATUS1", offsetof (ChsBccFields, status1) },
};

static const struct {
  const char *name;
  size_t      at, size;
} texts[] = {
  { "INSOL", offsetof (ChsBccFields, drug), sizeof ((ChsBccFields *) NULL)->drug },
  { "INSOLSN", offsetof (ChsBccFields, drug_short), sizeof ((ChsBccFields *) NULL)->drug_short },
  { "INSERNUM", offsetof (ChsBccFields, serial), sizeof ((ChsBccFields *) NULL)->serial },
  { "LASTDA", offsetof (ChsBccFields, last_alarm), sizeof ((ChsBccFields *) NULL)->last_alarm },
};

#define N(table) (sizeof (table) / sizeof (table)[0])

void
chs_bcc_fields_init (ChsBccFields *fields)
{
  memset (fields, 0, sizeof *fields);
  fields->rate_ml_h = fields->vtbi_ml = fields->volume_ml = (double) NAN;
  fields->remaining_s = fields->pressure_pct = fields->battery_min = (double) NAN;
  memset (fields->inm, -1, sizeof fields->inm);
  memset (fields->ina, -1, sizeof fields->ina);
}

void
chs_bcc_text (char *text, size_t size, const char *bytes, size_t n)
{
  char clean[256];
  size_t out = 0;

  if (n > 0 && bytes[n - 1] == '\r')
    n--;
  for (size_t i = 0; i < n && out + 4 < sizeof clean; i++) {
    unsigned char a = (unsigned char) bytes[i], b = i + 2 < n ? (unsigned char) bytes[i + 1] : 0;

    if ((a == 0xEE && b >= 0x80) || (a == 0xEF && b >= 0x80 && b < 0xA4)) { /* EE 80 80 .. EF A3 BF */
      memcpy (clean + out, "\xEF\xBF\xBD", 3);
      out += 3;
      i += 2;
    } else
      clean[out++] = bytes[i] != '\0' ? bytes[i] : '?';
  }
  clean[out] = '\0';
  chs_text_copy (text, size, clean);
}

/* ---- taking a value ---- */

/* Decimal, 0x and hexadecimal, or eight hexadecimal digits and "h". Eight digits alone could be either. */
static bool
read_word (const char *text, size_t n, uint32_t *word)
{
  bool prefixed = n > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

  if (prefixed)
    return chs_ascii_hex (text + 2, n - 2 - (text[n - 1] == 'h'), word);
  if (n == 9 && text[8] == 'h')
    return chs_ascii_hex (text, 8, word);
  if (n > 1 && text[0] == '0')
    return chs_ascii_unsigned (text, n, word) && *word == 0;
  if (n == 10) { /* more than nine digits: up to 2^32 - 1 */
    double value;

    if (!chs_ascii_number (text, n, &value) || value < 0.0 || value > 4294967295.0)
      return false;
    *word = (uint32_t) value;
    return true;
  }
  return chs_ascii_unsigned (text, n, word);
}

/* "INM3" or "INA15" with "0" or "1". */
static bool
take_flag (const ChsBccQuad *quad, int8_t *flags, unsigned n_flags)
{
  uint32_t number, value;

  if (!chs_ascii_unsigned (quad->name + 3, quad->n_name - 3, &number) || number < 1 || number >= n_flags)
    return true; /* of a newer rack: not ours */
  if (!chs_ascii_unsigned (quad->value, quad->n_value, &value) || value > 1)
    return false;
  flags[number] = (int8_t) value;
  return true;
}

static bool
take_number (ChsBccFields *fields, const ChsBccQuad *quad, size_t i)
{
  double value;

  if (!chs_ascii_number (quad->value, quad->n_value, &value) || value < numbers[i].low || value > numbers[i].high)
    return false;
  memcpy ((char *) fields + numbers[i].at, &value, sizeof value);
  return true;
}

static bool
take_word (ChsBccFields *fields, const ChsBccQuad *quad, size_t i)
{
  uint32_t word;

  if (!read_word (quad->value, quad->n_value, &word)) {
    fields->unreadable = true;
    return false;
  }
  memcpy ((char *) fields + words[i].at, &word, sizeof word);
  fields->has_status1 = fields->has_status1 || words[i].at == offsetof (ChsBccFields, status1);
  return true;
}

static void
take_model (ChsBccFields *fields, const ChsBccQuad *quad)
{
  for (size_t i = 0; i < N (models); i++)
    if (quad->n_value >= strlen (models[i].prefix) && memcmp (quad->value, models[i].prefix, strlen (models[i].prefix)) == 0) {
      chs_text_copy (fields->model, sizeof fields->model, models[i].model);
      return;
    }
  chs_bcc_text (fields->model, sizeof fields->model, quad->value, quad->n_value);
}

bool
chs_bcc_fields_take (ChsBccFields *fields, const ChsBccQuad *quad)
{
  if (!chs_bcc_has_value (quad))
    return true;
  for (size_t i = 0; i < N (numbers); i++)
    if (chs_bcc_is (quad, numbers[i].name))
      return take_number (fields, quad, i);
  for (size_t i = 0; i < N (words); i++)
    if (chs_bcc_is (quad, words[i].name))
      return take_word (fields, quad, i);
  for (size_t i = 0; i < N (texts); i++)
    if (chs_bcc_is (quad, texts[i].name)) {
      chs_bcc_text ((char *) fields + texts[i].at, texts[i].size, quad->value, quad->n_value);
      return true;
    }
  if (chs_bcc_is (quad, "RUNSTATE"))
    return fields->has_runstate = chs_ascii_unsigned (quad->value, quad->n_value, &fields->runstate);
  if (chs_bcc_is (quad, "GNNEW") || chs_bcc_is (quad, "GNMODEL"))
    take_model (fields, quad);
  else if (quad->n_name > 3 && memcmp (quad->name, "INM", 3) == 0)
    return take_flag (quad, fields->inm, CHS_BCC_N_INM);
  else if (quad->n_name > 3 && memcmp (quad->name, "INA", 3) == 0)
    return quad->name[3] < '0' || quad->name[3] > '9' || take_flag (quad, fields->ina, CHS_BCC_N_INA);
  return true;
}

/* ---- what it means ---- */

static uint32_t
meanings_of (uint32_t word, const Meaning *meanings)
{
  uint32_t alarms = 0;

  for (const Meaning *meaning = meanings; meaning->bits != 0; meaning++)
    if ((word & meaning->bits) != 0)
      alarms |= meaning->alarm;
  return alarms;
}

static uint32_t
flags_of (const ChsBccFields *fields, bool warnings)
{
  uint32_t alarms = 0;

  for (size_t i = 0; i < N (ina_meanings); i++)
    if (ina_meanings[i].warning == warnings && fields->ina[ina_meanings[i].number] == 1)
      alarms |= ina_meanings[i].alarm;
  return alarms;
}

static bool
has (const ChsBccFields *fields, int inm, uint32_t status1)
{
  return fields->inm[inm] == 1 || (fields->status1 & status1) != 0;
}

static bool
knows_state (const ChsBccFields *fields)
{
  return fields->has_runstate || fields->has_status1 || fields->inm[INM_PUMPING] >= 0;
}

static bool
is_started (const ChsBccFields *fields)
{
  return fields->has_status1 ? (fields->status1 & STATUS_STARTED) != 0 : fields->volume_ml > 0.0;
}

/* What flows comes first: an alarm that does not stop the pump is told beside it. INM3 is also set while purging. */
static ChsPumpState
state_of (const ChsBccFields *fields, uint32_t alarms)
{
  bool running = has (fields, INM_PUMPING, STATUS_RUNNING) || (fields->runstate & RUN_RUN) != 0;

  if (has (fields, INM_PRIMING, STATUS_PRIMING))
    return CHS_PUMP_PRIMING;
  if (has (fields, INM_BOLUS, STATUS_BOLUS))
    return CHS_PUMP_BOLUS;
  if (has (fields, INM_KVO, STATUS_KVO) || (fields->runstate & RUN_KVO) != 0)
    return CHS_PUMP_KVO;
  if (running)
    return CHS_PUMP_INFUSING;
  if ((alarms & ~ENDS) != 0)
    return CHS_PUMP_ALARM;
  if (alarms != 0)
    return CHS_PUMP_COMPLETE;
  if ((fields->runstate & RUN_ALARM) != 0)
    return CHS_PUMP_ALARM;
  if (has (fields, INM_STANDBY, STATUS_STANDBY))
    return CHS_PUMP_STANDBY;
  if (!knows_state (fields))
    return CHS_PUMP_UNKNOWN;
  return is_started (fields) ? CHS_PUMP_PAUSED : CHS_PUMP_READY;
}

static int8_t
mains_of (const ChsBccFields *fields)
{
  if (fields->inm[INM_MAINS] >= 0)
    return fields->inm[INM_MAINS];
  return fields->has_status1 ? (fields->status1 & STATUS_MAINS) != 0 : -1;
}

void
chs_bcc_fields_status (const ChsBccFields *fields, unsigned pillar, unsigned slot, ChsPumpStatus *status)
{
  uint32_t alarms = meanings_of (fields->alarm1, alarm1_meanings) | meanings_of (fields->alarm2, alarm2_meanings) | flags_of (fields, false);
  uint32_t warnings = meanings_of (fields->prealarm, prealarm_meanings) | flags_of (fields, true);

  chs_pump_status_init (status);
  status->state = (uint8_t) state_of (fields, alarms);
  if (alarms == 0 && (fields->runstate & RUN_ALARM) != 0)
    alarms = CHS_PUMP_ALARM_OTHER; /* an alarm whose reason was not configured to be sent */
  status->alarms = alarms | warnings | (fields->unreadable ? (uint32_t) CHS_PUMP_ALARM_UNREADABLE : 0u);
  status->rate_kind = CHS_RATE_KIND_DELIVERED;
  status->rate_ml_h = fields->rate_ml_h;
  status->volume_ml = fields->volume_ml;
  status->vtbi_ml = fields->vtbi_ml;
  status->remaining_s = fields->remaining_s < REMAINING_SATURATED_S ? fields->remaining_s : (double) NAN;
  status->pressure = fields->pressure_pct;
  status->pressure_unit = CHS_UNIT_PERCENT_LIMIT;
  status->battery_min = fields->battery_min;
  status->on_mains = mains_of (fields);
  snprintf (status->slot, sizeof status->slot, "%u/%u", pillar % 10, slot % 100);
  chs_text_copy (status->model, sizeof status->model, fields->model);
  chs_text_copy (status->serial, sizeof status->serial, fields->serial);
  chs_text_copy (status->drug, sizeof status->drug, fields->drug[0] != '\0' ? fields->drug : fields->drug_short);
  if (alarms != 0)
    chs_text_copy (status->text, sizeof status->text, fields->last_alarm);
}
