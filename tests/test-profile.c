/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/profile-private.h"
#include "app/therapy.h"
#include "data/ini.h"

#include <math.h>
#include <string.h>

/* Profiles and therapy files: the shipped ones are whole; each broken one is refused with its line and its reason. The
 * broken ones are made here from the shipped ones, one change each. */

static char *
shipped (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* @find replaced by @put where it stands first. Returns the line that was changed. */
static guint
change (char **text, const char *find, const char *put)
{
  char *at = strstr (*text, find);
  g_autofree char *before = NULL;
  char *changed;
  guint line = 1;

  ck_assert_msg (at != NULL, "\"%s\" is in the file", find);
  before = g_strndup (*text, (gsize) (at - *text));
  for (const char *p = before; *p != '\0'; p++)
    line += *p == '\n';
  changed = g_strconcat (before, put, at + strlen (find), NULL);
  g_free (*text);
  *text = changed;
  return line;
}

typedef struct {
  const char *name;
  const char *find, *put; /* find NULL: @put is the whole file */
  int         line_off;   /* the refusal names the changed line plus this; -1000: no line, the file lacks something */
  const char *says;
} Broken;

#define NO_LINE -1000

static const Broken profiles[] = {
  { "unknown key", "abs_low = 90", "abs_lo = 90", 0, "did you mean \"bp.abs_low\"" },
  { "unknown group", "[hr]", "[heart]", 0, "unknown group [heart]" },
  { "no unit", "abs_low = 90 mm[Hg] |", "abs_low = 90 |", 0, "unit is missing" },
  { "wrong unit", "abs_low = 90 mm[Hg]", "abs_low = 12 kPa", 0, "wrong unit \"kPa\"" },
  { "unit in other letters", "abs_low = 90 mm[Hg]", "abs_low = 90 mmhg", 0, "it is given in mm[Hg]" },
  { "no source", "abs_low = 90 mm[Hg] | WAO 2020: adult hypotension below 90", "abs_low = 90 mm[Hg]", 0, "source is missing" },
  { "empty source", "abs_low = 90 mm[Hg] | WAO 2020: adult hypotension below 90", "abs_low = 90 mm[Hg] |  ", 0, "source is missing" },
  { "below the safe range", "abs_low = 90", "abs_low = 20", 0, "outside the safe range 80 to 100" },
  { "above the safe range", "abs_low = 90", "abs_low = 580", 0, "outside the safe range 80 to 100" },
  { "not a number", "abs_low = 90", "abs_low = low", 0, "expected \"number unit | source\"" },
  { "infinite", "abs_low = 90", "abs_low = inf", 0, "outside the safe range" },
  { "nan", "abs_low = 90", "abs_low = nan", 0, "outside the safe range" },
  { "a comma for a point", "fall_30 = 0.70 1", "fall_30 = 0,70 1", 0, "wrong unit" },
  { "nothing", "abs_low = 90 mm[Hg] | WAO 2020: adult hypotension below 90", "abs_low =", 0, "expected \"number unit | source\"" },
  { "key twice", "[hr]\n", "[hr]\nup = 21 /min | x\n", 2, "stands twice" },
  { "group twice", "[spo2]\n", "[bp]\nabs_low = 90 mm[Hg] | x\n[spo2]\n", 0, "group [bp] stands twice" },
  { "missing key", "abs_low = 90 mm[Hg] | WAO 2020: adult hypotension below 90\n", "", NO_LINE, "bp.abs_low is missing" },
  { "no name", "name = Adult\n", "", NO_LINE, "profile.name is missing" },
  { "no version", "version = 1\n", "", NO_LINE, "profile.version is missing" },
  { "unknown head", "name = Adult", "title = Adult", 0, "[profile] has name, version, reviewed_by" },
  { "unknown label", "[text.vasovagal]", "[text.fainting]", 0, "unknown label \"fainting\"" },
  { "label without title", "title = Probable faint\n", "", NO_LINE, "[text.vasovagal] needs title and action" },
  { "empty title", "title = Probable faint", "title =", 0, "text is missing" },
  { "unknown text", "title = Probable faint", "headline = Probable faint", 0, "a label has title, action" },
  { "text too long", "title = Probable faint",
    "title = Probable faint, and many more words than a nurse can read at a glance from three metres", 0, "text is too long" },
  { "soft above hard", "soft_rate = 1.0 mg/kg/h | Foo", "soft_rate = 5 mg/kg/h | Foo", 1, "lidocaine.soft_rate = 5 is above lidocaine.hard_rate" },
  { "two limits swapped", "hr_low = 45 /min", "hr_low = 35 /min", 3, "limit.hr_low_extreme = 36 is above limit.hr_low = 35" },
  { "line without equals", "abs_low = 90 mm[Hg] | WAO", "abs_low 90 mm[Hg] | WAO", 0, "expected \"key = value\"" },
  { "open group", "[hr]", "[hr", 0, "a group is written [name]" },
  { "not UTF-8", "name = Adult", "name = Ad\xFFult", 0, "not UTF-8" },
  { "control characters", "name = Adult", "name = Ad\x01ult", 0, "control characters" },
  { "key before a group", NULL, "abs_low = 90 mm[Hg] | x\n", NO_LINE, "unknown" },
  { "empty file", NULL, "", NO_LINE, "profile.name is missing" },
};

START_TEST (clause_6_6_a_broken_profile_is_refused)
{
  const Broken *row = &profiles[_i];
  g_autofree char *text = row->find != NULL ? shipped ("alarms", "adult.ini") : g_strdup (row->put);
  guint line = row->find != NULL ? change (&text, row->find, row->put) : 1;
  g_autofree char *where = g_strdup_printf ("x.ini:%u: ", (guint) ((int) line + row->line_off));
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_parse (text, strlen (text), "x.ini", &error);

  ck_assert_msg (profile == NULL, "%s: refused", row->name);
  ck_assert_msg (strstr (error->message, row->says) != NULL, "%s: \"%s\"", row->name, error->message);
  ck_assert_msg (g_str_has_prefix (error->message, "x.ini:"), "%s: \"%s\"", row->name, error->message);
  if (row->line_off != NO_LINE)
    ck_assert_msg (g_str_has_prefix (error->message, where), "%s: \"%s\", not %s", row->name, error->message, where);
}
END_TEST

/* ---- therapies: changes to micronutrients.ini; entry [mg_addon] unless said otherwise ---- */

static const Broken therapies[] = {
  { "unknown key", "rate_soft_ml_h = 500", "rate_sofd_ml_h = 500", 0, "did you mean \"rate_soft_ml_h\"" },
  { "not a number", "rate_soft_ml_h = 500", "rate_soft_ml_h = fast", 0, "not a number" },
  { "unit in the value", "volume_ml = 37", "volume_ml = 37 mL", 0, "not a number" },
  { "no value", "volume_ml = 37", "volume_ml =", 0, "not a number" },
  { "volume of nothing", "volume_ml = 37", "volume_ml = 0", 0, "outside 1 to 3000" },
  { "magnesium above the label rate", "mg_hard_mmol_min = 0.609", "mg_hard_mmol_min = 1.2", 0, "outside 0.01 to 0.609" },
  { "soft above hard", "mg_soft_mmol_min = 0.50\nmg_hard_mmol_min = 0.609", "mg_soft_mmol_min = 0.50\nmg_hard_mmol_min = 0.4", 1,
    "soft limit of mg is above the hard one" },
  { "cuff too often", "cuff_interval_s = 150", "cuff_interval_s = 60", 0, "outside 150 to 900" },
  { "no name", "name = Myers' cocktail, push\n", "", -1, "name is missing" },
  { "empty name", "name = Myers' cocktail, push", "name =", -1, "name is missing" },
  { "no source", "source = Ali et al. 2009, J Altern Complement Med 15(3):247; recipe of the trial\n", "", -2, "source is missing" },
  { "no volume", "volume_ml = 37\n", "", -3, "volume_ml is missing" },
  { "no plan", "planned_min = 10\n", "", -5, "planned_min is missing" },
  { "no observation", "observe_min = 30\n", "", -6, "observe_min is missing" },
  { "nobody asked for a review", "note = About 1370 mOsm/L: red, above the peripheral limit of the infusion nurses' standards.\nreviewed_by =\n", "",
    -20, "reviewed_by is missing" },
  { "no hard limit for magnesium", "mg_soft_mmol_min = 0.50\nmg_hard_mmol_min = 0.609\n", "", -18, "mg_hard_mmol_min is missing" },
  { "ingredient without unit", "ingredient.1 = magnesium_chloride 1000 mg", "ingredient.1 = magnesium_chloride 1000", 0,
    "expected \"substance amount unit\"" },
  { "ingredient in grams", "ingredient.1 = magnesium_chloride 1000 mg", "ingredient.1 = magnesium_chloride 1 g", 0, "none of mg, mg/kg, mL" },
  { "ingredient of nothing", "ingredient.1 = magnesium_chloride 1000 mg", "ingredient.1 = magnesium_chloride 0 mg", 0, "amount \"0\"" },
  { "negative ingredient", "ingredient.1 = magnesium_chloride 1000 mg", "ingredient.1 = magnesium_chloride -5 mg", 0, "amount \"-5\"" },
  { "decimal comma", "ingredient.1 = magnesium_chloride 1000 mg", "ingredient.1 = magnesium_chloride 1,5 mg", 0, "amount \"1,5\"" },
  { "ingredient twice", "ingredient.2 = calcium_gluconate 300 mg", "ingredient.1 = calcium_gluconate 300 mg", 0, "stands twice" },
  { "id with a blank", "[mg_addon]", "[mg addon]", 0, "is no id" },
  { "id in capitals", "[mg_addon]", "[MG]", 0, "is no id" },
  { "id too long", "[mg_addon]", "[magnesium_sulfate_two_grams_in_100]", 0, "is no id" },
  { "id twice", "[mg_addon]", "[myers_bag]", 0, "stands twice" },
  { "key before an entry", "[myers_push]\n", "name = x\n[myers_push]\n", 0, "before the first [entry]" },
  { "flag that is none", "prechecks = mg\n", "needs_lot = yes\n", 0, "neither 0 nor 1" },
  { "steps that go back", "prechecks = mg\n", "steps = 10 100; 5 200\n", 0, "rising minutes" },
  { "steps without a rate", "prechecks = mg\n", "steps = 10\n", 0, "rising minutes" },
  { "too many steps", "prechecks = mg\n", "steps = 0 1; 1 1; 2 1; 3 1; 4 1; 5 1; 6 1\n", 0, "rising minutes" },
  { "name too long", "name = Myers' cocktail, push", "name = A name of a therapy that is much longer than any screen or report could ever show", 0,
    "longer than" },
  { "no equals", "volume_ml = 37", "volume_ml 37", 0, "expected \"key = value\"" },
  { "nothing in it", NULL, "# empty\n", NO_LINE, "there is no entry" },
  { "ketamine without a limit", NULL,
    "[k]\nname = k\nsource = s\nvolume_ml = 100\nplanned_min = 40\nobserve_min = 60\ningredient.1 = ketamine 0.5 mg/kg\nreviewed_by =\n", 0,
    "ketamine_hard_mg_kg_h is missing" },
  { "lidocaine without a limit", NULL,
    "[l]\nname = l\nsource = s\nvolume_ml = 100\nplanned_min = 40\nobserve_min = 60\ningredient.1 = lidocaine 5 mg/kg\nreviewed_by =\n", 0,
    "lidocaine_hard_mg_kg_h is missing" },
  { "no ingredient", NULL, "[n]\nname = n\nsource = s\nvolume_ml = 100\nplanned_min = 40\nobserve_min = 60\nreviewed_by =\n", 0,
    "ingredient.1 is missing" },
};

/* A clinic's copy of an older version. */
START_TEST (a_number_that_no_rule_read_any_more_is_passed_over)
{
  g_autofree char *text = shipped ("alarms", "adult.ini");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = NULL;

  change (&text, "[baseline]\n", "[baseline]\nvitals_min = 30 s | own choice\npopulation_rr = 15 /min | clinical 3\nlate = 6 min | own choice\n");
  change (&text, "[lidocaine]\n", "[lidocaine]\nloading_total = 1.5 mg/kg | Foo 2021\n");
  profile = chs_profile_parse (text, strlen (text), "x.ini", &error);
  ck_assert_msg (profile != NULL, "%s", error != NULL ? error->message : "");
}
END_TEST

START_TEST (clause_6_6_a_broken_therapy_file_is_refused)
{
  const Broken *row = &therapies[_i];
  g_autofree char *text = row->find != NULL ? shipped ("therapies", "micronutrients.ini") : g_strdup (row->put);
  guint line = row->find != NULL ? change (&text, row->find, row->put) : 1;
  g_autofree char *where = g_strdup_printf ("x.ini:%u: ", (guint) ((int) line + row->line_off));
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_new ();
  g_autoptr (GError) error = NULL;

  ck_assert_msg (!chs_therapy_library_add_text (library, text, strlen (text), "x.ini", &error), "%s: refused", row->name);
  ck_assert_msg (strstr (error->message, row->says) != NULL, "%s: \"%s\"", row->name, error->message);
  if (row->line_off != NO_LINE)
    ck_assert_msg (g_str_has_prefix (error->message, where), "%s: \"%s\", not %s", row->name, error->message, where);
  ck_assert_ptr_null (chs_therapy_library_get (library, 0));
}
END_TEST

/* ---- what is shipped ---- */

START_TEST (clause_6_5_the_shipped_profile_is_whole)
{
  g_autofree char *text = shipped ("alarms", "adult.ini");
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_parse (text, strlen (text), "adult.ini", &error);
  g_autoptr (ChsProfile) copy = NULL;
  gsize n;

  ck_assert_msg (profile != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq (chs_profile_get_name (profile), "Adult");
  ck_assert_str_eq (chs_profile_get_reviewed_by (profile), "");
  ck_assert_int_eq (memcmp (chs_profile_get_text (profile, &n), text, strlen (text)), 0);
  ck_assert_double_eq (chs_profile_get (profile, "bp.abs_low"), 90);
  ck_assert (isnan (chs_profile_get (profile, "bp.nothing")));
  copy = chs_profile_copy (profile);
  ck_assert (chs_profile_set (copy, "bp.abs_low", 95, NULL));
  ck_assert_double_eq (chs_profile_get (copy, "bp.abs_low"), 95);
  ck_assert_double_eq (chs_profile_get (profile, "bp.abs_low"), 90);
  ck_assert (!chs_profile_set (copy, "bp.abs_low", 580, NULL));
  ck_assert (!chs_profile_set (copy, "bp.abs_lo", 95, NULL));
  ck_assert (!chs_profile_set (copy, "fluid.hard_rate", 10, NULL) || chs_profile_get (copy, "fluid.soft_rate") <= 10);
  ck_assert_double_eq (chs_profile_get (copy, "bp.abs_low"), 95);
}
END_TEST

/* Every entry of shared/clinical.md 9 that is infused. */
static const struct {
  const char *id;
  double      mg_mmol_per_ml, ketamine_mg_per_ml, lidocaine_mg_per_ml; /* at 70 kg */
} entries[] = {
  { "myers_push", 1000.0 / 203.30 / 37, 0, 0 }, { "myers_gaby", 1000.0 / 203.30 / 37, 0, 0 },
  { "myers_bag", 1000.0 / 203.30 / 250, 0, 0 }, { "myers_bag500", 2000.0 / 246.47 / 500, 0, 0 },
  { "mg_addon", 2000.0 / 246.47 / 100, 0, 0 },  { "vitc_15g", 0, 0, 0 },
  { "vitc_25g", 0, 0, 0 },                      { "vitc_50g", 0, 0, 0 },
  { "glutathione", 0, 0, 0 },                   { "b12", 0, 0, 0 },
  { "ketamine", 0, 0.35, 0 },                   { "ketamine_4h", 0, 1.6 * 70 / 250, 0 },
  { "lidocaine_consensus", 0, 0, 3.5 * 70 / 250 }, { "lidocaine", 0, 0, 1.4 },
  { "lidocaine_mg", 2500.0 / 246.47 / 500, 0, 7.5 * 70 / 500 }, { "hydration", 0, 0, 0 },
};

static void
on_key (const char *key, const char *value, gpointer user_data)
{
  ck_assert_msg (chs_therapy_setup (user_data, key, value), "key %s, value \"%s\"", key, value);
}

START_TEST (the_shipped_library_is_whole)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsTherapyLibrary) library = NULL;
  const ChsTherapyEntry *entry;
  ChsTherapy therapy;

  g_setenv ("CHAIRSIDE_SHARE", g_getenv ("CHS_TEST_SHARE"), TRUE);
  library = chs_therapy_library_load_default (&error);
  ck_assert_msg (library != NULL, "%s", error != NULL ? error->message : "");
  entry = chs_therapy_library_find (library, entries[_i].id);
  ck_assert_msg (entry != NULL, "%s is there", entries[_i].id);
  ck_assert_str_eq (entry->reviewed_by, "");
  chs_therapy_clear (&therapy);
  chs_therapy_entry_setup (entry, 70, on_key, &therapy);
  ck_assert_str_eq (therapy.id, entries[_i].id);
  ck_assert_double_eq_tol (therapy.mg_mmol_per_ml, entries[_i].mg_mmol_per_ml, 1e-7);
  ck_assert_double_eq_tol (therapy.ketamine_mg_per_ml, entries[_i].ketamine_mg_per_ml, 1e-7);
  ck_assert_double_eq_tol (therapy.lidocaine_mg_per_ml, entries[_i].lidocaine_mg_per_ml, 1e-7);
  ck_assert_int_eq (therapy.unchecked, 0);
  chs_therapy_entry_setup (entry, (double) NAN, on_key, &therapy);
  ck_assert (entry->needs_weight == (isnan (therapy.ketamine_mg_per_ml) || isnan (therapy.lidocaine_mg_per_ml)));
}
END_TEST

/* shared/clinical.md 8: what the entries state is what their ingredients come to, within a quarter (what is added to a full bag, or takes its place); where nothing is stated
 * the computed one counts, and an additive that nobody knows makes it unknown. */
START_TEST (osmolarity_is_that_of_the_ingredients)
{
  static const char own[] = "[own]\nname = own\nsource = clinic\nvolume_ml = 250\nplanned_min = 30\nobserve_min = 30\ndiluent = water\n"
                            "ingredient.1 = magnesium_sulfate 2000 mg\nmg_hard_mmol_min = 0.3\nreviewed_by =\n"
                            "[odd]\nname = odd\nsource = clinic\nvolume_ml = 250\nplanned_min = 30\nobserve_min = 30\ndiluent = water\n"
                            "ingredient.1 = taurine 500 mg\nreviewed_by =\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsTherapyLibrary) library = NULL, mine = chs_therapy_library_new ();
  const ChsTherapyEntry *entry;

  g_setenv ("CHAIRSIDE_SHARE", g_getenv ("CHS_TEST_SHARE"), TRUE);
  library = chs_therapy_library_load_default (&error);
  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++) {
    double computed = chs_therapy_entry_osmolarity (entry, 70), stated = entry->therapy.osm_mosm_l;

    if (!isnan (computed) && !isnan (stated))
      ck_assert_msg (fabs (computed - stated) <= 0.25 * stated, "%s states %g, its ingredients come to %g", entry->id, stated, computed);
  }
  ck_assert (chs_therapy_library_add_text (mine, own, strlen (own), "own.ini", &error));
  ck_assert_double_eq_tol (chs_therapy_library_find (mine, "own")->therapy.osm_mosm_l, 1000 * (2000 * 2 / 246.47) / 250, 0.1); /* 65: thin */
  ck_assert_double_nan (chs_therapy_library_find (mine, "odd")->therapy.osm_mosm_l);
}
END_TEST

START_TEST (an_id_stands_once_in_the_library)
{
  g_autofree char *text = shipped ("therapies", "hydration.ini");
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (chs_therapy_library_add_text (library, text, strlen (text), "a.ini", &error));
  ck_assert (!chs_therapy_library_add_text (library, text, strlen (text), "b.ini", &error));
  ck_assert (g_error_matches (error, CHS_THERAPY_ERROR, CHS_THERAPY_ERROR_TWICE));
}
END_TEST

START_TEST (an_unknown_additive_is_marked)
{
  static const char text[] = "[own]\nname = own\nsource = clinic\nvolume_ml = 250\nplanned_min = 30\nobserve_min = 30\n"
                             "ingredient.1 = magnesium_sulfate 1000 mg\ningredient.2 = taurine 500 mg\nmg_hard_mmol_min = 0.3\nreviewed_by =\n";
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (chs_therapy_library_add_text (library, text, strlen (text), "own.ini", &error));
  ck_assert_int_eq (chs_therapy_library_find (library, "own")->therapy.unchecked, 1);
  ck_assert (!chs_therapy_library_find (library, "own")->ingredients[1].known);
}
END_TEST

static Suite *
profile_suite (void)
{
  Suite *suite = suite_create ("profile");
  TCase *tc = tcase_create ("files");

  tcase_add_loop_test (tc, clause_6_6_a_broken_profile_is_refused, 0, G_N_ELEMENTS (profiles));
  tcase_add_loop_test (tc, clause_6_6_a_broken_therapy_file_is_refused, 0, G_N_ELEMENTS (therapies));
  tcase_add_test (tc, a_number_that_no_rule_read_any_more_is_passed_over);
  tcase_add_test (tc, clause_6_5_the_shipped_profile_is_whole);
  tcase_add_loop_test (tc, the_shipped_library_is_whole, 0, G_N_ELEMENTS (entries));
  tcase_add_test (tc, osmolarity_is_that_of_the_ingredients);
  tcase_add_test (tc, an_id_stands_once_in_the_library);
  tcase_add_test (tc, an_unknown_additive_is_marked);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (profile_suite)
