/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sign.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (chs - sign - error - quark, chs_sign_error)

#define ID_BYTES 8
#define HASH_BYTES crypto_generichash_BYTES_MAX /* BLAKE2b-512 */
#define SIG_BYTES crypto_sign_BYTES
#define CHECK_BYTES 32

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

/* As they stand in the files, behind base64. Bytes only: no padding. */
typedef struct {
  guint8 algorithm[2]; /* "Ed" */
  guint8 id[ID_BYTES];
  guint8 key[crypto_sign_PUBLICKEYBYTES];
} PublicKey;

typedef struct {
  guint8 algorithm[2]; /* "Ed" */
  guint8 kdf[2];       /* 0: no password */
  guint8 check_algorithm[2]; /* "B2" */
  guint8 salt[32], ops_limit[8], mem_limit[8]; /* of the password */
  guint8 id[ID_BYTES];
  guint8 key[crypto_sign_SECRETKEYBYTES];
  guint8 check[CHECK_BYTES]; /* BLAKE2b-256 of algorithm, id and key */
} SecretKey;

typedef struct {
  guint8 algorithm[2]; /* "ED": of the hash */
  guint8 id[ID_BYTES];
  guint8 signature[SIG_BYTES];
} Signature;

static gboolean G_GNUC_PRINTF (3, 4) refuse (GError **error, ChsSignError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (CHS_SIGN_ERROR, (int) code, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
ready (GError **error)
{
  return sodium_init () >= 0 || refuse (error, CHS_SIGN_ERROR_FORMAT, "libsodium cannot be used on this machine");
}

static char *
encode (const void *bytes, gsize n)
{
  gsize size = sodium_base64_ENCODED_LEN (n, sodium_base64_VARIANT_ORIGINAL);

  return sodium_bin2base64 (g_malloc (size), size, bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

static gboolean
decode (const char *text, void *bytes, gsize n)
{
  gsize length = 0;

  return sodium_base642bin (bytes, n, text, strlen (text), NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL) == 0
         && length == n;
}

/* As minisign writes it: the number, most significant first. */
static char *
dup_id (const guint8 *id)
{
  GString *text = g_string_new (NULL);

  for (int i = ID_BYTES - 1; i >= 0; i--)
    g_string_append_printf (text, "%02X", id[i]);
  return g_string_free (text, FALSE);
}

static void
hash (const void *data, gsize n, guint8 *out)
{
  crypto_generichash (out, HASH_BYTES, data, n, NULL, 0);
}

/* ---- keys ---- */

static void
compute_check (const SecretKey *key, guint8 *check)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, CHECK_BYTES);
  crypto_generichash_update (&state, key->algorithm, sizeof key->algorithm);
  crypto_generichash_update (&state, key->id, sizeof key->id);
  crypto_generichash_update (&state, key->key, sizeof key->key);
  crypto_generichash_final (&state, check, CHECK_BYTES);
}

static gboolean
write_new (const char *path, mode_t mode, const char *text, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  gsize n = strlen (text);
  gboolean good;

  if (fd < 0)
    return refuse (error, CHS_SIGN_ERROR_WRITE, "cannot create %s: %s", path, g_strerror (errno));
  good = write (fd, text, n) == (gssize) n && fsync (fd) == 0;
  if (!good)
    refuse (error, CHS_SIGN_ERROR_WRITE, "cannot write %s: %s", path, g_strerror (errno));
  close (fd);
  if (!good)
    unlink (path);
  return good;
}

static gboolean
write_keys (const PublicKey *public, const SecretKey *secret, const char *secret_path, const char *public_path, GError **error)
{
  g_autofree char *id = dup_id (public->id), *public_code = encode (public, sizeof *public);
  g_autofree char *public_text = g_strdup_printf (UNTRUSTED "minisign public key %s\n%s\n", id, public_code);
  char *secret_code = encode (secret, sizeof *secret);
  char *secret_text = g_strdup_printf (UNTRUSTED "minisign secret key %s without a password\n%s\n", id, secret_code);
  gboolean good = write_new (secret_path, 0600, secret_text, error);

  if (good && !write_new (public_path, 0644, public_text, error)) {
    unlink (secret_path);
    good = FALSE;
  }
  sodium_memzero (secret_code, strlen (secret_code));
  sodium_memzero (secret_text, strlen (secret_text));
  g_free (secret_code);
  g_free (secret_text);
  return good;
}

gboolean
chs_sign_make_keys (const char *secret_path, const char *public_path, GError **error)
{
  PublicKey public = { .algorithm = "Ed" };
  SecretKey secret = { .algorithm = "Ed", .check_algorithm = "B2" };
  gboolean good;

  if (!ready (error))
    return FALSE;
  crypto_sign_keypair (public.key, secret.key);
  randombytes_buf (public.id, sizeof public.id);
  memcpy (secret.id, public.id, sizeof secret.id);
  compute_check (&secret, secret.check);
  good = write_keys (&public, &secret, secret_path, public_path, error);
  sodium_memzero (&secret, sizeof secret);
  return good;
}

static gboolean
read_secret (const char *text, SecretKey *key, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  guint8 check[CHECK_BYTES];

  if (g_strv_length (lines) < 2 || !g_str_has_prefix (lines[0], UNTRUSTED) || !decode (g_strstrip (lines[1]), key, sizeof *key)
      || memcmp (key->algorithm, "Ed", 2) != 0)
    return refuse (error, CHS_SIGN_ERROR_FORMAT, "this is not a secret key of minisign");
  if (key->kdf[0] != 0 || key->kdf[1] != 0)
    return refuse (error, CHS_SIGN_ERROR_FORMAT, "the secret key has a password: sign with minisign itself (minisign -Sm FILE)");
  compute_check (key, check);
  return sodium_memcmp (check, key->check, sizeof check) == 0
         || refuse (error, CHS_SIGN_ERROR_FORMAT, "the secret key is damaged");
}

/* ---- signing ---- */

static char *
format_signature (const Signature *signature, const guint8 *global, const char *comment)
{
  g_autofree char *code = encode (signature, sizeof *signature), *global_code = encode (global, SIG_BYTES);

  return g_strdup_printf (UNTRUSTED "signature of a Chairside configuration\n%s\n" TRUSTED "%s\n%s\n", code, comment,
                          global_code);
}

static GByteArray *
signed_comment (const Signature *signature, const char *comment)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, signature->signature, SIG_BYTES);
  return g_byte_array_append (bytes, (const guint8 *) comment, (guint) strlen (comment));
}

char *
chs_sign (const char *secret, const void *data, gsize n, const char *comment, GError **error)
{
  SecretKey key;
  Signature signature = { .algorithm = "ED" };
  guint8 digest[HASH_BYTES], global[SIG_BYTES];
  g_autoptr (GByteArray) bytes = NULL;

  if (!ready (error) || !read_secret (secret, &key, error))
    return NULL;
  memcpy (signature.id, key.id, sizeof signature.id);
  hash (data, n, digest);
  crypto_sign_detached (signature.signature, NULL, digest, sizeof digest, key.key);
  bytes = signed_comment (&signature, comment);
  crypto_sign_detached (global, NULL, bytes->data, bytes->len, key.key);
  sodium_memzero (&key, sizeof key);
  return format_signature (&signature, global, comment);
}

/* ---- verifying ---- */

typedef struct {
  Signature signature;
  guint8 global[SIG_BYTES];
  char *comment;
} Parsed;

static gboolean
read_signature (const char *text, Parsed *out, GError **error)
{
  g_auto (GStrv) lines = strlen (text) <= CHS_SIGN_MAX_BYTES ? g_strsplit (text, "\n", -1) : NULL;

  if (lines == NULL || g_strv_length (lines) < 4 || !g_str_has_prefix (lines[0], UNTRUSTED)
      || !g_str_has_prefix (lines[2], TRUSTED) || !decode (g_strchomp (lines[1]), &out->signature, sizeof out->signature)
      || !decode (g_strchomp (lines[3]), out->global, sizeof out->global))
    return refuse (error, CHS_SIGN_ERROR_FORMAT, "the signature cannot be read: it is not one of minisign, or was cut off");
  if (memcmp (out->signature.algorithm, "ED", 2) != 0)
    return refuse (error, CHS_SIGN_ERROR_FORMAT, "the signature is of the old form without a hash; sign again with minisign 0.10 or later");
  out->comment = g_strdup (g_strchomp (lines[2]) + strlen (TRUSTED));
  return TRUE;
}

static gboolean
find_key (const char *keys, const guint8 *id, PublicKey *out)
{
  g_auto (GStrv) lines = g_strsplit (keys, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (decode (g_strstrip (*line), out, sizeof *out) && memcmp (out->algorithm, "Ed", 2) == 0
        && memcmp (out->id, id, ID_BYTES) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check_signature (const Parsed *parsed, const PublicKey *key, const void *data, gsize n, GError **error)
{
  g_autoptr (GByteArray) comment = signed_comment (&parsed->signature, parsed->comment);
  guint8 digest[HASH_BYTES];

  hash (data, n, digest);
  if (crypto_sign_verify_detached (parsed->signature.signature, digest, sizeof digest, key->key) != 0)
    return refuse (error, CHS_SIGN_ERROR_WRONG, "the signature does not belong to this file: one of them was changed");
  return crypto_sign_verify_detached (parsed->global, comment->data, comment->len, key->key) == 0
         || refuse (error, CHS_SIGN_ERROR_WRONG, "the comment of the signature was changed");
}

gboolean
chs_sign_verify (const char *keys, const void *data, gsize n, const char *signature, char **key_id, GError **error)
{
  Parsed parsed = { 0 };
  PublicKey key;
  gboolean good = FALSE;

  if (!ready (error) || !read_signature (signature, &parsed, error))
    return FALSE;
  if (find_key (keys, parsed.signature.id, &key)) {
    good = check_signature (&parsed, &key, data, n, error);
  } else {
    g_autofree char *id = dup_id (parsed.signature.id);

    refuse (error, CHS_SIGN_ERROR_UNKNOWN, "signed with key %s, which this chair does not trust", id);
  }
  if (good && key_id != NULL)
    *key_id = dup_id (key.id);
  g_free (parsed.comment);
  return good;
}
