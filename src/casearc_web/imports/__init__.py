"""The way in: files of other programs become records, looked at before and undone as a whole."""
