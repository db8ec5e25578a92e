"""Who must sign stands in files, is the strictest of all that apply, and never lets an abuser sign."""

from __future__ import annotations

from datetime import date

import pytest

from casearc_web.consent import signers
from casearc_web.consent.codes import AuthorizationKind, ConsentKind, Purpose, Relation, Signed
from casearc_web.consent.signers import (
    Facts,
    Rules,
    lasting,
    load_rules,
    load_state,
    rules_for,
    signers_needed,
)
from casearc_web.consent.terms import Signer, signs_consent, wrong_with_signers
from casearc_web.vault.search import whole_name

CLIENT, BOTH, PARENT, COURT = {"client"}, {"client", "parent_or_guardian"}, {"parent_or_guardian"}, {"court_guardian"}
CALIFORNIA = "California"

TABLE = [
    # rules                age   what else is so              state         who signs
    (["vawa"], 17, {}, "", BOTH),
    (["vawa"], 18, {}, "", CLIENT),
    (["vawa"], None, {}, "", BOTH),  # an unknown age is a minor's
    (["vawa"], 16, {"emancipated"}, "", CLIENT),
    (["vawa"], 16, {"services_alone"}, "", CLIENT),
    (["vawa"], 20, {"court_guardian"}, "", COURT),
    (["vawa"], 20, {"services_alone"}, "", CLIENT),
    (["voca"], 16, {}, "", BOTH),
    (["voca"], 16, {"services_alone"}, "", CLIENT),
    (["vawa", "voca"], 16, {}, "", BOTH),
    (["vawa", "voca"], 16, {"services_alone"}, "", CLIENT),
    (["vawa"], 12, {"services_alone"}, CALIFORNIA, CLIENT),
    (["vawa"], 11, {"services_alone"}, CALIFORNIA, BOTH),  # staff may say so, the state's age stands above
    (["vawa"], None, {"services_alone"}, CALIFORNIA, BOTH),
    (["vawa"], 11, {"services_alone"}, "Nowhere", CLIENT),
    (["part2"], 15, {}, "", BOTH),
    (["part2"], 15, {"services_alone"}, "", CLIENT),
    (["part2"], 11, {"services_alone"}, CALIFORNIA, BOTH),
    (["part2"], 18, {}, "", CLIENT),
    (["service"], 15, {}, "", PARENT),
    (["service"], 15, {"services_alone"}, "", CLIENT),
    (["research"], 15, {}, "", BOTH),
    (["research"], 15, {"waived"}, "", CLIENT),
    (["research"], 15, {"services_alone"}, "", BOTH),  # being served alone is no consent to research alone
    (["research"], 18, {}, "", CLIENT),
]


@pytest.mark.parametrize(("rules", "age", "so", "state", "who"), TABLE)
def test_who_signs(rules: list[str], age: int | None, so: set[str], state: str, who: set[str]) -> None:
    facts = Facts(age=age, **dict.fromkeys(so, True))
    loaded = [load_rules(one) for one in rules]
    covers = next(iter(loaded[0].covers))
    assert signers_needed(loaded, facts, state=load_state(state), covers=covers).signs == who


WHICH = [
    # kind                              funding streams        rules that apply
    (AuthorizationKind.RELEASE, [], ["vawa"]),
    (AuthorizationKind.RELEASE, ["VOCA"], ["voca"]),
    (AuthorizationKind.RELEASE, ["voca", "vawa"], ["vawa", "voca"]),
    (AuthorizationKind.RELEASE, ["a foundation"], ["vawa"]),
    (AuthorizationKind.RELEASE, ["part2"], ["vawa"]),
    (AuthorizationKind.RELEASE, ["lasting"], ["vawa"]),
    (AuthorizationKind.PART2, ["voca"], ["part2"]),
    (ConsentKind.SERVICE, ["voca"], ["service"]),
    (ConsentKind.RESEARCH_ASSENT, ["voca"], ["research"]),
]


@pytest.mark.parametrize(("kind", "streams", "ids"), WHICH)
def test_which_rules_apply(kind: AuthorizationKind | ConsentKind, streams: list[str], ids: list[str]) -> None:
    assert [one.id for one in rules_for(kind, streams)] == ids


@pytest.mark.parametrize("rules_id", ["vawa", "voca", "part2", "service", "research"])
def test_every_row_cites_its_source_and_speaks_both_languages(rules_id: str) -> None:
    rules: Rules = load_rules(rules_id)
    assert rules.source
    for row in rules.rows:
        assert row.source
        assert row.says["en"] != row.says["es"]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_nothing_lasts_longer_than_a_year(purpose: Purpose) -> None:
    proposed, most = lasting(purpose)
    assert 0 < proposed <= most <= 12


def test_permission_and_assent_are_two_papers() -> None:
    needed = signers_needed([load_rules("research")], Facts(age=15))
    assert signs_consent(ConsentKind.RESEARCH_PERMISSION, needed).signs == PARENT
    assert signs_consent(ConsentKind.RESEARCH_ASSENT, needed).signs == CLIENT


DAY = date(2026, 11, 26)


def signer(relation: Relation, name: str = "", *, is_abuser: bool = False, on: date = DAY) -> Signer:
    return Signer(relation=relation, name=name, signed_on=on, method=Signed.PAPER, is_abuser=is_abuser)


YOUNG = signer(Relation.CLIENT)
SIGNED = [
    # who signed                                                          may it stand?
    ([YOUNG, signer(Relation.PARENT, "Olive Oriole")], True),
    ([YOUNG, signer(Relation.GUARDIAN, "Olive Oriole")], True),
    ([YOUNG, signer(Relation.COURT_GUARDIAN, "Olive Oriole")], True),
    ([YOUNG], False),
    ([signer(Relation.PARENT, "Olive Oriole")], False),
    ([YOUNG, YOUNG, signer(Relation.PARENT, "Olive Oriole")], False),
    ([YOUNG, signer(Relation.PARENT, "")], False),
    ([YOUNG, signer(Relation.PARENT, "Olive Oriole", is_abuser=True)], False),
    ([YOUNG, signer(Relation.PARENT, "Ash Oriole")], False),  # noted as barred, below
    ([YOUNG, signer(Relation.PARENT, "oriole, ÁSH")], False),  # in whatever spelling
    ([YOUNG, signer(Relation.PARENT, "Olive Oriole"), signer(Relation.PARENT, "Ash Oriole")], False),
    ([YOUNG, signer(Relation.PARENT, "Olive Oriole", on=date(2026, 11, 27))], False),
]


@pytest.mark.parametrize(("signed", "stands"), SIGNED)
def test_signatures_of_a_minor_under_vawa(signed: list[Signer], stands: bool) -> None:
    needed = signers_needed([load_rules("vawa")], Facts(age=15))
    wrong = list(wrong_with_signers(signed, needed, today=DAY, barred={whole_name("Ash Oriole")}))
    assert (not wrong) == stands
    assert "Oriole" not in str(wrong)


def test_an_agency_replaces_a_file_by_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = signers.configuration.current().folder / signers.OWN_FOLDER
    own.mkdir(exist_ok=True)
    file = own / "voca.toml"
    file.write_text(
        'id="voca"\nname="Own"\nversion=7\nsource="own"\ncovers=["release"]\n'
        '[[row]]\nwhen=[]\nsigns=["client"]\nsource="own"\nsays={en="a",es="b"}\n',
        encoding="utf-8",
    )
    load_rules.cache_clear()
    try:
        assert signers_needed([load_rules("voca")], Facts(age=9)).signs == CLIENT
    finally:
        file.unlink()
        load_rules.cache_clear()


def test_a_file_that_names_unknown_facts_is_refused() -> None:
    with pytest.raises(signers.RulesError, match="full_moon"):
        signers._row("made-up", {"when": ["full_moon"], "signs": ["client"], "source": "", "says": {}})
