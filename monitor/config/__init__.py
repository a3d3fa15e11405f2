"""What people set: the environment as `Settings`, `feeds.yaml` as a `Catalog`.
The only room that reads either.
"""
