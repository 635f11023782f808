/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/ini.h"

#include "data/read-file.h"

#include <string.h>

G_DEFINE_QUARK (chs - ini - error - quark, chs_ini_error)

typedef struct {
  ChsIniFunc func;
  gpointer user_data;
  guint line;
  char *group;
  GHashTable *seen; /* "group", and "group\nkey" */
} Parser;

static gboolean
refuse (GError **error, ChsIniError code, const char *message)
{
  g_set_error_literal (error, CHS_INI_ERROR, (int) code, message);
  return FALSE;
}

static gboolean
parse_group (Parser *parser, char *text, GError **error)
{
  gsize n = strlen (text);

  if (text[n - 1] != ']' || n < 3)
    return refuse (error, CHS_INI_ERROR_SYNTAX, "a group is written [name]");
  text[n - 1] = '\0';
  g_free (parser->group);
  parser->group = g_strdup (g_strstrip (text + 1));
  if (!g_hash_table_add (parser->seen, g_strdup (parser->group))) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_TWICE, "group [%s] stands twice", parser->group);
    return FALSE;
  }
  return parser->func (parser->line, parser->group, NULL, NULL, parser->user_data, error);
}

static gboolean
parse_key (Parser *parser, char *text, GError **error)
{
  char *equals = strchr (text, '=');
  const char *value;

  if (equals == NULL || equals == text)
    return refuse (error, CHS_INI_ERROR_SYNTAX, "expected \"key = value\", \"[group]\" or a comment");
  *equals = '\0';
  value = g_strstrip (equals + 1);
  g_strchomp (text);
  if (!g_hash_table_add (parser->seen, g_strdup_printf ("%s\n%s", parser->group, text))) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_TWICE, "key \"%s\" stands twice in this group", text);
    return FALSE;
  }
  return parser->func (parser->line, parser->group, text, value, parser->user_data, error);
}

static gboolean
parse_line (Parser *parser, char *text, gsize n, GError **error)
{
  if (n > CHS_INI_MAX_LINE)
    return refuse (error, CHS_INI_ERROR_SYNTAX, "line is too long");
  if (memchr (text, '\0', n) != NULL || !g_utf8_validate (text, (gssize) n, NULL))
    return refuse (error, CHS_INI_ERROR_SYNTAX, "line is not UTF-8 text");
  g_strstrip (text);
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && *p != '\t')
      return refuse (error, CHS_INI_ERROR_SYNTAX, "line has control characters");
  if (text[0] == '\0' || text[0] == '#' || text[0] == ';')
    return TRUE;
  return text[0] == '[' ? parse_group (parser, text, error) : parse_key (parser, text, error);
}

gboolean
chs_ini_parse (const char *text, gsize n, const char *name, ChsIniFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Parser parser = { .func = func, .user_data = user_data, .group = g_strdup (""), .seen = seen };
  const char *end = text + n;
  gboolean good = n <= CHS_INI_MAX_BYTES;

  if (!good)
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "%s: larger than %d bytes", name, CHS_INI_MAX_BYTES);
  while (good && text < end) {
    const char *newline = memchr (text, '\n', (gsize) (end - text));
    gsize length = (gsize) ((newline != NULL ? newline : end) - text);
    g_autofree char *line = g_strndup (text, length);

    parser.line++;
    good = parse_line (&parser, line, length, error);
    if (!good)
      g_prefix_error (error, "%s:%u: ", name, parser.line);
    text += length + 1;
  }
  g_free (parser.group);
  return good;
}

gboolean
chs_ini_load (const char *path, ChsIniFunc func, gpointer user_data, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize n;

  text = chs_read_file (path, CHS_INI_MAX_BYTES, &n, &local);
  if (text == NULL) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read: %s", local->message);
    return FALSE;
  }
  return chs_ini_parse (text, n, path, func, user_data, error);
}

/* ---- writing ---- */

static gboolean
is_group_line (const char *line, const char *group)
{
  g_autofree char *copy = g_strstrip (g_strdup (line)), *want = g_strdup_printf ("[%s]", group);

  return group != NULL ? strcmp (copy, want) == 0 : copy[0] == '[';
}

/* "key =", or with @comment "#key =" */
static gboolean
is_key_line (const char *line, const char *key, gboolean comment)
{
  gsize n = strlen (key);

  line += strspn (line, " \t");
  if (comment && *line++ != '#')
    return FALSE;
  line += strspn (line, " \t");
  return strncmp (line, key, n) == 0 && line[n + strspn (line + n, " \t")] == '=';
}

/* Where the line goes, and whether it takes the place of what stands there. */
static guint
find_place (GPtrArray *lines, const char *group, const char *key, gboolean *replaces)
{
  guint start = 0, end, example = 0;

  while (start < lines->len && !is_group_line (lines->pdata[start], group))
    start++;
  if (start == lines->len) {
    g_ptr_array_add (lines, g_strdup_printf ("[%s]", group));
    return lines->len;
  }
  for (end = start + 1; end < lines->len && !is_group_line (lines->pdata[end], NULL); end++) {
    *replaces = is_key_line (lines->pdata[end], key, FALSE);
    if (*replaces)
      return end;
    if (is_key_line (lines->pdata[end], key, TRUE))
      example = end + 1;
  }
  while (end > start + 1 && ((char *) lines->pdata[end - 1])[0] == '\0')
    end--; /* before the blank lines that part the groups */
  return example > 0 ? example : end;
}

char *
chs_ini_dup_set (const char *text, const char *group, const char *key, const char *value)
{
  g_auto (GStrv) old = g_strsplit (text, "\n", -1);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  gboolean replaces = FALSE, ends = g_str_has_suffix (text, "\n");
  guint place;

  for (char **line = old; *line != NULL && (line[1] != NULL || !ends); line++)
    g_ptr_array_add (lines, g_strdup (*line));
  place = find_place (lines, group, key, &replaces);
  if (replaces)
    g_ptr_array_remove_index (lines, place);
  g_ptr_array_insert (lines, (int) place, g_strdup_printf ("%s = %s", key, value));
  g_ptr_array_add (lines, g_strdup (""));
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

#define SUGGEST_MAX 64 /* bytes compared; no key is longer */

/* Edit distance with neighbours swapped counted as one (optimal string alignment). */
static guint
distance (const char *a, const char *b)
{
  gsize na = MIN (strlen (a), SUGGEST_MAX), nb = MIN (strlen (b), SUGGEST_MAX);
  guint rows[3][SUGGEST_MAX + 1];
  guint *before = rows[0], *last = rows[1], *now = rows[2];

  for (gsize j = 0; j <= nb; j++)
    last[j] = (guint) j;
  for (gsize i = 1; i <= na; i++) {
    guint *spare = before;

    now[0] = (guint) i;
    for (gsize j = 1; j <= nb; j++) {
      gboolean same = g_ascii_tolower (a[i - 1]) == g_ascii_tolower (b[j - 1]);

      now[j] = MIN (MIN (last[j], now[j - 1]) + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = MIN (now[j], before[j - 2] + 1);
    }
    before = last, last = now, now = spare;
  }
  return last[nb];
}

const char *
chs_ini_suggest (const char *word, const char *const *words)
{
  const char *best = NULL;
  guint best_distance = (guint) MAX (strlen (word) / 3, 1) + 1; /* own choice: a third of the letters may be wrong */

  for (; *words != NULL; words++) {
    guint d = distance (word, *words);

    if (d < best_distance)
      best = *words, best_distance = d;
  }
  return best;
}

gboolean
chs_ini_unknown (GError **error, const char *what, const char *word, const char *const *words)
{
  const char *near = chs_ini_suggest (word, words);
  g_autofree char *all = near == NULL ? g_strjoinv (", ", (char **) words) : NULL;

  if (near != NULL)
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_KEY, "unknown %s \"%s\"; did you mean \"%s\"?", what, word, near);
  else
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_KEY, "unknown %s \"%s\"; known: %s", what, word, all);
  return FALSE;
}
