# What zsh offers, asked in a terminal of its own: `zsh -f completion.zsh FOLDER`, with the folder of _virsis.
zmodload zsh/zpty
zpty shell zsh -f -i
answer() {
    local line text=
    zpty -w shell "$1"
    while zpty -r shell line '*READY*'; do text+=$line; [[ $line = *READY* ]] && break; done
    print -r -- "$text"
}
answer "PS1= ; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; LISTMAX=999; print REA''DY" >/dev/null
# Completes at once, shows the line, and leaves it.
answer "shown() { print -r \"LINE=\$BUFFER\"; BUFFER=; print REA''DY }; zle -N shown; bindkey '^X' shown; print REA''DY" >/dev/null
offered() {
    local line text=
    zpty -w -n shell "$1"$'\t'$'\x18'
    while zpty -r -t shell line || { sleep 0.1; (( ++waited < 100 )) }; do text+=$line; [[ $text = *READY* ]] && break; done
    [[ $text = *LINE=$2* ]] || { print -u2 -r "zsh makes of '$1': $text"; return 1 }
}
waited=0
offered 'virsis rel' 'virsis release' && offered 'virsis run --ex' 'virsis run --explain'
