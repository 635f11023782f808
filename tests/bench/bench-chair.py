#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What chairsided costs at a busy chair: an IntelliVue with all waves, a rack of four B. Braun pumps, raw bytes journalled.

Beside it, in the same run, another chairsided whose two instruments are not plugged in: so the figure is also told as a
ratio. CPU is the share of one core over the time (utime + stime of /proc/PID/stat), memory what is resident, growth the
growth over the time, once what is bounded is full. Seconds: the first argument, 60.
"""
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from chair import Chair, json_lines  # noqa: E402

# What is kept in memory is bounded (the journal's tail, the recording's pages), and full after some minutes. So the
# instruments first run at FILL_SPEED for FILL_S; then they are plugged out and in, and measured at the speed of life.
FILL_SPEED, FILL_S = 10, 40
SETTLE_S = 10
GOAL_PERCENT, GOAL_MIB, GOAL_GROWTH_KIB = 1.5, 20, 64
FOUR_PUMPS = """[scenario]
title = Four pumps run
[initial]
""" + "".join(f"pump{i}.present = on\npump{i}.state = infusing\npump{i}.rate_ml_h = {100 * i}\n" for i in range(1, 5))


class Cost:
    """One process, looked at now and then."""

    def __init__(self, process):
        self.pid = process.pid
        self.begun, self.used = time.monotonic(), self.cpu()
        self.resident = []

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def look(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        self.resident.append(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")))

    def percent(self):
        return 100 * (self.cpu() - self.used) / (time.monotonic() - self.begun)

    def growth(self):
        return self.resident[-1] - self.resident[0]


def heard(chair):
    return {link["name"]: link["bytes_rx"] for link in json_lines(chair.links().stdout)}


def judge(name, value, goal, unit):
    print(f"  {name:<10} {value:8.2f} {unit:<14} goal {goal} {unit}: {'reached' if value <= goal else 'MISSED'}")


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    busy = Chair({"monitor": "intellivue", "rack": "bbraun-bcc"}, speed=FILL_SPEED, scenario=FOUR_PUMPS)
    idle = Chair({"monitor": "intellivue", "rack": "bbraun-bcc"}, instruments=False)
    with busy, idle:
        busy.start_monitor()
        idle.start_monitor()
        busy.wait_links_up()
        time.sleep(FILL_S)
        busy.replug(speed=1)
        busy.wait_links_up()
        time.sleep(SETTLE_S)
        before = heard(busy)
        costs = [Cost(busy.monitor), Cost(idle.monitor)]
        for _ in range(int(seconds)):
            time.sleep(1)
            for cost in costs:
                cost.look()
        loud, quiet = costs
        rates = ", ".join(f"{name} {(n - before[name]) / seconds:.0f} B/s" for name, n in heard(busy).items())
        percent, idle_percent = loud.percent(), quiet.percent()
        print(f"busy chair, {seconds:.0f} s: {rates}")
        judge("CPU", percent, GOAL_PERCENT, "% of a core")
        judge("resident", loud.resident[-1] / 1024, GOAL_MIB, "MiB")
        judge("growth", loud.growth(), GOAL_GROWTH_KIB, "KiB")
        print(f"  idle chair: {idle_percent:.2f} % of a core, {quiet.resident[-1] / 1024:.2f} MiB; "
              f"busy costs {percent / max(idle_percent, 0.01):.1f} times as much CPU")


main()
