import argparse
import json
from dataclasses import asdict

from storage.settings import Settings
from storage.wiring import build


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """`feedback` takes none."""


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Print what residents said in the last 90 days, an area a line; null: all with too few answers."""
    house = build(settings)
    for one in house.feedback.by_area(house.clock()):
        print(json.dumps(asdict(one), ensure_ascii=False))
    return 0
