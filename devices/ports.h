/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The serial ports of this machine, and a name for each that stays: ttyUSB numbers are
 * given in the order of plugging in, and two adapters change theirs at every restart.
 *
 *   usb:VID:PID:SERIAL      the adapter with this serial number, wherever it is plugged in
 *   usb:VID:PID:@PATH       the adapter at this USB socket ("1-1.2"); for adapters without a serial number (CH340,
 *                           PL2303) and for several that carry the same one
 *   .../N                   interface N of an adapter that has several ports
 *   serial:/dev/ttyS0       a port on the board; its name stays
 *
 * VID and PID are four hexadecimal digits; in SERIAL everything but letters, digits and
 * -._~ is written as %XX.
 *
 * Everything is read from sysfs, which is where libserialport takes it from too. */

typedef struct {
  char    *device;    /* "/dev/ttyUSB0" */
  char    *address;   /* the name that stays, for a configuration */
  char    *driver;    /* kernel driver, "ftdi_sio"; "" = unknown */
  char    *vendor;    /* as the adapter says; "" = not told */
  char    *product;   /* as the adapter says; "" = not told */
  char    *serial;    /* "" = has none */
  char    *usb_path;  /* USB socket, "1-1.2"; "" = not USB */
  char    *by_id;     /* link under /dev/serial/by-id; "" = none */
  guint    vid, pid;  /* 0 = not USB */
  guint    interface; /* number of the USB interface */
  gboolean is_usable; /* this user may open it */
} ChsPort;

void chs_port_free (ChsPort *self);

/**
 * chs_ports_list:
 * @root: (nullable): directory that holds "sys" and "dev"; NULL = the machine's own
 *
 * Returns: (transfer full) (element-type ChsPort): all serial ports that exist, by device name
 */
GPtrArray *chs_ports_list (const char *root) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_ports_find:
 * @root: (nullable): as above
 * @where: an address without its prefix "usb:"
 * @error: return location; %CHS_LINK_ERROR_ADDRESS when @where is none, %CHS_LINK_ERROR_OPEN when no adapter or more than
 *   one answers to it
 *
 * Returns: (transfer full) (nullable): its device, "/dev/ttyUSB0"
 */
char *chs_ports_find (const char *root, const char *where, GError **error) G_GNUC_WARN_UNUSED_RESULT;
