/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link.h"
#include "devices/simulator.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* Each driver against its simulator, through a pty and the real transport: one
 * chairside-sim with all instruments, one link each. Real time, because a line is. */

#define PATIENCE_S 40

extern const ChsDriver chs_driver_skeleton;

typedef struct {
  const char *id;
  ChsLink    *link;
  gboolean    was_up;
  guint       n_values; /* numerics with a value, pump statuses */
} Instrument;

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  Instrument *self = user_data;

  if (event->type == CHS_EVENT_LINK && event->link.state == CHS_LINK_UP)
    self->was_up = TRUE;
  if (event->type == CHS_EVENT_PUMP || (event->type == CHS_EVENT_NUMERIC && event->numeric.quality == CHS_QUALITY_OK))
    self->n_values++;
}

static GSubprocess *
start_simulator (const char *folder, Instrument *instruments, guint n)
{
  g_autofree char *program = g_build_filename (g_getenv ("CHS_TEST_BUILD"), "app", "chairside-sim", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, g_strdup (program));
  for (guint i = 0; i < n; i++) {
    g_ptr_array_add (argv, g_strdup_printf ("--driver=%s", instruments[i].id));
    g_ptr_array_add (argv, g_strdup_printf ("--pty-link=%s/%s", folder, instruments[i].id));
  }
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  ck_assert_msg (process != NULL, "%s", error != NULL ? error->message : "");
  return process;
}

static gboolean
all_told (const Instrument *instruments, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!instruments[i].was_up || instruments[i].n_values == 0)
      return FALSE;
  return TRUE;
}

START_TEST (every_instrument_is_heard_over_a_pty)
{
  g_autofree char *folder = g_dir_make_tmp ("chairside-XXXXXX", NULL);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autofree Instrument *instruments = NULL;
  ChsSystemClock clock;
  guint n = 0;
  gint64 end_us = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  chs_system_clock_init (&clock, g_get_monotonic_time ());
  g_main_context_push_thread_default (context);
  instruments = g_new0 (Instrument, g_strv_length ((char **) chs_simulators (NULL)) + 1);
  for (const ChsSimulator *const *simulator = chs_simulators (NULL); *simulator != NULL; simulator++)
    if (chs_driver_find ((*simulator)->driver_id)->access != CHS_ACCESS_NEVER)
      instruments[n++].id = (*simulator)->driver_id;
  process = start_simulator (folder, instruments, n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *address = g_strdup_printf ("tty:%s/%s", folder, instruments[i].id);
    const ChsLinkConfig config = { .name = instruments[i].id, .address = address, .driver = instruments[i].id };
    g_autoptr (GError) error = NULL;

    instruments[i].link = chs_link_new (&config, (guint8) (i + 1), &clock.clock, context, on_event, &instruments[i], &error);
    ck_assert_msg (instruments[i].link != NULL, "%s", error != NULL ? error->message : "");
    chs_link_start (instruments[i].link);
  }
  while (!all_told (instruments, n) && g_get_monotonic_time () < end_us) {
    g_main_context_iteration (context, FALSE);
    g_usleep (1000);
  }
  for (guint i = 0; i < n; i++) {
    ck_assert_msg (instruments[i].was_up, "%s was never up", instruments[i].id);
    ck_assert_msg (instruments[i].n_values > 0, "%s told nothing", instruments[i].id);
    chs_link_stop (instruments[i].link);
    g_object_unref (instruments[i].link);
  }
  g_subprocess_send_signal (process, SIGTERM);
  ck_assert (g_subprocess_wait_check (process, NULL, NULL));
  ck_assert_msg (g_rmdir (folder) == 0, "chairside-sim has left links behind");
  g_main_context_pop_thread_default (context);
}
END_TEST

START_TEST (every_simulator_has_its_driver)
{
  for (const ChsSimulator *const *simulator = chs_simulators (NULL); *simulator != NULL; simulator++) {
    const ChsDriver *driver = chs_driver_find ((*simulator)->driver_id);

    ck_assert_msg (driver != NULL, "%s", (*simulator)->driver_id);
    ck_assert_msg ((driver->access == CHS_ACCESS_QUERY) <= ((*simulator)->feed != NULL), "%s is asked and does not listen", driver->id);
  }
}
END_TEST

START_TEST (every_driver_is_complete)
{
  const char *last = "";

  for (const ChsDriver *const *d = chs_drivers (NULL); *d != NULL; d++) {
    const ChsDriver *driver = *d;

    ck_assert_msg (strcmp (last, driver->id) < 0, "%s: sorted by id", driver->id);
    last = driver->id;
    ck_assert_msg (driver->label != NULL && driver->line != NULL && driver->gives != NULL && driver->source != NULL, "%s", driver->id);
    ck_assert_msg (chs_line_parse (driver->line, &(ChsLine) { 0 }, NULL), "%s: %s", driver->id, driver->line);
    ck_assert_msg (driver->state_size > 0 && driver->feed != NULL && driver->counters != NULL && driver->silence_ms > 0, "%s", driver->id);
    ck_assert_msg ((driver->access == CHS_ACCESS_QUERY) == (driver->n_queries > 0), "%s: what it sends", driver->id);
    for (unsigned i = 0; i < driver->n_queries; i++)
      ck_assert_msg (driver->queries[i].name != NULL && driver->queries[i].note != NULL && driver->queries[i].note[0] != '\0', "%s: query %u",
                     driver->id, i);
  }
}
END_TEST

START_TEST (the_skeleton_cannot_be_chosen)
{
  ck_assert_str_eq (chs_driver_skeleton.id, "skeleton");
  ck_assert_ptr_null (chs_driver_find ("skeleton"));
}
END_TEST

static Suite *
instruments_suite (void)
{
  Suite *suite = suite_create ("instruments");
  TCase *tc = tcase_create ("instruments");

  tcase_add_test (tc, every_simulator_has_its_driver);
  tcase_add_test (tc, every_driver_is_complete);
  tcase_add_test (tc, the_skeleton_cannot_be_chosen);
  tcase_add_test (tc, every_instrument_is_heard_over_a_pty);
  tcase_set_timeout (tc, PATIENCE_S + 20);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (instruments_suite)
