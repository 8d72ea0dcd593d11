# Read by run.sh: a bare Debian, and a person's way on it from installing the package to a first night.
#
#     fresh RELEASE      makes such a system in $root; one with the indices and packages that installing needs is kept in $cache
#     inside COMMAND     runs it there as root, as virsis COMMAND as the user virsis, from the folder /
#     first_night        installs $new and publishes a small made-up country

fresh() {
    system=$1 root=$work/$1
    doing "a bare Debian, $system"
    if [ ! -e "$cache/$system/made" ]; then
        rm -rf "${cache:?}/$system"
        mkdir -p "$cache"
        debootstrap --variant=minbase "$system" "$cache/$system" >"$work/log" 2>&1 || { tail "$work/log" >&2; lacking "debootstrap made no $system"; }
        root=$cache/$system
        cp -L /etc/resolv.conf "$root/etc/resolv.conf"
        inside sh -c 'apt-get update -qq && apt-get install -y -qq --download-only adduser ca-certificates debconf less' >"$work/log" 2>&1 ||
            { tail "$work/log" >&2; lacking "no packages of $system"; }
        touch "$root/made"
        root=$work/$system
    fi
    cp -a "$cache/$system" "$root"
    cp "$new" "$root/new.deb"
    # Nothing here must outlive the loss of current.
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/fast"
}

inside() {
    ${enter:-} env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm LANG=C.UTF-8 DEBIAN_FRONTEND="${frontend:-noninteractive}" \
        unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" chroot "$root" "$@"
}

as() { inside runuser -u "$1" -- "${@:2}"; }

# Installs without a question; what an administrator changed in a file stays.
installs() { inside apt-get install -y -qq -o Dpkg::Options::=--force-confold "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; wrong "$system: apt cannot install $*"; }; }

# MODE OWNER GROUP of a path.
is() {
    local found
    found=$(inside stat -c '%a %U %G' "$1")
    [ "$found" = "$2" ] || wrong "$system: $1 is $found, not $2"
}

first_night() {
    local said closed
    doing "$system: installing, a first night"
    installs /new.deb
    is /etc/virsis/virsis.toml '644 root root'
    is /etc/virsis/secrets '700 virsis virsis'
    is /var/lib/virsis '711 virsis virsis'
    is /var/lib/virsis/extracts '700 virsis virsis'
    is /var/lib/virsis/internal '700 virsis virsis'
    is /var/lib/virsis/state '700 virsis virsis'
    said=$(inside virsis check 2>&1) && wrong "$system: root may use the state of virsis"
    case "$said" in *"runuser -u virsis -- virsis"*) ;; *) wrong "$system: root is not told what to do: $said" ;; esac
    as virsis virsis key >/dev/null
    as virsis virsis check >/dev/null || wrong "$system: virsis check"
    as virsis virsis generate --virs 40 --entities 400 --seed 7 --out /var/lib/virsis/extracts >/dev/null
    as virsis virsis doctor >"$work/log" || { cat "$work/log" >&2; wrong "$system: virsis doctor"; }
    as virsis virsis run >"$work/log" 2>&1 || { cat "$work/log" >&2; wrong "$system: the first night"; }
    as virsis virsis sql --format csv -c 'SELECT COUNT(*) AS n FROM virs' >/dev/null || wrong "$system: no release to ask"
    as www-data cat /var/lib/virsis/portal/latest/public/index.html >/dev/null || wrong "$system: a web server cannot read the portal"
    for closed in internal state extracts; do
        ! as www-data ls "/var/lib/virsis/$closed" >/dev/null 2>&1 || wrong "$system: anybody can read /var/lib/virsis/$closed"
    done
    serves
}

# The line of the unit, by hand: there is no systemd here.
serves() {
    local line port page
    line=$(sed -n 's/^ExecStart=//p' "$(find "$root"/usr/lib/systemd/system "$root"/lib/systemd/system -name virsis.service 2>/dev/null | head -1)")
    # shellcheck disable=SC2086
    enter=exec as virsis env VIRSIS_SERVE_ADDRESS=127.0.0.1:0 $line >"$work/served" 2>&1 &
    server=$!
    until port=$(sed -n 's|^portal on http://127.0.0.1:\([0-9]*\).*|\1|p' "$work/served") && [ -n "$port" ]; do
        kill -0 "$server" 2>/dev/null || { cat "$work/served" >&2; wrong "$system: the service does not start"; }
        sleep 0.1
    done
    page=$(curl -sf "http://127.0.0.1:$port/public/index.html") || wrong "$system: the service shows no page"
    case "$page" in *'<html'*) ;; *) wrong "$system: the service shows something else than a page" ;; esac
    # The parent of what was entered heeds no other signal.
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    server=
}
