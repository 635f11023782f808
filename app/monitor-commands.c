/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-private.h"

#include "app/command-check.h"
#include "app/correction.h"
#include "app/setup-expand.h"

#include <string.h>

/* ---- keys of the set-up ---- */

void
chs_monitor_add_key (GArray *keys, const char *key, const char *value)
{
  ChsSetup setup = { 0 };

  chs_text_copy (setup.key, sizeof setup.key, key);
  chs_text_copy (setup.value, sizeof setup.value, value);
  g_array_append_val (keys, setup);
}

/* What the configuration says of every session: element-type ChsSetup. */
GArray *
chs_monitor_configured_keys (const ChsChairConfig *config)
{
  GArray *keys = g_array_new (FALSE, TRUE, sizeof (ChsSetup));

  chs_monitor_add_key (keys, "session.chair", config->name);
  for (guint i = 0; i < config->setup->len; i++) {
    const ChsChairSetup *setup = config->setup->pdata[i];

    chs_monitor_add_key (keys, setup->key, setup->value);
  }
  return keys;
}

/* Returns the keys to journal, or NULL when one of them cannot be. */
GArray *
chs_monitor_check_keys (ChsMonitor *self, const ChsSession *session, const ChsSetup *keys, gsize n, GError **error)
{
  if (!chs_command_check_setup (session, self->session_profile, keys, n, error))
    return NULL;
  return chs_setup_expand (self->library, self->checks, session, self->engine, keys, n, error);
}

guint64
chs_monitor_append_keys (ChsMonitor *self, guint8 source, const GArray *keys)
{
  guint64 seq = 0;

  for (guint i = 0; i < keys->len; i++)
    seq = chs_monitor_append_setup (self, source, &g_array_index (keys, ChsSetup, i));
  return seq;
}

guint64
chs_monitor_setup (ChsMonitor *self, const ChsSetup *keys, gsize n, GError **error)
{
  g_autoptr (GArray) all = chs_monitor_check_keys (self, chs_engine_get_session (self->engine), keys, n, error);

  return all != NULL ? chs_monitor_append_keys (self, CHS_SOURCE_NURSE, all) : 0;
}

/* ---- what a nurse does ---- */

/* The comparison takes some 0.1 s of this thread; the gate lets two through and then one in half a minute. */
static gboolean
check_pin (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  const char *action = chs_nurse_action_id (nurse->action), *hash = self->config->pin_hash;
  gboolean is_right;

  if (hash == NULL) {
    g_set_error (error, CHS_PIN_ERROR, CHS_PIN_ERROR_NONE_SET,
                 "%s asks for the technician's PIN, and the chair's configuration has none: see chairside-tool pin", action);
    return FALSE;
  }
  if (!chs_pin_gate_begin (&self->pin_gate, g_get_monotonic_time (), error)) {
    g_prefix_error (error, "%s: ", action);
    return FALSE;
  }
  is_right = chs_pin_matches (nurse->text, hash);
  chs_pin_gate_end (&self->pin_gate, is_right, g_get_monotonic_time ());
  if (!is_right)
    g_set_error (error, CHS_PIN_ERROR, CHS_PIN_ERROR_WRONG, "%s: that is not the technician's PIN", action);
  return is_right;
}

static gboolean
check_silence (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  return chs_command_check_silence (nurse, self->session_profile, self->engine, error)
         && (!chs_command_needs_pin (nurse) || check_pin (self, nurse, error));
}

static gboolean
check_correction (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  const char *why = NULL;

  if (nurse->action != CHS_NURSE_CORRECTION || chs_correction_check (self->engine, nurse, &why))
    return TRUE;
  g_set_error_literal (error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, why); /* whole sentences: the screen translates them */
  return FALSE;
}

/* A script or the demonstration tells an item by its id alone: whoever reads the recording gets its words. */
static void
tell_item (ChsMonitor *self, ChsNurse *nurse)
{
  const ChsCheck *item = NULL;

  if (nurse->action != CHS_NURSE_DONE || nurse->text[0] != '\0')
    return;
  if (self->checks != NULL)
    item = chs_checklist_find_item (self->checks, nurse->what);
  for (guint i = 0; i < G_N_ELEMENTS (self->items) && item == NULL; i++)
    item = self->items[i] != NULL ? chs_checklist_find_item (self->items[i], nurse->what) : NULL;
  if (item != NULL)
    chs_text_copy (nurse->text, sizeof nurse->text, item->text);
}

guint64
chs_monitor_nurse (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  ChsEvent event = chs_monitor_new_event (self, CHS_EVENT_NURSE);

  if (!chs_command_check_nurse (nurse, event.t_us, error) || !check_silence (self, nurse, error) || !check_correction (self, nurse, error))
    return 0;
  event.source = CHS_SOURCE_NURSE;
  event.nurse = *nurse;
  tell_item (self, &event.nurse);
  if (chs_command_needs_pin (nurse))
    memset (event.nurse.text, 0, sizeof event.nurse.text);
  return chs_monitor_append (self, &event);
}
