/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* FHIR R4 (4.0.1) for the resources that we write, as a table: element, type, how often, codes of a required binding, what a
 * reference may lead to; and the invariants that no table holds. An element that is not in the table is an error, whether
 * R4 has it or not: who writes a new one adds its row.
 *
 * Facts from the definitions of R4: element lists by generated models of it (github.com/samply/golang-fhir-models), data types
 * and patterns by hl7.org/fhir/R4/datatypes.html, profiles by shared/formats/fhir-r4.md. */

/**
 * fhir_check:
 * @bundle: the root of a file
 *
 * Returns: (transfer full) (nullable): the first thing that is wrong, with its path; NULL when nothing is
 */
char *fhir_check (JsonNode *bundle) G_GNUC_WARN_UNUSED_RESULT;
