/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described-private.h"

#include "data/ini.h"
#include "data/share.h"
#include "devices/transport.h"

#include <glib/gstdio.h>
#include <string.h>

/* From the name of an instrument to its driver, of the table or of a key file. */

#define FILE_MAX (64 * 1024)

/* Files that were read, by path and content. Links hold pointers into them: they stay until the program ends. */
static GMutex mutex;
static GHashTable *known;

static char *
dup_path (const char *where)
{
  g_autofree char *file = g_strconcat (where, ".pumpdef", NULL);
  gboolean is_name = strchr (where, '/') == NULL && !g_str_has_suffix (where, ".pumpdef");
  char *shipped = is_name ? chs_share_dup_path ("instruments", file) : NULL;

  return shipped != NULL ? shipped : g_strdup (where);
}

static char *
read_file (const char *path, gsize *n, GError **error)
{
  g_autoptr (GError) reason = NULL;
  GStatBuf info;
  char *text = NULL;

  if (g_stat (path, &info) == 0 && (!S_ISREG (info.st_mode) || info.st_size > FILE_MAX))
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "%s is no file, or longer than %d bytes", path, FILE_MAX);
  else if (!g_file_get_contents (path, &text, n, &reason))
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read the key file: %s", reason->message);
  return text;
}

static const ChsDescribed *
load (const char *path, GError **error)
{
  gsize n = 0;
  g_autofree char *text = read_file (path, &n, error);
  g_autofree char *sha256 = text != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, n) : NULL;
  g_autofree char *key = g_strconcat (sha256 != NULL ? sha256 : "", path, NULL);
  ChsDescribed *described;

  if (text == NULL)
    return NULL;
  if (known == NULL)
    known = g_hash_table_new (g_str_hash, g_str_equal);
  described = g_hash_table_lookup (known, key);
  if (described == NULL)
    described = chs_described_parse (text, n, path, error);
  if (described != NULL && !g_hash_table_contains (known, key))
    g_hash_table_insert (known, g_steal_pointer (&key), described);
  return described;
}

/* Returns NULL without an error for a name that is not of a described instrument. */
static const ChsDescribed *
find (const char *id, GError **error)
{
  g_autofree char *path = NULL;
  const ChsDescribed *described;

  if (!g_str_has_prefix (id, CHS_DESCRIBED_PREFIX))
    return NULL;
  path = dup_path (id + strlen (CHS_DESCRIBED_PREFIX));
  g_mutex_lock (&mutex);
  described = load (path, error);
  g_mutex_unlock (&mutex);
  return described;
}

static void
refuse (GError **error, const char *what, const char *id)
{
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_CONFIG, "there is no %s \"%s\"", what, id);
}

const ChsDriver *
chs_driver_resolve (const char *id, GError **error)
{
  const ChsDescribed *described;
  const ChsDriver *driver;

  if (g_str_has_prefix (id, CHS_DESCRIBED_PREFIX)) {
    described = find (id, error);
    return described != NULL ? chs_described_get_driver (described) : NULL;
  }
  driver = chs_driver_find (id);
  if (driver == NULL)
    refuse (error, "driver", id);
  return driver;
}

const ChsSimulator *
chs_simulator_resolve (const char *id, GError **error)
{
  const ChsSimulator *simulator;

  if (g_str_has_prefix (id, CHS_DESCRIBED_PREFIX)) {
    const ChsDescribed *described = find (id, error);

    if (described == NULL)
      return NULL;
    simulator = chs_described_get_simulator (described);
  } else
    simulator = chs_simulator_find (id);
  if (simulator == NULL)
    refuse (error, "simulator for", id);
  return simulator;
}

char *
chs_described_dup_id (const char *id, const char *folder)
{
  const char *where = id + strlen (CHS_DESCRIBED_PREFIX);
  g_autofree char *path = NULL;

  if (!g_str_has_prefix (id, CHS_DESCRIBED_PREFIX) || (strchr (where, '/') == NULL && !g_str_has_suffix (where, ".pumpdef")))
    return g_strdup (id);
  path = g_canonicalize_filename (where, folder);
  return g_strconcat (CHS_DESCRIBED_PREFIX, path, NULL);
}
