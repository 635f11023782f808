/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/exporters.h"

#include "app/export-fhir.h"
#include "app/picture.h"
#include "app/report.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Marks a string for xgettext. */
#define N_(s) (s)

static const ChsExporter exporters[] = {
  { "csv", N_ ("Table, a row for each value (CSV)"), ".csv", chs_export_csv_long, FALSE, TRUE },
  { "csv-wide", N_ ("Table, a row for each second (CSV)"), ".csv", chs_export_csv_wide, FALSE, TRUE },
  { "edf", N_ ("Signals and annotations (EDF+)"), ".edf", chs_export_edf, FALSE, TRUE },
  { "vital", N_ ("Vital Recorder (.vital)"), ".vital", chs_export_vital, FALSE, TRUE },
  { "fhir", N_ ("Health record (FHIR R4)"), ".json", chs_export_fhir, TRUE, TRUE },
  { "hl7", N_ ("Messages (HL7 v2, IHE PCD)"), ".hl7", chs_export_hl7, TRUE, TRUE },
  { "pdf", N_ ("Report to be signed (PDF)"), ".pdf", chs_report_export_pdf, FALSE, FALSE },
  { "png", N_ ("Picture of one instant (PNG)"), ".png", chs_picture_export_png, FALSE, FALSE },
  { "svg", N_ ("Picture of one instant (SVG)"), ".svg", chs_picture_export_svg, FALSE, FALSE },
};

const ChsExporter *
chs_exporters (guint *n)
{
  *n = G_N_ELEMENTS (exporters);
  return exporters;
}

const ChsExporter *
chs_exporter_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (exporters); i++)
    if (strcmp (exporters[i].id, id) == 0)
      return &exporters[i];
  return NULL;
}

/* A file beside the wanted one, which takes its place when it is whole. */
typedef struct {
  char          *path;
  int            fd;
  GOutputStream *stream;
} Part;

static gboolean
open_part (Part *part, const char *out_path, GError **error)
{
  if (g_file_test (out_path, G_FILE_TEST_EXISTS) && !g_file_test (out_path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is no file", out_path);
    return FALSE;
  }
  part->path = g_strconcat (out_path, ".XXXXXX", NULL);
  part->fd = g_mkstemp_full (part->path, O_WRONLY | O_CLOEXEC, 0600);
  if (part->fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot write %s: %s", out_path, g_strerror (errno));
    g_clear_pointer (&part->path, g_free);
    return FALSE;
  }
  part->stream = g_unix_output_stream_new (part->fd, FALSE);
  return TRUE;
}

/* Returns whether the whole file is at @out_path; if not, nothing of it is anywhere. */
static gboolean
close_part (Part *part, const char *out_path, gboolean whole, GError **error)
{
  if (whole && (fsync (part->fd) != 0 || g_rename (part->path, out_path) != 0)) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
    whole = FALSE;
  }
  g_object_unref (part->stream);
  close (part->fd);
  if (!whole) {
    g_unlink (part->path);
    g_prefix_error (error, "cannot write %s: ", out_path);
  }
  g_free (part->path);
  return whole;
}

gboolean
chs_export_to_file (const ChsExporter      *exporter,
                    const char             *path,
                    const char             *out_path,
                    const ChsExportOptions *options,
                    ChsExportProgressFunc   progress,
                    gpointer                user_data,
                    GCancellable           *cancellable,
                    char                  **missing,
                    GError                **error)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, error);
  g_autoptr (GFile) file = g_file_new_for_path (out_path);
  g_autoptr (GFile) session = g_file_new_for_path (path);
  Part part = { 0 };
  gboolean whole;

  if (reader == NULL)
    return FALSE;
  if (g_file_equal (file, session)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is the recording itself", out_path);
    return FALSE;
  }
  if (!open_part (&part, out_path, error))
    return FALSE;
  whole = chs_export_run (exporter, reader, options, part.stream, progress, user_data, cancellable, missing, error);
  return close_part (&part, out_path, whole, error);
}
