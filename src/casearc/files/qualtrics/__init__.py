"""Qualtrics: exports with two or three header rows, recode values or choice texts, timings and paradata."""

from casearc.files.qualtrics.dialect import DIALECT

__all__ = ["DIALECT"]
