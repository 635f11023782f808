/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/link-json.h"
#include "tests/line-driver.h"
#include "tests/pty-peer.h"

#include <json-glib/json-glib.h>

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  (void) link;
  (void) event;
  (void) user_data;
}

static ChsLink *
make_link (const char *address, ChsClock *clock)
{
  ChsLinkConfig config = { .name = "monitor", .address = address, .driver = "line-listen" };
  g_autoptr (GError) error = NULL;
  ChsLink *link = chs_link_new_for_driver (&config, &line_driver_listen, 1, clock, NULL, on_event, NULL, &error);

  g_assert_no_error (error);
  return link;
}

static JsonNode *
parse (ChsLink *link)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  chs_link_to_json (link, line);
  ck_assert (g_str_has_suffix (line->str, "}\n"));
  node = json_from_string (line->str, &error);
  g_assert_no_error (error);
  return node;
}

START_TEST (a_link_that_was_never_opened)
{
  ChsStepClock clock;
  g_autoptr (ChsLink) link = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  chs_step_clock_init (&clock, 0, 0);
  link = make_link ("tty:/nonexistent?1200/7e1", &clock.clock);
  node = parse (link);
  object = json_node_get_object (node);
  ck_assert_str_eq (json_object_get_string_member (object, "state"), "closed");
  ck_assert_str_eq (json_object_get_string_member (object, "line"), "1200/7e1");
  ck_assert (json_object_get_null_member (object, "last_frame_ms"));
  ck_assert (json_object_get_null_member (object, "parity_errors"));
  ck_assert_uint_eq (json_array_get_length (json_object_get_array_member (object, "causes")), 0);
}
END_TEST

START_TEST (a_link_that_was_heard)
{
  ChsStepClock clock;
  PtyPeer peer;
  g_autofree char *address = NULL;
  g_autoptr (ChsLink) link = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  pty_peer_init (&peer);
  chs_step_clock_init (&clock, 1500000, 0);
  address = g_strconcat ("tty:", peer.link, NULL);
  link = make_link (address, &clock.clock);
  chs_link_start (link);
  while (chs_link_get_state (link) != CHS_LINK_CONNECTING)
    g_main_context_iteration (NULL, TRUE);
  pty_peer_say (&peer, "H72\n?\n");
  while (chs_link_get_state (link) != CHS_LINK_UP)
    g_main_context_iteration (NULL, TRUE);
  node = parse (link);
  object = json_node_get_object (node);
  ck_assert_str_eq (json_object_get_string_member (object, "state"), "up");
  ck_assert_str_eq (json_object_get_string_member (object, "line"), "9600/8n1");
  ck_assert_str_eq (json_object_get_string_member (object, "last_bytes"), "48 37 32 0A 3F 0A");
  ck_assert_str_eq (json_object_get_string_member (object, "last_frame"), "H72");
  ck_assert_int_eq (json_object_get_int_member (object, "frames_ok"), 1);
  ck_assert_int_eq (json_object_get_int_member (object, "frames_bad"), 1);
  ck_assert_int_eq (json_object_get_int_member (object, "last_frame_ms"), 1500);
  chs_link_stop (link);
  pty_peer_clear (&peer);
}
END_TEST

static Suite *
link_json_suite (void)
{
  Suite *suite = suite_create ("link-json");
  TCase *tc = tcase_create ("line");

  tcase_add_test (tc, a_link_that_was_never_opened);
  tcase_add_test (tc, a_link_that_was_heard);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_json_suite)
