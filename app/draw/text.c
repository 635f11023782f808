/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>
#include <string.h>

/* Text is set without hinting and with metrics that do not depend on the size, so that a screen, a report and a
 * golden picture break and shrink it alike. */

static const cairo_user_data_key_t watch_key;

typedef struct {
  ChsTextFunc func;
  gpointer    user_data;
} Watch;

void
chs_draw_watch_text (cairo_t *cr, ChsTextFunc func, gpointer user_data)
{
  Watch *watch = g_new (Watch, 1);

  *watch = (Watch) { func, user_data };
  if (cairo_set_user_data (cr, &watch_key, watch, g_free) != CAIRO_STATUS_SUCCESS)
    g_free (watch);
}

static void
tell (cairo_t *cr, const char *text, const ChsRect *ink, double scale, bool is_cut)
{
  const Watch *watch = cairo_get_user_data (cr, &watch_key);

  if (watch != NULL)
    watch->func (text, ink, scale, is_cut, watch->user_data);
}

#define TIGHT -0.025 /* ems between the digits of a large number */
#define SLASH 0.8    /* a slash as tall as the digits beside it, on their foot: whole it would reach into other rows */
#define SLASH_RISE 0.08

/* A line with Arabic words runs from right to left, whatever it begins with; one of numbers alone never does. */
static bool
is_rtl_line (const ChsTheme *theme, const char *text)
{
  bool is_rtl = false;

  for (const char *at = text; theme->rtl && !is_rtl && *at != '\0'; at = g_utf8_next_char (at))
    is_rtl = g_unichar_get_script (g_utf8_get_char (at)) == G_UNICODE_SCRIPT_ARABIC;
  return is_rtl;
}

/* What one drawing has set, kept with its context: a text is measured for its place, for its size and to be shown, and shaping it is
 * most of the work. */
typedef struct {
  PangoContext   *contexts[2]; /* of lines from the left, and from the right */
  cairo_matrix_t  matrix;      /* that the fonts were made for */
  GHashTable     *layouts;     /* LayoutKey -> PangoLayout, both owned */
} Setter;

typedef struct {
  char     *text;
  char     *family;
  double    em;
  gboolean  bold;
} LayoutKey;

static const cairo_user_data_key_t setter_key;

static guint
layout_key_hash (gconstpointer data)
{
  const LayoutKey *key = data;

  return g_str_hash (key->text) ^ g_double_hash (&key->em) ^ (guint) key->bold;
}

static gboolean
layout_key_equal (gconstpointer a, gconstpointer b)
{
  const LayoutKey *one = a, *other = b;

  return g_double_equal (&one->em, &other->em) && one->bold == other->bold && g_str_equal (one->text, other->text)
         && g_str_equal (one->family, other->family);
}

static void
layout_key_free (gpointer data)
{
  LayoutKey *key = data;

  g_free (key->text);
  g_free (key->family);
  g_free (key);
}

static void
setter_free (void *data)
{
  Setter *setter = data;

  g_object_unref (setter->contexts[0]);
  g_object_unref (setter->contexts[1]);
  g_hash_table_unref (setter->layouts);
  g_free (setter);
}

static PangoContext *
make_context (cairo_t *cr, bool is_rtl)
{
  PangoContext         *context = pango_cairo_create_context (cr);
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_base_dir (context, is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
  return context;
}

static bool
is_same_scale (const cairo_matrix_t *a, const cairo_matrix_t *b)
{
  return g_double_equal (&a->xx, &b->xx) && g_double_equal (&a->xy, &b->xy) && g_double_equal (&a->yx, &b->yx)
         && g_double_equal (&a->yy, &b->yy);
}

/* Belongs to @cr; NULL when that cannot keep anything (it failed: nothing will be seen of it). Another scale than before forgets what
 * was made for that. */
static Setter *
get_setter (cairo_t *cr)
{
  Setter *setter = cairo_get_user_data (cr, &setter_key);
  cairo_matrix_t matrix;

  cairo_get_matrix (cr, &matrix);
  if (setter != NULL && is_same_scale (&setter->matrix, &matrix))
    return setter;
  setter = g_new (Setter, 1);
  *setter = (Setter) { { make_context (cr, false), make_context (cr, true) }, matrix,
                       g_hash_table_new_full (layout_key_hash, layout_key_equal, layout_key_free, g_object_unref) };
  if (cairo_set_user_data (cr, &setter_key, setter, setter_free) != CAIRO_STATUS_SUCCESS)
    g_clear_pointer (&setter, setter_free);
  return setter;
}

static PangoLayout *
make_layout_px (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, double em, double tight)
{
  const Setter *setter = get_setter (cr);
  PangoLayout *layout = setter != NULL ? pango_layout_new (setter->contexts[is_rtl_line (theme, text)]) : pango_cairo_create_layout (cr);
  PangoFontDescription *description = pango_font_description_new ();
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_family (description, theme->font != NULL ? theme->font : "Sans");
  pango_font_description_set_weight (description, font->bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size (description, em * PANGO_SCALE);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  if (tight < 0.0)
    pango_attr_list_insert (attributes, pango_attr_letter_spacing_new ((int) (tight * em * PANGO_SCALE)));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static PangoLayout *
make_layout (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, double scale)
{
  return make_layout_px (cr, theme, font, text, chs_em (theme, font->em_mm) * scale, 0.0);
}

/* A line of text as it is, made once for a drawing; not to be changed. Returns: (transfer full) */
static PangoLayout *
get_line (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, double scale)
{
  const Setter *setter = get_setter (cr);
  LayoutKey key = { (char *) text, (char *) (theme->font != NULL ? theme->font : "Sans"), chs_em (theme, font->em_mm) * scale, font->bold };
  PangoLayout *layout = setter != NULL ? g_hash_table_lookup (setter->layouts, &key) : NULL;

  if (layout != NULL)
    return g_object_ref (layout);
  layout = make_layout (cr, theme, font, text, scale);
  if (setter != NULL) {
    key.text = g_strdup (text);
    key.family = g_strdup (key.family);
    g_hash_table_insert (setter->layouts, g_memdup2 (&key, sizeof key), g_object_ref (layout));
  }
  return layout;
}

/* A large number: digits close together, a slash no taller than they are. */
static PangoLayout *
make_number (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, double em)
{
  PangoLayout *layout = make_layout_px (cr, theme, font, text, em, TIGHT);
  const char *slash = strchr (text, '/');

  if (slash != NULL) {
    PangoAttribute *attributes[] = { pango_attr_scale_new (SLASH), pango_attr_rise_new ((int) (SLASH_RISE * em * PANGO_SCALE)) };

    for (guint i = 0; i < G_N_ELEMENTS (attributes); i++) {
      attributes[i]->start_index = (guint) (slash - text);
      attributes[i]->end_index = attributes[i]->start_index + 1;
      pango_attr_list_insert (pango_layout_get_attributes (layout), attributes[i]);
    }
    pango_layout_context_changed (layout);
  }
  return layout;
}

static double
layout_width (PangoLayout *layout)
{
  int width;

  pango_layout_get_size (layout, &width, NULL);
  return (double) width / PANGO_SCALE;
}

double
chs_text_width (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text)
{
  g_autoptr (PangoLayout) layout = get_line (cr, theme, font, text, 1.0);

  return layout_width (layout);
}

static double
align_x (const ChsTheme *theme, const ChsRect *box, ChsAlign align, double width)
{
  double spare = box->w - width;

  switch (align) {
  case CHS_ALIGN_CENTRE:
    return box->x + spare / 2.0;
  case CHS_ALIGN_RIGHT:
    return box->x + spare;
  case CHS_ALIGN_START:
    return theme->rtl ? box->x + spare : box->x;
  case CHS_ALIGN_END:
    return theme->rtl ? box->x : box->x + spare;
  case CHS_ALIGN_LEFT:
  default:
    return box->x;
  }
}

double
chs_text (cairo_t        *cr,
          const ChsTheme *theme,
          const ChsFont  *font,
          const char     *text,
          const ChsRect  *box,
          ChsAlign        align)
{
  g_autoptr (PangoLayout) layout = NULL;
  double width, scale, x, baseline, em;
  bool is_cut = false;

  if (text[0] == '\0' || box->w < 1.0 || box->h < 1.0)
    return 0.0;
  /* digits never grow past their box either */
  em = chs_em (theme, font->em_mm);
  scale = MIN (1.0, box->h / (em * CHS_CAP));
  width = chs_text_width (cr, theme, font, text) * scale;
  if (width > box->w)
    scale = scale * MAX (CHS_LEAST_SHRINK, box->w / width * 0.995);
  layout = get_line (cr, theme, font, text, scale);
  if (layout_width (layout) > box->w + 0.01) {
    g_object_unref (layout);
    layout = make_layout (cr, theme, font, text, scale);
    pango_layout_set_width (layout, (int) (box->w * PANGO_SCALE));
    pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
    is_cut = true;
  }
  width = layout_width (layout);
  if (is_cut) { /* the layout is as wide as the box, its line is not */
    PangoRectangle logical;

    pango_layout_get_extents (layout, NULL, &logical);
    width = MIN (box->w, (double) logical.width / PANGO_SCALE);
    pango_layout_set_width (layout, (int) (width * PANGO_SCALE) + 1);
  }
  x = align_x (theme, box, align, width);
  baseline = box->y + (box->h + em * scale * CHS_CAP) / 2.0;
  chs_colour (cr, font->colour, 1.0);
  cairo_move_to (cr, x, baseline - (double) pango_layout_get_baseline (layout) / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  tell (cr, text, &(ChsRect) { x, baseline - em * scale * CHS_CAP, width, em * scale * CHS_CAP }, scale, is_cut);
  return width;
}

double
chs_number (cairo_t        *cr,
            const ChsTheme *theme,
            const ChsFont  *font,
            const char     *text,
            const ChsRect  *box,
            ChsAlign        align)
{
  double most = chs_mm (theme, font->em_mm), em = MIN (most, box->h / CHS_CAP), x, width, baseline;
  g_autoptr (PangoLayout) layout = NULL;
  g_autoptr (PangoLayout) trial = NULL;

  if (text[0] == '\0' || box->w < 1.0 || box->h < 1.0)
    return 0.0;
  trial = make_number (cr, theme, font, text, em);
  em *= MIN (1.0, box->w / MAX (1.0, layout_width (trial)) * 0.998);
  layout = make_number (cr, theme, font, text, em);
  width = layout_width (layout);
  x = align_x (theme, box, align, width);
  baseline = box->y + (box->h + em * CHS_CAP) / 2.0;
  chs_colour (cr, font->colour, 1.0);
  cairo_move_to (cr, x, baseline - (double) pango_layout_get_baseline (layout) / PANGO_SCALE);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  tell (cr, text, &(ChsRect) { x, baseline - em * CHS_CAP, width, em * CHS_CAP }, em / most, false);
  return width;
}

static PangoLayout *
make_block (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, const ChsRect *box, double scale)
{
  PangoLayout *layout = make_layout (cr, theme, font, text, scale);
  double line = chs_line (theme, font->em_mm) * scale;
  int lines = MAX (1, (int) ((box->h + 0.5) / line));
  bool is_rtl_text = pango_layout_get_line_readonly (layout, 0)->resolved_dir == PANGO_DIRECTION_RTL;

  /* lines of one height whatever script is in them: fallback fonts can be half as tall again */
  pango_attr_list_insert (pango_layout_get_attributes (layout), pango_attr_line_height_new_absolute ((int) (line * PANGO_SCALE)));
  pango_layout_set_width (layout, (int) (box->w * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height (layout, -lines);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  /* pango's left is the leading edge of the text's own direction; ours is that of the layout */
  pango_layout_set_alignment (layout, theme->rtl == is_rtl_text ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
  pango_layout_context_changed (layout);
  return layout;
}

double
chs_text_block (cairo_t *cr, const ChsTheme *theme, const ChsFont *font, const char *text, const ChsRect *box)
{
  g_autoptr (PangoLayout) layout = NULL;
  double scale = 1.0, height;
  int height_pango;
  bool is_cut;

  if (text[0] == '\0' || box->w < 1.0)
    return 0.0;
  layout = make_block (cr, theme, font, text, box, scale);
  while (pango_layout_is_ellipsized (layout) && scale > CHS_LEAST_SHRINK) { /* smaller before shorter */
    scale -= 0.05;
    g_object_unref (layout);
    layout = make_block (cr, theme, font, text, box, scale);
  }
  is_cut = pango_layout_is_ellipsized (layout);
  pango_layout_get_size (layout, NULL, &height_pango);
  height = (double) height_pango / PANGO_SCALE;
  chs_colour (cr, font->colour, 1.0);
  cairo_move_to (cr, box->x, box->y);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr);
  tell (cr, text, &(ChsRect) { box->x, box->y, box->w, height }, scale, is_cut);
  return height;
}
