/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/dialogue.h"
#include "devices/transport.h"

#include <glib/gstdio.h>
#include <string.h>

static const char talk[] = "# device: Example 1000, software 3.2\n"
                           "# line: 9600/8n1\n"
                           "\n"
                           "< 02 31 0d      # device to us\n"
                           "+2000\n"
                           "> 05 06\n"
                           "< AA\r\n"
                           "< BB CC\n"
                           "+10\n";

START_TEST (a_conversation_is_read)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDialogue) dialogue = chs_dialogue_parse (talk, strlen (talk), &error);

  g_assert_no_error (error);
  ck_assert_uint_eq (dialogue->steps->len, 6);
  ck_assert_uint_eq (dialogue->bytes->len, 8);
  ck_assert_str_eq (chs_dialogue_get_header (dialogue, "device"), "Example 1000, software 3.2");
  ck_assert_str_eq (chs_dialogue_get_header (dialogue, "line"), "9600/8n1");
  ck_assert_ptr_null (chs_dialogue_get_header (dialogue, "note"));
  ck_assert_uint_eq (g_array_index (dialogue->steps, ChsDialogueStep, 2).line, 6);
  ck_assert_uint_eq (g_array_index (dialogue->steps, ChsDialogueStep, 1).wait_ms, 2000);
}
END_TEST

static const struct {
  const char *name, *text, *says;
} bad[] = {
  { "half a byte", "< 02 3\n", "line 1" },
  { "no bytes", "# x: y\n<\n", "line 2: no bytes" },
  { "words", "< 02\nhello\n", "line 2" },
  { "pause in words", "+soon\n", "line 1" },
  { "pause for ever", "+99999999999\n", "line 1" },
  { "negative pause", "+-5\n", "line 1" },
};

START_TEST (a_bad_line_is_named)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_dialogue_parse (bad[_i].text, strlen (bad[_i].text), &error));
  ck_assert_msg (strstr (error->message, bad[_i].says) != NULL, "%s: %s", bad[_i].name, error->message);
}
END_TEST

/* ---- played ---- */

typedef struct {
  ChsTransport *transport;
  char         *path;
} Fixture;

static Fixture f;

static void
open_talk (gboolean read_only)
{
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("chs-talk-XXXXXX", &f.path, NULL);

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (f.path, talk, -1, NULL));
  address = g_strconcat ("dialogue:", f.path, NULL);
  f.transport = chs_transport_open (address, "9600/8n1", read_only, &error);
  g_assert_no_error (error);
}

static void
tear_down (void)
{
  chs_transport_close (f.transport);
  g_unlink (f.path);
  g_free (f.path);
}

/* Reads all that is there at @ms; "lost" when it is. */
static char *
read_at (gint64 ms)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint8 bytes[2];
  gssize n;

  f.transport->klass->alive (f.transport, ms * 1000, &error);
  while ((n = f.transport->klass->read (f.transport, bytes, sizeof bytes, &error)) > 0)
    for (gssize i = 0; i < n; i++)
      g_string_append_printf (text, "%02X", bytes[i]);
  if (n < 0)
    g_string_append (text, "lost");
  return g_string_free (text, FALSE);
}

#define ASSERT_READ(ms, want)                                                                                           \
  do {                                                                                                                  \
    g_autofree char *got = read_at (ms);                                                                                \
    ck_assert_str_eq (got, want);                                                                                       \
  } while (0)

START_TEST (a_conversation_takes_its_time)
{
  open_talk (FALSE);
  ASSERT_READ (7000, "02310D");
  ASSERT_READ (8000, "");
  /* Words of the host are waited for, even long after their time. */
  ASSERT_READ (99000, "");
  ck_assert_int_eq (f.transport->klass->write (f.transport, (const guint8 *) "\x05", 1, NULL), 1);
  ASSERT_READ (99000, "");
  ck_assert_int_eq (f.transport->klass->write (f.transport, (const guint8 *) "\x06", 1, NULL), 1);
  ASSERT_READ (99000, "AABBCC");
  ASSERT_READ (99009, "");
  ASSERT_READ (99010, "lost");
}
END_TEST

START_TEST (another_byte_than_the_recorded_is_a_loss)
{
  g_autoptr (GError) error = NULL;

  open_talk (FALSE);
  ASSERT_READ (0, "02310D");
  ck_assert_int_eq (f.transport->klass->write (f.transport, (const guint8 *) "\x05\x07", 2, &error), -1);
  ck_assert_ptr_nonnull (strstr (error->message, "line 6: 07 was sent"));
}
END_TEST

START_TEST (a_listener_cannot_speak)
{
  g_autoptr (GError) error = NULL;

  open_talk (TRUE);
  ck_assert_int_eq (f.transport->klass->write (f.transport, (const guint8 *) "\x05", 1, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX));
}
END_TEST

static Suite *
dialogue_suite (void)
{
  Suite *suite = suite_create ("dialogue");
  TCase *tc = tcase_create ("file");

  tcase_add_test (tc, a_conversation_is_read);
  tcase_add_loop_test (tc, a_bad_line_is_named, 0, G_N_ELEMENTS (bad));
  suite_add_tcase (suite, tc);
  tc = tcase_create ("played");
  tcase_add_checked_fixture (tc, NULL, tear_down);
  tcase_add_test (tc, a_conversation_takes_its_time);
  tcase_add_test (tc, another_byte_than_the_recorded_is_a_loss);
  tcase_add_test (tc, a_listener_cannot_speak);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (dialogue_suite)
