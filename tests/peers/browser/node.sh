#!/usr/bin/env bash
# Prints the folder of what the browser tests are driven and judged by: what package-lock.json names. Exit code 77:
# they are not there, or there is no Node or no Chromium. With VIRSIS_PEERS_REQUIRED=1 they are installed first, once, outside the clone,
# and that they cannot be is a failure. No browser is downloaded: it is the Chromium of this machine (VIRSIS_CHROMIUM, /usr/bin/chromium).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
command -v node >/dev/null || lacking "no node; apt-get install nodejs"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || lacking "node is older than 20"
[ -x "${VIRSIS_CHROMIUM:-/usr/bin/chromium}" ] || lacking "no Chromium; apt-get install chromium, or set VIRSIS_CHROMIUM"
# A changed lock file is another folder.
folder="$peers/browser-$(sha256sum "$here/package-lock.json" | cut -c 1-12)"
mkdir -p "$peers"
# Several tests may ask at the same time.
exec 9>"$folder.lock"
flock 9
if [ ! -e "$folder/installed" ]; then
    [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ] || lacking "what drives the browser is not installed; VIRSIS_PEERS_REQUIRED=1 installs it under $peers"
    command -v npm >/dev/null || lacking "no npm; apt-get install npm"
    rm -rf "$folder"
    mkdir "$folder"
    cp "$here/package.json" "$here/package-lock.json" "$folder"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel error >&2 || lacking "cannot install from npm what drives the browser"
    touch "$folder/installed"
fi
exec 9>&-
echo "$folder/node_modules"
