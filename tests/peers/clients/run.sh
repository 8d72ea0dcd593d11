#!/usr/bin/env bash
# Runs the examples of docs/clients against a release that is served over plain HTTP, and compares what each answers with what is worked out apart
# (expected.py).
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/clients/run.sh FOLDER|ADDRESS
#
# A FOLDER is that of a tier (portal/latest/open): it is served here, so that the server's log shows who read ranges alone. An ADDRESS is that of a
# tier's folder wherever it is served. Exit code 1: a client, which is named, failed or answered something else; 77: clients are not installed.
set -euo pipefail
# shellcheck source=tests/peers/clients/environments.sh
. "$(dirname "$0")/environments.sh"
examples=$here/../../../docs/clients
for program in curl jq sqlite3 soffice Rscript; do
    command -v $program >/dev/null || lacking "no $program; apt-get install --no-install-recommends curl jq sqlite3 libreoffice-calc-nogui r-base-core"
done
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server"; fi; rm -rf "$work"' EXIT

folder=
case $1 in
http://* | https://*) address=${1%/}/ ;;
*)
    folder=$(cd "$1" && pwd)/
    python3 "$here/range_server.py" "$folder" "$work/log" >"$work/address" &
    server=$!
    until [ -s "$work/address" ]; do kill -0 $server; sleep 0.1; done
    address=$(cat "$work/address")
    ;;
esac
asked=$(python3 "$here/expected.py" ask "$address" data/pajamos/lesos.csv)
export VIRS=${asked% *} METAI=${asked#* }
python3 "$here/expected.py" answer "$address" data/pajamos/lesos.csv "$VIRS" "$METAI" >"$work/expected"
echo "clients: who paid $VIRS how much in $METAI: $(wc -l <"$work/expected") payers" >&2

# DuckDB looks for its extension where its own download would have put it.
version=$("$python" -c 'import duckdb; print("v" + duckdb.__version__)')
extension=$(find "$(dirname "$bin")" -path "*/$version/httpfs.duckdb_extension")
platform=$("$python" -c 'import duckdb; print(*duckdb.sql("PRAGMA platform").fetchone())')
mkdir -p "$work/home/.duckdb/extensions/$version/$platform"
cp "$extension" "$work/home/.duckdb/extensions/$version/$platform/"

failed=0
wrong() {
    echo "client $1: $2" >&2
    failed=1
}

client() { # NAME ADDRESS COMMAND...
    [ -z "$folder" ] || : >"$work/log"
    echo "== $1" >&2
    if ! HOME=$work/home VIRSIS_URL=$2 "${@:3}" >"$work/answer" 2>"$work/said"; then
        wrong "$1" "failed: $(tail -n 3 "$work/said")"
    elif ! diff "$work/expected" "$work/answer" >"$work/difference"; then
        wrong "$1" "answers something else in $(grep -c '^[<>]' "$work/difference") lines"
    fi
}

ranges() { # NAME PATH [SHARE]
    [ -n "$folder" ] || return 0
    python3 "$here/ranges.py" "$work/log" "$2" "$(stat -c %s "$folder$2")" "${@:3}" || wrong "$1" "reads more than ranges"
}

parquet=data/pajamos/lesos.parquet
client "DuckDB, Parquet over HTTP" "$address" "$bin/duckdb" -f "$examples/duckdb.sql"
ranges "DuckDB, Parquet over HTTP" $parquet
client "DuckDB, its file over HTTP" "$address" "$python" "$examples/duckdb_file.py"
ranges "DuckDB, its file over HTTP" virsis.duckdb 0.5
client "newest DuckDB through fsspec" "$address" "$newest" "$examples/duckdb_fsspec.py"
ranges "newest DuckDB through fsspec" $parquet
if [ -n "$folder" ]; then
    client "DuckDB, local Parquet" "$folder" "$bin/duckdb" -f "$examples/duckdb.sql"
    client "DuckDB, its local file" "$folder" "$python" "$examples/duckdb_file.py"
    client "newest DuckDB, its local file" "$folder" "$newest" "$examples/duckdb_file.py"
fi
client "Polars" "$address" "$python" "$examples/polars_parquet.py"
ranges "Polars" $parquet
client "pandas, Parquet" "$address" "$python" "$examples/pandas_parquet.py"
client "pandas, CSV" "$address" "$python" "$examples/pandas_csv.py"
client "R" "$address" Rscript "$examples/base_r.R"
client "curl and jq" "$address" sh "$examples/curl_jq.sh"
client "SQLite" "$address" sh "$examples/sqlite.sh"
# Lithuanian settings, under which a decimal point is none unless LibreOffice is told.
calc() { LC_ALL=lt_LT.UTF-8 sh "$examples/libreoffice.sh" "$work" && "$python" "$here/spreadsheet.py" "$work/lesos.xlsx" "$VIRS" "$METAI"; }
client "LibreOffice" "$address" calc
echo "== the page for programs" >&2
HOME=$work/home "$python" "$here/page.py" "$here/../../../data/pages" "$address" "$bin" || wrong "the page for programs" "an example is wrong"
exit $failed
