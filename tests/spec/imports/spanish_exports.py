"""The program as a Spanish-speaking agency exports it: windows-1252, semicolons, decimal commas, the day first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from programs import answered, dated, entries, items_of

from casearc.synthetic.make import Program

TYPES = {
    "client": "Joven",
    "caregiver": "Familia o cuidador",
    "team_partner": "Equipo interdisciplinario",
    "outside_provider": "Proveedor externo",
    "joint": "Comunicación conjunta",
    "crisis_response": "Intervención en crisis",
    "non_crisis_response": "Intervención sin crisis",
}
_OUTCOMES = {"completed": "Realizado", "attempted": "Intento"}
_GENDERS = {"girl": "Niña", "boy": "Niño", "nonbinary": "No binario", "transgender": "Transgénero"}
_STATUS = {"confirmed": "Confirmado", "presumed": "Presunto", "not_identified": "No identificado"}
_GOALS = {"open": "Abierta", "met": "Lograda", "not_met": "No lograda", "dropped": "Abandonada"}


def _day(name: str) -> pl.Expr:
    return pl.col(name).dt.strftime("%d/%m/%Y")


def _write(frame: pl.DataFrame, path: Path, decimals: Sequence[str] = ()) -> Path:
    written = frame.with_columns(pl.col(name).cast(pl.String).str.replace(".", ",", literal=True) for name in decimals)
    path.write_bytes(written.write_csv(separator=";").encode("windows-1252"))
    return path


def write_files(made: Program, folder: Path) -> list[Path]:
    """Participantes, ingresos, contactos, metas, necesidades, servicios and the encuesta."""
    people = made.tables["participants"].select(
        pl.col("participant_id").alias("Código de participante"),
        pl.format("Inventado{}", pl.int_range(pl.len())).alias("Nombre"),
        pl.col("age_at_enrollment").alias("Edad"),
        pl.col("gender").replace_strict(_GENDERS).alias("Género"),
        pl.col("trafficking_status").replace_strict(_STATUS).alias("Situación de trata"),
    )
    stays = entries(made).select(
        pl.col("enrollment_id").alias("Código de ingreso"),
        pl.col("participant_id").alias("Código de participante"),
        _day("start_date").alias("Fecha de ingreso"),
        _day("exit_day").alias("Fecha de egreso"),
        pl.col("exit_reason").alias("Motivo de egreso"),
    )
    contacts = dated(made, "contacts", "day").select(
        pl.col("contact_id").alias("N.º"),
        pl.col("participant_id").alias("Código de participante"),
        _day("day").alias("Fecha"),
        pl.col("contact_type").replace_strict(TYPES).alias("Tipo de contacto"),
        pl.col("outcome").replace_strict(_OUTCOMES).alias("Resultado"),
        pl.col("minutes").alias("Duración (minutos)"),
    )
    services = dated(made, "services", "day").select(
        pl.col("participant_id").alias("Código de participante"),
        _day("day").alias("Fecha del servicio"),
        pl.col("service_code").alias("Servicio"),
        pl.col("quantity").alias("Cantidad"),
        pl.col("unit").alias("Unidad"),
    )
    goals = dated(made, "goals", "opened_day", "closed_day").select(
        pl.col("participant_id").alias("Código de participante"),
        pl.col("domain").alias("Área"),
        _day("opened_day").alias("Fecha de apertura"),
        _day("closed_day").alias("Fecha de cierre"),
        pl.col("status").replace_strict(_GOALS).alias("Estado"),
        pl.col("rating").alias("Calificación"),
    )
    answers = answered(made, "mspss").select(
        pl.col("participant_id").alias("Código de participante"),
        _day("day").alias("Fecha de la encuesta"),
        pl.col("language").replace_strict({"en": "Inglés", "es": "Español"}).alias("Idioma"),
        *(pl.col(item).alias(f"mspss_{item.rpartition('_')[2]}") for item in items_of("mspss")),
    )
    return [
        _write(people, folder / "participantes.csv", ["Edad"]),
        _write(stays, folder / "ingresos.csv"),
        _write(contacts, folder / "contactos.csv"),
        _write(services, folder / "servicios.csv", ["Cantidad"]),
        _write(goals, folder / "metas.csv"),
        _write(answers, folder / "encuesta.csv"),
    ]
