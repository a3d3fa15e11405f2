"""The only rooms-in-order code: each module walks one step of a story and
opens and ends its transactions.

No transaction is open across a network call. What could be a pure function
lives in a room, not here.
"""
