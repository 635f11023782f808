/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "tests/fuzz/fuzz-recordings.h"

#include "app/chair-config.h"
#include "app/profile.h"
#include "app/scenario-csv.h"
#include "app/therapy.h"
#include "data/event-codec.h"
#include "data/ini.h"
#include "devices/described.h"
#include "devices/dialogue.h"
#include "devices/event-check.h"
#include "devices/scenario.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Readers of files against any bytes: a value, or a refusal that says why. */

#define HOURS_2_US (2 * 3600 * (gint64) G_USEC_PER_SEC)
#define LOOK_US (10 * (gint64) G_USEC_PER_SEC)

static void
check_answer (gboolean good, const GError *error)
{
  FUZZ_HOLDS (good == (error == NULL), "neither a value nor a reason, or both");
  if (error != NULL)
    FUZZ_HOLDS (error->message[0] != '\0' && g_utf8_validate (error->message, -1, NULL), "a reason that cannot be read");
}

/* A file that is nowhere, for the readers that want a path. Returns its descriptor; -1 = none to be had. */
static int
hide (const guint8 *bytes, gsize n, char *path, gsize size)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  if (fd < 0 || write (fd, bytes, n) != (gssize) n)
    g_error ("no file in memory");
  g_snprintf (path, size, "/proc/self/fd/%d", fd);
  return fd;
}

/* What comes out of a block goes in again, and comes out the same. */
static void
check_packed (ChsPackState *in, ChsPackState *out, const ChsEvent *event)
{
  static guint8 buffer[CHS_BYTES_MAX + 4096];
  static gint16 samples[CHS_WAVE_MAX];
  const uint8_t *p = buffer;
  ChsEvent again;
  gsize n = chs_event_pack (in, event, buffer, sizeof buffer), n_a, n_b;
  const void *a, *b;

  FUZZ_HOLDS (n > 0 && n <= chs_event_pack_bound (event), "%u cannot be packed again", event->type);
  FUZZ_HOLDS (chs_event_unpack (out, &p, buffer + n, &again, samples, CHS_WAVE_MAX) == CHS_UNPACK_EVENT && p == buffer + n,
              "%u cannot be read again", event->type);
  FUZZ_HOLDS (again.seq == event->seq && again.t_us == event->t_us && again.wall_us == event->wall_us && again.type == event->type
                  && again.source == event->source && again.channel == event->channel,
              "%u comes back changed", event->type);
  a = chs_event_borrowed (event, &n_a);
  b = chs_event_borrowed (&again, &n_b);
  FUZZ_HOLDS (n_a == n_b && (n_a == 0 || memcmp (a, b, n_a) == 0), "%u comes back with other bytes", event->type);
}

static void
run_event_codec (const char *name, const guint8 *bytes, gsize n)
{
  static gint16 samples[CHS_WAVE_MAX];
  ChsPackState unpack = { 0 }, in = { 0 }, out = { 0 };
  /* Of exactly its size, and never NULL. */
  guint8 *block = memcpy (g_malloc (MAX (n, 1)), bytes, n);
  const uint8_t *p = block, *before = block;
  ChsEvent event;

  while (chs_event_unpack (&unpack, &p, block + n, &event, samples, CHS_WAVE_MAX) == CHS_UNPACK_EVENT) {
    FUZZ_HOLDS (p > before && p <= block + n, "the reader does not move on");
    before = p;
    check_packed (&in, &out, &event);
  }
  g_free (block);
}

static void
run_scenario (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  char path[64];
  int fd = hide (bytes, n, path, sizeof path);
  ChsScenario *scenario = chs_scenario_load (path, 1, &error);

  check_answer (scenario != NULL, error);
  if (scenario != NULL) {
    gint64 end_us = MIN (chs_scenario_get_duration_us (scenario), HOURS_2_US);

    for (gint64 t_us = 0; t_us < end_us; t_us += LOOK_US)
      chs_scenario_advance (scenario, t_us, NULL, NULL);
    FUZZ_HOLDS (chs_scenario_get_session (scenario) != NULL, "session");
    chs_scenario_free (scenario);
  }
  close (fd);
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  static guint8 buffer[CHS_BYTES_MAX + 4096];
  ChsPackState pack = { 0 };

  FUZZ_HOLDS (chs_event_pack (&pack, event, buffer, sizeof buffer) > 0, "an event of type %u that cannot be recorded", event->type);
  return TRUE;
}

static void
run_scenario_csv (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  char path[64];
  int fd = hide (bytes, n, path, sizeof path);
  gboolean good;

  good = chs_scenario_play (path, NULL, on_event, NULL, &error);
  check_answer (good, error);
  close (fd);
}

static void
run_chair_config (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  char path[64];
  int fd = hide (bytes, n, path, sizeof path);
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (path, &error);

  check_answer (config != NULL, error);
  close (fd);
}

static void
run_profile (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_parse ((const char *) bytes, n, name, &error);

  check_answer (profile != NULL, error);
}

static void
on_driver_event (ChsSink *sink, const ChsEvent *event)
{
  ChsEvent copy = *event;

  FUZZ_HOLDS (chs_event_check (&copy), "an event of type %u that makes no sense", event->type);
}

static void
on_driver_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  g_autofree char *why = chs_described_find_control (payload, n);

  FUZZ_HOLDS (why == NULL, "it sends what commands: %s", why);
}

typedef struct {
  ChsSink          sink;
  const ChsDriver *driver;
  gpointer         state;
  gint64           now_us;
} Described;

static void
on_simulator_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Described *self = out->user;

  self->driver->feed (self->state, bytes, n, self->now_us, &self->sink);
}

/* A key file that is taken can be driven: by what its own simulator says, and by what it is written in. */
static void
drive (const ChsDescribed *described, const guint8 *bytes, gsize n)
{
  Described self = { .sink = { .event = on_driver_event, .request = on_driver_request },
                     .driver = chs_described_get_driver (described) };
  const ChsSimulator *simulator = chs_described_get_simulator (described);
  ChsSimOut out = { .write = on_simulator_write, .user = &self };
  ChsSimPatient patient;
  g_autofree gpointer sim = simulator != NULL ? g_malloc0 (simulator->state_size) : NULL;

  chs_sim_patient_init (&patient);
  self.state = g_malloc0 (self.driver->state_size);
  self.driver->bind (self.state, self.driver);
  (void) self.driver->option (self.state, "confirmed", chs_described_get_sha256 (described));
  (void) self.driver->option (self.state, "drop_factor", "20");
  self.driver->opened (self.state, 0, &self.sink);
  if (simulator != NULL) {
    simulator->bind (sim, simulator);
    simulator->start (sim, &patient, 1, 0);
  }
  for (self.now_us = 0; self.now_us < 3 * G_USEC_PER_SEC; self.now_us += 100000) {
    self.driver->tick (self.state, self.now_us, &self.sink);
    if (simulator != NULL)
      simulator->tick (sim, &patient, self.now_us, &out);
    self.driver->feed (self.state, bytes, MIN (n, 200), self.now_us, &self.sink);
  }
  g_free (self.state);
}

static void
run_pumpdef (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDescribed) described = chs_described_parse ((const char *) bytes, n, name, &error);

  check_answer (described != NULL, error);
  if (described != NULL)
    drive (described, bytes, n);
}

static void
on_key (const char *key, const char *value, gpointer user_data)
{
  FUZZ_HOLDS (key[0] != '\0' && value != NULL, "key");
}

static void
run_therapy (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_new ();
  const ChsTherapyEntry *entry;
  gboolean good;

  good = chs_therapy_library_add_text (library, (const char *) bytes, n, name, &error);
  check_answer (good, error);
  FUZZ_HOLDS (error == NULL || chs_therapy_library_get (library, 0) == NULL, "half a file was taken");
  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++) {
    FUZZ_HOLDS (chs_therapy_library_find (library, entry->id) == entry, "%s is not found", entry->id);
    chs_therapy_entry_setup (entry, 70.0, on_key, NULL);
  }
}

static void
run_dialogue (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDialogue) dialogue = chs_dialogue_parse ((const char *) bytes, n, &error);

  check_answer (dialogue != NULL, error);
  for (guint i = 0; dialogue != NULL && i < dialogue->steps->len; i++) {
    const ChsDialogueStep *step = &g_array_index (dialogue->steps, ChsDialogueStep, i);

    FUZZ_HOLDS (step->start + step->n <= dialogue->bytes->len && step->line >= 1, "step %u is outside", i);
  }
}

static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  guint *last = user_data;

  FUZZ_HOLDS (line > *last, "lines go back");
  FUZZ_HOLDS (group != NULL && (key == NULL) == (value == NULL), "half a key");
  FUZZ_HOLDS (g_utf8_validate (group, -1, NULL) && (key == NULL || g_utf8_validate (value, -1, NULL)), "not UTF-8");
  *last = line;
  return TRUE;
}

static void
run_ini (const char *name, const guint8 *bytes, gsize n)
{
  g_autoptr (GError) error = NULL;
  guint last = 0;
  gboolean good = chs_ini_parse ((const char *) bytes, n, name, on_line, &last, &error);

  check_answer (good, error);
}

const FuzzFile fuzz_files[] = {
  { "event-codec", run_event_codec },
  { "scenario", run_scenario },
  { "scenario-csv", run_scenario_csv },
  { "chair-config", run_chair_config },
  { "profile", run_profile },
  { "therapy", run_therapy },
  { "dialogue", run_dialogue },
  { "ini", run_ini },
  { "pumpdef", run_pumpdef },
  { "vital", fuzz_vital },
  { "vital-gzip", fuzz_vital_gzip },
  { "edf", fuzz_edf },
  { "csv", fuzz_csv },
  { "wfdb", fuzz_wfdb },
  { "store", fuzz_store },
  { NULL, NULL },
};
