#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The chair in a terminal: what is shown, what the keys do, and that the terminal is as before in the end."""
import os
import pty
import select
import signal
import subprocess
import termios
import time

from chair import TOOL, Chair, tool, wait_for


class Terminal:
    def __init__(self, chair, *args):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = chair.start(TOOL, "watch", f"--socket={chair.socket}", *args,
                                   stdin=self.slave, stdout=self.slave, stderr=subprocess.DEVNULL)

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 65536)
        return self.seen.decode(errors="replace")

    def shows(self, text):
        wait_for(f"\"{text}\" is shown", 5, lambda: text in self.read())

    def press(self, key):
        os.write(self.master, key.encode())

    def check_as_before(self):
        status = wait_for("it ends", 3, lambda: self.read() and self.process.poll() is not None and [self.process.returncode])
        assert status == [0], status
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is not as before"
        assert self.read().rstrip().endswith("\033[?1049l"), "the alternate screen is still there"


def actions(chair):
    return [e["action"] for e in chair.events() if e["type"] == "nurse"]


with Chair({"monitor": "ivy-450c"}) as chair:
    chair.start_monitor()
    chair.wait_links_up()
    view = Terminal(chair)
    view.shows("NO ALARM SOUND")
    view.shows("SpO")
    for key, action in (("m", "mark"), ("a", "ack"), ("p", "audio_pause"), ("s", "audio_pause"), ("\033[A", None), ("x", None)):
        before = actions(chair)
        view.press(key)
        if action is not None:
            wait_for(f"\"{key}\" is {action}", 3, lambda: view.read() and actions(chair) == before + [action])
    assert actions(chair) == ["mark", "ack", "audio_pause", "audio_pause"], actions(chair)
    view.press("q")
    view.check_as_before()

    # ended from outside, and with its monitor gone
    view = Terminal(chair)
    view.shows("SpO")
    chair.kill_monitor()
    view.shows("MONITOR STOPPED")
    view.process.send_signal(signal.SIGTERM)
    view.check_as_before()

    # without a terminal: plain frames; without a monitor: told at once
    chair.start_monitor()
    time.sleep(0.5)
    plain = tool("watch", f"--socket={chair.socket}", "--once").stdout
    assert "Test chair" in plain and "\033" not in plain, plain
    chair.stop_monitor()
    done = tool("watch", f"--socket={chair.socket}", "--once", check=False)
    assert done.returncode == 3 and str(chair.socket) in done.stderr, done
    print("the terminal shows, obeys and is left as it was")
