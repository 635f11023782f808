# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian systems of their own for the tests of the package: made by debootstrap once, kept, and given out as throw-away
copies (overlayfs, else a copy). Needs root and, the first time, a Debian mirror.

Kept in /var/tmp/chairside-fresh (or $CHS_FRESH), which tests/fresh.sh uses, too:
  base           debootstrap --variant=minbase bookworm
  kiosk-HASH     the same with what our packages depend on; HASH of that list
"""
import hashlib
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

SKIP = 77
TOP = pathlib.Path(__file__).resolve().parents[2]
FRESH = pathlib.Path(os.environ.get("CHS_FRESH", "/var/tmp/chairside-fresh"))
MIRROR = os.environ.get("MIRROR", "http://deb.debian.org/debian")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# Not of the packages: what dpkg and ldconfig note, logs, the backups that useradd makes, what lives in memory.
NOISE = ("dev", "proc", "sys", "run", "tmp", "var/lib/dpkg", "var/log", "var/cache/ldconfig", "var/cache/fontconfig", "var/cache/man",
         "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-", "etc/.pwd.lock", "etc/ld.so.cache")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIP)


def need(*programs):
    """Ends the test plainly where it cannot run."""
    if os.geteuid() != 0:
        skip("only root can make a system of its own (chroot, mount)")
    for program in programs:
        if shutil.which(program, path=os.environ["PATH"] + ":" + PATH) is None:
            skip(f"{program} is not installed")


def build_debs(folder):
    """[chairside, chairside-kiosk], built anew by the documented command."""
    need("dpkg-buildpackage", "dh")
    folder = pathlib.Path(folder)
    for old in folder.glob("*.deb"):
        old.unlink()
    subprocess.run(["sh", TOP / "data/packaging/build-deb", folder], check=True, stdout=subprocess.DEVNULL)
    return [next(folder.glob("chairside_*.deb")), next(folder.glob("chairside-kiosk_*.deb"))]


def depends_of(debs):
    out = [subprocess.run(["dpkg-deb", "--field", deb, "Depends"], check=True, capture_output=True, text=True).stdout for deb in debs]
    return [d.strip() for d in ", ".join(out).replace("\n", " ").split(",") if d.strip() and not d.strip().startswith("chairside")]


def bare():
    base = FRESH / "base"
    if not (base / "bin/sh").exists():
        need("debootstrap")
        FRESH.mkdir(parents=True, exist_ok=True)
        new = FRESH / "base.new"
        shutil.rmtree(new, ignore_errors=True)
        done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", new, MIRROR], capture_output=True, text=True)
        if done.returncode != 0:
            skip(f"debootstrap cannot make a Debian here: {done.stdout[-300:]}")
        new.rename(base)
    return base


def with_packages(depends, extra, name, lower=None):
    """@lower, or the bare system, with these packages, from the mirror the first time. Older ones of the same name go."""
    digest = hashlib.sha256("\n".join(sorted(depends) + extra).encode()).hexdigest()[:12]
    base = FRESH / f"{name}-{digest}"
    if base.exists():
        return base
    lower = lower or bare()
    new = FRESH / f"{name}.new"
    shutil.rmtree(new, ignore_errors=True)
    subprocess.run(["cp", "-a", lower, new], check=True)
    # Nothing is started while a system is put together.
    (new / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (new / "usr/sbin/policy-rc.d").chmod(0o755)
    shutil.copy("/etc/resolv.conf", new / "etc/resolv.conf")
    root = Root.__new__(Root)
    root.path, root.scratch, root.mounts, root.children = new, None, [], []
    try:
        root.mount_kernel()
        apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"]
        steps = [["update"]] + ([["-y", "satisfy", *depends]] if depends else []) + [["-y", "install", *extra]]
        for step in steps:
            done = root.run([*apt, *step], check=False)
            if done.returncode != 0:
                skip(f"apt-get {step[0]} fails: {done.stderr[-400:]}")
        root.run(["apt-get", "clean"])
    finally:
        root.unmount()
    for old in FRESH.glob(f"{name}-*"):
        shutil.rmtree(old)
    new.rename(base)
    return base


class Root:
    """A throw-away copy of a system, entered with chroot."""

    def __init__(self, base):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="root-", dir=FRESH))
        self.path = self.scratch / "root"
        self.mounts, self.children = [], []
        for folder in ("root", "upper", "work"):
            (self.scratch / folder).mkdir()
        self.scratch.chmod(0o755)
        options = f"lowerdir={base},upperdir={self.scratch}/upper,workdir={self.scratch}/work"
        try:
            if not self.mount("-t", "overlay", "-o", options, "overlay", ""):
                subprocess.run(["cp", "-a", f"{base}/.", self.path], check=True)
            self.mount_kernel()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def mount(self, *args):
        """Last argument: where, in the root. Whether it worked."""
        where = self.path / args[-1]
        if subprocess.run(["mount", *args[:-1], where], capture_output=True).returncode != 0:
            return False
        self.mounts.append(where)
        return True

    def mount_kernel(self):
        wanted = (("-t", "proc", "proc", "proc"), ("-t", "sysfs", "-o", "ro", "sys", "sys"), ("--rbind", "/dev", "dev"),
                  ("-t", "tmpfs", "-o", "mode=755", "run", "run"))
        for args in wanted:
            if not self.mount(*args):
                skip(f"cannot mount {args[-1]} in a system of its own")
            if args[-1] == "dev":  # so that taking it away does not reach the machine's own
                subprocess.run(["mount", "--make-rslave", self.path / "dev"], check=True)

    def unmount(self, keep=0):
        """All but the first @keep mounts; 1 keeps the files of an overlay."""
        for where in reversed(self.mounts[keep:]):
            subprocess.run(["umount", "-l", where], check=False)
        self.mounts = self.mounts[:keep]

    def close(self):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self.unmount()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def command(self, args, user=None, env=None):
        """@user: with its own group and all others that it is in."""
        words = ["env", "-i", f"PATH={PATH}", "LANG=C.UTF-8", "HOME=/root", *(f"{k}={v}" for k, v in (env or {}).items())]
        drop = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--inh-caps=-all", "--no-new-privs"] if user else []
        return ["chroot", str(self.path), *words, *drop, *map(str, args)]

    def run(self, args, user=None, env=None, check=True, timeout=900):
        done = subprocess.run(self.command(args, user, env), capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, args))}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, args, user=None, env=None, **kwargs):
        child = subprocess.Popen(self.command(args, user, env), start_new_session=True, **kwargs)
        self.children.append(child)
        return child

    def install(self, debs):
        for deb in debs:
            shutil.copy(deb, self.path / "tmp")
        return self.run(["env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--install", *(f"/tmp/{d.name}" for d in debs)])

    def files(self):
        """{path: (type and mode, owner, group, target of a link)} of all but what is in NOISE."""
        found = {}
        for folder, folders, names in os.walk(self.path):
            here = os.path.relpath(folder, self.path)
            here = "" if here == "." else here + "/"
            folders[:] = [f for f in folders if here + f not in NOISE]
            for name in folders + names:
                if here + name not in NOISE:
                    st = os.lstat(os.path.join(folder, name))
                    link = os.readlink(os.path.join(folder, name)) if stat.S_ISLNK(st.st_mode) else ""
                    found[here + name] = (oct(st.st_mode), st.st_uid, st.st_gid, link)
        return found
