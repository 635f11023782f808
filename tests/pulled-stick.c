/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stick that is pulled while it is read: fopen() of $CHS_TEST_PULLED ("BYTES:PATH") gives a stream that fails with EIO behind
 * so many bytes. Linked into a test, or preloaded into a program; the code under test does not know it. */

typedef struct {
  FILE  *file;
  off64_t left_at; /* place behind which nothing can be read */
} Stick;

static ssize_t
stick_read (void *cookie, char *buffer, size_t size)
{
  Stick *self = cookie;
  off64_t at = ftello64 (self->file);

  if (at + (off64_t) size > self->left_at)
    size = at < self->left_at ? (size_t) (self->left_at - at) : 0;
  if (size > 0)
    return (ssize_t) fread (buffer, 1, size, self->file);
  errno = EIO;
  return -1;
}

static int
stick_seek (void *cookie, off64_t *offset, int whence)
{
  Stick *self = cookie;

  if (fseeko64 (self->file, *offset, whence) != 0)
    return -1;
  *offset = ftello64 (self->file);
  return 0;
}

static int
stick_close (void *cookie)
{
  Stick *self = cookie;
  int status = fclose (self->file);

  free (self);
  return status;
}

FILE *
fopen64 (const char *path, const char *mode)
{
  static FILE *(*real) (const char *, const char *);
  const char *pulled = getenv ("CHS_TEST_PULLED"), *colon = pulled != NULL ? strchr (pulled, ':') : NULL;
  Stick *stick;

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "fopen64");
  if (colon == NULL || strcmp (colon + 1, path) != 0)
    return real (path, mode);
  stick = malloc (sizeof *stick);
  if (stick == NULL)
    return NULL;
  stick->left_at = atoll (pulled);
  stick->file = real (path, mode);
  if (stick->file == NULL) {
    free (stick);
    return NULL;
  }
  return fopencookie (stick, mode, (cookie_io_functions_t){ .read = stick_read, .seek = stick_seek, .close = stick_close });
}
