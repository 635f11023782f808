/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-formats.h"

#include "app/scenario-csv.h"

#include <string.h>

/* Labelled scenarios (app/scenario-csv.h) as recordings: the journal that a live chair would have given. */

#define STEP_EVERY 1024u

typedef struct {
  ChsImport *import;
  guint64    n;
  GError    *error;
} Player;

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Player *self = user_data;
  ChsEvent copy = *event;

  if (copy.type == CHS_EVENT_NUMERIC && copy.numeric.meas_us != CHS_TIME_NONE)
    copy.numeric.meas_us += copy.wall_us - copy.t_us; /* an import counts on the wall clock */
  chs_import_event (self->import, &copy);
  return ++self->n % STEP_EVERY != 0 || chs_import_step (self->import, 0, 0, &self->error);
}

static gboolean
run (ChsImport *import, GError **error)
{
  Player self = { .import = import };
  g_autoptr (GError) stopped = NULL;

  chs_import_set_live (import);
  chs_import_add_source (import, "monitor", 0, 0); /* CHS_SCENARIO_MONITOR */
  chs_import_add_source (import, "pump", 1, 0);    /* CHS_SCENARIO_PUMP */
  if (chs_scenario_play (chs_import_get_path (import), NULL, on_event, &self, &stopped) && self.error == NULL)
    return TRUE;
  if (self.error != NULL) {
    g_propagate_error (error, self.error);
    return FALSE;
  }
  if (self.n == 0) {
    g_propagate_error (error, g_steal_pointer (&stopped));
    return FALSE;
  }
  chs_import_note (import, "%s: the rows from there on are missing", stopped->message);
  return TRUE;
}

static gboolean
probe (const guint8 *head, gsize n)
{
  const char *end = memchr (head, '\n', n);
  g_autofree char *line = end != NULL ? g_strndup ((const char *) head, (gsize) (end - (const char *) head)) : NULL;

  return line != NULL && g_str_has_prefix (line, "t_s,") && strstr (line, "pump_rate_ml_h") != NULL && strstr (line, "mon_link") != NULL;
}

const ChsImporter chs_import_scenario = {
  .id = "scenario",
  .label = "Labelled scenario (CSV)",
  .probe = probe,
  .run = run,
};
