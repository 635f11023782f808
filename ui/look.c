/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/look.h"

/* 12 pt is "1rem" of the style sheet. */
#define BASE_PT 12.0

/* How far the dimmed half of a flash goes towards black, by priority: far enough to be seen from the door, not so far
 * that the dark letters on yellow lose their contrast of 4.5:1. As in app/draw/alarm-bar.c. */
static const double dim[] = { 0.0, 0.0, 0.35, 0.55 };

struct _ChsLookProvider {
  GdkDisplay     *display;
  ChsScene       *scene;
  GtkCssProvider *sheet;
  GtkCssProvider *colours;
  gulong          restyled_id;
};

static ChsColour
mix (ChsColour a, ChsColour b, double part)
{
  return (ChsColour){ a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part, a.b + (b.b - a.b) * part };
}

static void
define (GString *css, const char *name, ChsColour c)
{
  g_string_append_printf (css, "@define-color %s #%02x%02x%02x;\n", name, (guint) (c.r * 255.0 + 0.5),
                          (guint) (c.g * 255.0 + 0.5), (guint) (c.b * 255.0 + 0.5));
}

char *
chs_look_dup_colours (const ChsTheme *theme)
{
  static const char *const names[] = { NULL, "alarm_low", "alarm_medium", "alarm_high" };
  const ChsPalette        *p = &theme->palette;
  const ChsColour          black = { 0, 0, 0 };
  GString                 *css = g_string_new (NULL);

  define (css, "background", p->background);
  define (css, "panel", p->panel);
  define (css, "panel_edge", p->panel_edge);
  define (css, "text", p->text);
  define (css, "label", p->label);
  define (css, "stale", p->stale);
  define (css, "good", p->good);
  define (css, "replay", p->replay);
  define (css, "caution", p->caution);
  define (css, "key", mix (p->panel, p->text, 0.09));
  define (css, "key_pressed", mix (p->panel, p->text, 0.28));

  for (guint i = CHS_PRIORITY_LOW; i <= CHS_PRIORITY_HIGH; i++) {
    g_autofree char *dimmed = g_strconcat (names[i], "_dim", NULL);
    g_autofree char *text = g_strconcat (names[i], "_text", NULL);

    define (css, names[i], p->alarm_fill[i]);
    define (css, dimmed, mix (p->alarm_fill[i], black, dim[i]));
    define (css, text, p->alarm_text[i]);
  }

  return g_string_free (css, FALSE);
}

static void
apply (ChsLookProvider *self)
{
  const ChsTheme  *theme = chs_scene_get_theme (self->scene);
  g_autofree char *colours = chs_look_dup_colours (theme);
  g_autofree char *font = g_strdup_printf ("%s %d", theme->font ? theme->font : "Sans",
                                           (int) (BASE_PT * theme->text_scale + 0.5));
  int              dpi = (int) (chs_panel_dpi (chs_scene_get_panel (self->scene)) * 1024.0);

  g_object_set (gtk_settings_get_for_display (self->display), "gtk-xft-dpi", dpi, "gtk-font-name", font,
                "gtk-enable-animations", FALSE, NULL);
  gtk_css_provider_load_from_data (self->colours, colours, -1);
}

ChsLookProvider *
chs_look_provider_new (GdkDisplay *display, ChsScene *scene)
{
  ChsLookProvider *self = g_new0 (ChsLookProvider, 1);

  self->display = display;
  self->scene = g_object_ref (scene);
  self->sheet = gtk_css_provider_new ();
  self->colours = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (self->sheet, "/org/chairside/Chairside/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->colours),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (self->sheet),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  self->restyled_id = g_signal_connect_swapped (scene, "restyled", G_CALLBACK (apply), self);
  apply (self);

  return self;
}

void
chs_look_provider_free (ChsLookProvider *self)
{
  g_signal_handler_disconnect (self->scene, self->restyled_id);
  gtk_style_context_remove_provider_for_display (self->display, GTK_STYLE_PROVIDER (self->sheet));
  gtk_style_context_remove_provider_for_display (self->display, GTK_STYLE_PROVIDER (self->colours));
  g_object_unref (self->sheet);
  g_object_unref (self->colours);
  g_object_unref (self->scene);
  g_free (self);
}
