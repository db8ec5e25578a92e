"""`casearc web`: the agency's application, its keys and its backups."""

from casearc_cli.web.group import web_group

__all__ = ["web_group"]
