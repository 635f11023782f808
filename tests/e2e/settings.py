#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broken or missing alarm profile or therapy library does not keep a chair from being watched: it is a technical alarm
with the reason, until the file is mended. Limits of a session are kept in their safe range, live in the recording and
survive a crash. What may be switched off, and by whom."""
import os
import pathlib
import re
import shutil
import subprocess

from chair import TOOL, Chair, json_lines, tool, wait_for

PIN = "4793"
PIN_HASH = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$wARVumWE0gLVegejlT4T4oZUPP.Z4L0OjOu4DckWWIA"  # of it, as crypt(5) writes it
SHARE = pathlib.Path(os.environ["CHS_TEST_SHARE"])


def refused_settings(chair):
    return [a for a in chair.alarms() if a["label"] == "settings_refused"]


def states(chair, code):
    return [e for e in chair.events() if e["type"] == "state" and e["code"] == code]


with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    whole = chair.config.read_text()
    profile = chair.folder / "clinic.ini"
    good = (SHARE / "alarms" / "adult.ini").read_text()

    # a profile with one absurd number: the built-in one is in force, and the file and line are told
    line = next(i for i, text in enumerate(good.splitlines(), 1) if text.startswith("hr_high = "))
    profile.write_text(re.sub("(?m)^hr_high = [0-9]+", "hr_high = 580", good))
    chair.config.write_text(whole.replace("[chair]\n", f"[chair]\nprofile={profile}\n"))
    chair.start_monitor()
    (raised,) = wait_for("the alarm", 3, lambda: refused_settings(chair))
    assert (raised["action"], raised["priority"], raised["rule"]) == ("raise", "medium", "self.profile"), raised
    (told,) = states(chair, "profile")
    assert told["value"] == 0 and f"clinic.ini:{line}: " in told["text"] and "580" in told["text"], told

    # limits of the session
    refusal = chair.setup("limit.HR.high=580", check=False)
    assert refusal.returncode == 3 and "outside the safe range 100 to 160 /min" in refusal.stderr, refusal
    assert not [e for e in chair.events() if e["type"] == "setup" and e["key"].startswith("limit.")]
    chair.setup("limit.HR.high=145")

    # the file is mended, the monitor killed and started: the limit is still there, the alarm is over
    chair.nurse("phase", "infusing")
    chair.kill_monitor()
    profile.write_text(good)
    chair.start_monitor()
    limits = [e["value"] for e in chair.events() if e["type"] == "setup" and e["key"] == "limit.HR.high"]
    assert limits == ["145"], limits
    assert states(chair, "profile")[-1]["value"] == 1
    chair.nurse("phase", "closed")
    chair.stop_monitor()

    # a missing profile and a broken library
    share = chair.folder / "share"
    shutil.copytree(SHARE, share)
    broken = sorted((share / "therapies").glob("*.ini"))[0]
    broken.write_text("[x]\nname = X\nvolume = 5\n")
    os.environ["CHAIRSIDE_SHARE"] = str(share)
    profile.unlink()
    chair.start_monitor("--new-session")
    wait_for("both are told", 3, lambda: refused_settings(chair))
    assert "clinic.ini" in states(chair, "profile")[-1]["text"]
    assert f"{broken.name}:3: " in states(chair, "library")[-1]["text"], states(chair, "library")
    refusal = chair.setup("therapy.id=myers_bag", check=False)
    assert refusal.returncode == 3, refusal
    chair.stop_monitor()
    del os.environ["CHAIRSIDE_SHARE"]

    # who may switch something off
    profile.write_text(good.replace("alarm_off = 0 1", "alarm_off = 1 1"))
    chair.config.write_text(whole.replace("[chair]\n", f"[chair]\nprofile={profile}\n") + f"\n[access]\npin_hash={PIN_HASH}\n")
    chair.start_monitor("--new-session")

    def command(*args, pin=None):
        return subprocess.run([str(a) for a in (TOOL, "nurse", f"--socket={chair.socket}", *args, *(["--pin"] if pin else []))],
                              input=pin, capture_output=True, text=True, timeout=10)

    denied = command("audio_off", "--value=1", pin=PIN)
    assert denied.returncode == 3 and "not offered here" in denied.stderr, denied
    denied = command("alarm_off", "HR", "--value=1", pin="1234")
    assert denied.returncode == 3 and "not the technician's PIN" in denied.stderr, denied
    done = command("alarm_off", "HR", "--value=1", pin=PIN)
    assert done.returncode == 0, done
    assert command("alarm_pause", "--value=300").returncode == 0, "before a session"
    chair.nurse("phase", "infusing")
    denied = command("alarm_pause", "--value=300")
    assert denied.returncode == 3 and "only before a session" in denied.stderr, denied
    kept = [e for e in chair.events() if e["type"] == "nurse" and e["action"] == "alarm_off"]
    assert [(e["what"], e["value"], e.get("text") or "") for e in kept] == [("HR", 1, "")], kept
    chair.stop_monitor()
    assert PIN.encode() not in chair.recordings()[-1].read_bytes(), "the PIN is not in the recording"
    print("refused files are alarms, limits are kept, nothing is switched off without leave")
