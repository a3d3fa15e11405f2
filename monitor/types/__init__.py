"""What flows between rooms: frozen, slotted dataclasses; aware UTC datetimes;
tuples, not lists.

What the feed said (`feed`), what people configured (`catalog`), what we
remember and write (`state`), what the network answered (`web`) and what goes
out (`output`) are separate modules: never one wide type. Nothing here does
I/O.
"""
