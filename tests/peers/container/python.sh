#!/usr/bin/env bash
# Prints the path of a Python that has the packages of tests/peers/container/requirements.txt. Exit code 77: there is none. With
# VIRSIS_PEERS_REQUIRED=1 it is made first, once, outside the clone, and that it cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
command -v xmlsec1 >/dev/null || lacking "no xmlsec1; apt-get install xmlsec1"
venv pyasice-1.2.0 "$here/requirements.txt"
echo "$venv/bin/python"
