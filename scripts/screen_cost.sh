#!/usr/bin/env bash
# screen_cost.sh PROJECT [ROUNDS]: what the screen costs the training of both students.
#
# PROJECT is a finished project with at least one commit, for example of `miniplm demo --headless`; it
# is copied, and the copies train anew: without a screen and, in tmux at 120x36, with the Train screen
# drawn, in turn. Prints the median tokens a second of every run's steps, and the share of a core that
# the screen's thread took. MINIPLM names the binary; needs tmux, Python, and a quiet machine.
set -eu
project=$1
rounds=${2:-3}
binary=$(realpath "${MINIPLM:-.build/release/miniplm}")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'tmux -L cost kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

speed() {
  python3 - "$1" <<'PYTHON'
import glob, json, statistics, sys
values = []
for path in glob.glob(f"{sys.argv[1]}/runs/*-*/*/metrics.jsonl"):
    for line in open(path):
        value = json.loads(line).get("tokensPerSecond")
        if value:
            values.append(value)
print(f"{statistics.median(values):.0f} tokens/s (median of {len(values)} steps)", end="")
PYTHON
}

fresh() {
  rm -rf "$work/project"
  cp -r "$project" "$work/project"
  rm -rf "$work/project"/runs/*-* "$work/project"/models/*-* "$work/project/report"
}

for round in $(seq "$rounds"); do
  fresh
  "$binary" run "$work/project" --quiet > "$work/log" 2>&1
  echo "round $round, no screen: $(speed "$work/project")"
  fresh
  tmux -L cost -f /dev/null new-session -d -x 120 -y 36 -s run \
    "exec env TERM=tmux-256color $binary open $work/project --screen train"
  sleep 2
  pid=$(tmux -L cost list-panes -t run -F '#{pane_pid}')
  tmux -L cost send-keys -t run R
  python3 "$here/thread_times.py" --pid "$pid" > "$work/threads" &
  watch=$!
  while ! ls "$work/project"/models/*-B-refined/config.json > /dev/null 2>&1; do sleep 0.2; done
  tmux -L cost send-keys -t run q
  wait $watch || true
  tmux -L cost kill-server 2>/dev/null || true
  echo "round $round, screen:    $(speed "$work/project")"
  sed 's/^/    /' "$work/threads"
done
