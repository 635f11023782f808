/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/exporters.h"

#include "app/export-fhir.h"
#include "app/picture.h"
#include "app/report.h"

#include <string.h>

/* Marks a string for xgettext. */
#define N_(s) (s)

static const ChsExporter exporters[] = {
  { "csv", N_ ("Table, a row for each value (CSV)"), ".csv", chs_export_csv_long },
  { "csv-wide", N_ ("Table, a row for each second (CSV)"), ".csv", chs_export_csv_wide },
  { "edf", N_ ("Signals and annotations (EDF+)"), ".edf", chs_export_edf },
  { "vital", N_ ("Vital Recorder (.vital)"), ".vital", chs_export_vital },
  { "fhir", N_ ("Health record (FHIR R4)"), ".json", chs_export_fhir },
  { "hl7", N_ ("Messages (HL7 v2, IHE PCD)"), ".hl7", chs_export_hl7 },
  { "pdf", N_ ("Report to be signed (PDF)"), ".pdf", chs_report_export_pdf },
  { "png", N_ ("Picture of one instant (PNG)"), ".png", chs_picture_export_png },
  { "svg", N_ ("Picture of one instant (SVG)"), ".svg", chs_picture_export_svg },
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

/* Closing with a cancelled cancellable keeps GIO from putting the new file in the place of the old one. */
static void
abandon (GOutputStream *out)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_output_stream_close (out, cancelled, NULL);
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
  g_autoptr (GFileOutputStream) out = NULL;

  if (reader == NULL)
    return FALSE;
  if (g_file_equal (file, session)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is the recording itself", out_path);
    return FALSE;
  }
  out = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, cancellable, error);
  if (out == NULL) {
    g_prefix_error (error, "cannot write %s: ", out_path);
    return FALSE;
  }
  if (!chs_export_run (exporter, reader, options, G_OUTPUT_STREAM (out), progress, user_data, cancellable, missing, error)) {
    g_prefix_error (error, "cannot write %s: ", out_path);
    abandon (G_OUTPUT_STREAM (out));
    return FALSE;
  }
  return g_output_stream_close (G_OUTPUT_STREAM (out), cancellable, error);
}
