"""The same with pandas, as an analyst would write it; run by the interpreter of the peers' environment."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FOLDER = Path(sys.argv[1])
ITEMS = [f"mspss_{item}" for item in range(1, 13)]

people = pd.read_csv(FOLDER / "participants.csv", dtype=str)
stays = pd.read_csv(FOLDER / "enrollments.csv", dtype=str, parse_dates=["start_date"])
given = pd.read_csv(FOLDER / "administrations.csv", dtype={"administration_id": str, "enrollment_id": str})
answers = pd.read_csv(FOLDER / "answers.csv", dtype={"survey": str, "question": str})
if not stays["participant_id"].isin(people["participant_id"]).all():
    raise SystemExit("unknown participants")
if not given["enrollment_id"].isin(stays["enrollment_id"]).all() or given["administration_id"].duplicated().any():
    raise SystemExit("unknown enrollments or repeated administrations")
if not answers["survey"].isin(given["administration_id"]).all() or not answers["question"].isin(ITEMS).all():
    raise SystemExit("unknown administrations or items")
if answers.duplicated(["survey", "question"]).any() or not answers["answer"].dropna().between(1, 7).all():
    raise SystemExit("repeated items or answers out of range")
wide = answers.pivot(index="survey", columns="question", values="answer")
scores = wide.mean(axis=1).where(wide.notna().sum(axis=1) >= 10)
out = FOLDER / "pandas"
out.mkdir()
answers.to_csv(out / "responses.csv", index=False)
scores.rename("mspss_total").to_csv(out / "scores.csv")
print("rows", len(answers))
print("scored", int(scores.notna().sum()))
print("mean", repr(float(scores.mean())))
