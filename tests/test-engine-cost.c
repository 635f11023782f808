/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/replay.h"
#include "tests/engine-maker.h"

#include <locale.h>
#include <time.h>

/* What the engine must not do: allocate for an event, or say something else in another country. */

#if defined(__SANITIZE_ADDRESS__)
#define CAN_COUNT 0 /* the sanitizer brings its own malloc */
#else
#define CAN_COUNT 1

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);
void *malloc (size_t size);
void *calloc (size_t n, size_t size);
void *realloc (void *block, size_t size);

static unsigned n_allocations;

void *
malloc (size_t size)
{
  n_allocations++;
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  n_allocations++;
  return __libc_calloc (n, size);
}

void *
realloc (void *block, size_t size)
{
  n_allocations++;
  return __libc_realloc (block, size);
}
#endif

static void
say_nothing (const ChsEvent *output, gpointer user_data)
{
  ++*(unsigned *) user_data;
}

/* An hour with everything in it: calm, a fast pulse that comes and goes, falling pressure, symptoms, acknowledgements,
 * pauses, a lost link, another therapy. */
static GArray *
busy_hour (void)
{
  GArray *events = g_array_new (FALSE, TRUE, sizeof (ChsEvent));
  Maker maker;

  maker_init (&maker);
  maker.kept = events;
  maker_setup (&maker, "patient.age", "70");
  maker_setup (&maker, "patient.weight_kg", "70");
  maker_setup (&maker, "therapy.id", "test");
  maker_setup (&maker, "therapy.mg_mmol_per_ml", "0.08");
  maker_nurse (&maker, CHS_NURSE_PHASE, "infusing", NAN);
  maker.pump_talks = true;
  maker.pump_state = CHS_PUMP_INFUSING;
  maker.spo2 = 98;
  maker.pi = 2.5;
  maker.rr = 14;
  maker.temp = 36.7;
  maker.pressure = 30;
  for (int minute = 0; minute < 60; minute++) {
    maker.rate_ml_h = minute % 20 == 7 ? 400 : 100;
    maker.hr = maker.pr = minute % 8 == 5 ? 150 : 75 + minute % 5;
    maker.spo2 = minute == 33 ? 82 : 98;
    maker.monitor_talks = minute != 50;
    if (minute % 5 == 0)
      maker_cuff (&maker, minute > 30 ? 84 : 121);
    if (minute == 31)
      maker_symptom (&maker, "hives");
    if (minute % 9 == 8)
      maker_nurse (&maker, CHS_NURSE_AUDIO_PAUSE, "", 60);
    if (minute % 11 == 10)
      maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
    maker_run (&maker, 60);
  }
  maker_clear (&maker);
  return events;
}

START_TEST (no_allocation_for_an_event)
{
  g_autoptr (GArray) events = busy_hour ();
  g_autoptr (ChsProfile) profile = maker_profile ();
  g_autoptr (ChsEngine) engine = chs_engine_new (profile);
  unsigned n_said = 0, n_found = 0;

  for (guint i = 0; i < events->len; i++) {
    const ChsEvent *event = &g_array_index (events, ChsEvent, i);

    chs_engine_feed (engine, event, say_nothing, &n_said);
#if CAN_COUNT
    if (event->type == CHS_EVENT_SETUP)
      n_allocations = 0; /* keys that a person sets may be taken apart on the heap */
#endif
  }
#if CAN_COUNT
  n_found = n_allocations; /* Check allocates too */
#endif
  ck_assert_uint_gt (events->len, 20000);
  ck_assert_uint_gt (n_said, 20);
  ck_assert_msg (n_found == 0, "%u allocations for %u events", n_found, events->len);
}
END_TEST

typedef struct {
  ChsProfile *profile;
  GString    *text;
} Log;

static void
write_down (const ChsEvent *output, gpointer user_data)
{
  Log *log = user_data;

  chs_alarm_to_json (log->profile, output, log->text);
}

static char *
log_of (const GArray *events)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  g_autoptr (ChsEngine) engine = chs_engine_new (profile);
  Log log = { .profile = profile, .text = g_string_new (NULL) };

  for (guint i = 0; i < events->len; i++)
    chs_engine_feed (engine, &g_array_index (events, ChsEvent, i), write_down, &log);
  return g_string_free (log.text, FALSE);
}

/* The profile is read again in each of them: a decimal comma or other digits must not reach a limit either. Locales that
 * are not installed are asked for all the same: the program then runs in "C". */
static const struct {
  const char *locale, *zone;
} places[] = {
  { "C", "UTC" },
  { "C.UTF-8", "Europe/Berlin" },
  { "de_DE.UTF-8", "Europe/Berlin" },
  { "de_DE.UTF-8", "Asia/Kathmandu" },
  { "ar_EG.UTF-8", "Africa/Cairo" },
  { "ar", "Pacific/Chatham" },
  { "tr_TR.UTF-8", "America/St_Johns" },
  { "en_US.UTF-8", ":/nonexistent" },
};

START_TEST (a_log_is_the_same_in_any_country)
{
  g_autoptr (GArray) events = busy_hour ();
  g_autofree char *here = log_of (events), *there = NULL;

  g_setenv ("TZ", places[_i].zone, TRUE);
  g_setenv ("LC_ALL", places[_i].locale, TRUE);
  tzset ();
  if (setlocale (LC_ALL, "") == NULL)
    setlocale (LC_ALL, "C");
  there = log_of (events);
  ck_assert_uint_gt (strlen (here), 1000);
  ck_assert_msg (strcmp (here, there) == 0, "%s, %s", places[_i].locale, places[_i].zone);
}
END_TEST

static Suite *
engine_cost_suite (void)
{
  Suite *suite = suite_create ("engine-cost");
  TCase *tc = tcase_create ("engine-cost");

  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, no_allocation_for_an_event);
  tcase_add_loop_test (tc, a_log_is_the_same_in_any_country, 0, G_N_ELEMENTS (places));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (engine_cost_suite)
