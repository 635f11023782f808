#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A nurse calls the patients of yesterday: the monitor records three sessions under a clock of 30 hours ago; at the real screen one
patient is asked, one does not answer, one wants no call; then what was said is corrected. What was entered is in
`chairside-tool course` and in the report of the session, and no recording was touched.

  calls.py BUILD_DIR SHIM

Wants a display, a session bus, the AT-SPI registry and its Python binding; exit status 77 where one is missing.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys

os.environ["CHS_TEST_BUILD"] = sys.argv[1]
from chair import BUILD, Chair, tool  # noqa: E402
from chair import wait_for as wait_until  # noqa: E402
from touch import environment, find, press, press_shown, wait_for  # noqa: E402

HOURS_AGO = 30
PATIENTS = ("A-17", "B-2", "C-3")


def record_yesterday(chair):
    """Each patient with scores before and after; the session is closed, and the recording goes on until the next one."""
    os.environ |= {"LD_PRELOAD": sys.argv[2], "CHS_SHIFT_S": str(-HOURS_AGO * 3600), "ASAN_OPTIONS": "verify_asan_link_order=0"}
    try:
        chair.start_monitor()
        for i, patient in enumerate(PATIENTS):
            if i > 0:
                tool("session", f"--socket={chair.socket}", "new")
            chair.setup(f"patient.id={patient}", "therapy.name=Ketamine")
            chair.nurse("score", "pain_before", "--value=7")
            chair.nurse("phase", "infusing")
            chair.nurse("score", "pain_after", "--value=4")
            chair.nurse("phase", "closed")
        chair.stop_monitor()
    finally:
        for name in ("LD_PRELOAD", "CHS_SHIFT_S", "ASAN_OPTIONS"):
            del os.environ[name]
    assert len(chair.recordings()) == len(PATIENTS)


def digests(chair):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in chair.recordings()}


def course(chair, patient):
    text = tool("course", patient, f"--folder={chair.folder / 'recordings'}", "--json").stdout
    return next(s for s in map(json.loads, text.splitlines()) if s["type"] == "session")


def answer(field, digits):
    press_shown_field(field)
    wait_for("label", field, 5)
    for digit in digits:
        press_shown(digit)
    press_shown("OK")


def press_shown_field(field):
    """The key with its value as a hint: "Pain now, not entered"."""
    press(f"{field}, ")


def take_calls(chair):
    press_shown("More")
    press("Calls due")
    press("A-17, ")
    wait_for("label", "Ketamine · At the session: pain", 5)
    answer("Pain now", "3")
    answer("Fatigue now", "6")
    press("Better")
    press("Save the call")
    wait_for("label", "The call is saved.", 10)
    said = course(chair, "A-17")
    assert (said["pain_call"], said["fatigue_call"], said["how"], said["call"]) == (3, 6, "better", "reached"), said
    assert (said["pain_before"], said["pain_after"]) == (7, 4), said

    press("B-2, ")
    press("Not reached")
    wait_for("push button", "B-2, ", 10)
    wait_until("tried once", 10, lambda: "tried 1 time" in (find("push button", "B-2, ").get_name()))
    press("C-3, ")
    press("Wants no call")
    wait_until("declined", 10, lambda: "wants no call" in (find("push button", "C-3, ").get_name()))

    press("A-17, ")  # a correction: it was 2
    press_shown_field("Pain now")
    press_shown("2")
    press_shown("OK")
    press("Save the call")
    wait_until("corrected", 10, lambda: "pain 2" in (find("push button", "A-17, ").get_name()))
    assert course(chair, "A-17")["pain_call"] == 2 and course(chair, "A-17")["fatigue_call"] == 6
    assert course(chair, "B-2")["call"] == "not_reached" and course(chair, "B-2")["not_reached"] == 1
    assert course(chair, "C-3")["call"] == "declined"
    due = tool("course", "--due", f"--folder={chair.folder / 'recordings'}", "--json").stdout
    assert [json.loads(line)["patient_id"] for line in due.splitlines()] == ["B-2"], due


def check_report(chair):
    path = next(p for p in chair.recordings() if json.loads(tool("info", p, "--json").stdout)["patient_id"] == "A-17")
    tool("export", "--format=pdf", path, f"--out={chair.folder / 'report.pdf'}")
    if not shutil.which("pdftotext"):
        print("pdftotext is not installed: the report's words are looked at by test-report alone")
        return
    text = subprocess.run(["pdftotext", "-layout", chair.folder / "report.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "Better" in text and "pain 2" in text, text


with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    record_yesterday(chair)
    before = digests(chair)
    chair.start_monitor()
    screen = chair.start(BUILD / "ui" / "chairside", f"--socket={chair.socket}", "--diagonal=10.1", env=environment(str(chair.folder)))
    wait_for("push button", "More", 20)
    take_calls(chair)
    screen.terminate()
    screen.wait(timeout=15)
    chair.stop_monitor()
    check_report(chair)
    after = digests(chair)
    assert all(after[name] == was for name, was in before.items()), "a closed recording was touched"
    print("PASS")
