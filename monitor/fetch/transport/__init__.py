"""HTTP/1.1 on the wire: addresses, TLS, proxy, codings, bounds."""
