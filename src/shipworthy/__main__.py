"""`python -m shipworthy`."""

from shipworthy.cli.main import main

if __name__ == "__main__":
    main()
