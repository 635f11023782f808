#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A live run and its replay give the same alarm log, byte for byte: at full speed and at 1x.

usage: replay.py [SECONDS]
"""
import sys
import time

from chair import TOOL, Chair, alarm_lines, json_lines, tool

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 6

with Chair() as chair:
    begun = time.monotonic()
    chair.start_monitor()
    log = chair.folder / "live.json"
    watcher = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=log.open("wb"))
    chair.wait_links_up()
    chair.nurse("symptom", "chest_pain")
    time.sleep(max(0, seconds - 2 - (time.monotonic() - begun)))
    chair.nurse("ack")
    time.sleep(2)
    cost = chair.cost(begun)
    chair.stop_monitor()
    watcher.terminate()
    watcher.wait()
    (recording,) = chair.recordings()

    live = alarm_lines(log.read_text())
    fast = tool("replay", recording, "--json", "--speed=max").stdout
    assert len(live) >= 3, live
    assert alarm_lines(fast) == live, (live, fast)

    begun = time.monotonic()
    slow = tool("replay", recording, "--json", "--speed=1", timeout=seconds + 60).stdout
    took = time.monotonic() - begun
    assert alarm_lines(slow) == live, (live, slow)
    assert took > seconds - 3, f"1x took only {took:.1f} s"

    info = json_lines(tool("info", recording, "--json").stdout)[0]
    assert info["complete"], info
    tool("check", recording)
    print(cost)
    print(f"{len(live)} alarm events, the same live, at full speed and at 1x")
