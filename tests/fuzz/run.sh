#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzes with libFuzzer, ASan and UBSan: every target, or those named, for so many minutes each, one after the other.
#   tests/fuzz/run.sh MINUTES [TARGET ...]
# Targets: the ids of all drivers, and the readers of files (tests/fuzz/fuzz-files.c). Needs clang with libclang-rt.
# A finding stays in _build-fuzz/findings/; mend the code, then put it into tests/fuzz/corpus/TARGET/ under a name that
# says what it found. Exit status 1 when anything was found.
set -eu
[ $# -ge 1 ] || { echo "usage: tests/fuzz/run.sh MINUTES [TARGET ...]" >&2; exit 2; }
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$top/_build-fuzz
seconds=$(($1 * 60))
shift

if [ ! -f "$build/build.ninja" ]; then
  CC=${CC:-clang} meson setup "$build" "$top" -Dauto_features=disabled -Dbuildtype=debugoptimized \
    -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link
fi
ninja -C "$build" tests/fuzz-entry
fuzz=$build/tests/fuzz-entry
[ $# -gt 0 ] || set -- $("$fuzz" --targets)

# What is shipped is the best seed there is.
shipped() {
  case $1 in
    profile) echo "$top/data/share/alarms" ;;
    therapy) echo "$top/data/share/therapies" ;;
    pumpdef) echo "$top/data/share/instruments" ;;
    scenario) echo "$top/data/share/scenarios" ;;
  esac
}

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 CHS_TEST_SHARE="$top/data/share"
found=0
mkdir -p "$build/findings"
for target in "$@"; do
  mkdir -p "$build/corpus/$target"
  log=$build/findings/$target.log
  # shellcheck disable=SC2046
  if "$fuzz" "--target=$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
      -artifact_prefix="$build/findings/$target-" "$build/corpus/$target" "$top/tests/fuzz/corpus/$target" $(shipped "$target") \
      >"$log" 2>&1; then
    echo "$target: nothing found, $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\).*/\1 runs in \2 s/p' "$log")"
  else
    found=1
    echo "$target: FOUND: $(grep -E '^SUMMARY|does not hold|runtime error' "$log" | head -1); see $log"
  fi
done
exit $found
