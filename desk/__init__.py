"""The ticket desk: pure rules about tickets, routing, hours and places; no input or output, the clock passed in."""
