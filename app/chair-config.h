/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/retention.h"
#include "app/sound-settings.h"

#include <gio/gio.h>

/* The chair's configuration file: which instruments, where recordings go, how it
 * sounds. Keys and examples: app/README.md, "The chair's configuration".
 *
 * A file is taken whole or refused: an unknown group, key, driver, kind of port or
 * option, a missing key and an impossible value are told as "FILE:LINE: what, why",
 * with what was probably meant. */

typedef struct {
  char    *name;    /* "monitor", "pump1" */
  char    *driver;  /* driver id, known; or "described:FILE", absolute */
  char    *address; /* see devices/transport.h; its prefix is known */
  char   **options; /* "key=value" for the driver, NULL-terminated, accepted by it */
  guint    line;    /* where the group begins */
  guint    address_line;
} ChsChairLink;

typedef struct {
  char *key;   /* as in SETUP events (app/session.h) */
  char *value;
  guint line;
} ChsChairSetup;

typedef struct {
  char      *path;       /* of the file, for messages */
  char      *text;       /* the file as read, for the recording */
  char      *name;       /* of the chair */
  char      *recordings; /* folder */
  char      *profile;    /* (nullable): path of the alarm profile; NULL = the default one */
  char      *socket;     /* (nullable): NULL = chs_socket_dup_path() */
  ChsSoundSettings sound; /* [sound] */
  ChsRetention retention; /* [retention]; removes nothing unless told so */
  gboolean   demonstration; /* allows [session] */
  GPtrArray *links;      /* ChsChairLink, at least one */
  GPtrArray *setup;      /* ChsChairSetup of [session], in order */
} ChsChairConfig;

/**
 * chs_chair_config_load:
 * @path: an ini file; relative paths in it are relative to its folder
 * @error: return location, message "FILE:LINE: what, why"
 *
 * Returns: (transfer full) (nullable): a checked configuration
 */
ChsChairConfig *chs_chair_config_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_chair_config_check_ports:
 * @self: a configuration
 * @error: return location, message "FILE:LINE: what, why"
 *
 * Looks whether the device nodes of serial: and tty: addresses are there now. The monitor only warns (an unplugged
 * instrument must not keep the others from being watched); commands that a person waits for refuse.
 *
 * Returns: whether all are there
 */
gboolean chs_chair_config_check_ports (const ChsChairConfig *self, GError **error);

void chs_chair_config_free (ChsChairConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsChairConfig, chs_chair_config_free)
