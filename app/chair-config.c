/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-config.h"

#include "app/command-check.h"
#include "data/event.h"
#include "data/ini.h"
#include "devices/described.h"
#include "devices/ports.h"
#include "devices/transport.h"

#include <string.h>

/* How the value of a key is read. */
typedef enum {
  KIND_TEXT,
  KIND_PATH, /* relative to the folder of the file */
  KIND_YES_NO,
} Kind;

typedef struct {
  const char *key;
  Kind kind;
  gsize offset; /* in ChsChairConfig */
} Key;

static const Key chair_keys[] = {
  { "name", KIND_TEXT, G_STRUCT_OFFSET (ChsChairConfig, name) },
  { "recordings", KIND_PATH, G_STRUCT_OFFSET (ChsChairConfig, recordings) },
  { "profile", KIND_PATH, G_STRUCT_OFFSET (ChsChairConfig, profile) },
  { "socket", KIND_PATH, G_STRUCT_OFFSET (ChsChairConfig, socket) },
  { "demonstration", KIND_YES_NO, G_STRUCT_OFFSET (ChsChairConfig, demonstration) },
};
static const char *const chair_key_names[] = { "name", "recordings", "profile", "socket", "demonstration", NULL };

static const char *const group_names[] = { "chair", "sound", "retention", "session", "link.NAME", NULL };
static const char *const link_key_names[] = { "driver", "address", "option.KEY", NULL };

typedef struct {
  ChsChairConfig *config;
  char *folder;
  ChsChairLink *link; /* of the group that is being read */
} Loader;

#define LINK_NAME_MAX (sizeof (((ChsLinkStatus *) NULL)->name) - 1)
#define CHAIR_NAME_MAX 23 /* ChsSession.chair */

static void
setup_free (gpointer data)
{
  ChsChairSetup *setup = data;

  g_free (setup->key);
  g_free (setup->value);
  g_free (setup);
}

static void
link_free (gpointer data)
{
  ChsChairLink *link = data;

  g_free (link->name);
  g_free (link->driver);
  g_free (link->address);
  g_strfreev (link->options);
  g_free (link);
}

void
chs_chair_config_free (ChsChairConfig *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->text);
  g_free (self->name);
  g_free (self->recordings);
  g_free (self->profile);
  g_free (self->socket);
  g_ptr_array_unref (self->links);
  g_ptr_array_unref (self->setup);
  g_free (self);
}

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CHS_INI_ERROR, CHS_INI_ERROR_VALUE, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
read_yes_no (const char *key, const char *value, gboolean *out, GError **error)
{
  if (strcmp (value, "yes") != 0 && strcmp (value, "no") != 0)
    return refuse (error, "%s is \"%s\"; write yes or no", key, value);
  *out = value[0] == 'y';
  return TRUE;
}

static gboolean
read_key (Loader *loader,
          const Key *keys,
          gsize n_keys,
          const char *const *names,
          const char *key,
          const char *value,
          GError **error)
{
  for (gsize i = 0; i < n_keys; i++) {
    gpointer field = G_STRUCT_MEMBER_P (loader->config, keys[i].offset);

    if (strcmp (keys[i].key, key) != 0)
      continue;
    if (keys[i].kind == KIND_YES_NO)
      return read_yes_no (key, value, field, error);
    if (value[0] == '\0')
      return refuse (error, "%s is empty", key);
    g_free (*(char **) field);
    *(char **) field = keys[i].kind == KIND_PATH ? g_canonicalize_filename (value, loader->folder) : g_strdup (value);
    return TRUE;
  }
  return chs_ini_unknown (error, "key", key, names);
}

/* ---- links ---- */

static gboolean
check_driver (const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GError) reason = NULL;
  const ChsDriver *driver = chs_driver_resolve (id, &reason);

  if (driver != NULL && driver->access == CHS_ACCESS_NEVER)
    return refuse (error, "driver \"%s\" only decodes files: its instrument cannot be read without commanding it", id);
  if (driver != NULL)
    return TRUE;
  if (g_str_has_prefix (id, CHS_DESCRIBED_PREFIX))
    return refuse (error, "%s", reason->message);
  for (const ChsDriver *const *d = chs_drivers (NULL); *d != NULL; d++)
    g_ptr_array_add (ids, (gpointer) (*d)->id);
  g_ptr_array_add (ids, NULL);
  return chs_ini_unknown (error, "driver", id, (const char *const *) ids->pdata);
}

/* Line settings of an address that has none are the driver's, which are known to be good. */
#define ANY_LINE "9600/8n1"

static gboolean
check_address (const char *address, GError **error)
{
  const char *colon = strchr (address, ':');
  g_autofree char *prefix = colon != NULL ? g_strndup (address, (gsize) (colon - address) + 1) : NULL;
  g_autoptr (GError) reason = NULL;

  if (prefix == NULL)
    return refuse (error, "address \"%s\" does not say what kind of port it is; write e.g. serial:%s", address,
                   address);
  if (!g_strv_contains (chs_transport_prefixes (), prefix))
    return chs_ini_unknown (error, "kind of port", prefix, chs_transport_prefixes ());
  if (!chs_transport_check (address, ANY_LINE, &reason))
    return refuse (error, "%s", reason->message);
  return TRUE;
}

static void
add_option (ChsChairLink *link, char *option)
{
  guint n = g_strv_length (link->options);

  link->options = g_renew (char *, link->options, n + 2);
  link->options[n] = option;
  link->options[n + 1] = NULL;
}

static gboolean
read_link_key (Loader *loader, guint line, const char *key, const char *value, GError **error)
{
  ChsChairLink *link = loader->link;

  if (strcmp (key, "driver") == 0) {
    link->driver = chs_described_dup_id (value, loader->folder);
    return check_driver (link->driver, error);
  }
  if (strcmp (key, "address") == 0) {
    link->address = g_strdup (value);
    link->address_line = line;
    return check_address (value, error);
  }
  if (!g_str_has_prefix (key, "option."))
    return chs_ini_unknown (error, "key", key, link_key_names);
  add_option (link, g_strdup_printf ("%s=%s", key + strlen ("option."), value));
  return TRUE;
}

/* A driver checks its options itself, on a state that is thrown away. */
static gboolean
check_options (const ChsChairLink *link, GError **error)
{
  const ChsDriver *driver = chs_driver_resolve (link->driver, error);
  g_autofree gpointer state = driver != NULL ? g_malloc0 (MAX (driver->state_size, 1)) : NULL;
  const char *missing;

  if (driver == NULL)
    return FALSE; /* a key file that was good a moment ago */
  if (driver->bind != NULL)
    driver->bind (state, driver);
  for (char **option = link->options; *option != NULL; option++) {
    g_auto (GStrv) pair = g_strsplit (*option, "=", 2);

    if (driver->option == NULL)
      return refuse (error, "driver \"%s\" has no options", link->driver);
    if (!driver->option (state, pair[0], pair[1]))
      return refuse (error, "driver \"%s\" does not take the option \"%s\"", link->driver, *option);
  }
  missing = driver->missing != NULL ? driver->missing (state) : NULL;
  return missing == NULL || refuse (error, "driver \"%s\" lacks %s", link->driver, missing);
}

static gboolean
check_link (const ChsChairLink *link, GError **error)
{
  if (link->driver == NULL)
    return refuse (error, "link \"%s\" names no driver", link->name);
  if (link->address == NULL)
    return refuse (error, "link \"%s\" names no address", link->name);
  return check_options (link, error);
}

static gboolean
begin_link (Loader *loader, guint line, const char *name, GError **error)
{
  gsize n = strlen (name);

  if (n == 0 || n > LINK_NAME_MAX || strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != n)
    return refuse (error, "name of link \"%s\": 1 to %d of a-z, 0-9, - and _", name, (int) LINK_NAME_MAX);
  loader->link = g_new0 (ChsChairLink, 1);
  loader->link->name = g_strdup (name);
  loader->link->options = g_new0 (char *, 1);
  loader->link->line = line;
  g_ptr_array_add (loader->config->links, loader->link);
  return TRUE;
}

/* ---- the file ---- */

static gboolean
check_session_key (const char *key, const char *value, GError **error)
{
  ChsSession scratch;
  ChsSetup setup = { 0 };

  chs_session_init (&scratch);
  if (!chs_text_copy (setup.key, sizeof setup.key, key) || !chs_text_copy (setup.value, sizeof setup.value, value))
    return refuse (error, "\"%s\" is too long", key);
  return chs_command_check_setup (&scratch, NULL, &setup, 1, error);
}

static gboolean
read_session_key (Loader *loader, guint line, const char *key, const char *value, GError **error)
{
  ChsChairSetup *setup;

  if (!loader->config->demonstration)
    return refuse (error, "[session] presets a patient: only with demonstration = yes in [chair], before it");
  if (!check_session_key (key, value, error))
    return FALSE;
  setup = g_new0 (ChsChairSetup, 1);
  setup->key = g_strdup (key);
  setup->value = g_strdup (value);
  setup->line = line;
  g_ptr_array_add (loader->config->setup, setup);
  return TRUE;
}

static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Loader *loader = user_data;
  gboolean is_link = g_str_has_prefix (group, "link.");

  if (key == NULL && is_link)
    return begin_link (loader, line, group + strlen ("link."), error);
  if (!is_link && !g_strv_contains (group_names, group))
    return chs_ini_unknown (error, "group", group, group_names);
  if (key == NULL)
    return TRUE;
  if (is_link)
    return read_link_key (loader, line, key, value, error);
  if (strcmp (group, "chair") == 0)
    return read_key (loader, chair_keys, G_N_ELEMENTS (chair_keys), chair_key_names, key, value, error);
  if (strcmp (group, "sound") == 0)
    return chs_sound_settings_set (&loader->config->sound, key, value, error);
  if (strcmp (group, "retention") == 0)
    return chs_retention_set (&loader->config->retention, key, value, error);
  return read_session_key (loader, line, key, value, error);
}

/* What is missing or cannot be only shows at the end of the file. */
static gboolean
check_whole (ChsChairConfig *config, GError **error)
{
  if (config->name == NULL)
    return refuse (error, "%s: [chair] has no name", config->path);
  if (strlen (config->name) > CHAIR_NAME_MAX)
    return refuse (error, "%s: the chair's name is longer than %d bytes", config->path, CHAIR_NAME_MAX);
  if (config->links->len == 0)
    return refuse (error, "%s: there is no [link.NAME]: nothing to listen to", config->path);
  for (guint i = 0; i < config->links->len; i++) {
    const ChsChairLink *link = config->links->pdata[i];

    if (!check_link (link, error)) {
      g_prefix_error (error, "%s:%u: ", config->path, link->line);
      return FALSE;
    }
  }
  return TRUE;
}

static void
set_defaults (ChsChairConfig *config)
{
  const char *state = g_getenv ("STATE_DIRECTORY"); /* set by systemd for StateDirectory= */

  if (config->recordings == NULL)
    config->recordings
        = state != NULL ? g_build_filename (state, "sessions", NULL) : g_build_filename (g_get_user_data_dir (), "chairside", "recordings", NULL);
}

ChsChairConfig *
chs_chair_config_load (const char *path, GError **error)
{
  g_autoptr (ChsChairConfig) config = g_new0 (ChsChairConfig, 1);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autoptr (GError) local = NULL;
  Loader loader = { .config = config, .folder = folder };
  gsize n;

  config->path = g_strdup (path);
  chs_sound_settings_init (&config->sound);
  config->retention = (ChsRetention) CHS_RETENTION_DEFAULT;
  config->links = g_ptr_array_new_with_free_func (link_free);
  config->setup = g_ptr_array_new_with_free_func (setup_free);
  if (!g_file_get_contents (path, &config->text, &n, &local)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read the configuration: %s", local->message);
    return NULL;
  }
  if (!chs_ini_parse (config->text, n, path, on_line, &loader, error) || !check_whole (config, error))
    return NULL;
  set_defaults (config);
  return g_steal_pointer (&config);
}

/* The device of an address; NULL with no error where there is none to look for, NULL with one where it is not there. */
static char *
dup_device (const char *address, GError **error)
{
  const char *where = strchr (address, ':') + 1;
  g_autofree char *place = g_strndup (where, (gsize) (strchrnul (where, '?') - where));

  if (g_str_has_prefix (address, "usb:"))
    return chs_ports_find (NULL, place, error);
  if (!g_str_has_prefix (address, "serial:") && !g_str_has_prefix (address, "tty:"))
    return NULL;
  if (g_file_test (place, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&place);
  refuse (error, "port \"%s\" is not there; see chairside-tool ports", place);
  return NULL;
}

gboolean
chs_chair_config_check_ports (const ChsChairConfig *self, GError **error)
{
  for (guint i = 0; i < self->links->len; i++) {
    const ChsChairLink *link = self->links->pdata[i];
    g_autoptr (GError) reason = NULL;
    g_autofree char *device = dup_device (link->address, &reason);

    if (reason != NULL)
      return refuse (error, "%s:%u: link \"%s\": %s", self->path, link->address_line, link->name, reason->message);
  }
  return TRUE;
}
