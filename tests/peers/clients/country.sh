#!/usr/bin/env bash
# Makes a release for the clients in an empty folder: a small synthetic country in which the code of one institution that pays begins with a zero.
#
#     tests/peers/clients/country.sh FOLDER        the release is FOLDER/portal/latest
#
# VIRSIS is the binary; the default is what `cargo build` makes.
set -euo pipefail
cd "$(dirname "$0")/../../.."
home=$PWD
if [ -z "${VIRSIS:-}" ]; then
    cargo build --quiet --workspace --locked
    VIRSIS=$(cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/virsis
fi
virsis=$VIRSIS
# To the binary, all variables of this prefix are settings.
unset VIRSIS "${!VIRSIS_@}"

cd "$1"
"$virsis" generate --virs 40 --entities 400 --seed 7 --money-rows 6000 --out extracts >/dev/null
institution=$(sed -n '2s/^[^|]*|\([^|]*\)|.*/\1/p' extracts/formos_lesos.v1.csv)
[[ "$institution" =~ ^[0-9]{9}$ ]] || { echo "country: formos_lesos.v1.csv has no code in its second column" >&2; exit 1; }
# Its control digit is right.
sed -i "s/$institution/012345673/g" extracts/*.csv
cat >virsis.toml <<END
home = '$home'
[retention]
remove_personal = false
END
"$virsis" --config virsis.toml key >/dev/null
"$virsis" --config virsis.toml --log text run >/dev/null 2>run.log || { cat run.log >&2; exit 1; }
