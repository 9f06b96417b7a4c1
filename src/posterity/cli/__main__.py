"""python -m posterity.cli, the same as the command posterity."""

from posterity.cli import main

main()
