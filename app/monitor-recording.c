/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-private.h"

#include "app/resume.h"

#define STORAGE_RETRY_S 10 /* between tries to begin a recording that could not be begun */

char *
chs_monitor_dup_boot_id (void)
{
  char *boot_id = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (boot_id);
}

gboolean
chs_monitor_open_writer (ChsMonitor *self, const char *path, const char *session_id, GError **error)
{
  ChsClock *clock = &self->clock.clock;
  g_autofree char *boot_id = chs_monitor_dup_boot_id ();
  const ChsStoreMeta meta = { .session_id = (char *) session_id,
                              .chair = self->config->name,
                              .boot_id = boot_id,
                              .start_wall_us = self->clock.offset_us,
                              .start_mono_us = self->clock.epoch_us,
                              .program = (char *) "chairside " CHS_VERSION };

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    g_debug ("cannot make %s", self->folder); /* the writer says why */
  self->writer = chs_store_writer_new (path, &meta, self->context, chs_monitor_on_storage_changed, self, error);
  g_free (self->path);
  self->path = g_strdup (self->writer != NULL ? path : "");
  self->retry_us = clock->now_us (clock) + STORAGE_RETRY_S * G_USEC_PER_SEC;
  return self->writer != NULL;
}

void
chs_monitor_add_source (ChsMonitor *self, ChsLink *link)
{
  ChsStoreSource source = { .source = chs_link_get_source (link) };

  if (self->writer == NULL)
    return;
  chs_text_copy (source.name, sizeof source.name, chs_link_get_name (link));
  chs_text_copy (source.driver, sizeof source.driver, chs_link_get_driver (link)->id);
  chs_text_copy (source.address, sizeof source.address, chs_link_get_address (link));
  chs_driver_version (chs_link_get_driver (link), source.version, sizeof source.version);
  chs_store_writer_add_source (self->writer, &source);
}

static void
on_kept_event (const ChsEvent *event, gpointer user_data)
{
  chs_store_writer_append (user_data, event);
}

/* A recording that could not be begun is begun late, with what is still in memory. */
void
chs_monitor_retry_recording (ChsMonitor *self, gint64 now_us)
{
  const ChsSession *session = chs_engine_get_session (self->engine);
  g_autofree char *path = NULL;

  if (self->writer != NULL || now_us < self->retry_us)
    return;
  path = chs_recording_dup_new_path (self->folder, self->config->name, self->clock.clock.wall_us (&self->clock.clock));
  if (!chs_monitor_open_writer (self, path, session->id, NULL))
    return;
  for (guint i = 0; i < self->links->len; i++)
    chs_monitor_add_source (self, self->links->pdata[i]);
  chs_journal_replay_tail (self->journal, 1, on_kept_event, self->writer);
  chs_monitor_append_configs (self);
  chs_monitor_tell_storage (self, TRUE, NULL);
}
