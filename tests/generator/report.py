#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the parts of the labelled sessions, has the engine judged on them, and writes the figures into app/README.md.

    python3 tests/generator/report.py _build/app/chairside-tool [DEV UNTOUCHED THIRD-DEV THIRD-KEPT]

The folders, in this order: parts that generate.py and adversary.py have made already, as large as PARTS says.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN, END = "<!-- report: begin -->\n", "<!-- report: end -->\n"
# heading, generator, its part, sessions
PARTS = (("dev", "generate.py", "dev", 420), ("untouched", "generate.py", "untouched", 420), ("third, dev", "adversary.py", "dev", 200),
         ("third, kept", "adversary.py", "kept", 100))


def judge(tool, generator, part, sessions, made):
    with tempfile.TemporaryDirectory() as folder:
        if not made:
            subprocess.run([sys.executable, ROOT / "tests/generator" / generator, f"--part={part}", f"--sessions={sessions}", f"--out={folder}"], check=True)
        folder = made or folder
        out = subprocess.run([tool, "evaluate", "--json", "--jobs=2", folder], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def table(rows, kind, name):
    lines = [f"| {name} | events | in time | median delay s | p90 s |" + (" hours | false HIGH/h | false HIGH+MEDIUM/h |" if kind == "chair" else ""),
             "|---|---|---|---|---|" + ("---|---|---|" if kind == "chair" else "")]
    for row in rows:
        if row["type"] != kind:
            continue
        share = "" if row["sensitivity"] is None else f" ({100 * row['sensitivity']:.1f} %)"
        number = lambda x: "" if x is None else f"{x:.0f}"
        line = f"| {row[kind]} | {row['events']} | {row['in_time']}{share} | {number(row['delay_median_s'])} | {number(row['delay_p90_s'])} |"
        if kind == "chair":
            line += f" {row['hours']:.0f} | {row['false_high_per_h']:.3f} | {row['false_high_medium_per_h']:.3f} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def describe(part, rows):
    total = next(row for row in rows if row["type"] == "summary")
    text = (f"#### {part}\n\n{total['sessions']} sessions, {total['hours']:.0f} h, {total['events']} events: {100 * total['sensitivity']:.1f} % in time with a right "
            f"label; false HIGH {total['false_high_per_h']:.4f}/h, false HIGH+MEDIUM {total['false_high_medium_per_h']:.4f}/h; wrong label in "
            f"{total['wrong_high']} of {total['high_alarms']} HIGH alarms ({100 * total['wrong_high_share']:.1f} %).\n\n")
    return text + table(rows, "hazard", "hazard") + "\n" + table(rows, "chair", "chair") + "\n"


def main():
    readme = ROOT / "app/README.md"
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    made = sys.argv[2:] or [None] * len(PARTS)
    report = "".join(describe(heading, judge(sys.argv[1], *part, folder)) for (heading, *part), folder in zip(PARTS, made))
    readme.write_text(before + BEGIN + "\n" + report + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
