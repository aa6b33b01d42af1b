"""Couriers, the streets of the city, and where an order is right now."""
