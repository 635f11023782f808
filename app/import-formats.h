/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/import.h"

/* All that can be imported. Readers of files are in data/; those that need a driver or the domain are here. */

extern const ChsImporter chs_import_scenario;
extern const ChsImporter chs_import_capture;

/**
 * chs_import_formats:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the importers, the most particular first
 */
const ChsImporter *const *chs_import_formats (guint *n);
