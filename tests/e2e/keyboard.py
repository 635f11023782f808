#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole session with a keyboard alone, by real key events at the real screen: who it is, therapy, checks, baseline, start, a
change of the rate, an alarm and Seen, symptom, reaction, close. The focus is asked after each key: it is on something with a
name, and is nobody's by surprise when a page closes, an alarm comes or a row goes.

Wants a display, xdotool, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from touch import Atspi, GLib, application, environment, find_all, walk  # noqa: E402

if not shutil.which("xdotool"):
    print("SKIP: xdotool is missing")
    sys.exit(77)

from chair import BUILD, Chair, wait_for  # noqa: E402

SCENARIO = """[scenario]
title = Two rates
duration_s = 3600

[initial]
hr = 74
spo2 = 98
rr = 14
temp_c = 36.6
sys = 122
dia = 76
cuff_duration_s = 3
cuff_interval_s = 12
pump1.state = ready
pump1.rate_ml_h = 100
pump1.vtbi_ml = 500

[at 50]
pump1.state = infusing

[at 80]
pump1.rate_ml_h = 200
"""
MOST_TABS = 60


class Keyboard:
    """Keys of X, and where the focus is by the accessibility bus."""

    def __init__(self):
        self.focus = None
        self.listener = Atspi.EventListener.new(self.on_focus)
        self.listener.register("object:state-changed:focused")

    def on_focus(self, event):
        if event.detail1:
            self.focus = event.source

    def rest(self, seconds=0.15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            GLib.MainContext.default().iteration(False)
            time.sleep(0.005)

    def key(self, *names, rest=0.15):
        for name in names:
            subprocess.run(["xdotool", "key", name], check=True)
            self.rest(rest)

    def type(self, text):
        subprocess.run(["xdotool", "type", text], check=True)
        self.rest()
        self.key("Return", rest=0.6)

    def name(self):
        """Name of what has the focus, asked of itself: it must have it still, and be in sight."""
        for _ in range(20):
            node = self.focus
            try:
                if node.get_state_set().contains(Atspi.StateType.FOCUSED):
                    break
            except GLib.Error:
                pass
            self.rest(0.1)  # the key, or its event, is on its way
        else:
            raise AssertionError("the focus is lost")
        box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
        assert box.width > 0 and box.height > 0, f"\"{node.get_name()}\" has the focus and is not in sight"
        assert node.get_name() or node.get_role() == Atspi.Role.SCROLL_PANE, "something without a name has the focus"
        return node.get_name()

    def go(self, begins):
        """Tab by Tab."""
        met = []
        for _ in range(MOST_TABS):
            met.append(self.name())
            if met[-1].startswith(begins):
                return met[-1]
            self.key("Tab", rest=0.08)
        raise AssertionError(f"Tab does not come to \"{begins}\", only to {met}")

    def press(self, begins):
        name = self.go(begins)
        self.key("Return", rest=0.5)
        list(walk(application()))  # objects are made when somebody asks for them
        return name


def entered(chair, action, what=None):
    return [e for e in chair.events() if e["type"] == "nurse" and e["action"] == action and what in (None, e.get("what"))]


def set_up(chair, keys):
    keys.key("F5", rest=1)
    list(walk(application()))
    keys.press("Number")
    keys.type("4711")
    assert keys.name() == "Number, 4711", keys.name()
    keys.press("Weight")
    keys.type("580")
    assert keys.name() == "Weight" and "580 was not taken" in keys.focus.get_description(), keys.focus.get_description()
    keys.key("BackSpace", "BackSpace", "BackSpace")
    keys.type("70")
    keys.type("70")  # once more
    assert keys.name().startswith("Weight, 70"), keys.name()

    keys.press("2  Therapy")
    keys.press("Hydration")
    keys.press("3  Checks")
    wait_for("the therapy is known", 5, lambda: [e for e in chair.events() if e["type"] == "setup" and e["key"] == "therapy.id"])


def begin(chair, keys):
    keys.press("4  Baseline")
    keys.press("Sensors are on, take baseline")
    wait_for("two cuff readings", 60, lambda: len([e for e in chair.events() if e.get("param") == "NIBP_SYS"]) >= 4)
    keys.rest(1)
    keys.press("Accept as baseline")
    wait_for("the baseline is accepted", 5, lambda: entered(chair, "baseline"))
    keys.press("5  Course")
    keys.press("Infusion starts")
    keys.press("Infusion starts")  # the checks are open: asked once more
    wait_for("it is infusing", 5, lambda: entered(chair, "phase", "infusing"))


def alarm(chair, keys):
    """An alarm comes while the finger is on another key, is seen, and its key goes from under the finger."""
    before = keys.name()
    chair.nurse("symptom", "itching")
    wait_for("the alarm is there", 10, lambda: find_all("push button", "Seen: Possible reaction"))
    keys.rest(1)
    assert keys.name() == before, f"the alarm took the focus from \"{before}\" to \"{keys.name()}\""
    keys.press("Seen: Possible reaction")
    wait_for("it is acknowledged", 5, lambda: [a for a in chair.alarms() if a["action"] == "ack"])
    keys.rest(1)
    assert keys.focus.get_role_name() != "push button", f"the focus has jumped to another key, \"{keys.name()}\""
    print("after Seen the focus is on:", keys.name())


def enter(chair, keys):
    keys.key("F2", rest=1)
    list(walk(application()))
    keys.press("Nausea")
    wait_for("nausea", 5, lambda: entered(chair, "symptom", "nausea"))
    keys.key("Escape", rest=0.5)
    print("after a page has closed:", keys.name())
    keys.key("F1", rest=1)
    list(walk(application()))
    wait_for("reaction", 5, lambda: entered(chair, "reaction"))
    keys.press("Stop the infusion")
    wait_for("a tap of the list", 5, lambda: entered(chair, "action") or entered(chair, "done"))
    keys.key("Escape", rest=0.5)
    print("after the reaction:", keys.name())


def close(chair, keys):
    keys.key("F5", rest=1)
    list(walk(application()))
    keys.press("Infusion is over, observe")
    wait_for("observation", 5, lambda: entered(chair, "phase", "observe"))
    keys.press("Close session")
    print("close:", keys.name())
    keys.press("Emergency, handed over")
    wait_for("closed", 5, lambda: entered(chair, "phase", "closed"))
    print("after the close:", keys.name())


def main():
    with Chair(scenario=SCENARIO, session={}) as chair:
        keys = Keyboard()
        chair.start_monitor()
        chair.wait_links_up()
        screen = chair.start(BUILD / "ui" / "chairside", f"--socket={chair.socket}", "--diagonal=10.1", env=environment(str(chair.folder)))
        wait_for("the screen", 20, lambda: find_all("image", "HR"))
        keys.rest(2)
        set_up(chair, keys)
        begin(chair, keys)
        alarm(chair, keys)
        enter(chair, keys)
        steps = wait_for("the rate has changed", 120, lambda: {e["rate_ml_h"] for e in chair.events() if e["type"] == "pump" and e["state"] == "infusing"} >= {100, 200})
        assert keys.name(), steps
        close(chair, keys)
        screen.terminate()
    print("PASS")


main()
