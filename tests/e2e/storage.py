#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk is full (the kernel refuses to let files grow): a technical alarm within seconds, the monitor goes on, and when there
is room again the alarm is over and nothing is missing. A folder that cannot be written to: the same alarm, from the start."""
import os
import resource
import time

from chair import MONITOR, Chair, json_lines, tool, wait_for


def start(chair):
    """As Chair.start_monitor(), but a refused write is an error of the write and no signal that ends the process."""
    chair.monitor = chair.start(MONITOR, f"--config={chair.config}", "--no-sound", restore_signals=False, stderr=chair.log.open("ab"))
    wait_for("the monitor answers", 5, lambda: chair.links(check=False).returncode == 0)


def storage_alarm(chair):
    """The last transition of the alarm of the recording."""
    told = [a["action"] for a in chair.alarms() if a["label"] == "recording_failed"]
    return told[-1] if told else None


def heart_rates(chair):
    return sum(1 for e in chair.events() if e["type"] == "numeric" and e["param"] == "HR")


with Chair() as chair:
    start(chair)
    chair.wait_links_up()
    time.sleep(2)
    (recording,) = chair.recordings()
    most = max(os.path.getsize(p) for p in recording.parent.iterdir())
    _, hard = resource.prlimit(chair.monitor.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(chair.monitor.pid, resource.RLIMIT_FSIZE, (most, hard))
    wait_for("the alarm is there", 30, lambda: storage_alarm(chair) == "raise")
    before = heart_rates(chair)
    wait_for("values go on", 10, lambda: heart_rates(chair) > before)
    assert chair.monitor.poll() is None
    resource.prlimit(chair.monitor.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
    wait_for("the alarm is over", 30, lambda: storage_alarm(chair) == "clear")
    time.sleep(1.5)
    chair.stop_monitor()
    report = json_lines(tool("check", "--json", recording).stdout)[0]
    assert report["whole"], report
    info = json_lines(tool("info", "--json", recording).stdout)[0]
    assert info["complete"] and not info["damaged"], info
    ticks = [line for line in json_lines(tool("replay", "--json", recording).stdout)]
    assert any(a["label"] == "recording_failed" for a in ticks), ticks
    print("a full disk: alarm, values go on, nothing missing:", int(info["events"]), "events")

with Chair() as chair:
    chair.config.write_text(chair.config.read_text().replace("recordings=recordings", "recordings=/proc/nowhere"))
    start(chair)
    chair.wait_links_up()
    wait_for("the alarm is there", 30, lambda: storage_alarm(chair) == "raise")
    wait_for("values are shown", 10, lambda: heart_rates(chair) > 0)
    chair.stop_monitor()
    print("a folder that cannot be written to: alarm, values go on")
