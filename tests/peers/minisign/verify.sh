#!/usr/bin/env bash
# Stock minisign accepts every signature of a portal in a folder, beginning with a public key that signs lists of keys, and refuses changed files:
#
#     tests/peers/minisign/verify.sh DIR PUBLIC_KEY
#
# DIR is where latest.json lies. Prints how many signatures there are. Exit code 77: this machine has no minisign.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/peers/venv.sh
. "$here/../venv.sh"
command -v minisign >/dev/null || lacking "no minisign; apt-get install minisign"
portal=$1
public_key=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
signatures=0

wrong() {
    echo "minisign: $1" >&2
    exit 1
}

# Whether one of the keys signed the file, as the signature says. -H: and not in the old way, which signs the bytes instead of their hash.
is_signed() {
    local file=$1 signature=$2
    for key in "${@:3}"; do
        if minisign -VHq -m "$file" -x "$signature" -P "$key" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

# The signature is accepted; with another file, or another trusted comment, it is not.
check() {
    local file=$1 signature=$2
    is_signed "$@" || wrong "$signature is not accepted"
    cp "$file" "$work/changed"
    printf ' ' >>"$work/changed"
    if is_signed "$work/changed" "${@:2}"; then wrong "$signature is accepted for a changed file"; fi
    sed '3s/$/0/' "$signature" >"$work/commented"
    if is_signed "$file" "$work/commented" "${@:3}"; then wrong "$signature is accepted with a changed comment"; fi
    signatures=$((signatures + 1))
}

# Keys of a list, as pretty-printed JSON has them.
list_keys() {
    sed -n '/"list_keys"/,/]/p' "$1" | grep -o 'RW[A-Za-z0-9+/]*=*'
}
release_keys() {
    sed -n 's/.*"public_key": "\(RW[A-Za-z0-9+/]*=*\)".*/\1/p' "$1"
}

version=1
trusted=
while [ -e "$portal/keys/$version.json" ]; do
    list="$portal/keys/$version.json"
    previous="$list.previous.minisig"
    mapfile -t own < <(list_keys "$list")
    check "$list" "$list.minisig" "${own[@]}"
    if [ -n "$trusted" ]; then
        check "$list" "$previous" "${before[@]}"
    elif is_signed "$list" "$list.minisig" "$public_key" || { [ -e "$previous" ] && is_signed "$list" "$previous" "$public_key"; }; then
        trusted=yes
    fi
    before=("${own[@]}")
    version=$((version + 1))
done
[ -n "$trusted" ] || wrong "no list of keys is signed by $public_key"

mapfile -t keys < <(release_keys "$list")
check "$portal/latest.json" "$portal/latest.json.minisig" "${keys[@]}"
for signature in "$portal"/releases/*/manifest.json.minisig; do
    check "${signature%.minisig}" "$signature" "${keys[@]}"
done
echo "$signatures signatures"
