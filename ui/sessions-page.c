/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sessions-page.h"

#include "app/import-formats.h"
#include "app/session-list.h"
#include "ui/job-bar.h"
#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE_ROWS 25
#define SEARCH_LETTERS 40

struct _ChsSessionsPage {
  ChsWorkPage parent_instance;

  char           *folder;
  ChsSessionList *list;
  char           *search;
  GArray         *found; /* of guint: rows of the list that match */
  guint           first; /* of @found that is shown */
  GCancellable   *cancellable;
  gboolean        is_reading;

  GtkWidget            *rows, *search_key, *newer, *older;
  ChsJobBar            *job;
  GtkFileChooserNative *chooser;
  GtkWidget            *import_key; /* not at a chair: it would show the files of the computer */
};

G_DEFINE_FINAL_TYPE (ChsSessionsPage, chs_sessions_page, CHS_TYPE_WORK_PAGE)

enum { SIGNAL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void read_next (ChsSessionsPage *self);

/* ---- a row ---- */

static void
add_cell (GtkWidget *row, const char *text, const char *css_class, gboolean is_wide)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, is_wide);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (row), label);
}

static char *
date_words (const ChsSessionRow *row)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_local (row->start_us / G_USEC_PER_SEC);

  if (row->is_known && row->start_us <= 0) /* Translators: of an imported file that has none */
    return g_strdup (_("No date"));

  return start ? g_date_time_format (start, "%Y-%m-%d  %H:%M") : g_strdup ("");
}

static char *
alarm_words (const ChsSessionRow *row)
{
  if (!row->is_known)
    return g_strdup ("…");
  if (row->n_alarms == 0)
    return g_strdup (_("No alarms"));
  if (row->n_high == 0)
    return g_strdup_printf (ngettext ("%u alarm", "%u alarms", row->n_alarms), row->n_alarms);

  /* Translators: number of alarms of a session, and how many of them were of high priority */
  return g_strdup_printf (ngettext ("%u alarm, !!! %u", "%u alarms, !!! %u", row->n_alarms), row->n_alarms, row->n_high);
}

static const char *
state_words (const ChsSessionRow *row)
{
  if (!row->is_known)
    return "";
  if (row->damage[0])
    return _("damaged");

  /* Translators: a recording that ended by a crash or a power cut, or is still being made */
  return row->is_complete ? "" : _("not closed");
}

static void
on_row (GtkWidget *button, ChsSessionsPage *self)
{
  g_autofree char *path = g_build_filename (self->folder, g_object_get_data (G_OBJECT (button), "name"), NULL);

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, path);
}

static void
add_row (ChsSessionsPage *self, const ChsSessionRow *row)
{
  GtkWidget       *button = gtk_button_new (), *cells = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char *date = date_words (row), *alarms = alarm_words (row);
  g_autofree char *length = row->is_known ? chs_say_countdown (row->duration_us) : g_strdup ("");
  g_autofree char *name = g_strjoin (", ", date, row->patient_id, row->therapy, length, alarms, state_words (row), NULL);

  gtk_widget_add_css_class (button, "session-row");
  gtk_widget_add_css_class (cells, "session-cells");
  add_cell (cells, date, "session-date", FALSE);
  add_cell (cells, row->patient_id[0] ? row->patient_id : "–", "session-patient", FALSE);
  add_cell (cells, row->therapy[0] ? _(row->therapy) : row->name, "session-therapy", TRUE);
  add_cell (cells, length, "session-length", FALSE);
  add_cell (cells, alarms, row->n_high > 0 ? "session-high" : "session-alarms", FALSE);
  add_cell (cells, state_words (row), "session-state", FALSE);
  if (row->damage[0])
    gtk_widget_set_tooltip_text (button, row->damage);
  gtk_button_set_child (GTK_BUTTON (button), cells);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (row->name), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_row), self);
  gtk_box_append (GTK_BOX (self->rows), button);
}

/* ---- the list ---- */

static void
show_rows (ChsSessionsPage *self)
{
  guint                n, last = MIN (self->first + PAGE_ROWS, self->found->len);
  const ChsSessionRow *all = self->list ? chs_session_list_get (self->list, &n) : NULL;
  GtkWidget           *child;
  g_autofree char     *count = NULL;

  while ((child = gtk_widget_get_first_child (self->rows)))
    gtk_box_remove (GTK_BOX (self->rows), child);
  for (guint i = self->first; i < last; i++)
    add_row (self, &all[g_array_index (self->found, guint, i)]);
  if (self->found->len == 0)
    gtk_box_append (GTK_BOX (self->rows), gtk_label_new (_("No recordings found.")));
  /* Translators: which of the recordings are shown: "1–25 of 230" */
  count = g_strdup_printf (_("%u–%u of %u"), self->found->len ? self->first + 1 : 0, last, self->found->len);
  chs_key_set_hint (CHS_KEY (self->older), count);
  gtk_widget_set_sensitive (self->newer, self->first > 0);
  gtk_widget_set_sensitive (self->older, last < self->found->len);
}

static void
find (ChsSessionsPage *self)
{
  guint                n = 0;
  const ChsSessionRow *all = self->list ? chs_session_list_get (self->list, &n) : NULL;

  g_array_set_size (self->found, 0);
  for (guint i = 0; i < n; i++)
    if (chs_session_row_matches (&all[i], self->search))
      g_array_append_val (self->found, i);
  if (self->first >= self->found->len)
    self->first = 0;
  chs_key_set_hint (CHS_KEY (self->search_key), self->search[0] ? self->search : NULL);
  show_rows (self);
}

static void
open_folder (ChsSessionsPage *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->list, chs_session_list_free);
  self->list = chs_session_list_new (self->folder, NULL, &error);
  if (self->list == NULL)
    chs_work_page_tell (self, error->message);
  find (self);
  read_next (self);
}

/* ---- what the index does not know ---- */

static void
read_in_thread (GTask *task, gpointer source, gpointer row, GCancellable *cancellable)
{
  chs_session_row_read (row, g_object_get_data (G_OBJECT (task), "folder"));
  g_task_return_boolean (task, TRUE);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsSessionsPage) self = CHS_SESSIONS_PAGE (user_data);

  self->is_reading = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), NULL) || self->list == NULL)
    return;
  chs_session_list_put (self->list, g_task_get_task_data (G_TASK (result)));
  find (self);
  read_next (self);
}

/* Those in sight first. */
static const ChsSessionRow *
find_unknown (ChsSessionsPage *self)
{
  guint                n;
  const ChsSessionRow *all = chs_session_list_get (self->list, &n);

  for (guint i = self->first; i < MIN (self->first + PAGE_ROWS, self->found->len); i++)
    if (!all[g_array_index (self->found, guint, i)].is_known)
      return &all[g_array_index (self->found, guint, i)];
  for (guint i = 0; i < n; i++)
    if (!all[i].is_known)
      return &all[i];

  return NULL;
}

static void
read_next (ChsSessionsPage *self)
{
  const ChsSessionRow *row = self->list ? find_unknown (self) : NULL;
  g_autoptr (GTask)    task = NULL;
  g_autoptr (GError)   error = NULL;

  if (self->list == NULL || self->is_reading)
    return;
  if (row == NULL) {
    if (!chs_session_list_save (self->list, &error))
      g_message ("%s", error->message);
    return;
  }
  self->is_reading = TRUE;
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_object_set_data_full (G_OBJECT (task), "folder", g_strdup (self->folder), g_free);
  g_task_set_task_data (task, g_memdup2 (row, sizeof *row), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

/* ---- search and paging ---- */

static void
take_search (const char *text, gpointer user_data)
{
  ChsSessionsPage *self = CHS_SESSIONS_PAGE (user_data);

  g_free (self->search);
  self->search = g_strdup (text);
  self->first = 0;
  find (self);
}

static void
on_search (ChsSessionsPage *self)
{
  chs_entry_pad_ask_text (chs_work_page_ask (self), _("Patient, therapy or date"), self->search, SEARCH_LETTERS, take_search, self);
}

static void
on_newer (ChsSessionsPage *self)
{
  self->first = self->first > PAGE_ROWS ? self->first - PAGE_ROWS : 0;
  show_rows (self);
}

static void
on_older (ChsSessionsPage *self)
{
  self->first += PAGE_ROWS;
  show_rows (self);
}

/* ---- import ---- */

typedef struct {
  char *path, *out;
} Import;

static void
import_free (gpointer data)
{
  g_free (((Import *) data)->path);
  g_free (((Import *) data)->out);
  g_free (data);
}

/* What a person can do about it; the reason of the importer, in English, stands behind. */
static const char *
refusal_words (const GError *error)
{
  static const struct {
    ChsImportError code;
    const char    *words;
  } refusals[] = {
    { CHS_IMPORT_ERROR_READ, N_("The file cannot be read. Is the stick still there?") },
    { CHS_IMPORT_ERROR_FORMAT, N_("This is no recording of a kind that can be imported.") },
    { CHS_IMPORT_ERROR_EMPTY, N_("There is nothing in this file that could be kept.") },
    { CHS_IMPORT_ERROR_WRITE, N_("The recording cannot be written. Is there room?") },
    { CHS_IMPORT_ERROR_EXISTS, N_("A recording of this name is in the list already.") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_error_matches (error, CHS_IMPORT_ERROR, (int) refusals[i].code))
      return _(refusals[i].words);

  return "";
}

/* The first remark is shown, so that it is known what kind of loss it is; `chairside-tool import` tells all. */
static char *
dup_done_words (const char *out, const ChsImportResult *result)
{
  g_autofree char *name = g_path_get_basename (out), *first = g_strndup (result->account, strcspn (result->account, "\n"));

  if (result->n_notes > 0) /* Translators: file name; number of remarks; the first of them, in English */
    return g_strdup_printf (ngettext ("Imported as %s, but not all of it could be kept (%u remark): %s",
                                      "Imported as %s, but not all of it could be kept (%u remarks): %s", result->n_notes),
                            name, result->n_notes, first);

  /* Translators: a file name follows */
  return g_strdup_printf (_("Imported as %s"), name);
}

static char *
run_import (ChsJob *job, gpointer data, GCancellable *cancellable, GError **error)
{
  const Import            *self = data;
  guint                    n;
  const ChsImporter *const *formats = chs_import_formats (&n);
  const ChsImporter       *importer = chs_import_find (formats, n, self->path, error);
  g_auto (ChsImportResult) result = { 0 };

  if (importer == NULL || !chs_import_run (importer, self->path, self->out, chs_job_progress, job, cancellable, &result, error)) {
    if (error && *error && *refusal_words (*error))
      g_prefix_error (error, "%s ", refusal_words (*error));
    return NULL;
  }

  return dup_done_words (self->out, &result);
}

static void
on_imported (const char *text, gboolean is_done, gpointer user_data)
{
  chs_work_page_tell (user_data, text);
  if (is_done)
    open_folder (CHS_SESSIONS_PAGE (user_data));
}

void
chs_sessions_page_import (ChsSessionsPage *self, const char *path)
{
  g_autofree char *base = g_path_get_basename (path), *name = NULL;
  Import          *import;

  g_return_if_fail (CHS_IS_SESSIONS_PAGE (self) && path);

  if (chs_job_bar_is_busy (self->job))
    return;
  import = g_new0 (Import, 1);
  if (strrchr (base, '.'))
    *strrchr (base, '.') = '\0';
  name = g_strconcat (base, ".chairside", NULL);
  *import = (Import){ g_strdup (path), g_build_filename (self->folder, name, NULL) };
  chs_job_bar_run (self->job, base, run_import, import, import_free, on_imported, self);
}

static void
on_file_chosen (ChsSessionsPage *self, int response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;

  g_clear_object (&self->chooser);
  if (file && g_file_peek_path (file))
    chs_sessions_page_import (self, g_file_peek_path (file));
}

static void
on_import (ChsSessionsPage *self)
{
  if (self->chooser || chs_scene_is_kiosk (chs_view_get_scene (self)))
    return;
  self->chooser = gtk_file_chooser_native_new (_("Import"), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_file_chosen), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- life ---- */

void
chs_sessions_page_set_folder (ChsSessionsPage *self, const char *folder)
{
  g_return_if_fail (CHS_IS_SESSIONS_PAGE (self) && folder);

  g_free (self->folder);
  self->folder = g_strdup (folder);
}

static void
chs_sessions_page_opened (ChsPage *page, GVariant *target)
{
  CHS_PAGE_CLASS (chs_sessions_page_parent_class)->opened (page, target);
  gtk_widget_set_visible (CHS_SESSIONS_PAGE (page)->import_key, !chs_scene_is_kiosk (chs_view_get_scene (page)));
  open_folder (CHS_SESSIONS_PAGE (page));
}

static void
chs_sessions_page_dispose (GObject *object)
{
  ChsSessionsPage *self = CHS_SESSIONS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (chs_sessions_page_parent_class)->dispose (object);
}

static void
chs_sessions_page_finalize (GObject *object)
{
  ChsSessionsPage *self = CHS_SESSIONS_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->list, chs_session_list_free);
  g_array_unref (self->found);
  g_free (self->folder);
  g_free (self->search);
  G_OBJECT_CLASS (chs_sessions_page_parent_class)->finalize (object);
}

static void
chs_sessions_page_class_init (ChsSessionsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_sessions_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_sessions_page_finalize;
  CHS_PAGE_CLASS (klass)->opened = chs_sessions_page_opened;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                         1, G_TYPE_STRING);
}

static GtkWidget *
add_top_key (ChsSessionsPage *self, const char *title, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  g_signal_connect_swapped (key, "clicked", callback, self);
  chs_page_add_key (CHS_PAGE (self), key);

  return key;
}

static void
chs_sessions_page_init (ChsSessionsPage *self)
{
  GtkWidget *content = chs_work_page_get_content (self);

  self->cancellable = g_cancellable_new ();
  self->found = g_array_new (FALSE, FALSE, sizeof (guint));
  self->search = g_strdup ("");
  chs_page_set_title (CHS_PAGE (self), _("Recordings"));
  self->older = add_top_key (self, _("Older"), G_CALLBACK (on_older));
  self->newer = add_top_key (self, _("Newer"), G_CALLBACK (on_newer));
  self->import_key = add_top_key (self, _("Import"), G_CALLBACK (on_import));
  self->search_key = add_top_key (self, _("Search"), G_CALLBACK (on_search));

  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->rows, "session-rows");
  gtk_box_append (GTK_BOX (content), chs_scroller_new (self->rows));
  self->job = CHS_JOB_BAR (chs_job_bar_new ());
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->job));
}
