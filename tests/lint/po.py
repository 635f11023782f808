#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The translations: po/POTFILES.in names every file with a translatable text, po/shipped-texts.h has every text of the
shipped alarm profiles, therapies, checklists and scenarios, and every catalogue of po/LINGUAS is complete: nothing untranslated,
nothing fuzzy, formats as in the source.

  po.py ROOT           check
  po.py ROOT --write   write POTFILES.in and shipped-texts.h, merge new texts into the catalogues
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
PO = ROOT / "po"
FOLDERS = ("data", "devices", "app", "ui")
CALL = re.compile(r'\b(?:_|N_|C_|ngettext) ?\(\s*"|translatable="yes"')
XGETTEXT = ["--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--from-code=UTF-8", "--add-comments=Translators:"]
# What a nurse reads of files that a clinic may edit: (folder, the keys that are read, or that are not).
SHIPPED = (
    ("alarms", lambda key: key in ("title", "action", "title_high", "action_high")),
    ("checklists", lambda key: key not in ("source", "stop")),
    ("scenarios", lambda key: key == "say"),
    ("therapies", lambda key: key in ("name", "diluent", "note")),
)


def potfiles():
    found = ["data/share/org.chairside.Chairside.desktop.in", "data/share/org.chairside.Chairside.metainfo.xml.in"]
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".c", ".h", ".ui"} and CALL.search(path.read_text(encoding="utf-8")):
                found.append(path.relative_to(ROOT).as_posix())
    return "\n".join(sorted(found + ["po/shipped-texts.h"])) + "\n"


def values(path, is_read):
    """The values of some keys of an ini file, in order; comments and sections are passed over."""
    for line in path.read_text(encoding="utf-8").splitlines():
        key, found, value = line.partition("=")
        if found and not line.startswith(("#", "[")) and is_read(key.strip()) and value.strip():
            yield value.strip()


def substances():
    """Names of ingredients as the screen shows them: their ids with spaces."""
    names = set()
    for path in (ROOT / "data" / "share" / "therapies").glob("*.ini"):
        names |= {m.replace("_", " ") for m in re.findall(r"^ingredient\.\d+ = (\w+)", path.read_text(encoding="utf-8"), re.M)}
    return sorted(names)


def deeds():
    """What a scenario's nurse has done, as the screen shows it: ids with spaces."""
    names = set()
    for path in (ROOT / "data" / "share" / "scenarios").glob("*.ini"):
        names |= {m.replace("_", " ") for m in re.findall(r"^nurse = nurse:(\w+)", path.read_text(encoding="utf-8"), re.M)}
    return sorted(names)


def marked(text):
    """A text for xgettext; "0.9 % saline" is a share, not the format "% s"."""
    prefix = "/* xgettext:no-c-format */ " if "%" in text else ""
    return prefix + 'N_("%s")' % text.replace("\\", "\\\\").replace('"', '\\"')


def shipped():
    lines = [
        "/* SPDX-License-Identifier: GPL-3.0-or-later */",
        "/* Written by tests/lint/po.py --write: texts of data/share that the screen translates. For xgettext; not compiled. */",
    ]
    seen = set()
    for folder, is_read in SHIPPED:
        for path in sorted((ROOT / "data" / "share" / folder).glob("*.ini")):
            lines.append(f"/* {path.relative_to(ROOT).as_posix()} */")
            for value in values(path, is_read):
                if value not in seen:
                    seen.add(value)
                    lines.append(marked(value))
    lines.append("/* Translators: ingredients of an infusion */")
    lines += [marked(name) for name in substances() if name not in seen]
    lines.append("/* Translators: done by the nurse, at a flag of the chart */")
    lines += [marked(name) for name in deeds() if name not in seen]
    return "\n".join(lines) + "\n"


def template(out):
    files = PO / "POTFILES.in"
    subprocess.run(["xgettext", *XGETTEXT, "-f", str(files), "-D", str(ROOT), "-o", str(out)], check=True, capture_output=True)


def catalogues():
    lines = (PO / "LINGUAS").read_text().splitlines()
    return [PO / f"{name}.po" for line in lines if not line.startswith("#") for name in line.split()]


def findings():
    for path, wanted in ((PO / "POTFILES.in", potfiles()), (PO / "shipped-texts.h", shipped())):
        if not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            yield f"{path.relative_to(ROOT)} is out of date: run tests/lint/po.py . --write"
    if not shutil.which("msgcmp"):
        print("gettext is not installed: completeness not checked")
        return
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "chairside.pot"
        template(pot)
        for path in catalogues():
            done = subprocess.run(["msgcmp", str(path), str(pot)], capture_output=True, text=True)
            if done.returncode:
                yield f"{path.relative_to(ROOT)} is not complete: run tests/lint/po.py . --write, then translate\n{done.stderr[:2000]}"
            check = subprocess.run(["msgfmt", "--check", "--check-format", "-o", "/dev/null", str(path)], capture_output=True, text=True)
            if check.returncode:
                yield f"{path.relative_to(ROOT)}: {check.stderr[:2000]}"


def literals(path):
    """The texts of a C file: neighbouring literals put together, each on a line of its own."""
    code = re.sub(r'"\s*\n\s*"', "", path.read_text(encoding="utf-8"))
    return "\n".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', code))


def unsaid():
    """ui/say-reason.c finds a sentence again by the format that made it: each format must stand in a file that says it."""
    table = ROOT / "ui" / "say-reason.c"
    formats = re.search(r"formats\[\] = \{(.*?)\n\};", table.read_text(encoding="utf-8"), re.S).group(1)
    said = "\n".join(literals(path) for folder in ("app", "devices") for path in (ROOT / folder).rglob("*.c"))
    for line in re.findall(r'N_\("((?:[^"\\]|\\.)*)"\)', formats):
        if line not in said and line.removesuffix(" %s") not in said:
            yield f'ui/say-reason.c: no file of app or devices says "{line}" any more'


def write():
    (PO / "POTFILES.in").write_text(potfiles(), encoding="utf-8")
    (PO / "shipped-texts.h").write_text(shipped(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        pot = pathlib.Path(folder) / "chairside.pot"
        template(pot)
        for path in catalogues():
            if path.exists():
                subprocess.run(["msgmerge", "-q", "-N", "--backup=none", "--no-wrap", "--no-location", "-U", str(path), str(pot)], check=True)
            else:
                shutil.copy(pot, path)


if "--write" in sys.argv:
    write()
    sys.exit(0)
bad = list(findings()) + list(unsaid())
print("\n".join(bad) if bad else "the translations are complete")
sys.exit(1 if bad else 0)
