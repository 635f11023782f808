/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/audit.h"
#include "app/chair-config.h"
#include "app/checklist.h"
#include "app/event-json.h"
#include "app/profile.h"
#include "app/therapy.h"
#include "data/ini.h"
#include "data/read-file.h"
#include "data/store.h"
#include "devices/described.h"

#include <stdio.h>
#include <string.h>

#define HEAD_BYTES (64 * 1024) /* as much of a file as is looked at to know what it is */

typedef struct {
  gboolean whole;
  char    *account; /* what was found, "" when nothing */
  guint64  events;
} Result;

static gboolean
is_recording (const char *head, gsize n)
{
  static const char magic[] = "SQLite format 3";

  return n > sizeof magic && memcmp (head, magic, sizeof magic) == 0;
}

static gboolean
check_recording (const char *path, Result *result, GError **error)
{
  ChsStoreCheck check = { 0 };
  g_autoptr (GError) refused = NULL;

  result->whole = chs_store_check (path, &check, &refused);
  result->account = g_steal_pointer (&check.account);
  result->events = check.events;
  if (refused == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

static gboolean
is_chair (const char *head, gsize n)
{
  return g_str_has_prefix (head, "[chair]") || g_strstr_len (head, (gssize) n, "\n[chair]") != NULL;
}

static gboolean
check_chair (const char *path, Result *result, GError **error)
{
  g_autoptr (GError) found = NULL;
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (path, &found);

  result->whole = config != NULL && chs_chair_config_check_therapies (config, &found);
  result->account = found != NULL ? g_strconcat (found->message, "\n", NULL) : NULL;
  return TRUE;
}

static gboolean
is_profile (const char *head, gsize n)
{
  return g_str_has_prefix (head, "[profile]") || g_strstr_len (head, (gssize) n, "\n[profile]") != NULL;
}

/* A file that is refused is a finding: the message has file and line. */
static gboolean
found (Result *result, const GError *error)
{
  result->whole = error == NULL;
  result->account = error != NULL ? g_strconcat (error->message, "\n", NULL) : NULL;
  return TRUE;
}

static gboolean
check_profile (const char *path, Result *result, GError **error)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_load (path, &refused);

  return found (result, profile != NULL ? NULL : refused);
}

/* Whatever else is an ini file: therapies are named by their groups. */
static gboolean
is_therapies (const char *head, gsize n)
{
  return head[0] == '[' || g_strstr_len (head, (gssize) n, "\n[") != NULL;
}

/* The line of @key in the group @id; 0 = not found. */
static guint
find_line (const char *path, const char *id, const char *key)
{
  g_autofree char *text = NULL, *group = g_strdup_printf ("[%s]", id);
  g_auto (GStrv) lines = NULL;
  gboolean is_inside = FALSE;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (lines[i][0] == '[')
      is_inside = g_str_has_prefix (lines[i], group);
    else if (is_inside && g_str_has_prefix (lines[i], key))
      return i + 1;
  }
  return 0;
}

/* Sets of a checklist that an entry asks for and that are not there: nobody would be asked. */
static gboolean
check_sets (const char *path, const char *id, const char *key, const char *wanted, const char *list, GError **error)
{
  g_autoptr (ChsChecklist) checks = chs_checklist_load (list, error);
  g_auto (GStrv) sets = g_strsplit (wanted, ",", -1);

  for (char **set = sets; checks != NULL && *set != NULL; set++)
    if (*g_strstrip (*set) != '\0' && chs_checklist_find (checks, *set) == NULL) {
      g_set_error (error, CHS_THERAPY_ERROR, CHS_THERAPY_ERROR_MISSING, "%s:%u: %s: there is no set [%s] in the checklist %s.ini", path,
                   find_line (path, id, key), key, *set, list);
      return FALSE;
    }
  return checks != NULL;
}

static gboolean
check_all_sets (const char *path, const ChsTherapyLibrary *library, GError **error)
{
  const ChsTherapyEntry *entry;

  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++)
    if (!check_sets (path, entry->id, "prechecks", entry->prechecks, "prechecks", error) ||
        !check_sets (path, entry->id, "discharge", entry->discharge, CHS_CHECK_DISCHARGE, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_therapies (const char *path, Result *result, GError **error)
{
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_new ();
  g_autoptr (GError) refused = NULL;
  gboolean is_good = chs_therapy_library_add_file (library, path, &refused) && check_all_sets (path, library, &refused);

  return found (result, is_good ? NULL : refused);
}

static gboolean
is_checklist (const char *head, gsize n)
{
  return g_strstr_len (head, (gssize) n, "\ntitle = ") != NULL;
}

static gboolean
check_checklist (const char *path, Result *result, GError **error)
{
  g_autoptr (GError) refused = NULL;
  gsize n;
  g_autofree char *text = chs_read_file (path, CHS_INI_MAX_BYTES, &n, error);
  g_autoptr (ChsChecklist) checks = text != NULL ? chs_checklist_parse (text, n, path, &refused) : NULL;

  return text != NULL && found (result, checks != NULL ? NULL : refused);
}

static gboolean
is_instrument (const char *head, gsize n)
{
  return g_str_has_prefix (head, "[device]") || g_strstr_len (head, (gssize) n, "\n[device]") != NULL;
}

static gboolean
check_instrument (const char *path, Result *result, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL), *id = g_strconcat (CHS_DESCRIBED_PREFIX, absolute, NULL);
  g_autoptr (GError) found = NULL;

  result->whole = chs_driver_resolve (id, &found) != NULL;
  result->account = found != NULL ? g_strconcat (found->message, "\n", NULL) : NULL;
  return TRUE;
}

static gboolean
is_audit_log (const char *head, gsize n)
{
  return g_str_has_prefix (head, "{\"time\":\"") && strstr (head, ",\"who\":\"") != NULL;
}

static gboolean
check_audit_log (const char *path, Result *result, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
  g_autoptr (GError) broken = NULL;

  if (strcmp (name, CHS_AUDIT_NAME) != 0) {
    g_set_error (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_READ, "%s: an audit log is called " CHS_AUDIT_NAME, path);
    return FALSE;
  }
  return found (result, chs_audit_foreach (folder, NULL, NULL, &broken) ? NULL : broken);
}

/* What can be checked, by content. A row: name, how it is known, how it is checked. */
static const struct {
  const char *kind;
  gboolean (*is_it) (const char *head, gsize n); /* @head ends with a NUL */
  gboolean (*check) (const char *path, Result *result, GError **error); /* FALSE: cannot be read at all */
} kinds[] = {
  { "recording", is_recording, check_recording },
  { "audit log", is_audit_log, check_audit_log },
  { "chair", is_chair, check_chair },
  { "instrument", is_instrument, check_instrument },
  { "profile", is_profile, check_profile },
  { "checklist", is_checklist, check_checklist },
  { "therapies", is_therapies, check_therapies },
};

static gboolean
read_head (const char *path, char *head, gsize *n, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);

  *n = 0;
  if (stream == NULL || !g_input_stream_read_all (G_INPUT_STREAM (stream), head, HEAD_BYTES, n, NULL, error))
    return FALSE;
  head[*n] = '\0';
  return TRUE;
}

static void
print_result (const char *path, const char *kind, const Result *result, gboolean json)
{
  g_autoptr (GString) line = g_string_new ("{");
  const char *account = result->account != NULL ? result->account : "";

  if (!json) {
    printf ("%s: %s, %s\n%s", path, kind, result->whole ? "whole" : "with findings", account);
    return;
  }
  chs_json_text (line, "file", path);
  chs_json_text (line, "kind", kind);
  chs_json_key (line, "whole");
  g_string_append (line, result->whole ? "true" : "false");
  chs_json_text (line, "account", account);
  puts (g_string_append_c (line, '}')->str);
}

static int
check_file (const char *path, gboolean json)
{
  g_autofree char *head = g_malloc (HEAD_BYTES + 1);
  g_autoptr (GError) error = NULL;
  Result result = { 0 };
  gsize n;

  if (!read_head (path, head, &n, &error))
    return chs_tool_refuse ("check", error);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!kinds[i].is_it (head, n))
      continue;
    if (!kinds[i].check (path, &result, &error))
      return chs_tool_refuse ("check", error);
    print_result (path, kinds[i].kind, &result, json);
    g_free (result.account);
    return result.whole ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
  }
  fprintf (stderr, "chairside-tool check: %s is not of a kind that can be checked\n", path);
  return CHS_TOOL_REFUSED;
}

int
chs_tool_check (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object a file", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status, worst = CHS_TOOL_DONE;

  if (!chs_tool_parse (&argc, &argv, entries, 1, -1, &status))
    return status;
  for (int i = 1; i < argc; i++)
    {
      int found_here = check_file (argv[i], json); /* MAX evaluates its arguments twice */

      worst = MAX (worst, found_here);
    }
  return worst;
}
