"""Names that nobody could take for a real young person's: trees for given names, birds for family names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

GIVEN = (
    *("Acacia", "Alder", "Ash", "Aspen", "Bay", "Beech", "Birch", "Cedar", "Cypress", "Elm", "Fir", "Ginkgo"),
    *("Hazel", "Juniper", "Larch", "Laurel", "Linden", "Maple", "Myrtle", "Oak", "Olive", "Poplar", "Rowan", "Willow"),
)
FAMILY = (
    *("Avocet", "Bunting", "Curlew", "Dipper", "Egret", "Finch", "Grebe", "Heron", "Ibis", "Jacana", "Kestrel"),
    *("Linnet", "Martin", "Nuthatch", "Oriole", "Plover", "Quail", "Rail", "Siskin", "Tern", "Veery", "Wren"),
)
STAFF = (
    "Amber",
    "Basil",
    "Clover",
    "Dill",
    "Fennel",
    "Ginger",
    "Lovage",
    "Mint",
    "Nettle",
    "Saffron",
    "Sorrel",
    "Thyme",
)


def people() -> Iterator[tuple[str, str]]:
    """Given and family names, each pair once; neighbors share neither."""
    pairs = list(product(range(len(FAMILY)), range(len(GIVEN))))
    for turn, place in pairs:
        yield GIVEN[place], FAMILY[(turn + place) % len(FAMILY)]
