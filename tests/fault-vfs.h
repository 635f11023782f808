/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A disk that fails on demand: an SQLite VFS around the default one, registered as
 * the default, so the code under test does not know it. */

typedef enum {
  CHS_FAULT_WRITE,
  CHS_FAULT_SYNC,
  CHS_FAULT_OPEN,
  CHS_FAULT_READ,
  CHS_FAULT_TRUNCATE,
  CHS_N_FAULTS
} ChsFault;

void chs_fault_install (void);

/**
 * chs_fault_arm:
 * @fault: kind of call
 * @nth: which one from now on fails first, 1 = the next
 * @times: how many fail from there on
 */
void chs_fault_arm (ChsFault fault, guint nth, guint times);

/* Nothing fails any more; space is unlimited; counts begin anew. */
void chs_fault_heal (void);

/**
 * chs_fault_set_space:
 * @bytes: bytes that can still be written before the disk is full
 */
void chs_fault_set_space (gint64 bytes);

/**
 * chs_fault_hang:
 * @hangs: whether writes do not come back, until this is called with %FALSE
 */
void chs_fault_hang (gboolean hangs);

/**
 * chs_fault_get_hits:
 *
 * Returns: calls that failed since the last chs_fault_heal()
 */
guint chs_fault_get_hits (void);

/**
 * chs_fault_power_cut:
 * @name: path of a database that is open
 * @to: path at which the disk's content after a power cut is put, with its WAL
 * @rand: chooses which of the writes that were not synced have reached the disk, whole or in part
 */
void chs_fault_power_cut (const char *name, const char *to, GRand *rand);
