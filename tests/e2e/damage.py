#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged recording is opened as far as it is whole and says what is missing, and a monitor that finds one goes on."""
import shutil
import time

from chair import Chair, alarm_lines, json_lines, tool


def hurt(path, where, n=300):
    """Overwrites @n bytes at the fraction @where of a file."""
    with open(path, "r+b") as file:
        size = file.seek(0, 2)
        file.seek(int(size * where))
        file.write(bytes((i * 37 + 11) & 0xFF for i in range(n)))


def cut(path, where):
    with open(path, "r+b") as file:
        file.truncate(int(file.seek(0, 2) * where))


HURTS = {
    "a byte range in the middle": lambda p: hurt(p, 0.5),
    "a byte range near the end": lambda p: hurt(p, 0.9),
    "cut at two thirds": lambda p: cut(p, 0.66),
    "the header": lambda p: hurt(p, 0),
    "empty": lambda p: cut(p, 0),
}

with Chair({"monitor": "ivy-450c"}, speed=20) as chair:
    chair.start_monitor()
    chair.wait_links_up()
    chair.nurse("symptom", "chest_pain")
    time.sleep(4)
    chair.stop_monitor()
    (recording,) = chair.recordings()
    whole = json_lines(tool("check", "--json", recording).stdout)[0]

    for name, damage in HURTS.items():
        broken = chair.folder / "broken.chairside"
        shutil.copy(recording, broken)
        damage(broken)
        for command in ("check", "info"):
            done = tool(command, "--json", broken, check=False)
            assert done.returncode in (0, 1, 3), (name, command, done)
            assert done.returncode != 3 or str(broken) in done.stderr, (name, command, done)
            if command == "check":
                assert done.returncode != 0 or json_lines(done.stdout)[0]["whole"], (name, done)
        replayed = tool("replay", "--json", broken, check=False)
        assert replayed.returncode in (0, 1, 3), (name, replayed)
        saved = chair.folder / "saved.chairside"
        saved.unlink(missing_ok=True)
        recovered = tool("recover", broken, f"--out={saved}", check=False)
        assert recovered.returncode in (0, 1, 3), (name, recovered)
        if recovered.returncode != 3:
            assert tool("check", saved, check=False).returncode in (0, 1), name
            assert tool("info", "--json", saved).stdout, name
        # a file that still is a recording is opened as far as it is whole
        if name not in ("the header", "empty"):
            assert recovered.returncode != 3 and replayed.returncode != 3, (name, recovered, replayed)
            # The alarm was raised in the first second; a cut may take even that with it, by where SQLite put it.
            assert alarm_lines(replayed.stdout) or name.startswith("cut"), name
        print(f"{name}: check {done.returncode}, replay {replayed.returncode}, recover {recovered.returncode}")

    # an interrupted recording, damaged while nobody looked
    for part, damage in (("-wal", lambda p: hurt(p, 0.6)), ("-wal", lambda p: cut(p, 0.5)), ("", lambda p: hurt(p, 0.4)), ("", lambda p: cut(p, 0))):
        chair.start_monitor("--new-session")
        chair.nurse("mark")
        time.sleep(1.5)
        chair.kill_monitor()
        path = chair.recordings()[-1]
        target = path.with_name(path.name + part)
        if target.exists():
            damage(target)
        chair.start_monitor()
        chair.nurse("mark", "--text=goes on")
        chair.stop_monitor()
    print(f"a monitor that finds a damaged recording goes on")
