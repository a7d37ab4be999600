class ApiError(Exception):
    """An error answer of the Bot API: code, Telegram's own description, optional `parameters`.

    The wordings are those of the public server (github.com/tdlib/telegram-bot-api and tdlib), because clients
    such as python-telegram-bot recognise some errors by their text.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """Return the JSON object the server answers with."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str, **parameters: int) -> ApiError:
    """400, the request itself is at fault."""
    return ApiError(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> ApiError:
    """403, the other side does not want to hear from this bot."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409, two ways of fetching updates are in each other's way."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429, come back in so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def unauthorized() -> ApiError:
    """401, nobody knows this token."""
    return ApiError(401, "Unauthorized")


def not_found(reason: str = "") -> ApiError:
    """404, no such method, file or token form."""
    return ApiError(404, f"Not Found: {reason}" if reason else "Not Found")
