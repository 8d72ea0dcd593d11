# Read by run.sh: what becomes of the data of an installed package ($root, after first_night) when another version comes or it goes.

# Another version of the package with the same program: VERSION, and a setting more in its configuration.
version_of() {
    local files=$work/repacked
    rm -rf "$files"
    dpkg-deb -R "$new" "$files"
    sed -i "s/^Version: .*/Version: $1/" "$files/DEBIAN/control"
    printf '\n# The settings of version %s.\n' "$1" >>"$files/etc/virsis/virsis.toml"
    dpkg-deb -Zzstd -z1 --root-owner-group -b "$files" "$root/$2.deb" >/dev/null
}

# A fingerprint of everything that belongs to the data; whoever writes to a file, or changes its owner or mode, gives it another time.
data() { (cd "$root" && find var/lib/virsis etc/virsis/secrets -printf '%p %m %U %G %s %i %C@ %l\n' | sort | sha256sum); }

unchanged() { [ "$(data)" = "$before" ] || wrong "$1: the data are not what they were"; }

installed() { [[ $(inside dpkg-query -W -f '${db:Status-Abbrev}' virsis) = ii* ]]; }

updates() {
    doing "$system: updates"
    version_of 0.0.1 old
    version_of 9.0.0 newer
    printf '\n[publication]\ncontact = "duomenys@example.org"\n' >>"$root/etc/virsis/virsis.toml"
    before=$(data)
    installs /newer.deb
    unchanged "an update"
    grep -q '^contact = "duomenys@example.org"' "$root/etc/virsis/virsis.toml" || wrong "an update took away what the administrator had set"
    grep -q '9.0.0' "$root/etc/virsis/virsis.toml.dpkg-dist" || wrong "the new version's own settings do not lie beside the administrator's"
    as virsis virsis run >"$work/log" 2>&1 || { cat "$work/log" >&2; wrong "the night after an update"; }
    killed_updates
    update_without_room
    older_program
}

# Kills dpkg and all it has begun at some moment, twenty times; what `dpkg --configure -a` cannot finish, `dpkg -i` does.
killed_updates() {
    doing "$system: twenty killed updates"
    local round package took update reader interrupted=0
    mkfifo "$work/said"
    before=$(data)
    # By the same command, as apt takes longer.
    took=$(date +%s%N)
    inside dpkg --force-confold -i /new.deb >"$work/log" 2>&1 || { cat "$work/log" >&2; wrong "dpkg does not install the version before"; }
    took=$((($(date +%s%N) - took) / 1000000))
    for round in $(seq 20); do
        if [ $((round % 2)) = 1 ]; then package=newer; else package=old; fi
        cat "$work/said" >"$work/log" &
        reader=$!
        enter=exec inside dpkg --force-confold -i "/$package.deb" >"$work/said" 2>&1 &
        update=$!
        sleep "$(printf '%d.%03d' $((took * round / 20 / 1000)) $((took * round / 20 % 1000)))"
        if kill -9 "$update" 2>/dev/null; then interrupted=$((interrupted + 1)); fi
        wait "$update" 2>/dev/null || true
        # Ends with the last process that the update began.
        wait "$reader"
        unchanged "an update killed after $round twentieths of its time"
        as virsis virsis status >/dev/null || wrong "after an update killed after $round twentieths of its time the program does not start"
        inside dpkg --force-confold --configure -a >"$work/log" 2>&1 || true
        installed || inside dpkg --force-confold -i "/$package.deb" >"$work/log" 2>&1 || cat "$work/log" >&2
        installed || wrong "an update killed after $round twentieths of its time cannot be finished"
        unchanged "an update finished after it was killed"
    done
    as virsis virsis check >/dev/null || wrong "after twenty killed updates virsis check finds errors"
    [ $interrupted -ge 5 ] || wrong "only $interrupted of 20 updates were killed while they ran"
}

# The disk that holds the definitions is full in the middle of an update.
update_without_room() {
    doing "$system: an update without room"
    local folder=$root/usr/share/virsis room
    installs --allow-downgrades /old.deb
    before=$(data)
    room=$(du -sk "$folder" | cut -f1)
    mv "$folder" "$folder.whole"
    mkdir "$folder"
    mount -t tmpfs -o "size=$((room + 256))k,mode=755" tmpfs "$folder"
    cp -a "$folder.whole/." "$folder"
    ! inside dpkg --force-confold -i /newer.deb >"$work/log" 2>&1 || wrong "an update went through on a full disk"
    grep -q 'No space left on device' "$work/log" || { cat "$work/log" >&2; wrong "an update failed for another reason than a full disk"; }
    unchanged "an update that found no room"
    as virsis virsis check >/dev/null || wrong "after an update that found no room virsis check finds errors"
    mount -o "remount,size=$((room * 3))k" "$folder"
    installs --allow-downgrades /newer.deb
    unchanged "an update that found room at last"
    rm -rf "$folder.whole"
    cp -a "$folder" "$folder.whole"
    umount "$folder"
    rmdir "$folder"
    mv "$folder.whole" "$folder"
}

# A state folder that a later program has written.
older_program() {
    doing "$system: an older program"
    local version=$root/var/lib/virsis/state/version.json said status
    cp -p "$version" "$work/version.json"
    printf '{"format":99,"program":"99.1.0"}' >"$version"
    before=$(data)
    for command in run status doctor; do
        status=0
        said=$(as virsis virsis "$command" 2>&1) || status=$?
        [ $status = 1 ] || wrong "virsis $command over the state of a later program ends with $status"
        for part in /var/lib/virsis/state 99.1.0 install; do
            case "$said" in *"$part"*) ;; *) wrong "virsis $command over the state of a later program does not say $part: $said" ;; esac
        done
    done
    unchanged "an older program"
    cp -p "$work/version.json" "$version"
}

purging() {
    doing "$system: removing and purging"
    before=$(data)
    inside apt-get remove -y -qq virsis >"$work/log" 2>&1
    unchanged "removing"
    [ ! -e "$root/usr/bin/virsis" ] && [ -e "$root/etc/virsis/virsis.toml" ] || wrong "removing takes the program, and nothing but it"
    inside apt-get purge -y -qq virsis >"$work/log" 2>&1
    unchanged "purging without a question"
    grep -q '/var/lib/virsis .* stay as they are' "$work/log" || { cat "$work/log" >&2; wrong "purging does not say what stays"; }
    purge_answering no no
    unchanged "purging, refused"
    purge_answering yes no
    unchanged "purging, refused when asked again"
    installs /new.deb
    [[ $(as virsis virsis status) = *published* ]] || wrong "what a purge left is not taken up again"
    purge_answering yes yes
    for left in "$root/var/lib/virsis" "$root/etc/virsis"; do
        [ ! -e "$left" ] || { cat "$work/log" >&2; wrong "purging, agreed to twice, leaves ${left#"$root"}"; }
    done
}

# Installs and purges with a person at the keyboard, who gives these answers.
purge_answering() {
    installs /new.deb
    printf '%s\n' "$@" | frontend=teletype inside apt-get purge -y -qq virsis >"$work/log" 2>&1 || { cat "$work/log" >&2; wrong "purging"; }
    grep -q 'Remove all data of VIRSIS Open' "$work/log" || { cat "$work/log" >&2; wrong "purging asks nothing"; }
}
