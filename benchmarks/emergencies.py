"""How sure rules and classifier must be for an alarm: recall and false alarms on the held-out messages."""

import argparse
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from understanding_messages import read_examples  # noqa: E402

from kuemmerkasten.commands.train import train_if_needed  # noqa: E402
from nlu.components import model_file  # noqa: E402
from nlu.components.classifier import MessageClassifier  # noqa: E402
from nlu.components.emergency import INTENT, LIKELY, UNLIKELY, UNTHINKABLE, read_rules  # noqa: E402
from nlu.components.encoder import ENCODERS  # noqa: E402
from nlu.components.phrases import Rule  # noqa: E402
from nlu.components.reading import Reading  # noqa: E402

WITH_RULE = (0.01, 0.02, UNLIKELY, 0.05, 0.1, 0.3)
ALONE = (0.5, 0.6, LIKELY, 0.8, 0.9)


@dataclass(frozen=True)
class Seen:
    """One held-out message: is it an emergency, how likely the classifier finds that, which rule holds."""

    emergency: bool
    chance: float
    rule: Rule | None

    def alarms(self, with_rule: float, alone: float) -> bool:
        """Tell whether it raises the alarm when these are the least chances."""
        least = UNTHINKABLE if self.rule and self.rule.sure else with_rule
        return self.chance >= alone or (self.rule is not None and self.chance >= least)


def trained_reading(model: Path) -> Reading:
    """Load the classifier alone from a trained model."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder, filter="data")
        (component,) = Path(folder, "components").glob(f"*{MessageClassifier.__name__}*")
        trained = model_file.read(component)
    return Reading(trained, ENCODERS[trained.encoder](), most=len(trained.model.labels))


def seen(reading: Reading, held_out: Path) -> Iterable[Seen]:
    """Read the held-out messages."""
    rules = read_rules()
    for example in read_examples(held_out):
        ranking = reading.read([example.text])[0]["intent_ranking"]
        chance = next(one["confidence"] for one in ranking if one["name"] == INTENT)
        yield Seen(example.intent == INTENT, chance, rules.first(example.text))


def table(messages: Sequence[Seen]) -> str:
    """Return recall and false alarms, with numbers of messages, for each pair of least chances."""
    emergencies = [one for one in messages if one.emergency]
    others = [one for one in messages if not one.emergency]
    lines = [
        f"{len(emergencies)} emergencies, {len(others)} other messages; * is what the product does",
        f"{'rule from':>10}{'alone from':>12}{'recall':>10}{'missed':>8}{'false alarms':>14}{'':>5}",
    ]
    for with_rule, alone in product(WITH_RULE, ALONE):
        missed = sum(not one.alarms(with_rule, alone) for one in emergencies)
        false = sum(one.alarms(with_rule, alone) for one in others)
        mark = "*" if (with_rule, alone) == (UNLIKELY, LIKELY) else ""
        recall, rate = 1 - missed / len(emergencies), false / len(others)
        lines.append(f"{with_rule:>10}{alone:>12}{recall:>10.1%}{missed:>8}{rate:>14.2%}{false:>5} {mark}")
    return "\n".join(lines)


def main() -> None:
    """Read the held-out messages once and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=Path, default=ROOT / "tests" / "nlu")
    options = parser.parse_args()
    print(table([*seen(trained_reading(train_if_needed(ROOT)), options.held_out)]))


if __name__ == "__main__":
    main()
