/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-config.h"

#include "app/command-check.h"
#include "app/therapy.h"
#include "data/event.h"
#include "data/ini.h"
#include "data/read-file.h"
#include "devices/described.h"
#include "devices/ports.h"
#include "devices/transport.h"

#include <string.h>

/* How the value of a key is read. */
typedef enum {
  KIND_TEXT,
  KIND_PATH, /* relative to the folder of the file */
  KIND_YES_NO,
  KIND_NUMBER,   /* double, low..high */
  KIND_COUNT,    /* guint, low..high */
  KIND_TIME,     /* "HH:MM", int of minutes */
  KIND_TIMES,    /* "HH:MM, HH:MM ...", ChsChairTimes */
  KIND_WORDS,    /* ids with commas between */
  KIND_LANGUAGE, /* "de", "pt_BR" */
  KIND_CHOICE,   /* one of @words */
  KIND_HASH,     /* as crypt(5) writes it: yescrypt */
} Kind;

typedef struct {
  const char *group, *key;
  Kind kind;
  gsize offset; /* in ChsChairConfig */
  double low, high;
  const char *const *words;
} Key;

static const char *const looks[] = { "auto", "day", "night", "contrast", NULL };

#define AT(member) G_STRUCT_OFFSET (ChsChairConfig, member)

/* Every key but those of links, the session, the sound and the retention, which have setters of their own. A new key: a
 * row here, a field, a line in data/share/kiosk/chair.ini. */
static const Key keys[] = {
  { "chair", "name", KIND_TEXT, AT (name) },
  { "chair", "recordings", KIND_PATH, AT (recordings) },
  { "chair", "state", KIND_PATH, AT (state) },
  { "chair", "profile", KIND_PATH, AT (profile) },
  { "chair", "therapies", KIND_WORDS, AT (therapies) },
  { "chair", "shifts", KIND_TIMES, AT (shifts) },
  { "chair", "socket", KIND_PATH, AT (socket) },
  { "chair", "demonstration", KIND_YES_NO, AT (demonstration) },
  { "screen", "language", KIND_LANGUAGE, AT (screen.language) },
  { "screen", "look", KIND_CHOICE, AT (screen.look), .words = looks },
  { "screen", "night_from", KIND_TIME, AT (screen.night_from) },
  { "screen", "night_to", KIND_TIME, AT (screen.night_to) },
  { "screen", "diagonal_in", KIND_NUMBER, AT (screen.diagonal_in), 5, 60 },
  { "screen", "text_scale", KIND_NUMBER, AT (screen.text_scale), 1.0, 1.3 },
  { "screen", "dim_min", KIND_COUNT, AT (screen.dim_min), 0, 240 },
  { "access", "pin_hash", KIND_HASH, AT (pin_hash) },
  { "export", "medium", KIND_PATH, AT (medium) },
  { "provision", "serial", KIND_COUNT, AT (serial), 0, 2147483647 },
  { "provision", "keys", KIND_PATH, AT (keys) },
};

static const char *const link_key_names[] = { "label", "driver", "address", "option.KEY", NULL };

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
  g_free (link->label);
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
  g_free (self->state);
  g_free (self->profile);
  g_free (self->socket);
  g_strfreev (self->therapies);
  g_free (self->screen.language);
  g_free (self->screen.look);
  g_free (self->pin_hash);
  g_free (self->medium);
  g_free (self->keys);
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

static void
set_text (gpointer field, const char *value)
{
  g_free (*(char **) field);
  *(char **) field = g_strdup (value);
}

static gboolean
read_number (const Key *key, const char *value, double *out, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);

  if (end == value || *end != '\0' || !(number >= key->low && number <= key->high))
    return refuse (error, "%s is \"%s\"; a number of %g to %.12g is wanted", key->key, value, key->low, key->high);
  *out = number;
  return TRUE;
}

static gboolean
read_count (const Key *key, const char *value, guint *out, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (value, 10, (guint64) key->low, (guint64) key->high, &number, NULL))
    return refuse (error, "%s is \"%s\"; a whole number of %.0f to %.0f is wanted", key->key, value, key->low, key->high);
  *out = (guint) number;
  return TRUE;
}

static gboolean
read_time (const char *key, const char *value, int *out, GError **error)
{
  if (strlen (value) != 5 || strspn (value, "0123456789:") != 5 || value[2] != ':' || value[0] == ':' || value[1] == ':'
      || value[3] == ':' || value[4] == ':' || atoi (value) > 23 || atoi (value + 3) > 59)
    return refuse (error, "%s is \"%s\"; a time of day is written 07:00", key, value);
  *out = atoi (value) * 60 + atoi (value + 3);
  return TRUE;
}

static gboolean
read_times (const char *key, const char *value, ChsChairTimes *out, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);

  out->n = 0;
  for (char **word = words; *word != NULL; word++) {
    if (out->n == CHS_CHAIR_TIMES)
      return refuse (error, "%s has more than %d times", key, CHS_CHAIR_TIMES);
    if (!read_time (key, g_strstrip (*word), &out->minutes[out->n++], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_words (const char *key, const char *value, char ***out, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, ",", -1);

  for (char **word = words; *word != NULL; word++) {
    g_strstrip (*word);
    if ((*word)[0] == '\0' || strspn (*word, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen (*word))
      return refuse (error, "%s has \"%s\"; ids of a-z, 0-9, - and _ with commas between are wanted", key, *word);
  }
  g_strfreev (*out);
  *out = g_steal_pointer (&words);
  return TRUE;
}

static gboolean
is_language (const char *value)
{
  gsize n = strspn (value, "abcdefghijklmnopqrstuvwxyz");

  if (n < 2 || n > 3)
    return FALSE;
  return value[n] == '\0' || (value[n] == '_' && strlen (value + n + 1) == 2 && g_ascii_isupper (value[n + 1])
                              && g_ascii_isupper (value[n + 2]));
}

#define HASH_LETTERS "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* crypt(5): $y$ parameters $ salt $ 43 letters. */
static gboolean
is_hash (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, "$", -1);

  if (strcmp (value, CHS_CHAIR_PIN_KEEP) == 0)
    return TRUE;
  return g_strv_length (parts) == 5 && parts[0][0] == '\0' && strcmp (parts[1], "y") == 0
         && strspn (parts[2], HASH_LETTERS) == strlen (parts[2]) && parts[2][0] != '\0' && strlen (parts[2]) <= 16
         && strspn (parts[3], HASH_LETTERS) == strlen (parts[3]) && strlen (parts[3]) <= 86 && strlen (parts[4]) == 43
         && strspn (parts[4], HASH_LETTERS) == 43;
}

static gboolean
read_key (Loader *loader, const Key *key, const char *value, GError **error)
{
  gpointer field = G_STRUCT_MEMBER_P (loader->config, key->offset);

  if (value[0] == '\0')
    return refuse (error, "%s is empty", key->key);
  switch (key->kind) {
  case KIND_YES_NO:
    return read_yes_no (key->key, value, field, error);
  case KIND_NUMBER:
    return read_number (key, value, field, error);
  case KIND_COUNT:
    return read_count (key, value, field, error);
  case KIND_TIME:
    return read_time (key->key, value, field, error);
  case KIND_TIMES:
    return read_times (key->key, value, field, error);
  case KIND_WORDS:
    return read_words (key->key, value, field, error);
  case KIND_CHOICE:
    if (!g_strv_contains (key->words, value))
      return chs_ini_unknown (error, key->key, value, key->words);
    break;
  case KIND_LANGUAGE:
    if (!is_language (value))
      return refuse (error, "%s is \"%s\"; write e.g. de or pt_BR", key->key, value);
    break;
  case KIND_HASH:
    if (!is_hash (value)) /* the value stays out of the message, and so out of the log */
      return refuse (error, "%s is not a yescrypt hash; make one with chairside-tool pin", key->key);
    break;
  case KIND_PATH: {
    g_autofree char *path = g_canonicalize_filename (value, loader->folder);

    set_text (field, path);
    return TRUE;
  }
  case KIND_TEXT:
    break;
  }
  set_text (field, value);
  return TRUE;
}

/* Names of the keys of a group, or of the groups. */
static GPtrArray *
names_of (const char *group)
{
  GPtrArray *names = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (group == NULL ? i == 0 || strcmp (keys[i].group, keys[i - 1].group) != 0 : strcmp (keys[i].group, group) == 0)
      g_ptr_array_add (names, (gpointer) (group == NULL ? keys[i].group : keys[i].key));
  if (group == NULL) {
    static const char *const others[] = { "sound", "retention", "session", "link.NAME" };

    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
      g_ptr_array_add (names, (gpointer) others[i]);
  }
  g_ptr_array_add (names, NULL);
  return names;
}

static gboolean
read_table_key (Loader *loader, guint line, const char *group, const char *key, const char *value, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].group, group) == 0 && strcmp (keys[i].key, key) == 0) {
      if (keys[i].offset == AT (therapies))
        loader->config->therapies_line = line;
      return read_key (loader, &keys[i], value, error);
    }
  names = names_of (group);
  return chs_ini_unknown (error, "key", key, (const char *const *) names->pdata);
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

  if (strcmp (key, "label") == 0) {
    link->label = g_strdup (value);
    return (value[0] != '\0' && strlen (value) < CHS_LINK_LABEL_SIZE)
           || refuse (error, "label: 1 to %d bytes, not \"%s\"", CHS_LINK_LABEL_SIZE - 1, value);
  }
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
  g_autoptr (GPtrArray) groups = names_of (NULL);

  if (key == NULL && is_link)
    return begin_link (loader, line, group + strlen ("link."), error);
  if (!is_link && !g_strv_contains ((const char *const *) groups->pdata, group))
    return chs_ini_unknown (error, "group", group, (const char *const *) groups->pdata);
  if (key == NULL)
    return TRUE;
  if (is_link)
    return read_link_key (loader, line, key, value, error);
  if (strcmp (group, "sound") == 0)
    return chs_sound_settings_set (&loader->config->sound, key, value, error);
  if (strcmp (group, "retention") == 0)
    return chs_retention_set (&loader->config->retention, key, value, error);
  if (strcmp (group, "session") == 0)
    return read_session_key (loader, line, key, value, error);
  return read_table_key (loader, line, group, key, value, error);
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

/* Places below which a session's recordings and what is remembered go where systemd gave none: the user's own. */
static void
set_defaults (ChsChairConfig *config, const char *folder)
{
  const char *state = g_getenv ("STATE_DIRECTORY"); /* set by systemd for StateDirectory= */

  if (config->state == NULL)
    config->state = g_strdup (state);
  if (config->recordings == NULL)
    config->recordings = config->state != NULL
                             ? g_build_filename (config->state, "sessions", NULL)
                             : g_build_filename (g_get_user_data_dir (), "chairside", "recordings", NULL);
  if (config->keys == NULL)
    config->keys = g_build_filename (folder, "provision.pub", NULL);
  if (config->medium == NULL)
    config->medium = g_strdup ("/media/chairside");
  if (config->screen.language == NULL)
    config->screen.language = g_strdup ("");
  if (config->screen.look == NULL)
    config->screen.look = g_strdup ("auto");
}

static void
init_config (ChsChairConfig *config)
{
  chs_sound_settings_init (&config->sound);
  config->retention = (ChsRetention) CHS_RETENTION_DEFAULT;
  config->screen.night_from = 21 * 60;
  config->screen.night_to = 7 * 60;
  config->screen.text_scale = 1.0;
  config->screen.dim_min = 10;
  config->links = g_ptr_array_new_with_free_func (link_free);
  config->setup = g_ptr_array_new_with_free_func (setup_free);
}

ChsChairConfig *
chs_chair_config_parse (const char *text, gsize n, const char *path, GError **error)
{
  g_autoptr (ChsChairConfig) config = g_new0 (ChsChairConfig, 1);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  Loader loader = { .config = config, .folder = folder };

  config->path = g_strdup (path);
  init_config (config);
  if (n > CHS_CHAIR_MAX_BYTES) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "%s: larger than %d bytes", path, CHS_CHAIR_MAX_BYTES);
    return NULL;
  }
  if (!chs_ini_parse (text, n, path, on_line, &loader, error) || !check_whole (config, error))
    return NULL;
  config->text = chs_chair_config_dup_public_text (text);
  set_defaults (config, folder);
  return g_steal_pointer (&config);
}

ChsChairConfig *
chs_chair_config_load (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize n;
  g_autofree char *text = chs_read_file (path, CHS_CHAIR_MAX_BYTES, &n, &local);

  if (text != NULL)
    return chs_chair_config_parse (text, n, path, error);
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read the configuration: %s", local->message);
  return NULL;
}

static gboolean
is_pin_line (const char *line)
{
  gsize blanks = strspn (line, " \t"), name = strlen ("pin_hash");

  return strncmp (line + blanks, "pin_hash", name) == 0 && strchr (" \t=", line[blanks + name]) != NULL;
}

char *
chs_chair_config_dup_public_text (const char *text)
{
  return chs_chair_config_dup_text_with_pin (text, CHS_CHAIR_PIN_KEEP);
}

char *
chs_chair_config_dup_text_with_pin (const char *text, const char *pin_hash)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (is_pin_line (*line)) {
      g_free (*line);
      *line = pin_hash != NULL ? g_strconcat ("pin_hash = ", pin_hash, NULL) : g_strdup ("#");
    }
  return g_strjoinv ("\n", lines);
}

const char *
chs_chair_config_get_state (const ChsChairConfig *self)
{
  return self->state != NULL ? self->state : self->recordings;
}

gboolean
chs_chair_screen_is_night (const ChsChairScreen *self, int minute)
{
  if (self->night_from <= self->night_to)
    return minute >= self->night_from && minute < self->night_to;
  return minute >= self->night_from || minute < self->night_to;
}

const char *const *
chs_chair_config_keys (void)
{
  static char **all;

  if (g_once_init_enter (&all)) {
    GPtrArray *names = g_ptr_array_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
      g_ptr_array_add (names, g_strconcat (keys[i].group, ".", keys[i].key, NULL));
    for (const char *const *name = chs_sound_settings_keys (); *name != NULL; name++)
      g_ptr_array_add (names, g_strconcat ("sound.", *name, NULL));
    for (const char *const *name = chs_retention_keys (); *name != NULL; name++)
      g_ptr_array_add (names, g_strconcat ("retention.", *name, NULL));
    for (gsize i = 0; link_key_names[i] != NULL; i++)
      g_ptr_array_add (names, g_strconcat ("link.NAME.", link_key_names[i], NULL));
    g_ptr_array_add (names, NULL);
    g_once_init_leave (&all, (char **) g_ptr_array_free (names, FALSE));
  }
  return (const char *const *) all;
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

    g_free (dup_device (link->address, &reason));
    if (reason != NULL)
      return refuse (error, "%s:%u: link \"%s\": %s", self->path, link->address_line, link->name, reason->message);
  }
  return TRUE;
}

static GPtrArray *
therapy_ids (const ChsTherapyLibrary *library)
{
  GPtrArray *ids = g_ptr_array_new ();
  const ChsTherapyEntry *entry;

  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++)
    g_ptr_array_add (ids, (gpointer) entry->id);
  g_ptr_array_add (ids, NULL);
  return ids;
}

gboolean
chs_chair_config_check_therapies (const ChsChairConfig *self, GError **error)
{
  g_autoptr (ChsTherapyLibrary) library = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  if (self->therapies == NULL)
    return TRUE;
  library = chs_therapy_library_load_default (error);
  if (library == NULL)
    return FALSE;
  ids = therapy_ids (library);
  for (char **id = self->therapies; *id != NULL; id++)
    if (chs_therapy_library_find (library, *id) == NULL) {
      chs_ini_unknown (error, "therapy", *id, (const char *const *) ids->pdata);
      g_prefix_error (error, "%s:%u: ", self->path, self->therapies_line);
      return FALSE;
    }
  return TRUE;
}
