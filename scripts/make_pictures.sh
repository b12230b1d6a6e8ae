#!/bin/sh
# Draws the pictures of README from a real project: one SVG a screen into docs/pictures.
# Usage: make_pictures.sh PROJECT, for example of `miniplm demo --headless`; MINIPLM names the program.
set -eu
project=$1
program=${MINIPLM:-.build/release/miniplm}
output=docs/pictures
mkdir -p "$output"
for screen in select chunk train compare; do
  rm -f "$output/$screen.svg.part"
  COLUMNS=120 LINES=36 "$program" open "$project" --once "$screen" --theme dark --svg "$output/$screen.svg.part"
  mv "$output/$screen.svg.part" "$output/$screen.svg"
  size=$(wc -c <"$output/$screen.svg")
  echo "$output/$screen.svg: $size bytes"
  [ "$size" -le 150000 ] || echo "make_pictures: $screen.svg is large for a README." >&2
done
