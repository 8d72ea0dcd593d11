#!/usr/bin/env bash
# Prints the folder of what runs SQL in a browser, which publish/browser/build.sh makes, once, outside the clone. Exit code 77: it is not
# there. With VIRSIS_PEERS_REQUIRED=1 it is made first, and that it cannot be is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
browser="$here/../../../publish/browser"
# Another lock file, or another script of ours, is another folder.
folder="$peers/engine-$(cat "$browser"/* | sha256sum | cut -c 1-12)"
mkdir -p "$peers"
# Several tests may ask at the same time.
exec 9>"$folder.lock"
flock 9
if [ ! -e "$folder/made" ]; then
    [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ] || lacking "the browser's SQL engine is not made; VIRSIS_PEERS_REQUIRED=1 makes it under $peers"
    command -v npm >/dev/null || lacking "no npm; apt-get install npm"
    rm -rf "$folder"
    "$browser/build.sh" "$folder" >&2 || lacking "cannot make the browser's SQL engine of packages of npm"
    touch "$folder/made"
fi
exec 9>&-
echo "$folder"
