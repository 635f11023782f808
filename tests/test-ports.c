/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/ports.h"
#include "devices/transport.h"
#include "tests/scratch.h"

#include <string.h>
#include <unistd.h>

/* A machine of our own: sysfs as Linux 6.1 lays it out, in a temporary directory. */
static char *root;

static void
put (const char *dir, const char *name, const char *text)
{
  g_autofree char *folder = g_build_filename (root, dir, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
put_link (const char *dir, const char *name, const char *target)
{
  g_autofree char *folder = g_build_filename (root, dir, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

/* Plugs an adapter into socket @path; its port is @tty at interface @interface. */
static void
plug (const char *path, const char *vid, const char *pid, const char *serial, const char *tty, int interface)
{
  g_autofree char *device = g_strdup_printf ("sys/devices/pci0/usb1/%s", path);
  g_autofree char *folder = g_strdup_printf ("%s/%s:1.%d", device, path, interface);
  g_autofree char *port = g_strdup_printf ("%s/%s", folder, tty);
  g_autofree char *class = g_strdup_printf ("sys/class/tty/%s", tty);
  g_autofree char *target = g_strdup_printf ("../../../../%s", port);
  g_autofree char *number = g_strdup_printf ("%02x\n", (guint) interface);

  put (device, "idVendor", vid);
  put (device, "idProduct", pid);
  put (device, "manufacturer", "FTDI\n");
  put (device, "product", "USB\tSerial \xFF\n");
  if (serial != NULL)
    put (device, "serial", serial);
  put (folder, "bInterfaceNumber", number);
  put (port, "port_number", "0\n");
  put_link (port, "driver", "../../../../../../bus/usb-serial/drivers/ftdi_sio");
  put_link (class, "device", target);
  put ("dev", tty, "");
}

static void
set_up (void)
{
  root = g_dir_make_tmp ("chs-ports-XXXXXX", NULL);
  put ("sys/class/tty/tty0", "dev", "4:0\n");
  put ("sys/class/tty/ttyS0", "type", "4\n");
  put ("sys/devices/pnp0/00:00", "id", "PNP0501\n");
  put_link ("sys/class/tty/ttyS0", "device", "../../../devices/pnp0/00:00");
  put ("sys/class/tty/ttyS1", "type", "0\n");
  put_link ("sys/class/tty/ttyS1", "device", "../../../devices/pnp0/00:00");
  put ("dev", "ttyS0", "");
}

static void
tear_down (void)
{
  scratch_remove (root);
  g_free (root);
}

/* The addresses of all ports, with the part before the root's own path taken off. */
static char *
dup_addresses (void)
{
  g_autoptr (GPtrArray) ports = chs_ports_list (root);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ports->len; i++) {
    const ChsPort *port = ports->pdata[i];

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", port->address);
  }
  g_string_replace (text, root, "", 0);
  return g_string_free (text, FALSE);
}

#define ASSERT_ADDRESSES(want)                                                                                          \
  do {                                                                                                                  \
    g_autofree char *got = dup_addresses ();                                                                            \
    ck_assert_str_eq (got, want);                                                                                       \
  } while (0)

START_TEST (consoles_and_empty_slots_are_no_ports)
{
  ASSERT_ADDRESSES ("serial:/dev/ttyS0");
}
END_TEST

START_TEST (an_adapter_tells_what_it_is)
{
  g_autoptr (GPtrArray) ports = NULL;
  const ChsPort *port;

  plug ("1-1.2", "0403\n", "6001\n", "A5XK3RJT\n", "ttyUSB0", 0);
  put_link ("dev/serial/by-id", "usb-FTDI_A5XK3RJT-if00-port0", "../../ttyUSB0");
  ports = chs_ports_list (root);
  ck_assert_uint_eq (ports->len, 2);
  port = ports->pdata[1];
  ck_assert_str_eq (port->address, "usb:0403:6001:A5XK3RJT");
  ck_assert_str_eq (port->vendor, "FTDI");
  ck_assert_str_eq (port->product, "USB Serial \xEF\xBF\xBD");
  ck_assert_str_eq (port->serial, "A5XK3RJT");
  ck_assert_str_eq (port->usb_path, "1-1.2");
  ck_assert_str_eq (port->driver, "ftdi_sio");
  ck_assert (g_str_has_suffix (port->by_id, "/dev/serial/by-id/usb-FTDI_A5XK3RJT-if00-port0"));
  ck_assert_uint_eq (port->vid, 0x0403);
  ck_assert (port->is_usable);
}
END_TEST

START_TEST (adapters_without_a_number_are_named_by_socket)
{
  plug ("1-1", "1a86\n", "7523\n", NULL, "ttyUSB9", 0);
  plug ("1-2", "1a86\n", "7523\n", NULL, "ttyUSB10", 0);
  ASSERT_ADDRESSES ("serial:/dev/ttyS0 usb:1a86:7523:@1-1 usb:1a86:7523:@1-2");
}
END_TEST

START_TEST (adapters_with_the_same_number_are_named_by_socket)
{
  plug ("1-1", "10c4\n", "ea60\n", "0001\n", "ttyUSB0", 0);
  plug ("1-2", "10c4\n", "ea60\n", "0001\n", "ttyUSB1", 0);
  plug ("1-3", "10c4\n", "ea60\n", "0002\n", "ttyUSB2", 0);
  plug ("1-4", "0403\n", "6001\n", "0001\n", "ttyUSB3", 0);
  ASSERT_ADDRESSES ("serial:/dev/ttyS0 usb:10c4:ea60:@1-1 usb:10c4:ea60:@1-2 usb:10c4:ea60:0002 usb:0403:6001:0001");
}
END_TEST

START_TEST (ports_of_one_adapter_have_interfaces)
{
  plug ("1-1", "0403\n", "6011\n", "FT 4X/1:?\n", "ttyUSB0", 0);
  plug ("1-1", "0403\n", "6011\n", "FT 4X/1:?\n", "ttyUSB1", 1);
  ASSERT_ADDRESSES ("serial:/dev/ttyS0 usb:0403:6011:FT%204X%2F1%3A%3F/0 usb:0403:6011:FT%204X%2F1%3A%3F/1");
}
END_TEST

/* Every address that is listed leads back to its device, and nowhere else. */
START_TEST (what_is_listed_is_found)
{
  g_autoptr (GPtrArray) ports = NULL;

  plug ("1-1", "0403\n", "6011\n", "FT 4X/1:?\n", "ttyUSB0", 0);
  plug ("1-1", "0403\n", "6011\n", "FT 4X/1:?\n", "ttyUSB1", 1);
  plug ("1-2", "1a86\n", "7523\n", NULL, "ttyUSB2", 0);
  plug ("1-3", "10c4\n", "ea60\n", "0001\n", "ttyUSB3", 0);
  plug ("1-4", "10c4\n", "ea60\n", "0001\n", "ttyUSB4", 0);
  plug ("1-5", "0403\n", "6001\n", "@1-2\n", "ttyUSB5", 0);
  ports = chs_ports_list (root);
  ck_assert_uint_eq (ports->len, 7);
  for (guint i = 1; i < ports->len; i++) {
    const ChsPort *port = ports->pdata[i];
    g_autoptr (GError) error = NULL;
    g_autofree char *device = chs_ports_find (root, port->address + strlen ("usb:"), &error);

    g_assert_no_error (error);
    ck_assert_str_eq (device, port->device);
  }
}
END_TEST

static const struct {
  const char  *where;
  ChsLinkError code;
} unfound[] = {
  { "0403:6001:OTHER", CHS_LINK_ERROR_OPEN },   { "0403:6011:A5XK3RJT", CHS_LINK_ERROR_OPEN },
  { "0403:6001:@9-9", CHS_LINK_ERROR_OPEN },    { "0403:6001:A5XK3RJT/3", CHS_LINK_ERROR_OPEN },
  { "10c4:ea60:0001", CHS_LINK_ERROR_OPEN }, /* two of them */
  { "0403:6001", CHS_LINK_ERROR_ADDRESS },      { "0403:6001:", CHS_LINK_ERROR_ADDRESS },
  { "0403:6001:@", CHS_LINK_ERROR_ADDRESS },    { "403:6001:A", CHS_LINK_ERROR_ADDRESS },
  { "0x03:6001:A", CHS_LINK_ERROR_ADDRESS },    { "0403:6001:A/x", CHS_LINK_ERROR_ADDRESS },
  { "0403:6001:A:B", CHS_LINK_ERROR_ADDRESS },  { "0403:6001:%Z", CHS_LINK_ERROR_ADDRESS },
};

START_TEST (what_is_not_there_is_not_found)
{
  g_autoptr (GError) error = NULL;

  plug ("1-1", "0403\n", "6001\n", "A5XK3RJT\n", "ttyUSB0", 0);
  plug ("1-3", "10c4\n", "ea60\n", "0001\n", "ttyUSB3", 0);
  plug ("1-4", "10c4\n", "ea60\n", "0001\n", "ttyUSB4", 0);
  ck_assert_ptr_null (chs_ports_find (root, unfound[_i].where, &error));
  ck_assert_msg (g_error_matches (error, CHS_LINK_ERROR, (int) unfound[_i].code), "%s: %s", unfound[_i].where, error->message);
}
END_TEST

START_TEST (a_machine_without_ports_has_an_empty_list)
{
  g_autoptr (GPtrArray) ports = chs_ports_list ("/nonexistent");

  ck_assert_uint_eq (ports->len, 0);
}
END_TEST

static Suite *
ports_suite (void)
{
  Suite *suite = suite_create ("ports");
  TCase *tc = tcase_create ("sysfs");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, consoles_and_empty_slots_are_no_ports);
  tcase_add_test (tc, an_adapter_tells_what_it_is);
  tcase_add_test (tc, adapters_without_a_number_are_named_by_socket);
  tcase_add_test (tc, adapters_with_the_same_number_are_named_by_socket);
  tcase_add_test (tc, ports_of_one_adapter_have_interfaces);
  tcase_add_test (tc, what_is_listed_is_found);
  tcase_add_loop_test (tc, what_is_not_there_is_not_found, 0, G_N_ELEMENTS (unfound));
  tcase_add_test (tc, a_machine_without_ports_has_an_empty_list);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (ports_suite)
