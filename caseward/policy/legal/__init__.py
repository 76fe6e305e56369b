"""Legal presets: which law starts which clocks, as versioned data with its source.

They ship switched off and are no legal advice. `data/` holds one file for each jurisdiction.
"""
