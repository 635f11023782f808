#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does `chairside-tool evaluate` over a folder scale with the cores?

The same folder of made-up sessions (scenarios, and the same again as recordings) is judged with one job, with two jobs, and by two
processes that have half of it each: what this machine gives two workers that share nothing, at that moment. In turn, RUNS
times, at nice -10 where that is allowed; the best of each counts, since others work on a shared machine. Told are the clock,
the processor time, how many cores a run had at once (processor time over clock), and the ratios.

usage: bench-evaluate.py [SESSIONS] [RUNS]
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from chair import TOOL, tool  # noqa: E402

GENERATOR = pathlib.Path(__file__).resolve().parents[1] / "generator" / "generate.py"
GOAL = 0.85  # of what two processes reach


def make(folder, n):
    subprocess.run([sys.executable, GENERATOR, "--part=dev", f"--sessions={n}", f"--out={folder}"], check=True, stdout=subprocess.DEVNULL)
    scenarios = sorted(folder.glob("*.csv"))
    for scenario in scenarios:
        tool("import", scenario, f"--out={scenario.with_suffix('.chairside')}", check=False)
    return [[s, s.with_suffix(".chairside")] for s in scenarios]


def measured(*commands):
    """Clock and processor time of the commands, at once."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    running = [subprocess.Popen([TOOL, "evaluate", *map(str, c), "--json"], stdout=subprocess.PIPE) for c in commands]
    out = [r.communicate()[0] for r in running]
    assert all(r.returncode in (0, 1) for r in running), commands
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out


def main():
    n, runs = (int(x) for x in (sys.argv[1:] + ["60", "5"][len(sys.argv) - 1:])[:2])
    try:
        os.nice(-10)
    except PermissionError:
        pass
    with tempfile.TemporaryDirectory(prefix="chs-bench-") as name:
        folder = pathlib.Path(name)
        sessions = make(folder, n)
        halves = [[p for pair in sessions[i::2] for p in pair] + ["--jobs=1"] for i in (0, 1)]
        ways = {"one job": [[folder, "--jobs=1"]], "two jobs": [[folder, "--jobs=2"]], "two processes": halves}
        best, texts = {}, set()
        for _ in range(runs):
            for way, commands in ways.items():
                took, cpu, out = measured(*commands)
                best[way] = min(best.get(way, (1e9, 0)), (took, cpu))
                if len(out) == 1:
                    texts.add(out[0])
    assert len(texts) == 1, "the lines depend on the number of jobs"
    print(f"evaluate over {2 * n} sessions, best of {runs}; nice {os.nice(0)}, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores:")
    for way, (took, cpu) in best.items():
        print(f"  {way:<14} {took:6.2f} s on the clock, {cpu:6.2f} s of processor time: {cpu / took:.2f} cores at once; "
              f"{best['one job'][0] / took:.2f} times as fast as one job")
    share = best["two processes"][0] / best["two jobs"][0]
    print(f"  two jobs reach {share:.2f} of two processes, and cost {best['two jobs'][1] / best['one job'][1]:.2f} times the processor time "
          f"of one job; goal {GOAL}: {'reached' if share >= GOAL else 'MISSED'}")


main()
