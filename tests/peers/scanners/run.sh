#!/usr/bin/env bash
# Lets wapiti and sqlmap loose on a form endpoint with a session of somebody signed in, each for a bounded time, and says what they found.
#
#   VIRSIS_PEERS_REQUIRED=1 tests/peers/scanners/run.sh [SECONDS]      e.g. 120, for each of them
#
# The endpoint, its store and the session are made for this. Exit code 1: something was found, the endpoint answered 500,
# or a scanner did not reach the pages; 77: the scanners are not installed. VIRSIS is the binary; the default is what `cargo build` makes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$("$here/python.sh")
cd "$here/../../.."
seconds=${1:-120}
# shellcheck source=tests/served.sh
. tests/served.sh
serve "--virs 40 --entities 400 --seed 1"
cookie=$(load sessions --people 1)
id=$(load draft --cookie "$cookie")
# Something that was handed in: a list that is always empty looks the same whatever is asked of it.
virs=$(sqlite "INSERT INTO submission (feed, virs, state, role, organisation_code, organisation_name, account, content, created, changed, receipt, submitted)
    SELECT feed, virs, 'submitted', role, organisation_code, organisation_name, account, content, created, changed, 'VIRSIS-1', changed
    FROM submission WHERE id = $id RETURNING virs")
csrf=$(python3 -c "import sys; sys.path.insert(0, 'tests/bench'); import endpoint_load; print(endpoint_load.csrf_of('$cookie'))")
# A scanner sends the page that it saw first over and over. So that its version is never an old one, and what is sent is read and kept:
sqlite "CREATE TRIGGER lasting_version AFTER UPDATE OF version ON submission WHEN NEW.version <> 0 AND NEW.state = 'draft'
    BEGIN UPDATE submission SET version = 0 WHERE id = NEW.id; END"
found=0

wapiti() { # NAME SECONDS MODULES OPTIONS...
    timeout $((3 * $2 + 120)) "$bin/wapiti" -m "$3" --max-scan-time "$2" --max-attack-time $(($2 / 6 + 1)) --scope domain -d 6 -v 1 --no-bugreport \
        --flush-session --store-session "$work/$1" -dr 1 -f json -o "$work/$1.json" "${@:4}" >"$work/$1.out" 2>&1 || tail -n 5 "$work/$1.out"
}
injections=sql,timesql,xss,permanentxss,exec,file,crlf,redirect,xxe
echo "== wapiti, signed in, $seconds s"
# Not the ways out: of the session (ending the others gives this one another token), of the role, of the draft.
wapiti inside "$seconds" $injections,csp,http_headers,cookieflags,csrf,methods,upload -u "$address/pradzia" -s "$address/pateiktis/$id" \
    -s "$address/teikti/lesos?ieskoti=a" -s "$address/pateikimai?virs=$virs" -H "Cookie: $cookie" \
    -x "$address/atsijungti" -x "$address/paskyra/atjungti" -x "$address/vaidmuo" -x "$address/pateiktis/*/atsisakyti"
python3 "$here/found.py" "$work/inside.json" "GET /pradzia=200" "GET /pateiktis/$id=200" "POST /pateiktis/$id=200,303,422" \
    "GET /teikti/lesos=200" "POST /teikti/lesos=303" "GET /pateikimai=200" || found=1
echo "== wapiti, a stranger, $((seconds / 2)) s"
wapiti outside $((seconds / 2)) $injections,csp,http_headers,cookieflags,csrf -u "$address/prisijungti"
python3 "$here/found.py" "$work/outside.json" "GET /prisijungti=200" "POST /prisijungti=422" || found=1

# Short runs try each field in the few likeliest ways, to the end; longer ones try many ways for as long as they may.
depth=1
if [ "$seconds" -ge 60 ]; then depth=3; fi
echo "== sqlmap, level $depth"
sqlmap() {
    timeout $((4 * seconds)) "$bin/sqlmap" --batch --disable-coloring --flush-session --output-dir "$work/sqlmap" --dbms sqlite --technique BEUS \
        --level $depth --risk $depth --threads 2 --ignore-code '*' --cookie "$cookie" "$@" >>"$work/sqlmap.out" 2>&1 || true
}
sqlmap -u "$address/teikti/lesos?ieskoti=a" -p ieskoti
sqlmap -u "$address/pateikimai?virs=$virs" -p virs
sqlmap -u "$address/prisijungti" --data "vardas=a&slaptazodis=b&kodas=123456" -p vardas,slaptazodis,kodas
sqlmap -u "$address/teikti/lesos" --data "_csrf=$csrf&virs=1" -p virs
sqlmap -u "$address/pateiktis/$id" -p lesos.0.suma,lesos.0.data,lesos.0.sutarties_rusis,_versija,veiksmas \
    --data "_csrf=$csrf&_versija=0&lesos.0.sutarties_rusis=dotacija&lesos.0.suma=10&lesos.0.data=2026-02-02&veiksmas=saugoti"
fields=$(grep -o "testing for SQL injection on .* parameter '[^']*'" "$work/sqlmap.out" | cut -d' ' -f6- | sort | uniq -c | awk '{printf "%s%s %s", comma, $2, $4; comma = ", "}')
echo "tried: $fields"
if [ "$(grep -c "testing for SQL injection on" "$work/sqlmap.out")" -lt 11 ]; then
    echo "sqlmap did not try every field:"
    grep -E "CRITICAL|ERROR" "$work/sqlmap.out" | head -n 5 || true
    found=1
fi
if grep -E "is vulnerable|Parameter: .*\(|back-end DBMS is" "$work/sqlmap.out"; then found=1; else echo "nothing injectable"; fi

if grep -aE "panicked|a page could not be shown" "$work/serve.log"; then found=1; else echo "no error of the endpoint's own"; fi
"$virsis" --config "$work/virsis.toml" audit-log verify
exit $found
