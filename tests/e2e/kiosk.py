# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen at a chair, locked down: no key, no second mouse button and no environment opens another window, closes it or
reaches the toolkit's tools; a touch still works; and no log of a session has the patient in it.

Wants Xvfb and xdotool; says so and skips where one is missing.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chair import BUILD, Chair, json_lines, tool, wait_for  # noqa: E402

if not shutil.which("Xvfb") or not shutil.which("xdotool"):
    print("SKIP: Xvfb or xdotool is missing")
    sys.exit(77)

SCREEN = "\n[screen]\nlanguage=de\ntext_scale=1.3\ndiagonal_in=10.1\n"
TOP_KEYS_Y = 65  # keys of a page, at the right of its title
PATIENT = "SECRET-PATIENT-8231"
KEYS = ["alt+F4", "ctrl+q", "ctrl+w", "ctrl+shift+i", "ctrl+shift+d", "alt+space", "alt+Tab", "super", "super+d", "ctrl+alt+t", "ctrl+o",
        "ctrl+n", "ctrl+shift+c", "Menu", "shift+F10", "F11", "Print", "ctrl+alt+Delete", "alt+F2", "ctrl+Escape", "ctrl+comma",
        "ctrl+question", "alt+Home", "ctrl+period"]


def windows(env):
    """Every window that is mapped at the top; the root is one of them."""
    done = subprocess.run(["xdotool", "search", "--onlyvisible", "--maxdepth", "1", "--name", ""], env=env, capture_output=True, text=True)
    return sorted(done.stdout.split())


def press(env, *words):
    subprocess.run(["xdotool", *words], env=env, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def is_attached(chair):
    return any(e["type"] == "state" and e.get("code") == "screen" and e.get("value") == 1 for e in chair.events())


with Chair() as chair:
    chair.config.write_text(chair.config.read_text().replace("[session]", "therapies=hydration, mg_addon\n\n[session]") + SCREEN)
    chair.start_monitor()
    refused = chair.setup("therapy.id=ketamine", check=False)
    assert refused.returncode != 0 and "not one that this clinic uses" in refused.stderr, refused.stderr
    chair.setup("therapy.id=hydration")
    chair.setup(f"patient.id={PATIENT}", "patient.weight_kg=70")
    display = chair.start_display()
    env = dict(os.environ, DISPLAY=display, GSK_RENDERER="cairo", GTK_A11Y="none", HOME=str(chair.folder), GTK_DEBUG="interactive",
               GTK_MODULES="nonsense")
    env.pop("G_DEBUG", None)
    env["XDG_CONFIG_HOME"] = str(chair.folder / "config")
    own = chair.folder / "config" / "chairside" / "screen.ini"
    own.parent.mkdir(parents=True)
    own.write_text("[screen]\ntext_scale=1.15\n")
    log = chair.folder / "screen.log"
    screen = chair.start(BUILD / "ui" / "chairside", "--kiosk", "--diagonal=21.5", f"--socket={chair.socket}", env=env, stdout=log.open("wb"), stderr=subprocess.STDOUT)
    wait_for("the screen attaches", 20, lambda: is_attached(chair))
    # its own text size goes before that of the chair's configuration, the command line before both
    wait_for("language of the chair's configuration", 10, lambda: 'language "de", text 1.15, diagonal 21.5 in' in log.read_text(errors="replace"))
    time.sleep(1)
    before = windows(env)
    assert len(before) == 2, f"GTK_DEBUG opened something: {before}"
    for key in KEYS:
        press(env, "key", key)
    press(env, "mousemove", "640", "400", "click", "3", "click", "2")
    time.sleep(1)
    assert screen.poll() is None, "a key ended the screen"
    assert windows(env) == before, f"a key opened or closed a window: {windows(env)}"
    for window in before:
        press(env, "windowquit", window)  # WM_DELETE_WINDOW, as a window manager asks for it
    time.sleep(1)
    assert screen.poll() is None and windows(env) == before, "the window was closed"
    press(env, "key", "F3")  # and what is let through works: a mark
    wait_for("the mark of F3", 5, lambda: any(e["type"] == "nurse" and e.get("action") == "mark" for e in chair.events()))
    limits = pathlib.Path(f"/proc/{screen.pid}/limits").read_text()
    assert next(w for w in limits.splitlines() if w.startswith("Max core")).split()[4:6] == ["0", "0"]
    chair.nurse("reaction", "--value=1")
    chair.nurse("note", f"--text={PATIENT} feels warm")
    wait_for("both see the patient", 5, lambda: PATIENT in chair.watch())
    screen.terminate()
    screen.wait(timeout=10)
    chair.stop_monitor()
    # the list of recordings at a chair: no key leads to the files of the computer
    env.pop("GTK_DEBUG")
    (chair.folder / "empty").mkdir()
    counts = []
    for kiosk in (["--kiosk"], []):
        screen = chair.start(BUILD / "ui" / "chairside", *kiosk, f"--sessions={chair.folder / 'empty'}", env=env,
                             stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        wait_for("the list is there", 20, lambda: len(windows(env)) == 2)
        time.sleep(2)
        most = 2
        for x in range(440, 1090, 50):  # from the left; Back, at the right, would leave the list
            press(env, "mousemove", str(x), str(TOP_KEYS_Y), "click", "1")
            time.sleep(0.3)
            most = max(most, len(windows(env)))
            if most > 2:
                break
        counts.append(most)
        screen.terminate()
        screen.wait(timeout=10)
        wait_for("the list is gone", 10, lambda: len(windows(env)) == 1)
    assert counts[0] == 2, "a chooser of files was offered at a chair"
    assert counts[1] > 2, "at a desk the key for imports was not found: this test proves nothing"
    for path in (chair.log, log, chair.folder / "recordings" / "audit.jsonl"):
        assert PATIENT not in path.read_text(errors="replace"), f"{path.name} has the patient in it"
    print(f"{len(KEYS)} keys, two buttons and two variables: no way out; no patient in a log")
