#!/usr/bin/env bash
# What it costs to bring in JAR's register of entities over the network: rows per second, CPU time, peak memory of `virsis fetch`, which
# reads an extract to its end and keeps nothing.
#
#   tests/bench/transports.sh [REPETITIONS] [ROWS]      e.g. tests/bench/transports.sh 3 "230000 460000"
#
# Over loopback: files over HTTP, plain and packed, and pages of the state data API out of a server that has all answers ready
# (tests/bench/jar_server.py); then pages out of a real Spinta on PostgreSQL (tests/peers/spinta.sh), with the first number of ROWS, if
# this machine has one. Of several repetitions the one with the median wall time is shown; rows per second are without the 0-row start.
# VIRSIS is the binary to measure; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../.."
repetitions=${1:-3}
read -ra sizes <<<"${2:-230000 460000}"
command -v /usr/bin/time >/dev/null || { echo "no /usr/bin/time; apt-get install time" >&2; exit 2; }

# One transport, measured: its name, how many rows it has, its section.
measure() {
    printf "home = '%s'\n%s\n" "$PWD" "$3" >"$bench/virsis.toml"
    for _ in $(seq "$repetitions"); do
        began=$EPOCHREALTIME
        /usr/bin/time -f '%U %S %M' -o "$bench/time" "$virsis" --config "$bench/virsis.toml" --log text fetch jar --rows 0 >"$bench/said" 2>"$bench/log" ||
            { cat "$bench/said" "$bench/log" >&2; exit 1; }
        ended=$EPOCHREALTIME
        grep -q "^$2 rows read" "$bench/said" || { echo "$1: not $2 rows" >&2; exit 1; }
        # Both in microseconds, whatever the language's decimal mark.
        echo "$((${ended/[.,]/} - ${began/[.,]/})) $(cat "$bench/time")"
    done | sort -n | awk -v name="$1" -v rows="$2" -v start="${start:-0}" '
        { wall[NR] = $1 / 1e6; cpu[NR] = $2 + $3; peak[NR] = $4 }
        END {
            if (!NR) exit
            at = int((NR + 1) / 2)
            rate = rows ? sprintf("%.0f rows/s", rows / (wall[at] - start)) : ""
            printf "%-26s %7d rows %7.2f s wall %7.2f s CPU %5d MiB %s\n", name, rows, wall[at], cpu[at], peak[at] / 1024, rate
            print wall[at] > "/dev/stderr"
        }' 2>"$bench/wall"
}

if [ -n "${SPINTA_ADDRESS:-}" ]; then
    # The second part of this script, beside the server: one entity comes in the ordinary way, the others are made of it.
    rows=${sizes[0]}
    python3 tests/peers/spinta/load.py load "$bench/one" >/dev/null
    table='"datasets/gov/rc/jar/iregistruoti"."JuridinisAsmuo"'
    psql -q -v ON_ERROR_STOP=1 -c "insert into $table
        select _txn, _created, _updated, ('50000000-1111-4111-8111-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid()::text,
            400000000 + n, 'UAB \"Išgalvotoji bendrovė ' || n || '\"', 'Vilnius, Pramanytoji g. ' || n, reg_data, isreg_data,
            \"forma._id\", \"statusas._id\", stat_data
        from $table, generate_series(1, $rows - 1) as n" -c "analyze $table"
    client="client = { id = '$SPINTA_CLIENT', secret_file = '$SPINTA_SECRET_FILE' }"
    for format in jsonl csv; do
        measure "uapi, $format, real Spinta" "$rows" "[sources.jar__iregistruoti]
transport = 'uapi'
address = '$SPINTA_ADDRESS'
format = '$format'
$client"
    done
    exit
fi

cargo build --quiet --workspace
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
virsis=${VIRSIS:-$target/debug/virsis}
bench=$(mktemp -d)
server=
stop() {
    exec 3>&- || true
    if [ -n "$server" ]; then wait "$server" || true; fi
    rm -rf "$bench"
}
trap stop EXIT

# The other extracts of JAR have no rows; the register of entities has none, then one, then many.
mkdir "$bench/extracts" "$bench/one" "$bench/served"
"$virsis" generate --virs 40 --entities 400 --seed 1 --out "$bench/country" >/dev/null
for path in "$bench"/country/[jJ][aA][rR]_*.csv; do head -n 1 "$path" >"$bench/extracts/$(basename "$path")"; done
for name in TEI_FORM_KLASIFIKATORIUS TEI_STATUSU_KLASIFIKATORIUS; do cp "$bench/country/JAR_$name.csv" "$bench/one"; done
head -n 2 "$bench/country/JAR_IREGISTRUOTI.csv" >"$bench/one/JAR_IREGISTRUOTI.csv"
measure "start" 0 ""
start=$(cat "$bench/wall")
export start virsis bench

for rows in "${sizes[@]}"; do
    mkfifo "$bench/hold"
    python3 tests/bench/jar_server.py "$bench/served" "$rows" <"$bench/hold" >"$bench/port" &
    server=$!
    exec 3>"$bench/hold"
    rm "$bench/hold"
    until [ -s "$bench/port" ]; do kill -0 "$server"; sleep 0.2; done
    address="http://127.0.0.1:$(cat "$bench/port")"
    echo "== $rows rows, $(du -m "$bench/served/JAR_IREGISTRUOTI.csv" | cut -f1) MiB, packed $(du -m "$bench/served/JAR_IREGISTRUOTI.csv.gz" | cut -f1) MiB (median of $repetitions)"
    cp "$bench/served/JAR_IREGISTRUOTI.csv" "$bench/extracts"
    measure "file" "$rows" ""
    head -n 1 "$bench/country/JAR_IREGISTRUOTI.csv" >"$bench/extracts/JAR_IREGISTRUOTI.csv"
    for way in plain packed; do
        measure "bulk, $way" "$rows" "[sources.jar__iregistruoti]
transport = 'bulk'
address = '$address/$way?{file}'"
    done
    for format in jsonl csv; do
        measure "uapi, $format" "$rows" "[sources.jar__iregistruoti]
transport = 'uapi'
address = '$address'
format = '$format'"
    done
    exec 3>&-
    wait "$server" || true
    server=
done

tests/peers/spinta.sh "$PWD/tests/bench/transports.sh" "$repetitions" "${sizes[0]}" || [ $? = 77 ]
