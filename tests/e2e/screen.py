#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chair's screen is stopped, then killed: recording goes on, and a technical alarm says so."""
import signal
import subprocess
import time

from chair import TOOL, Chair, wait_for


def last(chair, kind, **members):
    found = [e for e in chair.events() if e["type"] == kind and all(e.get(k) == v for k, v in members.items())]
    return found[-1] if found else None


def screen_is(chair, value):
    state = last(chair, "state", code="screen")
    return state is not None and state["value"] == value and state


def start_screen(chair):
    return chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", "--screen", stdout=subprocess.DEVNULL)


def check_alarm(chair):
    """It stays for a while after the screen is back: how long, the profile says."""
    wait_for("screen_lost", 3, lambda: (last(chair, "alarm", label="screen_lost") or {}).get("action") == "raise")


def check_recording_goes_on(chair):
    (recording,) = chair.recordings()
    seen = chair.events()[-1]["t_ms"]
    time.sleep(1.5)
    assert chair.events()[-1]["t_ms"] > seen
    assert recording.exists()


with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    chair.start_monitor()
    chair.nurse("phase", "infusing")
    screen = start_screen(chair)
    wait_for("the screen is seen", 3, lambda: screen_is(chair, 1))

    stopped = time.monotonic()
    screen.send_signal(signal.SIGSTOP)
    wait_for("a stopped screen is missed", 7, lambda: screen_is(chair, 0))
    assert time.monotonic() - stopped > 3.5, "too early: a screen may be busy for a moment"
    check_alarm(chair)
    check_recording_goes_on(chair)
    screen.send_signal(signal.SIGCONT)
    wait_for("it is back", 3, lambda: screen_is(chair, 1))

    screen.kill()
    wait_for("a killed screen is missed", 1.5, lambda: screen_is(chair, 0))
    check_alarm(chair)
    check_recording_goes_on(chair)
    screen = start_screen(chair)
    wait_for("another one is there", 3, lambda: screen_is(chair, 1))

    # a monitor that is restarted waits a moment for its screen, which comes back by itself
    chair.kill_monitor()
    chair.start_monitor()
    wait_for("the screen comes back", 3, lambda: screen_is(chair, 1))
    chair.stop_monitor()
    print("the screen is missed when it is gone, and only then")
