/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pin.h"

#include <crypt.h>
#include <sodium.h>
#include <string.h>

G_DEFINE_QUARK (chs - pin - error - quark, chs_pin_error)

#define GATE_FILE "pin-wrong"
#define FREE_TRIES 2
#define FIRST_WAIT_S 30
#define LONGEST_WAIT_S 900
#define MANY_WRONG 1000 /* stands for a count that cannot be read */

/* Cost 5 of yescrypt is Debian's own for passwords: 16 MiB and some 0.1 s a try. */
#define SETTING "$y$"
#define COST 5

static gboolean
refuse (GError **error, ChsPinError code, const char *message)
{
  g_set_error_literal (error, CHS_PIN_ERROR, (int) code, message);
  return FALSE;
}

/* 0000, 1234, 9876 */
static gboolean
is_row (const char *pin)
{
  int step = pin[1] - pin[0];

  for (gsize i = 1; pin[i] != '\0'; i++)
    if (pin[i] - pin[i - 1] != step)
      return FALSE;
  return step >= -1 && step <= 1;
}

static gboolean
check_pin (const char *pin, GError **error)
{
  gsize n = strlen (pin);

  if (n < CHS_PIN_MIN || n > CHS_PIN_MAX || strspn (pin, "0123456789") != n)
    return refuse (error, CHS_PIN_ERROR_WEAK, "a PIN has 4 to 12 digits and nothing else");
  return !is_row (pin) || refuse (error, CHS_PIN_ERROR_WEAK, "a row of digits is guessed first; take another one");
}

/* What crypt() left of the PIN is wiped. Returns a hash or NULL. */
static char *
dup_crypt (const char *pin, const char *setting)
{
  struct crypt_data *data = g_new0 (struct crypt_data, 1);
  const char *hash = crypt_r (pin, setting, data);
  char *copy = hash != NULL && hash[0] != '*' ? g_strdup (hash) : NULL;

  sodium_memzero (data, sizeof *data);
  g_free (data);
  return copy;
}

char *
chs_pin_hash (const char *pin, GError **error)
{
  char setting[CRYPT_GENSALT_OUTPUT_SIZE];
  char *hash = NULL;

  if (!check_pin (pin, error))
    return NULL;
  if (crypt_gensalt_rn (SETTING, COST, NULL, 0, setting, sizeof setting) != NULL)
    hash = dup_crypt (pin, setting);
  if (hash == NULL)
    refuse (error, CHS_PIN_ERROR_STATE, "this machine's libcrypt has no yescrypt");
  return hash;
}

gboolean
chs_pin_matches (const char *pin, const char *hash)
{
  gsize n = strlen (hash);
  char *found = strlen (pin) <= CHS_PIN_MAX ? dup_crypt (pin, hash) : NULL;
  gboolean same = found != NULL && strlen (found) == n && sodium_memcmp (found, hash, n) == 0;

  g_free (found);
  return same;
}

/* ---- the gate ---- */

guint
chs_pin_wait_s (guint n_wrong)
{
  if (n_wrong <= FREE_TRIES)
    return 0;
  return n_wrong - FREE_TRIES > 5 ? LONGEST_WAIT_S : MIN (FIRST_WAIT_S << (n_wrong - FREE_TRIES - 1), LONGEST_WAIT_S);
}

static guint
read_count (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n;

  if (!g_file_get_contents (path, &text, NULL, &error))
    return g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? 0 : MANY_WRONG;
  return g_ascii_string_to_unsigned (g_strchomp (text), 10, 0, MANY_WRONG, &n, NULL) ? (guint) n : MANY_WRONG;
}

static gboolean
write_count (ChsPinGate *self, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", MIN (self->n_wrong, MANY_WRONG));
  g_autoptr (GError) local = NULL;

  return g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local)
         || refuse (error, CHS_PIN_ERROR_STATE, local->message);
}

static void
start_wait (ChsPinGate *self, gint64 now_us)
{
  self->free_us = now_us + chs_pin_wait_s (self->n_wrong) * G_USEC_PER_SEC;
}

void
chs_pin_gate_init (ChsPinGate *self, const char *state_folder, gint64 now_us)
{
  self->path = g_build_filename (state_folder, GATE_FILE, NULL);
  self->n_wrong = read_count (self->path);
  start_wait (self, now_us);
}

void
chs_pin_gate_clear (ChsPinGate *self)
{
  g_clear_pointer (&self->path, g_free);
}

guint
chs_pin_gate_wait_s (const ChsPinGate *self, gint64 now_us)
{
  return now_us >= self->free_us ? 0 : (guint) ((self->free_us - now_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

gboolean
chs_pin_gate_begin (ChsPinGate *self, gint64 now_us, GError **error)
{
  guint wait_s = chs_pin_gate_wait_s (self, now_us);

  if (wait_s > 0) {
    g_set_error (error, CHS_PIN_ERROR, CHS_PIN_ERROR_WAIT, "too many wrong PINs: wait %u s", wait_s);
    return FALSE;
  }
  self->n_wrong++;
  start_wait (self, now_us);
  return write_count (self, error);
}

void
chs_pin_gate_end (ChsPinGate *self, gboolean is_right, gint64 now_us)
{
  if (!is_right) {
    start_wait (self, now_us);
    return;
  }
  self->n_wrong = 0;
  self->free_us = now_us;
  write_count (self, NULL); /* cannot be forgotten on a full disk: only the next wrong one waits longer */
}
