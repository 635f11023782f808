#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A nurse at the real program, by its accessible tree: demonstration, alarm, Seen, symptom and undo, mark, reaction;
then the recording is asked whether it has all of that.

  nurse.py BUILD_DIR

Wants a display, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as missing:
    print(f"SKIP: {missing}")
    sys.exit(77)

BUILD = sys.argv[1]
FIRST_WAIT_S = 20
ALARM_WAIT_S = 150


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


def find(role, begins):
    app = application()
    for node in walk(app) if app else ():
        try:
            if node.get_role_name() == role and (node.get_name() or "").startswith(begins):
                return node
        except GLib.Error:
            continue
    return None


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


def recording(folder):
    files = glob.glob(os.path.join(folder, "chairside-demo-*", "*.chairside"))
    assert files, "the demonstration records nothing"
    return files[0]


def tool(*arguments):
    done = subprocess.run([os.path.join(BUILD, "app", "chairside-tool"), *arguments], capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{arguments[0]}: {done.stderr}"
    return done.stdout


def scene(folder):
    wait_for("image", "NIBP", FIRST_WAIT_S)
    wait_for("alert", "medium priority: Pump is faster", ALARM_WAIT_S)
    for name, unit in (("NIBP", "mmHg"), ("HR", "/min"), ("SpO", "%"), ("RR", "/min"), ("Temp", "°C"), ("Magnesium", "mL/h")):
        text = wait_for("image", name, 1).get_name()
        print("tile:", text)
        assert unit in text and any(c.isdigit() for c in text), f"the tile of {name} says only \"{text}\""
    press("Seen: Pump is faster")
    press("Symptom")
    press("Itching")
    press("Undo")
    press("Nausea")
    press("Back")
    press("Mark")
    press("Reaction, one touch")
    press("Stop the infusion")
    time.sleep(2)

    path = recording(folder)
    alarms = [json.loads(line) for line in tool("replay", path, "--json", "--speed=max").splitlines()]
    assert any(a.get("action") == "ack" and a.get("label") == "rate_limit" for a in alarms), "no acknowledgement of rate_limit"
    tool("export", "--format=csv", path, f"--out={path}.csv")
    with open(path + ".csv", encoding="utf-8") as file:
        table = file.read()
    for wanted in ("nausea", "itching", "symptom_undo", "mark", "reaction", "stop_infusion"):
        assert wanted in table, f"the recording does not know \"{wanted}\""
    print("recorded: acknowledgement, symptom, undo, mark, reaction, its first tap")


def main():
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, TMPDIR=folder, GTK_A11Y="atspi", GSK_RENDERER="cairo", LC_ALL="C.UTF-8")
        env.pop("G_DEBUG", None)
        screen = subprocess.Popen([os.path.join(BUILD, "ui", "chairside"), "--demo", "--kiosk", "--diagonal=10.1"], env=env)
        try:
            scene(folder)
        finally:
            screen.terminate()
            screen.wait(timeout=15)
        left = glob.glob(os.path.join(folder, "chairside-demo-*"))
        assert not left, f"the demonstration left {left}"
    print("PASS")


main()
