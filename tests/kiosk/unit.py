# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service's unit says, done without systemd: user, environment, folders, notify socket and Restart=. For a test
in a chroot, where no systemd is; what only systemd can do (sandbox, cgroups) is seen in tests/vm/boot.py."""
import os
import shutil
import socket
import threading
import time

SPECIFIERS = {"%t": "/run", "%C": "/var/cache", "%S": "/var/lib"}


def read(path):
    """{key: [values]} of [Service]; an empty value takes back those before it."""
    values, group = {}, None
    for line in path.read_text().splitlines():
        line = line.strip()
        if line.startswith("["):
            group = line
        elif group == "[Service]" and "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            for mark, meant in SPECIFIERS.items():
                value = value.replace(mark, meant)
            values.setdefault(key, []).append(value)
    return values


def seconds(text):
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text.rstrip("s"))


class Service:
    """Runs a unit's ExecStart= in a root, again and again if the unit says so."""

    def __init__(self, root, name, env=None, log=None):
        self.root, self.name = root, name
        self.unit = read(root.path / "lib/systemd/system" / f"{name}.service")
        self.user = self.unit["User"][0]
        self.env = {"NOTIFY_SOCKET": f"/run/{name}.notify"}
        self.starts, self.process, self.wanted, self.log = 0, None, True, log
        self.states = []  # (monotonic time, line) of what it told
        for line in self.unit.get("Environment", []):
            self.env.update(pair.split("=", 1) for pair in line.split())
        for key, below in (("Runtime", "run"), ("State", "var/lib"), ("Cache", "var/cache")):
            for folder in self.unit.get(f"{key}Directory", []):
                self.make_folder(root.path / below / folder, int(self.unit[f"{key}DirectoryMode"][0], 8))
                self.env[f"{key.upper()}_DIRECTORY"] = f"/{below}/{folder}"
        self.env.update(env or {})
        self.listen()
        threading.Thread(target=self.keep, daemon=True).start()

    def make_folder(self, path, mode):
        path.mkdir(parents=True, exist_ok=True)
        owner = self.root.run(["id", "-u", self.user]).stdout, self.root.run(["id", "-g", self.user]).stdout
        os.chown(path, int(owner[0]), int(owner[1]))
        path.chmod(mode)

    def listen(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.root.path / self.env["NOTIFY_SOCKET"].lstrip("/")
        short = f"/proc/self/fd/{os.open(path.parent, os.O_PATH)}/{path.name}"  # sun_path is short
        self.socket.bind(short)
        path.chmod(0o666)
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        while True:
            text = self.socket.recv(4096).decode(errors="replace")
            self.states += [(time.monotonic(), line) for line in text.splitlines()]

    def keep(self):
        output = open(self.log, "ab") if self.log else None
        command = self.unit["ExecStart"][0].split()
        mask, nice = int(self.unit["UMask"][0], 8), int(self.unit.get("Nice", ["0"])[0])
        while self.wanted:
            self.starts += 1
            for before in self.unit.get("ExecStartPre", []):
                self.root.run(before.lstrip("+-").split(), None if before[0] == "+" else self.user, check=not before.startswith("-"))
            self.process = self.root.start(["sh", "-c", f"umask {mask:o}; exec \"$@\"", "-", *command], self.user, self.env,
                                           preexec_fn=lambda: os.nice(nice), stdout=output, stderr=output)
            self.process.wait()
            if self.unit.get("Restart") != ["always"]:
                return
            time.sleep(seconds(self.unit["RestartSec"][0]))

    def told(self, line, after=0.0):
        """Whether it told this after a time."""
        return any(at >= after and text == line for at, text in self.states)

    def stop(self):
        self.wanted = False
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
        shutil.rmtree(self.root.path / "run" / f"{self.name}.notify", ignore_errors=True)
