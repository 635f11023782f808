/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/checklist.h"

#include "data/event.h"
#include "data/ini.h"
#include "data/share.h"

#include <string.h>

#define CLINIC_FOLDER "/etc/chairside/checklists"

struct _ChsChecklist {
  GArray *sets; /* of ChsCheckSet */
};

static gboolean
refuse (GError **error, const char *format, const char *word)
{
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, format, word);
  return FALSE;
}

static ChsCheckSet *
last_set (ChsChecklist *self)
{
  return self->sets->len > 0 ? &g_array_index (self->sets, ChsCheckSet, self->sets->len - 1) : NULL;
}

static gboolean
begin_set (ChsChecklist *self, const char *id, GError **error)
{
  ChsCheckSet set = { .n = 0 };

  if (!chs_text_copy (set.id, sizeof set.id, id))
    return refuse (error, "name of the set \"%s\" is too long", id);
  g_array_append_val (self->sets, set);
  return TRUE;
}

static gboolean
add_item (ChsCheckSet *set, const char *id, const char *text, GError **error)
{
  ChsCheck *item = &set->items[set->n];

  if (set->n == CHS_CHECK_ITEMS)
    return refuse (error, "too many items in [%s]", set->id);
  if (*text == '\0')
    return refuse (error, "item \"%s\" has no words", id);
  if (!chs_text_copy (item->id, sizeof item->id, id))
    return refuse (error, "id \"%s\" is too long", id);
  if (!chs_text_copy (item->text, sizeof item->text, text))
    return refuse (error, "\"%s\" is too long for a key", text);
  set->n++;
  return TRUE;
}

static gboolean
mark_stops (ChsCheckSet *set, const char *ids, GError **error)
{
  g_auto (GStrv) list = g_strsplit (ids, ",", -1);

  for (char **id = list; *id != NULL; id++) {
    gboolean is_found = FALSE;

    for (guint i = 0; i < set->n; i++)
      if (strcmp (set->items[i].id, g_strstrip (*id)) == 0)
        is_found = set->items[i].is_stop = TRUE;
    if (!is_found)
      return refuse (error, "stop: there is no item \"%s\" above", *id);
  }
  return TRUE;
}

static gboolean
on_line (guint line G_GNUC_UNUSED, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  ChsChecklist *self = user_data;
  ChsCheckSet *set;

  if (key == NULL)
    return begin_set (self, group, error);
  set = last_set (self);
  if (set == NULL)
    return refuse (error, "\"%s\" stands before the first [set]", key);
  if (strcmp (key, "title") == 0)
    return chs_text_copy (set->title, sizeof set->title, value) || refuse (error, "title \"%s\" is too long", value);
  if (strcmp (key, "source") == 0) {
    chs_text_copy (set->source, sizeof set->source, value);
    return TRUE;
  }
  if (strcmp (key, "stop") == 0)
    return mark_stops (set, value, error);
  return add_item (set, key, value, error);
}

/* In a recording nothing but the id tells of which list it is. */
static gboolean
has_good_ids (const ChsChecklist *self, const char *name, GError **error)
{
  gboolean is_discharge = g_str_has_suffix (name, CHS_CHECK_DISCHARGE ".ini");

  for (guint i = 0; i < self->sets->len; i++) {
    const ChsCheckSet *set = &g_array_index (self->sets, ChsCheckSet, i);

    for (guint k = 0; k < set->n; k++)
      if (g_str_has_prefix (set->items[k].id, CHS_CHECK_DISCHARGE_PREFIX) != is_discharge) {
        g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s: [%s] \"%s\": ids of discharge.ini, and no others, begin with "
                     CHS_CHECK_DISCHARGE_PREFIX, name, set->id, set->items[k].id);
        return FALSE;
      }
  }
  return TRUE;
}

static gboolean
is_complete (const ChsChecklist *self, const char *name, GError **error)
{
  for (guint i = 0; i < self->sets->len; i++) {
    const ChsCheckSet *set = &g_array_index (self->sets, ChsCheckSet, i);

    if (set->title[0] == '\0' || set->source[0] == '\0' || set->n == 0) {
      g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s: [%s] needs title, source and at least one item", name, set->id);
      return FALSE;
    }
  }
  return TRUE;
}

ChsChecklist *
chs_checklist_parse (const char *text, gsize n, const char *name, GError **error)
{
  g_autoptr (ChsChecklist) self = g_new0 (ChsChecklist, 1);

  self->sets = g_array_new (FALSE, FALSE, sizeof (ChsCheckSet));
  if (!chs_ini_parse (text, n, name, on_line, self, error) || !is_complete (self, name, error) || !has_good_ids (self, name, error))
    return NULL;
  return g_steal_pointer (&self);
}

static char *
dup_path (const char *name)
{
  const char *own = g_getenv ("CHAIRSIDE_CHECKLISTS");
  g_autofree char *file = g_strconcat (name, ".ini", NULL);
  g_autofree char *clinic = g_build_filename (own != NULL ? own : CLINIC_FOLDER, file, NULL);

  return g_file_test (clinic, G_FILE_TEST_EXISTS) ? g_steal_pointer (&clinic) : chs_share_dup_path ("checklists", file);
}

ChsChecklist *
chs_checklist_load (const char *name, GError **error)
{
  g_autofree char *path = dup_path (name), *text = NULL;
  gsize n;

  if (path == NULL) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "no checklist \"%s\" was found", name);
    return NULL;
  }
  return g_file_get_contents (path, &text, &n, error) ? chs_checklist_parse (text, n, path, error) : NULL;
}

void
chs_checklist_free (ChsChecklist *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->sets);
  g_free (self);
}

const ChsCheckSet *
chs_checklist_find (const ChsChecklist *self, const char *id)
{
  for (guint i = 0; i < self->sets->len; i++)
    if (strcmp (g_array_index (self->sets, ChsCheckSet, i).id, id) == 0)
      return &g_array_index (self->sets, ChsCheckSet, i);
  return NULL;
}

const ChsCheck *
chs_checklist_find_item (const ChsChecklist *self, const char *id)
{
  for (guint i = 0; i < self->sets->len; i++) {
    const ChsCheckSet *set = &g_array_index (self->sets, ChsCheckSet, i);

    for (guint k = 0; k < set->n; k++)
      if (strcmp (set->items[k].id, id) == 0)
        return &set->items[k];
  }
  return NULL;
}
