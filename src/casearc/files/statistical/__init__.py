"""SPSS, Stata and SAS files through ReadStat: codes in the cells; labels and codes for missing beside them."""

__all__: list[str] = []  # its modules need a library that not everybody installs, and are imported one by one
