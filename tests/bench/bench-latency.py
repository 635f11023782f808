#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the last byte of the frame that decides to the alarm event, and to the first sample of sound handed to the device:
the real monitor, ten pumps of a described kind on ptys, and what it hands to ALSA seen by a preloaded library (heard.c).

Each pump tells an occlusion in its turn. The first raises the alarm; it is acknowledged, and the next pump breaks through
that: so every frame decides, at once. What is timed begins before the write of the frame, and ends when the monitor's own
log line, or the word of a first sample that is not zero, has been read here: an upper bound. Beside it, as a yardstick, the way of
one byte through a pty to another process and back, taken between the frames. Prints one JSON object; fails when p99 is above 5 ms or 50 ms (issue 4) and
the machine itself was not: a machine that needs more than half of that for a pty's echo is told, and judges nothing.

  bench-latency.py HEARD_LIBRARY [ROUNDS]
"""
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ["CHS_TEST_BUILD"])
MONITOR, TOOL = BUILD / "app" / "chairsided", BUILD / "app" / "chairside-tool"
HEARD = sys.argv[1]
N_PUMPS = 10
EVENT_MS, SOUND_MS = 5.0, 50.0
PUMP = r"""[device]
name = Bench pump
kind = laboratory
clinical = false
source = tests/bench/bench-latency.py
[serial]
baud = 115200
[frame]
end = \n
max = 40
[poll]
mode = listen
lost_ms = 60000
[field.rate]
regex = ^rate ([0-9.]+)
unit = ml/h
[alarm.occlusion]
regex = occluded$
"""


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Echo:
    """Another process that sends back what it reads at the other end of a pty."""

    def __init__(self):
        self.near, far = os.openpty()
        subprocess.run(["stty", "raw", "-echo"], stdin=far, check=True)
        self.process = subprocess.Popen([sys.executable, "-c", f"import os\nwhile 1: os.write({far}, os.read({far}, 1))"], pass_fds=[far])
        self.trips = []
        self.trip()
        self.trips.clear()

    def trip(self):
        begun = time.monotonic()
        os.write(self.near, b"x")
        os.read(self.near, 1)
        self.trips.append((time.monotonic() - begun) * 1e3)

    def end(self):
        self.process.kill()
        self.process.wait()


class Chair:
    def __init__(self, folder):
        self.folder = folder
        self.pumps = [os.openpty() for _ in range(N_PUMPS)]
        self.heard, told = os.pipe()
        os.set_blocking(self.heard, False)
        (folder / "pump.pumpdef").write_text(PUMP)
        links = "".join(f"[link.pump{i}]\ndriver=described:pump.pumpdef\naddress=tty:{os.ttyname(far)}\n"
                        for i, (_, far) in enumerate(self.pumps))
        config = folder / "chair.ini"
        config.write_text(f"[chair]\nname=Bench\nrecordings=rec\nsocket=sock\n[sound]\naccept_unheard=yes\n"
                          f"device=null\n{links}")
        environment = os.environ | {"LD_PRELOAD": HEARD, "CHS_BENCH_HEARD": str(told)}
        self.process = subprocess.Popen([str(MONITOR), f"--config={config}", "--new-session"], stderr=subprocess.PIPE,
                                        pass_fds=[told], env=environment)
        os.close(told)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.log = b""

    def end(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.heard)
        for near, far in self.pumps:
            os.close(near)
            os.close(far)

    def tell(self, pump, text):
        os.write(self.pumps[pump][0], text)

    def calm(self, seconds, occluded=0):
        """Every pump prints its line, so that none is silent; sound and log are read and thrown away."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for pump in range(N_PUMPS):
                self.tell(pump, b"rate 100 occluded\n" if pump < occluded else b"rate 100\n")
            time.sleep(0.1)
            self.read_sound()
            self.read_log()

    def read_sound(self):
        """Whether something else than silence was handed over since the last look."""
        try:
            return os.read(self.heard, 1 << 16) != b""
        except BlockingIOError:
            return False

    def read_log(self):
        try:
            self.log += os.read(self.process.stderr.fileno(), 1 << 16)
        except BlockingIOError:
            pass
        lines, _, self.log = self.log.rpartition(b"\n")
        return lines

    def decide(self, pump):
        """The frame that decides; returns ms to the alarm event and to the first sample."""
        self.read_sound()
        self.read_log()
        event_ms = sound_ms = None
        begun = time.monotonic()
        self.tell(pump, b"rate 100 occluded\n")
        while (event_ms is None or sound_ms is None) and time.monotonic() - begun < 2:
            select.select([self.heard, self.process.stderr], [], [], 1)
            now_ms = (time.monotonic() - begun) * 1e3
            if self.read_sound() and sound_ms is None:
                sound_ms = now_ms
            if event_ms is None and b"occlusion" in self.read_log():
                event_ms = now_ms
        if event_ms is None or sound_ms is None:
            raise SystemExit(f"pump {pump}: no alarm or no sound within 2 s: {event_ms}, {sound_ms}")
        return event_ms, sound_ms

    def acknowledge(self):
        subprocess.run([str(TOOL), "nurse", f"--socket={self.folder / 'sock'}", "ack"], check=True, stdout=subprocess.DEVNULL)


def one_round(folder, echo, events, sounds):
    chair = Chair(folder)
    try:
        chair.calm(2)
        for pump in range(N_PUMPS):
            chair.acknowledge()  # whatever else there is: no baseline, no therapy
            chair.calm(0.3, pump)
            for _ in range(3):
                time.sleep(0.01)
                echo.trip()
            event_ms, sound_ms = chair.decide(pump)
            events.append(event_ms)
            sounds.append(sound_ms)
    finally:
        chair.end()


rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
events, sounds, echo = [], [], Echo()
with tempfile.TemporaryDirectory(prefix="chs-latency-") as name:
    for _ in range(rounds):
        one_round(pathlib.Path(name), echo, events, sounds)
echo.end()
trips = echo.trips
report = {"bench": "latency", "n": len(events)}
for what, values in (("event", events), ("sound", sounds), ("pty_echo", trips)):
    report |= {f"{what}_p50_ms": round(percentile(values, 0.5), 2), f"{what}_p99_ms": round(percentile(values, 0.99), 2)}
report["event_p50_to_echo_p50"] = round(percentile(events, 0.5) / percentile(trips, 0.5), 1)
report["event_p99_to_echo_p99"] = round(percentile(events, 0.99) / percentile(trips, 0.99), 1)
reached = report["event_p99_ms"] <= EVENT_MS and report["sound_p99_ms"] <= SOUND_MS
report["reached"] = reached
print(json.dumps(report))
if not reached and report["pty_echo_p99_ms"] > EVENT_MS / 2:
    print("the machine is too busy to judge")
    sys.exit(0)
sys.exit(0 if reached else 1)
