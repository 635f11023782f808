/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/link-json.h"
#include "app/link-list.h"
#include "tests/line-driver.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  (void) link;
  (void) event;
  (void) user_data;
}

/* What link-json writes is what link-list reads. */
START_TEST (a_link_comes_through)
{
  ChsLinkConfig config = { .name = "monitor", .address = "tty:/nonexistent?1200/7e1", .driver = "line-listen" };
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsLink) link = NULL;
  const ChsLinkRow *row;
  ChsStepClock clock;

  chs_step_clock_init (&clock, 0, 0);
  link = chs_link_new_for_driver (&config, &line_driver_listen, 1, &clock.clock, NULL, on_event, NULL, &error);
  g_assert_no_error (error);
  chs_link_start (link);
  while (chs_link_get_state (link) != CHS_LINK_FAILED)
    g_main_context_iteration (NULL, TRUE);
  chs_link_to_json (link, json);
  chs_link_to_json (link, json);
  rows = chs_link_list_parse (json->str);
  ck_assert_uint_eq (rows->len, 2);
  row = rows->pdata[1];
  ck_assert_str_eq (row->name, "monitor");
  ck_assert_str_eq (row->line, "1200/7e1");
  ck_assert_str_eq (row->driver, "line-listen");
  ck_assert_int_eq (row->state, CHS_LINK_FAILED);
  ck_assert_uint_eq (row->n_causes, 2);
  ck_assert (g_str_has_prefix (row->causes[0], "The adapter is not plugged in"));
  ck_assert_msg (strstr (row->last_error, "/nonexistent") != NULL, "%s", row->last_error);
  ck_assert (isnan (row->last_byte_ms) && isnan (row->parity_errors) && isnan (row->rtt_ms));
  ck_assert (!row->is_bench);
  chs_link_stop (link);
}
END_TEST

/* The socket is another process: whatever it sends is bounded and harmless. */
static const struct {
  const char *json;
  guint       n;
} hostile[] = {
  { "", 0 },
  { "\n\n\n", 0 },
  { "nonsense", 0 },
  { "[]\n", 0 },
  { "{}\n", 0 },
  { "{\"name\":7}\n", 0 },
  { "{\"name\":\"a\"}\n", 1 },
  { "{\"name\":\"a\",\"state\":9,\"causes\":{},\"frames_ok\":\"x\",\"frames_bad\":-1,\"rtt_ms\":[]}\n", 1 },
  { "{\"name\":\"a\",\"causes\":[1,null,\"x\",[],{}],\"frames_ok\":1e300}\n{\"name\":\"b\"}", 2 },
};

START_TEST (hostile_text_is_no_harm)
{
  g_autoptr (GPtrArray) rows = chs_link_list_parse (hostile[_i].json);

  ck_assert_uint_eq (rows->len, hostile[_i].n);
  for (guint i = 0; i < rows->len; i++) {
    const ChsLinkRow *row = rows->pdata[i];

    ck_assert_uint_eq (row->frames_ok, 0);
    ck_assert_uint_eq (row->frames_bad, 0);
    ck_assert_uint_le (row->n_causes, 1);
    ck_assert (isnan (row->rtt_ms));
  }
}
END_TEST

static Suite *
link_list_suite (void)
{
  Suite *suite = suite_create ("link-list");
  TCase *tc = tcase_create ("rows");

  tcase_add_test (tc, a_link_comes_through);
  tcase_add_loop_test (tc, hostile_text_is_no_harm, 0, G_N_ELEMENTS (hostile));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_list_suite)
