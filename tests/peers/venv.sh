# Read by the peers' scripts: a Python of their own, made once, outside the clone.
#
#     lacking WHAT                 says what this machine lacks: exit code 77, or a failure with VIRSIS_PEERS_REQUIRED=1
#     venv NAME REQUIREMENTS       makes the environment NAME, or finds it, and sets $venv

peers="${VIRSIS_PEERS:-$HOME/.cache/virsis/peers}"

lacking() {
    echo "peer: $1" >&2
    if [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ]; then exit 1; fi
    exit 77
}

venv() {
    venv="$peers/$1"
    command -v python3 >/dev/null || lacking "no python3; apt-get install python3 python3-venv"
    mkdir -p "$peers"
    # Several tests may ask at the same time.
    exec 9>"$peers/$1.lock"
    flock 9
    if [ ! -e "$venv/installed" ]; then
        [ "${VIRSIS_PEERS_REQUIRED:-0}" = 1 ] || lacking "$1 is not installed; VIRSIS_PEERS_REQUIRED=1 installs it under $peers"
        rm -rf "$venv"
        python3 -m venv "$venv" >&2 && "$venv/bin/pip" install -q -r "$2" >&2 || lacking "cannot install $1 from PyPI"
        touch "$venv/installed"
    fi
    exec 9>&-
}
