#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions begin, end and go on as they should; a screen that is attached sees each of them from its first event."""
import json
import shutil
import subprocess
import time

from chair import TOOL, Chair, alarm_lines, json_lines, tool, wait_for

with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    chair.start_monitor()
    log = chair.folder / "live.json"
    watcher = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=log.open("wb"))
    chair.setup("patient.id=ONE", "patient.weight_kg=80", "therapy.id=myers_bag")
    expanded = {e["key"]: e["value"] for e in chair.events() if e["type"] == "setup"}
    assert float(expanded["therapy.mg_mmol_per_ml"]) > 0, "a therapy was taken by its name alone"
    chair.nurse("phase", "infusing")
    chair.nurse("symptom", "chest_pain")
    first = chair.recordings()[0]

    # closed by mistake, and a symptom at the wrong minute: corrected, nothing erased, and the replay knows it
    def entered(action, what):
        return [e for e in chair.events() if e["type"] == "nurse" and e["action"] == action and e.get("what") == what][-1]

    chair.nurse("phase", "closed")
    closed, pain = entered("phase", "closed"), entered("symptom", "chest_pain")
    early = chair.nurse("correction", "mistake", f"--value={entered('phase', 'infusing')['seq']}", check=False)
    assert early.returncode == 3 and "newest change of phase" in early.stderr, early.stderr
    wrong = chair.nurse("correction", "whim", f"--value={closed['seq']}", check=False)
    assert wrong.returncode == 3 and "no such reason" in wrong.stderr, wrong.stderr
    chair.nurse("correction", "mistake", f"--value={closed['seq']}")
    chair.nurse("correction", "time", f"--value={pain['seq']}", "--at-ms=1")
    assert json.loads(tool("health", f"--socket={chair.socket}", "--json", check=False).stdout)["phase"] == "infusing"

    # a script ticks by the id alone: the recording has the words
    chair.nurse("done", "kidney")
    chair.nurse("done", "dc_escort")
    assert entered("done", "kidney")["text"].startswith("Kidney function known"), entered("done", "kidney")
    assert entered("done", "dc_escort")["text"].startswith("Escort is here"), entered("done", "dc_escort")

    # the next patient inherits nothing
    chair.nurse("audio_pause", "--value=60")
    second = tool("session", f"--socket={chair.socket}", "new").stdout.strip()
    assert second != str(first) and json_lines(tool("info", "--json", first).stdout)[0]["complete"]
    fresh = chair.events()
    assert [e["seq"] for e in fresh if "seq" in e][0] == 1
    assert not [e for e in fresh if e["type"] == "setup" and e["key"] == "therapy.id"]
    assert not [e for e in fresh if e["type"] == "alarm" and e["label"] == "check_patient"]
    wait_for("the watcher sees both sessions", 3, lambda: [
        e["seq"] for e in json_lines(log.read_text()) if "seq" in e].count(1) == 2)
    closed = [e for e in json_lines(log.read_text()) if e["type"] == "nurse" and e["action"] == "phase"]
    assert closed[-1]["what"] == "closed", closed

    # what was corrected stands in the recording and in its report
    tool("export", "--format=pdf", first, f"--out={chair.folder / 'report.pdf'}")
    tool("export", "--format=csv", first, f"--out={chair.folder / 'table.csv'}")
    table = (chair.folder / "table.csv").read_text()
    assert "correction" in table and table.count(",phase closed") == 2, table
    if shutil.which("pdftotext"):
        words = subprocess.run(["pdftotext", "-layout", chair.folder / "report.pdf", "-"], capture_output=True, text=True, check=True).stdout
        assert "taken back" in words and "touched by mistake" in words and "corrected, was" in words, words

    # a service that is restarted in the middle of a treatment goes on; in an empty chair it begins anew
    chair.nurse("phase", "infusing")
    chair.stop_monitor()
    chair.start_monitor()
    assert len(chair.recordings()) == 2, "the treatment was not gone on with"
    assert [e for e in chair.events() if e["type"] == "clock" and e["code"] == "resume"]
    chair.nurse("phase", "closed")
    chair.stop_monitor()
    time.sleep(1)  # names have seconds
    chair.start_monitor()
    assert len(chair.recordings()) == 3, "a closed session was gone on with"
    chair.kill_monitor()
    chair.start_monitor("--new-session")
    assert len(chair.recordings()) == 4, "--new-session went on with an old one"

    # a monitor without a place to record still watches, says so, and records as soon as it can
    chair.stop_monitor()
    watcher.terminate()
    blocked = chair.folder / "blocked"
    blocked.write_text("not a folder")
    chair.start_monitor(f"--recordings={blocked}")
    wait_for("recording_failed", 3, lambda: [a for a in chair.alarms() if a["label"] == "recording_failed"])
    chair.nurse("mark", "--text=early")
    blocked.unlink()
    (late,) = wait_for("it records", 14, lambda: list(blocked.glob("*.chairside")))
    chair.stop_monitor()
    kept = json.loads(tool("info", "--json", late).stdout.splitlines()[0])
    assert kept["complete"]
    assert alarm_lines(tool("replay", "--json", late).stdout), "the late recording does not replay"
    print("sessions begin, end and go on")
