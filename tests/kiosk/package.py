#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian packages: built, installed in a clean chroot, looked at, used, and purged without a trace.

Usage: package.py BUILD [FOLDER]     FOLDER has packages that are built already
Needs root, debhelper, and once a Debian mirror (debootstrap); ends with 77 where one is missing. First time about 5 minutes
on 2 cores, later 1 to 2: tests/README.md.
"""
import os
import pathlib
import re
import sys
import time

import root as roots
import screen

EXPOSURE_MAX = 2.0
UNITS = ["chairsided.service", "chairside-screen.service", "chairside-poweroff.path", "chairside-poweroff.service"]
EXTRA = ["systemd-sysv", "dbus", "man-db", "grim"]  # grim for the picture; the rest so that units are verified whole
ENABLED = ["multi-user.target.wants/chairsided.service", "graphical.target.wants/chairside-screen.service",
           "multi-user.target.wants/chairside-poweroff.path"]
# path: (owner, group, mode) as data/share/kiosk/README.md promises
FOLDERS = {
    "etc/chairside": ("chairside", "chairside", 0o755),
    "var/lib/chairside": ("chairside", "chairside", 0o750),
    "var/lib/chairside/sessions": ("chairside", "chairside", 0o2750),
    "media/chairside": ("chairside", "chairside", 0o770),
}
GROUPS = {"chairside": {"chairside", "dialout", "audio"},
          "chairside-screen": {"chairside-screen", "chairside", "audio", "video", "render"}}


def users(root):
    return [(root.path / "etc" / name).read_text() for name in ("passwd", "group")]


def check_installed(root):
    for user, groups in GROUPS.items():
        assert set(root.run(["id", "-nG", user]).stdout.split()) == groups, user
        shell = root.run(["getent", "passwd", user]).stdout.strip().split(":")[6]
        assert shell.endswith("nologin"), f"{user} can log in: {shell}"
    for path, want in FOLDERS.items():
        got = root.run(["stat", "-c", "%U %G %a", f"/{path}"]).stdout.split()
        assert (got[0], got[1], int(got[2], 8)) == want, f"/{path}: {got}, not {want}"
    for link in ENABLED:
        assert (root.path / "etc/systemd/system" / link).is_symlink(), f"{link} is not enabled"
    for page in ("chairside", "chairside-tool", "chairside-sim", "chairsided", "chair.ini"):
        shown = root.run(["man", "--warnings", "--pager=cat", page], env={"MANWIDTH": "80"}, check=False)
        # minbase leaves manual pages out when it unpacks; then there is nothing to show.
        assert shown.returncode == 16 or (shown.returncode == 0 and not shown.stderr), f"man {page}: {shown.stderr}"
    program = (root.path / "usr/bin/chairsided").read_bytes()
    assert str(roots.TOP).encode() not in program, "the path of the source tree is compiled in"
    assert "chairsided" in root.run(["chairsided", "--version"]).stdout
    assert "ivy-450c" in root.run(["chairside-tool", "drivers"]).stdout
    print("installed: users, groups, folders, units, programs as promised")


def check_units(root):
    verified = root.run(["systemd-analyze", "verify", "--man=no", *(f"/lib/systemd/system/{u}" for u in UNITS)], check=False)
    assert verified.returncode == 0 and not verified.stderr.strip(), f"systemd-analyze verify:\n{verified.stderr}"
    print("systemd-analyze verify: nothing to say")
    for unit, most in (("chairsided.service", EXPOSURE_MAX), ("chairside-screen.service", 5.0)):
        judged = root.run(["systemd-analyze", "security", "--offline=true", "--no-pager", unit]).stdout
        exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", judged).group(1))
        print(f"systemd-analyze security {unit}: {exposure}")
        assert exposure <= most, judged


def difference(before, after):
    return [f"{'+' if p not in before else '-' if p not in after else '~'} {p} {before.get(p)} {after.get(p)}"
            for p in sorted(before.keys() | after.keys()) if before.get(p) != after.get(p)]


def purge(root):
    return root.run(["dpkg", "--purge", "chairside-kiosk", "chairside"]).stdout


def check_without_a_trace(base, debs, build):
    with roots.Root(base) as root:
        files, accounts = root.files(), users(root)
        root.install(debs)
        check_installed(root)
        check_units(root)
        screen.check(root, pathlib.Path(build))
        for recording in (root.path / "var/lib/chairside/sessions").iterdir():
            recording.unlink()
        purge(root)
        left = difference(files, root.files())
        assert not left, "a purge leaves:\n" + "\n".join(left)
        assert users(root) == accounts, "a purge leaves users or groups"
        print(f"purged: {len(files)} files as before, users and groups as before")


def check_recordings_stay(base, debs):
    with roots.Root(base) as root:
        root.install(debs)
        recording = root.path / "var/lib/chairside/sessions/chair-20260101-080000.chairside"
        recording.write_text("a session")
        said = purge(root)
        assert recording.read_text() == "a session", "a purge took a recording with it"
        assert "1 recordings are kept in /var/lib/chairside/sessions" in said, f"a purge does not say what it keeps: {said}"
        assert root.run(["id", "chairside"], check=False).returncode == 0, "a recording lost its owner"
        root.install(debs)
        assert recording.exists()
        print("purged with a recording: kept, and said")


def main(build, folder=None):
    roots.need("chroot", "mount", "setpriv")
    begun = time.monotonic()
    debs = sorted(pathlib.Path(folder).glob("chairside*_*.deb")) if folder else roots.build_debs(pathlib.Path(build) / "deb")
    debs = [d for d in debs if "dbgsym" not in d.name]
    print(f"built: {', '.join(d.name for d in debs)} ({time.monotonic() - begun:.0f} s)")
    base = roots.with_packages(roots.depends_of(debs), EXTRA, "kiosk")
    print(f"a Debian with what they depend on ({time.monotonic() - begun:.0f} s)")
    check_without_a_trace(base, debs, build)
    check_recordings_stay(base, debs)
    print(f"the packages are as promised ({time.monotonic() - begun:.0f} s)")


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    os.umask(0o022)
    main(*sys.argv[1:])
