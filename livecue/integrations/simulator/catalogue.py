"""Reads the invented shop and the sentences of simulated people from the data files beside it."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from livecue.events import ProductCard
from livecue.integrations.simulator.scenario import Product


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def shop() -> tuple[Product, ...]:
    """The twelve products, numbered in the order of the cart."""
    return tuple(
        Product(
            card=ProductCard(
                product=row["id"],
                name=row["name"],
                role=row["role"],
                category=row["category"],
                number=number,
                price=row["price"],
                skus=tuple(sku for sku, _, _ in row["skus"]),
                selling_points=tuple(row["selling_points"]),
                keywords=tuple(row["keywords"]),
                facts={"stock_true": "yes"},
            ),
            stock={sku: pieces for sku, _, pieces in row["skus"]},
            variants={sku: name for sku, name, _ in row["skus"]},
            topics=tuple(row["topics"]),
            appeal=row["appeal"],
            pull=row["pull"],
        )
        for number, row in enumerate(_read("catalogue.toml")["product"], start=1)
    )


def texts(section: str) -> dict[str, list[Any]]:
    """One section of ``texts.toml``: lists of sentences by name."""
    found: dict[str, list[Any]] = _read("texts.toml")[section]
    return found
