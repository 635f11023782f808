/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit.h"

#include "app/event-json.h"
#include "data/export.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_TEXT 64              /* hexadecimal digits of a SHA-256 */
#define HASH_KEY ",\"hash\":\""
#define TAIL (sizeof HASH_KEY - 1 + HASH_TEXT + 2) /* bytes of a line from its hash on: key, digits, quote and brace */
#define LINE_MAX_BYTES 8192       /* of one line; texts are cut to fit */
#define TEXT_MAX 1024
#define RESERVE_BYTES (64 * 1024) /* kept on the disk behind the end: some two hundred lines */

G_DEFINE_QUARK (chs-audit-error-quark, chs_audit_error)

static void
first_hash (char hash[HASH_TEXT + 1])
{
  memset (hash, '0', HASH_TEXT);
  hash[HASH_TEXT] = '\0';
}

/* Where the hash of a line is; NULL: it has none. */
static const char *
find_hash (const char *line, gsize n)
{
  const char *tail = n > TAIL ? line + n - TAIL : NULL;

  if (tail == NULL || memcmp (tail, HASH_KEY, sizeof HASH_KEY - 1) != 0 || line[n - 2] != '"' || line[n - 1] != '}')
    return NULL;
  return tail + sizeof HASH_KEY - 1;
}

static void
hash_line (const char prev[HASH_TEXT + 1], const char *line, gsize n, char hash[HASH_TEXT + 1])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) prev, HASH_TEXT);
  g_checksum_update (sum, (const guchar *) line, (gssize) n);
  g_strlcpy (hash, g_checksum_get_string (sum), HASH_TEXT + 1);
}

/* ---- appending ---- */

/* The hash of the last whole line, and where it ends: what follows was never acknowledged. */
static gboolean
find_end (int fd, char hash[HASH_TEXT + 1], off_t *end)
{
  char tail[2 * LINE_MAX_BYTES];
  off_t size = lseek (fd, 0, SEEK_END), from = MAX (0, size - (off_t) sizeof tail);
  ssize_t n = pread (fd, tail, sizeof tail, from);
  const char *newline, *line, *found;

  first_hash (hash);
  if (size < 0 || n < 0)
    return FALSE;
  newline = memrchr (tail, '\n', (size_t) n);
  *end = newline != NULL ? from + (newline - tail) + 1 : from;
  if (newline == NULL)
    return TRUE;
  line = memrchr (tail, '\n', (size_t) (newline - tail));
  line = line != NULL ? line + 1 : tail;
  found = find_hash (line, (gsize) (newline - line));
  if (found != NULL)
    memcpy (hash, found, HASH_TEXT);
  return TRUE;
}

static void
add_text (GString *line, const char *key, const char *text)
{
  g_autofree char *cut = g_strndup (text, TEXT_MAX);

  chs_json_key (line, key);
  chs_json_quote (line, cut);
}

static char *
dup_line (gint64 wall_us, const char *who, const char *action, const char *what, const char *why)
{
  GString *line = g_string_new ("{\"time\":\"");

  chs_export_time (line, wall_us);
  g_string_append_c (line, '"');
  add_text (line, "who", who);
  add_text (line, "action", action);
  add_text (line, "what", what);
  add_text (line, "why", why != NULL ? why : "");
  return g_string_free (line, FALSE);
}

static gboolean
write_line (int fd, const char *text)
{
  char prev[HASH_TEXT + 1], hash[HASH_TEXT + 1];
  g_autofree char *line = NULL;
  off_t end = 0;
  gsize n;

  if (flock (fd, LOCK_EX) != 0 || !find_end (fd, prev, &end) || ftruncate (fd, end) != 0)
    return FALSE;
  hash_line (prev, text, strlen (text), hash);
  line = g_strconcat (text, HASH_KEY, hash, "\"}\n", NULL);
  n = strlen (line);
  if (pwrite (fd, line, n, end) != (ssize_t) n || fsync (fd) != 0) {
    int failed = errno != 0 ? errno : ENOSPC;

    if (ftruncate (fd, end) != 0)
      failed = errno;
    errno = failed;
    return FALSE;
  }
  (void) fallocate (fd, FALLOC_FL_KEEP_SIZE, end + (off_t) n, RESERVE_BYTES); /* where the file system can */
  return TRUE;
}

gboolean
chs_audit_append (const char *folder, gint64 wall_us, const char *who, const char *action, const char *what, const char *why,
                  GError **error)
{
  g_autofree char *path = g_build_filename (folder, CHS_AUDIT_NAME, NULL);
  g_autofree char *text = dup_line (wall_us, who, action, what, why);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean written;

  errno = fd < 0 ? errno : 0;
  written = fd >= 0 && write_line (fd, text);
  if (!written)
    g_set_error (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_WRITE, "cannot write the audit log %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return written;
}

/* ---- reading ---- */

static const char *
member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text != NULL ? text : "";
}

static gboolean
give_line (const char *text, gsize n, guint number, ChsAuditFunc func, gpointer user_data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonObject *object;
  ChsAuditLine line;

  if (func == NULL || !json_parser_load_from_data (parser, text, (gssize) n, NULL))
    return TRUE;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return TRUE;
  object = json_node_get_object (root);
  line = (ChsAuditLine) { number, member (object, "time"), member (object, "who"), member (object, "action"), member (object, "what"),
                          member (object, "why") };
  return func (&line, user_data);
}

/* Whether @text goes on from @hash, which becomes its own. */
static gboolean
follows (const char *text, gsize n, char hash[HASH_TEXT + 1])
{
  const char *told = find_hash (text, n);
  char want[HASH_TEXT + 1];
  gboolean fits;

  if (told == NULL)
    return FALSE;
  hash_line (hash, text, n - TAIL, want);
  fits = memcmp (told, want, HASH_TEXT) == 0;
  memcpy (hash, told, HASH_TEXT);
  return fits;
}

gboolean
chs_audit_foreach (const char *folder, ChsAuditFunc func, gpointer user_data, GError **error)
{
  g_autofree char *path = g_build_filename (folder, CHS_AUDIT_NAME, NULL), *text = NULL;
  g_autoptr (GError) local = NULL;
  char hash[HASH_TEXT + 1];
  guint number = 0, bad = 0;
  gboolean more = TRUE;
  gsize n;

  if (!g_file_get_contents (path, &text, &n, &local)) {
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return TRUE;
    g_set_error (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_READ, "%s", local->message);
    return FALSE;
  }
  first_hash (hash);
  for (const char *at = text, *end = text + n; at < end && more;) {
    const char *newline = memchr (at, '\n', (gsize) (end - at));

    if (newline == NULL) /* never acknowledged */
      break;
    number++;
    if (!follows (at, (gsize) (newline - at), hash) && bad == 0)
      bad = number;
    more = give_line (at, (gsize) (newline - at), number, func, user_data);
    at = newline + 1;
  }
  if (bad > 0)
    g_set_error (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_CHAIN, "%s: line %u does not go on from the one before: a line was changed, "
                 "taken out or put in there", path, bad);
  return bad == 0;
}
