#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be used is refused with file, line and reason, by the monitor and by the tool."""
import subprocess

from chair import MONITOR, TOOL, Chair

GOOD = "[chair]\nname=A\n"
LINK_A = "[link.monitor]\ndriver=ivy-450c\naddress=tty:/dev/null\n"
ROWS = (  # text, line, words
    (GOOD + "colour=red\n" + LINK_A, 3, 'unknown key "colour"'),
    (GOOD + "recording=x\n" + LINK_A, 3, 'did you mean "recordings"?'),
    (GOOD + "[link.monitor]\ndriver=ivy-450\naddress=tty:/x\n", 4, 'did you mean "ivy-450c"?'),
    (GOOD + "[link.monitor]\ndriver=ivy-450c\naddress=seriel:/dev/ttyS0\n", 5, 'did you mean "serial:"?'),
    (GOOD + "demonstration=yes\n" + LINK_A + "[session]\npatient.id=X\ntherapy.id=nosuch\n", 9, "nosuch"),
)

with Chair({}, instruments=False) as chair:
    for text, line, words in ROWS:
        chair.config.write_text(text)
        where = f"{chair.config}:{line}: " if line else ""
        for command in ([MONITOR, f"--config={chair.config}", f"--socket={chair.socket}", "--no-sound"],
                        [TOOL, "record", f"--config={chair.config}", f"--out={chair.folder}", "--no-sound"]):
            done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=5)
            assert done.returncode == 3, (text, done)
            assert where in done.stderr and words in done.stderr, (text, done.stderr)
    # A port that is not there now: whoever waits for the tool is told; the monitor starts, warns and keeps trying.
    chair.config.write_text(GOOD + LINK_A.replace("/dev/null", "/nonexistent/pty"))
    done = subprocess.run([TOOL, "record", f"--config={chair.config}", f"--out={chair.folder}"],
                          capture_output=True, text=True, timeout=5)
    assert done.returncode == 3 and f"{chair.config}:5: " in done.stderr, done
    assert 'port "/nonexistent/pty" is not there' in done.stderr, done
    for args in ([], ["--config"], ["--no-such-option"]):
        assert subprocess.run([MONITOR, *args], capture_output=True, timeout=5).returncode == 2, args
    assert not list(chair.folder.glob("*.chairside")), "something was recorded"
    print(f"{len(ROWS)} configurations refused with their reason")
