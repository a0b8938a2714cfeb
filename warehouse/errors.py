"""The few errors that people see: one sentence each that says what, where and what to do."""


class AftercareError(Exception):
    """A failure whose message is meant for the user as it stands."""


class SettingsError(AftercareError):
    """A setting, file or folder of the installation is wrong."""


class ContractError(AftercareError):
    """A contract or a column of one is not known."""


class MappingError(AftercareError):
    """A mapping file is wrong; nothing was read."""


class ExtractError(AftercareError):
    """One extract cannot be landed; it is refused as a whole."""


class GateError(AftercareError):
    """A gate did not pass; nothing is published."""


class PublishError(AftercareError):
    """The publisher refused or could not finish; readers keep the last build."""


class BuildError(AftercareError):
    """A build that was asked for does not exist or cannot be opened."""


class QueryError(AftercareError):
    """A question to the marts names a KPI, slice, period or filter that does not exist."""


class RefreshError(AftercareError):
    """A refresh stopped; the message names the step and the reason."""
