#!/usr/bin/env bash
# Prints the path of a Python that has the packages of tests/peers/metadata/requirements.txt; Spinta, which validate.py runs too, is beside it in
# an environment of its own. Exit code 77: there is none. With VIRSIS_PEERS_REQUIRED=1 both are made first, once, outside the clone, and that
# they cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv spinta-1.3.1 "$here/../spinta/requirements.txt"
venv metadata-1 "$here/requirements.txt"
echo "$venv/bin/python"
