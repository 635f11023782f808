/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <gio/gio.h>

/* Alarm profile: every number and text of the rules, read from an ini file
 * (data/share/alarms/NAME.ini, shape in data/share/alarms/README.md). C holds no
 * clinical number: a profile that lacks one is refused.
 *
 * The table of keys is in app/profile-private.h: key, unit, safe range. On load an unknown
 * key, a missing unit, a missing source and a value outside the safe range are
 * refused with file and line. */

#define CHS_PROFILE_ERROR (chs_profile_error_quark ())
GQuark chs_profile_error_quark (void);

typedef enum {
  CHS_PROFILE_ERROR_SYNTAX,      /* no "number unit | source", a text that is empty or too long */
  CHS_PROFILE_ERROR_UNKNOWN_KEY, /* a key, group or label that no rule knows; the nearest is suggested */
  CHS_PROFILE_ERROR_MISSING,     /* a number, a label's words, name or version of the profile */
  CHS_PROFILE_ERROR_UNIT,        /* none, or another than the key's */
  CHS_PROFILE_ERROR_SOURCE,      /* a number without where it is from */
  CHS_PROFILE_ERROR_RANGE,       /* outside the safe range, or two limits in the wrong order */
} ChsProfileError;

typedef struct _ChsProfile ChsProfile; /* a plain value; defined in app/profile-private.h for the engine */

/**
 * chs_profile_load:
 * @path: an ini file
 * @error: return location; message is "FILE:LINE: what, why"
 *
 * Returns: (transfer full) (nullable): a checked profile
 */
ChsProfile *chs_profile_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_profile_parse:
 * @text: text of an ini file, as stored in a recording
 * @n: bytes
 * @name: for messages
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a checked profile
 */
ChsProfile *chs_profile_parse (const char *text, gsize n, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_profile_parse_recorded:
 * @text: text of the profile in a recording
 * @n: bytes
 * @name: for messages
 * @error: return location
 *
 * As chs_profile_parse(), but keys and words that a recording of an older version cannot have are those of the built-in
 * profile: yesterday's session can be gone on with, and replayed, after an update.
 *
 * Returns: (transfer full) (nullable): a checked profile
 */
ChsProfile *chs_profile_parse_recorded (const char *text, gsize n, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_profile_new_builtin:
 *
 * The profile that is shipped, as it was when the program was built: for a monitor whose file is missing or refused.
 *
 * Returns: (transfer full): a checked profile
 */
ChsProfile *chs_profile_new_builtin (void) G_GNUC_WARN_UNUSED_RESULT;

ChsProfile *chs_profile_copy (const ChsProfile *self) G_GNUC_WARN_UNUSED_RESULT; /* (transfer full): a copy that lives by itself */
void        chs_profile_free (ChsProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsProfile, chs_profile_free)

const char *chs_profile_get_name (const ChsProfile *self); /* (transfer none): as the file calls it */
const char *chs_profile_get_version (const ChsProfile *self); /* (transfer none): as the file tells it */
const char *chs_profile_get_reviewed_by (const ChsProfile *self); /* (transfer none): "" = nobody yet, to be shown */

/**
 * chs_profile_dup_edited:
 * @self: a profile, changed with chs_profile_set()
 * @name: of the new one
 * @comment: who and why, in a line above the name
 * @note: from where, written into the source of each changed number
 * @n: (out): bytes
 *
 * The file that @self was read from, with @name, with the numbers as they are now and what they were in their sources,
 * and reviewed by nobody. Comments and texts stay.
 *
 * Returns: (transfer full): text, NUL terminated, for chs_profile_parse()
 */
char *chs_profile_dup_edited (const ChsProfile *self, const char *name, const char *comment, const char *note, gsize *n)
  G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_profile_dup_clinic_folder:
 *
 * Returns: (transfer full): where a clinic's own profiles are saved (data/share.h), $CHAIRSIDE_PROFILES. May not be there
 */
char *chs_profile_dup_clinic_folder (void) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer none) (array length=n): the file as read, UTF-8, for the recording; what chs_profile_set() changed is not in it. */
const char *chs_profile_get_text (const ChsProfile *self, gsize *n);

/**
 * chs_profile_set:
 * @self: a profile
 * @key: "group.key"
 * @value: number in the key's unit
 * @error: return location
 *
 * For what-if and for limits of a session. The safe range is that of app/profile-private.h; whether two limits keep their
 * order is not looked at here.
 *
 * Returns: whether the key exists and the value is in its safe range; otherwise nothing changed
 */
gboolean chs_profile_set (ChsProfile *self, const char *key, double value, GError **error);

/**
 * chs_profile_get:
 * @self: a profile
 * @key: "group.key"
 *
 * Returns: the number in the key's unit, NAN when there is no such key
 */
double chs_profile_get (const ChsProfile *self, const char *key);

/**
 * chs_profile_title:
 * @self: a profile
 * @label: a label
 * @priority: of the condition; HIGH may have words of its own
 *
 * Returns: (transfer none): what the alarm says, English, as the profile has it (screens translate it); "" for %CHS_LABEL_NONE.
 *   Valid as long as the profile
 */
const char *chs_profile_title (const ChsProfile *self, ChsLabel label, ChsPriority priority);

/* What to do first, likewise: (transfer none), valid as long as the profile. */
const char *chs_profile_action (const ChsProfile *self, ChsLabel label, ChsPriority priority);

/**
 * chs_profile_dup_default_path:
 *
 * Returns: (transfer full): the shipped profile "adult.ini" (data/share.h says where), which may not be there
 */
char *chs_profile_dup_default_path (void);
