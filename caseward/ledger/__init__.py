"""What happened: append-only and tamper-evident.

Owns events: the timeline of every case, the audit trail, and the source of every metric, in one.
PostgreSQL numbers the events of a case and chains them by hash as they are written; nobody may
change or remove one. Owns no meaning: what a kind of event implies is known by those who record it.
"""
