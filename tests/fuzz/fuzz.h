/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <stdint.h>
#include <stdlib.h>

/* What is fuzzed: every driver of the table, and every reader of files. A target takes any
 * bytes, and aborts when something that must hold does not. The same targets run under
 * libFuzzer (fuzz-main.c), over the corpus as an ordinary test (fuzz-corpus.c), and
 * wherever ASan and UBSan watch for what the assertions cannot see. */

typedef void (*FuzzRun) (const char *name, const guint8 *bytes, gsize n);

/**
 * fuzz_find:
 * @name: id of a driver, or of a reader of files
 *
 * Returns: (nullable): what to run
 */
FuzzRun fuzz_find (const char *name);

/* (transfer container): names of all targets, NULL-terminated. */
const char **fuzz_names (void);

/* ---- the two families ---- */

/* A driver: 8 bytes that say how, then the bytes of the line (fuzz-driver.c). */
#define FUZZ_HEAD 8
#define FUZZ_HOW_OPTION 0x0F  /* byte 0: which option of the driver is set, 0 = none */
#define FUZZ_HOW_MESSAGE 0x40 /* byte 0: all is one message without framing */
#define FUZZ_HOW_TALK 0x80    /* byte 0: the driver talks to its simulator; the bytes are the faults of the line */
void fuzz_driver (const char *id, const guint8 *bytes, gsize n);

/* Readers of files (fuzz-files.c). */
typedef struct {
  const char *name;
  FuzzRun     run;
} FuzzFile;

extern const FuzzFile fuzz_files[]; /* ends with a NULL name */

/* What must hold, with the reason in words: a finding is an abort. */
#define FUZZ_HOLDS(condition, ...)                                                                                      \
  do {                                                                                                                  \
    if (!(condition)) {                                                                                                 \
      g_printerr ("does not hold: " #condition ": " __VA_ARGS__);                                                       \
      g_printerr ("\n");                                                                                                \
      abort ();                                                                                                         \
    }                                                                                                                   \
  } while (0)
