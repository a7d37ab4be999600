"""The emergency rules' reviewed lists: what must raise the alarm, what must not."""

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from nlu.components.emergency import EmergencyRules, read_rules
from nlu.components.phrases import Rules

MESSAGES = yaml.safe_load(Path(__file__).with_name("alarms.yml").read_text(encoding="utf-8"))
CALLS = {
    "es brennt": "112",
    "gasgeruch im keller": "112",
    "er hat ein messer": "110",
    "frau liegt bewusstlos im flur": "112",
    "ich will nicht mehr leben": "self_harm",
    "kleinkind steht auf dem fensterbrett": "child",
    "meine Schwester will sich umbringen": "self_harm",
    "er hat alle tabletten geschluckt und einen abschiedsbrief geschrieben": "self_harm",
    "jemand steht auf den gleisen": "self_harm",
    "die nachbarskinder sind allein in der wohnung und weinen": "child",
    "meine tochter ist weg, seit einer stunde verschwunden": "child",
    "kind allein in der wohnung und es brennt": "112",
    "einbrecher im keller": "110",
    "hilfe mein sohn ist bewusstlos": "112",
    "nachbar schlägt sein kind": "child",
}
MISSPELLED = (
    "ES BRRENNT",
    "Einbrecehr im haus",
    "frau liegt bewustlos da",
    "HIIIILFE FEUER",
    "der hat ne pistoole",
)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The rules as they ship."""
    return read_rules()


@pytest.mark.parametrize("text", MESSAGES["alarms"])
def test_people_in_danger_raise_the_alarm(rules: Rules, text: str) -> None:
    """However it is worded, danger is noticed."""
    assert rules.first(text) is not None


@pytest.mark.parametrize("text", MESSAGES["alarms"])
def test_the_alarm_does_not_depend_on_spelling(rules: Rules, text: str) -> None:
    """Capitals, ae/oe/ue and dropped umlauts raise the same alarm."""
    spelled = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    dropped = text.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    for variant in (text.upper(), text.lower(), spelled, dropped):
        assert rules.first(variant) == rules.first(text)


@pytest.mark.parametrize("text", MESSAGES["no_alarms"])
def test_ordinary_reports_raise_no_alarm(rules: Rules, text: str) -> None:
    """Words of danger in harmless messages, and what is over, are no emergency."""
    found = rules.first(text)
    assert found is None, found.name


@pytest.mark.parametrize("text", MISSPELLED)
def test_typing_errors_of_panic_are_read_through(rules: Rules, text: str) -> None:
    """One wrong, missing or doubled letter in the word that matters does not hide it."""
    assert rules.first(text) is not None


@pytest.mark.parametrize(("text", "call"), CALLS.items())
def test_the_rule_says_whom_to_call(rules: Rules, text: str, call: str) -> None:
    """Each alarm names the numbers the answer puts first."""
    found = rules.first(text)
    assert found is not None
    assert found.call == call


def test_an_alarm_stands_out_among_other_sentences(rules: Rules) -> None:
    """An exclusion in one sentence does not silence the next."""
    assert (
        rules.first("Die Laterne brennt nicht. Und jetzt hat der Nachbar ein Messer in der Hand!") is not None
    )
    assert rules.first("Gestern war Ruhe. Jetzt brennt es im Keller") is not None


@pytest.mark.parametrize("text", ["", "!!!", "\ud800", "\x00", "🔥" * 50, "brennt" * 700, "er hat " * 600])
def test_strange_text_is_no_alarm_and_no_error(rules: Rules, text: str) -> None:
    """Anything may come in; it is read without an error."""
    assert rules.first(text) is None


def test_a_broken_rules_file_is_refused() -> None:
    """A rule without phrases would never hold; it is refused when the file is read."""
    content = {
        "keywords": [],
        "no_typos": [],
        "past": [],
        "now": [],
        "words": {},
        "alarms": {"x": {"call": "110", "alarm": []}},
    }
    with pytest.raises(KeyError):
        Rules.of(content)


def alarmed(text: str, **chances: float) -> Message:
    """A message the classifier has seen, after the rules; `chances` gives each intent's probability."""
    ranking = [{"name": name, "confidence": chance} for name, chance in chances.items()]
    message = Message(
        {"text": text, "intent": ranking[0], "intent_ranking": ranking, "category": {"name": "c"}}
    )
    return EmergencyRules(read_rules()).process([message])[0]


@pytest.mark.parametrize(
    ("text", "chance", "expected"),
    [
        ("es brennt im Keller", 0.04, "emergency"),  # a rule, and the classifier does not contradict
        ("es brennt im Keller", 0.02, "out_of_scope"),  # the classifier is sure of a figure of speech
        (
            "der Hang rutscht ab, das Wohnhaus ist gleich dran",
            0.01,
            "emergency",
        ),  # words that are no figure of speech
        ("der Hang rutscht ab, das Wohnhaus ist gleich dran", 0.001, "out_of_scope"),
        ("da unten geht was Schlimmes vor", 0.75, "emergency"),  # the classifier alone
        ("da unten geht was Schlimmes vor", 0.4, "out_of_scope"),
    ],
)
def test_rule_and_classifier_decide_together(text: str, chance: float, expected: str) -> None:
    """A rule needs a classifier that is not sure of the contrary, the classifier alone a good chance."""
    message = alarmed(text, out_of_scope=1 - chance, emergency=chance)
    assert message.get("intent")["name"] == expected
    assert (message.get("category") is None) == (expected == "emergency")


def test_a_faint_alarm_is_asked_about_not_raised() -> None:
    """Where emergency is only the likeliest of many, another meaning stands first and the dialogue asks."""
    message = alarmed("hm", emergency=0.3, report_noise=0.25, smalltalk=0.2)
    names = [one["name"] for one in message.get("intent_ranking")]
    assert names == ["report_noise", "emergency", "smalltalk"]


def test_a_likely_alarm_is_asked_about_as_well() -> None:
    """Likelier than not, but not likely enough to raise it: the dialogue is told that there is doubt."""
    message = alarmed("hm", emergency=0.65, smalltalk=0.3)
    assert message.get("intent")["name"] == "nlu_fallback"
    assert message.get("doubt") == "unsure"
    assert [one["name"] for one in message.get("intent_ranking")] == ["smalltalk", "emergency"]
