/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-config.h"

/* A chair's configuration on a USB stick: in, with a signature, and out.
 *
 *   STICK/chairside/chair.ini           the whole configuration; [provision] serial is its number
 *   STICK/chairside/chair.ini.minisig   its signature (app/sign.h)
 *
 * Looking changes nothing and says what would change; taking writes exactly what was looked at. Refused before anything
 * is believed of the text: a file that is no regular file of at most %CHS_CHAIR_MAX_BYTES, a missing signature, one of a
 * key that this chair does not trust, one that does not fit. Refused afterwards: a configuration that would not load,
 * one of another chair, one whose serial is not above the present one (an old stick), one that would move folders,
 * sockets or keys, or that points an instrument at something that is no serial port.
 *
 * pin_hash = keep leaves the PIN as it is, and is what goes out, so that no hash travels. */

#define CHS_PROVISION_FILE "chairside/chair.ini"
#define CHS_PROVISION_SIGNATURE "chairside/chair.ini.minisig"

#define CHS_PROVISION_ERROR (chs_provision_error_quark ())
GQuark chs_provision_error_quark (void);

typedef enum {
  CHS_PROVISION_ERROR_NO_FILE,     /* no stick, or nothing on it */
  CHS_PROVISION_ERROR_BAD_FILE,    /* link, folder, device, too large */
  CHS_PROVISION_ERROR_UNSIGNED,    /* no signature beside it */
  CHS_PROVISION_ERROR_SIGNATURE,   /* unreadable, of an unknown key, or wrong */
  CHS_PROVISION_ERROR_CONFIG,      /* would not load: FILE:LINE: why */
  CHS_PROVISION_ERROR_OTHER_CHAIR,
  CHS_PROVISION_ERROR_OLD,         /* its serial is not above the present one */
  CHS_PROVISION_ERROR_PLACE,       /* moves what must stay, or listens to what is no serial port */
  CHS_PROVISION_ERROR_WRITE,
} ChsProvisionError;

typedef struct {
  char *key;    /* "screen.language", "link.pump1.address" */
  char *before; /* (nullable): NULL = was not there; a PIN only as "set" */
  char *after;  /* (nullable): NULL = is gone */
} ChsProvisionChange;

typedef struct {
  ChsChairConfig *config;  /* as it would be */
  char           *text;    /* what would be written */
  GPtrArray      *changes; /* ChsProvisionChange, in the order of the file */
  char           *key_id;  /* who signed */
  char           *digest;  /* SHA-256 of the file, hexadecimal: what was looked at is what is taken */
} ChsProvision;

/**
 * chs_provision_look:
 * @present: (nullable): the chair as it is; NULL: there is none yet, then name and serial are not compared
 * @config_path: where the configuration is or will be
 * @keys_path: file of trusted public keys
 * @medium: the stick's folder
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what would be taken; nothing was changed
 */
ChsProvision *chs_provision_look (const ChsChairConfig *present,
                                  const char           *config_path,
                                  const char           *keys_path,
                                  const char           *medium,
                                  GError              **error) G_GNUC_WARN_UNUSED_RESULT;

void chs_provision_free (ChsProvision *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsProvision, chs_provision_free)

/**
 * chs_provision_take:
 * @self: what was looked at
 * @config_path: as given to chs_provision_look()
 * @audit_folder: where the audit log is
 * @wall_us: UTC
 * @who: for the audit log
 * @error: return location; then the configuration is as it was
 *
 * Logs, keeps the present file as FILE.before, and puts the new one in its place at once (a power cut leaves one of the
 * two, whole). Owner and mode of the present file are kept; a new one is 0600.
 *
 * Returns: whether it was written
 */
gboolean chs_provision_take (const ChsProvision *self,
                             const char         *config_path,
                             const char         *audit_folder,
                             gint64              wall_us,
                             const char         *who,
                             GError            **error);

/**
 * chs_provision_put:
 * @text: text of a configuration
 * @signature: (nullable): its signature; NULL: the stick's copy is unsigned, and an old signature there is removed
 * @medium: the stick's folder
 * @error: return location
 *
 * Follows no symbolic link on the stick.
 *
 * Returns: whether it is on the stick, synced
 */
gboolean chs_provision_put (const char *text, const char *signature, const char *medium, GError **error);

/**
 * chs_provision_changes:
 * @before: (nullable): text of a configuration
 * @after: text of another one; both can be read
 *
 * Returns: (transfer full) (element-type ChsProvisionChange): what differs, key by key
 */
GPtrArray *chs_provision_changes (const char *before, const char *after) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_config_write:
 * @path: of the configuration
 * @text: what shall stand there
 * @error: return location
 *
 * As chs_provision_take() writes it, without looking or logging: for whoever has done both.
 *
 * Returns: whether it is on the disk
 */
gboolean chs_config_write (const char *path, const char *text, GError **error);

/**
 * chs_config_audit:
 * @folder: of the audit log
 * @wall_us: UTC
 * @who: who does it
 * @action: what
 * @what: to what
 * @why: (nullable): why
 * @error: return location
 *
 * chs_audit_append() for tools, which may come before the first start: where nothing was ever recorded there is no folder
 * for a log yet, and the monitor's own first line tells with which configuration it began.
 *
 * Returns: whether it may be done
 */
gboolean chs_config_audit (const char *folder,
                           gint64      wall_us,
                           const char *who,
                           const char *action,
                           const char *what,
                           const char *why,
                           GError    **error);

/**
 * chs_medium_is_there:
 * @medium: folder at which a stick appears
 *
 * Returns: whether a stick is there: the folder exists and, below /media, /mnt and /run, is a file system of its own,
 *   so that nothing is written behind a stick that is not there
 */
gboolean chs_medium_is_there (const char *medium);
