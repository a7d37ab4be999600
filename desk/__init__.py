"""The ticket desk: pure rules about tickets, routing, hours, places; no I/O, the clock passed in."""
