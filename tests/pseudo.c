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
  /* patients of the cases, and what their nurse has typed */
  "A-17", "B-2", "C-3", "D-9", "moved", "to", "the", "other", "arm", "family", "called",
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
  return g_regex_match_simple ("^(dev/.*|tcp:.*|\\d+/\\d[neo]\\d.*|[0-9A-F]{2})$", word, 0, 0);
}

static gboolean
is_allowed (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    if (strcmp (word, allowed[i]) == 0)
      return TRUE;

  return FALSE;
}

static char *
dup_bare (const char *text)
{
  g_autoptr (GRegex) wrapped = g_regex_new (OPEN "[^" OPEN CLOSE "]*" CLOSE, G_REGEX_DOTALL, 0, NULL);

  return g_regex_replace_literal (wrapped, text, -1, 0, " ", 0, NULL);
}

char *
pseudo_check (const char *text)
{
  g_autofree char     *bare = dup_bare (text ? text : "");
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

/* ---- what is laid out ---- */

#define SAMPLE "The quick brown fox jumps over the lazy dog." /* pango measures a font by it */

static GHashTable *laid_out; /* text -> itself; since the last look */

void
pango_layout_set_text (PangoLayout *layout, const char *text, int n)
{
  static void (*real) (PangoLayout *, const char *, int);

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "pango_layout_set_text");
  real (layout, text, n);
  if (laid_out && strcmp (text, SAMPLE) != 0)
    g_hash_table_add (laid_out, n < 0 ? g_strdup (text) : g_strndup (text, (gsize) n));
}

/* ---- looking ---- */

#define MOST_TOLD 3000 /* Check takes no longer message */

static GString    *findings;
static GHashTable *known; /* texts that were found before */

static void
note (const char *state, const char *where, const char *text)
{
  g_autofree char *left = pseudo_check (text);

  if (left && g_hash_table_add (known, g_strdup (left)))
    g_string_append_printf (findings, "\n%s, %s: \"%s\" in \"%s\"", state, where, left, text);
}

static void
note_property (const char *state, GtkWidget *widget, const char *where, GtkAccessibleProperty property)
{
  /* It tells what the property is when it is not what was asked for. */
  g_autofree char *text = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\001");

  if (g_strcmp0 (text, "undefined") != 0)
    note (state, where, text);
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
  note (state, "tooltip", gtk_widget_get_tooltip_text (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    look_at (state, child);
}

void
pseudo_look (const char *state, GtkWidget *window)
{
  GHashTableIter iter;
  gpointer       text;

  g_hash_table_iter_init (&iter, laid_out);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    note (state, "shown", text);
  g_hash_table_remove_all (laid_out);
  look_at (state, window);
}

void
pseudo_begin (void)
{
  char            *argv[] = { (char *) "test", (char *) "--language=" LANGUAGE, NULL };
  g_autofree char *folder = g_dir_make_tmp ("chairside-pseudo-XXXXXX", NULL);

  write_catalogue (folder);
  g_setenv ("CHAIRSIDE_LOCALEDIR", folder, TRUE);
  chs_language_init (2, argv, "");
  laid_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  findings = g_string_new (NULL);
}

void
pseudo_end (void)
{
  g_clear_pointer (&laid_out, g_hash_table_unref);
  g_clear_pointer (&known, g_hash_table_unref);
  g_string_truncate (findings, MIN (findings->len, MOST_TOLD));
  ck_assert_msg (findings->len == 0, "in no language:%s", findings->str);
  g_string_free (findings, TRUE);
}
