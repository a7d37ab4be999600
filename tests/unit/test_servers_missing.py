import pytest

from tests import servers


@pytest.mark.parametrize("variable", ["CI", "KUEMMERKASTEN_REQUIRE_SERVERS"])
def test_where_servers_are_required_a_missing_one_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """On the build server nothing is skipped in silence."""
    monkeypatch.setenv(variable, "1")
    with pytest.raises(pytest.fail.Exception, match="Redis is not installed"):
        servers.missing("Redis")


def test_elsewhere_it_is_a_skip_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a developer's machine the rest of the tests still runs."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("KUEMMERKASTEN_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="PostgreSQL is not installed"):
        servers.missing("PostgreSQL")
