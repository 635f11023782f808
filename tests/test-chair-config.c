/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/chair-config.h"
#include "devices/driver.h"

#include <glib/gstdio.h>
#include <string.h>

/* A folder of its own for each test; what is in it is removed. */
static char *folder, *path;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chs-config-XXXXXX", NULL);
  path = g_build_filename (folder, "chair.ini", NULL);
}

static void
tear_down (void)
{
  g_unlink (path);
  g_rmdir (folder);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&folder, g_free);
}

/* "DRIVER" in a text stands for a driver that exists. */
static ChsChairConfig *
load (const char *text, GError **error)
{
  g_autoptr (GString) full = g_string_new (text);

  g_string_replace (full, "DRIVER", chs_drivers (NULL)[0]->id, 0);
  ck_assert (g_file_set_contents (path, full->str, -1, NULL));
  return chs_chair_config_load (path, error);
}

#define LINK "[link.monitor]\ndriver=DRIVER\naddress=tty:/dev/pts/1?9600/8n1\n"

START_TEST (a_good_file_is_taken_whole)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config
      = load ("[chair]\nname=Chair 3\nrecordings=rec\ndemonstration=yes\n"
              "[sound]\ndevice=null\n" LINK "[session]\npatient.id=DEMO-1\npatient.weight_kg=70\n",
              &error);
  g_autofree char *recordings = g_build_filename (folder, "rec", NULL);
  const ChsChairLink *link;
  const ChsChairSetup *setup;

  ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq (config->name, "Chair 3");
  ck_assert_str_eq (config->recordings, recordings);
  ck_assert_str_eq (config->sound.device, "null");
  ck_assert_ptr_null (config->profile);
  ck_assert_ptr_null (config->socket);
  ck_assert_uint_eq (config->links->len, 1);
  link = config->links->pdata[0];
  ck_assert_str_eq (link->name, "monitor");
  ck_assert_str_eq (link->address, "tty:/dev/pts/1?9600/8n1");
  ck_assert_uint_eq (g_strv_length (link->options), 0);
  ck_assert_uint_eq (config->setup->len, 2);
  setup = config->setup->pdata[1];
  ck_assert_str_eq (setup->key, "patient.weight_kg");
  ck_assert_str_eq (setup->value, "70");
}
END_TEST

static const struct {
  const char *name, *text;
  guint line;        /* 0 = the file as a whole */
  const char *error; /* what the message contains */
} refusals[] = {
  { "unknown key", "[chair]\nname=A\nrecording=x\n", 3, "unknown key \"recording\"; did you mean \"recordings\"?" },
  { "unknown group", "[chair]\nname=A\n[sond]\n", 3, "unknown group \"sond\"; did you mean \"sound\"?" },
  { "key before a group", "name=A\n", 1, "unknown group \"\"" },
  { "unknown driver", "[chair]\nname=A\n[link.m]\ndriver=nosuch-9000\n", 4, "unknown driver \"nosuch-9000\"" },
  { "unknown link key", "[chair]\nname=A\n[link.m]\nadress=tty:/x\n", 4, "did you mean \"address\"?" },
  { "unknown kind of port", "[chair]\nname=A\n[link.m]\naddress=serail:/dev/ttyS0\n", 4, "did you mean \"serial:\"?" },
  { "no kind of port", "[chair]\nname=A\n[link.m]\naddress=/dev/ttyS0\n", 4, "write e.g. serial:/dev/ttyS0" },
  { "bad line settings", "[chair]\nname=A\n[link.m]\naddress=tty:/x?9600/8z1\n", 4, "9600/8n1" },
  { "no port", "[chair]\nname=A\n[link.m]\naddress=serial:\n", 4, "names no port" },
  { "no address", "[chair]\nname=A\n[link.m]\ndriver=DRIVER\n", 3, "link \"m\" names no address" },
  { "no driver", "[chair]\nname=A\n[link.m]\naddress=tty:/x\n", 3, "link \"m\" names no driver" },
  { "unknown option", "[chair]\nname=A\n" LINK "option.nosuch=1\n", 3, "option" },
  { "name of link", "[chair]\nname=A\n[link.Monitor 1]\n", 3, "a-z" },
  { "two links", "[chair]\nname=A\n" LINK LINK, 6, "stands twice" },
  { "no links", "[chair]\nname=A\n", 0, "nothing to listen to" },
  { "no name", LINK, 0, "[chair] has no name" },
  { "long name", "[chair]\nname=A chair with a very long name\n" LINK, 0, "longer than" },
  { "sound key", "[chair]\nname=A\n[sound]\nvolum_db=0\n", 4, "did you mean \"volume_db\"?" },
  { "sound value", "[chair]\nname=A\n[sound]\nvolume_db=loud\n", 4, "a number of -60 to 0 is wanted" },
  { "empty value", "[chair]\nname=\n", 2, "name is empty" },
  { "not yes or no", "[chair]\ndemonstration=1\n", 2, "write yes or no" },
  { "unknown session key", "[chair]\nname=A\ndemonstration=yes\n[session]\npatient.wieght_kg=70\n", 5,
    "patient.wieght_kg" },
  { "weight", "[chair]\nname=A\ndemonstration=yes\n[session]\npatient.weight_kg=700\n", 5, "patient.weight_kg" },
  { "screen key", "[chair]\nname=A\n[screen]\nlanguge=de\n", 4, "did you mean \"language\"?" },
  { "language", "[screen]\nlanguage=German\n", 2, "write e.g. de or pt_BR" },
  { "look", "[screen]\nlook=nigth\n", 2, "did you mean \"night\"?" },
  { "time", "[screen]\nnight_from=9pm\n", 2, "a time of day is written 07:00" },
  { "hour 24", "[screen]\nnight_from=24:00\n", 2, "a time of day" },
  { "shifts", "[chair]\nshifts=07:00, 15.00\n", 2, "a time of day" },
  { "too many shifts", "[chair]\nshifts=01:00,02:00,03:00,04:00,05:00,06:00,07:00,08:00,09:00\n", 2, "more than 8 times" },
  { "diagonal in cm", "[screen]\ndiagonal_in=100.5\n", 2, "a number of 5 to 60 is wanted" },
  { "diagonal is no number", "[screen]\ndiagonal_in=nan\n", 2, "a number of 5 to 60 is wanted" },
  { "dim", "[screen]\ndim_min=-1\n", 2, "a whole number of 0 to 240 is wanted" },
  { "serial", "[provision]\nserial=99999999999\n", 2, "a whole number of 0 to 2147483647 is wanted" },
  { "therapies", "[chair]\ntherapies=a, ../b\n", 2, "ids of a-z" },
  { "PIN in the clear", "[access]\npin_hash=1234\n", 2, "pin_hash is not a yescrypt hash" },
  { "another hash", "[access]\npin_hash=$6$salt$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 2, "not a yescrypt hash" },
  { "patient on a real chair", "[chair]\nname=A\n[session]\npatient.id=X\n", 4, "only with demonstration = yes" },
};

START_TEST (a_bad_file_is_refused_with_line_and_reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config = load (refusals[_i].text, &error);
  g_autofree char *prefix
      = refusals[_i].line > 0 ? g_strdup_printf ("%s:%u: ", path, refusals[_i].line) : g_strdup_printf ("%s: ", path);

  ck_assert_msg (config == NULL, "%s was taken", refusals[_i].name);
  ck_assert_msg (g_str_has_prefix (error->message, prefix), "%s: %s", refusals[_i].name, error->message);
  ck_assert_msg (strstr (error->message, refusals[_i].error) != NULL, "%s: %s", refusals[_i].name, error->message);
}
END_TEST

/* A file's size is looked at before it is read, and what is no file is not waited for. */
static const struct {
  const char *path, *error;
} places[] = {
  { "/dev/zero", "not a regular file" },
  { "/dev", "not a regular file" },
  { "/dev/null", "not a regular file" },
};

START_TEST (what_is_no_file_is_refused_at_once)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_chair_config_load (places[_i].path, &error));
  ck_assert_msg (strstr (error->message, places[_i].error) != NULL, "%s", error->message);
}
END_TEST

START_TEST (a_huge_file_is_refused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *huge = g_strnfill (CHS_CHAIR_MAX_BYTES + 1, '#');

  ck_assert_ptr_null (load (huge, &error));
  ck_assert_msg (strstr (error->message, "at most 262144 are taken") != NULL, "%s", error->message);
}
END_TEST

static char *
sample_path (void)
{
  return g_build_filename (g_getenv ("CHS_TEST_SHARE"), "kiosk", "chair.ini", NULL);
}

START_TEST (the_sample_is_valid)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sample = sample_path ();
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (sample, &error);

  ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
}
END_TEST

/* And with every "#key = value" made a key: what it shows as an example can be written. */
START_TEST (the_samples_examples_are_valid)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sample = sample_path (), *text = NULL, *all = NULL;
  g_autoptr (GRegex) example = g_regex_new ("^#([a-z_]+ = )", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (ChsChairConfig) config = NULL;

  ck_assert (g_file_get_contents (sample, &text, NULL, NULL));
  all = g_regex_replace (example, text, -1, 0, "\\1", 0, NULL);
  config = load (all, &error);
  ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_uint_eq (config->shifts.n, 3);
  ck_assert_int_eq (config->shifts.minutes[1], 15 * 60);
  ck_assert_str_eq (config->screen.language, "de");
}
END_TEST

/* "key = ", in its group, as it stands or behind a "#". */
START_TEST (the_sample_names_every_key)
{
  g_autofree char *sample = sample_path (), *text = NULL;

  ck_assert (g_file_get_contents (sample, &text, NULL, NULL));
  for (const char *const *key = chs_chair_config_keys (); *key != NULL; key++) {
    gboolean is_link = g_str_has_prefix (*key, "link.NAME.");
    const char *name = is_link ? *key + strlen ("link.NAME.") : strchr (*key, '.') + 1;
    g_autofree char *group = is_link ? g_strdup ("[link.") : g_strdup_printf ("[%.*s]", (int) (name - *key - 1), *key);
    g_autofree char *line = g_strdup_printf ("\n%s = ", name), *comment = g_strdup_printf ("\n#%s = ", name);
    const char *start = strstr (text, group), *end = start != NULL ? strstr (start + 1, "\n[") : NULL;
    g_autofree char *part = start == NULL ? NULL : end != NULL ? g_strndup (start, (gsize) (end - start)) : g_strdup (start);

    ck_assert_msg (part != NULL && (strstr (part, line) != NULL || strstr (part, comment) != NULL),
                   "%s is not explained in the sample", *key);
  }
}
END_TEST

START_TEST (the_hash_of_the_pin_is_not_in_the_recorded_text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config
      = load ("[chair]\nname=A\n[access]\n  pin_hash = $y$j9T$abc$1234567890123456789012345678901234567890123\n" LINK, &error);

  ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_ptr_nonnull (strstr (config->pin_hash, "$y$j9T$abc$"));
  ck_assert_ptr_null (strstr (config->text, "$y$"));
  ck_assert_ptr_nonnull (strstr (config->text, "\npin_hash = keep\n[link.monitor]\n"));
}
END_TEST

START_TEST (night_goes_over_midnight)
{
  ChsChairScreen screen = { .night_from = 21 * 60, .night_to = 7 * 60 };

  ck_assert (chs_chair_screen_is_night (&screen, 21 * 60));
  ck_assert (chs_chair_screen_is_night (&screen, 0));
  ck_assert (!chs_chair_screen_is_night (&screen, 7 * 60));
  ck_assert (!chs_chair_screen_is_night (&screen, 20 * 60 + 59));
  screen.night_to = 21 * 60;
  ck_assert (!chs_chair_screen_is_night (&screen, 21 * 60));
}
END_TEST

START_TEST (an_absent_file_is_refused)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_chair_config_load (path, &error));
  ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
}
END_TEST

START_TEST (an_absent_port_is_told_with_its_line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *there = g_strdup_printf ("[chair]\nname=A\n[link.m]\ndriver=DRIVER\naddress=tty:%s\n", path);
  g_autofree char *message = g_strdup_printf ("%s:5: link \"m\": port \"/nonexistent\" is not there", path);
  ChsChairConfig *config = load (there, &error);

  ck_assert (chs_chair_config_check_ports (config, &error));
  chs_chair_config_free (config);
  config = load ("[chair]\nname=A\n[link.m]\ndriver=DRIVER\naddress=serial:/nonexistent?9600/8n1\n", &error);
  ck_assert (!chs_chair_config_check_ports (config, &error));
  ck_assert_msg (g_str_has_prefix (error->message, message), "%s", error->message);
  chs_chair_config_free (config);
  g_clear_error (&error);
  config = load ("[chair]\nname=A\n[link.m]\ndriver=DRIVER\naddress=usb:0403:6001:NOSUCH\n", &error);
  ck_assert (!chs_chair_config_check_ports (config, &error));
  ck_assert_msg (strstr (error->message, "plugged in") != NULL, "%s", error->message);
  chs_chair_config_free (config);
}
END_TEST

/* An instrument of a key file: found beside the configuration, and not taken while something is missing. */
START_TEST (a_described_instrument_is_beside_the_configuration)
{
  g_autofree char *file = g_build_filename (folder, "counter.pumpdef", NULL);
  g_autofree char *driver = g_strconcat ("described:", file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) without = NULL, with = NULL;
  static const char chair[] = "[chair]\nname=C\n[link.drip]\ndriver=described:counter.pumpdef\naddress=tty:/dev/pts/1\n";

  ck_assert (g_file_set_contents (file,
                                  "[device]\nname=Counter\nkind=drip\nclinical=false\n[serial]\nbaud=9600\n[frame]\nend=\\n\n"
                                  "[poll]\nmode=listen\n[field.rate]\nregex=(\\d+)\nunit=drops/min\n",
                                  -1, NULL));
  without = load (chair, &error);
  ck_assert_ptr_null (without);
  ck_assert_msg (strstr (error->message, "chair.ini:3:") != NULL && strstr (error->message, "drop_factor") != NULL, "%s", error->message);
  g_clear_error (&error);
  with = load ("[chair]\nname=C\n[link.drip]\ndriver=described:counter.pumpdef\naddress=tty:/dev/pts/1\noption.drop_factor=15\n", &error);
  ck_assert_msg (with != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq (((const ChsChairLink *) with->links->pdata[0])->driver, driver);
  g_unlink (file);
}
END_TEST

static Suite *
chair_config_suite (void)
{
  Suite *suite = suite_create ("chair-config");
  TCase *tc = tcase_create ("files");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, a_described_instrument_is_beside_the_configuration);
  tcase_add_test (tc, a_good_file_is_taken_whole);
  tcase_add_loop_test (tc, a_bad_file_is_refused_with_line_and_reason, 0, G_N_ELEMENTS (refusals));
  tcase_add_test (tc, an_absent_file_is_refused);
  tcase_add_loop_test (tc, what_is_no_file_is_refused_at_once, 0, G_N_ELEMENTS (places));
  tcase_add_test (tc, a_huge_file_is_refused);
  tcase_add_test (tc, the_sample_is_valid);
  tcase_add_test (tc, the_samples_examples_are_valid);
  tcase_add_test (tc, the_sample_names_every_key);
  tcase_add_test (tc, the_hash_of_the_pin_is_not_in_the_recorded_text);
  tcase_add_test (tc, night_goes_over_midnight);
  tcase_add_test (tc, an_absent_port_is_told_with_its_line);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (chair_config_suite)
