#!/usr/bin/env bash
# What a night costs on which a little changed, beside a whole one: what one register says of one entity (or person) in a hundred is
# gone, in the next night of one more in a hundred.
#
#   tests/bench/changed.sh [REPETITIONS]
#
# The country is that of nightly.sh at 1×. Wall and CPU time and peak memory are medians of two nights of all repetitions; the share is
# of the whole night's wall time. `all` changes every register at once. Between two registers everything is brought back, unmeasured.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/bench/without.sh
. tests/bench/without.sh
repetitions=${1:-2}
# shellcheck source=tests/bench/binary.sh
. tests/bench/binary.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$virsis" generate --virs 2000 --entities 230000 --participations 540000 --money-rows 900000 --seed 1 --out "$work/extracts" >/dev/null
cp -r "$work/extracts" "$work/before"
printf "home = '%s'\n[retention]\nremove_personal = false\n" "$PWD" >"$work/virsis.toml"
"$virsis" --config "$work/virsis.toml" key >/dev/null
night() { # LOG
    "$virsis" --config "$work/virsis.toml" --log text run --timings --explain >"$work/$1"
}
median() { # COLUMN FILES...
    local column=$1
    shift
    awk -v column="$column" '/^total/ {print $column}' "$@" | sort -n | awk '{line[NR] = $1} END {print line[int((NR + 1) / 2)]}'
}

for repetition in $(seq "$repetitions"); do
    # A country of its own: making again what an earlier release holds is another thing than making something new.
    rm -rf "$work/portal" "$work/internal" "$work/state"
    night "whole.$repetition"
    for register in lis libis gr jadis imis gypas vrk jar formos all; do
        for gone in 1 2; do
            for file in "$work"/before/*.csv; do
                name=$(basename "$file" .csv)
                case $register:${name,,} in
                all:* | "$register":"$register"_*) without "$gone" "$file" >"$work/extracts/$name.csv" ;;
                esac
            done
            night "$register.$repetition.$gone"
        done
        cp "$work"/before/*.csv "$work/extracts/"
        night back
    done
done

whole=$(median 2 "$work"/whole.*)
printf '%-8s %9s %9s %9s %7s %s\n' night "wall ms" "cpu ms" "peak MiB" share "steps that ran (of models, checks, tables)"
printf '%-8s %9s %9s %9s %7s\n' whole "$whole" "$(median 3 "$work"/whole.*)" "$(median 4 "$work"/whole.*)" "100 %"
for register in lis libis gr jadis imis gypas vrk jar formos all; do
    logs=("$work/$register".*)
    wall=$(median 2 "${logs[@]}")
    steps=$(grep -cE '^ran +(model|check|write) ' "${logs[0]}" || true)
    of=$(grep -cE '^(ran|skipped) +(model|check|write) ' "${logs[0]}" || true)
    printf '%-8s %9s %9s %9s %5s %% %s of %s\n' "$register" "$wall" "$(median 3 "${logs[@]}")" "$(median 4 "${logs[@]}")" \
        $((100 * wall / whole)) "$steps" "$of"
done
