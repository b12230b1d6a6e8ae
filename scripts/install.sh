#!/bin/sh
# Puts the program, its themes, manual page and completions under DESTDIR/PREFIX, or takes them away.
# Usage: install.sh install|uninstall PROGRAM PREFIX [DESTDIR]
set -eu
action=$1
program=$2
prefix=$3
root=${4:-}$prefix
themes=$root/share/miniplm/themes
manual=$root/share/man/man1/miniplm.1
bash=$root/share/bash-completion/completions/miniplm
zsh=$root/share/zsh/site-functions/_miniplm
fish=$root/share/fish/vendor_completions.d/miniplm.fish

case "$action" in
  install)
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    # All is made before the first file is put anywhere.
    date=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}" +%Y-%m-%d)
    "$program" manual | sed "1s/\"\"/\"$date\"/" >"$made/manual"
    for shell in bash zsh fish; do
      # They are read, not run.
      "$program" --generate-completion-script "$shell" | sed '1{/^#!/d}' >"$made/$shell"
    done
    install -D -m 755 "$program" "$root/bin/miniplm"
    install -d -m 755 "$themes"
    for theme in themes/*.theme; do install -m 644 "$theme" "$themes/"; done
    install -D -m 644 "$made/manual" "$manual"
    install -D -m 644 "$made/bash" "$bash"
    install -D -m 644 "$made/zsh" "$zsh"
    install -D -m 644 "$made/fish" "$fish"
    echo "Installed $root/bin/miniplm, with themes, manual page and completions in $root/share."
    ;;
  uninstall)
    rm -f "$root/bin/miniplm" "$manual" "$manual.gz" "$bash" "$zsh" "$fish"
    # A person's own themes do not stand here; what else does is left alone.
    for theme in themes/*.theme; do rm -f "$themes/$(basename "$theme")"; done
    rmdir "$themes" "$root/share/miniplm" 2>/dev/null || true
    ;;
  *)
    echo "install.sh: install or uninstall, not '$action'." >&2
    exit 2
    ;;
esac
