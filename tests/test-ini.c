/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/ini.h"

#include <string.h>

static const char *const keys[] = { "driver", "address", NULL };

static gboolean
collect (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  if (key != NULL && strcmp (key, "drivre") == 0)
    return chs_ini_unknown (error, "key", key, keys);
  g_string_append_printf (user_data, "%u[%s]%s=%s|", line, group, key != NULL ? key : "", value != NULL ? value : "");
  return TRUE;
}

static const struct {
  const char *name, *in, *want, *error;
} rows[] = {
  { "empty", "", "", NULL },
  { "plain", "a=1\n[g.h]\n b = two words \n", "1[]a=1|2[g.h]=|3[g.h]b=two words|", NULL },
  { "comments and CR LF", "# x\r\n; y\r\n\r\nk=v\r\n", "4[]k=v|", NULL },
  { "no newline at the end", "k=v", "1[]k=v|", NULL },
  { "empty value", "k=\n", "1[]k=|", NULL },
  { "value with equals", "k=a=b\n", "1[]k=a=b|", NULL },
  { "twice", "[g]\nk=1\nk=2\n", NULL, "f:3: key \"k\" stands twice in this group" },
  { "same key in another group", "[g]\nk=1\n[h]\nk=2\n", "1[g]=|2[g]k=1|3[h]=|4[h]k=2|", NULL },
  { "group twice", "[g]\nk=1\n[h]\n[g]\n", NULL, "f:4: group [g] stands twice" },
  { "open group", "\n[g\n", NULL, "f:2: a group is written [name]" },
  { "empty group", "[]\n", NULL, "f:1: a group is written [name]" },
  { "no key", "=v\n", NULL, "f:1: expected \"key = value\", \"[group]\" or a comment" },
  { "no equals", "hello\n", NULL, "f:1: expected \"key = value\", \"[group]\" or a comment" },
  { "bytes", "k=\xFF\n", NULL, "f:1: line is not UTF-8 text" },
  { "control",
    "k=a\x01"
    "b\n",
    NULL, "f:1: line has control characters" },
  { "meant", "\n\ndrivre=x\n", NULL, "f:3: unknown key \"drivre\"; did you mean \"driver\"?" },
};

START_TEST (reads_lines_or_says_where)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean good = chs_ini_parse (rows[_i].in, strlen (rows[_i].in), "f", collect, got, &error);

  ck_assert_msg (good == (rows[_i].error == NULL), "%s: %s", rows[_i].name,
                 error != NULL ? error->message : "accepted");
  if (good)
    ck_assert_str_eq (got->str, rows[_i].want);
  else
    ck_assert_str_eq (error->message, rows[_i].error);
}
END_TEST

static const struct {
  const char *word, *want;
} near_words[] = {
  { "Driver", "driver" }, { "adress", "address" }, { "addresss", "address" },
  { "dirver", "driver" }, { "speed", NULL },       { "", NULL },
};

START_TEST (suggests_only_what_is_near)
{
  ck_assert_pstr_eq (chs_ini_suggest (near_words[_i].word, keys), near_words[_i].want);
}
END_TEST

static const struct {
  const char *text, *want; /* [a] k = 1 set in it */
} edits[] = {
  { "[a]\nk = 0\n# c\n[b]\nk = 2\n", "[a]\nk = 1\n# c\n[b]\nk = 2\n" },
  { "[b]\nk = 2\n\n[a]\nx = 1\n", "[b]\nk = 2\n\n[a]\nx = 1\nk = 1\n" },
  { "[a]\n# what k is\n#k = 5\n\nx = 1\n[b]\n", "[a]\n# what k is\n#k = 5\nk = 1\n\nx = 1\n[b]\n" },
  { "[a]\nx = 1\n\n[b]\n", "[a]\nx = 1\nk = 1\n\n[b]\n" },
  { "[b]\n", "[b]\n[a]\nk = 1\n" },
  { "[a]\n  k=0", "[a]\nk = 1\n" },
  { "", "[a]\nk = 1\n" },
};

START_TEST (one_key_is_set_and_the_rest_stays)
{
  g_autofree char *text = chs_ini_dup_set (edits[_i].text, "a", "k", "1");

  ck_assert_str_eq (text, edits[_i].want);
}
END_TEST

START_TEST (bounds_are_kept)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_malloc (CHS_INI_MAX_BYTES + 1);

  memset (text, 'x', CHS_INI_MAX_BYTES + 1);
  ck_assert (!chs_ini_parse (text, CHS_INI_MAX_LINE + 1, "f", collect, got, &error));
  ck_assert_str_eq (error->message, "f:1: line is too long");
  g_clear_error (&error);
  ck_assert (!chs_ini_parse (text, CHS_INI_MAX_BYTES + 1, "f", collect, got, &error));
  ck_assert (g_error_matches (error, CHS_INI_ERROR, CHS_INI_ERROR_READ));
  g_clear_error (&error);
  ck_assert (!chs_ini_parse ("a=\0b", 4, "f", collect, got, &error));
  g_clear_error (&error);
  ck_assert (!chs_ini_load ("/nonexistent/x.ini", collect, got, &error));
  ck_assert (g_error_matches (error, CHS_INI_ERROR, CHS_INI_ERROR_READ));
}
END_TEST

static Suite *
ini_suite (void)
{
  Suite *suite = suite_create ("ini");
  TCase *tc = tcase_create ("ini");

  tcase_add_loop_test (tc, reads_lines_or_says_where, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, suggests_only_what_is_near, 0, G_N_ELEMENTS (near_words));
  tcase_add_loop_test (tc, one_key_is_set_and_the_rest_stays, 0, G_N_ELEMENTS (edits));
  tcase_add_test (tc, bounds_are_kept);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (ini_suite)
