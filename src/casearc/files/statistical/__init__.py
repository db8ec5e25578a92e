"""SPSS, Stata and SAS files through ReadStat: codes in the cells; labels and codes for missing beside them."""
