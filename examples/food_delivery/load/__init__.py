"""Hundreds of customers order for minutes in the full setting, while servers are killed; then everything is counted.

people      a customer: looks around, orders, follows the order to its end
customers   all of them, in a process of their own
life        kitchens and couriers, in another
city        accounts, couriers and stock for so many
outages     what is killed, and when
usage       what CPU time each process has taken
report      what is said of it

`python -m examples.food_delivery.load`, needs `vivace[test]`; with `vivace[examples-models]` recommendations are by
taste.
"""
