#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of the monitor in the middle of a session: at most 1 s is lost, the gap is told, the session goes on within
3 s of the restart with its alarms as they were, and the whole recording still replays to its own alarm log."""
import sqlite3
import time

from chair import Chair, alarm_lines, json_lines, tool, wait_for

LOST_MS = 1000
RESUME_S = 3


def active(alarms):
    """Label: (priority, last action) of what is not over."""
    states = {a["label"]: (a["priority"], a["action"]) for a in alarms}
    return {label: state for label, state in states.items() if state[1] != "clear"}


with Chair() as chair:
    chair.start_monitor()
    chair.wait_links_up()
    chair.nurse("symptom", "chest_pain")
    chair.nurse("ack", "check_patient")
    wait_for("some seconds", 10, lambda: chair.events()[-1]["t_ms"] > 4000)

    # a burst of actions; each that was answered some milliseconds ago must survive
    marks = [json_lines(chair.nurse("mark", f"--text={n}").stdout)[0]["seq"] for n in range(20)]
    before = chair.events()
    time.sleep(0.1)
    chair.kill_monitor()
    last_ms = before[-1]["t_ms"] + 100
    (recording,) = chair.recordings()

    begun = time.monotonic()
    chair.start_monitor()
    after = wait_for("the session goes on", RESUME_S, lambda: [
        e for e in chair.events() if e["type"] == "clock" and e["code"] == "resume"])
    assert time.monotonic() - begun < RESUME_S
    assert chair.recordings() == [recording], "another recording was begun"

    events = chair.events()
    (resume,) = after
    place = events.index(resume)
    kept, behind = events[:place], events[place + 1 :]
    lost_ms = last_ms - kept[-1]["t_ms"]
    assert lost_ms <= LOST_MS, f"{lost_ms} ms lost"
    assert set(marks) <= {e["seq"] for e in kept if e["type"] == "nurse"}, "an answered action is lost"
    # the hole begins with the last thing written, which may be raw bytes
    assert 0 < resume["step_ms"] <= resume["t_ms"] - kept[-1]["t_ms"] + 1, (kept[-1], resume)
    seqs = [e["seq"] for e in events if "seq" in e]
    assert seqs == sorted(set(seqs)), "an event twice, or out of order"

    was = active([e for e in before if e["type"] == "alarm"])
    # what the crash itself brings (a link that comes back, no alarm sound told again) is of the time behind the gap
    again = active([e for e in kept if e["type"] == "alarm"])
    assert again == was, (was, again)
    raised = [e for e in behind if e["type"] == "alarm" and e["action"] == "raise"]
    assert "check_patient" not in [e["label"] for e in raised], "the acknowledged alarm came again"

    # killed and restarted twice more, then closed: one recording, whole, replaying to its own log
    for _ in range(2):
        chair.kill_monitor()
        chair.start_monitor()
    time.sleep(1.2)
    live = alarm_lines(chair.watch())
    chair.stop_monitor()
    assert chair.recordings() == [recording]
    replayed = alarm_lines(tool("replay", recording, "--json", "--speed=max").stdout)
    assert replayed[: len(live)] == live, (live, replayed)
    assert sqlite3.connect(recording).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    info = json_lines(tool("info", recording, "--json").stdout)[0]
    assert info["complete"] and info["gaps"] >= 3, info
    print(f"{lost_ms} ms lost, resumed with {len(was)} alarms as they were")
