#!/usr/bin/env bash
# Says whether all files of a tier tell the same, as pyarrow, Polars, two DuckDBs and SQLite read them (agree.py).
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/clients/agree.sh FOLDER        that of a tier: portal/latest/open
#
# Exit code 1: something differs, and is named; 77: the readers are not installed.
set -euo pipefail
# shellcheck source=tests/peers/clients/environments.sh
. "$(dirname "$0")/environments.sh"
exec "$python" "$here/agree.py" "$1" "$newest"
