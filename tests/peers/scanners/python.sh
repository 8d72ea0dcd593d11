#!/usr/bin/env bash
# Prints the folder of the programs of tests/peers/scanners/requirements.txt (wapiti, sqlmap). Exit code 77: there is none. With
# VIRSIS_PEERS_REQUIRED=1 it is made first, once, outside the clone, and that it cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv scanners-1 "$here/requirements.txt"
echo "$venv/bin"
