/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/service-page.h"

#include "ui/key.h"
#include "ui/language.h"
#include "ui/scroller.h"
#include "ui/pin-pad.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>

#define VOLUME_STEP_DB 3.0
#define DAYS_TOLD 3650.0 /* more is not worth a number */

struct _ChsServicePage {
  ChsPage parent_instance;

  GtkStack  *stack; /* "facts", "pin", "stick" */
  GtkWidget *facts, *findings;
  GtkWidget *locked, *open; /* keys: without the PIN, with it */
  GtkLabel  *told;
  GtkWidget *pad;
  GtkWidget *changes, *take;
  GtkLabel  *stick_words;
  char      *digest; /* of what the stick would change */
  gboolean   is_open;
  gulong     machine_id;
};

G_DEFINE_FINAL_TYPE (ChsServicePage, chs_service_page, CHS_TYPE_PAGE)

static void
empty (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_widget_unparent (child);
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

/* ---- facts ---- */

static char *
dup_span (double seconds)
{
  if (isnan (seconds))
    return g_strdup ("—");
  if (seconds < 3600)
    return g_strdup_printf (_("%.0f min"), floor (seconds / 60));
  if (seconds < 48 * 3600)
    return g_strdup_printf (_("%.0f h"), floor (seconds / 3600));

  /* Translators: days */
  return g_strdup_printf (_("%.0f d"), floor (seconds / 86400));
}

static char *
dup_version (JsonObject *health)
{
  const char *version = chs_machine_get_text (health, "version");

  return g_strdup_printf (_("monitor %1$s · screen %2$s"), version ? version : "—", CHS_VERSION);
}

static char *
dup_uptime (JsonObject *health)
{
  g_autofree char *span = dup_span (chs_machine_get_number (health, "uptime_s"));

  /* Translators: how long the monitor has been running, how often it was started, how often without a proper end before */
  return g_strdup_printf (_("%1$s · started %2$.0f times, %3$.0f after a failure"), span, chs_machine_get_number (health, "starts"),
                          chs_machine_get_number (health, "unclean_ends"));
}

static char *
dup_storage (JsonObject *health)
{
  JsonObject *storage = chs_machine_get_part (health, "storage");
  double      days = chs_machine_get_number (storage, "days_left"), gib = 1024.0 * 1024.0 * 1024.0;
  double      free_gib = chs_machine_get_number (storage, "free_bytes") / gib, total = chs_machine_get_number (storage, "total_bytes") / gib;

  if (!(days < DAYS_TOLD))
    return g_strdup_printf (_("%1$.1f of %2$.1f GiB are free"), free_gib, total);

  return g_strdup_printf (_("%1$.1f of %2$.1f GiB are free: enough for %3$.0f days"), free_gib, total, floor (days));
}

static char *
dup_temperature (JsonObject *health)
{
  double celsius = chs_machine_get_number (health, "temperature_c");

  return isnan (celsius) ? g_strdup (_("this computer does not tell")) : g_strdup_printf (_("%.0f °C"), celsius);
}

static char *
dup_clock (JsonObject *health)
{
  JsonObject *clock = chs_machine_get_part (health, "clock");

  if (!chs_machine_get_flag (clock, "set"))
    return g_strdup (_("not set"));
  if (chs_machine_get_flag (clock, "synchronised"))
    return g_strdup (_("set, compared with the network"));

  return g_strdup (json_object_get_null_member (clock, "synchronised") ? _("set; whether it is compared is not known here")
                                                                        : _("set, not compared with the network"));
}

static char *
dup_sound (JsonObject *health)
{
  JsonObject *sound = chs_machine_get_part (health, "sound");
  const char *tested = chs_machine_get_text (sound, "tested"), *why = chs_machine_get_text (sound, "why");

  if (!chs_machine_get_flag (sound, "good")) {
    g_autofree char *reason = why ? chs_say_reason (why) : g_strdup ("—");

    return g_strdup_printf (_("no alarm sound: %s"), reason);
  }
  if (tested == NULL)
    return g_strdup (_("works; not tested since the start"));

  return g_strdup (chs_machine_get_flag (sound, "heard") ? _("works; the test was heard") : _("works; the test was not heard"));
}

static char *
dup_links (JsonObject *health)
{
  JsonNode  *node = json_object_get_member (health, "links");
  JsonArray *links = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint      n = links ? json_array_get_length (links) : 0, n_up = 0;

  for (guint i = 0; i < n; i++) {
    JsonNode *link = json_array_get_element (links, i);

    n_up += JSON_NODE_HOLDS_OBJECT (link) && g_strcmp0 (chs_machine_get_text (json_node_get_object (link), "state"), "up") == 0;
  }

  return g_strdup_printf (_("%1$u of %2$u are heard"), n_up, n);
}

static char *
dup_recording (JsonObject *health)
{
  const char      *path = chs_machine_get_text (health, "recording");
  g_autofree char *name = path && *path ? g_path_get_basename (path) : NULL;

  return name ? chs_language_isolate (name) : g_strdup (_("nothing is recorded"));
}

static const struct {
  const char *name;
  char     *(*dup) (JsonObject *health);
} facts[] = {
  { N_("Version"), dup_version },
  { N_("Running for"), dup_uptime },
  { N_("Storage"), dup_storage },
  { N_("Recording"), dup_recording },
  { N_("Instruments"), dup_links },
  { N_("Alarm sound"), dup_sound },
  { N_("Clock"), dup_clock },
  { N_("Temperature"), dup_temperature },
};

/* Ids of app/health.h. */
static const struct {
  const char *id, *words;
} findings[] = {
  { "no_sound", N_("There is no alarm sound") },
  { "sound_not_heard", N_("The test tone was not heard") },
  { "recording_failed", N_("Nothing is recorded") },
  { "storage_full", N_("Storage is full") },
  { "clock_not_set", N_("The clock is not set") },
  { "storage_low", N_("Storage is nearly full") },
  { "link_down", N_("An instrument is not heard") },
  { "hot", N_("The computer is too hot") },
  { "clock_not_synchronised", N_("The clock is not compared with the network") },
  { "sound_test_due", N_("The sound test is due") },
  { "no_pin", N_("No PIN is set: chairside-tool pin --config=FILE, at the computer") },
};

static void
show_findings (ChsServicePage *self, const ChsMachine *machine)
{
  empty (self->findings);
  for (guint i = 0; machine->findings && i < G_N_ELEMENTS (findings); i++)
    if (g_strv_contains ((const char *const *) machine->findings, findings[i].id)) {
      g_autofree char *text = g_strconcat ("• ", _(findings[i].words), NULL);

      gtk_box_append (GTK_BOX (self->findings), make_label (text, "finding"));
    }
  if (gtk_widget_get_first_child (self->findings) == NULL)
    gtk_box_append (GTK_BOX (self->findings), make_label (_("Nothing is wrong."), "finding-none"));
}

static void
show_facts (ChsServicePage *self)
{
  const ChsMachine *machine = chs_scene_get_machine (chs_view_get_scene (self));

  empty (self->facts);
  if (machine->health == NULL) {
    gtk_grid_attach (GTK_GRID (self->facts), make_label (_("The monitor has not answered yet."), "heading"), 0, 0, 2, 1);
    return;
  }
  show_findings (self, machine);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++) {
    g_autofree char *text = facts[i].dup (machine->health);
    GtkWidget       *value = make_label (text, "fact");

    gtk_widget_set_hexpand (value, TRUE);
    gtk_grid_attach (GTK_GRID (self->facts), make_label (_(facts[i].name), "fact-name"), 0, (int) i, 1, 1);
    gtk_grid_attach (GTK_GRID (self->facts), value, 1, (int) i, 1, 1);
  }
}

/* ---- the PIN ---- */

static void
tell (ChsServicePage *self, const char *text)
{
  gtk_label_set_label (self->told, text);
}

static void
show_keys (ChsServicePage *self, gboolean is_open)
{
  self->is_open = is_open;
  gtk_widget_set_visible (self->locked, !is_open);
  gtk_widget_set_visible (self->open, is_open);
  gtk_stack_set_visible_child_name (self->stack, "facts");
}

static void
on_unlocked (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsServicePage) self = user_data;
  gboolean                   is_open = FALSE;
  guint32                    wait_s = 0;
  const char                *message;
  g_autofree char           *text = NULL;

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(bus)")))
    g_variant_get (answer, "(bu&s)", &is_open, &wait_s, &message);
  if (is_open) {
    chs_pin_pad_tell (CHS_PIN_PAD (self->pad), "");
    show_keys (self, TRUE);
    return;
  }
  if (refused)
    text = chs_say_reason (refused);
  else if (wait_s > 0)
    text = g_strdup_printf (ngettext ("Wrong PIN. Wait %u second.", "Wrong PIN. Wait %u seconds.", wait_s), wait_s);
  chs_pin_pad_tell (CHS_PIN_PAD (self->pad), text ? text : _("Wrong PIN."));
}

static void
on_pin (ChsServicePage *self, const char *pin)
{
  chs_pin_pad_tell (CHS_PIN_PAD (self->pad), _("One moment …"));
  chs_scene_ask_admin (chs_view_get_scene (self), "Unlock", g_variant_new ("(s)", pin), on_unlocked, g_object_ref (self));
}

static void
on_unlock_key (GtkButton *key, gpointer user_data)
{
  ChsServicePage *self = user_data;

  chs_pin_pad_clear (CHS_PIN_PAD (self->pad));
  chs_pin_pad_tell (CHS_PIN_PAD (self->pad), "");
  gtk_stack_set_visible_child_name (self->stack, "pin");
  gtk_widget_grab_focus (self->pad);
}

static void
on_nothing (GVariant *answer, const char *refused, gpointer user_data)
{
  g_object_unref (user_data);
}

static void
on_lock_key (GtkButton *key, gpointer user_data)
{
  ChsServicePage *self = user_data;

  chs_scene_ask_admin (chs_view_get_scene (self), "Lock", NULL, on_nothing, g_object_ref (self));
  show_keys (self, FALSE);
  tell (self, "");
}

/* ---- settings ---- */

static void
on_set (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsServicePage) self = user_data;
  g_autofree char           *words = chs_say_outcome (refused, _("Set, and noted in the audit log."));

  tell (self, words);
}

static void
set_key (ChsServicePage *self, const char *key, const char *value)
{
  chs_scene_ask_admin (chs_view_get_scene (self), "Set", g_variant_new ("(ss)", key, value), on_set, g_object_ref (self));
}

/* Cut at the floor: the monitor would refuse what is below it. */
static void
step_volume (ChsServicePage *self, double step)
{
  const ChsMachine *machine = chs_scene_get_machine (chs_view_get_scene (self));
  char              digits[G_ASCII_DTOSTR_BUF_SIZE];
  double            next = fmin (machine->volume_db + step, 0.0);

  if (isnan (next))
    return;
  if (next < machine->floor_db) {
    tell (self, _("This is the floor: quieter, an alarm could be missed."));
    return;
  }
  g_ascii_formatd (digits, sizeof digits, "%.1f", next);
  set_key (self, "sound.volume_db", digits);
}

static void
on_louder (GtkButton *key, gpointer user_data)
{
  step_volume (user_data, VOLUME_STEP_DB);
}

static void
on_quieter (GtkButton *key, gpointer user_data)
{
  step_volume (user_data, -VOLUME_STEP_DB);
}

static void
on_look (GtkButton *key, gpointer user_data)
{
  static const char *const looks[] = { "auto", "day", "night", "contrast" };
  const ChsMachine        *machine = chs_scene_get_machine (chs_view_get_scene (user_data));
  guint                    i = 0;

  while (i < G_N_ELEMENTS (looks) - 1 && g_strcmp0 (looks[i], machine->look) != 0)
    i++;
  set_key (user_data, "screen.look", looks[(i + 1) % G_N_ELEMENTS (looks)]);
}

/* ---- the stick ---- */

static void
show_change (ChsServicePage *self, JsonObject *change, int row)
{
  const char      *key = chs_machine_get_text (change, "key"), *before = chs_machine_get_text (change, "before");
  const char      *after = chs_machine_get_text (change, "after");
  /* Translators: a setting that does not stand in a file has its default value */
  g_autofree char *name = chs_language_isolate (key ? key : ""), *old = chs_language_isolate (before ? before : _("default"));
  g_autofree char *new = chs_language_isolate (after ? after : _("default"));

  gtk_grid_attach (GTK_GRID (self->changes), make_label (name, "fact-name"), 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->changes), make_label (old, "before"), 1, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->changes), make_label (new, "fact"), 2, row, 1, 1);
}

static void
show_stick (ChsServicePage *self, JsonObject *look)
{
  const char      *refused = chs_machine_get_text (look, "refused"), *digest = chs_machine_get_text (look, "digest");
  JsonNode        *node = json_object_get_member (look, "changes");
  JsonArray       *changes = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint            n = changes ? json_array_get_length (changes) : 0;
  g_autofree char *reason = chs_say_outcome (refused, ""), *text = NULL;

  empty (self->changes);
  g_free (self->digest);
  self->digest = g_strdup (digest);
  gtk_widget_set_visible (self->take, digest != NULL);
  if (refused)
    /* Translators: a configuration on a USB stick; the reason follows */
    text = g_strdup_printf (_("Not taken, nothing was changed: %s"), reason);
  else
    text = g_strdup_printf (ngettext ("Signed, serial %1$.0f. It would change %2$u setting:",
                                         "Signed, serial %1$.0f. It would change %2$u settings:", n),
                            chs_machine_get_number (look, "serial"), n);
  gtk_label_set_label (self->stick_words, text);
  for (guint i = 0; i < n; i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (changes, i)))
      show_change (self, json_array_get_object_element (changes, i), (int) i);
  gtk_stack_set_visible_child_name (self->stack, "stick");
}

static void
on_looked (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsServicePage) self = user_data;
  g_autoptr (JsonParser)     parser = json_parser_new ();
  g_autofree char           *words = chs_say_outcome (refused, _("The monitor has not answered yet."));
  const char                *json = NULL;

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(&s)", &json);
  if (json && json_parser_load_from_data (parser, json, -1, NULL) && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    show_stick (self, json_node_get_object (json_parser_get_root (parser)));
  else
    tell (self, words);
}

static void
on_stick_in (GtkButton *key, gpointer user_data)
{
  tell (user_data, _("One moment …"));
  chs_scene_ask_admin (chs_view_get_scene (user_data), "ProvisionLook", NULL, on_looked, g_object_ref (user_data));
}

static void
on_taken (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsServicePage) self = user_data;
  g_autofree char           *words = chs_say_outcome (refused, _("Taken. The monitor begins anew with it."));

  tell (self, words);
  show_keys (self, refused != NULL);
}

static void
on_take (GtkButton *key, gpointer user_data)
{
  ChsServicePage *self = user_data;

  if (self->digest)
    chs_scene_ask_admin (chs_view_get_scene (self), "ProvisionTake", g_variant_new ("(s)", self->digest), on_taken, g_object_ref (self));
}

static void
on_leave (GtkButton *key, gpointer user_data)
{
  tell (user_data, "");
  show_keys (user_data, CHS_SERVICE_PAGE (user_data)->is_open);
}

static void
on_copied (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsServicePage) self = user_data;
  g_autofree char           *words = chs_say_outcome (refused, _("Copied to the stick, without the PIN and not signed: sign it at the desk."));

  tell (self, words);
}

static void
on_stick_out (GtkButton *key, gpointer user_data)
{
  chs_scene_ask_admin (chs_view_get_scene (user_data), "ProvisionOut", NULL, on_copied, g_object_ref (user_data));
}

/* ---- life ---- */

static void
on_machine (ChsServicePage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_facts (self);
}

static void
chs_service_page_opened (ChsPage *page, GVariant *target)
{
  ChsServicePage *self = CHS_SERVICE_PAGE (page);

  if (self->machine_id == 0)
    self->machine_id = g_signal_connect_object (chs_view_get_scene (self), "machine", G_CALLBACK (on_machine), self, G_CONNECT_SWAPPED);
  tell (self, "");
  show_keys (self, FALSE);
  show_facts (self);
}

static void
chs_service_page_finalize (GObject *object)
{
  g_free (CHS_SERVICE_PAGE (object)->digest);
  G_OBJECT_CLASS (chs_service_page_parent_class)->finalize (object);
}

static void
chs_service_page_class_init (ChsServicePageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_service_page_finalize;
  CHS_PAGE_CLASS (klass)->opened = chs_service_page_opened;
}

static GtkWidget *
add_key (ChsServicePage *self, GtkWidget *box, const char *title, const char *hint, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  chs_key_set_hint (CHS_KEY (key), hint);
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), key);

  return key;
}

static GtkWidget *
make_column (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (box, "column");

  return box;
}

static GtkWidget *
make_open_keys (ChsServicePage *self)
{
  GtkWidget *box = make_column (), *volume = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *last = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (volume, "key-row");
  gtk_widget_add_css_class (last, "key-row");
  add_key (self, box, _("Configuration from the stick"), _("shows what would change"), G_CALLBACK (on_stick_in));
  add_key (self, box, _("Copy to the stick"), _("without the PIN"), G_CALLBACK (on_stick_out));
  add_key (self, volume, _("Quieter"), NULL, G_CALLBACK (on_quieter));
  add_key (self, volume, _("Louder"), NULL, G_CALLBACK (on_louder));
  gtk_box_append (GTK_BOX (box), volume);
  /* Translators: key that changes between day and night colours */
  add_key (self, last, _("Look"), _("day, night"), G_CALLBACK (on_look));
  add_key (self, last, _("Lock"), NULL, G_CALLBACK (on_lock_key));
  gtk_box_append (GTK_BOX (box), last);

  return box;
}

static GtkWidget *
make_facts (ChsServicePage *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *left = make_column (), *right = make_column ();

  self->findings = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  gtk_widget_set_hexpand (left, TRUE);
  gtk_box_append (GTK_BOX (left), self->findings);
  gtk_box_append (GTK_BOX (left), self->facts);
  self->locked = make_column ();
  add_key (self, self->locked, _("Unlock"), _("with the technician's PIN"), G_CALLBACK (on_unlock_key));
  self->open = make_open_keys (self);
  self->told = GTK_LABEL (make_label ("", "told"));
  gtk_box_append (GTK_BOX (right), self->locked);
  gtk_box_append (GTK_BOX (right), self->open);
  gtk_box_append (GTK_BOX (left), GTK_WIDGET (self->told));
  gtk_widget_add_css_class (row, "service");
  gtk_box_append (GTK_BOX (row), left);
  gtk_box_append (GTK_BOX (row), right);

  return row;
}

static GtkWidget *
make_stick (ChsServicePage *self)
{
  GtkWidget *box = make_column (), *keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->stick_words = GTK_LABEL (make_label ("", "stick-words"));
  self->changes = gtk_grid_new ();
  gtk_widget_add_css_class (self->changes, "facts");
  gtk_widget_add_css_class (keys, "key-row");
  self->take = add_key (self, keys, _("Take it"), _("the monitor begins anew"), G_CALLBACK (on_take));
  add_key (self, keys, _("Leave it"), _("nothing is changed"), G_CALLBACK (on_leave));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stick_words));
  gtk_box_append (GTK_BOX (box), chs_scroller_new (self->changes));
  gtk_box_append (GTK_BOX (box), keys);

  return box;
}

static void
chs_service_page_init (ChsServicePage *self)
{
  GtkWidget *stack = gtk_stack_new ();

  chs_page_set_title (CHS_PAGE (self), _("Service"));
  self->stack = GTK_STACK (stack);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  self->pad = chs_pin_pad_new ();
  gtk_widget_set_valign (self->pad, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->pad, "entered", G_CALLBACK (on_pin), self, G_CONNECT_SWAPPED);
  gtk_stack_add_named (self->stack, make_facts (self), "facts");
  gtk_stack_add_named (self->stack, self->pad, "pin");
  gtk_stack_add_named (self->stack, make_stick (self), "stick");
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), stack);
}
