"""Why an increment gives up."""


class FullBuildNeeded(Exception):  # noqa: N818 - it is an answer, not a mistake
    """An increment would cost more than it saves, or would not give what a full build gives; its text says why."""
