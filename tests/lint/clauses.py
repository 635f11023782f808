#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every numbered requirement of shared/alarm-standard.md 8 has a test named after its clause, or a line in app/README.md
that says why not.

The README's table is compared with the standard's (where ../shared is there) and with the tests: a row names tests as
"file: clause_..., clause_...", all of which must exist and at least one of which carries the row's own clause; or it begins
with "No test:" and a reason. And clause 6.11: the sentence that nobody may rely on Chairside for another device's alarms
stands where users read it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
STANDARD = ROOT / ".." / "shared" / "alarm-standard.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| (.+) \|$", re.M)
RELY = "do not rely on"
SAID_IN = ("README.md", "data/share/org.chairside.Chairside.metainfo.xml.in")


def tests():
    """Names of tests by the stem of their file."""
    found = {}
    for path in sorted((ROOT / "tests").glob("test-*.c")):
        text = path.read_text(encoding="utf-8")
        found[path.stem] = set(re.findall(r"START_TEST \((\w+)\)", text)) | set(re.findall(r'"(clause_\w+)"', text))
    return found


def clauses(text):
    """The clauses of a cell: "60601-2-27 / -49" is told by its first."""
    return [c.replace(".", "_").replace("-", "_") for c in re.findall(r"[0-9]+(?:[.-][0-9]+)*", re.sub(r"\[.\]", "", text))]


def check_row(number, clause, cell, known):
    if cell.startswith("No test:"):
        return [] if len(cell) > 20 else [f"row {number}: say why there is no test"]
    wrong, named = [], []
    for stem, names in re.findall(r"(test-[\w-]+): ((?:clause_\w+(?:, )?)+)", cell):
        for name in re.findall(r"clause_\w+", names):
            named.append(name)
            if name not in known.get(stem, ()):
                wrong.append(f"row {number}: there is no test {name} in tests/{stem}.c")
    own = [name for name in named for c in clauses(clause) if name.startswith(f"clause_{c}_")]
    if not own:
        wrong.append(f"row {number}: no test is named after clause {clause}")
    return wrong


def check_rows():
    readme = (ROOT / "app" / "README.md").read_text(encoding="utf-8")
    rows = {int(n): (clause, cell) for n, clause, cell in ROW.findall(readme[readme.index("### Requirements of"):])}
    known, wrong = tests(), []
    for number, (clause, cell) in rows.items():
        wrong += check_row(number, clause, cell, known)
    if not STANDARD.exists():
        print("../shared is not there: rows are compared with the tests only")
        return wrong
    asked = {int(n): clause for n, clause, _ in ROW.findall(STANDARD.read_text(encoding="utf-8"))}
    for number, clause in asked.items():
        if number not in rows:
            wrong.append(f"row {number} ({clause}) is not in app/README.md")
        elif clauses(rows[number][0])[:1] != clauses(clause)[:1]:
            wrong.append(f"row {number} is about {clause}, app/README.md says {rows[number][0]}")
    print(f"{len(asked)} requirements, {sum(len(t) for t in known.values())} tests looked through")
    return wrong


def check_sentence():
    return [f"{name}: \"{RELY}\" is not said (clause 6.11)" for name in SAID_IN
            if RELY not in re.sub(r"\s+", " ", (ROOT / name).read_text(encoding="utf-8"))]


findings = check_rows() + check_sentence()
print("\n".join(findings))
sys.exit(1 if findings else 0)
