import argparse
import shutil
from pathlib import Path

import pytest

from desk.errors import ModelError
from kuemmerkasten.commands import train as command
from nlu.engine.models import cache_folder, is_current, newest_model
from nlu.engine.training import train

PROJECT = Path(__file__).parent.parent / "engine_project"


@pytest.fixture
def project(tmp_path, model):
    """A copy of the test project with its trained model and Rasa's cache."""
    root = tmp_path / "project"
    shutil.copytree(model.parent.parent, root)
    return root


def test_a_current_model_is_not_trained_again(project, capsys):
    """It says so, and the path is the last line on standard output."""
    assert command.run(argparse.Namespace(force=False), None, root=project) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1] == str(newest_model(project))
    assert "aktuell" in printed.err


def test_any_change_of_the_data_makes_a_model_outdated(project):
    """Config, domain, training data: each counts."""
    model = newest_model(project)
    assert is_current(model, project)
    for name in ("config.yml", "domain.yml", "nlu/data/nlu.yml"):
        file = project / name
        before = file.read_bytes()
        file.write_bytes(before + b"\n# changed\n")
        assert not is_current(model, project), name
        file.write_bytes(before)


def test_training_reports_its_steps(project):
    """Steps count up to their total; the new model is current."""
    (project / "domain.yml").open("a", encoding="utf-8").write("\n# changed\n")
    steps = []
    model = train(project, progress=lambda done, total, step: steps.append((done, total, step)))
    assert is_current(model, project)
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1] > 1
    assert "train_RulePolicy0" in {step for _, _, step in steps}


def test_parts_trained_by_other_code_are_not_reused(project):
    """What Rasa kept lies apart for each version of the components, and only the newest is left."""
    before = cache_folder(project)
    (project / "domain.yml").open("a", encoding="utf-8").write("\n# changed\n")
    assert cache_folder(project) == before
    component = project / "nlu" / "components" / "other.py"
    component.parent.mkdir(parents=True)
    component.write_text("", encoding="utf-8")
    assert not cache_folder(project).exists()
    train(project, progress=lambda done, total, step: None)
    assert list(before.parent.iterdir()) == [cache_folder(project)]


@pytest.mark.parametrize(
    ("name", "mistake", "key"),
    [
        ("config.yml", "pipeline: [", "operator.bad_training_data"),
        ("config.yml", "recipe: default.v1\npipeline:\n- name: Nothing\npolicies:\n- name: RulePolicy\n", "operator.bad_training_data"),
        ("domain.yml", "intents: [a\n", "operator.bad_training_data"),
        ("nlu/data/rules.yml", "version: '3.1'\nrules:\n- rule: a\n  steps:\n  - intent: greet\n  - action: utter_unknown\n", "operator.bad_training_data"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_data_is_named(project, name, mistake, key):
    """The error says what Rasa found, and the old model stays."""
    before = newest_model(project)
    (project / name).write_text(mistake, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        train(project, progress=lambda done, total, step: None)
    assert (caught.value.key, bool(caught.value.params["reason"])) == (key, True)
    assert newest_model(project) == before


def test_a_missing_file_is_named(tmp_path):
    """An empty folder is no project."""
    with pytest.raises(ModelError) as caught:
        train(tmp_path, progress=lambda done, total, step: None)
    assert caught.value.key == "operator.no_training_data"
