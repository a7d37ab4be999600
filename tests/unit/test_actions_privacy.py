"""The privacy notice also names whose place data residents are shown."""

from dataclasses import replace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.information import ActionPrivacy
from storage.wiring import House
from tests.acting import tracker
from tests.fakes import TableLocator


class SourcedLocator(TableLocator):
    """A locator that says where its data comes from."""

    attribution = "Vermessungsamt Kleinstadt"


@pytest.mark.parametrize(
    ("locator", "named"), [(SourcedLocator({}), SourcedLocator.attribution), (TableLocator({}), "")]
)
async def test_the_source_of_place_data_is_named(house: House, locator: TableLocator, named: str) -> None:
    """With official data its source stands in the notice; without, nothing is claimed."""
    sourced = replace(house, reader=replace(house.reader, locator=locator))
    dispatcher = CollectingDispatcher()
    await ActionPrivacy(sourced).run(dispatcher, tracker({"text": "/datenschutz"}), {})
    (said,) = dispatcher.messages
    assert said["response"] == "utter_privacy"
    assert named in said["sources"]
    assert bool(said["sources"]) == bool(named)
