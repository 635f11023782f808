/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/demo.h"

#include "devices/scenario.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define DEFAULT_SCENARIO "demo-magnesium"
#define START_MS 5000
#define STOP_MS 2000
#define POLL_MS 20

/* The instruments of the demonstration chair. */
static const struct {
  const char *name, *driver;
} instruments[] = {
  { "monitor", "ivy-450c" },
  { "pump1", "bbraun-bcc" },
};

struct _ChsDemo {
  char             *folder;
  char             *socket;
  GSubprocess      *sim, *monitor;
  GDataInputStream *cues; /* what the simulator tells, a JSON object a line */
  GCancellable     *cancellable;
  ChsDemoSayFunc    say;
  ChsDemoEndedFunc  ended;
  gpointer          user_data;
};

char *
chs_program_dup_path (const char *name)
{
  static const char *const beside[] = { ".", "../app", "../ui" };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  char *found;

  for (guint i = 0; i < G_N_ELEMENTS (beside); i++) {
    g_autofree char *path = g_build_filename (folder, beside[i], name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
  }
  found = g_find_program_in_path (name);
  return found != NULL ? found : g_strdup (name);
}

/* Runs in the child, between fork and exec. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* @log: (nullable): file for what it writes to stderr. */
static GSubprocess *
start (const char *const *argv, GSubprocessFlags flags, const char *log, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autofree char *program = chs_program_dup_path (argv[0]);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  g_ptr_array_add (words, program);
  for (guint i = 1; argv[i] != NULL; i++)
    g_ptr_array_add (words, (gpointer) argv[i]);
  g_ptr_array_add (words, NULL);
  if (log != NULL)
    g_subprocess_launcher_set_stderr_file_path (launcher, log);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, error);
}

/* ---- the chair ---- */

static char *
dup_port (const ChsDemo *self, guint i)
{
  return g_build_filename (self->folder, instruments[i].name, NULL);
}

static gboolean
write_config (ChsDemo *self, const char *scenario, const char *path, GError **error)
{
  g_autoptr (ChsScenario) loaded = chs_scenario_load (scenario, 1, error);
  g_autoptr (GString) text = g_string_new ("# Made for one demonstration.\n[chair]\nname = Demonstration\ndemonstration = yes\n");

  if (loaded == NULL)
    return FALSE;
  g_string_append_printf (text, "recordings = %s\nsocket = %s\n\n[sound]\n", self->folder, self->socket);
  for (guint i = 0; i < G_N_ELEMENTS (instruments); i++) {
    g_autofree char *port = dup_port (self, i);

    g_string_append_printf (text, "\n[link.%s]\ndriver = %s\naddress = tty:%s\n", instruments[i].name, instruments[i].driver, port);
  }
  g_string_append (text, "\n[session]\n");
  for (const char *const *entry = chs_scenario_get_session (loaded); *entry != NULL; entry++) {
    g_auto (GStrv) pair = g_strsplit (*entry, "=", 2);

    g_string_append_printf (text, "%s = %s\n", pair[0], pair[1]);
  }
  return g_file_set_contents_full (path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

static gboolean
start_sim (ChsDemo *self, const char *scenario, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (argv, g_strdup ("chairside-sim"));
  g_ptr_array_add (argv, g_strdup_printf ("--scenario=%s", scenario));
  for (guint i = 0; i < G_N_ELEMENTS (instruments); i++) {
    g_autofree char *port = dup_port (self, i);

    g_ptr_array_add (argv, g_strdup_printf ("--driver=%s", instruments[i].driver));
    g_ptr_array_add (argv, g_strdup_printf ("--pty-link=%s", port));
  }
  g_ptr_array_add (argv, NULL);
  self->sim = start ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, error);
  if (self->sim == NULL)
    return FALSE;
  self->cues = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->sim));
  return TRUE;
}

/* Until the socket is there, or the monitor has ended, which it does with a word in its log. */
static gboolean
wait_for_monitor (ChsDemo *self, const char *log, GError **error)
{
  g_autofree char *words = NULL;

  for (guint waited = 0; waited < START_MS; waited += POLL_MS) {
    if (g_file_test (self->socket, G_FILE_TEST_EXISTS))
      return TRUE;
    if (g_subprocess_get_identifier (self->monitor) == NULL)
      break;
    g_usleep (POLL_MS * 1000);
  }
  g_file_get_contents (log, &words, NULL, NULL);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the monitor of the demonstration did not come up:\n%s",
               words != NULL ? words : "");
  return FALSE;
}

/* ---- cues ---- */

/* What stands before the colon of a cue, and the nurse's action it means; NULL: what stands behind it is the action. */
static const struct {
  const char *cue, *action;
} cue_actions[] = {
  { "symptom", "symptom" },
  { "phase", "phase" },
  { "nurse", "done" },
  { "action", NULL },
};

/* "symptom:heat", "phase:infusing", "nurse:rate_reduced", "action:baseline": done through the socket, as a nurse does it. */
static void
act_as_nurse (ChsDemo *self, const char *cue)
{
  g_auto (GStrv) pair = g_strsplit (cue, ":", 2);
  g_autofree char *socket = g_strdup_printf ("--socket=%s", self->socket);
  g_autoptr (GSubprocess) command = NULL;
  g_autoptr (GError) error = NULL;
  const char *argv[] = { "chairside-tool", "nurse", socket, NULL, NULL, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (cue_actions); i++)
    if (pair[0] != NULL && pair[1] != NULL && strcmp (pair[0], cue_actions[i].cue) == 0) {
      argv[3] = cue_actions[i].action != NULL ? cue_actions[i].action : pair[1];
      argv[4] = cue_actions[i].action != NULL ? pair[1] : NULL;
    }
  if (argv[3] == NULL)
    return;
  command = start (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, &error);
  if (command == NULL)
    g_warning ("cannot do \"%s\" of the demonstration: %s", cue, error->message);
}

static void
take_cue (ChsDemo *self, const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  const char *type, *text;

  if (!json_parser_load_from_data (parser, line, -1, NULL))
    return;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;
  type = json_object_get_string_member_with_default (json_node_get_object (root), "type", "");
  text = json_object_get_string_member_with_default (json_node_get_object (root), "text", "");
  if (strcmp (type, "say") == 0 && self->say != NULL)
    self->say (text, self->user_data);
  else if (strcmp (type, "nurse") == 0)
    act_as_nurse (self, text);
}

static void
on_cue_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  ChsDemo *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* self is gone */
  if (line == NULL) {
    if (self->ended != NULL)
      self->ended ("chairside-sim", self->user_data);
    return;
  }
  take_cue (self, line);
  g_data_input_stream_read_line_async (self->cues, G_PRIORITY_DEFAULT, self->cancellable, on_cue_ready, self);
}

static void
on_monitor_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  ChsDemo *self = user_data;

  if (g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error) && self->ended != NULL)
    self->ended ("chairsided", self->user_data);
}

/* ---- life ---- */

ChsDemo *
chs_demo_new (const char      *scenario,
              ChsDemoSayFunc   say,
              ChsDemoEndedFunc ended,
              gpointer         user_data,
              GError         **error)
{
  g_autoptr (ChsDemo) self = g_new0 (ChsDemo, 1);
  g_autofree char *config = NULL, *config_option = NULL, *log = NULL;

  self->cancellable = g_cancellable_new ();
  self->say = say;
  self->ended = ended;
  self->user_data = user_data;
  self->folder = g_dir_make_tmp ("chairside-demo-XXXXXX", error);
  if (self->folder == NULL)
    return NULL;
  self->socket = g_build_filename (self->folder, "monitor.sock", NULL);
  config = g_build_filename (self->folder, "chair.ini", NULL);
  config_option = g_strdup_printf ("--config=%s", config);
  if (scenario == NULL)
    scenario = DEFAULT_SCENARIO;
  if (!write_config (self, scenario, config, error) || !start_sim (self, scenario, error))
    return NULL;
  /* Its log would run through the view in the terminal. */
  log = g_build_filename (self->folder, "chairsided.log", NULL);
  self->monitor = start ((const char *const[]) { "chairsided", config_option, NULL }, G_SUBPROCESS_FLAGS_NONE, log, error);
  if (self->monitor == NULL || !wait_for_monitor (self, log, error))
    return NULL;
  g_data_input_stream_read_line_async (self->cues, G_PRIORITY_DEFAULT, self->cancellable, on_cue_ready, self);
  g_subprocess_wait_async (self->monitor, self->cancellable, on_monitor_ended, self);
  return g_steal_pointer (&self);
}

static void
stop_child (GSubprocess **child)
{
  if (*child == NULL)
    return;
  g_subprocess_send_signal (*child, SIGTERM);
  for (guint waited = 0; waited < STOP_MS && g_subprocess_get_identifier (*child) != NULL; waited += POLL_MS)
    g_usleep (POLL_MS * 1000);
  g_subprocess_force_exit (*child);
  g_subprocess_wait (*child, NULL, NULL);
  g_clear_object (child);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
      remove_folder (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

void
chs_demo_free (ChsDemo *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  stop_child (&self->monitor);
  stop_child (&self->sim);
  g_clear_object (&self->cues);
  g_clear_object (&self->cancellable);
  if (self->folder != NULL)
    remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->socket);
  g_free (self);
}

const char *
chs_demo_get_socket (const ChsDemo *self)
{
  return self->socket;
}

const char *
chs_demo_get_folder (const ChsDemo *self)
{
  return self->folder;
}
