"""REDCap: data dictionaries, exports of data, and records written as a project of their own."""

from casearc.files.redcap.dictionary import read_dictionary
from casearc.files.redcap.dictionary_out import write_dictionary
from casearc.files.redcap.project import from_project
from casearc.files.redcap.write import write_project

__all__ = ["from_project", "read_dictionary", "write_dictionary", "write_project"]
