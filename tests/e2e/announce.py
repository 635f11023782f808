#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader is told: each alarm's whole sentence once, with its priority in words, a HIGH one at once; nothing
for the flashing, for numbers that change, nor for an alarm that was seen. A listener on the accessibility bus hears what
the real screen sends; where Orca is installed, it is asked what it said.

usage: announce.py           the test
       announce.py listen    the listener: a line of JSON for each change of a name

Wants a display, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import json
import pathlib
import shutil
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from touch import Atspi, GLib, environment, find_all, press  # noqa: E402

STEADY = """[scenario]
title = Steady
duration_s = 3600

[initial]
hr = 74
spo2 = 98
rr = 14
temp_c = 36.6
sys = 122
dia = 76
cuff_duration_s = 3
cuff_interval_s = 0
pump1.state = infusing
pump1.rate_ml_h = 100
pump1.vtbi_ml = 500
"""
QUIET_S = 5  # several periods of each flashing (data/share/alarms), and as many new numbers


def listen():
    def heard(event):
        try:
            role = event.source.get_role_name()
        except GLib.Error:
            role = "?"  # a program that is just being registered
        print(json.dumps({"wall_ms": time.time() * 1000, "role": role, "text": event.any_data}), flush=True)

    listener = Atspi.EventListener.new(heard)
    listener.register("object:property-change:accessible-name")
    Atspi.event_main()


if sys.argv[1:] == ["listen"]:
    listen()
    sys.exit()

from chair import BUILD, Chair, json_lines, wait_for  # noqa: E402


class Bus:
    """What was heard of the window's name, since the listener began."""

    def __init__(self, chair, env):
        self.log = chair.folder / "heard.json"
        chair.start(sys.executable, __file__, "listen", env=env, stdout=self.log.open("wb"))

    def all(self):
        return json_lines(self.log.read_text())

    def sentences(self):
        return [line for line in self.all() if line["role"] == "frame"]

    def n_other(self):
        return sum(line["role"] == "image" for line in self.all())


def journal(chair, label, action):
    found = [a for a in chair.alarms() if a["label"] == label and a["action"] == action]
    return found[-1] if found else None


def wall_ms(chair, event):
    """Session time on the wall clock, by an event that has both."""
    both = next(e for e in chair.events() if "wall_ms" in e)
    return both["wall_ms"] - both["t_ms"] + event["t_ms"]


def check_told(chair, bus, label, action, seconds):
    """The newest transition of this alarm was told once, as a whole sentence that begins with its priority."""
    alarm = wait_for(f"{label} {action}", 60, lambda: journal(chair, label, action))
    begins = f"{alarm['priority']} priority: {alarm['text'].split('. ')[0].rstrip('.')}"

    def said():
        return [s for s in bus.sentences() if s["text"].startswith(begins)]

    wait_for(f"\"{begins}\" is told", seconds, said)
    time.sleep(0.5)
    (once,) = said()
    advice = alarm["text"].split(". ")[-1]
    assert "Not available" in alarm["text"] or advice.rstrip(".") in once["text"], f"no advice in \"{once['text']}\""
    print(f"{(once['wall_ms'] - wall_ms(chair, alarm)) / 1000:6.2f} s after its event: {once['text']}")
    return once


def check_quiet(chair, bus, why):
    """Numbers change and rows flash: tiles tell of the first, nobody of the second."""
    before, others = len(bus.sentences()), bus.n_other()
    chair_before = len(chair.alarms())
    time.sleep(QUIET_S)
    assert len(chair.alarms()) == chair_before, "another alarm came: this says nothing"
    assert len(bus.sentences()) == before, f"{why}: \"{bus.sentences()[-1]['text']}\" was told"
    assert bus.n_other() > others, "no tile told of its numbers: the listener is deaf"


def start_orca(chair, env):
    """Returns its log, or None where there is no Orca."""
    if not shutil.which("orca"):
        print("no Orca here: what the bus was sent is all that is checked")
        return None
    log = chair.folder / "orca.log"
    chair.orca = chair.start("orca", f"--debug-file={log}", "--replace", env=env, stdout=(chair.folder / "orca.out").open("wb"), stderr=-2)
    wait_for("Orca", 20, lambda: log.exists())
    time.sleep(3)
    return log


def check_orca(chair, log, told):
    """All that was heard was also spoken. Orca writes its log when it ends."""
    chair.orca.send_signal(signal.SIGTERM)
    chair.orca.wait(timeout=20)
    spoken = [line.split("SPEECH OUTPUT: ", 1)[1] for line in log.read_text(errors="replace").splitlines() if "SPEECH OUTPUT" in line]
    for sentence in told:
        times = sum(sentence["text"] in line.replace("\\'", "'") for line in spoken)
        assert times == 1, f"Orca said \"{sentence['text']}\" {times} times, of {spoken}"
    print(f"Orca said each of {len(told)} sentences once")


def scene(chair, env):
    bus = Bus(chair, env)
    screen = chair.start(BUILD / "ui" / "chairside", f"--socket={chair.socket}", "--diagonal=10.1", env=env)
    wait_for("the window", 20, lambda: find_all("frame", "Chairside"))
    orca = start_orca(chair, env)  # which asks for the window that has the focus when it begins
    chair.start_monitor()
    chair.wait_links_up()
    chair.setup("therapy.id=hydration")
    told = [check_told(chair, bus, "no_alarm_sound", "raise", 20)]
    chair.nurse("phase", "infusing")
    told += [check_told(chair, bus, label, "raise", 40) for label in ("precheck", "no_baseline")]
    wait_for("the tree is read: from now on tiles tell of changes", 5, lambda: find_all("image", "HR"))
    time.sleep(12)  # the longest sentence

    chair.nurse("symptom", "itching")
    told.append(check_told(chair, bus, "infusion_reaction", "raise", 5))
    check_quiet(chair, bus, "while a MEDIUM flashes")

    chair.nurse("symptom", "wheeze")
    told.append(check_told(chair, bus, "infusion_reaction", "escalate", 5))
    check_quiet(chair, bus, "while a HIGH flashes")
    press("Seen: Possible severe reaction")
    wait_for("it is acknowledged", 5, lambda: journal(chair, "infusion_reaction", "ack"))
    check_quiet(chair, bus, "after it was seen")

    chair.sim.terminate()
    for label in ("link_pump", "link_monitor"):
        told.append(check_told(chair, bus, label, "raise", 40))
    rows = find_all("alert", "")
    print(f"rows of role alert: {len(rows)}, told so far: {len(told)}")
    assert any(told[-1]["text"].startswith(row.get_name().split(":")[0]) for row in rows)

    def stops():
        return [s["text"] for s in bus.sentences() if s["text"].startswith("MONITOR STOPPED")]

    before = len(stops())
    assert sum(s["text"].startswith("The monitor is back") for s in bus.sentences()) == before, "a stop that did not end, or twice"
    chair.kill_monitor()
    wait_for("MONITOR STOPPED is told", 10, lambda: len(stops()) > before)
    time.sleep(2)
    assert len(stops()) == before + 1, stops()
    print("told:", stops()[-1])
    if orca:
        check_orca(chair, orca, told)
    screen.terminate()
    screen.wait(timeout=15)


def main():
    with Chair(scenario=STEADY) as chair:
        scene(chair, environment(str(chair.folder)))
    print("PASS")


main()
