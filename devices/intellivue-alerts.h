/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/intellivue-codec.h"

/* The alarms of an IntelliVue: it sends lists of those that are active; a beginning and an end are told once each
 * (section 9 of shared/protocols/intellivue-mib.md). */

#define CHS_IV_ALERTS 24

typedef struct {
  uint16_t source, code, type;
  bool     still; /* seen in the list being read */
  char     text[64];
} ChsIvAlert;

typedef struct {
  ChsIvAlert alerts[CHS_IV_ALERTS];
  unsigned   n_alerts;
} ChsIvAlerts; /* zeroed at first */

/**
 * chs_iv_alerts_object:
 * @self: what is active
 * @object: the alert monitor; used up
 * @sink: where beginnings and ends go
 */
void chs_iv_alerts_object (ChsIvAlerts *self, ChsIvObject *object, ChsSink *sink);
