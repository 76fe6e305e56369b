"""The lead's page: figures, charts and a breakdown, each number opening into its cases."""
