"""``python -m threedates.cli``: the command, where its script is not on the path."""

from threedates.cli.main import main

if __name__ == "__main__":
    main()
