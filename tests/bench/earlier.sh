#!/usr/bin/env bash
# What protection of statistics needs, night after night, while the releases that it compares with become a dozen: wall and CPU time of the stage
# and peak memory of the run so far. In each night what three registers of money say of one more entity (or person) in a hundred is gone.
#
#   tests/bench/earlier.sh [NIGHTS]
#
# The country has little but money: 300 VIRS, 3 000 entities, 400 000 rows. VIRSIS is the binary to measure; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/without.sh
. tests/bench/without.sh
nights=${1:-13}
# shellcheck source=tests/bench/binary.sh
. tests/bench/binary.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$virsis" generate --virs 300 --entities 3000 --participations 6000 --money-rows 400000 --seed 3 --out "$work/extracts" >/dev/null
cp -r "$work/extracts" "$work/before"
printf "home = '%s'\n[retention]\nremove_personal = false\n" "$PWD" >"$work/virsis.toml"
"$virsis" --config "$work/virsis.toml" key >/dev/null
printf '%5s %9s %9s %9s\n' night "wall ms" "cpu ms" "peak MiB"
for night in $(seq 0 "$nights"); do
    for file in "$work"/before/{imis,vrk,gypas}_*.csv; do
        if [ "$night" -gt 0 ]; then without "$night" "$file" >"$work/extracts/$(basename "$file")"; fi
    done
    "$virsis" --config "$work/virsis.toml" --log text run --timings >"$work/log" 2>"$work/said"
    # A night that refuses an extract for shrinking too much has no such stage.
    awk -v night="$night" '/^statistics/ {printf "%5s %9s %9s %9s\n", night, $3, $4, $5}' "$work/log"
done
