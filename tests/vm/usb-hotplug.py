#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real USB adapter, pulled out and put back, in a virtual machine.

qemu gives the guest an FTDI adapter, driven by the kernel's own ftdi_sio; the guest runs
one link of Chairside on it (link-watch.c), by the adapter's identity. The host plays the
instrument: it sends numbered values, pulls the adapter, puts it back, and looks at what the
guest tells. Promised: the loss is seen within 2 s, values come again within 5 s of the
replug, no value comes twice, and none is missing but those of the gap.

Usage: usb-hotplug.py WATCH            WATCH: the built link-watch
       usb-hotplug.py --fetch DIR      downloads Debian's kernel and busybox and unpacks (not: installs) them in DIR

Needs qemu-system-x86, a static busybox and a kernel with modules: the running system's, or one unpacked in
a directory that CHS_VM_KERNEL names (tests/run fetches both into its build directory where qemu is
installed). Where one is missing it says so and ends with 77.

The machine is emulated in software: about 40 s on a busy one. CHS_VM_ACCEL=kvm is faster where it
works; it is not the default, because a /dev/kvm that is there and does nothing is common in clouds.
"""
import gzip
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

SKIP = 77
LOSS_S, RESUME_S = 2.0, 5.0  # promised
GAPS_S = (8.0, 3.0, 0.3)  # longer than the longest back-off, short, and a bump of the plug
BOOT_S = 120.0  # software emulation on a busy machine
EVERY_S = 0.05  # between two values
FLIGHT_S = 0.3  # sent so long before the pull, a value may have been in the adapter still
MODULES = ["usb-common", "usbcore", "xhci-hcd", "xhci-pci", "usbserial", "ftdi_sio"]
ADDRESS = "usb:0403:6001:CHAIR1?9600/8n1"
INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs dev /dev
for m in {modules}; do /bin/busybox insmod /modules/$m.ko || echo "insmod $m failed"; done
/bin/busybox stty -F /dev/ttyS1 raw
exec /bin/link-watch '{address}' > /dev/ttyS1
"""


def skip(why):
    print(f"usb-hotplug: skipped: {why}")
    sys.exit(SKIP)


def unpack(package, names, directory):
    """These files of a Debian package; the kernel's has 400 MB of others."""
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package], check=True, cwd=tmp)
        deb = next(pathlib.Path(tmp).glob("*.deb"))
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(deb)], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", directory, "--wildcards", *names], input=data, check=True)


def fetch(directory):
    """The newest kernel of this Debian and a busybox, below directory."""
    depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], check=True, capture_output=True, text=True).stdout
    os.makedirs(directory, exist_ok=True)
    unpack("busybox-static", ["./bin/busybox"], directory)
    unpack(re.search(r"Depends: (linux-image-\S+)", depends).group(1), [f"*/{m}.ko" for m in MODULES] + ["./boot/vmlinuz-*"], directory)
    print(f"export CHS_VM_KERNEL={os.path.abspath(directory)}")


def find_busybox():
    for path in (os.path.join(os.environ.get("CHS_VM_KERNEL", "/"), "bin/busybox"), shutil.which("busybox")):
        if path and os.path.exists(path) and subprocess.run(["ldd", path], capture_output=True).returncode != 0:
            return path  # the guest has no libraries for a dynamic one
    return None


def find_kernel():
    """(kernel image, {module name: file})"""
    root = pathlib.Path(os.environ.get("CHS_VM_KERNEL", "/"))
    for image in sorted(root.glob("boot/vmlinuz-*"), reverse=True):
        tree = root / "lib/modules" / image.name.removeprefix("vmlinuz-")
        files = {f.name.split(".")[0]: f for f in tree.rglob("*.ko")}
        if os.access(image, os.R_OK) and all(m in files for m in MODULES):
            return image, {m: files[m] for m in MODULES}
    skip(f"no kernel with modules {' '.join(MODULES)} below {root} (usb-hotplug.py --fetch DIR, then CHS_VM_KERNEL=DIR)")


def libraries_of(program):
    out = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return [pathlib.Path(p) for p in re.findall(r"(/\S+) \(0x", out)]


class Cpio:
    """The newc archive that the kernel unpacks as its first root."""

    def __init__(self):
        self.out, self.inode, self.folders = bytearray(), 1, set()

    def entry(self, name, mode, data=b""):
        name = name.encode() + b"\0"
        fields = [self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        self.inode += 1
        self.out += b"070701" + b"".join(b"%08X" % f for f in fields) + name
        self.out += b"\0" * (-len(self.out) % 4) + data
        self.out += b"\0" * (-len(self.out) % 4)

    def folder(self, name):
        if name and name not in self.folders:
            self.folder(os.path.dirname(name))
            self.folders.add(name)
            self.entry(name, 0o040755)

    def file(self, name, data, mode=0o100755):
        self.folder(os.path.dirname(name))
        self.entry(name, mode, data)

    def finish(self):
        self.entry("TRAILER!!!", 0)
        return gzip.compress(bytes(self.out), 1)


def make_initramfs(watch, busybox, modules):
    cpio = Cpio()
    for folder in ("proc", "sys", "dev", "tmp"):
        cpio.folder(folder)
    cpio.file("init", INIT.format(modules=" ".join(MODULES), address=ADDRESS).encode())
    cpio.file("bin/busybox", pathlib.Path(busybox).read_bytes())
    cpio.file("bin/link-watch", pathlib.Path(watch).read_bytes())
    for library in libraries_of(watch):
        cpio.file(str(library).lstrip("/"), library.read_bytes())
    for name, file in modules.items():
        cpio.file(f"modules/{name}.ko", file.read_bytes())
    return cpio.finish()


def connect(path):
    end = time.monotonic() + 20
    while True:
        try:
            s = socket.socket(socket.AF_UNIX)
            s.connect(str(path))
            return s
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Qmp:
    def __init__(self, path):
        self.socket = connect(path)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.do("qmp_capabilities")

    def do(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "error" in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return


class Instrument(threading.Thread):
    """Says H1, H2, H3 ... as long as the adapter is plugged in."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.line, self.sent, self.plugged, self.number = connect(path), {}, True, 0

    def run(self):
        while True:
            time.sleep(EVERY_S)
            if self.plugged:
                self.number += 1
                self.sent[self.number] = time.monotonic()
                self.line.sendall(f"H{self.number}\n".encode())

    def heard(self):
        """What came from Chairside, which only listens: nothing, not even an echo of the terminal."""
        self.line.setblocking(False)
        try:
            return self.line.recv(4096)
        except BlockingIOError:
            return b""


class Report(threading.Thread):
    """What the guest tells, with the host's time."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.file, self.lines, self.news = connect(path).makefile("r", errors="replace"), [], threading.Condition()

    def run(self):
        for line in self.file:
            with self.news:
                self.lines.append((time.monotonic(), line.strip()))
                self.news.notify_all()

    def wait(self, start, after, seconds):
        """Time of the first line beginning with start that came after the time given."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                for at, line in self.lines:
                    if at >= after and line.startswith(start):
                        return at
                if time.monotonic() >= end:
                    raise AssertionError(f"no \"{start}\" within {seconds:.0f} s")
                self.news.wait(end - time.monotonic())


ADAPTER = {"driver": "usb-serial", "id": "adapter", "bus": "xhci.0", "chardev": "line", "serial": "CHAIR1", "always-plugged": True}


def start_qemu(qemu, kernel, initramfs, tmp):
    return subprocess.Popen(
        [qemu, "-M", "q35", "-cpu", "max", "-m", "256", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
        + ["-accel", os.environ.get("CHS_VM_ACCEL", "tcg")]
        + ["-kernel", str(kernel), "-initrd", str(initramfs), "-append", "console=ttyS0 quiet panic=-1"]
        + ["-serial", f"file:{tmp}/console", "-serial", f"unix:{tmp}/report,server=on,wait=off"]
        + ["-chardev", f"socket,id=line,path={tmp}/line,server=on,wait=off", "-qmp", f"unix:{tmp}/qmp,server=on,wait=off"]
        + ["-device", "qemu-xhci,id=xhci", "-device", json.dumps(ADAPTER)]
    )


def pull_and_replug(qmp, instrument, report, gap_s):
    """Returns (time of the pull, time at which values came again)."""
    instrument.plugged = False
    pulled = time.monotonic()
    qmp.do("device_del", id="adapter")
    if gap_s > LOSS_S:
        lost = report.wait("link lost", pulled, LOSS_S) - pulled
        print(f"loss seen after {lost:.2f} s")
    time.sleep(max(0.0, pulled + gap_s - time.monotonic()))
    qmp.do("device_add", **ADAPTER)
    plugged = time.monotonic()
    instrument.plugged = True
    report.wait("link lost", pulled, LOSS_S)
    value = report.wait("value", plugged, RESUME_S)
    print(f"after a gap of {gap_s:.1f} s: values again {value - plugged:.2f} s after the replug")
    return pulled, value


def check_values(instrument, report, gaps):
    got = [int(line.split()[1]) for _, line in report.lines if line.startswith("value ")]
    assert got == sorted(set(got)), "a value came twice, or out of order"
    assert set(got) <= set(instrument.sent), "a value came that was never sent"
    missing = sorted(set(instrument.sent) - set(got))
    for number in missing:
        at = instrument.sent[number]
        assert any(a - FLIGHT_S <= at <= b for a, b in gaps), f"value {number} is missing outside the gaps"
    print(f"{len(got)} of {len(instrument.sent)} values came, each once; {len(missing)} fell into the gaps")


def run(qmp, instrument, report):
    report.start()
    report.wait("link connecting", 0, BOOT_S)
    instrument.start()
    report.wait("link up", 0, RESUME_S)
    time.sleep(2)
    gaps = []
    for gap_s in GAPS_S:
        gaps.append(pull_and_replug(qmp, instrument, report, gap_s))
        time.sleep(2)
    instrument.plugged = False
    time.sleep(1)
    check_values(instrument, report, gaps)
    assert not (heard := instrument.heard()), f"the instrument heard {heard!r} of a listener"


def main(watch):
    qemu, busybox = shutil.which("qemu-system-x86_64"), find_busybox()
    if qemu is None:
        skip("qemu-system-x86_64 is not installed (package qemu-system-x86)")
    if busybox is None:
        skip("there is no static busybox (package busybox-static, or usb-hotplug.py --fetch DIR)")
    kernel, modules = find_kernel()
    with tempfile.TemporaryDirectory(prefix="chs-vm-") as tmp:
        initramfs = pathlib.Path(tmp) / "initramfs"
        initramfs.write_bytes(make_initramfs(watch, busybox, modules))
        machine = start_qemu(qemu, kernel, initramfs, tmp)
        try:
            run(Qmp(f"{tmp}/qmp"), Instrument(f"{tmp}/line"), report := Report(f"{tmp}/report"))
        except (AssertionError, RuntimeError) as problem:
            print(f"usb-hotplug: {problem}")
            print("last lines of the guest's console:")
            print("\n".join(pathlib.Path(f"{tmp}/console").read_text(errors="replace").splitlines()[-20:]))
            print("last lines of the report:")
            print("\n".join(f"{at:.2f} {line}" for at, line in report.lines[-20:]))
            return 1
        finally:
            machine.kill()
            machine.wait()
    print("usb-hotplug: as promised")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--fetch":
        fetch(sys.argv[2])
    elif len(sys.argv) == 2:
        sys.exit(main(sys.argv[1]))
    else:
        sys.exit(__doc__)
