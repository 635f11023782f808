/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup-expand.h"

#include <string.h>

typedef struct {
  const ChsTherapyLibrary *library;
  const ChsChecklist *checks;
  const ChsSetup *keys;
  gsize n;
  const char *prefix; /* "therapy." or "pump.1.0." */
  gsize n_prefix;
  GArray *out;
} Expansion;

/* Length of what stands before "id" when @key chooses a therapy, else 0. */
static gsize
id_prefix (const char *key)
{
  gsize n = strlen (key);

  if (strcmp (key, "therapy.id") == 0)
    return strlen ("therapy.");
  return g_str_has_prefix (key, "pump.") && g_str_has_suffix (key, ".id") ? n - strlen ("id") : 0;
}

static gboolean
is_given (const Expansion *expansion, const char *key)
{
  for (gsize i = 0; i < expansion->n; i++)
    if (strcmp (expansion->keys[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

static void
on_library_key (const char *key, const char *value, gpointer user_data)
{
  Expansion *expansion = user_data;
  g_autofree char *full = g_strdup_printf ("%.*s%s", (int) expansion->n_prefix, expansion->prefix, key);
  ChsSetup setup = { 0 };

  if (is_given (expansion, full))
    return;
  chs_text_copy (setup.key, sizeof setup.key, full);
  chs_text_copy (setup.value, sizeof setup.value, value);
  g_array_append_val (expansion->out, setup);
}

static double
weight_kg (const ChsSession *session, const ChsSetup *keys, gsize n)
{
  ChsSession scratch = *session;

  for (gsize i = 0; i < n; i++)
    chs_session_setup (&scratch, keys[i].key, keys[i].value);
  return scratch.weight_kg;
}

/* ---- pre-checks that a start needs ---- */

static void
add_stops (GString *list, const ChsChecklist *checks, const char *set_id)
{
  const ChsCheckSet *set = chs_checklist_find (checks, set_id);

  for (guint i = 0; set != NULL && i < set->n; i++) {
    const char *id = set->items[i].id;
    const char *at = strstr (list->str, id);
    gboolean is_there = at != NULL && (at == list->str || at[-1] == ',') && (at[strlen (id)] == ',' || at[strlen (id)] == '\0');

    if (set->items[i].is_stop && !is_there)
      g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", id);
  }
}

static void
add_checks (Expansion *expansion, const ChsSession *session, const ChsTherapyEntry *entry)
{
  g_auto (GStrv) sets = g_strsplit (entry->prechecks, ",", -1);
  /* A bag at one pump adds to what the session wants already. */
  g_autoptr (GString) list = g_string_new (g_str_has_prefix (expansion->prefix, "pump.") ? session->checks : "");
  ChsSetup setup = { .key = "session.checks" };

  if (expansion->checks == NULL || is_given (expansion, setup.key))
    return;
  add_stops (list, expansion->checks, "all");
  for (char **set = sets; *set != NULL; set++)
    add_stops (list, expansion->checks, g_strstrip (*set));
  chs_text_copy (setup.value, sizeof setup.value, list->str);
  g_array_append_val (expansion->out, setup);
}

/* ---- another weight ---- */

static void
on_weighed_key (const char *key, const char *value, gpointer user_data)
{
  if (g_str_has_suffix (key, "_per_ml") || strcmp (key, "osm_mosm_l") == 0)
    on_library_key (key, value, user_data);
}

static void
weigh_again (const Expansion *all, const char *prefix, const char *id, double kg)
{
  Expansion expansion = *all;
  g_autofree char *chosen = g_strconcat (prefix, "id", NULL);
  const ChsTherapyEntry *entry = chs_therapy_library_find (expansion.library, id);

  if (entry == NULL || !entry->needs_weight || is_given (&expansion, chosen))
    return;
  expansion.prefix = prefix;
  expansion.n_prefix = strlen (prefix);
  chs_therapy_entry_setup (entry, kg, on_weighed_key, &expansion);
}

static void
weigh_all_again (const Expansion *expansion, const ChsSession *session, const ChsEngine *engine, double kg)
{
  guint n = 0;
  const ChsDose *doses = engine != NULL && session->phase != CHS_PHASE_CLOSED ? chs_engine_get_doses (engine, &n) : NULL;
  gboolean has_run = FALSE;

  for (guint i = 0; i < n; i++) {
    g_autofree char *prefix = g_strdup_printf ("pump.%u.%u.", doses[i].source, doses[i].channel);

    has_run |= doses[i].infused_ml > 0;
    if (doses[i].own_therapy && !(doses[i].infused_ml > 0))
      weigh_again (expansion, prefix, doses[i].therapy->id, kg);
  }
  if (!has_run)
    weigh_again (expansion, "therapy.", session->therapy.id, kg);
}

GArray *
chs_setup_expand (const ChsTherapyLibrary *library,
                  const ChsChecklist *checks,
                  const ChsSession *session,
                  const ChsEngine *engine,
                  const ChsSetup *keys,
                  gsize n,
                  GError **error)
{
  g_autoptr (GArray) out = g_array_new (FALSE, TRUE, sizeof (ChsSetup));

  for (gsize i = 0; i < n; i++) {
    Expansion expansion = { library, checks, keys, n, keys[i].key, id_prefix (keys[i].key), out };
    const ChsTherapyEntry *entry;

    g_array_append_val (out, keys[i]);
    if (strcmp (keys[i].key, "patient.weight_kg") == 0)
      weigh_all_again (&expansion, session, engine, weight_kg (session, keys, n));
    if (expansion.n_prefix == 0 || keys[i].value[0] == '\0')
      continue;
    entry = chs_therapy_library_find (library, keys[i].value);
    if (entry == NULL) {
      g_set_error (error, CHS_COMMAND_ERROR, CHS_COMMAND_ERROR_UNKNOWN, "%s: there is no therapy \"%s\" in the library",
                   keys[i].key, keys[i].value);
      return NULL;
    }
    if (!chs_therapy_library_is_offered (library, entry->id) && strcmp (session->therapy.id, entry->id) != 0) {
      g_set_error (error, CHS_COMMAND_ERROR, CHS_COMMAND_ERROR_DENIED,
                   "%s: therapy \"%s\" is not one that this clinic uses (chair.therapies of the chair's configuration)",
                   keys[i].key, keys[i].value);
      return NULL;
    }
    chs_therapy_entry_setup (entry, weight_kg (session, keys, n), on_library_key, &expansion);
    add_checks (&expansion, session, entry);
  }
  return g_steal_pointer (&out);
}
