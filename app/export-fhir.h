/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/export.h"

/**
 * chs_export_fhir:
 * @export: an export
 * @error: return location
 *
 * One FHIR R4 Bundle of type "collection": Patient (a pseudonym), Encounter, Procedure, Devices, vital signs by their
 * R4 profiles, one MedicationAdministration a constant rate, one DetectedIssue an alarm, symptoms and scores. Ids are
 * made from the session's, so that a second export has the same. Facts: shared/formats/fhir-r4.md.
 *
 * Units:   UCUM
 * Absent:  an Observation without a value has a dataAbsentReason; demonstration data is left out
 *
 * Returns: whether it was written
 */
gboolean chs_export_fhir (ChsExport *export, GError **error);
