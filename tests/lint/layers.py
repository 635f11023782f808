#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The direction of includes: data <- devices <- app <- ui, written from the root.

Also: codecs, drivers and simulators stay free of GLib; the engine reads no clock;
app/draw stays free of GTK; nothing below ui knows GTK.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
ALLOWED = {
    "data": {"data"},
    "devices": {"data", "devices"},
    "app": {"data", "devices", "app"},
    "ui": {"data", "app", "ui"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
# Files built on the C library alone (see devices/meson.build and data/meson.build).
PURE = re.compile(
    r"^(data/(alarm|event|event-codec|param|unit)\.[ch]|devices/(driver-|sim/|[a-z0-9-]+-codec|drivers|simulators|sink|driver\.h|simulator\.h).*)$"
)
GENERATED = {"chs-admin-dbus.h", "chs-monitor-dbus.h", "chs-resources.h", "chs-app-resources.h"}


def findings():
    for folder, allowed in ALLOWED.items():
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            name = path.relative_to(ROOT).as_posix()
            text = path.read_text(encoding="utf-8")
            first_own = None
            for kind, target in INCLUDE.findall(text):
                line = text[: text.index(target)].count("\n") + 1
                if kind == '"':
                    if target in GENERATED:
                        continue
                    if "/" not in target:
                        yield f"{name}:{line}: include \"{target}\" is not written from the root"
                        continue
                    top = target.split("/")[0]
                    if top not in allowed:
                        yield f"{name}:{line}: {folder} must not include {target}"
                    first_own = first_own or target
                elif folder != "ui" and re.match(r"(gtk|gdk|gsk)/", target):
                    yield f"{name}:{line}: GTK below ui: <{target}>"
                elif PURE.match(name) and re.match(r"(glib|gio|gobject|pango|cairo|sqlite3)", target):
                    yield f"{name}:{line}: C library only here: <{target}>"
            own = path.with_suffix(".h")
            if path.suffix == ".c" and own.exists() and first_own and first_own != own.relative_to(ROOT).as_posix():
                yield f"{name}: its own header comes first, not {first_own}"
            if re.match(r"app/(engine|evidence|rules)", name) and re.search(
                r"\b(g_get_monotonic_time|g_get_real_time|clock_gettime|time \(NULL\))", text
            ):
                yield f"{name}: the engine reads no clock"


bad = list(findings())
print("\n".join(bad) if bad else "includes point downwards")
sys.exit(1 if bad else 0)
