/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/session.h"

#include <gio/gio.h>

/* The therapy library: what a clinic infuses, one ini group an entry, in
 * data/share/therapies/NAME.ini and in the clinic's own folder. Shape and keys:
 * data/share/therapies/README.md. Every value is the clinic's to edit; an entry that
 * nobody has reviewed says so.
 *
 * Concentrations are computed from ingredients and volume, never entered. An
 * ingredient that the table of substances does not know is kept and marked: no dose
 * check for it. */

#define CHS_THERAPY_ERROR (chs_therapy_error_quark ())
GQuark chs_therapy_error_quark (void);

typedef enum {
  CHS_THERAPY_ERROR_SYNTAX,
  CHS_THERAPY_ERROR_UNKNOWN_KEY,
  CHS_THERAPY_ERROR_MISSING,
  CHS_THERAPY_ERROR_RANGE, /* outside the absolute ceiling, or soft above hard */
  CHS_THERAPY_ERROR_TWICE, /* an id stands twice in the library */
} ChsTherapyError;

#define CHS_THERAPY_INGREDIENTS 12

typedef struct {
  char    substance[40]; /* "magnesium_chloride" */
  double  amount;        /* in @unit, per kg of body weight when @per_kg */
  ChsUnit unit;          /* MG or ML */
  bool    per_kg;
  bool    known;         /* in the table of substances */
} ChsIngredient;

typedef struct {
  char          id[32];
  char          name[64];
  char          diluent[64];     /* "0.9 % saline or LR" */
  char          prechecks[120];  /* comma list: "mg", "ketamine", "lidocaine", "g6pd", flags ... */
  char          discharge[120];  /* comma list of sets of checklists/discharge.ini: what is asked before going home */
  char          source[160];
  char          note[200];
  char          reviewed_by[64]; /* "" = nobody yet, to be shown */
  char          file[64];        /* base name of the file it is from */
  ChsIngredient ingredients[CHS_THERAPY_INGREDIENTS];
  unsigned      n_ingredients;
  bool          needs_lot;       /* lot number is mandatory */
  bool          needs_weight;    /* a dose is by weight */
  ChsTherapy    therapy;         /* the rest; concentrations by weight are NAN here */
} ChsTherapyEntry;

typedef struct _ChsTherapyLibrary ChsTherapyLibrary;

ChsTherapyLibrary *chs_therapy_library_new (void) G_GNUC_WARN_UNUSED_RESULT; /* an empty one */
void               chs_therapy_library_free (ChsTherapyLibrary *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsTherapyLibrary, chs_therapy_library_free)

/**
 * chs_therapy_library_add_file:
 * @self: a library
 * @path: an ini file
 * @error: return location; message is "FILE:LINE: what, why"
 *
 * Returns: whether every entry of the file was accepted; on %FALSE none was added
 */
gboolean chs_therapy_library_add_file (ChsTherapyLibrary *self, const char *path, GError **error);

/**
 * chs_therapy_library_add_text:
 * @self: a library
 * @text: text of an ini file
 * @n: bytes
 * @name: for messages
 * @error: return location
 *
 * Returns: as chs_therapy_library_add_file()
 */
gboolean chs_therapy_library_add_text (ChsTherapyLibrary *self, const char *text, gsize n, const char *name, GError **error);

/**
 * chs_therapy_library_load_shipped:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the library without the clinic's own entries
 */
ChsTherapyLibrary *chs_therapy_library_load_shipped (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_therapy_library_load_default:
 * @error: return location
 *
 * Every *.ini, by name, of the shipped folder "therapies" (data/share.h says where), then of the clinic's own ($CHAIRSIDE_THERAPIES, else /etc/chairside/therapies) where there is one.
 *
 * Returns: (transfer full) (nullable): the library
 */
ChsTherapyLibrary *chs_therapy_library_load_default (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_therapy_library_find:
 * @self: a library
 * @id: "myers_bag"
 *
 * Returns: (transfer none) (nullable): the entry
 */
const ChsTherapyEntry *chs_therapy_library_find (const ChsTherapyLibrary *self, const char *id);

/**
 * chs_therapy_library_offer:
 * @self: a library
 * @ids: (nullable) (array zero-terminated=1): the therapies that the clinic uses; NULL = all
 *
 * The others stay in the library, since a session or a recording may have one of them, and are offered no more.
 */
void     chs_therapy_library_offer (ChsTherapyLibrary *self, const char *const *ids);
gboolean chs_therapy_library_is_offered (const ChsTherapyLibrary *self, const char *id);

/**
 * chs_therapy_library_get:
 * @self: a library
 * @i: place, in the order of files and lines
 *
 * Returns: (transfer none) (nullable): the entry; NULL behind the last
 */
const ChsTherapyEntry *chs_therapy_library_get (const ChsTherapyLibrary *self, guint i);

/**
 * chs_therapy_entry_osmolarity:
 * @entry: an entry
 * @weight_kg: for doses by weight; NAN = unknown
 *
 * Units:   mosm/L, from ingredients and diluent; what the entry states itself (osm_mosm_l) goes before it
 * Absent:  NAN when an ingredient, the diluent or a needed weight is unknown
 * Source:  shared/clinical.md 8, ideal dissociation
 *
 * Returns: the osmolarity of the mix
 */
double chs_therapy_entry_osmolarity (const ChsTherapyEntry *entry, double weight_kg);

typedef void (*ChsTherapyKeyFunc) (const char *key, const char *value, gpointer user_data);

/**
 * chs_therapy_entry_setup:
 * @entry: an entry
 * @weight_kg: for doses by weight; NAN = unknown, then those concentrations stay unknown
 * @func: called with each key of chs_therapy_setup() and its value ("id", "bag_volume_ml" ...), to be sent as
 *   SETUP "therapy.<key>" or "pump.<source>.<channel>.<key>"
 * @user_data: for @func
 */
void chs_therapy_entry_setup (const ChsTherapyEntry *entry, double weight_kg, ChsTherapyKeyFunc func, gpointer user_data);

typedef struct {
  const char *key; /* as in SETUP events, without "therapy.": "mg_soft_mmol_min" */
  double      value;
} ChsTherapyChange;

/**
 * chs_therapy_entry_dup_edited:
 * @entry: an entry
 * @id: of the new one
 * @name: likewise
 * @source: who, why and from where
 * @changes: (array length=n): numbers that are others in it; keys without chs_therapy_key_range() are left out
 * @n: how many
 *
 * A group for a therapy file, with what each number was before in a comment, and reviewed by nobody. Nothing is
 * checked here: chs_therapy_library_add_text() does that.
 *
 * Returns: (transfer full): text
 */
char *chs_therapy_entry_dup_edited (const ChsTherapyEntry  *entry,
                                    const char             *id,
                                    const char             *name,
                                    const char             *source,
                                    const ChsTherapyChange *changes,
                                    guint                   n) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_therapy_dup_clinic_folder:
 *
 * Returns: (transfer full): where a clinic's own therapies are saved (data/share.h), $CHAIRSIDE_THERAPIES. May not be there
 */
char *chs_therapy_dup_clinic_folder (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_therapy_key_range:
 * @key: as in SETUP events, without "therapy.": "mg_soft_mmol_min"
 * @least: (out): the absolute bounds of an entry of the library
 * @most: (out): likewise
 *
 * Returns: whether there are any; what is computed from ingredients has none
 */
bool chs_therapy_key_range (const char *key, double *least, double *most);

/**
 * chs_therapy_check:
 * @therapy: a therapy
 * @error: return location
 *
 * Returns: whether no soft limit is above its hard one
 */
gboolean chs_therapy_check (const ChsTherapy *therapy, GError **error);
