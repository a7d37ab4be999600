"""The demo as people see it: the page, the real bot, a report there and back."""

import asyncio
import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

spec = importlib.util.spec_from_file_location("whole_product_page", Path(__file__).with_name("page.py"))
browser = importlib.util.module_from_spec(spec)
spec.loader.exec_module(browser)

pytestmark = pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture
async def demo_url(unused_tcp_port, tmp_path):
    """Start `kuemmerkasten demo` and return the address it prints."""
    command = [sys.executable, "-m", "kuemmerkasten", "demo", "--port", str(unused_tcp_port)]
    environment = os.environ | {"STATE_DIR": str(tmp_path)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        line = (await asyncio.to_thread(process.stdout.readline)).decode()
        yield re.search(r"http://\S+", line)[0]
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 60)
        process.stdout.close()
    assert process.returncode == 0


@pytest.mark.parametrize("window", browser.WIDTHS)
async def test_the_sample_travels_to_the_caretaker_and_back(demo_url, window):
    """The sample ends well with the real bot, on a phone and on a desktop."""
    width, height = browser.WIDTHS[window]
    async with browser.opened(demo_url, width=width, height=height) as page:
        ended, caption = await browser.play_sample(page)
        assert ended == "done", caption
        assert await browser.sideways(page) == 0
        said = await page.inner_text("#phone-resident .log")
        assert re.search(r"QH-\d{4}-\d{5}", said)
        assert "angenommen" in said
        assert "erledigt" in said
        assert "Katernberg" in await page.inner_text("#phone-caretaker .log")
