"""Web pages and mail: for staff, and for caretakers without Telegram."""
