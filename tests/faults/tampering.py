"""Two chains of made-up events, and the ways to alter them with plain SQL."""

from __future__ import annotations

import hashlib
import os
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from casearc_web.agencies.models import Agency
from casearc_web.audit.chain import clients_digest, details_digest
from casearc_web.audit.log import Entry, append, erase_details
from casearc_web.audit.models import AuditDetail, AuditedClient, AuditEvent, AuditHead, Outcome
from casearc_web.audit.verify import verify
from casearc_web.records.sealed import seal

LENGTH = 20
PLACE = "audit.auditdetail.text"
TABLES = {
    "event": "audit_auditevent",
    "client": "audit_auditedclient",
    "words": "audit_auditdetail",
    "head": "audit_audithead",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What was done, and whether it was found."""

    kind: str
    found: bool


@dataclass(frozen=True, slots=True)
class Chains:
    """Two agencies and the clients that their events concern."""

    agencies: tuple[uuid.UUID, uuid.UUID]
    clients: tuple[uuid.UUID, ...]


def make_chains(chance: random.Random) -> Chains:
    """Each with reads of one client and of several, words, denials, a purge that erased words, and more after it."""
    agencies = tuple(Agency.objects.create(name=name).pk for name in ("Riverbend (made up)", "Farshore (made up)"))
    clients = tuple(uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(5))
    for agency in agencies:
        for number in range(LENGTH):
            purge = number == LENGTH // 2
            event = append(_entry(agency, clients, number, chance, purge=purge))
            if purge:
                erase_details([clients[0]], purge=event)
    return Chains(agencies=(agencies[0], agencies[1]), clients=clients)


def _entry(
    agency: uuid.UUID, clients: Sequence[uuid.UUID], number: int, chance: random.Random, *, purge: bool
) -> Entry:
    concerned = clients[:1] if purge or number % 4 == 0 else chance.sample(clients[1:], number % 3)
    return Entry(
        agency_id=agency,
        verb="purge_client" if purge else chance.choice(["view_client", "edit_client", "sign_in"]),
        outcome=Outcome.DENIED if number % 7 == 6 else Outcome.DONE,
        staff_id=uuid.UUID(int=chance.getrandbits(128), version=4) if number % 5 else None,
        role=chance.choice(["case_manager", "supervisor"]),
        route="clients:client",
        kind="clients.client",
        record_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        clients=frozenset(concerned),
        details=f"made-up words {number}" if number % 2 == 0 else "",
    )


class Tamperer:
    """Alters, looks, takes it back."""

    def __init__(self, chains: Chains, chance: random.Random) -> None:
        self.chains, self.chance, self.events = chains, chance, LENGTH
        self.kinds: dict[str, Callable[[], None]] = {
            "a column of an event changed": lambda: self._change("event"),
            "a column of an event's client changed": lambda: self._change("client"),
            "a column of an event's words changed": lambda: self._change("words"),
            "a column of the chain's end changed": lambda: self._change("head"),
            "an event deleted with all of its rows": self._delete_event,
            "one row deleted": self._delete_row,
            "an event added at the end": self._add_event,
            "a client or words added": self._add_row,
            "two events swapped": self._swap,
            "the tail cut off and the end rewritten": self._cut,
            "an event taken out and the rest renumbered": self._renumber,
            "words moved to another event, or exchanged": self._move_words,
            "words written anew under the vault key": self._rewrite_words,
            "words erased without a purge": self._erase,
            "rows moved to the other agency": self._to_other_agency,
        }

    def trial(self) -> Trial | None:
        """One alteration; None where the database itself refused it, or where it came to nothing."""
        kind = self.chance.choice(sorted(self.kinds))
        before = self._everything()
        with self._taken_back():
            try:
                with transaction.atomic():
                    self.kinds[kind]()
            except IntegrityError:
                return None
            if self._everything() == before:
                return None
            found = any(not verify(agency).sound for agency in self.chains.agencies)
        return Trial(kind, found)

    @contextmanager
    def _taken_back(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def _everything(self) -> list[Any]:
        return [self._rows(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES.values()]

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in rows]

    def _do(self, sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    def _agency(self) -> uuid.UUID:
        return self.chance.choice(self.chains.agencies)

    def _event(self, agency: uuid.UUID | None = None) -> AuditEvent:
        events = AuditEvent.objects.filter(agency_id=agency or self._agency())
        return self.chance.choice(list(events.order_by("number")))

    def _change(self, table: str) -> None:
        model = {"event": AuditEvent, "client": AuditedClient, "words": AuditDetail, "head": AuditHead}[table]
        keys = [row[0] for row in self._rows(f"SELECT {model._meta.pk.column} FROM {TABLES[table]} ORDER BY 1")]
        columns = [field for field in model._meta.concrete_fields if field.column != "id"]
        field, key = self.chance.choice(columns), self.chance.choice(keys)
        where = f"FROM {TABLES[table]} WHERE {model._meta.pk.column} = %s"
        ((old,),) = self._rows(f"SELECT {field.column} {where}", key)
        new = self._other(field.column, old)
        self._do(f"UPDATE {TABLES[table]} SET {field.column} = %s WHERE {model._meta.pk.column} = %s", new, key)

    def _other(self, column: str, old: Any) -> Any:
        """Another value that the column takes."""
        ways: dict[str, Callable[[], Any]] = {
            "agency_id": lambda: self._stored(next(one for one in self.chains.agencies if self._stored(one) != old)),
            "event_id": lambda: self._event().pk,
            **dict.fromkeys(("client_id", "staff_id"), lambda: self._stored(self._somebody())),
            **dict.fromkeys(("number", "erased_in"), lambda: self.chance.randrange(1, 3 * LENGTH)),
            "at": lambda: self._moment(old),
            **dict.fromkeys(("salt", "text"), lambda: self._flipped(old or os.urandom(16))),
        }
        if column in ways:
            return ways[column]()
        if isinstance(old, bytes):
            return self._flipped(old or os.urandom(16))
        return self.chance.choice(["", "edit_client", "denied", "done", "x" * 9, str(old)[::-1]])

    def _somebody(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _stored(self, value: uuid.UUID) -> Any:
        return value if connection.vendor == "postgresql" else value.hex

    def _moment(self, old: Any) -> Any:
        moved = timedelta(microseconds=self.chance.choice([1, -1, 10**6, -(10**10)]))
        if isinstance(old, str):
            return (datetime.fromisoformat(old) + moved).isoformat(sep=" ", timespec="microseconds")
        return old + moved

    def _flipped(self, old: bytes) -> bytes:
        place, bit = self.chance.randrange(len(old)), 1 << self.chance.randrange(8)
        return old[:place] + bytes([old[place] ^ bit]) + old[place + 1 :]

    def _drop(self, event: AuditEvent) -> None:
        for table in ("client", "words"):
            self._do(f"DELETE FROM {TABLES[table]} WHERE event_id = %s", event.pk)
        self._do(f"DELETE FROM {TABLES['event']} WHERE id = %s", event.pk)

    def _delete_event(self) -> None:
        self._drop(self._event())

    def _delete_row(self) -> None:
        table = self.chance.choice(["client", "words", "head"])
        column = "agency_id" if table == "head" else "id"
        key = self.chance.choice(self._rows(f"SELECT {column} FROM {TABLES[table]} ORDER BY 1"))[0]
        self._do(f"DELETE FROM {TABLES[table]} WHERE {column} = %s", key)

    def _add_event(self) -> None:
        """As well as it can be done without the key, with or without the end moved along."""
        agency = self._agency()
        last = AuditEvent.objects.filter(agency_id=agency).order_by("-number").first()
        if last is None:
            raise LookupError("a chain has events")
        event = AuditEvent(
            agency_id=agency,
            number=last.number + 1,
            at=last.at,
            verb="sign_in",
            outcome=Outcome.DONE,
            clients_digest=clients_digest([]),
            details_digest=b"",
            previous=bytes(last.digest),
            digest=self.chance.choice([bytes(last.digest), hashlib.sha256(bytes(last.digest)).digest()]),
        )
        event.save()
        if self.chance.random() < 0.5:
            AuditHead.objects.filter(agency_id=agency).update(number=event.number, digest=event.digest)

    def _add_row(self) -> None:
        event = self._event()
        if self.chance.random() < 0.5:
            client = self.chance.choice([*self.chains.clients, uuid.uuid4()])
            AuditedClient.objects.create(agency_id=event.agency_id, event=event, client_id=client)
        else:
            text = self.chance.choice(["", "made-up words that nobody said"])
            AuditDetail.objects.create(agency_id=event.agency_id, event=event, salt=os.urandom(16), text=text)

    def _swap(self) -> None:
        """The numbers of two events, alone or with the links rewired."""
        agency = self._agency()
        one, other = self._event(agency), self._event(agency)
        self._number(one, 10**9)
        self._number(other, one.number)
        self._number(one, other.number)
        if self.chance.random() < 0.5:
            for event, twin in ((one, other), (other, one)):
                self._do(f"UPDATE {TABLES['event']} SET previous = %s WHERE id = %s", bytes(twin.previous), event.pk)

    def _number(self, event: AuditEvent, number: int) -> None:
        self._do(f"UPDATE {TABLES['event']} SET number = %s WHERE id = %s", number, event.pk)

    def _cut(self) -> None:
        agency, keep = self._agency(), self.chance.randrange(1, LENGTH)
        for event in AuditEvent.objects.filter(agency_id=agency, number__gt=keep):
            self._drop(event)
        last = AuditEvent.objects.get(agency_id=agency, number=keep)
        if self.chance.random() < 0.8:
            AuditHead.objects.filter(agency_id=agency).update(number=keep, digest=bytes(last.digest), at=last.at)

    def _renumber(self) -> None:
        agency = self._agency()
        out = AuditEvent.objects.get(agency_id=agency, number=self.chance.randrange(1, LENGTH))
        after = list(AuditEvent.objects.filter(agency_id=agency, number__gt=out.number).order_by("number"))
        self._drop(out)
        for event in after:
            self._number(event, event.number - 1)
        self._do(f"UPDATE {TABLES['event']} SET previous = %s WHERE id = %s", bytes(out.previous), after[0].pk)
        AuditHead.objects.filter(agency_id=agency).update(number=after[-1].number - 1)

    def _move_words(self) -> None:
        rows = self._rows(f"SELECT id, event_id, salt, text FROM {TABLES['words']} WHERE erased_in IS NULL ORDER BY 1")
        one, other = self.chance.sample(rows, 2)
        if self.chance.random() < 0.5:
            silent = self.chance.choice(list(AuditEvent.objects.filter(detail=None).order_by("pk")))
            self._do(f"UPDATE {TABLES['words']} SET event_id = %s WHERE id = %s", silent.pk, one[0])
        else:
            for row, twin in ((one, other), (other, one)):
                self._do(f"UPDATE {TABLES['words']} SET salt = %s, text = %s WHERE id = %s", twin[2], twin[3], row[0])

    def _rewrite_words(self) -> None:
        """Well sealed, for the vault key is known; perhaps with its digest in the event as well."""
        rows = self._rows(f"SELECT id, event_id FROM {TABLES['words']} WHERE erased_in IS NULL ORDER BY 1")
        row = self.chance.choice(rows)
        salt, text = os.urandom(16), "made-up words that nobody said"
        sealed = seal(text.encode(), place=PLACE)
        self._do(f"UPDATE {TABLES['words']} SET salt = %s, text = %s WHERE id = %s", salt, sealed, row[0])
        if self.chance.random() < 0.5:
            digest = details_digest(salt, text)
            self._do(f"UPDATE {TABLES['event']} SET details_digest = %s WHERE id = %s", digest, row[1])

    def _erase(self) -> None:
        """With any number in place of the purge's, that of a purge of somebody else among them."""
        words = AuditDetail.objects.filter(erased_in=None).exclude(event__clients__client_id=self.chains.clients[0])
        late = AuditDetail.objects.filter(erased_in=None, event__clients__client_id=self.chains.clients[0])
        ids = [*words.values_list("pk", flat=True).order_by("pk"), *late.values_list("pk", flat=True).order_by("pk")]
        number = self.chance.choice([LENGTH // 2 + 1, self.chance.randrange(0, 2 * LENGTH)])
        key = self.chance.choice(ids)
        self._do(f"UPDATE {TABLES['words']} SET salt = NULL, text = %s, erased_in = %s WHERE id = %s", b"", number, key)

    def _to_other_agency(self) -> None:
        way = self.chance.randrange(3)
        one, other = self.chance.sample(self.chains.agencies, 2)
        if way == 0:
            event = self._event(one)
            for table in ("client", "words"):
                self._do(
                    f"UPDATE {TABLES[table]} SET agency_id = %s WHERE event_id = %s", self._stored(other), event.pk
                )
            number = LENGTH + 1
            move = f"UPDATE {TABLES['event']} SET agency_id = %s, number = %s WHERE id = %s"
            self._do(move, self._stored(other), number, event.pk)
        elif way == 1:
            heads = {head.agency_id: head for head in AuditHead.objects.all()}
            for agency, twin in ((one, heads[other]), (other, heads[one])):
                values = {"number": twin.number, "at": twin.at, "digest": bytes(twin.digest), "seal": bytes(twin.seal)}
                AuditHead.objects.filter(agency_id=agency).update(**values)
        else:
            table = self.chance.choice(["client", "words"])
            key = self.chance.choice(self._rows(f"SELECT id, agency_id FROM {TABLES[table]} ORDER BY 1"))
            another = next(agency for agency in (one, other) if self._stored(agency) != key[1])
            self._do(f"UPDATE {TABLES[table]} SET agency_id = %s WHERE id = %s", self._stored(another), key[0])
