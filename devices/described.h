/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/simulator.h"

#include <gio/gio.h>

/* The described driver: an instrument that prints or answers simple text, told by a
 * key file (*.pumpdef; keys: devices/README.md, "Described instruments") instead of by a
 * program. For gravity drip counters and laboratory pumps.
 *
 * It cannot be made to command anything: a file that listens has no requests at all and
 * its port is opened read-only; a file that asks may only list constant bytes, which
 * somebody has reviewed (reviewed_by), which hold none of the words that command a pump
 * (chs_described_find_control), and which the configuration has confirmed by the file's
 * SHA-256 (option.confirmed). They are the driver's table: tx-guard lets nothing else out.
 *
 * A file is taken whole or refused: "FILE:LINE: what, why". */

#define CHS_DESCRIBED_PREFIX "described:"

typedef struct _ChsDescribed ChsDescribed;

/**
 * chs_described_parse:
 * @text: text of a key file
 * @n: bytes
 * @name: path or name of the file; for messages, and its base name for the id
 * @error: return location, %CHS_INI_ERROR
 *
 * Returns: (transfer full) (nullable): the instrument
 */
ChsDescribed *chs_described_parse (const char *text, gsize n, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          chs_described_free (ChsDescribed *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsDescribed, chs_described_free)

const ChsDriver    *chs_described_get_driver (const ChsDescribed *self);    /* never NULL; valid as long as @self */
const ChsDescribed *chs_described_of (const ChsDriver *driver);             /* (nullable): NULL for a driver of the table */
const ChsSimulator *chs_described_get_simulator (const ChsDescribed *self); /* (nullable): the file has no [sim] */
const char         *chs_described_get_sha256 (const ChsDescribed *self);    /* of the file, 64 hexadecimal digits */
const char         *chs_described_get_text (const ChsDescribed *self, gsize *n); /* of the file, for the recording; @n: (out): bytes */
gboolean            chs_described_is_clinical (const ChsDescribed *self);   /* FALSE: no medical device, and shown as none */

/**
 * chs_described_find_control:
 * @bytes: a request
 * @n: how many
 *
 * The built-in refusal list. It refuses more than it must: a technician who needs a refused query needs a driver of
 * its own, with its own review.
 *
 * Source: the sections "never send" of the notes in shared/protocols
 *
 * Returns: (nullable): why it must never be sent; %NULL when nothing in it is known to command
 */
char *chs_described_find_control (const guint8 *bytes, gsize n) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_described_dup_id:
 * @id: "described:FILE", or the id of a driver of the table
 * @folder: where a relative FILE is
 *
 * Returns: (transfer full): the id with an absolute path; "described:NAME", a shipped file, and other ids as they are
 */
char *chs_described_dup_id (const char *id, const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_driver_resolve:
 * @id: id of a driver of the table; "described:FILE.pumpdef"; "described:NAME", a shipped file of data/share/instruments
 * @error: return location
 *
 * A described instrument is read once for each content of its file and kept until the program ends.
 *
 * Thread:  any
 *
 * Returns: (transfer none) (nullable): the driver
 */
const ChsDriver *chs_driver_resolve (const char *id, GError **error);

/**
 * chs_simulator_resolve:
 * @id: as for chs_driver_resolve()
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the simulator of that instrument
 */
const ChsSimulator *chs_simulator_resolve (const char *id, GError **error);
