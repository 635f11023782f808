/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/workbench.h"

#include "ui/bytes-page.h"
#include "ui/export-page.h"
#include "ui/markers-page.h"
#include "ui/sessions-page.h"
#include "ui/transport.h"
#include "ui/what-if-page.h"

/* Pages over one recording, by the name that opens them. */
static const struct {
  const char *name;
  GType (*get_type) (void);
  ChsTransportRows rows; /* of the transport, while it is shown */
} pages[] = {
  { "markers", chs_markers_page_get_type, CHS_TRANSPORT_LINE },
  { "what-if", chs_what_if_page_get_type, CHS_TRANSPORT_LINE },
  { "bytes", chs_bytes_page_get_type, CHS_TRANSPORT_KEYS },
  { "export", chs_export_page_get_type, CHS_TRANSPORT_LINE },
};

static void
on_map (GtkWidget *page, ChsTransport *transport)
{
  g_object_set_data (G_OBJECT (transport), "page", page);
  chs_transport_set_rows (transport, (ChsTransportRows) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (page), "rows")));
}

static void
on_unmap (GtkWidget *page, ChsTransport *transport)
{
  if (g_object_get_data (G_OBJECT (transport), "page") == page) /* else another page has its place already */
    chs_transport_set_rows (transport, CHS_TRANSPORT_ALL);
}

static void
give_room (GtkWidget *page, GtkWidget *transport, ChsTransportRows rows)
{
  g_object_set_data (G_OBJECT (page), "rows", GINT_TO_POINTER (rows));
  g_signal_connect_object (page, "map", G_CALLBACK (on_map), transport, 0);
  g_signal_connect_object (page, "unmap", G_CALLBACK (on_unmap), transport, 0);
}

/* ---- pages are made when they are first opened ---- */

typedef struct {
  ChsReplayer *replayer;  /* (nullable): nothing is open */
  GtkWidget   *transport; /* (nullable): likewise */
  guint        i;         /* row of @pages */

  /* of the list */
  char       *folder;
  ChsOpenFunc open;
  gpointer    user_data;
} Making;

static Making *
making_new (ChsReplayer *replayer, GtkWidget *transport)
{
  Making *making = g_new0 (Making, 1);

  making->replayer = replayer ? g_object_ref (replayer) : NULL;
  g_set_weak_pointer (&making->transport, transport);

  return making;
}

static void
making_free (gpointer data)
{
  Making *making = data;

  g_clear_object (&making->replayer);
  g_clear_weak_pointer (&making->transport);
  g_free (making->folder);
  g_free (making);
}

static void
on_chosen (ChsSessionsPage *page, const char *path, gpointer data)
{
  const Making *making = data;

  making->open (path, making->user_data);
}

static ChsPage *
make_sessions (gpointer data)
{
  const Making *making = data;
  GtkWidget    *page = g_object_new (CHS_TYPE_SESSIONS_PAGE, NULL);

  chs_sessions_page_set_folder (CHS_SESSIONS_PAGE (page), making->folder);
  g_signal_connect (page, "chosen", G_CALLBACK (on_chosen), data);
  if (making->transport)
    give_room (page, making->transport, CHS_TRANSPORT_LINE);

  return CHS_PAGE (page);
}

static ChsPage *
make_page (gpointer data)
{
  const Making *making = data;
  GtkWidget    *page = g_object_new (pages[making->i].get_type (), NULL);

  chs_work_page_set_replayer (page, making->replayer);
  give_room (page, making->transport, pages[making->i].rows);

  return CHS_PAGE (page);
}

static void
add_sessions (ChsWindow *window, Making *making, const char *folder, ChsOpenFunc open, gpointer user_data)
{
  g_autofree char *beside = making->replayer ? g_path_get_dirname (chs_replayer_get_path (making->replayer)) : NULL;

  making->folder = g_strdup (folder ? folder : beside);
  making->open = open;
  making->user_data = user_data;
  chs_window_add_page (window, "sessions", make_sessions, making, making_free);
}

void
chs_workbench_fill (ChsWindow *window, ChsReplayer *replayer, const char *folder, ChsOpenFunc open, gpointer user_data)
{
  GtkWidget *transport = replayer ? chs_transport_new (replayer, chs_window_get_scene (window)) : NULL;

  add_sessions (window, making_new (replayer, transport), folder, open, user_data);
  if (replayer == NULL) {
    chs_window_set_home (window, "sessions");
    return;
  }
  chs_window_set_transport (window, transport);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    Making *making = making_new (replayer, transport);

    making->i = i;
    chs_window_add_page (window, pages[i].name, make_page, making, making_free);
  }
}
