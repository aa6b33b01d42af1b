"""A food-delivery service in one process or many: what a real backend on Vivace and its kit looks like.

    app          the application: parts and features put together
    settings     what the environment says
    parts        what all features share: database, store, cache, limits, channels
    database     what tables have in common
    migrate      the database's schema, brought up to date
    logs         a line of JSON for each request
    errors       what goes wrong, as clients are told
    identity     who somebody is: accounts, roles, and logins by `vivace.kit.auth`
    catalog      restaurants and their menus
    ordering     carts, payments, and an order's way from placed to delivered
    delivery     couriers, the city's streets, and tracking
    recommend    what somebody may like, by a model that knows nothing of the web
    notifications, reporting
    page         the web pages
    seed         a city to begin with
    simulation   people who live in it
    start        how `python -m` starts it; full: with real servers
    audit        what must hold of all orders; load: whether it does, under load
    deploy       containers, Kubernetes, gunicorn, nginx

Each feature is a folder: `routes` knows HTTP and nothing else, `service` does the work, `models` are its tables,
`schemas` what goes over the wire.
"""
