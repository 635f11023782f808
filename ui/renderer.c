/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/renderer.h"

#include <glib.h>

#define RENDER_NODES "/dev/dri"

static gboolean
has_gpu (void)
{
  g_autoptr (GDir) dir = g_dir_open (RENDER_NODES, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;

  return FALSE;
}

void
chs_renderer_choose (void)
{
  if (!has_gpu ())
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
}
