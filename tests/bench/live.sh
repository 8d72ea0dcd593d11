#!/usr/bin/env bash
# Whole nights with JAR's register of entities read live: over the state data API, from a real Spinta on PostgreSQL.
#
#   tests/bench/live.sh [NIGHTS]
#
# The country is that of nightly.sh at 1×, every other extract lies in the drop folder. The first night reads all 230 000 entities page
# by page; in the second nothing is new; in each of the others one entity in a hundred has got another name, and comes through the log
# of changes. Shown are wall and CPU time (of virsis, not of the server) and peak memory, of the changed nights the medians. Exit code
# 77: this machine lacks Spinta. VIRSIS is the binary to measure; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/without.sh
. tests/bench/without.sh
nights=${1:-3}

if [ -z "${SPINTA_ADDRESS:-}" ]; then
    cargo build --quiet --workspace
    target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
    export VIRSIS=${VIRSIS:-$target/debug/virsis}
    exec tests/peers/spinta.sh "$PWD/tests/bench/live.sh" "$nights"
fi

# A variable of the tests, not a setting.
unset VIRSIS_PEERS_REQUIRED
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$VIRSIS" generate --virs 2000 --entities 230000 --participations 540000 --money-rows 900000 --seed 1 --out "$work/extracts" >/dev/null
python3 tests/bench/live_jar.py load "$work/extracts"
rm "$work/extracts/JAR_IREGISTRUOTI.csv"
cp -r "$work/extracts" "$work/before"
cat >"$work/virsis.toml" <<CONFIG
home = '$PWD'
[retention]
remove_personal = false
[sources.jar__iregistruoti]
transport = 'uapi'
address = '$SPINTA_ADDRESS'
client = { id = '$SPINTA_CLIENT', secret_file = '$SPINTA_SECRET_FILE' }
CONFIG
"$VIRSIS" --config "$work/virsis.toml" key >/dev/null
night() { # LOG WHAT MUST BE SAID
    "$VIRSIS" --config "$work/virsis.toml" --log text run --timings >"$work/$1" 2>&1
    grep -q "$2" "$work/$1" || { cat "$work/$1" >&2; exit 1; }
    if grep -q "stands in" "$work/$1"; then cat "$work/$1" >&2; exit 1; fi
}
night whole "release published"
night quiet "nothing changed"
for number in $(seq "$nights"); do
    python3 tests/bench/live_jar.py rename "$number"
    night "jar.$number" "applying changes"
done
for number in $(seq "$nights"); do
    python3 tests/bench/live_jar.py rename $((nights + number))
    for file in "$work"/before/*.csv; do without "$number" "$file" >"$work/extracts/$(basename "$file")"; done
    night "all.$number" "applying changes"
done
show() { # NAME FILES...
    local name=$1
    shift
    awk '/^total/ {print $2, $3, $4}' "$@" | sort -n | awk -v name="$name" -v whole="$whole" '
        { line[NR] = $0 }
        END { split(line[int((NR + 1) / 2)], of); printf "%-10s %9d %9d %9d %6d %%\n", name, of[1], of[2], of[3], 100 * of[1] / whole }'
}
whole=$(awk '/^total/ {print $2}' "$work/whole")
printf '%-10s %9s %9s %9s %8s\n' night "wall ms" "cpu ms" "peak MiB" share
show whole "$work/whole"
show quiet "$work/quiet"
show jar "$work"/jar.*
show all "$work"/all.*
