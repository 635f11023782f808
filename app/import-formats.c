/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-formats.h"

/* In the order in which they are asked. The capture is last: any bytes may look a little like an instrument's. */
static const ChsImporter *const formats[] = {
  &chs_import_vital,
  &chs_import_edf,
  &chs_import_wfdb,
  &chs_import_scenario,
  &chs_import_csv,
  &chs_import_capture,
};

const ChsImporter *const *
chs_import_formats (guint *n)
{
  *n = G_N_ELEMENTS (formats);
  return formats;
}
