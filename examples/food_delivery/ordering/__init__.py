"""Carts, payments, and the way of an order from placed to delivered."""
