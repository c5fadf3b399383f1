"""One file, one command, found without a list: the file's name is the command's, its docstring the short help."""
