"""`python -m simulator`: the Bot API server and the page alone, for any bot to connect to."""

import argparse
import asyncio
import contextlib
import signal
import sys

from desk.errors import KuemmerkastenError
from simulator.limits import Limits
from simulator.server import TOKEN, Simulator
from storage.texts import Texts


async def _serve(options: argparse.Namespace, texts: Texts) -> None:
    limits = Limits.NONE if options.no_limits else Limits.TELEGRAM
    async with Simulator(options.token, host=options.host, port=options.port, limits=limits) as simulator:
        sys.stdout.write(texts.get("simulator.running", url=simulator.url, token=simulator.bot_token) + "\n")
        sys.stdout.flush()
        stopped = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(name, stopped.set)
        await stopped.wait()


def main() -> int:
    """Run until SIGINT or SIGTERM; status 1 with a German sentence when it can't start."""
    texts = Texts.load()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=texts.get("simulator.about"))
    parser.add_argument("--host", default="127.0.0.1", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=8081, help=texts.get("simulator.option_port"))
    parser.add_argument("--token", default=TOKEN, help=texts.get("simulator.option_token"))
    parser.add_argument("--no-limits", action="store_true", help=texts.get("simulator.option_no_limits"))
    try:
        asyncio.run(_serve(parser.parse_args(), texts))
    except KuemmerkastenError as error:
        sys.stderr.write(texts.get(error.key, **error.params) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
