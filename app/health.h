/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How the chair is as a machine: what a technician asks on the telephone, and what a
 * script watches every night. Facts are gathered by whoever has them; here they become
 * findings, and one JSON object. */

typedef enum {
  CHS_CLOCK_SYNC_UNKNOWN, /* nobody here says */
  CHS_CLOCK_SYNC_NO,
  CHS_CLOCK_SYNC_YES,
} ChsClockSync;

typedef struct {
  const char *chair, *phase;
  const char *recording;      /* path; "" = nothing is recorded */
  gboolean    has_sound, has_storage, has_screen, has_pin;
  const char *sound_why;      /* (nullable) */
  gint64      started_us;     /* wall time of the monitor's start */
  gint64      uptime_s;
  guint       n_starts;       /* of the monitor, ever */
  guint       n_unclean;      /* of them after a crash or a power cut */
  guint64     free_bytes, total_bytes; /* of the disk of the recordings */
  double      bytes_day;      /* what sessions take, mean of 30 days; 0 = none yet */
  double      days_left;      /* INFINITY = cannot be told */
  double      temperature_c;  /* hottest sensor; NAN = there is none */
  gint64      wall_us;        /* now */
  ChsClockSync sync;
  gboolean    test_due;       /* the sound is to be tested by a person */
  gboolean    test_heard;     /* how the last one ended */
  gint64      test_us;        /* when; 0 = never */
  const char *links;          /* one JSON object a line (chs_link_to_json()) */
  guint       links_down;
} ChsHealth;

typedef enum {
  CHS_ROOM_FULL, /* under 100 MiB */
  CHS_ROOM_LOW,  /* fewer than 14 days, or under 1 GiB */
  CHS_ROOM_GOOD, /* or nothing is known */
} ChsRoom;

/**
 * chs_health_get_room:
 * @self: facts
 * @before: as it was told last; %CHS_ROOM_GOOD at first
 *
 * What was low or full stays so until there is a quarter more than what made it so: an alarm does not come and go with
 * each recording that is made or removed.
 *
 * Returns: room for recordings
 */
ChsRoom chs_health_get_room (const ChsHealth *self, ChsRoom before);

gboolean chs_health_has_clock (gint64 wall_us); /* FALSE: before this program was made, nobody has set it */

/**
 * chs_health_findings:
 * @self: facts
 *
 * "clock_not_set" (before this program was made), "clock_not_synchronised", "no_sound", "sound_test_due",
 * "sound_not_heard", "recording_failed", "storage_low" (fewer than 14 days, or under 1 GiB), "storage_full" (under 100
 * MiB), "screen_lost", "link_down", "hot" (from 85 °C), "no_pin". The numbers are our own choice.
 *
 * Returns: (transfer full) (array zero-terminated=1): ids, the worst first
 */
char **chs_health_findings (const ChsHealth *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_health_to_json:
 * @self: facts
 *
 * Returns: (transfer full): one object with "findings"; unknown is null
 */
char *chs_health_to_json (const ChsHealth *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_health_get_temperature:
 * @folder: "/sys/class/thermal"
 *
 * Returns: °C of the hottest thermal zone; NAN when there is none
 */
double chs_health_get_temperature (const char *folder);

/**
 * chs_health_get_sync:
 * @folder: "/run/systemd/timesync"
 *
 * systemd-timesyncd makes a file there when it has compared the clock; the kernel may not be asked from within a sandbox.
 *
 * Returns: whether the clock is compared with the network; unknown where another program does that
 */
ChsClockSync chs_health_get_sync (const char *folder);

/**
 * chs_health_get_disk:
 * @folder: a folder
 * @free_bytes: (out): for us
 * @total_bytes: (out): of the disk
 */
void chs_health_get_disk (const char *folder, guint64 *free_bytes, guint64 *total_bytes);

/* ---- starts ---- */

typedef struct {
  guint    n_starts;  /* this one too */
  guint    n_unclean; /* of them with no proper end before */
} ChsStarts;

/**
 * chs_starts_begin:
 * @state_folder: where the count is kept
 *
 * Counts a start. What cannot be read or written counts from 0: it is a fact for technicians and nothing depends on it.
 *
 * Returns: the counts
 */
ChsStarts chs_starts_begin (const char *state_folder);
void      chs_starts_end (const char *state_folder, const ChsStarts *starts); /* a proper end */
