#!/bin/sh
# Links the program once more from what `swift build -c release` has compiled, with Swift's runtime inside
# and without symbols, so that it runs where no Swift is. Nothing is compiled again, and the build folder
# stays as it is. Usage: link_static.sh OUTPUT
set -eu
output=$1
plan=.build/release.yaml
[ -f "$plan" ] || {
  echo "link_static: there is no $plan; run 'make build' first." >&2
  exit 1
}
# The plan names the link's arguments as a list of JSON; one a line is easier to work with.
arguments=$(sed -n '/"C\.miniplm-[^"]*-release\.exe":/,/^$/s/^    args: \["\(.*\)"\]$/\1/p' "$plan" |
  head -n 1 | sed 's/","/\n/g')
[ -n "$arguments" ] || {
  echo "link_static: $plan does not say how the program is linked." >&2
  exit 1
}
mkdir -p "$(dirname "$output")"
set --
skip=
before=
for argument in $arguments; do
  case "$skip$argument" in
    skip*) skip= ;;
    -o) skip=skip ;;
    -g | -Xlinker) ;;
    '-rpath=$ORIGIN') ;;
    *)
      # -Xlinker belongs to what follows it.
      [ "$before" = -Xlinker ] && set -- "$@" -Xlinker
      set -- "$@" "$argument"
      ;;
  esac
  before=$argument
done
# Foundation's parts name one another; the objects name Foundation alone.
"$@" -o "$output.part" -static-stdlib -lFoundation -lFoundationInternationalization \
  -lFoundationEssentials -lCoreFoundation -l_FoundationICU -l_FoundationCShims \
  -l_FoundationCollections -Xlinker -s
mv "$output.part" "$output"
