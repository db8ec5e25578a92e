"""A mapping said back in plain sentences, questions that are still open among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any as Anything

from casearc.files.dialects import dialect_named
from casearc.files.mapping.questions import AS_WRITTEN, SIGN
from casearc.files.mapping.switches import explained, never_needed
from casearc.files.sheet import in_words
from casearc.language import both, either, say, to_say
from casearc.tables import item_columns

_SIGNS = {";": to_say("semicolons"), "\t": to_say("tabs"), "|": to_say("bars"), ",": to_say("commas")}
_OWN_SIGN = to_say("its own sign")
_MOST = 8
Content = Mapping[str, Anything]


def explain_mapping(content: Content) -> list[str]:
    """Sentences about a mapping as TOML holds it, read or not yet complete.

    Parameters
    ----------
    content
        What `tomllib.loads` makes of a mapping.toml that `read_mapping` takes, or that lacks nothing but answers.

    Returns
    -------
    list of str
        How files are read, what each table is made of (its lines are set in by two blanks), what goes to the vault.

    Examples
    --------
    >>> explain_mapping({"table": {"goals": {"file": "plans.csv", "columns": {"goal_id": "Nr"}}}})
    ['goals: each row of plans.csv.', '  goal_id is the column Nr.']
    """
    sentences = [_reading(name, entry) for name, entry in content.get("file", {}).items()]
    for table, given in content.get("table", {}).items():
        feeds = given if isinstance(given, list) else [given]
        for name, feed in zip(_names(table, feeds), feeds, strict=True):
            first, *rest = _feed(feed)
            sentences += [f"{name}: {first}", *(f"  {line}" for line in rest)]
    for instrument, coding in content.get("coding", {}).items():
        told = say("The answers to {instrument} are coded {coding}.", instrument=instrument, coding=_value(coding))
        sentences.append(told)
    for vault in content.get("vault", []):
        told = say(
            "{fields} of {file} go into the application's vault and nowhere else.",
            fields=", ".join(vault.get("columns", {})),
            file=in_words(vault["file"]),
        )
        sentences.append(told)
    return sentences


def open_questions(content: Content) -> list[Content]:
    """The questions that have no answer yet, without those that only feeds need which an answer has switched off."""
    asked = content.get("question", [])
    answers = {str(question.get("id")): str(question.get("answer") or "") for question in asked}
    spared = never_needed(content, answers, answers)
    return [question for question in asked if not question.get("answer") and question.get("id") not in spared]


def _reading(name: str, entry: Content) -> str:
    file, how, dates = in_words(name), ", ".join(_manner(entry)), "; ".join(_dates(entry))
    if how and dates:
        return say("{file} is read {how}; {dates}.", file=file, how=how, dates=dates)
    if how:
        return say("{file} is read {how}.", file=file, how=how)
    return say("In {file} {dates}.", file=file, dates=dates) if dates else say("In {file}.", file=file)


def _manner(entry: Content) -> Iterator[str]:
    """How a file is read, in parts of a sentence."""
    if entry.get("format"):
        yield say("as an export of {program}", program=_program(entry["format"]))
    if entry.get("encoding"):
        yield say("in {encoding}", encoding=_value(entry["encoding"]))
    if entry.get("delimiter"):
        yield say("with {sign} between cells", sign=say(_SIGNS.get(entry["delimiter"], _OWN_SIGN)))
    if entry.get("decimal") == ",":
        yield say("with decimal commas")
    if entry.get("header_row", 1) > 1:
        yield say("with its column names in row {row}", row=entry["header_row"])
    if entry.get("header_height", 1) > 1:
        yield say("with its column names in two rows, the questions and what stands below them")
    known = ("format", "encoding", "delimiter", "decimal", "header_row", "header_height", "dates")
    described = [
        say("its {role} {file}", role=say(role), file=in_words(str(file)))
        for role, file in entry.items()
        if role not in known
    ]
    if described:
        yield say("with {described}", described=both(described))


def _dates(entry: Content) -> Iterator[str]:
    for column, order in entry.get("dates", {}).items():
        yield say("{column} writes dates as {order}", column=column, order=say(_value(order)))


def _program(form: str) -> str:
    dialect = dialect_named(form)
    return form if dialect is None else say(dialect.title)


def _names(table: str, feeds: Sequence[Content]) -> list[str]:
    """What each feed of a table is called: where several read one file, with what tells them apart."""
    names = []
    for feed in feeds:
        beside = [other for other in feeds if other["file"] == feed["file"]]
        told = next((tell(feed) for tell in (_instrument, _own_ids) if _all_differ(tell, beside)), "")
        names.append(f"{table} ({told})" if told and len(beside) > 1 else table)
    return names


def _all_differ(tell: Callable[[Content], str], feeds: Sequence[Content]) -> bool:
    told = [tell(feed) for feed in feeds]
    return all(told) and len(set(told)) == len(told)


def _instrument(feed: Content) -> str:
    """The instrument a feed fills, or whose items it does; empty where it says none, or several."""
    made = feed.get("derive", {}).get("instrument", {}).get("value", "")
    if made:
        return "" if str(made).startswith(SIGN) else str(made)
    found = {item.rpartition("_")[0] for item in item_columns(list(feed.get("columns", {})))}
    return found.pop() if len(found) == 1 else ""


def _own_ids(feed: Content) -> str:
    """What the ids of a feed's administrations begin with."""
    how = feed.get("derive", {}).get("administration_id", {})
    return str(how.get("prefix") or how.get("row_number") or "").strip("-_ ")


def _feed(feed: Content) -> Iterator[str]:
    where = feed.get("where", [])
    asked = [_condition(condition) for condition in where if "reason" not in condition]
    file = in_words(feed["file"])
    yield (
        say("each row of {file} in which {conditions}.", file=file, conditions=both(asked))
        if asked
        else say("each row of {file}.", file=file)
    )
    if feed.get("only_if"):
        yield explained(feed)
    yield from (say("Left out: {reason}.", reason=each["reason"]) for each in where if "reason" in each)
    if feed.get("duplicates"):
        yield _duplicates(feed["duplicates"], feed.get("derive", {}))
    yield from _columns(feed.get("columns", {}), feed.get("derive", {}))
    for name, how in feed.get("derive", {}).items():
        if not name.startswith("_"):
            yield say("{name} is {what}.", name=name, what=_derived(how, feed["derive"]))
    if feed.get("leave"):
        yield say("Not taken for what its name says: {columns}.", columns=both(feed["leave"]))
    for name, pairs in feed.get("codes", {}).items():
        told = [
            say("{code} means {meaning}", code=code or say("an empty cell"), meaning=_value(to) or say("nothing"))
            for code, to in pairs.items()
        ]
        yield say("In {column}, {codes}.", column=name, codes=_few(told))
    for name, scale in feed.get("scale", {}).items():
        words = scale["words"]
        shown = " < ".join(words) if isinstance(words, list) else _value(words)
        yield say("In {column}, words count up from {low}: {words}.", column=name, low=scale["from"], words=shown)
    for name, stands in feed.get("otherwise", {}).items():
        yield _otherwise(name, _value(stands))
    if feed.get("missing"):
        told = [
            say("{code} stands for {reason}", code=code, reason=why or say("a missing answer"))
            for code, why in feed["missing"].items()
        ]
        yield f"{_few(told)}."
    yield from _answers(feed)


def _otherwise(column: str, stands: str) -> str:
    if stands == AS_WRITTEN:
        return say("In {column}, cells that are no codes stay as they are written.", column=column)
    return say("In {column}, cells that are no codes mean {meaning}.", column=column, meaning=stands or say("nothing"))


def _duplicates(rule: Content, made: Mapping[str, Content]) -> str:
    named = [rule["key"]] if isinstance(rule["key"], str) else rule["key"]
    keys = _few([part for name in named for part in made.get(name, {}).get("digest", [name])])
    if rule["keep"] == "all":
        return say("Rows with the same {keys} all count.", keys=keys)
    ends = {"first": say("the first"), "last": say("the last")}
    kept = ends.get(rule["keep"]) or _value(rule["keep"])
    return say("Of rows with the same {keys} {kept} is kept.", keys=keys, kept=kept)


def _answers(feed: Content) -> Iterator[str]:
    turned = feed.get("reversed", {})
    for item, answer in (turned if isinstance(turned, Mapping) else dict.fromkeys(turned, "yes")).items():
        if answer == "yes":
            yield say("{item} is turned round.", item=item)
        elif answer != "no":
            yield say("{item} is turned round if so answered ({answer}).", item=item, answer=_value(answer))
    for score, total in feed.get("totals", {}).items():
        yield say(
            "{score} is compared with the file's own {made} in column {column}.",
            score=score,
            made=say(_value(total["made"])),
            column=total["column"],
        )


def _columns(columns: Mapping[str, str], made: Mapping[str, Content]) -> Iterator[str]:
    """Items are told as a range: nobody reads thirty-two lines of them."""
    items = item_columns(list(columns))
    for name, source in columns.items():
        if name not in items:
            what = _derived(made[source], made) if source in made else _column(source)
            yield say("{name} is {what}.", name=name, what=what)
    if items:
        yield say(
            "{first} to {last} are the columns {from_first} to {from_last}.",
            first=items[0],
            last=items[-1],
            from_first=columns[items[0]],
            from_last=columns[items[-1]],
        )


def _column(source: str) -> str:
    if source.startswith(SIGN):
        return say("the column that the question {question} will name", question=source.removeprefix(SIGN))
    return say("the column {column}", column=source)


_ASKED = {
    "equals": to_say("{column} is {value}"),
    "one_of": to_say("{column} is one of {value}"),
    "not": to_say("{column} is not {value}"),
    "not_in": to_say("{column} is none of {value}"),
    "not_begins": to_say("{column} begins with none of {value}"),
    "at_least": to_say("{column} at least {value}"),
    "at_most": to_say("{column} at most {value}"),
    "above": to_say("{column} above {value}"),
    "below": to_say("{column} below {value}"),
}
_STATES = {
    "present": to_say("{column} is present"),
    "empty": to_say("{column} is empty"),
    "number": to_say("{column} is number"),
    "integer": to_say("{column} is integer"),
    "date": to_say("{column} is date"),
}


def _condition(condition: Content) -> str:
    if "any" in condition:
        return either(_condition(each) for each in condition["any"])
    if "all" in condition:
        return both(_condition(each) for each in condition["all"])
    if "columns" in condition:
        return say("one of {columns} is filled", columns=_few(list(condition["columns"])))
    asked = next(key for key in condition if key != "column")
    value = condition[asked]
    told = _few([str(each) for each in value]) if isinstance(value, list) else _value(value)
    if asked != "is" and asked not in _ASKED:
        return f"{condition['column']} {asked} {told}"
    template = _STATES.get(told, _ASKED["equals"]) if asked == "is" else _ASKED[asked]
    return say(template, column=condition["column"], value=told)


def _derived(how: Content, others: Mapping[str, Content]) -> str:
    ways: dict[str, Callable[[], str]] = {
        "value": lambda: say("{value} in every row", value=_value(how["value"])),
        "join": lambda: _joined(how, others),
        "first_of": lambda: say("; or else ").join(_named(how["first_of"], others)),
        "flag": lambda: say("told by the columns {columns}", columns=_few(list(how["flag"]))),
        "cases": lambda: _case_by_case(how),
        "row_number": lambda: say("the number of the row"),
        "count_within": lambda: say(
            "a number where an earlier row has the same {columns}", columns=both(_named(how["count_within"], others))
        ),
        "digest": lambda: say("a short digest of {columns}", columns=both(_named(how["digest"], others))),
        "duration": lambda: say(
            "{column}, written in {unit}", column=how["duration"], unit=say(_value(how["written_in"]))
        ),
        "from": lambda: _looked_up(how),
    }
    return next(tell() for key, tell in ways.items() if key in how)


def _named(names: Sequence[str], others: Mapping[str, Content]) -> list[str]:
    """Columns by name; one that is for use within the mapping only by how it is made."""
    return [_derived(others[name], others) if name.startswith("_") and name in others else name for name in names]


def _joined(how: Content, others: Mapping[str, Content]) -> str:
    columns, counted = _flat(how["join"], others)
    if counted:
        return say("made of {columns}, with a number where an earlier row has the same", columns=_few(columns))
    parts = [*([how["prefix"]] if how.get("prefix") else []), *_named(how["join"], others)]
    return say("{parts} put together", parts=both(parts)) if len(parts) > 1 else parts[0]


def _flat(names: Sequence[str], others: Mapping[str, Content]) -> tuple[list[str], bool]:
    """The columns that an id is made of in the end, and whether rows that are the same in them are counted."""
    columns: list[str] = []
    counted = False
    for name in names:
        how = others.get(name, {}) if name.startswith("_") else {}
        counted = counted or "count_within" in how
        inner = how.get("join") or how.get("digest")
        within, deep = ([name], False) if inner is None else _flat(inner, others)
        columns += [] if "count_within" in how else within
        counted = counted or deep
    return list(dict.fromkeys(columns)), counted


def _case_by_case(how: Content) -> str:
    columns = {str(test.get("column", "")) for case in how["cases"] for test in case.get("where", [])}
    if len(columns) == 1 and "" not in columns:
        return say("{column} in other words", column=columns.pop())
    return say("told case by case")


_LOOKED_UP = {
    "first": to_say("the first {column} of {file} with {same}"),
    "last": to_say("the last {column} of {file} with {same}"),
}


def _looked_up(how: Content) -> str:
    keys = how["key"]
    pairs = keys if isinstance(keys, Mapping) else {key: key for key in ([keys] if isinstance(keys, str) else keys)}
    same = both(
        say("the same {column}", column=here)
        if here == there
        else say("{there} like {here} here", there=there, here=here)
        for here, there in pairs.items()
    )
    found = say(
        _LOOKED_UP.get(how.get("pick", ""), to_say("{column} of {file} with {same}")),
        column=how.get("column") or say("the number of rows"),
        file=in_words(how["from"]),
        same=same,
    )
    found = _without_zeros(found, how.get("without_leading_zeros"))
    if not how.get("not_after"):
        return found
    by = how.get("by", ())
    order = by if isinstance(by, str) else ", ".join(by)
    return say("{found}, {order} not after {day}", found=found, order=order, day=_value(how["not_after"]))


def _without_zeros(found: str, said: Anything) -> str:
    """A lookup in which ids are the same without the zeros at their beginning, or if so answered."""
    if said in (True, "yes"):
        return say("{found}, leading zeros of ids left out", found=found)
    if isinstance(said, str) and said.startswith(SIGN):
        answer = _value(said)
        return say("{found}, leading zeros of ids left out if so answered ({answer})", found=found, answer=answer)
    return found


def _value(value: Anything) -> str:
    """A value of the mapping; one that waits for an answer says so."""
    text = str(value)
    if not text.startswith(SIGN):
        return text
    return say("what the question {question} will say", question=text.removeprefix(SIGN))


def _few(told: Sequence[str]) -> str:
    if len(told) <= _MOST:
        return ", ".join(told)
    some = ", ".join(told[: _MOST - 1])
    return say("{some} and {count} more", some=some, count=len(told) - _MOST + 1)
