/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/pin.h"
#include "app/sign.h"
#include "devices/driver.h"
#include "tests/scratch.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* What a bad stick, a bad configuration and a guessed PIN can do to a chair: nothing. Each
 * row is a stick that is offered to the real program (chairside-tool provision import);
 * then: refused, with the reason in words, written down in the audit log, and every byte
 * of the chair as it was.
 *
 * "test-hostile --list" prints the list of tests/README.md; a test holds both together. */

static char *home, *etc, *stick, *recordings, *secret, *other_secret;

/* ---- the chair ---- */

#define HASH "$y$j9T$5oDVNQBJc4Vx3w1p1WkGB1$1234567890123456789012345678901234567890123"

/* SERIAL, NAME and MORE are replaced. */
static const char good[] = "[chair]\nname = NAME\nrecordings = @REC@\n[access]\npin_hash = keep\n[export]\nmedium = @STICK@\n"
                           "[provision]\nserial = SERIAL\n[link.monitor]\ndriver = DRIVER\naddress = serial:/dev/ttyUSB0\n";

static char *
dup_config (const char *name, const char *serial, const char *from, const char *to)
{
  GString *text = g_string_new (good);

  g_string_replace (text, "NAME", name, 0);
  g_string_replace (text, "SERIAL", serial, 0);
  g_string_replace (text, "DRIVER", chs_drivers (NULL)[0]->id, 0);
  if (from != NULL)
    g_string_replace (text, from, to, 0);
  g_string_replace (text, "@REC@", recordings, 0);
  g_string_replace (text, "@STICK@", stick, 0);
  return g_string_free (text, FALSE);
}

static char *
at (const char *folder, const char *name)
{
  return g_build_filename (folder, name, NULL);
}

static void
put (const char *folder, const char *name, const char *bytes, gssize n)
{
  g_autofree char *path = at (folder, name);

  ck_assert (g_file_set_contents (path, bytes, n, NULL));
}

static char *
make_key (const char *name)
{
  g_autofree char *s = g_strdup_printf ("%s/%s.sec", home, name), *p = g_strdup_printf ("%s/%s.pub", etc, name);
  char *text = NULL;

  ck_assert (chs_sign_make_keys (s, p, NULL));
  ck_assert (g_file_get_contents (s, &text, NULL, NULL));
  return text;
}

static void
set_up (void)
{
  g_autofree char *present = NULL, *folder = NULL;

  home = g_dir_make_tmp ("chs-hostile-XXXXXX", NULL);
  etc = at (home, "etc");
  stick = at (home, "stick");
  recordings = at (home, "sessions");
  folder = at (stick, "chairside");
  ck_assert (g_mkdir (etc, 0700) == 0 && g_mkdir (stick, 0700) == 0 && g_mkdir (folder, 0700) == 0
             && g_mkdir (recordings, 0700) == 0);
  secret = make_key ("provision"); /* its public half is what the chair trusts */
  other_secret = make_key ("other");
  present = dup_config ("Chair 3", "3", "keep", HASH);
  put (etc, "chair.ini", present, -1);
}

static void
tear_down (void)
{
  scratch_remove (home);
  g_free (home);
  g_free (etc);
  g_free (stick);
  g_free (recordings);
  g_free (secret);
  g_free (other_secret);
}

/* ---- what lies on the stick ---- */

static void
put_signed_with (const char *key, const char *bytes, gsize n)
{
  g_autofree char *signature = chs_sign (key, bytes, n, "serial", NULL);

  put (stick, "chairside/chair.ini", bytes, (gssize) n);
  put (stick, "chairside/chair.ini.minisig", signature, -1);
}

static void
put_signed (const char *text)
{
  put_signed_with (secret, text, strlen (text));
}

static void
put_good (void)
{
  g_autofree char *text = dup_config ("Chair 3", "4", NULL, NULL);

  put_signed (text);
}

static char *
signature_path (void)
{
  return at (stick, "chairside/chair.ini.minisig");
}

/* The signature of a good file, with one line of it changed by @how. */
static void
change_signature (guint line, void (*how) (char *line))
{
  g_autofree char *path = signature_path (), *text = NULL, *joined = NULL;
  g_auto (GStrv) lines = NULL;

  put_good ();
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  how (lines[line]);
  joined = g_strjoinv ("\n", lines);
  put (stick, "chairside/chair.ini.minisig", joined, -1);
}

static void
flip (char *line)
{
  line[strlen (line) / 2] = line[strlen (line) / 2] == 'A' ? 'B' : 'A';
}

static void
flip_last (char *line)
{
  line[strlen (line) - 1] ^= 1;
}

static void
cut (char *line)
{
  line[strlen (line) / 2] = '\0';
}

/* base64 of "Ed" in the place of "ED" */
static void
make_legacy (char *line)
{
  line[2] = 'Q';
  line[1] = 'W';
}

static void nothing (void) { }

static void
no_folder (void)
{
  g_autofree char *folder = at (stick, "chairside");

  g_rmdir (folder);
}

static void
unsigned_file (void)
{
  g_autofree char *path = signature_path ();

  put_good ();
  g_unlink (path);
}

static void
empty_signature (void)
{
  put_good ();
  put (stick, "chairside/chair.ini.minisig", "", 0);
}

static void cut_signature (void) { change_signature (1, cut); }
static void flipped_signature (void) { change_signature (1, flip); }
static void flipped_comment (void) { change_signature (2, flip_last); }
static void legacy_signature (void) { change_signature (1, make_legacy); }

static void
flipped_file (void)
{
  g_autofree char *text = dup_config ("Chair 3", "4", NULL, NULL);

  put_signed (text);
  text[strlen (text) - 1] ^= 1;
  put (stick, "chairside/chair.ini", text, -1);
}

static void
other_key (void)
{
  g_autofree char *text = dup_config ("Chair 3", "4", NULL, NULL);

  put_signed_with (other_secret, text, strlen (text));
}

static void
other_files_signature (void)
{
  g_autofree char *text = dup_config ("Chair 3", "5", NULL, NULL);

  put_good ();
  put (stick, "chairside/chair.ini", text, -1);
}

static void
huge_signature (void)
{
  g_autofree char *big = g_strnfill (CHS_SIGN_MAX_BYTES + 1, 'A');

  put_good ();
  put (stick, "chairside/chair.ini.minisig", big, -1);
}

static void
replace_by_fifo (const char *name)
{
  g_autofree char *path = at (stick, name);

  put_good ();
  g_unlink (path);
  ck_assert_int_eq (mkfifo (path, 0600), 0);
}

static void fifo_file (void) { replace_by_fifo ("chairside/chair.ini"); }
static void fifo_signature (void) { replace_by_fifo ("chairside/chair.ini.minisig"); }

static void
replace_by_link (const char *name, const char *target)
{
  g_autofree char *path = at (stick, name);

  put_good ();
  g_unlink (path);
  ck_assert_int_eq (symlink (target, path), 0);
}

static void link_file (void) { replace_by_link ("chairside/chair.ini", "/etc/passwd"); }
static void link_loop (void) { replace_by_link ("chairside/chair.ini", "chair.ini"); }
static void link_zero (void) { replace_by_link ("chairside/chair.ini", "/dev/zero"); }
static void link_signature (void) { replace_by_link ("chairside/chair.ini.minisig", "/etc/passwd"); }

static void
link_folder (void)
{
  g_autofree char *folder = at (stick, "chairside"), *away = at (home, "away");

  put_good ();
  ck_assert_int_eq (g_rename (folder, away), 0);
  ck_assert_int_eq (symlink (away, folder), 0);
}

static void
folder_file (void)
{
  g_autofree char *path = at (stick, "chairside/chair.ini");

  put_good ();
  g_unlink (path);
  ck_assert_int_eq (g_mkdir (path, 0700), 0);
}

/* Only root can make one; others get a socket-like stand-in, a FIFO. */
static void
device_file (void)
{
  g_autofree char *path = at (stick, "chairside/chair.ini");

  put_good ();
  g_unlink (path);
  if (mknod (path, S_IFCHR | 0600, makedev (1, 5)) != 0)
    ck_assert_int_eq (mkfifo (path, 0600), 0);
}

static void
huge_file (void)
{
  g_autofree char *big = g_strnfill (300 * 1024, '#');

  put_signed (big);
}

static void
sparse_file (void)
{
  g_autofree char *path = at (stick, "chairside/chair.ini");

  put_good ();
  ck_assert_int_eq (truncate (path, (off_t) 1 << 40), 0);
}

static void
with_bytes (const char *bytes, gsize n)
{
  g_autofree char *text = dup_config ("Chair 3", "4", NULL, NULL);
  g_autoptr (GByteArray) all = g_byte_array_new ();

  g_byte_array_append (all, (const guint8 *) text, (guint) strlen (text));
  g_byte_array_append (all, (const guint8 *) bytes, (guint) n);
  put_signed_with (secret, (const char *) all->data, all->len);
}

static void nul_bytes (void) { with_bytes ("#\0[sound]\n", 10); }
static void not_utf8 (void) { with_bytes ("# \xff\xfe\n", 5); }
static void control_bytes (void) { with_bytes ("# \033[2J\n", 7); }

static void
long_line (void)
{
  g_autofree char *line = g_strnfill (5000, 'x');

  with_bytes (line, 5000);
}

static void
many_keys (void)
{
  g_autoptr (GString) text = g_string_new ("[session]\n");

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "k%u = 1\n", i);
  with_bytes (text->str, text->len);
}

static void
with_change (const char *from, const char *to)
{
  g_autofree char *text = dup_config ("Chair 3", "4", from, to);

  put_signed (text);
}

static void
with_serial (const char *serial)
{
  g_autofree char *text = dup_config ("Chair 3", serial, NULL, NULL);

  put_signed (text);
}

static void old_serial (void) { with_serial ("2"); }
static void same_serial (void) { with_serial ("3"); }
static void huge_serial (void) { with_serial ("99999999999999999999"); }
static void no_serial (void) { with_change ("[provision]\nserial = 4\n", ""); }

static void
other_chair (void)
{
  g_autofree char *text = dup_config ("Chair 4", "4", NULL, NULL);

  put_signed (text);
}

#define PORT "serial:/dev/ttyUSB0"

static void disk_port (void) { with_change (PORT, "tty:/dev/sda?9600/8n1"); }
static void memory_port (void) { with_change (PORT, "serial:/dev/mem"); }
static void file_port (void) { with_change (PORT, "tty:/etc/shadow?9600/8n1"); }
static void climbing_port (void) { with_change (PORT, "serial:/dev/ttyUSB0/../mem"); }
static void dialogue_port (void) { with_change (PORT, "dialogue:/etc/passwd"); }
static void climbing_driver (void) { with_change (chs_drivers (NULL)[0]->id, "described:../../etc/passwd"); }
static void endless_driver (void) { with_change (chs_drivers (NULL)[0]->id, "described:/dev/zero"); }
static void moved_recordings (void) { with_change ("@REC@", "/"); }
static void moved_keys (void) { with_change ("[access]", "[provision]\nkeys = /tmp/mine.pub\n[access]"); }
static void moved_keys_again (void) { with_change ("serial = 4\n", "serial = 4\nkeys = /tmp/mine.pub\n"); }
static void moved_socket (void) { with_change ("[access]", "socket = /tmp/x\n[access]"); }
static void moved_state (void) { with_change ("[access]", "state = ../../../etc\n[access]"); }
static void moved_medium (void) { with_change ("@STICK@", "/"); }
static void shadow_profile (void) { with_change ("[access]", "profile = /etc/shadow\n[access]"); }
static void absent_profile (void) { with_change ("[access]", "profile = nowhere.ini\n[access]"); }
static void demonstration (void) { with_change ("[access]", "demonstration = yes\n[access]"); }
static void patient (void) { with_change ("[access]", "[session]\npatient.id = X\n[access]"); }
static void clear_pin (void) { with_change ("= keep", "= 4711"); }
static void weak_hash (void) { with_change ("= keep", "= $1$abc$defdefdefdefdefdefdef1"); }
static void quiet (void) { with_change ("[access]", "[sound]\nfloor_db = -10\nvolume_db = -40\n[access]"); }
static void deaf (void) { with_change ("[access]", "[sound]\nfloor_db = -600\n[access]"); }
static void wall_panel (void) { with_change ("[access]", "[screen]\ndiagonal_in = 1e9\n[access]"); }
static void nan_panel (void) { with_change ("[access]", "[screen]\ntext_scale = nan\n[access]"); }
static void format_name (void) { with_change ("Chair 3", "%s%s%n%n../../x%s%s%s%s%s%s"); }
static void shell_language (void) { with_change ("[access]", "[screen]\nlanguage = $(reboot)\n[access]"); }
static void climbing_therapy (void) { with_change ("[access]", "therapies = ../../etc/passwd\n[access]"); }
static void no_therapy (void) { with_change ("[access]", "therapies = hydratoin\n[access]"); }
static void twice (void) { with_change ("[access]", "[chair]\n[access]"); }

static void
no_instruments (void)
{
  put_signed ("[chair]\nname = Chair 3\n[provision]\nserial = 9\n");
}

static void
no_keys_at_the_chair (void)
{
  g_autofree char *path = at (etc, "provision.pub");

  put_good ();
  g_unlink (path);
}

static void
keys_are_rubbish (void)
{
  put_good ();
  put (etc, "provision.pub", "RWQ\n\xff\xfe\nnot a key\n", -1);
}

static const struct {
  const char *what;  /* for the list */
  void (*prepare) (void);
  const char *error; /* what the message has in it */
} sticks[] = {
  { "an empty stick", no_folder, "cannot open" },
  { "a folder without a file", nothing, "chair.ini" },
  { "a file without a signature", unsigned_file, "not signed" },
  { "an empty signature", empty_signature, "cannot be read" },
  { "a signature that was cut off", cut_signature, "cannot be read" },
  { "a signature with one letter changed", flipped_signature, "the signature does not belong to this file" },
  { "a signature of the old form without a hash", legacy_signature, "old form" },
  { "a signed comment that was changed", flipped_comment, "was changed" },
  { "a file with one bit changed", flipped_file, "does not belong to this file" },
  { "a good signature by a key that the chair does not trust", other_key, "which this chair does not trust" },
  { "the signature of another file", other_files_signature, "does not belong to this file" },
  { "a signature of 4097 bytes", huge_signature, "at most 4096 are taken" },
  { "a FIFO in the place of the file", fifo_file, "not a regular file" },
  { "a FIFO in the place of the signature", fifo_signature, "not a regular file" },
  { "a link to /etc/passwd in the place of the file", link_file, "symbolic link" },
  { "a link to itself", link_loop, "symbolic link" },
  { "a link to /dev/zero", link_zero, "symbolic link" },
  { "a link in the place of the signature", link_signature, "symbolic link" },
  { "a link in the place of the folder", link_folder, "symbolic link" },
  { "a folder in the place of the file", folder_file, "not a regular file" },
  { "a device node in the place of the file", device_file, "not a regular file" },
  { "a file of 300 KiB", huge_file, "at most 262144 are taken" },
  { "a sparse file of 1 TiB", sparse_file, "at most 262144 are taken" },
  { "NUL bytes, signed", nul_bytes, "not UTF-8 text" },
  { "bytes that are not UTF-8, signed", not_utf8, "not UTF-8 text" },
  { "terminal escapes, signed", control_bytes, "control characters" },
  { "a line of 5000 bytes, signed", long_line, "line is too long" },
  { "10 000 keys, signed", many_keys, "only with demonstration = yes" },
  { "an older serial (an old stick)", old_serial, "it is an old one: serial 2, and this chair has 3" },
  { "the same serial once more (replay)", same_serial, "it is an old one" },
  { "no serial", no_serial, "it is an old one: serial 0" },
  { "a serial of twenty digits", huge_serial, "a whole number of 0 to 2147483647" },
  { "the file of another chair", other_chair, "it is for \"Chair 4\", and this is \"Chair 3\"" },
  { "an instrument at /dev/sda", disk_port, "\"tty:/dev/sda?9600/8n1\" is no serial port" },
  { "an instrument at /dev/mem", memory_port, "is no serial port" },
  { "an instrument at /etc/shadow", file_port, "is no serial port" },
  { "an instrument at /dev/ttyUSB0/../mem", climbing_port, "is no serial port" },
  { "a recorded conversation as the instrument", dialogue_port, "is no serial port" },
  { "a described instrument in ../../etc/passwd", climbing_driver, "cannot read the key file" },
  { "a described instrument in /dev/zero", endless_driver, "is no file" },
  { "recordings to /", moved_recordings, "a stick cannot move it" },
  { "keys of its own, in a second group", moved_keys, "stands twice" },
  { "keys of its own", moved_keys_again, "a stick cannot move it" },
  { "another socket", moved_socket, "a stick cannot move it" },
  { "another state folder, by ../../..", moved_state, "a stick cannot move it" },
  { "another medium", moved_medium, "a stick cannot move it" },
  { "/etc/shadow as the alarm profile", shadow_profile, "does not lie beside the configuration" },
  { "an alarm profile that is not there", absent_profile, "cannot be used" },
  { "a chair turned into a demonstration", demonstration, "a demonstration" },
  { "a patient in the configuration", patient, "only with demonstration = yes" },
  { "a PIN in the clear", clear_pin, "not a yescrypt hash" },
  { "an MD5 hash of a PIN", weak_hash, "not a yescrypt hash" },
  { "a volume below the floor", quiet, "must not be below floor_db" },
  { "a floor of -600 dB", deaf, "a number of -60 to 0" },
  { "a panel of a billion inches", wall_panel, "a number of 5 to 60" },
  { "a text size that is no number", nan_panel, "a number of 1 to 1.3" },
  { "a name of printf directives", format_name, "name is longer than 23 bytes" },
  { "a shell command as language", shell_language, "write e.g. de or pt_BR" },
  { "a path as therapy", climbing_therapy, "ids of a-z" },
  { "a therapy that is not in the library", no_therapy, "did you mean \"hydration\"?" },
  { "a group that stands twice", twice, "stands twice" },
  { "no instruments", no_instruments, "nothing to listen to" },
  { "a chair without trusted keys", no_keys_at_the_chair, "this chair trusts no key" },
  { "a chair with rubbish as trusted keys", keys_are_rubbish, "which this chair does not trust" },
};

/* ---- offering it ---- */

static int
import (char **words)
{
  g_autofree char *tool = at (g_getenv ("CHS_TEST_BUILD"), "app/chairside-tool"), *config = at (etc, "chair.ini");
  g_autofree char *option = g_strconcat ("--config=", config, NULL);
  const char *argv[] = { tool, "provision", option, "import", stick, NULL };
  int status = -1;

  ck_assert (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, words, &status, NULL));
  ck_assert (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static char *
read_config (void)
{
  g_autofree char *path = at (etc, "chair.ini");
  char *text = NULL;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* What lies in the folder of the configuration, by name. */
static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (etc, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

START_TEST (a_bad_stick_changes_nothing)
{
  g_autofree char *before = read_config (), *after = NULL, *words = NULL, *log = NULL, *log_path = at (recordings, "audit.jsonl");
  guint n_files;
  int status;

  sticks[_i].prepare ();
  n_files = count_files ();
  status = import (&words);
  after = read_config ();
  ck_assert_msg (status == 3, "%s: status %d, %s", sticks[_i].what, status, words);
  ck_assert_msg (strstr (words, sticks[_i].error) != NULL, "%s: %s", sticks[_i].what, words);
  ck_assert_str_eq (before, after);
  ck_assert_uint_eq (count_files (), n_files);
  ck_assert (g_file_get_contents (log_path, &log, NULL, NULL));
  ck_assert_msg (strstr (log, "\"provision_refused\"") != NULL, "%s: not in the audit log", sticks[_i].what);
  ck_assert_ptr_null (strstr (log, "$y$"));
}
END_TEST

/* The counter-example: what is right is taken, among thousands of other files, and the PIN stays. */
START_TEST (a_good_stick_is_taken)
{
  g_autofree char *words = NULL, *after = NULL, *log = NULL, *log_path = at (recordings, "audit.jsonl");

  put_good ();
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *name = g_strdup_printf ("chairside/%u", i);

    put (stick, name, "", 0);
  }
  ck_assert_msg (import (&words) == 0, "%s", words);
  after = read_config ();
  ck_assert_ptr_nonnull (strstr (after, "serial = 4"));
  ck_assert_ptr_nonnull (strstr (after, "pin_hash = " HASH));
  ck_assert (g_file_get_contents (log_path, &log, NULL, NULL));
  ck_assert_ptr_nonnull (strstr (log, "\"provision\""));
  g_free (g_steal_pointer (&words));
  ck_assert_int_eq (import (&words), 3); /* and not a second time */
}
END_TEST

/* ---- PINs ---- */

static const struct {
  const char *what, *pin;
} pins[] = {
  { "another PIN", "2702" },
  { "nothing", "" },
  { "the right one with a blank behind it", "4711 " },
  { "the right one with a zero before it", "04711" },
  { "part of the right one", "471" },
  { "letters", "pass" },
  { "Arabic digits", "\xd9\xa4\xd9\xa7\xd9\xa1\xd9\xa1" },
  { "printf directives", "%n%n%s%s" },
  { "a quote and a command", "';reboot" },
  { "the hash itself", NULL },
  { "a megabyte of digits", "\1" },
};

static char *right_hash; /* made once: it takes a tenth of a second */

START_TEST (a_wrong_pin_does_not_open)
{
  g_autofree char *long_one = g_strnfill (1024 * 1024, '4');
  const char *pin = pins[_i].pin == NULL ? right_hash : pins[_i].pin[0] == '\1' ? long_one : pins[_i].pin;
  ChsPinGate gate;

  ck_assert (chs_pin_matches ("4711", right_hash));
  ck_assert_msg (!chs_pin_matches (pin, right_hash), "%s opened", pins[_i].what);
  chs_pin_gate_init (&gate, home, 0);
  ck_assert (chs_pin_gate_begin (&gate, 0, NULL));
  chs_pin_gate_end (&gate, FALSE, 0);
  ck_assert_uint_eq (gate.n_wrong, 1);
  chs_pin_gate_clear (&gate);
}
END_TEST

/* ---- the list ---- */

static void
print_list (FILE *out)
{
  fputs ("Sticks (each refused with the reason, in the audit log, nothing changed):\n\n", out);
  for (gsize i = 0; i < G_N_ELEMENTS (sticks); i++)
    fprintf (out, "- %s\n", sticks[i].what);
  fputs ("\nPINs (each refused and counted):\n\n", out);
  for (gsize i = 0; i < G_N_ELEMENTS (pins); i++)
    fprintf (out, "- %s\n", pins[i].what);
}

START_TEST (the_readme_lists_what_was_tried)
{
  g_autofree char *path = at (g_getenv ("CHS_TEST_DATA"), "README.md"), *readme = NULL;
  char *list = NULL;
  size_t n;
  FILE *out = open_memstream (&list, &n);

  print_list (out);
  fclose (out);
  ck_assert (g_file_get_contents (path, &readme, NULL, NULL));
  ck_assert_msg (strstr (readme, list) != NULL, "tests/README.md is not the list of test-hostile --list");
  free (list);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("hostile");
  TCase *tcase = tcase_create ("hostile");

  right_hash = chs_pin_hash ("4711", NULL);
  tcase_set_timeout (tcase, 30);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, a_bad_stick_changes_nothing, 0, G_N_ELEMENTS (sticks));
  tcase_add_test (tcase, a_good_stick_is_taken);
  tcase_add_loop_test (tcase, a_wrong_pin_does_not_open, 0, G_N_ELEMENTS (pins));
  tcase_add_test (tcase, the_readme_lists_what_was_tried);
  suite_add_tcase (suite, tcase);
  return suite;
}

static int
run_all (void)
{
  SRunner *runner = srunner_create (make_suite ());
  int failed;

  srunner_run_all (runner, CK_ENV);
  failed = srunner_ntests_failed (runner);
  srunner_free (runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
  if (argc > 1 && strcmp (argv[1], "--list") == 0) {
    print_list (stdout);
    return EXIT_SUCCESS;
  }
  return run_all ();
}
