/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/* Events as JSON lines (shared/design.md, "Contracts of the command line"), and the
 * few words that every command needs to print a flat JSON object. Written by hand
 * because the order of members and the digits of numbers are part of the contract. */

/**
 * chs_event_to_json:
 * @event: any event but ALARM, which app/replay.h prints
 * @out: one line is appended, with its newline
 *
 * Numbers by the shortest text that reads back the same; absent values are null; units are UCUM; times are
 * milliseconds of the session. Wave samples are in the parameter's unit, and so are its scale and offset.
 */
void chs_event_to_json (const ChsEvent *event, GString *out);

/**
 * chs_json_double:
 * @out: the shortest decimal that reads back as @value is appended, in the C locale; null when it is not finite
 * @value: a number
 */
void chs_json_double (GString *out, double value);

/**
 * chs_json_quote:
 * @out: @text is appended in quotes, with escapes; bytes that are not UTF-8 become U+FFFD
 * @text: a text
 */
void chs_json_quote (GString *out, const char *text);

/**
 * chs_json_key:
 * @out: "key": is appended, after a comma unless it is the first member of an object
 * @key: name of the member, plain ASCII
 */
void chs_json_key (GString *out, const char *key);

/**
 * chs_json_text:
 * @out: where
 * @key: name of the member
 * @text: (nullable): its value; null and "" are printed as null: absent
 */
void chs_json_text (GString *out, const char *key, const char *text);

/**
 * chs_json_number:
 * @out: where
 * @key: name of the member
 * @value: its value; not finite is printed as null: absent
 */
void chs_json_number (GString *out, const char *key, double value);
