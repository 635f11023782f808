/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/sign.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static char *folder, *secret_path, *public_path, *secret, *public;
static const char text[] = "[chair]\nname = Chair 3\n";

static void
set_up (void)
{
  g_autoptr (GError) error = NULL;

  folder = g_dir_make_tmp ("chs-sign-XXXXXX", NULL);
  secret_path = g_build_filename (folder, "key.sec", NULL);
  public_path = g_build_filename (folder, "key.pub", NULL);
  ck_assert_msg (chs_sign_make_keys (secret_path, public_path, &error), "%s", error != NULL ? error->message : "");
  ck_assert (g_file_get_contents (secret_path, &secret, NULL, NULL));
  ck_assert (g_file_get_contents (public_path, &public, NULL, NULL));
}

static void
tear_down (void)
{
  g_unlink (secret_path);
  g_unlink (public_path);
  g_rmdir (folder);
  g_clear_pointer (&secret, g_free);
  g_clear_pointer (&public, g_free);
  g_free (secret_path);
  g_free (public_path);
  g_free (folder);
}

START_TEST (what_was_signed_verifies)
{
  g_autofree char *signature = chs_sign (secret, text, strlen (text), "serial 7", NULL), *id = NULL;
  g_autofree char *two = g_strconcat ("# the old desk\nuntrusted comment: x\nRWQ\n", public, NULL);

  ck_assert_ptr_nonnull (signature);
  ck_assert (chs_sign_verify (two, text, strlen (text), signature, &id, NULL));
  ck_assert_uint_eq (strlen (id), 16);
  ck_assert_ptr_nonnull (strstr (public, id));
}
END_TEST

START_TEST (the_secret_key_is_its_owners)
{
  struct stat st;

  ck_assert_int_eq (stat (secret_path, &st), 0);
  ck_assert_uint_eq (st.st_mode & 0777, 0600);
}
END_TEST

START_TEST (a_key_is_never_written_over)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;

  ck_assert (!chs_sign_make_keys (secret_path, public_path, &error));
  ck_assert_int_eq (error->code, CHS_SIGN_ERROR_WRITE);
  ck_assert (g_file_get_contents (secret_path, &after, NULL, NULL));
  ck_assert_str_eq (after, secret);
}
END_TEST

/* Every single bit of the file and of the signed lines of the signature counts. */
START_TEST (one_bit_is_enough_to_refuse)
{
  g_autofree char *signature = chs_sign (secret, text, strlen (text), "serial 7", NULL);
  const char *comment = strstr (signature, "serial 7");

  for (gsize bit = 0; bit < 8 * strlen (text); bit++) {
    g_autofree char *changed = g_strdup (text);
    g_autoptr (GError) error = NULL;

    changed[bit / 8] = (char) (changed[bit / 8] ^ (1 << (bit % 8)));
    ck_assert (!chs_sign_verify (public, changed, strlen (text), signature, NULL, &error));
    ck_assert_int_eq (error->code, CHS_SIGN_ERROR_WRONG);
  }
  for (gsize i = 0; i < strlen ("serial 7"); i++) {
    g_autofree char *changed = g_strdup (signature);
    g_autoptr (GError) error = NULL;

    changed[comment - signature + (gssize) i] ^= 1;
    ck_assert (!chs_sign_verify (public, text, strlen (text), changed, NULL, &error));
  }
}
END_TEST

START_TEST (a_cut_signature_is_refused)
{
  g_autofree char *signature = chs_sign (secret, text, strlen (text), "serial 7", NULL);

  for (gsize n = 0; n + 1 < strlen (signature); n++) {
    g_autofree char *cut = g_strndup (signature, n);
    g_autoptr (GError) error = NULL;

    ck_assert_msg (!chs_sign_verify (public, text, strlen (text), cut, NULL, &error), "%zu bytes were enough", n);
    ck_assert_ptr_nonnull (error);
  }
}
END_TEST

START_TEST (another_key_is_not_trusted)
{
  g_autofree char *s = g_build_filename (folder, "b.sec", NULL), *p = g_build_filename (folder, "b.pub", NULL), *other = NULL;
  g_autofree char *signature = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (chs_sign_make_keys (s, p, NULL));
  ck_assert (g_file_get_contents (s, &other, NULL, NULL));
  signature = chs_sign (other, text, strlen (text), "serial 7", NULL);
  ck_assert (!chs_sign_verify (public, text, strlen (text), signature, NULL, &error));
  ck_assert_int_eq (error->code, CHS_SIGN_ERROR_UNKNOWN);
  g_unlink (s);
  g_unlink (p);
}
END_TEST

/* Both ways, where the program is installed: ours verifies there, theirs here. */
START_TEST (minisign_agrees)
{
  g_autofree char *program = g_find_program_in_path ("minisign"), *file = g_build_filename (folder, "chair.ini", NULL);
  g_autofree char *minisig = g_strconcat (file, ".minisig", NULL), *signature = NULL, *theirs = NULL;
  const char *verify[] = { "minisign", "-Vqm", file, "-p", public_path, NULL };
  const char *sign[] = { "minisign", "-Sm", file, "-s", secret_path, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  if (program == NULL)
    return; /* said by the list of packages: test */
  ck_assert (g_file_set_contents (file, text, -1, NULL));
  signature = chs_sign (secret, text, strlen (text), "serial 7", NULL);
  ck_assert (g_file_set_contents (minisig, signature, -1, NULL));
  ck_assert (g_spawn_sync (NULL, (char **) verify, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
  ck_assert_int_eq (status, 0);
  ck_assert (g_spawn_sync (NULL, (char **) sign, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  ck_assert_int_eq (status, 0);
  ck_assert (g_file_get_contents (minisig, &theirs, NULL, NULL));
  ck_assert_msg (chs_sign_verify (public, text, strlen (text), theirs, NULL, &error), "%s", error != NULL ? error->message : "");
  g_unlink (file);
  g_unlink (minisig);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("sign");
  TCase *tcase = tcase_create ("sign");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, what_was_signed_verifies);
  tcase_add_test (tcase, the_secret_key_is_its_owners);
  tcase_add_test (tcase, a_key_is_never_written_over);
  tcase_add_test (tcase, one_bit_is_enough_to_refuse);
  tcase_add_test (tcase, a_cut_signature_is_refused);
  tcase_add_test (tcase, another_key_is_not_trusted);
  tcase_add_test (tcase, minisign_agrees);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)
