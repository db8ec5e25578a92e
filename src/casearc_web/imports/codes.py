"""From the codes that other programs write, the library's made-up one among them, to those that records here use."""

from __future__ import annotations

from collections.abc import Mapping

GENDER: Mapping[str, str] = {"girl": "girl", "boy": "boy", "nonbinary": "nonbinary", "transgender": "trans_girl"}
EDUCATION: Mapping[str, str] = {
    "in_school": "in_school",
    "ged_program": "alternative",
    "left_school": "not_in_school",
    "graduated": "graduated",
}
HOUSING: Mapping[str, str] = {
    "family": "family",
    "foster_care": "foster",
    "group_home": "group",
    "own_place": "own",
    "unstable": "unstable",
}
SEXUAL_EXPLOITATION: Mapping[str, str] = {
    "trading_for_needs": "private",
    "third_party": "prostitution",
    "online": "remote",
    "family_controlled": "prostitution",
}
VICTIMIZATION: Mapping[str, str] = {
    "physical": "physical_abuse",
    "sexual": "sexual_abuse",
    "emotional": "emotional_abuse",
    "neglect": "neglect",
    "witnessed_violence": "family_violence",
}
EXIT: Mapping[str, str] = {
    "completed": "completed",
    "moved": "moved",
    "lost_contact": "lost_contact",
    "declined_services": "withdrew",
    "other_program": "referred",
}
DOMAIN: Mapping[str, str] = {
    "safety": "safety",
    "housing": "housing",
    "health": "physical_health",
    "income": "work_money",
    "family": "family",
    "education": "education",
}
SERVICES: Mapping[str, tuple[str, str, str]] = {
    "counseling": ("Counseling", "Consejería", "support"),
    "transport": ("Transport", "Transporte", "basic_needs"),
    "school_support": ("School support", "Apoyo escolar", "school_and_work"),
    "safety_planning": ("Safety planning", "Plan de seguridad", "safety"),
    "housing_support": ("Help with housing", "Ayuda con la vivienda", "basic_needs"),
    "court_accompaniment": ("Company to court", "Acompañamiento a la corte", "legal"),
    "health_referral": ("Referral to health care", "Referencia a servicios de salud", "health"),
}
"""Names in English and Spanish, and the category."""

MINUTES_AN_HOUR = 60

COUNTED_IN_TIMES = ("transport", "health_referral")
"""Of these services; the others are counted in minutes."""
UNIT: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("minutes", "minute", "min", "minutos"), ("minutes", 1)),
    **dict.fromkeys(("hours", "hour", "h", "hrs", "horas"), ("minutes", MINUTES_AN_HOUR)),
    **dict.fromkeys(("times", "time", "referrals", "rides", "sessions", "visits", "nights", "veces"), ("times", 1)),
    **dict.fromkeys(("items", "item", "pieces", "artículos"), ("items", 1)),
}
"""What a quantity counts, in units of the records, and how many of those it is."""
