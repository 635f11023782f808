#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The pictures of the README, made from the real program under a virtual display:
#   ui/screenshots.sh [--out=DIR] [--build=DIR] [--language=LL] [--look=LOOK] [--size=WxH]
# Starts the demonstration, waits for its states, takes a picture of each; then replays what was recorded.
# Wants xvfb, imagemagick, xdotool, dbus. Takes about three minutes: the demonstration runs in real time.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
out=$top/data/share/screenshots build=$top/_build language= look=day size=1280x800
for option in "$@"; do
  case $option in
    --out=*) out=${option#*=} ;;
    --build=*) build=${option#*=} ;;
    --language=*) language=${option#*=} ;;
    --look=*) look=${option#*=} ;;
    --size=*) size=${option#*=} ;;
    *) echo "screenshots.sh: what is $option?" >&2; exit 2 ;;
  esac
done
for tool in Xvfb import xdotool dbus-run-session; do
  command -v "$tool" >/dev/null || { echo "screenshots.sh: $tool is not installed" >&2; exit 3; }
done

# The design panels: 10.1" and, for full HD, 15.6" (shared sizes are in millimetres, a virtual display has none).
case $size in 1280x800) diagonal=10.1 ;; *) diagonal=15.6 ;; esac
work=$(mktemp -d)
trap 'kill $screen $xvfb 2>/dev/null || true; wait; rm -rf "$work"' EXIT INT TERM
mkdir -p "$out"

# A display that nobody uses yet: Xvfb itself looks for one.
Xvfb -displayfd 3 -screen 0 "${size}x24" 3>"$work/display" >"$work/xvfb.log" 2>&1 &
xvfb=$! screen=
while [ ! -s "$work/display" ]; do sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY GSK_RENDERER=cairo GTK_A11Y=none LC_ALL=C.UTF-8
# The demonstration makes its folder in here; its monitor's log tells how far it is.
export TMPDIR="$work"

start () { # log, arguments
  log=$work/$1.log
  shift
  dbus-run-session -- "$build/ui/chairside" --kiosk --diagonal=$diagonal --look="$look" \
    ${language:+--language=$language} "$@" >"$log" 2>&1 &
  screen=$!
}

stop () {
  # The program is the child of dbus-run-session; on SIGTERM it removes what the demonstration made.
  pkill -TERM -P $screen || true
  wait $screen 2>/dev/null || true
}

# Sixteen bits of grey are not what a README needs: a palette of 256 is a third of the size.
# Of some moments the brightest: an alarm flashes, and one half of it is dark.
picture () {
  most=0
  for _ in 1 2 3 4 5 6 7; do
    sleep 0.2; import -window root "$work/moment.png"
    mean=$(convert "$work/moment.png" -format '%[fx:int(1e6*mean)]' info:)
    if [ "$mean" -gt "$most" ]; then most=$mean; mv "$work/moment.png" "$work/picture.png"; fi
  done
  convert "$work/picture.png" -strip -dither None -colors 256 -define png:compression-level=9 "PNG8:$out/$1.png"
  echo "$out/$1.png"
}

wait_for () { # text in the monitor's log, seconds at most
  for _ in $(seq "$2"); do
    cat "$work"/chairside-demo-*/chairsided.log 2>/dev/null | grep -q "$1" && return 0
    sleep 1
  done
  echo "screenshots.sh: \"$1\" did not come within $2 s" >&2
  exit 1
}

start demo --demo
wait_for "link monitor: up" 20
# NO ALARM SOUND is true on a machine without a loudspeaker; the nurse has seen it.
sleep 4; xdotool key F9; sleep 24
picture live
wait_for "raise: mg_hypotension" 180
sleep 2; picture alarm
xdotool key F10; sleep 1; picture why; xdotool key Escape
wait_for "escalate: mg_hypotension\|priority high" 60 || true
sleep 1; xdotool key F9; sleep 1; picture seen
xdotool key F2; sleep 1; picture symptoms; xdotool key Escape
xdotool key ctrl+l; sleep 1; picture limits; xdotool key Escape
xdotool key ctrl+h; sleep 1; picture alarms; xdotool key Escape
# With what SQLite has not yet moved into it: the monitor is still writing.
for file in "$work"/chairside-demo-*/*.chairside; do
  cp "$file" "$work/session.chairside"
  [ ! -e "$file-wal" ] || cp "$file-wal" "$work/session.chairside-wal"
  break
done
stop

start replay "$work/session.chairside"
sleep 4
xdotool mousemove --sync $((${size%x*} * 55 / 100)) $((${size#*x} - 50)) click 1
sleep 1; xdotool click 1; sleep 1; xdotool click 1; sleep 1
picture replay
stop
