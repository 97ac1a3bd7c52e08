"""What is written of the library for others: the package of an archived volume."""
