"""A made-up agency to try Casearc with. Everybody in it is made up, obviously so, and every page says it."""

from casearc_web.demo.fill import DemoAgency, fill

__all__ = ["DemoAgency", "fill"]
