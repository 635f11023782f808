/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "app/provision.h"
#include "app/sign.h"
#include "data/read-file.h"

#include <stdio.h>
#include <string.h>

/* A chair's configuration on a USB stick, for the desk and for a chair without its
 * screen: keygen, export, verify, import. */

#define SYSTEM_CONFIG "/etc/chairside/chair.ini"

typedef struct {
  char *config, *key, *keys;
  gboolean json;
} Words;

static int
make_keys (const Words *words, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (!chs_sign_make_keys (argv[0], argv[1], &error))
    return chs_tool_refuse ("provision", error);
  fprintf (stderr, "%s stays at the desk: whoever has it can change every chair. %s goes to the chairs, as provision.pub beside chair.ini.\n",
           argv[0], argv[1]);
  return CHS_TOOL_DONE;
}

static char *
dup_signature (const char *key_path, const char *text, const ChsChairConfig *config, GError **error)
{
  gsize n;
  char *secret = chs_read_file (key_path, CHS_SIGN_MAX_BYTES, &n, error), *signature;
  g_autofree char *comment = g_strdup_printf ("chairside configuration, serial %u, for %s", config->serial, config->name);

  if (secret == NULL)
    return NULL;
  signature = chs_sign (secret, text, strlen (text), comment, error);
  memset (secret, 0, n);
  g_free (secret);
  return signature;
}

/* Text of a configuration that loads, as it may travel: without the hash of the PIN. */
static char *
dup_text (const char *path, ChsChairConfig **config, GError **error)
{
  *config = chs_chair_config_load (path, error);
  return *config != NULL ? g_strdup ((*config)->text) : NULL;
}

static int
put_out (const Words *words, char **argv)
{
  g_autoptr (ChsChairConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = dup_text (words->config, &config, &error), *signature = NULL;

  if (text == NULL)
    return chs_tool_refuse ("provision", error);
  if (words->key != NULL && (signature = dup_signature (words->key, text, config, &error)) == NULL)
    return chs_tool_refuse ("provision", error);
  if (!chs_provision_put (text, signature, argv[0], &error))
    return chs_tool_refuse ("provision", error);
  fprintf (stderr, "%s/" CHS_PROVISION_FILE ": \"%s\", serial %u, %s\n", argv[0], config->name, config->serial,
           signature != NULL ? "signed" : "not signed: no chair takes it before it is (--key=FILE, or minisign -Sm)");
  return CHS_TOOL_DONE;
}

static void
print_changes (const ChsProvision *provision, gboolean json)
{
  for (guint i = 0; i < provision->changes->len; i++) {
    const ChsProvisionChange *change = provision->changes->pdata[i];
    g_autoptr (GString) line = g_string_new ("{\"type\":\"change\"");

    if (!json) {
      printf ("%s: %s -> %s\n", change->key, change->before != NULL ? change->before : "(default)",
              change->after != NULL ? change->after : "(default)");
      continue;
    }
    chs_json_text (line, "key", change->key);
    chs_json_text (line, "before", change->before);
    chs_json_text (line, "after", change->after);
    puts (g_string_append_c (line, '}')->str);
  }
}

/* The present configuration; NULL without an error where there is none yet. */
static gboolean
load_present (const char *path, ChsChairConfig **present, GError **error)
{
  *present = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  *present = chs_chair_config_load (path, error);
  return *present != NULL;
}

static ChsProvision *
look (const Words *words, const char *medium, ChsChairConfig **present, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (words->config, NULL), *folder = g_path_get_dirname (absolute);
  g_autofree char *beside = g_build_filename (folder, "provision.pub", NULL);
  const char *keys;

  if (!load_present (words->config, present, error))
    return NULL;
  keys = words->keys != NULL ? words->keys : *present != NULL ? (*present)->keys : beside;
  return chs_provision_look (*present, absolute, keys, medium, error);
}

static int
verify (const Words *words, char **argv)
{
  g_autoptr (ChsChairConfig) present = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProvision) provision = look (words, argv[0], &present, &error);

  if (provision == NULL)
    return chs_tool_refuse ("provision", error);
  print_changes (provision, words->json);
  fprintf (stderr, "signed by %s; serial %u would be taken, %u changes\n", provision->key_id, provision->config->serial,
           provision->changes->len);
  return CHS_TOOL_DONE;
}

/* The log is where the monitor of this configuration has it. */
static const char *
audit_folder (const ChsChairConfig *present, const ChsProvision *provision)
{
  return present != NULL ? present->recordings : provision->config->recordings;
}

static int
take_in (const Words *words, char **argv)
{
  g_autoptr (ChsChairConfig) present = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProvision) provision = look (words, argv[0], &present, &error);
  g_autofree char *who = g_strdup_printf ("user %s", g_get_user_name ()), *absolute = g_canonicalize_filename (words->config, NULL);

  if (provision == NULL) {
    if (present != NULL)
      chs_config_audit (present->recordings, g_get_real_time (), who, "provision_refused", argv[0], error->message, NULL);
    return chs_tool_refuse ("provision", error);
  }
  print_changes (provision, words->json);
  if (!chs_provision_take (provision, absolute, audit_folder (present, provision), g_get_real_time (), who, &error))
    return chs_tool_refuse ("provision", error);
  fprintf (stderr, "taken: %s, serial %u. A running monitor takes it at its next start.\n", words->config,
           provision->config->serial);
  return CHS_TOOL_DONE;
}

static const struct {
  const char *name;
  int n_words;
  int (*run) (const Words *words, char **argv);
} verbs[] = {
  { "keygen", 2, make_keys },
  { "export", 1, put_out },
  { "verify", 1, verify },
  { "import", 1, take_in },
};

int
chs_tool_provision (int argc, char **argv)
{
  Words words = { 0 };
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &words.config, "The chair's configuration; default " SYSTEM_CONFIG, "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &words.key, "Secret key to sign with (export)", "FILE" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &words.keys, "Trusted public keys, instead of the configuration's", "FILE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &words.json, "One JSON object a change", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 2, 3, &status))
    return status;
  if (words.config == NULL)
    words.config = g_strdup (SYSTEM_CONFIG);
  status = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].name, argv[1]) == 0)
      status = argc - 2 == verbs[i].n_words ? verbs[i].run (&words, argv + 2)
                                            : chs_tool_usage ("provision", "%s takes %d names", argv[1], verbs[i].n_words);
  if (status < 0)
    status = chs_tool_usage ("provision", "\"%s\" is not one of keygen, export, verify, import", argv[1]);
  g_free (words.config);
  g_free (words.key);
  g_free (words.keys);
  return status;
}
