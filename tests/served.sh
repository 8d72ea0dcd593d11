# Read by scripts that try a served form endpoint: tests/bench/endpoint.sh, tests/peers/scanners/run.sh. In the project's folder:
#
#     serve GENERATED [SETTINGS]   serves an endpoint over a country generated as GENERATED says; SETTINGS is further TOML. Sets $virsis,
#                                  $work (a folder that goes at the end), $server (its process) and $address
#     sqlite STATEMENT             runs it over its store and prints what it gives
#     load ...                     tests/bench/endpoint_load.py over its store: sessions, drafts
#
# VIRSIS is the binary; the default is what `cargo build` makes.

if [ -z "${VIRSIS:-}" ]; then
    cargo build --quiet --workspace --locked
    VIRSIS=$(cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/virsis
fi
virsis=$VIRSIS
# To the binary, all variables of this prefix are settings.
unset VIRSIS "${!VIRSIS_@}"
work=$(mktemp -d)
server=

stop() {
    if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
    rm -rf "$work"
}
trap stop EXIT

serve() {
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    address=http://127.0.0.1:$port
    # Unquoted: several options.
    # shellcheck disable=SC2086
    "$virsis" generate $1 --out "$work/extracts" >/dev/null
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
origin = '$address'
requests_per_minute = 100000000
sign_ins_per_minute = 100000000
[forms.mail]
delivery = 'file'
folder = 'letters'
from = 'VIRSIS <virsis@example.invalid>'
${2:-}
END
    (
        cd "$work"
        "$virsis" --config virsis.toml key >/dev/null
        "$virsis" --config virsis.toml --log text run >/dev/null 2>run.log || { cat run.log >&2; exit 1; }
    )
    (cd "$work" && exec "$virsis" --config virsis.toml --log text serve >serve.out 2>serve.log) &
    server=$!
    until grep -q "^form endpoint" "$work/serve.out" 2>/dev/null; do kill -0 "$server"; sleep 0.1; done
}

load() { python3 tests/bench/endpoint_load.py "$@" --store "$work/forms/forms.sqlite" --port "$port"; }

sqlite() {
    python3 - "$work/forms/forms.sqlite" "$1" <<'END'
import sqlite3, sys
store = sqlite3.connect(sys.argv[1], timeout=30)
for row in store.execute(sys.argv[2]):
    print(*row)
store.commit()
END
}
