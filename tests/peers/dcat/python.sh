#!/usr/bin/env bash
# Prints the path of a Python that has the packages of tests/peers/dcat/requirements.txt. Exit code 77: there is none. With
# VIRSIS_PEERS_REQUIRED=1 it is made first, once, outside the clone, and that it cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv dcat-1 "$here/requirements.txt"
echo "$venv/bin/python"
