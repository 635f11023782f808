/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Checklists: what a nurse ticks before an infusion and in a reaction. Data, not
 * code: data/share/checklists/README.md says how a clinic writes its own.
 *
 * Errors: %CHS_INI_ERROR, message "FILE:LINE: what, why". */

#define CHS_CHECK_ITEMS 24 /* in one set */

typedef struct {
  char     id[28];   /* stable; stored as what of a NURSE DONE event */
  char     text[96]; /* English, or the clinic's language; translated when it is a shipped text */
  gboolean is_stop;  /* a start without it takes two touches */
} ChsCheck;

typedef struct {
  char     id[28]; /* "mg" */
  char     title[64];
  char     source[160];
  guint    n;
  ChsCheck items[CHS_CHECK_ITEMS];
} ChsCheckSet;

#define CHS_CHECK_DISCHARGE "discharge"        /* the list before going home */
#define CHS_CHECK_DISCHARGE_PREFIX "dc_" /* of its ids: so they are known in a recording without the list */

typedef struct _ChsChecklist ChsChecklist;

/**
 * chs_checklist_parse:
 * @text: text of an ini file
 * @n: bytes
 * @name: for messages
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its sets
 */
ChsChecklist *chs_checklist_parse (const char *text, gsize n, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_checklist_load:
 * @name: "prechecks", "discharge" or "reaction"
 * @error: return location
 *
 * The clinic's own file if there is one, else the shipped one.
 *
 * Returns: (transfer full) (nullable): its sets
 */
ChsChecklist *chs_checklist_load (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void chs_checklist_free (ChsChecklist *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsChecklist, chs_checklist_free)

/**
 * chs_checklist_find:
 * @self: a checklist
 * @id: of a set
 *
 * Returns: (transfer none) (nullable): the set
 */
const ChsCheckSet *chs_checklist_find (const ChsChecklist *self, const char *id);

/**
 * chs_checklist_find_item:
 * @self: a checklist
 * @id: of an item
 *
 * Returns: (transfer none) (nullable): the item, of whatever set
 */
const ChsCheck *chs_checklist_find_item (const ChsChecklist *self, const char *id);
