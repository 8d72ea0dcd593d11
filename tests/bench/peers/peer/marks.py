"""Marks of rows that disclosure control goes by: `asmenvardis`, a natural person's name in another name; `su_asmenimis`, whose parts could be told apart.

As transforms/src/person_names.rs and core_tables/marks.rs, parts.rs have it.
"""

import functools
import re
import unicodedata

import polars as pl

ENDINGS = (
    "iuose iams iais iaus iumi iose uose omis emis umi imi yje oje eje ose ius iui iau iai ams ais aus oms ems os es as is ys us ui ai ei io iu ia au o a e i u y"
).split()
WITHOUT_STROKE = str.maketrans("łøđðħ", "lodd" + "h")
SHORTEST, GLUED = 2, 3
TIES = ("core_dalyvis", "core_savininkas", "core_kontrole", "core_valdymas", "core_parama", "core_reklama")
TITLES = (("core_vip", "vip_pavadinimas"), ("core_numeris", "leidinys"), ("core_parama", "turtas"))
FOREIGN = (
    ("core_dalyvis", "dalyvio_rusis", "UJ", "dal_pavadinimas"),
    ("core_savininkas", "savininko_rusis", "uzsienio_juridinis", "dal_pavadinimas"),
    ("core_kontrole", "dalyvio_rusis", "UJ", "dal_pavadinimas"),
    ("core_parama", "davejo_rusis", "UJ", "dav_pavadinimas"),
)


@functools.lru_cache(maxsize=None)
def words(text):
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.category(letter).startswith("M"))
    return tuple(re.findall(r"[^\W_]+", plain.lower().translate(WITHOUT_STROKE)))


@functools.lru_cache(maxsize=None)
def forms(word):
    """A word as it is, and without its ending, with the consonant as it was before the ending changed it."""
    stem = next((word[: -len(ending)] for ending in ENDINGS if word.endswith(ending) and len(word) - len(ending) >= SHORTEST), word)
    if stem.endswith("dz"):
        stem = stem[:-1]
    elif stem.endswith("c"):
        stem = stem[:-1] + "t"
    return (word,) if stem == word else (word, stem)


@functools.lru_cache(maxsize=None)
def all_forms(name):
    return frozenset(form for word in words(name) for form in forms(word))


@functools.lru_cache(maxsize=None)
def family_forms(name):
    return tuple(form for word in words(name) if len(word) >= SHORTEST for form in forms(word))


class Names:
    """Names of some persons, to be looked for in texts: by each form of a part of the family name, the given names."""

    def __init__(self, persons):
        self.by_family = {}
        for given, family in persons:
            for form in family_forms(family):
                self.by_family.setdefault(form, []).append(given)

    def given_of(self, form):
        return [one for given in self.by_family.get(form, ()) for one in all_forms(given)]

    def stand_in(self, text):
        found = words(text)
        return self.place_in(found) is not None or any(self.stand_together(word) for word in found)

    def place_in(self, found):
        for family, word in enumerate(found):
            known = [form for one in forms(word) for form in self.given_of(one)]
            if not known:
                continue
            for given, other in enumerate(found):
                if given != family and is_given(known, other, abs(family - given)):
                    return given, family
        return None

    def stand_together(self, word):
        last = len(word)
        if not self.by_family or last < 2 * GLUED:
            return False

        def pair(given, family):
            return any(given in all_forms(name) for name in self.by_family.get(family, ()))

        def both(one, other):
            return pair(one, other) or pair(other, one)

        for middle in range(GLUED, last - GLUED + 1):
            if any(both(word[:middle], word[middle:end]) for end in range(middle + GLUED, last + 1)):
                return True
            if any(both(word[start:middle], word[middle:]) for start in range(middle - GLUED + 1)):
                return True
        return False


def is_given(known, word, distance):
    if len(word) < SHORTEST:
        return distance <= 2 and any(form.startswith(word) for form in known)
    return any(form in known for form in forms(word))


def may_be_a_person(name, known, law):
    """Whether the name of a foreign entity may be a natural person's; one that says its legal form is an entity's."""
    spelled = [(word, "".join(words(re.sub(r"[./']", "", word)))) for word in re.split(r"[\s,;()\"„“”«»]", name)]
    spelled = [(word, plain) for word, plain in spelled if plain]
    plain = [one for _, one in spelled]
    person = known.place_in(plain)
    for place, (word, one) in enumerate(spelled):
        written_as_form = len(one.encode()) > 2 or re.search("[./]", word) or not any(letter.islower() for letter in word)
        if not (person and place in person) and written_as_form and one in law["legal_form_words"]:
            return False
    if person is not None or known.stand_in(name):
        return True
    return 2 <= len(plain) <= 4 and all(word.isalpha() and word not in law["business_words"] for word in plain)


def names(country):
    """Fills `asmenvardis`."""
    core = country.core
    asked = pl.concat(
        [core[table].select("ja_kodas", text=column) for table, column in TITLES]
        + [core[table].filter(pl.col(kind) == is_one).select("ja_kodas", text=name) for table, kind, is_one, name in FOREIGN]
    ).drop_nulls()
    entities = asked["ja_kodas"].unique()
    ties = [core[table].select("ja_kodas", "asmens_id") for table in TIES]
    ties.append(core["core_atsakingas"].join(core["core_vip"], on="vip_nr").select("ja_kodas", "asmens_id"))
    tied = pl.concat(ties).drop_nulls().filter(pl.col("ja_kodas").is_in(entities)).unique()
    tied = tied.join(core["core_asmuo"], on="asmens_id").group_by("ja_kodas").agg("vardas", "pavarde")
    known = {entity: (given, family) for entity, given, family in tied.iter_rows()}
    made = {}

    def tied_to(entity):
        if entity not in made:
            made[entity] = Names(zip(*known.get(entity, ((), ()))))
        return made[entity]

    for table, column in TITLES:
        titles = core[table].select("ja_kodas", column).drop_nulls().unique().sort("ja_kodas")
        found = [row for row in titles.iter_rows() if tied_to(row[0]).stand_in(row[1])]
        mark(core, table, ["ja_kodas", column], found)
    # Whoever may be a person in one row is one in all rows of that name.
    law = country.catalog.law
    persons = set()
    for table, kind, is_one, name in FOREIGN:
        for entity, text in core[table].filter(pl.col(kind) == is_one).select("ja_kodas", name).drop_nulls().unique().iter_rows():
            if text not in persons and may_be_a_person(text, tied_to(entity), law):
                persons.add(text)
    for table, kind, is_one, name in FOREIGN:
        is_marked = (pl.col(kind) == is_one) & pl.col(name).is_in(list(persons))
        core[table] = core[table].with_columns(asmenvardis=pl.col("asmenvardis") | is_marked.fill_null(False))


def mark(core, table, columns, found):
    if found:
        marked = pl.DataFrame(found, schema={column: pl.String for column in columns}, orient="row").with_columns(marked=pl.lit(True))
        rows = core[table].join(marked, on=columns, how="left", maintain_order="left")
        core[table] = rows.with_columns(asmenvardis=pl.col("asmenvardis") | pl.col("marked").fill_null(False)).drop("marked")


def parts(country):
    """Fills `su_asmenimis` of participants, by the entity they have a part in, and of VIRS, by all entities above them."""
    core, today = country.core, country.as_of
    firms = dict(core["core_juridinis"].select("ja_kodas", "individuali").iter_rows())

    def is_firm_of_a_person(code):
        return firms.get(code, True)

    entities = {}
    columns = ["ja_kodas", "dalyvio_rusis", "dal_kodas", "asmens_id", "asmenvardis", "nuo", "iki", "dalis"]
    for entity, kind, owner, person, foreign, start, end, share in core["core_dalyvis"].select(columns).iter_rows():
        one = entities.setdefault(entity, [False, False, 0, []])
        about = {"J": owner is None or is_firm_of_a_person(owner), "UJ": foreign}.get(kind, True)
        one[0] |= about or person is not None or is_firm_of_a_person(entity)
        if kind == "J" and owner is not None:
            one[3].append(owner)
        if start <= today and (end is None or end > today):
            if share is None:
                one[1] = True
            else:
                one[2] += int(share.scaleb(12))

    def told_apart(entity):
        one = entities.get(entity)
        return one is None or one[0] or one[1] or abs(one[2] - 10**12) > 10**6

    def any_above(entity):
        seen, waiting = {entity}, [entity]
        while waiting:
            code = waiting.pop()
            if code not in entities:
                return False
            if told_apart(code):
                return True
            new = [owner for owner in entities[code][3] if owner in entities and owner not in seen]
            seen.update(new)
            waiting += new
        return False

    unknown = set(core["core_savininkas"].filter(pl.col("savininko_rusis") == "nezinomas")["ja_kodas"])
    participants = [told_apart(entity) for entity in core["core_dalyvis"]["ja_kodas"]]
    virs = [entity in unknown or is_firm_of_a_person(entity) or any_above(entity) for entity in core["core_virs"]["ja_kodas"]]
    core["core_dalyvis"] = core["core_dalyvis"].with_columns(su_asmenimis=pl.Series(participants, dtype=pl.Boolean))
    core["core_virs"] = core["core_virs"].with_columns(su_asmenimis=pl.Series(virs, dtype=pl.Boolean))
