"""The database to be read in a browser: Datasette with our pages, and with nothing on them that a site could notice.

`plugin` is the Datasette plugin (it also serves a plain `datasette findings.db` of the same environment), `serving`
opens the database and listens, `pages` answers, `queries` holds the statements. Nothing here writes.
"""
