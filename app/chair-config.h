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

#define CHS_LINK_LABEL_SIZE 24 /* bytes of a label with its NUL */

typedef struct {
  char    *name;    /* "monitor", "pump1" */
  char    *label;   /* (nullable): what people call it; NULL = the screen makes words of the name */
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

#define CHS_CHAIR_TIMES 8 /* times of day that one key holds at most */
#define CHS_CHAIR_MAX_BYTES (256 * 1024)

/* Times of day in minutes since midnight, local time. */
typedef struct {
  guint n;
  int   minutes[CHS_CHAIR_TIMES];
} ChsChairTimes;

/* [screen]: what the screen asks the monitor for, since its user cannot read the file. */
typedef struct {
  char    *language;    /* "de", "pt_BR"; "" = that of the machine */
  char    *look;        /* "auto" (night hours decide), "day", "night", "contrast" */
  int      night_from;  /* minutes of the day; night looks dark and dim */
  int      night_to;
  double   diagonal_in; /* of the panel, 0 = as it reports itself */
  double   text_scale;  /* 1.0..1.3 */
  guint    dim_min;     /* minutes after which an idle chair is dimmed; 0 = never */
} ChsChairScreen;

typedef struct {
  char      *path;       /* of the file, for messages */
  char      *text;       /* the file as read, without the hash of the PIN: for the recording */
  char      *name;       /* of the chair */
  char      *recordings; /* folder */
  char      *state;      /* (nullable): folder of what the monitor remembers; NULL = that of the recordings */
  char      *profile;    /* (nullable): path of the alarm profile; NULL = the default one */
  char      *socket;     /* (nullable): NULL = chs_socket_dup_path() */
  char     **therapies;  /* (nullable): ids that are offered; NULL = the whole library */
  guint      therapies_line;
  ChsChairTimes shifts;  /* when shifts begin: the sound is tested anew */
  ChsChairScreen screen; /* [screen] */
  char      *pin_hash;   /* (nullable): of the technician's PIN, crypt(5); NULL = nobody can unlock */
  char      *medium;     /* folder at which a USB stick appears: exports and provisioning */
  char      *keys;       /* file of public keys whose provisioning files are taken */
  guint      serial;     /* of this provisioning file; 0 = made by hand */
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
 * chs_chair_config_parse:
 * @text: the text of a configuration, hostile until it was taken
 * @n: bytes, at most %CHS_CHAIR_MAX_BYTES
 * @path: the name for messages, and relative paths are relative to its folder
 * @error: return location, message "FILE:LINE: what, why"
 *
 * Returns: (transfer full) (nullable): a checked configuration
 */
ChsChairConfig *chs_chair_config_parse (const char *text, gsize n, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_chair_config_keys:
 *
 * Returns: (array zero-terminated=1): "group.key" of every key that a configuration may have, but those of [session],
 *   which are the session's, and with link.NAME for any link
 */
const char *const *chs_chair_config_keys (void);

#define CHS_CHAIR_PIN_KEEP "keep" /* pin_hash of a file that leaves the PIN of the chair as it is */

/**
 * chs_chair_config_dup_public_text:
 * @text: text of a configuration
 *
 * Returns: (transfer full): the same with "keep" in the place of the PIN's hash, line for line
 */
char *chs_chair_config_dup_public_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_chair_config_dup_text_with_pin:
 * @text: text of a configuration that has a line pin_hash
 * @pin_hash: (nullable): what shall stand there; NULL: the line becomes an empty comment
 *
 * Returns: (transfer full): the same, line for line, but for that one
 */
char *chs_chair_config_dup_text_with_pin (const char *text, const char *pin_hash) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_chair_config_get_state:
 * @self: a configuration
 *
 * Returns: folder of what the monitor remembers from one start to the next: counts, wrong PINs, its audit log
 */
const char *chs_chair_config_get_state (const ChsChairConfig *self);

/**
 * chs_chair_screen_is_night:
 * @self: [screen]
 * @minute: of the day, local time
 *
 * Returns: whether the night hours, which may go over midnight, have this minute in them; never when both are the same
 */
gboolean chs_chair_screen_is_night (const ChsChairScreen *self, int minute);

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

/**
 * chs_chair_config_check_therapies:
 * @self: a configuration
 * @error: return location, message "FILE:LINE: what, why"
 *
 * Looks whether the therapies that are to be offered are in the library. The monitor only leaves out those that are not.
 *
 * Returns: whether all are
 */
gboolean chs_chair_config_check_therapies (const ChsChairConfig *self, GError **error);

void chs_chair_config_free (ChsChairConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsChairConfig, chs_chair_config_free)
