import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from nlu.engine.models import is_current, newest_model
from storage.settings import Settings
from storage.texts import Texts

ROOT = Path(__file__).parent.parent.parent
WIDTH = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `kuemmerkasten train`."""
    parser.add_argument("--force", action="store_true", help=Texts.load().get("operator.train_force"))


def run(args: argparse.Namespace, settings: Settings, *, root: Path = ROOT) -> int:  # noqa: ARG001
    """Train unless the newest model still fits; the model's path is the last line on standard output."""
    print(train_if_needed(root, force=args.force))
    return 0


def train_if_needed(root: Path, *, force: bool = False) -> Path:
    """Return a model that fits the files of `root`, trained now if there is none; standard error says so."""
    texts = Texts.load()
    newest = newest_model(root)
    if newest is not None and is_current(newest, root) and not force:
        print(texts.get("operator.train_current"), file=sys.stderr)
        return newest
    from nlu.engine.training import train

    with tqdm(total=0, desc=texts.get("operator.train_running"), file=sys.stderr, bar_format=_BAR) as bar:

        def show(done: int, total: int, step: str) -> None:
            bar.total, bar.n = total, done
            if step:
                bar.set_postfix_str(_short(step), refresh=False)
            bar.refresh()

        model = train(root, progress=show)
        bar.set_postfix_str(texts.get("operator.train_done"))
    return model


_BAR = "{desc} {percentage:3.0f}% |{bar:24}| {n_fmt}/{total_fmt} {elapsed} {postfix}"


def _short(step: str) -> str:
    return step.removeprefix("train_").removeprefix("run_").split(".")[-1].rstrip("0123456789")[:WIDTH]
