#!/usr/bin/env bash
# Lets wapiti and sqlmap loose on a form endpoint with a session of somebody signed in, each for a bounded time, and says what they found.
#
#   VIRSIS_PEERS_REQUIRED=1 tests/peers/scanners/run.sh [SECONDS]      e.g. 120, for each of them
#
# The endpoint, its store and the session are made for this. Exit code 1: something was found, or the endpoint answered 500; 77: the
# scanners are not installed. Takes minutes, so it is no test of `cargo test`. VIRSIS is the binary; the default is what `cargo build` makes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$("$here/python.sh")
# To the binary, all variables of this prefix are settings.
unset VIRSIS_PEERS VIRSIS_PEERS_REQUIRED
cd "$here/../../.."
seconds=${1:-120}
if [ -z "${VIRSIS:-}" ]; then
    cargo build --quiet --workspace
    VIRSIS=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/virsis
fi
work=$(mktemp -d)
server=
stop() {
    if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
    rm -rf "$work"
}
trap stop EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$VIRSIS" generate --virs 40 --entities 400 --seed 1 --out "$work/extracts" >/dev/null
cat >"$work/virsis.toml" <<END
home = '$PWD'
[retention]
remove_personal = false
[serve]
address = '127.0.0.1:0'
schedules = []
[forms]
enabled = true
store = 'forms/forms.sqlite'
address = '127.0.0.1:$port'
origin = 'http://127.0.0.1:$port'
requests_per_minute = 100000000
sign_ins_per_minute = 100000000
END
"$VIRSIS" --config "$work/virsis.toml" key >/dev/null
"$VIRSIS" --config "$work/virsis.toml" --log text run >/dev/null 2>"$work/run.log" || { cat "$work/run.log" >&2; exit 1; }
(cd "$work" && exec "$VIRSIS" --config virsis.toml --log text serve >"$work/serve.out" 2>"$work/serve.log") &
server=$!
until grep -q "^form endpoint" "$work/serve.out" 2>/dev/null; do kill -0 "$server"; sleep 0.1; done
load() { python3 tests/bench/endpoint_load.py "$@" --store "$work/forms/forms.sqlite" --port "$port"; }
cookie=$(load sessions --people 1)
id=$(load draft --cookie "$cookie")
address=http://127.0.0.1:$port
found=0

echo "== wapiti, $seconds s"
timeout $((2 * seconds + 120)) "$bin/wapiti" -u "$address/pradzia" -s "$address/pateiktis/$id" -s "$address/teikti/lesos?ieskoti=a" -s "$address/pateikimai?virs=1" -H "Cookie: $cookie" -d 6 -x "$address/atsijungti" -x "$address/vaidmuo" \
    --scope domain -m sql,timesql,xss,permanentxss,exec,file,crlf,redirect,xxe,csp,http_headers,cookieflags,csrf,methods,upload \
    --max-scan-time "$seconds" --max-attack-time $((seconds / 6 + 1)) -v 1 --no-bugreport --flush-session --store-session "$work/wapiti" -f json -o "$work/wapiti.json" >"$work/wapiti.out" 2>&1 || tail -n 5 "$work/wapiti.out"
python3 - "$work/wapiti.json" <<'END' || found=1
import json, sys
report = json.load(open(sys.argv[1]))
# Known, and no findings: search, list and sign-in show the word that was typed, escaped, which wapiti takes for an error message that names a
# file; whoever signs in has no session yet whose token could be sent (the origin is checked instead).
def known(item):
    echo = item["parameter"] in ("ieskoti", "virs", "vardas") and "wapiti.txt" in item["http_request"]
    return echo or (item["path"], item["info"].strip()) == ("/prisijungti", "Lack of anti CSRF token")


found = {kind: items for part in ("vulnerabilities", "anomalies") for kind, all in report[part].items() if (items := [one for one in all if not known(one)])}
print(report["infos"].get("crawled_pages_nbr"), "pages crawled")
for kind, items in found.items():
    for item in items[:5]:
        print("  ", kind, item["method"], item["path"], item.get("parameter"), item["info"][:160], "|", item["http_request"].splitlines()[0][:300])
sys.exit(bool(found))
END

echo "== sqlmap, $seconds s"
sqlmap() { timeout "$1" "$bin/sqlmap" --batch --disable-coloring --flush-session --output-dir "$work/sqlmap" --dbms sqlite --level 3 --risk 2 --cookie "$cookie" "${@:2}" >>"$work/sqlmap.out" 2>&1 || true; }
each=$((seconds / 4 + 1))
csrf=$(python3 -c "import sys; sys.path.insert(0, 'tests/bench'); import endpoint_load; print(endpoint_load.csrf_of('$cookie'))")
sqlmap $each -u "$address/teikti/lesos?ieskoti=a" -p ieskoti
sqlmap $each -u "$address/pateikimai?virs=1" -p virs
sqlmap $each -u "$address/prisijungti" --data "vardas=a&slaptazodis=b&kodas=123456" -p vardas,slaptazodis,kodas
sqlmap $each -u "$address/teikti/lesos" --data "_csrf=$csrf&virs=1" -p virs,_csrf
grep -cE "testing connection|testing if" "$work/sqlmap.out" | sed 's/$/ tests begun/'
if grep -E "is vulnerable|Parameter: .*\(|back-end DBMS is" "$work/sqlmap.out"; then found=1; else echo "nothing injectable"; fi

if grep -E "panicked|a page could not be shown" "$work/serve.log"; then found=1; else echo "no error of the endpoint's own"; fi
"$VIRSIS" --config "$work/virsis.toml" audit-log verify
exit $found
