#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chair's PC from power-on to power cut, in a virtual machine: Debian by debootstrap, our packages, Debian's kernel and
systemd, a panel, a sound card, and two FTDI adapters whose other ends are simulated instruments on the host.

  boot to the chair view · services, sandbox and udev rules as promised · keys that lead nowhere · compositor and monitor
  killed · USB stick · power cut in a session, boot again: the session is there and goes on · switching off

Usage: boot.py BUILD [FOLDER]     BUILD: a build of this tree (its chairside-sim); FOLDER has packages that are built already
Pictures and logs are in BUILD/vm-boot. By hand or nightly: root, qemu-system-x86, e2fsprogs, and a Debian mirror the first
time. tests/README.md has measured times; without a processor for /dev/kvm the machine is emulated.
"""
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kiosk"))
import package  # noqa: E402
import root as roots  # noqa: E402
from picture import Picture, describe, shows_chair  # noqa: E402

BOOT_S = {True: 120.0, False: 900.0}  # with and without KVM, on a busy machine
BACK_S = 5.0  # with KVM; software emulation is only asked to come back
CUT_AFTER_S = 20.0
EXTRA = ["linux-image-amd64", "initramfs-tools", "procps"]
CONFIG = """[chair]
name = Chair 3
demonstration = yes

[screen]
look = day

[sound]
device = default
keep_awake = yes

[link.monitor]
driver = ivy-450c
address = usb:0403:6001:CHAIR1

[link.pump1]
driver = bbraun-bcc
address = usb:0403:6001:PUMP1

[session]
patient.id = TEST-1
patient.weight_kg = 70
"""
# A shell for this test on the second serial port; it is no part of the package.
SHELL_UNIT = """[Unit]
Description=Shell of the test
[Service]
Environment=SYSTEMD_COLORS=0 SYSTEMD_URLIFY=0 SYSTEMD_PAGER=cat
ExecStart=/bin/sh -c 'while read -r line; do eval "$line"; done'
StandardInput=tty-force
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS1
ExecStartPre=/bin/stty -F /dev/ttyS1 raw -echo
[Install]
WantedBy=sysinit.target
"""


# Software emulation is many times slower than the slowest PC; the units' own limits are for PCs.
SLOW_UNIT = """[Service]
TimeoutStartSec=600
WatchdogSec=300
"""


def has_kvm():
    """/dev/kvm alone says little: in a virtual machine it can be there without a processor behind it."""
    return os.access("/dev/kvm", os.W_OK) and re.search(r"\b(vmx|svm)\b", pathlib.Path("/proc/cpuinfo").read_text()) is not None


def wait_for(what, limit_s, condition, every_s=0.2):
    begun = time.monotonic()
    while not (answer := condition()):
        if time.monotonic() - begun > limit_s:
            raise AssertionError(f"not within {limit_s:.0f} s: {what}")
        time.sleep(every_s)
    return answer, time.monotonic() - begun


def make_disk(debs, folder):
    """(disk, kernel, initial RAM disk)"""
    lower = roots.with_packages(roots.depends_of(debs), package.EXTRA, "kiosk")
    base = roots.with_packages([], EXTRA, "vm", lower)
    disk = folder / "disk"
    with roots.Root(base) as root:
        (root.path / "usr/sbin/policy-rc.d").unlink()
        root.install(debs)
        (root.path / "etc/chairside/chair.ini").write_text(CONFIG)
        (root.path / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n")
        (root.path / "etc/hostname").write_text("chair-3\n")
        (root.path / "etc/systemd/system/test-shell.service").write_text(SHELL_UNIT)
        (root.path / "var/log/journal").mkdir(exist_ok=True)
        root.run(["systemctl", "enable", "test-shell.service"])
        for unit in () if has_kvm() else ("chairsided", "chairside-screen"):
            folder_d = root.path / f"etc/systemd/system/{unit}.service.d"
            folder_d.mkdir(parents=True)
            (folder_d / "slow.conf").write_text(SLOW_UNIT)
        root.run(["systemctl", "set-default", "graphical.target"])
        kernel, initrd = (sorted((root.path / "boot").glob(f"{n}-*"))[-1] for n in ("vmlinuz", "initrd.img"))
        shutil.copy(kernel, folder / "kernel")
        shutil.copy(initrd, folder / "initrd")
        root.unmount(keep=len(root.mounts) - 4)
        with open(disk, "wb") as file:
            file.truncate(4 << 30)
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", root.path, disk], check=True)
    return disk, folder / "kernel", folder / "initrd"


def connect(path):
    return wait_for(f"qemu at {path}", 20, lambda: try_connect(path), 0.05)[0]


def try_connect(path):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect(str(path))
        return s
    except OSError:
        s.close()
        return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Machine:
    """One power-on of the chair's PC."""

    def __init__(self, disk, kernel, initrd, ports, folder, number):
        self.folder, self.number, self.has_kvm = folder, number, has_kvm()
        self.begun = time.monotonic()
        qemu = ["qemu-system-x86_64", "-M", "q35", "-accel", "kvm" if self.has_kvm else "tcg,thread=multi", "-cpu", "host" if self.has_kvm else "max",
                "-smp", "2", "-m", "1536", "-nodefaults", "-display", "none", "-no-reboot", "-device", "virtio-vga",
                "-drive", f"file={disk},if=virtio,format=raw,cache=writeback", "-kernel", str(kernel), "-initrd", str(initrd),
                "-append", "root=/dev/vda rw console=tty0 console=ttyS0 net.ifnames=0",
                "-serial", f"file:{folder}/console-{number}.log", "-serial", f"unix:{folder}/shell,server=on,wait=off",
                "-qmp", f"unix:{folder}/qmp,server=on,wait=off", "-device", "qemu-xhci,id=xhci",
                "-audiodev", f"wav,id=loudspeaker,path={folder}/heard-{number}.wav", "-device", "intel-hda",
                "-device", "hda-output,audiodev=loudspeaker"]
        for name, port in ports.items():
            adapter = {"driver": "usb-serial", "bus": "xhci.0", "chardev": name, "serial": name, "always-plugged": True}
            qemu += ["-chardev", f"socket,id={name},host=127.0.0.1,port={port},reconnect=1", "-device", json.dumps(adapter)]
        self.qemu = subprocess.Popen(qemu)
        self.qmp_file = connect(folder / "qmp").makefile("rw")
        self.qmp_file.readline()
        self.qmp("qmp_capabilities")
        self.shell = connect(folder / "shell")

    def qmp(self, command, **arguments):
        self.qmp_file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.qmp_file.flush()
        while True:
            answer = json.loads(self.qmp_file.readline())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return

    def picture(self, name=None):
        """Of the panel; with a name it is kept, as PNG."""
        path = self.folder / "dump.ppm"
        self.qmp("screendump", filename=str(path))
        if name:
            self.qmp("screendump", filename=str(self.folder / f"{name}.png"), format="png")
        return Picture(path)

    def wait_for_chair(self, limit_s):
        """Seconds until the panel shows it."""
        last = None

        def look():
            nonlocal last
            assert self.qemu.poll() is None, "the machine went off"
            last = self.picture()
            return shows_chair(last)

        try:
            return wait_for("the chair on the panel", limit_s, look, 0.5)[1]
        except AssertionError as problem:
            raise AssertionError(f"{problem}; last picture: {describe(last)}") from None

    def do(self, command, check=True, limit_s=120.0):
        """Runs it in the guest; its output."""
        mark = f"done-{time.monotonic_ns()}"
        self.shell.sendall(f"{{ {command}; }} 2>&1; echo \"{mark[:4]}\"\"{mark[4:]} $?\"\n".encode())
        self.shell.settimeout(1.0)
        out, end = b"", time.monotonic() + limit_s
        while not (found := re.search(rb"(?s)(.*?)" + mark.encode() + rb" (\d+)\r?\n", out)):
            if time.monotonic() > end:
                raise AssertionError(f"the guest does not answer: {command}: {out[-500:]!r}")
            try:
                out += self.shell.recv(65536)
            except TimeoutError:
                pass
        text, status = found.group(1).decode(errors="replace").replace("\r\n", "\n"), int(found.group(2))
        assert not check or status == 0, f"{command}: status {status}\n{text}"
        return text

    def property(self, unit, name):
        return self.do(f"systemctl show -P {name} {unit}").strip()

    def cut_power(self):
        self.qemu.kill()
        self.qemu.wait()

    def close(self):
        if self.qemu.poll() is None:
            self.cut_power()


# ---- what is looked at ----

def check_services(vm):
    for unit in ("chairsided", "chairside-screen", "seatd"):
        assert vm.property(unit, "ActiveState") == "active", vm.do(f"systemctl status {unit}; journalctl -u {unit} | tail -40", check=False)
    # The screen may have come before the driver of the panel: cage waits for 10 s, and is then started again.
    if vm.has_kvm:
        assert vm.property("chairside-screen", "NRestarts") == "0", vm.do("journalctl -u chairside-screen | tail -40", check=False)
    assert vm.property("chairsided", "NRestarts") == "0", vm.do("journalctl -u chairsided | tail -40", check=False)
    failed = vm.do("systemctl --failed --plain --no-legend").strip()
    assert not failed, f"failed units: {failed}"
    users = vm.do("ps -o user=,comm= -C chairsided,cage,chairside | sort -u").split()
    assert users[0::2] == ["chairsi+", "chairsi+", "chairsi+"] or "root" not in users, users
    exposure = float(re.search(r": ([\d.]+)", vm.do("systemd-analyze security --no-pager chairsided | tail -1")).group(1))
    assert exposure <= package.EXPOSURE_MAX
    print(f"services run, none as root, none failed; exposure of the monitor {exposure}")


def check_adapters(vm):
    told = vm.do("for t in /dev/ttyUSB0 /dev/ttyUSB1; do stat -c '%G %a' $t; udevadm info $t; cat /sys/class/tty/${t#/dev/}/device/latency_timer; done")
    for want in ("dialout 660", "ID_MM_DEVICE_IGNORE=1", "S: chairside/0403-6001-CHAIR1", "S: chairside/at-"):
        assert told.count(want) >= (1 if "CHAIR1" in want else 2), f"{want} is missing:\n{told}"
    assert len(re.findall(r"(?m)^1$", told)) == 2, f"latency_timer is not 1 ms:\n{told}"
    links = vm.do("chairside-tool links")
    assert links.count('"state":"up"') == 2, links
    print("adapters: dialout, ModemManager kept away, links that stay, 1 ms; both instruments are heard")


def check_locked(vm):
    """Keys that lead out of other screens."""
    screen = vm.property("chairside-screen", "MainPID")
    for keys in ("ctrl alt f2", "ctrl alt delete", "alt sysrq b", "ctrl alt backspace", "alt tab", "ctrl shift d", "ctrl shift i", "meta_l"):
        vm.qmp("send-key", keys=[{"type": "qcode", "data": k} for k in keys.split()])
        time.sleep(0.3)
    time.sleep(2)
    assert vm.qemu.poll() is None and shows_chair(vm.picture("keys")), "a key led away from the chair"
    assert vm.property("chairside-screen", "MainPID") == screen, "a key ended the screen"
    print("Ctrl+Alt+F2, Ctrl+Alt+Del, SysRq, Ctrl+Alt+Backspace, Alt+Tab, inspector: the chair is still there")


def check_kills(vm):
    monitor = vm.property("chairsided", "MainPID")
    screen = vm.property("chairside-screen", "MainPID")
    killed = time.monotonic()
    vm.do("systemctl kill --signal=KILL chairside-screen")
    limit_s = BACK_S if vm.has_kvm else 300.0
    wait_for("another screen", limit_s, lambda: vm.property("chairside-screen", "MainPID") not in ("0", screen))
    wait_for("the screen is ready", limit_s, lambda: vm.property("chairside-screen", "ActiveState") == "active")
    vm.wait_for_chair(limit_s)
    back = time.monotonic() - killed
    assert vm.property("chairsided", "MainPID") == monitor, "the monitor went with its screen"
    print(f"compositor killed: back after {back:.1f} s, the same monitor")
    assert back <= limit_s, f"the screen took {back:.1f} s"

    screen, killed = vm.property("chairside-screen", "MainPID"), time.monotonic()
    vm.do("systemctl kill --signal=KILL chairsided")
    wait_for("the monitor is back", limit_s, lambda: vm.property("chairsided", "ActiveState") == "active")
    back = time.monotonic() - killed
    wait_for("instruments", 10 * limit_s, lambda: vm.do("chairside-tool links", check=False).count('"state":"up"') == 2)
    vm.wait_for_chair(10 * limit_s)
    assert vm.property("chairside-screen", "MainPID") == screen, "the screen went with its monitor"
    print(f"monitor killed: back after {back:.1f} s, the same screen")


def loudness(path):
    """Greatest sample of what the machine's sound card played, 0 to 1."""
    data = path.read_bytes()[44:]  # qemu writes the lengths of the header when it ends
    samples = memoryview(data[:len(data) // 2 * 2]).cast("h")
    return max((abs(s) for s in samples), default=0) / 32768


def begin_session(vm):
    vm.do("chairside-tool nurse phase infusing && chairside-tool nurse mark --text=before-the-cut && chairside-tool nurse symptom chest_pain")
    wait_for("an alarm", 60, lambda: '"check_patient"' in vm.do("chairside-tool watch --once --json | grep '\"type\":\"alarm\"'", check=False), 1.0)
    wait_for("the alarm is heard", 120, lambda: loudness(vm.folder / f"heard-{vm.number}.wav") > 0.05, 1.0)
    vm.picture("session")
    print(f"a session, an alarm; the sound card played it, peak {loudness(vm.folder / f'heard-{vm.number}.wav'):.2f} of full scale")


def check_stick(vm):
    if shutil.which("mkfs.vfat", path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
        print("USB stick: not tried, mkfs.vfat (dosfstools) is not installed here")
        return
    stick = vm.folder / "stick"
    with open(stick, "wb") as file:
        file.truncate(32 << 20)
    subprocess.run(["mkfs.vfat", stick], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"})
    vm.qmp("blockdev-add", **{"driver": "raw", "node-name": "stick", "file": {"driver": "file", "filename": str(stick)}})
    vm.qmp("device_add", driver="usb-storage", id="stick-device", drive="stick", bus="xhci.0", removable=True)
    wait_for("the stick is mounted", 60, lambda: "/media/chairside" in vm.do("grep chairside /proc/mounts", check=False))
    assert "nosuid,nodev,noexec" in vm.do("grep /media/chairside /proc/mounts")
    for unit, user in (("chairsided", "chairside"), ("chairside-screen", "chairside-screen")):  # as each sees it in its sandbox
        vm.do(f"nsenter --mount --target $(systemctl show -P MainPID {unit}) setpriv --reuid={user} --regid={user} --init-groups "
              f"sh -c 'echo {unit} >/media/chairside/{unit}.txt'")
    vm.qmp("device_del", id="stick-device")
    wait_for("the stick is gone", 60, lambda: "/media/chairside" not in vm.do("cat /proc/mounts"))
    print("USB stick: mounted nosuid,nodev,noexec, written by monitor and screen, gone when pulled")


def events(vm):
    """What people and alarms did; the rest is much for a serial line."""
    text = vm.do("chairside-tool watch --once --json | grep '\"type\":\"\\(nurse\\|alarm\\|setup\\|clock\\)\"'")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [e for e in lines if "seq" in e]  # what has none is said by the watcher and not by the journal


def recordings(vm):
    return vm.do("ls /var/lib/chairside/sessions/*.chairside").split()


def info(vm, path):
    return json.loads(vm.do(f"chairside-tool info --json {path}"))


def check_resumed(vm, before, names):
    after = events(vm)
    assert recordings(vm) == names, f"{recordings(vm)}, before the cut {names}"
    kept = {(e["seq"], e["type"]) for e in after}
    lost = [e for e in before if (e["seq"], e["type"]) not in kept]
    assert not lost, f"lost with the power: {lost}"
    assert [e for e in after if e["type"] == "clock" and e.get("code") == "resume"], "the recording does not tell of the cut"
    assert [e for e in after if e["type"] == "nurse" and e.get("text") == "before-the-cut"]
    newest = info(vm, names[-1])
    time.sleep(3)
    assert info(vm, names[-1])["duration_ms"] > newest["duration_ms"], "the recording does not go on"
    check = vm.do(f"chairside-tool check {names[-1]}", check=False)
    print(f"after the cut: the same recording goes on, all {len(before)} acts, alarms and entries are there; check: {check.strip().splitlines()[-1]}")


def check_power_off(vm):
    vm.do("setpriv --reuid=chairside-screen --regid=chairside-screen --init-groups touch /run/chairside/poweroff && echo bad || true")
    assert not vm.do("ls /run/chairside").count("poweroff"), "the screen may switch the machine off without asking the monitor"
    vm.shell.sendall(b"setpriv --reuid=chairside --regid=chairside --init-groups touch /run/chairside/poweroff\n")
    vm.qemu.wait(timeout=60 if vm.has_kvm else 300)
    print("switched off by the monitor's request, by nobody else's")


def start_instruments(build):
    ports = {"CHAIR1": free_port(), "PUMP1": free_port()}
    args = [a for driver, port in zip(("ivy-450c", "bbraun-bcc"), ports.values()) for a in (f"--driver={driver}", f"--tcp={port}")]
    return subprocess.Popen([build / "app/chairside-sim", *args, "--seed=1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), ports


def first_day(vm):
    took = vm.wait_for_chair(BOOT_S[vm.has_kvm])
    vm.picture("boot")
    print(f"power on to the chair view: {took:.1f} s")
    check_services(vm)
    check_adapters(vm)
    check_locked(vm)
    check_kills(vm)
    check_stick(vm)
    begin_session(vm)
    time.sleep(CUT_AFTER_S)
    return events(vm), recordings(vm)


def second_day(vm, before, names):
    took = vm.wait_for_chair(BOOT_S[vm.has_kvm])
    print(f"power cut, power on to the chair view: {took:.1f} s")
    time.sleep(3)
    vm.picture("after-the-cut")
    check_resumed(vm, before, names)
    check_services(vm)
    check_power_off(vm)


def run(build, debs, folder):
    disk, kernel, initrd = make_disk(debs, folder)
    print(f"disk: {disk.stat().st_blocks * 512 >> 20} MiB used")
    instruments, ports = start_instruments(build)
    vm = None
    try:
        vm = Machine(disk, kernel, initrd, ports, folder, 1)
        before, names = first_day(vm)
        vm.cut_power()
        vm = Machine(disk, kernel, initrd, ports, folder, 2)
        second_day(vm, before, names)
    except (AssertionError, LookupError, ValueError, RuntimeError, subprocess.SubprocessError, OSError) as problem:
        print(f"boot: {problem}")
        if vm and vm.qemu.poll() is None:
            vm.picture(f"failed-{vm.number}")
            print(vm.do("journalctl -b -p warning --no-pager | tail -40; journalctl -b -u chairsided -u chairside-screen --no-pager | tail -60", check=False))
        return 1
    finally:
        if vm:
            vm.close()
        instruments.terminate()
        instruments.wait()
        disk.unlink()
    return 0


def main(build, debs=None):
    roots.need("qemu-system-x86_64", "mke2fs", "chroot", "mount")
    build, begun = pathlib.Path(build).resolve(), time.monotonic()
    out = build / "vm-boot"
    out.mkdir(exist_ok=True)
    found = sorted(p for p in pathlib.Path(debs).glob("chairside*_*.deb") if "dbgsym" not in p.name) if debs else roots.build_debs(build / "deb")
    with tempfile.TemporaryDirectory(prefix="chs-vm-", dir="/var/tmp") as tmp:
        folder = pathlib.Path(tmp)
        status = run(build, found, folder)
        for kept in [*folder.glob("*.png"), *folder.glob("*.log"), *folder.glob("heard-1.wav")]:
            shutil.copy(kept, out)
    print(f"boot: {'as promised' if status == 0 else 'FAILED'} ({time.monotonic() - begun:.0f} s); pictures in {out}")
    return status


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    sys.stdout.reconfigure(line_buffering=True)
    os.umask(0o022)
    sys.exit(main(*sys.argv[1:]))
