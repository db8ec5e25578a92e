"""When a question is asked: FHIR's enableWhen as one line of text and back.

The line names questions and answers as JSON texts: ``"smokes" = "yes" and "age" > 12``. Only this notation is written
back; a condition in another program's notation is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from casearc.files.fhir.values import number_text, value_of
from casearc.files.sheet import Holds

_TEXT = r'"(?:[^"\\]|\\.)*"'
_CLAUSE = re.compile(rf"({_TEXT}) (exists|=|!=|>=|<=|>|<) ({_TEXT}|true|false|-?\d+(?:\.\d+)?)")
_JOINED = re.compile(r" (and|or) ")
_TYPED = {Holds.DATE: "Date", Holds.MOMENT: "DateTime", Holds.TIME: "Time", Holds.TEXT: "String"}
_NUMBERS = ("Integer", "Decimal", "Quantity")


def condition_text(item: Mapping[str, Any]) -> str:
    """An item's condition as one line; empty where it has none."""
    listed = item.get("enableWhen")
    clauses = [_clause(each) for each in listed] if isinstance(listed, list) else []
    return f" {'or' if item.get('enableBehavior') == 'any' else 'and'} ".join(clauses)


def _clause(when: Mapping[str, Any]) -> str:
    found = value_of(when, prefix="answer")
    bare = found.kind in (*_NUMBERS, "Boolean") and found.text is not None
    value = found.text if bare else json.dumps(found.text or "", ensure_ascii=False)
    return f"{json.dumps(str(when.get('question')), ensure_ascii=False)} {when.get('operator')} {value}"


def condition_elements(line: str, holds: Mapping[str, Holds]) -> dict[str, Any] | None:
    """The elements enableWhen and enableBehavior of a line in our notation; None where it is in another.

    Parameters
    ----------
    line
        The condition, such as ``"smokes" = "yes"``.
    holds
        What each question's answers are, by its name: a condition's value has the same type.

    Examples
    --------
    >>> condition_elements('"age" > 12', {"age": Holds.INTEGER})
    {'enableWhen': [{'question': 'age', 'operator': '>', 'answerInteger': 12}]}
    """
    clauses, joints = _parted(line)
    if not clauses or len(set(joints)) > 1:
        return None
    made = [_element(each, holds) for each in clauses]
    listed = [each for each in made if each is not None]
    if len(listed) < len(clauses):
        return None
    behavior = {"enableBehavior": "any" if joints[0] == "or" else "all"} if joints else {}
    return {"enableWhen": listed, **behavior}


def _parted(line: str) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The clauses and what joins them; nothing where the line is not in our notation."""
    clauses: list[tuple[str, str, str]] = []
    joints: list[str] = []
    place = 0
    while True:
        clause = _CLAUSE.match(line, place)
        if clause is None:
            return [], []
        clauses.append((clause[1], clause[2], clause[3]))
        place = clause.end()
        if place == len(line):
            return clauses, joints
        joint = _JOINED.match(line, place)
        if joint is None:
            return [], []
        joints.append(joint[1])
        place = joint.end()


def _element(clause: tuple[str, str, str], holds: Mapping[str, Holds]) -> dict[str, Any] | None:
    try:
        question, operator, value = json.loads(clause[0]), clause[1], json.loads(clause[2], parse_float=Decimal)
    except ValueError:
        return None
    if question not in holds:
        return None
    typed = _answer(value, Holds.YES_NO if operator == "exists" else holds[question])
    return None if typed is None else {"question": question, "operator": operator, **typed}


def _answer(value: object, holds: Holds) -> dict[str, Any] | None:
    """The element for a condition's value; None where it cannot be an answer to its question."""
    if isinstance(value, bool):
        return {"answerBoolean": value} if holds is Holds.YES_NO else None
    if isinstance(value, int | Decimal):
        whole = holds is Holds.INTEGER and isinstance(value, int)
        fits = whole or (holds is Holds.NUMBER and number_text(Decimal(str(float(value)))) == number_text(value))
        return ({"answerInteger": value} if whole else {"answerDecimal": float(value)}) if fits else None
    if holds in (Holds.CHOICE, Holds.CHOICES):
        return {"answerCoding": {"code": value}}
    return {f"answer{_TYPED[holds]}": value} if holds in _TYPED else None
