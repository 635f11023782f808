#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function declared in a public header (not in a -private.h) is documented there.

A one-line getter may carry a trailing comment, and a block of them a comment above the block.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
PROTOTYPE = re.compile(r"^(?!typedef|static|#|G_D|extern const)[A-Za-z_][\w\s\*]*?\b(chs_\w+)\s*\(", re.M)
BY_CONVENTION = re.compile(r"chs_\w+_(free|error_quark|get_type|clear|close)$")


def findings():
    for folder in ("data", "devices", "app", "ui"):
        for path in sorted((ROOT / folder).rglob("*.h")):
            if path.name.endswith("-private.h"):
                continue  # inside of one room
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(ROOT).as_posix()
            for match in PROTOTYPE.finditer(text):
                function = match.group(1)
                if BY_CONVENTION.match(function) or f" * {function}:" in text:
                    continue
                start = match.start()
                rest = text[start:]
                declaration = rest[: rest.index(";") + 1] if ";" in rest else rest
                after = rest[len(declaration) :].split("\n", 1)[0]
                # the block of declarations this one belongs to begins behind the last empty line
                block = text[:start].rsplit("\n\n", 1)[-1]
                if "/*" in after or "*/" in block:
                    continue
                line = text[:start].count("\n") + 1
                yield f"{name}:{line}: {function} is not documented"


bad = list(findings())
print("\n".join(bad) if bad else "every public function is documented")
sys.exit(1 if bad else 0)
