# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed screen in cage, as its own user: a picture by grim shows the chair; when the compositor is killed the
monitor, its sound and its recording go on, and the screen is back within 5 s."""
import json
import os
import shutil
import signal
import subprocess
import time

from picture import Picture, describe, shows_chair
from unit import Service

BACK_S = 5.0  # promised; told beside what was measured, since a test on a shared machine asserts no time
PATIENCE_S = 40.0
FIRST_S = 60.0  # of a busy machine
CONFIG = """[chair]
name = Chair 3
demonstration = yes

[screen]
language = en
look = day

[sound]
device = file:FILE=/run/chairside/heard.wav,FORMAT=wav
accept_unheard = yes

[link.monitor]
driver = ivy-450c
address = tty:/run/sim/monitor

[link.pump1]
driver = bbraun-bcc
address = tty:/run/sim/pump1

[session]
patient.id = TEST-1
patient.weight_kg = 70
"""


def wait_for(what, limit_s, condition):
    end = time.monotonic() + limit_s
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit_s} s: {what}")
        time.sleep(0.1)
    return answer


def start_instruments(root):
    """As the monitor's user, who has to open their terminals."""
    folder = root.path / "run/sim"
    folder.mkdir()
    uid, gid = (int(root.run(["id", f, "chairside"]).stdout) for f in ("-u", "-g"))
    os.chown(folder, uid, gid)
    args = [a for driver, name in (("ivy-450c", "monitor"), ("bbraun-bcc", "pump1")) for a in (f"--driver={driver}", f"--pty-link=/run/sim/{name}")]
    instruments = root.start(["chairside-sim", *args, "--seed=1"], "chairside", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for("simulated instruments", 10, lambda: (folder / "pump1").is_symlink())
    return instruments


def write_config(root):
    """As an administrator would: root's, and open to all."""
    (root.path / "etc/chairside/chair.ini").write_text(CONFIG)


def take_picture(root, screen):
    """None where there is no compositor to ask."""
    env = {k: screen.env[k] for k in ("XDG_RUNTIME_DIR", "HOME")} | {"WAYLAND_DISPLAY": "wayland-0"}
    done = subprocess.run(root.command(["grim", "-t", "ppm", "/run/chairside-screen/picture.ppm"], screen.user, env), capture_output=True, timeout=20)
    return Picture(root.path / "run/chairside-screen/picture.ppm") if done.returncode == 0 else None


def wait_for_chair(root, screen, limit_s):
    """The picture that shows the chair."""
    last = None

    def look():
        nonlocal last
        last = take_picture(root, screen)
        return last if last and shows_chair(last) else None

    try:
        return wait_for("the chair on the screen", limit_s, look)
    except AssertionError as problem:
        raise AssertionError(f"{problem}; last picture: {describe(last) if last else 'none'}") from None


def events(root):
    out = root.run(["chairside-tool", "watch", "--once", "--json", "--socket=/run/chairside/monitor.socket"]).stdout
    return [json.loads(line) for line in out.splitlines()]


def begin_session(root):
    """A treatment with an alarm that nobody has seen, so that something sounds."""
    for args in (["nurse", "phase", "infusing"], ["nurse", "symptom", "chest_pain"]):
        root.run(["chairside-tool", args[0], "--socket=/run/chairside/monitor.socket", *args[1:]])
    wait_for("an alarm", 10, lambda: [e for e in events(root) if e["type"] == "alarm" and e["label"] == "check_patient"])


def kill_compositor(root, monitor, screen):
    heard = root.path / "run/chairside/heard.wav"
    pid, last, sounded = monitor.process.pid, events(root)[-1]["t_ms"], heard.stat().st_size
    killed = time.monotonic()
    os.kill(screen.process.pid, signal.SIGKILL)
    (root.path / "run/chairside-screen/picture.ppm").unlink()
    wait_for_chair(root, screen, PATIENCE_S)
    back = time.monotonic() - killed
    print(f"compositor killed: the chair is on the screen again after {back:.1f} s ({BACK_S:.0f} s promised)")
    wait_for("the sound goes on", 15, lambda: heard.stat().st_size > sounded + 4096)  # a burst every 10 s
    assert monitor.process.pid == pid and monitor.process.poll() is None and monitor.starts == 1, "the monitor ended, too"
    (recording,) = (root.path / "var/lib/chairside/sessions").glob("*.chairside")
    info = json.loads(root.run(["chairside-tool", "info", "--json", f"/var/lib/chairside/sessions/{recording.name}"]).stdout)
    assert not info["gaps"] and info["duration_ms"] > last, f"the recording did not go on: {info['duration_ms']} ms, before {last}"
    print(f"meanwhile: the same monitor, {heard.stat().st_size - sounded} bytes of sound more, recording from {last} to {info['duration_ms']} ms")


def check_secrets(root):
    """Nobody but the two users reads recordings or connects; the screen does not read the configuration."""
    (recording,) = (root.path / "var/lib/chairside/sessions").glob("*.chairside")
    mode = root.run(["stat", "-c", "%U:%G %a", f"/var/lib/chairside/sessions/{recording.name}"]).stdout.strip()
    assert mode == "chairside:chairside 640", mode
    for user, args in (("nobody", ["cat", f"/var/lib/chairside/sessions/{recording.name}"]),
                       ("nobody", ["chairside-tool", "links", "--socket=/run/chairside/monitor.socket"]),
                       ("chairside-screen", ["cat", "/etc/chairside/chair.ini"]),
                       ("chairside-screen", ["touch", "/var/lib/chairside/sessions/x"])):
        drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if user == "nobody" else []
        done = root.run([*drop, *args], None if drop else user, check=False)
        assert done.returncode != 0, f"{user} may: {' '.join(args)}"
    assert root.run(["stat", "-c", "%U %a", "/etc/chairside/chair.ini"]).stdout.split() == ["chairside", "600"]
    print("recordings, socket and configuration: readable by whom they should be")


def check(root, build):
    write_config(root)
    instruments = start_instruments(root)
    logs = {name: root.scratch / f"{name}.log" for name in ("chairsided", "chairside-screen")}
    monitor = Service(root, "chairsided", log=logs["chairsided"])
    screen = None
    try:
        wait_for("chairsided is ready", 30, lambda: monitor.told("READY=1"))
        screen = Service(root, "chairside-screen", {"WLR_BACKENDS": "headless"}, logs["chairside-screen"])
        wait_for_chair(root, screen, FIRST_S)
        assert screen.told("READY=1"), "the screen does not tell when it is ready"
        print("the screen shows the chair")
        begin_session(root)
        check_secrets(root)
        kill_compositor(root, monitor, screen)
        shutil.copy(root.path / "run/chairside-screen/picture.ppm", build / "kiosk-screen.ppm")
    except BaseException:
        picture = root.path / "run/chairside-screen/picture.ppm"
        if picture.exists():
            shutil.copy(picture, build / "kiosk-screen-failed.ppm")
        for name, log in logs.items():
            print(f"---- {name}\n{log.read_text(errors='replace')[-3000:]}" if log.exists() else f"---- {name}: no log")
        raise
    finally:
        for service in (screen, monitor):
            if service:
                service.stop()
        instruments.kill()
        instruments.wait()
