/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/therapy.h"

#include "data/ini.h"
#include "data/read-file.h"
#include "data/share.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

G_DEFINE_QUARK (chs-therapy-error-quark, chs_therapy_error)

struct _ChsTherapyLibrary {
  GPtrArray *entries;
  char     **offered; /* (nullable): ids; NULL = all */
};

/* What an ingredient counts as. Molar masses: shared/clinical.md 8. */
typedef enum { ROLE_PLAIN, ROLE_MAGNESIUM, ROLE_KETAMINE, ROLE_LIDOCAINE, ROLE_VITAMIN_C, ROLE_GLUTATHIONE, ROLE_IRRITANT } Role;

/* Osmoles by ideal dissociation and the usual strength of the stock, which says how much diluent an additive displaces
 * (shared/clinical.md 8). Chemistry, not limits. Amounts in mL are of the liquid itself: stock 1. */
static const struct {
  const char *id;
  Role        role;
  double      mg_per_mmol; /* of magnesium; 0 = not one */
  double      mosm;        /* per mg, of liquids per mL */
  double      stock;       /* mg in 1 mL of stock */
} substances[] = {
  { "magnesium_sulfate", ROLE_MAGNESIUM, 246.47, 2 / 246.47, 500 },
  { "magnesium_chloride", ROLE_MAGNESIUM, 203.30, 3 / 203.30, 200 },
  { "ketamine", ROLE_KETAMINE, 0, 2 / 274.19, 50 },
  { "lidocaine", ROLE_LIDOCAINE, 0, 2 / 270.80, 20 },
  { "ascorbic_acid", ROLE_VITAMIN_C, 0, 5.9 / 500, 500 },
  { "glutathione", ROLE_GLUTATHIONE, 0, 2 / 307.32, 200 },
  { "calcium_gluconate", ROLE_IRRITANT, 0, 0.67 / 100, 100 },
  { "hydroxocobalamin", ROLE_PLAIN, 0, 2 / 1346.4, 1 },
  { "cyanocobalamin", ROLE_PLAIN, 0, 1 / 1355.4, 1 },
  { "pyridoxine", ROLE_PLAIN, 0, 0.97 / 100, 100 },
  { "dexpanthenol", ROLE_PLAIN, 0, 1.22 / 250, 250 },
  { "thiamine", ROLE_PLAIN, 0, 3 / 337.27, 100 },
  { "b_complex", ROLE_PLAIN, 0, 1.9, 1 },
  { "water", ROLE_PLAIN, 0, 0, 1 },
  { "saline", ROLE_PLAIN, 0, 0.308, 1 },
  { "lactated_ringer", ROLE_PLAIN, 0, 0.273, 1 },
};

/* What a diluent gives a mL, by the words it begins with. */
static const struct {
  const char *words;
  double      mosm;
} diluents[] = {
  { "none", 0 },           { "water", 0 }, { "0.9 % saline", 0.308 }, { "saline", 0.308 }, { "lactated Ringer", 0.273 },
  { "LR", 0.273 },         { "D5W", 0.278 }, { "5 % dextrose", 0.278 }, { "5 % glucose", 0.278 },
};

/* A bag of more than this osmolarity harms a vein that leaks (shared/clinical.md H8); a property of the
 * mix that the entry states, not an alarm limit. */
#define IRRITANT_MOSM_L 900.0

typedef enum { KEY_TEXT, KEY_NUMBER, KEY_FLAG, KEY_STEPS } KeyKind;

/* Least and most are absolute ceilings: no clinic's own entry may go past them. */
typedef struct {
  const char *key;
  KeyKind     kind;
  size_t      offset, size;
  double      least, most;
} Key;

#define TEXT(name) { #name, KEY_TEXT, offsetof (ChsTherapyEntry, name), sizeof (((ChsTherapyEntry *) 0)->name), 0, 0 }
#define NUMBER(name, field, min, max) { name, KEY_NUMBER, offsetof (ChsTherapyEntry, field), sizeof (double), min, max }
#define DOSE(name, min, max) NUMBER (#name, therapy.name, min, max)
#define FLAG(name) { #name, KEY_FLAG, offsetof (ChsTherapyEntry, name), sizeof (bool), 0, 1 }
#define THERAPY_FLAG(name) { #name, KEY_FLAG, offsetof (ChsTherapyEntry, therapy.name), sizeof (int8_t), 0, 1 }

static const Key keys[] = {
  TEXT (name),
  TEXT (diluent),
  TEXT (prechecks),
  TEXT (discharge),
  TEXT (source),
  TEXT (note),
  TEXT (reviewed_by),
  NUMBER ("volume_ml", therapy.bag_volume_ml, 1, 3000),
  FLAG (needs_lot),
  THERAPY_FLAG (ideal_weight),
  { "steps", KEY_STEPS, 0, 0, 0, 0 },
  DOSE (ordered_rate_ml_h, 1, 1500),
  DOSE (osm_mosm_l, 100, 3000),
  DOSE (planned_min, 1, 600),
  DOSE (cuff_interval_s, 150, 900),
  DOSE (observe_min, 0, 240),
  DOSE (mg_soft_mmol_min, 0.01, 0.609),
  DOSE (mg_hard_mmol_min, 0.01, 0.609),
  DOSE (ketamine_soft_mg_kg_h, 0.05, 2),
  DOSE (ketamine_hard_mg_kg_h, 0.05, 4),
  DOSE (ketamine_max_mg_kg, 0.1, 10),
  DOSE (lidocaine_soft_mg_kg_h, 0.1, 7.5),
  DOSE (lidocaine_hard_mg_kg_h, 0.1, 9),
  DOSE (lidocaine_loading_mg_kg, 0, 2),
  DOSE (lidocaine_max_mg_kg, 0.5, 10),
  DOSE (lidocaine_max_mg, 50, 1000),
  DOSE (lidocaine_max_mg_h, 20, 600),
  DOSE (vitc_soft_g_min, 0.05, 1),
  DOSE (vitc_hard_g_min, 0.05, 1),
  DOSE (glutathione_soft_mg_min, 10, 400),
  DOSE (glutathione_hard_mg_min, 10, 400),
  DOSE (rate_soft_ml_h, 1, 1500),
  DOSE (rate_hard_ml_h, 1, 1500),
};

static const struct {
  const char *name;
  size_t      soft, hard;
} pairs[] = {
#define PAIR(name, s, h) { name, offsetof (ChsTherapy, s), offsetof (ChsTherapy, h) }
  PAIR ("mg", mg_soft_mmol_min, mg_hard_mmol_min),
  PAIR ("ketamine", ketamine_soft_mg_kg_h, ketamine_hard_mg_kg_h),
  PAIR ("lidocaine", lidocaine_soft_mg_kg_h, lidocaine_hard_mg_kg_h),
  PAIR ("vitc", vitc_soft_g_min, vitc_hard_g_min),
  PAIR ("glutathione", glutathione_soft_mg_min, glutathione_hard_mg_min),
  PAIR ("rate", rate_soft_ml_h, rate_hard_ml_h),
};

/* An entry while its file is read, with the lines where it and its keys stand. */
typedef struct {
  ChsTherapyEntry entry;
  guint           line;
  guint           key_line[G_N_ELEMENTS (keys)]; /* 0 = not there */
} Reading;

typedef struct {
  ChsTherapyLibrary *library;
  GPtrArray         *entries; /* Reading, of this file */
  const char        *name;
} Loading;

static gboolean
fail (GError **error, ChsTherapyError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (GError **error, ChsTherapyError code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (CHS_THERAPY_ERROR, (int) code, format, args);
  va_end (args);
  return FALSE;
}

/* ---- ingredients ---- */

static int
find_substance (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (substances); i++)
    if (strcmp (substances[i].id, id) == 0)
      return (int) i;
  return -1;
}

/* "magnesium_chloride 1000 mg", "ketamine 0.5 mg/kg", "b_complex 1 mL" */
static gboolean
parse_ingredient (ChsTherapyEntry *entry, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 3);
  ChsIngredient *ingredient = &entry->ingredients[entry->n_ingredients];
  char *end;

  if (entry->n_ingredients == CHS_THERAPY_INGREDIENTS)
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "more than %d ingredients", CHS_THERAPY_INGREDIENTS);
  if (g_strv_length (words) != 3)
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "expected \"substance amount unit\", got \"%s\"", value);
  ingredient->amount = g_ascii_strtod (words[1], &end);
  if (*end != '\0' || !(ingredient->amount > 0 && ingredient->amount <= 200000))
    return fail (error, CHS_THERAPY_ERROR_RANGE, "%s: amount \"%s\" is not above 0 and at most 200000", words[0], words[1]);
  ingredient->per_kg = strcmp (words[2], "mg/kg") == 0;
  ingredient->unit = ingredient->per_kg ? CHS_UNIT_MG : chs_unit_from_ucum (words[2]);
  if (ingredient->unit != CHS_UNIT_MG && ingredient->unit != CHS_UNIT_ML)
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "%s: unit \"%s\" is none of mg, mg/kg, mL", words[0], words[2]);
  if (!chs_text_copy (ingredient->substance, sizeof ingredient->substance, words[0]))
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "name of the ingredient is too long");
  ingredient->known = find_substance (words[0]) >= 0;
  entry->needs_weight |= ingredient->per_kg;
  entry->n_ingredients++;
  return TRUE;
}

static Role
role_of (const ChsIngredient *ingredient)
{
  int i = find_substance (ingredient->substance);

  return i < 0 ? ROLE_PLAIN : substances[i].role;
}

/* Sum of one role in mg, magnesium in mmol. */
static double
amount_of (const ChsTherapyEntry *entry, Role role, double weight_kg)
{
  double sum = 0;

  for (guint i = 0; i < entry->n_ingredients; i++) {
    const ChsIngredient *ingredient = &entry->ingredients[i];
    double mg = ingredient->amount * (ingredient->per_kg ? weight_kg : 1.0);

    if (role_of (ingredient) != role)
      continue;
    sum += role == ROLE_MAGNESIUM ? mg / substances[find_substance (ingredient->substance)].mg_per_mmol : mg;
  }
  return sum;
}

/* Osmoles of the mix over its volume; NAN where something in it is unknown. */
static double
osmolarity_of (const ChsTherapyEntry *entry, double weight_kg)
{
  double mosm = 0, ml = 0, diluent = (double) NAN;

  for (guint i = 0; i < entry->n_ingredients; i++) {
    const ChsIngredient *ingredient = &entry->ingredients[i];
    double amount = ingredient->amount * (ingredient->per_kg ? weight_kg : 1.0);
    int k = find_substance (ingredient->substance);

    if (k < 0)
      return (double) NAN;
    mosm += amount * substances[k].mosm;
    ml += ingredient->unit == CHS_UNIT_ML ? amount : amount / substances[k].stock;
  }
  for (guint i = 0; i < G_N_ELEMENTS (diluents); i++)
    if (g_ascii_strncasecmp (entry->diluent, diluents[i].words, strlen (diluents[i].words)) == 0)
      diluent = diluents[i].mosm;
  return 1000.0 * (mosm + fmax (entry->therapy.bag_volume_ml - ml, 0) * diluent) / fmax (entry->therapy.bag_volume_ml, ml);
}

static void
work_out (ChsTherapyEntry *entry, double weight_kg, ChsTherapy *therapy)
{
  double ml = entry->therapy.bag_volume_ml;

  *therapy = entry->therapy;
  chs_text_copy (therapy->id, sizeof therapy->id, entry->id);
  chs_text_copy (therapy->name, sizeof therapy->name, entry->name);
  therapy->mg_mmol_per_ml = amount_of (entry, ROLE_MAGNESIUM, weight_kg) / ml;
  therapy->ketamine_mg_per_ml = amount_of (entry, ROLE_KETAMINE, weight_kg) / ml;
  therapy->lidocaine_mg_per_ml = amount_of (entry, ROLE_LIDOCAINE, weight_kg) / ml;
  therapy->vitc_mg_per_ml = amount_of (entry, ROLE_VITAMIN_C, weight_kg) / ml;
  therapy->glutathione_mg_per_ml = amount_of (entry, ROLE_GLUTATHIONE, weight_kg) / ml;
  if (isnan (therapy->osm_mosm_l))
    therapy->osm_mosm_l = osmolarity_of (entry, weight_kg);
  therapy->irritant = amount_of (entry, ROLE_IRRITANT, weight_kg) > 0 || therapy->osm_mosm_l > IRRITANT_MOSM_L;
  therapy->unchecked = 0;
  for (guint i = 0; i < entry->n_ingredients; i++)
    if (!entry->ingredients[i].known)
      therapy->unchecked = 1;
}

/* ---- one key ---- */

static gboolean
set_number (ChsTherapyEntry *entry, const Key *key, const char *value, GError **error)
{
  char *end;
  double number = g_ascii_strtod (value, &end);

  if (value[0] == '\0' || *end != '\0')
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "%s: \"%s\" is not a number", key->key, value);
  if (!(number >= key->least && number <= key->most))
    return fail (error, CHS_THERAPY_ERROR_RANGE, "%s = %s is outside %g to %g", key->key, value, key->least, key->most);
  memcpy ((char *) entry + key->offset, &number, sizeof number);
  return TRUE;
}

static gboolean
set_flag (ChsTherapyEntry *entry, const Key *key, const char *value, GError **error)
{
  if (strcmp (value, "0") != 0 && strcmp (value, "1") != 0)
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "%s: \"%s\" is neither 0 nor 1", key->key, value);
  *((char *) entry + key->offset) = value[0] == '1';
  return TRUE;
}

static gboolean
set_key (ChsTherapyEntry *entry, const Key *key, const char *value, GError **error)
{
  switch (key->kind) {
  case KEY_TEXT:
    if (chs_text_copy ((char *) entry + key->offset, key->size, value))
      return TRUE;
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "%s: longer than %" G_GSIZE_FORMAT " bytes", key->key, key->size - 1);
  case KEY_NUMBER:
    return set_number (entry, key, value, error);
  case KEY_FLAG:
    return set_flag (entry, key, value, error);
  case KEY_STEPS:
    if (chs_therapy_setup (&entry->therapy, "steps", value))
      return TRUE;
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "steps: expected \"minute rate; minute rate\" with rising minutes, got \"%s\"", value);
  }
  return FALSE;
}

static gboolean
refuse_unknown (const char *word, GError **error)
{
  const char *words[G_N_ELEMENTS (keys) + 2] = { NULL };
  const char *near;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    words[i] = keys[i].key;
  words[G_N_ELEMENTS (keys)] = "ingredient.1";
  near = chs_ini_suggest (word, words);
  return fail (error, CHS_THERAPY_ERROR_UNKNOWN_KEY, "unknown key \"%s\"%s%s%s", word, near != NULL ? "; did you mean \"" : "",
               near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static gboolean
read_key (Reading *reading, guint line, const char *word, const char *value, GError **error)
{
  if (g_str_has_prefix (word, "ingredient."))
    return parse_ingredient (&reading->entry, value, error);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].key, word) == 0) {
      reading->key_line[i] = line;
      return set_key (&reading->entry, &keys[i], value, error);
    }
  return refuse_unknown (word, error);
}

/* ---- one entry ---- */

static double
field_of (const ChsTherapy *therapy, size_t offset)
{
  double value;

  memcpy (&value, (const char *) therapy + offset, sizeof value);
  return value;
}

/* The line of the key that fills a field of the therapy. */
static guint
line_of (const Reading *reading, size_t offset)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].kind == KEY_NUMBER && keys[i].offset == offsetof (ChsTherapyEntry, therapy) + offset && reading->key_line[i] != 0)
      return reading->key_line[i];
  return reading->line;
}

/* A drug needs its hard limit, so that its rate can be watched. */
static const struct {
  Role        role;
  size_t      hard;
  const char *key;
} drugs[] = {
  { ROLE_MAGNESIUM, offsetof (ChsTherapy, mg_hard_mmol_min), "mg_hard_mmol_min" },
  { ROLE_KETAMINE, offsetof (ChsTherapy, ketamine_hard_mg_kg_h), "ketamine_hard_mg_kg_h" },
  { ROLE_LIDOCAINE, offsetof (ChsTherapy, lidocaine_hard_mg_kg_h), "lidocaine_hard_mg_kg_h" },
};

static gboolean
check_limits (const Reading *reading, guint *line, GError **error)
{
  const ChsTherapyEntry *entry = &reading->entry;

  for (guint i = 0; i < G_N_ELEMENTS (drugs); i++)
    if (amount_of (entry, drugs[i].role, 1.0) > 0 && isnan (field_of (&entry->therapy, drugs[i].hard)))
      return fail (error, CHS_THERAPY_ERROR_MISSING, "[%s]: %s is missing", entry->id, drugs[i].key);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (field_of (&entry->therapy, pairs[i].soft) > field_of (&entry->therapy, pairs[i].hard)) {
      *line = MAX (line_of (reading, pairs[i].soft), line_of (reading, pairs[i].hard));
      return fail (error, CHS_THERAPY_ERROR_RANGE, "[%s]: soft limit of %s is above the hard one", entry->id, pairs[i].name);
    }
  return TRUE;
}

bool
chs_therapy_key_range (const char *key, double *least, double *most)
{
  const char *name = strcmp (key, "bag_volume_ml") == 0 ? "volume_ml" : key;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].kind == KEY_NUMBER && strcmp (keys[i].key, name) == 0) {
      *least = keys[i].least;
      *most = keys[i].most;
      return true;
    }
  return false;
}

gboolean
chs_therapy_check (const ChsTherapy *therapy, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (field_of (therapy, pairs[i].soft) > field_of (therapy, pairs[i].hard))
      return fail (error, CHS_THERAPY_ERROR_RANGE, "soft limit of %s is above the hard one", pairs[i].name);
  return TRUE;
}

static const char *const required[] = { "name", "source", "volume_ml", "planned_min", "observe_min", "reviewed_by" };

/* Empty counts as there for reviewed_by alone: while nobody has reviewed an entry, that is to be said. */
static gboolean
is_there (const Reading *reading, const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].key, word) == 0)
      return reading->key_line[i] != 0 &&
             (keys[i].kind != KEY_TEXT || strcmp (word, "reviewed_by") == 0 || *((const char *) &reading->entry + keys[i].offset) != '\0');
  return FALSE;
}

static gboolean
check_entry (Reading *reading, guint *line, GError **error)
{
  ChsTherapyEntry *entry = &reading->entry;
  double stated;

  *line = reading->line;
  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    if (!is_there (reading, required[i]))
      return fail (error, CHS_THERAPY_ERROR_MISSING, "[%s]: %s is missing", entry->id, required[i]);
  if (entry->n_ingredients == 0)
    return fail (error, CHS_THERAPY_ERROR_MISSING, "[%s]: ingredient.1 is missing", entry->id);
  if (!check_limits (reading, line, error))
    return FALSE;
  stated = entry->therapy.osm_mosm_l;
  work_out (entry, (double) NAN, &entry->therapy);
  if (entry->needs_weight)
    entry->therapy.osm_mosm_l = stated; /* worked out again when somebody was weighed */
  return TRUE;
}

static gboolean
is_id (const char *id)
{
  if (id[0] == '\0' || strlen (id) >= sizeof ((ChsTherapyEntry *) 0)->id)
    return FALSE;
  for (; *id != '\0'; id++)
    if (!g_ascii_islower (*id) && !g_ascii_isdigit (*id) && *id != '_')
      return FALSE;
  return TRUE;
}

static gboolean
begin_entry (Loading *self, guint line, const char *id, GError **error)
{
  g_autofree char *base = g_path_get_basename (self->name);
  Reading *reading;

  if (!is_id (id))
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "\"%s\" is no id: small letters, digits and _, at most 31", id);
  if (chs_therapy_library_find (self->library, id) != NULL) /* in another file; within one the ini reader sees it */
    return fail (error, CHS_THERAPY_ERROR_TWICE, "[%s] is in the library already", id);
  reading = g_new0 (Reading, 1);
  reading->line = line;
  chs_therapy_clear (&reading->entry.therapy);
  chs_text_copy (reading->entry.id, sizeof reading->entry.id, id);
  chs_text_copy (reading->entry.file, sizeof reading->entry.file, base);
  g_ptr_array_add (self->entries, reading);
  return TRUE;
}

static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Loading *self = user_data;

  if (key == NULL)
    return begin_entry (self, line, group, error);
  if (self->entries->len == 0)
    return fail (error, CHS_THERAPY_ERROR_SYNTAX, "key \"%s\" stands before the first [entry]", key);
  return read_key (self->entries->pdata[self->entries->len - 1], line, key, value, error);
}

/* ---- the library ---- */

ChsTherapyLibrary *
chs_therapy_library_new (void)
{
  ChsTherapyLibrary *self = g_new0 (ChsTherapyLibrary, 1);

  self->entries = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
chs_therapy_library_free (ChsTherapyLibrary *self)
{
  g_ptr_array_unref (self->entries);
  g_strfreev (self->offered);
  g_free (self);
}

gboolean
chs_therapy_library_add_text (ChsTherapyLibrary *self, const char *text, gsize n, const char *name, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  Loading loading = { .library = self, .entries = entries, .name = name };

  if (!chs_ini_parse (text, n, name, on_line, &loading, error))
    return FALSE;
  for (guint i = 0; i < entries->len; i++) {
    guint line;

    if (!check_entry (entries->pdata[i], &line, error)) {
      g_prefix_error (error, "%s:%u: ", name, line);
      return FALSE;
    }
  }
  if (entries->len == 0)
    return fail (error, CHS_THERAPY_ERROR_MISSING, "%s:1: there is no entry in it", name);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (self->entries, g_memdup2 (&((Reading *) entries->pdata[i])->entry, sizeof (ChsTherapyEntry)));
  return TRUE;
}

gboolean
chs_therapy_library_add_file (ChsTherapyLibrary *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize n;

  text = chs_read_file (path, CHS_INI_MAX_BYTES, &n, &local);
  if (text == NULL) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read therapies: %s", local->message);
    return FALSE;
  }
  return chs_therapy_library_add_text (self, text, n, path, error);
}

#define CLINIC_VARIABLE "CHAIRSIDE_THERAPIES"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
add_folder (ChsTherapyLibrary *self, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".ini"))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    if (!chs_therapy_library_add_file (self, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

char *
chs_therapy_dup_clinic_folder (void)
{
  return chs_share_dup_clinic_folder (CLINIC_VARIABLE, "therapies", TRUE);
}

ChsTherapyLibrary *
chs_therapy_library_load_shipped (GError **error)
{
  g_autoptr (ChsTherapyLibrary) self = chs_therapy_library_new ();
  g_autofree char *shipped = chs_share_dup_path ("", "therapies");

  if (shipped == NULL)
    shipped = g_build_filename (CHS_DATADIR, "therapies", NULL); /* so that the refusal names it */
  return add_folder (self, shipped, error) ? g_steal_pointer (&self) : NULL;
}

ChsTherapyLibrary *
chs_therapy_library_load_default (GError **error)
{
  g_autoptr (ChsTherapyLibrary) self = chs_therapy_library_load_shipped (error);
  g_autofree char *own = chs_share_dup_clinic_folder (CLINIC_VARIABLE, "therapies", FALSE);

  if (self == NULL || (g_file_test (own, G_FILE_TEST_IS_DIR) && !add_folder (self, own, error)))
    return NULL;
  return g_steal_pointer (&self);
}

const ChsTherapyEntry *
chs_therapy_library_find (const ChsTherapyLibrary *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (strcmp (((ChsTherapyEntry *) self->entries->pdata[i])->id, id) == 0)
      return self->entries->pdata[i];
  return NULL;
}

void
chs_therapy_library_offer (ChsTherapyLibrary *self, const char *const *ids)
{
  g_strfreev (self->offered);
  self->offered = g_strdupv ((char **) ids);
}

gboolean
chs_therapy_library_is_offered (const ChsTherapyLibrary *self, const char *id)
{
  return self->offered == NULL || g_strv_contains ((const char *const *) self->offered, id);
}

const ChsTherapyEntry *
chs_therapy_library_get (const ChsTherapyLibrary *self, guint i)
{
  return i < self->entries->len ? self->entries->pdata[i] : NULL;
}

double
chs_therapy_entry_osmolarity (const ChsTherapyEntry *entry, double weight_kg)
{
  return osmolarity_of (entry, weight_kg);
}

/* ---- another entry made of one ---- */

static const ChsTherapyChange *
find_change (const char *key, const ChsTherapyChange *changes, guint n)
{
  for (guint i = 0; i < n; i++)
    if (strcmp (strcmp (changes[i].key, "bag_volume_ml") == 0 ? "volume_ml" : changes[i].key, key) == 0)
      return &changes[i];
  return NULL;
}

static void
write_number (GString *out, const char *key, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "%s = %s\n", key, g_ascii_formatd (buf, sizeof buf, "%.9g", value));
}

/* What was worked out from the ingredients is worked out again. */
static gboolean
is_worked_out (const ChsTherapyEntry *entry, const Key *key)
{
  return key->offset == offsetof (ChsTherapyEntry, therapy.osm_mosm_l) &&
         fabs (entry->therapy.osm_mosm_l - osmolarity_of (entry, (double) NAN)) < 1e-9;
}

static void
write_key (GString *out, const ChsTherapyEntry *entry, const Key *key, const ChsTherapyChange *change)
{
  const char *field = (const char *) entry + key->offset;
  double value;

  if (key->kind == KEY_TEXT && (field[0] != '\0' || strcmp (key->key, "reviewed_by") == 0))
    g_string_append_printf (out, "%s = %s\n", key->key, field);
  else if (key->kind == KEY_FLAG && *field == 1)
    g_string_append_printf (out, "%s = 1\n", key->key);
  if (key->kind != KEY_NUMBER)
    return;
  memcpy (&value, field, sizeof value);
  if (change != NULL && !isnan (value))
    g_string_append (out, "# before: "), write_number (out, key->key, value);
  if (change != NULL)
    write_number (out, key->key, change->value);
  else if (!isnan (value) && !is_worked_out (entry, key))
    write_number (out, key->key, value);
}

static void
write_steps (const char *key, const char *value, gpointer out)
{
  if (strcmp (key, "steps") == 0 && value[0] != '\0')
    g_string_append_printf (out, "steps = %s\n", value);
}

char *
chs_therapy_entry_dup_edited (const ChsTherapyEntry  *entry,
                              const char             *id,
                              const char             *name,
                              const char             *source,
                              const ChsTherapyChange *changes,
                              guint                   n)
{
  GString *out = g_string_new (NULL);
  ChsTherapyEntry edited = *entry;

  chs_text_copy (edited.name, sizeof edited.name, name);
  chs_text_copy (edited.source, sizeof edited.source, source);
  edited.reviewed_by[0] = '\0';
  g_string_append_printf (out, "[%s]\n", id);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    write_key (out, &edited, &keys[i], find_change (keys[i].key, changes, n));
  for (guint i = 0; i < entry->n_ingredients; i++) {
    const ChsIngredient *ingredient = &entry->ingredients[i];
    char buf[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf (out, "ingredient.%u = %s %s %s\n", i + 1, ingredient->substance,
                            g_ascii_formatd (buf, sizeof buf, "%.9g", ingredient->amount),
                            ingredient->per_kg ? "mg/kg" : chs_unit_info (ingredient->unit)->ucum);
  }
  chs_therapy_entry_setup (entry, (double) NAN, write_steps, out);
  return g_string_free (out, FALSE);
}

/* ---- as keys of a session ---- */

static void
tell_number (const char *key, double value, ChsTherapyKeyFunc func, gpointer user_data)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (value))
    func (key, "", user_data);
  else
    func (key, g_ascii_formatd (buf, sizeof buf, "%.9g", value), user_data);
}

static void
tell_steps (const ChsTherapy *therapy, ChsTherapyKeyFunc func, gpointer user_data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char from[G_ASCII_DTOSTR_BUF_SIZE], rate[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < therapy->n_steps; i++)
    g_string_append_printf (text, "%s%s %s", i > 0 ? "; " : "", g_ascii_formatd (from, sizeof from, "%g", (double) therapy->steps[i].from_min),
                            g_ascii_formatd (rate, sizeof rate, "%g", (double) therapy->steps[i].rate_ml_h));
  func ("steps", text->str, user_data);
}

void
chs_therapy_entry_setup (const ChsTherapyEntry *entry, double weight_kg, ChsTherapyKeyFunc func, gpointer user_data)
{
  ChsTherapyEntry copy = *entry;
  ChsTherapy t;

  work_out (&copy, weight_kg, &t);
  func ("id", t.id, user_data);
  func ("name", t.name, user_data);
  tell_number ("bag_volume_ml", t.bag_volume_ml, func, user_data);
  tell_number ("mg_mmol_per_ml", t.mg_mmol_per_ml, func, user_data);
  tell_number ("ketamine_mg_per_ml", t.ketamine_mg_per_ml, func, user_data);
  tell_number ("lidocaine_mg_per_ml", t.lidocaine_mg_per_ml, func, user_data);
  tell_number ("vitc_mg_per_ml", t.vitc_mg_per_ml, func, user_data);
  tell_number ("glutathione_mg_per_ml", t.glutathione_mg_per_ml, func, user_data);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].kind == KEY_NUMBER && keys[i].offset >= offsetof (ChsTherapyEntry, therapy) && strcmp (keys[i].key, "volume_ml") != 0)
      tell_number (keys[i].key, field_of (&t, keys[i].offset - offsetof (ChsTherapyEntry, therapy)), func, user_data);
  tell_number ("ideal_weight", t.ideal_weight < 0 ? (double) NAN : t.ideal_weight, func, user_data);
  tell_number ("irritant", t.irritant, func, user_data);
  tell_number ("unchecked", t.unchecked, func, user_data);
  tell_steps (&t, func, user_data);
}
