/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/draw-shots.h"

#include <string.h>

#define NIBP .kind = SHOT_TILE, .what = CHS_PARAM_NIBP_SYS, .width = 576, .height = 210
#define HR .kind = SHOT_TILE, .what = CHS_PARAM_HR, .width = 284, .height = 172
#define RR .kind = SHOT_TILE, .what = CHS_PARAM_RR, .width = 284, .height = 64
#define CHART .kind = SHOT_CHART, .width = 680, .height = 428
#define PUMP .kind = SHOT_PUMP, .width = 576, .height = 166
#define LOW_PUMP .kind = SHOT_PUMP, .width = 576, .height = 80
#define BAR .kind = SHOT_BAR, .width = 1280

const DrawShot draw_shots[] = {
  { "chart-quiet", "quiet", CHART },
  { "chart-medium", "medium", CHART },
  { "chart-high", "high", CHART },
  { "chart-pump-lost", "low", CHART },
  { "chart-monitor-lost", "link-lost", CHART },
  { "chart-demo", "demo", CHART },
  { "chart-doubtful", "doubtful", CHART },
  { "chart-nothing", "nothing", CHART },
  { "chart-pumps", "pumps", CHART },
  { "chart-busy", "busy", CHART },
  { "chart-busy-wide", "busy", .kind = SHOT_CHART, .width = 1400, .height = 580, .px_mm = 5.0 },
  { "chart-arterial", "arterial", CHART },
  { "chart-cursor", "medium", CHART, .cursor = 36 },
  { "chart-cursors", "medium", CHART, .cursor = 26, .cursor2 = 44 },
  { "chart-15min", "medium", CHART, .minutes = 15 },
  { "chart-night", "medium", CHART, .look = CHS_LOOK_NIGHT },
  { "chart-contrast", "medium", CHART, .look = CHS_LOOK_CONTRAST },
  { "chart-paper", "medium", CHART, .look = CHS_LOOK_PAPER },
  { "chart-large", "medium", CHART, .text_scale = 1.3 },
  { "chart-german", "medium", CHART, .language = "de" },
  { "chart-arabic", "medium", CHART, .language = "ar" },
  { "trends-quiet", "quiet", .kind = SHOT_TRENDS, .width = 680, .height = 200 },
  { "trends-high", "high", .kind = SHOT_TRENDS, .width = 680, .height = 200 },
  { "trends-lost", "link-lost", .kind = SHOT_TRENDS, .width = 680, .height = 200 },
  { "trends-large", "quiet", .kind = SHOT_TRENDS, .width = 680, .height = 200, .text_scale = 1.3 },
  { "trends-scores", "scores", .kind = SHOT_TRENDS, .width = 680, .height = 200 },
  { "trends-scores-low", "scores", .kind = SHOT_TRENDS, .width = 680, .height = 130 },
  { "trends-scores-paper", "scores", .kind = SHOT_TRENDS, .width = 680, .height = 200, .look = CHS_LOOK_PAPER, .text_scale = 0.78 },
  { "tile-nibp-quiet", "quiet", NIBP },
  { "tile-nibp-medium", "medium", NIBP },
  { "tile-nibp-high", "high", NIBP },
  { "tile-nibp-seen", "seen", NIBP },
  { "tile-nibp-demo", "demo", NIBP },
  { "tile-nibp-doubtful", "doubtful", NIBP },
  { "tile-nibp-nothing", "nothing", NIBP },
  { "tile-nibp-large", "medium", NIBP, .text_scale = 1.3 },
  { "tile-nibp-german", "medium", NIBP, .language = "de" },
  { "tile-nibp-arabic", "medium", NIBP, .language = "ar" },
  { "tile-nibp-wide", "quiet", .kind = SHOT_TILE, .what = CHS_PARAM_NIBP_SYS, .width = 620, .height = 300, .px_mm = 4.03 },
  { "tile-hr-quiet", "quiet", HR },
  { "tile-hr-medium", "high", HR },
  { "tile-hr-stale", "stale", HR },
  { "tile-hr-gone", "link-lost", HR },
  { "tile-hr-night", "quiet", HR, .look = CHS_LOOK_NIGHT },
  { "tile-hr-contrast", "quiet", HR, .look = CHS_LOOK_CONTRAST },
  { "tile-rr-quiet", "quiet", RR },
  { "tile-rr-gone", "link-lost", RR },
  { "tile-rr-demo", "demo", RR },
  { "tile-rr-large", "stale", RR, .text_scale = 1.3 },
  { "pump-quiet", "quiet", PUMP },
  { "pump-fast", "medium", PUMP },
  { "pump-alarm", "rate", PUMP },
  { "pump-lost", "low", PUMP },
  { "pump-unknown", "pumps", PUMP, .what = 3 },
  { "pump-nothing", "nothing", PUMP },
  { "pump-large", "medium", PUMP, .text_scale = 1.3 },
  { "pump-german", "low", PUMP, .language = "de" },
  { "pump-arabic", "medium", PUMP, .language = "ar" },
  { "pump-strong", "strong", PUMP },
  { "pump-strong-german", "strong", PUMP, .language = "de", .text_scale = 1.3 },
  { "pump-strong-arabic", "strong", PUMP, .language = "ar" },
  { "pump-low", "pumps", LOW_PUMP, .what = 2 },
  { "pump-low-large", "medium", LOW_PUMP, .text_scale = 1.3 },
  { "bar-none", "quiet", BAR, .height = 48 },
  { "bar-paused", "low", BAR, .height = 142 },
  { "bar-medium", "medium", BAR, .height = 142 },
  { "bar-medium-unlit", "medium", BAR, .height = 142, .what = 1 },
  { "bar-high", "high", BAR, .height = 244 },
  { "bar-high-unlit", "high", BAR, .height = 244, .what = 1 },
  { "bar-large", "medium", BAR, .height = 182, .text_scale = 1.3 },
  { "bar-german", "high", BAR, .height = 244, .language = "de" },
  { "bar-arabic", "high", BAR, .height = 244, .language = "ar" },
  { "wave-pleth", "wave", .kind = SHOT_WAVE, .width = 680, .height = 90 },
};
const guint n_draw_shots = G_N_ELEMENTS (draw_shots);

/* Enough of two languages to see what longer words and the other direction do; the rest stays English, in German made a
 * third longer. */
static const struct {
  const char *en, *de, *ar;
} words[] = {
  { "Blood pressure", "Blutdruck", "ضغط الدم" },
  { "Infusion rate", "Infusionsgeschwindigkeit", "معدل التسريب" },
  { "now", "jetzt", "الآن" },
  { "No alarms", "Keine Alarme", "لا توجد إنذارات" },
  { "%s ago", "vor %s", "قبل %s" },
  { "%s from baseline", "%s vom Ausgangswert", "%s عن خط الأساس" },
  { "limits %s to %s", "Grenzen %s bis %s", "الحدود من %s إلى %s" },
  { "%d min", "%d min", "%d د" },
  { "high %.0f", "oben %.0f", "أعلى %.0f" },
  { "low %.0f", "unten %.0f", "أدنى %.0f" },
  { "base %.0f", "Basis %.0f", "أساس %.0f" },
  { "limit %.0f", "Grenze %.0f", "حد %.0f" },
  { "running", "läuft", "يعمل" },
  { "ready", "bereit", "جاهز" },
  { "no data", "keine Daten", "لا بيانات" },
  { "Magnesium", "Magnesium", "مغنيسيوم" },
  { "%s%s of %s %s", "%s%s von %s %s", "%s%s من %s %s" },
  { "ends %s", "endet %s", "ينتهي %s" },
  { "%s%s %s given", "%s%s %s gegeben", "%s%s %s أعطي" },
  { "%s mL/h, %s ago", "%s mL/h vor %s", "%s مل/س قبل %s" },
  { "infusing", "Infusion läuft", "تسريب" },
  { "baseline", "Ausgangswert", "خط الأساس" },
  { "Warmth", "Wärmegefühl", "دفء" },
  { "Itching", "Juckreiz", "حكة" },
  { "Tight throat", "Enge im Hals", "ضيق الحلق" },
  { "Pressure falling with magnesium", "Blutdruck fällt unter Magnesium", "انخفاض الضغط مع المغنيسيوم" },
  { "Possible severe reaction", "Mögliche schwere Reaktion", "احتمال تفاعل شديد" },
  { "Fast heart rate", "Herzfrequenz hoch", "نبض سريع" },
  { "Pump is faster than the limit for this drug", "Pumpe läuft schneller als für dieses Mittel erlaubt",
    "المضخة أسرع من الحد لهذا الدواء" },
  { "NO ALARM SOUND", "KEIN ALARMTON", "لا صوت للإنذار" },
  { "No data from pump", "Keine Daten von der Pumpe", "لا بيانات من المضخة" },
  { "Slow or stop the magnesium. Lay flat. Cuff again in 2 min. Calcium at hand per plan.",
    "Magnesium langsamer oder stoppen. Flach lagern. In 2 min erneut messen. Kalzium bereithalten nach Plan.",
    "أبطئ المغنيسيوم أو أوقفه. مدّد المريض. أعد القياس بعد دقيقتين. الكالسيوم في المتناول حسب الخطة." },
  { "Stop the infusion. Call for help. Lay flat, legs up (sit up if breathless). Clinic anaphylaxis plan. Keep the vein.",
    "Infusion stoppen. Hilfe rufen. Flach lagern, Beine hoch (bei Atemnot aufsetzen). Anaphylaxie-Plan der Klinik. Vene erhalten.",
    "أوقف التسريب. اطلب المساعدة. مدّد المريض وارفع الساقين (أجلسه عند ضيق النفس). خطة التأق في العيادة. أبق الوريد." },
  { "%s after %s went %s → %s mL/h", "%s nach Änderung %s %s → %s mL/h", "بعد %s من تغير %s من %s إلى %s مل/س" },
  { "seen", "gesehen", "تمت رؤيته" },
  { "silent: %u", "stumm: %u", "صامت: %u" },
};

static const char *
german (const char *msgid)
{
  static GHashTable *longer;
  char *text;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].en, msgid) == 0)
      return words[i].de;
  if (strlen (msgid) < 7 || strchr (msgid, '/') != NULL)
    return msgid; /* units and abbreviations are the same in both */
  if (longer == NULL)
    longer = g_hash_table_new (g_str_hash, g_str_equal);
  text = g_hash_table_lookup (longer, msgid);
  if (text == NULL) {
    g_autofree char *tail = g_strnfill (strlen (msgid) / 3, 'n');

    text = g_strconcat (msgid, tail, NULL);
    g_hash_table_insert (longer, g_strdup (msgid), text);
  }
  return text;
}

static const char *
arabic (const char *msgid)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].en, msgid) == 0)
      return words[i].ar;
  return msgid;
}

void
draw_shot_theme (const DrawShot *shot, ChsTheme *theme)
{
  chs_theme_init (theme, shot->look, shot->px_mm > 0.0 ? shot->px_mm : 5.83);
  theme->text_scale = shot->text_scale > 0.0 ? shot->text_scale : 1.0;
  if (g_strcmp0 (shot->language, "de") == 0)
    theme->tr = german;
  else if (g_strcmp0 (shot->language, "ar") == 0) {
    theme->tr = arabic;
    theme->rtl = true;
  }
}

static void
draw_wave (cairo_t *cr, const ChsRect *rect, const ChsChairModel *model, const ChsTheme *theme)
{
  guint n;
  const ChsWaveView *waves = chs_chair_model_get_waves (model, &n);

  /* tile by tile, as the screen keeps them */
  for (double x = 0.0; n > 0 && x < rect->w; x += 64.0)
    chs_draw_wave (cr, rect, &waves[0], 0.0, (double) waves[0].n, 25.0, -1200.0, 1200.0, x, MIN (x + 64.0, rect->w), theme);
}

void
draw_shot (cairo_t *cr, const DrawShot *shot, const ChsChairModel *model, const ChsTheme *theme)
{
  ChsRect rect = { 0, 0, shot->width, shot->height };
  ChsTimeWindow window = draw_case_window (shot->minutes > 0 ? shot->minutes : 60);

  window.cursor_us = shot->cursor > 0 ? shot->cursor * CASE_MIN : CHS_TIME_NONE;
  window.cursor2_us = shot->cursor2 > 0 ? shot->cursor2 * CASE_MIN : CHS_TIME_NONE;
  cairo_set_source_rgb (cr, theme->palette.background.r, theme->palette.background.g, theme->palette.background.b);
  cairo_paint (cr);
  switch (shot->kind) {
  case SHOT_CHART:
    chs_draw_chart (cr, &rect, model, &window, theme);
    break;
  case SHOT_TRENDS:
    chs_draw_trends (cr, &rect, model, &window, theme);
    break;
  case SHOT_TILE:
    chs_draw_tile (cr, &rect, model, (ChsParam) shot->what, CASE_NOW, theme);
    break;
  case SHOT_PUMP:
    chs_draw_pump (cr, &rect, model, shot->what, CASE_NOW, theme);
    break;
  case SHOT_BAR:
    chs_draw_alarm_bar (cr, &rect, model, CASE_NOW, shot->what == 0, theme);
    break;
  case SHOT_WAVE:
    draw_wave (cr, &rect, model, theme);
    break;
  default:
    break;
  }
}
