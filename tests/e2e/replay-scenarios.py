#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every shipped scenario at a chair: the alarms of the live monitor and those of the replay are the same bytes, at 1x, at 64x and
as fast as it goes. The same for the labelled scenarios of ../shared/cases, whose journal is imported: replayed as a recording and
as a scenario.

usage: replay-scenarios.py [SECONDS]   of each live run, in which the patient's time goes SPEED times as fast
"""
import os
import pathlib
import sys
import tempfile
import time

from chair import TOOL, Chair, alarm_lines, tool

SPEED = 60
seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 8
share = pathlib.Path(os.environ["CHS_TEST_SHARE"])
cases = pathlib.Path(os.environ.get("CHS_TEST_CASES", "/nowhere")) / "scenarios"


def live(scenario):
    with Chair(scenario=scenario.read_text(), speed=SPEED) as chair:
        chair.start_monitor()
        log = chair.folder / "live.json"
        watcher = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=log.open("wb"))
        chair.wait_links_up()
        time.sleep(seconds)
        chair.stop_monitor()
        watcher.terminate()
        watcher.wait()
        (recording,) = chair.recordings()
        told = alarm_lines(log.read_text())
        for speed in ("max", "64", "1"):
            again = alarm_lines(tool("replay", recording, "--json", f"--speed={speed}", timeout=seconds + 60).stdout)
            assert again == told, (scenario.name, speed, told, again)
        return len(told)


def imported(scenario, folder):
    recording = folder / f"{scenario.stem}.chairside"
    tool("import", scenario, f"--out={recording}")
    logs = []
    for number, (source, speed) in enumerate([(scenario, "max"), (recording, "max"), (recording, "20000")]):
        log = folder / f"{number}.csv"
        tool("replay", source, f"--speed={speed}", f"--alarm-log={log}", timeout=120)
        logs.append(log.read_bytes())
    assert logs[0] == logs[1] == logs[2], scenario.name
    return logs[0].count(b"\n") - 1


counts = {s.stem: live(s) for s in sorted(share.glob("scenarios/*.ini"))}
with tempfile.TemporaryDirectory(prefix="chs-e2e-") as name:
    counts |= {s.stem: imported(s, pathlib.Path(name)) for s in sorted(cases.glob("E*.csv"))}
assert sum(counts.values()) > 10, counts
print("alarm events, the same live and replayed:", counts)
