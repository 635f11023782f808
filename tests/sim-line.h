/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/simulator.h"
#include "tests/driver-check.h"

/* A driver and its simulated instrument on a line in memory, with a patient that the
 * test changes and a time that only the test moves. */

typedef struct {
  DriverCheck         check;
  const ChsSimulator *simulator;
  ChsSimPatient       patient;
  gpointer            sim;
  GByteArray         *wire; /* from the instrument */
  ChsSimOut           out;
} SimLine;

static inline void
sim_line_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  g_byte_array_append (((SimLine *) out->user)->wire, bytes, (guint) n);
}

/* @options: (nullable): key, value, key, value ... NULL, for the simulator */
static inline void
sim_line_open (SimLine *line, const ChsDriver *driver, const ChsSimulator *simulator, const char *const *options)
{
  line->simulator = simulator;
  line->wire = g_byte_array_new ();
  line->sim = g_malloc0 (simulator->state_size);
  line->out = (ChsSimOut) { sim_line_write, line };
  chs_sim_patient_init (&line->patient);
  line->patient.monitor_on = line->patient.pump_on = true;
  for (guint i = 0; options != NULL && options[i] != NULL; i += 2)
    ck_assert_msg (simulator->option (line->sim, options[i], options[i + 1]), "%s=%s", options[i], options[i + 1]);
  simulator->start (line->sim, &line->patient, 1, 0);
  driver_check_open (&line->check, driver);
}

static inline void
sim_line_close (SimLine *line)
{
  driver_check_close (&line->check);
  g_byte_array_unref (line->wire);
  g_free (line->sim);
}

/* Steps of 20 ms; the driver's tick every 100 ms; bytes arrive in pieces of 50. */
static inline void
sim_line_run (SimLine *line, double seconds)
{
  DriverCheck *check = &line->check;

  for (gint64 end = check->now_us + (gint64) (seconds * 1e6); check->now_us < end; check->now_us += 20000) {
    if (check->now_us % 100000 == 0 && check->driver->tick != NULL)
      check->driver->tick (check->state, check->now_us, &check->sink);
    if (check->sent->len > 0) {
      line->simulator->feed (line->sim, &line->patient, check->sent->data, check->sent->len, check->now_us, &line->out);
      g_byte_array_set_size (check->sent, 0);
    }
    line->simulator->tick (line->sim, &line->patient, check->now_us, &line->out);
    driver_check_feed (check, line->wire->data, line->wire->len, 50);
    g_byte_array_set_size (line->wire, 0);
  }
}

static inline guint
sim_line_count (SimLine *line, const char *what)
{
  return driver_check_count (line->check.events->str, what);
}
