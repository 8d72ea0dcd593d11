"""The core tables: typed, about VIRS and the owners above them only, persons replaced by surrogate ids (transforms/src/core_tables)."""

import polars as pl

from . import cleaning, marks, money, owners, reading
from .names import lithuanian_code
from .seat import Municipalities
from .subjects import lithuanian

KINDS = {
    "text": pl.String,
    "integer": pl.Int64,
    "money": pl.Decimal(18, 2),
    "share": pl.Decimal(13, 12),
    "number": pl.Decimal(18, 4),
    "date": pl.Date,
    "boolean": pl.Boolean,
}
LICENSED_ACTIVITIES = {
    "tv_transliavimas": "transliuotojas",
    "radijo_transliavimas": "transliuotojas",
    "retransliavimas": "retransliuotojas",
    "platinimas_internete": "tv_platintojas_internete",
}


def schema(table):
    return {column.name: KINDS[column.kind] for column, _ in table.columns}


class Country:
    """The extracts of a folder on their way to core tables."""

    def __init__(self, catalog, folder, persons, last_day):
        self.catalog, self.folder, self.persons, self.last_day = catalog, folder, persons, last_day
        self.extracts, self.core = {}, {}

    def read(self, table):
        frame, rejected = reading.read(self.folder, table)
        extract = cleaning.clean(table, self.catalog, frame, rejected, self.last_day)
        self.extracts[table.name] = extract
        return extract

    def rows(self, role):
        return self.extracts[self.catalog.role(role).name].rows

    def narrow(self, role_or_name, column, values):
        name = role_or_name if role_or_name in self.extracts else self.catalog.role(role_or_name).name
        extract = self.extracts[name]
        extract.rows = extract.rows.filter(pl.col(column).is_in(values))

    def read_all(self):
        """Reads the extracts in three waves, and keeps of each what is about VIRS, their owners, and whom these rows name."""
        catalog = self.catalog
        first = [catalog.role(role) for role in ("registered_virs", "licences", "stated_participants")]
        country = [catalog.role(role) for role in ("entities", "former_entities", "persons")]
        facts = [table for table in catalog.layer("raw") if table not in first + country and table.role != "mandates"]
        for table in first:
            self.read(table)
        self.virs = virs_list(self.rows("registered_virs"), self.rows("licences"))
        codes = pl.Series(list(self.virs))
        self.narrow("licences", "ja_kodas", codes)
        for table in facts:
            self.read(table)
            if table.column("ja_kodas") and table.role != "participants":
                self.narrow(table.name, "ja_kodas", codes)
        above = self.above(codes)
        self.narrow("participants", "ja_kodas", pl.Series(list(above)))
        for extract in self.extracts.values():
            if extract.table.column("asmens_kodas"):
                extract.rows = self.persons.named(extract.rows)
        met = [extract.rows["asmens_kodas"] for extract in self.extracts.values() if "asmens_kodas" in extract.rows.columns]
        mentioned = above | self.mentioned()
        for table in country:
            self.read(table)
            if table.role != "persons":
                self.narrow(table.name, "ja_kodas", pl.Series(list(mentioned)))
        self.narrow("persons", "asmens_kodas", pl.concat(met).unique().drop_nulls())
        register = self.extracts[catalog.role("persons").name]
        register.rows = self.persons.named(register.rows)

    def above(self, codes):
        """The entities above VIRS, themselves among them."""
        foreign = pl.col("valstybe").is_not_null() & (pl.col("valstybe") != "LT") | (pl.col("dalyvio_rusis") == "UJ") & pl.col("valstybe").ne_missing("LT")
        held = pl.concat(self.rows(role).select("ja_kodas", "dal_kodas", "dalyvio_rusis", "valstybe") for role in ("participants", "stated_participants"))
        held = held.filter(pl.col("dal_kodas").is_not_null() & ~foreign).select("ja_kodas", lithuanian("dal_kodas")).unique()
        found, waiting = set(codes), codes
        while waiting.len():
            holders = held.filter(pl.col("ja_kodas").is_in(waiting))["dal_kodas"].unique().to_list()
            waiting = pl.Series([code for code in holders if code not in found], dtype=pl.String)
            found.update(waiting)
        return found

    def mentioned(self):
        found = set()
        for extract in self.extracts.values():
            column = extract.table.mentions
            if not column:
                continue
            rows = extract.rows
            if "valstybe" in rows.columns:
                rows = rows.filter(pl.col("valstybe").is_null() | (pl.col("valstybe") == "LT"))
            found.update(lithuanian_code(code) for code in rows[column].drop_nulls().unique())
        return found

    def build(self, as_of):
        """All core tables."""
        self.as_of = as_of
        self.unread, self.met = {}, []
        self.register = pl.concat(
            [self.rows("entities"), self.rows("former_entities")], how="diagonal_relaxed"
        ).unique("ja_kodas", keep="last", maintain_order=True)
        forms = dict(self.rows("legal_forms").select("forma", "forma_pavadinimas").iter_rows())
        owners.build(self)
        money.build(self)
        self.facts()
        self.entities(forms)
        self.people()
        marks.names(self)
        marks.parts(self)
        self.classifiers()
        return self.core

    def put(self, name, frame):
        """A frame as a core table. Marks that follow from other tables are filled when all are there."""
        table = self.catalog.tables[name]
        defaults = {"asmenvardis": False, "su_asmenimis": True}
        added = [pl.lit(value).alias(mark) for mark, value in defaults.items() if mark in table.names and mark not in frame.columns]
        self.core[name] = frame.with_columns(added).select(pl.col(column).cast(kind) for column, kind in schema(table).items())

    def put_rows(self, name, rows):
        table = self.catalog.tables[name]
        kinds = {column: kind for column, kind in schema(table).items() if column not in ("asmenvardis", "su_asmenimis")}
        self.put(name, pl.DataFrame(rows, schema=kinds, orient="row"))

    def people_of(self, rows):
        return rows.select("asmens_id", "vardas", "pavarde", "be_kodo")

    def facts(self):
        """Core tables that take rows of raw tables as they are: those about entities, then those about the outlets among them."""
        naming = []
        fed = self.catalog.fed()
        by_entity = {core: raws for core, raws in fed.items() if all(raw.column("ja_kodas") for raw in raws)}
        for core, raws in {**by_entity, **fed}.items():
            rows = self.joined(core, raws)
            if core not in by_entity:
                rows = rows.filter(pl.col("vip_nr").is_in(self.core["core_vip"]["vip_nr"]))
            if "asmens_id" in rows.columns:
                naming.append((not raws[0].submitted, self.people_of(rows)))
            self.put(core, rows)
        # Whoever names a person first gives the name: those who submitted it come before registers.
        self.met += [people for _, people in sorted(naming, key=lambda one: one[0])]

    def joined(self, core, raws):
        parts = [self.extracts[raw.name].rows.with_columns(saltinis=pl.lit(raw.source), raw=pl.lit(raw.name)) for raw in raws]
        rows = pl.concat(parts)
        if len(parts) > 1:
            key = self.catalog.tables[core].key
            first = pl.struct(cleaning.compared(name, rows[name]).alias(name) for name in key).is_first_distinct()
            rows = rows.with_columns(first=first)
            for name in rows.filter(~pl.col("first"))["raw"]:
                self.extracts[name].quarantined["key"] += 1
            rows = rows.filter("first")
        return rows

    def entities(self, forms):
        law = self.catalog.law
        statuses = self.rows("legal_statuses").select("statusas", "statusas_pavadinimas")
        municipalities = Municipalities(self.catalog)
        form = pl.col("forma").fill_null("")
        individual = ~form.is_in(list(forms)) | form.is_in(law["personal_name_forms"])
        title = pl.col("forma_pavadinimas").fill_null("").str.to_lowercase()
        own = pl.any_horizontal(title.str.contains(words, literal=True) for words in law["own_undertaking_titles"])
        register = self.register.with_columns(
            savivaldybe=pl.Series([address and municipalities.of(address) for address in self.register["adresas"]], dtype=pl.String),
            forma_pavadinimas=pl.col("forma").replace_strict(forms, default=None, return_dtype=pl.String),
        ).join(statuses, on="statusas", how="left")
        audiovisual = set(law["audiovisual_activities"])
        listed = pl.DataFrame(
            [
                (code, one["since"], one["until"], one["source"], bool(audiovisual & set(one["activities"])), self.unread.get(code))
                for code, one in self.virs.items()
            ],
            schema={
                "ja_kodas": pl.String, "virs_nuo": pl.Date, "virs_iki": pl.Date, "virs_saltinis": pl.String, "audiovizualinis": pl.Boolean, "dalyviu_atmesta": pl.Int64,
            },
            orient="row",
        )
        virs = listed.join(register.drop("line"), on="ja_kodas", how="left", maintain_order="left")
        virs = virs.join(self.rows("contacts").select("ja_kodas", "el_pastas", "telefonas"), on="ja_kodas", how="left", maintain_order="left")
        virs = virs.with_columns(
            pl.col("pavadinimas").fill_null("(JAR nerastas)"), form.alias("forma"), pl.col("forma_pavadinimas").fill_null(""),
            individual.alias("individuali"), (individual | own).alias("sava_imone"),
        )
        self.put("core_virs", virs)
        self.put_rows("core_virs_veikla", [(code, activity) for code, one in self.virs.items() for activity in one["activities"]])
        public = pl.col("forma").is_in(law["public_sector_forms"]).fill_null(False)
        self.put("core_juridinis", register.with_columns(individual.alias("individuali"), public.alias("viesasis")).sort("ja_kodas"))

    def people(self):
        met = pl.concat(self.met).filter(pl.col("asmens_id").is_not_null()).unique("asmens_id", keep="first", maintain_order=True)
        register = self.rows("persons").select("asmens_id", right_given="vardas", right_family="pavarde")
        people = met.join(register, on="asmens_id", how="left").select(
            "asmens_id",
            vardas=pl.coalesce("right_given", "vardas").fill_null(""),
            pavarde=pl.coalesce("right_family", "pavarde").fill_null(""),
            uzsienietis=pl.col("be_kodo"),
        )
        self.put("core_asmuo", people.sort("asmens_id"))

    def classifiers(self):
        catalog = self.catalog
        codes = [(one.name, term["kodas"], term["lt"], term["en"]) for one in catalog.classifiers.values() for term in one.terms]
        codes += [(one.name, code, group["lt"], group["en"]) for one in catalog.classifiers.values() for code, group in one.groups.items()]
        codes += [("lenteles", table.name, table.title["lt"], table.title["en"]) for layer in ("raw", "core") for table in catalog.layer(layer)]
        self.put_rows("core_klasifikatorius", codes)
        areas = [term for one in catalog.classifiers.values() for term in one.terms if term.get("santrumpa")]
        self.put_rows("core_savivaldybe", [
            (term["kodas"], term["lt"], term["santrumpa"], "; ".join(town for town in term["miestai"].split(";") if town), int(term["stulpelis"]), int(term["eilute"]))
            for term in areas
        ])
        sources = list(self.extracts.values())
        self.put_rows("core_saltinis", [
            (one.table.source, one.table.name, one.extract_date, "fresh", one.received, one.quarantined.total()) for one in sources
        ])
        self.put_rows("core_karantinas", [
            (one.table.source, one.table.name, rule, rows) for one in sources for rule, rows in sorted(one.quarantined.items())
        ])


def virs_list(registered, licences):
    """All VIRS by code: registered by themselves, or made so by a valid licence."""
    found = {}
    for row in registered.rows(named=True):
        activities = sorted({kind.strip() for kind in (row["veiklos_rusys"] or "").split(";")} - {""})
        found[row["ja_kodas"]] = {"since": row["virs_nuo"], "until": row["virs_iki"], "source": row["virs_saltinis"], "activities": activities}
    for row in licences.rows(named=True):
        if row["licencijos_busena"] != "galioja":
            continue
        since = row["galioja_nuo"]
        one = found.setdefault(row["ja_kodas"], {"since": since, "until": None, "source": "lis", "activities": []})
        if one["source"] == "lis":
            one["since"] = min(one["since"], since)
        kind = LICENSED_ACTIVITIES.get(row["veikla"])
        if kind and kind not in one["activities"]:
            one["activities"] = sorted([*one["activities"], kind])
    return dict(sorted(found.items()))
