/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <time.h>

/* Preloaded into a GTK program by bench-first-frame.py: when its first window is presented, is there (mapped) and has its
 * first frame painted. One line on stderr: "first-frame: " and milliseconds from the map to the frame and from the
 * call to the frame on the clock, then the same in work of the thread. */

typedef struct {
  gint64 clock_us, work_us;
} Moment;

static Moment presented, mapped;
static gboolean is_painted;

static Moment
now (void)
{
  struct timespec work;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &work);

  return (Moment){ g_get_monotonic_time (), work.tv_sec * G_USEC_PER_SEC + work.tv_nsec / 1000 };
}

static double
ms (gint64 from_us, gint64 to_us)
{
  return (double) (to_us - from_us) / 1e3;
}

static void
on_map (GtkWidget *window, gpointer unused)
{
  mapped = now ();
}

static void
on_painted (GdkFrameClock *clock, gpointer unused)
{
  Moment painted = now ();

  if (is_painted || mapped.clock_us == 0)
    return;
  is_painted = TRUE;
  g_printerr ("first-frame: %.1f %.1f %.1f %.1f\n", ms (mapped.clock_us, painted.clock_us), ms (presented.clock_us, painted.clock_us),
              ms (mapped.work_us, painted.work_us), ms (presented.work_us, painted.work_us));
}

static void
on_realize (GtkWidget *window, gpointer unused)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), NULL);
}

void
gtk_window_present (GtkWindow *window)
{
  static void (*real) (GtkWindow *);

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "gtk_window_present");
  if (presented.clock_us == 0) {
    presented = now ();
    g_signal_connect (window, "map", G_CALLBACK (on_map), NULL);
    g_signal_connect_after (window, "realize", G_CALLBACK (on_realize), NULL);
  }
  real (window);
}
