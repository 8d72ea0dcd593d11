#!/usr/bin/env bash
# How fast a night is beside what a careful analyst would write in Python: the same tables of the public and of the open tier, from the same extracts.
#
#   tests/bench/peers/run.sh [REPETITIONS] [VIRS ENTITIES PARTICIPATIONS MONEY_ROWS] [SEED]
#
#   VIRSIS_PEERS_REQUIRED=1 tests/bench/peers/run.sh 3                             1×, the country of nightly.sh
#   VIRSIS_PEERS_REQUIRED=1 tests/bench/peers/run.sh 1 300 34500 81000 135000 7    a small one
#
# README.md says what is compared and what is left out. Tables are compared before any time is printed, and no time is printed if they differ. Of several repetitions the medians are shown.
# VIRSIS is the binary to measure; the default is what `cargo build` makes. At 1× each repetition takes 2.6 GB of disk, and the peers 3 GB in all.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
repetitions=${1:-3}
virs=${2:-2000} entities=${3:-230000} participations=${4:-540000} money_rows=${5:-900000} seed=${6:-1}
# shellcheck source=tests/peers/venv.sh
. tests/peers/venv.sh
[ -x /usr/bin/time ] || lacking "no /usr/bin/time; apt-get install time"
venv bench-peers-1 "$here/requirements.txt"
# shellcheck source=tests/bench/binary.sh
. tests/bench/binary.sh
# To the binary, all variables of this prefix are settings.
unset VIRSIS "${!VIRSIS_@}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Compiled once, as an analyst's files are, and outside the clone.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPATH=$here PYTHONPYCACHEPREFIX=$work/pycache
python=$venv/bin/python

"$virsis" generate --virs "$virs" --entities "$entities" --participations "$participations" --money-rows "$money_rows" --seed "$seed" \
    --out "$work/extracts" >/dev/null
# What the peers do not make, and can be switched off, is not asked of the program.
cat >"$work/virsis.toml" <<END
home = '$PWD'
[retention]
remove_personal = false
[portal]
database = false
sqlite = false
[publication]
english = false
workbooks = false
END
"$virsis" --config "$work/virsis.toml" key >/dev/null
"$python" -c "import peer.__main__"

measured() { # NAME COMMAND...
    /usr/bin/time -o "$work/$1.time" -f "%e %U %S %M" "${@:2}" >"$work/$1.stages" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
}

for repetition in $(seq "$repetitions"); do
    # Each is a first night in folders of its own. Its files stay until the end: ext4 is slow to make files where many were removed in the last minute.
    night=$work/night$repetition
    measured "virsis.$repetition" env VIRSIS_PATHS_PORTAL="$night/portal" VIRSIS_PATHS_INTERNAL="$night/internal" VIRSIS_PATHS_STATE="$night/state" \
        "$virsis" --config "$work/virsis.toml" --log text run --timings
    for variant in polars duckdb; do
        measured "$variant.$repetition" "$python" -m peer "$variant" "$PWD" "$work/extracts" "$work/secrets/person.key" "$work/$variant"
    done
    if [ "$repetition" = 1 ]; then
        for variant in polars duckdb; do
            echo "== tables of the release and of the peer $variant"
            "$python" "$here/compare.py" "$PWD" "$night/portal/latest" "$work/$variant"
        done
    fi
    rm -rf "$work/polars" "$work/duckdb"
done
echo
"$python" "$here/report.py" "$work" "$repetitions"
