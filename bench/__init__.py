"""The measurements of ``make bench``: each in a module of its own, every figure beside that of a bare alternative."""
