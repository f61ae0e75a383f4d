"""Measures Hearth beside redis-server on one machine. Only the Python standard library is used."""
