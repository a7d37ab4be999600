import sys


def main() -> None:
    """Run Rasa's own command line, with `rasa shell nlu` meaning what Rasa's manual says.

    Rasa takes a last argument that is an existing path for a model; our folder `nlu/` is one. Naming the
    models' folder first keeps it from doing so.
    """
    if sys.argv[1:] == ["shell", "nlu"]:
        sys.argv += ["--model", "models"]
    from rasa.__main__ import main as rasa

    rasa()
