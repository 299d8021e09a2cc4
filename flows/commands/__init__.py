"""One module a command: parsed arguments in, an exit status out."""
