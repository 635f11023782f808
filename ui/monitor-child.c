/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/monitor-child.h"

#include "app/client.h"
#include "app/demo.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>

#define SYSTEM_CONFIG "/etc/chairside/chair.ini"

struct _ChsMonitorChild {
  GSubprocess *process;
};

char *
chs_monitor_child_find_config (void)
{
  g_autofree char  *own = g_build_filename (g_get_user_config_dir (), "chairside", "chair.ini", NULL);
  const char *const places[] = { g_getenv ("CHAIRSIDE_CONFIG"), own, SYSTEM_CONFIG };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i] && g_file_test (places[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (places[i]);

  return NULL;
}

gboolean
chs_monitor_answers (const char *socket_path)
{
  g_autofree char              *usual = socket_path ? NULL : chs_socket_dup_path ();
  g_autoptr (GSocketAddress)    address = g_unix_socket_address_new (socket_path ? socket_path : usual);
  g_autoptr (GSocketClient)     client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

ChsMonitorChild *
chs_monitor_child_new (const char *config_path, GError **error)
{
  g_autofree char *program = chs_program_dup_path ("chairsided");
  g_autofree char *option = g_strdup_printf ("--config=%s", config_path);
  GSubprocess     *process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, error, program, option, NULL);
  ChsMonitorChild *self;

  if (process == NULL)
    return NULL;

  self = g_new0 (ChsMonitorChild, 1);
  self->process = process;

  return self;
}

void
chs_monitor_child_free (ChsMonitorChild *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_free (self);
}
