/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/deidentify.h"
#include "app/exporters.h"
#include "app/mllp.h"
#include "app/retention.h"

#include <libintl.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

/* The words of a report; numbers stay as in the C locale. */
static const char *
translate (const char *msgid)
{
  return dgettext (GETTEXT_PACKAGE, msgid);
}

static void
use_language (const char *language)
{
  const char *folder = g_getenv ("CHAIRSIDE_LOCALEDIR");

  if (language != NULL)
    g_setenv ("LANGUAGE", language, TRUE);
  /* the C locale knows no translations at all */
  if (setlocale (LC_MESSAGES, "") == NULL || g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_MESSAGES, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : CHS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

static const ChsExporter *
find_exporter (const char *format, int *status)
{
  const ChsExporter *found = format != NULL ? chs_exporter_find (format) : NULL;
  g_autoptr (GString) known = g_string_new (NULL);
  guint n;
  const ChsExporter *all = chs_exporters (&n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", all[i].id);
  if (found == NULL && format != NULL)
    *status = chs_tool_usage ("export", "there is no format \"%s\"; known are %s", format, known->str);
  else if (found == NULL)
    *status = chs_tool_usage ("export", "--format is missing; known are %s", known->str);
  return found;
}

/* That this session is elsewhere now decides whether it may be removed. */
static void
note_export (const char *path, const char *format, const char *where)
{
  g_autoptr (GError) error = NULL;

  if (!chs_retention_note_export (path, g_get_real_time (), g_get_user_name (), format, where, &error))
    fprintf (stderr, "chairside-tool export: %s; the session counts as not exported\n", error->message);
}

#define ACK_TIMEOUT_S 10

/* The messages go to the receiver one by one instead of into a file. */
static int
send_messages (const char *path, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autofree char *missing = NULL;
  GMemoryOutputStream *memory = G_MEMORY_OUTPUT_STREAM (out);
  ChsMllpResult result = { 0 };
  gboolean done;

  if (reader == NULL || !chs_export_run (chs_exporter_find ("hl7"), reader, NULL, out, NULL, NULL, NULL, &missing, &error))
    return chs_tool_refuse ("export", error);
  done = chs_mllp_send (address, g_memory_output_stream_get_data (memory), g_memory_output_stream_get_data_size (memory),
                        ACK_TIMEOUT_S, &result, NULL, &error);
  fprintf (stderr, "%s: %u messages accepted, %u rejected\n", address, result.accepted, result.rejected);
  if (!done)
    fprintf (stderr, "chairside-tool export: %s\n", error->message);
  if (!done || missing != NULL || result.rejected > 0)
    return CHS_TOOL_FINDINGS;
  note_export (path, "hl7", address);
  return CHS_TOOL_DONE;
}

/* The recording that is exported instead. Returns NULL with @error when there is none; lies beside @out until it was read. */
static char *
make_anonymous (const char *path, const char *out, const char *key, gboolean keep_notes, GError **error)
{
  g_autofree char *between = g_strconcat (out, ".deidentified", NULL), *account = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, error);
  ChsDeidentify how;

  if (reader == NULL || !chs_deidentify_init (&how, key, error))
    return NULL;
  how.keep_notes = keep_notes;
  if (!chs_deidentify_run (&how, reader, between, &account, error)) {
    chs_store_remove (between, NULL);
    return NULL;
  }
  fprintf (stderr, "%s", account);
  return g_steal_pointer (&between);
}

int
chs_tool_export (int argc, char **argv)
{
  g_autofree char *format = NULL, *out = NULL, *language = NULL, *mllp = NULL, *missing = NULL, *key = NULL, *between = NULL;
  gboolean deidentify = FALSE, keep_notes = FALSE, done;
  double at_s = (double) NAN;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "csv, csv-wide, edf, vital, fhir, hl7, pdf, png, svg", "FORMAT" },
    { "at", 0, 0, G_OPTION_ARG_DOUBLE, &at_s, "Instant of a picture, seconds of the session; else the whole of it", "S" },
    { "mllp", 0, 0, G_OPTION_ARG_STRING, &mllp, "Send HL7 messages there instead of into a file", "HOST:PORT" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, "Of the words of a report: de, ar ...", "ID" },
    { "deidentify", 0, 0, G_OPTION_ARG_NONE, &deidentify, "Without the person: see chairside-tool deidentify", NULL },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Goes with --deidentify: the same patient, the same name and shift of dates", "FILE" },
    { "keep-notes", 0, 0, G_OPTION_ARG_NONE, &keep_notes, "Goes with --deidentify: free texts stay", NULL },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "File to write; one that is there is replaced", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  ChsExportOptions options = { .at_us = CHS_TIME_NONE, .tr = translate };
  const ChsExporter *exporter;
  g_autoptr (GError) error = NULL;
  int status = CHS_TOOL_USAGE;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  exporter = find_exporter (format, &status);
  if (exporter == NULL)
    return status;
  if (!deidentify && (key != NULL || keep_notes))
    return chs_tool_usage ("export", "--key and --keep-notes go with --deidentify");
  if (mllp != NULL && deidentify)
    return chs_tool_usage ("export", "--deidentify does not go with --mllp");
  if (mllp != NULL && (out != NULL || !g_str_equal (format, "hl7")))
    return chs_tool_usage ("export", "--mllp goes with --format=hl7 and without --out");
  if (mllp != NULL)
    return send_messages (argv[1], mllp);
  if (out == NULL)
    return chs_tool_usage ("export", "--out is missing");
  if (isfinite (at_s) && fabs (at_s) < 1e9)
    options.at_us = (gint64) (at_s * G_USEC_PER_SEC);
  use_language (language);
  if (deidentify && (between = make_anonymous (argv[1], out, key, keep_notes, &error)) == NULL)
    return chs_tool_refuse ("export", error);
  done = chs_export_to_file (exporter, between != NULL ? between : argv[1], out, &options, NULL, NULL, NULL, &missing, &error);
  if (between != NULL)
    chs_store_remove (between, NULL);
  if (!done)
    return chs_tool_refuse ("export", error);
  if (missing != NULL)
    fprintf (stderr, "chairside-tool export: only a part was exported: %s\n", missing);
  else if (exporter->is_whole && !deidentify)
    note_export (argv[1], exporter->id, out);
  return missing != NULL ? CHS_TOOL_FINDINGS : CHS_TOOL_DONE;
}
