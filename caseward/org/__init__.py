"""Who we are: regions, sites, vendors, lines of business, teams, staff, and what they may see.

Also owns saying who acts (`acting`), which decides the rows PostgreSQL shows.
"""
