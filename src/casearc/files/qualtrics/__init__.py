"""Qualtrics: exports with two or three header rows, recode values or choice texts, timings and paradata."""
