"""A local Telegram Bot API server and a page with two phones, for demo, end-to-end and load tests.

A development tool: it binds to the loopback interface only and is no part of `kuemmerkasten run`.
"""
