#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The newcomer's test, by hand (root, network to a Debian mirror, about 15 minutes): a Debian 12 of its own made by
# debootstrap, a clone of this repository in it, and the README's two commands as they stand there.
#   sh tests/fresh.sh [FOLDER]      FOLDER keeps the bare system between runs (default /var/tmp/chairside-fresh)
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-/var/tmp/chairside-fresh}
mirror=${MIRROR:-http://deb.debian.org/debian}
base=$folder/base
root=$folder/root

mkdir -p "$folder"
[ -x "$base/bin/sh" ] || debootstrap --variant=minbase bookworm "$base" "$mirror"

cleanup () {
  for point in dev/pts dev/shm dev proc sys; do
    mountpoint -q "$root/$point" && umount -l "$root/$point"
  done
  rm -rf --one-file-system "$root"
}
trap cleanup EXIT INT TERM
[ -d "$root" ] && cleanup
cp -a "$base" "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
git clone --quiet "$top" "$root/root/chairside"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t sysfs sys "$root/sys"

in_root () {
  chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c "cd /root/chairside && $*"
}
echo "== sh app/run, without a display, for 30 s"
in_root "sh app/run --seconds=30"
echo "== sh tests/run"
in_root "sh tests/run"
