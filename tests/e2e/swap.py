#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two adapters are swapped: noticed by what answers, of the same model by its number, of different ones by its voice."""
from chair import SIM, Chair, json_lines, wait_for

import subprocess

# An infusion must have begun: before, pumps may be exchanged freely.
RUNS = "[scenario]\ntitle = runs\nduration_s = 3600\n[initial]\npump1.state = infusing\npump1.rate_ml_h = 100\n"
IDS = {"left": "000100700000001201000001", "right": "000100700000001201000002"}


def reasons(chair):
    return {link["name"]: link["reason"] or "" for link in json_lines(chair.links().stdout)}


def pumps(chair, ids):
    """Two pumps of one model; each end of a cable has its pump's number."""
    args = [a for name, number in ids.items() for a in ("--driver=terumo", f"--pty-link={chair.folder}/{name}", "--set", f"id={number}")]
    chair.sim = chair.start(SIM, *args, f"--scenario={chair.scenario}", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("ptys", 5, lambda: all((chair.folder / name).exists() for name in ids))


with Chair(links={"left": "terumo", "right": "terumo"}, instruments=False, scenario=RUNS) as chair:
    pumps(chair, IDS)
    chair.start_monitor()
    chair.wait_links_up()
    wait_for("an infusion", 5, lambda: [e for e in chair.events() if e["type"] == "pump" and e["state"] == "infusing"])
    told = [e for e in chair.events() if e["type"] == "device" and e.get("code") == "identity"]
    assert {e["source"] for e in told} == {1, 2}, told
    before = [a for a in chair.alarms() if a["label"] == "device_changed"]
    assert not before, before
    chair.sim.terminate()
    chair.sim.wait()
    pumps(chair, dict(zip(IDS, reversed(IDS.values()))))
    chair.wait_links_up()
    raised = wait_for("an alarm for the swapped pumps", 15, lambda: [a for a in chair.alarms() if a["label"] == "device_changed"])
    print("same model:", raised[0]["text"])

with Chair(links={"monitor": "ivy-450c", "pump": "bbraun-bcc"}, instruments=False) as chair:
    def instruments(ivy, rack):
        args = ("--driver=ivy-450c", f"--pty-link={chair.folder}/{ivy}", "--driver=bbraun-bcc", f"--pty-link={chair.folder}/{rack}", "--set", "mode=cyclic")
        chair.sim = chair.start(SIM, *args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("ptys", 5, lambda: (chair.folder / ivy).exists() and (chair.folder / rack).exists())

    instruments("monitor", "pump")
    chair.start_monitor()
    chair.wait_links_up()
    chair.sim.terminate()
    chair.sim.wait()
    n = len([e for e in chair.events() if e["type"] in ("numeric", "pump")])
    instruments("pump", "monitor")
    heard = wait_for("both strangers named", 40,
                     lambda: "this sounds like ivy-450c" in reasons(chair)["pump"] and "this sounds like bbraun-bcc" in reasons(chair)["monitor"] and reasons(chair))
    values = [e for e in chair.events() if e["type"] in ("numeric", "pump")][n:]
    assert not values, f"values of a stranger: {values[:3]}"
    print("different models:", heard)
