/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/export-page.h"

#include "app/exporters.h"
#include "app/retention.h"
#include "ui/job-bar.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <string.h>

#define COLUMNS 3
#define MEDIUM "/media/chairside" /* where the chair's computer mounts a stick: export.medium of the shipped chair.ini */

struct _ChsExportPage {
  ChsWorkPage parent_instance;

  char                 *folder;
  GtkWidget            *where, *done;
  ChsJobBar            *job;
  GtkFileChooserNative *chooser;
  GtkWidget            *folder_key;
};

G_DEFINE_FINAL_TYPE (ChsExportPage, chs_export_page, CHS_TYPE_WORK_PAGE)

typedef struct {
  const ChsExporter *exporter;
  char              *path, *out;
  gint64             at_us;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_free (self->path);
  g_free (self->out);
  g_free (self);
}

static const char *
translate (const char *msgid)
{
  return *msgid ? g_dgettext (GETTEXT_PACKAGE, msgid) : msgid;
}

/* That this session is elsewhere now decides whether it may be removed. */
static void
note_export (const Export *self)
{
  g_autoptr (GError) error = NULL;

  if (!chs_retention_note_export (self->path, g_get_real_time (), g_get_user_name (), self->exporter->id, self->out, &error))
    g_warning ("%s; the session counts as not exported", error->message);
}

static char *
run_export (ChsJob *job, gpointer data, GCancellable *cancellable, GError **error)
{
  const Export          *self = data;
  const ChsExportOptions options = { .at_us = self->at_us, .tr = translate };
  g_autofree char       *missing = NULL;

  if (!chs_export_to_file (self->exporter, self->path, self->out, &options, chs_job_progress, job, cancellable, &missing, error))
    return NULL;
  if (missing) /* Translators: a file name; what could not be exported, in English */
    return g_strdup_printf (_("Only a part was written to %s: %s"), self->out, missing);
  if (self->exporter->is_whole)
    note_export (self);

  /* Translators: a file name follows */
  return g_strdup_printf (_("Written to %s"), self->out);
}

static void
on_done (const char *text, gboolean is_done, gpointer user_data)
{
  gtk_label_set_label (GTK_LABEL (CHS_EXPORT_PAGE (user_data)->done), text);
}

static char *
dup_out_path (ChsExportPage *self, const char *path, const ChsExporter *exporter)
{
  g_autofree char *base = g_path_get_basename (path);
  char            *dot = strrchr (base, '.');
  g_autofree char *name = NULL;

  if (dot)
    *dot = '\0';
  name = g_strconcat (base, exporter->suffix, NULL);

  return g_build_filename (self->folder, name, NULL);
}

static gboolean
is_picture (const ChsExporter *exporter)
{
  return strcmp (exporter->id, "png") == 0 || strcmp (exporter->id, "svg") == 0;
}

static void
on_format (GtkWidget *key, ChsExportPage *self)
{
  const ChsExporter *exporter = chs_exporter_find (g_object_get_data (G_OBJECT (key), "format"));
  ChsReplayer       *replayer = chs_work_page_get_replayer (self);
  Export            *export;

  if (chs_job_bar_is_busy (self->job))
    return;
  if (g_str_has_suffix (chs_replayer_get_path (replayer), ".csv")) {
    gtk_label_set_label (GTK_LABEL (self->done), _("A scenario is no recording: import it first."));
    return;
  }
  if (!chs_scene_is_kiosk (chs_view_get_scene (self))) /* a medium is there or it is not */
    g_mkdir_with_parents (self->folder, 0700); /* when it fails, so does the export, with the reason */
  export = g_new0 (Export, 1);
  export->exporter = exporter;
  export->path = g_strdup (chs_replayer_get_path (replayer));
  export->out = dup_out_path (self, export->path, exporter);
  export->at_us = is_picture (exporter) ? chs_replayer_get_position_us (replayer) : CHS_TIME_NONE;
  gtk_label_set_label (GTK_LABEL (self->done), "");
  chs_job_bar_run (self->job, _(exporter->label), run_export, export, export_free, on_done, self);
}

/* ---- where to ---- */

static void
show_folder (ChsExportPage *self)
{
  /* Translators: a folder follows */
  g_autofree char *text = g_strdup_printf (_("Into %s"), self->folder);

  gtk_label_set_label (GTK_LABEL (self->where), text);
}

static void
on_folder_chosen (ChsExportPage *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file == NULL || g_file_peek_path (file) == NULL)
    return;
  g_free (self->folder);
  self->folder = g_file_get_path (file);
  show_folder (self);
}

static void
on_folder (ChsExportPage *self)
{
  if (self->chooser || chs_scene_is_kiosk (chs_view_get_scene (self)))
    return;
  self->chooser = gtk_file_chooser_native_new (_("Folder"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_folder_chosen), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- life ---- */

static void
chs_export_page_dispose (GObject *object)
{
  g_clear_object (&CHS_EXPORT_PAGE (object)->chooser);
  G_OBJECT_CLASS (chs_export_page_parent_class)->dispose (object);
}

static void
chs_export_page_finalize (GObject *object)
{
  g_free (CHS_EXPORT_PAGE (object)->folder);
  G_OBJECT_CLASS (chs_export_page_parent_class)->finalize (object);
}

/* At a chair there is one place, the stick that a person plugs in; no chooser shows the files of the computer. */
static void
chs_export_page_opened (ChsPage *page, GVariant *target)
{
  ChsExportPage *self = CHS_EXPORT_PAGE (page);

  CHS_PAGE_CLASS (chs_export_page_parent_class)->opened (page, target);
  if (!chs_scene_is_kiosk (chs_view_get_scene (page)))
    return;
  g_free (self->folder);
  self->folder = g_strdup (MEDIUM);
  gtk_widget_set_visible (self->folder_key, FALSE);
  show_folder (self);
}

static void
chs_export_page_class_init (ChsExportPageClass *klass)
{
  CHS_PAGE_CLASS (klass)->opened = chs_export_page_opened;
  G_OBJECT_CLASS (klass)->dispose = chs_export_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_export_page_finalize;
}

static void
add_formats (ChsExportPage *self)
{
  GtkWidget         *grid = gtk_grid_new ();
  guint              n;
  const ChsExporter *all = chs_exporters (&n);

  gtk_widget_add_css_class (grid, "key-grid");
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (guint i = 0; i < n; i++) {
    GtkWidget *key = chs_key_new (_(all[i].label), NULL);

    chs_key_set_hint (CHS_KEY (key), all[i].suffix);
    g_object_set_data (G_OBJECT (key), "format", (gpointer) all[i].id);
    g_signal_connect (key, "clicked", G_CALLBACK (on_format), self);
    gtk_grid_attach (GTK_GRID (grid), key, (int) (i % COLUMNS), (int) (i / COLUMNS), 1, 1);
  }
  gtk_box_append (GTK_BOX (chs_work_page_get_content (self)), grid);
}

static GtkWidget *
add_label (ChsExportPage *self, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (chs_work_page_get_content (self)), label);

  return label;
}

static void
chs_export_page_init (ChsExportPage *self)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  self->folder = g_build_filename (documents ? documents : g_get_home_dir (), "Chairside", NULL);
  chs_page_set_title (CHS_PAGE (self), _("Report and export"));
  self->folder_key = chs_key_new (_("Folder"), NULL);
  g_signal_connect_swapped (self->folder_key, "clicked", G_CALLBACK (on_folder), self);
  chs_page_add_key (CHS_PAGE (self), self->folder_key);
  self->where = add_label (self, "heading");
  add_formats (self);
  self->done = add_label (self, "fact");
  self->job = CHS_JOB_BAR (chs_job_bar_new ());
  gtk_box_append (GTK_BOX (chs_work_page_get_content (self)), GTK_WIDGET (self->job));
  show_folder (self);
}
