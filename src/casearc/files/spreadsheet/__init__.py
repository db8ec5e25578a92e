"""Workbooks: XLSX, XLS and ODS read, XLSX written."""
