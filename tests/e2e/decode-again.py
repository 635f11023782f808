#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The raw bytes of a session, decoded again by the same drivers, give what was recorded: also over a killed monitor and
instruments that were pulled and came again."""
import os
import pathlib
import shutil
import tempfile
import time

from chair import Chair, json_lines, tool

# An instrument of a key file that is gone when its bytes are decoded again: the recording has its text.
SHARE = pathlib.Path(os.environ["CHS_TEST_SHARE"])
key_folder = tempfile.TemporaryDirectory(prefix="chs-key-")
key_file = pathlib.Path(key_folder.name) / "drops.pumpdef"
shutil.copy(SHARE / "instruments" / "drip-counter.pumpdef", key_file)

LINKS = {"monitor": "intellivue", "bedside": "terumo", "oximeter": "nonin-2", "ivy": "ivy-450c", "rack": "bbraun-bcc", "syringe": "alaris-asena",
         "drip": f"described:{key_file}"}

with Chair(links=LINKS) as chair:
    with chair.config.open("a") as config:
        config.write("option.drop_factor=20\n")
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
    key_folder.cleanup()
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
