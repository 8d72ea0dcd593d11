"""Rows about participants become numbered holdings: only what is above a VIRS, said by those whose word counts (transforms/src/holdings.rs, speakers.rs)."""

from dataclasses import dataclass, field

from .codes import personal
from .names import compared_code, compared_name, is_foreign_entity, lithuanian_code
from .ownership import ENTITY, FOREIGN, NOBODY, PERSON, Holding

SHARES, CAPITAL = range(2)


class ForeignEntities:
    """All foreign entities that rows name, each in the spelling of its newest row."""

    def __init__(self):
        self.numbers, self.spelled = {}, []

    def meet(self, state, code, name, day, today, record):
        code = code if code and compared_code(code) else ""
        entity = (state or "", code, name or "")
        newness = (bool(name), day <= today, day, "\x1f".join((record, entity[2], code)))
        number = self.numbers.setdefault(identity(*entity), len(self.spelled))
        if number == len(self.spelled):
            self.spelled.append((newness, entity))
        elif self.spelled[number][0] < newness:
            self.spelled[number] = (newness, entity)
        return number

    def get(self, number):
        return self.spelled[number][1]


def identity(state, code, name):
    code = compared_code(code) if code else None
    return f"{compared_name(state)}\x1f{code}" if code else f"{compared_name(state)}\x1f\x1f{compared_name(name)}"


@dataclass
class Holdings:
    entities: list
    names: dict = field(default_factory=dict)
    foreign: ForeignEntities = field(default_factory=ForeignEntities)
    persons: dict = field(default_factory=dict)
    foreign_persons: set = field(default_factory=set)
    # Id, names and whether there is no code, of whoever is met first.
    people: list = field(default_factory=list)
    # (holding, the row it is from, whether a VIRS stated it, whether it was met before in another chain)
    rows: list = field(default_factory=list)


class Speakers:
    def __init__(self, virs, registered, stated):
        self.virs = set(virs)
        self.registered, self.stated, self.speaking = {}, {}, set()
        for place, row in enumerate(registered):
            self.registered.setdefault(row["ja_kodas"], []).append((False, place))
        for place, row in enumerate(stated):
            submitter = row["pateikejo_kodas"]
            self.stated.setdefault((row["ja_kodas"], submitter), []).append((True, place))
            if submitter:
                self.speaking.add(submitter)

    def chain_of(self, virs):
        return virs if virs in self.speaking else None

    def met(self, owner, chain):
        said = owner in self.registered or (owner, chain) in self.stated or (owner, None) in self.stated
        return chain if chain and owner not in self.virs and said else None

    def rows(self, entity, chain):
        if entity in self.registered:
            return self.registered[entity]
        if entity not in self.virs:
            return self.stated.get((entity, chain), [])
        return sorted(self.stated.get((entity, None), []) + self.stated.get((entity, entity), []))


def collect(virs, registered, stated, today):
    """`registered` and `stated` are rows as dictionaries, with ids of persons."""
    tables = [registered, stated]
    speakers = Speakers(virs, registered, stated)
    collected = Holdings(list(virs))
    chains = [speakers.chain_of(code) for code in virs]
    numbers = {(code, None): number for number, code in enumerate(virs)}
    groups, met = {}, [set(), set()]

    def entity_number(owner, name, chain):
        chain = speakers.met(owner, chain)
        number = numbers.setdefault((owner, chain), len(collected.entities))
        if number == len(collected.entities):
            collected.entities.append(owner)
            chains.append(chain)
        if name:
            collected.names.setdefault(number, name)
        return number

    def holder(row, chain):
        kind, state = row["dalyvio_rusis"], row["valstybe"]
        if kind in ("F", "UF"):
            if row["asmens_id"] is None:
                return NOBODY
            number = collected.persons.setdefault(row["asmens_id"], len(collected.people))
            if number == len(collected.people):
                collected.people.append([row[name] for name in ("asmens_id", "vardas", "pavarde", "be_kodo")])
            if kind == "UF":
                collected.foreign_persons.add(number)
            return (PERSON, number)
        code = row["dal_kodas"]
        if is_foreign_entity(kind, state):
            if code and kind != "UJ" and personal(code):
                code = None
            return (FOREIGN, collected.foreign.meet(state, code, row["dal_pavadinimas"], row["nuo"], today, row["dalyvio_nr"]))
        if not code or personal(code):
            return NOBODY
        return (ENTITY, entity_number(lithuanian_code(code), row["dal_pavadinimas"], chain))

    following = 0
    while following < len(collected.entities):
        code, chain, first = collected.entities[following], chains[following], len(collected.rows)
        for is_stated, place in speakers.rows(code, chain):
            row = tables[is_stated][place]
            unit, size, whole = measure(row)
            group = row["jungtine"]
            holding = Holding(
                following, holder(row, chain), size, unit, whole, None if group is None else groups.setdefault((code, group), len(groups)),
                bool(row["igaliotas"]), row["nuo"], row["iki"],
            )
            collected.rows.append((holding, row, is_stated, place in met[is_stated]))
            met[is_stated].add(place)
        tell_wholes([one[0] for one in collected.rows[first:]], today)
        following += 1
    return collected


def measure(row):
    """How much a row says is held, in what, and of how much; both facts of one kind come before half of the other."""
    cents = lambda amount: None if amount is None else int(amount.scaleb(2))
    facts = [(SHARES, row["akcijos"], row["visos_akcijos"]), (CAPITAL, cents(row["inasas"]), cents(row["visas_kapitalas"]))]
    facts = [fact for fact in facts if fact[1] is not None]
    complete = [fact for fact in facts if fact[2] is not None]
    return (complete or facts or [(SHARES, 0, None)])[0]


def tell_wholes(holdings, today):
    for unit in (SHARES, CAPITAL):
        current = [holding for holding in holdings if holding.unit == unit and holding.is_in_force(today)]
        said = {holding.stated_whole() for holding in current} - {None}
        if len(said) == 1:
            whole = said.pop()
            for holding in current:
                if holding.stated_whole() is None:
                    holding.whole = whole
