"""Bytes from the network: politely, within limits, to public addresses only.
Never looks inside a body.
"""
