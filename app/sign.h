/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Signatures of files that come on a USB stick: Ed25519 over the BLAKE2b-512 of the
 * file, in the formats of minisign (public key, secret key without a password,
 * detached signature with a trusted comment), so that a desk without Chairside can
 * sign with `minisign -Sm chair.ini` and anybody can verify.
 *
 * Done by libsodium: it has exactly these two primitives behind a small interface
 * that is hard to misuse, no configuration file, engine or provider that could change
 * what is verified, and wipes its memory. (libcrypto has both as well; it brings a
 * policy file and some thousand other ways in.)
 *
 * Only the hashed form ("ED") is taken: the older one would need the same key to sign
 * files and hashes. A chair has public keys only; the secret one stays at the desk. */

#define CHS_SIGN_ERROR (chs_sign_error_quark ())
GQuark chs_sign_error_quark (void);

typedef enum {
  CHS_SIGN_ERROR_FORMAT,  /* not a key or signature that can be read */
  CHS_SIGN_ERROR_UNKNOWN, /* made with a key that is not among the trusted ones */
  CHS_SIGN_ERROR_WRONG,   /* does not belong to this file: file or signature was changed */
  CHS_SIGN_ERROR_WRITE,   /* a key cannot be written */
} ChsSignError;

#define CHS_SIGN_MAX_BYTES 4096 /* of a signature, or of a file of keys */

/**
 * chs_sign_make_keys:
 * @secret_path: file to create, mode 0600
 * @public_path: file to create
 * @error: return location; neither file is there afterwards
 *
 * Returns: whether there is a new pair
 */
gboolean chs_sign_make_keys (const char *secret_path, const char *public_path, GError **error);

/**
 * chs_sign:
 * @secret: text of a secret key without a password
 * @data: what is signed
 * @n: bytes
 * @comment: one line, signed too
 * @error: return location
 *
 * Returns: (transfer full) (nullable): text of a signature
 */
char *chs_sign (const char *secret, const void *data, gsize n, const char *comment, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_sign_verify:
 * @keys: text of one or more public keys, one a line; other lines are comments
 * @data: what was signed
 * @n: bytes
 * @signature: text of a signature
 * @key_id: (out) (optional) (transfer full): which key it was, as minisign writes it
 * @error: return location
 *
 * Returns: whether one of @keys signed exactly this
 */
gboolean chs_sign_verify (const char *keys, const void *data, gsize n, const char *signature, char **key_id, GError **error);
