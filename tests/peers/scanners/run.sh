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
csrf=$(python3 -c "import sys; sys.path.insert(0, 'tests/bench'); import endpoint_load; print(endpoint_load.csrf_of('$cookie'))")
# A scanner sends the page that it saw first over and over. So that its version is never an old one, and what is sent is read and kept:
sqlite "CREATE TRIGGER lasting_version AFTER UPDATE OF version ON submission WHEN NEW.version <> 0 AND NEW.state = 'draft'
    BEGIN UPDATE submission SET version = 0 WHERE id = NEW.id; END"
found=0

echo "== wapiti, $seconds s"
# Not the ways out: of the session, of the role, of the draft.
timeout $((2 * seconds + 120)) "$bin/wapiti" -u "$address/pradzia" -s "$address/pateiktis/$id" -s "$address/teikti/lesos?ieskoti=a" \
    -s "$address/pateikimai?virs=1" -s "$address/prisijungti" -H "Cookie: $cookie" -d 6 \
    -x "$address/atsijungti" -x "$address/vaidmuo" -x "$address/pateiktis/*/atsisakyti" --scope domain \
    -m sql,timesql,xss,permanentxss,exec,file,crlf,redirect,xxe,csp,http_headers,cookieflags,csrf,methods,upload \
    --max-scan-time "$seconds" --max-attack-time $((seconds / 6 + 1)) -v 1 --no-bugreport --flush-session --store-session "$work/wapiti" \
    -dr 1 -f json -o "$work/wapiti.json" >"$work/wapiti.out" 2>&1 || tail -n 5 "$work/wapiti.out"
python3 "$here/found.py" "$work/wapiti.json" "$id" || found=1

each=$((seconds / 4 + 1))
echo "== sqlmap, $each s for each of five forms"
sqlmap() {
    timeout $each "$bin/sqlmap" --batch --disable-coloring --flush-session --output-dir "$work/sqlmap" --dbms sqlite --level 2 --risk 2 \
        --threads 2 --ignore-code '*' --cookie "$cookie" "$@" >>"$work/sqlmap.out" 2>&1 || true
}
sqlmap -u "$address/teikti/lesos?ieskoti=a" -p ieskoti
sqlmap -u "$address/pateikimai?virs=1" -p virs
sqlmap -u "$address/prisijungti" --data "vardas=a&slaptazodis=b&kodas=123456" -p vardas,slaptazodis,kodas
sqlmap -u "$address/teikti/lesos" --data "_csrf=$csrf&virs=1" -p virs,_csrf
sqlmap -u "$address/pateiktis/$id" -p lesos.0.suma,lesos.0.data,lesos.0.sutarties_rusis,_versija,veiksmas \
    --data "_csrf=$csrf&_versija=0&lesos.0.sutarties_rusis=dotacija&lesos.0.suma=10&lesos.0.data=2026-02-02&veiksmas=saugoti"
begun=$(grep -c "testing for SQL injection on" "$work/sqlmap.out" || true)
echo "$begun fields tried"
if [ "$begun" -lt 5 ]; then grep CRITICAL "$work/sqlmap.out" | head -n 5; echo "sqlmap did not try every form"; found=1; fi
if grep -E "is vulnerable|Parameter: .*\(|back-end DBMS is" "$work/sqlmap.out"; then found=1; else echo "nothing injectable"; fi

if grep -E "panicked|a page could not be shown" "$work/serve.log"; then found=1; else echo "no error of the endpoint's own"; fi
"$virsis" --config "$work/virsis.toml" audit-log verify
exit $found
