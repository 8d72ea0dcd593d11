"""Who owns each VIRS in the end: shares flow along the holdings of a day through chains, joint holdings and cycles until they reach owners without owners.

The same arithmetic as transforms/owners, in the same order of operations, so that shares are equal to the last of their twelve places.
"""

import heapq
import math
from collections import deque
from dataclasses import dataclass

WHOLE = 10**12
# A holder is a pair of its kind and its number; the order of kinds matters where shares are equal.
PERSON, FOREIGN, ENTITY, UNKNOWN = range(4)
NOBODY = (UNKNOWN, 0)
NOTHING = 1e-9
CLOSED = 1e-14


@dataclass(slots=True)
class Holding:
    entity: int
    holder: tuple
    size: int
    unit: int
    whole: int | None
    joint: int | None
    authorised: bool
    start: object
    end: object

    def is_in_force(self, day):
        return self.start <= day and (self.end is None or self.end > day)

    def stated_whole(self):
        return self.whole if self.whole is not None and self.whole > 0 else None


@dataclass(slots=True)
class Edge:
    holder: tuple
    share: float
    votes: float


def total(numbers):
    """Added up one after another: `sum` of newer Pythons compensates rounding."""
    result = 0.0
    for number in numbers:
        result += number
    return result


def to_units(share):
    share *= float(WHOLE)
    whole = math.floor(share)
    return min(max(whole + (share - whole >= 0.5), 0), WHOLE)


def to_whole(shares):
    """Units that add up to exactly one, by the method of the largest remainder."""
    all_of_it = total(shares)
    exact = [share / all_of_it * float(WHOLE) for share in shares]
    units = [math.floor(share) for share in exact]
    left = WHOLE - sum(units)
    by_loss = sorted(range(len(shares)), key=lambda at: (-(exact[at] - math.floor(exact[at])), at))
    for turn in range(max(left, 0)):
        units[by_loss[turn % len(by_loss)]] += 1
    return units


def co_owners(holdings):
    groups = {}
    for holding in holdings:
        if holding.joint is not None:
            groups[holding.joint] = groups.get(holding.joint, 0) + 1
    return groups


def stated_share(holding, members):
    whole = holding.stated_whole()
    return None if whole is None else min(holding.size, whole) / whole / max(members, 1)


class Graph:
    def __init__(self, entities, holdings, public, day):
        self.public = public
        self.edges_of = [[] for _ in range(entities)]
        own = [[] for _ in range(entities)]
        for holding in holdings:
            if holding.is_in_force(day):
                own[holding.entity].append(holding)
        for entity, current in enumerate(own):
            current.sort(key=lambda one: (-1 if one.joint is None else one.joint, one.holder))
            self.edges_of[entity] = edges(current)

    def edges(self, entity):
        return [] if self.public[entity] else self.edges_of[entity]


def edges(own):
    groups = co_owners(own)
    held, seen = {}, set()
    for holding in own:
        whole = holding.stated_whole()
        if holding.joint is not None:
            if holding.joint in seen:
                continue
            seen.add(holding.joint)
        if whole is not None:
            held[holding.unit, whole] = held.get((holding.unit, whole), 0) + holding.size
    times = total(held[measure] / measure[1] for measure in sorted(held))

    def share(holding):
        whole = holding.stated_whole()
        if whole is None or not held:
            return 0.0
        if len(held) == 1:
            return holding.size / max(whole, next(iter(held.values())))
        return holding.size / whole / max(times, 1.0)

    authorised = {}
    for holding in own:
        if holding.authorised and holding.joint is not None:
            authorised[holding.joint] = authorised.get(holding.joint, 0) + 1
    found = []
    for holding in own:
        members = 1 if holding.joint is None else groups[holding.joint]
        part = share(holding) / members
        votes = part
        if holding.joint is not None and authorised.get(holding.joint) == 1:
            votes = part * members if holding.authorised else 0.0
        found.append(Edge(holding.holder, part, votes))
    return found


def components(graph, virs):
    """Strongly connected components, owners' before those of what they own (Tarjan)."""
    count = len(graph.public)
    index, low, on_stack = [None] * count, [0] * count, [False] * count
    of, members, stack, following = [None] * count, [], [], 0
    for root in virs:
        if index[root] is not None:
            continue
        walk = [[root, 0]]
        while walk:
            here, place = walk[-1]
            if place == 0 and index[here] is None:
                index[here] = low[here] = following
                following += 1
                stack.append(here)
                on_stack[here] = True
            own = graph.edges(here)
            if place < len(own):
                walk[-1][1] += 1
                kind, owner = own[place].holder
                if kind == ENTITY:
                    if index[owner] is None:
                        walk.append([owner, 0])
                    elif on_stack[owner]:
                        low[here] = min(low[here], index[owner])
                continue
            walk.pop()
            if walk:
                low[walk[-1][0]] = min(low[walk[-1][0]], low[here])
            if low[here] == index[here]:
                component = []
                while True:
                    member = stack.pop()
                    on_stack[member] = False
                    of[member] = len(members)
                    component.append(member)
                    if member == here:
                        break
                members.append(sorted(component))
    return of, members


class Flow:
    def __init__(self, graph, virs):
        self.graph = graph
        self.of, self.members = components(graph, virs)
        self.cycles = {}

    def owners(self, virs):
        """(holder, share, steps) of each ultimate owner, the greatest share first."""
        ends, inflow = {}, {virs: 1.0}
        waiting = [-self.of[virs]]

        def end(holder, amount):
            ends[holder] = ends.get(holder, 0.0) + amount

        while waiting:
            component = -heapq.heappop(waiting)
            if waiting and -waiting[0] == component:
                continue
            members = self.members[component]
            entering = [inflow.pop(member, 0.0) for member in members]
            through = self.through(component, entering)
            if through is None:
                end(NOBODY, total(entering))
                continue
            for member, amount in zip(members, through):
                own = self.graph.edges(member)
                if not own:
                    end(NOBODY if member == virs and not self.graph.public[member] else (ENTITY, member), amount)
                    continue
                known = 0.0
                for edge in own:
                    known += edge.share
                    kind, owner = edge.holder
                    if kind != ENTITY:
                        end(edge.holder, amount * edge.share)
                    elif self.of[owner] != component:
                        if owner not in inflow:
                            heapq.heappush(waiting, -self.of[owner])
                            inflow[owner] = 0.0
                        inflow[owner] += amount * edge.share
                end(NOBODY, amount * max(1.0 - known, 0.0))
        steps = self.steps(virs)
        holders = sorted(ends)
        shares = to_whole([ends[holder] for holder in holders])
        owners = [(holder, share, steps.get(holder, 0)) for holder, share in zip(holders, shares) if share > 0]
        return sorted(owners, key=lambda owner: (-owner[1], owner[0]))

    def closed_cycle(self, entity):
        component = self.of[entity]
        return component if self.through(component, [0.0] * len(self.members[component])) is None else None

    def through(self, component, entering):
        """What flows through each member, given what enters; none where it could never leave."""
        members = self.members[component]
        if len(members) == 1 and not any(edge.holder == (ENTITY, members[0]) for edge in self.graph.edges(members[0])):
            return entering
        if component not in self.cycles:
            places = {member: row for row, member in enumerate(members)}
            matrix = [[0.0] * len(members) for _ in members]
            leaving = 0.0
            for column, member in enumerate(members):
                matrix[column][column] += 1.0
                kept = 0.0
                for edge in self.graph.edges(member):
                    kind, owner = edge.holder
                    if kind == ENTITY and owner in places:
                        matrix[places[owner]][column] -= edge.share
                        kept += edge.share
                leaving += 1.0 - kept
            self.cycles[component] = factors(matrix) if leaving > CLOSED else None
        return solve(*self.cycles[component], entering) if self.cycles[component] else None

    def steps(self, virs):
        steps, queue = {(ENTITY, virs): 0}, deque([(virs, 0)])
        while queue:
            entity, step = queue.popleft()
            for edge in self.graph.edges(entity):
                if edge.holder not in steps:
                    steps[edge.holder] = step + 1
                    if edge.holder[0] == ENTITY:
                        queue.append((edge.holder[1], step + 1))
        return steps


def factors(rows):
    """LU factors with partial pivoting."""
    size = len(rows)
    order = list(range(size))
    for pivot in range(size):
        best = pivot
        for row in range(pivot, size):
            # Of equal ones the last counts.
            if abs(rows[row][pivot]) >= abs(rows[best][pivot]):
                best = row
        rows[pivot], rows[best] = rows[best], rows[pivot]
        order[pivot], order[best] = order[best], order[pivot]
        for row in rows[pivot + 1 :]:
            factor = row[pivot] / rows[pivot][pivot]
            row[pivot] = factor
            for column in range(pivot + 1, size):
                row[column] -= factor * rows[pivot][column]
    return rows, order


def solve(rows, order, right):
    values = [right[at] for at in order]
    for row in range(len(values)):
        values[row] -= total(rows[row][column] * values[column] for column in range(row))
    for row in reversed(range(len(values))):
        known = total(rows[row][column] * values[column] for column in range(row + 1, len(values)))
        values[row] = (values[row] - known) / rows[row][row]
    return values


def chain(graph, entity):
    """(holder, votes) of each majority from an entity upwards."""
    here, seen, found = entity, {entity}, []
    while True:
        votes = {}
        for edge in graph.edges(here):
            votes[edge.holder] = votes.get(edge.holder, 0.0) + edge.votes
        holder = next((holder for holder in sorted(votes) if holder != NOBODY and votes[holder] > 0.5), None)
        if holder is None:
            return found
        if holder[0] == ENTITY:
            if holder[1] in seen:
                return found
            seen.add(holder[1])
            here = holder[1]
        found.append((holder, to_units(votes[holder])))
        if holder[0] != ENTITY:
            return found


def links(graph, flow, virs):
    """(held, step, holder, is_end, share, because) of every holding above a VIRS."""
    found, seen, closed, waiting = [], {virs}, set(), deque([(virs, 1)])

    def link(held, step, holder, share, because):
        is_end = not (holder[0] == ENTITY and graph.edges(holder[1]))
        found.append((held, step, holder, is_end, share, because))

    while waiting:
        held, step = waiting.popleft()
        own = graph.edges(held)
        if not own and held == virs and not graph.public[virs]:
            link(held, step, NOBODY, WHOLE, "be_dalyviu")
        shares = {}
        for edge in own:
            shares[edge.holder] = shares.get(edge.holder, 0.0) + edge.share
        not_named = shares.pop(NOBODY, None)
        known = sorted(((holder, shares[holder]) for holder in sorted(shares)), key=lambda one: (-to_units(one[1]), one[0]))
        rest = 1.0 - total(share for _, share in known) - (not_named or 0.0)
        for holder, share in known:
            link(held, step, holder, to_units(share) or None, None)
            if holder[0] == ENTITY and holder[1] not in seen:
                seen.add(holder[1])
                waiting.append((holder[1], step + 1))
        if not_named is not None:
            link(held, step, NOBODY, to_units(not_named), "neivardytas")
        if own and rest > NOTHING:
            because = "be_visumos" if any(edge.share == 0.0 for edge in own) else "ne_visi"
            link(held, step, NOBODY, to_units(rest), because)
        cycle = flow.closed_cycle(held)
        if cycle is not None and cycle not in closed:
            closed.add(cycle)
            link(held, step, NOBODY, None, "ciklas")
    return found
