/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/* The in-memory journal: numbers events, keeps the newest ones, and tells readers.
 * It is the one place where a live event gets its sequence number. It keeps a
 * bounded tail (default 4096 events and 1 MiB of borrowed bytes), enough for a
 * reader that attaches from the recording (at most 1 s behind) to join without a
 * hole; older history is read from the recording.
 *
 * Thread:  engine thread only. Readers on other threads get copies by queue. */

typedef struct _ChsJournal ChsJournal;

typedef void (*ChsJournalFunc) (const ChsEvent *event, gpointer user_data);

/**
 * chs_journal_new:
 * @first_seq: number of the first event to come, 1 in a new recording
 *
 * Returns: (transfer full): an empty journal
 */
ChsJournal *chs_journal_new (guint64 first_seq) G_GNUC_WARN_UNUSED_RESULT;
void        chs_journal_free (ChsJournal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsJournal, chs_journal_free)

/**
 * chs_journal_append:
 * @self: the journal
 * @event: (inout): gets its @seq; times must be set and @t_us must not go back (a smaller one is lifted to the
 *   last, counted as late)
 *
 * Keeps a copy and calls the readers in the order in which they were added. A reader may append further events:
 * they are delivered after this one has reached every reader.
 *
 * Returns: the number given
 */
guint64 chs_journal_append (ChsJournal *self, ChsEvent *event);

/**
 * chs_journal_add_reader:
 * @self: the journal
 * @func: called for each event from now on
 * @user_data: for @func
 *
 * Returns: id for chs_journal_remove_reader()
 */
guint chs_journal_add_reader (ChsJournal *self, ChsJournalFunc func, gpointer user_data);
void  chs_journal_remove_reader (ChsJournal *self, guint id);

/**
 * chs_journal_replay_tail:
 * @self: the journal
 * @from_seq: first event wanted
 * @func: called for each kept event from @from_seq on
 * @user_data: for @func
 *
 * Returns: the first number delivered, or that would come next; larger than @from_seq when the tail no longer
 *   reaches back so far
 */
guint64 chs_journal_replay_tail (ChsJournal *self, guint64 from_seq, ChsJournalFunc func, gpointer user_data);

guint64 chs_journal_get_next_seq (ChsJournal *self); /* number that the next event will get */

/**
 * chs_journal_get_late:
 * @self: the journal
 *
 * Returns: how many events came with a time before that of the event before them, and were lifted
 */
guint64 chs_journal_get_late (ChsJournal *self);
