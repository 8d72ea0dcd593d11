#!/usr/bin/env bash
# Runs a command beside a real Spinta server on PostgreSQL, and takes both down afterwards:
#
#     tests/peers/spinta.sh cargo test -p connectors --test spinta
#     tests/peers/spinta.sh bash          # to look around with curl and psql
#
# The command finds SPINTA_ADDRESS, SPINTA_CLIENT, SPINTA_SECRET_FILE and psql's PG… variables. Exit code 77: this machine lacks
# Python, PostgreSQL or Spinta. With VIRSIS_PEERS_REQUIRED=1 that is a failure, and Spinta is installed first: once, outside the clone.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/venv.sh"
command -v curl >/dev/null || lacking "no curl; apt-get install curl"
postgres=$(find /usr/lib/postgresql -maxdepth 3 -name initdb 2>/dev/null | sort -V | tail -n 1)
[ -n "$postgres" ] || lacking "no PostgreSQL; apt-get install postgresql"
postgres=$(dirname "$postgres")
venv spinta-1.3.1 "$here/spinta/requirements.txt"

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi
}
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

work=$(mktemp -d /tmp/virsis-spinta-XXXXXX)
server=
stop() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

chmod 755 "$work"
mkdir "$work/postgres"
if [ "$(id -u)" = 0 ]; then chown postgres "$work/postgres"; fi
export PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=spinta PATH="$postgres:$PATH"
PGPORT=$(free_port)
export PGPORT
cd "$work/postgres"
as_postgres "$postgres/initdb" -D "$work/postgres/data" -A trust -U postgres -E UTF8 --locale=C >/dev/null
as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -l "$work/postgres/log" -w \
    -o "-p $PGPORT -k $work/postgres -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off" start >/dev/null
psql -q -d postgres -c 'create database spinta'

cd "$work"
mkdir config data
port=$(free_port)
export SPINTA_ADDRESS="http://127.0.0.1:$port" SPINTA_CLIENT=virsis SPINTA_SECRET_FILE="$work/secret"
sed -e "s|WORK|$work|;s|HERE|$here|;s|ADDRESS|$SPINTA_ADDRESS|;s|PGPORT|$PGPORT|" "$here/spinta/config.yml" >config.yml
export SPINTA_CONFIG="$work/config.yml"
{
    "$venv/bin/spinta" bootstrap
    # A secret of the test's own: the server lives for minutes, on the loopback address.
    (umask 077 && printf 'peer-%s' "$$" >secret)
    "$venv/bin/spinta" client add -n "$SPINTA_CLIENT" -s "$(cat secret)" --scope - <"$here/spinta/scopes.txt"
} >setup.log 2>&1 || { cat setup.log >&2; exit 1; }
"$venv/bin/spinta" run --port "$port" >run.log 2>&1 &
server=$!
for _ in $(seq 120); do
    if curl -fs -o /dev/null "$SPINTA_ADDRESS/version"; then break; fi
    kill -0 "$server" 2>/dev/null || { cat run.log >&2; exit 1; }
    sleep 0.5
done

cd "$here/../.."
"$@" || { code=$?; tail -n 20 "$work/run.log" >&2; exit "$code"; }
