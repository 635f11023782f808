/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/sound.h"
#include "data/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Alarm sound for technicians: written to a file for a laboratory, or played on the chair's loudspeaker. */

typedef struct {
  ChsTone   tone;
  ChsMelody melody;
  double    volume_db;
  int       bursts;
  char     *device, *out;
} Options;

/* ---- into a file ---- */

static void
put_le (GByteArray *out, guint32 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++) {
    guint8 byte = (guint8) (value >> (8 * i));

    g_byte_array_append (out, &byte, 1);
  }
}

/* RIFF WAVE, PCM, one channel of 16 bit: the 44 bytes before the samples. */
static void
put_wav_header (GByteArray *out, guint32 n_samples)
{
  g_byte_array_append (out, (const guint8 *) "RIFF", 4);
  put_le (out, 36 + 2 * n_samples, 4);
  g_byte_array_append (out, (const guint8 *) "WAVEfmt ", 8);
  put_le (out, 16, 4);
  put_le (out, 1, 2);
  put_le (out, 1, 2);
  put_le (out, CHS_TONE_RATE_HZ, 4);
  put_le (out, CHS_TONE_RATE_HZ * 2, 4);
  put_le (out, 2, 2);
  put_le (out, 16, 2);
  g_byte_array_append (out, (const guint8 *) "data", 4);
  put_le (out, 2 * n_samples, 4);
}

static int
write_file (const Options *options)
{
  g_autoptr (GByteArray) wav = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  guint32 length = chs_tone_length (options->tone);
  guint32 pause = chs_tone_spec (options->tone)->interburst_ms * (CHS_TONE_RATE_HZ / 1000);
  guint32 n = length + ((guint32) options->bursts - 1) * (length + pause);
  g_autofree gint16 *samples = g_new0 (gint16, n);

  for (guint32 at = 0; at < n; at += length + pause)
    chs_tone_render (options->tone, options->melody, options->volume_db, 0, samples + at, length);
  put_wav_header (wav, n);
  for (guint32 i = 0; i < n; i++)
    put_le (wav, (guint16) samples[i], 2);
  if (!g_file_set_contents (options->out, (const char *) wav->data, wav->len, &error))
    return chs_tool_refuse ("sound", error);
  return CHS_TOOL_DONE;
}

/* ---- on the loudspeaker ---- */

/* The schedule takes its melody from the condition that sounds. */
static ChsLabel
label_of_melody (ChsMelody melody)
{
  int label = CHS_LABEL_NONE;

  while (label < CHS_N_LABELS - 1 && chs_melody_for_label ((ChsLabel) label) != melody)
    label++;
  return (ChsLabel) label;
}

static void
sleep_until (ChsClock *clock, gint64 next_us)
{
  gint64 wait_us = next_us - clock->now_us (clock);

  if (wait_us > 0)
    g_usleep ((gulong) wait_us);
}

/* Plays until as many tones have ended as were asked for. */
static void
play (ChsSound *sound, const Options *options, ChsClock *clock)
{
  const ChsAnnunciation target = { .label = (uint8_t) label_of_melody (options->melody), .paused_until_us = CHS_TIME_NONE };
  ChsBurst *burst = chs_sound_get_burst (sound);
  gint64 pause_us = chs_tone_spec (options->tone)->interburst_ms * G_GINT64_CONSTANT (1000);

  chs_burst_target (burst, &target, false, 0);
  for (int i = 0; i < options->bursts; i++) {
    if (i > 0)
      g_usleep ((gulong) pause_us);
    chs_burst_once (burst, options->tone);
    while (burst->n_played == (guint64) i || burst->tone != CHS_TONE_NONE)
      sleep_until (clock, chs_sound_step (sound, clock->now_us (clock)));
    g_usleep (100000); /* what was handed over last is still to be heard */
  }
}

static int
play_aloud (const Options *options)
{
  g_autoptr (ChsSound) sound = NULL;
  ChsSoundSettings settings;
  ChsSystemClock clock;
  ChsSoundView view;

  chs_sound_settings_init (&settings);
  settings.melodies = TRUE;
  settings.volume_db = options->volume_db;
  if (options->device != NULL && !chs_sound_settings_set (&settings, "device", options->device, NULL))
    return chs_tool_usage ("sound", "\"%s\" cannot be the name of a sound device", options->device);
  chs_system_clock_init (&clock, g_get_monotonic_time ());
  sound = chs_sound_new (&settings, &chs_player_alsa);
  chs_sound_step (sound, 0);
  chs_sound_get_view (sound, &view);
  if (view.n_opens == 0) {
    fprintf (stderr, "chairside-tool sound: %s\n", view.why);
    return CHS_TOOL_REFUSED;
  }
  play (sound, options, &clock.clock);
  chs_sound_step (sound, clock.clock.now_us (&clock.clock) + 2 * G_USEC_PER_SEC); /* the watch has its say */
  chs_sound_get_view (sound, &view);
  if (!view.usable)
    fprintf (stderr, "chairside-tool sound: probably not heard: %s\n", view.why);
  return view.usable ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

/* ---- command line ---- */

static gboolean
check (Options *options, const char *tone, const char *melody, int *status)
{
  if (tone != NULL)
    options->tone = chs_tone_from_id (tone);
  if (options->tone == CHS_TONE_NONE)
    *status = chs_tool_usage ("sound", "there is no sound \"%s\"", tone);
  else if (melody != NULL && !chs_melody_from_id (melody, &options->melody))
    *status = chs_tool_usage ("sound", "there is no melody \"%s\"", melody);
  else if (!(options->volume_db >= -60 && options->volume_db <= 0))
    *status = chs_tool_usage ("sound", "volume is -60 to 0 dB");
  else if (options->bursts < 1 || options->bursts > 100)
    *status = chs_tool_usage ("sound", "1 to 100 bursts");
  else if (options->bursts > 1 && chs_tone_spec (options->tone)->interburst_ms == 0)
    *status = chs_tool_usage ("sound", "this sound is not repeated");
  else
    return TRUE;
  return FALSE;
}

int
chs_tool_sound (int argc, char **argv)
{
  Options options = { .tone = CHS_TONE_HIGH, .bursts = 1 };
  g_autofree char *tone = NULL, *melody = NULL, *device = NULL, *out = NULL;
  const GOptionEntry entries[] = {
    { "priority", 'p', 0, G_OPTION_ARG_STRING, &tone,
      "high (default), medium, low, reminder, self-test, commissioning, monitor-lost", "ID" },
    { "melody", 'm', 0, G_OPTION_ARG_STRING, &melody,
      "general (default), cardiovascular, oxygenation, ventilation, drug, temperature, equipment", "ID" },
    { "volume", 'v', 0, G_OPTION_ARG_DOUBLE, &options.volume_db, "-60 to 0 (default)", "DB" },
    { "bursts", 'n', 0, G_OPTION_ARG_INT, &options.bursts, "how often, with the pauses between (default 1)", "N" },
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, "ALSA's name of the loudspeaker (default \"default\")", "NAME" },
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "write a WAV file instead of playing", "FILE.wav" },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status) || !check (&options, tone, melody, &status))
    return status;
  options.device = device;
  options.out = out;
  return out != NULL ? write_file (&options) : play_aloud (&options);
}
