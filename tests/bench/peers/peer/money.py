"""Money: `core_parama` under the rule of ten, `core_reklama`, `core_lesos`; who is one donor or payer with whom, and in which spelling (core_tables/money.rs)."""

import polars as pl

from .holdings import identity
from .names import compared_code, is_abroad
from .subjects import entities_only, lithuanian

CENTS = 100


def build(country):
    natural, legal = country.rows("gifts_of_persons"), country.rows("gifts_of_entities")
    advertising, funds = country.rows("advertising"), country.rows("public_funds")
    # Whoever names a person first gives the name.
    country.met += [country.people_of(natural), country.people_of(advertising)]
    country.put("core_parama", support(country, natural, legal))
    rows = payers(entities_only(advertising, "dal_kodas"), "dal_kodas", "dal_pavadinimas", "reklamos_nuo", country.as_of)
    rows = groups(rows, country.as_of).with_columns(metai=year("reklamos_nuo"))
    country.put("core_reklama", rows)
    country.put("core_lesos", funds.with_columns(eil_nr=pl.int_range(1, pl.len() + 1), metai=year("data")))


def year(column):
    return pl.col(column).dt.year().cast(pl.Int64)


def newest(rows, by, day, as_of):
    """Of rows that describe the same, the newest: a name comes before none, what has begun before what lies ahead, a later day before an earlier one."""
    tie = pl.concat_str(pl.lit(""), "name", pl.col("code").fill_null(""), separator="\x1f")
    order = [pl.col("name") != "", pl.col(day) <= as_of, pl.col(day), tie]
    return rows.sort(order, maintain_order=True).group_by(by).last()


def payers(rows, code, name, day, as_of):
    """Entities that give or pay: `payer` tells one from another; codes and names are those of the newest row, if the entity is not one of Lithuania's registers."""
    kinds = rows.select(code, name, "valstybe").unique()
    told = []
    for row in kinds.iter_rows():
        its_code, its_name, state = row
        known = compared_code(its_code) if its_code else None
        lithuanian_one = its_code is not None and not is_abroad(state) and known is not None
        nobody = its_code is None and its_name is None
        state = "LT" if state is None else state
        told.append((*row, lithuanian_one, None if lithuanian_one or nobody else identity(state, its_code if known else "", its_name or ""), its_code if known else None))
    told = pl.DataFrame(
        told, schema={code: pl.String, name: pl.String, "valstybe": pl.String, "lithuanian": pl.Boolean, "identity": pl.String, "known": pl.String}, orient="row"
    )
    rows = rows.join(told, on=[code, name, "valstybe"], how="left", nulls_equal=True, maintain_order="left")
    described = rows.filter(pl.col("identity").is_not_null()).select("identity", day, code="known", name=pl.col(name).fill_null(""))
    spelled = newest(described, "identity", day, as_of).select("identity", shown_code="code", shown_name="name")
    rows = rows.join(spelled, on="identity", how="left", maintain_order="left")
    is_described = pl.col("identity").is_not_null()
    filled = lambda column: pl.when(pl.col(column) != "").then(pl.col(column))
    return rows.with_columns(lithuanian(code).alias("registered")).with_columns(
        pl.when("lithuanian").then(pl.col("registered")).otherwise(pl.col("identity")).alias("payer"),
        pl.when("lithuanian").then(pl.col("registered")).when(is_described).then(filled("shown_code")).alias(code),
        pl.when(is_described).then(filled("shown_name")).otherwise(pl.col(name)).alias(name),
    )


def groups(rows, as_of):
    """Names of groups of persons, who have nothing else: each as in its newest row."""
    names = rows["grupe"].unique().drop_nulls()
    if names.len() == 0:
        return rows
    told = pl.DataFrame({"grupe": names, "one": [identity("", "", name) for name in names]})
    told = rows.filter(pl.col("grupe").is_not_null()).select("reklamos_nuo", "grupe").join(told, on="grupe")
    described = told.select("one", "reklamos_nuo", name="grupe", code=pl.lit(""))
    spelled = newest(described, "one", "reklamos_nuo", as_of).select("one", shown="name")
    renamed = told.select("grupe", "one").unique().join(spelled, on="one")
    return rows.with_columns(pl.col("grupe").replace(renamed["grupe"], renamed["shown"]))


def support(country, natural, legal):
    """The rule of ten: gifts of donors who gave one VIRS more than so many BSI in a calendar year."""
    shared = ["ja_kodas", "valstybe", "data", "suma", "turtas", "turto_verte"]
    nothing = pl.lit(None, pl.String)
    persons = natural.select(
        *shared, davejo_rusis=pl.when("be_kodo").then(pl.lit("UF")).otherwise(pl.lit("F")), davejas="asmens_id", asmens_id="asmens_id",
        dav_kodas=nothing, dav_pavadinimas=nothing, registras=nothing,
    )
    legal = payers(entities_only(legal, "dav_kodas"), "dav_kodas", "dav_pavadinimas", "data", country.as_of)
    foreign = pl.col("valstybe").is_not_null() & (pl.col("valstybe") != "LT")
    entities = legal.select(
        *shared, davejo_rusis=pl.when(foreign).then(pl.lit("UJ")).otherwise(pl.lit("J")), davejas="payer", asmens_id=nothing,
        dav_kodas="dav_kodas", dav_pavadinimas="dav_pavadinimas", registras="registras",
    )
    # The sum in force on 1 January measures the whole year. Gifts before the first known one can be measured against nothing.
    gifts = pl.concat([persons, entities]).with_columns(metai=year("data"))
    law = country.catalog
    bsi = {one: next((sum for day, sum in reversed(law.bsi) if day <= f"{one:04}-01-01"), None) for one in gifts["metai"].unique()}
    unit = pl.col("metai").replace_strict({one: sum for one, sum in bsi.items() if sum}, default=None, return_dtype=pl.Int64)
    cents = (pl.col("suma").fill_null(0) * CENTS).cast(pl.Int64) + (pl.col("turto_verte").fill_null(0) * CENTS).cast(pl.Int64)
    gifts = gifts.with_columns(vienetas=unit).filter(pl.col("vienetas").is_not_null()).with_columns(centai=cents)
    per_year = pl.col("centai").sum().over("ja_kodas", "davejas", "metai")
    kept = gifts.with_columns(per_metus=per_year).filter(pl.col("per_metus") > law.law["support_threshold_bsi"] * CENTS * pl.col("vienetas"))
    kept = kept.sort(["ja_kodas", "metai", "data", "davejas", "centai", "turtas"], maintain_order=True)
    # Four decimal places, half goes up.
    places = (pl.col("per_metus") * 100 + pl.col("vienetas") // 2) // pl.col("vienetas")
    return kept.with_columns(
        eil_nr=pl.int_range(1, pl.len() + 1),
        paramos_suma=pl.col("per_metus").cast(pl.Decimal(20, 2)) / 100,
        bsi_kartai=places.cast(pl.Decimal(22, 4)) / 10_000,
    )
