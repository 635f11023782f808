#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another patient: the monitor goes on repeating the cuff reading of the one before, and nobody is shown it as a value of the new one."""
import time

from chair import Chair, tool, wait_for

SCENARIO = """[scenario]
title = two patients, one cuff reading
[initial]
hr = 74
sys = 124
dia = 78
cuff_interval_s = 0
cuff_duration_s = 5
pump1.state = ready
[at 3]
cuff = start
"""


def cuffs(chair):
    return [e for e in chair.events() if e["type"] == "numeric" and e["param"].startswith("NIBP") and e.get("value") is not None]


with Chair(scenario=SCENARIO) as chair:
    chair.start_monitor()
    chair.wait_links_up()
    chair.nurse("phase", "baseline")
    wait_for("a reading of the first patient", 20, lambda: [e for e in cuffs(chair) if e["quality"] == "ok"])

    tool("session", f"--socket={chair.socket}", "new")
    chair.wait_links_up()
    time.sleep(5)
    shown = [e for e in cuffs(chair) if e["quality"] not in ("invalid", "absent")]
    assert not shown, f"the reading of the patient before is a value of the new one: {shown}"
    assert [e for e in chair.events() if e["type"] == "numeric" and e["param"] == "HR"], "the instruments are not heard"
    print("the new patient begins without the pressure of the one before")
