"""A case as one file, to be judged again elsewhere: written by `pack`, read by `unpack` as what a stranger sends."""
