/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reaction.h"

#include <string.h>

#define END "end"

ChsReaction
chs_reaction_find_last (const ChsChairModel *model)
{
  ChsReaction    last = { CHS_TIME_NONE, CHS_TIME_NONE };
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (model, &n);

  for (guint i = 0; i < n; i++) {
    if (marks[i].kind != CHS_MARK_REACTION || marks[i].undone)
      continue;
    if (strcmp (marks[i].what, END) == 0)
      last.end_us = marks[i].t_us;
    else
      last = (ChsReaction){ marks[i].t_us, CHS_TIME_NONE };
  }

  return last;
}

gboolean
chs_reaction_is_on (const ChsReaction *self)
{
  return self->begin_us != CHS_TIME_NONE && self->end_us == CHS_TIME_NONE;
}

gboolean
chs_reaction_begin (ChsScene *scene)
{
  return chs_scene_nurse (scene, CHS_NURSE_REACTION, "begin", 1.0);
}

gboolean
chs_reaction_end (ChsScene *scene)
{
  return chs_scene_nurse (scene, CHS_NURSE_REACTION, END, 0.0);
}
