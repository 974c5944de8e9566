"""How a payment is shared over the revenue heads of a bill: in their declared order, each filled before the next."""

from collections.abc import Sequence


def apportion(amount: int, open_amounts: Sequence[int]) -> list[int]:
    """The share of each head, in whole rupiah; together exactly `amount`.

    `open_amounts` is what each head still lacks. Raises `ValueError` for a negative amount or more than is open.
    """
    if amount < 0 or any(part < 0 for part in open_amounts) or amount > sum(open_amounts):
        raise ValueError("a payment is between nothing and what is open")
    shares, rest = [], amount
    for part in open_amounts:
        share = min(part, rest)
        shares.append(share)
        rest -= share
    return shares


def scale(total: int, amounts: Sequence[int]) -> list[int]:
    """`total` in the proportion of `amounts`, largest remainders first, earlier heads first among equals; exactly `total`.

    Raises `ValueError` where nothing is to be shared by.
    """
    whole = sum(amounts)
    if total < 0 or whole <= 0:
        raise ValueError("only a positive sum has a proportion")
    shares = [total * part // whole for part in amounts]
    by_remainder = sorted(range(len(amounts)), key=lambda i: (-(total * amounts[i] % whole), i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares
