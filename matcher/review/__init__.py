"""The organizers' desk: a night's suggestions in a browser, to look at, change, decide and send."""
