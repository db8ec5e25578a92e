"""What a new agency starts with: a catalog of services in both languages, to be changed to what it really offers."""

from __future__ import annotations

from casearc_web.agencies.models import Agency
from casearc_web.casework.codes import Category, Unit
from casearc_web.casework.models import ServiceKind

DEFAULT_SERVICES: tuple[tuple[Category, str, str, str, Unit], ...] = (
    (Category.SAFETY, "safety_planning", "Safety planning", "Plan de seguridad", Unit.TIMES),
    (Category.SAFETY, "crisis_support", "Support in a crisis", "Apoyo en una crisis", Unit.TIMES),
    (Category.SAFETY, "shelter_referral", "Shelter found or asked for", "Búsqueda de albergue", Unit.TIMES),
    (Category.BASIC_NEEDS, "food", "Food", "Comida", Unit.TIMES),
    (Category.BASIC_NEEDS, "clothing_hygiene", "Clothing and hygiene", "Ropa e higiene", Unit.TIMES),
    (Category.BASIC_NEEDS, "transport", "Ride or fare", "Transporte o pasaje", Unit.TIMES),
    (Category.BASIC_NEEDS, "housing_support", "Help with housing", "Ayuda con la vivienda", Unit.TIMES),
    (Category.BASIC_NEEDS, "documents", "Help with documents", "Ayuda con documentos", Unit.TIMES),
    (Category.HEALTH, "medical", "Medical care arranged", "Atención médica coordinada", Unit.TIMES),
    (Category.HEALTH, "counseling", "Counseling", "Consejería", Unit.MINUTES),
    (Category.HEALTH, "mental_health_referral", "Mental health care arranged", "Salud mental coordinada", Unit.TIMES),
    (Category.SCHOOL_AND_WORK, "school_support", "Help with school", "Ayuda con la escuela", Unit.TIMES),
    (Category.SCHOOL_AND_WORK, "job_support", "Help with work", "Ayuda con el trabajo", Unit.TIMES),
    (Category.SCHOOL_AND_WORK, "life_skills", "Life skills", "Habilidades para la vida", Unit.MINUTES),
    (Category.LEGAL, "court_support", "Company at court", "Acompañamiento en la corte", Unit.TIMES),
    (Category.LEGAL, "legal_referral", "Legal help arranged", "Ayuda legal coordinada", Unit.TIMES),
    (Category.LEGAL, "victim_compensation", "Help with compensation", "Ayuda con compensación", Unit.TIMES),
    (Category.SUPPORT, "mentoring", "Mentoring", "Mentoría", Unit.MINUTES),
    (Category.SUPPORT, "group_session", "Group", "Grupo", Unit.TIMES),
    (Category.SUPPORT, "family_support", "Help for the family", "Apoyo a la familia", Unit.TIMES),
)
"""Category, code, name in English, name in Spanish, unit."""


def default_services(agency: Agency) -> int:
    """Add those of the default kinds of service that an agency has not; returns how many were added."""
    there = set(ServiceKind.objects.filter(agency=agency).values_list("code", flat=True))
    new = [
        ServiceKind(agency=agency, category=category, code=code, name_en=english, name_es=spanish, unit=unit)
        for category, code, english, spanish, unit in DEFAULT_SERVICES
        if code not in there
    ]
    return len(ServiceKind.objects.bulk_create(new))
