#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogue of an import at the real program, by touches and keys: a file is chosen in the file chooser, it is in the list;
the same once more is refused in words; prose is refused in words.

  import.py BUILD_DIR [PICTURES]
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from touch import environment, find, press, wait_for

BUILD = sys.argv[1]
PICTURES = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None


def picture(name):
    if PICTURES:
        subprocess.run(["import", "-window", "root", str(PICTURES / f"{name}.png")], check=False)


def key(*keys):
    subprocess.run(["xdotool", *keys], check=True)


def choose(path, name):
    """What a technician does: the key, the path typed into the chooser, Enter."""
    press("Import")
    end = time.monotonic() + 15
    while time.monotonic() < end:
        windows = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Import"], capture_output=True, text=True).stdout.split()
        if windows:
            break
        time.sleep(0.2)
    assert windows, "no file chooser"
    time.sleep(1)
    picture(name)
    key("windowfocus", windows[-1])
    key("type", "--delay", "20", str(path))
    time.sleep(0.5)
    key("key", "Return")


def told(begins):
    label = wait_for("label", begins, 20)
    return label.get_name()


def scene(folder):
    stick = pathlib.Path(folder, "stick")
    stick.mkdir()
    (stick / "chart.csv").write_text("t_s,source,channel,value,unit,note\n" + "".join(f"{t},monitor,hr,{60 + t % 9},/min,\n" for t in range(900)))
    (stick / "letter.txt").write_text("Dear Sir or Madam\n")
    wait_for("push button", "Import", 20)
    choose(stick / "chart.csv", "1-choose")
    print(told("Imported as chart.chairside"))
    wait_for("push button", "No date", 10)
    picture("2-imported")
    assert pathlib.Path(folder, "recordings", "chart.chairside").exists()
    choose(stick / "chart.csv", "3-choose-again")
    print(told("A recording of this name"))
    picture("4-twice")
    choose(stick / "letter.txt", "5-choose-letter")
    print(told("This is no recording"))
    picture("6-letter")
    assert sorted(p.name for p in pathlib.Path(folder, "recordings").iterdir()) == ["chart.chairside"], "something was left"
    assert find("push button", "Import") is not None


def main():
    for program in ("xdotool",):
        if not shutil.which(program):
            print(f"SKIP: {program} is not installed")
            sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "recordings"))
        screen = subprocess.Popen([os.path.join(BUILD, "ui", "chairside"), f"--sessions={folder}/recordings", "--diagonal=10.1"],
                                  env=environment(folder))
        try:
            scene(folder)
        finally:
            screen.terminate()
            screen.wait(timeout=15)
    print("PASS")


main()
