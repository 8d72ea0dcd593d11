#!/usr/bin/env bash
# Prints the path of a Python that has the packages of tests/peers/requirements.txt. Exit code 77: there is none. With
# VIRSIS_PEERS_REQUIRED=1 it is made first, once, outside the clone, and that it cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache="${VIRSIS_PEERS:-$HOME/.cache/virsis/peers}"
venv="$cache/signxml-5.2.0"

lacking() {
    echo "web-service peer: $1" >&2
    if [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ]; then exit 1; fi
    exit 77
}

command -v python3 >/dev/null || lacking "no python3; apt-get install python3 python3-venv"
# Several tests may ask at the same time.
mkdir -p "$cache"
exec 9>"$cache/signxml.lock"
flock 9
if [ ! -e "$venv/installed" ]; then
    [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ] || lacking "its packages are not installed; VIRSIS_PEERS_REQUIRED=1 installs them under $cache"
    rm -rf "$venv"
    python3 -m venv "$venv" >&2 && "$venv/bin/pip" install -q -r "$here/requirements.txt" >&2 || lacking "cannot install its packages from PyPI"
    touch "$venv/installed"
fi
echo "$venv/bin/python"
