/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* A technician's own markers on a recording: a time and a name each, in a text file beside it
 * ("SESSION.chairside.markers", mode 0600). The recording itself is never touched, so its hash chain stays whole.
 * Each change is on the disk before the call returns. Thread: the caller's. */

#define CHS_MARKERS_SUFFIX ".markers"
#define CHS_MARKERS_MAX 500

typedef struct {
  gint64 t_us;     /* session time */
  char   name[64]; /* UTF-8, one line */
} ChsMarker;

typedef struct _ChsMarkers ChsMarkers;

/**
 * chs_markers_load:
 * @recording: path of a recording; need not have markers
 * @error: return location: there is a file of markers and it cannot be read or understood
 *
 * Returns: (transfer full) (nullable): its markers
 */
ChsMarkers *chs_markers_load (const char *recording, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void        chs_markers_free (ChsMarkers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsMarkers, chs_markers_free)

/**
 * chs_markers_get:
 * @self: markers
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): them by time; valid until the next change
 */
const ChsMarker *chs_markers_get (const ChsMarkers *self, guint *n);

/**
 * chs_markers_set:
 * @self: markers
 * @t_us: session time, not negative
 * @name: (nullable): its name, not ""; NULL: none there any more. A marker at exactly that time is renamed
 * @error: return location: no name, too many, the file cannot be written; then nothing changed
 *
 * Returns: whether it is written
 */
gboolean chs_markers_set (ChsMarkers *self, gint64 t_us, const char *name, GError **error);
