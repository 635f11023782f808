#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chair's screen is stopped, then killed: sound and recording go on, and a technical alarm says so.

usage: screen.py [gtk]    with the view of the terminal as the screen, or with the real one on a display of its own
"""
import array
import os
import shutil
import signal
import subprocess
import sys
import time

from chair import BUILD, TOOL, Chair, wait_for

GTK = sys.argv[1:] == ["gtk"]
SCREEN = BUILD / "ui" / "chairside"
if GTK and not (SCREEN.exists() and shutil.which("Xvfb")):
    print("skipped: no screen program, or no Xvfb")
    sys.exit(77)


def last(chair, kind, **members):
    found = [e for e in chair.events() if e["type"] == kind and all(e.get(k) == v for k, v in members.items())]
    return found[-1] if found else None


def screen_is(chair, value):
    state = last(chair, "state", code="screen")
    return state is not None and state["value"] == value and state


def start_screen(chair):
    if GTK:
        return chair.start(SCREEN, f"--socket={chair.socket}", env=os.environ | {"DISPLAY": display},
                           stderr=subprocess.DEVNULL)
    return chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", "--screen", stdout=subprocess.DEVNULL)


def check_alarm(chair):
    """It stays for a while after the screen is back: how long, the profile says."""
    wait_for("screen_lost", 3, lambda: (last(chair, "alarm", label="screen_lost") or {}).get("action") == "raise")


def loud_samples():
    """How much of what was played is not silence."""
    samples = array.array("h")
    samples.frombytes(sound.read_bytes()[44:][: (sound.stat().st_size - 44) // 2 * 2])
    return sum(abs(sample) > 1000 for sample in samples)


def check_goes_on(chair):
    """The journal, its recording on the disk, and the sound of the alarm."""
    (recording,) = chair.recordings()
    wal = recording.with_name(recording.name + "-wal")

    def state():
        return chair.events()[-1]["t_ms"], wal.stat().st_mtime, loud_samples()

    before = state()
    wait_for("all goes on", 12, lambda: all(now > then for now, then in zip(state(), before)))


with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    display = chair.start_display() if GTK else None
    sound = chair.folder / "heard.wav"
    chair.start_monitor(sound=sound)
    wait_for("sound is usable", 5, lambda: last(chair, "state", code="sound", value=1))
    chair.nurse("phase", "infusing")
    screen = start_screen(chair)
    wait_for("the screen is seen", 10, lambda: screen_is(chair, 1))

    stopped = time.monotonic()
    screen.send_signal(signal.SIGSTOP)
    wait_for("a stopped screen is missed", 7, lambda: screen_is(chair, 0))
    assert time.monotonic() - stopped > 3.5, "too early: a screen may be busy for a moment"
    check_alarm(chair)
    check_goes_on(chair)
    screen.send_signal(signal.SIGCONT)
    wait_for("it is back", 3, lambda: screen_is(chair, 1))

    screen.kill()
    wait_for("a killed screen is missed", 1.5, lambda: screen_is(chair, 0))
    check_alarm(chair)
    check_goes_on(chair)
    screen = start_screen(chair)
    wait_for("another one is there", 10, lambda: screen_is(chair, 1))

    # a monitor that is restarted waits a moment for its screen, which comes back by itself
    chair.kill_monitor()
    chair.start_monitor()
    wait_for("the screen comes back", 5, lambda: screen_is(chair, 1))
    chair.stop_monitor()
    print("the screen is missed when it is gone, and only then")
