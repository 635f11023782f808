#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages: well formed, and with every command and option that the programs themselves tell of.

Usage: man.py ROOT BUILD
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

PAGES = pathlib.Path(sys.argv[1]) / "data/share/man"
BUILD = pathlib.Path(sys.argv[2])
PROGRAMS = {"chairside.1": "ui/chairside", "chairside-tool.1": "app/chairside-tool", "chairside-sim.1": "app/chairside-sim",
            "chairsided.8": "app/chairsided"}
# GTK's own, and the order of GOption's help.
NOT_OURS = {"--help-all", "--help-gapplication", "--help-gtk"}


def plain(page):
    """Its words without markup: ".Fl Fl socket Ns = Ns Ar PATH" has "--socket"."""
    return re.sub(r"\bFl Fl (\S+)", r"--\1", page.read_text().replace("\\&", ""))


def help_of(program, *args):
    return subprocess.run([BUILD / program, *args, "--help"], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout


def options_of(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - NOT_OURS


def missing(page, program):
    text, told = plain(page), help_of(program)
    yield from (f"option {o}" for o in sorted(options_of(told) - options_of(text)))
    if page.name != "chairside-tool.1":
        return
    for command in re.findall(r"(?m)^  ([a-z-]+) ", told.split("Commands")[1]):
        if not re.search(rf"(?m)^\.It Cm {re.escape(command)}( |$)", text):
            yield f"command {command}"
        yield from (f"{command} {o}" for o in sorted(options_of(help_of(program, command)) - options_of(text)))


def badly_formed(page):
    if shutil.which("mandoc"):
        out = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True).stdout
    elif shutil.which("man") and shutil.which("groff"):
        out = subprocess.run(["man", "--warnings", "--local-file", page], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    else:
        return
    yield from out.splitlines()


def findings():
    for page in sorted(PAGES.iterdir()):
        yield from badly_formed(page)
        program = PROGRAMS.get(page.name)
        if program and (BUILD / program).exists():
            yield from (f"data/share/man/{page.name} does not tell of: {what}" for what in missing(page, program))


bad = list(findings())
print("\n".join(bad) if bad else "the manual pages tell all")
sys.exit(1 if bad else 0)
