"""What a refusal says, by its code. The screens say it in the reader's language; this is for programs and logs."""

_WHY = {
    "wrong_product": "this product is not on the show's lineup",
    "wrong_sku": "this SKU does not belong to the product",
    "not_listed": "list the product before it is shown",
    "number_taken": "another product has this number in the cart",
    "price_nothing": "a price is above zero",
    "price_below_floor": "the price would be below the product's floor",
    "stacked_below_floor": "with what runs or was asked for before the price would be below the product's floor",
    "stock_negative": "stock is not below zero",
    "stock_above_real": "more than is really free would be offered",
    "offer_title": "name the offer",
    "offer_off": "say how much is taken off, less than it starts from",
    "offer_quantity": "a limited offer must say how many there are",
    "offer_time": "say how long the offer runs",
    "offer_running": "this offer runs already",
    "offer_not_running": "this offer is not running",
    "draw_running": "a draw runs: its rules stay as they are until it ends",
    "draw_rules": "publish what is drawn, for what, and how",
    "draw_prizes": "say how many prizes there are",
    "draw_claim": "say until when a prize can be claimed",
    "draw_cap": "a prize may be worth 50,000 yuan at most",
    "draw_time": "the draw is too short or too long",
    "draw_not_planned": "no draw is planned in this segment; fill one in that is not planned",
    "draw_twice": "the draw planned in this segment was held or runs already; start one of its own",
    "draw_signed_prize": "another prize was signed off; take that one, or change the script and have it signed again",
    "draw_signed_number": "another number of prizes was signed off",
    "draw_signed_value": "another value of a prize was signed off",
    "draw_signed_method": "conditions or method that were signed off are missing",
    "draw_signed_word": "another word was signed off",
    "draw_word": "say by which word one takes part",
    "draw_many": "fewer prizes: nobody hands out so many",
    "not_on_air": "the show is not on air",
    "draw_not_running": "this draw is not running",
    "draw_id": "a draw needs an id of its own and a commitment",
    "not_waiting": "this draw waits for nobody",
    "second_person": "somebody else must agree to this",
    "void_why": "say why it is called off: the room is told",
    "bad_decision": "a prize is told, sent, declined or lapsed",
    "no_winner": "this draw has no such winner",
    "not_undoable": "this was undone already, or cannot be taken back",
    "changed_since": "it was changed again since; look at how it stands now",
}


def why(code: str, about: dict[str, str]) -> str:
    """The reason in words with what it names."""
    named = ", ".join(f"{name} {value}" for name, value in about.items())
    return _WHY[code] + (f" ({named})" if named else "")
