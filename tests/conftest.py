"""For all tests: hypothesis without deadlines, and the same examples every time."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60, database=None)
settings.load_profile("steady")
