/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model-private.h"

#include "data/ini.h"

#include <math.h>
#include <string.h>

/* Marks a string for xgettext; the screen translates it when it draws. */
#define N_(s) (s)

ChsLinkInfo *
chs_chair_model_find_link (const ChsChairModel *self, uint8_t source)
{
  for (guint i = 0; i < self->links->len; i++) {
    ChsLinkInfo *info = &g_array_index (self->links, ChsLinkInfo, i);

    if (info->source == source)
      return info;
  }
  return NULL;
}

/* Events of a source can come before its first LINK event: in a scenario there is none. */
ChsLinkInfo *
chs_chair_model_ensure_link (ChsChairModel *self, const ChsEvent *event, uint8_t kind)
{
  ChsLinkInfo *info = chs_chair_model_find_link (self, event->source);
  ChsLinkInfo fresh = { .source = event->source, .t_us = event->t_us, .status = { .state = CHS_LINK_UP, .kind = kind } };

  if (info != NULL || self->links->len >= CHS_CHAIR_MAX_LINKS)
    return info;
  return chs_chair_rows_append (self->links, &fresh, CHS_CHAIR_MAX_LINKS);
}

/* ---- what the configuration calls them ---- */

#define LINK_GROUP "link."

static gboolean
on_config_line (guint line G_GNUC_UNUSED, const char *group, const char *key, const char *value, gpointer user_data, GError **error G_GNUC_UNUSED)
{
  ChsLinkLabel label = { .name = "" };

  if (key == NULL || strcmp (key, "label") != 0 || !g_str_has_prefix (group, LINK_GROUP))
    return TRUE;
  chs_text_copy (label.name, sizeof label.name, group + strlen (LINK_GROUP));
  chs_text_copy (label.label, sizeof label.label, value);
  chs_chair_rows_append (user_data, &label, CHS_CHAIR_MAX_LINKS);
  return TRUE;
}

static void
label_link (const ChsChairModel *self, ChsLinkInfo *link)
{
  for (guint i = 0; i < self->labels->len; i++) {
    const ChsLinkLabel *label = &g_array_index (self->labels, ChsLinkLabel, i);

    if (strcmp (label->name, link->status.name) == 0)
      chs_text_copy (link->label, sizeof link->label, label->label);
  }
}

void
chs_chair_model_feed_config (ChsChairModel *self, const ChsEvent *event)
{
  if (strcmp (event->config.name, "chair") != 0)
    return;
  g_array_set_size (self->labels, 0);
  chs_ini_parse (event->config.text, event->config.n, "chair", on_config_line, self->labels, NULL); /* was good when it was recorded */
  for (guint i = 0; i < self->links->len; i++)
    label_link (self, &g_array_index (self->links, ChsLinkInfo, i));
}

/* ---- gaps ---- */

static ChsGap *
open_gap_of (ChsChairModel *self, uint8_t source, uint8_t param)
{
  for (guint i = self->gaps->len; i > 0; i--) {
    ChsGap *gap = &g_array_index (self->gaps, ChsGap, i - 1);

    if (gap->source == source && gap->param == param && gap->to_us == CHS_TIME_NONE)
      return gap;
  }
  return NULL;
}

static void
begin_gap (ChsChairModel *self, const ChsGap *gap)
{
  ChsGap *open = open_gap_of (self, gap->source, gap->param);

  if (open != NULL)
    memcpy (open->why, gap->why, sizeof open->why); /* silent became lost: the same hole */
  else
    chs_chair_rows_append (self->gaps, gap, CHS_CHAIR_MAX_ROWS);
}

static const char *
gap_reason (uint8_t state)
{
  switch ((ChsLinkState) state) {
  case CHS_LINK_SILENT:
    return N_ ("silent");
  case CHS_LINK_LOST:
    return N_ ("link lost");
  case CHS_LINK_FAILED:
    return N_ ("cannot be opened");
  case CHS_LINK_CLOSED:
    return N_ ("link closed");
  case CHS_LINK_CONNECTING:
  case CHS_LINK_UP:
  default:
    return N_ ("no data");
  }
}

static void
lose_source (ChsChairModel *self, uint8_t source, uint8_t kind, int64_t t_us, const char *why)
{
  int64_t last_us = self->last_data_us[source];
  ChsGap gap = { .source = source, .kind = kind, .to_us = CHS_TIME_NONE };

  gap.from_us = last_us != CHS_TIME_NONE ? last_us : t_us;
  chs_text_copy (gap.why, sizeof gap.why, why);
  begin_gap (self, &gap);
  chs_chair_model_lose_flows (self, source, gap.from_us);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    if (self->latest[i].is_present && self->latest[i].source == source)
      chs_chair_model_begin_trend_gap (self, (ChsParam) i);
}

/* ---- what links and instruments say of themselves ---- */

void
chs_chair_model_feed_link (ChsChairModel *self, const ChsEvent *event)
{
  ChsLinkInfo *info = chs_chair_model_ensure_link (self, event, event->link.kind);
  ChsGap *gap = open_gap_of (self, event->source, CHS_PARAM_NONE);

  if (info == NULL)
    return;
  if (info->status.state != event->link.state)
    info->t_us = event->t_us;
  info->status = event->link;
  label_link (self, info);
  chs_chair_model_name_pumps (self, event->source);
  if (event->link.state == CHS_LINK_UP) {
    if (gap != NULL)
      gap->to_us = event->t_us;
  } else if (event->link.state != CHS_LINK_CONNECTING && self->last_data_us[event->source] != CHS_TIME_NONE)
    lose_source (self, event->source, event->link.kind, event->t_us, gap_reason (event->link.state));
}

static void
feed_sensor_off (ChsChairModel *self, const ChsEvent *event)
{
  ChsGap *open = open_gap_of (self, event->source, event->device.param);
  ChsGap gap = { .from_us = event->t_us, .to_us = CHS_TIME_NONE, .source = event->source, .kind = CHS_KIND_MONITOR };

  if (event->device.param == CHS_PARAM_NONE || event->device.param >= CHS_N_PARAMS)
    return;
  /* a monitor also tells of sensors that nobody ever put on: no gap without something before it */
  if (event->device.value > 0.0 && self->latest[event->device.param].is_present) {
    gap.param = event->device.param;
    chs_text_copy (gap.why, sizeof gap.why, N_ ("sensor off"));
    begin_gap (self, &gap);
  } else if (open != NULL)
    open->to_us = event->t_us;
}

void
chs_chair_model_feed_device (ChsChairModel *self, const ChsEvent *event)
{
  ChsLinkInfo *info = chs_chair_model_ensure_link (self, event, CHS_KIND_MONITOR);
  ChsCuffReading failed = { .t_us = event->t_us, .sys = NAN, .dia = NAN, .mean = NAN, .failed = true };

  if (info == NULL)
    return;
  switch ((ChsDeviceCode) event->device.code) {
  case CHS_DEVICE_IDENTITY:
    chs_text_copy (info->identity, sizeof info->identity, event->device.text);
    break;
  case CHS_DEVICE_DEMO:
    info->demo = event->device.value > 0.0;
    break;
  case CHS_DEVICE_BENCH:
    info->bench = true;
    break;
  case CHS_DEVICE_SENSOR_OFF:
    feed_sensor_off (self, event);
    break;
  case CHS_DEVICE_NIBP_FAILED:
    chs_chair_rows_append (self->cuffs, &failed, CHS_CHAIR_MAX_ROWS);
    break;
  case CHS_DEVICE_ALARM:
  case CHS_DEVICE_NIBP_START:
  case CHS_DEVICE_RESTART:
  case CHS_DEVICE_REMOVED:
  case CHS_DEVICE_TEXT:
  case CHS_DEVICE_FROZEN:
  default:
    break;
  }
}

bool
chs_chair_model_is_bench (const ChsChairModel *self, uint8_t source)
{
  for (guint i = 0; i < self->links->len; i++) {
    const ChsLinkInfo *info = &g_array_index (self->links, ChsLinkInfo, i);

    if (info->source == source && info->bench)
      return true;
  }
  return false;
}
