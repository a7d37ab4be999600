"""The command line: `kuemmerkasten <command>`; the only place that may see every room of the house."""
