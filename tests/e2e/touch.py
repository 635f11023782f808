# SPDX-License-Identifier: GPL-3.0-or-later
"""Touching the real screen program by its accessible tree: for the tests that are a nurse or a technician.

Wants a display, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import os
import subprocess
import sys
import time

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as missing:
    print(f"SKIP: {missing}")
    sys.exit(77)


def walk(node):
    """Every accessible under node; what vanishes while we look is passed over."""
    try:
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child:
                yield from walk(child)
    except GLib.Error:
        return


def application():
    desk = Atspi.get_desktop(0)
    for i in range(desk.get_child_count()):
        app = desk.get_child_at_index(i)
        if app and app.get_name() == "chairside":
            return app
    return None


def find_all(role, begins):
    app = application()
    found = []
    for node in walk(app) if app else ():
        try:
            if node.get_role_name() == role and (node.get_name() or "").startswith(begins):
                found.append(node)
        except GLib.Error:
            continue
    return found


def told(node, what):
    """What a node says, by the name of the call; "" when it went away between being found and asked."""
    try:
        return getattr(node, what)() or ""
    except GLib.Error:
        return ""


def find(role, begins):
    found = find_all(role, begins)
    return found[0] if found else None


def wait_for(role, begins, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        node = find(role, begins)
        if node:
            return node
        time.sleep(0.5)
    raise SystemExit(f"FAIL: no {role} \"{begins}\" within {seconds} s")


def press(begins, seconds=5):
    """A touch: the button's own action. Waits out the 150 ms in which a second touch would be a bounce."""
    Atspi.Action.do_action(wait_for("push button", begins, seconds), 0)
    time.sleep(0.4)


def press_shown(name):
    """The button of exactly this name that is in sight: pages that are not keep theirs in the tree, which does not tell
    them apart, and nothing comes of touching those."""
    for node in find_all("push button", name):
        if node.get_name() == name:
            Atspi.Action.do_action(node, 0)
    time.sleep(0.4)


def tool(build, *arguments):
    done = subprocess.run([os.path.join(build, "app", "chairside-tool"), *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{arguments[0]}: {done.stderr}"
    return done.stdout


def environment(folder):
    """What the program is to see of its surroundings: a folder of its own, and nothing of the user's."""
    env = dict(os.environ, TMPDIR=folder, HOME=folder, XDG_CACHE_HOME=os.path.join(folder, "cache"),
               XDG_DATA_HOME=os.path.join(folder, "data"), GTK_A11Y="atspi", GSK_RENDERER="cairo", LC_ALL="C.UTF-8")
    env.pop("G_DEBUG", None)
    return env
