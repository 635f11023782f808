/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/provision.h"

#include "app/audit.h"
#include "app/profile.h"
#include "app/sign.h"
#include "data/ini.h"
#include "data/read-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK (chs - provision - error - quark, chs_provision_error)

#define PIN_KEY "access.pin_hash"

static gboolean G_GNUC_PRINTF (3, 4) refuse (GError **error, ChsProvisionError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CHS_PROVISION_ERROR, (int) code, format, args));
  va_end (args);
  return FALSE;
}

/* ---- what differs ---- */

static void
change_free (gpointer data)
{
  ChsProvisionChange *change = data;

  g_free (change->key);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

typedef struct {
  char *key, *value;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  g_free (pair->key);
  g_free (pair->value);
  g_free (pair);
}

static gboolean
on_pair (guint line G_GNUC_UNUSED, const char *group, const char *key, const char *value, gpointer pairs, GError **error G_GNUC_UNUSED)
{
  Pair *pair;

  if (key == NULL)
    return TRUE;
  pair = g_new0 (Pair, 1);
  pair->key = g_strconcat (group, ".", key, NULL);
  pair->value = g_strdup (value);
  g_ptr_array_add (pairs, pair);
  return TRUE;
}

static GPtrArray *
read_pairs (const char *text)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (pair_free);

  if (text != NULL)
    chs_ini_parse (text, strlen (text), "", on_pair, pairs, NULL);
  return pairs;
}

static const char *
find_value (GPtrArray *pairs, const char *key)
{
  for (guint i = 0; i < pairs->len; i++)
    if (strcmp (((Pair *) pairs->pdata[i])->key, key) == 0)
      return ((Pair *) pairs->pdata[i])->value;
  return NULL;
}

static void
add_change (GPtrArray *changes, const char *key, const char *before, const char *after)
{
  gboolean is_secret = strcmp (key, PIN_KEY) == 0;
  ChsProvisionChange *change;

  if (g_strcmp0 (before, after) == 0)
    return;
  change = g_new0 (ChsProvisionChange, 1);
  change->key = g_strdup (key);
  change->before = g_strdup (is_secret && before != NULL ? "set" : before);
  change->after = g_strdup (is_secret && after != NULL ? "another one" : after);
  g_ptr_array_add (changes, change);
}

GPtrArray *
chs_provision_changes (const char *before, const char *after)
{
  g_autoptr (GPtrArray) old = read_pairs (before), new = read_pairs (after);
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);

  for (guint i = 0; i < new->len; i++) {
    const Pair *pair = new->pdata[i];

    add_change (changes, pair->key, find_value (old, pair->key), pair->value);
  }
  for (guint i = 0; i < old->len; i++) {
    const Pair *pair = old->pdata[i];

    if (find_value (new, pair->key) == NULL)
      add_change (changes, pair->key, pair->value, NULL);
  }
  return changes;
}

/* ---- looking ---- */

static char *
read_part (const char *medium, const char *name, gsize max, ChsProvisionError missing, gsize *n, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *bytes = chs_read_file_below (medium, name, max, n, &local);

  if (bytes == NULL)
    refuse (error, g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? missing : CHS_PROVISION_ERROR_BAD_FILE, "%s",
            local->message);
  return bytes;
}

/* The keys of the chair are the administrator's: no stick brings them. */
static gboolean
check_signature (ChsProvision *self, const char *keys_path, const char *medium, const char *text, gsize n, GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize n_keys, n_signature;
  g_autofree char *keys = chs_read_file (keys_path, CHS_SIGN_MAX_BYTES, &n_keys, &local);
  g_autofree char *signature = NULL;

  if (keys == NULL)
    return refuse (error, CHS_PROVISION_ERROR_SIGNATURE, "this chair trusts no key: %s", local->message);
  signature = read_part (medium, CHS_PROVISION_SIGNATURE, CHS_SIGN_MAX_BYTES, CHS_PROVISION_ERROR_UNSIGNED, &n_signature, error);
  if (signature == NULL) {
    g_prefix_error (error, "not signed: ");
    return FALSE;
  }
  return chs_sign_verify (keys, text, n, signature, &self->key_id, &local)
         || refuse (error, CHS_PROVISION_ERROR_SIGNATURE, "%s", local->message);
}

/* Messages name the file on the stick and not the one it would replace. */
static ChsChairConfig *
parse (const char *text, gsize n, const char *config_path, GError **error)
{
  g_autoptr (GError) local = NULL;
  ChsChairConfig *config = chs_chair_config_parse (text, n, config_path, &local);
  const char *message;

  if (config != NULL)
    return config;
  message = local->message;
  if (g_str_has_prefix (message, config_path))
    message += strlen (config_path);
  refuse (error, CHS_PROVISION_ERROR_CONFIG, CHS_PROVISION_FILE "%s", message);
  return NULL;
}

static gboolean
check_identity (const ChsChairConfig *present, const ChsChairConfig *new, GError **error)
{
  if (present == NULL)
    return TRUE;
  if (strcmp (present->name, new->name) != 0)
    return refuse (error, CHS_PROVISION_ERROR_OTHER_CHAIR, "it is for \"%s\", and this is \"%s\"", new->name, present->name);
  return new->serial > present->serial
         || refuse (error, CHS_PROVISION_ERROR_OLD, "it is an old one: serial %u, and this chair has %u; a newer one needs a higher serial",
                    new->serial, present->serial);
}

/* ---- what a stick may not say ---- */

/* Where serial ports are. A disk, memory or terminal of the machine is no instrument. */
static const char *const port_places[] = { "/dev/ttyUSB", "/dev/ttyACM", "/dev/ttyS", "/dev/serial/by-id/", "/dev/serial/by-path/",
                                           "/dev/chairside/" };

static gboolean
is_port (const char *address)
{
  const char *colon = strchr (address, ':');
  g_autofree char *where = g_strndup (colon + 1, strcspn (colon + 1, "?"));
  g_autofree char *place = g_canonicalize_filename (where, "/");

  for (gsize i = 0; i < G_N_ELEMENTS (port_places); i++)
    if (strcmp (place, where) == 0 && g_str_has_prefix (place, port_places[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_address (const ChsChairLink *link, GError **error)
{
  const char *address = link->address;

  if (g_str_has_prefix (address, "usb:") || g_str_has_prefix (address, "tcp:"))
    return TRUE;
  if ((g_str_has_prefix (address, "serial:") || g_str_has_prefix (address, "tty:")) && is_port (address))
    return TRUE;
  return refuse (error, CHS_PROVISION_ERROR_PLACE, CHS_PROVISION_FILE ":%u: link \"%s\": \"%s\" is no serial port",
                 link->address_line, link->name, address);
}

static gboolean
lies_beside (const char *path, const char *config_path)
{
  g_autofree char *absolute = g_canonicalize_filename (config_path, NULL), *folder = g_path_get_dirname (absolute);
  g_autofree char *below = g_strconcat (folder, "/", NULL);

  return g_str_has_prefix (path, below);
}

static gboolean
check_profile (const char *path, const char *config_path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (ChsProfile) profile = NULL;

  if (path == NULL)
    return TRUE;
  if (!lies_beside (path, config_path))
    return refuse (error, CHS_PROVISION_ERROR_PLACE, "the alarm profile %s does not lie beside the configuration", path);
  profile = chs_profile_load (path, &local);
  return profile != NULL || refuse (error, CHS_PROVISION_ERROR_CONFIG, "the alarm profile cannot be used: %s", local->message);
}

/* What the machine's administrator set up stays: the stick is the clinic's. */
static gboolean
check_places (const ChsChairConfig *present, const ChsChairConfig *new, GError **error)
{
  const struct {
    const char *key, *before, *after;
  } places[] = {
    { "chair.state", present->state, new->state },       { "chair.recordings", present->recordings, new->recordings },
    { "chair.socket", present->socket, new->socket },    { "export.medium", present->medium, new->medium },
    { "provision.keys", present->keys, new->keys },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].before, places[i].after) != 0)
      return refuse (error, CHS_PROVISION_ERROR_PLACE, "%s would go from %s to %s: a stick cannot move it", places[i].key,
                     places[i].before != NULL ? places[i].before : "its default",
                     places[i].after != NULL ? places[i].after : "its default");
  return (present->demonstration || !new->demonstration)
         || refuse (error, CHS_PROVISION_ERROR_PLACE, "it would make this chair a demonstration");
}

static gboolean
check_therapies (const ChsChairConfig *new, GError **error)
{
  g_autoptr (GError) local = NULL;

  return chs_chair_config_check_therapies (new, &local) || refuse (error, CHS_PROVISION_ERROR_CONFIG, "%s", local->message);
}

static gboolean
check_content (const ChsChairConfig *present, const ChsChairConfig *new, const char *config_path, GError **error)
{
  if (!check_identity (present, new, error) || (present != NULL && !check_places (present, new, error)))
    return FALSE;
  for (guint i = 0; i < new->links->len; i++)
    if (!check_address (new->links->pdata[i], error))
      return FALSE;
  return check_therapies (new, error) && check_profile (new->profile, config_path, error);
}

/* ---- the whole ---- */

static char *
dup_present_text (const ChsChairConfig *present, const char *config_path)
{
  gsize n;

  return present != NULL ? chs_read_file (config_path, CHS_CHAIR_MAX_BYTES, &n, NULL) : NULL;
}

ChsProvision *
chs_provision_look (
    const ChsChairConfig *present, const char *config_path, const char *keys_path, const char *medium, GError **error)
{
  g_autoptr (ChsProvision) self = g_new0 (ChsProvision, 1);
  g_autofree char *before = dup_present_text (present, config_path), *text = NULL;
  gsize n;

  if (!g_file_test (medium, G_FILE_TEST_IS_DIR)) {
    refuse (error, CHS_PROVISION_ERROR_NO_FILE, "there is no stick at %s", medium);
    return NULL;
  }
  text = read_part (medium, CHS_PROVISION_FILE, CHS_CHAIR_MAX_BYTES, CHS_PROVISION_ERROR_NO_FILE, &n, error);
  if (text == NULL || !check_signature (self, keys_path, medium, text, n, error))
    return NULL;
  self->config = parse (text, n, config_path, error);
  if (self->config == NULL || !check_content (present, self->config, config_path, error))
    return NULL;
  self->digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, n);
  self->text = g_strcmp0 (self->config->pin_hash, CHS_CHAIR_PIN_KEEP) == 0
                   ? chs_chair_config_dup_text_with_pin (text, present != NULL ? present->pin_hash : NULL)
                   : g_strdup (text);
  self->changes = chs_provision_changes (before, self->text);
  return g_steal_pointer (&self);
}

void
chs_provision_free (ChsProvision *self)
{
  if (self == NULL)
    return;
  chs_chair_config_free (self->config);
  g_free (self->text);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_free (self->key_id);
  g_free (self->digest);
  g_free (self);
}

/* ---- taking ---- */

static gboolean
write_whole (const char *path, const char *text, int mode, GError **error)
{
  g_autoptr (GError) local = NULL;

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode, &local)
         || refuse (error, CHS_PROVISION_ERROR_WRITE, "%s", local->message);
}

/* The tool may run as root: the monitor must be able to read what it wrote. */
static gboolean
give_back (const char *path, const struct stat *owner, GError **error)
{
  if (geteuid () != 0 || (owner->st_uid == 0 && owner->st_gid == 0))
    return TRUE;
  return chown (path, owner->st_uid, owner->st_gid) == 0
         || refuse (error, CHS_PROVISION_ERROR_WRITE, "cannot give %s to its owner: %s", path, g_strerror (errno));
}

gboolean
chs_config_write (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *kept = g_strconcat (path, ".before", NULL), *before = NULL;
  struct stat owner;
  gboolean is_there = stat (path, &owner) == 0;
  gsize n;

  if (!is_there && stat (folder, &owner) != 0)
    return refuse (error, CHS_PROVISION_ERROR_WRITE, "cannot look at %s: %s", folder, g_strerror (errno));
  before = is_there ? chs_read_file (path, CHS_CHAIR_MAX_BYTES, &n, NULL) : NULL;
  if (before != NULL && !write_whole (kept, before, 0600, error))
    return FALSE;
  return write_whole (path, text, is_there ? (int) (owner.st_mode & 0660) : 0600, error) && give_back (path, &owner, error);
}

gboolean
chs_config_audit (const char *folder, gint64 wall_us, const char *who, const char *action, const char *what, const char *why, GError **error)
{
  return !g_file_test (folder, G_FILE_TEST_IS_DIR) || chs_audit_append (folder, wall_us, who, action, what, why, error);
}

static char *
dup_summary (const ChsProvision *self)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "signed by %s, %u changes:", self->key_id, self->changes->len);
  for (guint i = 0; i < self->changes->len; i++)
    g_string_append_printf (text, " %s", ((ChsProvisionChange *) self->changes->pdata[i])->key);
  return g_string_free (text, FALSE);
}

gboolean
chs_provision_take (const ChsProvision *self,
                    const char *config_path,
                    const char *audit_folder,
                    gint64 wall_us,
                    const char *who,
                    GError **error)
{
  g_autofree char *summary = dup_summary (self), *what = g_strdup_printf ("serial %u", self->config->serial);

  return chs_config_audit (audit_folder, wall_us, who, "provision", what, summary, error)
         && chs_config_write (config_path, self->text, error);
}

/* ---- out ---- */

static gboolean
fail (GError **error, const char *what, const char *name)
{
  return refuse (error, CHS_PROVISION_ERROR_WRITE, "cannot %s %s on the stick: %s", what, name, g_strerror (errno));
}

/* Beside the old one and then in its place: a stick pulled out leaves one of the two. */
static gboolean
put_file (int dir, const char *name, const char *text, GError **error)
{
  g_autofree char *part = g_strconcat (name, ".part", NULL);
  gsize n = strlen (text);
  gboolean good;
  int fd;

  unlinkat (dir, part, 0); /* of a copy that was broken off */
  fd = openat (dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, "create", name);
  good = write (fd, text, n) == (gssize) n && fsync (fd) == 0;
  if (!good)
    fail (error, "write", name);
  close (fd);
  if (good && renameat (dir, part, dir, name) != 0)
    good = fail (error, "write", name);
  if (!good)
    unlinkat (dir, part, 0);
  return good;
}

static int
open_folder (const char *medium, GError **error)
{
  g_autofree char *name = g_path_get_dirname (CHS_PROVISION_FILE);
  int stick = open (medium, O_RDONLY | O_DIRECTORY | O_CLOEXEC), dir;

  if (stick < 0) {
    fail (error, "open", medium);
    return -1;
  }
  if (mkdirat (stick, name, 0700) != 0 && errno != EEXIST)
    g_debug ("cannot make %s: %s", name, g_strerror (errno));
  dir = openat (stick, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir < 0)
    fail (error, "open", name);
  close (stick);
  return dir;
}

gboolean
chs_provision_put (const char *text, const char *signature, const char *medium, GError **error)
{
  g_autofree char *file = g_path_get_basename (CHS_PROVISION_FILE), *sig = g_path_get_basename (CHS_PROVISION_SIGNATURE);
  int dir = open_folder (medium, error);
  gboolean good;

  if (dir < 0)
    return FALSE;
  unlinkat (dir, sig, 0); /* does not belong to what comes now */
  good = put_file (dir, file, text, error) && (signature == NULL || put_file (dir, sig, signature, error));
  fsync (dir);
  close (dir);
  return good;
}

gboolean
chs_medium_is_there (const char *medium)
{
  g_autofree char *parent = g_path_get_dirname (medium);
  struct stat here, above;

  if (stat (medium, &here) != 0 || !S_ISDIR (here.st_mode) || stat (parent, &above) != 0)
    return FALSE;
  if (!g_str_has_prefix (medium, "/media/") && !g_str_has_prefix (medium, "/mnt/") && !g_str_has_prefix (medium, "/run/"))
    return TRUE;
  return here.st_dev != above.st_dev;
}
