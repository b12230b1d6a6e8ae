#!/bin/sh
# Makes a Debian package of the program that was linked with Swift's runtime inside.
# Usage: make_package.sh PROGRAM OUTPUT_FOLDER; needs dpkg-dev.
set -eu
program=$1
output=$2
command -v dpkg-shlibdeps >/dev/null 2>&1 || {
  echo "make_package: dpkg-shlibdeps is missing; install dpkg-dev." >&2
  exit 1
}
version=$("$program" --version | sed 's/^[^0-9]*//')
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
tree=$work/tree
# Whoever builds it answers for it.
maintainer="${DEBFULLNAME:-$(git config user.name || echo miniplm)} <${DEBEMAIL:-$(git config user.email || echo miniplm@localhost)}>"
date=$(date -R -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}")

scripts/install.sh install "$program" /usr "$tree" >/dev/null
gzip -9n "$tree/usr/share/man/man1/miniplm.1"
documents=$tree/usr/share/doc/miniplm
install -d -m 755 "$documents" "$tree/DEBIAN"
cat >"$documents/copyright" <<'TEXT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: miniplm
Comment: The program contains the runtime of Swift with Foundation and ICU, the libraries
 swift-argument-parser, TOMLKit and toml++.

Files: *
Copyright: 2026 the authors of the MiniPLM workbench
License: all-rights-reserved
 No licence to pass this program on has been given yet; the package serves the machines of those who
 built it.

Files: usr/bin/miniplm
Copyright: 2014-2026 Apple Inc. and the authors of the Swift project (runtime, Foundation, swift-argument-parser);
 Unicode, Inc. and others (ICU); Jeff Lebrun (TOMLKit); Mark Gillard (toml++)
License: Apache-2.0 with Runtime Library Exception, Unicode-3.0, Expat
 The parts of the Swift project are under the Apache License 2.0 with the Runtime Library Exception; on
 Debian systems the licence is in /usr/share/common-licenses/Apache-2.0. ICU is under the Unicode licence
 version 3, TOMLKit and toml++ are under the Expat ("MIT") licence; the texts are in their sources.
TEXT
printf 'miniplm (%s) unstable; urgency=medium\n\n  * Built from its sources.\n\n -- %s  %s\n' \
  "$version" "$maintainer" "$date" | gzip -9n >"$documents/changelog.gz"
chmod 644 "$documents"/*

# The libraries that the program is linked with, as packages.
mkdir -p "$work/debian"
printf 'Source: miniplm\n\nPackage: miniplm\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info tree/usr/bin/miniplm 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || {
  echo "make_package: dpkg-shlibdeps found no libraries." >&2
  exit 1
}
size=$(du -sk --exclude=DEBIAN "$tree" | cut -f 1)
cat >"$tree/DEBIAN/control" <<TEXT
Package: miniplm
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $size
Depends: $depends
Recommends: ca-certificates
Suggests: anarchism, libpython3-stdlib, git-doc, wordnet-base, manpages, manpages-dev
Section: science
Priority: optional
Description: difference sampling for pre-training, in a terminal
 Scores a corpus with a teacher and a reference model, selects what the
 teacher has learnt beyond the reference, trains students on it, and shows
 what is dropped and why.
 .
 The packages suggested hold the text that the demo works on.
TEXT
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
mkdir -p "$output"
package=$output/miniplm_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz -b "$tree" "$package" >/dev/null
echo "Made $package ($(du -h "$package" | cut -f 1))."
