"""Re-keying inside the database: sealed fields, search digests and audit chains from the old keys to the new ones.

Runs in one transaction, on a copy that nobody uses yet or, on PostgreSQL, with nobody else there (`rekeying`). A chain
that does not verify under the old key is not made good under the new one: the whole work is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from casearc_web import keys as process_keys
from casearc_web.agencies.models import Agency
from casearc_web.audit.chain import START, head_seal, link
from casearc_web.audit.models import AuditEvent, AuditHead
from casearc_web.audit.verify import verify
from casearc_web.consent.recipients import reindex_all
from casearc_web.errors import DatabaseRefusedError
from casearc_web.keys import Keys
from casearc_web.records.sealed import seal, unseal
from casearc_web.vault.models import Identity
from casearc_web.vault.search import reindex

_BATCH = 1_000
_FACTOR_SECRETS = ("secret", "seed")


class SealedField(Protocol):
    """What a sealed field tells of itself: its column, and the place that is authenticated with its content."""

    column: str
    attname: str

    @property
    def place(self) -> str: ...


def reseal(old: Keys, new: Keys) -> None:
    """Everything under the new keys.

    Sessions end, for their signatures were made with the old ones. Exports from now on carry other pseudonyms, and
    drafts that a phone still keeps without a connection cannot be opened any more.
    """
    with transaction.atomic():
        agencies = list(Agency.objects.values_list("pk", flat=True))
        for agency_id in agencies:
            _verify(agency_id, old)
        for model, field in sealed_fields():
            _reseal_field(model, field, old, new)
        with process_keys.using(new):
            for identity in Identity.objects.iterator(chunk_size=_BATCH):
                reindex(identity)
            reindex_all()
        _renew_factors(old, new)
        for agency_id in agencies:
            with process_keys.using(new):
                _relink(agency_id)
            _verify(agency_id, new)
        _sessions().objects.all().delete()


def sealed_fields() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Every sealed field of every model."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.BinaryField) and hasattr(field, "place"):
                yield model, cast("SealedField", field)


def _renew_factors(old: Keys, new: Keys) -> None:
    """The secrets of authenticator apps and recovery codes, which the sign-in seals by itself."""
    for factor in Authenticator.objects.iterator(chunk_size=_BATCH):
        sealed = {name: factor.data[name] for name in _FACTOR_SECRETS if name in factor.data}
        with process_keys.using(old):
            plain = {name: decrypt(text) for name, text in sealed.items()}
        with process_keys.using(new):
            factor.data |= {name: encrypt(text) for name, text in plain.items()}
        factor.save(update_fields=["data"])


def _sessions() -> Any:
    """The model in which the sign-in keeps sessions."""
    return import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()


def _reseal_field(model: type[models.Model], field: SealedField, old: Keys, new: Keys) -> None:
    """Batch by batch in order of the primary key, as the database stores it."""
    quote = connection.ops.quote_name
    table, column, key = quote(model._meta.db_table), quote(str(field.column)), quote(str(model._meta.pk.column))
    chosen = f"SELECT {key}, {column} FROM {table} WHERE length({column}) > 0"
    last: list[Any] = []
    with connection.cursor() as cursor:
        while True:
            after = f" AND {key} > %s" if last else ""
            cursor.execute(f"{chosen}{after} ORDER BY {key} LIMIT {_BATCH}", last)
            rows = cursor.fetchall()
            if not rows:
                return
            last = [rows[-1][0]]
            renewed = [(_renewed(bytes(value), field.place, old, new), pk) for pk, value in rows]
            cursor.executemany(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", renewed)


def _renewed(value: bytes, place: str, old: Keys, new: Keys) -> bytes:
    return seal(unseal(value, place=place, key=old.vault), place=place, key=new.vault)


def _verify(agency_id: Any, keys: Keys) -> None:
    with process_keys.using(keys):
        report = verify(agency_id)
    if not report.sound:
        raise DatabaseRefusedError(
            f"The audit log does not verify ({len(report.faults)} faults); `casearc web audit verify` lists them. "
            "Re-keying would hide that, so nothing was changed."
        )


def _relink(agency_id: Any) -> None:
    """The same events, each link made again with the audit key in use."""
    previous = START
    events = AuditEvent.objects.filter(agency_id=agency_id).order_by("number")
    renewed: list[AuditEvent] = []
    for event in events.iterator(chunk_size=_BATCH):
        event.previous, event.digest = previous, b""
        event.digest = previous = link(event)
        renewed.append(event)
        if len(renewed) == _BATCH:
            AuditEvent.objects.bulk_update(renewed, ["previous", "digest"])
            renewed.clear()
    AuditEvent.objects.bulk_update(renewed, ["previous", "digest"])
    head = AuditHead.objects.filter(agency_id=agency_id).first()
    if head is not None:
        head.digest = previous
        head.seal = head_seal(agency_id, head.number, head.at, previous)
        head.save(update_fields=["digest", "seal"])
