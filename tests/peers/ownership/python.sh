#!/usr/bin/env bash
# Prints the path of a Python that has the packages of tests/peers/ownership/requirements.txt. Exit code 77: there is none. With
# VIRSIS_PEERS_REQUIRED=1 it is made first, once, outside the clone, and that it cannot be made is a failure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
# followthemoney reads names with ICU, for which PyPI has source code only.
{ command -v pkg-config && pkg-config --exists icu-i18n && command -v c++; } >/dev/null || lacking "no ICU to build PyICU with; apt-get install libicu-dev pkg-config g++"
venv libcovebods-0.16.0-followthemoney-4.11.2 "$here/requirements.txt"
echo "$venv/bin/python"
