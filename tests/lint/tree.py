#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The house: top level, licence lines, unfinished words, folder READMEs, README commands."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
TOP = {"app", "ui", "devices", "data", "tests", "po", "meson.build", "README.md", "LICENSE"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def tracked():
    try:
        out = subprocess.run(["git", "-C", str(ROOT), "ls-files"], check=True, capture_output=True, text=True).stdout
        return out.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file() and "_build" not in p.as_posix()]


def findings():
    files = tracked()
    for name in files:
        top = name.split("/")[0]
        if top not in TOP and not top.startswith("."):
            yield f"{name}: strange at the top level"
        path = ROOT / name
        if not path.is_file():
            continue
        if path.suffix in {".c", ".h", ".py", ".sh"} or name.endswith("meson.build"):
            text = path.read_text(encoding="utf-8")
            if "SPDX-License-Identifier" not in text[:400]:
                yield f"{name}:1: no SPDX licence line"
            if name != "tests/lint/tree.py":
                for match in UNFINISHED.finditer(text):
                    line = text[: match.start()].count("\n") + 1
                    yield f"{name}:{line}: unfinished: {match.group(0)}"
    for folder in ("app", "ui", "devices", "data", "tests", "po"):
        if not (ROOT / folder / "README.md").is_file():
            yield f"{folder}/README.md is missing"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("sh app/run", "sh tests/run"):
        if command not in readme:
            yield f"README.md does not show: {command}"


bad = list(findings())
print("\n".join(bad) if bad else "the tree is as the design says")
sys.exit(1 if bad else 0)
