"""Pages: urls, forms, views, templates, static files. Decides nothing: calls one verb, shows."""
