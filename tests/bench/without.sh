# Sourced by the benchmarks of nights on which a little changed.
# shellcheck shell=bash

# Rows of a file without those about some in a hundred: entities by the digits before the check digit of their code, persons by those
# before that of theirs, outlets by the number's last digits but one. A file without a heading begins with the entity's code.
without() { # HUNDREDTHS FILE
    awk -F'|' -v gone="$1" '
        NR == 1 {
            for (place = NF; place; place--)
                if ($place ~ /(^|[^a-z_]|virs_)ja_kodas$/ || !column && ($place == "vip_nr" || $place == "asmens_kodas")) column = place
            if (!column) column = 1
            print; next
        }
        { number = $column; gsub(/[^0-9]/, "", number); if (int(number / 10) % 100 >= gone) print }' "$2"
}
