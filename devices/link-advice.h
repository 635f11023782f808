/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/link.h"

/* What a technician should look at first, in order. */

#define CHS_LINK_ADVICE_MAX 5

/**
 * chs_link_advice:
 * @view: a link as it is now
 * @driver: its driver
 * @address: its address
 * @causes: (out caller-allocates) (array length=CHS_LINK_ADVICE_MAX): likely causes, the most likely first; English, to be
 *   translated by whoever shows them
 *
 * Pure. Own experience and the notes of the protocols; not a proof of anything.
 *
 * Returns: how many; 0 when nothing is wrong
 */
guint chs_link_advice (const ChsLinkView *view,
                       const ChsDriver   *driver,
                       const char        *address,
                       const char        *causes[CHS_LINK_ADVICE_MAX]);
