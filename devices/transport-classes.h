/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/transport.h"

/* The transports there are. devices/transport.c holds the table of them. */
extern const ChsTransportClass chs_transport_dialogue;
extern const ChsTransportClass chs_transport_serial;
extern const ChsTransportClass chs_transport_tcp;
extern const ChsTransportClass chs_transport_tty;
extern const ChsTransportClass chs_transport_usb;
