"""REDCap: data dictionaries, exports of data, and records written as a project of their own."""
