#!/bin/sh
# sqlite3 asks the file with all tables. `suma` is in euros; `suma_e2` is the same in whole cents, of which an exact sum is made.
#
#     VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 sh sqlite.sh
set -eu

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
curl --fail --silent --show-error --output "$folder/virsis.sqlite" "${VIRSIS_URL}virsis.sqlite"
sqlite3 -readonly -batch -noheader -separator "$(printf '\t')" -cmd ".parameter set @virs '$VIRS'" -cmd ".parameter set @year $METAI" "$folder/virsis.sqlite" '
    SELECT institucijos_kodas, institucija, printf("%d.%02d", SUM(suma_e2) / 100, SUM(suma_e2) % 100), MIN(data), MAX(data),
        CAST(julianday(MAX(data)) - julianday(MIN(data)) AS INTEGER)
    FROM lesos
    WHERE ja_kodas = @virs AND metai = @year
    GROUP BY institucijos_kodas, institucija
    ORDER BY institucijos_kodas, institucija'
