"""The Human Trafficking Case Data Standard (HTCDS) 2.0: columns recognized, and a profile of it written.

HTCDS is a standard of the International Organization for Migration, published under CC BY 4.0 with terms of its own.
Casearc reads and writes its field names; nothing here is endorsed by IOM, and its logo is not used.
"""
