/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What a process that holds patient data gives up at its start. */

/**
 * chs_lockdown_process:
 *
 * No core dump, neither as a file nor piped to a handler (a core holds the patient); nobody else of the same user may
 * trace it or read its memory; what it creates is for its own user alone, unless
 * it says so file by file (data/folder.h).
 *
 * Thread:  main, before anything else is started
 */
void chs_lockdown_process (void);
