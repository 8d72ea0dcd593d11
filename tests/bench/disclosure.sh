#!/usr/bin/env bash
# What disclosure control of statistics costs, in time, memory and value, at 1×.
#
#   tests/bench/disclosure.sh [REPETITIONS]
#
# The country is that of nightly.sh. Each repetition is a first night; the one in which protection took the median time is shown. Its stage
# `statistics protected` is protection and the gate's audit, and the memory is what it adds to the most that was used before. Then
# `virsis audit` attacks the release from its files, and disclosure_utility.py compares what readers lose with simpler rules.
# VIRSIS is the binary to measure; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
repetitions=${1:-3}
# shellcheck source=tests/bench/binary.sh
. tests/bench/binary.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$virsis" generate --virs 2000 --entities 230000 --participations 540000 --money-rows 900000 --seed 1 --out "$work/extracts" >/dev/null
printf "home = '%s'\n[retention]\nremove_personal = false\n" "$PWD" >"$work/virsis.toml"
"$virsis" --config "$work/virsis.toml" key >/dev/null
for repetition in $(seq "$repetitions"); do
    rm -rf "$work/portal" "$work/internal" "$work/state"
    "$virsis" --config "$work/virsis.toml" --log text run --timings >"$work/night.$repetition" 2>"$work/log.$repetition"
done

stage='$1 == "statistics" && $2 == "protected"'
median=$(awk "$stage {print \$3, FILENAME}" "$work"/night.* | sort -n | awk '{line[NR] = $2} END {print line[int((NR + 1) / 2)]}')
awk "$stage"' {printf "protection and audit: %.1f s, %.1f CPU-s, %d MiB over the %d MiB used before\n", $3 / 1000, $4 / 1000, $5 - before, before}
     $1 != "stage" {before = $NF}
     $1 == "total" {printf "the whole night: %.1f s, %.1f CPU-s, %d MiB\n", $2 / 1000, $3 / 1000, $4}' "$median"
echo
/usr/bin/time -f "attack from the files: %e s, %U CPU-s, %M KiB" "$virsis" --config "$work/virsis.toml" audit
echo
# What readers lose is seen beside the internal tier's own JSON Lines, which a night prints if it is asked for them.
VIRSIS_PORTAL_INTERNAL_PAGES=true "$virsis" --config "$work/virsis.toml" --log text run >/dev/null 2>&1
python3 tests/bench/disclosure_utility.py "$virsis" "$work/virsis.toml" "$work/portal/latest" "$work/internal/latest" \
    "$work/log.$repetitions"
