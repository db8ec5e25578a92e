"""The backend answers as Django's own SQLite backend does: every expression of a list, on the same rows."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings

from casearc_web import keys
from casearc_web.errors import LockedError, NotEncryptedError, WrongKeyError
from casearc_web.sqlcipher import make_database

if not settings.configured:
    settings.configure(USE_TZ=True)
    django.setup()

from django.db import IntegrityError, connections, models, transaction
from django.db.models import Avg, Case, Count, Exists, F, OuterRef, Q, StdDev, Sum, Value, Variance, When, Window
from django.db.models import functions as f

PASSPHRASE = "seven made up words for a test"


class Team(models.Model):
    name = models.CharField(max_length=40, unique=True)

    class Meta:
        app_label = "backend_trial"


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True)
    text = models.TextField(null=True)
    flag = models.BooleanField(null=True)
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    clock = models.TimeField(null=True)
    exact = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    real = models.FloatField(null=True)
    whole = models.BigIntegerField(null=True)
    span = models.DurationField(null=True)
    blob = models.BinaryField(null=True)
    tree = models.JSONField(null=True)

    class Meta:
        app_label = "backend_trial"


def rows(alias: str) -> Any:
    return Row.objects.using(alias).order_by("id")


Question = Callable[[str], Any]
QUESTIONS: dict[str, Question] = {
    "everything": lambda a: list(rows(a).values_list()),
    "types": lambda a: [[type(value).__name__ for value in row] for row in rows(a).values_list()],
    "nulls": lambda a: rows(a).filter(text=None, day__isnull=True).count(),
    "nulls first": lambda a: list(rows(a).order_by(F("whole").asc(nulls_first=True), "id").values_list("whole")),
    "nulls last": lambda a: list(rows(a).order_by(F("day").desc(nulls_last=True), "id").values_list("day")),
    "regex": lambda a: list(rows(a).filter(text__regex=r"^r.w [13]$").values_list("text")),
    "regex, any case": lambda a: list(rows(a).filter(text__iregex=r"ÉTÉ|ROW 2").values_list("text")),
    "contains": lambda a: list(rows(a).filter(text__icontains="ROW").values_list("text")),
    "percent and underscore": lambda a: list(rows(a).filter(text__contains="100%_").values_list("text")),
    "months": lambda a: list(rows(a).annotate(m=f.TruncMonth("day")).values("m").annotate(n=Count("id")).values_list()),
    "weekday": lambda a: list(rows(a).values_list("day__week_day", "day__iso_year", "moment__hour")),
    "dates of moments": lambda a: list(rows(a).filter(moment__date=datetime.date(2024, 3, 10)).values_list("text")),
    "distinct dates": lambda a: list(rows(a).datetimes("moment", "day")),
    "sum of decimals": lambda a: rows(a).aggregate(s=Sum("exact"), a=Avg("exact"), n=Count("exact")),
    "deviations": lambda a: rows(a).exclude(real=None).aggregate(s=StdDev("real"), v=Variance("real", sample=True)),
    "arithmetic": lambda a: list(rows(a).values_list(F("whole") * 2 + 1, F("real") / 3, F("whole") % 7)),
    "moment and span": lambda a: list(rows(a).annotate(x=F("moment") + F("span")).values_list("x")),
    "functions": lambda a: list(
        rows(a).values_list(f.Upper("text"), f.Length("text"), f.Reverse("text"), f.LPad("text", 9, Value("*")))
    ),
    "math": lambda a: list(
        rows(a).values_list(f.Sqrt("whole"), f.Round("real", 2), f.Ceil("real"), f.Power("real", 2))
    ),
    "digests": lambda a: list(rows(a).values_list(f.MD5("text"), f.SHA256("text"))),
    "casts": lambda a: list(
        rows(a).values_list(f.Cast("whole", models.TextField()), f.Cast("text", models.IntegerField()))
    ),
    "coalesce": lambda a: list(
        rows(a).values_list(
            f.Coalesce("text", Value("none"), output_field=models.TextField()), f.NullIf("whole", Value(0))
        )
    ),
    "json key": lambda a: list(rows(a).values_list("tree__a", "tree__list__1")),
    "json filter": lambda a: rows(a).filter(tree__a__gt=1).count(),
    "json has key": lambda a: rows(a).filter(Q(tree__has_key="a") | Q(tree__has_key="deep")).count(),
    "json null": lambda a: (rows(a).filter(tree__a=None).count(), rows(a).filter(tree__isnull=True).count()),
    "json object": lambda a: list(rows(a).annotate(o=f.JSONObject(t="text", w="whole")).values_list("o", flat=True)),
    "cases": lambda a: list(rows(a).values_list(Case(When(whole__gt=1, then=Value("more")), default=Value("less")))),
    "window": lambda a: list(
        rows(a).values_list(Window(Sum("whole"), order_by="id"), Window(f.RowNumber(), order_by="id"))
    ),
    "exists": lambda a: list(
        Team.objects.using(a).filter(Exists(Row.objects.filter(team=OuterRef("pk"), whole__gt=0))).values_list("name")
    ),
    "join": lambda a: list(rows(a).select_related("team").values_list("team__name", "text")),
    "union": lambda a: sorted(
        map(str, rows(a).order_by().values_list("text").union(Team.objects.using(a).values_list("name")))
    ),
    "in many": lambda a: rows(a).filter(whole__in=range(5000)).count(),
    "update by expression": lambda a: (rows(a).update(whole=F("whole") + 1), list(rows(a).values_list("whole"))),
    "conditional update": lambda a: (
        rows(a).update(flag=Case(When(text=None, then=Value(True)), default=Value(False))),
        list(rows(a).values_list("flag")),
    ),
    "bulk update": lambda a: Row.objects.using(a).bulk_update(
        [_with(row, text=f"{row.text} b") for row in rows(a)], ["text"], batch_size=2
    ),
    "bulk create, conflicts ignored": lambda a: len(
        Team.objects.using(a).bulk_create([Team(name="One"), Team(name="New")], ignore_conflicts=True)
    ),
    "bulk create, conflicts updated": lambda a: (
        Team.objects.using(a).bulk_create(
            [Team(name="One")], update_conflicts=True, unique_fields=["name"], update_fields=["name"]
        )
        and sorted(Team.objects.using(a).values_list("name", flat=True))
    ),
    "ids come back from a bulk create": lambda a: [
        team.pk is not None for team in Team.objects.using(a).bulk_create([Team(name=f"T{n}") for n in range(1500)])
    ],
    "get or create": lambda a: [Team.objects.using(a).get_or_create(name="Got")[1] for _ in range(2)],
    "raw, by name": lambda a: _raw(a, "SELECT %(x)s || '%%', %(y)s", {"x": "a", "y": 2}),
    "raw, by place": lambda a: _raw(a, "SELECT %s || '%%s', %s", ["a", None]),
    "tables": lambda a: sorted(connections[a].introspection.table_names()),
    "columns": lambda a: _described(a, Row),
}


def _with(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _raw(alias: str, query: str, params: Any) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def _described(alias: str, model: type[models.Model]) -> Any:
    with connections[alias].cursor() as cursor:
        described = connections[alias].introspection.get_table_description(cursor, model._meta.db_table)
        return [tuple(column) for column in described]


def fill(alias: str) -> None:
    one, two = Team.objects.using(alias).create(name="One"), Team.objects.using(alias).create(name="Two")
    first = datetime.datetime(2024, 3, 10, 6, 59, 59, 999999, tzinfo=datetime.UTC)
    Row.objects.using(alias).bulk_create(
        [
            Row(id=uuid.UUID(int=0)),
            *(
                Row(
                    id=uuid.UUID(int=n),
                    team=(one, two, None)[n % 3],
                    text=("row 1", "Row 2", "row 3", "100%_", "été", "", "emoji 🦋")[n - 1],
                    flag=(True, False, None)[n % 3],
                    day=datetime.date(2024, 1, 31) + datetime.timedelta(days=17 * n),
                    moment=first + datetime.timedelta(hours=5 * n),
                    clock=datetime.time(23, 59, 59, n),
                    exact=decimal.Decimal("0.001") * n,
                    real=n / 3 - 1,
                    whole=n * 10**n,
                    span=datetime.timedelta(days=n, microseconds=n),
                    blob=bytes(range(n)),
                    tree=[{"a": n, "list": [n, None, "x"]}, {"deep": {"a": None}}, {"a": None}][n % 3],
                )
                for n in range(1, 8)
            ),
        ]
    )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> keys.Keys:
    folder = tmp_path_factory.mktemp("keys")
    keys.create(folder, PASSPHRASE, cost=keys.QUICK)
    return keys.unlock(folder, PASSPHRASE)


@pytest.fixture
def both(tmp_path: Path, own: keys.Keys, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """The same rows in a database of each kind."""
    make_database(tmp_path / "cipher.db", own)
    kinds = {"cipher": "casearc_web.sqlcipher", "stock": "django.db.backends.sqlite3"}
    for alias, engine in kinds.items():
        entry = {"ENGINE": engine, "NAME": str(tmp_path / f"{alias}.db")}
        connections.databases[alias] = connections.configure_settings({"default": {}, alias: entry})[alias]
    with django_db_blocker.unblock(), keys.using(own):
        for alias in kinds:
            with connections[alias].schema_editor() as editor:
                editor.create_model(Team)
                editor.create_model(Row)
            fill(alias)
        yield "cipher", "stock"
        for alias in kinds:
            connections[alias].close()
            del connections.databases[alias]
            del connections[alias]


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_the_same(both: tuple[str, str], name: str) -> None:
    cipher, stock = (QUESTIONS[name](alias) for alias in both)
    assert cipher == stock


def test_a_broken_rule_is_the_same_error(both: tuple[str, str]) -> None:
    for alias in both:
        with pytest.raises(IntegrityError):
            Team.objects.using(alias).create(name="One")
        with pytest.raises(IntegrityError), transaction.atomic(using=alias):
            rows(alias).filter(pk=uuid.UUID(int=1)).update(team_id=4711)


def test_an_inner_block_is_undone_and_the_outer_one_kept(both: tuple[str, str]) -> None:
    for alias in both:
        with transaction.atomic(using=alias):
            Team.objects.using(alias).create(name="kept")
            with pytest.raises(IntegrityError), transaction.atomic(using=alias):
                Team.objects.using(alias).bulk_create([Team(name="undone"), Team(name="kept")])
    assert [set(Team.objects.using(a).values_list("name", flat=True)) for a in both] == [{"One", "Two", "kept"}] * 2


def test_a_column_is_added_altered_and_removed(both: tuple[str, str]) -> None:
    for alias in both:
        field = models.CharField(max_length=10, default="new")
        field.set_attributes_from_name("added")
        with connections[alias].schema_editor() as editor:
            editor.add_field(Row, field)
        assert _raw(alias, f"SELECT DISTINCT added FROM {Row._meta.db_table}", []) == [("new",)]
        with connections[alias].schema_editor() as editor:
            editor.remove_field(Row, field)
        assert rows(alias).count() == 8


def test_a_transaction_takes_the_write_lock_when_it_begins(both: tuple[str, str]) -> None:
    cipher, _ = both
    with transaction.atomic(using=cipher):
        _raw(cipher, "SELECT 1", [])
        other = connections.create_connection(cipher)
        other.settings_dict = {**other.settings_dict, "OPTIONS": {"timeout": 0}}
        with pytest.raises(Exception, match="locked"), transaction.atomic(using=cipher), other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
        other.close()


def test_in_memory_is_refused(both: tuple[str, str]) -> None:
    cipher, _ = both
    memory = connections.create_connection(cipher)
    memory.settings_dict = {**memory.settings_dict, "NAME": ":memory:"}
    with pytest.raises(NotEncryptedError, match="not encrypted"):
        memory.connect()


def test_locked_or_with_another_key_there_is_no_connection(both: tuple[str, str], tmp_path: Path) -> None:
    cipher, _ = both
    keys.create(tmp_path / "other", PASSPHRASE, cost=keys.QUICK)
    connections[cipher].close()
    with keys.using(keys.unlock(tmp_path / "other", PASSPHRASE)):
        with pytest.raises(WrongKeyError):
            connections[cipher].cursor()
        keys.forget()
        with pytest.raises(LockedError):
            connections[cipher].cursor()


def test_no_frame_of_a_failed_connection_shows_the_key(both: tuple[str, str], own: keys.Keys, tmp_path: Path) -> None:
    cipher, _ = both
    connections[cipher].close()
    (tmp_path / "cipher.db").write_bytes(b"not a database at all" * 500)
    with pytest.raises(WrongKeyError) as told:
        connections[cipher].cursor()
    shown = "".join(repr(entry.locals) for entry in told.traceback) + repr(connections[cipher].settings_dict)
    assert own.database.hex() not in shown
    assert repr(own.database) not in shown
