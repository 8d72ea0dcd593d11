#!/usr/bin/env bash
# What a night costs: wall time, CPU time and peak memory of each stage, at 1×, 2× and 4× the country's size.
#
#   tests/bench/nightly.sh [REPETITIONS] [SCALES]      e.g. tests/bench/nightly.sh 3 "1 2 4"
#
# 1× is 230 000 entities, 2 000 VIRS, 540 000 participations, 900 000 rows of money. Of several repetitions the one with the
# median wall time is shown. VIRSIS is the binary to measure; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
repetitions=${1:-3}
scales=${2:-"1 2 4"}
# shellcheck source=tests/bench/binary.sh
. tests/bench/binary.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for scale in $scales; do
    country=$work/$scale
    mkdir -p "$country"
    "$virsis" generate --virs $((2000 * scale)) --entities $((230000 * scale)) --participations $((540000 * scale)) \
        --money-rows $((900000 * scale)) --seed 1 --out "$country/extracts" >/dev/null
    printf "home = '%s'\n[retention]\nremove_personal = false\n" "$PWD" >"$country/virsis.toml"
    "$virsis" --config "$country/virsis.toml" key >/dev/null
    for repetition in $(seq "$repetitions"); do
        # Every repetition is a first night in folders of its own: nothing is shared with an earlier release, and nothing is removed
        # in between, since ext4 is slow to make files where many were removed in the last minute.
        night=$country/night$repetition
        VIRSIS_PATHS_PORTAL=$night/portal VIRSIS_PATHS_INTERNAL=$night/internal VIRSIS_PATHS_STATE=$night/state \
            "$virsis" --config "$country/virsis.toml" --log text run --timings >"$work/$scale.$repetition"
        # A second night over the same extracts.
        VIRSIS_PATHS_PORTAL=$night/portal VIRSIS_PATHS_INTERNAL=$night/internal VIRSIS_PATHS_STATE=$night/state \
            "$virsis" --config "$country/virsis.toml" --log text run --timings >"$work/unchanged.$scale.$repetition"
    done
    median() {
        for file in "$@"; do echo "$(awk '/^total/ {print $2}' "$file") $file"; done | sort -n |
            awk '{line[NR] = $2} END {print line[int((NR + 1) / 2)]}'
    }
    echo "== ${scale}× (median of $repetitions): extracts $(du -sm "$country/extracts" | cut -f1) MiB, release $(du -sm "$country/night1/portal/releases" | cut -f1) MiB"
    cat "$(median "$work/$scale".[0-9]*)"
    echo "-- and a night with nothing new"
    cat "$(median "$work/unchanged.$scale".[0-9]*)"
    rm -rf "$country"
done
