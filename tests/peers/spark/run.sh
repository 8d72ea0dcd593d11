#!/usr/bin/env bash
# Whole nights on a real Spark cluster: `virsis-cluster` must make, byte for byte, the release that `virsis` makes, also while an executor is killed,
# and must refuse clearly, with `latest` untouched and nothing left in the shared folder, whenever the cluster is not there or not as it must be.
#
#     VIRSIS_PEERS_REQUIRED=1 tests/peers/spark/run.sh [--if-changed]
#
# Seven to twelve minutes on two busy cores, once the programs are built. --if-changed: not, if nothing that decides its outcome changed since it last passed
# on this machine (a hash in ~/.cache/virsis/spark.passed). VIRSIS and VIRSIS_CLUSTER are the binaries; by default they are built. It needs Java 17
# or newer, Python, openssl, and root for a small disk. Exit code 1: something does not hold; 77: something is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../../.." && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"

# What decides the outcome.
inputs() {
    cd "$home"
    find sql/models sql/checks transforms/src/engine* transforms/src/incremental transforms/src/models.rs transforms/cluster tests/peers/spark \
        pipelines/src/lib.rs pipelines/src/run/engine.rs pipelines/src/config/engine.rs pipelines/src/state/shared_folder.rs -type f -not -path '*/target/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}
stamp=$HOME/.cache/virsis/spark.passed
state=$(inputs)
if [ "${1:-}" = --if-changed ] && [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then
    echo "spark: nothing that decides it changed since it passed"
    exit 0
fi

# A mount namespace of its own, so that no small disk outlives it, and a bound on its time.
if [ -z "${VIRSIS_SPARK_BEGUN:-}" ] && [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    VIRSIS_SPARK_BEGUN=1 exec timeout --foreground "${VIRSIS_SPARK_SECONDS:-2400}" unshare --mount "$0" "$@"
fi
[ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null || lacking "a small disk is made by root only"
command -v java >/dev/null || lacking "no Java; apt-get install default-jre-headless"
java_version=$(java -version 2>&1 | sed -n 's/^[^"]*version "\([0-9]*\).*/\1/p')
[ "${java_version:-0}" -ge 17 ] || lacking "Java ${java_version:-?} is too old for Spark 4, which wants 17 or newer"
command -v openssl >/dev/null || lacking "no openssl; apt-get install openssl"
command -v pgrep >/dev/null || lacking "no pgrep; apt-get install procps"
venv spark-pyspark-4.3.0 "$here/requirements.txt"

target=${CARGO_TARGET_DIR:-$(cd "$home" && cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
if [ -z "${VIRSIS:-}" ]; then
    (cd "$home" && cargo build --quiet --workspace --locked)
    VIRSIS=$target/debug/virsis
fi
if [ -z "${VIRSIS_CLUSTER:-}" ]; then
    cargo test --quiet --locked --manifest-path "$home/transforms/cluster/Cargo.toml" --target-dir "$target" >&2
    cargo build --quiet --locked --manifest-path "$home/transforms/cluster/Cargo.toml" --target-dir "$target"
    VIRSIS_CLUSTER=$target/debug/virsis-cluster
fi
plain=$VIRSIS clustered=$VIRSIS_CLUSTER
# To the binaries, all variables of this prefix are settings.
unset "${!VIRSIS_@}"

work=$(mktemp -d)
cluster=$work/cluster
mkdir "$cluster"
# shellcheck source=tests/peers/spark/cluster.sh
. "$here/cluster.sh"
background=()
finish() {
    local pid
    for pid in "${background[@]:+${background[@]}}"; do kill -9 "$pid" 2>/dev/null || true; done
    cluster_stop || true
    umount -l "$work/small" 2>/dev/null || true
    if [ "${kept:-0}" = 0 ]; then rm -rf "$work"; else echo "spark: logs are in $work" >&2; fi
}
trap finish EXIT
kept=1

failed() {
    echo "spark: $1" >&2
    exit 1
}
say() { printf 'spark: %4d s  %s\n' "$SECONDS" "$1"; }

# FOLDER SEED VIRS SETTINGS: a country, with the key of all.
country() {
    mkdir "$work/$1"
    (
        cd "$work/$1"
        "$plain" generate --virs "$3" --entities 400 --seed "$2" --out extracts >/dev/null
        mkdir -m 700 secrets
        printf "home = '%s'\n[retention]\nremove_personal = false\n%s" "$home" "$4" >virsis.toml
        if [ -e "$work/key" ]; then install -m 600 "$work/key" secrets/person.key; else
            "$plain" --config virsis.toml key >/dev/null
            install -m 600 secrets/person.key "$work/key"
        fi
    )
}

# FOLDER [REMOTE [SHARED [MORE]]]: its nights run on the cluster.
on_cluster() {
    install -m 600 "$cluster/token" "$work/$1/secrets/spark.token"
    sed -i '/^\[engine\]/,$d' "$work/$1/virsis.toml"
    cat >>"$work/$1/virsis.toml" <<END
[engine]
kind = "spark"
remote = "${2:-$remote}"
token_file = "secrets/spark.token"
shared = "${3:-$shared}"
partitions = 4
${4:-}
END
}

night() { # PROGRAM FOLDER [OPTION…]
    local program=$1 folder=$2
    shift 2
    (cd "$work/$folder" && "$program" --config virsis.toml --log text run "$@") >"$work/$folder/night.out" 2>"$work/$folder/night.log"
}

# FOLDER: how long models and checks took.
stages() {
    sed -n 's/.*stage="\(sql models\|checks\)" wall_ms=\([0-9]*\) cpu_ms=\([0-9]*\).*/\1 \2 ms, \3 ms of processor time/p' "$work/$1/night.log" | paste -sd';'
}

must() { # PROGRAM FOLDER [OPTION…]
    night "$@" || { tail -5 "$work/$2/night.log" >&2; failed "the night of $2 failed"; }
}

# FOLDER CODE WORDS [OPTION…]: the night must end with that code and these words, the release stay, and the shared folder be empty.
must_refuse() {
    local folder=$1 code=$2 words=$3 before found=0
    shift 3
    before=$(readlink "$work/$folder/portal/latest")
    night "$clustered" "$folder" "$@" || found=$?
    [ $found = "$code" ] || { tail -5 "$work/$folder/night.log" >&2; failed "exit code $found instead of $code ($words)"; }
    tail -1 "$work/$folder/night.log" | grep -q -- "$words" || { tail -1 "$work/$folder/night.log" >&2; failed "it does not say: $words"; }
    [ "$(readlink "$work/$folder/portal/latest")" = "$before" ] || failed "latest is another release"
    nothing_left "${left_in:-$shared}"
    say "refused: $(tail -1 "$work/$folder/night.log" | cut -c1-200)"
}

# FOLDER: doctor must find the cluster.
probe() {
    (cd "$work/$1" && "$clustered" --config virsis.toml doctor) >"$work/doctor" 2>&1 || true
    grep -q "^ok     engine: Spark Connect" "$work/doctor" || { cat "$work/doctor" >&2; failed "doctor does not find the cluster"; }
    nothing_left "$shared"
}

nothing_left() { # FOLDER
    [ "$(ls -A "$1")" = .virsis-shared ] || { find "$1" >&2; failed "something is left in the shared folder"; }
}

same() { # FOLDER FOLDER
    local side
    for side in portal/latest internal/latest; do
        diff -rq "$work/$1/$side/" "$work/$2/$side/" >"$work/diff" 2>&1 || { head -20 "$work/diff" >&2; failed "the releases of $1 and $2 differ"; }
    done
    # What the next night builds on: hashes of all tables, and what the checks found.
    python3 - "$work/$1/state/steps.json" "$work/$2/state/steps.json" <<'END' || failed "$1 and $2 remember other things"
import json, sys
first, second = (json.load(open(path))["remembered"] for path in sys.argv[1:])
sys.exit(0 if first == second and first["contents"] else 1)
END
    [ "$(find "$work/$1/portal/latest/" -type f | wc -l)" -gt "${3:-100}" ] || failed "there is hardly anything in the release"
}

# N FOLDER: waits until a night has made that many tables.
tables_made() {
    local _
    for _ in $(seq 1200); do
        if [ "$(find "$shared" -mindepth 2 -maxdepth 2 -name 'table-*' 2>/dev/null | sed 's/.*-//' | sort -n | tail -1)" -ge "$1" ] 2>/dev/null; then return 0; fi
        sleep 0.1
    done
    failed "the night made no $1 tables"
}

lean=$'[portal]\ndatabase = false\nsqlite = false\n[publication]\nenglish = false\nworkbooks = false\n'
shared=$work/shared
cluster_start
say "a master, two workers and a Spark Connect server run at $remote"

# 1. The same release, whole, and the next one, which builds on it.
country plain 3 40 ''
cp -a "$work/plain" "$work/spark"
on_cluster spark
must "$plain" plain
probe spark
say "doctor: $(grep 'engine:' "$work/doctor")"
before=$(cluster_ticks)
must "$clustered" spark
took=$((($(cluster_ticks) - before) / 100))
same plain spark 1000
nothing_left "$shared"
say "on DuckDB: $(stages plain); on the cluster: $(stages spark), and $took s of processor time of its own"
say "the release of a whole night is the same, byte for byte ($(find "$work/spark/portal/latest/" -type f | wc -l) files)"
python3 "$here/executors.py" "$cluster/events" || failed "not both executors worked"
for folder in plain spark; do
    # A payment and a licence go; what is made of them is made again, everything else is taken over.
    sed -i 2d "$work/$folder/extracts/formos_imokos.v1.csv" "$work/$folder/extracts/lis_licencijos.v1.csv"
done
must "$plain" plain
must "$clustered" spark
same plain spark 1000
nothing_left "$shared"
say "so is that of a night that builds on it"

# 2. An executor is killed while statements run.
country quiet 4 40 "$lean"
cp -a "$work/quiet" "$work/killed"
on_cluster killed
must "$plain" quiet
night "$clustered" killed &
background+=($!)
tables_made 12
victim=$(executors | tail -1)
kill -9 "$victim"
wait "${background[-1]}" || { tail -5 "$work/killed/night.log" >&2; failed "a night does not survive the loss of an executor"; }
same quiet killed
nothing_left "$shared"
say "an executor ($victim) was killed in the middle of a night, and the release is the same"

# 3. What is refused.
[ "$(cd "$work/spark" && "$plain" --config virsis.toml check 2>&1 | grep -c virsis-cluster)" = 1 ] || failed "virsis does not name virsis-cluster"
printf 'a-token-that-is-wrong' >"$work/killed/secrets/spark.token"
must_refuse killed 1 "the cluster refuses the token" --full
on_cluster killed "sc://127.0.0.1:$(free_port)"
must_refuse killed 1 "cannot be reached, or was lost (connection refused)" --full
on_cluster killed
sed -i 's/^remote = .*/remote = "sc:\/\/192.0.2.1:15002"/' "$work/killed/virsis.toml"
must_refuse killed 1 "the token would travel in the clear" --full
on_cluster killed
chmod 640 "$work/killed/secrets/spark.token"
must_refuse killed 1 "set its mode to 0600" --full
on_cluster killed
touch "$shared/somebody-elses"
night "$clustered" killed --full && failed "a folder with a file of somebody else was used"
tail -1 "$work/killed/night.log" | grep -q "1 entry is there that no run made" || failed "it does not say that somebody else's file is there"
[ -e "$shared/somebody-elses" ] || failed "a file of somebody else was removed"
rm "$shared/somebody-elses"

# A statement that reads a file, that sees a table which it does not name, one that fails on a cell, and one whose result a worker finds no room for.
# It is the model that runs first.
cp -a "$work/killed" "$work/statement"
mkdir "$work/home"
cp -a "$home"/{data,sql,schedules} "$work/home/"
sed -i "s|^home = .*|home = '$work/home'|" "$work/statement/virsis.toml"
model() { printf -- '-- needs: core_juridinis\n%s\n' "$1" >"$work/home/sql/models/out_asmens_duomenys.sql"; }
# shellcheck disable=SC2016
model 'SELECT * FROM text.`/etc/passwd`'
must_refuse statement 2 'the sign ` may not be used' --full
model "SELECT reflect('java.lang.System', 'getenv', 'HOME') AS x FROM core_juridinis"
must_refuse statement 2 "function REFLECT may not be used" --full
model "SELECT * FROM core_asmuo"
must_refuse statement 2 "TABLE_OR_VIEW_NOT_FOUND" --full
model "SELECT CAST(pavadinimas || 'jonas' AS BIGINT) AS n FROM core_juridinis"
must_refuse statement 2 "\[CAST_INVALID_INPUT\]: its details are withheld" --full
if grep -qi jonas "$work/statement/night.log"; then failed "a message quotes a cell"; fi
model "SELECT a.pavadinimas || b.pavadinimas || c.pavadinimas AS x FROM core_juridinis AS a CROSS JOIN core_juridinis AS b CROSS JOIN core_juridinis AS c"
mkdir "$work/small"
mount -t tmpfs -o size=1m,mode=700 tmpfs "$work/small"
on_cluster statement "$remote" "$work/small/shared"
left_in=$work/small/shared must_refuse statement 2 "TASK_WRITE_FAILED" --full
umount -l "$work/small"

# 4. The shared folder is full before anything is asked.
mount -t tmpfs -o size=16k,mode=700 tmpfs "$work/small"
on_cluster killed "$remote" "$work/small/shared"
left_in=$work/small/shared must_refuse killed 2 "the shared folder is full" --full
umount -l "$work/small"

# 5. TLS: an authority that is named, another one, none.
(
    cd "$work"
    for name in ca other; do
        openssl req -x509 -newkey rsa:2048 -nodes -keyout $name.key -out $name.pem -days 2 -subj "/CN=$name" 2>/dev/null
    done
    openssl req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj "/CN=localhost" 2>/dev/null
    openssl x509 -req -in tls.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out tls.crt \
        -extfile <(printf 'subjectAltName=DNS:localhost') 2>/dev/null
)
tls_port=$(free_port)
python3 "$here/tls.py" "$tls_port" "${remote##*:}" "$work/tls.crt" "$work/tls.key" &
background+=($!)
sleep 1
install -m 600 "$work/ca.pem" "$work/killed/secrets/ca.pem"
install -m 600 "$work/other.pem" "$work/killed/secrets/other.pem"
on_cluster killed "sc://localhost:$tls_port/;use_ssl=true" "$shared" 'authorities_file = "secrets/ca.pem"'
probe killed
say "over TLS it answers, too"
on_cluster killed "sc://localhost:$tls_port/;use_ssl=true" "$shared" 'authorities_file = "secrets/other.pem"'
must_refuse killed 1 "the certificate of the cluster is not one that is trusted" --full
on_cluster killed "sc://localhost:$tls_port/;use_ssl=true" "$shared"
must_refuse killed 1 "the certificate of the cluster is not one that is trusted" --full
on_cluster killed "sc://127.0.0.1:$tls_port/;use_ssl=true" "$shared" 'authorities_file = "secrets/ca.pem"'
must_refuse killed 1 "the certificate of the cluster is not one that is trusted" --full

# 6. The program is killed in the middle of a night: the next start removes what it left, also if nothing is new.
on_cluster killed
must "$clustered" killed
night "$clustered" killed --full &
background+=($!)
tables_made 12
kill -9 "$(descendants "${background[-1]}" | sed -n 1p)"
wait "${background[-1]}" 2>/dev/null || true
[ "$(ls -A "$shared")" != .virsis-shared ] || failed "the killed night left nothing: this tries nothing"
sleep 5
must "$clustered" killed
nothing_left "$shared"
say "what a killed night left is gone with the next one"

# 7. The driver is lost in the middle of a night.
before=$(readlink "$work/killed/portal/latest")
night "$clustered" killed --full &
background+=($!)
tables_made 12
cluster_stop connect
code=0
wait "${background[-1]}" || code=$?
[ $code = 2 ] || failed "exit code $code after the driver was lost"
tail -1 "$work/killed/night.log" | grep -q "the cluster cannot be reached, or was lost" || { tail -3 "$work/killed/night.log" >&2; failed "it does not say that the cluster was lost"; }
[ "$(readlink "$work/killed/portal/latest")" = "$before" ] || failed "latest is another release"
nothing_left "$shared"
sleep 5
nothing_left "$shared"
say "refused: $(tail -1 "$work/killed/night.log" | cut -c1-200)"

# 8. A cluster that answers everybody, and one that leaves rows readable on its disks.
sed -i '/^spark.connect.authenticate.token/d' "$cluster/conf/spark-defaults.conf"
cluster_start
must_refuse killed 1 "the cluster answers whoever asks" --full
cluster_stop connect
sed -i 's/^spark.io.encryption.enabled .*/spark.io.encryption.enabled false/' "$cluster/conf/spark-defaults.conf"
echo "spark.connect.authenticate.token $(cat "$cluster/token")" >>"$cluster/conf/spark-defaults.conf"
cluster_start
must_refuse killed 1 "the cluster was started without spark.io.encryption.enabled = true" --full

cluster_stop
kept=0
mkdir -p "$(dirname "$stamp")"
echo "$state" >"$stamp"
say "all holds"
