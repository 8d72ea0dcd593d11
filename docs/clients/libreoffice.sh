#!/bin/sh
# LibreOffice Calc makes a spreadsheet of the CSV file in which codes are text, sums are numbers and days are dates. The same can be chosen by hand
# in the window in which it opens a CSV file.
#
#     VIRSIS_URL=https://…/latest/open/ sh libreoffice.sh FOLDER        FOLDER/lesos.xlsx is made
set -eu

# Comma (44), double quotes (34), UTF-8 (76), from line 1; then the columns whose kind may not be guessed, NUMBER/KIND: 2 is text, 5 a date as
# YYYY-MM-DD, 10 a number with a decimal point; 1033: English settings. Columns of lesos.csv: 2 ja_kodas, 4 vip_nr, 7 institucijos_kodas,
# 11 data, 12 suma.
import='44,34,76,1,2/2/4/2/7/2/11/5/12/10,1033'

curl --fail --silent --show-error --output "$1/lesos.csv" "${VIRSIS_URL}data/pajamos/lesos.csv"
soffice --headless "-env:UserInstallation=file://$1/profile" --infilter="CSV:$import" --convert-to xlsx --outdir "$1" "$1/lesos.csv" >/dev/null
