#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad callers on the monitor's socket: garbage, silence, wrong order, killed and stopped clients, one that never reads.

Through all of it the monitor goes on: its ticks come, its alarms work.
"""
import os
import signal
import socket
import subprocess
import time

from chair import TOOL, Chair, json_lines, tool, wait_for


class Caller:
    """Just enough of D-Bus (specification 0.38, "Message protocol") to say Hello and Subscribe by hand."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path))
        self.serial = 0

    def authenticate(self):
        uid = str(os.getuid()).encode().hex()
        self.socket.sendall(b"\0AUTH EXTERNAL " + uid.encode() + b"\r\n")
        assert self.socket.recv(4096).startswith(b"OK"), "refused"
        self.socket.sendall(b"BEGIN\r\n")

    def call(self, member, signature, body):
        self.serial += 1

        def text(value):
            raw = value.encode()
            return len(raw).to_bytes(4, "little") + raw + b"\0"

        def pad(data, n):
            return data + bytes(-len(data) % n)

        fields = b""
        for code, kind, value in ((1, "o", "/org/chairside/Monitor1"), (2, "s", "org.chairside.Monitor1"), (3, "s", member)):
            fields = pad(fields, 8) + bytes([code, 1]) + kind.encode() + b"\0" + text(value)
        fields = pad(fields, 8) + bytes([8, 1]) + b"g\0" + bytes([len(signature)]) + signature.encode() + b"\0"
        head = b"l" + bytes([1, 0, 1]) + len(body).to_bytes(4, "little") + self.serial.to_bytes(4, "little")
        self.socket.sendall(pad(head + len(fields).to_bytes(4, "little") + fields, 8) + body)

    def hello(self):
        name = b"never-reads"
        self.call("Hello", "us", (1).to_bytes(4, "little") + len(name).to_bytes(4, "little") + name + b"\0")

    def subscribe(self, is_screen=False):
        self.call("Subscribe", "tb", (1).to_bytes(8, "little") + int(is_screen).to_bytes(4, "little"))

    def is_closed(self):
        try:
            while self.socket.recv(65536):
                pass
            return True
        except socket.timeout:
            return False
        except OSError:
            return True


def check_alive(chair):
    before = [e["seq"] for e in chair.events() if e["type"] == "tick"]
    wait_for("ticks go on", 3, lambda: [e["seq"] for e in chair.events() if e["type"] == "tick"][-1] > before[-1])


with Chair({"monitor": "ivy-450c"}, instruments=False) as chair:
    chair.start_monitor()

    garbage = Caller(chair.socket)
    garbage.socket.sendall(os.urandom(4096))
    assert garbage.is_closed(), "garbage was not sent away"

    torn = Caller(chair.socket)
    torn.authenticate()
    torn.socket.sendall(b"l\1\0\1" + b"\xff" * 60)
    assert torn.is_closed(), "a torn message was not sent away"

    silent = Caller(chair.socket)
    begun = time.monotonic()
    assert silent.is_closed() and time.monotonic() - begun < 4.5, "a silent caller was not sent away"

    rude = Caller(chair.socket)
    rude.authenticate()
    rude.subscribe()
    answer = rude.socket.recv(65536)
    assert b"Hello" in answer, answer  # an error that says what to do first
    rude.socket.close()

    crowd = []
    while len(crowd) < 40:
        try:
            crowd.append(Caller(chair.socket))
        except BlockingIOError:  # the queue of the kernel is full: wait like a polite caller
            time.sleep(0.01)
    for caller in crowd:
        caller.socket.close()
    wait_for("room again", 5, lambda: chair.links(check=False).returncode == 0)
    assert oct(chair.socket.stat().st_mode & 0o777) == "0o600"

    # killed clients leave nothing behind
    for _ in range(3):
        watcher = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=subprocess.DEVNULL)
        time.sleep(0.3)
        watcher.kill()

    # one that subscribes and never reads is dropped, with a message
    slow = Caller(chair.socket)
    slow.authenticate()
    slow.hello()
    slow.subscribe()

    # one that is stopped is dropped, and comes back by itself
    stopped = chair.start(TOOL, "watch", f"--socket={chair.socket}", "--json", stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    stopped.send_signal(signal.SIGSTOP)

    check_alive(chair)
    wait_for("both are dropped with a message", 14, lambda: chair.messages().count("does not read or answer: dropped") == 2)
    stopped.send_signal(signal.SIGCONT)
    check_alive(chair)

    # unknown and impossible commands are refused by name, and nothing is journalled
    for args, word in (
        (("symptom", "purple_ears"), "purple_ears"),
        (("phase", "sleeping"), "sleeping"),
        (("ack", "no_such_label"), "no_such_label"),
        (("audio_pause", "--value=-5"), "-5"),
        (("break", "--value=7"), "7"),
    ):
        done = chair.nurse(*args, check=False)
        assert done.returncode == 3 and word in done.stderr, (args, done)
    for key, value in (("patient.weight_kg", "7000"), ("patient.wieght_kg", "70"), ("limit.NOSUCH.low", "5"), ("limit.HR.low", "x")):
        done = chair.setup("patient.age=50", f"{key}={value}", check=False)
        assert done.returncode == 3 and key in done.stderr, (key, done)
    assert not [e for e in chair.events() if e["type"] == "setup" and e.get("key") == "patient.age"], "half a setup was taken"

    # a second monitor is refused, and the first one is not disturbed
    second = subprocess.run([str(TOOL).replace("chairside-tool", "chairsided"), f"--config={chair.config}", "--no-sound"],
                            capture_output=True, text=True, timeout=5)
    assert second.returncode == 3 and f"pid {chair.monitor.pid}" in second.stderr, second
    check_alive(chair)
    assert chair.monitor.poll() is None
    chair.stop_monitor()
    assert not chair.socket.exists()
    print("the monitor minds nobody's manners")
