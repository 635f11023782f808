#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A technician at the real program, by its accessible tree: the list of recordings, search, one is opened; alarm to
alarm, event by event, a loop, a marker; a limit is changed and the alarms are others; and a value of the therapy; saved as a
profile and a therapy that pass the check; the report. The recording stays as it was, byte for byte.

  technician.py BUILD_DIR
"""
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from touch import environment, find, press, press_shown, tool, wait_for

BUILD = sys.argv[1]
FIRST_WAIT_S = 20
ROOT = pathlib.Path(__file__).resolve().parents[2]


def make_recordings(folder):
    """Sessions of our own generator, as recordings; among them an athlete, whose slow pulse alarms."""
    made = os.path.join(folder, "made")
    subprocess.run([sys.executable, ROOT / "tests/generator/generate.py", "--part=dev", "--sessions=6", f"--out={made}"], check=True)
    recordings = os.path.join(folder, "recordings")
    os.mkdir(recordings)
    for path in sorted(pathlib.Path(made).glob("*.csv")):
        if path.with_suffix(".ini").exists():
            tool(BUILD, "import", str(path), f"--out={recordings}/{path.stem}.chairside")
    return recordings


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def type_text(text):
    for letter in text.upper():
        press_shown(letter)


def image_text(begins):
    return wait_for("image", begins, 10).get_name()


def scene(folder, recordings):
    wait_for("push button", "Search", FIRST_WAIT_S)
    wait_for("push button", "20", 10)  # a row begins with its date
    press("20")
    print("list: opened")

    wait_for("push button", "▶, Play", FIRST_WAIT_S)
    press("! ▶, Next alarm")
    press("·▶, Next event")
    press("◀·, Event before")
    press("•••, Tools")
    press("A–B, Set A")
    press("! ▶, Next alarm")
    press("A–B, Set B")
    wait_for("push button", "A–B, Loop off", 2)
    press("A–B, Loop off")
    print("replay: alarm, events, loop")

    press("Mark, here")
    press_shown("OK")
    wait_for("push button", "Marker 1", 5)
    press_shown("Back")
    markers = list(pathlib.Path(recordings).glob("*.markers"))
    assert len(markers) == 1 and "Marker 1" in markers[0].read_text(encoding="utf-8"), markers
    opened = str(markers[0])[: -len(".markers")]
    print("marker:", markers[0].name)

    before = digest(opened)
    press("What if")
    wait_for("push button", "hr_high, ", 15)
    first = image_text("Alarms: ")
    for key, value in (("hr_low, ", "41"), ("hr_low_share, ", "0.65")):
        press(key, 5)
        press("123, Type")
        type_text(value)
        press_shown("OK")
    time.sleep(1.0)
    print("what if:", first, "->", image_text("Alarms: "))
    assert image_text("Alarms: ").split()[-4] != first.split()[-4], "the alarms are the same as before"
    press("Session")
    press("therapy.ordered_rate_ml_h, ", 5)
    press("123, Type")
    type_text("111")
    press_shown("OK")
    press("Save")
    for answer in ("ward-3", "ann", "calm"):
        type_text(answer)
        press_shown("OK")
    for where, number in (("profiles", r"\nhr_low_share = 0.65 "), ("therapies", r"\nordered_rate_ml_h = 111\n")):
        saved = list(pathlib.Path(folder, where).glob("*.ini"))
        assert len(saved) == 1, f"nothing was saved in {where}"
        print(tool(BUILD, "check", str(saved[0])).strip())
        assert tool(BUILD, "check", str(saved[0])).count("whole") == 1
        text = saved[0].read_text(encoding="utf-8")
        assert re.search(number, text) and "what-if over" in text and "ann: calm" in text.lower(), text
    press("As recorded")
    press_shown("Back")

    press("Report, export")
    press("Report", 5)
    end = time.monotonic() + 30
    while time.monotonic() < end and not list(pathlib.Path(folder).glob("**/*.pdf")):
        time.sleep(0.5)
    assert list(pathlib.Path(folder).glob("**/*.pdf")), "no report was written"
    print("report: written")
    press_shown("Back")
    press("Recordings")
    wait_for("push button", "Search", 5)
    assert digest(opened) == before, "the recording was changed"
    assert find("push button", "Older") is not None


def main():
    with tempfile.TemporaryDirectory() as folder:
        recordings = make_recordings(folder)
        for path in pathlib.Path(recordings).glob("*.chairside"):
            if "athlete" not in path.name:
                path.unlink()
        env = dict(environment(folder), CHAIRSIDE_PROFILES=os.path.join(folder, "profiles"),
                   CHAIRSIDE_THERAPIES=os.path.join(folder, "therapies"))
        screen = subprocess.Popen([os.path.join(BUILD, "ui", "chairside"), f"--sessions={recordings}", "--diagonal=10.1"],
                                  env=env)
        try:
            scene(folder, recordings)
        finally:
            screen.terminate()
            screen.wait(timeout=15)
    print("PASS")


main()
