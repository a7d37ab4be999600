"""The project's files as Rasa's training reads them: each once."""

from functools import cached_property

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class ProjectFiles(RasaFileImporter):
    """Rasa's importer of files, without the three around it.

    Those read all messages three times and copy them nine times: for answers kept beside the messages and for
    stories told in residents' words. We have neither.
    """

    def get_nlu_data(self, language: str | None = None) -> TrainingData:  # noqa: ARG002 -- Rasa's signature
        """Return the messages; the files are read in whatever language Rasa asks for."""
        return self._messages

    @cached_property
    def _messages(self) -> TrainingData:
        return super().get_nlu_data()
