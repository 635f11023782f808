/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/ini.h"
#include "devices/described.h"
#include "devices/event-check.h"
#include "devices/link.h"
#include "tests/driver-check.h"

#include <math.h>

/* ---- key files ---- */

/* Line numbers of the refusals count from here. */
static const char base[] = "[device]\n"                          /* 1 */
                           "name = Bench pump\n"                 /* 2 */
                           "kind = laboratory\n"                 /* 3 */
                           "clinical = false\n"                  /* 4 */
                           "[serial]\n"                          /* 5 */
                           "baud = 9600\n"                       /* 6 */
                           "[frame]\n"                           /* 7 */
                           "start = <\n"                         /* 8 */
                           "end = \\r\n"                         /* 9 */
                           "checksum = xor8\n"                   /* 10 */
                           "[poll]\n"                            /* 11 */
                           "mode = query\n"                      /* 12 */
                           "queries = status\\r;volume?\\r\n"    /* 13 */
                           "reviewed_by = A. Tester, 2026-01-31\n" /* 14 */
                           "[field.rate]\n"                      /* 15 */
                           "regex = ^R=([0-9.]+);S=.\n"          /* 16 */
                           "unit = ml/min\n"                     /* 17 */
                           "[field.state]\n"                     /* 18 */
                           "regex = ;S=(.)\n"                    /* 19 */
                           "map = 0=stopped;1=infusing;X=alarm.occlusion\n" /* 20 */
                           "[field.volume]\n"                    /* 21 */
                           "regex = ^V=([0-9.]+)$\n"             /* 22 */
                           "unit = ml\n"                         /* 23 */
                           "[alarm.air]\n"                       /* 24 */
                           "regex = AIR\n"                       /* 25 */
                           "[sim]\n"                             /* 26 */
                           "reply.1 = R=%{rate:4};S=%{state}\n"  /* 27 */
                           "reply.2 = V=%{volume:2}\n";          /* 28 */

static char *
dup_changed (const char *from, const char *to)
{
  GString *text = g_string_new (base);

  ck_assert_msg (from == NULL || g_string_replace (text, from, to, 1) == 1, "\"%s\" is not in the file", from);
  return g_string_free (text, FALSE);
}

static ChsDescribed *
parse (const char *text, GError **error)
{
  return chs_described_parse (text, strlen (text), "bench.pumpdef", error);
}

static const struct {
  const char *from, *to;
  guint       line;
  const char *reason;
} broken[] = {
  { "name = Bench pump\n", "", 1, "no name" },
  { "name = Bench pump", "name =", 2, "1 to 40" },
  { "kind = laboratory\n", "", 1, "no kind" },
  { "kind = laboratory", "kind = magic", 3, "laboratory" },
  { "clinical = false\n", "", 1, "clinical" },
  { "clinical = false", "clinical = maybe", 4, "maybe" },
  { "clinical = false", "clinical = true", 1, "no medical device" },
  { "baud = 9600\n", "", 1, "no baud" },
  { "baud = 9600", "baud = 12", 6, "300 to 921600" },
  { "baud = 9600", "bauds = 9600", 6, "baud" },
  { "baud = 9600", "baud = 9600\nbits = 9", 7, "7 to 8" },
  { "baud = 9600", "baud = 9600\nparity = mark", 7, "mark" },
  { "baud = 9600", "baud = 9600\nflow = rtscts", 7, "none" },
  { "start = <", "start = \\q", 8, "\\xHH" },
  { "start = <", "start = 12345", 8, "at most 4" },
  { "end = \\r\n", "", 7, "never ends" },
  { "end = \\r", "end = \\r\nmax = 4000", 10, "1024" },
  { "checksum = xor8", "checksum = md5", 10, "md5" },
  { "checksum = xor8", "checksum = xor8\nchecksum_form = raw", 7, "idle_ms" },
  { "checksum = xor8", "checksum = sum16", 7, "too short" },
  { "[frame]\nstart = <\nend = \\r\nchecksum = xor8\n", "", 1, "[frame] is missing" },
  { "mode = query", "mode = talk", 12, "listen" },
  { "mode = query", "mode = listen", 11, "never sends" },
  { "queries = status\\r;volume?\\r\n", "", 11, "no queries" },
  { "reviewed_by = A. Tester, 2026-01-31\n", "", 11, "nobody has reviewed" },
  { "reviewed_by = A. Tester, 2026-01-31", "reviewed_by =", 11, "nobody has reviewed" },
  { "reviewed_by = A. Tester, 2026-01-31", "reviewed_by = yes", 11, "NAME, YYYY-MM-DD" },
  { "reviewed_by = A. Tester, 2026-01-31", "reviewed_by = , 2026-01-31", 11, "NAME, YYYY-MM-DD" },
  { "volume?\\r", "volume?\\z", 13, "escape" },
  { ";volume?\\r", ";", 13, "1 to 64" },
  { ";volume?\\r", ";\\r", 13, "bare carriage return" },
  { ";volume?\\r", ";\\x05\\x80", 13, "0x80" },
  { ";volume?\\r", ";stop\\r", 13, "never sent" },
  { ";volume?\\r", ";a;b;c;d;e;f;g;h", 13, "more than 8" },
  { "mode = query", "mode = query\ninterval_ms = 10", 13, "200 to 60000" },
  { "mode = query", "mode = query\nlost_ms = 600\ntimeout_ms = 700", 11, "timeout_ms" },
  { "[field.rate]", "[field.speed]", 15, "speed" },
  { "regex = ^R=([0-9.]+);S=.\n", "", 15, "no regex" },
  { "regex = ^R=([0-9.]+);S=.", "regex = ^R=([0-9.]+", 16, "cannot be understood" },
  { "regex = ^R=([0-9.]+);S=.", "regex = (*LIMIT_MATCH=99999999)a", 16, "rules of its own" },
  { "regex = ^R=([0-9.]+);S=.", "regex = ^R=[0-9.]+", 15, "group is 1" },
  { "unit = ml/min", "unit = gallons", 15, "gallons" },
  { "unit = ml/min\n", "", 15, "no unit" },
  { "unit = ml/min", "unit = ml/min\nscale = 0", 18, "the same" },
  { "unit = ml/min", "unit = ml/min\nscale = 1,5", 18, "no number" },
  { "unit = ml/min", "unit = ml/min\ntype = text", 15, "type text" },
  { "unit = ml/min", "unit = ml/min\ntype = time", 15, "no time" },
  { "unit = ml/min", "unit = ml/min\nquery = 3", 15, "there are 2" },
  { "map = 0=stopped;1=infusing;X=alarm.occlusion\n", "", 18, "no map" },
  { "1=infusing", "1=flying", 20, "flying" },
  { "1=infusing", "infusing", 20, "KEY=STATE" },
  { "alarm.occlusion", "alarm.bubbles", 20, "bubbles" },
  { "[alarm.air]", "[alarm.airr]", 24, "air" },
  { "[alarm.air]\nregex = AIR", "[alarm.air]\npriority = high", 25, "priority" },
  { "[sim]", "[simulator]", 26, "simulator" },
  { "%{rate:4}", "%{speed}", 26, "no field" },
  { "%{rate:4}", "%d", 26, "%%" },
  { "%{rate:4}", "%{rate:44}", 26, "DECIMALS" },
  { "reply.2", "reply.3", 26, "not there" },
  { "[sim]", "[drip]\nno_drops_s = 20\n[sim]", 26, "kind = drip" },
  { "name = Bench pump", "name = Bench \xff pump", 2, "UTF-8" },
};

START_TEST (a_broken_file_is_refused_with_line_and_reason)
{
  g_autofree char *text = dup_changed (broken[_i].from, broken[_i].to);
  g_autofree char *place = g_strdup_printf ("bench.pumpdef:%u: ", broken[_i].line);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDescribed) described = parse (text, &error);

  ck_assert_msg (described == NULL, "\"%s\" was taken", broken[_i].to);
  ck_assert_msg (g_str_has_prefix (error->message, place) && strstr (error->message, broken[_i].reason) != NULL,
                 "\"%s\": %s", broken[_i].to, error->message);
}
END_TEST

static ChsDescribed *
parse_good (const char *from, const char *to)
{
  g_autofree char *text = dup_changed (from, to);
  g_autoptr (GError) error = NULL;
  ChsDescribed *described = parse (text, &error);

  ck_assert_msg (described != NULL, "%s", error != NULL ? error->message : "");
  return described;
}

/* ---- nothing that commands ---- */

static const char *const control[] = {
  "RUN", "STP", "STOP", "START", "STRT", "INF_START", "INF_RATE^100.0", "INF_VTBI^50", "INF_BOLUS", "INF_VI_CLEAR", "REMOTE_CTRL",
  "REMOTE_CFG", "REMQUERY", "RATE=10", "VTBI", "BOLST", "BOLSIZ=1", "PRIRATE=10", "PRIVTBI=10", "EXIT", "CHGR100", "CHKR100",
  "ZTOT", "I", "O", "P", "MO", "MO;2", "PR;100", "PO", "PB;10", "PF", "PV;100", "RV", "PP;5", "PS", "EP", "AP", "EN", "RZ", "OF", "SI",
  "CNTLREQ", "CNTLREQ,1", "INFPROG,1,100", "INFPAUS", "INFRESM", "W0", "W3", "WA", "W30000", "K", "KE", "KE0", "KEA", "run", "stp",
  "rev", "mlh 100", "mlm", "ulh", "ulm", "mmd 10", "mlt", "clv", "clt", "irun", "wrun", "rrun", "irate 10 ml/h", "irate max",
  "wrate 10 ml/h", "tvolume 5 ml", "diameter 10", "syrm bdp 10", "civolume", "cwvolume", "ctvolume", "nvram on", "load 1", "addr 1",
  "baud 9600", "echo on", "force 30", "poll on", "mode i", "dir inf", "RUN1", "PUR", "RAT100", "RAT100MH", "RATI10", "VOL10", "VOLML",
  "DIA10", "DIRINF", "DIRREV", "CLDINF", "CLDWDR", "SAF10", "PHN1", "FUNRAT", "FUNSTP", "ADR1", "BP1", "AL1", "PF0", "LOC1", "TRGFT",
  "OUT51", "pause", "restart", "set rate 1", "set volume 1", "set diameter 10", "set units 1", "hexw2 1", "1start", "3 stop",
};

static const char *const dresses[] = { "%s", "%s\r", "%s\r\n", "<%s>", "\x02%s\x03", "!%s|38F3\r", "00%s\r", " %s", "%s;" };

START_TEST (a_control_word_is_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (dresses); i++) {
    g_autofree char *plain = g_strdup_printf (dresses[i], control[_i]);
    g_autofree char *shouted = g_ascii_strup (plain, -1), *whispered = g_ascii_strdown (plain, -1);
    const char *forms[] = { plain, shouted, whispered };

    for (guint k = 0; k < G_N_ELEMENTS (forms); k++) {
      g_autofree char *why = chs_described_find_control ((const guint8 *) forms[k], strlen (forms[k]));

      ck_assert_msg (why != NULL, "\"%s\" would be sent", forms[k]);
    }
  }
}
END_TEST

/* In a file, too, whatever the escapes. */
START_TEST (a_control_word_in_a_file_is_refused)
{
  g_autoptr (GString) hidden = g_string_new ("queries = status\\r;");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDescribed) described = NULL;

  for (const char *c = control[_i]; *c != '\0'; c++)
    g_string_append_printf (hidden, "\\x%02x", (guint8) *c);
  text = dup_changed ("queries = status\\r;volume?\\r", hidden->str);
  described = parse (text, &error);
  ck_assert_msg (described == NULL, "\"%s\" was taken", control[_i]);
  ck_assert_ptr_nonnull (strstr (error->message, "bench.pumpdef:13: "));
}
END_TEST

static const char *const readings[] = {
  "status\r", "pump status\r", "dispensed volume\r", "elapsed time\r", "view parameter\r", "read limit parameter\r", "help\r",
  "version\r", "volume?\r", "rate?\r", "\x02R385\x03", "\x02R789\x03", "\x02RSA5\x03", "\x05",
};

START_TEST (a_reading_is_not_refused)
{
  g_autofree char *why = chs_described_find_control ((const guint8 *) readings[_i], strlen (readings[_i]));

  ck_assert_msg (why == NULL, "\"%s\": %s", readings[_i], why);
}
END_TEST

START_TEST (its_queries_are_its_table)
{
  g_autoptr (ChsDescribed) described = parse_good (NULL, NULL);
  const ChsDriver *driver = chs_described_get_driver (described);

  ck_assert_int_eq (driver->access, CHS_ACCESS_QUERY);
  ck_assert_uint_eq (driver->n_queries, 2);
  ck_assert (chs_tx_guard_match (&driver->queries[0], (const guint8 *) "status\r", 7));
  ck_assert (!chs_tx_guard_match (&driver->queries[0], (const guint8 *) "status", 6));
  ck_assert (!chs_tx_guard_match (&driver->queries[0], (const guint8 *) "status\rx", 8));
  ck_assert_ptr_nonnull (strstr (driver->queries[0].note, "A. Tester, 2026-01-31"));
}
END_TEST

static const char listening[] = "[device]\nname = Counter\nkind = drip\nclinical = false\n[serial]\nbaud = 9600\nbits = 7\nparity = even\n"
                                "[frame]\nend = \\r\\n\nidle_ms = 100\n[poll]\nmode = listen\nlost_ms = 3000\n"
                                "[drip]\nno_drops_s = 20\nfree_flow_s = 10\n"
                                "[field.rate]\nregex = ^D([0-9]+)\nunit = drops/min\n"
                                "[field.remaining]\nregex = T([0-9:]+)\ntype = time\nunit = s\n"
                                "[field.volume]\nregex = V(\\S+)\nunit = ml\n";

START_TEST (a_listener_has_no_way_out)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  const ChsDriver *driver = chs_described_get_driver (described);

  ck_assert_int_eq (driver->access, CHS_ACCESS_LISTEN);
  ck_assert_uint_eq (driver->n_queries, 0);
  ck_assert_ptr_null (driver->queries);
  ck_assert_str_eq (driver->line, "9600/7e1");
}
END_TEST

/* ---- what a link still lacks ---- */

static void
on_link_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
}

static char *
dup_refusal (const ChsDescribed *described, const char *const *options)
{
  const ChsLinkConfig config = { .name = "pump1", .address = "tcp:127.0.0.1:1", .driver = "", .options = options };
  ChsStepClock clock;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsLink) link = NULL;

  chs_step_clock_init (&clock, 0, 0);
  link = chs_link_new_for_driver (&config, chs_described_get_driver (described), 1, &clock.clock, NULL, on_link_event, NULL, &error);
  return link == NULL ? g_strdup (error->message) : NULL;
}

START_TEST (a_file_that_asks_wants_to_be_confirmed)
{
  g_autoptr (ChsDescribed) described = parse_good (NULL, NULL), other = parse_good ("Bench pump", "Bench pomp");
  g_autofree char *right = g_strconcat ("confirmed=", chs_described_get_sha256 (described), NULL);
  g_autofree char *wrong = g_strconcat ("confirmed=", chs_described_get_sha256 (other), NULL);
  g_autofree char *without = dup_refusal (described, (const char *const[]) { NULL });
  g_autofree char *of_another = dup_refusal (described, (const char *const[]) { wrong, NULL });
  g_autofree char *with = dup_refusal (described, (const char *const[]) { right, NULL });

  ck_assert_ptr_nonnull (strstr (without, "option.confirmed"));
  ck_assert_ptr_nonnull (strstr (of_another, "confirmed="));
  ck_assert_ptr_null (with);
}
END_TEST

START_TEST (drops_want_their_factor)
{
  static const char *const bad[] = { "", "1", "2", "25", "20.0", " 20", "100" };
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  g_autofree char *without = dup_refusal (described, (const char *const[]) { NULL });
  g_autofree char *with = dup_refusal (described, (const char *const[]) { "drop_factor=60", NULL });

  ck_assert_ptr_nonnull (strstr (without, "drop_factor"));
  ck_assert_ptr_null (with);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *option = g_strconcat ("drop_factor=", bad[i], NULL);
    g_autofree char *refusal = dup_refusal (described, (const char *const[]) { option, NULL });

    ck_assert_msg (refusal != NULL, "\"%s\" is no drop factor", bad[i]);
  }
}
END_TEST

/* ---- decoding ---- */

typedef struct {
  ChsSink       sink;
  const ChsDriver *driver;
  gpointer      state;
  ChsPumpStatus last;
  guint         n_pump, n_requests;
  char          text[64];  /* of the last device condition */
  gint64        now_us;
  GByteArray   *sent;
} Bed;

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Bed *self = sink->user;
  ChsEvent copy = *event;

  ck_assert (chs_event_check (&copy));
  if (event->type == CHS_EVENT_PUMP) {
    self->last = copy.pump;
    self->n_pump++;
  } else if (event->type == CHS_EVENT_DEVICE)
    chs_text_copy (self->text, sizeof self->text, event->device.text);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  Bed *self = sink->user;

  ck_assert (chs_tx_guard_match (&self->driver->queries[query], payload, n));
  self->n_requests++;
  g_byte_array_append (self->sent, payload, (guint) n);
}

static void
bed_open (Bed *self, const ChsDescribed *described, const char *option, const char *value)
{
  *self = (Bed) { .sink = { .event = on_event, .request = on_request }, .driver = chs_described_get_driver (described) };
  self->sink.user = self;
  self->sent = g_byte_array_new ();
  self->state = g_malloc0 (self->driver->state_size);
  self->driver->bind (self->state, self->driver);
  if (option != NULL)
    ck_assert (self->driver->option (self->state, option, value));
  self->driver->opened (self->state, 0, &self->sink);
}

static void
bed_close (Bed *self)
{
  g_free (self->state);
  g_byte_array_unref (self->sent);
}

static void
say (Bed *self, const char *text)
{
  self->driver->feed (self->state, (const uint8_t *) text, strlen (text), self->now_us, &self->sink);
}

static void
pass (Bed *self, double seconds)
{
  for (gint64 end_us = self->now_us + (gint64) (seconds * 1e6); self->now_us < end_us;) {
    self->now_us += 50000;
    self->driver->tick (self->state, self->now_us, &self->sink);
  }
}

START_TEST (lines_become_values)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, "drop_factor", "20");
  say (&bed, "1 V9 T0:01\r\n"); /* began before we listened */
  ck_assert_uint_eq (bed.n_pump, 0);
  say (&bed, "D4");
  say (&bed, "0 V12.5 T1:02:03\r");
  say (&bed, "\n");
  ck_assert_uint_eq (bed.n_pump, 1);
  ck_assert_double_eq_tol (bed.last.rate_ml_h, 40 * 60 / 20.0, 1e-9);
  ck_assert_double_eq_tol (bed.last.volume_ml, 12.5, 1e-9);
  ck_assert_double_eq_tol (bed.last.remaining_s, 3723, 1e-9);
  ck_assert_int_eq (bed.last.state, CHS_PUMP_INFUSING);
  ck_assert_str_eq (bed.text, "Counter (not a medical device)");
  ck_assert (isnan (bed.last.vtbi_ml) && isnan (bed.last.pressure));
  bed_close (&bed);
}
END_TEST

START_TEST (without_a_drop_factor_there_is_no_rate)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, NULL, NULL);
  say (&bed, "\r\nD40 V1\r\n");
  ck_assert_uint_eq (bed.n_pump, 1);
  ck_assert (isnan (bed.last.rate_ml_h));
  bed_close (&bed);
}
END_TEST

START_TEST (half_a_line_is_no_value)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, "drop_factor", "20");
  say (&bed, "\r\nD4");
  pass (&bed, 0.3);
  ck_assert_uint_eq (bed.n_pump, 0);
  ck_assert_uint_eq (bed.driver->counters (bed.state)->frames_bad, 1);
  say (&bed, "D60\r\n");
  ck_assert_double_eq_tol (bed.last.rate_ml_h, 180, 1e-9);
  bed_close (&bed);
}
END_TEST

START_TEST (what_is_not_told_any_more_is_absent)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, "drop_factor", "20");
  say (&bed, "\r\nD40 V1\r\n");
  pass (&bed, 2);
  say (&bed, "D40\r\n");
  ck_assert_double_eq_tol (bed.last.volume_ml, 1, 1e-9);
  pass (&bed, 2);
  say (&bed, "D40\r\n");
  ck_assert (isnan (bed.last.volume_ml));
  bed_close (&bed);
}
END_TEST

START_TEST (the_implausible_is_not_used)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, "drop_factor", "10");
  say (&bed, "\r\nD40 V100\r\n");
  say (&bed, "D400 V100\r\n"); /* 2400 mL/h */
  ck_assert (isnan (bed.last.rate_ml_h));
  ck_assert_ptr_nonnull (strstr (bed.last.text, "implausible rate"));
  ck_assert_ptr_nonnull (strstr (bed.text, "implausible rate"));
  say (&bed, "D40 V91\r\n");
  ck_assert_double_eq_tol (bed.last.volume_ml, 91, 1e-9);
  say (&bed, "D40 V1\r\n");
  ck_assert (isnan (bed.last.volume_ml));
  ck_assert_double_eq_tol (bed.last.rate_ml_h, 240, 1e-9);
  pass (&bed, 4); /* it stays: somebody reset it */
  say (&bed, "D40 V1\r\n");
  ck_assert_double_eq_tol (bed.last.volume_ml, 1, 1e-9);
  bed_close (&bed);
}
END_TEST

START_TEST (drops_that_stop_or_double_are_told)
{
  g_autoptr (ChsDescribed) described = parse (listening, NULL);
  Bed bed;

  bed_open (&bed, described, "drop_factor", "20");
  say (&bed, "\r\nD40\r\n");
  pass (&bed, 5);
  say (&bed, "D79\r\n");
  ck_assert_uint_eq (bed.last.alarms, 0);
  pass (&bed, 2);
  say (&bed, "D80\r\n");
  ck_assert_uint_eq (bed.last.alarms, CHS_PUMP_ALARM_FREE_FLOW);
  pass (&bed, 11);
  say (&bed, "D80\r\n");
  ck_assert_uint_eq (bed.last.alarms, 0);
  pass (&bed, 19);
  say (&bed, "D0\r\n");
  ck_assert_uint_eq (bed.last.alarms, 0);
  pass (&bed, 1);
  say (&bed, "D0\r\n");
  ck_assert_uint_eq (bed.last.alarms, CHS_PUMP_ALARM_DROP);
  bed_close (&bed);
}
END_TEST

/* An expression that would try for ever gives up, and the frame has no value. */
START_TEST (an_expression_cannot_stop_the_monitor)
{
  g_autofree char *text = g_strdup (listening);
  g_autoptr (GString) evil = g_string_new (text);
  g_autoptr (ChsDescribed) described = NULL;
  g_autoptr (GString) line = g_string_new ("\r\n");
  gint64 before_us;
  Bed bed;

  g_string_replace (evil, "^D([0-9]+)", "^((a+)+)+$", 1);
  described = parse (evil->str, NULL);
  ck_assert_ptr_nonnull (described);
  for (guint i = 0; i < 200; i++)
    g_string_append_c (line, 'a');
  g_string_append (line, "!\r\n");
  bed_open (&bed, described, "drop_factor", "20");
  before_us = g_get_monotonic_time ();
  say (&bed, line->str);
  ck_assert_int_lt (g_get_monotonic_time () - before_us, 2 * G_USEC_PER_SEC);
  ck_assert_uint_eq (bed.n_pump, 0);
  ck_assert_uint_eq (bed.driver->counters (bed.state)->unknown, 1);
  bed_close (&bed);
}
END_TEST

/* ---- checksums: "123456789" is known for each of them ---- */

static const struct {
  const char *sum, *form, *frame;
} sums[] = {
  { "sum8", "hex2", "123456789DD" },       { "xor8", "hex2", "12345678931" },   { "ff-sum8", "hex2", "12345678922" },
  { "sum16", "hex4", "12345678901DD" },    { "sum16", "dec5", "12345678900477" }, { "crc16-ccitt-false", "hex4", "12345678929B1" },
  { "crc16-xmodem", "hex4", "12345678931C3" }, { "crc16-modbus", "hex4", "1234567894B37" }, { "crc16-modbus", "raw", "123456789\x37\x4B" },
  { "xor8", "raw", "123456789\x31" },
};

START_TEST (a_checksum_is_held_against_what_came)
{
  g_autofree char *text = g_strdup_printf ("[device]\nname = Sum\nkind = laboratory\nclinical = false\n[serial]\nbaud = 9600\n[frame]\nend =\n"
                                           "idle_ms = 50\nchecksum = %s\nchecksum_form = %s\n[poll]\nmode = listen\n"
                                           "[field.volume]\nregex = ^([0-9]+)$\nunit = ul\n", sums[_i].sum, sums[_i].form);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsDescribed) described = parse (text, &error);
  g_autofree char *flipped = g_strdup (sums[_i].frame);
  Bed bed;

  ck_assert_msg (described != NULL, "%s", error != NULL ? error->message : "");
  bed_open (&bed, described, NULL, NULL);
  say (&bed, sums[_i].frame);
  pass (&bed, 0.2);
  ck_assert_msg (bed.n_pump == 1, "%s %s", sums[_i].sum, sums[_i].form);
  ck_assert_double_eq_tol (bed.last.volume_ml, 123456.789, 1e-6);
  flipped[3] ^= 1;
  say (&bed, flipped);
  pass (&bed, 0.2);
  ck_assert_uint_eq (bed.n_pump, 1);
  ck_assert_uint_eq (bed.driver->counters (bed.state)->frames_bad, 1);
  bed_close (&bed);
}
END_TEST

/* ---- with its own simulator ---- */

typedef struct {
  Bed bed;
  const ChsSimulator *simulator;
  gpointer sim;
  ChsSimPatient patient;
  gsize piece;
} Talk;

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Talk *self = out->user;

  for (gsize done = 0; done < n; done += self->piece)
    self->bed.driver->feed (self->bed.state, bytes + done, MIN (self->piece, n - done), self->bed.now_us, &self->bed.sink);
}

static void
talk_open (Talk *self, const ChsDescribed *described, const char *option, const char *value)
{
  bed_open (&self->bed, described, option, value);
  self->piece = 3;
  self->simulator = chs_described_get_simulator (described);
  ck_assert_ptr_nonnull (self->simulator);
  self->sim = g_malloc0 (self->simulator->state_size);
  self->simulator->bind (self->sim, self->simulator);
  chs_sim_patient_init (&self->patient);
  self->patient.pumps[0].state = CHS_PUMP_INFUSING;
  self->patient.pumps[0].rate_ml_h = 120;
  self->patient.pumps[0].volume_ml = 12.5;
  self->patient.pumps[0].pressure_mmhg = 155;
  self->simulator->start (self->sim, &self->patient, 1, 0);
}

static void
talk_run (Talk *self, double seconds)
{
  Bed *bed = &self->bed;
  ChsSimOut out = { .write = on_write, .user = self };

  for (gint64 end_us = bed->now_us + (gint64) (seconds * 1e6); bed->now_us < end_us; bed->now_us += 20000) {
    bed->driver->tick (bed->state, bed->now_us, &bed->sink);
    if (bed->sent->len > 0 && self->simulator->feed != NULL) {
      g_autoptr (GByteArray) sent = bed->sent;

      bed->sent = g_byte_array_new ();
      self->simulator->feed (self->sim, &self->patient, sent->data, sent->len, bed->now_us, &out);
    }
    self->simulator->tick (self->sim, &self->patient, bed->now_us, &out);
  }
}

static void
talk_close (Talk *self)
{
  bed_close (&self->bed);
  g_free (self->sim);
}

START_TEST (driver_and_simulator_agree)
{
  g_autoptr (ChsDescribed) described = parse_good (NULL, NULL);
  Talk talk;

  talk_open (&talk, described, "confirmed", chs_described_get_sha256 (described));
  talk_run (&talk, 5);
  ck_assert_uint_ge (talk.bed.n_pump, 4);
  ck_assert_double_eq_tol (talk.bed.last.rate_ml_h, 120, 0.01);
  ck_assert_double_eq_tol (talk.bed.last.volume_ml, 12.5, 0.01);
  ck_assert_int_eq (talk.bed.last.state, CHS_PUMP_INFUSING);
  talk.patient.pumps[0].state = CHS_PUMP_ALARM;
  talk.patient.pumps[0].alarms = CHS_PUMP_ALARM_OCCLUSION;
  talk_run (&talk, 2);
  ck_assert_int_eq (talk.bed.last.state, CHS_PUMP_ALARM);
  ck_assert_uint_eq (talk.bed.last.alarms, CHS_PUMP_ALARM_OCCLUSION);
  ck_assert_uint_eq (talk.bed.driver->counters (talk.bed.state)->frames_bad, 0);
  talk_close (&talk);
}
END_TEST

START_TEST (unconfirmed_it_sends_nothing)
{
  g_autoptr (ChsDescribed) described = parse_good (NULL, NULL);
  Talk talk;

  talk_open (&talk, described, NULL, NULL);
  talk_run (&talk, 10);
  ck_assert_uint_eq (talk.bed.n_requests, 0);
  ck_assert_uint_eq (talk.bed.n_pump, 0);
  talk_close (&talk);
}
END_TEST

/* A pump that falls silent: a question, a wait, a quiet time; never a burst. */
START_TEST (silence_is_asked_slowly)
{
  g_autoptr (ChsDescribed) described = parse_good (NULL, NULL);
  Talk talk;

  talk_open (&talk, described, "confirmed", chs_described_get_sha256 (described));
  talk.patient.pump_on = false;
  talk_run (&talk, 20);
  ck_assert_uint_ge (talk.bed.n_requests, 5);
  ck_assert_uint_le (talk.bed.n_requests, 20);
  talk_close (&talk);
}
END_TEST

/* ---- what is shipped ---- */

static ChsDescribed *
load_shipped (const char *name, const char *review)
{
  g_autofree char *path = g_strconcat (g_getenv ("CHS_TEST_SHARE"), "/instruments/", name, ".pumpdef", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) reviewed = NULL;
  g_autoptr (GError) error = NULL;
  ChsDescribed *described;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  reviewed = g_string_new (text);
  if (review != NULL)
    g_string_replace (reviewed, "reviewed_by =\n", review, 1);
  described = chs_described_parse (reviewed->str, reviewed->len, path, &error);
  ck_assert_msg (described != NULL || review == NULL, "%s", error != NULL ? error->message : "");
  ck_assert (described != NULL || strstr (error->message, "nobody has reviewed") != NULL);
  return described;
}

#define REVIEW "reviewed_by = A. Tester, 2026-01-31\n"

START_TEST (shipped_files_that_ask_wait_for_their_review)
{
  ck_assert_ptr_null (load_shipped ("chemyx", NULL));
  ck_assert_ptr_null (load_shipped ("zyno-miva", NULL));
}
END_TEST

START_TEST (the_shipped_drip_counter_counts)
{
  g_autoptr (GError) error = NULL;
  const ChsDriver *driver = chs_driver_resolve ("described:drip-counter", &error);
  g_autoptr (ChsDescribed) described = load_shipped ("drip-counter", "");
  Talk talk;

  ck_assert_msg (driver != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq (driver->id, "described:drip-counter");
  ck_assert (!chs_described_is_clinical (chs_described_of (driver)));
  ck_assert_ptr_null (chs_described_of (chs_driver_find ("ivy-450c")));
  talk_open (&talk, described, "drop_factor", "20");
  talk_run (&talk, 5);
  ck_assert_double_eq_tol (talk.bed.last.rate_ml_h, 120, 0.01);
  ck_assert_double_eq_tol (talk.bed.last.volume_ml, 12.5, 0.03);
  ck_assert_double_eq_tol (talk.bed.last.pressure, 155, 0.5);
  talk_close (&talk);
}
END_TEST

START_TEST (the_shipped_chemyx_answers)
{
  g_autoptr (ChsDescribed) described = load_shipped ("chemyx", REVIEW);
  Talk talk;

  talk_open (&talk, described, "confirmed", chs_described_get_sha256 (described));
  talk_run (&talk, 10);
  ck_assert_int_eq (talk.bed.last.state, CHS_PUMP_INFUSING);
  ck_assert_double_eq_tol (talk.bed.last.volume_ml, 12.5, 0.001);
  talk_close (&talk);
}
END_TEST

START_TEST (the_shipped_zyno_answers)
{
  g_autoptr (ChsDescribed) described = load_shipped ("zyno-miva", REVIEW);
  const ChsDriver *driver = chs_described_get_driver (described);
  Talk talk;

  /* The computed frames of the note. */
  ck_assert_int_eq (memcmp (driver->queries[0].parts[0].bytes, "\x02\x52\x33\x38\x35\x03", 6), 0);
  ck_assert_int_eq (memcmp (driver->queries[1].parts[0].bytes, "\x02\x52\x37\x38\x39\x03", 6), 0);
  ck_assert_int_eq (memcmp (driver->queries[2].parts[0].bytes, "\x02\x52\x53\x41\x35\x03", 6), 0);
  talk_open (&talk, described, "confirmed", chs_described_get_sha256 (described));
  talk_run (&talk, 5);
  ck_assert_double_eq_tol (talk.bed.last.volume_ml, 12.5, 0.001);
  ck_assert (isnan (talk.bed.last.rate_ml_h));
  ck_assert_str_eq (talk.bed.last.serial, "SIM0001");
  talk_close (&talk);
}
END_TEST

static Suite *
described_suite (void)
{
  Suite *suite = suite_create ("described");
  TCase *tc = tcase_create ("files");
  TCase *decoding = tcase_create ("decoding");

  tcase_add_loop_test (tc, a_broken_file_is_refused_with_line_and_reason, 0, G_N_ELEMENTS (broken));
  tcase_add_loop_test (tc, a_control_word_is_refused, 0, G_N_ELEMENTS (control));
  tcase_add_loop_test (tc, a_control_word_in_a_file_is_refused, 0, G_N_ELEMENTS (control));
  tcase_add_loop_test (tc, a_reading_is_not_refused, 0, G_N_ELEMENTS (readings));
  tcase_add_test (tc, its_queries_are_its_table);
  tcase_add_test (tc, a_listener_has_no_way_out);
  tcase_add_test (tc, a_file_that_asks_wants_to_be_confirmed);
  tcase_add_test (tc, drops_want_their_factor);
  suite_add_tcase (suite, tc);
  tcase_add_test (decoding, lines_become_values);
  tcase_add_test (decoding, without_a_drop_factor_there_is_no_rate);
  tcase_add_test (decoding, half_a_line_is_no_value);
  tcase_add_test (decoding, what_is_not_told_any_more_is_absent);
  tcase_add_test (decoding, the_implausible_is_not_used);
  tcase_add_test (decoding, drops_that_stop_or_double_are_told);
  tcase_add_test (decoding, an_expression_cannot_stop_the_monitor);
  tcase_add_loop_test (decoding, a_checksum_is_held_against_what_came, 0, G_N_ELEMENTS (sums));
  tcase_add_test (decoding, driver_and_simulator_agree);
  tcase_add_test (decoding, unconfirmed_it_sends_nothing);
  tcase_add_test (decoding, silence_is_asked_slowly);
  tcase_add_test (decoding, shipped_files_that_ask_wait_for_their_review);
  tcase_add_test (decoding, the_shipped_drip_counter_counts);
  tcase_add_test (decoding, the_shipped_chemyx_answers);
  tcase_add_test (decoding, the_shipped_zyno_answers);
  suite_add_tcase (suite, decoding);
  return suite;
}

CHS_CHECK_MAIN (described_suite)
