"""Deciding is cheap. The bounds are three times what a tick may take on the live path: test machines are busy."""

from statistics import median
from time import perf_counter

from livecue.events import ClockTicked, ProductCard
from livecue.sales import StockView
from tests.cues.stage import Stage


def busy_stage() -> Stage:
    """A show with 60 products and every figure known."""
    stage = Stage()
    stage.products = [ProductCard(product=f"p{n}", name=f"商品{n}", role="deal") for n in range(60)]
    stage.listed = {f"p{n}": n for n in range(60)}
    stage.stock = [
        StockView(sku=f"p{n}-{size}", product=f"p{n}", on_hand=500, reserved=3, known=True)
        for n in range(60)
        for size in "SML"
    ]
    for metric, value in (("M45", 150.0), ("M92", 100.0)):
        stage.set(metric, value)
        stage.set(metric, value, window="1m")
    for metric, value, window in (("M28", 0.05, "5m"), ("M28", 0.05, "15m"), ("M34", 0.02, "15m")):
        stage.set(metric, value, window=window, scope="product:p1")
    for metric in ("M03", "M06", "M25", "M25.comments"):
        stage.minutes[metric] = [100.0] * 60
    return stage


def cost_s(step_ms: int) -> float:
    stage = busy_stage()
    stage.run(60)
    pictures, costs = stage.pictures(), []
    for _ in range(200):
        stage.unit.now += step_ms
        begun = perf_counter()
        stage.state = stage.cues.decide(stage.state, [ClockTicked(now=stage.now)], pictures, stage.unit)
        costs.append(perf_counter() - begun)
    return median(costs)


def test_a_tick_between_boundaries() -> None:
    assert cost_s(1) < 300e-6


def test_a_tick_at_a_five_second_boundary() -> None:
    assert cost_s(5_000) < 6e-3
