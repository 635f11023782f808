/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* What the screen knows of its chair as a machine: the answers of Settings and Health
 * (data/share/dbus/org.chairside.Admin1.xml), read with care, since a monitor of another
 * version may leave things out. */

typedef struct {
  gboolean is_known;     /* Settings were answered once */
  char     look[12];     /* "auto", "day", "night", "contrast" */
  char     language[16]; /* of the screen at the chair: "de"; "" = not told */
  double   text_scale, diagonal_in; /* likewise; 0 = not told */
  char   **therapies;    /* (nullable): ids that the clinic uses; NULL = the whole library */
  int      night_from, night_to; /* minutes of the day */
  guint    dim_min;      /* 0 = never */
  double   volume_db, floor_db;
  gboolean has_pin;
  char   **findings;     /* (nullable): ids of app/health.h, the worst first */
  JsonObject *health;    /* (nullable): the whole answer */
} ChsMachine;

void chs_machine_init (ChsMachine *self); /* knows nothing */
void chs_machine_clear (ChsMachine *self);

/**
 * chs_machine_take_settings:
 * @self: a machine
 * @json: an answer
 *
 * Returns: whether it could be read
 */
gboolean chs_machine_take_settings (ChsMachine *self, const char *json);
gboolean chs_machine_take_health (ChsMachine *self, const char *json); /* likewise */

gboolean chs_machine_is_night (const ChsMachine *self, int minute); /* minute of the day, local time; by the hours alone */

/**
 * chs_machine_dup_advice:
 * @self: a machine
 *
 * Returns: (transfer full) (nullable): the worst finding that is no alarm already, as a sentence for a nurse; NULL = none
 */
char *chs_machine_dup_advice (const ChsMachine *self) G_GNUC_WARN_UNUSED_RESULT;

/* Reading JSON that may be of another version: what is there under @name and of another type is as if it were not there.
 * Texts and parts are (transfer none), valid as long as @object, which may be NULL. */
const char *chs_machine_get_text (JsonObject *object, const char *name);   /* (nullable) */
double      chs_machine_get_number (JsonObject *object, const char *name); /* NAN when there is none */
gboolean    chs_machine_get_flag (JsonObject *object, const char *name);   /* FALSE when there is none */
JsonObject *chs_machine_get_part (JsonObject *object, const char *name);   /* (nullable) (transfer none) */
