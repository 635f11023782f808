/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include "devices/driver.h"

#include <math.h>

/* The tile of one pump. */

static const char *const state_words[CHS_N_PUMP_STATES] = {
  [CHS_PUMP_UNKNOWN] = N_ ("state unknown"), [CHS_PUMP_OFF] = N_ ("off"),          [CHS_PUMP_READY] = N_ ("ready"),
  [CHS_PUMP_INFUSING] = N_ ("running"),      [CHS_PUMP_BOLUS] = N_ ("bolus"),      [CHS_PUMP_KVO] = N_ ("keeps vein open"),
  [CHS_PUMP_PAUSED] = N_ ("paused"),         [CHS_PUMP_STANDBY] = N_ ("standby"),  [CHS_PUMP_PRIMING] = N_ ("priming"),
  [CHS_PUMP_COMPLETE] = N_ ("complete"),     [CHS_PUMP_ALARM] = N_ ("pump alarm"), [CHS_PUMP_REMOVED] = N_ ("removed"),
};

static const char *const alarm_words[CHS_N_PUMP_ALARMS] = {
  N_ ("line blocked"),   N_ ("blocked above the pump"), N_ ("air in the line"), N_ ("drops"),            N_ ("free flow"),
  N_ ("door open"),      N_ ("syringe"),                N_ ("empty"),           N_ ("nearly finished"),  N_ ("volume given"),
  N_ ("time over"),      N_ ("KVO finished"),           N_ ("standby over"),    N_ ("battery low"),      N_ ("battery empty"),
  N_ ("pump fault"),     N_ ("communication"),          N_ ("pump alarm"),      N_ ("alarm unreadable"),
};

/* Conditions that belong to the pump's tile. */
static const ChsLabel pump_labels[] = {
  CHS_LABEL_OCCLUSION,   CHS_LABEL_PUMP_ALARM,   CHS_LABEL_PUMP_PAUSED,  CHS_LABEL_PUMP_MISMATCH, CHS_LABEL_LINK_PUMP,
  CHS_LABEL_RATE_LIMIT,  CHS_LABEL_VOLUME_LIMIT, CHS_LABEL_DOSE_LIMIT,   CHS_LABEL_MG_RATE,       CHS_LABEL_INFUSION_DONE,
};

/* One dose that is watched. */
typedef struct {
  const char *name;
  ChsUnit     rate_unit, total_unit;
  double      rate, soft, hard; /* in @rate_unit; NAN = not known or not in this bag */
  double      total;            /* in @total_unit */
} DoseLine;

typedef struct {
  const ChsPumpView *pump;
  const ChsDose     *dose; /* NULL = none for this channel */
  char               name[96]; /* of the pump, for people; "" = not known */
  const char        *drug; /* as the pump says, else what the session ordered for the only pump; "" = not known */
  DoseLine           line;
  bool               has_line;
  bool               is_lost; /* what flows now is not known */
  const ChsActiveAlarm *alarm;
  ChsColour          colour, text, label, ground;
  bool is_bench; /* a laboratory pump */
} Scene;

/* The line nearest to its hard limit: the one that a nurse would ask about. The fluid that a drug comes in is asked about
 * once it is faster than its soft limit. */
static bool
pick_line (const ChsDose *d, DoseLine *out)
{
  const DoseLine lines[] = {
    { N_ ("Magnesium"), CHS_UNIT_MMOL_MIN, CHS_UNIT_MMOL, d->mg_mmol_min, d->mg_soft, d->mg_hard, d->mg_mmol_total },
    { N_ ("Ketamine"), CHS_UNIT_MG_KG_H, CHS_UNIT_MG, d->ketamine_mg_kg_h, d->ketamine_soft, d->ketamine_hard, d->ketamine_mg_total },
    { N_ ("Lidocaine"), CHS_UNIT_MG_KG_H, CHS_UNIT_MG, d->lidocaine_mg_kg_h, d->lidocaine_soft, d->lidocaine_hard,
      d->lidocaine_mg_total },
    { N_ ("Fluid"), CHS_UNIT_ML_KG_H, CHS_UNIT_ML_KG, d->fluid_ml_kg_h, d->fluid_soft_ml_kg_h, d->fluid_hard_ml_kg_h,
      d->fluid_ml_kg_total },
  };
  double nearest = -1.0;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    bool is_ours = lines[i].hard > 0.0 && (!isnan (lines[i].rate) || !isnan (lines[i].total));
    double part = isnan (lines[i].rate) ? 0.0 : lines[i].rate / lines[i].hard;
    bool is_aside = i + 1 == G_N_ELEMENTS (lines) && nearest >= 0.0 && !(lines[i].rate > lines[i].soft);

    if (is_ours && !is_aside && part > nearest) {
      nearest = part;
      *out = lines[i];
    }
  }
  return nearest >= 0.0;
}

static const ChsActiveAlarm *
alarm_of (const ChsChairModel *model, const ChsPumpView *pump, guint n_pumps)
{
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < G_N_ELEMENTS (pump_labels); k++) {
      const ChsAlarm *alarm = &alarms[i].alarm;
      bool is_here = alarm->cause_source == pump->source && alarm->cause_channel == pump->channel;

      if (alarm->label == pump_labels[k] && alarms[i].state >= CHS_ALARM_STATE_ACTIVE
          && (is_here || (alarm->cause_source == 0 && n_pumps == 1)))
        return &alarms[i];
    }
  return NULL;
}

static bool
is_filled (const Scene *scene)
{
  return scene->alarm != NULL && scene->alarm->state != CHS_ALARM_STATE_ACKNOWLEDGED
         && scene->alarm->alarm.priority > CHS_PRIORITY_NONE;
}

static void
set_scene (Scene *scene, const ChsChairModel *model, guint index, const ChsTheme *theme)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (model, &n);
  const ChsPalette *p = &theme->palette;
  g_autofree char *name = NULL;
  const char *therapy;

  *scene = (Scene) { .pump = &pumps[index], .colour = chs_pump_colour (theme, index), .text = p->text, .label = p->label,
                     .ground = p->panel };
  name = chs_words_pump (model, scene->pump, theme);
  chs_text_copy (scene->name, sizeof scene->name, name);
  scene->drug = chs_words_drug (model, scene->pump, theme);
  therapy = chs_engine_get_session (chs_chair_model_get_engine (model))->therapy.name;
  scene->is_bench = chs_chair_model_is_bench (model, scene->pump->source);
  if (scene->drug[0] == '\0' && n == 1)
    scene->drug = therapy[0] != '\0' ? chs_tr (theme, therapy) : "";
  scene->dose = chs_chair_model_find_dose (model, scene->pump->source, scene->pump->channel);
  scene->has_line = scene->dose != NULL && scene->dose->known && pick_line (scene->dose, &scene->line);
  scene->is_lost = scene->pump->n_steps > 0 && isnan (scene->pump->steps[scene->pump->n_steps - 1].flow_ml_h);
  scene->alarm = alarm_of (model, scene->pump, n);
  if (is_filled (scene)) {
    guint priority = MIN (scene->alarm->alarm.priority, CHS_PRIORITY_HIGH);

    scene->ground = p->alarm_tile[priority];
    scene->colour = scene->text = scene->label = p->alarm_text[priority];
  }
}

static void
draw_ground (cairo_t *cr, const ChsRect *rect, const Scene *scene, const ChsTheme *theme)
{
  guint priority = scene->alarm != NULL ? MIN (scene->alarm->alarm.priority, CHS_PRIORITY_HIGH) : CHS_PRIORITY_NONE;
  double width = priority != CHS_PRIORITY_NONE ? chs_mm (theme, 0.9) : 1.0;
  ChsRect edge = chs_inset (rect, width / 2.0);

  chs_rounded (cr, &edge, chs_mm (theme, 1.2));
  chs_colour (cr, scene->ground, 1.0);
  cairo_fill_preserve (cr);
  chs_colour (cr, priority != CHS_PRIORITY_NONE ? theme->palette.alarm_fill[priority] : theme->palette.panel_edge, 1.0);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

/* The pump's own alarm goes before its state; a lost link goes before both. */
static const char *
state_of (const Scene *scene)
{
  if (scene->is_lost)
    return N_ ("no data");
  for (guint i = 0; i < CHS_N_PUMP_ALARMS; i++)
    if (scene->pump->status.alarms & (1u << i))
      return alarm_words[i];
  return state_words[MIN (scene->pump->status.state, CHS_N_PUMP_STATES - 1)];
}

static void
draw_header (cairo_t *cr, ChsRect row, const Scene *scene, const ChsTheme *theme)
{
  const ChsPumpStatus *status = &scene->pump->status;
  const char *lab = chs_tr (theme, N_ ("LAB"));
  bool is_running = chs_pump_is_delivering (status) && !scene->is_lost && status->alarms == 0;
  const ChsFont strong = { CHS_EM_LABEL, true, scene->colour }, soft = { CHS_EM_NOTE, false, scene->label };
  const ChsFont state = { CHS_EM_NOTE, true, is_filled (scene) ? scene->text : is_running ? theme->palette.good : scene->text };
  const char *words = chs_tr (theme, state_of (scene));
  const char *first = scene->drug[0] != '\0' ? scene->drug : scene->name;
  ChsRect part = chs_cut_end (&row, MIN (row.w * 0.5, chs_text_width (cr, theme, &state, words) + 1.0), theme);

  chs_text (cr, theme, &state, words, &part, CHS_ALIGN_END);
  if (scene->is_bench) {
    chs_cut_end (&row, chs_mm (theme, 1.2), theme);
    part = chs_cut_end (&row, chs_text_width (cr, theme, &state, lab) + chs_mm (theme, 1.6), theme);
    part = (ChsRect) { part.x, part.y + part.h * 0.12, part.w, part.h * 0.76 };
    chs_badge (cr, &part, theme, lab, scene->text);
  }
  if (scene->alarm != NULL) {
    const ChsFont shape = { CHS_EM_LABEL * 1.2, true,
                            is_filled (scene) ? scene->text : theme->palette.alarm_fill[MIN (scene->alarm->alarm.priority, CHS_PRIORITY_HIGH)] };
    const char *mark = chs_words_priority ((ChsPriority) scene->alarm->alarm.priority);

    chs_cut_end (&row, chs_mm (theme, 1.2), theme);
    part = chs_cut_end (&row, chs_text_width (cr, theme, &shape, mark) + 1.0, theme);
    chs_text (cr, theme, &shape, mark, &part, CHS_ALIGN_END);
  }
  chs_cut_end (&row, chs_mm (theme, CHS_PAD), theme);
  part = chs_cut_start (&row, MIN (row.w, chs_text_width (cr, theme, &strong, first) + 1.0), theme);
  chs_text (cr, theme, &strong, first, &part, CHS_ALIGN_START);
  chs_cut_start (&row, chs_mm (theme, 1.4), theme);
  /* a name that would be cut says nothing; the drug is the one that counts */
  if (first != scene->name && chs_text_width (cr, theme, &soft, scene->name) * CHS_LEAST_SHRINK < row.w)
    chs_text (cr, theme, &soft, scene->name, &row, CHS_ALIGN_START);
}

/* Rate now. A stopped pump shows its zero, a lost one dashes. */
static void
draw_rate (cairo_t *cr, ChsRect box, double em_mm, const Scene *scene, const ChsTheme *theme)
{
  const ChsFont number = { em_mm, true, scene->is_lost ? (is_filled (scene) ? scene->text : theme->palette.stale) : scene->colour };
  const ChsFont unit = { CHS_EM_NOTE, false, scene->label };
  const char *unit_words = chs_tr (theme, chs_unit_info (CHS_UNIT_ML_H)->label);
  double unit_width = chs_text_width (cr, theme, &unit, unit_words) + 1.0, gap = chs_mm (theme, 1.2), width;
  g_autofree char *digits = chs_words_rate (scene->is_lost ? (double) NAN : chs_pump_flow_ml_h (&scene->pump->status));
  ChsRect whole = box, part;

  chs_cut_end (&whole, unit_width + gap, theme);
  width = chs_number (cr, theme, &number, digits, &whole, CHS_ALIGN_START);
  chs_cut_start (&box, width + gap, theme);
  part = chs_cut_start (&box, unit_width, theme);
  chs_text (cr, theme, &unit, unit_words, &part, CHS_ALIGN_START);
}

static char *
dose_words (const Scene *scene, const ChsTheme *theme)
{
  g_autofree char *digits = chs_words_dose (scene->is_lost ? (double) NAN : scene->line.rate);

  return g_strdup_printf ("%s %s", digits, chs_tr (theme, chs_unit_info (scene->line.rate_unit)->label));
}

static void
draw_dose_words (cairo_t *cr, ChsRect row, const Scene *scene, const ChsTheme *theme)
{
  const ChsFont name = { CHS_EM_NOTE, false, scene->label }, value = { CHS_EM_LABEL, true, scene->text };
  g_autofree char *text = NULL;
  double width;
  ChsRect part;

  if (!scene->has_line) {
    chs_text (cr, theme, &name, chs_tr (theme, N_ ("Not in the library: no dose check")), &row, CHS_ALIGN_END);
    return;
  }
  text = dose_words (scene, theme);
  width = chs_text_width (cr, theme, &value, text) + 1.0;
  part = chs_cut_end (&row, MIN (row.w, width), theme);
  chs_text (cr, theme, &value, text, &part, CHS_ALIGN_END);
  chs_cut_end (&row, chs_mm (theme, 1.2), theme);
  if (scene->dose->unchecked) { /* what is known is watched, and what is not is told */
    chs_text (cr, theme, &name, chs_tr (theme, N_ ("Additive: no dose check")), &row, CHS_ALIGN_END);
    return;
  }
  if (chs_text_width (cr, theme, &name, chs_tr (theme, scene->line.name)) * CHS_LEAST_SHRINK < row.w)
    chs_text (cr, theme, &name, chs_tr (theme, scene->line.name), &row, CHS_ALIGN_END);
}

static void
draw_band_number (cairo_t *cr, const ChsRect *row, double x, double limit, const Scene *scene, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_AXIS, false, scene->label };
  g_autofree char *digits = chs_words_limit (limit);
  double width = chs_text_width (cr, theme, &font, digits) + 1.0;

  chs_text (cr, theme, &font, digits,
            &(ChsRect) { CLAMP (x - width / 2.0, row->x, row->x + row->w - width), row->y, width, row->h }, CHS_ALIGN_CENTRE);
}

/* From nothing over the soft limit to the hard one and a little beyond; runs left to right in every language. */
static void
draw_dose_bar (cairo_t *cr, const ChsRect *bar, const ChsRect *numbers, const Scene *scene, const ChsTheme *theme)
{
  const DoseLine *line = &scene->line;
  double most = MAX (line->hard * 1.12, isnan (line->rate) ? 0.0 : line->rate * 1.04);
  double soft = isnan (line->soft) ? line->hard : line->soft, x_soft = bar->x + bar->w * soft / most;
  double x_hard = bar->x + bar->w * line->hard / most, tick = chs_mm (theme, 1.0);
  ChsColour track = chs_mix (scene->ground, scene->colour, 0.30), band = chs_mix (scene->ground, scene->colour, 0.62);

  chs_colour (cr, track, 1.0);
  cairo_rectangle (cr, bar->x, bar->y, x_soft - bar->x, bar->h);
  cairo_fill (cr);
  chs_colour (cr, band, 1.0);
  cairo_rectangle (cr, x_soft, bar->y, x_hard - x_soft, bar->h);
  cairo_fill (cr);
  chs_colour (cr, scene->text, 1.0);
  cairo_rectangle (cr, x_hard, bar->y, bar->x + bar->w - x_hard, bar->h);
  cairo_fill (cr);
  if (x_hard - x_soft > chs_em (theme, CHS_EM_AXIS) * 2.8)
    draw_band_number (cr, numbers, x_soft, soft, scene, theme);
  draw_band_number (cr, numbers, x_hard, line->hard, scene, theme);
  if (scene->is_lost || isnan (line->rate))
    return;
  {
    double x = bar->x + bar->w * CLAMP (line->rate / most, 0.0, 1.0);
    ChsRect marker = { CLAMP (x, bar->x, bar->x + bar->w - tick) - tick / 2.0, bar->y - tick, tick * 1.2, bar->h + 2.0 * tick };

    chs_rounded (cr, &marker, tick * 0.4);
    chs_colour (cr, scene->text, 1.0);
    cairo_fill_preserve (cr);
    chs_colour (cr, scene->ground, 1.0);
    cairo_set_line_width (cr, 1.5);
    cairo_stroke (cr);
  }
}

static char *
volume_words (const Scene *scene, const ChsChairModel *model, const ChsTheme *theme)
{
  const ChsDose *dose = scene->dose;
  const char *unit = chs_tr (theme, chs_unit_info (CHS_UNIT_ML)->label), *about = dose != NULL && dose->estimated ? "≈" : "";
  g_autofree char *given = NULL, *whole = NULL, *end = NULL;
  GString *text = g_string_new (NULL);

  if (dose != NULL && !isnan (dose->infused_ml)) {
    given = chs_words_number (dose->infused_ml, 0);
    whole = chs_words_number (dose->infused_ml + dose->bag_left_ml, 0);
    if (isnan (dose->bag_left_ml))
      g_string_append_printf (text, chs_tr (theme, N_ ("%s%s %s infused")), about, given, unit);
    else
      g_string_append_printf (text, chs_tr (theme, N_ ("%s%s of %s %s")), about, given, whole, unit);
  } else if (!isnan (scene->pump->status.volume_ml)) {
    given = chs_words_number (scene->pump->status.volume_ml, 0);
    g_string_append_printf (text, chs_tr (theme, N_ ("%s%s %s infused")), about, given, unit);
  }
  if (dose != NULL && dose->end_us != CHS_TIME_NONE && !scene->is_lost) {
    end = chs_words_clock (model, dose->end_us);
    g_string_append (text, text->len > 0 ? " · " : "");
    g_string_append_printf (text, chs_tr (theme, N_ ("ends %s")), end);
  }
  return g_string_free (text, FALSE);
}

static char *
total_words (const Scene *scene, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  g_autofree char *digits = NULL, *age = NULL, *rate = NULL;

  if (scene->is_lost) {
    age = chs_words_age (theme, now_us - scene->pump->t_us);
    rate = chs_words_rate (chs_pump_flow_ml_h (&scene->pump->status));
    return g_strdup_printf (chs_tr (theme, N_ ("%s mL/h, %s ago")), rate, age);
  }
  if (!scene->has_line || isnan (scene->line.total))
    return g_strdup ("");
  digits = chs_words_dose (scene->line.total);
  return g_strdup_printf (chs_tr (theme, N_ ("%s%s %s given")), scene->dose->estimated ? "≈" : "", digits,
                          chs_tr (theme, chs_unit_info (scene->line.total_unit)->label));
}

/* The mix is outside what a vein takes without thought: short, for the foot of the tile. @what_to_do: with it, where it
 * has room. Returns: (nullable) */
static char *
dup_watch (const Scene *scene, bool what_to_do, const ChsTheme *theme)
{
  const char *unit = chs_tr (theme, chs_unit_info (CHS_UNIT_MOSM_L)->label);
  g_autofree char *digits = NULL;

  if (scene->dose == NULL || !scene->dose->osm_watch || isnan (scene->dose->osm_mosm_l))
    return NULL;
  digits = chs_words_number (scene->dose->osm_mosm_l, 0);
  if (!what_to_do)
    return g_strdup_printf ("%s %s", digits, unit);
  /* Translators: osmolarity of the mix, 1 a number, 2 mosm/L; what to do in two or three words */
  return g_strdup_printf (chs_tr (theme, N_ ("%1$s %2$s: watch the vein")), digits, unit);
}

static void
draw_footer (cairo_t *cr, ChsRect row, const Scene *scene, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, false, scene->label };
  g_autofree char *volume = volume_words (scene, model, theme), *total = total_words (scene, model, now_us, theme);
  g_autofree char *watch = dup_watch (scene, true, theme);
  const ChsFont strong = { CHS_EM_NOTE, true, scene->text };
  double want = chs_text_width (cr, theme, &font, volume) + 1.0, other = chs_text_width (cr, theme, &font, total) + 1.0;
  double gap = chs_mm (theme, CHS_PAD), fit = (row.w - gap) / MAX (row.w - gap, want + other);
  ChsRect part;

  if (watch != NULL && !scene->is_lost) { /* goes before what was given, which is in the report, too */
    other = chs_text_width (cr, theme, &strong, watch) + 1.0;
    if ((row.w - gap) / (want + other) < CHS_LEAST_SHRINK * 1.05) {
      g_free (watch);
      watch = dup_watch (scene, false, theme);
      other = chs_text_width (cr, theme, &strong, watch) + 1.0;
    }
    fit = (row.w - gap) / MAX (row.w - gap, want + other);
    part = chs_cut_end (&row, other * fit, theme);
    chs_text (cr, theme, &strong, watch, &part, CHS_ALIGN_END);
    chs_cut_end (&row, gap, theme);
    chs_text (cr, theme, &font, volume, &row, CHS_ALIGN_START);
    return;
  }
  part = chs_cut_start (&row, fit < CHS_LEAST_SHRINK ? row.w : want * fit, theme);
  chs_text (cr, theme, &font, volume, &part, CHS_ALIGN_START);
  chs_cut_start (&row, gap, theme);
  if (fit >= CHS_LEAST_SHRINK)
    chs_text (cr, theme, &font, total, &row, CHS_ALIGN_END);
}

static void
draw_tall (cairo_t *cr, ChsRect rect, const Scene *scene, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  ChsRect header = chs_cut_top (&rect, chs_line (theme, CHS_EM_LABEL)), footer = chs_cut_bottom (&rect, chs_line (theme, CHS_EM_NOTE));
  ChsRect left = chs_cut_start (&rect, rect.w * 0.46, theme), words, numbers, bar;

  draw_header (cr, header, scene, theme);
  draw_footer (cr, footer, scene, model, now_us, theme);
  left = (ChsRect) { left.x, left.y + chs_mm (theme, 1.4), left.w, left.h - chs_mm (theme, 2.8) };
  draw_rate (cr, left, CHS_EM_NUMBER, scene, theme);
  chs_cut_start (&rect, chs_mm (theme, CHS_PAD), theme);
  words = chs_cut_top (&rect, rect.h * 0.42);
  draw_dose_words (cr, words, scene, theme);
  if (!scene->has_line)
    return;
  numbers = chs_cut_top (&rect, chs_em (theme, CHS_EM_AXIS) * 1.0);
  bar = (ChsRect) { rect.x, rect.y + chs_mm (theme, 1.4), rect.w, MIN (chs_mm (theme, 1.8), rect.h * 0.4) };
  draw_dose_bar (cr, &bar, &numbers, scene, theme);
}

#define LOW_RATE 0.42 /* of the width, beside the dose */

/* Whether rate and dose find no room beside each other: where four pumps share the place of one. */
static bool
is_narrow (cairo_t *cr, const ChsRect *rect, const Scene *scene, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_LABEL, true, scene->text };
  g_autofree char *text = scene->has_line ? dose_words (scene, theme) : g_strdup ("");

  return chs_text_width (cr, theme, &font, text) * CHS_LEAST_SHRINK > rect->w * (1.0 - LOW_RATE);
}

/* Half as wide as well: name, rate, and below it the dose, for that is what a limit stands on. */
static void
draw_small (cairo_t *cr, ChsRect rect, const Scene *scene, const ChsTheme *theme)
{
  ChsRect dose = chs_cut_bottom (&rect, chs_line (theme, CHS_EM_LABEL));

  draw_header (cr, chs_cut_top (&rect, chs_line (theme, CHS_EM_LABEL)), scene, theme);
  rect = (ChsRect) { rect.x, rect.y + chs_mm (theme, 0.6), rect.w, rect.h - chs_mm (theme, 1.2) };
  draw_rate (cr, rect, CHS_EM_NUMBER, scene, theme);
  draw_dose_words (cr, dose, scene, theme);
}

/* Half as high: one line of numbers, the header, no bar. */
static void
draw_low (cairo_t *cr, ChsRect rect, const Scene *scene, const ChsChairModel *model, int64_t now_us, const ChsTheme *theme)
{
  bool has_footer = rect.h > chs_line (theme, CHS_EM_LABEL) + chs_line (theme, CHS_EM_NOTE) + chs_mm (theme, 4.5);
  ChsRect header, left;

  if (has_footer && is_narrow (cr, &rect, scene, theme)) {
    draw_small (cr, rect, scene, theme);
    return;
  }
  header = chs_cut_top (&rect, chs_line (theme, CHS_EM_LABEL));
  draw_header (cr, header, scene, theme);
  if (has_footer)
    draw_footer (cr, chs_cut_bottom (&rect, chs_line (theme, CHS_EM_NOTE)), scene, model, now_us, theme);
  left = chs_cut_start (&rect, rect.w * LOW_RATE, theme);
  left = (ChsRect) { left.x, left.y + chs_mm (theme, 0.5), left.w, left.h - chs_mm (theme, 1.0) };
  draw_rate (cr, left, CHS_EM_NUMBER, scene, theme);
  draw_dose_words (cr, rect, scene, theme);
}

/* One line, under a pile of alarms: rate, state and name; digits that cannot be read would say nothing. */
static void
draw_flat (cairo_t *cr, ChsRect rect, const Scene *scene, const ChsTheme *theme)
{
  ChsRect left = chs_cut_start (&rect, rect.w * 0.45, theme);

  left = (ChsRect) { left.x, left.y + chs_mm (theme, 0.6), left.w, left.h - chs_mm (theme, 1.2) };
  draw_rate (cr, left, CHS_EM_NUMBER, scene, theme);
  draw_header (cr, rect, scene, theme);
}

static void
draw_no_pump (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, false, theme->palette.label };

  chs_panel (cr, rect, theme);
  chs_text (cr, theme, &font, chs_tr (theme, N_ ("No pump")), rect, CHS_ALIGN_CENTRE);
}

void
chs_draw_pump (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, guint index, int64_t now_us, const ChsTheme *theme)
{
  guint n;
  ChsRect inner = { rect->x + chs_mm (theme, CHS_PAD), rect->y + chs_mm (theme, 0.8), rect->w - 2.0 * chs_mm (theme, CHS_PAD),
                    rect->h - 2.0 * chs_mm (theme, 0.8) };
  double least = chs_line (theme, CHS_EM_LABEL) + chs_line (theme, CHS_EM_NOTE) + chs_em (theme, CHS_EM_AXIS + CHS_EM_LABEL) + chs_mm (theme, 4.0);
  Scene scene;

  chs_chair_model_get_pumps (model, &n);
  if (index >= n) {
    draw_no_pump (cr, rect, theme);
    return;
  }
  set_scene (&scene, model, index, theme);
  draw_ground (cr, rect, &scene, theme);
  if (inner.h >= least)
    draw_tall (cr, inner, &scene, model, now_us, theme);
  else if (inner.h < chs_line (theme, CHS_EM_LABEL) + chs_em (theme, CHS_EM_LABEL))
    draw_flat (cr, inner, &scene, theme);
  else
    draw_low (cr, inner, &scene, model, now_us, theme);
}

/* ---- the words ---- */

char *
chs_pump_text (const ChsChairModel *model, guint index, int64_t now_us, const ChsTheme *theme)
{
  guint n;
  Scene scene;
  GString *text;
  const ChsPumpStatus *status;
  g_autofree char *rate = NULL, *volume = NULL, *total = NULL, *osmolarity = NULL;

  chs_chair_model_get_pumps (model, &n);
  if (index >= n)
    return g_strdup ("");
  set_scene (&scene, model, index, theme);
  status = &scene.pump->status;
  text = g_string_new (scene.drug);
  if (scene.name[0] != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", scene.name);
  rate = chs_words_rate (scene.is_lost ? (double) NAN : chs_pump_flow_ml_h (status));
  g_string_append_printf (text, ", %s, %s %s", chs_tr (theme, state_of (&scene)), rate, chs_tr (theme, chs_unit_info (CHS_UNIT_ML_H)->label));
  if (scene.has_line && !scene.is_lost && !isnan (scene.line.rate)) {
    g_autofree char *dose = chs_words_dose (scene.line.rate), *soft = chs_words_limit (scene.line.soft);
    g_autofree char *hard = chs_words_limit (scene.line.hard);

    g_string_append_printf (text, ", %s %s %s (", chs_tr (theme, scene.line.name), dose, chs_tr (theme, chs_unit_info (scene.line.rate_unit)->label));
    g_string_append_printf (text, chs_tr (theme, N_ ("soft %s, hard %s")), soft, hard);
    g_string_append_c (text, ')');
  }
  volume = volume_words (&scene, model, theme);
  total = total_words (&scene, model, now_us, theme);
  if (volume[0] != '\0')
    g_string_append_printf (text, ", %s", volume);
  if (total[0] != '\0')
    g_string_append_printf (text, ", %s", total);
  osmolarity = scene.dose != NULL && scene.dose->osm_watch
                 ? chs_words_osmolarity (chs_chair_model_get_profile (model), scene.dose->osm_mosm_l, theme) : NULL;
  if (osmolarity != NULL)
    g_string_append_printf (text, ", %s", osmolarity);
  return g_string_free (text, FALSE);
}
