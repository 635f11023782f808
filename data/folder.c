/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/folder.h"

#include <sys/stat.h>

#define SHARED (S_ISGID | S_IXGRP)

gboolean
chs_folder_is_shared (const char *folder)
{
  struct stat st;

  return stat (folder, &st) == 0 && S_ISDIR (st.st_mode) && (st.st_mode & SHARED) == SHARED;
}
