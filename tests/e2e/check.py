#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""chairside-tool check refuses broken alarm profiles and therapy files: each with the file, the line where there is one, what
is wrong and what to do. Each file is the shipped one with one change, or a few lines of its own."""
import os
import pathlib
import subprocess
import tempfile

from chair import TOOL

SHARE = pathlib.Path(os.environ["CHS_TEST_SHARE"])
PROFILE = (SHARE / "alarms" / "adult.ini").read_text(encoding="utf-8")
LIBRARY = (SHARE / "therapies" / "micronutrients.ini").read_text(encoding="utf-8")
WHOLE = None  # the file as a whole: no line to point at
ENTRY = "[x]\nname = X\nsource = S\nvolume_ml = 100\nplanned_min = 30\nobserve_min = 30\nreviewed_by =\n"
ABS = "abs_low = 90 mm[Hg] | WAO 2020: adult hypotension below 90"


def changed(text, find, put, off=0):
    """The changed file and the line of the change plus @off (WHOLE: none)."""
    at = text.index(find)
    return text[:at] + put + text[at + len(find):], WHOLE if off is WHOLE else text[:at].count("\n") + 1 + off


def profile(find, put, off=0):
    return changed(PROFILE, find, put, off)


def library(find, put, off=0):
    return changed(LIBRARY, find, put, off)


def entry(find, put, line):
    assert find in ENTRY, find
    return ENTRY.replace(find, put, 1), line


ROWS = (  # name, (text, line), words of the reason
    # ---- profiles ----
    ("unknown key", profile("abs_low = 90", "abs_lo = 90"), 'unknown key "bp.abs_lo"; did you mean "bp.abs_low"?'),
    ("unknown group", profile("[hr]", "[heart]"), "unknown group [heart]"),
    ("unknown label", profile("[text.vasovagal]", "[text.fainting]"), 'unknown label "fainting"'),
    ("missing unit", profile("abs_low = 90 mm[Hg] |", "abs_low = 90 |"), "unit is missing"),
    ("wrong unit", profile("abs_low = 90 mm[Hg]", "abs_low = 12 kPa"), "it is given in mm[Hg]"),
    ("missing source", profile(ABS, "abs_low = 90 mm[Hg]"), "source is missing"),
    ("empty source", profile(ABS, "abs_low = 90 mm[Hg] |  "), "source is missing"),
    ("unsafe, low", profile("abs_low = 90", "abs_low = 20"), "outside the safe range 80 to 100"),
    ("unsafe, high", profile("hr_high = 125", "hr_high = 580"), "outside the safe range 100 to 160"),
    ("negative", profile("abs_low = 90", "abs_low = -90"), "outside the safe range"),
    ("NaN", profile("abs_low = 90", "abs_low = nan"), "outside the safe range"),
    ("infinite", profile("abs_low = 90", "abs_low = inf"), "outside the safe range"),
    ("huge", profile("abs_low = 90", "abs_low = 9e999"), "outside the safe range"),
    ("no number", profile("abs_low = 90", "abs_low = low"), 'expected "number unit | source"'),
    ("decimal comma", profile("fall_30 = 0.70 1", "fall_30 = 0,70 1"), "wrong unit"),
    ("empty value", profile(ABS, "abs_low ="), 'expected "number unit | source"'),
    ("key twice", profile("[hr]\n", "[hr]\nup = 21 /min | x\n", 2), "stands twice"),
    ("section twice", profile("[spo2]\n", "[bp]\nabs_low = 90 mm[Hg] | x\n[spo2]\n"), "stands twice"),
    ("soft above hard", profile("soft_rate = 1.0 mg/kg/h | Foo", "soft_rate = 5 mg/kg/h | Foo", 1), "is above lidocaine.hard_rate"),
    ("low above extreme", profile("hr_low = 45 /min", "hr_low = 35 /min", 3), "limit.hr_low_extreme = 36 is above limit.hr_low = 35"),
    ("missing key", profile(ABS + "\n", "", WHOLE), "bp.abs_low is missing"),
    ("missing name", profile("name = Adult\n", "", WHOLE), "profile.name is missing"),
    ("missing words", profile("title = Probable faint\n", "", WHOLE), "[text.vasovagal] needs title and action"),
    ("empty words", profile("title = Probable faint", "title ="), "text is missing"),
    ("no equals sign", profile("abs_low = 90 mm[Hg] | WAO", "abs_low 90 mm[Hg] | WAO"), 'expected "key = value"'),
    ("open section", profile("[hr]", "[hr"), "a group is written [name]"),
    ("not UTF-8", profile("name = Adult", "name = Ad\udcffult"), "not UTF-8"),
    ("NUL", profile("name = Adult", "name = Ad\0ult"), "not UTF-8 text"),
    ("truncated", (PROFILE[:PROFILE.index("[text.")].rstrip() + "\n", WHOLE), "needs title and action"),
    ("cut in a line", (PROFILE[:PROFILE.index(ABS) + 12], WHOLE), "unit is missing"),
    # ---- therapies ----
    ("asks for discharge checks that nobody wrote", entry("reviewed_by =", "ingredient.1 = b12 1 mg\ndischarge = moon\nreviewed_by =", 8), "no set [moon] in the checklist discharge.ini"),
    ("asks for pre-checks that nobody wrote", entry("reviewed_by =", "ingredient.1 = b12 1 mg\nprechecks = mg, moon\nreviewed_by =", 8), "no set [moon] in the checklist prechecks.ini"),
    ("unknown key", library("rate_soft_ml_h = 500", "rate_sofd_ml_h = 500"), 'did you mean "rate_soft_ml_h"?'),
    ("unit in the value", library("volume_ml = 37", "volume_ml = 37 mL"), "not a number"),
    ("no number", library("volume_ml = 37", "volume_ml = much"), "not a number"),
    ("negative", entry("= 100", "= -100", 4), "outside 1 to 3000"),
    ("NaN", entry("= 100", "= nan", 4), "volume_ml"),
    ("huge", entry("= 100", "= 1e300", 4), "outside 1 to 3000"),
    ("wrong order", library("mg_soft_mmol_min = 0.50\nmg_hard_mmol_min = 0.609", "mg_soft_mmol_min = 0.50\nmg_hard_mmol_min = 0.4", 1),
     "soft limit of mg is above the hard one"),
    ("unsafe range", library("mg_hard_mmol_min = 0.609", "mg_hard_mmol_min = 1.2"), "outside 0.01 to 0.609"),
    ("missing name", entry("name = X\n", "", 1), "name is missing"),
    ("missing source", entry("source = S\n", "", 1), "source is missing"),
    ("missing volume", entry("volume_ml = 100\n", "", 1), "volume_ml is missing"),
    ("missing plan", entry("planned_min = 30\n", "", 1), "planned_min is missing"),
    ("missing observation", entry("observe_min = 30\n", "", 1), "observe_min is missing"),
    ("missing review", entry("reviewed_by =\n", "", 1), "reviewed_by is missing"),
    ("section twice", (ENTRY + ENTRY, 8), "stands twice"),
    ("key twice", (ENTRY + "name = Y\n", 8), "stands twice"),
    ("id with a blank", entry("[x]", "[x y]", 1), "is no id"),
    ("key before a section", ("name = X\n" + ENTRY, 1), "before the first [entry]"),
    ("ingredient without unit", (ENTRY + "ingredient.1 = magnesium_chloride 1000\n", 8), 'expected "substance amount unit"'),
    ("unknown unit", (ENTRY + "ingredient.1 = magnesium_chloride 1 g\n", 8), "none of mg, mg/kg, mL"),
    ("steps that go back", (ENTRY + "steps = 10 100; 5 200\n", 8), "rising minutes"),
    ("cuff too often", (ENTRY + "cuff_interval_s = 60\n", 8), "outside 150 to 900"),
    ("not UTF-8", (ENTRY + "note = \udcff\n", 8), "not UTF-8"),
    ("NUL", (ENTRY + "note = a\0b\n", 8), "not UTF-8 text"),
    ("truncated", (ENTRY[:ENTRY.index("observe")], 1), "observe_min is missing"),
    ("nothing in it", ("# nothing\n[", 2), "a group is written [name]"),
)
WHOLE_ROWS = (  # what is no fault: lines of another system
    ("profile, CRLF", PROFILE.replace("\n", "\r\n")),
    ("therapies, CRLF", LIBRARY.replace("\n", "\r\n")),
)


def check(path):
    return subprocess.run([str(TOOL), "check", str(path)], capture_output=True, text=True, timeout=30)


with tempfile.TemporaryDirectory(prefix="chs-check-") as folder:
    path = pathlib.Path(folder) / "file.ini"
    for name, (text, line), words in ROWS:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        done = check(path)
        said = done.stdout + done.stderr
        where = f"{path}:{line}: " if line is not WHOLE else f"{path}:"
        assert done.returncode == 1, (name, done)
        assert where in said, (name, where, said)
        assert words in said, (name, words, said)
    for name, text in WHOLE_ROWS:
        path.write_bytes(text.encode())
        done = check(path)
        assert done.returncode == 0, (name, done)
    path.write_bytes(b"")
    done = check(path)
    assert done.returncode == 3 and "not of a kind" in done.stderr, done
    done = check(path.with_name("nosuch.ini"))
    assert done.returncode == 3 and "nosuch.ini" in done.stderr, done
    print(f"{len(ROWS)} broken files refused with line and reason")
