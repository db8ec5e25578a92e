"""Codebooks of what was exported: a page to read, and DDI-Codebook 2.5 for catalogs."""

from casearc.files.exporting.codebook.page import codebook_page
from casearc.files.exporting.codebook.variables import CodebookTable, Study, codebook_tables
from casearc.files.exporting.codebook.xml import codebook_xml

__all__ = ["CodebookTable", "Study", "codebook_page", "codebook_tables", "codebook_xml"]
