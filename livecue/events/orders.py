"""What becomes of an order after it was bought: what its platform calls it, parcels, after-sale cases.

Told in any order and any number of times, the same set of events gives the same result. Amounts are minor units of
the room's currency.
"""

from typing import Annotated

import msgspec

from livecue.events.base import Amount, Count, Event, Id, Line, MaybeCount, Millis, Text
from livecue.events.show import CommandAsked


class OrderTold(Event, frozen=True, kw_only=True):
    """A shop system tells an order's state in its own words: ``status`` is read by the map of ``system``.

    A state that nobody knows becomes an exception of the order and a task; it is never dropped.
    """

    order: Id
    status: Id
    system: str = ""
    """Name of a map of states (the page on states lists them); "" when ``status`` is one of ours."""


class OrderHeld(Event, frozen=True, kw_only=True):
    """A paid order waits: risk, customs, pre-sale ..."""

    order: Id
    reason: str = ""


class OrderApproved(Event, frozen=True, kw_only=True):
    """A held order may be shipped."""

    order: Id
    reason: str = ""


class ParcelShipped(Event, frozen=True, kw_only=True):
    """A parcel of the order was handed over with its tracking number (R073). Several parcels make several of these.

    ``lines`` say what is in it; without them it holds the whole order, unless ``part`` says otherwise.
    """

    order: Id
    parcel: Id
    carrier: str = ""
    tracking: str = ""
    lines: tuple[Line, ...] = ()
    part: bool = False


class ParcelMoved(Event, frozen=True, kw_only=True):
    """What became of a parcel: collected, on its way, signed for, lost, refused ... as ``system`` words it."""

    order: Id
    parcel: Id
    status: Id
    system: str = ""
    """Name of a map of parcel states (the page on states lists them); "" when ``status`` is one of ours."""


class OrderCompleted(Event, frozen=True, kw_only=True):
    """The buyer confirmed, or the platform did after its time."""

    order: Id


class FreightInsured(Event, frozen=True, kw_only=True):
    """The order's return postage is insured; with a ``claim``, ``amount`` of it was paid out."""

    order: Id
    claim: str = ""
    amount: Amount = 0


class AfterSaleTold(Event, frozen=True, kw_only=True):
    """An after-sale case of an order is in this state. One order may carry several cases.

    ``type``: refund_only, return_refund, exchange, reship, repair or price_protection; ``status`` one of our states,
    or the word of ``system``.
    """

    order: Id
    case: Id
    status: Id
    system: str = ""
    type: str = ""
    amount: MaybeCount = -1
    """Minor units asked for; -1 not told."""
    sku: str = ""
    quantity: Count = 0
    reason: str = ""
    proof: str = ""
    """Where the evidence of a refusal or a complaint lies."""
    deadline: Millis = 0
    """Until when the merchant must act, ms UTC; 0 not told."""
    parcel: str = ""
    """The parcel by which goods come back or are sent again."""


class ReviewPosted(Event, frozen=True, kw_only=True):
    """A buyer's public review of goods as it stands on the platform or in a shop's export (M81).

    Told again it is the same review; the newest by its time counts. Platforms with three grades are 5, 3 and 1.
    """

    review: Id
    score: Annotated[int, msgspec.Meta(ge=1, le=5)]
    order: str = ""
    product: str = ""
    sku: str = ""
    user: str = ""
    text: Text = ""
    source: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """Where it was read: the name of a file, of a shop system; "" is the room's platform."""


class OrderConfirmed(CommandAsked, frozen=True, kw_only=True):
    """A person looked at an order (R129): ``ok``, or what is wrong with name, quantity or address."""

    order: str
    ok: bool = True
    note: str = ""


class OrderReminded(CommandAsked, frozen=True, kw_only=True):
    """A person reminded the buyer of an unpaid order (R059), once; ``sent`` False: it shall not be sent."""

    order: str
    sent: bool = True
    note: str = ""


class FeedbackNoted(CommandAsked, frozen=True, kw_only=True):
    """What a buyer said after the goods came (R130); ``score`` 1 to 5, 0 when the buyer gave none."""

    order: str
    score: int = 0
    text: str = ""


class ShortChosen(CommandAsked, frozen=True, kw_only=True):
    """What the customer of an order that is short of ``sku`` chose (R039): wait, exchange or refund.

    ``wait`` until the moment that was promised; ``exchange`` takes as many pieces of ``instead``, which must be there;
    ``refund`` becomes a task, the money is given back in the shop. ``note`` is what the customer said.
    """

    order: str
    sku: Id
    choice: Annotated[str, msgspec.Meta(pattern="^(wait|exchange|refund)$")]
    instead: str = ""
    until: Millis = 0
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class FaultSettled(CommandAsked, frozen=True, kw_only=True):
    """A person dealt with an exception of an order and says how."""

    order: str
    fault: str
    note: str = ""


# Announcements of the sales ledger.


class TransitionRefused(Event, frozen=True, kw_only=True):
    """What was told does not follow from the state: the words are kept, the state is not changed.

    ``about`` names a case or a parcel; "" is the order itself.
    """

    order: Id
    state: str
    told: str
    about: str = ""


class StatusUnknown(Event, frozen=True, kw_only=True):
    """A platform used a word for a state that its map does not know."""

    order: Id
    system: str
    status: str
    about: str = ""


class AfterSaleChanged(Event, frozen=True, kw_only=True):
    """An after-sale case is now in ``state``; before it was in ``before``, "" when it is new."""

    order: Id
    case: Id
    type: str
    state: str
    before: str = ""
    amount: MaybeCount = -1
    deadline: Millis = 0
    sku: str = ""
    reason: str = ""
    user: str = ""
    """Who bought, as the platform calls them; "" where it does not say."""


class ParcelTroubled(Event, frozen=True, kw_only=True):
    """A parcel is lost, was refused, is on its way back, or has a problem."""

    order: Id
    parcel: Id
    state: str
    tracking: str = ""


class ReminderDue(Event, frozen=True, kw_only=True):
    """An unpaid order may be reminded of now, once (R059): ``free`` pieces are truly there."""

    order: Id
    user: str
    sku: str
    free: int
    expires_at: int = 0


class FeedbackDue(Event, frozen=True, kw_only=True):
    """The goods came: ask how they are (R130)."""

    order: Id
    user: str
