"""``python -m livecue.planning.selection.backtest [products.csv.gz]``: both back-tests, printed apart."""

import sys
from pathlib import Path

from livecue.planning.selection.backtest import made_backtest, read_sold, real_backtest


def main() -> None:
    """Print what was asked for; the real file only where one is named."""
    if len(sys.argv) > 1:
        found = real_backtest(read_sold(Path(sys.argv[1])))
        print("1. Real products, one host held out at a time.")
        print(
            "   Hit = top fifth of SALES within category and host; exposure and time are not in the file, sales are a"
        )
        print(
            "   third party's estimate. This is not the hit rate of M67 and not comparable with any rate per exposure."
        )
        print(f"   {found.items} items, {len(found.hosts)} hosts; {found.left_out} in categories too small to judge")
        print(f"   proposed that were hits: {found.rate:.1%} (90 % over hosts: {found.low:.1%} to {found.high:.1%})")
        print(f"   by chance {found.blind:.1%}; dearest {found.dearest:.1%}; highest commission {found.best_paid:.1%}")
        for host in found.hosts:
            rate = host.hits / host.proposed
            print(
                f"   {host.host}: {host.items} items, {host.hits}/{host.proposed} = {rate:.1%}; chance {host.base:.1%}"
            )
        print()
    else:
        print("1. Real products: not run, no file named.\n")
    print("2. Generated shows with known truth (600 items, 30 past shows, 10 worlds).")
    print("   Hit = top fifth of the category by paid money per exposure, by the true rates (M67).")
    for way, (rate, times, better) in made_backtest().items():
        print(f"   {way:10} hit rate {rate:.1%}; true worth {times:.2f} x the host's; better in {better:.0%} of worlds")


if __name__ == "__main__":
    main()
