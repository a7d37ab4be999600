"""Do pins and addresses find their district? `python benchmarks/places.py`

All with the city's official open data, beside a plain peer in the same run. The index is built into a
temporary folder. `--json FILE` writes the rows.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).parent.parent)]

from metric_rows import Results, table, write_json  # noqa: E402
from places_counts import Tally, of_dialogues, of_pins, of_words  # noqa: E402
from places_peer import PlainPeer  # noqa: E402
from places_spellings import CORNERS, SPELLINGS, corner  # noqa: E402
from places_table import SECTIONS  # noqa: E402
from places_town import SEED, House, Town, read_town  # noqa: E402

from desk.nearest_centres import NearestCentres  # noqa: E402
from desk.places import Locator  # noqa: E402
from storage.city_files import load_city  # noqa: E402
from storage.places.build import build_index  # noqa: E402
from storage.places.index import open_index  # noqa: E402
from storage.places.indexed import IndexedPlaces  # noqa: E402
from storage.texts import Texts  # noqa: E402

DATA = Path(__file__).parent.parent.parent / "shared" / "geo" / "essen"
OURS, PEER, WITHOUT = "Kümmerkasten", "RapidFuzz + nearest centre", "Kümmerkasten, no data"
OPENINGS = 5
WARM_UP = 100

Spelled = dict[str, list[tuple[str, set[str]]]]


def spelled(town: Town, sample: list[House]) -> Spelled:
    """Return every address in every spelling, with the districts that are right."""
    texts: Spelled = {}
    for name, spell in SPELLINGS.items():
        chance = Random(f"{SEED} {name}")  # noqa: S311 -- chance that can be repeated, no secret
        texts[name] = [(spell(house, town, chance), {house.district or ""}) for house in sample]
    chance = Random(f"{SEED} {CORNERS}")  # noqa: S311
    texts[CORNERS] = [one for one in (corner(house, town, chance) for house in sample) if one]
    return texts


def measure(locator: Locator, town: Town, texts: Spelled) -> tuple[dict[str, float], Tally]:
    """Return the measures of one system, and its tally over the eight spellings."""
    for text, _ in texts[next(iter(SPELLINGS))][:WARM_UP]:
        locator.find(text)
    print("  pins …", file=sys.stderr, flush=True)
    found = _keyed("pins", of_pins(locator, town.houses))
    words = Tally()
    for name, said in texts.items():
        print(f"  {name} …", file=sys.stderr, flush=True)
        tally = of_words(locator, said)
        found |= _keyed(name, tally)
        words = words + tally if name in SPELLINGS else words
    return found | _keyed("words", words), words


def measure_without(town: Town, texts: Spelled) -> dict[str, float]:
    """Return what holds without place data: pins answered to the end, and addresses in words."""
    locator = NearestCentres(town.city)
    found = _keyed("without", of_dialogues(locator, town))
    words = Tally()
    for said in texts.values():
        words = words + of_words(locator, said)
    return found | _keyed("without words", words)


def _keyed(name: str, tally: Tally) -> dict[str, float]:
    return {f"{name} {key}": value for key, value in tally.measures().items()}


def measure_opening(city_id: str, path: Path) -> dict[str, float]:
    """Open the index in fresh processes; return the middle of the times and the most memory."""
    command = [sys.executable, str(Path(__file__).with_name("places_opening.py")), city_id, str(path)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(OPENINGS)
    ]
    times = {key: sorted(run[key] for run in runs)[OPENINGS // 2] for key in ("open", "file")}
    return times | {key: max(run[key] for run in runs) for key in ("growth", "memory")}


def introduce(town: Town, texts: Spelled, *, peer_addresses: int) -> None:
    """Say what is measured, and with what."""
    nowhere = sum(house.district is None for house in town.houses)
    print(
        f"{town.city.name}: {len(town.houses)} official coordinates ({nowhere} of them in no polygon and "
        f"left out), {len(town.streets)} streets; {len(texts[next(iter(SPELLINGS))])} addresses in "
        f"{len(SPELLINGS)} spellings, {len(texts[CORNERS])} corners "
        f"(the first {peer_addresses} of each for the peer)"
    )
    packages = ", ".join(f"{name} {version(name)}" for name in ("rapidfuzz", "shapely", "numpy"))
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {packages}\n", flush=True)


def misses(tally: Tally, count: int) -> Iterator[str]:
    """Return a sample of what went wrong, line by line."""
    chance = Random(SEED)  # noqa: S311
    for text, outcome, right in chance.sample(tally.misses, min(count, len(tally.misses))):
        yield f"{text!r}: {outcome}, right: {right}"


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder with the official open data")
    parser.add_argument("--city", default="essen")
    parser.add_argument("--addresses", type=int, default=5000)
    parser.add_argument(
        "--peer-addresses",
        type=int,
        default=1000,
        help="the peer, which takes longest, reads the first of them",
    )
    parser.add_argument("--show-errors", type=int, default=0, metavar="N", help="print N of our misses")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"nothing to measure: there is no official place data in {options.data}")
        return
    city = load_city(options.city)
    town = read_town(options.data, city)
    texts = spelled(town, town.addresses(options.addresses))
    introduce(town, texts, peer_addresses=options.peer_addresses)
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.npz"
        build_index(options.data, path, city, progress=lambda *_: None)
        opening = measure_opening(city.id, path)
        ours = IndexedPlaces(city, open_index(path, city), Texts.load())
        found, words = measure(ours, town, texts)
    results[OURS] = found | opening
    print(*misses(words, options.show_errors), sep="\n")
    results[WITHOUT] = measure_without(town, texts)
    if options.peer_addresses:
        fewer = {name: said[: options.peer_addresses] for name, said in texts.items()}
        results[PEER], _ = measure(PlainPeer(town), town, fewer)
    _show(results, options.json)


def _show(results: Results, target: Path | None) -> None:
    print(table(results, SECTIONS, label=54, target=10, column=28))
    if target:
        write_json(target, "places", results, SECTIONS)


if __name__ == "__main__":
    main()
