"""A mapping said back in plain sentences, questions that are still open among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any as Anything

from casearc.files.dialects import dialect_named
from casearc.files.mapping.questions import SIGN
from casearc.files.sheet import in_words
from casearc.tables import item_columns

_SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}
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
    for table, feeds in content.get("table", {}).items():
        for feed in feeds if isinstance(feeds, list) else [feeds]:
            first, *rest = _feed(feed)
            sentences += [f"{table}: {first}", *(f"  {line}" for line in rest)]
    for instrument, coding in content.get("coding", {}).items():
        sentences.append(f"The answers to {instrument} are coded {_value(coding)}.")
    for vault in content.get("vault", []):
        fields = ", ".join(vault.get("columns", {}))
        sentences.append(f"{fields} of {in_words(vault['file'])} go into the application's vault and nowhere else.")
    return sentences


def open_questions(content: Content) -> list[Content]:
    """The questions that have no answer yet."""
    return [question for question in content.get("question", []) if not question.get("answer")]


def _reading(name: str, entry: Content) -> str:
    parts = []
    if entry.get("format"):
        parts.append(f"as an export of {_program(entry['format'])}")
    if entry.get("encoding"):
        parts.append(f"in {_value(entry['encoding'])}")
    if entry.get("delimiter"):
        parts.append(f"with {_SIGNS.get(entry['delimiter'], 'its own sign')} between cells")
    if entry.get("decimal") == ",":
        parts.append("with decimal commas")
    if entry.get("header_row", 1) > 1:
        parts.append(f"with its column names in row {entry['header_row']}")
    known = ("format", "encoding", "delimiter", "decimal", "header_row", "dates")
    described = [f"{role} {in_words(str(file))}" for role, file in entry.items() if role not in known]
    if described:
        parts.append(f"with its {' and its '.join(described)}")
    dates = [f"{column} writes dates as {_value(order)}" for column, order in entry.get("dates", {}).items()]
    told = f"{in_words(name)} is read {', '.join(parts)}" if parts else f"In {in_words(name)}"
    return f"{told}{'; ' if parts and dates else ' ' if dates else ''}{'; '.join(dates)}."


def _program(form: str) -> str:
    dialect = dialect_named(form)
    return form if dialect is None else dialect.title


def _feed(feed: Content) -> Iterator[str]:
    where = feed.get("where", [])
    asked = [_condition(condition) for condition in where if "reason" not in condition]
    yield f"each row of {in_words(feed['file'])}{' in which ' + ' and '.join(asked) if asked else ''}."
    yield from (f"Left out: {condition['reason']}." for condition in where if "reason" in condition)
    if feed.get("duplicates"):
        rule = feed["duplicates"]
        keys = rule["key"] if isinstance(rule["key"], str) else ", ".join(rule["key"])
        kept = _value(rule["keep"]) if rule["keep"].startswith(SIGN) else f"the {rule['keep']}"
        yield f"Of rows with the same {keys} {kept} is kept."
    yield from _columns(feed.get("columns", {}), feed.get("derive", {}))
    for name, how in feed.get("derive", {}).items():
        if not name.startswith("_"):
            yield f"{name} is {_derived(how, feed['derive'])}."
    for name, pairs in feed.get("codes", {}).items():
        said = [f"{code or 'an empty cell'} means {_value(to) or 'nothing'}" for code, to in pairs.items()]
        yield f"In {name}, {_few(said)}."
    if feed.get("missing"):
        said = [f"{code} stands for {why or 'a missing answer'}" for code, why in feed["missing"].items()]
        yield f"{_few(said)}."
    yield from _answers(feed)


def _answers(feed: Content) -> Iterator[str]:
    turned = feed.get("reversed", {})
    for item, answer in (turned if isinstance(turned, Mapping) else dict.fromkeys(turned, "yes")).items():
        if answer != "no":
            yield f"{item} is turned round" + ("." if answer == "yes" else f" if so answered ({_value(answer)}).")
    for score, total in feed.get("totals", {}).items():
        yield f"{score} is compared with the file's own {_value(total['made'])} in column {total['column']}."


def _columns(columns: Mapping[str, str], made: Mapping[str, Content]) -> Iterator[str]:
    """Items are told as a range: nobody reads thirty-two lines of them."""
    items = item_columns(list(columns))
    for name, source in columns.items():
        if name not in items:
            yield f"{name} is {_derived(made[source], made) if source in made else _column(source)}."
    if items:
        yield f"{items[0]} to {items[-1]} are the columns {columns[items[0]]} to {columns[items[-1]]}."


def _column(source: str) -> str:
    if source.startswith(SIGN):
        return f"the column that the question {source.removeprefix(SIGN)} will name"
    return f"the column {source}"


def _condition(condition: Content) -> str:
    for key, word in (("any", "or"), ("all", "and")):
        if key in condition:
            return f" {word} ".join(_condition(each) for each in condition[key])
    if "columns" in condition:
        return f"one of {_few(list(condition['columns']))} is filled"
    asked = next(key for key in condition if key != "column")
    words = {"equals": "is", "one_of": "is one of", "not": "is not", "not_in": "is none of", "is": "is"}
    value = condition[asked]
    told = _few([str(each) for each in value]) if isinstance(value, list) else _value(value)
    return f"{condition['column']} {words.get(asked, asked.replace('_', ' '))} {told}"


def _derived(how: Content, others: Mapping[str, Content]) -> str:
    ways: dict[str, Callable[[], str]] = {
        "value": lambda: f"{_value(how['value'])} in every row",
        "join": lambda: _together([*([how["prefix"]] if how.get("prefix") else []), *_named(how["join"], others)]),
        "first_of": lambda: "; or else ".join(_named(how["first_of"], others)),
        "flag": lambda: f"told by the columns {_few(list(how['flag']))}",
        "cases": lambda: _case_by_case(how),
        "row_number": lambda: "the number of the row",
        "from": lambda: _looked_up(how),
    }
    return next(say() for key, say in ways.items() if key in how)


def _named(names: Sequence[str], others: Mapping[str, Content]) -> list[str]:
    """Columns by name; one that is for use within the mapping only by how it is made."""
    return [_derived(others[name], others) if name.startswith("_") and name in others else name for name in names]


def _together(parts: Sequence[str]) -> str:
    return f"{' and '.join(parts)} put together" if len(parts) > 1 else parts[0]


def _case_by_case(how: Content) -> str:
    columns = {str(test.get("column", "")) for case in how["cases"] for test in case.get("where", [])}
    return f"{columns.pop()} in other words" if len(columns) == 1 and "" not in columns else "told case by case"


def _looked_up(how: Content) -> str:
    keys = how["key"]
    pairs = keys if isinstance(keys, Mapping) else {key: key for key in ([keys] if isinstance(keys, str) else keys)}
    same = " and ".join(
        f"the same {here}" if here == there else f"{there} like {here} here" for here, there in pairs.items()
    )
    which = {"last": "the last ", "first": "the first "}.get(how.get("pick", ""), "")
    by = how.get("by", ())
    order = by if isinstance(by, str) else ", ".join(by)
    until = f", {order} not after {_value(how['not_after'])}" if how.get("not_after") else ""
    column = how.get("column", "the number of rows")
    return f"{which}{column} of {in_words(how['from'])} with {same}{until}"


def _value(value: Anything) -> str:
    """A value of the mapping; one that waits for an answer says so."""
    text = str(value)
    return f"what the question {text.removeprefix(SIGN)} will say" if text.startswith(SIGN) else text


def _few(said: Sequence[str]) -> str:
    if len(said) <= _MOST:
        return ", ".join(said)
    return f"{', '.join(said[: _MOST - 1])} and {len(said) - _MOST + 1} more"
