"""The desk's memory: what organizers decided, who they are, what went out, what members answered.

The only room that talks to a database. Everything in it takes the instant as an argument.
"""
