/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/player.h"

#include "app/tone.h"

#include <alsa/asoundlib.h>
#include <math.h>

/* Invariants: the PCM is non-blocking; it starts with the first frame written and stops by itself when it runs empty,
 * so that silence costs nothing; an empty device is prepared again by the next write. */

typedef struct {
  ChsPlayer          player;
  snd_pcm_t         *pcm;
  snd_pcm_uframes_t  buffer_frames;
  snd_mixer_t       *mixer; /* NULL: the device has none */
} AlsaPlayer;

#define BUFFER_US 200000 /* more than is ever queued; small enough for a sound server to take it as it is */
#define PERIOD_US 10000
#define SILENT_DB 99.0 /* what a control at its very lowest counts as */

G_DEFINE_QUARK (chs-sound-error-quark, chs_sound_error)

/* alsa-lib prints to stderr unless it is told otherwise; what went wrong reaches the user as an error value. */
G_GNUC_PRINTF (5, 6)
static void
on_alsa_message (const char *file, int line, const char *function, int err, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_logv (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, format, args);
  va_end (args);
}

static gboolean
fail (GError **error, ChsSoundError code, const char *what, int err)
{
  g_set_error (error, CHS_SOUND_ERROR, code, "%s: %s", what, snd_strerror (err));
  return FALSE;
}

static gboolean
set_hardware (AlsaPlayer *self, GError **error)
{
  snd_pcm_hw_params_t *hw;
  unsigned buffer_us = BUFFER_US, period_us = PERIOD_US;
  int err;

  snd_pcm_hw_params_alloca (&hw);
  if ((err = snd_pcm_hw_params_any (self->pcm, hw)) < 0
      || (err = snd_pcm_hw_params_set_rate_resample (self->pcm, hw, 1)) < 0
      || (err = snd_pcm_hw_params_set_access (self->pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED)) < 0
      || (err = snd_pcm_hw_params_set_format (self->pcm, hw, SND_PCM_FORMAT_S16)) < 0
      || (err = snd_pcm_hw_params_set_channels (self->pcm, hw, 1)) < 0
      || (err = snd_pcm_hw_params_set_rate (self->pcm, hw, CHS_TONE_RATE_HZ, 0)) < 0
      || (err = snd_pcm_hw_params_set_period_time_near (self->pcm, hw, &period_us, NULL)) < 0
      || (err = snd_pcm_hw_params_set_buffer_time_near (self->pcm, hw, &buffer_us, NULL)) < 0
      || (err = snd_pcm_hw_params (self->pcm, hw)) < 0
      || (err = snd_pcm_hw_params_get_buffer_size (hw, &self->buffer_frames)) < 0)
    return fail (error, CHS_SOUND_ERROR_OPEN, "device refuses 48 kHz mono (a raw \"hw:\" device? use \"plughw:\")", err);
  return TRUE;
}

static gboolean
set_software (AlsaPlayer *self, GError **error)
{
  snd_pcm_sw_params_t *sw;
  int err;

  snd_pcm_sw_params_alloca (&sw);
  if ((err = snd_pcm_sw_params_current (self->pcm, sw)) < 0
      || (err = snd_pcm_sw_params_set_start_threshold (self->pcm, sw, 1)) < 0
      || (err = snd_pcm_sw_params_set_stop_threshold (self->pcm, sw, self->buffer_frames)) < 0
      || (err = snd_pcm_sw_params (self->pcm, sw)) < 0)
    return fail (error, CHS_SOUND_ERROR_OPEN, "device refuses to start at once", err);
  return TRUE;
}

/* The mixer of the card that the PCM ends on; of a sound server the one that goes by the same name. */
static void
open_mixer (AlsaPlayer *self, const char *device)
{
  g_autofree char *name = NULL;
  snd_pcm_info_t *info;
  int card = -1;

  snd_pcm_info_alloca (&info);
  if (snd_pcm_info (self->pcm, info) >= 0)
    card = snd_pcm_info_get_card (info);
  name = card >= 0 ? g_strdup_printf ("hw:%d", card) : g_strdup (device);
  if (snd_mixer_open (&self->mixer, 0) < 0) {
    self->mixer = NULL;
    return;
  }
  if (snd_mixer_attach (self->mixer, name) < 0 || snd_mixer_selem_register (self->mixer, NULL, NULL) < 0
      || snd_mixer_load (self->mixer) < 0)
    g_clear_pointer (&self->mixer, snd_mixer_close);
}

static void
alsa_close (ChsPlayer *player)
{
  AlsaPlayer *self = (AlsaPlayer *) player;

  g_clear_pointer (&self->mixer, snd_mixer_close);
  g_clear_pointer (&self->pcm, snd_pcm_close);
  g_free (self);
}

static ChsPlayer *
alsa_open (const char *device, GError **error)
{
  AlsaPlayer *self = g_new0 (AlsaPlayer, 1);
  int err;

  snd_lib_error_set_handler (on_alsa_message);
  self->player.klass = &chs_player_alsa;
  err = snd_pcm_open (&self->pcm, device, SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
  if (err < 0) {
    self->pcm = NULL;
    fail (error, CHS_SOUND_ERROR_OPEN, "no sound device", err);
  }
  if (err < 0 || !set_hardware (self, error) || !set_software (self, error)) {
    g_prefix_error (error, "\"%s\": ", device);
    alsa_close (&self->player);
    return NULL;
  }
  open_mixer (self, device);
  return &self->player;
}

/* Brings a device that ran empty or was suspended back to where the next write starts it. */
static int
make_ready (AlsaPlayer *self)
{
  switch (snd_pcm_state (self->pcm)) {
  case SND_PCM_STATE_DISCONNECTED:
    return -ENODEV;
  case SND_PCM_STATE_SETUP:
  case SND_PCM_STATE_XRUN:
  case SND_PCM_STATE_SUSPENDED:
    return snd_pcm_prepare (self->pcm);
  case SND_PCM_STATE_OPEN:
  case SND_PCM_STATE_PREPARED:
  case SND_PCM_STATE_RUNNING:
  case SND_PCM_STATE_DRAINING:
  case SND_PCM_STATE_PAUSED:
  case SND_PCM_STATE_PRIVATE1:
    break;
  }
  return 0;
}

static gboolean
alsa_room (ChsPlayer *player, gsize *queued, gsize *free, GError **error)
{
  AlsaPlayer *self = (AlsaPlayer *) player;
  snd_pcm_sframes_t avail = snd_pcm_avail (self->pcm);

  if (avail < 0) {
    int err = avail == -EPIPE || avail == -ESTRPIPE ? make_ready (self) : (int) avail;

    if (err < 0)
      return fail (error, CHS_SOUND_ERROR_LOST, "sound device is gone", err);
    avail = (snd_pcm_sframes_t) self->buffer_frames;
  }
  *free = MIN ((gsize) avail, self->buffer_frames);
  *queued = self->buffer_frames - *free;
  return TRUE;
}

static gboolean
alsa_play (ChsPlayer *player, const gint16 *frames, gsize n, GError **error)
{
  AlsaPlayer *self = (AlsaPlayer *) player;
  snd_pcm_sframes_t taken = make_ready (self);

  if (taken == 0)
    taken = snd_pcm_writei (self->pcm, frames, n);
  if (taken == -EPIPE || taken == -ESTRPIPE) { /* ran empty between the question and the answer */
    taken = snd_pcm_prepare (self->pcm);
    if (taken == 0)
      taken = snd_pcm_writei (self->pcm, frames, n);
  }
  if (taken < 0 && taken != -EAGAIN)
    return fail (error, CHS_SOUND_ERROR_LOST, "sound device is gone", (int) taken);
  return TRUE;
}

/* How far below its loudest a control stands. Where it does not tell decibels (sound servers), the cubic scale that they
 * use: -60 dB at a tenth of the way. */
static double
read_below_db (snd_mixer_elem_t *elem)
{
  long now, least, most;
  double below_db = (double) NAN;

  if (snd_mixer_selem_get_playback_dB_range (elem, &least, &most) == 0
      && snd_mixer_selem_get_playback_dB (elem, SND_MIXER_SCHN_FRONT_LEFT, &now) == 0)
    below_db = (double) (most - now) / 100.0;
  else if (snd_mixer_selem_get_playback_volume_range (elem, &least, &most) == 0 && most > least
           && snd_mixer_selem_get_playback_volume (elem, SND_MIXER_SCHN_FRONT_LEFT, &now) == 0)
    below_db = -60 * log10 ((double) (now - least) / (double) (most - least));
  return isnan (below_db) ? below_db : MIN (below_db, SILENT_DB);
}

static void
read_control (snd_mixer_elem_t *elem, ChsMixerControl *out)
{
  int is_on = 1;

  g_strlcpy (out->name, snd_mixer_selem_get_name (elem), sizeof out->name);
  out->has_switch = snd_mixer_selem_has_playback_switch (elem);
  if (out->has_switch)
    snd_mixer_selem_get_playback_switch (elem, SND_MIXER_SCHN_FRONT_LEFT, &is_on);
  out->is_on = is_on != 0;
  out->below_db = snd_mixer_selem_has_playback_volume (elem) ? read_below_db (elem) : (double) NAN;
}

static gsize
alsa_controls (ChsPlayer *player, ChsMixerControl *controls, gsize size)
{
  AlsaPlayer *self = (AlsaPlayer *) player;
  gsize n = 0;

  if (self->mixer == NULL || snd_mixer_handle_events (self->mixer) < 0)
    return 0;
  for (snd_mixer_elem_t *e = snd_mixer_first_elem (self->mixer); e != NULL && n < size; e = snd_mixer_elem_next (e))
    if (snd_mixer_selem_is_active (e)
        && (snd_mixer_selem_has_playback_switch (e) || snd_mixer_selem_has_playback_volume (e)))
      read_control (e, &controls[n++]);
  return n;
}

const ChsPlayerClass chs_player_alsa = {
  .name = "alsa",
  .open = alsa_open,
  .room = alsa_room,
  .play = alsa_play,
  .controls = alsa_controls,
  .close = alsa_close,
};
