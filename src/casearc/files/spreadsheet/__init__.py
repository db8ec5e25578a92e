"""Workbooks: XLSX, XLS and ODS read, XLSX written."""

__all__: list[str] = []  # its modules need libraries that not everybody installs, and are imported one by one
