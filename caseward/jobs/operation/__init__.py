"""An operation as a folder of YAML files: read, checked, compared with the database, applied.

    documents → fields → reading → checking     files become `parts`, or every problem is told
    present                                     the database as the same parts
    differences → applying → writing_…          what differs, made so in one transaction
    exporting                                   parts become files again

Reading needs no database. The format is told by example in `operations/demo`.
"""
