/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ports.h"

#include "devices/transport.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* serial_core: a slot of the 8250 driver with no chip behind it has type 0. */
#define PORT_TYPE_UNKNOWN "0"

void
chs_port_free (ChsPort *self)
{
  g_free (self->device);
  g_free (self->address);
  g_free (self->driver);
  g_free (self->vendor);
  g_free (self->product);
  g_free (self->serial);
  g_free (self->usb_path);
  g_free (self->by_id);
  g_free (self);
}

/* ---- sysfs ---- */

/* A file of sysfs as text, "" when it is not there. What an adapter says of itself is as hostile as any byte of it. */
static char *
dup_attribute (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *raw = NULL;
  char *clean;

  if (!g_file_get_contents (path, &raw, NULL, NULL))
    return g_strdup ("");
  clean = g_utf8_make_valid (raw, -1);
  for (char *c = clean; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return g_strstrip (clean);
}

static guint
hex_attribute (const char *dir, const char *name)
{
  g_autofree char *text = dup_attribute (dir, name);

  return (guint) g_ascii_strtoull (text, NULL, 16);
}

static gboolean
has_file (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static char *
dup_link_name (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target != NULL ? g_path_get_basename (target) : g_strdup ("");
}

/* From the terminal's device upwards: first its interface, then the USB device. */
static void
read_usb (ChsPort *self, const char *device_dir)
{
  g_autofree char *dir = g_strdup (device_dir);

  while (strlen (dir) > 1 && !has_file (dir, "idVendor")) {
    char *parent = g_path_get_dirname (dir);

    if (has_file (dir, "bInterfaceNumber"))
      self->interface = hex_attribute (dir, "bInterfaceNumber");
    g_free (dir);
    dir = parent;
  }
  if (strlen (dir) <= 1)
    return;
  self->vid = hex_attribute (dir, "idVendor");
  self->pid = hex_attribute (dir, "idProduct");
  g_free (self->vendor);
  g_free (self->product);
  g_free (self->serial);
  g_free (self->usb_path);
  self->vendor = dup_attribute (dir, "manufacturer");
  self->product = dup_attribute (dir, "product");
  self->serial = dup_attribute (dir, "serial");
  self->usb_path = g_path_get_basename (dir);
}

/* NULL when the terminal is no serial port: virtual consoles and ptys have no device, unused slots no chip. */
static ChsPort *
read_port (const char *root, const char *name)
{
  g_autofree char *dir = g_build_filename (root, "sys/class/tty", name, NULL);
  g_autofree char *link = g_build_filename (dir, "device", NULL);
  g_autofree char *device_dir = realpath (link, NULL);
  g_autofree char *type = dup_attribute (dir, "type");
  ChsPort *self;

  if (device_dir == NULL || strcmp (type, PORT_TYPE_UNKNOWN) == 0)
    return NULL;
  self = g_new0 (ChsPort, 1);
  self->device = g_build_filename (root, "dev", name, NULL);
  self->driver = dup_link_name (device_dir, "driver");
  self->vendor = g_strdup ("");
  self->product = g_strdup ("");
  self->serial = g_strdup ("");
  self->usb_path = g_strdup ("");
  self->by_id = g_strdup ("");
  self->is_usable = access (self->device, R_OK) == 0;
  read_usb (self, device_dir);
  return self;
}

/* ---- names that stay ---- */

static gboolean
is_same_model (const ChsPort *a, const ChsPort *b)
{
  return a->vid == b->vid && a->pid == b->pid;
}

static char *
dup_address (const ChsPort *self, const GPtrArray *ports)
{
  g_autofree char *key = g_uri_escape_string (self->serial, NULL, FALSE);
  gboolean is_shared = self->serial[0] == '\0', has_several = FALSE;

  if (self->vid == 0)
    return g_strconcat ("serial:", self->device, NULL);
  for (guint i = 0; i < ports->len; i++) {
    const ChsPort *other = ports->pdata[i];
    gboolean is_same_adapter = strcmp (other->usb_path, self->usb_path) == 0;

    has_several |= other != self && is_same_adapter;
    is_shared |= !is_same_adapter && is_same_model (other, self) && strcmp (other->serial, self->serial) == 0;
  }
  if (has_several)
    return g_strdup_printf ("usb:%04x:%04x:%s%s/%u", self->vid, self->pid, is_shared ? "@" : "",
                            is_shared ? self->usb_path : key, self->interface);
  return g_strdup_printf ("usb:%04x:%04x:%s%s", self->vid, self->pid, is_shared ? "@" : "", is_shared ? self->usb_path : key);
}

static void
read_by_id (const char *root, GPtrArray *ports)
{
  g_autofree char *path = g_build_filename (root, "dev/serial/by-id", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *target = dup_link_name (path, name);

    for (guint i = 0; i < ports->len; i++) {
      ChsPort *port = ports->pdata[i];
      g_autofree char *base = g_path_get_basename (port->device);

      if (strcmp (base, target) == 0) {
        g_free (port->by_id);
        port->by_id = g_build_filename (path, name, NULL);
      }
    }
  }
}

/* "ttyUSB10" after "ttyUSB9". */
static int
compare_ports (gconstpointer a, gconstpointer b)
{
  const ChsPort *const *x = a, *const *y = b;

  return strverscmp ((*x)->device, (*y)->device);
}

GPtrArray *
chs_ports_list (const char *root)
{
  GPtrArray *ports = g_ptr_array_new_with_free_func ((GDestroyNotify) chs_port_free);
  const char *base = root != NULL ? root : "/";
  g_autofree char *path = g_build_filename (base, "sys/class/tty", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    ChsPort *port = read_port (base, name);

    if (port != NULL)
      g_ptr_array_add (ports, port);
  }
  g_ptr_array_sort (ports, compare_ports);
  read_by_id (base, ports);
  for (guint i = 0; i < ports->len; i++)
    ((ChsPort *) ports->pdata[i])->address = dup_address (ports->pdata[i], ports);
  return ports;
}

/* ---- looking one up ---- */

typedef struct {
  guint64 vid, pid, interface;
  gboolean has_interface;
  char    *serial, *usb_path; /* one of them */
} Wanted;

static void
wanted_clear (Wanted *self)
{
  g_free (self->serial);
  g_free (self->usb_path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static gboolean
parse_wanted (const char *where, Wanted *self)
{
  g_auto (GStrv) words = g_strsplit (where, ":", -1);
  char *slash;

  if (g_strv_length (words) != 3 || strlen (words[0]) != 4 || strlen (words[1]) != 4
      || !g_ascii_string_to_unsigned (words[0], 16, 1, 0xFFFF, &self->vid, NULL)
      || !g_ascii_string_to_unsigned (words[1], 16, 0, 0xFFFF, &self->pid, NULL))
    return FALSE;
  slash = strrchr (words[2], '/');
  self->has_interface = slash != NULL;
  if (slash != NULL && !g_ascii_string_to_unsigned (slash + 1, 10, 0, 255, &self->interface, NULL))
    return FALSE;
  if (slash != NULL)
    *slash = '\0';
  if (words[2][0] == '@')
    self->usb_path = g_strdup (words[2] + 1);
  else
    self->serial = g_uri_unescape_string (words[2], NULL);
  return (self->usb_path != NULL && self->usb_path[0] != '\0') || (self->serial != NULL && self->serial[0] != '\0');
}

static gboolean
is_wanted (const ChsPort *port, const Wanted *wanted)
{
  return port->vid == wanted->vid && port->pid == wanted->pid && (!wanted->has_interface || port->interface == wanted->interface)
         && (wanted->serial != NULL ? strcmp (port->serial, wanted->serial) == 0
                                    : strcmp (port->usb_path, wanted->usb_path) == 0);
}

char *
chs_ports_find (const char *root, const char *where, GError **error)
{
  g_auto (Wanted) wanted = { 0 };
  g_autoptr (GPtrArray) ports = NULL;
  const ChsPort *found = NULL;
  guint n = 0;

  if (!parse_wanted (where, &wanted)) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS,
                 "usb:%s: write it as usb:VID:PID:SERIAL or usb:VID:PID:@PATH, as chairside-tool ports shows it", where);
    return NULL;
  }
  ports = chs_ports_list (root);
  for (guint i = 0; i < ports->len; i++)
    if (is_wanted (ports->pdata[i], &wanted)) {
      found = ports->pdata[i];
      n++;
    }
  if (n == 1)
    return g_strdup (found->device);
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN,
               n == 0 ? "usb:%s: no such adapter is plugged in (see chairside-tool ports)"
                      : "usb:%s: more than one port answers to this; name it as chairside-tool ports does",
               where);
  return NULL;
}
