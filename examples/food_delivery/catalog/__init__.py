"""Restaurants, their menus, and what is on stock."""
