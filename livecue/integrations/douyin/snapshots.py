"""Answers of the platform's pages, saved as files: what rooms and what products looked like at a moment."""

from typing import Any, NamedTuple

from livecue.events import OnlineCounted, ProductCard
from livecue.integrations.untrusted import dict_of, json_of, list_of, number_of, text_of


class RoomSeen(NamedTuple):
    """One room of a room-enter answer. Counts are -1 when not told.

    ``goods`` is the platform's flag for selling; it is true with an empty cart too, so ``cart`` says what is for sale.
    """

    room: str
    title: str
    status: int
    counted: OnlineCounted
    goods: bool
    cart: int


def read_rooms(data: bytes) -> list[RoomSeen]:
    """The entered room and the similar ones of a room-enter answer; raises ``BadPayload`` when it is no JSON.

    ``status`` is the web page's (2 live, 4 ended; 0 where the list does not tell).
    """
    document = dict_of(json_of(data), "data")
    entered = [dict_of(item) for item in list_of(document.get("data"))]
    similar = [dict_of(item, "room") for item in list_of(document.get("similar_rooms"))]
    return [_room(item) for item in entered + similar if item]


def _room(item: dict[str, Any]) -> RoomSeen:
    stats = dict_of(item, "stats")
    # "500+" is a display text: the count stands in display_value, or nowhere.
    online = number_of(dict_of(item, "room_view_stats").get("display_value"), -1)
    if online < 0:
        online = number_of(item.get("user_count_str"), -1)
    views, likes = number_of(stats.get("total_user_str"), -1), number_of(item.get("like_count"), -1)
    return RoomSeen(
        room=text_of(item.get("id_str")),
        title=text_of(item.get("title")),
        status=number_of(item.get("status")),
        counted=OnlineCounted(online=max(online, -1), views=max(views, -1), likes=max(likes, -1)),
        goods=item.get("has_commerce_goods") is True,
        cart=number_of(dict_of(item, "room_cart").get("total"), -1),
    )


class Products(NamedTuple):
    """Product cards of a shelf answer; ``others`` counts entries that are no products (live rooms, banners)."""

    cards: list[ProductCard]
    others: int


def read_products(data: bytes) -> Products:
    """The products of a mall or flash-sale answer, price in fen; raises ``BadPayload`` when it is no JSON."""
    document = dict_of(json_of(data), "data")
    items = list_of(document.get("item_cards")) + list_of(document.get("feed"))
    cards = [card for item in items if (card := _card(dict_of(item, "product"))) is not None]
    return Products(cards, len(items) - len(cards))


def _card(product: dict[str, Any]) -> ProductCard | None:
    number, price = text_of(product.get("product_id")), dict_of(product, "price")
    if not number:
        return None
    return ProductCard(
        product=number, name=text_of(product.get("title")), price=max(0, number_of(price.get("min_price")))
    )
