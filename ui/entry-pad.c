/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/entry-pad.h"

#include "ui/key.h"
#include "ui/keyboards.h"
#include "ui/number.h"

#include <glib/gi18n.h>

struct _ChsEntryPad {
  GtkWidget parent_instance;

  GtkWidget *question; /* what is asked, the entry, its keys */
  GtkLabel  *title;
  GtkEntry  *entry;
  GtkLabel  *range; /* what is accepted, or why it was refused */
  GtkWidget *none;  /* key that answers "" */
  GtkWidget *boards; /* stack: number, text */

  gboolean     is_number;
  double       low, high;
  char        *unit;
  ChsEntryFunc func;
  ChsEntryCheck check; /* (nullable) */
  gpointer     user_data;
  guint        n_questions; /* asked so far */
};

G_DEFINE_FINAL_TYPE (ChsEntryPad, chs_entry_pad, GTK_TYPE_WIDGET)

enum { SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- answering ---- */

static void
close_pad (ChsEntryPad *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* What is accepted, or why it was refused, is told with the entry, which has the focus. */
static void
describe_entry (ChsEntryPad *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  gtk_label_get_label (self->range), -1);
}

static void
refuse (ChsEntryPad *self, char *why)
{
  gtk_label_set_label (self->range, why);
  gtk_widget_set_visible (GTK_WIDGET (self->range), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->range), "refused");
  describe_entry (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", why);
  gtk_widget_error_bell (GTK_WIDGET (self));
  g_free (why);
}

static void
answer (ChsEntryPad *self, const char *value)
{
  guint question = self->n_questions;

  self->func (value, self->user_data);
  if (question == self->n_questions) /* else the answer led to another question */
    close_pad (self);
}

/* Refused by whoever asks, although it is a number in the range. */
static gboolean
is_refused (ChsEntryPad *self, const char *value)
{
  char *why = self->check ? self->check (value, self->user_data) : NULL;

  if (why)
    refuse (self, why);

  return why != NULL;
}

static void
answer_number (ChsEntryPad *self, const char *text)
{
  char   digits[G_ASCII_DTOSTR_BUF_SIZE];
  double value;

  if (!chs_number_parse (text, &value)) {
    refuse (self, g_strdup (_("This is not a number: digits, and one comma or point for decimals.")));
    return;
  }
  if (value < self->low || value > self->high) {
    /* Translators: a number that cannot be; the range that is accepted, its unit */
    refuse (self, g_strdup_printf (_("%s was not taken: it must be from %g to %g %s."), text, self->low, self->high,
                                   self->unit));
    return;
  }

  g_ascii_formatd (digits, sizeof digits, "%.10g", value);
  if (!is_refused (self, digits))
    answer (self, digits);
}

static void
on_accept (ChsEntryPad *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  /* An empty number is no answer: a touch too many must not take back what is there. */
  if (self->is_number && *text == '\0')
    refuse (self, g_strdup (_("Nothing was typed. Cancel leaves it as it is.")));
  else if (self->is_number)
    answer_number (self, text);
  else if (!is_refused (self, text))
    answer (self, text);
}

/* ---- typing ---- */

static void
on_typed (GtkButton *key, gpointer user_data)
{
  ChsEntryPad *self = CHS_ENTRY_PAD (user_data);
  GtkEditable *text = GTK_EDITABLE (self->entry);
  const char  *title = chs_key_get_title (CHS_KEY (key));
  int          position = gtk_editable_get_position (text);

  if (g_str_equal (title, CHS_KEY_ERASE)) {
    gtk_editable_delete_text (text, MAX (0, position - 1), position);
    return;
  }
  gtk_editable_insert_text (text, g_str_equal (title, CHS_KEY_SPACE) ? " " : title, -1, &position);
  gtk_editable_set_position (text, position);
}

static void
on_none (ChsEntryPad *self)
{
  answer (self, "");
}

static void
on_cancel (ChsEntryPad *self)
{
  close_pad (self);
}

/* ---- boards ---- */

static GtkWidget *
make_key (ChsEntryPad *self, const char *title)
{
  GtkWidget *key = chs_key_new (title, NULL);

  gtk_widget_set_focusable (key, FALSE); /* typing stays with the entry */
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect (key, "clicked", G_CALLBACK (on_typed), self);

  return key;
}

static GtkWidget *
make_row (ChsEntryPad *self, const char *letters)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "board-row");
  for (const char *p = letters; *p; p = g_utf8_next_char (p)) {
    char letter[7] = "";

    g_unichar_to_utf8 (g_utf8_get_char (p), letter);
    gtk_box_append (GTK_BOX (row), make_key (self, letter));
  }

  return row;
}

static GtkWidget *
make_board (ChsEntryPad *self, const char *const *rows, const char *kind)
{
  GtkWidget *board = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (board, "board");
  gtk_widget_add_css_class (board, kind);
  /* Digits and Latin letters stand as on every keypad, in every language. */
  for (; *rows; rows++) {
    GtkWidget *row = make_row (self, *rows);

    gtk_widget_set_direction (row, GTK_TEXT_DIR_LTR);
    gtk_box_append (GTK_BOX (board), row);
  }

  return board;
}

/* Each keyboard ends in a key that leads to the next one. */
static void
on_next_board (GtkButton *key, gpointer user_data)
{
  gtk_stack_set_visible_child_name (GTK_STACK (CHS_ENTRY_PAD (user_data)->boards), gtk_widget_get_name (GTK_WIDGET (key)));
}

static void
add_keyboard (ChsEntryPad *self, const ChsKeyboard *keyboard, const ChsKeyboard *next)
{
  const char *const rows[] = { keyboard->rows[0], keyboard->rows[1], keyboard->rows[2], keyboard->rows[3], NULL };
  GtkWidget        *board = make_board (self, rows, "text"), *key = chs_key_new (next->name, NULL);

  gtk_widget_set_focusable (key, FALSE);
  gtk_widget_set_hexpand (key, TRUE);
  gtk_widget_set_name (key, next->id);
  g_signal_connect (key, "clicked", G_CALLBACK (on_next_board), self);
  gtk_box_append (GTK_BOX (gtk_widget_get_last_child (board)), key);
  gtk_stack_add_named (GTK_STACK (self->boards), board, keyboard->id);
}

static void
add_boards (ChsEntryPad *self)
{
  /* Translators: the decimal separator that a nurse expects on a keypad; comma or point */
  g_autofree char  *last = g_strconcat ("0", C_("decimal", "."), CHS_KEY_ERASE, NULL);
  const char *const number[] = { "789", "456", "123", last, NULL };
  ChsKeyboard       keyboards[CHS_KEYBOARDS];

  self->boards = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (self->boards), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (self->boards), FALSE);
  gtk_stack_add_named (GTK_STACK (self->boards), make_board (self, number, "number"), "number");
  chs_keyboards (keyboards);
  for (guint i = 0; i < CHS_KEYBOARDS; i++)
    add_keyboard (self, &keyboards[i], &keyboards[(i + 1) % CHS_KEYBOARDS]);
  gtk_widget_set_name (self->boards, keyboards[0].id);
  gtk_widget_set_vexpand (self->boards, TRUE);
  gtk_widget_set_parent (self->boards, GTK_WIDGET (self));
}

/* ---- asking ---- */

/* A keypad stands beside its question, a keyboard under it: so both have keys of full size. */
static void
arrange (ChsEntryPad *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout),
                                  self->is_number ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->question),
                                  self->is_number ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

static void
begin (ChsEntryPad *self, const char *title, const char *present, ChsEntryFunc func, gpointer user_data)
{
  self->n_questions++;
  self->func = func;
  self->check = NULL;
  self->user_data = user_data;
  gtk_widget_set_visible (self->none, FALSE);
  arrange (self);
  gtk_label_set_label (self->title, title);
  gtk_widget_remove_css_class (GTK_WIDGET (self->range), "refused");
  gtk_editable_set_text (GTK_EDITABLE (self->entry), present);
  gtk_stack_set_visible_child_name (GTK_STACK (self->boards), self->is_number ? "number" : gtk_widget_get_name (self->boards));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

void
chs_entry_pad_ask_number (ChsEntryPad *self, const char *title, const char *unit, double low, double high,
                          ChsEntryFunc func, gpointer user_data)
{
  g_autofree char *range = NULL;

  g_return_if_fail (CHS_IS_ENTRY_PAD (self) && func);

  self->is_number = TRUE;
  self->low = low;
  self->high = high;
  g_free (self->unit);
  self->unit = g_strdup (unit);
  begin (self, title, "", func, user_data);
  /* Translators: range of a number and its unit: "35 to 250 kg" */
  range = g_strdup_printf (_("%g to %g %s"), low, high, unit);
  gtk_label_set_label (self->range, range);
  gtk_widget_set_visible (GTK_WIDGET (self->range), TRUE);
  describe_entry (self);
}

void
chs_entry_pad_ask_text (ChsEntryPad *self, const char *title, const char *present, guint max_length, ChsEntryFunc func,
                        gpointer user_data)
{
  g_return_if_fail (CHS_IS_ENTRY_PAD (self) && func);

  self->is_number = FALSE;
  gtk_entry_set_max_length (self->entry, (int) max_length);
  begin (self, title, present, func, user_data);
  gtk_label_set_label (self->range, chs_keyboards_note ());
  gtk_widget_set_visible (GTK_WIDGET (self->range), *chs_keyboards_note () != '\0');
  describe_entry (self);
}

void
chs_entry_pad_set_check (ChsEntryPad *self, ChsEntryCheck check)
{
  g_return_if_fail (CHS_IS_ENTRY_PAD (self));

  self->check = check;
}

void
chs_entry_pad_offer_none (ChsEntryPad *self, const char *title)
{
  g_return_if_fail (CHS_IS_ENTRY_PAD (self));

  chs_key_set_title (CHS_KEY (self->none), title);
  gtk_widget_set_visible (self->none, TRUE);
}

/* ---- life ---- */

static void
chs_entry_pad_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (chs_entry_pad_parent_class)->dispose (object);
}

static void
chs_entry_pad_finalize (GObject *object)
{
  g_free (CHS_ENTRY_PAD (object)->unit);
  G_OBJECT_CLASS (chs_entry_pad_parent_class)->finalize (object);
}

static void
chs_entry_pad_class_init (ChsEntryPadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_entry_pad_dispose;
  G_OBJECT_CLASS (klass)->finalize = chs_entry_pad_finalize;
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "entrypad");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static GtkWidget *
make_keys_beside (ChsEntryPad *self)
{
  GtkWidget *keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *accept = chs_key_new (_("OK"), NULL), *cancel = chs_key_new (_("Cancel"), NULL);

  self->none = chs_key_new (NULL, NULL);
  g_signal_connect_swapped (self->none, "clicked", G_CALLBACK (on_none), self);
  g_signal_connect_swapped (accept, "clicked", G_CALLBACK (on_accept), self);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (on_cancel), self);
  gtk_widget_add_css_class (accept, "primary");
  gtk_widget_add_css_class (keys, "key-row");
  gtk_box_append (GTK_BOX (keys), accept);
  gtk_box_append (GTK_BOX (keys), cancel);

  return keys;
}

static void
add_question (ChsEntryPad *self)
{
  self->question = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->title, TRUE);
  gtk_label_set_xalign (self->title, 0.0f);
  gtk_widget_add_css_class (GTK_WIDGET (self->title), "question-title");
  self->entry = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_input_hints (self->entry, GTK_INPUT_HINT_NO_EMOJI | GTK_INPUT_HINT_NO_SPELLCHECK);
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (on_accept), self);
  self->range = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->range, TRUE);
  gtk_label_set_xalign (self->range, 0.0f);
  gtk_widget_add_css_class (GTK_WIDGET (self->range), "range");

  gtk_widget_add_css_class (self->question, "question");
  gtk_box_append (GTK_BOX (self->question), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (self->question), GTK_WIDGET (self->entry));
  gtk_box_append (GTK_BOX (self->question), GTK_WIDGET (self->range));
  gtk_box_append (GTK_BOX (self->question), make_keys_beside (self));
  gtk_box_append (GTK_BOX (self->question), self->none);
  gtk_widget_set_parent (self->question, GTK_WIDGET (self));
}

static void
chs_entry_pad_init (ChsEntryPad *self)
{
  add_question (self);
  add_boards (self);
}

GtkWidget *
chs_entry_pad_new (void)
{
  return g_object_new (CHS_TYPE_ENTRY_PAD, NULL);
}
