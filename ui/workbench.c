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

typedef struct {
  ChsOpenFunc open;
  gpointer    user_data;
} Opening;

static void
on_chosen (ChsSessionsPage *page, const char *path, gpointer data)
{
  const Opening *opening = data;

  opening->open (path, opening->user_data);
}

static void
free_opening (gpointer opening, GClosure *closure)
{
  g_free (opening);
}

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

static GtkWidget *
add_sessions (ChsWindow *window, const char *folder, ChsOpenFunc open, gpointer user_data)
{
  ChsSessionsPage *page = g_object_new (CHS_TYPE_SESSIONS_PAGE, NULL);
  Opening         *opening = g_new (Opening, 1);

  *opening = (Opening){ open, user_data };
  chs_sessions_page_set_folder (page, folder);
  g_signal_connect_data (page, "chosen", G_CALLBACK (on_chosen), opening, free_opening, 0);
  chs_window_add_page (window, "sessions", CHS_PAGE (page));

  return GTK_WIDGET (page);
}

static void
add_pages (ChsWindow *window, ChsReplayer *replayer, GtkWidget *transport)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    GtkWidget *page = g_object_new (pages[i].get_type (), NULL);

    chs_work_page_set_replayer (page, replayer);
    give_room (page, transport, pages[i].rows);
    chs_window_add_page (window, pages[i].name, CHS_PAGE (page));
  }
}

void
chs_workbench_fill (ChsWindow *window, ChsReplayer *replayer, const char *folder, ChsOpenFunc open, gpointer user_data)
{
  g_autofree char *beside = replayer ? g_path_get_dirname (chs_replayer_get_path (replayer)) : NULL;
  GtkWidget       *sessions = add_sessions (window, folder ? folder : beside, open, user_data), *transport;

  if (replayer == NULL) {
    chs_window_set_home (window, "sessions");
    return;
  }
  transport = chs_transport_new (replayer, chs_window_get_scene (window));
  chs_window_set_transport (window, transport);
  give_room (sessions, transport, CHS_TRANSPORT_LINE);
  add_pages (window, replayer, transport);
}
