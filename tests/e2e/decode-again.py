#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The raw bytes of a session, decoded again by the same drivers, give what was recorded: also over a killed monitor and
instruments that were pulled and came again."""
import time

from chair import Chair, json_lines, tool

LINKS = {"monitor": "intellivue", "bedside": "terumo", "oximeter": "nonin-2", "ivy": "ivy-450c", "rack": "bbraun-bcc", "syringe": "alaris-asena"}

with Chair(links=LINKS) as chair:
    chair.start_monitor()
    chair.wait_links_up()
    time.sleep(4)
    chair.replug(1)
    chair.wait_links_up()
    time.sleep(2)
    chair.kill_monitor()
    chair.start_monitor()
    chair.wait_links_up()
    time.sleep(2)
    chair.stop_monitor()
    (recording,) = chair.recordings()
    done = tool("decode-again", recording, "--json", check=False)
    lines = json_lines(done.stdout)
    sources = [line for line in lines if line["type"] == "source"]
    assert {s["name"] for s in sources} == set(LINKS), sources
    for source in sources:
        assert source["version_then"] == source["version_now"] is not None, source
        assert source["same"] >= 5, source
    differences = [line for line in lines if line["type"] == "difference"]
    assert not differences and done.returncode == 0, (differences[:5], sources)
    print("the same:", {s["name"]: int(s["same"]) for s in sources})
