#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening only, by construction: one way out for bytes.

A transport's write is called in devices/tx-guard.c and nowhere else; the calls that
put bytes on a port stand in devices/transport-*.c and nowhere else below ui; nobody
else opens a terminal. The simulator program speaks as an instrument does, towards us, and
is the one exception (app/sim*).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
RULES = [
    # what, where it may stand, in words
    (re.compile(r"->\s*write\s*\("), r"devices/(tx-guard\.c|described-sim\.c|sim/.*)|app/sim.*", "a transport's write is called by devices/tx-guard.c alone"),
    (re.compile(r"\bsp_(non)?blocking_write\b|\bsp_start_break\b|\btcsendbreak\b|\bTIOCSTI\b"), r"devices/transport-serial\.c", "only the serial transport writes through libserialport"),
    (
        re.compile(r"(?<![\w>.*])(?:write|writev|pwrite|send|sendto|sendmsg|g_socket_send\w*|g_output_stream_write\w*)\s*\("),
        r"devices/transport-(tty|tcp)\.c|(app|data)/.*",
        "only a transport writes to a descriptor in devices/",
    ),
    (re.compile(r"(?<![\w>.*])(?:sp_open|tcsetattr|TIOCMSET|TIOCMBIS)\b"), r"devices/(transport-(tty|serial))\.c|app/(sim.*|terminal\.c|tool-pin\.c)", "only a transport opens a port"),
]


def code_of(text):
    """Without comments and strings, with the lines where they were."""
    return COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), text)


def findings():
    for folder in ("data", "devices", "app", "ui"):
        for path in sorted((ROOT / folder).rglob("*.[ch]")):
            name = path.relative_to(ROOT).as_posix()
            text = code_of(path.read_text(encoding="utf-8"))
            for pattern, where, words in RULES:
                if re.fullmatch(where, name):
                    continue
                for hit in pattern.finditer(text):
                    yield f"{name}:{text[: hit.start()].count(chr(10)) + 1}: {words}"


bad = list(findings())
print("\n".join(bad) if bad else "one way out")
sys.exit(1 if bad else 0)
