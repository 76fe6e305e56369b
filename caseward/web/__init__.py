"""Pages: urls, forms, views, templates and static files. Decides nothing; calls one verb and shows."""
