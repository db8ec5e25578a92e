"""A made-up agency to try Casearc with."""
