# SPDX-License-Identifier: GPL-3.0-or-later
"""The technician's side of a running chair: PIN, settings, provisioning by stick, health, power; and that a caller who is
wrong, early or uninvited changes nothing. Speaks D-Bus over the socket itself, as anybody might.
"""
import json
import os
import pathlib
import pty
import re
import socket
import stat
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from chair import BUILD, TOOL, Chair, json_lines, tool, wait_for  # noqa: E402

PIN, PATIENT = "4711", "SECRET-PATIENT-8231"


class Refused(Exception):
    pass


class Caller:
    """One connection to org.chairside.Admin1. Arguments: strings, booleans and numbers."""

    def __init__(self, path):
        self.serial = 0
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(20)
        self.line.connect(str(path))
        self.line.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        assert self.line.recv(4096).startswith(b"OK"), "not authenticated"
        self.line.sendall(b"BEGIN\r\n")

    def close(self):
        self.line.close()

    @staticmethod
    def text(value):
        raw = value.encode()
        return struct.pack("<I", len(raw)) + raw + b"\0"

    @classmethod
    def field(cls, out, code, kind, value):
        out += b"\0" * (-len(out) % 8) + bytes([code, 1]) + kind.encode() + b"\0"
        if kind == "g":
            return out + bytes([len(value)]) + value.encode() + b"\0"
        return out + b"\0" * (-len(out) % 4) + cls.text(value)

    def read(self, n):
        got = b""
        while len(got) < n:
            more = self.line.recv(n - len(got))
            if not more:
                raise Refused("hung up")
            got += more
        return got

    def message(self):
        """One message: type, the serial it answers, its body by its signature."""
        head = self.read(16)
        fields = self.read((struct.unpack("<I", head[12:16])[0] + 7) // 8 * 8)
        body = self.read(struct.unpack("<I", head[4:8])[0])
        at, answers, signature = 0, None, ""
        while at + 4 < len(fields) and fields[at]:
            code, kind = fields[at], chr(fields[at + 2])
            at += 4
            if kind == "g":
                value = fields[at + 1:at + 1 + fields[at]].decode()
                at += fields[at] + 2
            elif kind == "u":
                value = struct.unpack("<I", fields[at:at + 4])[0]
                at += 4
            else:
                n = struct.unpack("<I", fields[at:at + 4])[0]
                value = fields[at + 4:at + 4 + n].decode()
                at += n + 5
            at += -at % 8
            answers = value if code == 5 else answers
            signature = value if code == 8 else signature
        return head[1], answers, self.values(body, signature)

    @staticmethod
    def values(body, signature):
        out, at = [], 0
        for kind in signature if set(signature) <= set("sub") else "":
            at += -at % 4
            number = struct.unpack("<I", body[at:at + 4])[0]
            at += 4
            if kind == "s":
                out.append(body[at:at + number].decode())
                at += number + 1
            else:
                out.append(bool(number) if kind == "b" else number)
        return out

    def call(self, method, *args):
        self.serial += 1
        body = b""
        for arg in args:
            if isinstance(arg, float):
                body += b"\0" * (-len(body) % 8) + struct.pack("<d", arg)
            else:
                body += b"\0" * (-len(body) % 4) + (struct.pack("<I", arg) if isinstance(arg, bool) else self.text(arg))
        fields = self.field(b"", 1, "o", "/org/chairside/Monitor1")
        fields = self.field(fields, 2, "s", "org.chairside.Admin1")
        fields = self.field(fields, 3, "s", method)
        if args:
            fields = self.field(fields, 8, "g", "".join({bool: "b", float: "d"}.get(type(a), "s") for a in args))
        head = b"l\1\0\1" + struct.pack("<III", len(body), self.serial, len(fields)) + fields
        self.line.sendall(head + b"\0" * (-len(head) % 8) + body)
        while True:
            kind, answers, values = self.message()
            if answers == self.serial:
                if kind == 3:
                    raise Refused(values[0] if values else "")
                return values


def refused(words, call, *args):
    try:
        answer = call(*args)
    except Refused as why:
        assert words in str(why), f"{args}: refused with \"{why}\", not with \"{words}\""
        return
    raise AssertionError(f"{args} was taken: {answer}")


def type_pin(config, *typed):
    """chairside-tool pin on a terminal of its own; what it showed, and its status."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(TOOL, ["chairside-tool", "pin", f"--config={config}"])
    shown = b""
    for line in typed:
        while not shown.endswith(b": "):
            shown += os.read(master, 1024)
        os.write(master, line.encode() + b"\n")
        shown += b"|"
    try:
        while True:
            shown += os.read(master, 1024)
    except OSError:
        pass
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def make_chair(chair):
    stick = chair.folder / "stick"
    stick.mkdir()
    tool("provision", "keygen", chair.folder / "desk.sec", chair.folder / "provision.pub")
    text = chair.config.read_text().replace("demonstration=yes\n", "").split("[session]")[0]
    links = "".join(f"\n[link.{n}]\ndriver={d}\naddress=tty:{chair.folder}/{n}\n" for n, d in chair.links_wanted.items())
    chair.config.write_text(f"{text}[export]\nmedium={stick}\n\n[provision]\nserial=3\n{links}")
    chair.config.chmod(0o600)
    return stick


def pin_on_the_terminal(chair):
    before = chair.config.read_text()
    for typed, words in ((("1234", "1234"), "row of digits"), (("47a1", "47a1"), "4 to 12 digits"), (("4711", "4712"), "two different")):
        shown, status = type_pin(chair.config, *typed)
        assert status == 3 and words in shown, shown
        assert not any(t in shown for t in typed), "the PIN was shown"
    assert chair.config.read_text() == before
    shown, status = type_pin(chair.config, PIN, PIN)
    assert status == 0 and PIN not in shown, shown
    assert re.search(r"^pin_hash = \$y\$", chair.config.read_text(), re.M)
    assert tool("check", chair.config).returncode == 0
    done = subprocess.run([TOOL, "pin"], stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True)
    assert done.returncode == 2 and "terminal" in done.stderr, done.stderr


def nothing_without_the_pin(chair, caller):
    for method, args in (("Set", ("screen.look", "night")), ("ProvisionLook", ()), ("ProvisionTake", ("0" * 64,)), ("ProvisionOut", ())):
        refused("needs the technician's PIN", caller.call, method, *args)
    for pin in ("", "0000", "4711 ", "%s%n", "9" * 100000):
        answer = caller.call("Unlock", pin)
        assert answer[0] is False, pin
        if answer[1] > 0:
            break
    assert answer[1] > 20, f"after wrong ones: {answer}"
    assert caller.call("Unlock", PIN)[0] is False, "the wait can be passed with the right one"
    chair.stop_monitor()
    chair.start_monitor()
    again = Caller(chair.socket)
    assert again.call("Unlock", PIN)[1] > 20, "a restart shortens the wait"
    again.close()


def forget_wrong_ones(chair):
    """What a technician at the keyboard of the machine does; everybody else waits."""
    chair.stop_monitor()
    (chair.folder / "recordings" / "pin-wrong").unlink()
    chair.start_monitor()


def open_for_one(chair):
    caller, other = Caller(chair.socket), Caller(chair.socket)
    assert caller.call("Unlock", PIN) == [True, 0, ""]
    refused("needs the technician's PIN", other.call, "Set", "screen.look", "night")
    other.close()
    return caller


def settings(chair, caller):
    caller.call("Set", "screen.look", "night")
    caller.call("Set", "screen.night_from", "20:30")
    assert json.loads(caller.call("Settings")[0])["night_from"] == 20 * 60 + 30
    for key, value, words in (("screen.look", "nite", "unknown look"), ("sound.floor_db", "-60", "unknown setting"),
                              ("sound.volume_db", "-55", "must not be below floor_db"), ("chair.name", "x", "unknown setting"),
                              ("screen.look", "night\n[access]", "one line"), ("screen.text_scale", "1e300", "1 to 1.3")):
        before = chair.config.read_bytes()
        refused(words, caller.call, "Set", key, value)
        assert chair.config.read_bytes() == before, key
    assert "$y$" not in caller.call("Settings")[0], "the hash goes to the screen"


def provisioning(chair, caller, stick):
    assert "cannot open" in json.loads(caller.call("ProvisionLook")[0])["refused"]
    path = caller.call("ProvisionOut")[0]
    assert path == str(stick / "chairside" / "chair.ini")
    text = pathlib.Path(path).read_text()
    assert "pin_hash = keep" in text and "$y$" not in text
    assert "not signed" in json.loads(caller.call("ProvisionLook")[0])["refused"]
    # At the desk: another language, a higher serial, signed. The instruments of this test are no serial ports.
    new = text.replace("serial=3", "serial=4") + "[screen]\nlanguage=de\n" if "[screen]" not in text else \
        text.replace("serial=3", "serial=4").replace("[screen]", "[screen]\nlanguage = de")
    desk = chair.folder / "desk.ini"
    desk.write_text(new)
    tool("provision", "export", f"--config={desk}", f"--key={chair.folder}/desk.sec", stick)
    look = json.loads(caller.call("ProvisionLook")[0])
    assert "is no serial port" in look["refused"], look
    desk.write_text(re.sub(r"address=tty:\S+/", "address=serial:/dev/ttyUSB", new).replace("ttyUSBmonitor", "ttyUSB0").replace("ttyUSBpump", "ttyUSB1"))
    tool("provision", "export", f"--config={desk}", f"--key={chair.folder}/desk.sec", stick)
    look = json.loads(caller.call("ProvisionLook")[0])
    changes = {c["key"]: (c["before"], c["after"]) for c in look["changes"]}
    assert changes["screen.language"] == (None, "de") and changes["provision.serial"] == ("3", "4"), look
    assert "access.pin_hash" not in changes
    refused("not the one that was looked at", caller.call, "ProvisionTake", "0" * 64)
    return look["digest"]


def nothing_in_a_session(chair, caller, digest):
    chair.setup(f"patient.id={PATIENT}", "patient.weight_kg=70")
    chair.nurse("phase", "prepared")
    before = chair.config.read_bytes()
    refused("a session is running", caller.call, "ProvisionTake", digest)
    refused("a session is running", caller.call, "SoundTest")
    for really in (False, True):
        power = json.loads(caller.call("PowerOff", really)[0])
        assert power == {"done": False, "why": "session", "message": "a session is running: end it first"}, power
    assert chair.config.read_bytes() == before
    tool("session", f"--socket={chair.socket}", "new")


def power(caller):
    assert json.loads(caller.call("PowerOff", False)[0])["why"] == "confirm"
    answer = json.loads(caller.call("PowerOff", True)[0])
    assert answer["why"] == "dry_run" and "/poweroff" in answer["message"], answer


def power_of_a_service(chair):
    """Where systemd runs it, a file asks chairside-poweroff.path; nothing is switched off by the monitor itself."""
    folder = chair.folder / "run"
    folder.mkdir()
    chair.stop_monitor()
    os.environ.update(RUNTIME_DIRECTORY=str(folder), INVOCATION_ID="0" * 32)
    chair.start_monitor()
    del os.environ["RUNTIME_DIRECTORY"], os.environ["INVOCATION_ID"]
    caller = Caller(chair.socket)
    assert json.loads(caller.call("PowerOff", False)[0])["why"] == "confirm" and not (folder / "poweroff").exists()
    assert json.loads(caller.call("PowerOff", True)[0])["done"] is True and (folder / "poweroff").exists()
    caller.close()


def health(chair, caller):
    done = tool("health", "--json", f"--socket={chair.socket}", check=False)
    facts = json.loads(done.stdout)
    assert done.returncode == 1 and facts["running"] is True
    for key in ("version", "started", "uptime_s", "starts", "unclean_ends", "storage", "temperature_c", "clock", "sound", "links",
                "screen_attached", "phase", "recording_good"):
        assert key in facts, key
    assert {"no_sound", "sound_test_due", "screen_lost"} <= set(facts["findings"]), facts["findings"]
    assert len(facts["links"]) == 2 and facts["storage"]["free_bytes"] > 0 and facts["clock"]["set"] is True
    chair.nurse("self_test", "--value=1")
    facts = json.loads(caller.call("Health")[0])
    assert "sound_test_due" not in facts["findings"] and facts["sound"]["heard"] is True and facts["sound"]["tested"]
    starts = facts["starts"]
    chair.kill_monitor()
    done = tool("health", "--json", f"--socket={chair.socket}", check=False)
    assert done.returncode == 1 and json.loads(done.stdout) == {"type": "health", "running": False, "findings": ["not_running"]}
    chair.start_monitor()
    facts = json.loads(tool("health", "--json", f"--socket={chair.socket}", check=False).stdout)
    assert facts["starts"] == starts + 1 and facts["unclean_ends"] >= 1, facts


def calls(caller):
    assert json.loads(caller.call("Calls")[0]) == {"calls": []}, "nobody's session was a day ago"
    refused("has no session", caller.call, "AddCall", "A-17", "s1", "reached", 3.0, 6.0, "", "")
    refused("is no patient id", caller.call, "AddCall", "", "s1", "reached", 3.0, float("nan"), "", "")
    refused("nobody was asked", caller.call, "AddCall", "A-17", "s1", "declined", 3.0, 6.0, "", "")
    refused("reached, not_reached or declined", caller.call, "AddCall", "A-17", "s1", "dunno", 3.0, 6.0, "", "")


def taking(chair, digest):
    caller = Caller(chair.socket)
    assert caller.call("Unlock", PIN)[0]
    caller.call("ProvisionTake", digest)
    caller.close()
    wait_for("the new configuration is served", 10, lambda: language(chair) == "de")
    assert chair.monitor.poll() is None
    assert (chair.folder / "chair.ini.before").exists()
    assert re.search(r"^pin_hash = \$y\$", chair.config.read_text(), re.M), "the PIN did not stay"
    again = Caller(chair.socket)
    wait_for("what the monitor does at its start is done", 5, lambda: unlocked(again))
    assert "it is an old one" in json.loads(again.call("ProvisionLook")[0])["refused"]
    again.close()


def unlocked(caller):
    try:
        return caller.call("Unlock", PIN)[0]
    except Refused as why:
        assert "another thing is being done" in str(why), why
        return False


def language(chair):
    try:
        caller = Caller(chair.socket)
        answer = json.loads(caller.call("Settings")[0])["language"]
        caller.close()
        return answer
    except (OSError, Refused, AssertionError):
        return None


def modes(chair):
    """Everything that was made is its owner's alone."""
    for path in [chair.socket, *chair.folder.glob("recordings/*"), *chair.folder.glob("chair.ini*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode & 0o077 == 0, f"{path.name}: {mode:o}"
    assert stat.S_IMODE((chair.folder / "recordings").stat().st_mode) & 0o077 == 0
    assert any(p.name.endswith("-wal") for p in chair.folder.glob("recordings/*")), "no journal of SQLite to look at"


def limits(chair):
    """No core, and nobody else may look into the process."""
    line = next(w for w in pathlib.Path(f"/proc/{chair.monitor.pid}/limits").read_text().splitlines() if w.startswith("Max core"))
    assert line.split()[4:6] == ["0", "0"], line


def strangers(chair):
    """Another user is sent away by what the kernel says of him."""
    if os.getuid() != 0:
        return
    chair.folder.chmod(0o755)
    code = (f"import os,socket\nos.setgid(65534); os.setuid(65534)\ns = socket.socket(socket.AF_UNIX)\n"
            f"s.connect({str(chair.socket)!r})\ns.sendall(b'\\0AUTH EXTERNAL 30\\r\\n')\nassert s.recv(100) == b''\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode != 0 and "PermissionError" in done.stderr, done.stderr
    chair.socket.chmod(0o666)  # even then
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0 or "ConnectionReset" in done.stderr or "BrokenPipe" in done.stderr, done.stderr
    chair.socket.chmod(0o600)
    assert "user 65534 is not allowed" in chair.messages()


def logs(chair):
    """What was done is in the audit log, whole; and no PIN, hash or patient is anywhere in it or in the machine's log."""
    log = tool("audit", "--json", f"--config={chair.config}")
    actions = [line["action"] for line in json_lines(log.stdout)]
    for action in ("pin_wrong", "pin_right", "setting", "provision_out", "provision_refused", "provision"):
        assert action in actions, f"{action} is not in the audit log"
    for text in (log.stdout, chair.messages()):
        assert PATIENT not in text and "$y$" not in text
        assert not re.search(rf"\b{PIN}\b", text)
    path = chair.folder / "recordings" / "audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"pin_wrong", b"pin_right", 1))
    broken = tool("audit", f"--config={chair.config}", check=False)
    assert broken.returncode == 1, "a changed line does not show"


with Chair() as chair:
    stick = make_chair(chair)
    pin_on_the_terminal(chair)
    chair.start_monitor()
    first = Caller(chair.socket)
    nothing_without_the_pin(chair, first)
    forget_wrong_ones(chair)
    caller = open_for_one(chair)
    settings(chair, caller)
    digest = provisioning(chair, caller, stick)
    nothing_in_a_session(chair, caller, digest)
    power(caller)
    modes(chair)
    limits(chair)
    calls(caller)
    health(chair, caller)
    strangers(chair)
    taking(chair, digest)
    logs(chair)
    power_of_a_service(chair)
    chair.stop_monitor()
    print("PIN, settings, stick, health and power: what is right is done, what is wrong changes nothing")
