# R without any package reads the CSV file. Left to guess, it would take zeros off codes; so it is told. R has no decimals: sums are made of whole
# cents, which are exact up to 90 000 000 000 000 euros.
#
#     VIRSIS_URL=https://…/latest/open/ VIRS=302556435 METAI=2025 Rscript base_r.R

payments <- read.csv(
  url(paste0(Sys.getenv("VIRSIS_URL"), "data/pajamos/lesos.csv"), encoding = "UTF-8"),
  colClasses = c(ja_kodas = "character", institucijos_kodas = "character", suma = "character", data = "Date"),
  na.strings = ""
)
payments$cents <- as.numeric(sub(".", "", payments$suma, fixed = TRUE))

asked <- payments[payments$ja_kodas == Sys.getenv("VIRS") & payments$metai == as.integer(Sys.getenv("METAI")), ]
groups <- split(asked, list(asked$institucijos_kodas, asked$institucija), drop = TRUE)
for (rows in groups[order(sapply(groups, function(rows) rows$institucijos_kodas[1]), method = "radix")]) {
  cents <- sum(rows$cents)
  days <- as.integer(max(rows$data) - min(rows$data))
  euros <- sprintf("%.0f.%02.0f", cents %/% 100, cents %% 100)
  cat(rows$institucijos_kodas[1], rows$institucija[1], euros, format(min(rows$data)), format(max(rows$data)), days, sep = "\t")
  cat("\n")
}
