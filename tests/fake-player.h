/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/player.h"
#include "app/tone.h"
#include "data/clock.h"
#include "data/event.h"

#include <gio/gio.h>
#include <string.h>

/* A loudspeaker on a given clock: consumes in real time, keeps what it played, and fails as told. One at a time,
 * because a class has no place for more. */

#define FAKE_BUFFER 9600

typedef struct {
  ChsClock *clock;
  gboolean  absent;  /* cannot be opened */
  gboolean  gone;    /* was open, is unplugged */
  gboolean  hangs;   /* takes, does not play */
  gboolean  instant; /* swallows at once */
  ChsMixerControl controls[4];
  gsize     n_controls;
  gint64    until_us;    /* end of what was handed over */
  gint64    first_us;    /* time of the first sample that is not zero, since it was set to CHS_TIME_NONE */
  GByteArray *played;    /* (nullable): all samples, with the silence between them */
  gint64    played_us;   /* session time of the end of @played */
  gboolean  is_open;
} FakePlayer;

static FakePlayer fake;

static inline gint64
fake_now (void)
{
  return fake.clock->now_us (fake.clock);
}

static inline ChsPlayer *
fake_open (const char *device, GError **error)
{
  static ChsPlayer player;
  extern const ChsPlayerClass fake_player;

  if (fake.absent) {
    g_set_error_literal (error, CHS_SOUND_ERROR, CHS_SOUND_ERROR_OPEN, "no such device");
    return NULL;
  }
  player.klass = &fake_player;
  fake.until_us = 0;
  fake.gone = FALSE;
  fake.is_open = TRUE;
  return &player;
}

static inline gboolean
fake_room (ChsPlayer *self, gsize *queued, gsize *room, GError **error)
{
  gint64 left_us = fake.hangs ? fake.until_us : MAX (fake.until_us - fake_now (), 0);

  if (fake.gone) {
    g_set_error_literal (error, CHS_SOUND_ERROR, CHS_SOUND_ERROR_LOST, "unplugged");
    return FALSE;
  }
  *queued = fake.instant ? 0 : MIN ((gsize) (left_us * CHS_TONE_RATE_HZ / 1000000), FAKE_BUFFER);
  *room = FAKE_BUFFER - *queued;
  return TRUE;
}

/* Silence up to @now, then the samples. */
static inline void
fake_keep (const gint16 *frames, gsize n, gint64 at_us)
{
  gsize have = fake.played->len / 2, want = (gsize) (at_us * CHS_TONE_RATE_HZ / 1000000);

  if (want > have) {
    g_byte_array_set_size (fake.played, (guint) want * 2);
    memset (fake.played->data + have * 2, 0, (want - have) * 2);
  }
  g_byte_array_append (fake.played, (const guint8 *) frames, (guint) n * 2);
}

static inline gboolean
fake_play (ChsPlayer *self, const gint16 *frames, gsize n, GError **error)
{
  gint64 now_us = fake_now ();

  for (gsize i = 0; i < n && fake.first_us == CHS_TIME_NONE; i++)
    if (frames[i] != 0)
      fake.first_us = now_us;
  fake.until_us = MAX (fake.until_us, fake.hangs ? 0 : now_us);
  if (fake.played != NULL)
    fake_keep (frames, n, fake.until_us);
  fake.until_us += (gint64) n * 1000000 / CHS_TONE_RATE_HZ;
  return TRUE;
}

static inline gsize
fake_controls (ChsPlayer *self, ChsMixerControl *controls, gsize size)
{
  memcpy (controls, fake.controls, MIN (size, fake.n_controls) * sizeof *controls);
  return MIN (size, fake.n_controls);
}

static inline void
fake_close (ChsPlayer *self)
{
  fake.is_open = FALSE;
}

extern const ChsPlayerClass fake_player;
const ChsPlayerClass fake_player = {
  .name = "fake",
  .open = fake_open,
  .room = fake_room,
  .play = fake_play,
  .controls = fake_controls,
  .close = fake_close,
};
