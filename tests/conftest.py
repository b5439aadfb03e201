"""Settings for every test."""

from hypothesis import settings

# The same examples on every run, so that what fails once fails again; a busy machine is no reason to fail.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")
