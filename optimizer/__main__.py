"""`python -m optimizer VERB` is `buildplan VERB`."""

from optimizer.cli import main

if __name__ == "__main__":
    main()
