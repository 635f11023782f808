#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn is also read, live: the names of tiles, pump tiles, chart and keys on the accessibility bus follow the data
through a change, an alarm, a pause of the sound and the loss of the instruments.

Wants a display, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from touch import environment, find_all, press, told  # noqa: E402
from chair import BUILD, Chair, wait_for  # noqa: E402

SCENARIO = """[scenario]
title = Pulse rises
duration_s = 3600

[initial]
hr = 74
spo2 = 98
rr = 14
temp_c = 36.6
sys = 122
dia = 76
cuff_duration_s = 3
cuff_interval_s = 15
pump1.state = infusing
pump1.rate_ml_h = 100
pump1.vtbi_ml = 500

[at 30]
hr = 150 over 2
pump1.rate_ml_h = 250
"""


def names(role, begins):
    return [told(node, "get_name") for node in find_all(role, begins)]


def says(role, begins, *parts, seconds=20):
    """Waits for a name that has all of @parts, and prints it."""
    found = wait_for(f"{role} \"{begins}\" with {parts}, now {names(role, begins)}", seconds,
                     lambda: [n for n in names(role, begins) if all(p in n for p in parts)])
    print(f"{role}: {found[0]}")
    return found[0]


def main():
    with Chair(scenario=SCENARIO) as chair:
        chair.start_monitor()
        chair.wait_links_up()
        chair.setup("therapy.id=hydration")
        chair.nurse("phase", "infusing")
        chair.start(BUILD / "ui" / "chairside", f"--socket={chair.socket}", "--diagonal=10.1", env=environment(str(chair.folder)))
        says("image", "HR", "/min", "limits ", seconds=30)
        says("image", "SpO", "%", "lower limit ")
        says("image", "RR", "/min")
        says("image", "Temp", "°C", "limit")
        says("image", "NIBP", "mmHg", "mean", "ago · ")
        says("image", "", "pump", "100 mL/h")
        chart = says("image", "Chart", "last pressure")
        # it has the focus from the start, and is described anew once a minute
        text = wait_for("the chart in words", 90, lambda: [t for t in (told(c, "get_description") for c in find_all("image", "Chart"))
                                                           if "Pressures, newest first: " in t and "Rate of pump, newest first: " in t])[0]
        assert "Marks, newest first: " in text, (chart, text)
        print("chart:", text)

        # numbers and alarm state change together with the data
        says("image", "HR", "medium priority alarm", seconds=60)
        says("image", "", "pump", "250 mL/h")
        press("Silence")
        says("push button", "Sound on", "paused 1:")
        press("Sound on")
        says("push button", "Silence 2 min")

        # age, then nothing
        chair.sim.terminate()
        says("image", "HR", " ago", seconds=30)
        says("image", "HR", "no value", "no data", seconds=60)
        says("image", "", "pump", "no data", "– –", seconds=60)
        says("image", "NIBP", "mmHg", "ago · ")
    print("PASS")


main()
