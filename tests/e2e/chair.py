# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated chair for the end-to-end tests: both instruments on ptys, the monitor, a private folder.

Python's standard library only. Every test gets folders and sockets of its own and ends the processes that it started.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

BUILD = pathlib.Path(os.environ["CHS_TEST_BUILD"])
TOOL = BUILD / "app" / "chairside-tool"
MONITOR = BUILD / "app" / "chairsided"
SIM = BUILD / "app" / "chairside-sim"

CONFIG = """[chair]
name=Test chair
recordings=recordings
socket=monitor.sock
demonstration=yes

[session]
"""
PATIENT = {"patient.id": "TEST-1", "patient.weight_kg": 70}
LINK = """
[link.{name}]
driver={driver}
address=tty:{folder}/{name}
"""
CUES = {"symptom": ["symptom"], "phase": ["phase"], "nurse": ["done"], "action": []}  # as in app/demo.c
BOTH = {"monitor": "ivy-450c", "pump": "bbraun-bcc"}


def wait_for(what, seconds, condition):
    """Asks every 20 ms; returns the first true answer."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def tool(*args, check=True, timeout=60):
    done = subprocess.run([TOOL, *map(str, args)], capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError(f"chairside-tool {args}: status {done.returncode}: {done.stderr}")
    return done


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def alarm_lines(text):
    """The alarm events, as the bytes in which they were printed."""
    return [line for line in text.splitlines() if line.startswith("{") and json.loads(line).get("type") == "alarm"]


class Chair:
    def __init__(self, links=BOTH, instruments=True, speed=1, scenario=None, session=PATIENT):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="chs-e2e-"))
        self.socket = self.folder / "monitor.sock"
        self.config = self.folder / "chair.ini"
        self.links_wanted = links
        self.speed = speed
        self.scenario = self.folder / "scenario.ini"
        self.scenario.write_text(scenario or "")
        links_text = "".join(LINK.format(name=n, driver=d, folder=self.folder) for n, d in links.items())
        session_text = "".join(f"{key}={value}\n" for key, value in session.items())
        self.config.write_text(CONFIG + session_text + links_text)
        self.processes = []
        self.monitor = None
        self.cues_done = 0
        self.log = self.folder / "monitor.log"
        if instruments:
            self.start_instruments()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        if kind is not None and self.log.exists():
            sys.stderr.write(self.log.read_text(errors="replace"))
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *args, **kwargs):
        process = subprocess.Popen([str(a) for a in args], **kwargs)
        self.processes.append(process)
        return process

    def start_instruments(self):
        """Both see one patient by one clock."""
        args = [a for name, driver in self.links_wanted.items() for a in (f"--driver={driver}", f"--pty-link={self.folder}/{name}")]
        if self.scenario.stat().st_size > 0:
            args.append(f"--scenario={self.scenario}")
        self.cues = (self.folder / "cues.json").open("wb")
        self.sim = self.start(SIM, *args, "--seed=1", f"--speed={self.speed}", stdout=self.cues, stderr=subprocess.DEVNULL)
        wait_for("ptys", 5, lambda: all((self.folder / name).exists() for name in self.links_wanted))

    def do_cues(self):
        """Does what the scenario's nurse has done since the last call, as `chairside-tool demo` does it. Returns how much."""
        cues = [c["text"].split(":", 1) for c in json_lines((self.folder / "cues.json").read_text()) if c["type"] == "nurse"]
        done, self.cues_done = self.cues_done, len(cues)
        for kind, what in (c for c in cues[done:] if c[0] in CUES):
            self.nurse(*CUES[kind], what, check=False)
        return len(cues) - done

    def replug(self, speed):
        """All instruments out, and in again at another speed."""
        self.sim.terminate()
        self.sim.wait()
        self.speed = speed
        self.start_instruments()

    def start_monitor(self, *args, sound=None, seconds=5):
        """Starts chairsided and waits until it answers. @sound: a file that ALSA writes what is heard to."""
        if sound is not None:
            text = self.config.read_text()
            self.config.write_text(f"{text}\n[sound]\ndevice=file:FILE={sound},FORMAT=wav\naccept_unheard=yes\n")
        quiet = ["--no-sound"] if sound is None else []
        self.monitor = self.start(MONITOR, f"--config={self.config}", *quiet, *args, stderr=self.log.open("ab"))
        wait_for("the monitor answers", seconds, lambda: self.links(check=False).returncode == 0)
        return self.monitor

    def start_display(self):
        """A display of its own; returns its name."""
        server = self.start("Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp",
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return ":" + server.stdout.readline().decode().strip()

    def stop_monitor(self, seconds=1.5):
        begun = time.monotonic()
        self.monitor.terminate()
        status = self.monitor.wait(timeout=10)
        took = time.monotonic() - begun
        assert status == 0, f"chairsided ended with {status}"
        assert took < seconds, f"chairsided took {took:.2f} s to end"

    def kill_monitor(self):
        self.monitor.kill()
        self.monitor.wait()

    def cost(self, begun):
        """What the monitor has used since @begun, in words."""
        fields = pathlib.Path(f"/proc/{self.monitor.pid}/stat").read_text().rsplit(")", 1)[1].split()
        used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        status = pathlib.Path(f"/proc/{self.monitor.pid}/status").read_text()
        peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
        return f"chairsided: {100 * used / (time.monotonic() - begun):.2f} % of a core, {int(peak) / 1024:.1f} MiB at most"

    def links(self, check=True):
        return tool("links", f"--socket={self.socket}", check=check)

    def nurse(self, *args, check=True):
        return tool("nurse", f"--socket={self.socket}", *args, check=check)

    def setup(self, *args, check=True):
        return tool("setup", f"--socket={self.socket}", *args, check=check)

    def watch(self):
        """All events up to now, as printed."""
        return tool("watch", f"--socket={self.socket}", "--once", "--json").stdout

    def events(self):
        return json_lines(self.watch())

    def alarms(self):
        return [e for e in self.events() if e["type"] == "alarm"]

    def recordings(self):
        return sorted((self.folder / "recordings").glob("*.chairside"))

    def wait_links_up(self):
        wait_for("instruments up", 10,
                 lambda: all(link["state"] == "up" for link in json_lines(self.links().stdout)))

    def messages(self):
        return self.log.read_text(errors="replace")
