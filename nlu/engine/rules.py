import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from nlu.engine.tracker import ChatTracker

RULES = "rules"
UNHAPPY_PATHS = "rules_for_loop_unhappy_path"


class ShortRulePolicy(RulePolicy):
    """Rasa's RulePolicy, looking only as far back as its longest rule.

    The predictions are the same; `tests/integration/test_engine_parity.py` holds both against each other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = {
            key: json.loads(key) for table in (RULES, UNHAPPY_PATHS) for key in self.lookup.get(table, {})
        }
        self.longest_rule = max((len(states) for states in rules.values()), default=1)
        """Number of states of the longest rule: how much of a conversation can matter."""
        self._reads_text = any(_ignores_intent(states[-1]) for states in rules.values())
        self._by_last_action = {
            id(self.lookup[table]): _by_last_action(self.lookup[table], rules)
            for table in (RULES, UNHAPPY_PATHS)
            if table in self.lookup
        }

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,  # noqa: FBT001
    ) -> tuple[str | None, str | None, bool]:
        # Rasa first asks whether a rule matches the text instead of the intent; without such a rule: no.
        if use_text_for_last_user_input and not self._reads_text:
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,  # noqa: FBT001, FBT002
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if not isinstance(tracker, ChatTracker):
            full: list[State] = super()._prediction_states(
                tracker, domain, use_text_for_last_user_input, rule_only_data
            )
            return full
        states = tracker.recent_states(domain, self.longest_rule + 1)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)  # noqa: SLF001
        return states

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        last = states[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
        candidates = self._by_last_action[id(lookup)].get(last, ())
        return super()._get_possible_keys(dict.fromkeys(candidates, ""), states) if candidates else set()

    @staticmethod
    def format_tracker_states(states: list[dict[str, Any]]) -> str:  # noqa: ARG004
        """Return nothing: Rasa formats all states for a debug log that is never written."""
        return ""


def _ignores_intent(state: State) -> bool:
    listens = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME, ACTION_LISTEN_NAME) == ACTION_LISTEN_NAME
    return listens and not state.get(USER, {}).get(INTENT)


def _by_last_action(keys: Iterable[str], rules: dict[str, list[State]]) -> dict[str | None, list[str]]:
    """Sort rule keys by the action their last state comes after: a rule can only match after that action."""
    index: dict[str | None, list[str]] = defaultdict(list)
    for key in keys:
        index[rules[key][-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)].append(key)
    return dict(index)
