/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/fuzz/fuzz.h"

/* Importers and the store (fuzz-recordings.c), rows of the table in fuzz-files.c. Each takes any bytes. */

void fuzz_vital (const char *name, const guint8 *bytes, gsize n);      /* the content of a .vital */
void fuzz_vital_gzip (const char *name, const guint8 *bytes, gsize n); /* the file as it is */
void fuzz_edf (const char *name, const guint8 *bytes, gsize n);
void fuzz_csv (const char *name, const guint8 *bytes, gsize n);
void fuzz_wfdb (const char *name, const guint8 *bytes, gsize n); /* header, 0, header of a segment, 0, samples */
void fuzz_store (const char *name, const guint8 *bytes, gsize n);
