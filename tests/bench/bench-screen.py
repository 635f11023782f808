#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the live chair view costs at 1920x1080 with the cairo renderer: with four waves, and without any.

Beside them, in the same run, two windows of the same size whose frame clock runs: one draws nothing, one a dot of 2 px at each
frame, the least that can be seen moving. The ratios are to the dot, since a window that draws nothing presents nothing. CPU is the share of one core
over the time of the screen program alone: each display server is a process of its own. It is the scheduler's own account (schedstat, to
the nanosecond): utime and stime are counted in ticks, and frames that come as regularly as ticks are over- or undercounted. Also told:
the time from the start of the program to the first picture that has the chart, a tile and the keys, and how much memory grows.

usage: bench-screen.py IDLE-WINDOW [SECONDS]
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from chair import BUILD, Chair, wait_for  # noqa: E402

SIZE = (1920, 1080)
SETTLE_S = 12
GOAL_CORE, GOAL_RATIO, GOAL_CALM_RATIO, GOAL_FRAME_S = 0.10, 3.5, 1.5, 1.0
SCENARIO = """[scenario]
title = A calm infusion
[initial]
pump1.present = on
pump1.state = infusing
pump1.rate_ml_h = 100
arterial_line = on
"""
WITH_WAVES = {"monitor": "intellivue", "rack": "bbraun-bcc"}
WITHOUT = {"monitor": "accutorr-3", "rack": "bbraun-bcc"}
# What is on the screen once all is there: the white Reaction key, the pump's own orange in the chart.
KEY, PUMP = (0xF2, 0xF4, 0xF7), (0xFF, 0x9F, 0x45)


class Cost:
    def __init__(self, pid):
        self.pid, self.begun, self.used, self.memory = pid, time.monotonic(), self.cpu(pid), self.resident(pid)

    @staticmethod
    def cpu(pid):
        return sum(int(file.read_text().split()[0]) for file in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9

    @staticmethod
    def resident(pid):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def core(self):
        return (self.cpu(self.pid) - self.used) / (time.monotonic() - self.begun)

    def growth_kib(self):
        return self.resident(self.pid) - self.memory


class Display:
    """A display of its own for each program: one server's work is not another's."""

    def __init__(self):
        self.server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "%dx%dx24" % SIZE, "-nolisten", "tcp"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.name = ":" + self.server.stdout.readline().decode().strip()
        self.env = os.environ | {"DISPLAY": self.name, "GSK_RENDERER": "cairo", "GTK_A11Y": "none", "LC_ALL": "C.UTF-8"}

    def pixels(self):
        return subprocess.run(["xwd", "-root", "-silent"], env=self.env, capture_output=True, check=True).stdout

    def shows(self, *colours):
        picture = self.pixels()
        return all(picture.count(bytes((b, g, r))) > 400 for r, g, b in colours)


def run(args, env, seconds, ready=None):
    """Starts a program, waits until it is ready, lets it settle; returns what it then costs, and after how long it was ready."""
    begun = time.monotonic()
    program = subprocess.Popen(args, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if ready:
            wait_for("the first complete frame", 30, ready)
        took = time.monotonic() - begun
        time.sleep(SETTLE_S)
        cost = Cost(program.pid)
        time.sleep(seconds)
        return cost.core(), took, cost.growth_kib()
    finally:
        program.terminate()
        program.wait()


def chair_costs(links, seconds):
    display = Display()
    try:
        with Chair(links, scenario=SCENARIO) as chair:
            chair.start_monitor(sound=chair.folder / "heard.wav")
            chair.wait_links_up()
            chair.nurse("phase", "infusing")
            time.sleep(5)
            # A calm chair: what flashes until somebody has seen it would be measured too.
            for label in {e["label"] for e in chair.alarms()}:
                chair.nurse("ack", label, check=False)
            return run([BUILD / "ui" / "chairside", f"--socket={chair.socket}", "--kiosk", "--diagonal=15.6"], display.env, seconds,
                       lambda: display.shows(KEY, PUMP))
    finally:
        display.server.kill()


def idle_costs(program, seconds, *args):
    display = Display()
    try:
        return run([program, *args], display.env, seconds)[0]
    finally:
        display.server.kill()


def judge(name, value, goal, unit):
    print(f"  {name:<34} {value:8.3f} {unit:<8} goal {goal} {unit}: {'reached' if value <= goal else 'MISSED'}")


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    for tool in ("Xvfb", "xwd"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed")
            sys.exit(77)
    still, dot = idle_costs(sys.argv[1], seconds), idle_costs(sys.argv[1], seconds, "dot")
    waves, frame, growth = chair_costs(WITH_WAVES, seconds)
    calm, calm_frame, _ = chair_costs(WITHOUT, seconds)
    print(f"live chair view, {SIZE[0]}x{SIZE[1]}, cairo, {seconds:.0f} s each; of a core: "
          f"a still window {still:.4f}, one with a dot {dot:.4f}")
    judge("four waves", waves, GOAL_CORE, "core")
    judge("four waves, of the dot", waves / dot, GOAL_RATIO, "times")
    judge("no waves", calm, GOAL_CORE, "core")
    judge("no waves, of the dot", calm / dot, GOAL_CALM_RATIO, "times")
    judge("first complete frame, waves", frame, GOAL_FRAME_S, "s")
    judge("first complete frame, no waves", calm_frame, GOAL_FRAME_S, "s")
    print(f"  memory grew by {growth} KiB over {seconds:.0f} s")


main()
