/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event-json.h"
#include "app/sim-port.h"
#include "devices/described.h"
#include "devices/scenario.h"
#include "devices/sim-line.h"
#include "devices/transport.h"

#include <glib-unix.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* chairside-sim: simulated instruments on ptys or TCP, all looking at one patient by
 * one clock. What happens is told on stdout, one JSON object a line. */

#define STEP_US 20000 /* simulated time between two looks; devices/simulator.h */
#define WAKE_MS 20
#define LATE_US (5 * G_USEC_PER_SEC) /* the machine slept: no flood of old bytes afterwards */
#define CHUNK 4096

enum {
  EXIT_USAGE = 2,
  EXIT_REFUSED = 3,
};

/* One instrument: what follows "--driver" up to the next one. */
typedef struct {
  char               *driver_id;
  char               *pty_link;
  int                 tcp_port; /* -1 = pty */
  GPtrArray          *settings; /* "key=value" */
  ChsSimFaults        faults;
  const ChsSimulator *simulator;
  gpointer            state;
  ChsSimLine         *line;
  ChsSimPort         *port;
  struct _Sim        *sim;
} Instrument;

typedef struct _Sim {
  GPtrArray   *instruments;
  ChsSimFaults faults; /* for every instrument that comes after */
  char        *scenario_name;
  ChsScenario *scenario;
  double       speed;
  int          seed;
  double       duration_s; /* 0 = for ever */
  gint64       start_us;   /* monotonic; moved when the machine slept */
  gint64       now_us;     /* simulated */
  GMainLoop   *loop;
  int          status;
} Sim;

static void
instrument_free (gpointer data)
{
  Instrument *self = data;

  chs_sim_port_free (self->port);
  g_clear_pointer (&self->line, chs_sim_line_free);
  g_ptr_array_unref (self->settings);
  g_free (self->driver_id);
  g_free (self->pty_link);
  g_free (self->state);
  g_free (self);
}

static void
print_line (GString *line)
{
  puts (g_string_append_c (line, '}')->str);
  fflush (stdout);
}

static void
tell (const Sim *self, const char *type, const char *key, const char *value, const char *key2, const char *value2)
{
  g_autoptr (GString) line = g_string_new ("{");

  chs_json_number (line, "t_ms", (double) (self->now_us / 1000));
  chs_json_text (line, "type", type);
  chs_json_text (line, key, value);
  if (key2 != NULL)
    chs_json_text (line, key2, value2);
  print_line (line);
}

/* ---- options: in their order, because they belong to the driver before them ---- */

static Instrument *
last_instrument (Sim *self)
{
  return self->instruments->len > 0 ? g_ptr_array_index (self->instruments, self->instruments->len - 1) : NULL;
}

static gboolean
needs_driver (const char *option, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s stands before the first --driver", option);
  return FALSE;
}

static gboolean
on_driver (const char *option, const char *value, gpointer data, GError **error)
{
  Sim *self = data;
  Instrument *instrument = g_new0 (Instrument, 1);
  g_autoptr (GError) reason = NULL;

  instrument->driver_id = g_strdup (value);
  instrument->tcp_port = -1;
  instrument->settings = g_ptr_array_new_with_free_func (g_free);
  instrument->faults = self->faults;
  instrument->sim = self;
  g_ptr_array_add (self->instruments, instrument);
  instrument->simulator = chs_simulator_resolve (value, &reason);
  if (instrument->simulator != NULL)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s; see --list", reason->message);
  return FALSE;
}

static gboolean
on_pty_link (const char *option, const char *value, gpointer data, GError **error)
{
  Instrument *instrument = last_instrument (data);

  if (instrument == NULL)
    return needs_driver (option, error);
  g_free (instrument->pty_link);
  instrument->pty_link = g_strdup (value);
  return TRUE;
}

static gboolean
on_tcp (const char *option, const char *value, gpointer data, GError **error)
{
  Instrument *instrument = last_instrument (data);
  gint64 port;

  if (instrument == NULL)
    return needs_driver (option, error);
  if (!g_ascii_string_to_signed (value, 10, 0, 65535, &port, error))
    return FALSE;
  instrument->tcp_port = (int) port;
  return TRUE;
}

static gboolean
on_set (const char *option, const char *value, gpointer data, GError **error)
{
  Instrument *instrument = last_instrument (data);

  if (instrument == NULL)
    return needs_driver (option, error);
  g_ptr_array_add (instrument->settings, g_strdup (value));
  return TRUE;
}

static gboolean
on_fault (const char *option, const char *value, gpointer data, GError **error)
{
  Sim *self = data;
  Instrument *instrument = last_instrument (self);

  return chs_sim_faults_parse (value, instrument != NULL ? &instrument->faults : &self->faults, error);
}

static gboolean
on_list (const char *option, const char *value, gpointer data, GError **error)
{
  for (const ChsSimulator *const *simulator = chs_simulators (NULL); *simulator != NULL; simulator++)
    printf ("%-20s %s\n", (*simulator)->driver_id, (*simulator)->label);
  exit (EXIT_SUCCESS);
}

static gboolean
parse_options (Sim *self, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "driver", 0, 0, G_OPTION_ARG_CALLBACK, on_driver, "Instrument to simulate; may be given several times", "ID" },
    { "pty-link", 0, 0, G_OPTION_ARG_CALLBACK, on_pty_link, "Offer the instrument before it on a pty of this name", "PATH" },
    { "tcp", 0, 0, G_OPTION_ARG_CALLBACK, on_tcp, "Offer the instrument before it on this port of 127.0.0.1; 0 = any", "PORT" },
    { "set", 0, 0, G_OPTION_ARG_CALLBACK, on_set, "Setting of the instrument before it", "KEY=VALUE" },
    { "fault", 0, 0, G_OPTION_ARG_CALLBACK, on_fault,
      "drop:P,flip:P,tear,parity,no-parity,delay:MS,silence:FROM-TO,hangup:FROM[-TO] on the line of the instrument before it, or of all", "LIST" },
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &self->scenario_name, "What happens: ini or CSV file, or name of a shipped one", "FILE|NAME" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &self->speed, "So many times as fast as life (1)", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &self->seed, "Of all that is random (1)", "N" },
    { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &self->duration_s, "End after so many simulated seconds", "S" },
    { "list", 0, G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, on_list, "The instruments that can be simulated", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("sim", "", "", self, NULL);

  g_option_context_set_summary (context, "Simulated instruments that speak the real wire formats. All see one patient by one clock.");
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  if (argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "\"%s\" is too much", argv[1]);
    return FALSE;
  }
  if (self->instruments->len == 0 || !(self->speed > 0.0 && self->speed <= 1000.0)) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         self->instruments->len == 0 ? "--driver=ID is missing; see --list" : "--speed must lie between 0 and 1000");
    return FALSE;
  }
  return TRUE;
}

/* ---- running ---- */

static void
on_instrument_writes (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Instrument *self = out->user;

  chs_sim_line_push (self->line, bytes, n, self->sim->now_us);
}

static void
on_host_writes (ChsSimPort *port, guint8 *bytes, gsize n, gpointer user_data)
{
  Instrument *self = user_data;
  ChsSimOut out = { .write = on_instrument_writes, .user = self };

  n = chs_sim_line_spoil (self->line, bytes, n, self->sim->now_us);
  if (n > 0 && self->simulator->feed != NULL)
    self->simulator->feed (self->state, chs_scenario_get_patient (self->sim->scenario), bytes, n, self->sim->now_us, &out);
}

static gint64
ns_per_byte (const ChsDriver *driver)
{
  ChsLine line;

  if (!chs_line_parse (driver->line, &line, NULL))
    g_error ("driver %s: line \"%s\"", driver->id, driver->line);
  return chs_line_ns_per_byte (&line);
}

static gboolean
set_up (Instrument *self, guint number, GError **error)
{
  const ChsDriver *driver = chs_driver_resolve (self->driver_id, NULL);
  guint32 seed = (guint32) self->sim->seed * 1000u + number;

  g_assert (driver != NULL); /* a simulator without a driver is a defect of ours; tests/test-instruments */
  self->state = g_malloc0 (self->simulator->state_size);
  if (self->simulator->bind != NULL)
    self->simulator->bind (self->state, self->simulator);
  for (guint i = 0; i < self->settings->len; i++) {
    const char *setting = g_ptr_array_index (self->settings, i);
    g_auto (GStrv) pair = g_strsplit (setting, "=", 2);

    if (self->simulator->option == NULL || g_strv_length (pair) != 2 || !self->simulator->option (self->state, pair[0], pair[1])) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "the simulator of %s does not know \"%s\"", self->driver_id, setting);
      return FALSE;
    }
  }
  self->line = chs_sim_line_new (ns_per_byte (driver), &self->faults, seed);
  self->port = self->tcp_port >= 0 ? chs_sim_port_new_tcp ((guint16) self->tcp_port, on_host_writes, self, error)
                                   : chs_sim_port_new_pty (self->pty_link, on_host_writes, self, error);
  if (self->port == NULL)
    return FALSE;
  self->simulator->start (self->state, chs_scenario_get_patient (self->sim->scenario), seed, 0);
  tell (self->sim, "ready", "driver", self->driver_id, "address", chs_sim_port_get_address (self->port));
  return TRUE;
}

static void
on_cue (gint64 t_us, const char *kind, const char *text, gpointer user_data)
{
  tell (user_data, kind, "text", text, NULL, NULL);
}

static void
step_instrument (Sim *self, Instrument *instrument)
{
  ChsSimOut out = { .write = on_instrument_writes, .user = instrument };
  g_autoptr (GError) error = NULL;
  guint8 bytes[CHUNK];
  gsize n;

  if (!chs_sim_port_set_plugged (instrument->port, !chs_sim_line_is_hung_up (instrument->line, self->now_us), &error)) {
    g_printerr ("chairside-sim: %s\n", error->message);
    self->status = EXIT_REFUSED;
    g_main_loop_quit (self->loop);
    return;
  }
  instrument->simulator->tick (instrument->state, chs_scenario_get_patient (self->scenario), self->now_us, &out);
  while ((n = chs_sim_line_pop (instrument->line, bytes, sizeof bytes, self->now_us)) > 0)
    chs_sim_port_write (instrument->port, bytes, n);
}

static gboolean
on_wake (gpointer user_data)
{
  Sim *self = user_data;
  gint64 real_us = g_get_monotonic_time ();
  gint64 target_us = (gint64) ((double) (real_us - self->start_us) * self->speed);

  if (target_us - self->now_us > (gint64) ((double) LATE_US * self->speed)) {
    self->start_us = real_us - (gint64) ((double) self->now_us / self->speed);
    return G_SOURCE_CONTINUE;
  }
  while (self->now_us + STEP_US <= target_us) {
    self->now_us += STEP_US;
    chs_scenario_advance (self->scenario, self->now_us, on_cue, self);
    for (guint i = 0; i < self->instruments->len; i++)
      step_instrument (self, g_ptr_array_index (self->instruments, i));
  }
  if (self->duration_s > 0.0 && (double) self->now_us >= self->duration_s * G_USEC_PER_SEC)
    g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
tell_session (const Sim *self)
{
  for (const char *const *entry = chs_scenario_get_session (self->scenario); *entry != NULL; entry++) {
    g_auto (GStrv) pair = g_strsplit (*entry, "=", 2);

    tell (self, "setup", "key", pair[0], "value", pair[1]);
  }
}

static int
run (Sim *self)
{
  g_autoptr (GError) error = NULL;

  self->scenario = self->scenario_name != NULL ? chs_scenario_load (self->scenario_name, (guint32) self->seed, &error)
                                               : chs_scenario_new ((guint32) self->seed);
  if (self->scenario != NULL)
    for (guint i = 0; i < self->instruments->len && error == NULL; i++)
      set_up (g_ptr_array_index (self->instruments, i), i, &error);
  if (error != NULL) {
    g_printerr ("chairside-sim: %s\n", error->message);
    return EXIT_REFUSED;
  }
  tell_session (self);
  chs_scenario_advance (self->scenario, 0, on_cue, self);
  self->loop = g_main_loop_new (NULL, FALSE);
  self->start_us = g_get_monotonic_time ();
  g_unix_signal_add (SIGTERM, on_quit, self->loop);
  g_unix_signal_add (SIGINT, on_quit, self->loop);
  g_unix_signal_add (SIGHUP, on_quit, self->loop);
  g_timeout_add (WAKE_MS, on_wake, self);
  g_main_loop_run (self->loop);
  g_main_loop_unref (self->loop);
  return self->status;
}

int
main (int argc, char **argv)
{
  Sim self = { .speed = 1.0, .seed = 1 };
  g_autoptr (GError) error = NULL;
  int status = EXIT_USAGE;

  setlocale (LC_CTYPE, "");
  signal (SIGPIPE, SIG_IGN);
  chs_sim_faults_init (&self.faults);
  self.instruments = g_ptr_array_new_with_free_func (instrument_free);
  if (parse_options (&self, argc, argv, &error))
    status = run (&self);
  else
    g_printerr ("chairside-sim: %s\n", error->message);
  g_ptr_array_unref (self.instruments);
  chs_scenario_free (self.scenario);
  g_free (self.scenario_name);
  return status;
}
