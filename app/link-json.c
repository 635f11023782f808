/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/link-json.h"

#include "app/event-json.h"
#include "devices/link-advice.h"

#include <math.h>
#include <string.h>

static void
add_time (GString *out, const char *key, gint64 t_us)
{
  chs_json_number (out, key, t_us == CHS_TIME_NONE ? (double) NAN : (double) t_us / 1000);
}

static void
add_count (GString *out, const char *key, guint64 count)
{
  chs_json_number (out, key, (double) count);
}

static void
add_last_bytes (GString *out, const ChsLinkView *view)
{
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < view->n_last_bytes; i++)
    g_string_append_printf (hex, "%s%02X", i > 0 ? " " : "", view->last_bytes[i]);
  chs_json_text (out, "last_bytes", hex->str);
}

static void
add_causes (GString *out, ChsLink *link, const ChsLinkView *view)
{
  const char *causes[CHS_LINK_ADVICE_MAX];
  guint n = chs_link_advice (view, chs_link_get_driver (link), chs_link_get_address (link), causes);

  chs_json_key (out, "causes");
  g_string_append_c (out, '[');
  for (guint i = 0; i < n; i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    chs_json_quote (out, causes[i]);
  }
  g_string_append_c (out, ']');
}

static void
add_line_errors (GString *out, const ChsLinkView *view)
{
  const struct {
    const char *key;
    guint64     count;
  } errors[] = {
    { "parity_errors", view->line_errors.parity },
    { "framing_errors", view->line_errors.framing },
    { "overruns", view->line_errors.overrun },
    { "breaks", view->line_errors.breaks },
  };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    chs_json_number (out, errors[i].key, view->has_line_errors ? (double) errors[i].count : (double) NAN);
}

void
chs_link_to_json (ChsLink *link, GString *out)
{
  const char *line = strrchr (chs_link_get_address (link), '?');
  ChsLinkView view;

  chs_link_get_view (link, &view);
  g_string_append_c (out, '{');
  chs_json_text (out, "name", chs_link_get_name (link));
  chs_json_text (out, "driver", chs_link_get_driver (link)->id);
  chs_json_text (out, "label", chs_link_get_driver (link)->label);
  chs_json_number (out, "bench", chs_link_get_driver (link)->is_bench);
  chs_json_text (out, "address", chs_link_get_address (link));
  chs_json_text (out, "line", line != NULL ? line + 1 : chs_link_get_driver (link)->line);
  chs_json_text (out, "state", chs_link_state_id (view.state));
  chs_json_text (out, "reason", view.reason);
  chs_json_text (out, "last_error", view.last_error);
  add_causes (out, link, &view);
  add_count (out, "frames_ok", view.counters.frames_ok);
  add_count (out, "frames_bad", view.counters.frames_bad);
  add_count (out, "bytes_skipped", view.counters.bytes_skipped);
  add_count (out, "resyncs", view.counters.resyncs);
  add_count (out, "unknown", view.counters.unknown);
  add_line_errors (out, &view);
  add_count (out, "bytes_rx", view.bytes_rx);
  add_count (out, "bytes_tx", view.bytes_tx);
  add_count (out, "tx_refused", view.tx_refused);
  add_count (out, "events_refused", view.events_refused);
  add_count (out, "floods", view.floods);
  add_count (out, "tries", view.tries);
  add_count (out, "opened", view.opened);
  add_count (out, "reconnects", view.reconnects);
  add_time (out, "last_byte_ms", view.last_byte_us);
  add_time (out, "last_frame_ms", view.last_frame_us);
  add_time (out, "rtt_ms", view.rtt_us);
  add_time (out, "rtt_jitter_ms", view.rtt_jitter_us);
  add_time (out, "poll_ms", view.poll_us);
  add_time (out, "poll_jitter_ms", view.poll_jitter_us);
  chs_json_text (out, "last_frame", view.last_frame);
  add_last_bytes (out, &view);
  g_string_append (out, "}\n");
}
