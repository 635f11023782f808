/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/application.h"

#include "app/demo.h"
#include "ui/heartbeat.h"
#include "ui/kiosk.h"
#include "ui/language.h"
#include "ui/live.h"
#include "ui/look.h"
#include "ui/monitor-child.h"
#include "ui/preferences.h"
#include "ui/replayer.h"
#include "ui/say.h"
#include "ui/window.h"
#include "ui/workbench.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <math.h>

struct _ChsApplication {
  GtkApplication parent_instance;

  /* what the command line asks for */
  char    *demo_scenario; /* (nullable): NULL with is_demo: the usual one */
  gboolean is_demo, is_kiosk;
  gboolean is_list; /* the recordings of a folder; @path: which one, NULL = the usual */
  double   diagonal_in, text_scale;
  char    *look, *language, *socket, *path;
  int      width, height;

  ChsPreferences   preferences; /* of this screen */
  ChsPreferences   chair;       /* of the chair's configuration, at a kiosk */
  ChsProfile      *profile;
  ChsScene        *scene;
  ChsLookProvider *style;
  ChsWindow       *window;
  ChsDemo         *demo;
  ChsMonitorChild *monitor; /* started by us */
  ChsLive         *live;
  ChsReplayer     *replayer;
  int              status;
};

G_DEFINE_FINAL_TYPE (ChsApplication, chs_application, GTK_TYPE_APPLICATION)

/* Exit status of the command line contract: shared/design.md. */
#define EXIT_USAGE 2
#define EXIT_REFUSED 3

/* ---- what is shown ---- */

static void
stop (ChsApplication *self, int status, const char *message)
{
  g_printerr ("chairside: %s\n", message);
  self->status = status;
  g_application_quit (G_APPLICATION (self));
}

static void
take_whole_screen (ChsApplication *self)
{
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (gdk_display_get_monitors (gdk_display_get_default ()), 0);
  GdkRectangle           box;

  if (monitor == NULL)
    return;
  gdk_monitor_get_geometry (monitor, &box);
  self->width = box.width;
  self->height = box.height;
}

/* The command line, then what was chosen on the screen, then what the chair's configuration says. */
static ChsPreferences
wanted (ChsApplication *self)
{
  ChsPreferences asked = { .look = chs_look_from_id (self->look), .text_scale = self->text_scale, .diagonal_in = self->diagonal_in };

  if (self->language)
    g_strlcpy (asked.language, self->language, sizeof asked.language);
  asked = chs_preferences_merge (&asked, &self->preferences);

  return chs_preferences_merge (&asked, &self->chair);
}

static void
style_scene (ChsApplication *self)
{
  ChsPreferences now = wanted (self);

  chs_scene_set_rtl (self->scene, chs_language_is_rtl ());
  chs_scene_set_text_scale (self->scene, now.text_scale > 0.0 ? now.text_scale : 1.0);
  chs_scene_set_look (self->scene, now.look >= 0 ? (ChsLook) now.look : CHS_LOOK_DAY);
}

static void
make_window (ChsApplication *self)
{
  self->window = chs_window_new (GTK_APPLICATION (self), self->scene, self->width, self->height, wanted (self).diagonal_in);
  if (self->is_kiosk) {
    chs_kiosk_guard (GTK_WINDOW (self->window));
    gtk_window_fullscreen (GTK_WINDOW (self->window));
  }
  chs_window_follow_hours (self->window, chs_look_from_id (self->look) < 0 && self->preferences.look < 0);
  chs_heartbeat_start (GTK_WINDOW (self->window));
}

/* It is there when it has all that it shows: what is done between this and its first frame is waited for. A window over
 * another recording takes the place of the one before. */
static void
show_window (ChsApplication *self, ChsWindow *before)
{
  gtk_window_present (GTK_WINDOW (self->window));
  if (before)
    gtk_window_destroy (GTK_WINDOW (before));
}

static void
open_window (ChsApplication *self, const ChsProfile *profile, ChsSceneMode mode)
{
  g_clear_pointer (&self->style, chs_look_provider_free);
  g_clear_object (&self->scene);
  self->scene = chs_scene_new (profile, mode);
  chs_scene_set_kiosk (self->scene, self->is_kiosk);
  style_scene (self);
  self->style = chs_look_provider_new (gdk_display_get_default (), self->scene);
  if (self->is_kiosk)
    take_whole_screen (self);
  make_window (self);
}

/* ---- replay ---- */

static void open_recording (const char *path, gpointer user_data);

/* From the list another one can be chosen; from the command line there is nothing to go on with. */
static void
refuse_recording (ChsApplication *self, const GError *error)
{
  if (self->window)
    chs_window_tell (self->window, error->message);
  else
    stop (self, EXIT_REFUSED, error->message);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsApplication) self = user_data;
  g_autoptr (ChsReplayer)    replayer = NULL;
  g_autoptr (GError)         error = NULL;
  ChsWindow                 *before = self->window;

  g_application_release (G_APPLICATION (self));
  replayer = chs_replayer_load_finish (result, &error);
  if (replayer == NULL) {
    refuse_recording (self, error);
    return;
  }

  if (self->replayer)
    chs_replayer_set_scene (self->replayer, NULL);
  g_set_object (&self->replayer, replayer);
  open_window (self, chs_replayer_get_profile (self->replayer), CHS_SCENE_REPLAY);
  chs_workbench_fill (self->window, self->replayer, self->is_list ? self->path : NULL, open_recording, self);
  chs_replayer_set_scene (self->replayer, self->scene);
  show_window (self, before);
  if (chs_replayer_get_damage (self->replayer)) {
    /* Translators: a recording is damaged; what is missing follows, in English */
    g_autofree char *text = g_strdup_printf (_("The recording is damaged: %s"), chs_replayer_get_damage (self->replayer));

    chs_window_tell (self->window, text);
  }
}

static void
open_recording (const char *path, gpointer user_data)
{
  g_application_hold (G_APPLICATION (user_data));
  chs_replayer_load_async (path, NULL, on_loaded, g_object_ref (user_data));
}

static gboolean
load_profile (ChsApplication *self)
{
  g_autofree char   *path = chs_profile_dup_default_path ();
  g_autoptr (GError) error = NULL;

  self->profile = chs_profile_load (path, &error);
  if (self->profile == NULL)
    stop (self, EXIT_REFUSED, error->message);

  return self->profile != NULL;
}

/* Where a monitor without a configured place records: app/README.md, "The chair's configuration". */
static void
start_list (ChsApplication *self)
{
  if (!load_profile (self))
    return;
  if (self->path == NULL)
    self->path = g_build_filename (g_get_user_data_dir (), "chairside", "recordings", NULL);
  open_window (self, self->profile, CHS_SCENE_REPLAY);
  chs_workbench_fill (self->window, NULL, self->path, open_recording, self);
  show_window (self, NULL);
}

/* Texts are made when a widget is made: another language is another window over the same scene. */
static void
speak (ChsApplication *self, const char *id)
{
  ChsWindow *before = self->window;

  chs_language_set (id);
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  chs_scene_set_rtl (self->scene, chs_language_is_rtl ());
  make_window (self);
  if (self->live)
    chs_live_set_window (self->live, self->window);
  else if (chs_scene_get_mode (self->scene) == CHS_SCENE_REPLAY)
    chs_workbench_fill (self->window, self->replayer, self->is_list ? self->path : NULL, open_recording, self);
  show_window (self, before);
}

/* ---- live ---- */

static gboolean
is_same (const ChsPreferences *a, const ChsPreferences *b)
{
  return fabs (a->text_scale - b->text_scale) < 1e-6 && fabs (a->diagonal_in - b->diagonal_in) < 1e-6
         && g_str_equal (a->language, b->language);
}

/* The user of a kiosk may not read the chair's configuration: the monitor tells of it, now and when it is changed. The
 * look goes by the hours of the day and is followed by the window. */
static void
follow_chair (ChsApplication *self)
{
  const ChsMachine *machine = chs_scene_get_machine (self->scene);
  ChsPreferences    before = wanted (self), now;

  self->chair.text_scale = machine->text_scale;
  self->chair.diagonal_in = machine->diagonal_in;
  g_strlcpy (self->chair.language, machine->language, sizeof self->chair.language);
  now = wanted (self);
  if (is_same (&before, &now))
    return;

  g_message ("of the chair's configuration: language \"%s\", text %g, diagonal %g in", now.language, now.text_scale, now.diagonal_in);
  chs_scene_set_text_scale (self->scene, now.text_scale > 0.0 ? now.text_scale : 1.0);
  chs_window_set_diagonal (self->window, now.diagonal_in);
  if (now.language[0] && !chs_language_is (now.language) && chs_language_is_there (now.language))
    speak (self, now.language);
}

static void
on_demo_says (const char *text, gpointer user_data)
{
  ChsApplication *self = user_data;

  if (self->window && text[0])
    chs_window_tell (self->window, _(text));
}

static gboolean
start_demo (gpointer user_data)
{
  ChsApplication    *self = user_data;
  g_autoptr (GError) error = NULL;

  self->demo = chs_demo_new (self->demo_scenario, on_demo_says, NULL, self, &error);
  if (self->demo == NULL) {
    stop (self, EXIT_REFUSED, error->message);
    return G_SOURCE_REMOVE;
  }
  self->live = chs_live_new (self->scene, self->window, chs_demo_get_socket (self->demo));

  return G_SOURCE_REMOVE;
}

/* Where no service runs the monitor, the screen starts one, if it can know for which chair. */
static void
ensure_monitor (ChsApplication *self)
{
  g_autofree char   *config = chs_monitor_child_find_config ();
  g_autoptr (GError) error = NULL;

  if (self->socket || chs_monitor_answers (self->socket))
    return;

  if (config == NULL) {
    g_message ("no monitor answers and there is no configuration of a chair: see \"The chair's configuration\" in "
               "app/README.md, or try chairside --demo");
    return;
  }
  self->monitor = chs_monitor_child_new (config, &error);
  if (self->monitor == NULL)
    g_warning ("the monitor cannot be started: %s", error->message);
}

static void
start_live (ChsApplication *self)
{
  if (!load_profile (self))
    return;
  open_window (self, self->profile, CHS_SCENE_LIVE);
  show_window (self, NULL);
  if (self->is_kiosk)
    g_signal_connect_object (self->scene, "machine", G_CALLBACK (follow_chair), self, G_CONNECT_SWAPPED);
  if (self->is_demo) {
    g_idle_add (start_demo, self);
    return;
  }
  ensure_monitor (self);
  self->live = chs_live_new (self->scene, self->window, self->socket);
}

/* ---- what is chosen on the screen ---- */

static void
keep (ChsApplication *self)
{
  g_autofree char   *path = chs_preferences_dup_path ();
  g_autoptr (GError) error = NULL;

  if (!chs_preferences_save (&self->preferences, path, &error)) {
    g_autofree char *why = chs_say_reason (error->message);
    /* Translators: a setting works now and will be lost; the reason follows */
    g_autofree char *text = g_strdup_printf (_("Only until the next start: %s"), why);

    chs_window_tell (self->window, text);
  }
}

static void
on_look (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChsApplication *self = user_data;
  int             look = chs_look_from_id (g_variant_get_string (target, NULL));

  if (look < 0)
    return;
  self->preferences.look = look;
  chs_scene_set_look (self->scene, (ChsLook) look);
  chs_window_follow_hours (self->window, FALSE);
  keep (self);
}

static void
on_text_scale (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChsApplication *self = user_data;

  self->preferences.text_scale = CLAMP (g_variant_get_double (target), 1.0, 1.3);
  chs_scene_set_text_scale (self->scene, self->preferences.text_scale);
  keep (self);
}

static void
on_diagonal (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChsApplication *self = user_data;

  self->preferences.diagonal_in = CLAMP (g_variant_get_double (target), CHS_DIAGONAL_MIN_IN, CHS_DIAGONAL_MAX_IN);
  chs_window_set_diagonal (self->window, self->preferences.diagonal_in);
  keep (self);
}

static void
on_language (GSimpleAction *action, GVariant *target, gpointer user_data)
{
  ChsApplication *self = user_data;
  const char     *id = g_variant_get_string (target, NULL);

  if (!chs_language_is_there (id))
    return;
  g_strlcpy (self->preferences.language, id, sizeof self->preferences.language);
  speak (self, id);
  chs_window_open_page (self->window, "settings", NULL);
  keep (self);
}

/* ---- command line ---- */

static gboolean
take_demo (const char *name, const char *value, gpointer data, GError **error)
{
  ChsApplication *self = CHS_APPLICATION (g_application_get_default ());

  self->is_demo = TRUE;
  self->demo_scenario = g_strdup (value);

  return TRUE;
}

static gboolean
take_list (const char *name, const char *value, gpointer data, GError **error)
{
  ChsApplication *self = CHS_APPLICATION (g_application_get_default ());

  self->is_list = TRUE;
  self->path = g_strdup (value);

  return TRUE;
}

static gboolean
take_size (const char *name, const char *value, gpointer data, GError **error)
{
  ChsApplication *self = CHS_APPLICATION (g_application_get_default ());

  if (sscanf (value, "%dx%d", &self->width, &self->height) == 2 && self->width >= 320 && self->height >= 240)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: \"%s\" is no size like 1280x800", name, value);

  return FALSE;
}

static void
add_options (ChsApplication *self)
{
  const GOptionEntry entries[] = {
    { "demo", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, take_demo,
      N_("Show a chair with simulated instruments"), N_("SCENARIO") },
    { "sessions", 0, G_OPTION_FLAG_OPTIONAL_ARG | G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, take_list,
      N_("List the recordings of a folder"), N_("FOLDER") },
    { "kiosk", 0, 0, G_OPTION_ARG_NONE, &self->is_kiosk, N_("Fill the screen"), NULL },
    { "diagonal", 0, 0, G_OPTION_ARG_DOUBLE, &self->diagonal_in, N_("Diagonal of the panel, where it reports a wrong one"),
      N_("INCHES") },
    { "look", 0, 0, G_OPTION_ARG_STRING, &self->look, N_("Day, night or contrast"), N_("LOOK") },
    { "text-scale", 0, 0, G_OPTION_ARG_DOUBLE, &self->text_scale, N_("Text size, 1.0 to 1.3"), N_("FACTOR") },
    { "language", 0, 0, G_OPTION_ARG_STRING, &self->language, N_("Language of the screen"), N_("LL") },
    { "size", 0, 0, G_OPTION_ARG_CALLBACK, take_size, N_("Size of the window"), N_("WIDTHxHEIGHT") },
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &self->socket, N_("The monitor's socket"), N_("PATH") },
    G_OPTION_ENTRY_NULL,
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[SESSION]"));
  g_application_set_option_context_summary (
    G_APPLICATION (self), _("The screen of an infusion chair: live, or a recording that is given as SESSION."));
}

static void
chs_application_activate (GApplication *application)
{
  ChsApplication *self = CHS_APPLICATION (application);

  if (self->window)
    gtk_window_present (GTK_WINDOW (self->window));
  else if (self->is_list)
    start_list (self);
  else if (self->path)
    open_recording (self->path, self);
  else
    start_live (self);
}

static void
chs_application_open (GApplication *application, GFile **files, int n, const char *hint)
{
  ChsApplication *self = CHS_APPLICATION (application);

  if (n != 1 || self->is_demo) {
    stop (self, EXIT_USAGE, _("one recording at a time, and none with --demo"));
    return;
  }

  self->path = g_file_get_path (files[0]);
  self->is_list = self->path && g_file_test (self->path, G_FILE_TEST_IS_DIR);
  g_application_activate (application);
}

/* Ended from outside: the demonstration's children and folder go, and the monitor sees the screen leave. */
static gboolean
on_stop_signal (gpointer application)
{
  g_application_quit (application);

  return G_SOURCE_CONTINUE;
}

static const GActionEntry actions[] = {
  { .name = "look", .activate = on_look, .parameter_type = "s" },
  { .name = "text-scale", .activate = on_text_scale, .parameter_type = "d" },
  { .name = "diagonal", .activate = on_diagonal, .parameter_type = "d" },
  { .name = "language", .activate = on_language, .parameter_type = "s" },
};

static void
chs_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (chs_application_parent_class)->startup (application);
  g_unix_signal_add (SIGTERM, on_stop_signal, application);
  g_unix_signal_add (SIGINT, on_stop_signal, application);
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  gtk_window_set_default_icon_name ("org.chairside.Chairside");
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
}

static void
chs_application_shutdown (GApplication *application)
{
  ChsApplication *self = CHS_APPLICATION (application);

  g_clear_pointer (&self->live, chs_live_free);
  g_clear_pointer (&self->monitor, chs_monitor_child_free);
  g_clear_pointer (&self->demo, chs_demo_free);
  g_clear_object (&self->replayer);
  g_clear_pointer (&self->style, chs_look_provider_free);
  g_clear_object (&self->scene);
  G_APPLICATION_CLASS (chs_application_parent_class)->shutdown (application);
}

static void
chs_application_finalize (GObject *object)
{
  ChsApplication *self = CHS_APPLICATION (object);

  g_clear_pointer (&self->profile, chs_profile_free);
  g_free (self->demo_scenario);
  g_free (self->look);
  g_free (self->language);
  g_free (self->socket);
  g_free (self->path);
  G_OBJECT_CLASS (chs_application_parent_class)->finalize (object);
}

static void
chs_application_class_init (ChsApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = chs_application_finalize;
  application_class->startup = chs_application_startup;
  application_class->activate = chs_application_activate;
  application_class->open = chs_application_open;
  application_class->shutdown = chs_application_shutdown;
}

static void
chs_application_init (ChsApplication *self)
{
  g_autofree char *path = chs_preferences_dup_path ();

  chs_preferences_load (&self->preferences, path);
  self->chair.look = -1;
  self->width = 1280;
  self->height = 800;
  add_options (self);
}

ChsApplication *
chs_application_new (void)
{
  /* Not unique: a replay beside a live chair on a technician's desk is right; on one socket the monitor decides. */
  return g_object_new (CHS_TYPE_APPLICATION, "application-id", "org.chairside.Chairside", "flags",
                       G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE, NULL);
}

int
chs_application_run (ChsApplication *self, int argc, char **argv)
{
  int status = g_application_run (G_APPLICATION (self), argc, argv);

  return self->status ? self->status : status;
}
