/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* A recording without the person: for teaching, research and the maker of a decoder.
 *
 * Dates move by whole days into the past, up to ten years, by the same number for all sessions of a patient; the time of
 * day and all distances in time stay. Patient, session, chair, operators and instruments get other names. Free texts go, or
 * stay by choice: which text is what, and that an unknown one goes, is in deidentify-text.h. The raw bytes of the lines go, or stay by choice (personal data of the protocols that send any was masked when they were
 * recorded; serial numbers and clocks of instruments stand in them). Network addresses, configuration, reasons of lost links,
 * serial numbers and identity of instruments go. What was done, and what is still in it, is in the new recording as
 * a CONFIG event "deidentified".
 *
 * The same key gives the same number of days and the same names in every run; who has it can go back from a guess of
 * the patient's identification to the date. Without a key file a random key is used and forgotten.
 *
 * This is no proof of anonymity: a rare therapy on a rare day can be known to somebody. */

#define CHS_DEIDENTIFY_CONFIG "deidentified"
#define CHS_DEIDENTIFY_KEY_BYTES 32

typedef struct {
  gboolean keep_notes; /* free texts: of the nurse, of pumps and instruments, of imported files, of markers */
  gboolean keep_raw;   /* bytes of the lines, as recorded */
  guint8   key[CHS_DEIDENTIFY_KEY_BYTES];
} ChsDeidentify;

/**
 * chs_deidentify_init:
 * @self: (out): nothing is kept that can be spared
 * @key_path: (nullable): file with the key; made with mode 0600 when it is not there. %NULL: a random one
 * @error: return location
 *
 * Returns: whether there is a key
 */
gboolean chs_deidentify_init (ChsDeidentify *self, const char *key_path, GError **error);

/**
 * chs_deidentify_run:
 * @self: how
 * @reader: a recording
 * @out_path: recording to create; must not exist
 * @account: (out) (transfer full): what was done and what is still in it, English, a line each
 * @error: return location; %CHS_STORE_ERROR_DAMAGED when a part could not be read: what is whole was written
 *
 * Thread:  any; blocks
 * Returns: whether all of the recording is in the new one. On %FALSE with another error nothing is left at @out_path
 */
gboolean chs_deidentify_run (const ChsDeidentify *self, ChsStoreReader *reader, const char *out_path, char **account, GError **error);

/**
 * chs_deidentify_markers:
 * @self: how
 * @path: the recording as it was
 * @out_path: the new one; has no markers yet
 * @n: (out): how many
 * @error: return location
 *
 * A technician's markers go along; their names are free text: without them they are numbers.
 *
 * Returns: whether all of them are there
 */
gboolean chs_deidentify_markers (const ChsDeidentify *self, const char *path, const char *out_path, guint *n, GError **error);
