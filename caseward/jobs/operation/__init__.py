"""An operation as a folder of YAML files: read, checked, and compared with the database.

`reading.read_operation(folder)` gives the whole folder as frozen `parts`, or raises
`problems.OperationInvalid` with every problem found, each with its file and line.
Reading needs no database; what the files mean to one is decided elsewhere in this package.
"""
