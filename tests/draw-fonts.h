/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Fonts of tests/fonts alone, so that no picture depends on what is installed. Call before drawing. */
void draw_case_use_fonts (void);
