#!/usr/bin/env bash
# Whether the statements of sql/ are portable: no construct that another engine reads otherwise, and, over random hard rows, the same cells in the
# same order from DuckDB and from DataFusion. docs/portable-sql.md says what may be written, and why.
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/portable/run.sh [--seeds FIRST-LAST] [--only WORD] [HOME]
#
# HOME is the folder with sql/ and data/ (default: this clone). Exit code 1: a statement, which is named, is not portable; 77: the engines are not
# installed. The time is bounded, so that a statement that never ends is a failure, too.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
venv portable-datafusion-55.0.0 "$here/requirements.txt"
status=0
timeout "${VIRSIS_PORTABLE_SECONDS:-900}" "$venv/bin/python" -B "$here/portable.py" "$@" || status=$?
if [ $status = 124 ]; then echo "portable: not done within ${VIRSIS_PORTABLE_SECONDS:-900} s" >&2; fi
exit $status
