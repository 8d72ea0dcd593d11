#!/bin/sh
# curl fetches the JSON Lines file, jq filters and sums it. jq's numbers are floating-point: sums are made of whole cents.
#
#     VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 sh curl_jq.sh
set -eu

curl --fail --silent --show-error "${VIRSIS_URL}data/pajamos/lesos.jsonl" |
    jq --raw-output --slurp --arg virs "$VIRS" --argjson year "$METAI" '
        def euros: "\(. / 100 | floor).\("0\(. % 100)"[-2:])";
        def days: strptime("%Y-%m-%d") | mktime / 86400;
        map(select(.ja_kodas == $virs and .metai == $year))
        | group_by([.institucijos_kodas, .institucija])[]
        | (map(.data) | min) as $first | (map(.data) | max) as $last
        | [.[0].institucijos_kodas, .[0].institucija, (map(.suma * 100 | round) | add | euros), $first, $last, ($last | days) - ($first | days)]
        | join("\t")'
