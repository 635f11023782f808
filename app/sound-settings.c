/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sound-settings.h"

#include "app/burst.h"
#include "data/ini.h"

#include <string.h>

void
chs_sound_settings_init (ChsSoundSettings *self)
{
  *self = (ChsSoundSettings) { .device = "default", .floor_db = -30 };
}

static gboolean
refuse (GError **error, const char *key, const char *value, const char *want)
{
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s = \"%s\": %s", key, value, want);
  return FALSE;
}

static gboolean
set_device (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  if (value[0] == '\0' || strlen (value) >= sizeof self->device)
    return refuse (error, key, value, "a name of 1 to 63 characters is wanted, \"default\" or one of `aplay -L`");
  g_strlcpy (self->device, value, sizeof self->device);
  return TRUE;
}

static gboolean
set_melodies (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  self->melodies = strcmp (value, "category") == 0;
  return self->melodies || strcmp (value, "general") == 0 || refuse (error, key, value, "general or category is wanted");
}

static gboolean
set_flag (bool *flag, const char *key, const char *value, GError **error)
{
  *flag = strcmp (value, "yes") == 0;
  return *flag || strcmp (value, "no") == 0 || refuse (error, key, value, "yes or no is wanted");
}

static gboolean
set_decibel (double *db, const char *key, const char *value, GError **error)
{
  char *end;
  double number = g_ascii_strtod (value, &end);

  if (end == value || *end != '\0' || !(number >= -60 && number <= 0))
    return refuse (error, key, value, "a number of -60 to 0 is wanted");
  *db = number;
  return TRUE;
}

static gboolean
set_low_bursts (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  if (value[0] < '0' || value[0] > '0' + CHS_BURST_LOW_MAX || value[1] != '\0')
    return refuse (error, key, value, "0 (silent) to 3 is wanted");
  self->low_bursts = (guint8) (value[0] - '0');
  return TRUE;
}

static gboolean
set_volume (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  return set_decibel (&self->volume_db, key, value, error);
}

static gboolean
set_floor (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  return set_decibel (&self->floor_db, key, value, error);
}

static gboolean
set_keep_awake (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  return set_flag (&self->keep_awake, key, value, error);
}

static gboolean
set_accept_unheard (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  return set_flag (&self->accept_unheard, key, value, error);
}

static const char *const key_names[] = {
  "device", "melodies", "low_bursts", "volume_db", "floor_db", "keep_awake", "accept_unheard", NULL
};
static gboolean (*const key_setters[]) (ChsSoundSettings *self, const char *key, const char *value, GError **error) = {
  set_device, set_melodies, set_low_bursts, set_volume, set_floor, set_keep_awake, set_accept_unheard
};

static gboolean
set_key (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  for (guint i = 0; key_names[i] != NULL; i++)
    if (strcmp (key, key_names[i]) == 0)
      return key_setters[i](self, key, value, error);
  return chs_ini_unknown (error, "key", key, key_names);
}

gboolean
chs_sound_settings_set (ChsSoundSettings *self, const char *key, const char *value, GError **error)
{
  ChsSoundSettings next = *self;

  if (!set_key (&next, key, value, error))
    return FALSE;
  if (next.volume_db < next.floor_db)
    return refuse (error, key, value, "volume_db must not be below floor_db, which is to be set first");
  *self = next;
  return TRUE;
}

const char *const *
chs_sound_settings_keys (void)
{
  return key_names;
}
