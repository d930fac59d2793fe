"""The contracts: what goes in, what is kept, what goes out. Imports nothing else of ours."""
