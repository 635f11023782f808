/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/setup-expand.h"

#include <string.h>

typedef struct {
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

GArray *
chs_setup_expand (
    const ChsTherapyLibrary *library, const ChsSession *session, const ChsSetup *keys, gsize n, GError **error)
{
  g_autoptr (GArray) out = g_array_new (FALSE, TRUE, sizeof (ChsSetup));

  for (gsize i = 0; i < n; i++) {
    Expansion expansion = { keys, n, keys[i].key, id_prefix (keys[i].key), out };
    const ChsTherapyEntry *entry;

    g_array_append_val (out, keys[i]);
    if (expansion.n_prefix == 0 || keys[i].value[0] == '\0')
      continue;
    entry = chs_therapy_library_find (library, keys[i].value);
    if (entry == NULL) {
      g_set_error (error, CHS_COMMAND_ERROR, CHS_COMMAND_ERROR_UNKNOWN, "%s: there is no therapy \"%s\" in the library",
                   keys[i].key, keys[i].value);
      return NULL;
    }
    chs_therapy_entry_setup (entry, weight_kg (session, keys, n), on_library_key, &expansion);
  }
  return g_steal_pointer (&out);
}
