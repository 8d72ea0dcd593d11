"""Participants and owners: `core_dalyvis`, `core_savininkas`, `core_kontrole`, `core_grandis` (core_tables/owners.rs)."""

from collections import Counter
from decimal import Decimal

import polars as pl

from . import ownership
from .holdings import collect
from .ownership import ENTITY, FOREIGN, PERSON


def units(number):
    return None if number is None else Decimal(number).scaleb(-12)


def build(country):
    registered, stated = (country.rows(role) for role in ("participants", "stated_participants"))
    virs = list(country.virs)
    held = collect(virs, registered.rows(named=True), stated.rows(named=True), country.as_of)
    people = country.people_of(stated)
    country.met += [pl.DataFrame(held.people, schema=people.schema, orient="row"), people]
    jar = {code: (name, form) for code, name, form in country.register.select("ja_kodas", "pavadinimas", "forma").iter_rows()}
    note_unread(country, held)
    public = [jar.get(code, (None, None))[1] in country.catalog.law["public_sector_forms"] for code in held.entities]
    graph = ownership.Graph(len(held.entities), [row[0] for row in held.rows], public, country.as_of)
    flow = ownership.Flow(graph, range(len(virs)))
    ids = list(held.persons)

    def told(holder):
        """Id of a person, code, name and state of an entity."""
        kind, number = holder
        if kind == PERSON:
            return ids[number], None, None, None
        if kind == ENTITY:
            code = held.entities[number]
            return None, code, jar.get(code, (None,))[0] or held.names.get(number), None
        if kind == FOREIGN:
            state, code, name = held.foreign.get(number)
            return None, code or None, name or None, state or None
        return None, None, None, None

    def participant(holder):
        kind, number = holder
        return ("UF" if number in held.foreign_persons else "F", "UJ", "J", None)[kind]

    def owner(holder):
        kind, number = holder
        person = "uzsienio_fizinis" if number in held.foreign_persons else "fizinis"
        return (person, "uzsienio_juridinis", "viesasis" if kind == ENTITY and public[number] else "juridinis", "nezinomas")[kind]

    by_entity = {}
    for holding, *_ in held.rows:
        by_entity.setdefault(holding.entity, []).append(holding)
    groups = {entity: ownership.co_owners(own) for entity, own in by_entity.items()}
    participants = []
    for holding, row, is_stated, repeated in held.rows:
        if repeated:
            continue
        person, code, name, state = told(holding.holder)
        is_entity = holding.holder[0] in (ENTITY, FOREIGN)
        share = ownership.stated_share(holding, 1 if holding.joint is None else groups[holding.entity][holding.joint])
        participants.append((
            "formos" if is_stated else "jadis", row["dalyvio_nr"], held.entities[holding.entity],
            participant(holding.holder) if is_entity else row["dalyvio_rusis"], person, code, name or row["dal_pavadinimas"],
            state if is_entity else row["valstybe"], row["registras"], row["akcijos"], row["inasas"],
            None if share is None else units(ownership.to_units(share)), row["jungtine"], row["igaliotas"], row["nuo"], row["iki"],
        ))
    owners, control, links = [], [], []
    for entity, code in enumerate(virs):
        majorities = ownership.chain(graph, entity)
        controlling = majorities[-1][0] if majorities else None
        for place, (holder, share, steps) in enumerate(flow.owners(entity), 1):
            owners.append((code, place, owner(holder), *told(holder), units(share), controlling == holder, steps))
        for place, (holder, votes) in enumerate(majorities, 1):
            control.append((code, place, participant(holder), *told(holder), units(votes)))
        for place, (below, step, holder, is_end, share, because) in enumerate(ownership.links(graph, flow, entity), 1):
            _, held_code, held_name, _ = told((ENTITY, below))
            kinds = participant(holder), owner(holder) if is_end else None
            links.append((code, place, step, held_code, held_name, *kinds, *told(holder), units(share), because))
    country.put_rows("core_dalyvis", participants)
    country.put_rows("core_savininkas", owners)
    country.put_rows("core_kontrole", control)
    country.put_rows("core_grandis", links)


def note_unread(country, held):
    """How many rows about participants of each VIRS, or of an entity above it, were set aside."""
    participants = [country.catalog.role(role).name for role in ("participants", "stated_participants")]
    aside = sum((country.extracts[name].set_aside for name in participants), Counter())
    counts = [aside.get(code, 0) for code in held.entities]
    if not any(counts):
        return
    above = {}
    for holding, *_ in held.rows:
        if holding.holder[0] == ENTITY:
            above.setdefault(holding.entity, []).append(holding.holder[1])
    for first, code in enumerate(country.virs):
        seen, waiting = {first}, [first]
        for entity in waiting:
            new = [owner for owner in dict.fromkeys(above.get(entity, ())) if owner not in seen]
            seen.update(new)
            waiting += new
        rows = sum(counts[entity] for entity in waiting)
        if rows:
            country.unread[code] = rows
