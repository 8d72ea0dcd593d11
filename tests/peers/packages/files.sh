# Read by run.sh: what can be said of the package without installing it.

doing "lintian"
lintian --allow-root --fail-on error,warning "$new" || wrong "lintian finds errors or warnings"

dpkg-deb -x "$new" "$work/files"
share=$work/files/usr/share

doing "what an update and a removal do to a running service"
dpkg-deb -e "$new" "$work/control"
grep -q 'restart' "$work/control/postinst" || wrong "an update leaves the service as it is, or stopped"
grep -q 'deb-systemd-invoke stop virsis.service' "$work/control/prerm" || wrong "a removal leaves the service running"
if grep -qs 'stop' "$work/control/preinst"; then wrong "an update stops the service before it has anything to start"; fi

doing "manual pages, completions, the unit"
for page in "$share"/man/man1/*.1.gz; do
    said=$(MANROFFSEQ='' MANWIDTH=100 LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 "$page" 2>&1 >/dev/null) || true
    [ -z "$said" ] || wrong "man says of $(basename "$page"): $said"
done
for command in $("$built/virsis" help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | grep -vx help); do
    [ -e "$share/man/man1/virsis-$command.1.gz" ] || wrong "there is no manual page of virsis $command"
done

# What each shell offers for `virsis rel`, and for the options of `virsis run --ex`.
bash --norc --noprofile -c '
    . /usr/share/bash-completion/bash_completion && . "$1"
    offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _virsis virsis "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; echo "${COMPREPLY[*]}"; }
    [ "$(offer virsis rel)" = release ] && [ "$(offer virsis run --ex)" = --explain ]
' bash "$share/bash-completion/completions/virsis" || wrong "bash does not complete the command line"
fish --no-config -c '
    source $argv[1]
    test (complete -C "virsis rel" | string split -f1 \t) = release; and test (complete -C "virsis run --ex" | string split -f1 \t) = --explain
' "$share/fish/vendor_completions.d/virsis.fish" || wrong "fish does not complete the command line"
zsh -f "$here/completion.zsh" "$share/zsh/vendor-completions" || wrong "zsh does not complete the command line"

# The unit as it will lie on a system with the program and its user.
unit=$(find "$work/files" -name virsis.service)
systemd-analyze security --offline=true --threshold=20 "$unit" >"$work/security" || wrong "the unit is open to more than 2.0: $(tail -1 "$work/security")"
sed -e "s|^ExecStart=/|ExecStart=$work/files/|" -e '/^\(User\|Group\)=/d' -e '/^Documentation=/d' "$unit" >"$work/virsis.service"
said=$(systemd-analyze verify "$work/virsis.service" 2>&1) && [ -z "$said" ] || wrong "systemd does not take the unit: $said"
