/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A recorded conversation with an instrument, as text that can be read, edited and
 * reviewed:
 *
 *   # device: Example 1000, software 3.2
 *   # line: 9600/8n1
 *   < 02 31 32 30 0D     device to us
 *   > 05                 us to device; must match exactly
 *   +2000                milliseconds pass
 *
 * "#" begins a comment, also after an operation. "# key: value" lines before the
 * first operation are headers. */

typedef enum {
  CHS_DIALOGUE_FROM_DEVICE,
  CHS_DIALOGUE_FROM_HOST,
  CHS_DIALOGUE_WAIT,
} ChsDialogueKind;

typedef struct {
  ChsDialogueKind kind;
  guint           line;    /* of the file, 1.. */
  guint           wait_ms; /* WAIT only */
  gsize           start;   /* in ChsDialogue.bytes */
  gsize           n;
} ChsDialogueStep;

typedef struct {
  GArray     *steps; /* of ChsDialogueStep */
  GByteArray *bytes; /* of all steps */
  GHashTable *headers;
} ChsDialogue;

/**
 * chs_dialogue_parse:
 * @text: the whole file
 * @n: its length in bytes
 * @error: return location; names the line
 *
 * Returns: (transfer full) (nullable): the conversation
 */
ChsDialogue *chs_dialogue_parse (const char *text, gsize n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_dialogue_load:
 * @path: a file, at most 16 MiB
 * @error: return location; names file and line
 *
 * Returns: (transfer full) (nullable): the conversation
 */
ChsDialogue *chs_dialogue_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void         chs_dialogue_free (ChsDialogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsDialogue, chs_dialogue_free)

/**
 * chs_dialogue_get_header:
 * @self: a conversation
 * @key: "device", "line", "origin" ...
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *chs_dialogue_get_header (const ChsDialogue *self, const char *key);
