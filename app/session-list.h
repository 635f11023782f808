/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The recordings of a folder at a glance: a year of them in a blink. What was found out about a recording is kept in
 * an index (mode 0600, in the user's cache), beside its size and time of change; only recordings that are new or have
 * changed are read again, one at a time, by whoever shows the list. Without the index everything is read again:
 * nothing is lost with it.
 *
 * Thread: the caller's; chs_session_row_read() may run in any. */

typedef struct {
  char     name[128];   /* of the file, in the folder */
  gint64   size;        /* bytes */
  gint64   changed_us;  /* UTC, microseconds since 1970 */
  gboolean is_known;    /* the rest is filled */
  gint64   start_us;    /* UTC; of a recording that is not known: when it was changed */
  gint64   duration_us;
  char     patient_id[24]; /* "" = not told */
  char     therapy[64];    /* name, else id; "" = none */
  char     chair[24];
  guint    n_alarms;    /* conditions raised; of an import: that the present rules raise over it */
  guint    n_high;      /* of these HIGH at some time */
  gboolean is_complete; /* closed properly */
  char     damage[128]; /* what cannot be read, English; "" = whole */
} ChsSessionRow;

typedef struct _ChsSessionList ChsSessionList;

/**
 * chs_session_list_new:
 * @folder: where the recordings are
 * @index: (nullable): file of the index; NULL = that of the folder in the user's cache
 * @error: return location: the folder cannot be read
 *
 * Looks at names, sizes and times only.
 *
 * Returns: (transfer full) (nullable): the recordings, newest first
 */
ChsSessionList *chs_session_list_new (const char *folder, const char *index, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void            chs_session_list_free (ChsSessionList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSessionList, chs_session_list_free)

const char          *chs_session_list_get_folder (const ChsSessionList *self); /* (transfer none): as given */
const ChsSessionRow *chs_session_list_get (const ChsSessionList *self, guint *n); /* (transfer none) (array length=n): valid until the next change */

/**
 * chs_session_row_read:
 * @row: (inout): a row that is not known; filled as far as the recording can be read
 * @folder: where it is
 *
 * Reads the journal of one recording once, without waves and raw bytes.
 *
 * Thread:  any
 */
void chs_session_row_read (ChsSessionRow *row, const char *folder);

void     chs_session_list_put (ChsSessionList *self, const ChsSessionRow *row); /* takes the place of the row of that name, in its order */
gboolean chs_session_list_save (const ChsSessionList *self, GError **error);    /* writes the index */

/**
 * chs_session_row_matches:
 * @row: a row
 * @search: words; each must be found in patient, therapy, chair, name or date ("2026-11-20"), in any case
 *
 * Returns: whether it does; everything matches ""
 */
gboolean chs_session_row_matches (const ChsSessionRow *row, const char *search);
