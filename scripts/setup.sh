#!/bin/sh
# Brings a Debian machine to where the package builds: installs the system packages that the given
# lists name and that are missing, and checks the Swift toolchain. Usage: setup.sh LIST...
set -eu

fail() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

command -v swift >/dev/null 2>&1 ||
  fail "no swift on the PATH; install a Swift 6.2 (or newer) toolchain from swift.org and add its usr/bin to the PATH."
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
case "$version" in
  '') fail "cannot read the version of swift; 'swift --version' should print one." ;;
esac
major=${version%%.*}
minor=${version#*.}
if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
  fail "found Swift $version, the package needs 6.2 or newer; install a newer toolchain from swift.org."
fi

command -v dpkg-query >/dev/null 2>&1 ||
  fail "this set-up is for Debian and Ubuntu; install by hand what scripts/build-packages.txt names, then run 'swift build -c release'."

missing=
for list in "$@"; do
  while read -r package _; do
    case "$package" in '' | '#'*) continue ;; esac
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
  done <"$list"
done
[ -n "$missing" ] || exit 0

run=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 ||
    fail "these packages are missing and there is no sudo; as root: apt-get install$missing"
  run=sudo
fi
printf 'setup: installing%s\n' "$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # the list is meant to be split
install() { $run apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1; }
# A fresh machine has no package lists yet, or old ones.
install || { $run apt-get update -qq && install; } ||
  fail "apt-get could not install them; try: apt-get install$missing"
