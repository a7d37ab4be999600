"""Opens a place index in a process of its own and prints how long that took and what it holds as JSON."""

import json
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent)]

from storage.city_files import load_city  # noqa: E402
from storage.places.index import open_index  # noqa: E402
from storage.places.indexed import IndexedPlaces  # noqa: E402
from storage.texts import Texts  # noqa: E402


def memory() -> float:
    """Return what this process holds, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def main(city_id: str, path: Path) -> None:
    """Open the index and answer once."""
    city, texts, before = load_city(city_id), Texts.load(), memory()
    begin = time.perf_counter()
    index = open_index(path, city)
    opened = time.perf_counter()
    locator = IndexedPlaces(city, index, texts)
    ready = time.perf_counter()
    locator.at(float(index.latitude[0]), float(index.longitude[0]))
    locator.find(city.district_names[0])
    print(
        json.dumps(
            {
                "file": (opened - begin) * 1000,
                "open": (ready - begin) * 1000,
                "growth": memory() - before,
                "memory": memory(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
