/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/engine-maker.h"

/* Each threshold of the profile at its edge, on both sides.
 *
 * A row is a statement, a chair, something that happens with a number in it, and the two neighbouring numbers between which
 * the statement becomes true. That each threshold has a row is not kept in a list: every statement names its thresholds
 * itself ({key} in app/evidence.h, and its hold), and each of them is moved up and down; a row of that statement must
 * then go wrong, both times (every_threshold_has_a_row). A row may stand for one more that no statement names (also).
 *
 * The usual chair: SBP 120, DBP 80, HR 75, RR 14, SpO2 98, 36.7 C, 40 years, 70 kg, 100 mL/h for ten minutes, the last
 * reading 10 s ago. The numbers in the names are those of data/share/alarms/adult.ini. */

typedef struct {
  double      sbp, hr, rr, spo2, temp; /* 0 = the usual one */
  const char *flags;                   /* NULL = none */
  const char *drug_key, *per_ml;
  const char *key, *value;             /* one more line of setup */
  double      age;
  bool        no_baseline; /* the pump has not run yet */
  bool        no_ecg;
} Chair;

typedef struct _Edge Edge;
struct _Edge {
  const char *name;
  ChsEvidence evidence;
  void (*play) (Maker *maker, const Edge *edge, double x);
  double      on, off; /* true at the one, not at the other, which is as near as it can be told */
  double      a, b, c; /* more numbers of what is played */
  const char *what;    /* a symptom */
  ChsKey      also;    /* a threshold that the statement does not name itself */
  Chair       chair;
};

static double
or_usual (double value, double usual)
{
  return value > 0 ? value : usual;
}

static void
setup_number (Maker *maker, const char *key, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  maker_setup (maker, key, g_ascii_dtostr (text, sizeof text, value));
}

static void
sit_down (Maker *maker, const Chair *chair, const ChsProfile *profile)
{
  double sbp = or_usual (chair->sbp, 120);

  maker_init_with (maker, chs_profile_copy (profile));
  setup_number (maker, "patient.age", or_usual (chair->age, 40));
  maker_setup (maker, "patient.weight_kg", "70");
  maker_setup (maker, "patient.flags", chair->flags != NULL ? chair->flags : "none");
  maker_setup (maker, "therapy.id", "test");
  maker_setup (maker, "therapy.mg_mmol_per_ml", "0");
  maker_setup (maker, "therapy.ketamine_mg_per_ml", "0");
  maker_setup (maker, "therapy.lidocaine_mg_per_ml", "0");
  if (chair->drug_key != NULL)
    maker_setup (maker, chair->drug_key, chair->per_ml);
  if (chair->key != NULL)
    maker_setup (maker, chair->key, chair->value);
  maker_nurse (maker, CHS_NURSE_PHASE, "baseline", NAN);
  maker->pr = or_usual (chair->hr, 75);
  maker->hr = chair->no_ecg ? (double) NAN : maker->pr;
  maker->spo2 = or_usual (chair->spo2, 98);
  maker->pi = 2.5;
  maker->rr = or_usual (chair->rr, 14);
  maker->temp = or_usual (chair->temp, 36.7);
  maker->pressure = 30;
  maker->pump_talks = true;
  if (chair->no_baseline) {
    maker_run (maker, 400);
    return;
  }
  for (int i = 0; i < 3; i++) {
    maker_cuff (maker, sbp);
    maker_run (maker, 120);
  }
  maker->pump_state = CHS_PUMP_INFUSING;
  maker->rate_ml_h = 100;
  maker_run (maker, 300);
  maker_cuff (maker, sbp);
  maker_run (maker, 300);
  maker_cuff (maker, sbp - 1);
  maker_run (maker, 10);
}

/* ---- readings ---- */

static void
cuff (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, x);
}

/* A diastolic, its mean with it, below the systolic a. */
static void
diastolic (Maker *maker, const Edge *edge, double x)
{
  maker_cuff3 (maker, edge->a, x, x + 0.36 * (edge->a - x));
}

/* A mean with the systolic a and the diastolic b. */
static void
mean (Maker *maker, const Edge *edge, double x)
{
  maker_cuff3 (maker, edge->a, edge->b, x);
}

/* A mean that does not go with the rest. */
static void
doubtful (Maker *maker, const Edge *edge, double x)
{
  maker_cuff3 (maker, x, x - 30, x - 2);
}

/* A reading of x, two minutes later one of a. */
static void
cuff_then (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, x);
  maker_run (maker, 120);
  maker_cuff (maker, edge->a);
}

/* The same with the diastolic b. */
static void
systolic_then (Maker *maker, const Edge *edge, double x)
{
  maker_cuff3 (maker, x, edge->b, edge->b + 0.36 * (x - edge->b));
  maker_run (maker, 120);
  maker_cuff3 (maker, edge->a, edge->b, edge->b + 0.36 * (edge->a - edge->b));
}

/* A reading of a, two minutes later one of x. */
static void
then_cuff (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, edge->a);
  maker_run (maker, 120);
  maker_cuff (maker, x);
}

/* Two readings of the systolic a; the diastolic of the first is x, of the second b. */
static void
diastolic_then (Maker *maker, const Edge *edge, double x)
{
  diastolic (maker, edge, x);
  maker_run (maker, 120);
  diastolic (maker, edge, edge->b);
}

/* A reading of a, x seconds later one of b. */
static void
cuff_after (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, edge->a);
  maker_run (maker, (int) x);
  maker_cuff (maker, edge->b);
}

/* A reading of a, and x seconds. */
static void
cuff_and_wait (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, edge->a);
  maker_run (maker, (int) x);
}

/* x seconds after the last reading of the chair one of a. */
static void
wait_and_cuff (Maker *maker, const Edge *edge, double x)
{
  maker_run (maker, (int) x - 10);
  maker_cuff (maker, edge->a);
}

/* Down in steps that are each no fall. */
static void
slowly_down (Maker *maker, const Edge *edge, double x)
{
  maker_cuff (maker, 100);
  maker_run (maker, 700);
  maker_cuff (maker, 84);
  maker_run (maker, 700);
  maker_cuff (maker, x);
}

static void
calm_cuff (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = 70;
  maker_run (maker, 60);
  maker_cuff (maker, x);
}

/* At the pulse a, of a minute. */
static void
fast_cuff (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->a;
  maker_run (maker, 60);
  maker_cuff (maker, x);
}

/* A reading of a at the pulse x. */
static void
cuff_at_pulse (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = x;
  maker_run (maker, 60);
  maker_cuff (maker, edge->a);
}

/* Pulse a, breathing b for a minute and a half, then a reading. */
static void
warm_and_cuff (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->a;
  maker->rr = edge->b;
  maker->temp = x;
  maker_run (maker, 90);
  maker_cuff (maker, 120);
}

/* The same with the temperature c and the saturation x. */
static void
short_of_oxygen_and_cuff (Maker *maker, const Edge *edge, double x)
{
  maker->spo2 = x;
  warm_and_cuff (maker, edge, edge->c);
}

/* ---- values that run; a = how many seconds, 0 = long enough for every window and hold, and short enough that the reference
 * of the pulse (75 to 330 s back) is still the old one ---- */

static void
run_on (Maker *maker, const Edge *edge)
{
  maker_run (maker, (int) or_usual (edge->a, 200));
}

static void
pulse (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = x;
  run_on (maker, edge);
}

/* First b for so long that it is the reference. */
static void
pulse_from (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->b;
  maker_run (maker, 400);
  maker_cuff (maker, 120);
  pulse (maker, edge, x);
}

/* A minute at x, then b tens of seconds at a. */
static void
pulse_down_from (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = x;
  maker_run (maker, 60);
  maker->hr = maker->pr = edge->a;
  maker_run (maker, (int) edge->b * 10);
}

static void
oxygen (Maker *maker, const Edge *edge, double x)
{
  maker->spo2 = x;
  run_on (maker, edge);
}

static void
weak_oxygen (Maker *maker, const Edge *edge, double x)
{
  maker->pi = 0.1;
  oxygen (maker, edge, x);
}

/* b, and b - x, in turn each second. */
static void
restless_oxygen (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < (int) edge->a; t++) {
    maker->spo2 = edge->b - (t % 2 == 0 ? 0 : x);
    maker_second (maker);
  }
}

static void
breathing (Maker *maker, const Edge *edge, double x)
{
  maker->rr = x;
  run_on (maker, edge);
}

static void
temperature (Maker *maker, const Edge *edge, double x)
{
  maker->temp = x;
  run_on (maker, edge);
}

static void
calm_pulse (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = x;
  maker_run (maker, 60);
}

static void
calm_breathing (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = 70;
  maker->rr = x;
  maker_run (maker, 90);
}

/* Perfusion and saturation gone, the ECG counts x. */
static void
last_beats (Maker *maker, const Edge *edge, double x)
{
  maker->hr = x;
  maker->pr = maker->spo2 = maker->pi = NAN;
  maker_run (maker, 30);
}

/* ---- the same for x seconds: a hold, the half of a window before it, and where a value jumps, the time until it is believed ---- */

static void
pulse_for (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->b;
  maker_run (maker, (int) x);
}

static void
oxygen_for (Maker *maker, const Edge *edge, double x)
{
  maker->spo2 = edge->b;
  maker_run (maker, (int) x);
}

/* Likewise, and 2 % deeper each second of the first ten. */
static void
oxygen_falling_for (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < (int) x; t++) {
    maker->spo2 = edge->b - 2 * MIN (t, 10);
    maker_second (maker);
  }
}

static void
oxygen_after_none (Maker *maker, const Edge *edge, double x)
{
  maker->spo2 = NAN;
  maker_run (maker, 5);
  oxygen (maker, edge, x);
}

static void
weak_oxygen_for (Maker *maker, const Edge *edge, double x)
{
  maker->pi = 0.1;
  oxygen_for (maker, edge, x);
}

static void
breathing_for (Maker *maker, const Edge *edge, double x)
{
  maker->rr = edge->b;
  maker_run (maker, (int) x);
}

static void
standstill_for (Maker *maker, const Edge *edge, double x)
{
  maker->hr = 0;
  maker->pr = maker->spo2 = maker->pi = NAN;
  maker_run (maker, (int) x);
}

/* A faint for 20 s, then x seconds as before. */
static void
after_a_drop (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = 50;
  maker_run (maker, 20);
  maker->hr = maker->pr = 75;
  maker_run (maker, (int) x);
}

/* ---- pumps ---- */

static void
rate (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = x;
  maker_run (maker, 12);
}

static void
rate_for (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->b;
  maker_run (maker, (int) x);
}

/* First b for three minutes. */
static void
rate_then (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->b;
  maker_run (maker, 180);
  rate (maker, edge, x);
}

/* First a for three minutes, then b for x seconds. */
static void
rate_then_for (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->a;
  maker_run (maker, 180);
  rate_for (maker, edge, x);
}

/* First x for two minutes, then b for two seconds. */
static void
rate_before (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = x;
  maker_run (maker, 120);
  rate_for (maker, edge, edge->a);
}

/* At the rate b until x mL are in. */
static void
infuse (Maker *maker, const Edge *edge, double x)
{
  guint n;

  maker->rate_ml_h = edge->b;
  while (chs_engine_get_doses (maker->engine, &n)->infused_ml < x)
    maker_second (maker);
}

static void
stop_for (Maker *maker, const Edge *edge, double x)
{
  maker->pump_state = CHS_PUMP_READY;
  maker->rate_ml_h = 0;
  maker_run (maker, (int) x);
}

/* At the rate b for a minute, then no more, x seconds. */
static void
fast_then_stop_for (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->b;
  maker_run (maker, 60);
  stop_for (maker, edge, x);
}

static void
pause_for (Maker *maker, const Edge *edge, double x)
{
  maker->pump_state = CHS_PUMP_PAUSED;
  maker_run (maker, (int) x);
}

static void
mix (Maker *maker, const Edge *edge, double x)
{
  setup_number (maker, "therapy.osm_mosm_l", x);
  maker_run (maker, 2);
}

/* The pressure of the line when the rate goes to b. */
static void
line_at_rate (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->b;
  maker->pressure = x;
  maker_run (maker, 240);
}

static void
line_for (Maker *maker, const Edge *edge, double x)
{
  maker->pressure = edge->b;
  maker_run (maker, (int) x);
}

static void
bend_arm (Maker *maker)
{
  maker->pressure = 110;
  maker_run (maker, 10);
  maker->pressure = 30;
  maker_run (maker, 10);
}

static void
peaks (Maker *maker, const Edge *edge, double x)
{
  for (int i = 0; i < (int) x; i++)
    bend_arm (maker);
}

/* Three, the last x seconds after the first. */
static void
peaks_within (Maker *maker, const Edge *edge, double x)
{
  bend_arm (maker);
  bend_arm (maker);
  maker_run (maker, (int) x - 49);
  bend_arm (maker);
}

/* The pump counts x mL more than ours, at the rate b, in its next ten minutes. */
static void
miscount (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = edge->b;
  maker_run (maker, 600);
  maker->volume_ml += x;
  maker_run (maker, 600);
}

static void
miscount_for (Maker *maker, const Edge *edge, double x)
{
  maker->volume_ml += 5;
  maker_run (maker, (int) x);
}

/* ---- session and equipment ---- */

static void
age (Maker *maker, const Edge *edge, double x)
{
  setup_number (maker, "patient.age", x);
  maker_run (maker, 2);
}

static void
after_a_break (Maker *maker, const Edge *edge, double x)
{
  maker_nurse (maker, CHS_NURSE_BREAK, "", 1);
  maker_run (maker, (int) x);
}

/* What the state machine notes when a hazard ends, x seconds ago. */
static void
after_a_faint (Maker *maker, const Edge *edge, double x)
{
  maker->engine->state.vaso_end_us = maker->engine->state.now_us;
  maker_run (maker, (int) x);
}

static void
after_a_reaction (Maker *maker, const Edge *edge, double x)
{
  maker->engine->state.reaction_us = maker->engine->state.now_us;
  maker_run (maker, (int) x);
}

static void
after_an_overload (Maker *maker, const Edge *edge, double x)
{
  maker->engine->state.overload_us = maker->engine->state.now_us;
  maker_run (maker, (int) x);
}

static void
faint_for (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = 45;
  maker_symptom (maker, "lightheaded");
  maker_run (maker, (int) x);
}

static void
faint_and_cuff (Maker *maker, const Edge *edge, double x)
{
  faint_for (maker, edge, 240);
  maker_cuff (maker, x);
}

static void
no_breathing_for (Maker *maker, const Edge *edge, double x)
{
  maker->rr = NAN;
  maker_run (maker, (int) x);
}

/* After the last reading of the chair. */
static void
no_cuff_for (Maker *maker, const Edge *edge, double x)
{
  maker_run (maker, (int) x - 10);
}

static void
no_finger_for (Maker *maker, const Edge *edge, double x)
{
  maker->pr = maker->spo2 = maker->pi = NAN;
  maker_run (maker, (int) x);
}

static void
no_rate_for (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = NAN;
  maker_run (maker, (int) x);
}

static void
no_ecg_for (Maker *maker, const Edge *edge, double x)
{
  maker->hr = NAN;
  maker_run (maker, (int) x);
}

static void
failed_cuffs (Maker *maker, const Edge *edge, double x)
{
  for (int i = 0; i < (int) x; i++)
    maker_device (maker, CHS_DEVICE_NIBP_FAILED, NAN, "motion");
}

static void
no_monitor_for (Maker *maker, const Edge *edge, double x)
{
  maker->monitor_talks = false;
  maker_run (maker, (int) x);
}

static void
no_pump_for (Maker *maker, const Edge *edge, double x)
{
  maker->pump_talks = false;
  maker_run (maker, (int) x);
}

/* The perfusion of the chair wobbles; here it does not. */
static void
frozen_for (Maker *maker, const Edge *edge, double x)
{
  maker->pi = NAN;
  for (int t = 0; t < (int) x; t++) {
    maker_second (maker);
    maker_numeric (maker, CHS_PARAM_PI, 1.5);
  }
}

/* The first second is the change. */
static void
frozen_from_now (Maker *maker, const Edge *edge, double x)
{
  frozen_for (maker, edge, x);
  maker_second (maker);
}

static void
damped_for (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < (int) x; t++) {
    maker_second (maker);
    maker_numeric (maker, CHS_PARAM_ABP_SYS, 82);
    maker_numeric (maker, CHS_PARAM_ABP_DIA, 79);
    maker_numeric (maker, CHS_PARAM_ABP_MEAN, 80);
  }
  maker_second (maker);
}

static void
behind (Maker *maker, const Edge *edge, double x)
{
  maker_state (maker, CHS_STATE_LAG, x);
}

static void
step_clock (Maker *maker, const Edge *edge, double x)
{
  ChsEvent event = { .type = CHS_EVENT_CLOCK };

  event.clock.code = CHS_CLOCK_STEP;
  event.clock.step_us = (int64_t) (x * 1e6);
  maker_feed (maker, &event, CHS_SOURCE_MONITOR);
}

static void
after_a_step (Maker *maker, const Edge *edge, double x)
{
  step_clock (maker, edge, 3600);
  maker_run (maker, (int) x);
}

/* ---- what the statements do not name: gates, margins, ages ---- */

/* First b, long enough to stand. */
static void
pulse_back (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->b;
  maker_run (maker, 60);
  maker->hr = maker->pr = x;
  maker_run (maker, 60);
}

static void
oxygen_back (Maker *maker, const Edge *edge, double x)
{
  maker->spo2 = edge->b;
  maker_run (maker, 60);
  oxygen (maker, edge, x);
}

static void
breathing_back (Maker *maker, const Edge *edge, double x)
{
  maker->rr = edge->b;
  maker_run (maker, 200);
  maker->rr = x;
  maker_run (maker, 90);
}

static void
no_rate_after_a_fast_one (Maker *maker, const Edge *edge, double x)
{
  maker->hr = maker->pr = edge->b;
  maker_run (maker, 60);
  no_rate_for (maker, edge, x);
}

/* The oximeter counts x, the ECG b. */
static void
two_pulses (Maker *maker, const Edge *edge, double x)
{
  maker->hr = edge->b;
  maker->pr = x;
  maker_run (maker, 60);
}

/* a and x more in turn. */
static void
restless_breathing (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < 200; t++) {
    maker->rr = edge->a + (t % 2 == 0 ? 0 : x);
    maker_second (maker);
  }
}

static void
perfusion (Maker *maker, const Edge *edge, double x)
{
  maker->pi = x;
  oxygen (maker, edge, edge->b);
}

/* With the diastolic a. */
static void
systolic (Maker *maker, const Edge *edge, double x)
{
  maker_cuff3 (maker, x, edge->a, edge->a + 0.36 * (x - edge->a));
}

static void
symptom_for (Maker *maker, const Edge *edge, double x)
{
  maker_symptom (maker, edge->what);
  maker_run (maker, (int) x);
}

static void
no_temperature_for (Maker *maker, const Edge *edge, double x)
{
  temperature (maker, edge, edge->b);
  maker->temp = NAN;
  maker_run (maker, (int) x);
}

/* b for 100 s, then x for a. */
static void
temperature_step (Maker *maker, const Edge *edge, double x)
{
  maker->temp = edge->b;
  maker_run (maker, 100);
  temperature (maker, edge, x);
}

/* A probe at b, taken off, and x seconds later c by hand. */
static void
temperature_by_hand_after (Maker *maker, const Edge *edge, double x)
{
  maker->temp = edge->b;
  maker_run (maker, 100);
  maker->temp = NAN;
  maker_run (maker, (int) x);
  maker_numeric (maker, CHS_PARAM_TEMP, edge->c);
  maker_run (maker, 3);
}

/* An arterial line, one second of it. */
static void
line_second (Maker *maker, double sys, double dia, double map)
{
  maker_second (maker);
  maker_numeric (maker, CHS_PARAM_ABP_SYS, sys);
  maker_numeric (maker, CHS_PARAM_ABP_DIA, dia);
  maker_numeric (maker, CHS_PARAM_ABP_MEAN, map);
}

static void
flushed_line (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < 90; t++)
    line_second (maker, 280, 220, x);
}

static void
low_line_for (Maker *maker, const Edge *edge, double x)
{
  for (int t = 0; t < (int) x; t++)
    line_second (maker, 80, 50, 61);
}

static void
bends (Maker *maker, const Edge *edge, double pressure, int seconds)
{
  for (int i = 0; i < 3; i++) {
    maker->pressure = pressure;
    maker_run (maker, seconds);
    maker->pressure = 30;
    maker_run (maker, 10);
  }
}

static void
bends_as_high (Maker *maker, const Edge *edge, double x)
{
  bends (maker, edge, x, 10);
}

static void
bends_as_long (Maker *maker, const Edge *edge, double x)
{
  bends (maker, edge, 110, (int) x);
}

/* The rate goes to x with the pressure b. */
static void
line_at_change (Maker *maker, const Edge *edge, double x)
{
  maker->rate_ml_h = x;
  maker->pressure = edge->b;
  maker_run (maker, 240);
}

/* ---- the rows ---- */

#define E(x) CHS_E_##x
#define SITS(...) .chair = { __VA_ARGS__ }
#define ON_MG SITS (.drug_key = "therapy.mg_mmol_per_ml", .per_ml = "0.1")
#define ON_KETAMINE SITS (.drug_key = "therapy.ketamine_mg_per_ml", .per_ml = "1")
#define ON_LIDOCAINE SITS (.drug_key = "therapy.lidocaine_mg_per_ml", .per_ml = "1")

/* clang-format off */
static const Edge edges[] = {
  /* one reading */
  { "below 90, not 0.85 x 120", E (BPABS), cuff, 89, 90 },
  { "below 0.85 x 100", E (BPABS), cuff, 84, 85, SITS (.sbp = 100) },
  { "below 90", E (BP30), cuff, 89, 90 },
  { "below 0.85 x 100", E (BP30), cuff, 84, 85, SITS (.sbp = 100) },
  { "0.70 x 140 = 98", E (BP30), cuff, 98, 99, SITS (.sbp = 140) },
  { "0.80 x 120 = 96", E (BP20), cuff, 96, 97 },
  { "below 110, not 0.80 x 150", E (BP20), cuff, 109, 110, SITS (.sbp = 150) },
  { "mean below 65", E (BP20), mean, 64, 65, .a = 98, .b = 46 },
  { "mean below 0.85 x 69.8 = 59.4", E (BP20), mean, 59, 60, .a = 80, .b = 49, SITS (.sbp = 90) },
  { "0.85 x 120 = 102", E (BP15), cuff, 102, 103 },
  { "below 115, not 0.85 x 150", E (BP15), cuff, 114, 115, SITS (.sbp = 150) },
  { "below 70", E (BPX), cuff, 69, 70 },
  { "below 0.65 x 100 = 65", E (BPX), cuff, 64, 65, SITS (.sbp = 100) },
  { "0.55 x 150 = 82.5", E (BPX), cuff, 82, 83, SITS (.sbp = 150) },
  { "below 72", E (BP72), cuff, 71, 72 },
  { "at least 110", E (BP110), cuff, 110, 109 },
  { "above 0.80 x 120 = 96", E (BPMILD), cuff, 97, 96 },
  { "above 0.70 x 120, the population's", E (BPMILD), cuff, 85, 84, SITS (.no_baseline = true) },
  { "0.92 x 120 = 110.4, at a fast pulse", E (BPDN), fast_cuff, 110, 111, .a = 90 },
  { "75 + 8 = 83 when it was taken", E (BPDN), cuff_at_pulse, 83, 82, .a = 105 },
  { "120 + 18 = 138", E (BPUP), cuff, 138, 137 },
  { "1.14 x 150 = 171", E (BPUP), cuff, 171, 170, SITS (.sbp = 150) },
  { "pulse pressure 40 + 14 = 54", E (PPW), diastolic, 76, 77, .a = 130 },
  { "pulse pressure 1.22 x 68 = 83", E (PPW), diastolic, 97, 98, .a = 180, SITS (.sbp = 170) },
  { "at least 210", E (BPHIX), cuff, 210, 209 },
  { "at least 180", E (KETBP1), cuff, 180, 179 },
  { "below 90, doubtful", E (BPDOUBT), doubtful, 89, 90 },
  { "0.82 x 120 = 98.4, a fall from 140", E (VVBP), then_cuff, 98, 99, .a = 140 },
  { "within 150 s", E (VVBP), cuff_and_wait, 150, 153, .a = 90 },
  { "below 70", E (VVBPX), cuff, 69, 70 },
  { "within 150 s", E (VVBPX), cuff_and_wait, 150, 153, .a = 65 },
  { "0.80 x 120 = 96, a fall", E (BPDROP), cuff, 96, 97 },
  { "at least 110, calm", E (BPEASE), calm_cuff, 110, 109 },
  { "0.82 x 120 = 98.4 is no fall", E (BPSLOW), cuff, 99, 98 },
  { "highest of 10 min, cuff every 150 s", E (BPSLOW), wait_and_cuff, 601, 600, .a = 97, SITS (.key = "session.cuff_interval_s", .value = "150") },
  { "at least 80, slowly", E (BPGRADUAL), slowly_down, 80, 79 },
  { "0.76 x 100 = 76, slowly", E (BPGRADUAL), slowly_down, 76, 75, SITS (.sbp = 100) },
  { "5 points: pulse 2, breathing 2, temperature", E (NEWSLOW), warm_and_cuff, 38.1, 38, .a = 115, .b = 22 },
  { "7 points: pulse 2, breathing 2, temperature 1, saturation", E (NEWSMED), short_of_oxygen_and_cuff, 93, 94, .a = 115, .b = 22, .c = 38.5 },

  /* two readings */
  { "the first at most 0.81 x 120 = 97.2", E (CONF), cuff_then, 97, 98, .a = 88 },
  { "the first below 110", E (CONF), cuff_then, 109, 110, .a = 88, SITS (.sbp = 150) },
  { "within 12 min", E (CONF), cuff_after, 720, 721, .a = 88, .b = 87 },
  { "the first below 90", E (BPLOW2), cuff_then, 89, 90, .a = 89 },
  { "within 12 min", E (BPLOW2), cuff_after, 720, 721, .a = 88, .b = 87 },
  { "twice 0.78 x 120 = 93.6", E (BPTWICE), cuff_then, 93, 94, .a = 93 },
  { "twice below 110", E (BPTWICE), cuff_then, 109, 110, .a = 100, SITS (.sbp = 150) },
  { "twice 180", E (BPHI), cuff_then, 180, 179, .a = 181 },
  { "twice 1.25 x 150 = 187.5", E (BPHI), systolic_then, 188, 187, .a = 190, .b = 90, SITS (.sbp = 150) },
  { "twice a diastolic of 112", E (BPHI), diastolic_then, 112, 111, .a = 160, .b = 113 },
  { "twice 180", E (KETBP), cuff_then, 180, 179, .a = 181 },
  { "twice a diastolic of 112", E (KETBP), diastolic_then, 112, 111, .a = 160, .b = 113 },

  /* pulse */
  { "75 + 20 = 95", E (HRUP), pulse, 95, 94 },
  { "1.22 x 100 = 122", E (HRUP), pulse, 122, 121, SITS (.hr = 100) },
  { "70 + 10 = 80 on a beta-blocker", E (HRUP), pulse, 80, 79, SITS (.hr = 70, .flags = "beta_blocker") },
  { "1.12 x 90 = 100.8 on a beta-blocker", E (HRUP), pulse, 101, 100, SITS (.hr = 90, .flags = "beta_blocker") },
  { "for 20 s", E (HRUP), pulse_for, 34, 33, .b = 110 },
  { "60 + 15 = 75", E (HRRISE), pulse, 75, 74, .a = 60, SITS (.hr = 60) },
  { "1.2 x 100 = 120", E (HRRISE), pulse, 120, 119, .a = 60, SITS (.hr = 100) },
  { "for 20 s", E (HRRISE), pulse_for, 33, 32, .b = 110 },
  { "75 + 26 = 101", E (HRUPP), pulse, 101, 100 },
  { "1.30 x 100 = 130", E (HRUPP), pulse, 130, 129, SITS (.hr = 100) },
  { "for 25 s", E (HRUPP), pulse_for, 39, 38, .b = 110 },
  { "70 - 15 = 55", E (VDROP), pulse, 55, 56, .a = 60, SITS (.hr = 70) },
  { "0.80 x 80 = 64", E (VDROP), pulse, 64, 65, .a = 60, SITS (.hr = 80) },
  { "0.87 x 75 = 65.25, from 85", E (VDROP), pulse_from, 65, 66, .a = 60, .b = 85 },
  { "not above 78, from 100", E (VDROP), pulse, 78, 79, .a = 60, SITS (.hr = 100) },
  { "0.70 x 116 = 81.2", E (VDROP), pulse, 81, 82, .a = 60, SITS (.hr = 116) },
  { "60 - 12 = 48 on a beta-blocker", E (VDROP), pulse, 48, 49, .a = 60, SITS (.hr = 60, .flags = "beta_blocker") },
  { "0.82 x 75 = 61.5 on a beta-blocker", E (VDROP), pulse, 61, 62, .a = 60, SITS (.flags = "beta_blocker") },
  { "for 8 s", E (VDROP), pulse_for, 19, 18, .b = 50 },
  { "within 150 s", E (VDROPPED), after_a_drop, 160, 161 },
  { "0.72 x 75 = 54", E (HR50), pulse, 54, 55, .a = 60 },
  { "0.75 x 65 = 48.75", E (HR50), pulse, 48, 49, .a = 60, SITS (.hr = 65) },
  { "below 50", E (HR50), pulse, 49, 50, .a = 60, SITS (.hr = 68) },
  { "0.80 x 60 = 48, from 75", E (HR50), pulse_from, 48, 49, .a = 60, .b = 75, SITS (.hr = 60) },
  { "0.65 of the way within the minute", E (SUDDEN), pulse_down_from, 65.6, 65.5, .a = 48, .b = 3 },
  { "below 40", E (HR40), pulse, 39, 40 },
  { "for 5 s", E (HR40), pulse_for, 16, 15, .b = 36 },
  { "75 - 10 = 65", E (HRDNMG), pulse, 65, 66 },
  { "0.88 x 100 = 88", E (HRDNMG), pulse, 88, 89, SITS (.hr = 100) },
  { "for 120 s", E (HRDNMG), pulse_for, 129, 128, .b = 60 },
  { "0.80 x 75 = 60", E (HRDNLA), pulse, 60, 61 },
  { "65 - 14 = 51", E (HRDNLA), pulse, 51, 52, SITS (.hr = 65) },
  { "below 45", E (HRDNLA), pulse, 44, 45, SITS (.hr = 50) },
  { "for 30 s", E (HRDNLA), pulse_for, 39, 38, .b = 55 },
  { "above 125", E (HRHI), pulse, 126, 125 },
  { "above 1.35 x 100 = 135", E (HRHI), pulse, 136, 135, SITS (.hr = 100) },
  { "above 150, not 1.35 x 120", E (HRHI), pulse, 151, 150, SITS (.hr = 120) },
  { "above 120 from 65 years", E (HRHI), pulse, 121, 120, SITS (.age = 65) },
  { "above 115 from 80 years", E (HRHI), pulse, 116, 115, SITS (.age = 80) },
  { "for 20 s", E (HRHI), pulse_for, 34, 33, .b = 140 },
  { "above 155", E (HRHIX), pulse, 156, 155 },
  { "for 15 s", E (HRHIX), pulse_for, 29, 28, .b = 170 },
  { "below 45", E (HRLO), pulse, 44, 45 },
  { "below 0.78 x 50 = 39", E (HRLO), pulse, 38, 39, SITS (.hr = 50) },
  { "for 15 s", E (HRLO), pulse_for, 29, 28, .b = 40 },
  { "0.85 x 75 = 63.75", E (HRREST), pulse, 64, 63, .a = 60 },
  { "at least 40, from 45", E (HRREST), pulse_from, 40, 39, .a = 60, .b = 45, SITS (.hr = 52) },
  { "at least 0.80 x 45 = 36, from 40", E (HRREST), pulse_from, 36, 35, .a = 60, .b = 40, SITS (.hr = 45) },
  { "below 36", E (HRLOX), pulse, 35, 36 },
  { "for 15 s", E (HRLOX), pulse_for, 29, 28, .b = 34 },
  { "below 20", E (NOPULSE), last_beats, 19, 20 },
  { "for 10 s", E (NOPULSE), standstill_for, 16, 15 },

  /* saturation */
  { "98 - 3.5 = 94.5", E (SPO2), oxygen, 94.5, 94.6 },
  { "below 92 - 3 = 89", E (SPO2), oxygen, 88.9, 89, SITS (.spo2 = 92) },
  { "below 90", E (SPO2), oxygen, 89.95, 90, SITS (.spo2 = 93.4) },
  { "ups and downs of 12", E (SPO2), restless_oxygen, 0.8, 0.95, .a = 200, .b = 93 },
  { "for 20 s", E (SPO2), oxygen_for, 29, 28, .b = 94 },
  { "98 - 2.5 = 95.5", E (SPO2M), oxygen, 95.5, 95.6 },
  { "ups and downs of 12", E (SPO2M), restless_oxygen, 0.8, 0.95, .a = 200, .b = 95 },
  { "for 60 s", E (SPO2M), oxygen_for, 69, 68, .b = 95 },
  { "98 - 1.5 = 96.5", E (SPO2D), oxygen, 96.5, 96.6 },
  { "ups and downs of 12", E (SPO2D), restless_oxygen, 0.8, 0.95, .a = 200, .b = 96 },
  { "for 20 s", E (SPO2D), oxygen_for, 29, 28, .b = 96 },
  { "below 86", E (SPO2P), oxygen, 85, 86 },
  { "below 90 - 5 = 85", E (SPO2P), oxygen, 84.9, 85, SITS (.spo2 = 90) },
  { "for 12 s", E (SPO2P), oxygen_for, 28, 27, .b = 84 },
  { "below 80", E (SPO2X), oxygen, 79, 80 },
  { "for 10 s", E (SPO2X), oxygen_for, 26, 25, .b = 78 },
  { "below 92, the session's, for 12 s", E (SPO2LIM), oxygen_for, 21, 20, .b = 91, SITS (.spo2 = 95, .key = "limit.SPO2.low", .value = "92") },
  { "below 90", E (SPO2WEAK), weak_oxygen, 89, 90 },
  { "below 86 with COPD", E (SPO2WEAK), weak_oxygen, 85, 86, SITS (.flags = "copd") },
  { "for 60 s", E (SPO2WEAK), weak_oxygen_for, 62, 61, .b = 85 },

  /* breathing, temperature */
  { "14 + 6.5 = 20.5", E (RRUP), breathing, 20.5, 20.4 },
  { "at least 20", E (RRUP), breathing, 20, 19.9, SITS (.rr = 12) },
  { "for 40 s", E (RRUP), breathing_for, 95, 94, .b = 24 },
  { "16 + 4.5 = 20.5", E (RRUPM), breathing, 20.5, 20.4, SITS (.rr = 16) },
  { "at least 19.5", E (RRUPM), breathing, 19.5, 19.4 },
  { "14 + 4.5 = 18.5, no least", E (RRUPR), breathing, 18.5, 18.4 },
  { "for 30 s", E (RRUPR), breathing_for, 61, 60, .b = 19 },
  { "for 100 s", E (RRUPM), breathing_for, 131, 130, .b = 20 },
  { "for 30 s", E (RRUPS), breathing_for, 61, 60, .b = 20 },
  { "pulse at most 0.95 x 75 = 71.25", E (CALM), calm_pulse, 71, 72 },
  { "breathing at most 14 + 1 = 15", E (CALM), calm_breathing, 15, 15.1 },
  { "below 8", E (RRDN), breathing, 7.9, 8 },
  { "for 30 s", E (RRDN), breathing_for, 61, 60, .b = 7 },
  { "at most 10.5", E (RRDNM), breathing, 10.5, 10.6, SITS (.rr = 16) },
  { "12 - 3.5 = 8.5", E (RRDNM), breathing, 8.5, 8.6, SITS (.rr = 12) },
  { "for 60 s", E (RRDNM), breathing_for, 91, 90, .b = 9 },
  { "below 8", E (RRLO), breathing, 7.9, 8 },
  { "below 9 from 80 years", E (RRLO), breathing, 8.9, 9, SITS (.age = 80) },
  { "for 70 s", E (RRLO), breathing_for, 101, 100, .b = 7 },
  { "above 30", E (RRHI), breathing, 30.1, 30 },
  { "above 28 from 65 years", E (RRHI), breathing, 28.1, 28, SITS (.age = 65) },
  { "for 60 s", E (RRHI), breathing_for, 118, 117, .b = 33 },
  { "38.0", E (TEMP), temperature, 38, 37.9 },
  { "37.3 + 1.0 = 38.3", E (TEMP), temperature, 38.3, 38.2, SITS (.temp = 37.3) },
  { "38.5 alone", E (TEMP), temperature, 38.5, 38.4, SITS (.temp = 37.8) },
  { "40", E (TEMPX), temperature, 40, 39.9 },
  { "below 35", E (TEMPLO), temperature, 34.9, 35 },

  /* doses */
  { "0.30 mmol/min = 180 mL/h", E (MGSOFT), rate, 180.1, 179.9, ON_MG },
  { "for 8 s", E (MGSOFT), rate_for, 9, 8, .b = 200, ON_MG },
  { "0.609 mmol/min = 365.4 mL/h", E (MGHARD), rate, 365.5, 365.3, ON_MG },
  { "for 8 s", E (MGHARD), rate_for, 9, 8, .b = 400, ON_MG },
  { "2 x 0.609 mmol/min = 730.8 mL/h", E (MGHARDX), rate, 730.9, 730.7, ON_MG },
  { "for 8 s", E (MGHARDX), rate_for, 9, 8, .b = 800, ON_MG },
  { "0.30 mmol/min = 180 mL/h", E (MGFAST), rate, 180.1, 179.9, ON_MG },
  { "within 10 min", E (MGFAST), fast_then_stop_for, 609, 610, .b = 300, ON_MG },
  { "0.6 mmol/L x 0.2 x 70 kg = 84 mL", E (MGRISE), infuse, 84.1, 83.9, .b = 100, ON_MG },
  { "0.3 mmol/L x 0.2 x 70 kg = 42 mL, renal", E (MGRISE), infuse, 42.1, 41.9, .b = 100,
    SITS (.drug_key = "therapy.mg_mmol_per_ml", .per_ml = "0.1", .flags = "renal") },
  { "within 10 min", E (MG), stop_for, 601, 602, ON_MG },
  { "2 mg/kg/h = 140 mL/h", E (KETHARD), rate, 140.1, 140, ON_KETAMINE },
  { "for 8 s", E (KETHARD), rate_for, 9, 8, .b = 200, ON_KETAMINE },
  { "2 x 2 mg/kg/h = 280 mL/h", E (KETHARDX), rate, 280.1, 280, ON_KETAMINE },
  { "for 8 s", E (KETHARDX), rate_for, 9, 8, .b = 400, ON_KETAMINE },
  { "within 60 min", E (KET), stop_for, 3601, 3602, ON_KETAMINE },
  { "1.5 mg/kg/h = 105 mL/h", E (LIDOHARD), rate, 105.1, 105, ON_LIDOCAINE },
  { "for 8 s", E (LIDOHARD), rate_for, 9, 8, .b = 150, ON_LIDOCAINE },
  { "2 x 1.5 mg/kg/h = 210 mL/h", E (LIDOHARDX), rate, 210.1, 210, ON_LIDOCAINE },
  { "for 8 s", E (LIDOHARDX), rate_for, 9, 8, .b = 300, ON_LIDOCAINE },
  { "within 60 min", E (LIDO), stop_for, 3601, 3602, ON_LIDOCAINE },
  { "above the soft rate for 8 s", E (DOSESOFT), rate_for, 9, 8, .b = 160, SITS (.key = "therapy.rate_soft_ml_h", .value = "150") },
  { "above the hard rate for 8 s", E (DOSEHARD), rate_for, 9, 8, .b = 160, SITS (.key = "therapy.rate_hard_ml_h", .value = "150") },
  { "15 mL/kg/h = 1050 mL/h", E (FLUIDHARD), rate_then, 1050.1, 1050, .b = 1000 },
  { "8 mL/kg/h = 560 mL/h at risk", E (FLUIDHARD), rate_then, 560.1, 560, .b = 500, SITS (.flags = "renal") },
  { "more than 40 mL in", E (FLUIDHARD), infuse, 42.8, 42.2, .b = 1100 },
  { "for 8 s", E (FLUIDHARD), rate_then_for, 9, 8, .a = 1000, .b = 1100 },
  { "20 mL/kg = 1400 mL", E (VOLHARD), infuse, 1400.2, 1399.7, .b = 600 },
  { "8 mL/kg = 560 mL at risk", E (VOLHARD), infuse, 560.2, 559.7, .b = 600, SITS (.flags = "renal") },
  { "0.6 x 10 mL/kg = 420 mL", E (VOL), infuse, 420.1, 419.7, .b = 600 },
  { "100 mL/h and a tenth", E (OFFPLAN), rate, 110.1, 110, SITS (.key = "therapy.steps", .value = "0 100") },
  { "for 8 s", E (OFFPLAN), rate_for, 9, 8, .b = 150, SITS (.key = "therapy.steps", .value = "0 100") },
  { "8 x 100 mL/h", E (JUMP), rate, 800, 799 },
  { "from 20 mL/h on", E (JUMP), rate_before, 20, 19.9, .a = 2, .b = 160 },
  { "for 1 s", E (JUMP), rate_for, 2, 1, .b = 900 },
  { "below 200", E (OSM), mix, 199.9, 200 },
  { "above 900", E (OSM), mix, 900.1, 900 },
  { "20 mmHg a 100 mL/h", E (RESIST), line_at_rate, 50.1, 50, .b = 200 },
  { "30 + 42 mmHg", E (PTREND), line_at_rate, 72.1, 72, .b = 100 },
  { "for 60 s", E (PTREND), line_for, 96, 95, .b = 80 },
  { "3 peaks", E (PPEAKS), peaks, 3, 2 },
  { "in 10 min", E (PPEAKS), peaks_within, 600, 601 },

  /* what was, what is missing */
  { "within 30 min", E (INF), stop_for, 1801, 1802 },
  { "75 years", E (RISK), age, 75, 74 },
  { "within 10 min", E (BREAK), after_a_break, 600, 601 },
  { "within 10 min", E (VVREC), after_a_faint, 600, 601 },
  { "for 180 s", E (VVLONG), faint_for, 200, 199 },
  { "0.85 x 120 = 102", E (VVLONG), faint_and_cuff, 101, 102 },
  { "within 20 min", E (REACTED), after_a_reaction, 1200, 1201 },
  { "within 15 min", E (OVERLOAD), after_an_overload, 900, 901 },
  { "for 120 s", E (NOSPO2), no_finger_for, 121, 120 },
  { "for 120 s", E (NORR), no_breathing_for, 121, 120 },
  { "in 2 x 300 s", E (NOCUFF), no_cuff_for, 601, 600 },
  { "for 60 s", E (SPO2OFF), no_finger_for, 60, 59 },
  { "for 30 s", E (SPO2OFFK), no_finger_for, 30, 29 },
  { "for 30 s", E (NOHR), no_rate_for, 30, 29 },
  { "for 90 s without an ECG", E (NOHR), no_rate_for, 90, 89, SITS (.no_ecg = true) },
  { "for 30 s", E (ECGOFF), no_ecg_for, 30, 29 },
  { "for 120 s", E (RROFF), no_breathing_for, 120, 119 },
  { "for 2 x 300 + 90 s", E (NIBPLATE), no_cuff_for, 690, 689 },
  { "three in a row", E (NIBPFAIL), failed_cuffs, 3, 2 },
  { "for 15 s", E (MONLINK), no_monitor_for, 15, 14 },
  { "for 15 s", E (PUMPLINK), no_pump_for, 15, 14 },
  { "for 90 s", E (FROZEN), frozen_from_now, 90, 89 },
  { "for 60 s", E (ABPBAD), damped_for, 61, 60 },
  { "for 5 min", E (PUMPPAUSED), pause_for, 302, 301 },
  { "2 mL of 17", E (MISMATCH), miscount, 2.1, 1.9, .b = 100 },
  { "5 % of 167 mL", E (MISMATCH), miscount, 8.5, 8.2, .b = 1000 },
  { "compared every 10 min", E (MISMATCH), miscount_for, 231, 230 },
  { "more than 2 s", E (LAG), behind, 2.1, 2 },
  { "more than 2 s", E (CLOCKSTEP), step_clock, 2.1, 2 },
  { "shown for 60 s", E (CLOCKSTEP), after_a_step, 60, 61 },

  /* gates: what is outside is not believed */
  { "20 is a pulse", E (HRLOX), pulse, 20, 19.9, .also = CHS_KEY_GATE_HR_MIN },
  { "300 is a pulse", E (HRHIX), pulse, 300, 300.1, .also = CHS_KEY_GATE_HR_MAX },
  { "a step of 20 is believed at once", E (HRUP), pulse, 95, 96, .a = 30, .also = CHS_KEY_GATE_HR_STEP },
  { "a longer one when it lasts 10 s", E (HRUP), pulse_for, 34, 33, .b = 110, .also = CHS_KEY_GATE_HR_PERSIST },
  { "ECG and oximeter 25 apart", E (HRUP), two_pulses, 85, 84.9, .b = 110, .also = CHS_KEY_GATE_HR_DISAGREE },
  { "50 % is a saturation", E (SPO2X), oxygen, 50, 49.9, .also = CHS_KEY_GATE_SPO2_MIN },
  { "4 % in a second are believed", E (SPO2), oxygen, 94, 93.9, .a = 29, .also = CHS_KEY_GATE_SPO2_FALL_1S },
  { "10 % after five seconds without any", E (SPO2), oxygen_after_none, 88, 87.9, .a = 32, .also = CHS_KEY_GATE_SPO2_FALL_10S },
  { "a longer fall when it lasts 15 s", E (SPO2), oxygen_for, 36, 35, .b = 90, .also = CHS_KEY_GATE_SPO2_PERSIST },
  { "and when it goes on falling", E (SPO2), oxygen_falling_for, 36, 35, .b = 90, .also = CHS_KEY_GATE_SPO2_PERSIST },
  { "perfusion below 0.3", E (SPO2WEAK), perfusion, 0.29, 0.3, .b = 85, .also = CHS_KEY_GATE_PI_LOW },
  { "3 is a breath rate", E (RRLO), breathing, 3, 2.9, .also = CHS_KEY_GATE_RR_MIN },
  { "70 is one", E (RRHI), breathing, 70, 70.1, .also = CHS_KEY_GATE_RR_MAX },
  { "a step of 15 is believed at once", E (RRLO), breathing, 7, 6.9, .a = 103, .also = CHS_KEY_GATE_RR_JUMP, SITS (.rr = 22) },
  { "a longer one when it lasts 30 s", E (RRLO), breathing_for, 116, 115, .b = 7, .also = CHS_KEY_GATE_RR_PERSIST, SITS (.rr = 24) },
  { "a spread of 9 is quiet", E (RRHI), restless_breathing, 9, 9.1, .a = 35, .also = CHS_KEY_GATE_RR_SPREAD },
  { "30 is a temperature", E (TEMPLO), temperature, 30, 29.9, .also = CHS_KEY_GATE_TEMP_MIN },
  { "42.5 is one", E (TEMPX), temperature, 42.5, 42.6, .also = CHS_KEY_GATE_TEMP_MAX },
  { "a step of 0.5 is believed at once", E (TEMP), temperature_step, 38.05, 38.12, .a = 45, .b = 37.6, .also = CHS_KEY_GATE_TEMP_JUMP },
  { "60 s after the last it stands alone", E (TEMP), temperature_by_hand_after, 53, 52, .b = 37.6, .c = 38.05, .also = CHS_KEY_GATE_TEMP_PERSIST },
  { "40 is a systolic", E (BPX), systolic, 40, 39, .a = 25, .also = CHS_KEY_GATE_SYS_MIN },
  { "280 is one", E (BPHIX), systolic, 280, 281, .a = 150, .also = CHS_KEY_GATE_SYS_MAX },
  { "20 is a diastolic", E (BPX), diastolic, 20, 19, .a = 60, .also = CHS_KEY_GATE_DIA_MIN },
  { "220 is one", E (BPHIX), diastolic, 220, 221, .a = 240, .also = CHS_KEY_GATE_DIA_MAX },
  { "10 is a pulse pressure", E (BPX), diastolic, 50, 51, .a = 60, .also = CHS_KEY_GATE_PP_MIN },
  { "150 is one", E (BPHIX), diastolic, 70, 69, .a = 220, .also = CHS_KEY_GATE_PP_MAX },
  { "a mean at 0.36 of 40", E (BPDOUBT), mean, 71.5, 71.3, .a = 85, .b = 45, .also = CHS_KEY_GATE_MAP_SHARE },
  { "give or take 0.15 of 40", E (BPDOUBT), mean, 71.5, 71.3, .a = 85, .b = 45, .also = CHS_KEY_GATE_MAP_SLACK },
  { "and 6", E (BPDOUBT), mean, 71.5, 71.3, .a = 85, .b = 45, .also = CHS_KEY_GATE_MAP_SLACK_MMHG },
  { "the same numbers after 25 s are another reading", E (BPLOW2), cuff_after, 26, 25, .a = 88, .b = 88, .also = CHS_KEY_GATE_NIBP_REPEAT },
  { "a mean above 250 is a flush", E (ABPBAD), flushed_line, 250.1, 250, .also = CHS_KEY_GATE_ABP_FLUSH },
  { "a line is read every 30 s", E (BPLOW2), low_line_for, 31, 30, .also = CHS_KEY_GATE_ABP_PERIOD },
  { "1500 mL/h is a rate", E (FLUIDHARD), rate_then, 1500, 1501, .b = 1000, .also = CHS_KEY_GATE_RATE_MAX },
  { "a rate counts after 3 s", E (MGFAST), rate_for, 4, 3, .b = 300, .also = CHS_KEY_GATE_RATE_PERSIST, ON_MG },

  /* margins, ages, limits of doses that a therapy does not bring */
  { "below 45 + 5 with digoxin", E (HRLO), pulse, 49.9, 50, .also = CHS_KEY_LIMIT_HR_LOW_DIGOXIN, SITS (.flags = "digoxin") },
  { "until 125 - 4", E (HRHI), pulse_back, 121.1, 121, .b = 140, .also = CHS_KEY_LIMIT_HR_MARGIN },
  { "until 30 - 1.5", E (RRHI), breathing_back, 28.6, 28.5, .b = 33, .also = CHS_KEY_LIMIT_RR_MARGIN },
  { "until 86 + 1", E (SPO2P), oxygen_back, 86.9, 87, .b = 84, .also = CHS_KEY_LIMIT_SPO2_MARGIN },
  { "carried for 45 s", E (HRHI), no_rate_after_a_fast_one, 60, 61, .b = 140, .also = CHS_KEY_STALE_CARRY },
  { "two intervals of 300 s that nobody set", E (NIBPLATE), no_cuff_for, 690, 689, .also = CHS_KEY_STALE_CUFF_INTERVAL },
  { "for 16 min", E (TEMP), no_temperature_for, 953, 954, .b = 39, .also = CHS_KEY_STALE_TEMP },
  { "a baseline of 98 at most", E (SPO2M), oxygen, 95.5, 95.6, .also = CHS_KEY_BASELINE_SPO2_CAP, SITS (.spo2 = 99.5) },
  { "0.70 of the population's 120", E (BPMILD), cuff, 85, 84, .also = CHS_KEY_BASELINE_POPULATION_SBP, SITS (.no_baseline = true) },
  { "a fall until 0.85 of 120", E (BPSLOW), then_cuff, 103, 102, .a = 95, .also = CHS_KEY_BP_SLOW_RECOVERED },
  { "for 10 min", E (SKIN), symptom_for, 600, 603, .what = "hives", .also = CHS_KEY_SYMPTOM_WINDOW },
  { "for 7 min", E (GI), symptom_for, 420, 423, .what = "nausea", .also = CHS_KEY_SYMPTOM_GI_WINDOW },
  { "for 5 min", E (FAINT), symptom_for, 300, 303, .what = "lightheaded", .also = CHS_KEY_SYMPTOM_FAINT_WINDOW },
  { "for 25 min", E (CHILLS), symptom_for, 1500, 1503, .what = "chills", .also = CHS_KEY_SYMPTOM_CHILLS_WINDOW },
  { "for 15 min", E (LASIGN), symptom_for, 900, 903, .what = "tinnitus", .also = CHS_KEY_SYMPTOM_LA_WINDOW },
  { "for 40 min", E (WEAK), symptom_for, 2400, 2403, .what = "weakness", .also = CHS_KEY_SYMPTOM_WEAK_WINDOW },
  { "0.6 mmol/L in 0.2 L/kg", E (MGRISE), infuse, 84.1, 83.9, .b = 100, .also = CHS_KEY_MAGNESIUM_DISTRIBUTION, ON_MG },
  { "0.6 x 10 mL/kg", E (VOL), infuse, 420.1, 419.7, .b = 600, .also = CHS_KEY_FLUID_SOFT_VOLUME },
  { "0.6 x 4 mL/kg at risk", E (VOL), infuse, 168.1, 167.7, .b = 200, .also = CHS_KEY_FLUID_RISK_SOFT_VOLUME, SITS (.flags = "renal") },
  { "9 mL/kg/h", E (VOL), rate, 630, 629.9, .also = CHS_KEY_FLUID_SOFT_RATE },
  { "4 mL/kg/h at risk", E (VOL), rate, 280, 279.9, .also = CHS_KEY_FLUID_RISK_SOFT_RATE, SITS (.flags = "renal") },
  { "15 mL/kg/h of 50 kg that nobody weighed", E (FLUIDHARD), rate_then, 750.1, 750, .b = 700, .also = CHS_KEY_FLUID_WEIGHT_UNKNOWN,
    SITS (.key = "patient.weight_kg", .value = "") },
  { "1 mg/kg/h = 70 mL/h", E (DOSESOFT), rate, 70.1, 70, .also = CHS_KEY_KETAMINE_SOFT_RATE, ON_KETAMINE },
  { "1 mg/kg/h = 70 mL/h", E (DOSESOFT), rate, 70.1, 70, .also = CHS_KEY_LIDOCAINE_SOFT_RATE, ON_LIDOCAINE },
  { "9 mg/kg/h = 630 mL/h while loading", E (LIDOHARD), rate, 630.1, 630, .also = CHS_KEY_LIDOCAINE_LOADING_RATE,
    SITS (.drug_key = "therapy.lidocaine_mg_per_ml", .per_ml = "1", .key = "therapy.lidocaine_loading_mg_kg", .value = "1.5") },
  { "a change of 50 mL/h", E (RESIST), line_at_change, 150, 149, .b = 60, .also = CHS_KEY_SITE_RATE_CHANGE },
  { "0.06 mmHg per mL/h more at 300 mL/h", E (PTREND), line_at_change, 300, 301, .b = 84.03, .also = CHS_KEY_SITE_SLOPE },
  { "30 + 60 mmHg", E (PPEAKS), bends_as_high, 90.1, 90, .also = CHS_KEY_SITE_PEAK },
  { "of 30 s at most", E (PPEAKS), bends_as_long, 30, 31, .also = CHS_KEY_SITE_PEAK_MAX },
};
/* clang-format on */

/* ---- what is asked of each ---- */

static ChsProfile *profile; /* of all rows, read once */

static void
read_profile (void)
{
  profile = maker_profile ();
}

static bool
is_true_at (const Edge *edge, const ChsProfile *numbers, double x)
{
  Maker maker;
  bool is_true;

  sit_down (&maker, &edge->chair, numbers);
  edge->play (&maker, edge, x);
  is_true = maker_has (&maker, edge->evidence);
  maker_clear (&maker);
  return is_true;
}

START_TEST (a_statement_is_true_from_its_edge_on)
{
  const Edge *edge = &edges[_i];
  const char *id = chs_evidence_info (edge->evidence)->id;

  ck_assert_msg (is_true_at (edge, profile, edge->on), "%s, %s: true at %g", id, edge->name, edge->on);
  ck_assert_msg (!is_true_at (edge, profile, edge->off), "%s, %s: not at %g", id, edge->name, edge->off);
}
END_TEST

/* Does a row of @evidence go wrong when the number @key is so many times what it is? */
static bool
is_missed (ChsEvidence evidence, ChsKey key, double factor)
{
  g_autoptr (ChsProfile) moved = chs_profile_copy (profile);

  moved->value[key] *= factor;
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    if (edges[i].evidence == evidence && (!is_true_at (&edges[i], moved, edges[i].on) || is_true_at (&edges[i], moved, edges[i].off)))
      return true;
  return false;
}

/* By how much a threshold is moved: counts by half, times by a second at least, for that is how often it is looked. */
static double
moved_by (ChsKey key)
{
  double value = profile->value[key];

  if (chs_key_info (key)->unit == CHS_UNIT_ONE && value >= 2)
    return 0.5;
  return chs_key_info (key)->unit == CHS_UNIT_S ? fmax (0.15, 1 / value) : 0.15;
}

static void
check_threshold (ChsEvidence evidence, ChsKey key)
{
  double by = moved_by (key);

  ck_assert_msg (is_missed (evidence, key, 1 + by) && is_missed (evidence, key, 1 - by),
                 "%s: no row of tests/test-edges.c stands on both sides of %s", chs_evidence_info (evidence)->id, chs_key_info (key)->name);
}

static bool
is_named (const ChsEvidenceInfo *info, ChsKey key)
{
  g_autofree char *braced = g_strconcat ("{", chs_key_info (key)->name, "}", NULL);

  return info->hold == key || strstr (info->text, braced) != NULL;
}

START_TEST (every_threshold_has_a_row)
{
  for (ChsKey key = CHS_KEY_NONE + 1; key < CHS_N_KEYS; key++)
    if (is_named (chs_evidence_info ((ChsEvidence) _i), key))
      check_threshold ((ChsEvidence) _i, key);
}
END_TEST

START_TEST (thresholds_that_no_statement_names_have_rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    if (edges[i].also != CHS_KEY_NONE)
      check_threshold (edges[i].evidence, edges[i].also);
}
END_TEST

/* What no row is about, and why. */
static const struct {
  const char *keys; /* a group, or one */
  const char *why;
} elsewhere[] = {
  { "alarm.", "the state machine: tests/test-engine.c, test-engine-silence.c, test-annunciation.c" },
  { "staleness.", "how values are shown: tests/test-chair-model.c" },
  { "news2.", "fixed by its authors; each at its edge in tests/test-news2.c" },
  { "osm.watch_", "the dose watch: tests/test-evidence.c, mixes" },
  { "due.", "what a nurse is reminded of, no evidence: tests/test-due.c" },
  { "dose.sulfate", "a molar mass; tests/test-evidence.c, every_figure_of_the_dose_watch" },
  { "baseline.", "what is compared with: tests/test-evidence.c, baseline_is_the_median_of_the_last_three" },
  { "temp.chills_hold", "the delay of a rule: tests/test-rules.c" },
  { "vasovagal.active", "the delay of a rule: tests/test-rules.c" },
  { "site.reference", "how long the reference of the line is learnt, not a limit" },
  { "site.settle", "when the resistance is measured, not a limit" },
  { "gate.hr_jump", "a slow monitor's; where one talks each second gate.hr_step is less" },
  { "gate.hr_disagree_hold", "how long ECG and oximeter may disagree; gate.hr_persist is longer" },
  { "gate.cuff_", "the cuff on the arm of the oximeter: tests/test-evidence.c" },
  { "gate.abp_damped", "gate.pp_min is more: a narrower wave is no pressure at all" },
  { "stale.hr_value", "the window of 15 s is as long" },
};

static bool
is_elsewhere (ChsKey key)
{
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    if (g_str_has_prefix (chs_key_info (key)->name, elsewhere[i].keys))
      return true;
  return false;
}

static bool
is_accounted_for (ChsKey key)
{
  bool is_known = is_elsewhere (key);

  for (ChsEvidence e = CHS_E_NONE + 1; e < CHS_N_EVIDENCE && !is_known; e++)
    is_known = is_named (chs_evidence_info (e), key);
  for (guint i = 0; i < G_N_ELEMENTS (edges) && !is_known; i++)
    is_known = edges[i].also == key;
  return is_known;
}

/* A new number of the profile has a statement that names it, a row, or a reason. */
START_TEST (every_number_of_the_profile_is_accounted_for)
{
  for (ChsKey key = CHS_KEY_NONE + 1; key < CHS_N_KEYS; key++)
    ck_assert_msg (is_accounted_for (key), "%s: no statement names it, and tests/test-edges.c has no row for it", chs_key_info (key)->name);
}
END_TEST

/* A chair at which nothing was ever measured: what rests on a measurement is unknown, and not normal. Those that answer no
 * ask for something that was (two readings, a doubtful one, a pulse that was there), or exclude something else. */
START_TEST (what_was_never_measured_is_unknown)
{
  static const ChsEvidence noes[] = { E (CONF), E (BPLOW2), E (BPDOUBT), E (BPTWICE), E (BPHI), E (KETBP), E (BPEASE), E (VDROPPED),
                                      E (HRREST), E (NOPULSE), E (SPO2LIM), E (SPO2WEAK), E (WETLUNG) };
  Maker maker;

  maker_init_with (&maker, chs_profile_copy (profile));
  maker_nurse (&maker, CHS_NURSE_PHASE, "baseline", NAN);
  maker_run (&maker, 120);
  for (ChsEvidence e = CHS_E_NONE + 1; e < CHS_N_EVIDENCE; e++) {
    const ChsEvidenceInfo *info = chs_evidence_info (e);
    bool is_no = false;

    for (guint i = 0; i < G_N_ELEMENTS (noes); i++)
      is_no |= noes[i] == e;
    if (info->input == CHS_INPUT_NONE || info->input > CHS_INPUT_NIBP)
      continue;
    ck_assert_msg (!maker_has (&maker, e), "%s of nothing", info->id);
    ck_assert_msg (maker_is_unknown (&maker, e) != is_no, "%s", info->id);
  }
  maker_clear (&maker);
}
END_TEST

static Suite *
edges_suite (void)
{
  Suite *suite = suite_create ("edges");
  TCase *tc = tcase_create ("edges");

  tcase_set_timeout (tc, 120);
  tcase_add_unchecked_fixture (tc, read_profile, NULL);
  tcase_add_loop_test (tc, a_statement_is_true_from_its_edge_on, 0, G_N_ELEMENTS (edges));
  tcase_add_loop_test (tc, every_threshold_has_a_row, CHS_E_NONE + 1, CHS_N_EVIDENCE);
  tcase_add_test (tc, thresholds_that_no_statement_names_have_rows);
  tcase_add_test (tc, every_number_of_the_profile_is_accounted_for);
  tcase_add_test (tc, what_was_never_measured_is_unknown);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (edges_suite)
