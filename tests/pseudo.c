/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/pseudo.h"

#include "data/unit.h"
#include "ui/language.h"

#include <check.h>
#include <dlfcn.h>
#include <glib/gstdio.h>
#include <string.h>

#define OPEN "⟦"
#define CLOSE "⟧"
#define LANGUAGE "qps" /* reserved for private use in ISO 639-2 */

/* ---- the catalogue ---- */

/* Format of a .mo file: GNU gettext manual, "The Format of GNU MO Files". */
#define MO_MAGIC 0x950412deu
#define MO_N 8
#define MO_IDS 12
#define MO_WORDS 16
#define MO_HEAD 28

static const char header[] = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n";

/* They say something of the language and are no words of it. */
static const char *const facts[] = { "text direction", "language code", "decimal", "keyboard" };

static gboolean
is_fact (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (g_str_has_prefix (id, facts[i]) && id[strlen (facts[i])] == '\004')
      return TRUE;

  return FALSE;
}

/* "%d alarms" becomes "%d⟦ alarms⟧". No blank is taken for a flag: "0.9 % saline" is no format. */
static char *
wrap (const char *words)
{
  g_autoptr (GRegex) gaps = g_regex_new ("%(\\d+\\$)?[-+0#']*(\\d+|\\*)?(\\.(\\d+|\\*))?(hh|ll|h|l|j|z|t)?[a-zA-Z]", 0, 0, NULL);
  g_autofree char   *opened = g_regex_replace (gaps, words, -1, 0, CLOSE "\\0" OPEN, 0, NULL);
  g_autofree char   *whole = g_strconcat (OPEN, opened, CLOSE, NULL);
  g_auto (GStrv)     parts = g_strsplit (whole, OPEN CLOSE, -1);

  return g_strjoinv ("", parts);
}

static guint32
get_number (const char *mo, gsize at)
{
  guint32 number;

  memcpy (&number, mo + at, sizeof number);

  return GUINT32_FROM_LE (number);
}

static void
put_number (GByteArray *out, gsize at, gsize number)
{
  guint32 le = GUINT32_TO_LE ((guint32) number);

  memcpy (out->data + at, &le, sizeof le);
}

static void
put_text (GByteArray *out, gsize entry, const char *text, gsize n)
{
  put_number (out, entry, n);
  put_number (out, entry + 4, out->len);
  g_byte_array_append (out, (const guint8 *) text, (guint) n);
  g_byte_array_append (out, (const guint8 *) "", 1);
}

/* @id: "context\004one\0many" */
static GString *
translate (const char *id, gsize n)
{
  GString *words = g_string_new (NULL);

  for (const char *form = id; form <= id + n; form += strlen (form) + 1) {
    const char      *text = form == id && strchr (form, '\004') ? strchr (form, '\004') + 1 : form;
    g_autofree char *wrapped = is_fact (id) ? g_strdup (text) : wrap (text);

    if (words->len > 0)
      g_string_append_c (words, '\0');
    g_string_append (words, wrapped);
  }

  return words;
}

static GByteArray *
make_catalogue (const char *mo)
{
  guint32     n = get_number (mo, MO_N), ids = get_number (mo, MO_IDS);
  GByteArray *out = g_byte_array_new ();

  ck_assert_msg (get_number (mo, 0) == MO_MAGIC, "this is no catalogue");
  g_byte_array_set_size (out, MO_HEAD + n * 16);
  memset (out->data, 0, out->len);
  put_number (out, 0, MO_MAGIC);
  put_number (out, MO_N, n);
  put_number (out, MO_IDS, MO_HEAD);
  put_number (out, MO_WORDS, MO_HEAD + n * 8);
  for (guint i = 0; i < n; i++) {
    gsize                length = get_number (mo, ids + i * 8);
    const char          *id = mo + get_number (mo, ids + i * 8 + 4);
    g_autoptr (GString)  words = length > 0 ? translate (id, length) : g_string_new (header);

    put_text (out, MO_HEAD + i * 8, id, length);
    put_text (out, MO_HEAD + n * 8 + i * 8, words->str, words->len);
  }

  return out;
}

static void
write_catalogue (const char *folder)
{
  g_autofree char       *from = g_build_filename (g_getenv ("CHS_TEST_BUILD"), "po", "de", "LC_MESSAGES", "chairside.mo", NULL);
  g_autofree char       *messages = g_build_filename (folder, LANGUAGE, "LC_MESSAGES", NULL);
  g_autofree char       *to = g_build_filename (messages, "chairside.mo", NULL), *mo = NULL;
  g_autoptr (GByteArray) out = NULL;

  ck_assert_msg (g_file_get_contents (from, &mo, NULL, NULL), "%s is missing", from);
  out = make_catalogue (mo);
  g_mkdir_with_parents (messages, 0700);
  ck_assert (g_file_set_contents (to, (const char *) out->data, (gssize) out->len, NULL));
}

/* ---- what is no word ---- */

/* Each needs its reason. Whole words only; digits, signs and single letters need none. */
static const char *const allowed[] = {
  /* names of drugs, as the pump tells them */
  "Magnesium", "Ketamine", "Saline", "Glutathione",
  /* patients of the cases */
  "A-17", "B-2", "C-3", "D-9",
  /* a score that has this name in every country */
  "NEWS", "NEWS2",
  /* the ruler's own unit */
  "mm",
  /* boards of the keyboard, and languages, each in its own letters */
  "ABC", "ÀÇÑ", "English", "Deutsch", "Español", "Français", "Português", "Brasil",
};

/* The units of the one table stand as they are in every language, up to the times, which are words. */
static gboolean
is_unit (const char *word)
{
  for (guint i = CHS_UNIT_NONE + 1; i < CHS_N_UNITS; i++)
    if (strcmp (word, chs_unit_info ((ChsUnit) i)->label) == 0)
      return i < CHS_UNIT_S;

  return FALSE;
}

/* Addresses of ports with the settings of their lines, and bytes. */
static gboolean
is_address (const char *word)
{
  return g_regex_match_simple ("^((dev|run)/.*|tcp:.*|\\d+/\\d[neo]\\d.*|[0-9A-F]{2})$", word, 0, 0);
}

static GHashTable *allowed_here;

void
pseudo_allow (const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (char **word = list; *word; word++)
    g_hash_table_add (allowed_here, g_strdup (*word));
}

static gboolean
is_allowed (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (strcmp (word, allowed[i]) == 0)
      return TRUE;

  return g_hash_table_contains (allowed_here, word);
}

static char *
dup_bare (const char *text)
{
  g_autoptr (GRegex) wrapped = g_regex_new (OPEN "[^" OPEN CLOSE "]*" CLOSE, G_REGEX_DOTALL, 0, NULL);

  return g_regex_replace_literal (wrapped, text, -1, 0, " ", 0, NULL);
}

static char *
find_untranslated (const char *text)
{
  g_autofree char     *bare = dup_bare (text);
  g_autoptr (GRegex)   word = g_regex_new ("[\\p{L}\\d][\\p{L}\\p{M}\\d_'.:/@-]*", 0, 0, NULL);
  g_autoptr (GMatchInfo) found = NULL;
  GString             *left = g_string_new (NULL);

  if (g_utf8_strlen (bare, -1) > 1) /* one letter alone is a key of a keyboard */
    for (g_regex_match (word, bare, 0, &found); g_match_info_matches (found); g_match_info_next (found, NULL)) {
      g_autofree char *one = g_match_info_fetch (found, 0);

      if (g_regex_match_simple ("\\p{L}", one, 0, 0) && !is_allowed (one) && !is_unit (one) && !is_address (one))
        g_string_append_printf (left, "%s%s", left->len ? " " : "", one);
    }

  return g_string_free (left, left->len == 0);
}

/* ---- right to left ---- */

/* The library's own: ours stands before it, see below. */
static void
set_layout_text (PangoLayout *layout, const char *text, int n)
{
  static void (*real) (PangoLayout *, const char *, int);

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "pango_layout_set_text");
  real (layout, text, n);
}

/* Numbers with sign, unit and what they change to or reach to. */
#define NUMBER "[−+]?\\d+(?:[.,:/]\\d+)*"
#define UNITS "%|°C|/min|mmHg|mL/h|mL|mg|g|mmol/min|mmol"
#define MEASURED NUMBER "(\\s?[→–]\\s?" NUMBER ")*(\\s?(" UNITS "))?(?![\\p{Latin}/])"

static int
get_x (PangoLayout *layout, const char *text, const char *at)
{
  PangoRectangle place;

  pango_layout_index_to_pos (layout, (int) (at - text), &place);

  return place.width < 0 ? place.x + place.width : place.x;
}

/* Whether the letters from @begin to @end stand from left to right. */
static gboolean
is_ltr (PangoLayout *layout, const char *text, int begin, int end)
{
  int last = G_MININT;

  for (const char *at = text + begin; at < text + end; at = g_utf8_next_char (at)) {
    int x = get_x (layout, text, at);

    if (x < last)
      return FALSE;
    last = x;
  }

  return TRUE;
}

static gboolean
has_rtl (const char *text)
{
  return g_regex_match_simple ("\\p{Arabic}", text, 0, 0);
}

enum { IS_RTL = 1, IS_FIXED = 2 }; /* the direction of the place; whether it is also that of every line there */

static char *
find_turned (const char *text, guint place)
{
  PangoContext            *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  g_autoptr (PangoLayout)  layout = pango_layout_new (context);
  g_autoptr (GRegex)       measured = g_regex_new (MEASURED, 0, 0, NULL);
  g_autoptr (GMatchInfo)   found = NULL;

  pango_context_set_base_dir (context, place & IS_RTL ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  pango_layout_set_auto_dir (layout, !(place & IS_FIXED));
  g_object_unref (context);
  set_layout_text (layout, text, -1);
  if (has_rtl (text) && pango_layout_get_line_readonly (layout, 0)->resolved_dir == PANGO_DIRECTION_LTR)
    return g_strdup ("runs from left to right");
  for (g_regex_match (measured, text, 0, &found); g_match_info_matches (found); g_match_info_next (found, NULL)) {
    int begin, end;

    g_match_info_fetch_pos (found, 0, &begin, &end);
    if (!is_ltr (layout, text, begin, end))
      return g_match_info_fetch (found, 0);
  }

  return NULL;
}

/* ---- what is laid out ---- */

#define SAMPLE "The quick brown fox jumps over the lazy dog." /* pango measures a font by it */

static GHashTable *laid_out; /* text -> those; since the last look */

void
pango_layout_set_text (PangoLayout *layout, const char *text, int n)
{
  char *copy = n < 0 ? g_strdup (text) : g_strndup (text, (gsize) n);

  set_layout_text (layout, text, n);
  if (laid_out && strcmp (copy, SAMPLE) != 0) {
    guint place = pango_context_get_base_dir (pango_layout_get_context (layout)) == PANGO_DIRECTION_RTL ? IS_RTL : 0;

    g_hash_table_insert (laid_out, copy, GUINT_TO_POINTER (place | (pango_layout_get_auto_dir (layout) ? 0 : IS_FIXED)));
  } else
    g_free (copy);
}

/* ---- looking ---- */

#define MOST_TOLD 3000 /* Check takes no longer message */

static PseudoLanguage language;
static GString       *findings;
static GHashTable    *known; /* what was found before */

static void
note (const char *state, const char *where, const char *text, guint place)
{
  g_autofree char *wrong = language == PSEUDO_ARABIC ? find_turned (text, place) : find_untranslated (text);

  if (wrong && g_hash_table_add (known, g_strdup (language == PSEUDO_ARABIC ? text : wrong)))
    g_string_append_printf (findings, "\n%s, %s: \"%s\" in \"%s\"", state, where, wrong, text);
}

static void
note_property (const char *state, GtkWidget *widget, const char *where, GtkAccessibleProperty property)
{
  /* It tells what the property is when it is not what was asked for. */
  g_autofree char *text = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\001");

  if (text && strcmp (text, "undefined") != 0 && language != PSEUDO_ARABIC) /* it is heard, not laid out */
    note (state, where, text, 0);
}

static void
look_at (const char *state, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  note_property (state, widget, "accessible label", GTK_ACCESSIBLE_PROPERTY_LABEL);
  note_property (state, widget, "accessible description", GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  note_property (state, widget, "accessible placeholder", GTK_ACCESSIBLE_PROPERTY_PLACEHOLDER);
  note_property (state, widget, "accessible value", GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT);
  if (gtk_widget_get_tooltip_text (widget))
    note (state, "tooltip", gtk_widget_get_tooltip_text (widget), 0);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    look_at (state, child);
}

void
pseudo_look (const char *state, GtkWidget *window)
{
  GHashTableIter iter;
  gpointer       text, place;

  g_hash_table_iter_init (&iter, laid_out);
  while (g_hash_table_iter_next (&iter, &text, &place))
    note (state, "shown", text, GPOINTER_TO_UINT (place));
  g_hash_table_remove_all (laid_out);
  look_at (state, window);
}

void
pseudo_begin (PseudoLanguage wanted)
{
  g_autofree char *option = g_strconcat ("--language=", wanted == PSEUDO_ARABIC ? "ar" : LANGUAGE, NULL);
  char            *argv[] = { (char *) "test", option, NULL };
  g_autofree char *folder = g_dir_make_tmp ("chairside-pseudo-XXXXXX", NULL);

  language = wanted;
  if (language == PSEUDO_ARABIC) /* GTK complains where lines of two scripts are some pixels apart in height: not what is looked for */
    g_log_set_always_fatal (G_LOG_FATAL_MASK);
  if (language == PSEUDO_WORDS) {
    write_catalogue (folder);
    g_setenv ("CHAIRSIDE_LOCALEDIR", folder, TRUE);
  }
  chs_language_init (2, argv, "");
  laid_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  allowed_here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  findings = g_string_new (NULL);
}

void
pseudo_end (void)
{
  g_clear_pointer (&laid_out, g_hash_table_unref);
  g_clear_pointer (&known, g_hash_table_unref);
  g_clear_pointer (&allowed_here, g_hash_table_unref);
  g_string_truncate (findings, MIN (findings->len, MOST_TOLD));
  ck_assert_msg (findings->len == 0, "%s:%s", language == PSEUDO_ARABIC ? "turned round" : "in no language", findings->str);
  g_string_free (findings, TRUE);
}
