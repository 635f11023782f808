#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A nurse at the real program, by its accessible tree: demonstration, alarm, Seen, symptom and undo, mark, a limit, reaction;
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

from touch import environment, press, press_shown, tool, wait_for

BUILD = sys.argv[1]
FIRST_WAIT_S = 20
ALARM_WAIT_S = 150


def limits_and_history():
    """A limit is typed wrongly, refused in words, typed again; the alarm stands in the list of alarms."""
    press_shown("More")
    press("Alarm limits")
    press("HR, upper limit 1")
    for digit in "580":
        press_shown(digit)
    press_shown("OK")
    print("refused:", wait_for("label", "580 was not taken", 5).get_name())
    for _ in "580":
        press_shown("⌫")
    for digit in "130":
        press_shown(digit)
    press_shown("OK")
    print("set:", wait_for("push button", "HR, upper limit 130, set", 10).get_name())
    press_shown("More")
    press("Alarms so far")
    wait_for("push button", "Why?: Pump is faster", 5)
    press("Back")


def recording(folder):
    files = glob.glob(os.path.join(folder, "chairside-demo-*", "*.chairside"))
    assert files, "the demonstration records nothing"
    return files[0]


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
    limits_and_history()
    press("Reaction, one touch")
    press("Stop the infusion")
    time.sleep(2)

    path = recording(folder)
    alarms = [json.loads(line) for line in tool(BUILD, "replay", path, "--json", "--speed=max").splitlines()]
    assert any(a.get("action") == "ack" and a.get("label") == "rate_limit" for a in alarms), "no acknowledgement of rate_limit"
    tool(BUILD, "export", "--format=csv", path, f"--out={path}.csv")
    with open(path + ".csv", encoding="utf-8") as file:
        table = file.read()
    for wanted in ("nausea", "itching", "symptom_undo", "mark", "reaction", "stop_infusion"):
        assert wanted in table, f"the recording does not know \"{wanted}\""
    print("recorded: acknowledgement, symptom, undo, mark, reaction, its first tap")


def main():
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
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
