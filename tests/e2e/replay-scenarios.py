#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test session at a chair: the alarm log of the live monitor and those of its replays at 1x, at 64x and as fast as it goes
are the same bytes.

The sessions are one table: the shipped demonstration, sessions that tests/generator makes up, and E1 to E8 of ../shared/cases
where they are. Each is run twice, by other instruments each time, with its nurse's entries: the minutes around its first alarm
as fast as life, and whole, compressed. All chairs are live at the same time, and each replays at all speeds at once: waiting
costs no processor.

What is imported has no live log: a labelled session replays to the same log as a scenario, and as its recording at each speed.

usage: replay-scenarios.py [SECONDS]   of each live run
"""
import configparser
import csv
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from chair import TOOL, Chair, alarm_lines, json_lines, tool

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 60
BEFORE_ALARM = 0.6  # of a cut session lies before its first alarm
SPEEDS = ("max", "64", "1")
# Pairs of (monitor, pump), in turn; an odd number, so that the two runs of a session have different ones.
CHAIRS = [("ivy-450c", "bbraun-bcc"), ("datex-s5", "alaris-asena"), ("ivy-450c", "orchestra"), ("datex-s5", "graseby-3400"),
          ("intellivue", "bbraun-fm")]
GENERATED = 8
TIMEOUT = 40 * SECONDS  # of one replay, on a machine with much else to do

generator = pathlib.Path(__file__).parents[1] / "generator" / "generate.py"
share = pathlib.Path(os.environ["CHS_TEST_SHARE"])
cases = pathlib.Path(os.environ.get("CHS_TEST_CASES", "/nowhere")) / "scenarios"


# ---- the table ----

def session_of(scenario):
    """What the nurse had entered: keys of app/session.h."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(scenario.with_suffix(".ini"))
    if scenario.suffix == ".ini":
        return {k: v for k, v in ini["session"].items()}
    keys = {"session.cuff_interval_s": ini["session"]["cuff_interval_s"], "patient.id": scenario.stem[:15]}
    for group in ("patient", "therapy", "sensors"):
        keys |= {f"{group}.{k}": v for k, v in ini[group].items() if k != "name"}
    return {k: v for k, v in keys.items() if v != ""}


def first_alarm_s(scenario):
    alarms = json_lines(tool("replay", scenario, "--json").stdout)
    raised = [a["t_ms"] // 1000 for a in alarms if a["action"] == "raise" and a["priority"] != "low"]
    return raised[0] if raised else None


def cut(scenario):
    """The rows around the first alarm, or of the first minutes of the infusion; keyframes from their beginning."""
    if scenario.suffix == ".ini":
        return scenario.read_text()
    rows = list(csv.reader(scenario.open()))
    at = first_alarm_s(scenario) or 600
    begin = max(0, int(at - BEFORE_ALARM * SECONDS))
    kept = rows[1 + begin : 1 + begin + int(SECONDS) + 5]
    return "\n".join(",".join(row) for row in [rows[0]] + [[str(i)] + row[1:] for i, row in enumerate(kept)]) + "\n"


def duration_s(scenario):
    if scenario.suffix == ".csv":
        return len(scenario.read_text().splitlines()) - 1
    ini = configparser.ConfigParser(interpolation=None)
    ini.read(scenario)
    return float(ini["scenario"]["duration_s"])


def table(folder):
    """Rows of (name, scenario's text, session, speed of the patient's time, instruments)."""
    subprocess.run([sys.executable, generator, "--part=dev", f"--sessions={GENERATED}", f"--out={folder}"], check=True,
                   stdout=subprocess.DEVNULL)
    chairs = itertools.cycle(CHAIRS)
    for scenario in [*sorted(share.glob("scenarios/*.ini")), *sorted(folder.glob("*.csv")), *sorted(cases.glob("E*.csv"))]:
        session = session_of(scenario)
        yield f"{scenario.stem} (as fast as life)", cut(scenario), session, 1, next(chairs)
        yield f"{scenario.stem} (whole)", scenario.read_text(), session, duration_s(scenario) / SECONDS, next(chairs)


# ---- live, and again ----

def all_speeds(name, source, want=None):
    """Replays of @source at each speed, at once; the log that all of them are."""
    with ThreadPoolExecutor(len(SPEEDS)) as pool:
        logs = pool.map(lambda s: alarm_lines(tool("replay", source, "--json", f"--speed={s}", timeout=TIMEOUT).stdout), SPEEDS)
    for speed, log in zip(SPEEDS, logs):
        want = log if want is None else want
        assert log == want, (name, speed, "wanted:", want, "replayed:", log)
    return want


def live(row):
    name, scenario, session, speed, (monitor, pump) = row
    with Chair(links={"monitor": monitor, "pump": pump}, scenario=scenario, session=session, speed=speed) as chair:
        chair.start_monitor(seconds=60)
        log = chair.folder / "live.json"
        watcher = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=log.open("wb"))
        end, entered = time.monotonic() + SECONDS, 0
        while time.monotonic() < end:
            entered += chair.do_cues()
            time.sleep(0.2)
        chair.stop_monitor(seconds=30)
        watcher.terminate()
        watcher.wait()
        (recording,) = chair.recordings()
        told = all_speeds(name, recording, want=alarm_lines(log.read_text()))
        assert told, f"{name}: no alarm, so nothing was compared"
        return name, len(told), entered


def imported(scenario, folder):
    recording = folder / f"{scenario.stem}.chairside"
    tool("import", scenario, f"--out={recording}")
    short = folder / f"{scenario.stem}-short.csv"
    short.write_text(cut(scenario))
    short.with_suffix(".ini").write_text(scenario.with_suffix(".ini").read_text())
    short_recording = short.with_suffix(".chairside")
    tool("import", short, f"--out={short_recording}")
    log = alarm_lines(tool("replay", scenario, "--json").stdout)
    for speed in ("max", "64"):
        again = alarm_lines(tool("replay", recording, "--json", f"--speed={speed}", timeout=TIMEOUT).stdout)
        assert again == log, (scenario.stem, speed, log, again)
    told = all_speeds(scenario.stem, short_recording, want=alarm_lines(tool("replay", short, "--json").stdout))
    return f"{scenario.stem} (imported)", len(log) + len(told), 0


with tempfile.TemporaryDirectory(prefix="chs-e2e-") as name, ThreadPoolExecutor(64) as pool:
    folder = pathlib.Path(name)
    runs = [pool.submit(live, row) for row in list(table(folder))]
    runs += [pool.submit(imported, s, folder) for s in sorted(cases.glob("E*.csv"))]
    done = [run.result() for run in runs]
for name, alarms, entered in done:
    print(f"{name}: {alarms} alarm events the same at {', '.join(SPEEDS)}; {entered} entries of the nurse")
assert sum(entered for _, _, entered in done) > 10, "the nurses of the scenarios did nothing"
